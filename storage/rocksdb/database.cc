#include "storage/rocksdb/database.h"

#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "storage/rocksdb/info_log.h"

namespace omzien::storage {
namespace {

constexpr char kChangesFamily[] = "changes";
constexpr char kFactsFamily[] = "facts";

// The first of those that this build of RocksDB has.
rocksdb::CompressionType FirstSupported(const std::vector<rocksdb::CompressionType>& wanted) {
  const std::vector<rocksdb::CompressionType> supported = rocksdb::GetSupportedCompressions();
  for (rocksdb::CompressionType type : wanted) {
    if (std::find(supported.begin(), supported.end(), type) != supported.end()) return type;
  }
  return rocksdb::kNoCompression;
}

rocksdb::DBOptions MakeDbOptions(const RocksDbOptions& options) {
  rocksdb::DBOptions db;
  if (options.env != nullptr) db.env = options.env;
  db.create_if_missing = true;
  db.create_missing_column_families = true;
  db.paranoid_checks = true;
  db.max_open_files = options.max_open_files;
  db.db_write_buffer_size = options.write_buffer_bytes;
  // A family that grows slowly keeps the logs alive that it stands in: at so many bytes the oldest
  // is flushed. Not atomic_flush: in RocksDB 7.8 a flush of several families that fails while one
  // of them is being flushed already aborts the process (`!mems.empty()`, RollbackMemtableFlush).
  db.max_total_wal_size = 4 * options.write_buffer_bytes;
  // What a reader can see must be durable: no write is visible before its log is synced. Both are
  // the default; the engine's promise stands on them.
  db.enable_pipelined_write = false;
  db.unordered_write = false;
  // Each commit is synced before the next is written, so that only one that was never reported can
  // be torn; what follows it is dropped.
  db.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  // A store whose disk failed is opened again, which settles what is in doubt; RocksDB's own trying
  // again would only keep it from closing.
  db.max_bgerror_resume_count = 0;
  db.info_log = OpenInfoLog(options.directory);
  db.stats_dump_period_sec = 0;
  db.stats_persist_period_sec = 0;
  return db;
}

rocksdb::ColumnFamilyOptions MakeFamilyOptions(const RocksDbOptions& options,
                                               const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  // In the cache, so that the cache bounds them too.
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;

  rocksdb::ColumnFamilyOptions family;
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  family.write_buffer_size = options.write_buffer_bytes;
  // What is written reaches over all tables, so it is merged with all of the level that it comes to
  // first. That one is small, and its files end where they would reach over too much of the next:
  // what doesn't change, a catalogue of a million offers, isn't written again with each merge.
  family.level_compaction_dynamic_level_bytes = true;
  family.max_bytes_for_level_base = uint64_t{32} << 20;
  family.target_file_size_base = uint64_t{8} << 20;
  family.target_file_size_multiplier = 2;
  family.max_compaction_bytes = uint64_t{64} << 20;
  family.compression = FirstSupported({rocksdb::kLZ4Compression, rocksdb::kSnappyCompression});
  return family;
}

absl::Status Unopened(const rocksdb::Status& status) {
  const std::string message = absl::StrCat("RocksDB cannot be opened: ", status.ToString());
  // Families or options that are not ours come back as invalid arguments.
  if (status.IsCorruption() || status.IsInvalidArgument()) return absl::DataLossError(message);
  return absl::UnavailableError(message);
}

}  // namespace

Database::~Database() {
  if (db == nullptr) return;
  for (rocksdb::ColumnFamilyHandle* family : {rows, changes, facts}) {
    if (family != nullptr) db->DestroyColumnFamilyHandle(family);
  }
  // Whatever it says: each commit was made durable when it was written.
  db->Close().PermitUncheckedError();
}

absl::StatusOr<std::unique_ptr<Database>> OpenDatabase(const RocksDbOptions& options) {
  const std::shared_ptr<rocksdb::Cache> cache = rocksdb::NewLRUCache(options.block_cache_bytes);
  const rocksdb::ColumnFamilyOptions family = MakeFamilyOptions(options, cache);
  rocksdb::ColumnFamilyOptions rows = family;
  // Each new command asks for rows that aren't there, its stored answer for one.
  rows.memtable_whole_key_filtering = true;
  rows.memtable_prefix_bloom_size_ratio = 0.02;
  const std::vector<rocksdb::ColumnFamilyDescriptor> families = {
      {rocksdb::kDefaultColumnFamilyName, rows},
      {kChangesFamily, family},
      {kFactsFamily, family},
  };
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status =
      rocksdb::DB::Open(MakeDbOptions(options), options.directory, families, &handles, &db);
  if (!status.ok()) return Unopened(status);
  auto database = std::make_unique<Database>();
  database->db.reset(db);
  database->rows = handles[0];
  database->changes = handles[1];
  database->facts = handles[2];
  return database;
}

View::View(const Database& database, Revision revision, Revision trimmed)
    : database_(database),
      snapshot_(database.db->GetSnapshot()),
      revision_(revision),
      trimmed_(trimmed) {}

View::~View() { database_.db->ReleaseSnapshot(snapshot_); }

rocksdb::ReadOptions View::ReadOptions() const {
  rocksdb::ReadOptions read;
  read.snapshot = snapshot_;
  return read;
}

absl::Status Unreadable(const rocksdb::Status& status) {
  return absl::UnavailableError(absl::StrCat("the store cannot be read: ", status.ToString()));
}

}  // namespace omzien::storage
