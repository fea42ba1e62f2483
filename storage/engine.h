// The contract that every storage engine meets: an ordered key-value store with atomic, durable
// commits and a feed of what was committed. storage/README.md says, call by call, how each engine
// meets it; tests/conformance runs the same suite over all of them.
//
// Keys and values are byte strings; keys order by unsigned bytes. Engines know nothing of what they
// hold.

#ifndef OMZIEN_STORAGE_ENGINE_H_
#define OMZIEN_STORAGE_ENGINE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace omzien::storage {

// Set by the engine at each commit; increasing, not dense, meaningful within one incarnation of a
// store. 0 is before the first commit.
using Revision = uint64_t;

struct Versioned {
  std::string value;
  // The commit that wrote the value.
  Revision revision = 0;
};

struct Entry {
  std::string key;
  Versioned versioned;
};

// A half-open range of keys, [begin, end). An empty end is the end of the key space.
struct Range {
  std::string begin;
  std::string end;
  // Most entries to return; 0 is INVALID_ARGUMENT.
  size_t limit = 1000;
};

using MultiGetDone = std::function<void(absl::StatusOr<std::vector<std::optional<Versioned>>>)>;
using ScanDone = std::function<void(absl::StatusOr<std::vector<Entry>>)>;

// The store as it durably was at one revision. Thread-safe. Holding one keeps old data alive in the
// engine: hold it for a request, not longer. It must not outlive its engine.
//
// `done` is called exactly once, on the calling thread before the call returns or on a thread of
// the engine; it must not block. Errors: UNAVAILABLE (the engine can't be read), OUT_OF_RANGE (the
// snapshot was compacted away; take a new one).
class Snapshot {
 public:
  virtual ~Snapshot() = default;

  // Every commit up to it is seen, none after.
  virtual Revision revision() const = 0;

  // One result per key, in order; nullopt where absent.
  virtual void MultiGet(std::vector<std::string> keys, MultiGetDone done) const = 0;

  // Entries in ascending order of key.
  virtual void Scan(Range range, ScanDone done) const = 0;
};

// A commit goes through only if `key` is as stated: absent, or last written at `revision`. Judged
// against the commits before it, not against its own writes.
struct Precondition {
  std::string key;
  std::optional<Revision> revision;
};

struct Write {
  std::string key;
  // nullopt deletes.
  std::optional<std::string> value;
};

struct CommitRequest {
  std::vector<Precondition> preconditions;
  // A key at most once; INVALID_ARGUMENT otherwise.
  std::vector<Write> writes;
  // Appended to the change feed when not empty.
  std::string change;
};

// Results of a commit:
//   OK              durable, at this revision
//   ABORTED         a precondition didn't hold; nothing was written
//   INVALID_ARGUMENT over Limits, a key twice, an empty key; nothing was written
//   UNAVAILABLE     indeterminate: it may or may not be durable. Every later commit of this engine
//                   object fails the same way; reopening the store settles it.
using CommitDone = std::function<void(absl::StatusOr<Revision>)>;

struct ChangeRecord {
  Revision revision = 0;
  std::string change;
};

struct Limits {
  size_t max_operations = 0;  // preconditions and writes together
  size_t max_bytes = 0;       // keys, values and change together
};

// Thread-safe. Commits take effect in the order in which Commit was called.
class Engine {
 public:
  // Waits for commits under way: each `done` is called before it returns. Not from a `done`.
  virtual ~Engine() = default;

  // The latest durable state.
  virtual std::unique_ptr<Snapshot> GetSnapshot() = 0;

  // Atomic; durable before it reports OK. `done` is called exactly once, in commit order, on a
  // thread of the engine; it must not block. A snapshot taken in or after `done` sees the commit.
  // Never waits; the caller bounds how many commits it has under way.
  virtual void Commit(CommitRequest request, CommitDone done) = 0;

  // Changes with a revision above `after`, in order, at most `limit`; durable ones only.
  // OUT_OF_RANGE when some of them were trimmed, INVALID_ARGUMENT for a limit of 0, UNAVAILABLE
  // when the engine can't be read. May wait for disk.
  virtual absl::StatusOr<std::vector<ChangeRecord>> Changes(Revision after, size_t limit) = 0;

  // Forgets changes up to and including `through`, of those that are durable when it is called.
  // Idempotent. UNAVAILABLE when the engine can't be written. May wait for disk.
  virtual absl::Status TrimChanges(Revision through) = 0;

  virtual Limits limits() const = 0;
};

}  // namespace omzien::storage

#endif  // OMZIEN_STORAGE_ENGINE_H_
