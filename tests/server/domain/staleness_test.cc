#include "server/domain/staleness.h"

#include <optional>

#include "gtest/gtest.h"
#include "server/domain/days.h"

namespace omzien::domain {
namespace {

constexpr absl::CivilDay kReviewed(2026, 1, 10);

v1::Municipality Municipality(uint32_t stale_after_days, uint32_t stop_matching_after_days) {
  v1::Municipality municipality;
  municipality.set_stale_after_days(stale_after_days);
  municipality.set_stop_matching_after_days(stop_matching_after_days);
  return municipality;
}

v1::Offer Reviewed(std::optional<absl::CivilDay> day) {
  v1::Offer offer;
  if (day.has_value()) *offer.mutable_reviewed_on() = DateOfDay(*day);
  return offer;
}

TEST(Staleness, FollowsFromTheDayOfReview) {
  const struct {
    uint32_t stale_after_days, stop_matching_after_days;
    std::optional<absl::CivilDay> reviewed_on;
    int days_later;
    Freshness freshness;
  } kCases[] = {
      {0, 0, kReviewed, 5000, Freshness::kFresh},
      {0, 0, std::nullopt, 0, Freshness::kFresh},
      {100, 0, kReviewed, 100, Freshness::kFresh},
      {100, 0, kReviewed, 101, Freshness::kStale},
      {100, 0, kReviewed, 5000, Freshness::kStale},
      {100, 0, kReviewed, -10, Freshness::kFresh},
      {100, 200, kReviewed, 200, Freshness::kStale},
      {100, 200, kReviewed, 201, Freshness::kStopped},
      {100, 100, kReviewed, 101, Freshness::kStopped},
      {100, 200, std::nullopt, 5000, Freshness::kStale},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(FreshnessOf(Municipality(c.stale_after_days, c.stop_matching_after_days),
                          Reviewed(c.reviewed_on), kReviewed + c.days_later),
              c.freshness)
        << c.stale_after_days << " " << c.stop_matching_after_days << " " << c.days_later;
  }
}

TEST(Staleness, StopsOnTheFirstDayThatDoesNotMatch) {
  const v1::Municipality municipality = Municipality(100, 200);
  const v1::Offer offer = Reviewed(kReviewed);
  const auto day = StopsMatchingOn(municipality, offer);
  ASSERT_TRUE(day.has_value());
  EXPECT_EQ(FreshnessOf(municipality, offer, *day), Freshness::kStopped);
  EXPECT_EQ(FreshnessOf(municipality, offer, *day - 1), Freshness::kStale);
  EXPECT_EQ(StopsMatchingOn(Municipality(100, 0), offer), std::nullopt);
  EXPECT_EQ(StopsMatchingOn(municipality, Reviewed(std::nullopt)), std::nullopt);
}

}  // namespace
}  // namespace omzien::domain
