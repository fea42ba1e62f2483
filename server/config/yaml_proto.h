// Any protobuf message written as YAML, by reflection: how configuration and catalogues are
// written.
//
// The form. A message is a mapping; its keys are the proto's field names. A repeated field is a
// list. Enum values may leave out the prefix that all values of the enum share, in any letter case,
// with "-" for "_": `status: confirmed` is OFFER_STATUS_CONFIRMED. google.type.Date is written
// 2021-06-24, google.protobuf.Duration as 10s, 500ms or 1m30s, bytes as base64. Text fields take
// any scalar as it is written (`code: 7431` is "7431"), so a catalogue needs few quotes. Nothing is
// guessed: a missing value, a key written twice and a tag are errors. Anchors and aliases work
// within kMostYamlNodes expanded values. Map fields and groups have no form here.
//
// All functions are pure and thread-safe, and none throws.

#ifndef OMZIEN_SERVER_CONFIG_YAML_PROTO_H_
#define OMZIEN_SERVER_CONFIG_YAML_PROTO_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace omzien::config {

struct YamlError {
  int line = 0;         // 1-based; 0 when there is none
  std::string path;     // "offers[3].districts[0]"; empty for the text as a whole
  std::string message;  // quotes at most 40 bytes of what was written
};

// More errors than this end the reading; the last entry then says so.
inline constexpr size_t kMostYamlErrors = 1000;

// Reads `text` into `*out`, which is cleared first. True when there were no errors. Otherwise every
// error is appended to `errors`, by line, and `*out` holds what could be read, so that a caller can
// go on to check what the values mean. Only a syntax error stops the reading.
//
// `line_of_path`, when not null, gets the line of every key and list item that was read, by its
// path as in YamlError. A text with nothing but comments is an empty message.
bool ParseYaml(std::string_view text, google::protobuf::Message* out,
               std::map<std::string, int>* line_of_path, std::vector<YamlError>* errors);

// Sets a single-valued field from one scalar in the form above; what the environment and flags use.
// False when it can't: `*error` says why.
bool SetFromScalar(google::protobuf::Message* message,
                   const google::protobuf::FieldDescriptor* field, std::string_view scalar,
                   std::string* error);

// The form above, so that ParseYaml gives an equal message, except for enum numbers without a name
// (written as numbers, which ParseYaml refuses). Lines are at most 100 wide where words allow.
// Requires that text fields hold UTF-8.
std::string ToYaml(const google::protobuf::Message& message);

// "confirmed" for OFFER_STATUS_CONFIRMED: the short form of an enum value.
std::string ShortEnumName(const google::protobuf::EnumValueDescriptor& value);

}  // namespace omzien::config

#endif  // OMZIEN_SERVER_CONFIG_YAML_PROTO_H_
