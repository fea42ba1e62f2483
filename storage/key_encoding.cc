#include "storage/key_encoding.h"

#include <cstddef>

namespace omzien::storage {
namespace {

constexpr char kEscape = '\x00';
constexpr char kEnd = '\x01';
constexpr char kEscapedZero = '\xFF';
constexpr uint64_t kSignBit = uint64_t{1} << 63;
constexpr size_t kNumberBytes = 8;

}  // namespace

KeyBuilder& KeyBuilder::Text(std::string_view part) {
  for (size_t zero = part.find(kEscape); zero != part.npos; zero = part.find(kEscape)) {
    key_.append(part.substr(0, zero + 1)).push_back(kEscapedZero);
    part.remove_prefix(zero + 1);
  }
  key_.append(part);
  key_.push_back(kEscape);
  key_.push_back(kEnd);
  return *this;
}

KeyBuilder& KeyBuilder::Number(uint64_t part) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    key_.push_back(static_cast<char>(static_cast<uint8_t>(part >> shift)));
  }
  return *this;
}

KeyBuilder& KeyBuilder::Signed(int64_t part) {
  return Number(static_cast<uint64_t>(part) ^ kSignBit);
}

KeyBuilder& KeyBuilder::Descending(int64_t part) {
  return Number(~(static_cast<uint64_t>(part) ^ kSignBit));
}

KeyBuilder& KeyBuilder::Byte(uint8_t part) {
  key_.push_back(static_cast<char>(part));
  return *this;
}

bool KeyReader::Fail() {
  well_formed_ = false;
  return false;
}

bool KeyReader::Text(std::string* part) {
  if (!well_formed_) return false;
  std::string text;
  for (size_t at = 0; at < rest_.size(); ++at) {
    if (rest_[at] != kEscape) {
      text.push_back(rest_[at]);
      continue;
    }
    if (++at == rest_.size()) return Fail();
    if (rest_[at] == kEnd) {
      rest_.remove_prefix(at + 1);
      *part = std::move(text);
      return true;
    }
    if (rest_[at] != kEscapedZero) return Fail();
    text.push_back(kEscape);
  }
  return Fail();
}

bool KeyReader::Number(uint64_t* part) {
  if (!well_formed_ || rest_.size() < kNumberBytes) return Fail();
  uint64_t number = 0;
  for (size_t at = 0; at < kNumberBytes; ++at) {
    number = (number << 8) | static_cast<uint8_t>(rest_[at]);
  }
  rest_.remove_prefix(kNumberBytes);
  *part = number;
  return true;
}

bool KeyReader::Signed(int64_t* part) {
  uint64_t number = 0;
  if (!Number(&number)) return false;
  *part = static_cast<int64_t>(number ^ kSignBit);
  return true;
}

bool KeyReader::Descending(int64_t* part) {
  uint64_t number = 0;
  if (!Number(&number)) return false;
  *part = static_cast<int64_t>(~number ^ kSignBit);
  return true;
}

bool KeyReader::Byte(uint8_t* part) {
  if (!well_formed_ || rest_.empty()) return Fail();
  *part = static_cast<uint8_t>(rest_.front());
  rest_.remove_prefix(1);
  return true;
}

}  // namespace omzien::storage
