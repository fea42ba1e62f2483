// Matches again what waits when there is something new to match with: another catalogue, a place
// that came free, a day on which other offers are active (DESIGN, 6.6). The most urgent first, then
// the oldest, in bounded steps. What then changes is decided in commit::MatchAgain.

#ifndef OMZIEN_SERVER_JOBS_REMATCHING_H_
#define OMZIEN_SERVER_JOBS_REMATCHING_H_

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "server/commit/catalogues.h"
#include "server/commit/commit_queue.h"
#include "server/domain/free_places.h"
#include "server/jobs/periodic.h"
#include "storage/engine.h"

namespace omzien::jobs {

// Thread-safe. It remembers nothing over a restart: the first sweep matches all that waits.
class Rematching {
 public:
  // Engine and catalogues must outlive it.
  Rematching(storage::Engine* engine, const commit::Catalogues* catalogues, commit::Clock clock)
      : engine_(engine), catalogues_(catalogues), clock_(std::move(clock)) {}

  // Told of each durable change, on the writer's thread: CommitQueue's on_change.
  void Notice(const storage::v1::Change& change);

  // Of each municipality with another catalogue or another day than at the sweep before, all that
  // waits; of each offer that has room again, as many of those that wait for it as there is room
  // for. How many were looked at. Blocks. What is left when it fails or is stopped is the next
  // sweep's.
  absl::StatusOr<size_t> Sweep(commit::CommitQueue* queue);

  // Sweeps at once, soon after a notice, and every `interval` (for the day), in a thread of its
  // own, until Stop. The queue must outlive that.
  void Start(commit::CommitQueue* queue, absl::Duration interval, OnFailure on_failure);
  void Stop() { periodic_.Stop(); }

 private:
  using Offer = std::pair<std::string, std::string>;  // municipality, offer id
  using Case = std::pair<std::string, std::string>;   // municipality, case id

  // All that is new at this moment.
  std::set<std::string> TakeMunicipalities();
  std::set<Offer> TakeOffers();
  std::set<Case> TakeLate();
  absl::Status MatchLate(commit::CommitQueue* queue, size_t* matched);
  // The cases under a prefix of an index, in its order; adds how many. With `places`, those only
  // that there is a place for.
  absl::Status MatchRange(commit::CommitQueue* queue, const std::string& municipality,
                          const std::string& prefix, domain::FreePlaces* places, size_t* matched);
  // Those that there is a place for, of the cases that these rows of an index name.
  absl::StatusOr<std::vector<std::string>> Admitted(const std::vector<storage::Entry>& entries,
                                                    const std::string& municipality,
                                                    domain::FreePlaces* places);
  absl::Status MatchWaitingFor(commit::CommitQueue* queue, const Offer& offer, size_t* matched);

  storage::Engine* const engine_;
  const commit::Catalogues* const catalogues_;
  const commit::Clock clock_;

  absl::Mutex mutex_;
  // Those in which all that waits was matched, and on which day there.
  std::map<std::string, absl::CivilDay> matched_ ABSL_GUARDED_BY(mutex_);
  std::set<Offer> freed_ ABSL_GUARDED_BY(mutex_);
  // With the change before: the batch after it was decided before it was in force, and wasn't
  // durable when a sweep may have looked. Its cases are late.
  std::set<std::string> replaced_ ABSL_GUARDED_BY(mutex_);
  std::set<Case> late_ ABSL_GUARDED_BY(mutex_);  // at most a batch's a catalogue
  Periodic periodic_;
};

}  // namespace omzien::jobs

#endif  // OMZIEN_SERVER_JOBS_REMATCHING_H_
