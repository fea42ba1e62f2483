// The master key: the one secret that the operator keeps. It wraps the keys in the key store and
// seals nothing else. A key management service can later stand behind the same class.

#ifndef OMZIEN_SERVER_CRYPTO_MASTER_KEY_H_
#define OMZIEN_SERVER_CRYPTO_MASTER_KEY_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "omzien/storage/v1/records.pb.h"
#include "server/crypto/secret.h"

namespace omzien::crypto {

// Thread-safe.
class MasterKey {
 public:
  // Reads 64 hexadecimal digits from a regular file that only its owner may read (mode 0600 or
  // 0400). FAILED_PRECONDITION with a sentence for the operator otherwise; the key is never shown.
  static absl::StatusOr<MasterKey> FromFile(const std::string& path);
  // For tests.
  static MasterKey Random();

  // The epoch is written into every envelope, so that a later key can be told apart.
  uint32_t epoch() const { return 1; }

  storage::v1::Envelope Wrap(std::string_view kind, uint64_t key_id, const Secret& key) const;
  // DATA_LOSS when it was wrapped by another master key, or for another id or kind.
  absl::StatusOr<Secret> Unwrap(std::string_view kind, uint64_t key_id,
                                const storage::v1::Envelope& envelope) const;

 private:
  explicit MasterKey(const Secret& key) : key_(key) {}

  Secret key_;
};

}  // namespace omzien::crypto

#endif  // OMZIEN_SERVER_CRYPTO_MASTER_KEY_H_
