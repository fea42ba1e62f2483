// Joining text. Debian's Abseil is built with a string_view of its own, so absl::StrCat takes no
// std::string_view.

#ifndef OMZIEN_SERVER_DOMAIN_TEXT_H_
#define OMZIEN_SERVER_DOMAIN_TEXT_H_

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace omzien::domain {

namespace internal {

inline void AppendTo(std::string& text, std::string_view part) { text.append(part); }
template <std::integral Number>
void AppendTo(std::string& text, Number number) {
  text.append(std::to_string(number));
}

}  // namespace internal

// The parts, texts and whole numbers, one after the other.
template <typename... Parts>
std::string Concat(const Parts&... parts) {
  std::string text;
  (internal::AppendTo(text, parts), ...);
  return text;
}

// What stands between the separators; one part, the whole, where there is none.
inline std::vector<std::string_view> PartsOf(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

// "a, b en c" with `last` " en ".
inline std::string JoinWords(const std::vector<std::string>& words, std::string_view last) {
  std::string text;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text.append(i + 1 == words.size() ? last : std::string_view(", "));
    text.append(words[i]);
  }
  return text;
}

}  // namespace omzien::domain

#endif  // OMZIEN_SERVER_DOMAIN_TEXT_H_
