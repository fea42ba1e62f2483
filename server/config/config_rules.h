// What a configuration's values must be, apart from where they come from.

#ifndef OMZIEN_SERVER_CONFIG_CONFIG_RULES_H_
#define OMZIEN_SERVER_CONFIG_CONFIG_RULES_H_

#include <string>
#include <vector>

#include "omzien/config/v1/config.pb.h"

namespace omzien::config {

struct ConfigProblem {
  std::string path;     // "listen", "callers[0].grants[1].role"
  std::string message;  // never a hash
};

// Every rule of config.proto that doesn't hold, in the order of its fields.
std::vector<ConfigProblem> CheckConfig(const v1::ServerConfig& config);

}  // namespace omzien::config

#endif  // OMZIEN_SERVER_CONFIG_CONFIG_RULES_H_
