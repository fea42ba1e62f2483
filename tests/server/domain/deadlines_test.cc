#include "server/domain/deadlines.h"

#include <string>

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace omzien::domain {
namespace {

TEST(Deadlines, AreTheEndOfTheLastWholeDay) {
  absl::TimeZone zone;
  ASSERT_TRUE(absl::LoadTimeZone("Europe/Amsterdam", &zone));
  const struct {
    std::string from;
    uint32_t days;
    std::string deadline;
  } kCases[] = {
      {"2026-11-22T12:00:00+01:00", 0, "2026-11-23T00:00:00+01:00"},
      {"2026-11-22T12:00:00+01:00", 1, "2026-11-24T00:00:00+01:00"},
      {"2026-11-22T00:00:00+01:00", 2, "2026-11-25T00:00:00+01:00"},
      {"2026-11-22T23:59:59+01:00", 2, "2026-11-25T00:00:00+01:00"},
      // 23:30 in UTC is the next day already in the municipality.
      {"2026-11-22T23:30:00+00:00", 2, "2026-11-26T00:00:00+01:00"},
      // Over the night that loses an hour, and the one that gains one.
      {"2026-03-28T12:00:00+01:00", 1, "2026-03-30T00:00:00+02:00"},
      {"2026-03-29T01:59:59+01:00", 0, "2026-03-30T00:00:00+02:00"},
      {"2026-03-29T03:00:00+02:00", 0, "2026-03-30T00:00:00+02:00"},
      {"2026-10-24T23:59:59+02:00", 1, "2026-10-26T00:00:00+01:00"},
      {"2026-10-25T02:30:00+02:00", 0, "2026-10-26T00:00:00+01:00"},
      {"2026-10-25T02:30:00+01:00", 0, "2026-10-26T00:00:00+01:00"},
      {"2026-12-31T12:00:00+01:00", 3650, "2036-12-29T00:00:00+01:00"},
  };
  for (const auto& c : kCases) {
    absl::Time from;
    ASSERT_TRUE(absl::ParseTime(absl::RFC3339_full, c.from, &from, nullptr));
    EXPECT_EQ(absl::FormatTime(absl::RFC3339_full, DeadlineAfter(from, c.days, zone), zone),
              c.deadline)
        << c.from << " + " << c.days;
  }
}

}  // namespace
}  // namespace omzien::domain
