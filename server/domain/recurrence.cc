#include "server/domain/recurrence.h"

#include <libical/ical.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "server/domain/days.h"
#include "server/domain/text.h"

namespace omzien::domain {

namespace {

constexpr int kIntervalMax = 52;
constexpr int kCountMax = 100;

// As RFC 5545 names them, in the order of absl::Weekday.
constexpr std::array<std::string_view, 7> kWeekdays = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};

// "2TU", "-1SU", "MO".
struct WeekdayOfMonth {
  int ordinal = 0;  // 0: every
  absl::Weekday weekday = absl::Weekday::monday;
};

// --- reading a rule ---

// nullopt unless all of it is a number, with a minus or without.
std::optional<int> NumberOf(std::string_view text) {
  int number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && rest == end ? std::optional(number) : std::nullopt;
}

// Reads one rule; the first thing that is wrong with it stays.
class RuleReader {
 public:
  explicit RuleReader(std::string_view rule) {
    for (const std::string_view part : PartsOf(rule, ';')) ReadPart(part);
    if (freq_.empty()) Wrong("FREQ is required");
    if (seen_.contains("COUNT") && seen_.contains("UNTIL")) Wrong("has both COUNT and UNTIL");
    const bool by_day = seen_.contains("BYDAY");
    const bool by_month_day = seen_.contains("BYMONTHDAY");
    const bool by_month = seen_.contains("BYMONTH");
    if (freq_ == "DAILY" && (by_day || by_month_day || by_month)) {
      Wrong("DAILY goes without BYDAY, BYMONTHDAY and BYMONTH");
    }
    if (freq_ == "WEEKLY" && by_month_day) Wrong("WEEKLY goes without BYMONTHDAY");
    if (freq_ == "YEARLY" && (by_day || by_month_day) && !by_month) {
      Wrong("YEARLY with BYDAY or BYMONTHDAY needs BYMONTH");
    }
    if (freq_ == "WEEKLY" && std::ranges::any_of(weekdays_, [](const WeekdayOfMonth& weekday) {
          return weekday.ordinal != 0;
        })) {
      Wrong("WEEKLY names days of the week without a number");
    }
  }

  const std::string& wrong() const { return wrong_; }
  std::optional<absl::CivilDay> until() const { return until_; }

  // Whether the parts that choose days choose this one.
  bool Chooses(absl::CivilDay day) const {
    const absl::CivilMonth month(day);
    const auto last = static_cast<int>(absl::CivilDay(month + 1) - absl::CivilDay(month));
    const auto has = [](const std::vector<int>& values, int value) {
      return std::ranges::find(values, value) != values.end();
    };
    if (!months_.empty() && !has(months_, day.month())) return false;
    if (!month_days_.empty() && !has(month_days_, day.day()) &&
        !has(month_days_, day.day() - last - 1)) {
      return false;
    }
    return weekdays_.empty() || std::ranges::any_of(weekdays_, [&](const WeekdayOfMonth& weekday) {
             if (weekday.weekday != absl::GetWeekday(day)) return false;
             const int from_start = (day.day() - 1) / 7 + 1;
             const int from_end = -((last - day.day()) / 7 + 1);
             return weekday.ordinal == 0 || weekday.ordinal == from_start ||
                    weekday.ordinal == from_end;
           });
  }

 private:
  void Wrong(std::string what) {
    if (wrong_.empty()) wrong_ = std::move(what);
  }

  void ReadPart(std::string_view part) {
    const size_t sign = std::min(part.find('='), part.size());
    const std::string_view name = part.substr(0, sign);
    const std::string_view value = part.substr(std::min(sign + 1, part.size()));
    if (!seen_.insert(std::string(name)).second) return Wrong("names a part twice");
    if (name == "FREQ") {
      freq_ = value;
      if (freq_ != "DAILY" && freq_ != "WEEKLY" && freq_ != "MONTHLY" && freq_ != "YEARLY") {
        Wrong("FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY");
      }
    } else if (name == "INTERVAL") {
      Number(name, value, 1, kIntervalMax);
    } else if (name == "COUNT") {
      Number(name, value, 1, kCountMax);
    } else if (name == "UNTIL") {
      ReadUntil(value);
    } else if (name == "BYMONTH") {
      for (const std::string_view one : PartsOf(value, ',')) {
        months_.push_back(Number(name, one, 1, 12));
      }
    } else if (name == "BYMONTHDAY") {
      for (const std::string_view one : PartsOf(value, ',')) {
        month_days_.push_back(Number(name, one, -31, 31));
        if (month_days_.back() == 0) Wrong("BYMONTHDAY has no day 0");
      }
    } else if (name == "BYDAY") {
      for (const std::string_view one : PartsOf(value, ',')) ReadWeekday(one);
    } else if (name == "WKST") {
      if (std::ranges::find(kWeekdays, value) == kWeekdays.end()) {
        Wrong("WKST must be a day of the week, like MO");
      }
    } else {
      Wrong("may only have FREQ, INTERVAL, COUNT, UNTIL, BYDAY, BYMONTHDAY, BYMONTH and WKST");
    }
  }

  int Number(std::string_view name, std::string_view text, int least, int most) {
    const int number = NumberOf(text).value_or(most + 1);
    if (number < least || number > most) {
      Wrong(Concat(name, " must be from ", least, " to ", most));
    }
    return number;
  }

  void ReadUntil(std::string_view value) {
    google::type::Date date;
    const std::optional<int> number = NumberOf(value);
    if (value.size() == 8 && number.has_value() && *number > 0) {
      date.set_year(*number / 10000);
      date.set_month(*number / 100 % 100);
      date.set_day(*number % 100);
    }
    until_ = DayOfDate(date);
    if (!until_.has_value()) Wrong("UNTIL must be a day that exists, like 20261231");
  }

  void ReadWeekday(std::string_view text) {
    const std::string_view name = text.size() < 2 ? "" : text.substr(text.size() - 2);
    const auto* const weekday = std::ranges::find(kWeekdays, name);
    if (weekday == kWeekdays.end())
      return Wrong("BYDAY must name days of the week, like TU or 2TU");
    WeekdayOfMonth one;
    one.weekday = static_cast<absl::Weekday>(weekday - kWeekdays.begin());
    if (text.size() > 2) {
      one.ordinal = Number("BYDAY's number", text.substr(0, text.size() - 2), -5, 5);
      if (one.ordinal == 0) Wrong("BYDAY's number can't be 0");
    }
    weekdays_.push_back(one);
  }

  std::string wrong_;
  std::set<std::string> seen_;
  std::string_view freq_;
  std::optional<absl::CivilDay> until_;
  std::vector<int> months_, month_days_;
  std::vector<WeekdayOfMonth> weekdays_;
};

// --- the next day ---

icaltimetype IcalDay(absl::CivilDay day) {
  // Not icaltime_null_date(): its hours are -1, which makes the day before of it.
  icaltimetype time = icaltime_null_time();
  time.is_date = 1;
  time.year = static_cast<int>(day.year());
  time.month = day.month();
  time.day = day.day();
  return time;
}

struct FreeIterator {
  void operator()(icalrecur_iterator* iterator) const { icalrecur_iterator_free(iterator); }
};

bool IsExcept(const v1::Recurrence& recurrence, absl::CivilDay day) {
  return std::ranges::any_of(recurrence.except(), [day](const google::type::Date& date) {
    return DayOfDate(date) == day;
  });
}

// The first day from `from` to `until` of a rule that has been checked.
std::optional<absl::CivilDay> NextOf(const v1::Recurrence& recurrence, absl::CivilDay from,
                                     absl::CivilDay until) {
  const absl::CivilDay first = *DayOfDate(recurrence.first_day());
  if (recurrence.rule().empty()) {
    const bool is_next = from <= first && first <= until && !IsExcept(recurrence, first);
    return is_next ? std::optional(first) : std::nullopt;
  }
  icalrecurrencetype rule = icalrecurrencetype_from_string(recurrence.rule().c_str());
  const bool has_ended =
      !icaltime_is_null_time(rule.until) && icaltime_compare(rule.until, IcalDay(from)) < 0;
  if (rule.freq == ICAL_NO_RECURRENCE || has_ended || until < first) return std::nullopt;
  const std::unique_ptr<icalrecur_iterator, FreeIterator> days(
      icalrecur_iterator_new(rule, IcalDay(first)));
  if (days == nullptr) return std::nullopt;
  // What is counted has to be counted from the start; there are at most kCountMax.
  if (rule.count == 0 && first < from) icalrecur_iterator_set_start(days.get(), IcalDay(from));
  while (true) {
    const icaltimetype next = icalrecur_iterator_next(days.get());
    if (icaltime_is_null_time(next)) return std::nullopt;
    const absl::CivilDay day(next.year, next.month, next.day);
    if (until < day) return std::nullopt;
    if (from <= day && !IsExcept(recurrence, day)) return day;
  }
}

// Of all its recurrences, but for days on which nobody is there.
std::optional<absl::CivilDay> NextOf(const v1::Offer& offer, absl::CivilDay from) {
  if (from.year() < kFirstScheduleYear || from.year() > kLastScheduleYear) return std::nullopt;
  const absl::CivilDay until = from + kLookAheadDaysMax;
  // Each round but the last leaves an absence behind.
  for (int round = 0; round <= offer.absences_size(); ++round) {
    std::optional<absl::CivilDay> next;
    for (const v1::Recurrence& recurrence : offer.schedule()) {
      const auto day = NextOf(recurrence, from, next.value_or(until));
      if (day.has_value()) next = day;
    }
    if (!next.has_value()) return std::nullopt;
    const auto back = BackOn(offer, *next);
    if (!back.has_value()) return next;
    if (until < *back) return std::nullopt;
    from = *back;
  }
  return std::nullopt;
}

}  // namespace

std::string WhatIsWrongWithRule(std::string_view rule, absl::CivilDay first_day) {
  if (rule.empty()) return "";
  const RuleReader reader(rule);
  if (!reader.wrong().empty()) return reader.wrong();
  if (!reader.Chooses(first_day)) return "doesn't choose the first day";
  if (reader.until().has_value() && *reader.until() < first_day) {
    return "UNTIL lies before the first day";
  }
  return "";
}

std::optional<absl::CivilDay> BackOn(const v1::Offer& offer, absl::CivilDay day) {
  absl::CivilDay back = day;
  // One absence may begin as another ends; each is left at most once.
  for (int round = 0; round < offer.absences_size(); ++round) {
    const absl::CivilDay before = back;
    for (const v1::Absence& absence : offer.absences()) {
      const auto from = DayOfDate(absence.from());
      const auto until = DayOfDate(absence.until());
      if (from.has_value() && until.has_value() && *from <= back && back <= *until) {
        back = *until + 1;
      }
    }
    if (back == before) break;
  }
  return back == day ? std::nullopt : std::optional(back);
}

std::optional<absl::CivilDay> NextDays::From(const v1::Offer& offer, absl::CivilDay day) const {
  constexpr int32_t kNone = std::numeric_limits<int32_t>::min();
  const int32_t asked = DayNumber(day);
  const uint64_t remembered = remembered_.load(std::memory_order_relaxed);
  if (remembered != 0) {
    const auto from = static_cast<int32_t>(static_cast<uint32_t>(remembered >> 32));
    const auto next = static_cast<int32_t>(static_cast<uint32_t>(remembered));
    if (next == kNone && from == asked) return std::nullopt;
    if (from <= asked && asked <= next) return DayOfNumber(next);
  }
  const std::optional<absl::CivilDay> next = NextOf(offer, day);
  const int32_t answer = next.has_value() ? DayNumber(*next) : kNone;
  remembered_.store(uint64_t{static_cast<uint32_t>(asked)} << 32 | static_cast<uint32_t>(answer),
                    std::memory_order_relaxed);
  return next;
}

}  // namespace omzien::domain
