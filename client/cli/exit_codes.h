// What `omzien` ends with, and what it says when something went wrong.
#pragma once

#include <ostream>

#include "absl/status/status.h"
#include "client/cli/usage_error.h"
#include "client/cli/words.h"

namespace omzien::cli {

// Stable: programs rest on them. Documented in `omzien --help` and client/README.md.
enum ExitCode {
  kExitOk = 0,
  kExitOther = 1,
  kExitUsage = 2,
  kExitNotFound = 3,
  kExitNotAllowed = 4,
  kExitInvalid = 5,
  kExitPrecondition = 6,
  kExitUnavailable = 7,
  kExitRowsRefused = 8,
};

ExitCode ExitCodeOf(const absl::Status& status);

// The sentence for a reason of ErrorReason (without prefix); empty for one not known.
std::string ReasonSentence(const std::string& reason, Lang lang);

// A sentence, reason with its metadata, and every violation, a line each. A caller without a token
// is told that, where it would be told of its role.
void PrintError(const absl::Status& status, Lang lang, std::ostream& err,
                bool without_token = false);

}  // namespace omzien::cli
