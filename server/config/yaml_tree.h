// YAML text as a tree with the line of every node. yaml-cpp does the parsing; this is the only
// place that meets its exceptions.

#ifndef OMZIEN_SERVER_CONFIG_YAML_TREE_H_
#define OMZIEN_SERVER_CONFIG_YAML_TREE_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace omzien::config {

// An alias and its anchor are the same node. An alias within its own anchor is refused, so the
// structure has no cycles; expanding it can still be exponential, which readers bound by
// kMostYamlNodes.
struct YamlNode {
  enum class Kind { kNull, kScalar, kList, kMap };

  Kind kind = Kind::kNull;
  int line = 0;  // 1-based
  std::string scalar;
  std::vector<const YamlNode*> items;
  std::vector<std::pair<const YamlNode*, const YamlNode*>> entries;  // in the order written
};

inline constexpr size_t kMostYamlNodes = 2'000'000;
inline constexpr int kDeepestYaml = 64;

class YamlTree {
 public:
  // Never throws. False on text that isn't one document of plain YAML: `line` (1-based) and
  // `message` then say where and what. Refused: bytes that aren't UTF-8, control characters, tags,
  // a second document, nesting beyond kDeepestYaml, more than kMostYamlNodes nodes.
  bool Parse(std::string_view text, int* line, std::string* message);

  // Null when the text holds nothing but comments. Owned by the tree.
  const YamlNode* root() const { return root_; }

 private:
  friend class YamlTreeBuilder;

  std::vector<std::unique_ptr<YamlNode>> nodes_;
  const YamlNode* root_ = nullptr;
};

}  // namespace omzien::config

#endif  // OMZIEN_SERVER_CONFIG_YAML_TREE_H_
