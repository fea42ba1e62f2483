#include "tests/simulation/simulated_disk.h"

#include <rocksdb/system_clock.h>

#include <algorithm>
#include <cstring>
#include <thread>
#include <utility>

namespace omzien::simulation {

using rocksdb::FileOptions;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

namespace {

constexpr size_t kSectorBytes = 512;

std::string ParentOf(const std::string& path) { return path.substr(0, path.rfind('/')); }

// RocksDB writes some paths with two slashes.
std::string Clean(const std::string& path) {
  std::string clean;
  for (const char c : path) {
    if (c != '/' || clean.empty() || clean.back() != '/') clean += c;
  }
  if (clean.size() > 1 && clean.back() == '/') clean.pop_back();
  return clean;
}

IOStatus NoFile(const std::string& path) { return IOStatus::NotFound(path); }

// A copy in `scratch`, as the interface wants it.
void CopyOut(const std::string& content, size_t at, size_t count, Slice* result, char* scratch) {
  const size_t size = at < content.size() ? std::min(count, content.size() - at) : 0;
  if (size > 0) std::memcpy(scratch, content.data() + at, size);
  *result = Slice(scratch, size);
}

class SleeplessClock : public rocksdb::SystemClockWrapper {
 public:
  SleeplessClock() : SystemClockWrapper(rocksdb::SystemClock::Default()) {}
  const char* Name() const override { return "SleeplessClock"; }
  void SleepForMicroseconds(int) override { std::this_thread::yield(); }
};

class SimulatedEnv : public rocksdb::EnvWrapper {
 public:
  explicit SimulatedEnv(const std::shared_ptr<SimulatedDisk>& disk)
      : EnvWrapper(rocksdb::NewCompositeEnv(disk)) {
    file_system_ = disk;
    system_clock_ = std::make_shared<SleeplessClock>();
  }
  const char* Name() const override { return "SimulatedEnv"; }
};

}  // namespace

class SimulatedDisk::Reader : public rocksdb::FSSequentialFile {
 public:
  Reader(SimulatedDisk& disk, FilePtr file) : disk_(disk), file_(std::move(file)) {}

  IOStatus Read(size_t n, const IOOptions&, Slice* result, char* scratch,
                IODebugContext*) override {
    absl::MutexLock lock(&disk_.mutex_);
    CopyOut(file_->content, at_, n, result, scratch);
    at_ += result->size();
    return IOStatus::OK();
  }
  IOStatus Skip(uint64_t n) override {
    at_ += n;
    return IOStatus::OK();
  }

 private:
  SimulatedDisk& disk_;
  const FilePtr file_;
  size_t at_ = 0;
};

class SimulatedDisk::RandomReader : public rocksdb::FSRandomAccessFile {
 public:
  RandomReader(SimulatedDisk& disk, FilePtr file) : disk_(disk), file_(std::move(file)) {}

  IOStatus Read(uint64_t offset, size_t n, const IOOptions&, Slice* result, char* scratch,
                IODebugContext*) const override {
    absl::MutexLock lock(&disk_.mutex_);
    CopyOut(file_->content, offset, n, result, scratch);
    return IOStatus::OK();
  }

 private:
  SimulatedDisk& disk_;
  const FilePtr file_;
};

class SimulatedDisk::Writer : public rocksdb::FSWritableFile {
 public:
  Writer(SimulatedDisk& disk, std::string path, FilePtr file)
      : disk_(disk), path_(std::move(path)), file_(std::move(file)) {}

  using FSWritableFile::Append;
  IOStatus Append(const Slice& data, const IOOptions&, IODebugContext*) override {
    absl::MutexLock lock(&disk_.mutex_);
    const Fault fault = disk_.Strike(Operation::kAppend, path_);
    if (fault == Fault::kNone) {
      file_->content.append(data.data(), data.size());
      return IOStatus::OK();
    }
    if (fault == Fault::kShortWrite || fault == Fault::kPowerCut) {
      file_->content.append(data.data(), data.size() / 2);
    }
    return ErrorOf(fault);
  }
  IOStatus Truncate(uint64_t size, const IOOptions&, IODebugContext*) override {
    absl::MutexLock lock(&disk_.mutex_);
    const Fault fault = disk_.Strike(Operation::kEntry, path_);
    if (fault != Fault::kNone) return ErrorOf(fault);
    file_->content.resize(size);
    file_->durable = std::min<size_t>(file_->durable, size);
    return IOStatus::OK();
  }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Flush(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Sync(const IOOptions&, IODebugContext*) override {
    absl::MutexLock lock(&disk_.mutex_);
    const Fault fault = disk_.Strike(Operation::kSync, path_);
    if (fault == Fault::kNone) {
      if (!file_->sync_failed) file_->durable = file_->content.size();
      return IOStatus::OK();
    }
    file_->sync_failed = true;
    return ErrorOf(fault);
  }
  bool IsSyncThreadSafe() const override { return true; }
  uint64_t GetFileSize(const IOOptions&, IODebugContext*) override {
    absl::MutexLock lock(&disk_.mutex_);
    return file_->content.size();
  }

 private:
  SimulatedDisk& disk_;
  const std::string path_;
  const FilePtr file_;
};

class SimulatedDisk::Directory : public rocksdb::FSDirectory {
 public:
  Directory(SimulatedDisk& disk, std::string path, uint64_t generation)
      : disk_(disk), path_(std::move(path)), generation_(generation) {}

  IOStatus Fsync(const IOOptions&, IODebugContext*) override {
    absl::MutexLock lock(&disk_.mutex_);
    const Fault fault = disk_.Strike(Operation::kSync, path_);
    if (fault != Fault::kNone) return ErrorOf(fault);
    if (generation_ != disk_.generation_) return IOStatus::OK();
    for (const EntryChange& change : disk_.unsynced_[path_]) {
      for (const auto& [path, file] : change) {
        if (file == nullptr) {
          disk_.durable_entries_.erase(path);
        } else {
          disk_.durable_entries_[path] = file;
        }
      }
    }
    disk_.unsynced_.erase(path_);
    return IOStatus::OK();
  }

 private:
  SimulatedDisk& disk_;
  const std::string path_;
  const uint64_t generation_;
};

class SimulatedDisk::Lock : public rocksdb::FileLock {
 public:
  explicit Lock(std::string locked) : path(std::move(locked)) {}
  const std::string path;
};

void SimulatedDisk::Arm(Fault fault, uint64_t nth, std::string where) {
  absl::MutexLock lock(&mutex_);
  fault_ = fault;
  nth_ = nth;
  where_ = std::move(where);
  counted_ = 0;
  struck_ = false;
}

bool SimulatedDisk::struck() const {
  absl::MutexLock lock(&mutex_);
  return struck_;
}

uint64_t SimulatedDisk::counted() const {
  absl::MutexLock lock(&mutex_);
  return counted_;
}

Fault SimulatedDisk::Strike(Operation operation, const std::string& path) {
  if (off_) return Fault::kPowerCut;
  const bool applies = fault_ == Fault::kPowerCut || fault_ == Fault::kError ||
                       (fault_ == Fault::kNoSpace &&
                        (operation == Operation::kAppend || operation == Operation::kCreate)) ||
                       (fault_ == Fault::kShortWrite && operation == Operation::kAppend) ||
                       (fault_ == Fault::kFailedSync && operation == Operation::kSync);
  if (!applies || path.find(where_) == std::string::npos) return Fault::kNone;
  if (++counted_ != nth_) return Fault::kNone;
  struck_ = true;
  if (fault_ == Fault::kPowerCut) off_ = true;
  return fault_;
}

IOStatus SimulatedDisk::ErrorOf(Fault fault) {
  if (fault == Fault::kNoSpace || fault == Fault::kShortWrite) {
    return IOStatus::NoSpace("no space left on the simulated disk");
  }
  return IOStatus::IOError(fault == Fault::kPowerCut ? "the power is off" : "the disk errs");
}

SimulatedDisk::FilePtr SimulatedDisk::Find(const std::string& path) {
  const auto found = entries_.find(Clean(path));
  return found == entries_.end() ? nullptr : found->second;
}

void SimulatedDisk::Change(const std::string& path, EntryChange change) {
  for (const auto& [name, file] : change) {
    if (file == nullptr) {
      entries_.erase(name);
    } else {
      entries_[name] = file;
    }
  }
  unsynced_[ParentOf(path)].push_back(std::move(change));
}

void SimulatedDisk::LoseUnsynced(bool is_log, File& file, std::mt19937_64& random) {
  const size_t unsynced = file.content.size() - std::min(file.durable, file.content.size());
  if (unsynced > 0) {
    switch (random() % (is_log ? 4 : 3)) {
      case 0:
        file.content.resize(file.durable);
        break;
      case 1:
        break;
      case 2:
        file.content.resize(file.durable + random() % (unsynced + 1));
        break;
      default: {
        // The size was written, the end of the bytes was not. Of logs only: RocksDB doesn't open a
        // MANIFEST that ends so, and file systems that write data before the size (ext4, XFS) don't
        // make one.
        const size_t kept = random() % (unsynced + 1);
        const size_t torn = std::min(unsynced - kept, kSectorBytes);
        file.content.resize(file.durable + kept + torn);
        const char filler = random() % 2 == 0 ? '\0' : static_cast<char>(random());
        std::fill(file.content.end() - static_cast<ptrdiff_t>(torn), file.content.end(), filler);
      }
    }
  }
  // What is there after a reboot was read from the disk.
  file.durable = file.content.size();
  file.sync_failed = false;
}

void SimulatedDisk::LoseEntries(std::mt19937_64& random) {
  entries_ = durable_entries_;
  for (const auto& [directory, changes] : unsynced_) {
    // In order, as file systems with a journal keep them: RocksDB renames CURRENT to point to a
    // MANIFEST before either entry is synced.
    const size_t kept = random() % (changes.size() + 1);
    for (size_t i = 0; i < kept; ++i) {
      for (const auto& [path, file] : changes[i]) {
        if (file == nullptr) {
          entries_.erase(path);
        } else {
          entries_[path] = file;
        }
      }
    }
  }
}

void SimulatedDisk::Reboot(std::mt19937_64& random, bool power_cut) {
  absl::MutexLock lock(&mutex_);
  if (power_cut) LoseEntries(random);
  // Copies: a file that is still open from before writes to nobody's.
  std::map<File*, FilePtr> copies;
  for (auto& [path, file] : entries_) {
    FilePtr& copy = copies[file.get()];
    if (copy == nullptr) {
      copy = std::make_shared<File>(*file);
      if (power_cut) LoseUnsynced(path.ends_with(".log"), *copy, random);
    }
    file = copy;
  }
  if (power_cut) {
    durable_entries_ = entries_;
    unsynced_.clear();
  } else {
    for (auto& [path, file] : durable_entries_) {
      if (copies.contains(file.get())) file = copies[file.get()];
    }
    for (auto& [directory, changes] : unsynced_) {
      for (EntryChange& change : changes) {
        for (auto& [path, file] : change) {
          if (file != nullptr && copies.contains(file.get())) file = copies[file.get()];
        }
      }
    }
  }
  locks_.clear();
  ++generation_;
  off_ = false;
  fault_ = Fault::kNone;
}

IOStatus SimulatedDisk::NewSequentialFile(const std::string& path, const FileOptions&,
                                          std::unique_ptr<rocksdb::FSSequentialFile>* file,
                                          IODebugContext*) {
  absl::MutexLock lock(&mutex_);
  FilePtr found = Find(path);
  if (found == nullptr) return NoFile(path);
  *file = std::make_unique<Reader>(*this, std::move(found));
  return IOStatus::OK();
}

IOStatus SimulatedDisk::NewRandomAccessFile(const std::string& path, const FileOptions&,
                                            std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                                            IODebugContext*) {
  absl::MutexLock lock(&mutex_);
  FilePtr found = Find(path);
  if (found == nullptr) return NoFile(path);
  *file = std::make_unique<RandomReader>(*this, std::move(found));
  return IOStatus::OK();
}

IOStatus SimulatedDisk::NewWritableFile(const std::string& path, const FileOptions&,
                                        std::unique_ptr<rocksdb::FSWritableFile>* file,
                                        IODebugContext*) {
  absl::MutexLock lock(&mutex_);
  const std::string clean = Clean(path);
  const Fault fault = Strike(Operation::kCreate, clean);
  if (fault != Fault::kNone) return ErrorOf(fault);
  auto made = std::make_shared<File>();
  Change(clean, {{clean, made}});
  *file = std::make_unique<Writer>(*this, clean, std::move(made));
  return IOStatus::OK();
}

IOStatus SimulatedDisk::NewDirectory(const std::string& path, const IOOptions&,
                                     std::unique_ptr<rocksdb::FSDirectory>* directory,
                                     IODebugContext*) {
  absl::MutexLock lock(&mutex_);
  if (!directories_.contains(Clean(path))) return NoFile(path);
  *directory = std::make_unique<Directory>(*this, Clean(path), generation_);
  return IOStatus::OK();
}

IOStatus SimulatedDisk::FileExists(const std::string& path, const IOOptions&, IODebugContext*) {
  absl::MutexLock lock(&mutex_);
  return Find(path) != nullptr || directories_.contains(Clean(path)) ? IOStatus::OK()
                                                                     : NoFile(path);
}

IOStatus SimulatedDisk::GetChildren(const std::string& path, const IOOptions&,
                                    std::vector<std::string>* names, IODebugContext*) {
  absl::MutexLock lock(&mutex_);
  names->clear();
  const std::string clean = Clean(path);
  if (!directories_.contains(clean)) return NoFile(path);
  for (const auto& [name, file] : entries_) {
    if (ParentOf(name) == clean) names->push_back(name.substr(clean.size() + 1));
  }
  return IOStatus::OK();
}

IOStatus SimulatedDisk::DeleteFile(const std::string& path, const IOOptions&, IODebugContext*) {
  absl::MutexLock lock(&mutex_);
  const std::string clean = Clean(path);
  if (Find(clean) == nullptr) return NoFile(path);
  const Fault fault = Strike(Operation::kEntry, clean);
  if (fault != Fault::kNone) return ErrorOf(fault);
  Change(clean, {{clean, nullptr}});
  return IOStatus::OK();
}

IOStatus SimulatedDisk::CreateDir(const std::string& path, const IOOptions&, IODebugContext*) {
  absl::MutexLock lock(&mutex_);
  directories_.insert(Clean(path));
  return IOStatus::OK();
}

IOStatus SimulatedDisk::CreateDirIfMissing(const std::string& path, const IOOptions& options,
                                           IODebugContext* debug) {
  return CreateDir(path, options, debug);
}

IOStatus SimulatedDisk::DeleteDir(const std::string& path, const IOOptions&, IODebugContext*) {
  absl::MutexLock lock(&mutex_);
  directories_.erase(Clean(path));
  return IOStatus::OK();
}

IOStatus SimulatedDisk::GetFileSize(const std::string& path, const IOOptions&, uint64_t* size,
                                    IODebugContext*) {
  absl::MutexLock lock(&mutex_);
  const FilePtr found = Find(path);
  if (found == nullptr) return NoFile(path);
  *size = found->content.size();
  return IOStatus::OK();
}

IOStatus SimulatedDisk::GetFileModificationTime(const std::string&, const IOOptions&,
                                                uint64_t* time, IODebugContext*) {
  *time = 0;
  return IOStatus::OK();
}

IOStatus SimulatedDisk::RenameFile(const std::string& from, const std::string& to, const IOOptions&,
                                   IODebugContext*) {
  absl::MutexLock lock(&mutex_);
  FilePtr file = Find(from);
  if (file == nullptr) return NoFile(from);
  const std::string target = Clean(to);
  const Fault fault = Strike(Operation::kEntry, target);
  if (fault != Fault::kNone) return ErrorOf(fault);
  Change(target, {{Clean(from), nullptr}, {target, std::move(file)}});
  return IOStatus::OK();
}

IOStatus SimulatedDisk::LockFile(const std::string& path, const IOOptions&,
                                 rocksdb::FileLock** lock, IODebugContext*) {
  absl::MutexLock held(&mutex_);
  if (!locks_.insert(Clean(path)).second) return IOStatus::IOError("locked already", path);
  *lock = new Lock(Clean(path));
  return IOStatus::OK();
}

IOStatus SimulatedDisk::UnlockFile(rocksdb::FileLock* lock, const IOOptions&, IODebugContext*) {
  absl::MutexLock held(&mutex_);
  locks_.erase(static_cast<Lock*>(lock)->path);
  delete lock;
  return IOStatus::OK();
}

IOStatus SimulatedDisk::GetTestDirectory(const IOOptions&, std::string* path, IODebugContext*) {
  *path = "/simulated";
  return IOStatus::OK();
}

IOStatus SimulatedDisk::GetAbsolutePath(const std::string& path, const IOOptions&,
                                        std::string* absolute, IODebugContext*) {
  *absolute = path;
  return IOStatus::OK();
}

IOStatus SimulatedDisk::IsDirectory(const std::string& path, const IOOptions&, bool* is_directory,
                                    IODebugContext*) {
  absl::MutexLock lock(&mutex_);
  *is_directory = directories_.contains(Clean(path));
  return IOStatus::OK();
}

std::unique_ptr<rocksdb::Env> EnvOn(const std::shared_ptr<SimulatedDisk>& disk) {
  return std::make_unique<SimulatedEnv>(disk);
}

}  // namespace omzien::simulation
