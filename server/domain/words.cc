#include "server/domain/words.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/strings/ascii.h"

namespace omzien::domain {
namespace {

bool IsAscii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Letter case, accents and forms of a letter are gone.
std::string Folded(std::string_view text) {
  const std::string lower = absl::AsciiStrToLower(std::string(text));
  if (IsAscii(text)) return lower;
  // Their data is part of the library, so that neither is ever missing.
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* const casefold = icu::Normalizer2::getNFKCCasefoldInstance(error);
  const icu::Normalizer2* const decompose = icu::Normalizer2::getNFDInstance(error);
  if (U_FAILURE(error)) return lower;
  const icu::UnicodeString given = icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  const icu::UnicodeString apart = decompose->normalize(casefold->normalize(given, error), error);
  icu::UnicodeString bare;
  for (int32_t i = 0; i < apart.length(); i = apart.moveIndex32(i, 1)) {
    const UChar32 c = apart.char32At(i);
    if (u_charType(c) != U_NON_SPACING_MARK) bare.append(c);
  }
  std::string folded;
  bare.toUTF8String(folded);
  return folded;
}

// Adds what stands before the next character for which `separates` holds to `word`; whether there
// is one, which is taken off `text` too.
template <class Separates>
bool TakeUntil(Separates separates, std::string_view* text, std::string* word) {
  const auto* const bytes = reinterpret_cast<const uint8_t*>(text->data());
  const auto size = static_cast<int32_t>(text->size());
  int32_t end = 0;
  while (end < size) {
    const int32_t begin = end;
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(bytes, end, size, c);
    if (!separates(c)) continue;
    word->append(text->substr(0, static_cast<size_t>(begin)));
    text->remove_prefix(static_cast<size_t>(end));
    return true;
  }
  word->append(*text);
  return false;
}

template <class Separates>
std::vector<std::string> SplitAt(Separates separates, std::string_view text) {
  std::vector<std::string> words;
  for (bool more = true; more;) {
    std::string word;
    more = TakeUntil(separates, &text, &word);
    if (!word.empty()) words.push_back(std::move(word));
  }
  return words;
}

}  // namespace

std::string FoldName(std::string_view words) {
  std::string name;
  for (const std::string& word :
       SplitAt([](UChar32 c) { return u_isUWhiteSpace(c) != 0; }, Folded(words))) {
    if (!name.empty()) name.push_back(' ');
    name += word;
  }
  return name;
}

std::vector<std::string> WordsOf(std::string_view text) {
  return SplitAt([](UChar32 c) { return u_isalnum(c) == 0; }, Folded(text));
}

}  // namespace omzien::domain
