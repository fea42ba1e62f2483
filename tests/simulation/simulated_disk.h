// A disk in memory that loses what was not synced. By hand: RocksDB's own fault injection isn't in
// Debian's package, and one that tears bytes, forgets directory entries and fails at a chosen
// operation is in no other.
//
// What it models: a file's bytes are durable up to its last sync, a directory's entries as of the
// directory's last sync, and those since up to some point, in order (making a directory is durable
// at once). After a failed sync nothing that
// the file holds or is given becomes durable any more, though syncs succeed again, as Linux does
// it; the bytes can still be read until the power goes.

#ifndef OMZIEN_TESTS_SIMULATION_SIMULATED_DISK_H_
#define OMZIEN_TESTS_SIMULATION_SIMULATED_DISK_H_

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace omzien::simulation {

enum class Fault {
  kNone,
  kPowerCut,    // it and everything after it fails, until Reboot
  kError,       // EIO, once
  kNoSpace,     // ENOSPC, of what needs space
  kShortWrite,  // half of the bytes are written, then ENOSPC
  kFailedSync,  // EIO of a sync of a file or directory
};

// Thread-safe.
class SimulatedDisk : public rocksdb::FileSystem {
 public:
  static const char* kClassName() { return "SimulatedDisk"; }
  const char* Name() const override { return kClassName(); }

  // The `nth` operation that writes, from now on and counted from 1, of those that this fault can
  // happen to, under a path that contains `where`.
  void Arm(Fault fault, uint64_t nth, std::string where = "");
  // Whether the armed fault has happened.
  bool struck() const;
  // Operations that the armed fault could have happened to.
  uint64_t counted() const;

  // Comes back after a power cut (or after any kill, with everything as it was when `power_cut` is
  // false). Open files of before write nowhere any more. Of what was not synced, `random` decides:
  // nothing, all, a part, or (of logs) a part with a torn end.
  void Reboot(std::mt19937_64& random, bool power_cut);

  // --- FileSystem ---
  rocksdb::IOStatus NewSequentialFile(const std::string& path, const rocksdb::FileOptions&,
                                      std::unique_ptr<rocksdb::FSSequentialFile>* file,
                                      rocksdb::IODebugContext*) override;
  rocksdb::IOStatus NewRandomAccessFile(const std::string& path, const rocksdb::FileOptions&,
                                        std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                                        rocksdb::IODebugContext*) override;
  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions&,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext*) override;
  rocksdb::IOStatus NewDirectory(const std::string& path, const rocksdb::IOOptions&,
                                 std::unique_ptr<rocksdb::FSDirectory>* directory,
                                 rocksdb::IODebugContext*) override;
  rocksdb::IOStatus FileExists(const std::string& path, const rocksdb::IOOptions&,
                               rocksdb::IODebugContext*) override;
  rocksdb::IOStatus GetChildren(const std::string& path, const rocksdb::IOOptions&,
                                std::vector<std::string>* names, rocksdb::IODebugContext*) override;
  rocksdb::IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions&,
                               rocksdb::IODebugContext*) override;
  rocksdb::IOStatus CreateDir(const std::string& path, const rocksdb::IOOptions&,
                              rocksdb::IODebugContext*) override;
  rocksdb::IOStatus CreateDirIfMissing(const std::string& path, const rocksdb::IOOptions&,
                                       rocksdb::IODebugContext*) override;
  rocksdb::IOStatus DeleteDir(const std::string& path, const rocksdb::IOOptions&,
                              rocksdb::IODebugContext*) override;
  rocksdb::IOStatus GetFileSize(const std::string& path, const rocksdb::IOOptions&, uint64_t* size,
                                rocksdb::IODebugContext*) override;
  rocksdb::IOStatus GetFileModificationTime(const std::string& path, const rocksdb::IOOptions&,
                                            uint64_t* time, rocksdb::IODebugContext*) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions&, rocksdb::IODebugContext*) override;
  rocksdb::IOStatus LockFile(const std::string& path, const rocksdb::IOOptions&,
                             rocksdb::FileLock** lock, rocksdb::IODebugContext*) override;
  rocksdb::IOStatus UnlockFile(rocksdb::FileLock* lock, const rocksdb::IOOptions&,
                               rocksdb::IODebugContext*) override;
  rocksdb::IOStatus GetTestDirectory(const rocksdb::IOOptions&, std::string* path,
                                     rocksdb::IODebugContext*) override;
  rocksdb::IOStatus GetAbsolutePath(const std::string& path, const rocksdb::IOOptions&,
                                    std::string* absolute, rocksdb::IODebugContext*) override;
  rocksdb::IOStatus IsDirectory(const std::string& path, const rocksdb::IOOptions&,
                                bool* is_directory, rocksdb::IODebugContext*) override;

 private:
  class Reader;
  class RandomReader;
  class Writer;
  class Directory;
  class Lock;

  struct File {
    std::string content;
    size_t durable = 0;
    bool sync_failed = false;
  };
  using FilePtr = std::shared_ptr<File>;
  using Entries = std::map<std::string, FilePtr>;
  // What one operation did to the entries of a directory; null removes.
  using EntryChange = std::vector<std::pair<std::string, FilePtr>>;

  enum class Operation { kAppend, kSync, kCreate, kEntry };

  // What happens to this operation. Counts it.
  Fault Strike(Operation operation, const std::string& path) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  static rocksdb::IOStatus ErrorOf(Fault fault);
  void Change(const std::string& path, EntryChange change) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  FilePtr Find(const std::string& path) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  static void LoseUnsynced(bool is_log, File& file, std::mt19937_64& random);
  void LoseEntries(std::mt19937_64& random) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  Entries entries_ ABSL_GUARDED_BY(mutex_);
  Entries durable_entries_ ABSL_GUARDED_BY(mutex_);
  // By directory, in order, since its last sync.
  std::map<std::string, std::vector<EntryChange>> unsynced_ ABSL_GUARDED_BY(mutex_);
  std::set<std::string> directories_ ABSL_GUARDED_BY(mutex_);
  std::set<std::string> locks_ ABSL_GUARDED_BY(mutex_);
  uint64_t generation_ ABSL_GUARDED_BY(mutex_) = 0;

  Fault fault_ ABSL_GUARDED_BY(mutex_) = Fault::kNone;
  uint64_t nth_ ABSL_GUARDED_BY(mutex_) = 0;
  std::string where_ ABSL_GUARDED_BY(mutex_);
  uint64_t counted_ ABSL_GUARDED_BY(mutex_) = 0;
  bool struck_ ABSL_GUARDED_BY(mutex_) = false;
  bool off_ ABSL_GUARDED_BY(mutex_) = false;
};

// RocksDB's surroundings with this disk, and a clock on which nobody sleeps: after a failure
// RocksDB waits a second before it does anything again.
std::unique_ptr<rocksdb::Env> EnvOn(const std::shared_ptr<SimulatedDisk>& disk);

}  // namespace omzien::simulation

#endif  // OMZIEN_TESTS_SIMULATION_SIMULATED_DISK_H_
