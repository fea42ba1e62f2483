// The committer of the embedded engines: one thread that applies commits in the order in which they
// came, so that an engine needs to know how to apply one commit only.

#ifndef OMZIEN_STORAGE_COMMIT_QUEUE_H_
#define OMZIEN_STORAGE_COMMIT_QUEUE_H_

#include <deque>
#include <functional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "storage/engine.h"

namespace omzien::storage {

// Thread-safe. Keeps the part of Engine::Commit that is the same for every embedded engine: order,
// one call of `done` each, the check against the limits, and that nothing is applied after an
// indeterminate commit.
class CommitQueue {
 public:
  // Makes one commit durable and visible to new snapshots, or returns ABORTED or UNAVAILABLE as
  // Engine::Commit says. Called on the queue's thread, with requests that CheckCommit passed.
  using Apply = std::function<absl::StatusOr<Revision>(CommitRequest)>;

  CommitQueue(Limits limits, Apply apply);
  // Applies what is queued, then ends the thread.
  ~CommitQueue();

  CommitQueue(const CommitQueue&) = delete;
  CommitQueue& operator=(const CommitQueue&) = delete;

  void Push(CommitRequest request, CommitDone done) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Item {
    CommitRequest request;
    CommitDone done;
  };

  void Run() ABSL_LOCKS_EXCLUDED(mutex_);
  bool HasWork() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return stopping_ || !items_.empty(); }
  absl::StatusOr<Revision> Decide(CommitRequest request);

  const Limits limits_;
  const Apply apply_;
  // Of the first indeterminate commit. Used by the queue's thread alone.
  absl::Status broken_;

  absl::Mutex mutex_;
  std::deque<Item> items_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;

  // Last, so that it starts when all the rest is there.
  std::thread thread_;
};

}  // namespace omzien::storage

#endif  // OMZIEN_STORAGE_COMMIT_QUEUE_H_
