// `omzien followup ...`
#pragma once

#include "client/cli/flags.h"

namespace omzien::cli {

// summary, overdue, unmet.
void AddFollowUpCommands(CLI::App& followup, Command& chosen);

}  // namespace omzien::cli
