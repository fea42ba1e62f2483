// A whole store: the rows of all cases, the keys that unseal them in a store of their own, and what
// the two say of themselves.
//
//   <directory>/LOCK    held by the one process that has it open
//   <directory>/cases   everything but keys
//   <directory>/keys    wrapped keys; apart, so that to forget a key is not to keep it in old files
//                       and backups of the cases

#ifndef OMZIEN_STORAGE_STORE_H_
#define OMZIEN_STORAGE_STORE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "storage/directory_lock.h"
#include "storage/engine.h"

namespace omzien::storage {

// The version of keys and records that this program writes. Kept in the store, as a decimal number;
// a store of another version is refused. 2: with the indexes of deadlines and of who waits.
inline constexpr int kStoreFormat = 2;

// Movable. Snapshots of its engines must go before it does.
struct Store {
  // First, so that it is given up last. Null in memory.
  std::unique_ptr<DirectoryLock> lock;
  std::unique_ptr<Engine> cases;
  std::unique_ptr<Engine> keys;
  // 32 lower-case hex digits, drawn when the store was made: revisions of one incarnation mean
  // nothing in another.
  std::string incarnation;
};

// Opens the store, or makes one if the directory is absent or empty; makes the directory with mode
// 0700 (its parents too, with the process's usual mode), and leaves the mode of one that is there.
// May wait for disk. Errors, each a sentence for the operator:
//   FAILED_PRECONDITION  another process has it open; its format is not this program's; the keys
//                        are not those of the cases
//   DATA_LOSS            its files contradict themselves
//   UNAVAILABLE          the file system refuses
absl::StatusOr<Store> OpenStore(const std::string& directory);

// A new store in memory, for tests. Has the same facts written in it.
Store NewMemoryStore();

}  // namespace omzien::storage

#endif  // OMZIEN_STORAGE_STORE_H_
