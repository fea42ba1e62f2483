#include "server/config/yaml_proto.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/config/nearest.h"
#include "server/config/text.h"
#include "server/config/yaml_scalar.h"
#include "server/config/yaml_tree.h"

namespace omzien::config {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

std::string KindName(YamlNode::Kind kind) {
  switch (kind) {
    case YamlNode::Kind::kNull:
      return "nothing";
    case YamlNode::Kind::kScalar:
      return "a single value";
    case YamlNode::Kind::kList:
      return "a list";
    case YamlNode::Kind::kMap:
      return "a mapping";
  }
  return "";
}

std::vector<std::string> FieldNames(const Descriptor& type) {
  std::vector<std::string> names;
  for (int i = 0; i < type.field_count(); ++i) names.push_back(type.field(i)->name());
  return names;
}

// Walks the tree beside the message's descriptor. Recursion follows message types that the tree has
// a level for, so it ends with the tree.
class Reader {
 public:
  Reader(std::map<std::string, int>* line_of_path, std::vector<YamlError>* errors)
      : line_of_path_(line_of_path), errors_(errors) {}

  void ReadMessage(const YamlNode& node, int line, const std::string& path, Message* message) {
    if (!Visit(line)) return;
    if (node.kind != YamlNode::Kind::kMap) {
      Report(line, path, absl::StrCat("expected a mapping, not ", KindName(node.kind)));
      return;
    }
    std::set<std::string_view> seen;
    for (const auto& [key, value] : node.entries) {
      if (stopped_) return;
      ReadEntry(*key, *value, path, &seen, message);
    }
  }

 private:
  void ReadEntry(const YamlNode& key, const YamlNode& value, const std::string& path,
                 std::set<std::string_view>* seen, Message* message) {
    if (key.kind != YamlNode::Kind::kScalar) {
      Report(key.line, path, "a key must be a word");
      return;
    }
    const Descriptor& type = *message->GetDescriptor();
    const FieldDescriptor* field = type.FindFieldByName(key.scalar);
    if (field == nullptr) {
      Report(key.line, path,
             absl::StrCat("unknown key ", Quoted(key.scalar),
                          DidYouMean(key.scalar, FieldNames(type))));
      return;
    }
    const std::string field_path =
        path.empty() ? field->name() : absl::StrCat(path, ".", field->name());
    if (!seen->insert(key.scalar).second) {
      Report(key.line, field_path, "this key was written before");
      return;
    }
    const auto* oneof = field->real_containing_oneof();
    if (oneof != nullptr && message->GetReflection()->HasOneof(*message, oneof)) {
      Report(key.line, field_path, absl::StrCat("another choice of ", oneof->name(), " is set"));
      return;
    }
    Note(field_path, key.line);
    if (field->is_repeated()) {
      ReadList(value, key.line, field_path, field, message);
    } else {
      ReadValue(value, key.line, field_path, field, message);
    }
  }

  void ReadList(const YamlNode& node, int line, const std::string& path,
                const FieldDescriptor* field, Message* message) {
    if (!Visit(line)) return;
    if (field->is_map()) {
      Report(line, path, "this field has no form in YAML");
      return;
    }
    if (node.kind != YamlNode::Kind::kList) {
      Report(line, path, absl::StrCat("expected a list, not ", KindName(node.kind)));
      return;
    }
    for (size_t i = 0; i < node.items.size() && !stopped_; ++i) {
      const std::string item_path = absl::StrCat(path, "[", i, "]");
      const YamlNode& item = *node.items[i];
      Note(item_path, item.line);
      ReadValue(item, item.line, item_path, field, message);
    }
  }

  void ReadValue(const YamlNode& node, int line, const std::string& path,
                 const FieldDescriptor* field, Message* message) {
    if (node.kind == YamlNode::Kind::kNull) {
      Report(line, path, "a value is missing");
      // Keeps the places of the items that follow, so that their paths hold for later checks.
      if (field->is_repeated()) AddEmpty(field, message);
      return;
    }
    if (!IsScalarField(*field)) {
      const auto* reflection = message->GetReflection();
      ReadMessage(node, line, path,
                  field->is_repeated() ? reflection->AddMessage(message, field)
                                       : reflection->MutableMessage(message, field));
      return;
    }
    if (!Visit(line)) return;
    std::string error;
    if (node.kind != YamlNode::Kind::kScalar) {
      error = absl::StrCat("expected a single value, not ", KindName(node.kind));
    } else if (ReadScalar(node.scalar, field, message, &error)) {
      return;
    }
    Report(line, path, error);
    if (field->is_repeated()) AddEmpty(field, message);
  }

  static void AddEmpty(const FieldDescriptor* field, Message* message) {
    const auto* reflection = message->GetReflection();
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      reflection->AddMessage(message, field);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      reflection->AddString(message, field, "");
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
      reflection->AddEnumValue(message, field, 0);
    }
  }

  // Counts expanded values: aliases of aliases can make a short text very large.
  bool Visit(int line) {
    if (stopped_) return false;
    if (++visited_ <= kMostYamlNodes) return true;
    Stop(line, absl::StrCat("more than ", kMostYamlNodes, " values once aliases are expanded"));
    return false;
  }

  void Report(int line, const std::string& path, std::string message) {
    if (stopped_) return;
    if (errors_->size() >= kMostYamlErrors) {
      Stop(line, absl::StrCat("more than ", kMostYamlErrors, " errors; the rest isn't read"));
      return;
    }
    errors_->push_back({line, path, std::move(message)});
  }

  void Stop(int line, std::string message) {
    errors_->push_back({line, "", std::move(message)});
    stopped_ = true;
  }

  void Note(const std::string& path, int line) {
    if (line_of_path_ != nullptr) line_of_path_->insert_or_assign(path, line);
  }

  std::map<std::string, int>* line_of_path_;
  std::vector<YamlError>* errors_;
  size_t visited_ = 0;
  bool stopped_ = false;
};

}  // namespace

bool ParseYaml(std::string_view text, Message* out, std::map<std::string, int>* line_of_path,
               std::vector<YamlError>* errors) {
  out->Clear();
  if (line_of_path != nullptr) line_of_path->clear();
  std::vector<YamlError> found;
  YamlTree tree;
  YamlError syntax;
  if (!tree.Parse(text, &syntax.line, &syntax.message)) {
    found.push_back(std::move(syntax));
  } else if (tree.root() != nullptr && tree.root()->kind != YamlNode::Kind::kNull) {
    Reader(line_of_path, &found).ReadMessage(*tree.root(), tree.root()->line, "", out);
  }
  // Aliases make lines go back. Equal lines keep their order.
  std::multimap<int, YamlError> by_line;
  for (YamlError& error : found) by_line.emplace(error.line, std::move(error));
  for (auto& [line, error] : by_line) errors->push_back(std::move(error));
  return by_line.empty();
}

}  // namespace omzien::config
