// What is wrong with a command line that can't be parsed.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

#include "client/cli/words.h"

namespace omzien::cli {

// In a sentence that names it: the unknown command or flag with the nearest known one, before what
// CLI11 finds missing on account of that.
std::string UsageSentence(const CLI::App& root, const std::vector<std::string>& arguments,
                          const CLI::ParseError& error, Lang lang);

// The command as far as it was understood, to ask its help: "omzien signal".
std::string UnderstoodCommand(const CLI::App& root, const std::vector<std::string>& arguments);

// By the flag, where parsing didn't come so far; else as said.
Lang LangOfArguments(const std::vector<std::string>& arguments, Lang otherwise);

}  // namespace omzien::cli
