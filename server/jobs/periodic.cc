#include "server/jobs/periodic.h"

#include <string>
#include <utility>

#include "absl/synchronization/blocking_counter.h"

namespace omzien::jobs {

void Periodic::Start(absl::Duration interval, std::function<absl::Status()> work,
                     OnFailure on_failure) {
  thread_ = std::thread([this, interval, work = std::move(work),
                         on_failure = std::move(on_failure)] { Run(interval, work, on_failure); });
}

void Periodic::Wake() {
  absl::MutexLock lock(&mutex_);
  woken_ = true;
}

void Periodic::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

bool Periodic::IsStopping() {
  absl::MutexLock lock(&mutex_);
  return stopping_;
}

void Periodic::Run(absl::Duration interval, const std::function<absl::Status()>& work,
                   const OnFailure& on_failure) {
  for (bool failed = false;;) {
    const absl::Status status = work();
    if (!status.ok() && !failed && on_failure != nullptr) on_failure(status);
    failed = !status.ok();
    absl::MutexLock lock(&mutex_);
    const auto disturbed = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return woken_ || stopping_;
    };
    mutex_.AwaitWithTimeout(absl::Condition(&disturbed), interval);
    if (stopping_) return;
    woken_ = false;
  }
}

absl::Status RunAll(commit::CommitQueue* queue,
                    std::vector<std::unique_ptr<commit::Command>> commands, absl::Time deadline) {
  absl::Mutex mutex;
  absl::Status first;
  absl::BlockingCounter left(static_cast<int>(commands.size()));
  for (std::unique_ptr<commit::Command>& command : commands) {
    queue->Submit(std::move(command), deadline, [&](const absl::StatusOr<std::string>& answer) {
      {
        absl::MutexLock lock(&mutex);
        first.Update(answer.status());
      }
      left.DecrementCount();
    });
  }
  left.Wait();
  absl::MutexLock lock(&mutex);
  return first;
}

}  // namespace omzien::jobs
