// Keyed hashes (BLAKE2b, libsodium): ids that reveal nothing, fingerprints of requests, MACs of
// page tokens. One key, kept apart by purpose. Thread-safe.

#ifndef OMZIEN_SERVER_CRYPTO_KEYED_HASH_H_
#define OMZIEN_SERVER_CRYPTO_KEYED_HASH_H_

#include <initializer_list>
#include <string>
#include <string_view>

#include "server/crypto/secret.h"

namespace omzien::crypto {

class KeyedHash {
 public:
  explicit KeyedHash(const Secret& key) : key_(key) {}

  // 32 bytes. `purpose` keeps the uses apart; parts can't run into each other.
  std::string Of(std::string_view purpose, std::initializer_list<std::string_view> parts) const;

  // 16 characters of lower-case Crockford base32 (no i, l, o, u: they are read out over the phone):
  // 80 bits, so that ten million ids collide with a chance below 1 in 10^10.
  std::string CaseId(std::string_view caller, std::string_view request_id) const;

 private:
  Secret key_;
};

// In a time that doesn't depend on where they differ.
bool SameBytes(std::string_view a, std::string_view b);

}  // namespace omzien::crypto

#endif  // OMZIEN_SERVER_CRYPTO_KEYED_HASH_H_
