// One process per store directory.

#ifndef OMZIEN_STORAGE_DIRECTORY_LOCK_H_
#define OMZIEN_STORAGE_DIRECTORY_LOCK_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace omzien::storage {

// Held as long as the object; the kernel gives it up when the process ends, however it ends, so a
// lock file that is left behind means nothing.
class DirectoryLock {
 public:
  // Locks `<directory>/LOCK`, made with mode 0600 if absent, and writes this process's id in it.
  // Never waits. FAILED_PRECONDITION if it is held, by another process or in this one: the sentence
  // names the directory, the holder if known, and the remedy. UNAVAILABLE if the file system
  // refuses.
  static absl::StatusOr<std::unique_ptr<DirectoryLock>> Acquire(const std::string& directory);

  ~DirectoryLock();
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;

 private:
  explicit DirectoryLock(int descriptor) : descriptor_(descriptor) {}

  const int descriptor_;
};

}  // namespace omzien::storage

#endif  // OMZIEN_STORAGE_DIRECTORY_LOCK_H_
