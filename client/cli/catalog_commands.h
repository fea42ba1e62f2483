// `omzien catalog ...`
#pragma once

#include "client/cli/flags.h"

namespace omzien::cli {

// import, check, export, find.
void AddCatalogCommands(CLI::App& catalog, Command& chosen);

}  // namespace omzien::cli
