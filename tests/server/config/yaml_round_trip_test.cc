// Properties: what ToYaml writes, ParseYaml reads back; and no text makes ParseYaml throw.

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/util/message_differencer.h>
#include <google/type/date.pb.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "omzien/config/v1/config.pb.h"
#include "omzien/v1/catalog.pb.h"
#include "server/config/yaml_proto.h"

namespace omzien::config {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Pieces that have a meaning in YAML, or had one in a reader's bug once.
const std::vector<std::string>& Pieces() {
  static const std::vector<std::string> pieces = {
      "a",   "Bathmen", " ",    "  ",     "\n",     "\t",         ":",   ": ",   " #",   "#",  "-",
      "- ",  "\"",      "'",    "\\",     "{",      "}",          "[",   "]",    ",",    "&",  "*",
      "!",   "|",       ">",    "%",      "@",      "`",          "~",   "null", "true", "no", "1",
      "2.5", "é",       "één",  "\u2028", "\ufeff", "\U0001f600", "---", "...",  "?",    "? ", "=",
      "<<",  "\x01",    "\x7f", "\u0085", "tegen",  "eenzaamheid"};
  return pieces;
}

std::string AnyText() {
  std::string text;
  const int pieces = *rc::gen::inRange(0, 30);
  for (int i = 0; i < pieces; ++i) text += *rc::gen::elementOf(Pieces());
  return text;
}

void FillAny(Message* message);

void FillField(Message* message, const FieldDescriptor* field) {
  const auto* reflection = message->GetReflection();
  const bool many = field->is_repeated();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      many ? reflection->AddString(message, field, AnyText())
           : reflection->SetString(message, field, AnyText());
      break;
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto* type = field->enum_type();
      const auto* value = type->value(*rc::gen::inRange(0, type->value_count()));
      many ? reflection->AddEnum(message, field, value)
           : reflection->SetEnum(message, field, value);
      break;
    }
    case FieldDescriptor::CPPTYPE_UINT32:
      ASSERT_FALSE(many);
      reflection->SetUInt32(message, field, *rc::gen::arbitrary<uint32_t>());
      break;
    case FieldDescriptor::CPPTYPE_BOOL:
      ASSERT_FALSE(many);
      reflection->SetBool(message, field, *rc::gen::arbitrary<bool>());
      break;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      FillAny(many ? reflection->AddMessage(message, field)
                   : reflection->MutableMessage(message, field));
      break;
    default:
      FAIL() << "no generator for " << field->full_name();
  }
}

void FillAny(Message* message) {
  if (auto* date = dynamic_cast<google::type::Date*>(message)) {
    date->set_year(*rc::gen::inRange(1, 10000));
    date->set_month(*rc::gen::inRange(1, 13));
    date->set_day(*rc::gen::inRange(1, 29));
    return;
  }
  if (auto* duration = dynamic_cast<google::protobuf::Duration*>(message)) {
    duration->set_seconds(*rc::gen::inRange<int64_t>(0, 315'576'000'000));
    duration->set_nanos(*rc::gen::inRange(0, 1'000'000'000));
    return;
  }
  const auto* type = message->GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    const int times = *rc::gen::inRange(0, field->is_repeated() ? 4 : 2);
    for (int n = 0; n < times; ++n) FillField(message, field);
  }
}

template <typename M>
bool RoundTrips(const char* property) {
  return rc::check(property, [] {
    M message;
    FillAny(&message);
    const std::string yaml = ToYaml(message);
    M read;
    std::vector<YamlError> errors;
    const bool good = ParseYaml(yaml, &read, nullptr, &errors);
    RC_LOG() << yaml;
    if (!errors.empty()) RC_LOG() << errors[0].line << ": " << errors[0].message;
    RC_ASSERT(good);
    RC_ASSERT(google::protobuf::util::MessageDifferencer::Equals(message, read));
  });
}

TEST(YamlRoundTrip, Catalog) {
  EXPECT_TRUE(RoundTrips<omzien::v1::Catalog>("a catalogue survives being written and read"));
}

TEST(YamlRoundTrip, ServerConfig) {
  EXPECT_TRUE(RoundTrips<v1::ServerConfig>("a configuration survives being written and read"));
}

TEST(YamlRoundTrip, LongTextIsFolded) {
  omzien::v1::Offer offer;
  for (int i = 0; i < 40; ++i) offer.mutable_description()->append(i > 0 ? " omzien" : "Samen");
  const std::string yaml = ToYaml(offer);
  size_t longest = 0;
  size_t begin = 0;
  for (size_t end = yaml.find('\n'); end != std::string::npos; end = yaml.find('\n', begin)) {
    longest = std::max(longest, end - begin);
    begin = end + 1;
  }
  EXPECT_LE(longest, 100u);
  omzien::v1::Offer read;
  std::vector<YamlError> errors;
  EXPECT_TRUE(ParseYaml(yaml, &read, nullptr, &errors));
  EXPECT_EQ(read.description(), offer.description());
}

TEST(YamlRoundTrip, NoTextThrows) {
  EXPECT_TRUE(rc::check("any text is read or refused, with a message", [] {
    std::string yaml = *rc::gen::element<std::string>("", "offers:\n- id: a\n", "teams: [", "? ");
    yaml += AnyText();
    omzien::v1::Catalog catalog;
    std::vector<YamlError> errors;
    const bool good = ParseYaml(yaml, &catalog, nullptr, &errors);
    RC_ASSERT(good == errors.empty());
    for (const YamlError& error : errors) RC_ASSERT(!error.message.empty());
  }));
}

}  // namespace
}  // namespace omzien::config
