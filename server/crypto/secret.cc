#include "server/crypto/secret.h"

#include <sodium.h>

namespace omzien::crypto {

Secret Secret::Random() {
  Secret secret;
  randombytes_buf(secret.data(), kBytes);
  return secret;
}

Secret::~Secret() { sodium_memzero(bytes_.data(), bytes_.size()); }

}  // namespace omzien::crypto
