// Days and times as people type and read them. Times without a zone are Dutch ones, or those of the
// environment's TZ.
#pragma once

#include <google/protobuf/timestamp.pb.h>

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/cli/words.h"
#include "google/type/date.pb.h"

namespace omzien::cli {

// "2026-11-26", also as it is written in the Netherlands: "26-11-2026". INVALID_ARGUMENT: neither.
absl::StatusOr<google::type::Date> ParseDay(const std::string& text, Lang lang);

// "2026-11-26 14:00", "2026-11-26T14:00", a whole RFC 3339 time, or a day (its first instant); days
// as ParseDay takes them.
absl::StatusOr<google::protobuf::Timestamp> ParseTime(const std::string& text, Lang lang);

google::protobuf::Timestamp ToTimestamp(absl::Time time);

// "2026-11-26 14:00"; empty when unset.
std::string TimeText(const google::protobuf::Timestamp& time);
// A deadline, which ends at midnight: the last day for it, "27-11-2026" in Dutch. With its time
// where it ends within a day.
std::string DeadlineText(const google::protobuf::Timestamp& time, Lang lang);
// "2026-11-26"; empty when unset.
std::string DayText(const google::type::Date& day);

}  // namespace omzien::cli
