#include "server/rpc/checks.h"

#include "omzien/v1/error_reason.pb.h"
#include "server/auth/permissions.h"
#include "server/domain/days.h"
#include "server/domain/submission_rules.h"

namespace omzien::rpc {

absl::Status CheckRoleIn(const Call& call, const std::string& municipality) {
  if (municipality.empty()) return absl::OkStatus();
  return auth::CheckRoleIn(call.method, *call.caller, municipality);
}

std::vector<domain::FieldViolation> ViolationsOf(const Backend& backend, const Call& call,
                                                 const std::string& municipality,
                                                 const google::protobuf::Message& request) {
  const auto catalogue = backend.catalogues->Find(municipality);
  const absl::TimeZone zone = catalogue == nullptr ? absl::UTCTimeZone() : catalogue->time_zone();
  std::vector<domain::FieldViolation> violations;
  domain::Validate(request, &violations);
  domain::CheckRequest(request, call.now, domain::Today(call.now, zone), &violations);
  return violations;
}

absl::Status AllAtOnce(std::vector<domain::FieldViolation> violations,
                       std::vector<domain::FieldViolation> more, const absl::Status& own) {
  domain::AddUnlessKnown(std::move(more), &violations);
  if (violations.empty()) return own;
  domain::AddUnlessKnown(domain::ViolationsOf(own), &violations);
  return domain::InvalidFields(std::move(violations));
}

absl::StatusOr<std::shared_ptr<const domain::Catalogue>> FindCatalogue(
    const Backend& backend, const std::string& municipality) {
  auto catalogue = backend.catalogues->Find(municipality);
  if (catalogue == nullptr) {
    return domain::Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_MUNICIPALITY_NOT_FOUND,
                         "no such municipality");
  }
  return catalogue;
}

}  // namespace omzien::rpc
