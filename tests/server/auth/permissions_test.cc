// Who may call what, written out once more as a picture: a change of the table must be made twice.

#include "server/auth/permissions.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/domain/errors.h"

namespace omzien::auth {
namespace {

using domain::Role;

constexpr Role kColumns[] = {Role::kPublic,   Role::kSignaller,   Role::kFirstContact,
                             Role::kReceiver, Role::kCoordinator, Role::kDashboard,
                             Role::kSteward,  Role::kOperator};

struct MatrixRow {
  const char* method;
  // A letter a column: P(ublic) S(ignaller) F(irst contact) R(eceiver) C(oordinator) D(ashboard)
  // W (steward) O(perator); "." is refused.
  const char* allowed;
};

constexpr MatrixRow kMatrix[] = {
    {"omzien.v1.SignalService/SubmitSignal", ".S......"},
    {"omzien.v1.SignalService/SubmitSignals", ".S......"},
    {"omzien.v1.SignalService/GetSignal", ".SFRC..."},
    {"omzien.v1.SignalService/ListSignals", ".S..C..."},
    {"omzien.v1.SignalService/WithdrawSignal", ".S......"},
    {"omzien.v1.SignalService/ReopenSignal", "..F.C..."},
    {"omzien.v1.SignalService/AnswerQuestion", ".S......"},
    {"omzien.v1.ReferralService/AskSignaller", "..F....."},
    {"omzien.v1.SignalService/RedirectSignal", "..F.C..."},
    {"omzien.v1.SignalService/GetSignalStatus", "PSFRCDWO"},
    {"omzien.v1.SignalService/AnswerQuestionByCode", "PSFRCDWO"},
    {"omzien.v1.SignalService/GetSignalPoint", "PSFRCDWO"},
    {"omzien.v1.ReferralService/ListReferrals", "..FRC..."},
    {"omzien.v1.ReferralService/GetReferral", "..FRC..."},
    {"omzien.v1.ReferralService/AcceptReferral", "..FR...."},
    {"omzien.v1.ReferralService/DeclineReferral", "..FR...."},
    {"omzien.v1.ReferralService/WaitlistReferral", "..FR...."},
    {"omzien.v1.ReferralService/FailReferral", "..FR...."},
    {"omzien.v1.ReferralService/HandOverReferral", "..FR...."},
    {"omzien.v1.ReferralService/TakeBackReferral", "..F.C..."},
    {"omzien.v1.ReferralService/RecordContactAttempt", "..FR...."},
    {"omzien.v1.ReferralService/RecordConsent", "..FR...."},
    {"omzien.v1.ReferralService/PlaceReferral", "..F....."},
    {"omzien.v1.ReferralService/CompleteReferral", "..FR...."},
    {"omzien.v1.CatalogService/ImportCatalog", "......W."},
    {"omzien.v1.CatalogService/ImportCatalogParts", "......W."},
    {"omzien.v1.CatalogService/ExportCatalog", "....C.W."},
    {"omzien.v1.CatalogService/FindOffers", "..FRC.W."},
    {"omzien.v1.CatalogService/ListOffersToReview", "...R..W."},
    {"omzien.v1.FollowUpService/GetFollowUpSummary", "....CD.."},
    {"omzien.v1.FollowUpService/ListOverdueReferrals", "....C..."},
    {"omzien.v1.FollowUpService/GetUnmetDemand", "....CD.."},
};

domain::Caller CallerWith(Role role) {
  domain::Caller caller;
  if (role == Role::kPublic) return caller;
  caller.id = "test-caller";
  caller.grants.push_back({"GM0150", "", role});
  return caller;
}

TEST(Permissions, FollowTheMatrix) {
  for (const MatrixRow& row : kMatrix) {
    for (size_t column = 0; column < std::size(kColumns); ++column) {
      const domain::Caller caller = CallerWith(kColumns[column]);
      SCOPED_TRACE(std::string(row.method) + " as " +
                   std::string(domain::RoleName(kColumns[column])));
      const bool allowed = row.allowed[column] != '.';
      EXPECT_EQ(CheckRole(row.method, caller).ok(), allowed);
      if (!caller.IsPublic()) {
        EXPECT_EQ(CheckRoleIn(row.method, caller, "GM0150").ok(), allowed);
      }
    }
  }
}

TEST(Permissions, TheMatrixHasEveryMethod) {
  size_t methods = 0;
  for (const auto* service : ServedServices()) {
    methods += static_cast<size_t>(service->method_count());
  }
  EXPECT_EQ(methods, std::size(kMatrix));
}

TEST(Permissions, EveryMethodHasARow) {
  EXPECT_TRUE(CheckEveryMethodHasARow().ok()) << CheckEveryMethodHasARow();
}

TEST(Permissions, MethodWithoutRowIsRefusedToAll) {
  for (Role role : kColumns) {
    EXPECT_FALSE(CheckRole("omzien.v1.SignalService/Nonesuch", CallerWith(role)).ok());
  }
}

TEST(Permissions, RefusalNamesTheCallersRolesOnly) {
  domain::Caller caller = CallerWith(Role::kReceiver);
  caller.grants.push_back({"GM0148", "", Role::kDashboard});
  absl::Status status = CheckRole("omzien.v1.SignalService/SubmitSignal", caller);
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(domain::ReasonOf(status), "ROLE_NOT_ALLOWED");
  EXPECT_EQ(domain::MetadataOf(status, "role"), "receiver, dashboard");
  EXPECT_EQ(status.message(), "not allowed for the caller's roles: receiver, dashboard");

  absl::Status of_public = CheckRole("omzien.v1.SignalService/SubmitSignal", domain::Caller());
  EXPECT_EQ(domain::MetadataOf(of_public, "role"), "public");
}

struct InMunicipality {
  const char* what;
  const char* method;
  const char* municipality;
  absl::StatusCode code;
  const char* reason;
};

TEST(Permissions, WithinAMunicipality) {
  domain::Caller caller;
  caller.id = "regional";
  caller.grants = {{"GM0150", "shop", Role::kSignaller}, {"GM0148", "", Role::kCoordinator}};
  const InMunicipality cases[] = {
      {"the role is held there", "omzien.v1.SignalService/SubmitSignal", "GM0150",
       absl::StatusCode::kOk, ""},
      {"the role is held elsewhere", "omzien.v1.SignalService/SubmitSignal", "GM0148",
       absl::StatusCode::kPermissionDenied, "ROLE_NOT_ALLOWED"},
      {"no grant there", "omzien.v1.SignalService/SubmitSignal", "GM0200",
       absl::StatusCode::kNotFound, "MUNICIPALITY_NOT_FOUND"},
      {"public method, no grant there", "omzien.v1.SignalService/GetSignalPoint", "GM0200",
       absl::StatusCode::kOk, ""},
  };
  for (const InMunicipality& c : cases) {
    SCOPED_TRACE(c.what);
    absl::Status status = CheckRoleIn(c.method, caller, c.municipality);
    EXPECT_EQ(status.code(), c.code);
    EXPECT_EQ(domain::ReasonOf(status), c.reason);
  }
  // Only the roles held there are named.
  EXPECT_EQ(domain::MetadataOf(
                CheckRoleIn("omzien.v1.SignalService/SubmitSignal", caller, "GM0148"), "role"),
            "coordinator");
}

}  // namespace
}  // namespace omzien::auth
