#include "server/crypto/keyed_hash.h"

#include <sodium.h>

#include <cstdint>

#include "server/crypto/envelope.h"

namespace omzien::crypto {
namespace {

constexpr size_t kHashBytes = 32;
constexpr std::string_view kAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr size_t kCaseIdChars = 16;

}  // namespace

std::string KeyedHash::Of(std::string_view purpose,
                          std::initializer_list<std::string_view> parts) const {
  const std::string input = Context({purpose, Context(parts)});
  std::string hash(kHashBytes, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(),
                     reinterpret_cast<const unsigned char*>(input.data()), input.size(),
                     key_.data(), Secret::kBytes);
  return hash;
}

std::string KeyedHash::CaseId(std::string_view caller, std::string_view request_id) const {
  const std::string hash = Of("case id", {caller, request_id});
  std::string id;
  uint32_t bits = 0;
  int bit_count = 0;
  for (size_t next = 0; id.size() < kCaseIdChars;) {
    if (bit_count < 5) {
      bits = (bits << 8) | static_cast<uint8_t>(hash[next++]);
      bit_count += 8;
    }
    bit_count -= 5;
    id.push_back(kAlphabet[(bits >> bit_count) & 31]);
  }
  return id;
}

bool SameBytes(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace omzien::crypto
