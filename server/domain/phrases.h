// Words and phrases that a municipality looks for in what someone wrote, as words.h compares them.
// Looking costs what the text is long, however many phrases there are. Pure; any thread.

#ifndef OMZIEN_SERVER_DOMAIN_PHRASES_H_
#define OMZIEN_SERVER_DOMAIN_PHRASES_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace omzien::domain {

// Source: the comment at AcuteRule.words.
inline constexpr size_t kWordsInPhraseMax = 10;

class Phrases {
 public:
  // A phrase without any word is left out, and of one with too many the first kWordsInPhraseMax.
  template <class Texts>
  explicit Phrases(const Texts& phrases) {
    for (const std::string& phrase : phrases) Add(phrase);
  }

  // Whether one of them stands in the text, as whole words one after the other.
  bool AnyIn(std::string_view text) const;

 private:
  void Add(std::string_view phrase);

  // By its first word: the others.
  absl::flat_hash_map<std::string, std::vector<std::vector<std::string>>> by_first_word_;
};

}  // namespace omzien::domain

#endif  // OMZIEN_SERVER_DOMAIN_PHRASES_H_
