// `omzien signal ...`
#pragma once

#include "client/cli/flags.h"

namespace omzien::cli {

// submit, get, list, withdraw, point; import has its own file.
void AddSignalCommands(CLI::App& signal, Command& chosen);

}  // namespace omzien::cli
