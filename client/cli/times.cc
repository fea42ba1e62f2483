#include "client/cli/times.h"

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace omzien::cli {
namespace {

// Deadlines end at midnight where the municipality is. Machines of partners often keep UTC, and
// there a deadline would read as eleven in the evening.
const absl::TimeZone& Zone() {
  static const absl::TimeZone zone = [] {
    absl::TimeZone dutch;
    const bool chosen = std::getenv("TZ") != nullptr;
    if (!chosen && absl::LoadTimeZone("Europe/Amsterdam", &dutch)) return dutch;
    return absl::LocalTimeZone();
  }();
  return zone;
}

}  // namespace

absl::StatusOr<google::type::Date> ParseDay(const std::string& text, Lang lang) {
  for (const char* format : {"%Y-%m-%d", "%d-%m-%Y"}) {
    absl::Time time;
    std::string error;
    if (!absl::ParseTime(format, text, absl::UTCTimeZone(), &time, &error)) continue;
    const absl::CivilDay day = absl::ToCivilDay(time, absl::UTCTimeZone());
    if (day.year() < 1900 || day.year() > 9999) continue;
    google::type::Date date;
    date.set_year(static_cast<int>(day.year()));
    date.set_month(day.month());
    date.set_day(day.day());
    return date;
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "'", text, "' ", Say(lang, "is geen dag, zoals 2026-11-26", "is no day, like 2026-11-26")));
}

absl::StatusOr<google::protobuf::Timestamp> ParseTime(const std::string& text, Lang lang) {
  for (const char* format : {"%Y-%m-%dT%H:%M:%E*S%Ez", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M",
                             "%Y-%m-%d %H:%M:%S", "%Y-%m-%d", "%d-%m-%Y %H:%M", "%d-%m-%Y"}) {
    absl::Time time;
    std::string error;
    if (absl::ParseTime(format, text, Zone(), &time, &error)) {
      return ToTimestamp(time);
    }
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "'", text, "' ",
      Say(lang, "is geen tijd, zoals '2026-11-26 14:00'", "is no time, like '2026-11-26 14:00'")));
}

google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  const timespec spec = absl::ToTimespec(time);
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(spec.tv_sec);
  timestamp.set_nanos(static_cast<int32_t>(spec.tv_nsec));
  return timestamp;
}

std::string TimeText(const google::protobuf::Timestamp& time) {
  if (time.seconds() == 0 && time.nanos() == 0) return "";
  return absl::FormatTime("%Y-%m-%d %H:%M", absl::FromUnixSeconds(time.seconds()), Zone());
}

std::string DeadlineText(const google::protobuf::Timestamp& time, Lang lang) {
  if (time.seconds() == 0 && time.nanos() == 0) return "";
  const absl::Time end = absl::FromUnixSeconds(time.seconds());
  const bool midnight =
      absl::ToCivilSecond(end, Zone()) == absl::CivilSecond(absl::ToCivilDay(end, Zone()));
  const std::string day = lang == Lang::kDutch ? "%d-%m-%Y" : "%Y-%m-%d";
  return absl::FormatTime(midnight ? day : day + " %H:%M", midnight ? end - absl::Seconds(1) : end,
                          Zone());
}

std::string DayText(const google::type::Date& day) {
  return day.year() == 0 ? ""
                         : absl::StrFormat("%04d-%02d-%02d", day.year(), day.month(), day.day());
}

}  // namespace omzien::cli
