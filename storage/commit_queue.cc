#include "storage/commit_queue.h"

#include <utility>

#include "storage/commit_check.h"

namespace omzien::storage {

CommitQueue::CommitQueue(Limits limits, Apply apply)
    : limits_(limits), apply_(std::move(apply)), thread_([this] { Run(); }) {}

CommitQueue::~CommitQueue() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

void CommitQueue::Push(CommitRequest request, CommitDone done) {
  absl::MutexLock lock(&mutex_);
  items_.push_back({std::move(request), std::move(done)});
}

void CommitQueue::Run() {
  while (true) {
    Item item;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &CommitQueue::HasWork));
      if (items_.empty()) return;
      item = std::move(items_.front());
      items_.pop_front();
    }
    // Without the lock: `done` may well push the next commit.
    item.done(Decide(std::move(item.request)));
  }
}

absl::StatusOr<Revision> CommitQueue::Decide(CommitRequest request) {
  if (!broken_.ok()) return broken_;
  if (absl::Status status = CheckCommit(request, limits_); !status.ok()) return status;
  absl::StatusOr<Revision> result = apply_(std::move(request));
  if (absl::IsUnavailable(result.status())) broken_ = result.status();
  return result;
}

}  // namespace omzien::storage
