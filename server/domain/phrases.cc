#include "server/domain/phrases.h"

#include <algorithm>
#include <utility>

#include "server/domain/words.h"

namespace omzien::domain {

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
