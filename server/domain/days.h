// Days and the moments they end. A day is a civil day in a municipality's time zone; a moment is
// an absl::Time. All functions are pure and may be called from any thread.

#ifndef OMZIEN_SERVER_DOMAIN_DAYS_H_
#define OMZIEN_SERVER_DOMAIN_DAYS_H_

#include <cstdint>
#include <optional>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "google/type/date.pb.h"

namespace omzien::domain {

// Years a date may lie in. Bounded so that no arithmetic on days can overflow.
inline constexpr int kFirstYear = 1900;
inline constexpr int kLastYear = 2999;

// nullopt unless year, month and day are all given and name a day that exists (not 31 February)
// within the years above.
std::optional<absl::CivilDay> DayOfDate(const google::type::Date& date);
google::type::Date DateOfDay(absl::CivilDay day);

// Days since 1970-01-01, as records keep them.
int32_t DayNumber(absl::CivilDay day);
absl::CivilDay DayOfNumber(int32_t number);

// The day it is at that moment there.
absl::CivilDay Today(absl::Time now, const absl::TimeZone& zone);

// The first moment that is no longer on that day: the start of the next civil day, however many
// hours the clock's change gives the day.
absl::Time EndOfDay(absl::CivilDay day, const absl::TimeZone& zone);

}  // namespace omzien::domain

#endif  // OMZIEN_SERVER_DOMAIN_DAYS_H_
