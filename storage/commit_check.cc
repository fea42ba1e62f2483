#include "storage/commit_check.h"

#include <string_view>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

namespace omzien::storage {

absl::Status CheckCommit(const CommitRequest& request, const Limits& limits) {
  const size_t operations = request.preconditions.size() + request.writes.size();
  if (operations > limits.max_operations) {
    return absl::InvalidArgumentError(absl::StrCat("a commit of ", operations,
                                                   " operations is over the engine's limit of ",
                                                   limits.max_operations));
  }
  size_t bytes = request.change.size();
  for (const Precondition& precondition : request.preconditions) {
    if (precondition.key.empty()) return absl::InvalidArgumentError("a precondition has no key");
    bytes += precondition.key.size();
  }
  absl::flat_hash_set<std::string_view> written;
  written.reserve(request.writes.size());
  for (const Write& write : request.writes) {
    if (write.key.empty()) return absl::InvalidArgumentError("a write has no key");
    if (!written.insert(write.key).second) {
      return absl::InvalidArgumentError("a commit writes one key twice");
    }
    bytes += write.key.size() + (write.value ? write.value->size() : 0);
  }
  if (bytes > limits.max_bytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        "a commit of ", bytes, " bytes is over the engine's limit of ", limits.max_bytes));
  }
  return absl::OkStatus();
}

}  // namespace omzien::storage
