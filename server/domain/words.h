// How words are compared that people typed: by what they say, not by how a keyboard or a phone
// wrote them. Pure; any thread.

#ifndef OMZIEN_SERVER_DOMAIN_WORDS_H_
#define OMZIEN_SERVER_DOMAIN_WORDS_H_

#include <string>
#include <string_view>
#include <vector>

namespace omzien::domain {

// Names are equal when these are: without letter case, accents and forms of a letter (Unicode's
// NFKC_Casefold, then without non-spacing marks), trimmed, with one space between words. What isn't
// UTF-8 stands as U+FFFD.
std::string FoldName(std::string_view words);

// The words of a text, folded likewise: what stands between letters and digits doesn't matter.
std::vector<std::string> WordsOf(std::string_view text);

}  // namespace omzien::domain

#endif  // OMZIEN_SERVER_DOMAIN_WORDS_H_
