// Forgets stored answers after 90 days (rule 1 of the API's rules), so that what retries need
// doesn't grow for ever. A create stays guarded beyond that: its id derives from caller and
// request_id.

#ifndef OMZIEN_SERVER_JOBS_ANSWER_EXPIRY_H_
#define OMZIEN_SERVER_JOBS_ANSWER_EXPIRY_H_

#include <cstddef>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/commit/commit_queue.h"
#include "server/jobs/periodic.h"
#include "storage/engine.h"

namespace omzien::jobs {

inline constexpr absl::Duration kAnswersKept = absl::Hours(24 * 90);

// Thread-safe.
class AnswerExpiry {
 public:
  // Engine and queue must outlive it.
  AnswerExpiry(storage::Engine* engine, commit::CommitQueue* queue, commit::Clock clock)
      : engine_(engine), queue_(queue), clock_(std::move(clock)) {}

  // Walks over all stored answers in bounded steps, through the queue like everything that writes.
  // How many it forgot. Blocks. What fails, or is left when Stop is called, is the next sweep's.
  absl::StatusOr<size_t> Sweep();

  // Sweeps at once and then every `interval`, in a thread of its own, until Stop.
  void Start(absl::Duration interval, OnFailure on_failure);
  void Stop() { periodic_.Stop(); }

 private:
  storage::Engine* const engine_;
  commit::CommitQueue* const queue_;
  const commit::Clock clock_;
  Periodic periodic_;
};

}  // namespace omzien::jobs

#endif  // OMZIEN_SERVER_JOBS_ANSWER_EXPIRY_H_
