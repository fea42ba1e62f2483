// The moment at which the server dies, drawn from the seed.

#ifndef OMZIEN_TESTS_CRASH_KILL_H_
#define OMZIEN_TESTS_CRASH_KILL_H_

#include <sys/types.h>

#include <atomic>
#include <string>

#include "absl/time/time.h"
#include "tests/e2e/submissions.h"

namespace omzien::crash {

struct KillPlan {
  // Counted from when the server serves: a count replays where a time would not.
  int after_acknowledgements = 1;
  // And then a moment longer: an acknowledgement comes right after a sync, so a kill at once would
  // always meet the writer in the same place.
  absl::Duration and_then;
  // Asked to stop first, so that it dies while it drains and flushes.
  bool while_stopping = false;
  // Started once more and killed before it serves, so long after it was launched: it dies while it
  // reads its log back.
  bool again_while_starting = false;
  absl::Duration into_start;

  std::string Text() const;
};

KillPlan DrawKill(e2e::Random& random);

// Busy: a sleep would round to the scheduler's grain.
void Spin(absl::Duration duration);

// Kills one run of the server as planned. Thread-safe.
class Kill {
 public:
  Kill(pid_t pid, const KillPlan& plan) : pid_(pid), plan_(plan) {}

  // Called for each acknowledgement, after it stands in the ledger. One of them kills.
  void Acknowledged();
  // Now, if it wasn't yet: nobody is left to acknowledge anything.
  void Now();
  // Set before the first signal is sent, so whoever met the server's death finds it set. Else it
  // was no death by this: what failed, failed while the server should serve.
  bool fired() const { return fired_; }

 private:
  const pid_t pid_;
  const KillPlan plan_;
  std::atomic<int> acknowledged_ = 0;
  std::atomic<bool> fired_ = false;
};

}  // namespace omzien::crash

#endif  // OMZIEN_TESTS_CRASH_KILL_H_
