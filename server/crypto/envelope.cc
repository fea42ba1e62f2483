#include "server/crypto/envelope.h"

#include <sodium.h>

#include <utility>

#include "absl/status/status.h"

namespace omzien::crypto {
namespace {

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* Bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

std::string Bound(std::string_view context, uint64_t key_id, uint32_t epoch) {
  return Context({"omzien/envelope/1", context, std::to_string(key_id), std::to_string(epoch)});
}

}  // namespace

std::string Context(std::initializer_list<std::string_view> parts) {
  std::string context;
  for (std::string_view part : parts) {
    context.append(std::to_string(part.size())).append(":").append(part);
  }
  return context;
}

storage::v1::Envelope Seal(const Secret& key, uint64_t key_id, uint32_t epoch,
                           std::string_view context, std::string_view plaintext) {
  std::string nonce(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, '\0');
  randombytes_buf(nonce.data(), nonce.size());
  std::string ciphertext(plaintext.size() + crypto_aead_xchacha20poly1305_ietf_ABYTES, '\0');
  const std::string bound = Bound(context, key_id, epoch);
  unsigned long long length = 0;
  crypto_aead_xchacha20poly1305_ietf_encrypt(Bytes(ciphertext), &length, Bytes(plaintext),
                                             plaintext.size(), Bytes(bound), bound.size(), nullptr,
                                             Bytes(std::string_view(nonce)), key.data());
  ciphertext.resize(length);
  storage::v1::Envelope envelope;
  envelope.set_key_id(key_id);
  envelope.set_epoch(epoch);
  envelope.set_nonce(std::move(nonce));
  envelope.set_ciphertext(std::move(ciphertext));
  return envelope;
}

absl::StatusOr<std::string> Open(const Secret& key, std::string_view context,
                                 const storage::v1::Envelope& envelope) {
  const std::string& ciphertext = envelope.ciphertext();
  if (envelope.nonce().size() != crypto_aead_xchacha20poly1305_ietf_NPUBBYTES ||
      ciphertext.size() < crypto_aead_xchacha20poly1305_ietf_ABYTES) {
    return absl::DataLossError("a sealed envelope is cut short");
  }
  std::string plaintext(ciphertext.size() - crypto_aead_xchacha20poly1305_ietf_ABYTES, '\0');
  const std::string bound = Bound(context, envelope.key_id(), envelope.epoch());
  unsigned long long length = 0;
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          Bytes(plaintext), &length, nullptr, Bytes(ciphertext), ciphertext.size(), Bytes(bound),
          bound.size(), Bytes(envelope.nonce()), key.data()) != 0) {
    return absl::DataLossError("a sealed envelope can't be opened with this key and context");
  }
  plaintext.resize(length);
  return plaintext;
}

}  // namespace omzien::crypto
