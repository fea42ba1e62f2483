#include "client/cpp/retry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/cpp/errors.h"
#include "tests/client/cpp/test_clock.h"

namespace omzien::client {
namespace {

using absl::Milliseconds;
using absl::Seconds;
using testing::ElementsAre;

absl::Status WithReason(absl::Status status, const std::string& reason) {
  return WithDetails(std::move(status), {.reason = reason, .metadata = {}, .violations = {}});
}

TEST(RetryTest, OnlyWhatIsSafeAndOfUseIsTriedAgain) {
  const struct {
    absl::Status status;
    bool again;
  } kCases[] = {
      {absl::UnavailableError(""), true},
      {WithReason(absl::UnavailableError(""), "STORE_UNAVAILABLE"), true},
      {WithReason(absl::UnavailableError(""), "STOPPING"), true},
      {WithReason(absl::ResourceExhaustedError(""), "OVERLOADED"), true},
      {WithReason(absl::ResourceExhaustedError(""), "CASE_FULL"), false},
      {absl::ResourceExhaustedError(""), false},
      {WithReason(absl::AbortedError(""), "ETAG_MISMATCH"), false},
      {absl::DeadlineExceededError(""), false},
      {absl::InternalError(""), false},
      {absl::InvalidArgumentError(""), false},
      {absl::PermissionDeniedError(""), false},
      {absl::NotFoundError(""), false},
  };
  for (const auto& c : kCases) EXPECT_EQ(MayRetry(c.status), c.again) << c.status;
}

TEST(RetryTest, WaitsDoubleUpToTheLongestAndAreLongerAfterOverload) {
  TestClock clock;
  const RetryPolicy policy;
  const absl::Status unavailable = absl::UnavailableError("");
  EXPECT_EQ(Backoff(policy, 1, unavailable, clock), Milliseconds(100));
  EXPECT_EQ(Backoff(policy, 2, unavailable, clock), Milliseconds(200));
  EXPECT_EQ(Backoff(policy, 5, unavailable, clock), Milliseconds(1600));
  EXPECT_EQ(Backoff(policy, 1000, unavailable, clock), Seconds(10));
  const absl::Status overloaded = WithReason(absl::ResourceExhaustedError(""), "OVERLOADED");
  EXPECT_EQ(Backoff(policy, 1, overloaded, clock), Seconds(1));
}

TEST(RetryTest, StopsAtSuccess) {
  TestClock clock;
  int calls = 0;
  EXPECT_TRUE(Retry({}, absl::InfiniteFuture(), clock, [&] {
                return ++calls < 3 ? absl::UnavailableError("") : absl::OkStatus();
              }).ok());
  EXPECT_EQ(calls, 3);
  EXPECT_THAT(clock.sleeps(), ElementsAre(Milliseconds(100), Milliseconds(200)));
}

TEST(RetryTest, StopsAtTheNumberOfAttempts) {
  TestClock clock;
  int calls = 0;
  const auto status = Retry({.max_attempts = 4}, absl::InfiniteFuture(), clock, [&] {
    ++calls;
    return absl::UnavailableError("still gone");
  });
  EXPECT_EQ(status.message(), "still gone");
  EXPECT_EQ(calls, 4);
}

TEST(RetryTest, DoesNotStartAWaitThatWouldPassTheDeadline) {
  TestClock clock;
  int calls = 0;
  const absl::Time deadline = clock.Now() + Milliseconds(250);
  const auto status = Retry({}, deadline, clock, [&] {
    ++calls;
    return absl::UnavailableError("");
  });
  EXPECT_TRUE(absl::IsUnavailable(status));
  EXPECT_EQ(calls, 2);
  EXPECT_LE(clock.Now(), deadline);
}

TEST(RetryTest, TheRealClocksChanceLiesBetweenNothingAndOne) {
  for (int i = 0; i < 1000; ++i) {
    const double random = Clock::Real().Random();
    EXPECT_GE(random, 0);
    EXPECT_LT(random, 1);
  }
}

}  // namespace
}  // namespace omzien::client
