#include "server/domain/caller.h"

#include <algorithm>
#include <array>
#include <utility>

namespace omzien::domain {
namespace {

constexpr std::array<std::pair<Role, std::string_view>, 8> kRoleNames = {{
    {Role::kPublic, "public"},
    {Role::kSignaller, "signaller"},
    {Role::kFirstContact, "first_contact"},
    {Role::kReceiver, "receiver"},
    {Role::kCoordinator, "coordinator"},
    {Role::kDashboard, "dashboard"},
    {Role::kSteward, "steward"},
    {Role::kOperator, "operator"},
}};

}  // namespace

std::string_view RoleName(Role role) {
  for (const auto& [candidate, name] : kRoleNames) {
    if (candidate == role) return name;
  }
  return "unknown";
}

std::optional<Role> ParseRole(std::string_view name) {
  for (const auto& [role, candidate] : kRoleNames) {
    if (candidate == name) return role;
  }
  return std::nullopt;
}

bool Caller::KnowsMunicipality(std::string_view municipality) const {
  return std::ranges::any_of(
      grants, [&](const Grant& grant) { return grant.municipality == municipality; });
}

bool Caller::Has(std::string_view municipality, Role role) const {
  return std::ranges::any_of(grants, [&](const Grant& grant) {
    return grant.municipality == municipality && grant.role == role;
  });
}

std::set<std::string> Caller::OrganisationsAs(std::string_view municipality, Role role) const {
  std::set<std::string> organisations;
  for (const Grant& grant : grants) {
    if (grant.municipality == municipality && grant.role == role) {
      organisations.insert(grant.organisation);
    }
  }
  return organisations;
}

}  // namespace omzien::domain
