#include "server/auth/permissions.h"

#include <algorithm>
#include <initializer_list>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "omzien/v1/catalog_service.pb.h"
#include "omzien/v1/follow_up_service.pb.h"
#include "omzien/v1/referral_service.pb.h"
#include "omzien/v1/signal_service.pb.h"
#include "server/domain/errors.h"

namespace omzien::auth {
namespace {

using domain::Role;

constexpr Role kPublic = Role::kPublic;
constexpr Role kSignaller = Role::kSignaller;
constexpr Role kFirstContact = Role::kFirstContact;
constexpr Role kReceiver = Role::kReceiver;
constexpr Role kCoordinator = Role::kCoordinator;
constexpr Role kDashboard = Role::kDashboard;
constexpr Role kSteward = Role::kSteward;
constexpr Role kOperator = Role::kOperator;

struct Row {
  std::string_view method;
  std::set<Role> roles;
};

std::set<Role> Everyone() {
  return {kPublic,      kSignaller, kFirstContact, kReceiver,
          kCoordinator, kDashboard, kSteward,      kOperator};
}

// Source: the comment at each method in proto/omzien/v1.
const std::vector<Row>& Table() {
  static const auto* const kTable = new std::vector<Row>{
      {"omzien.v1.SignalService/SubmitSignal", {kSignaller}},
      {"omzien.v1.SignalService/SubmitSignals", {kSignaller}},
      {"omzien.v1.SignalService/GetSignal", {kSignaller, kFirstContact, kReceiver, kCoordinator}},
      {"omzien.v1.SignalService/ListSignals", {kSignaller, kCoordinator}},
      {"omzien.v1.SignalService/WithdrawSignal", {kSignaller}},
      {"omzien.v1.SignalService/ReopenSignal", {kFirstContact, kCoordinator}},
      {"omzien.v1.SignalService/AnswerQuestion", {kSignaller}},
      {"omzien.v1.SignalService/RedirectSignal", {kFirstContact, kCoordinator}},
      {"omzien.v1.SignalService/GetSignalStatus", Everyone()},
      {"omzien.v1.SignalService/AnswerQuestionByCode", Everyone()},
      {"omzien.v1.SignalService/GetSignalPoint", Everyone()},
      {"omzien.v1.ReferralService/ListReferrals", {kFirstContact, kReceiver, kCoordinator}},
      {"omzien.v1.ReferralService/GetReferral", {kFirstContact, kReceiver, kCoordinator}},
      {"omzien.v1.ReferralService/AcceptReferral", {kFirstContact, kReceiver}},
      {"omzien.v1.ReferralService/DeclineReferral", {kFirstContact, kReceiver}},
      {"omzien.v1.ReferralService/WaitlistReferral", {kFirstContact, kReceiver}},
      {"omzien.v1.ReferralService/FailReferral", {kFirstContact, kReceiver}},
      {"omzien.v1.ReferralService/HandOverReferral", {kFirstContact, kReceiver}},
      {"omzien.v1.ReferralService/TakeBackReferral", {kFirstContact, kCoordinator}},
      {"omzien.v1.ReferralService/RecordContactAttempt", {kFirstContact, kReceiver}},
      {"omzien.v1.ReferralService/AskSignaller", {kFirstContact}},
      {"omzien.v1.ReferralService/RecordConsent", {kFirstContact, kReceiver}},
      {"omzien.v1.ReferralService/PlaceReferral", {kFirstContact}},
      {"omzien.v1.ReferralService/CompleteReferral", {kFirstContact, kReceiver}},
      {"omzien.v1.CatalogService/ImportCatalog", {kSteward}},
      {"omzien.v1.CatalogService/ImportCatalogParts", {kSteward}},
      {"omzien.v1.CatalogService/ExportCatalog", {kSteward, kCoordinator}},
      {"omzien.v1.CatalogService/FindOffers", {kFirstContact, kReceiver, kCoordinator, kSteward}},
      {"omzien.v1.CatalogService/ListOffersToReview", {kReceiver, kSteward}},
      {"omzien.v1.FollowUpService/GetFollowUpSummary", {kCoordinator, kDashboard}},
      {"omzien.v1.FollowUpService/ListOverdueReferrals", {kCoordinator}},
      {"omzien.v1.FollowUpService/GetUnmetDemand", {kCoordinator, kDashboard}},
  };
  return *kTable;
}

const Row* FindRow(std::string_view method) {
  const auto& table = Table();
  auto row = std::ranges::find(table, method, &Row::method);
  return row == table.end() ? nullptr : &*row;
}

absl::Status RoleNotAllowed(const std::set<Role>& held) {
  std::string names = absl::StrJoin(
      held, ", ", [](std::string* out, Role role) { out->append(domain::RoleName(role)); });
  return domain::Error(absl::StatusCode::kPermissionDenied, v1::ERROR_REASON_ROLE_NOT_ALLOWED,
                       absl::StrCat("not allowed for the caller's roles: ", names),
                       {{"role", names}});
}

// `held` without grants is what everyone has: the public role.
absl::Status CheckHeld(const Row* row, std::set<Role> held) {
  held.insert(kPublic);
  if (row != nullptr) {
    for (Role role : held) {
      if (row->roles.contains(role)) return absl::OkStatus();
    }
  }
  if (held.size() > 1) held.erase(kPublic);
  return RoleNotAllowed(held);
}

}  // namespace

const std::vector<const google::protobuf::ServiceDescriptor*>& ServedServices() {
  static const auto* const kServices = [] {
    auto* services = new std::vector<const google::protobuf::ServiceDescriptor*>();
    // By a message of each file, so that the linker keeps the file's descriptor.
    for (const google::protobuf::Descriptor* message :
         {v1::SubmitSignalRequest::descriptor(), v1::GetReferralRequest::descriptor(),
          v1::ImportCatalogRequest::descriptor(), v1::GetUnmetDemandRequest::descriptor()}) {
      const google::protobuf::FileDescriptor* file = message->file();
      for (int i = 0; i < file->service_count(); ++i) services->push_back(file->service(i));
    }
    return services;
  }();
  return *kServices;
}

absl::Status CheckEveryMethodHasARow() {
  std::set<std::string> without_row;
  std::set<std::string> without_method;
  for (const Row& row : Table()) without_method.insert(std::string(row.method));
  for (const google::protobuf::ServiceDescriptor* service : ServedServices()) {
    for (int i = 0; i < service->method_count(); ++i) {
      std::string name = absl::StrCat(service->full_name(), "/", service->method(i)->name());
      without_method.erase(name);
      if (FindRow(name) == nullptr) without_row.insert(std::move(name));
    }
  }
  if (without_row.empty() && without_method.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("the table of permissions and the API differ. Methods without a row: [",
                   absl::StrJoin(without_row, ", "), "]; rows without a method: [",
                   absl::StrJoin(without_method, ", "), "]"));
}

std::set<Role> AllowedRoles(std::string_view method) {
  const Row* row = FindRow(method);
  return row == nullptr ? std::set<Role>() : row->roles;
}

absl::Status CheckRole(std::string_view method, const domain::Caller& caller) {
  std::set<Role> held;
  for (const domain::Grant& grant : caller.grants) held.insert(grant.role);
  return CheckHeld(FindRow(method), std::move(held));
}

absl::Status CheckRoleIn(std::string_view method, const domain::Caller& caller,
                         std::string_view municipality) {
  const Row* row = FindRow(method);
  if (row != nullptr && row->roles.contains(kPublic)) return absl::OkStatus();
  if (!caller.KnowsMunicipality(municipality)) {
    return domain::Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_MUNICIPALITY_NOT_FOUND,
                         "no such municipality");
  }
  std::set<Role> held;
  for (const domain::Grant& grant : caller.grants) {
    if (grant.municipality == municipality) held.insert(grant.role);
  }
  return CheckHeld(row, std::move(held));
}

}  // namespace omzien::auth
