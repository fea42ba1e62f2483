#include "server/domain/phrases.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "server/domain/catalogue.h"

namespace omzien::domain {

namespace {

// Bytes of the character at the front that belong to no word; 0 when it is part of one. Besides
// ASCII: what phones type around words, U+00A0..00BF (spaces, guillemets), U+2000..2BFF (quotes,
// dashes, dots, arrows), variation selectors, and all beyond U+FFFF (emoji).
size_t SeparatorBytes(std::string_view text) {
  const auto byte = [text](size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const unsigned lead = byte(0);
  if (lead < 0x80) return absl::ascii_isalnum(static_cast<unsigned char>(lead)) ? 0 : 1;
  if (lead == 0xC2) return std::min<size_t>(2, text.size());
  if (lead == 0xE2 && byte(1) <= 0xAF) return std::min<size_t>(3, text.size());
  if (lead == 0xEF && byte(1) == 0xB8 && byte(2) <= 0x8F) return std::min<size_t>(3, text.size());
  if (lead >= 0xF0) return std::min<size_t>(4, text.size());
  return 0;
}

}  // namespace

std::vector<std::string> WordsOf(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) words.push_back(FoldName(word));
    word.clear();
  };
  while (!text.empty()) {
    const size_t separator = SeparatorBytes(text);
    if (separator > 0) {
      end_word();
    } else {
      word.push_back(text.front());
    }
    text.remove_prefix(std::max<size_t>(separator, 1));
  }
  end_word();
  return words;
}

void Phrases::Add(std::string_view phrase) {
  std::vector<std::string> words = WordsOf(phrase);
  if (words.empty()) return;
  words.resize(std::min(words.size(), kWordsInPhraseMax));
  std::string first = std::move(words.front());
  words.erase(words.begin());
  by_first_word_[std::move(first)].push_back(std::move(words));
}

bool Phrases::AnyIn(std::string_view text) const {
  if (by_first_word_.empty()) return false;
  const std::vector<std::string> words = WordsOf(text);
  for (size_t i = 0; i < words.size(); ++i) {
    const auto found = by_first_word_.find(words[i]);
    if (found == by_first_word_.end()) continue;
    for (const std::vector<std::string>& rest : found->second) {
      if (rest.size() < words.size() - i &&
          std::equal(rest.begin(), rest.end(), words.begin() + static_cast<ptrdiff_t>(i) + 1)) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace omzien::domain
