// Order-preserving encoding of the parts of a key: the bytes of an encoded sequence compare as its
// parts do, one after the other. storage/keys.cc alone decides which parts a key has.
//
//   string            its bytes, 0x00 written as 0x00 0xFF, then 0x00 0x01
//   number            eight bytes, big-endian
//   signed number     the same with the sign bit flipped
//   descending number a signed number with every bit flipped
//   byte              itself
//
// A string's end sorts below any byte that may follow inside a longer string (0x00 0x01 is below
// 0x00 0xFF and below every other first byte), so no part can run over into the next one.

#ifndef OMZIEN_STORAGE_KEY_ENCODING_H_
#define OMZIEN_STORAGE_KEY_ENCODING_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace omzien::storage {

// Appends parts; each method returns the builder, so that a key reads as one expression.
class KeyBuilder {
 public:
  KeyBuilder() { key_.reserve(kUsualBytes); }

  KeyBuilder& Text(std::string_view part);
  KeyBuilder& Number(uint64_t part);
  KeyBuilder& Signed(int64_t part);
  // Higher numbers sort first.
  KeyBuilder& Descending(int64_t part);
  KeyBuilder& Byte(uint8_t part);

  std::string Take() { return std::move(key_); }

 private:
  static constexpr size_t kUsualBytes = 96;
  std::string key_;
};

// Reads parts in the order in which they were appended. Takes any bytes: a method returns false,
// and every later one too, once the bytes are not such a part. Does not own `key`.
class KeyReader {
 public:
  explicit KeyReader(std::string_view key) : rest_(key) {}

  bool Text(std::string* part);
  bool Number(uint64_t* part);
  bool Signed(int64_t* part);
  bool Descending(int64_t* part);
  bool Byte(uint8_t* part);
  // Everything was read, and all of it well formed.
  bool AtEnd() const { return well_formed_ && rest_.empty(); }

 private:
  bool Fail();

  std::string_view rest_;
  bool well_formed_ = true;
};

}  // namespace omzien::storage

#endif  // OMZIEN_STORAGE_KEY_ENCODING_H_
