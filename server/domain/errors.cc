#include "server/domain/errors.h"

#include <algorithm>
#include <optional>

#include "absl/strings/cord.h"
#include "google/rpc/error_details.pb.h"

namespace omzien::domain {
namespace {

constexpr std::string_view kReasonPrefix = "ERROR_REASON_";
constexpr std::string_view kMaskedMessage =
    "the store is unavailable; retry with the same request_id";

std::string ShortName(v1::ErrorReason reason) {
  const std::string& name = v1::ErrorReason_Name(reason);
  return name.starts_with(kReasonPrefix) ? name.substr(kReasonPrefix.size()) : name;
}

// Debian's Abseil has a string_view of its own, to which std's doesn't convert.
absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

template <typename Payload>
std::optional<Payload> PayloadOf(const absl::Status& status, std::string_view type_url) {
  const auto cord = status.GetPayload(View(type_url));
  Payload payload;
  if (!cord.has_value() || !payload.ParseFromString(std::string(*cord))) return std::nullopt;
  return payload;
}

// From a view: the library, built by GCC 12, lacks the constructor from a string as Clang names it.
void SetPayload(std::string_view type_url, std::string_view bytes, absl::Status* status) {
  status->SetPayload(View(type_url), absl::Cord(View(bytes)));
}

}  // namespace

absl::Status Error(absl::StatusCode code, v1::ErrorReason reason, std::string_view message,
                   std::vector<std::pair<std::string, std::string>> metadata) {
  google::rpc::ErrorInfo info;
  info.set_reason(ShortName(reason));
  info.set_domain(std::string(kErrorDomain));
  for (auto& [key, value] : metadata) (*info.mutable_metadata())[key] = std::move(value);
  absl::Status status(code, View(message));
  SetPayload(kErrorInfoTypeUrl, info.SerializeAsString(), &status);
  return status;
}

absl::Status InvalidFields(std::vector<FieldViolation> violations, v1::ErrorReason reason) {
  if (violations.empty()) return absl::OkStatus();
  google::rpc::BadRequest bad_request;
  for (FieldViolation& violation : violations) {
    auto* added = bad_request.add_field_violations();
    added->set_field(std::move(violation.field));
    added->set_description(std::move(violation.description));
  }
  const auto& first = bad_request.field_violations(0);
  std::string message = first.field() + ": " + first.description();
  if (const int others = bad_request.field_violations_size() - 1; others > 0) {
    message += " (and " + std::to_string(others) + " more)";
  }
  absl::Status status = Error(absl::StatusCode::kInvalidArgument, reason, message);
  SetPayload(kBadRequestTypeUrl, bad_request.SerializeAsString(), &status);
  return status;
}

std::string ReasonOf(const absl::Status& status) {
  const auto info = PayloadOf<google::rpc::ErrorInfo>(status, kErrorInfoTypeUrl);
  return info.has_value() ? info->reason() : "";
}

std::string MetadataOf(const absl::Status& status, std::string_view key) {
  const auto info = PayloadOf<google::rpc::ErrorInfo>(status, kErrorInfoTypeUrl);
  if (!info.has_value()) return "";
  const auto found = info->metadata().find(std::string(key));
  return found == info->metadata().end() ? "" : found->second;
}

std::vector<FieldViolation> ViolationsOf(const absl::Status& status) {
  std::vector<FieldViolation> violations;
  const auto bad_request = PayloadOf<google::rpc::BadRequest>(status, kBadRequestTypeUrl);
  if (!bad_request.has_value()) return violations;
  for (const auto& violation : bad_request->field_violations()) {
    violations.push_back({violation.field(), violation.description()});
  }
  return violations;
}

void AddUnlessKnown(std::vector<FieldViolation> found, std::vector<FieldViolation>* violations) {
  for (FieldViolation& violation : found) {
    const bool known =
        std::any_of(violations->begin(), violations->end(),
                    [&](const FieldViolation& other) { return other.field == violation.field; });
    if (!known) violations->push_back(std::move(violation));
  }
}

google::rpc::Status ToRpcStatus(const absl::Status& status) {
  google::rpc::Status rpc;
  if (status.ok()) return rpc;
  const auto info = PayloadOf<google::rpc::ErrorInfo>(status, kErrorInfoTypeUrl);
  if (!info.has_value()) {
    return ToRpcStatus(
        Error(absl::StatusCode::kUnavailable, v1::ERROR_REASON_STORE_UNAVAILABLE, kMaskedMessage));
  }
  rpc.set_code(static_cast<int>(status.code()));
  rpc.set_message(std::string(status.message()));
  rpc.add_details()->PackFrom(*info);
  const auto bad_request = PayloadOf<google::rpc::BadRequest>(status, kBadRequestTypeUrl);
  if (bad_request.has_value()) rpc.add_details()->PackFrom(*bad_request);
  return rpc;
}

}  // namespace omzien::domain
