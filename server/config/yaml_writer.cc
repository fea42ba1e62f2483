// ToYaml of yaml_proto.h.

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "server/config/text.h"
#include "server/config/yaml_proto.h"
#include "server/config/yaml_scalar.h"

namespace omzien::config {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr size_t kLineWidth = 100;

bool IsPrintable(uint32_t point) {
  if (point < 0x20 || (point >= 0x7f && point <= 0xa0)) return false;
  // Line and paragraph separators, the byte-order mark, non-characters.
  return point != 0x2028 && point != 0x2029 && point != 0xfeff && (point & 0xfffe) != 0xfffe;
}

bool AllPrintable(std::string_view text) {
  size_t length = 0;
  for (size_t i = 0; i < text.size(); i += length) {
    if (!IsPrintable(CodePointAt(text, i, &length))) return false;
  }
  return true;
}

// Words that YAML readers, ours or others, take for something else than text.
bool IsYamlWord(std::string_view text) {
  for (const std::string_view word :
       {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}) {
    if (absl::EqualsIgnoreCase(AbslView(text), AbslView(word))) return true;
  }
  return false;
}

// Whether text can stand without quotes, also within [ ] lists: it begins with a letter and holds
// nothing that could mean something to a YAML reader.
bool IsPlain(std::string_view text) {
  if (text.empty() || text.back() == ' ' || IsYamlWord(text)) return false;
  const auto first = static_cast<unsigned char>(text.front());
  if (!absl::ascii_isalpha(first) && first < 0x80) return false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 || absl::ascii_isalnum(byte)) continue;
    if (std::string_view(" -_./()'&+;").find(c) == std::string_view::npos) return false;
  }
  return AllPrintable(text);
}

std::string DoubleQuoted(std::string_view text) {
  std::string out = "\"";
  size_t length = 0;
  for (size_t i = 0; i < text.size(); i += length) {
    const uint32_t point = CodePointAt(text, i, &length);
    if (point == '"' || point == '\\') {
      absl::StrAppend(&out, "\\", AbslView(text.substr(i, 1)));
    } else if (point == '\n') {
      out += "\\n";
    } else if (point == '\t') {
      out += "\\t";
    } else if (IsPrintable(point)) {
      out += text.substr(i, length);
    } else {
      absl::StrAppendFormat(&out, "\\U%08X", point);
    }
  }
  return out + "\"";
}

// Whether it can be written as a folded block, which turns each line end into one space.
bool CanFold(std::string_view text) {
  if (text.empty() || text.front() == ' ' || text.back() == ' ') return false;
  return !absl::StrContains(AbslView(text), "  ") && AllPrintable(text);
}

std::string Folded(std::string_view text, size_t indent) {
  std::string out = ">-";
  const std::string margin = "\n" + std::string(indent, ' ');
  size_t width = kLineWidth;
  for (const absl::string_view word : absl::StrSplit(AbslView(text), ' ')) {
    if (width + 1 + word.size() > kLineWidth) {
      absl::StrAppend(&out, margin, word);
      width = indent + word.size();
    } else {
      absl::StrAppend(&out, " ", word);
      width += 1 + word.size();
    }
  }
  return out;
}

bool IsText(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_STRING;
}

std::string Inline(const Message& message, const FieldDescriptor* field, int index) {
  const std::string scalar = WriteScalar(message, field, index);
  return IsText(*field) && !IsPlain(scalar) ? DoubleQuoted(scalar) : scalar;
}

// What is set, in the order of the proto file.
std::vector<const FieldDescriptor*> FieldsOf(const Message& message) {
  std::vector<const FieldDescriptor*> fields;
  const auto* type = message.GetDescriptor();
  const auto* reflection = message.GetReflection();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (field->is_repeated() ? reflection->FieldSize(message, field) > 0
                             : reflection->HasField(message, field)) {
      fields.push_back(field);
    }
  }
  return fields;
}

class Writer {
 public:
  std::string Take() && { return std::move(out_); }

  // `in_line`: the first key stands on the line already begun.
  void WriteMessage(const Message& message, size_t indent, bool in_line) {
    const std::vector<const FieldDescriptor*> fields = FieldsOf(message);
    if (fields.empty()) out_ += in_line ? "{}\n" : std::string(indent, ' ') + "{}\n";
    for (size_t i = 0; i < fields.size(); ++i) {
      if (i > 0 || !in_line) out_.append(indent, ' ');
      absl::StrAppend(&out_, fields[i]->name(), ":");
      WriteField(message, fields[i], indent);
    }
  }

 private:
  void WriteField(const Message& message, const FieldDescriptor* field, size_t indent) {
    const auto* reflection = message.GetReflection();
    if (field->is_repeated()) {
      WriteList(message, field, indent);
    } else if (IsScalarField(*field)) {
      std::string value = Inline(message, field, -1);
      const size_t width = indent + field->name().size() + 2 + value.size();
      if (width > kLineWidth && IsText(*field)) {
        const std::string text = WriteScalar(message, field, -1);
        if (CanFold(text)) value = Folded(text, indent + 2);
      }
      absl::StrAppend(&out_, " ", value, "\n");
    } else {
      const Message& value = reflection->GetMessage(message, field);
      const bool empty = FieldsOf(value).empty();
      out_ += empty ? " " : "\n";
      WriteMessage(value, indent + 2, /*in_line=*/empty);
    }
  }

  void WriteList(const Message& message, const FieldDescriptor* field, size_t indent) {
    const auto* reflection = message.GetReflection();
    const int size = reflection->FieldSize(message, field);
    if (!IsScalarField(*field)) {
      out_ += "\n";
      for (int i = 0; i < size; ++i) {
        out_.append(indent + 2, ' ');
        out_ += "- ";
        WriteMessage(reflection->GetRepeatedMessage(message, field, i), indent + 4,
                     /*in_line=*/true);
      }
      return;
    }
    std::string line = " [";
    for (int i = 0; i < size; ++i) {
      absl::StrAppend(&line, i > 0 ? ", " : "", Inline(message, field, i));
    }
    line += "]\n";
    if (indent + field->name().size() + line.size() <= kLineWidth) {
      out_ += line;
      return;
    }
    out_ += "\n";
    for (int i = 0; i < size; ++i) {
      out_.append(indent + 2, ' ');
      absl::StrAppend(&out_, "- ", Inline(message, field, i), "\n");
    }
  }

  std::string out_;
};

}  // namespace

std::string ToYaml(const Message& message) {
  Writer writer;
  writer.WriteMessage(message, 0, /*in_line=*/false);
  return std::move(writer).Take();
}

}  // namespace omzien::config
