#include "server/crypto/signal_code.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace omzien::crypto {
namespace {

// As of case ids: Crockford's base32.
constexpr std::string_view kLetters = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr size_t kDigits = 16;
constexpr size_t kHalf = kDigits / 2;
constexpr size_t kGroup = 4;
// A Feistel network over two halves of 40 bits, its rounds keyed BLAKE2b. As many rounds as FF1
// has, which is this with AES (NIST SP 800-38G).
constexpr int kRounds = 10;

using Half = std::array<uint8_t, kHalf>;  // digits of five bits
struct Halves {
  Half left;
  Half right;
};

char Folded(char c) {
  if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if (c == 'i' || c == 'l') return '1';
  return c == 'o' ? '0' : c;
}

std::optional<Halves> DigitsOf(std::string_view text) {
  Halves halves{};
  size_t digits = 0;
  for (const char c : text) {
    if (c == ' ' || c == '-') continue;
    const size_t digit = kLetters.find(Folded(c));
    if (digit == std::string_view::npos || digits == kDigits) return std::nullopt;
    Half& half = digits < kHalf ? halves.left : halves.right;
    half[digits++ % kHalf] = static_cast<uint8_t>(digit);
  }
  if (digits != kDigits) return std::nullopt;
  return halves;
}

std::string TextOf(const Halves& halves) {
  std::string text;
  for (const Half* half : {&halves.left, &halves.right}) {
    for (const uint8_t digit : *half) text.push_back(kLetters[digit]);
  }
  return text;
}

// `half`, changed by what the other half hashes to.
Half Round(const KeyedHash& hash, std::string_view municipality, int round, const Half& other,
           Half half) {
  const std::string_view other_digits(reinterpret_cast<const char*>(other.data()), other.size());
  const std::string mask =
      hash.Of("signal code", {municipality, std::to_string(round), other_digits});
  for (size_t i = 0; i < kHalf; ++i) half[i] ^= static_cast<uint8_t>(mask[i]) & 31;
  return half;
}

}  // namespace

std::string SignalCode(const KeyedHash& hash, std::string_view municipality,
                       std::string_view case_id) {
  auto halves = DigitsOf(case_id);
  if (!halves.has_value()) return "";
  for (int round = 0; round < kRounds; ++round) {
    halves->left = Round(hash, municipality, round, halves->right, halves->left);
    std::swap(halves->left, halves->right);
  }
  std::string code;
  for (const char c : TextOf(*halves)) {
    if (code.size() % (kGroup + 1) == kGroup) code.push_back('-');
    code.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
  }
  return code;
}

std::optional<std::string> CaseIdOfCode(const KeyedHash& hash, std::string_view municipality,
                                        std::string_view code) {
  auto halves = DigitsOf(code);
  if (!halves.has_value()) return std::nullopt;
  for (int round = kRounds; round-- > 0;) {
    std::swap(halves->left, halves->right);
    halves->left = Round(hash, municipality, round, halves->right, halves->left);
  }
  return TextOf(*halves);
}

}  // namespace omzien::crypto
