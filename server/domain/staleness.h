// When an offer's record is too old to rest on: nobody confirmed for so long that it still is so.
// Which age that is, the municipality sets; days are its own.
//
// Pure; may be called from any thread.

#ifndef OMZIEN_SERVER_DOMAIN_STALENESS_H_
#define OMZIEN_SERVER_DOMAIN_STALENESS_H_

#include <optional>

#include "absl/time/civil_time.h"
#include "omzien/v1/catalog.pb.h"

namespace omzien::domain {

enum class Freshness {
  kFresh,
  // It goes after what is fresh. So does what was never confirmed, where the municipality looks at
  // this at all.
  kStale,
  // It doesn't match any more, until someone confirms it.
  kStopped,
};

Freshness FreshnessOf(const v1::Municipality& municipality, const v1::Offer& offer,
                      absl::CivilDay day);

// The first day on which it doesn't match any more. nullopt: it won't stop by itself, because the
// municipality doesn't want that, or because nobody ever confirmed it: there is no day to count
// from.
std::optional<absl::CivilDay> StopsMatchingOn(const v1::Municipality& municipality,
                                              const v1::Offer& offer);

// Whether a capacity can be rested on: assured not longer ago than a record may be confirmed.
bool IsAssured(const v1::Municipality& municipality, const v1::GroupCapacity& capacity,
               absl::CivilDay day);

}  // namespace omzien::domain

#endif  // OMZIEN_SERVER_DOMAIN_STALENESS_H_
