#include "client/cpp/retry.h"

#include <algorithm>
#include <cmath>

#include "absl/random/random.h"
#include "absl/time/clock.h"
#include "client/cpp/errors.h"

namespace omzien::client {
namespace {

class RealClock final : public Clock {
 public:
  absl::Time Now() override { return absl::Now(); }
  void SleepFor(absl::Duration duration) override { absl::SleepFor(duration); }
  double Random() override {
    thread_local absl::BitGen generator;
    return absl::Uniform(generator, 0.0, 1.0);
  }
};

bool Overloaded(const absl::Status& status) {
  return absl::IsResourceExhausted(status) && DetailsOf(status).reason == "OVERLOADED";
}

}  // namespace

Clock& Clock::Real() {
  static RealClock clock;
  return clock;
}

bool MayRetry(const absl::Status& status) {
  return absl::IsUnavailable(status) || Overloaded(status);
}

absl::Duration Backoff(const RetryPolicy& policy, int failures, const absl::Status& status,
                       Clock& clock) {
  const absl::Duration first =
      Overloaded(status) ? policy.initial_overloaded_backoff : policy.initial_backoff;
  // Bounded exponent: 2^30 times any first wait is past every maximum.
  const double factor = std::ldexp(1.0, std::clamp(failures - 1, 0, 30));
  return std::min(first * factor, policy.max_backoff) * clock.Random();
}

absl::Status Retry(const RetryPolicy& policy, absl::Time deadline, Clock& clock,
                   absl::FunctionRef<absl::Status()> attempt) {
  for (int failures = 1;; ++failures) {
    absl::Status status = attempt();
    if (status.ok() || !MayRetry(status) || failures >= policy.max_attempts) return status;
    const absl::Duration wait = Backoff(policy, failures, status, clock);
    if (clock.Now() + wait >= deadline) return status;
    clock.SleepFor(wait);
  }
}

}  // namespace omzien::client
