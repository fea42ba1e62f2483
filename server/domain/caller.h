// Who calls, and what they were granted. A caller holds a set of grants; most parties both signal
// and receive, and a regional body holds one per municipality.

#ifndef OMZIEN_SERVER_DOMAIN_CALLER_H_
#define OMZIEN_SERVER_DOMAIN_CALLER_H_

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace omzien::domain {

enum class Role {
  kPublic,  // no token
  kSignaller,
  kFirstContact,
  kReceiver,
  kCoordinator,
  kDashboard,
  kSteward,
  kOperator,
};

// "first_contact"; the inverse gives nullopt for an unknown word.
std::string_view RoleName(Role role);
std::optional<Role> ParseRole(std::string_view name);

struct Grant {
  std::string municipality;  // CBS code
  std::string organisation;  // id in the catalogue; empty for the municipality's own roles
  Role role = Role::kPublic;
};

struct Caller {
  // From the configuration; empty for the public. Scopes request ids; may stand in logs and audit.
  std::string id;
  std::vector<Grant> grants;

  bool IsPublic() const { return id.empty(); }
  // Any grant at all in the municipality.
  bool KnowsMunicipality(std::string_view municipality) const;
  bool Has(std::string_view municipality, Role role) const;
  // The organisations for which it holds the role there.
  std::set<std::string> OrganisationsAs(std::string_view municipality, Role role) const;
};

}  // namespace omzien::domain

#endif  // OMZIEN_SERVER_DOMAIN_CALLER_H_
