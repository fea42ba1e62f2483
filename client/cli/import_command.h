// `omzien signal import FILE.csv`
#pragma once

#include "client/cli/flags.h"

namespace omzien::cli {

void AddImportCommand(CLI::App& signal, Command& chosen);

// "lijst.csv" -> "lijst.geweigerd.csv"; with a number from 2 on: "lijst.geweigerd-2.csv".
std::string RefusedPath(const std::string& file, int number);

}  // namespace omzien::cli
