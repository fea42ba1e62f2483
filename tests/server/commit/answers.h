// Collects the answers of many commands, in the order in which they came.

#ifndef OMZIEN_TESTS_SERVER_COMMIT_ANSWERS_H_
#define OMZIEN_TESTS_SERVER_COMMIT_ANSWERS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "server/commit/commit_queue.h"
#include "server/domain/errors.h"

namespace omzien::commit::testing {

// Thread-safe.
class Answers {
 public:
  // A Done that notes "label answer", or "label REASON" for an error.
  Done To(std::string label) {
    return [this, label = std::move(label)](absl::StatusOr<std::string> answer) {
      absl::MutexLock lock(&mutex_);
      log_.push_back(label + " " + (answer.ok() ? *answer : domain::ReasonOf(answer.status())));
    };
  }

  std::vector<std::string> log() const {
    absl::MutexLock lock(&mutex_);
    return log_;
  }

  std::vector<std::string> Await(size_t count) const {
    absl::MutexLock lock(&mutex_);
    const auto enough = [this, count]()
                            ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return log_.size() >= count; };
    mutex_.Await(absl::Condition(&enough));
    return log_;
  }

 private:
  mutable absl::Mutex mutex_;
  std::vector<std::string> log_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace omzien::commit::testing

#endif  // OMZIEN_TESTS_SERVER_COMMIT_ANSWERS_H_
