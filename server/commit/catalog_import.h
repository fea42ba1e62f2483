// Importing a catalogue: a new generation is written in bounded commits, between which everything
// else goes on, and is in force from the one commit that flips the municipality's head. Nothing of
// it is seen before. What was written and never flipped is listed in CatalogStages and cleared by
// server/jobs/catalog_clearing.h, as is the generation that was replaced.

#ifndef OMZIEN_SERVER_COMMIT_CATALOG_IMPORT_H_
#define OMZIEN_SERVER_COMMIT_CATALOG_IMPORT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "omzien/v1/catalog_service.pb.h"
#include "server/commit/catalogues.h"
#include "server/commit/commit_queue.h"
#include "server/commit/mutation.h"

namespace omzien::commit {

struct NewCatalog {
  // domain::CheckCatalogue() found no error, unless the ask has violations.
  v1::Catalog catalog;
  // What is answered, without the generation.
  v1::ImportCatalogResponse response;
  // The generation in force when the import began; 0: none. Another one by now: another import came
  // first.
  int64_t replaces = 0;
};

// Thread-safe.
class CatalogImports {
 public:
  // So many of so many entries are written.
  using Progress = std::function<void(size_t written, size_t all)>;

  // All must outlive it. `limits` are the engine's; `clock` is the queue's.
  CatalogImports(storage::Limits limits, CommitQueue* queue, Catalogues* catalogues, Clock clock);

  // Imports and waits: the serialized ImportCatalogResponse, once the new catalogue is in force.
  // Not on the writer's thread. `deadline` is for the beginning; what has begun goes on to its end.
  // Errors: the queue's; ABORTED, CATALOG_REPLACED; RESOURCE_EXHAUSTED, OVERLOADED when too many
  // generations wait to be cleared; INVALID_ARGUMENT for the ask's violations, and for a request_id
  // that was used for something else. The same request_id gets the same answer.
  absl::StatusOr<std::string> Import(const Ask& ask, NewCatalog incoming, absl::Time deadline,
                                     const Progress& progress = {});

  // Whether an import of this process writes under the token. Once it doesn't, it never will.
  bool IsUnderWay(uint64_t import_token) const;

  // `told` when there may be something to clear, on the import's thread. Before the first import.
  void OnLeftOver(std::function<void()> told) { on_left_over_ = std::move(told); }

 private:
  class Registration;

  absl::StatusOr<std::string> Write(const Ask& ask, NewCatalog incoming, int64_t generation,
                                    const Progress& progress);
  absl::Status WriteEntries(const domain::Catalogue& catalogue, int64_t generation,
                            const Progress& progress);
  absl::Status RunStep(std::vector<storage::Write> writes);

  const storage::Limits limits_;
  CommitQueue* const queue_;
  Catalogues* const catalogues_;
  const Clock clock_;
  std::function<void()> on_left_over_;

  mutable absl::Mutex mutex_;
  absl::flat_hash_set<uint64_t> under_way_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace omzien::commit

#endif  // OMZIEN_SERVER_COMMIT_CATALOG_IMPORT_H_
