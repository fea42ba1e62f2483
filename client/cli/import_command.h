// `omzien signal import FILE.csv`
#pragma once

#include "client/cli/flags.h"

namespace omzien::cli {

void AddImportCommand(CLI::App& signal, Command& chosen);

}  // namespace omzien::cli
