// Sealed envelopes: XChaCha20-Poly1305 (libsodium) with a random 24-byte nonce.
//
// An envelope is bound to its context: what was sealed as one thing can't be opened as another, so
// rows that are swapped or moved are noticed. Thread-safe.

#ifndef OMZIEN_SERVER_CRYPTO_ENVELOPE_H_
#define OMZIEN_SERVER_CRYPTO_ENVELOPE_H_

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "omzien/storage/v1/records.pb.h"
#include "server/crypto/secret.h"

namespace omzien::crypto {

// What an envelope is bound to; made of parts so that no two lists of parts give the same bytes.
std::string Context(std::initializer_list<std::string_view> parts);

// `key_id` and `epoch` are kept in the envelope, in the clear, and are bound too.
storage::v1::Envelope Seal(const Secret& key, uint64_t key_id, uint32_t epoch,
                           std::string_view context, std::string_view plaintext);

// DATA_LOSS when the envelope isn't what was sealed with this key in this context.
absl::StatusOr<std::string> Open(const Secret& key, std::string_view context,
                                 const storage::v1::Envelope& envelope);

}  // namespace omzien::crypto

#endif  // OMZIEN_SERVER_CRYPTO_ENVELOPE_H_
