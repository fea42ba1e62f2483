// A clock that stands still until someone sleeps on it.
#pragma once

#include <vector>

#include "absl/synchronization/mutex.h"
#include "client/cpp/retry.h"

namespace omzien::client {

class TestClock final : public Clock {
 public:
  absl::Time Now() override {
    absl::MutexLock lock(&mutex_);
    return now_;
  }
  void SleepFor(absl::Duration duration) override {
    absl::MutexLock lock(&mutex_);
    now_ += duration;
    sleeps_.push_back(duration);
  }
  // Always the longest wait that jitter allows.
  double Random() override { return 1; }

  std::vector<absl::Duration> sleeps() {
    absl::MutexLock lock(&mutex_);
    return sleeps_;
  }

 private:
  absl::Mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_) = absl::FromUnixSeconds(1'800'000'000);
  std::vector<absl::Duration> sleeps_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace omzien::client
