#include "client/cpp/request_id.h"

#include <sodium.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace omzien::client {
namespace {

constexpr size_t kUuidBytes = 16;

std::string Format(unsigned char* bytes, unsigned char version) {
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | (version << 4));
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);
  const std::string hex =
      absl::BytesToHexString({reinterpret_cast<const char*>(bytes), kUuidBytes});
  return absl::StrCat(hex.substr(0, 8), "-", hex.substr(8, 4), "-", hex.substr(12, 4), "-",
                      hex.substr(16, 4), "-", hex.substr(20));
}

}  // namespace

std::string NewRequestId() {
  unsigned char bytes[kUuidBytes];
  randombytes_buf(bytes, sizeof(bytes));
  return Format(bytes, 4);
}

std::string RequestIdFor(absl::string_view text) {
  unsigned char hash[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(hash, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  return Format(hash, 8);
}

}  // namespace omzien::client
