// `omzien completion bash|zsh`: scripts made from the tree of commands itself, so that they can't
// lag behind it.
#pragma once

#include <CLI/CLI.hpp>

#include "client/cli/session.h"

namespace omzien::cli {

// `root` must outlive the parse.
void AddCompletionCommands(CLI::App& completion, const CLI::App& root, Command& chosen);

// The scripts complete subcommands and flags.
std::string BashCompletion(const CLI::App& root);
std::string ZshCompletion(const CLI::App& root);

}  // namespace omzien::cli
