// Between the contract's times and Abseil's. Pure; any thread.

#ifndef OMZIEN_SERVER_DOMAIN_TIMES_H_
#define OMZIEN_SERVER_DOMAIN_TIMES_H_

#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"

namespace omzien::domain {

inline absl::Time TimeOf(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) + absl::Nanoseconds(timestamp.nanos());
}

// `time` must lie between the years 1 and 9999. What is finer than a nanosecond is dropped.
inline google::protobuf::Timestamp TimestampOf(absl::Time time) {
  google::protobuf::Timestamp timestamp;
  const int64_t seconds = absl::ToUnixSeconds(time);
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
  return timestamp;
}

}  // namespace omzien::domain

#endif  // OMZIEN_SERVER_DOMAIN_TIMES_H_
