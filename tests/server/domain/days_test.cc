#include "server/domain/days.h"

#include <string>

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace omzien::domain {
namespace {

absl::TimeZone Amsterdam() {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone("Europe/Amsterdam", &zone));
  return zone;
}

google::type::Date Date(int year, int month, int day) {
  google::type::Date date;
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
  return date;
}

TEST(Days, OnlyFullDaysThatExistAreDays) {
  const struct {
    int year, month, day;
    bool exists;
  } kCases[] = {
      {2026, 2, 28, true},           {2026, 2, 29, false},
      {2028, 2, 29, true},           {2026, 2, 31, false},
      {2026, 4, 31, false},          {2026, 0, 1, false},
      {2026, 1, 0, false},           {0, 1, 1, false},
      {2026, 13, 1, false},          {2026, 1, -1, false},
      {1899, 12, 31, false},         {1900, 1, 1, true},
      {2999, 12, 31, true},          {3000, 1, 1, false},
      {2147483647, 1, 1, false},     {2026, 2147483647, 1, false},
      {2026, 1, -2147483647, false},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(DayOfDate(Date(c.year, c.month, c.day)).has_value(), c.exists)
        << c.year << "-" << c.month << "-" << c.day;
  }
}

TEST(Days, DatesAndNumbersGiveTheDayBack) {
  for (const absl::CivilDay day : {absl::CivilDay(1969, 12, 31), absl::CivilDay(1970, 1, 1),
                                   absl::CivilDay(2026, 11, 22), absl::CivilDay(2028, 2, 29)}) {
    EXPECT_EQ(DayOfDate(DateOfDay(day)), day);
    EXPECT_EQ(DayOfNumber(DayNumber(day)), day);
  }
  EXPECT_EQ(DayNumber(absl::CivilDay(1970, 1, 1)), 0);
  EXPECT_EQ(DayNumber(absl::CivilDay(2026, 11, 22)), 20779);
}

TEST(Days, ADayEndsWhenTheNextBegins) {
  const absl::TimeZone zone = Amsterdam();
  const struct {
    absl::CivilDay day;
    std::string end_utc;
    int hours;
  } kCases[] = {
      {absl::CivilDay(2026, 3, 28), "2026-03-28T23:00:00+00:00", 24},
      {absl::CivilDay(2026, 3, 29), "2026-03-29T22:00:00+00:00", 23},
      {absl::CivilDay(2026, 10, 24), "2026-10-24T22:00:00+00:00", 24},
      {absl::CivilDay(2026, 10, 25), "2026-10-25T23:00:00+00:00", 25},
  };
  for (const auto& c : kCases) {
    const absl::Time end = EndOfDay(c.day, zone);
    EXPECT_EQ(absl::FormatTime(absl::RFC3339_full, end, absl::UTCTimeZone()), c.end_utc);
    EXPECT_EQ(end - EndOfDay(c.day - 1, zone), absl::Hours(c.hours));
    EXPECT_EQ(Today(end - absl::Nanoseconds(1), zone), c.day);
    EXPECT_EQ(Today(end, zone), c.day + 1);
  }
}

TEST(Days, TodayIsTheMunicipalitysDayNotUtcs) {
  const absl::Time moment = absl::FromUnixSeconds(1795388400);  // 2026-11-22T23:00:00Z
  EXPECT_EQ(Today(moment, Amsterdam()), absl::CivilDay(2026, 11, 23));
  EXPECT_EQ(Today(moment, absl::UTCTimeZone()), absl::CivilDay(2026, 11, 22));
}

}  // namespace
}  // namespace omzien::domain
