// The contract over RocksDB, embedded: the default engine.

#ifndef OMZIEN_STORAGE_ROCKSDB_ROCKSDB_ENGINE_H_
#define OMZIEN_STORAGE_ROCKSDB_ROCKSDB_ENGINE_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "storage/commit_check.h"
#include "storage/engine.h"

namespace rocksdb {
class Env;
}  // namespace rocksdb

namespace omzien::storage {

struct RocksDbOptions {
  // Of RocksDB alone; made if absent (its parent must be there). One engine at a time.
  std::string directory;
  size_t block_cache_bytes = size_t{128} << 20;
  // What may wait in memory, besides the log, to be written to files.
  size_t write_buffer_bytes = size_t{64} << 20;
  int max_open_files = 512;
  Limits limits = kEmbeddedLimits;
  // What RocksDB does its input and output through; its own if null. Not owned, must outlive the
  // engine. For tests that let a disk fail.
  rocksdb::Env* env = nullptr;
};

// A commit is one write batch with its log synced (fsync) before it reports OK. Reads answer on the
// calling thread, and may wait for disk. Errors, with RocksDB's words for the operator (they may
// name files, never contents): DATA_LOSS where the files contradict themselves or are not of this
// engine, UNAVAILABLE for any other reason why it cannot be opened.
absl::StatusOr<std::unique_ptr<Engine>> OpenRocksDb(const RocksDbOptions& options);

}  // namespace omzien::storage

#endif  // OMZIEN_STORAGE_ROCKSDB_ROCKSDB_ENGINE_H_
