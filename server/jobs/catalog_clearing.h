// Clears generations of catalogues that aren't in force: what an import wrote before it failed or
// the server was killed, and what an import replaced. They are listed in CatalogStages.

#ifndef OMZIEN_SERVER_JOBS_CATALOG_CLEARING_H_
#define OMZIEN_SERVER_JOBS_CATALOG_CLEARING_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "omzien/storage/v1/records.pb.h"
#include "server/commit/catalog_import.h"
#include "server/commit/commit_queue.h"
#include "server/jobs/periodic.h"
#include "storage/engine.h"

namespace omzien::jobs {

// Thread-safe.
class CatalogClearing {
 public:
  // All must outlive it.
  CatalogClearing(storage::Engine* engine, commit::CommitQueue* queue,
                  const commit::CatalogImports* imports, commit::Clock clock)
      : engine_(engine), queue_(queue), imports_(*imports), clock_(std::move(clock)) {}

  // Clears, in bounded steps, every generation that no import of this process is writing, and takes
  // it off the list after its last entry. How many entries went. Blocks. What fails, or is left
  // when Stop is called, is the next sweep's.
  absl::StatusOr<size_t> Sweep();

  // Sweeps at once, after each Wake, and every `interval`, in a thread of its own, until Stop.
  void Start(absl::Duration interval, OnFailure on_failure);
  void Wake() { periodic_.Wake(); }
  void Stop() { periodic_.Stop(); }

 private:
  // The entries of one generation; true when all are gone.
  absl::StatusOr<bool> Clear(const std::string& municipality,
                             const storage::v1::CatalogStage& stage, size_t* cleared);
  // Deletes the rows, or takes the stage off the list when there are none.
  absl::Status Write(const std::string& municipality, const storage::v1::CatalogStage& stage,
                     std::vector<std::string> rows);

  storage::Engine* const engine_;
  commit::CommitQueue* const queue_;
  const commit::CatalogImports& imports_;
  const commit::Clock clock_;

  Periodic periodic_;
};

}  // namespace omzien::jobs

#endif  // OMZIEN_SERVER_JOBS_CATALOG_CLEARING_H_
