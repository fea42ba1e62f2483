// Errors as a caller of Omzien sees them: an absl::Status that keeps the service's details.
//
// The details (google.rpc.ErrorInfo and BadRequest, domain "omzien") ride as payloads of the status
// under their type URLs, so that they survive every layer that passes a status on. All functions
// are pure and may be called from any thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace google::rpc {
class Status;
}
namespace grpc {
class Status;
}

namespace omzien::client {

struct Violation {
  std::string field;
  std::string description;
};

struct ErrorDetails {
  // A stable UPPER_SNAKE name of omzien.v1.ErrorReason without its prefix; empty when the error
  // didn't come from the service's own code (no connection, a proxy).
  std::string reason;
  std::map<std::string, std::string> metadata;
  std::vector<Violation> violations;
};

// What gRPC reports of a call. OK gives OK; details that don't parse are left out.
absl::Status FromGrpc(const grpc::Status& status);

// What SubmitSignals answers to one refused submission. A code that isn't one gives UNKNOWN.
absl::Status FromRpcStatus(const google::rpc::Status& status);

// The details of a status made by one of the above; empty for any other.
ErrorDetails DetailsOf(const absl::Status& status);

// `status` with these details, as the service would send them; for errors found on this side.
absl::Status WithDetails(absl::Status status, const ErrorDetails& details);

}  // namespace omzien::client
