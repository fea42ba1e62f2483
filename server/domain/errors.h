// Errors as the API promises them: a canonical code, a stable reason in google.rpc.ErrorInfo
// (domain "omzien"), and all violated fields at once in google.rpc.BadRequest.
//
// Messages and metadata may reach logs and clients: callers never put a value that a client sent,
// or any personal data, into them. All functions are pure and may be called from any thread.

#ifndef OMZIEN_SERVER_DOMAIN_ERRORS_H_
#define OMZIEN_SERVER_DOMAIN_ERRORS_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "google/rpc/status.pb.h"
#include "omzien/v1/error_reason.pb.h"

namespace omzien::domain {

inline constexpr std::string_view kErrorDomain = "omzien";
// The payloads' type URLs on an absl::Status; each holds one serialized message of that type.
inline constexpr std::string_view kErrorInfoTypeUrl = "type.googleapis.com/google.rpc.ErrorInfo";
inline constexpr std::string_view kBadRequestTypeUrl = "type.googleapis.com/google.rpc.BadRequest";

// A field of a request that breaks a rule.
struct FieldViolation {
  std::string field;        // path from the request: "signal.target_groups[2]"
  std::string description;  // what the rule is; never repeats the value
};

// An error with its reason. `metadata` becomes ErrorInfo.metadata; error_reason.proto says which
// keys a reason has.
absl::Status Error(absl::StatusCode code, v1::ErrorReason reason, std::string_view message,
                   std::vector<std::pair<std::string, std::string>> metadata = {});

// INVALID_ARGUMENT with every violation; OK when there is none.
absl::Status InvalidFields(std::vector<FieldViolation> violations,
                           v1::ErrorReason reason = v1::ERROR_REASON_INVALID_FIELDS);

// The reason without its prefix ("WRONG_STATE"); empty for OK and for errors that aren't ours.
std::string ReasonOf(const absl::Status& status);
// The value of one key of the ErrorInfo's metadata; empty when there is none.
std::string MetadataOf(const absl::Status& status, std::string_view key);
// The violated fields of an InvalidFields error, in order.
std::vector<FieldViolation> ViolationsOf(const absl::Status& status);

// Adds what is found wrong with fields of which nothing was said yet: one sentence a field.
void AddUnlessKnown(std::vector<FieldViolation> found, std::vector<FieldViolation>* violations);

// What goes to a client. An error without an ErrorInfo comes from below us (the store's own text):
// it becomes UNAVAILABLE, STORE_UNAVAILABLE with a fixed message, so that no storage text leaves.
google::rpc::Status ToRpcStatus(const absl::Status& status);

}  // namespace omzien::domain

#endif  // OMZIEN_SERVER_DOMAIN_ERRORS_H_
