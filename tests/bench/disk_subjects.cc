#include "tests/bench/disk_subjects.h"

#include <fcntl.h>
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>
#include <unistd.h>

#include <atomic>
#include <optional>
#include <stdexcept>
#include <utility>

#include "absl/strings/str_cat.h"
#include "omzien/storage/v1/records.pb.h"
#include "storage/blocking.h"
#include "storage/rocksdb/database.h"
#include "storage/rocksdb/encoding.h"
#include "storage/store.h"

namespace omzien::bench {
namespace {

template <class T>
T Must(absl::StatusOr<T> result) {
  if (!result.ok()) throw std::runtime_error(result.status().ToString());
  return *std::move(result);
}

// Eight bytes that differ for each number and have no order, as a keyed hash has none.
std::string Scattered(uint64_t number) {
  number += 0x9e3779b97f4a7c15;
  number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9;
  number = (number ^ (number >> 27)) * 0x94d049bb133111eb;
  return storage::EncodeRevision(number ^ (number >> 31));
}

// How far case keys were used, and the like.
constexpr size_t kShortKey = 16;

using FillBatch = std::function<void(uint64_t number, rocksdb::WriteBatch& batch)>;

struct OpenedStore {
  std::unique_ptr<storage::Database> database;
  std::atomic<uint64_t> next = 0;
};

std::shared_ptr<OpenedStore> OpenIn(const std::string& directory) {
  storage::RocksDbOptions options;
  options.directory = directory;
  auto store = std::make_shared<OpenedStore>();
  store->database = Must(storage::OpenDatabase(options));
  return store;
}

// Threads that write batches; `per_batch` operations each.
Subject Committing(std::string name, int threads, std::shared_ptr<OpenedStore> store,
                   uint64_t per_batch, FillBatch fill) {
  const Worker worker = [store, per_batch, fill = std::move(fill)](Tally& tally) {
    rocksdb::WriteOptions options;
    options.sync = true;
    while (!tally.over()) {
      const Clock::time_point began = Clock::now();
      rocksdb::WriteBatch batch;
      const uint64_t first = store->next.fetch_add(per_batch);
      for (uint64_t i = 0; i < per_batch; ++i) fill(first + i, batch);
      const bool ok = store->database->db->Write(options, &batch).ok();
      for (uint64_t i = 0; i < per_batch; ++i) tally.Done(began, ok);
    }
  };
  return {std::move(name), threads, [threads, worker](const Window& window) {
            return Measure(window, /*server=*/0, std::vector<Worker>(threads, worker));
          }};
}

FillBatch PlainRows(rocksdb::ColumnFamilyHandle* family, int rows) {
  return [family, rows](uint64_t number, rocksdb::WriteBatch& batch) {
    static const std::string kValue(100, 'v');
    for (int row = 0; row < rows; ++row) {
      batch.Put(family, Scattered(number * rows + row) + storage::EncodeRevision(number), kValue);
    }
  };
}

}  // namespace

SignalRows RowsOfLastSignal(const std::string& data_dir) {
  const auto store = Must(storage::OpenStore(data_dir));
  std::optional<storage::ChangeRecord> last;
  storage::Revision after = 0;
  for (;;) {
    auto changes = Must(store.cases->Changes(after, 1000));
    if (changes.empty()) break;
    after = changes.back().revision;
    for (storage::ChangeRecord& record : changes) {
      storage::v1::Change change;
      if (change.ParseFromString(record.change) && change.cases_size() == 1) last = record;
    }
  }
  if (!last) throw std::runtime_error("the store holds no signal");
  SignalRows rows;
  rows.change = last->change;
  storage::Range range{"", "", 1000};
  const auto snapshot = store.cases->GetSnapshot();
  for (;;) {
    auto entries = Must(storage::ScanNow(*snapshot, range));
    for (storage::Entry& entry : entries) {
      if (entry.versioned.revision != last->revision) continue;
      rows.writes.push_back({entry.key, std::move(entry.versioned.value)});
    }
    if (entries.size() < range.limit) return rows;
    range.begin = entries.back().key + '\0';
  }
}

Subject Fdatasync(const std::string& directory) {
  return {"fdatasync of 4 KiB", 1, [directory](const Window& window) {
            const std::string path = absl::StrCat(directory, "/fdatasync");
            const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
            if (file < 0) throw std::runtime_error("can't write " + path);
            Sample sample = Measure(window, 0, {[file](Tally& tally) {
                                      const std::string block(4096, 'x');
                                      while (!tally.over()) {
                                        const Clock::time_point began = Clock::now();
                                        const bool ok = write(file, block.data(), block.size()) ==
                                                            static_cast<ssize_t>(block.size()) &&
                                                        fdatasync(file) == 0;
                                        tally.Done(began, ok);
                                      }
                                    }});
            close(file);
            return sample;
          }};
}

Subject GroupCommitOfSignals(const std::string& directory, int threads, SignalRows rows) {
  const std::shared_ptr<OpenedStore> store = OpenIn(directory);
  return Committing("RocksDB group commit, a signal's rows", threads, store, 1,
                    [store, rows = std::move(rows)](uint64_t number, rocksdb::WriteBatch& batch) {
                      const std::string revision = storage::EncodeRevision(number + 1);
                      const std::string own = Scattered(number);
                      for (const storage::Write& write : rows.writes) {
                        std::string key = write.key;
                        // Those that name no signal are written again and again, by the server too.
                        if (key.size() > kShortKey)
                          key.replace(key.size() - own.size(), own.size(), own);
                        batch.Put(store->database->rows, key, revision + write.value.value_or(""));
                      }
                      batch.Put(store->database->changes, revision, rows.change);
                    });
}

Subject GroupCommitOfPlainRows(const std::string& directory, int threads, int rows) {
  const std::shared_ptr<OpenedStore> store = OpenIn(directory);
  return Committing(absl::StrCat("RocksDB group commit, ", rows, " plain rows"), threads, store, 1,
                    PlainRows(store->database->rows, rows));
}

Subject LargeCommitOfPlainRows(const std::string& directory, int signals, int rows) {
  const std::shared_ptr<OpenedStore> store = OpenIn(directory);
  return Committing(absl::StrCat("RocksDB, one writer, ", signals, " x ", rows, " plain rows"), 1,
                    store, signals, PlainRows(store->database->rows, rows));
}

}  // namespace omzien::bench
