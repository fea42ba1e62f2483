#include "tests/client/cli/server_descriptions.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <regex>

namespace omzien::cli {
namespace {

std::string Read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  return std::regex_replace(text, std::regex(" *//[^\n]*"), "");
}

// The arguments of the bracket that opens at `at`, as they are written.
std::vector<std::string> Arguments(const std::string& text, size_t at) {
  std::vector<std::string> arguments(1);
  int depth = 0;
  bool quoted = false;
  for (size_t i = at; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') quoted = !quoted;
    if (!quoted && (c == '(' || c == '{' || c == '[') && ++depth == 1) continue;
    if (!quoted && (c == ')' || c == '}' || c == ']') && --depth == 0) break;
    if (!quoted && c == ',' && depth == 1) {
      arguments.emplace_back();
    } else {
      arguments.back() += c;
    }
  }
  return arguments;
}

// All that `expression` can give: each of its parts, put behind each of what came before.
class Reader {
 public:
  explicit Reader(const std::string& source) : source_(source) {}

  std::vector<std::string> Texts(const std::string& expression) const {
    std::vector<std::string> texts = {""};
    static const std::regex part(R"re("([^"]*)"|[^"+\s][^"+]*)re");
    for (std::sregex_iterator it(expression.begin(), expression.end(), part), end; it != end;
         ++it) {
      const std::vector<std::string> values =
          (*it)[0].str().front() == '"' ? std::vector{(*it)[1].str()} : Values(it->str());
      std::vector<std::string> longer;
      for (const std::string& text : texts) {
        for (const std::string& value : values) longer.push_back(text + value);
      }
      texts = std::move(longer);
    }
    return texts;
  }

 private:
  // Of what isn't a literal.
  std::vector<std::string> Values(const std::string& written) const {
    const std::string word = std::regex_replace(written, std::regex(R"(^\s+|\s+$)"), "");
    if (word == "std::string(" || word == ")") return {""};
    if (word.starts_with("std::to_string(")) return {"7"};
    if (word == "what") return All(R"re("(an? [a-z ]+)")re");
    if (word.starts_with("FormOf(")) return All(R"re(return "([^"]+)";)re");
    return All("char " + word + R"re(\[\] =\s*"([^"]+)")re");
  }

  std::vector<std::string> All(const std::string& pattern) const {
    std::vector<std::string> found;
    const std::regex regex(pattern);
    for (std::sregex_iterator it(source_.begin(), source_.end(), regex), end; it != end; ++it) {
      found.push_back((*it)[1]);
    }
    return found;
  }

  const std::string& source_;
};

// Passes on what others describe.
bool HandsOn(const std::string& description) {
  return description.find("description") != std::string::npos ||
         description.find("message") != std::string::npos;
}

}  // namespace

std::vector<ServerDescription> DescriptionsIn(const std::filesystem::path& folder) {
  // What stands before the bracket that holds the field and its description. Other things are
  // pushed back, too: there, only what has words in it counts.
  static const std::regex opening(
      R"re(\bReport\(|(\w+)(->|\.)push_back\(\s*\{|InvalidFields\(\s*\{\{)re");
  static const std::regex words("\"[^\"]* [^\"]*\"");
  std::vector<ServerDescription> found;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".cc") continue;
    const std::string source = Read(entry.path());
    for (std::sregex_iterator it(source.begin(), source.end(), opening), end; it != end; ++it) {
      const auto last = static_cast<size_t>(it->position() + it->length() - 1);
      const std::vector<std::string> arguments = Arguments(source, last);
      if (arguments.size() != 2 || HandsOn(arguments[1])) continue;
      const bool certain = !(*it)[1].matched || (*it)[1].str().starts_with("violations");
      if (!certain && !std::regex_search(arguments[1], words)) continue;
      found.push_back({entry.path().filename().string() + ": " + arguments[1],
                       Reader(source).Texts(arguments[1])});
    }
  }
  return found;
}

}  // namespace omzien::cli
