// When to try again, and how long to wait first.
#pragma once

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"

namespace omzien::client {

// Time and chance, so that tests can give their own. Implementations are safe to use from any
// thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() = 0;
  virtual void SleepFor(absl::Duration duration) = 0;
  // Evenly spread over [0, 1).
  virtual double Random() = 0;

  // The machine's own. Lives as long as the process.
  static Clock& Real();
};

struct RetryPolicy {
  // Tries in all, the first included.
  int max_attempts = 5;
  absl::Duration initial_backoff = absl::Milliseconds(100);
  // After OVERLOADED the server needs air: a longer first wait.
  absl::Duration initial_overloaded_backoff = absl::Seconds(1);
  absl::Duration max_backoff = absl::Seconds(10);
};

// Whether sending the same request again, under the same request_id, is safe and of use:
// UNAVAILABLE (also when the store can't tell whether it was written: the request_id settles it)
// and RESOURCE_EXHAUSTED with reason OVERLOADED. Never ABORTED: the record changed, so whoever
// asked must look again.
bool MayRetry(const absl::Status& status);

// How long to wait after the `failures`th failure in a row (from 1): exponential, with full jitter,
// so that clients that failed together don't return together.
absl::Duration Backoff(const RetryPolicy& policy, int failures, const absl::Status& status,
                       Clock& clock);

// Calls `attempt` until it succeeds, fails for good, `policy.max_attempts` are used up, or the next
// wait would pass `deadline` (by `clock`). Returns the last answer.
absl::Status Retry(const RetryPolicy& policy, absl::Time deadline, Clock& clock,
                   absl::FunctionRef<absl::Status()> attempt);

}  // namespace omzien::client
