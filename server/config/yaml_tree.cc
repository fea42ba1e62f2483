#include "server/config/yaml_tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <exception>
#include <map>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "server/config/text.h"

namespace omzien::config {
namespace {

// Ends the parse from within an event; caught in YamlTree::Parse.
class Refused : public std::exception {
 public:
  Refused(int line, std::string message) : line_(line), message_(std::move(message)) {}
  const char* what() const noexcept override { return message_.c_str(); }
  int line() const { return line_; }

 private:
  int line_;
  std::string message_;
};

int LineOf(const YAML::Mark& mark) { return mark.is_null() ? 0 : mark.line + 1; }

int LineAt(std::string_view text, size_t offset) {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(offset);
  return 1 + static_cast<int>(std::count(text.begin(), end, '\n'));
}

// yaml-cpp guesses UTF-16 and takes some control characters for the end of the input, so both are
// refused before it sees the text.
bool CheckCharacters(std::string_view text, int* line, std::string* message) {
  const size_t bad = FirstInvalidUtf8(text);
  if (bad != std::string_view::npos) {
    *line = LineAt(text, bad);
    *message = "the text is not UTF-8 here";
    return false;
  }
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte != 0x7f) continue;
    if (byte == '\t' || byte == '\n' || byte == '\r') continue;
    *line = LineAt(text, i);
    *message = "a control character is not allowed here";
    return false;
  }
  return true;
}

}  // namespace

class YamlTreeBuilder : public YAML::EventHandler {
 public:
  explicit YamlTreeBuilder(YamlTree* tree) : tree_(tree) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (tree_->root_ != nullptr) throw Refused(LineOf(mark), "a second document begins here");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Add(Make(YamlNode::Kind::kNull, mark, anchor));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) throw Refused(LineOf(mark), "this alias has no anchor");
    for (const YamlNode* open : open_) {
      if (open == found->second) throw Refused(LineOf(mark), "this alias contains itself");
    }
    Add(found->second);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    RefuseTag(mark, tag);
    YamlNode* node = Make(YamlNode::Kind::kScalar, mark, anchor);
    node->scalar = value;
    Add(node);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    RefuseTag(mark, tag);
    Open(Make(YamlNode::Kind::kList, mark, anchor), mark);
  }
  void OnSequenceEnd() override { Close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    RefuseTag(mark, tag);
    Open(Make(YamlNode::Kind::kMap, mark, anchor), mark);
  }
  void OnMapEnd() override { Close(); }

 private:
  // "?" and "!" are how yaml-cpp names plain and quoted text without a tag.
  static void RefuseTag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    throw Refused(LineOf(mark), "tags are not supported");
  }

  YamlNode* Make(YamlNode::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (tree_->nodes_.size() >= kMostYamlNodes) {
      throw Refused(LineOf(mark), absl::StrCat("more than ", kMostYamlNodes, " values"));
    }
    tree_->nodes_.push_back(std::make_unique<YamlNode>());
    YamlNode* node = tree_->nodes_.back().get();
    node->kind = kind;
    node->line = LineOf(mark);
    if (anchor != YAML::NullAnchor) anchors_[anchor] = node;
    return node;
  }

  void Open(YamlNode* node, const YAML::Mark& mark) {
    if (open_.size() >= static_cast<size_t>(kDeepestYaml)) {
      throw Refused(LineOf(mark), absl::StrCat("nested deeper than ", kDeepestYaml));
    }
    Add(node);
    open_.push_back(node);
    keys_.push_back(nullptr);
  }

  void Close() {
    open_.pop_back();
    keys_.pop_back();
  }

  // Events of a map come as key, value, key, value.
  void Add(const YamlNode* node) {
    if (open_.empty()) {
      tree_->root_ = node;
      return;
    }
    YamlNode* parent = open_.back();
    if (parent->kind == YamlNode::Kind::kList) {
      parent->items.push_back(node);
    } else if (keys_.back() == nullptr) {
      keys_.back() = node;
    } else {
      parent->entries.emplace_back(keys_.back(), node);
      keys_.back() = nullptr;
    }
  }

  YamlTree* tree_;
  std::map<YAML::anchor_t, YamlNode*> anchors_;
  std::vector<YamlNode*> open_;
  std::vector<const YamlNode*> keys_;  // of each open map: the key whose value comes next
};

bool YamlTree::Parse(std::string_view text, int* line, std::string* message) {
  nodes_.clear();
  root_ = nullptr;
  if (!CheckCharacters(text, line, message)) return false;
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    YamlTreeBuilder builder(this);
    while (parser.HandleNextDocument(builder)) {
    }
    return true;
  } catch (const Refused& refused) {
    *line = refused.line();
    *message = refused.what();
  } catch (const YAML::Exception& error) {
    *line = LineOf(error.mark);
    *message = absl::StrCat("this is not YAML: ", error.msg);
  } catch (const std::exception& error) {
    *line = 0;
    *message = absl::StrCat("the text could not be read: ", error.what());
  }
  root_ = nullptr;
  return false;
}

}  // namespace omzien::config
