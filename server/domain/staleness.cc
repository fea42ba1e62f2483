#include "server/domain/staleness.h"

#include "server/domain/days.h"

namespace omzien::domain {

Freshness FreshnessOf(const v1::Municipality& municipality, const v1::Offer& offer,
                      absl::CivilDay day) {
  if (municipality.stale_after_days() == 0) return Freshness::kFresh;
  const auto stops_on = StopsMatchingOn(municipality, offer);
  if (stops_on.has_value() && *stops_on <= day) return Freshness::kStopped;
  const auto reviewed_on = DayOfDate(offer.reviewed_on());
  const bool fresh =
      reviewed_on.has_value() && day <= *reviewed_on + municipality.stale_after_days();
  return fresh ? Freshness::kFresh : Freshness::kStale;
}

std::optional<absl::CivilDay> StopsMatchingOn(const v1::Municipality& municipality,
                                              const v1::Offer& offer) {
  const auto reviewed_on = DayOfDate(offer.reviewed_on());
  if (municipality.stop_matching_after_days() == 0 || !reviewed_on.has_value()) return std::nullopt;
  return *reviewed_on + municipality.stop_matching_after_days() + 1;
}

bool IsAssured(const v1::Municipality& municipality, const v1::GroupCapacity& capacity,
               absl::CivilDay day) {
  if (municipality.stale_after_days() == 0) return true;
  const auto assured_on = DayOfDate(capacity.assured_on());
  return assured_on.has_value() && day <= *assured_on + municipality.stale_after_days();
}

}  // namespace omzien::domain
