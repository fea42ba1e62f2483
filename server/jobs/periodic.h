// A thread that does something at once and then again and again: what every job here runs in.

#ifndef OMZIEN_SERVER_JOBS_PERIODIC_H_
#define OMZIEN_SERVER_JOBS_PERIODIC_H_

#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/commit/commit_queue.h"

namespace omzien::jobs {

// How long a step may wait for its turn with the writer.
inline constexpr absl::Duration kStepPatience = absl::Seconds(30);

// Told when a run failed that came after one that didn't; on the job's thread.
using OnFailure = std::function<void(const absl::Status&)>;

// Thread-safe. Start at most once.
class Periodic {
 public:
  ~Periodic() { Stop(); }

  // `work` blocks as it likes, and looks at IsStopping() between its steps. What fails is done
  // again at the next run.
  void Start(absl::Duration interval, std::function<absl::Status()> work, OnFailure on_failure);
  // The next run comes at once, after the one under way if there is one.
  void Wake();
  // Waits for the run under way. Idempotent.
  void Stop();
  bool IsStopping();

 private:
  void Run(absl::Duration interval, const std::function<absl::Status()>& work,
           const OnFailure& on_failure);

  absl::Mutex mutex_;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

// Runs commands as one step: submits all, waits for all. The first error, if any. `deadline` is for
// each to be begun by.
absl::Status RunAll(commit::CommitQueue* queue,
                    std::vector<std::unique_ptr<commit::Command>> commands, absl::Time deadline);

}  // namespace omzien::jobs

#endif  // OMZIEN_SERVER_JOBS_PERIODIC_H_
