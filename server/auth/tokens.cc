#include "server/auth/tokens.h"

#include <sodium.h>

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/domain/errors.h"

namespace omzien::auth {
namespace {

constexpr size_t kIdMaxChars = 64;

bool IsCallerId(std::string_view id) {
  return !id.empty() && id.size() <= kIdMaxChars && std::ranges::all_of(id, [](char c) {
    return absl::ascii_islower(static_cast<unsigned char>(c)) ||
           absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.';
  });
}

bool IsMunicipality(std::string_view code) {
  return code.size() == 6 && code.starts_with("GM") &&
         std::ranges::all_of(code.substr(2), [](char c) {
           return absl::ascii_isdigit(static_cast<unsigned char>(c));
         });
}

bool ActsForAnOrganisation(domain::Role role) {
  return role == domain::Role::kSignaller || role == domain::Role::kFirstContact ||
         role == domain::Role::kReceiver;
}

template <class Hash>
std::optional<Hash> ParseHash(std::string_view hex) {
  Hash hash;
  size_t length = 0;
  const char* end = nullptr;
  if (hex.size() != 2 * hash.size() ||
      sodium_hex2bin(hash.data(), hash.size(), hex.data(), hex.size(), nullptr, &length, &end) !=
          0 ||
      length != hash.size() || end != hex.data() + hex.size()) {
    return std::nullopt;
  }
  return hash;
}

std::optional<domain::Grant> ParseGrant(const CallerEntry::Grant& grant, const std::string& where,
                                        std::vector<std::string>& errors) {
  const size_t errors_before = errors.size();
  if (!IsMunicipality(grant.municipality)) {
    errors.push_back(absl::StrCat(where, ".municipality: not a CBS code like GM0150"));
  }
  std::optional<domain::Role> role = domain::ParseRole(grant.role);
  if (!role.has_value() || *role == domain::Role::kPublic) {
    errors.push_back(absl::StrCat(where, ".role: not one of signaller, first_contact, receiver, ",
                                  "coordinator, dashboard, steward, operator"));
    return std::nullopt;
  }
  if (ActsForAnOrganisation(*role) && grant.organisation.empty()) {
    errors.push_back(absl::StrCat(where, ".organisation: required for ", grant.role));
  }
  if (!ActsForAnOrganisation(*role) && !grant.organisation.empty()) {
    errors.push_back(absl::StrCat(where, ".organisation: must be empty for ", grant.role));
  }
  if (errors.size() != errors_before) return std::nullopt;
  return domain::Grant{grant.municipality, grant.organisation, *role};
}

absl::Status TokenInvalid() {
  return domain::Error(absl::StatusCode::kUnauthenticated, v1::ERROR_REASON_TOKEN_INVALID,
                       "the bearer token is unknown or malformed");
}

}  // namespace

absl::StatusOr<std::unique_ptr<CallerTable>> CallerTable::Build(
    const std::vector<CallerEntry>& entries) {
  if (sodium_init() < 0) return absl::InternalError("libsodium cannot be initialised");
  auto table = std::unique_ptr<CallerTable>(new CallerTable());
  std::vector<std::string> errors;
  std::set<std::string> ids;
  for (size_t i = 0; i < entries.size(); ++i) {
    const CallerEntry& entry = entries[i];
    const bool id_ok = IsCallerId(entry.id);
    const std::string where =
        absl::StrCat("callers[", i, "]", id_ok ? absl::StrCat(" (", entry.id, ")") : "");
    if (!id_ok) {
      errors.push_back(absl::StrCat(
          where, ".id: must be 1 to 64 lower-case letters, digits, \"-\", \"_\" or \".\""));
    } else if (!ids.insert(entry.id).second) {
      errors.push_back(absl::StrCat(where, ".id: stands twice"));
    }
    auto caller = std::make_unique<domain::Caller>();
    caller->id = entry.id;
    if (entry.grants.empty()) errors.push_back(absl::StrCat(where, ".grants: at least one"));
    for (size_t g = 0; g < entry.grants.size(); ++g) {
      auto grant = ParseGrant(entry.grants[g], absl::StrCat(where, ".grants[", g, "]"), errors);
      if (grant.has_value()) caller->grants.push_back(*std::move(grant));
    }
    std::optional<Hash> hash = ParseHash<Hash>(entry.token_sha256_hex);
    if (!hash.has_value()) {
      errors.push_back(absl::StrCat(where, ".token_sha256: must be 64 hexadecimal digits"));
    } else if (!table->by_hash_.emplace(*hash, caller.get()).second) {
      errors.push_back(absl::StrCat(where, ".token_sha256: another caller has the same token"));
    }
    table->callers_.push_back(std::move(caller));
  }
  if (!errors.empty()) return absl::InvalidArgumentError(absl::StrJoin(errors, "\n"));
  return table;
}

absl::StatusOr<const domain::Caller*> CallerTable::Identify(
    std::optional<std::string_view> authorization_header) const {
  if (!authorization_header.has_value()) return &public_caller_;
  constexpr std::string_view kScheme = "bearer ";
  if (absl::AsciiStrToLower(std::string(authorization_header->substr(0, kScheme.size()))) !=
      kScheme) {
    return TokenInvalid();
  }
  std::string_view token = authorization_header->substr(kScheme.size());
  // Looked up by its hash: how long the look-up takes says nothing about the token itself.
  Hash hash;
  crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(token.data()),
                     token.size());
  auto caller = by_hash_.find(hash);
  if (caller == by_hash_.end()) return TokenInvalid();
  return caller->second;
}

}  // namespace omzien::auth
