#include "storage/directory_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace omzien::storage {
namespace {

// What the holder wrote of itself, or nothing: it may be just about to write.
std::string Holder(int descriptor) {
  char text[24];
  const ssize_t size = ::pread(descriptor, text, sizeof(text), 0);
  if (size <= 0) return "";
  const std::string pid(text, std::find_if_not(text, text + size, [](unsigned char c) {
                          return std::isdigit(c) != 0;
                        }));
  return pid.empty() ? "" : absl::StrCat(" (process ", pid, ")");
}

// Only for people to read: what locks is the kernel's lock, so failing to write it is no failure.
void WriteHolder(int descriptor) {
  const std::string pid = absl::StrCat(::getpid(), "\n");
  if (::ftruncate(descriptor, 0) != 0) return;
  [[maybe_unused]] const ssize_t written = ::pwrite(descriptor, pid.data(), pid.size(), 0);
}

}  // namespace

absl::StatusOr<std::unique_ptr<DirectoryLock>> DirectoryLock::Acquire(
    const std::string& directory) {
  const std::string path = absl::StrCat(directory, "/LOCK");
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor < 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot open the lock file ", path, ": ", std::strerror(errno)));
  }
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    const std::string holder = Holder(descriptor);
    ::close(descriptor);
    if (error != EWOULDBLOCK) {
      return absl::UnavailableError(absl::StrCat("cannot lock ", path, ": ", std::strerror(error)));
    }
    return absl::FailedPreconditionError(
        absl::StrCat("another server", holder, " is using the store directory ", directory,
                     ": stop that server, or choose another directory for this one"));
  }
  WriteHolder(descriptor);
  return std::unique_ptr<DirectoryLock>(new DirectoryLock(descriptor));
}

// Closing gives up the lock. The file stays: to remove it could take the lock from under a process
// that has just opened it.
DirectoryLock::~DirectoryLock() { ::close(descriptor_); }

}  // namespace omzien::storage
