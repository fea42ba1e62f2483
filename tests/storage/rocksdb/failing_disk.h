// A file system whose syncs of the log fail when told to. RocksDB's own fault injection is not
// shipped.

#ifndef OMZIEN_TESTS_STORAGE_ROCKSDB_FAILING_DISK_H_
#define OMZIEN_TESTS_STORAGE_ROCKSDB_FAILING_DISK_H_

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <atomic>
#include <memory>
#include <string>
#include <utility>

namespace omzien::storage {

// Thread-safe.
class FailingDisk : public rocksdb::FileSystemWrapper {
 public:
  FailingDisk() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

  const char* Name() const override { return "FailingDisk"; }

  std::atomic<bool> syncs_fail = false;
  // Of the log, that succeeded.
  std::atomic<int> syncs = 0;

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override {
    rocksdb::IOStatus status = FileSystemWrapper::NewWritableFile(name, options, file, debug);
    if (status.ok() && name.ends_with(".log")) {
      *file = std::make_unique<Log>(std::move(*file), *this);
    }
    return status;
  }

 private:
  class Log : public rocksdb::FSWritableFileOwnerWrapper {
   public:
    Log(std::unique_ptr<rocksdb::FSWritableFile> file, FailingDisk& disk)
        : FSWritableFileOwnerWrapper(std::move(file)), disk_(disk) {}

    rocksdb::IOStatus Sync(const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* debug) override {
      if (disk_.syncs_fail) return rocksdb::IOStatus::IOError("the disk does not sync");
      ++disk_.syncs;
      return FSWritableFileOwnerWrapper::Sync(options, debug);
    }
    rocksdb::IOStatus Fsync(const rocksdb::IOOptions& options,
                            rocksdb::IODebugContext* debug) override {
      return Sync(options, debug);
    }

   private:
    FailingDisk& disk_;
  };
};

}  // namespace omzien::storage

#endif  // OMZIEN_TESTS_STORAGE_ROCKSDB_FAILING_DISK_H_
