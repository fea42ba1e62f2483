// The server's flags, and the names by which one setting goes in each source.

#ifndef OMZIEN_SERVER_CONFIG_COMMAND_LINE_H_
#define OMZIEN_SERVER_CONFIG_COMMAND_LINE_H_

#include <google/protobuf/descriptor.h>

#include <map>
#include <string>
#include <vector>

namespace omzien::config {

// The single-valued fields of ServerConfig, in the order of the proto file: what the environment
// and flags can set.
std::vector<const google::protobuf::FieldDescriptor*> Settings();

// "data_dir" goes as OMZIEN_DATA_DIR and as --data-dir.
std::string EnvironmentName(const google::protobuf::FieldDescriptor& setting);
std::string FlagName(const google::protobuf::FieldDescriptor& setting);

struct CommandLine {
  bool check = false;
  bool help = false;
  bool version = false;
  std::string config_file;                    // empty: none given
  std::map<std::string, std::string> values;  // by field name
  std::vector<std::string> errors;
};

// Flags are `--name value` or `--name=value`, each at most once. What isn't known is an error with
// the nearest known one.
CommandLine ParseCommandLine(const std::vector<std::string>& args);

}  // namespace omzien::config

#endif  // OMZIEN_SERVER_CONFIG_COMMAND_LINE_H_
