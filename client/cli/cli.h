// The program `omzien`, apart from its process: so that tests run it whole.
#pragma once

#include <string>
#include <vector>

#include "client/cli/session.h"

namespace omzien::cli {

// `arguments` without the program's name. Returns its exit code, one of ExitCode. Throws nothing.
int Run(const std::vector<std::string>& arguments, Console& console);

}  // namespace omzien::cli
