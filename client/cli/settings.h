// The global flags, and where each gets its value: flag, else environment, else config file, else
// its default.
#pragma once

#include <CLI/CLI.hpp>

#include <string>

#include "absl/status/statusor.h"
#include "client/cli/session.h"

namespace omzien::cli {

// As typed; empty where not.
struct GlobalFlags {
  std::string server;
  std::string token;
  std::string token_file;
  std::string municipality;
  std::string output;
  std::string lang;
  std::string timeout;
  bool no_color = false;
};

void AddGlobalFlags(CLI::App& app, GlobalFlags& flags);

// UsageError: a value that can't be, a token file that can't be read, a config file with an
// unknown key (named with the nearest known one).
absl::StatusOr<Globals> Resolve(const GlobalFlags& flags, const Console& console);

// Only the language, for errors before or in Resolve.
Lang LangOf(const GlobalFlags& flags, const Console& console);

}  // namespace omzien::cli
