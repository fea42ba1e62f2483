// Bearer tokens and the table of callers.

#include "server/auth/tokens.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "server/domain/errors.h"

namespace omzien::auth {
namespace {

// sha256("abc"), from FIPS 180-4's example: the hash is the standard's, not merely ours.
constexpr char kHashOfAbc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

std::string HashOf(const std::string& token) {
  unsigned char hash[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(hash, reinterpret_cast<const unsigned char*>(token.data()), token.size());
  char hex[2 * sizeof hash + 1];
  return sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
}

std::vector<CallerEntry> TwoCallers() {
  return {{"shop", kHashOfAbc, {{"GM0150", "corner-shop", "signaller"}}},
          {"desk", HashOf("another token"), {{"GM0150", "", "coordinator"}}}};
}

struct HeaderCase {
  const char* what;
  std::optional<std::string> header;
  const char* caller_id;  // nullptr: refused
};

TEST(CallerTable, IdentifiesByHeader) {
  auto table = CallerTable::Build(TwoCallers());
  ASSERT_TRUE(table.ok()) << table.status();
  const HeaderCase cases[] = {
      {"absent: the public", std::nullopt, ""},
      {"a known token", "Bearer abc", "shop"},
      {"the scheme in lower case", "bearer abc", "shop"},
      {"the scheme in capitals", "BEARER abc", "shop"},
      {"another's token", "Bearer another token", "desk"},
      {"unknown token", "Bearer abd", nullptr},
      {"empty token", "Bearer ", nullptr},
      {"two spaces", "Bearer  abc", nullptr},
      {"trailing space", "Bearer abc ", nullptr},
      {"no scheme", "abc", nullptr},
      {"another scheme", "Basic abc", nullptr},
      {"empty header", "", nullptr},
      {"the hash itself", std::string("Bearer ") + kHashOfAbc, nullptr},
  };
  for (const HeaderCase& c : cases) {
    SCOPED_TRACE(c.what);
    auto caller = (*table)->Identify(
        c.header.has_value() ? std::optional<std::string_view>(*c.header) : std::nullopt);
    ASSERT_EQ(caller.ok(), c.caller_id != nullptr);
    if (caller.ok()) {
      EXPECT_EQ((*caller)->id, c.caller_id);
    } else {
      EXPECT_EQ(caller.status().code(), absl::StatusCode::kUnauthenticated);
      EXPECT_EQ(domain::ReasonOf(caller.status()), "TOKEN_INVALID");
      EXPECT_EQ(caller.status().message(), "the bearer token is unknown or malformed");
    }
  }
}

TEST(CallerTable, GrantsAreThoseOfTheConfiguration) {
  auto table = CallerTable::Build(TwoCallers());
  ASSERT_TRUE(table.ok());
  auto shop = (*table)->Identify("Bearer abc");
  ASSERT_TRUE(shop.ok());
  EXPECT_TRUE((*shop)->Has("GM0150", domain::Role::kSignaller));
  EXPECT_FALSE((*shop)->Has("GM0150", domain::Role::kCoordinator));
  EXPECT_FALSE((*shop)->IsPublic());
  EXPECT_TRUE((*(*table)->Identify(std::nullopt))->grants.empty());
}

struct RefusedCase {
  const char* what;
  std::function<void(std::vector<CallerEntry>&)> change;
  const char* error;
};

TEST(CallerTable, RefusesWhatIsWrong) {
  const RefusedCase cases[] = {
      {"double id", [](auto& c) { c[1].id = "shop"; }, "callers[1] (shop).id: stands twice"},
      {"double token", [](auto& c) { c[1].token_sha256_hex = kHashOfAbc; },
       "callers[1] (desk).token_sha256: another caller has the same token"},
      {"not hexadecimal", [](auto& c) { c[0].token_sha256_hex[5] = 'x'; },
       "callers[0] (shop).token_sha256: must be 64 hexadecimal digits"},
      {"short hash", [](auto& c) { c[0].token_sha256_hex.pop_back(); },
       "callers[0] (shop).token_sha256: must be 64 hexadecimal digits"},
      {"unknown role", [](auto& c) { c[0].grants[0].role = "admin"; },
       "callers[0] (shop).grants[0].role: not one of signaller, first_contact, receiver, "
       "coordinator, dashboard, steward, operator"},
      {"public granted", [](auto& c) { c[0].grants[0].role = "public"; },
       "callers[0] (shop).grants[0].role: not one of signaller, first_contact, receiver, "
       "coordinator, dashboard, steward, operator"},
      {"signaller without organisation", [](auto& c) { c[0].grants[0].organisation.clear(); },
       "callers[0] (shop).grants[0].organisation: required for signaller"},
      {"coordinator with organisation", [](auto& c) { c[1].grants[0].organisation = "x"; },
       "callers[1] (desk).grants[0].organisation: must be empty for coordinator"},
      {"not a municipality", [](auto& c) { c[0].grants[0].municipality = "Deventer"; },
       "callers[0] (shop).grants[0].municipality: not a CBS code like GM0150"},
      {"no grants", [](auto& c) { c[0].grants.clear(); }, "callers[0] (shop).grants: at least one"},
      {"bad id", [](auto& c) { c[0].id = "The Shop"; },
       "callers[0].id: must be 1 to 64 lower-case letters, digits, \"-\", \"_\" or \".\""},
  };
  for (const RefusedCase& c : cases) {
    SCOPED_TRACE(c.what);
    std::vector<CallerEntry> callers = TwoCallers();
    c.change(callers);
    auto table = CallerTable::Build(callers);
    EXPECT_EQ(table.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(table.status().message(), c.error);
  }
}

TEST(CallerTable, ReportsAllErrorsAtOnce) {
  std::vector<CallerEntry> callers = TwoCallers();
  callers[0].grants[0].role = "admin";
  callers[1].token_sha256_hex = "00";
  auto table = CallerTable::Build(callers);
  const std::string message(table.status().message());
  EXPECT_NE(message.find("callers[0] (shop).grants[0].role"), std::string::npos);
  EXPECT_NE(message.find("\ncallers[1] (desk).token_sha256"), std::string::npos);
}

}  // namespace
}  // namespace omzien::auth
