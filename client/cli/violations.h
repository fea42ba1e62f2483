// What the server says is wrong with a field, in the reader's language. The server speaks English;
// who fills in a list of signals reads Dutch.
#pragma once

#include <string>

#include "client/cli/words.h"

namespace omzien::cli {

// A description that isn't known stays as it is.
std::string DescriptionText(const std::string& description, Lang lang);

}  // namespace omzien::cli
