// What sentences are built of: words in both languages, and lists of them. For sentences.cc and
// refusal_sentences.cc only.

#ifndef OMZIEN_SERVER_DOMAIN_SENTENCE_WORDS_H_
#define OMZIEN_SERVER_DOMAIN_SENTENCE_WORDS_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "omzien/v1/common.pb.h"
#include "server/domain/text.h"

namespace omzien::domain {

// The same in both languages.
struct Words {
  std::string_view nl, en;
};

// After "de vraag naar" and "the need is"; empty while it isn't known.
Words NeedWords(int need);

// "van 55 tot en met 75 jaar", "from 55 to 75"; `max` 0: without end.
v1::Sentence AgesWords(uint32_t min, uint32_t max);

// 1-10-2021
std::string DutchDay(absl::CivilDay day);

// "Studenten" begins small within a sentence; "COVID-19" and "65+" stay as they are.
std::string WithinSentence(std::string name);

// One sentence that grows in both languages at once.
class Both {
 public:
  Both(std::string_view nl, std::string_view en) {
    nl_.reserve(kUsualChars);
    en_.reserve(kUsualChars);
    Add(nl, en);
  }

  void Add(std::string_view nl, std::string_view en) {
    nl_.append(nl);
    en_.append(en);
  }
  v1::Sentence Finish() && {
    Add(".", ".");
    return std::move(*this).Unfinished();
  }
  v1::Sentence Unfinished() && {
    v1::Sentence sentence;
    sentence.set_nl(std::move(nl_));
    sentence.set_en(std::move(en_));
    return sentence;
  }

 private:
  static constexpr size_t kUsualChars = 256;
  std::string nl_, en_;
};

// The names in both languages; what is too much becomes "en nog 4".
class Lists {
 public:
  std::vector<std::string> nl, en;

  void AddName(const v1::Sentence& name) {
    Add(Words{WithinSentence(name.nl()), WithinSentence(name.en())});
  }
  void Add(Words words) {
    if (words.nl.empty() || std::ranges::find(nl, words.nl) != nl.end()) return;
    nl.emplace_back(words.nl);
    en.emplace_back(words.en);
  }
  std::string Nl(std::string_view last) const { return Join(nl, last, "andere"); }
  std::string En(std::string_view last) const { return Join(en, last, "others"); }

 private:
  // More names than this make no sentence.
  static constexpr size_t kNamesMax = 3;

  static std::string Join(std::vector<std::string> names, std::string_view last,
                          std::string_view others) {
    if (names.size() > kNamesMax + 1) {
      const size_t left_out = names.size() - kNamesMax;
      names.resize(kNamesMax);
      names.push_back(Concat(left_out, " ", others));
    }
    return JoinWords(names, last);
  }
};

}  // namespace omzien::domain

#endif  // OMZIEN_SERVER_DOMAIN_SENTENCE_WORDS_H_
