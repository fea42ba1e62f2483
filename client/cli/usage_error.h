// A command that was typed wrong. Apart from exit_codes.h, which stands on the client library: what
// reads a file needs no more than this.
#pragma once

#include <string>

#include "absl/status/status.h"

namespace omzien::cli {

// INVALID_ARGUMENT that ends as kExitUsage.
absl::Status UsageError(const std::string& message);

// Whether `status` was made by UsageError.
bool IsUsageError(const absl::Status& status);

}  // namespace omzien::cli
