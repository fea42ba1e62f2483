// What every engine checks of a commit before it looks at any row.

#ifndef OMZIEN_STORAGE_COMMIT_CHECK_H_
#define OMZIEN_STORAGE_COMMIT_CHECK_H_

#include "absl/status/status.h"
#include "storage/engine.h"

namespace omzien::storage {

// Of the engines that keep a commit in this process: bounded only so that no commit can take the
// memory of the whole process. A replicated engine's are far lower.
inline constexpr Limits kEmbeddedLimits{.max_operations = 100'000, .max_bytes = size_t{64} << 20};

// INVALID_ARGUMENT if the request is over the limits, or names no key, or writes a key twice. The
// message names no key. Pure.
absl::Status CheckCommit(const CommitRequest& request, const Limits& limits);

}  // namespace omzien::storage

#endif  // OMZIEN_STORAGE_COMMIT_CHECK_H_
