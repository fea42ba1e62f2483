// How revisions and values stand in RocksDB. For this folder alone.

#ifndef OMZIEN_STORAGE_ROCKSDB_ENCODING_H_
#define OMZIEN_STORAGE_ROCKSDB_ENCODING_H_

#include <rocksdb/slice.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "storage/engine.h"

namespace omzien::storage {

inline constexpr size_t kRevisionBytes = 8;

// Big-endian, so that changes, whose key this is, stand in order.
inline std::string EncodeRevision(Revision revision) {
  std::string bytes(kRevisionBytes, '\0');
  for (size_t i = kRevisionBytes; i-- > 0; revision >>= 8) {
    bytes[i] = static_cast<char>(static_cast<uint8_t>(revision));
  }
  return bytes;
}

// Of the first eight bytes; nullopt if there are fewer.
inline std::optional<Revision> DecodeRevision(const rocksdb::Slice& bytes) {
  if (bytes.size() < kRevisionBytes) return std::nullopt;
  Revision revision = 0;
  for (size_t i = 0; i < kRevisionBytes; ++i) {
    revision = (revision << 8) | static_cast<uint8_t>(bytes[i]);
  }
  return revision;
}

// A row's value is the revision that wrote it, then the bytes.
inline std::optional<Versioned> DecodeRow(const rocksdb::Slice& bytes) {
  const std::optional<Revision> revision = DecodeRevision(bytes);
  if (!revision) return std::nullopt;
  return Versioned{std::string(bytes.data() + kRevisionBytes, bytes.size() - kRevisionBytes),
                   *revision};
}

}  // namespace omzien::storage

#endif  // OMZIEN_STORAGE_ROCKSDB_ENCODING_H_
