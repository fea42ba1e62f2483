#include "server/domain/recurrence.h"

#include <optional>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "server/domain/days.h"

namespace omzien::domain {
namespace {

using Day = absl::CivilDay;

v1::Recurrence* Add(v1::Offer& offer, Day first, const std::string& rule,
                    const std::vector<Day>& except = {}) {
  v1::Recurrence* const recurrence = offer.add_schedule();
  *recurrence->mutable_first_day() = DateOfDay(first);
  recurrence->set_rule(rule);
  for (const Day day : except) *recurrence->add_except() = DateOfDay(day);
  return recurrence;
}

void AddAbsence(v1::Offer& offer, Day from, Day until) {
  v1::Absence* const absence = offer.add_absences();
  *absence->mutable_from() = DateOfDay(from);
  *absence->mutable_until() = DateOfDay(until);
}

// The next days of an offer with one rule, one after the other.
std::vector<Day> DaysOf(Day first, const std::string& rule, Day from, size_t count,
                        const std::vector<Day>& except = {}) {
  v1::Offer offer;
  Add(offer, first, rule, except);
  const NextDays days;
  std::vector<Day> found;
  while (found.size() < count) {
    const auto next = days.From(offer, from);
    if (!next.has_value()) break;
    found.push_back(*next);
    from = *next + 1;
  }
  return found;
}

// 6 January 2026 is a Tuesday.
constexpr Day kTuesday(2026, 1, 6);

TEST(Recurrence, NamesTheNextDays) {
  const struct {
    Day first;
    std::string rule;
    Day from;
    std::vector<Day> days;
  } kCases[] = {
      {kTuesday, "", Day(2026, 1, 1), {kTuesday}},
      {kTuesday, "", Day(2026, 1, 7), {}},
      {kTuesday, "FREQ=DAILY", kTuesday, {kTuesday, Day(2026, 1, 7), Day(2026, 1, 8)}},
      {kTuesday, "FREQ=DAILY;INTERVAL=3", Day(2026, 1, 7), {Day(2026, 1, 9), Day(2026, 1, 12)}},
      {kTuesday, "FREQ=WEEKLY", Day(2026, 11, 22), {Day(2026, 11, 24), Day(2026, 12, 1)}},
      {kTuesday,
       "FREQ=WEEKLY;BYDAY=TU,FR",
       Day(2026, 11, 25),
       {Day(2026, 11, 27), Day(2026, 12, 1)}},
      // Every other week is counted from the first day's, wherever one begins to look.
      {kTuesday, "FREQ=WEEKLY;INTERVAL=2", Day(2026, 1, 7), {Day(2026, 1, 20), Day(2026, 2, 3)}},
      {kTuesday, "FREQ=WEEKLY;INTERVAL=2", Day(2026, 11, 11), {Day(2026, 11, 24)}},
      {kTuesday, "FREQ=WEEKLY;BYDAY=TU;BYMONTH=1,2", Day(2026, 2, 25), {Day(2027, 1, 5)}},
      {Day(2026, 1, 13), "FREQ=MONTHLY;BYDAY=2TU", Day(2026, 11, 11), {Day(2026, 12, 8)}},
      {Day(2026, 1, 25), "FREQ=MONTHLY;BYDAY=-1SU", Day(2026, 11, 22), {Day(2026, 11, 29)}},
      {Day(2026, 1, 31), "FREQ=MONTHLY;BYMONTHDAY=-1", Day(2026, 2, 1), {Day(2026, 2, 28)}},
      {Day(2026, 1, 31), "FREQ=MONTHLY", Day(2026, 2, 1), {Day(2026, 3, 31)}},
      {Day(2026, 10, 1),
       "FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=1",
       Day(2026, 11, 22),
       {Day(2027, 10, 1)}},
      {kTuesday, "FREQ=WEEKLY;COUNT=2", kTuesday, {kTuesday, Day(2026, 1, 13)}},
      {kTuesday, "FREQ=WEEKLY;COUNT=2", Day(2026, 1, 14), {}},
      {kTuesday, "FREQ=WEEKLY;UNTIL=20260113", kTuesday, {kTuesday, Day(2026, 1, 13)}},
      {kTuesday, "FREQ=WEEKLY;UNTIL=20260112", Day(2026, 1, 7), {}},
      // Further ahead than anyone looks.
      {Day(2024, 2, 29), "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", Day(2026, 1, 1), {}},
      {kTuesday, "FREQ=DAILY", Day(1999, 12, 31), {}},
      {kTuesday, "FREQ=DAILY", Day(2999, 1, 1), {}},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(DaysOf(c.first, c.rule, c.from, std::max<size_t>(c.days.size(), 1)), c.days)
        << c.rule << " from " << absl::FormatCivilTime(c.from);
  }
}

TEST(Recurrence, LeavesOutTheDaysThatAreNamed) {
  EXPECT_EQ(DaysOf(kTuesday, "FREQ=WEEKLY", kTuesday, 2, {kTuesday, Day(2026, 1, 20)}),
            (std::vector<Day>{Day(2026, 1, 13), Day(2026, 1, 27)}));
  EXPECT_EQ(DaysOf(kTuesday, "", kTuesday, 1, {kTuesday}), std::vector<Day>());
}

TEST(Recurrence, TheFirstOfSeveralCountsAndNotInAnAbsence) {
  v1::Offer offer;
  Add(offer, kTuesday, "FREQ=WEEKLY");
  Add(offer, Day(2026, 1, 8), "FREQ=MONTHLY");
  AddAbsence(offer, Day(2026, 2, 1), Day(2026, 2, 14));
  AddAbsence(offer, Day(2026, 2, 15), Day(2026, 2, 28));
  const NextDays days;
  EXPECT_EQ(days.From(offer, Day(2026, 1, 7)), Day(2026, 1, 8));
  EXPECT_EQ(days.From(offer, Day(2026, 1, 9)), Day(2026, 1, 13));
  EXPECT_EQ(days.From(offer, Day(2026, 1, 28)), Day(2026, 3, 3));
  EXPECT_EQ(days.From(offer, Day(2026, 2, 20)), Day(2026, 3, 3));
  // Whatever was asked before.
  EXPECT_EQ(days.From(offer, Day(2026, 1, 7)), Day(2026, 1, 8));
}

TEST(Absences, LastUntilTheDayAfterTheirLast) {
  v1::Offer offer;
  EXPECT_EQ(BackOn(offer, Day(2026, 7, 1)), std::nullopt);
  AddAbsence(offer, Day(2026, 8, 1), Day(2026, 8, 15));
  AddAbsence(offer, Day(2026, 7, 10), Day(2026, 7, 31));
  const struct {
    Day day;
    std::optional<Day> back_on;
  } kCases[] = {
      {Day(2026, 7, 9), std::nullopt},      {Day(2026, 7, 10), Day(2026, 8, 16)},
      {Day(2026, 7, 31), Day(2026, 8, 16)}, {Day(2026, 8, 15), Day(2026, 8, 16)},
      {Day(2026, 8, 16), std::nullopt},
  };
  for (const auto& c : kCases) EXPECT_EQ(BackOn(offer, c.day), c.back_on);
}

TEST(Rules, SayWhatIsWrongWithThem) {
  const struct {
    std::string rule, wrong;
  } kCases[] = {
      {"", ""},
      {"FREQ=WEEKLY;BYDAY=MO,TU;WKST=SU;INTERVAL=2;UNTIL=20261231", ""},
      {"FREQ=MONTHLY;BYDAY=1TU;COUNT=100", ""},
      {"FREQ=MONTHLY;BYDAY=-4TU", ""},
      {"FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=6,-1", ""},
      {"BYDAY=TU", "FREQ is required"},
      {"FREQ=SECONDLY", "FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY"},
      {"FREQ=HOURLY", "FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY"},
      {"freq=weekly",
       "may only have FREQ, INTERVAL, COUNT, UNTIL, BYDAY, BYMONTHDAY, BYMONTH and WKST"},
      {"FREQ=DAILY;BYSECOND=1",
       "may only have FREQ, INTERVAL, COUNT, UNTIL, BYDAY, BYMONTHDAY, BYMONTH and WKST"},
      {"FREQ=MONTHLY;BYDAY=TU;BYSETPOS=1",
       "may only have FREQ, INTERVAL, COUNT, UNTIL, BYDAY, BYMONTHDAY, BYMONTH and WKST"},
      {"FREQ=WEEKLY;",
       "may only have FREQ, INTERVAL, COUNT, UNTIL, BYDAY, BYMONTHDAY, BYMONTH and WKST"},
      {"FREQ=WEEKLY;FREQ=DAILY", "names a part twice"},
      {"FREQ=WEEKLY;INTERVAL=0", "INTERVAL must be from 1 to 52"},
      {"FREQ=WEEKLY;INTERVAL=53", "INTERVAL must be from 1 to 52"},
      {"FREQ=WEEKLY;INTERVAL= 2", "INTERVAL must be from 1 to 52"},
      {"FREQ=WEEKLY;INTERVAL=99999999999", "INTERVAL must be from 1 to 52"},
      {"FREQ=WEEKLY;COUNT=101", "COUNT must be from 1 to 100"},
      {"FREQ=WEEKLY;COUNT=1;UNTIL=20270101", "has both COUNT and UNTIL"},
      {"FREQ=WEEKLY;UNTIL=20260230", "UNTIL must be a day that exists, like 20261231"},
      {"FREQ=WEEKLY;UNTIL=20261231T000000Z", "UNTIL must be a day that exists, like 20261231"},
      {"FREQ=WEEKLY;UNTIL=20260105", "UNTIL lies before the first day"},
      {"FREQ=WEEKLY;BYDAY=XX", "BYDAY must name days of the week, like TU or 2TU"},
      {"FREQ=WEEKLY;BYDAY=", "BYDAY must name days of the week, like TU or 2TU"},
      {"FREQ=WEEKLY;BYDAY=1TU", "WEEKLY names days of the week without a number"},
      {"FREQ=MONTHLY;BYDAY=6TU", "BYDAY's number must be from -5 to 5"},
      {"FREQ=MONTHLY;BYDAY=0TU", "BYDAY's number can't be 0"},
      {"FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY must be from -31 to 31"},
      {"FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY has no day 0"},
      {"FREQ=MONTHLY;BYMONTH=13", "BYMONTH must be from 1 to 12"},
      {"FREQ=DAILY;BYDAY=TU", "DAILY goes without BYDAY, BYMONTHDAY and BYMONTH"},
      {"FREQ=WEEKLY;BYMONTHDAY=6", "WEEKLY goes without BYMONTHDAY"},
      {"FREQ=YEARLY;BYDAY=1TU", "YEARLY with BYDAY or BYMONTHDAY needs BYMONTH"},
      {"FREQ=WEEKLY;WKST=XX", "WKST must be a day of the week, like MO"},
      // What never was, never comes: 30 February, or Tuesdays from a Monday in steps of a week.
      {"FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", "doesn't choose the first day"},
      {"FREQ=WEEKLY;BYDAY=MO", "doesn't choose the first day"},
      {"FREQ=MONTHLY;BYDAY=2TU", "doesn't choose the first day"},
  };
  for (const auto& c : kCases) EXPECT_EQ(WhatIsWrongWithRule(c.rule, kTuesday), c.wrong) << c.rule;
}

}  // namespace
}  // namespace omzien::domain
