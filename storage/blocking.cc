#include "storage/blocking.h"

#include <optional>
#include <utility>

#include "absl/synchronization/notification.h"

namespace omzien::storage {
namespace {

// Calls `start` with a `done` and waits for what it is called with.
template <typename Result, typename Start>
Result Await(Start start) {
  std::optional<Result> result;
  // Not std::promise: this one may be destroyed as soon as the wait is over.
  absl::Notification called;
  start([&](Result outcome) {
    result.emplace(std::move(outcome));
    called.Notify();
  });
  called.WaitForNotification();
  return *std::move(result);
}

}  // namespace

absl::StatusOr<std::vector<std::optional<Versioned>>> MultiGetNow(const Snapshot& snapshot,
                                                                  std::vector<std::string> keys) {
  return Await<absl::StatusOr<std::vector<std::optional<Versioned>>>>(
      [&](auto done) { snapshot.MultiGet(std::move(keys), std::move(done)); });
}

absl::StatusOr<std::vector<Entry>> ScanNow(const Snapshot& snapshot, Range range) {
  return Await<absl::StatusOr<std::vector<Entry>>>(
      [&](auto done) { snapshot.Scan(std::move(range), std::move(done)); });
}

absl::StatusOr<Revision> CommitNow(Engine& engine, CommitRequest request) {
  return Await<absl::StatusOr<Revision>>(
      [&](auto done) { engine.Commit(std::move(request), std::move(done)); });
}

}  // namespace omzien::storage
