// The figures: counters by (municipality, wijk, day of receipt), a projection of the change feed.
//
// Every durable change is added in memory before its callers are answered, so a summary counts what
// was acknowledged. Once a second what was added is flushed, together with the feed's position, in
// one commit; after a crash the feed is read on from there. A cell's row holds absolute values:
// what the figures are can always be recounted from the cases.

#ifndef OMZIEN_SERVER_FIGURES_FIGURES_H_
#define OMZIEN_SERVER_FIGURES_FIGURES_H_

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "omzien/storage/v1/records.pb.h"
#include "server/commit/commit_queue.h"
#include "storage/engine.h"

namespace omzien::figures {

// Counters by name; which there are: server/domain/figures.h.
using Counters = std::map<std::string, int64_t>;

struct Report {
  // By wijk; the empty code is an uncertain place. Without zeros.
  std::map<std::string, Counters> by_district;
  // All commits up to it are counted, and none after.
  storage::Revision revision = 0;
};

// Thread-safe.
class Figures {
 public:
  // Reads the feed on from where it was flushed. Blocks. `engine` must outlive the object.
  static absl::StatusOr<std::unique_ptr<Figures>> Open(storage::Engine* engine);
  ~Figures();

  // Adds a durable change; in order of revision.
  void Apply(storage::Revision revision, const storage::v1::Change& change);

  // The sums over the days first_day..last_day (since 1970-01-01), both included; nullopt: without
  // bound. Blocks on the store.
  absl::StatusOr<Report> Read(const std::string& municipality, std::optional<int64_t> first_day,
                              std::optional<int64_t> last_day) const;

  // Flushes through `queue` every `interval`, in a thread of its own, until StopFlushing, which
  // flushes a last time. `queue` must live until then.
  void StartFlushing(commit::CommitQueue* queue, absl::Duration interval);
  void StopFlushing();

 private:
  struct Added {
    storage::Revision revision = 0;
    std::string municipality;
    storage::v1::FigureDelta delta;
  };

  explicit Figures(storage::Engine* engine) : engine_(engine) {}

  absl::Status CatchUp();
  void RunFlusher(commit::CommitQueue* queue, absl::Duration interval);
  absl::Status Flush(commit::CommitQueue* queue);

  storage::Engine* const engine_;

  mutable absl::Mutex mutex_;
  // What isn't known to be flushed, oldest first.
  std::deque<Added> added_ ABSL_GUARDED_BY(mutex_);
  storage::Revision applied_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread flusher_;
};

}  // namespace omzien::figures

#endif  // OMZIEN_SERVER_FIGURES_FIGURES_H_
