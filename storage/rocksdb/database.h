// An open RocksDB with the three column families of the engine, and consistent views of it. For
// this folder alone.

#ifndef OMZIEN_STORAGE_ROCKSDB_DATABASE_H_
#define OMZIEN_STORAGE_ROCKSDB_DATABASE_H_

#include <rocksdb/db.h>
#include <rocksdb/options.h>

#include <memory>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/engine.h"
#include "storage/rocksdb/rocksdb_engine.h"

namespace omzien::storage {

// Closes RocksDB when it goes. Nothing that was read through it may outlive it.
struct Database {
  Database() = default;
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  std::unique_ptr<rocksdb::DB> db;
  // What Get and Scan see.
  rocksdb::ColumnFamilyHandle* rows = nullptr;
  // The feed, by revision; apart from the rows, so that trimming it leaves no tombstones among
  // them.
  rocksdb::ColumnFamilyHandle* changes = nullptr;
  // kLastRevision and kTrimmed.
  rocksdb::ColumnFamilyHandle* facts = nullptr;
};

// In `facts`: the revision of the last commit, and of the last change that was trimmed.
inline constexpr std::string_view kLastRevision = "last_revision";
inline constexpr std::string_view kTrimmed = "trimmed";

// Errors as OpenRocksDb.
absl::StatusOr<std::unique_ptr<Database>> OpenDatabase(const RocksDbOptions& options);

// The database as it was when the view was made, with what it then said of itself. Whoever makes
// one makes sure that no write is under way: then it is exactly the state of `revision`.
// Immutable, thread-safe.
class View {
 public:
  View(const Database& database, Revision revision, Revision trimmed);
  ~View();
  View(const View&) = delete;
  View& operator=(const View&) = delete;

  const Database& database() const { return database_; }
  Revision revision() const { return revision_; }
  Revision trimmed() const { return trimmed_; }
  // Options of a read that sees this view.
  rocksdb::ReadOptions ReadOptions() const;

 private:
  const Database& database_;
  const rocksdb::Snapshot* const snapshot_;
  const Revision revision_;
  const Revision trimmed_;
};

// What a failed read tells the caller.
absl::Status Unreadable(const rocksdb::Status& status);

}  // namespace omzien::storage

#endif  // OMZIEN_STORAGE_ROCKSDB_DATABASE_H_
