// Sees deadlines pass: what nobody took up in time goes to whoever is next, and what nobody else
// can be asked for is escalated to the coordinator (DESIGN, 5); who wanted no contact for a while
// isn't found by it any more. What then happens is decided in commit::PassDeadline and
// commit::ClearExpiredNo.

#ifndef OMZIEN_SERVER_JOBS_DEADLINES_H_
#define OMZIEN_SERVER_JOBS_DEADLINES_H_

#include <cstddef>
#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/commit/catalogues.h"
#include "server/commit/command.h"
#include "server/commit/commit_queue.h"
#include "server/jobs/periodic.h"
#include "storage/engine.h"
#include "storage/keys.h"

namespace omzien::jobs {

// Thread-safe.
class Deadlines {
 public:
  // All must outlive it.
  Deadlines(storage::Engine* engine, commit::CommitQueue* queue,
            const commit::Catalogues* catalogues, commit::Clock clock)
      : engine_(engine), queue_(queue), catalogues_(catalogues), clock_(std::move(clock)) {}

  // Handles every deadline that has passed, in bounded steps; looks only at those. How many, or the
  // first error: a case that fails keeps no other waiting. Blocks. What fails, or is left when Stop
  // is called, is the next sweep's.
  absl::StatusOr<size_t> Sweep();

  // Sweeps at once and then every `interval`, in a thread of its own, until Stop.
  void Start(absl::Duration interval, OnFailure on_failure);
  void Stop() { periodic_.Stop(); }

 private:
  using Handle = std::function<std::unique_ptr<commit::Command>(const storage::keys::CaseRef& ref)>;

  // A range of index rows, a command each. Adds how many it looked at, those that failed too.
  absl::Status SweepRange(storage::Range range, const Handle& handle, size_t* handled);

  storage::Engine* const engine_;
  commit::CommitQueue* const queue_;
  const commit::Catalogues* const catalogues_;
  const commit::Clock clock_;
  Periodic periodic_;
};

}  // namespace omzien::jobs

#endif  // OMZIEN_SERVER_JOBS_DEADLINES_H_
