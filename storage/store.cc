#include "storage/store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <optional>
#include <random>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "storage/blocking.h"
#include "storage/keys.h"
#include "storage/memory/memory_engine.h"
#include "storage/rocksdb/rocksdb_engine.h"

namespace omzien::storage {
namespace {

// Keys are small and few beside cases.
constexpr size_t kKeyStoreCacheBytes = size_t{16} << 20;
constexpr size_t kKeyStoreBufferBytes = size_t{8} << 20;
constexpr int kKeyStoreOpenFiles = 64;

std::string DrawIncarnation() {
  // Debian's reads the kernel's generator.
  std::random_device random;
  std::string incarnation;
  for (int i = 0; i < 4; ++i) {
    absl::StrAppend(&incarnation, absl::Hex(uint32_t{random()}, absl::kZeroPad8));
  }
  return incarnation;
}

absl::Status Refused(const std::string& what, const std::string& path) {
  return absl::UnavailableError(
      absl::StrCat("cannot ", what, " ", path, ": ", std::strerror(errno)));
}

// So that a new entry of the directory survives a power cut.
absl::Status SyncDirectory(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return Refused("open", path);
  const int result = ::fsync(descriptor);
  absl::Status status = result == 0 ? absl::OkStatus() : Refused("sync", path);
  ::close(descriptor);
  return status;
}

absl::Status MakeDirectory(const std::string& directory) {
  std::error_code error;
  std::filesystem::path path = std::filesystem::absolute(directory, error).lexically_normal();
  // "store/" names the same directory as "store", and must not become its own parent.
  if (!path.has_filename()) path = path.parent_path();
  const std::filesystem::path parent = path.parent_path();
  if (!error) std::filesystem::create_directories(parent, error);
  if (error) {
    return absl::UnavailableError(absl::StrCat("cannot make the parent of the store directory ",
                                               directory, ": ", error.message()));
  }
  if (::mkdir(path.c_str(), S_IRWXU) == 0) return SyncDirectory(parent.string());
  if (errno != EEXIST) return Refused("make the store directory", directory);
  if (!std::filesystem::is_directory(path, error)) {
    return absl::UnavailableError(
        absl::StrCat("the store directory ", directory, " is not a directory"));
  }
  return absl::OkStatus();
}

// What an engine says of the store it belongs to. Neither is there in a new one.
struct Facts {
  std::optional<std::string> format;
  std::optional<std::string> incarnation;
};

absl::StatusOr<Facts> ReadFacts(Engine& engine) {
  const auto snapshot = engine.GetSnapshot();
  auto found = MultiGetNow(*snapshot, {keys::StoreFormat(), keys::StoreIncarnation()});
  if (!found.ok()) return found.status();
  Facts facts;
  if ((*found)[0]) facts.format = std::move((*found)[0]->value);
  if ((*found)[1]) facts.incarnation = std::move((*found)[1]->value);
  return facts;
}

absl::Status WriteFacts(Engine& engine, const std::string& incarnation) {
  CommitRequest request;
  request.writes.push_back({keys::StoreFormat(), absl::StrCat(kStoreFormat)});
  request.writes.push_back({keys::StoreIncarnation(), incarnation});
  return CommitNow(engine, std::move(request)).status();
}

absl::Status CheckFormat(const Facts& facts, const std::string& directory) {
  if (!facts.format) return absl::OkStatus();
  int format = 0;
  if (!absl::SimpleAtoi(*facts.format, &format)) {
    return absl::DataLossError(
        absl::StrCat("the store in ", directory, " does not say which format it has"));
  }
  if (format == kStoreFormat) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "the store in ", directory, " has format ", format, ", and this program knows format ",
      kStoreFormat, " only: use the program that wrote it, or ",
      format > kStoreFormat ? "a later one" : "one that can convert it"));
}

// Gives a new store its facts, or checks those of an old one. The cases get theirs last, so a
// program that is stopped in between finds a new store again.
absl::Status Settle(Store& store, const std::string& directory) {
  const absl::StatusOr<Facts> cases = ReadFacts(*store.cases);
  if (!cases.ok()) return cases.status();
  const absl::StatusOr<Facts> keys = ReadFacts(*store.keys);
  if (!keys.ok()) return keys.status();
  for (const Facts& facts : {*cases, *keys}) {
    if (absl::Status status = CheckFormat(facts, directory); !status.ok()) return status;
  }
  if (!cases->incarnation) {
    if (store.cases->GetSnapshot()->revision() != 0) {
      return absl::DataLossError(
          absl::StrCat("the store in ", directory, " has rows and no incarnation"));
    }
    store.incarnation = DrawIncarnation();
    if (absl::Status status = WriteFacts(*store.keys, store.incarnation); !status.ok()) {
      return status;
    }
    return WriteFacts(*store.cases, store.incarnation);
  }
  if (cases->incarnation != keys->incarnation) {
    return absl::FailedPreconditionError(
        absl::StrCat("the keys in ", directory, "/keys are not those of the cases in ", directory,
                     "/cases: put back the two folders that belong together"));
  }
  store.incarnation = *cases->incarnation;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Store> OpenStore(const std::string& directory) {
  if (absl::Status status = MakeDirectory(directory); !status.ok()) return status;
  Store store;
  absl::StatusOr<std::unique_ptr<DirectoryLock>> lock = DirectoryLock::Acquire(directory);
  if (!lock.ok()) return lock.status();
  store.lock = *std::move(lock);

  RocksDbOptions options;
  options.directory = absl::StrCat(directory, "/cases");
  absl::StatusOr<std::unique_ptr<Engine>> cases = OpenRocksDb(options);
  if (!cases.ok()) return cases.status();
  store.cases = *std::move(cases);

  options.directory = absl::StrCat(directory, "/keys");
  options.block_cache_bytes = kKeyStoreCacheBytes;
  options.write_buffer_bytes = kKeyStoreBufferBytes;
  options.max_open_files = kKeyStoreOpenFiles;
  absl::StatusOr<std::unique_ptr<Engine>> keys = OpenRocksDb(options);
  if (!keys.ok()) return keys.status();
  store.keys = *std::move(keys);

  if (absl::Status status = SyncDirectory(directory); !status.ok()) return status;
  if (absl::Status status = Settle(store, directory); !status.ok()) return status;
  return store;
}

Store NewMemoryStore() {
  Store store;
  store.cases = NewMemoryEngine();
  store.keys = NewMemoryEngine();
  // Cannot fail: both are new, and memory takes every commit within its limits.
  Settle(store, "memory").IgnoreError();
  return store;
}

}  // namespace omzien::storage
