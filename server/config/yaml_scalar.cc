#include "server/config/yaml_scalar.h"

#include <google/protobuf/duration.pb.h>
#include <google/type/date.pb.h>

#include <charconv>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "server/config/nearest.h"
#include "server/config/text.h"
#include "server/config/yaml_proto.h"

namespace omzien::config {
namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// What google.protobuf.Duration allows, either way.
constexpr int64_t kLongestDurationSeconds = 315'576'000'000;

bool Fail(std::string* error, std::string_view expected, std::string_view scalar) {
  *error = absl::StrCat("expected ", AbslView(expected), ", not ", Quoted(scalar));
  return false;
}

// "OFFER_STATUS_" for OfferStatus.
std::string EnumPrefix(const EnumDescriptor& type) {
  std::string prefix;
  for (const char c : type.name()) {
    if (absl::ascii_isupper(static_cast<unsigned char>(c)) && !prefix.empty()) prefix += '_';
    prefix += absl::ascii_toupper(static_cast<unsigned char>(c));
  }
  return prefix + "_";
}

const EnumValueDescriptor* FindEnumValue(const EnumDescriptor& type, std::string_view scalar,
                                         std::string* error) {
  std::string name = absl::StrReplaceAll(absl::AsciiStrToUpper(AbslView(scalar)), {{"-", "_"}});
  if (const auto* value = type.FindValueByName(name)) return value;
  if (const auto* value = type.FindValueByName(EnumPrefix(type) + name)) return value;
  std::vector<std::string> known;
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() != 0) known.push_back(ShortEnumName(*type.value(i)));
  }
  absl::AsciiStrToLower(&name);
  *error =
      absl::StrCat(Quoted(scalar), " is not a value of ", type.name(), DidYouMean(name, known));
  return nullptr;
}

// 2021-06-24, a day that exists; also 2021-06 and 2021, which google.type.Date allows as well.
bool ReadDate(std::string_view scalar, google::type::Date* date) {
  const bool day = scalar.size() == 10;
  const bool month = day || scalar.size() == 7;
  if (!month && scalar.size() != 4) return false;
  int parts[3] = {0, 0, 0};
  for (size_t i = 0; i < scalar.size(); ++i) {
    const bool dash = i == 4 || i == 7;
    if (dash != (scalar[i] == '-')) return false;
    if (dash) continue;
    if (!absl::ascii_isdigit(static_cast<unsigned char>(scalar[i]))) return false;
    int& part = parts[i < 4 ? 0 : i < 7 ? 1 : 2];
    part = part * 10 + (scalar[i] - '0');
  }
  if (parts[0] < 1 || (month && (parts[1] < 1 || parts[1] > 12))) return false;
  if (day) {
    const absl::CivilDay civil(parts[0], parts[1], parts[2]);
    if (civil.day() != parts[2] || civil.month() != parts[1]) return false;
  }
  date->set_year(parts[0]);
  date->set_month(parts[1]);
  date->set_day(parts[2]);
  return true;
}

bool ReadDuration(std::string_view scalar, google::protobuf::Duration* out) {
  absl::Duration duration;
  if (!absl::ParseDuration(AbslView(scalar), &duration)) return false;
  const absl::Duration most = absl::Seconds(kLongestDurationSeconds);
  if (duration > most || duration < -most) return false;
  const int64_t seconds = absl::IDivDuration(duration, absl::Seconds(1), &duration);
  out->set_seconds(seconds);
  out->set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(duration)));
  return true;
}

std::string WriteWellKnown(const Message& value) {
  if (value.GetDescriptor() == google::type::Date::descriptor()) {
    google::type::Date date;
    date.CopyFrom(value);
    if (date.day() != 0) {
      return absl::StrFormat("%04d-%02d-%02d", date.year(), date.month(), date.day());
    }
    if (date.month() != 0) return absl::StrFormat("%04d-%02d", date.year(), date.month());
    return absl::StrFormat("%04d", date.year());
  }
  google::protobuf::Duration duration;
  duration.CopyFrom(value);
  return absl::FormatDuration(absl::Seconds(duration.seconds()) +
                              absl::Nanoseconds(duration.nanos()));
}

bool ReadMessageScalar(std::string_view scalar, const FieldDescriptor* field, Message* message,
                       std::string* error) {
  const Reflection* reflection = message->GetReflection();
  // Read aside, so that a refused value leaves nothing behind.
  google::type::Date date;
  google::protobuf::Duration duration;
  const bool is_date = field->message_type() == google::type::Date::descriptor();
  if (is_date && !ReadDate(scalar, &date)) {
    return Fail(error, "a day such as 2021-06-24", scalar);
  }
  if (!is_date && !ReadDuration(scalar, &duration)) {
    return Fail(error, "a duration such as 10s or 500ms", scalar);
  }
  Message* value = field->is_repeated() ? reflection->AddMessage(message, field)
                                        : reflection->MutableMessage(message, field);
  if (is_date) {
    value->CopyFrom(date);
  } else {
    value->CopyFrom(duration);
  }
  return true;
}

// The whole scalar as a number of that type, without a sign it can't have or a fraction.
template <typename Number>
bool ReadNumber(std::string_view scalar, Number* number, std::string* error) {
  const auto [end, code] = std::from_chars(scalar.data(), scalar.data() + scalar.size(), *number);
  if (code == std::errc() && end == scalar.data() + scalar.size() && !scalar.empty()) return true;
  const auto least = std::numeric_limits<Number>::lowest();
  const auto most = std::numeric_limits<Number>::max();
  if constexpr (std::numeric_limits<Number>::is_integer) {
    return Fail(error, absl::StrCat("a whole number from ", least, " to ", most), scalar);
  }
  return Fail(error, "a number", scalar);
}

template <typename Number>
bool SetNumber(std::string_view scalar, const FieldDescriptor* field, Message* message,
               void (Reflection::*set)(Message*, const FieldDescriptor*, Number) const,
               void (Reflection::*add)(Message*, const FieldDescriptor*, Number) const,
               std::string* error) {
  Number number{};
  if (!ReadNumber(scalar, &number, error)) return false;
  const Reflection* reflection = message->GetReflection();
  (reflection->*(field->is_repeated() ? add : set))(message, field, number);
  return true;
}

bool ReadText(std::string_view scalar, const FieldDescriptor* field, Message* message,
              std::string* error) {
  std::string text(scalar);
  if (field->type() == FieldDescriptor::TYPE_BYTES &&
      !absl::Base64Unescape(AbslView(scalar), &text)) {
    return Fail(error, "base64", scalar);
  }
  // yaml-cpp 0.7 makes a lone byte of the escapes \N and \_ of double-quoted text.
  if (field->type() == FieldDescriptor::TYPE_STRING && FirstInvalidUtf8(text) != text.npos) {
    return Fail(error, "text whose escapes are characters, such as \\u00a0", scalar);
  }
  const Reflection* reflection = message->GetReflection();
  if (field->is_repeated()) {
    reflection->AddString(message, field, std::move(text));
  } else {
    reflection->SetString(message, field, std::move(text));
  }
  return true;
}

}  // namespace

std::string ShortEnumName(const EnumValueDescriptor& value) {
  const EnumDescriptor& type = *value.type();
  const std::string prefix = EnumPrefix(type);
  std::string name = value.name();
  if (name.size() > prefix.size() && name.compare(0, prefix.size(), prefix) == 0) {
    name.erase(0, prefix.size());
  }
  absl::AsciiStrToLower(&name);
  return name;
}

bool IsScalarField(const FieldDescriptor& field) {
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return true;
  return field.message_type() == google::type::Date::descriptor() ||
         field.message_type() == google::protobuf::Duration::descriptor();
}

bool ReadScalar(std::string_view scalar, const FieldDescriptor* field, Message* message,
                std::string* error) {
  const Reflection* reflection = message->GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return SetNumber<int32_t>(scalar, field, message, &Reflection::SetInt32,
                                &Reflection::AddInt32, error);
    case FieldDescriptor::CPPTYPE_INT64:
      return SetNumber<int64_t>(scalar, field, message, &Reflection::SetInt64,
                                &Reflection::AddInt64, error);
    case FieldDescriptor::CPPTYPE_UINT32:
      return SetNumber<uint32_t>(scalar, field, message, &Reflection::SetUInt32,
                                 &Reflection::AddUInt32, error);
    case FieldDescriptor::CPPTYPE_UINT64:
      return SetNumber<uint64_t>(scalar, field, message, &Reflection::SetUInt64,
                                 &Reflection::AddUInt64, error);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return SetNumber<double>(scalar, field, message, &Reflection::SetDouble,
                               &Reflection::AddDouble, error);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return SetNumber<float>(scalar, field, message, &Reflection::SetFloat, &Reflection::AddFloat,
                              error);
    case FieldDescriptor::CPPTYPE_BOOL: {
      if (scalar != "true" && scalar != "false") return Fail(error, "true or false", scalar);
      const bool value = scalar == "true";
      if (field->is_repeated()) {
        reflection->AddBool(message, field, value);
      } else {
        reflection->SetBool(message, field, value);
      }
      return true;
    }
    case FieldDescriptor::CPPTYPE_ENUM: {
      const EnumValueDescriptor* value = FindEnumValue(*field->enum_type(), scalar, error);
      if (value == nullptr) return false;
      if (field->is_repeated()) {
        reflection->AddEnum(message, field, value);
      } else {
        reflection->SetEnum(message, field, value);
      }
      return true;
    }
    case FieldDescriptor::CPPTYPE_STRING:
      return ReadText(scalar, field, message, error);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return ReadMessageScalar(scalar, field, message, error);
  }
  return false;
}

namespace {

std::string WriteEnum(const EnumDescriptor& type, int number) {
  const EnumValueDescriptor* value = type.FindValueByNumber(number);
  return value == nullptr ? absl::StrCat(number) : ShortEnumName(*value);
}

// The shortest digits that read back as the same number.
template <typename Number>
std::string WriteReal(Number number) {
  char buffer[64];
  const auto [end, code] = std::to_chars(buffer, buffer + sizeof(buffer), number);
  return code == std::errc() ? std::string(buffer, end) : "";
}

std::string WriteText(const FieldDescriptor& field, const std::string& text) {
  return field.type() == FieldDescriptor::TYPE_BYTES ? absl::Base64Escape(text) : text;
}

}  // namespace

std::string WriteScalar(const Message& message, const FieldDescriptor* field, int index) {
  const Reflection* reflection = message.GetReflection();
  const bool many = field->is_repeated();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat(many ? reflection->GetRepeatedInt32(message, field, index)
                               : reflection->GetInt32(message, field));
    case FieldDescriptor::CPPTYPE_INT64:
      return absl::StrCat(many ? reflection->GetRepeatedInt64(message, field, index)
                               : reflection->GetInt64(message, field));
    case FieldDescriptor::CPPTYPE_UINT32:
      return absl::StrCat(many ? reflection->GetRepeatedUInt32(message, field, index)
                               : reflection->GetUInt32(message, field));
    case FieldDescriptor::CPPTYPE_UINT64:
      return absl::StrCat(many ? reflection->GetRepeatedUInt64(message, field, index)
                               : reflection->GetUInt64(message, field));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return WriteReal(many ? reflection->GetRepeatedDouble(message, field, index)
                            : reflection->GetDouble(message, field));
    case FieldDescriptor::CPPTYPE_FLOAT:
      return WriteReal(many ? reflection->GetRepeatedFloat(message, field, index)
                            : reflection->GetFloat(message, field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return (many ? reflection->GetRepeatedBool(message, field, index)
                   : reflection->GetBool(message, field))
                 ? "true"
                 : "false";
    case FieldDescriptor::CPPTYPE_ENUM:
      return WriteEnum(*field->enum_type(),
                       many ? reflection->GetRepeatedEnumValue(message, field, index)
                            : reflection->GetEnumValue(message, field));
    case FieldDescriptor::CPPTYPE_STRING:
      return WriteText(*field, many ? reflection->GetRepeatedString(message, field, index)
                                    : reflection->GetString(message, field));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return WriteWellKnown(many ? reflection->GetRepeatedMessage(message, field, index)
                                 : reflection->GetMessage(message, field));
  }
  return "";
}

bool SetFromScalar(Message* message, const FieldDescriptor* field, std::string_view scalar,
                   std::string* error) {
  if (field->is_repeated() || !IsScalarField(*field)) {
    *error = "this can't be written as one value";
    return false;
  }
  return ReadScalar(scalar, field, message, error);
}

}  // namespace omzien::config
