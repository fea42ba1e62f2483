// RocksDB's own log, as a file LOG beside its data. By hand: its logger aborts the process (an
// assertion in Debian's 7.8.3, WritableFileWriter) when the disk is full for a second message, just
// when the server has to say that its store has failed.

#ifndef OMZIEN_STORAGE_ROCKSDB_INFO_LOG_H_
#define OMZIEN_STORAGE_ROCKSDB_INFO_LOG_H_

#include <rocksdb/env.h>

#include <memory>
#include <string>

namespace omzien::storage {

// Of each opening, at most this much is kept; the opening before's is in LOG.old.
inline constexpr size_t kInfoLogBytesMax = size_t{4} << 20;

// Warnings and worse. Never fails: what can't be written is lost. It holds file names, numbers and
// errors, no keys or values. Thread-safe.
std::shared_ptr<rocksdb::Logger> OpenInfoLog(const std::string& directory);

}  // namespace omzien::storage

#endif  // OMZIEN_STORAGE_ROCKSDB_INFO_LOG_H_
