// Who calls, by bearer token. The configuration holds only SHA-256 hashes of the tokens; tokens are
// long random strings, so a plain hash doesn't give them away. (OIDC and client certificates come
// later behind the same question: header in, caller out.)

#ifndef OMZIEN_SERVER_AUTH_TOKENS_H_
#define OMZIEN_SERVER_AUTH_TOKENS_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "server/domain/caller.h"

namespace omzien::auth {

// A caller as the configuration states it.
struct CallerEntry {
  struct Grant {
    std::string municipality;  // CBS code: GM0150
    // Id in the catalogue. Required for signaller, first_contact and receiver; empty for the
    // others, who act for the municipality as a whole.
    std::string organisation;
    std::string role;  // any but "public", which everyone has
  };
  // Lower-case letters, digits, "-", "_" and "."; at most 64. It stands in logs and audit.
  std::string id;
  std::string token_sha256_hex;  // 64 hexadecimal digits
  std::vector<Grant> grants;     // at least one
};

// Immutable after Build; Identify may be called from any thread and never blocks.
class CallerTable {
 public:
  // INVALID_ARGUMENT with every error, one a line, each naming the caller by its place in the list
  // and its id: double ids or tokens, bad hexadecimal, unknown roles, missing organisations. No
  // error repeats a hash.
  static absl::StatusOr<std::unique_ptr<CallerTable>> Build(
      const std::vector<CallerEntry>& entries);

  CallerTable(const CallerTable&) = delete;
  CallerTable& operator=(const CallerTable&) = delete;

  // `authorization_header`: the value of the call's "authorization" metadata. Absent: the public
  // caller, without grants. "Bearer <token>" (the scheme in any case) with a known token: that
  // caller. Anything else: UNAUTHENTICATED, TOKEN_INVALID, which doesn't say what is wrong with it.
  // The result lives as long as the table.
  absl::StatusOr<const domain::Caller*> Identify(
      std::optional<std::string_view> authorization_header) const;

  size_t size() const { return by_hash_.size(); }

 private:
  using Hash = std::array<uint8_t, 32>;

  CallerTable() = default;

  domain::Caller public_caller_;
  std::vector<std::unique_ptr<const domain::Caller>> callers_;
  absl::flat_hash_map<Hash, const domain::Caller*> by_hash_;
};

}  // namespace omzien::auth

#endif  // OMZIEN_SERVER_AUTH_TOKENS_H_
