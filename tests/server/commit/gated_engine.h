// An engine that a test holds up, or breaks.

#ifndef OMZIEN_TESTS_SERVER_COMMIT_GATED_ENGINE_H_
#define OMZIEN_TESTS_SERVER_COMMIT_GATED_ENGINE_H_

#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "storage/engine.h"

namespace omzien::commit::testing {

// Thread-safe. A commit that is held hasn't happened: no snapshot sees it.
class GatedEngine : public storage::Engine {
 public:
  explicit GatedEngine(std::unique_ptr<storage::Engine> inner) : inner_(std::move(inner)) {}
  ~GatedEngine() override { Open(); }

  // From now on commits are held, until Open.
  void Close() {
    absl::MutexLock lock(&mutex_);
    closed_ = true;
  }
  // Lets all held commits through, and those to come.
  void Open() {
    absl::MutexLock lock(&mutex_);
    closed_ = false;
    while (!held_.empty()) ForwardFirst();
  }
  // Lets the oldest held commit through.
  void LetOneThrough() {
    absl::MutexLock lock(&mutex_);
    ForwardFirst();
  }
  // Blocks until so many commits are held.
  void AwaitHeld(size_t count) {
    absl::MutexLock lock(&mutex_);
    const auto enough = [this, count]()
                            ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return held_.size() >= count; };
    mutex_.Await(absl::Condition(&enough));
  }
  // Every commit that goes through from now on answers UNAVAILABLE; with `written`, it happened all
  // the same.
  void Break(bool written) {
    absl::MutexLock lock(&mutex_);
    broken_ = true;
    written_ = written;
  }

  // Commits that were asked for since it was made, and their sizes in writes.
  std::vector<size_t> commits() const {
    absl::MutexLock lock(&mutex_);
    return commits_;
  }

  std::unique_ptr<storage::Snapshot> GetSnapshot() override { return inner_->GetSnapshot(); }

  void Commit(storage::CommitRequest request, storage::CommitDone done) override {
    absl::MutexLock lock(&mutex_);
    commits_.push_back(request.writes.size());
    held_.push_back({std::move(request), std::move(done)});
    if (!closed_) ForwardFirst();
  }

  absl::StatusOr<std::vector<storage::ChangeRecord>> Changes(storage::Revision after,
                                                             size_t limit) override {
    return inner_->Changes(after, limit);
  }
  absl::Status TrimChanges(storage::Revision through) override {
    return inner_->TrimChanges(through);
  }
  storage::Limits limits() const override { return inner_->limits(); }

 private:
  struct Held {
    storage::CommitRequest request;
    storage::CommitDone done;
  };

  void ForwardFirst() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    Held held = std::move(held_.front());
    held_.pop_front();
    if (!broken_) {
      inner_->Commit(std::move(held.request), std::move(held.done));
      return;
    }
    // A precondition that can't hold: the answer comes on the engine's thread, nothing is written.
    if (!written_) held.request.preconditions = {{"no such row", storage::Revision{1}}};
    inner_->Commit(std::move(held.request),
                   [done = std::move(held.done)](absl::StatusOr<storage::Revision>) {
                     done(absl::UnavailableError("the disk is gone"));
                   });
  }

  mutable absl::Mutex mutex_;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  bool broken_ ABSL_GUARDED_BY(mutex_) = false;
  bool written_ ABSL_GUARDED_BY(mutex_) = false;
  std::deque<Held> held_ ABSL_GUARDED_BY(mutex_);
  std::vector<size_t> commits_ ABSL_GUARDED_BY(mutex_);

  // Last: when it goes, every commit is answered.
  const std::unique_ptr<storage::Engine> inner_;
};

}  // namespace omzien::commit::testing

#endif  // OMZIEN_TESTS_SERVER_COMMIT_GATED_ENGINE_H_
