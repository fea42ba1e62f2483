// The one way in for writes: queue, read ahead, decide, one atomic durable commit, answer.
//
// One thread decides. While one batch syncs, the next is decided on top of it; if the batch in
// flight fails, what was decided on top is never committed. Nothing that a decision saw leaves
// before it is durable: not an answer, and not an error either.

#ifndef OMZIEN_SERVER_COMMIT_COMMIT_QUEUE_H_
#define OMZIEN_SERVER_COMMIT_COMMIT_QUEUE_H_

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/commit/command.h"
#include "server/commit/reading.h"
#include "storage/engine.h"

namespace omzien::commit {

using Clock = std::function<absl::Time()>;

// Called once, on the writer's thread or on the submitting one; must not block.
// Errors besides the command's own, each with nothing written unless said otherwise:
//   RESOURCE_EXHAUSTED, OVERLOADED     the queue is full
//   DEADLINE_EXCEEDED                  not begun by its deadline
//   UNAVAILABLE, STOPPING              the queue was stopped
//   RESOURCE_EXHAUSTED, WRITE_TOO_LARGE  more than the engine takes in one commit
//   UNAVAILABLE, STORE_UNAVAILABLE     indeterminate: a retry with the same request_id settles it
using Done = std::function<void(absl::StatusOr<std::string>)>;

// Thread-safe.
class CommitQueue {
 public:
  struct Options {
    size_t queue_limit = 4096;
    size_t batch_limit = 512;
    // Told of each durable change before its callers are answered; on the writer's thread.
    std::function<void(storage::Revision, const storage::v1::Change&)> on_change;
    // Told once when the store has failed and nothing can be written any more.
    std::function<void()> on_broken;
  };

  // Takes the store's fence (a writer before this one can commit no more), reads what is kept in
  // memory, and starts. Blocks. All arguments must outlive the queue.
  static absl::StatusOr<std::unique_ptr<CommitQueue>> Start(storage::Engine* engine,
                                                            CaseKeys* case_keys,
                                                            Catalogues* catalogues, Clock clock,
                                                            Options options);
  ~CommitQueue();

  void Submit(std::unique_ptr<Command> command, absl::Time deadline, Done done);
  // As Submit, and waits. Not on the writer's thread.
  absl::StatusOr<std::string> Run(std::unique_ptr<Command> command, absl::Time deadline);

  // Refuses new commands, finishes those accepted, and returns when all are answered. On the
  // writer's thread (from a Done, on_change or on_broken) it only refuses new ones and returns:
  // whoever destroys the queue waits. Idempotent.
  void Stop();

 private:
  struct Pending {
    std::unique_ptr<Command> command;
    absl::Time deadline;
    Done done;
    std::optional<CaseKey> new_key;
    absl::StatusOr<std::string> answer;
    std::function<void()> on_durable;
  };
  // What was decided together, and is committed together.
  struct Batch {
    std::vector<Pending> commands;
    Rows rows;
    storage::v1::Change change;
    size_t bytes = 0;
    // Set when the commit's result is there.
    std::optional<absl::StatusOr<storage::Revision>> result;
  };

  CommitQueue(storage::Engine* engine, CaseKeys* case_keys, Catalogues* catalogues, Clock clock,
              Options options);

  absl::Status TakeFence();
  absl::Status ReadResident();

  void RunWriter();
  // Waits for commands, for the batch in flight, or for the stop; takes the next commands.
  std::vector<Pending> Next();
  bool SomethingToDo() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::shared_ptr<Batch> Decide(std::vector<Pending> commands);
  // False when the decision doesn't fit into what the batch's commit may still hold: it is for the
  // next one.
  bool DecideOne(Pending& pending, Batch& batch, Rows& fetched, Reading::FetchedKeys& case_keys);
  bool Fits(const Decision& decision, const Batch& batch) const;
  absl::Status Fetch(const std::vector<std::string>& keys, Rows* rows);
  static void Add(Decision decision, Pending& pending, Batch& batch);
  void ReturnToQueue(std::vector<Pending> commands);
  void Commit(std::shared_ptr<Batch> batch);
  // Waits for the batch in flight, if any, and gives it back: durable, or in doubt and the queue
  // broken.
  std::shared_ptr<Batch> Settle();
  // Nothing, for none.
  void Answer(const std::shared_ptr<Batch>& settled);
  void Break();

  storage::Engine* const engine_;
  CaseKeys* const case_keys_;
  Catalogues* const catalogues_;
  const Clock clock_;
  const Options options_;

  // The writer's own.
  storage::Revision fence_ = 0;
  std::string resident_prefix_;
  Rows resident_;
  std::unique_ptr<storage::Snapshot> snapshot_;
  std::shared_ptr<Batch> in_flight_;

  absl::Mutex mutex_;
  std::deque<Pending> queue_ ABSL_GUARDED_BY(mutex_);
  bool in_flight_done_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool broken_ ABSL_GUARDED_BY(mutex_) = false;

  std::thread writer_;
  // Held while the writer is joined: of two that stop, both wait.
  absl::Mutex join_mutex_ ABSL_ACQUIRED_BEFORE(mutex_);
};

}  // namespace omzien::commit

#endif  // OMZIEN_SERVER_COMMIT_COMMIT_QUEUE_H_
