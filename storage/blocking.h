// The contract's asynchronous calls, waited for. For start-up, tools and tests; never on a thread
// of an engine or of gRPC, which would then wait for itself or for disk. Results and errors are
// those of the calls in storage/engine.h.

#ifndef OMZIEN_STORAGE_BLOCKING_H_
#define OMZIEN_STORAGE_BLOCKING_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/engine.h"

namespace omzien::storage {

absl::StatusOr<std::vector<std::optional<Versioned>>> MultiGetNow(const Snapshot& snapshot,
                                                                  std::vector<std::string> keys);

// At most range.limit entries, as Snapshot::Scan.
absl::StatusOr<std::vector<Entry>> ScanNow(const Snapshot& snapshot, Range range);

absl::StatusOr<Revision> CommitNow(Engine& engine, CommitRequest request);

}  // namespace omzien::storage

#endif  // OMZIEN_STORAGE_BLOCKING_H_
