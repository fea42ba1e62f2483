#include "server/config/text.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace omzien::config {
namespace {

constexpr uint32_t kInvalid = 0xFFFFFFFF;
constexpr size_t kLongestShown = 40;

}  // namespace

uint32_t CodePointAt(std::string_view text, size_t offset, size_t* length) {
  *length = 1;
  const auto lead = static_cast<unsigned char>(text[offset]);
  if (lead < 0x80) return lead;
  if (lead < 0xC2 || lead > 0xF4) return kInvalid;
  const size_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (text.size() - offset < size) return kInvalid;
  uint32_t point = lead & (0x7Fu >> size);
  for (size_t i = 1; i < size; ++i) {
    const auto next = static_cast<unsigned char>(text[offset + i]);
    if ((next & 0xC0) != 0x80) return kInvalid;
    point = (point << 6) | (next & 0x3Fu);
  }
  const bool overlong = (size == 3 && point < 0x800) || (size == 4 && point < 0x10000);
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  if (overlong || surrogate || point > 0x10FFFF) return kInvalid;
  *length = size;
  return point;
}

size_t FirstInvalidUtf8(std::string_view text) {
  size_t length = 0;
  for (size_t i = 0; i < text.size(); i += length) {
    if (CodePointAt(text, i, &length) == kInvalid) return i;
  }
  return std::string_view::npos;
}

std::string Quoted(std::string_view value) {
  const bool cut = value.size() > kLongestShown;
  if (cut) {
    size_t end = kLongestShown;
    // Not in the middle of a code point.
    while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xC0) == 0x80) --end;
    value = value.substr(0, end);
  }
  return absl::StrCat("`", absl::Utf8SafeCEscape(AbslView(value)), cut ? "..." : "", "`");
}

}  // namespace omzien::config
