// Deadlines: whole days, ending at midnight where the municipality is (Deadlines in
// catalog_service.proto). Stored in UTC, computed here. Pure; may be called from any thread.

#ifndef OMZIEN_SERVER_DOMAIN_DEADLINES_H_
#define OMZIEN_SERVER_DOMAIN_DEADLINES_H_

#include <cstdint>

#include "absl/time/time.h"
#include "server/domain/days.h"

namespace omzien::domain {

// The end of the last of `days` whole days after the day on which `from` falls; with 0 days the end
// of that day itself. The moment itself is too late: something is overdue when `now >= deadline`.
inline absl::Time DeadlineAfter(absl::Time from, uint32_t days, const absl::TimeZone& zone) {
  return EndOfDay(Today(from, zone) + days, zone);
}

}  // namespace omzien::domain

#endif  // OMZIEN_SERVER_DOMAIN_DEADLINES_H_
