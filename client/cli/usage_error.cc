#include "client/cli/usage_error.h"

#include "absl/strings/cord.h"

namespace omzien::cli {
namespace {

// A payload of our own, never sent by a server.
constexpr char kUsageUrl[] = "omzien.cli/usage";

}  // namespace

absl::Status UsageError(const std::string& message) {
  absl::Status status = absl::InvalidArgumentError(message);
  status.SetPayload(kUsageUrl, absl::Cord("1"));
  return status;
}

bool IsUsageError(const absl::Status& status) { return status.GetPayload(kUsageUrl).has_value(); }

}  // namespace omzien::cli
