#include "server/domain/days.h"

namespace omzien::domain {

namespace {

constexpr absl::CivilDay kEpoch(1970, 1, 1);

}  // namespace

std::optional<absl::CivilDay> DayOfDate(const google::type::Date& date) {
  if (date.year() < kFirstYear || date.year() > kLastYear) return std::nullopt;
  const absl::CivilDay day(date.year(), date.month(), date.day());
  // CivilDay carries 31 February over to 3 March: only a day that stays itself exists.
  if (day.year() != date.year() || day.month() != date.month() || day.day() != date.day()) {
    return std::nullopt;
  }
  return day;
}

google::type::Date DateOfDay(absl::CivilDay day) {
  google::type::Date date;
  date.set_year(static_cast<int32_t>(day.year()));
  date.set_month(day.month());
  date.set_day(day.day());
  return date;
}

int32_t DayNumber(absl::CivilDay day) { return static_cast<int32_t>(day - kEpoch); }

absl::CivilDay DayOfNumber(int32_t number) { return kEpoch + number; }

absl::CivilDay Today(absl::Time now, const absl::TimeZone& zone) {
  return absl::ToCivilDay(now, zone);
}

absl::Time EndOfDay(absl::CivilDay day, const absl::TimeZone& zone) {
  return absl::FromCivil(day + 1, zone);
}

}  // namespace omzien::domain
