#include "server/rpc/read_pool.h"

#include <gtest/gtest.h>

#include <atomic>

#include "absl/synchronization/notification.h"

namespace omzien::rpc {
namespace {

TEST(ReadPool, RefusesWhenTheQueueIsFullAndRunsWhatItTook) {
  std::atomic<int> ran = 0;
  absl::Notification entered;
  absl::Notification release;
  ReadPool pool(1, 2);
  ASSERT_TRUE(pool.Submit([&] {
    entered.Notify();
    release.WaitForNotification();
    ++ran;
  }));
  entered.WaitForNotification();
  EXPECT_TRUE(pool.Submit([&] { ++ran; }));
  EXPECT_TRUE(pool.Submit([&] { ++ran; }));
  EXPECT_FALSE(pool.Submit([&] { ++ran; }));
  release.Notify();
  pool.End();
  EXPECT_EQ(ran, 3);
  EXPECT_FALSE(pool.Submit([&] { ++ran; }));
  pool.End();
}

TEST(ReadPool, RunsAsManyAtOnceAsItHasThreads) {
  constexpr int kThreads = 3;
  absl::Mutex mutex;
  int inside = 0;
  const auto all_inside = [&] { return inside == kThreads; };
  ReadPool pool(kThreads, 10);
  for (int i = 0; i < kThreads; ++i) {
    ASSERT_TRUE(pool.Submit([&] {
      absl::MutexLock lock(&mutex);
      ++inside;
      // Comes back only when all are inside at the same time.
      mutex.Await(absl::Condition(&all_inside));
    }));
  }
  pool.End();
  EXPECT_EQ(inside, kThreads);
}

}  // namespace
}  // namespace omzien::rpc
