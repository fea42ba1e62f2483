#include "storage/rocksdb/rocksdb_engine.h"

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "storage/commit_queue.h"
#include "storage/rocksdb/database.h"
#include "storage/rocksdb/encoding.h"

namespace omzien::storage {
namespace {

absl::Status Malformed() {
  return absl::UnavailableError("the store cannot be read: a row is too short to hold a revision");
}

// The row of each key in the view, pinned where it lies: values[i] is null where absent.
struct PinnedRows {
  std::vector<rocksdb::PinnableSlice> pinned;
  std::vector<const rocksdb::Slice*> values;
};

absl::StatusOr<PinnedRows> ReadRows(const View& view, const std::vector<rocksdb::Slice>& keys) {
  PinnedRows found{std::vector<rocksdb::PinnableSlice>(keys.size()),
                   std::vector<const rocksdb::Slice*>(keys.size(), nullptr)};
  if (keys.empty()) return found;
  const Database& database = view.database();
  std::vector<rocksdb::Status> statuses(keys.size());
  database.db->MultiGet(view.ReadOptions(), database.rows, keys.size(), keys.data(),
                        found.pinned.data(), statuses.data());
  for (size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].ok()) {
      found.values[i] = &found.pinned[i];
    } else if (!statuses[i].IsNotFound()) {
      return Unreadable(statuses[i]);
    }
  }
  return found;
}

absl::StatusOr<std::vector<std::optional<Versioned>>> ReadVersioned(
    const View& view, const std::vector<std::string>& keys) {
  const std::vector<rocksdb::Slice> slices(keys.begin(), keys.end());
  absl::StatusOr<PinnedRows> rows = ReadRows(view, slices);
  if (!rows.ok()) return rows.status();
  std::vector<std::optional<Versioned>> found(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    if (rows->values[i] == nullptr) continue;
    found[i] = DecodeRow(*rows->values[i]);
    if (!found[i]) return Malformed();
  }
  return found;
}

absl::StatusOr<std::vector<Entry>> ScanRows(const View& view, const Range& range) {
  if (range.limit == 0) return absl::InvalidArgumentError("a scan's limit is 0");
  std::vector<Entry> found;
  // RocksDB does not say what an upper bound below the beginning means.
  if (!range.end.empty() && range.end <= range.begin) return found;
  rocksdb::ReadOptions read = view.ReadOptions();
  const rocksdb::Slice end(range.end);
  if (!range.end.empty()) read.iterate_upper_bound = &end;
  const Database& database = view.database();
  const std::unique_ptr<rocksdb::Iterator> row(database.db->NewIterator(read, database.rows));
  for (row->Seek(range.begin); row->Valid() && found.size() < range.limit; row->Next()) {
    std::optional<Versioned> versioned = DecodeRow(row->value());
    if (!versioned) return Malformed();
    found.push_back({row->key().ToString(), *std::move(versioned)});
  }
  if (!row->status().ok()) return Unreadable(row->status());
  return found;
}

class RocksDbSnapshot : public Snapshot {
 public:
  explicit RocksDbSnapshot(std::shared_ptr<const View> view) : view_(std::move(view)) {}

  Revision revision() const override { return view_->revision(); }

  void MultiGet(std::vector<std::string> keys, MultiGetDone done) const override {
    done(ReadVersioned(*view_, keys));
  }

  void Scan(Range range, ScanDone done) const override { done(ScanRows(*view_, range)); }

 private:
  const std::shared_ptr<const View> view_;
};

// Readers share the view that the last write published; making one there, with no write under way,
// is what makes a snapshot's revision exact.
class RocksDbEngine : public Engine {
 public:
  RocksDbEngine(std::unique_ptr<Database> database, Revision last_revision, Revision trimmed,
                Limits limits)
      : database_(std::move(database)),
        limits_(limits),
        latest_(std::make_shared<const View>(*database_, last_revision, trimmed)),
        queue_(limits, [this](CommitRequest request) { return Apply(std::move(request)); }) {}

  std::unique_ptr<Snapshot> GetSnapshot() override {
    return std::make_unique<RocksDbSnapshot>(Latest());
  }

  void Commit(CommitRequest request, CommitDone done) override {
    queue_.Push(std::move(request), std::move(done));
  }

  absl::StatusOr<std::vector<ChangeRecord>> Changes(Revision after, size_t limit) override;
  absl::Status TrimChanges(Revision through) override ABSL_LOCKS_EXCLUDED(write_mutex_);
  Limits limits() const override { return limits_; }

 private:
  std::shared_ptr<const View> Latest() const ABSL_LOCKS_EXCLUDED(latest_mutex_) {
    absl::MutexLock lock(&latest_mutex_);
    return latest_;
  }

  absl::StatusOr<Revision> Apply(CommitRequest request) ABSL_LOCKS_EXCLUDED(write_mutex_);
  static absl::Status Check(const View& view, const std::vector<Precondition>& preconditions);
  // Durable and published when it returns OK.
  absl::Status Write(rocksdb::WriteBatch& batch, Revision revision, Revision trimmed)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex_) ABSL_LOCKS_EXCLUDED(latest_mutex_);

  const std::unique_ptr<Database> database_;
  const Limits limits_;

  // Held while something is written, synced and published.
  absl::Mutex write_mutex_ ABSL_ACQUIRED_BEFORE(latest_mutex_);
  // A write failed: RocksDB may hold, and even show, what was never reported. Nothing is published
  // any more, so that readers stay at what is known to be durable.
  bool in_doubt_ ABSL_GUARDED_BY(write_mutex_) = false;

  // Apart from write_mutex_, so that no reader waits for a sync.
  mutable absl::Mutex latest_mutex_;
  std::shared_ptr<const View> latest_ ABSL_GUARDED_BY(latest_mutex_);

  // Last: goes first, and so ends its thread while the rest is there.
  CommitQueue queue_;
};

absl::Status RocksDbEngine::Write(rocksdb::WriteBatch& batch, Revision revision, Revision trimmed) {
  if (in_doubt_) return absl::UnavailableError("an earlier write of the store is in doubt");
  rocksdb::WriteOptions options;
  options.sync = true;
  const rocksdb::Status status = database_->db->Write(options, &batch);
  if (!status.ok()) {
    in_doubt_ = true;
    return absl::UnavailableError(
        absl::StrCat("a write of the store is in doubt: ", status.ToString()));
  }
  auto view = std::make_shared<const View>(*database_, revision, trimmed);
  absl::MutexLock lock(&latest_mutex_);
  latest_.swap(view);
  return absl::OkStatus();
}

absl::Status RocksDbEngine::Check(const View& view,
                                  const std::vector<Precondition>& preconditions) {
  std::vector<rocksdb::Slice> keys;
  keys.reserve(preconditions.size());
  for (const Precondition& precondition : preconditions) keys.emplace_back(precondition.key);
  absl::StatusOr<PinnedRows> rows = ReadRows(view, keys);
  if (!rows.ok()) return rows.status();
  for (size_t i = 0; i < preconditions.size(); ++i) {
    std::optional<Revision> revision;
    if (rows->values[i] != nullptr) {
      revision = DecodeRevision(*rows->values[i]);
      if (!revision) return Malformed();
    }
    if (revision != preconditions[i].revision) {
      return absl::AbortedError("a precondition of the commit did not hold");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Revision> RocksDbEngine::Apply(CommitRequest request) {
  absl::MutexLock lock(&write_mutex_);
  const std::shared_ptr<const View> latest = Latest();
  if (absl::Status status = Check(*latest, request.preconditions); !status.ok()) return status;
  const Revision revision = latest->revision() + 1;
  const std::string encoded = EncodeRevision(revision);
  rocksdb::WriteBatch batch;
  rocksdb::Status status;
  // In the order of their keys, in which they cost RocksDB's tables least to take.
  std::sort(request.writes.begin(), request.writes.end(),
            [](const auto& a, const auto& b) { return a.key < b.key; });
  for (const omzien::storage::Write& write : request.writes) {
    if (write.value) {
      const rocksdb::Slice key(write.key);
      const rocksdb::Slice value[] = {encoded, *write.value};
      status =
          batch.Put(database_->rows, rocksdb::SliceParts(&key, 1), rocksdb::SliceParts(value, 2));
    } else {
      status = batch.Delete(database_->rows, write.key);
    }
    if (!status.ok()) break;
  }
  if (status.ok() && !request.change.empty()) {
    status = batch.Put(database_->changes, encoded, request.change);
  }
  if (status.ok()) status = batch.Put(database_->facts, kLastRevision, encoded);
  // The limits keep a batch far below what RocksDB can hold, so this says that memory is wrong.
  if (!status.ok()) return absl::UnavailableError(absl::StrCat("no batch: ", status.ToString()));
  if (absl::Status written = Write(batch, revision, latest->trimmed()); !written.ok()) {
    return written;
  }
  return revision;
}

absl::StatusOr<std::vector<ChangeRecord>> RocksDbEngine::Changes(Revision after, size_t limit) {
  if (limit == 0) return absl::InvalidArgumentError("the limit of changes is 0");
  const std::shared_ptr<const View> view = Latest();
  if (after < view->trimmed()) {
    return absl::OutOfRangeError("changes after that revision were trimmed");
  }
  std::vector<ChangeRecord> found;
  if (after >= view->revision()) return found;
  const std::unique_ptr<rocksdb::Iterator> change(
      database_->db->NewIterator(view->ReadOptions(), database_->changes));
  for (change->Seek(EncodeRevision(after + 1)); change->Valid() && found.size() < limit;
       change->Next()) {
    const std::optional<Revision> revision = DecodeRevision(change->key());
    if (!revision) return Malformed();
    found.push_back({*revision, change->value().ToString()});
  }
  if (!change->status().ok()) return Unreadable(change->status());
  return found;
}

absl::Status RocksDbEngine::TrimChanges(Revision through) {
  absl::MutexLock lock(&write_mutex_);
  const std::shared_ptr<const View> latest = Latest();
  // The last change that goes: readers past it have missed nothing.
  const std::unique_ptr<rocksdb::Iterator> last(
      database_->db->NewIterator(latest->ReadOptions(), database_->changes));
  last->SeekForPrev(EncodeRevision(through));
  if (!last->status().ok()) return Unreadable(last->status());
  if (!last->Valid()) return absl::OkStatus();
  const std::optional<Revision> trimmed = DecodeRevision(last->key());
  if (!trimmed) return Malformed();
  rocksdb::WriteBatch batch;
  rocksdb::Status status =
      batch.DeleteRange(database_->changes, EncodeRevision(0), EncodeRevision(*trimmed + 1));
  if (status.ok()) status = batch.Put(database_->facts, kTrimmed, EncodeRevision(*trimmed));
  if (!status.ok()) return absl::UnavailableError(absl::StrCat("no batch: ", status.ToString()));
  return Write(batch, latest->revision(), *trimmed);
}

// 0 if it was never written.
absl::StatusOr<Revision> ReadFact(const Database& database, std::string_view name) {
  std::string value;
  const rocksdb::Status status =
      database.db->Get(rocksdb::ReadOptions(), database.facts, name, &value);
  if (status.IsNotFound()) return Revision{0};
  if (!status.ok()) return Unreadable(status);
  const std::optional<Revision> revision = DecodeRevision(value);
  if (!revision) return absl::DataLossError("RocksDB holds a revision that is cut short");
  return *revision;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Engine>> OpenRocksDb(const RocksDbOptions& options) {
  absl::StatusOr<std::unique_ptr<Database>> database = OpenDatabase(options);
  if (!database.ok()) return database.status();
  const absl::StatusOr<Revision> last_revision = ReadFact(**database, kLastRevision);
  if (!last_revision.ok()) return last_revision.status();
  const absl::StatusOr<Revision> trimmed = ReadFact(**database, kTrimmed);
  if (!trimmed.ok()) return trimmed.status();
  return std::make_unique<RocksDbEngine>(*std::move(database), *last_revision, *trimmed,
                                         options.limits);
}

}  // namespace omzien::storage
