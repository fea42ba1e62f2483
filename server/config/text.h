// Text as code points, for what must not take a byte for a character.

#ifndef OMZIEN_SERVER_CONFIG_TEXT_H_
#define OMZIEN_SERVER_CONFIG_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/strings/string_view.h"

namespace omzien::config {

// Debian's Abseil keeps a string_view of its own; only views need this, strings convert.
inline absl::string_view AbslView(std::string_view text) { return {text.data(), text.size()}; }

// The code point that begins at `offset` (which must lie within the text), and its length in bytes
// in `length`. 0xFFFFFFFF and length 1 for bytes that aren't UTF-8 (RFC 3629: no surrogates, no
// overlong forms).
uint32_t CodePointAt(std::string_view text, size_t offset, size_t* length);

// Where the first bytes stand that aren't UTF-8; npos when there are none.
size_t FirstInvalidUtf8(std::string_view text);

// A value as an error message may show it: quoted, control characters escaped, at most 40 bytes.
std::string Quoted(std::string_view value);

}  // namespace omzien::config

#endif  // OMZIEN_SERVER_CONFIG_TEXT_H_
