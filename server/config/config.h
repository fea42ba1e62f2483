// The server's configuration: file < environment < flags, checked as a whole before anything
// starts. The fields, their limits and defaults stand in proto/omzien/config/v1/config.proto.
//
// Nothing here reads the process's own arguments or environment: they are passed in. All functions
// may be called from any thread.

#ifndef OMZIEN_SERVER_CONFIG_CONFIG_H_
#define OMZIEN_SERVER_CONFIG_CONFIG_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "omzien/config/v1/config.pb.h"

namespace omzien::config {

struct ConfigSources {
  // Without the program's name.
  std::vector<std::string> args;
  // Only names that begin with OMZIEN_ are looked at.
  std::map<std::string, std::string> environment;
};

enum class Action {
  kServe,
  kCheck,    // --check: only say whether the configuration is good
  kHelp,     // --help or -h, whatever else there is
  kVersion,  // --version
};

Action RequestedAction(const std::vector<std::string>& args);

// Of a process's `environ`: "NAME=value" each, the last null.
std::map<std::string, std::string> EnvironmentOf(char* const* entries);

// What --help prints: every key with its environment variable, its flag and its default.
std::string HelpText();

// The configuration before any source is read. `data_dir` and `master_key_file` have no default.
v1::ServerConfig DefaultConfig();

// Reads the file (flag --config, else OMZIEN_SERVER_CONFIG, else none) and merges the sources. The
// result is complete and within its limits; token hashes are in lower case. Blocks on reading the
// file.
//
// INVALID_ARGUMENT with every error, one a line, each naming its place (file:line, the environment
// variable or the flag): unknown keys, variables and flags with the nearest known one, wrong types,
// values out of range, missing required keys, callers that make no sense. No error repeats a hash.
absl::StatusOr<v1::ServerConfig> LoadConfig(const ConfigSources& sources);

}  // namespace omzien::config

#endif  // OMZIEN_SERVER_CONFIG_CONFIG_H_
