#include "server/rpc/in_flight.h"

#include <gtest/gtest.h>

#include "server/domain/errors.h"

namespace omzien::rpc {
namespace {

TEST(InFlight, RefusesOneMoreThanTheLimit) {
  InFlight calls(2);
  EXPECT_TRUE(calls.Enter().ok());
  EXPECT_TRUE(calls.Enter().ok());
  const absl::Status third = calls.Enter();
  EXPECT_EQ(third.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(domain::ReasonOf(third), "OVERLOADED");
  calls.Leave();
  calls.Leave();
  EXPECT_TRUE(calls.Enter().ok());
}

TEST(InFlight, StopTellsThoseWhoAskedAndRefusesTheRest) {
  InFlight calls(10);
  int told = 0;
  ASSERT_TRUE(calls.Enter().ok());
  calls.OnStop([&] { told += 1; });
  const uint64_t forgotten = calls.OnStop([&] { told += 10; });
  calls.Forget(forgotten);
  calls.Stop();
  EXPECT_EQ(told, 1);
  calls.OnStop([&] { told += 100; });
  EXPECT_EQ(told, 101);
  calls.Stop();
  EXPECT_EQ(told, 101);
  const absl::Status late = calls.Enter();
  EXPECT_EQ(late.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(domain::ReasonOf(late), "STOPPING");
}

TEST(InFlight, WaitsForThoseInside) {
  InFlight calls(10);
  EXPECT_TRUE(calls.WaitUntilNone(absl::ZeroDuration()));
  ASSERT_TRUE(calls.Enter().ok());
  EXPECT_FALSE(calls.WaitUntilNone(absl::ZeroDuration()));
  calls.Leave();
  EXPECT_TRUE(calls.WaitUntilNone(absl::ZeroDuration()));
}

}  // namespace
}  // namespace omzien::rpc
