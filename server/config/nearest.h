// The nearest known word to one that isn't known: what a refused key, flag or value says next.

#ifndef OMZIEN_SERVER_CONFIG_NEAREST_H_
#define OMZIEN_SERVER_CONFIG_NEAREST_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace omzien::config {

// The least number of insertions, deletions, replacements and swaps of neighbouring bytes that turn
// one word into the other, or `most` + 1 when it takes more than `most`. Time and memory grow with
// the product of both lengths, unless they differ by more than `most`.
size_t EditDistance(std::string_view a, std::string_view b, size_t most);

// The known word with the least distance; the first of equals. Empty when none is near enough (more
// than a third of the longer word differs) or `word` is longer than 64 bytes.
std::string Nearest(std::string_view word, const std::vector<std::string>& known);

// "; did you mean `offers`?", or nothing.
std::string DidYouMean(std::string_view word, const std::vector<std::string>& known);

}  // namespace omzien::config

#endif  // OMZIEN_SERVER_CONFIG_NEAREST_H_
