// Which role may call which method: one table. Roles come first: they are checked before anything
// of the request is looked at. What a caller may do inside (its own signals, its own referrals)
// is for relation and state to decide, later.
//
// All functions are pure, don't block, and may be called from any thread.

#ifndef OMZIEN_SERVER_AUTH_PERMISSIONS_H_
#define OMZIEN_SERVER_AUTH_PERMISSIONS_H_

#include <set>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "google/protobuf/descriptor.h"
#include "server/domain/caller.h"

namespace omzien::auth {

// The services that the server offers. A service that isn't here is not served at all.
const std::vector<const google::protobuf::ServiceDescriptor*>& ServedServices();

// OK when every method of ServedServices() has a row in the table and every row its method;
// otherwise FAILED_PRECONDITION naming each that lacks one. The server doesn't start then.
absl::Status CheckEveryMethodHasARow();

// The roles of a method's row; empty for a method without one: nobody may call it.
// `method` is the full name, "omzien.v1.SignalService/SubmitSignal".
std::set<domain::Role> AllowedRoles(std::string_view method);

// OK when the caller holds an allowed role in any municipality, or the method is open to the
// public. Otherwise PERMISSION_DENIED, ROLE_NOT_ALLOWED, which names the roles that the caller
// holds (message, and metadata "role") and nothing else.
absl::Status CheckRole(std::string_view method, const domain::Caller& caller);

// The same within a municipality (CBS code). Where the caller holds no grant at all: NOT_FOUND,
// MUNICIPALITY_NOT_FOUND, as for one that doesn't exist. Methods open to the public are allowed in
// every municipality.
absl::Status CheckRoleIn(std::string_view method, const domain::Caller& caller,
                         std::string_view municipality);

}  // namespace omzien::auth

#endif  // OMZIEN_SERVER_AUTH_PERMISSIONS_H_
