#include "server/config/config_rules.h"

#include <arpa/inet.h>
#include <google/protobuf/duration.pb.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "server/config/nearest.h"
#include "server/config/text.h"
#include "server/domain/caller.h"
#include "server/domain/names.h"

namespace omzien::config {
namespace {

constexpr int kMostCallers = 10'000;
constexpr int kMostGrants = 1'000;
constexpr size_t kLongestCallerId = 64;
constexpr size_t kHashDigits = 64;

using Problems = std::vector<ConfigProblem>;

// By name, not by resolving: what a name resolves to can change under a running server.
bool IsLoopback(const std::string& host) {
  if (host == "localhost" || host == "[::1]") return true;
  in_addr address{};
  return inet_pton(AF_INET, host.c_str(), &address) == 1 && (ntohl(address.s_addr) >> 24) == 127;
}

void CheckListen(const std::string& listen, Problems* problems) {
  const size_t colon = listen.rfind(':');
  const std::string port = colon == std::string::npos ? "" : listen.substr(colon + 1);
  const bool digits = std::ranges::all_of(
      port, [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); });
  uint32_t number = 0;
  const bool is_port =
      digits && port.size() <= 5 && absl::SimpleAtoi(port, &number) && number <= 65535;
  if (!is_port || colon == 0) {
    problems->push_back({"listen", absl::StrCat("expected host:port such as 127.0.0.1:7701, not ",
                                                Quoted(listen))});
  } else if (!IsLoopback(listen.substr(0, colon))) {
    problems->push_back(
        {"listen", absl::StrCat(Quoted(listen.substr(0, colon)),
                                " is not a loopback address (127.0.0.1, [::1], localhost): without "
                                "TLS the server listens on loopback only")});
  }
}

void CheckNumber(const char* path, uint32_t value, uint32_t least, uint32_t most,
                 Problems* problems) {
  if (value >= least && value <= most) return;
  problems->push_back({path, absl::StrCat(value, " is outside ", least, " to ", most)});
}

void CheckDuration(const char* path, const google::protobuf::Duration& value, absl::Duration least,
                   absl::Duration most, Problems* problems) {
  const absl::Duration duration = absl::Seconds(value.seconds()) + absl::Nanoseconds(value.nanos());
  if (duration >= least && duration <= most) return;
  problems->push_back(
      {path, absl::StrCat(absl::FormatDuration(duration), " is outside ",
                          absl::FormatDuration(least), " to ", absl::FormatDuration(most))});
}

void CheckLogLevel(const std::string& level, Problems* problems) {
  static const std::vector<std::string> kLevels = {"info", "warning", "error"};
  if (std::ranges::find(kLevels, level) != kLevels.end()) return;
  problems->push_back(
      {"log_level", absl::StrCat(Quoted(level), " is not one of ", absl::StrJoin(kLevels, ", "),
                                 DidYouMean(level, kLevels))});
}

bool ActsForAnOrganisation(domain::Role role) {
  return role == domain::Role::kSignaller || role == domain::Role::kFirstContact ||
         role == domain::Role::kReceiver;
}

// The roles that a grant can give; the public has no token.
std::vector<std::string> GrantableRoles() {
  std::vector<std::string> names;
  for (const domain::Role role :
       {domain::Role::kSignaller, domain::Role::kFirstContact, domain::Role::kReceiver,
        domain::Role::kCoordinator, domain::Role::kDashboard, domain::Role::kSteward,
        domain::Role::kOperator}) {
    names.emplace_back(domain::RoleName(role));
  }
  return names;
}

void CheckGrant(const std::string& path, const v1::GrantConfig& grant, Problems* problems) {
  if (!domain::ParseMunicipalityName("municipalities/" + grant.municipality())) {
    problems->push_back({path + ".municipality",
                         absl::StrCat("expected a municipality's CBS code such as GM0150, not ",
                                      Quoted(grant.municipality()))});
  }
  const std::optional<domain::Role> role = domain::ParseRole(grant.role());
  if (!role || *role == domain::Role::kPublic) {
    problems->push_back({path + ".role", absl::StrCat(Quoted(grant.role()), " is not a role",
                                                      DidYouMean(grant.role(), GrantableRoles()))});
    return;
  }
  if (!ActsForAnOrganisation(*role)) {
    if (!grant.organisation().empty()) {
      problems->push_back(
          {path + ".organisation", absl::StrCat("a ", grant.role(), " acts for no organisation")});
    }
  } else if (grant.organisation().empty()) {
    problems->push_back(
        {path + ".organisation", absl::StrCat("a ", grant.role(), " needs an organisation")});
  } else if (!domain::IsSlug(grant.organisation())) {
    problems->push_back(
        {path + ".organisation",
         absl::StrCat(Quoted(grant.organisation()),
                      " is not an organisation's id: 1 to 40 of a-z, 0-9 and \"-\"")});
  }
}

bool IsCallerId(const std::string& id) {
  return !id.empty() && id.size() <= kLongestCallerId && std::ranges::all_of(id, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return absl::ascii_islower(byte) || absl::ascii_isdigit(byte) || c == '-' || c == '_' ||
           c == '.';
  });
}

void CheckGrants(const std::string& path, const v1::CallerConfig& caller, Problems* problems) {
  if (caller.grants().empty() || caller.grants_size() > kMostGrants) {
    problems->push_back({path + ".grants", absl::StrCat("expected 1 to ", kMostGrants, " grants")});
  }
  std::set<std::tuple<std::string, std::string, std::string>> seen;
  for (int i = 0; i < std::min(caller.grants_size(), kMostGrants); ++i) {
    const v1::GrantConfig& grant = caller.grants(i);
    const std::string grant_path = absl::StrCat(path, ".grants[", i, "]");
    CheckGrant(grant_path, grant, problems);
    if (!seen.insert({grant.municipality(), grant.organisation(), grant.role()}).second) {
      problems->push_back({grant_path, "this grant was given before"});
    }
  }
}

void CheckCallers(const v1::ServerConfig& config, Problems* problems) {
  if (config.callers_size() > kMostCallers) {
    problems->push_back({"callers", absl::StrCat("more than ", kMostCallers, " callers")});
  }
  std::set<std::string> ids;
  std::map<std::string, std::string> id_of_hash;
  for (int i = 0; i < std::min(config.callers_size(), kMostCallers); ++i) {
    const v1::CallerConfig& caller = config.callers(i);
    const std::string path = absl::StrCat("callers[", i, "]");
    if (!IsCallerId(caller.id())) {
      problems->push_back(
          {path + ".id", absl::StrCat("expected 1 to 64 lower-case letters, digits, \"-\", "
                                      "\"_\" and \".\", not ",
                                      Quoted(caller.id()))});
    } else if (!ids.insert(caller.id()).second) {
      problems->push_back(
          {path + ".id", absl::StrCat("another caller is called ", Quoted(caller.id()))});
    }
    const std::string hash = absl::AsciiStrToLower(caller.token_sha256());
    const bool is_hash = hash.size() == kHashDigits && std::ranges::all_of(hash, [](char c) {
                           return absl::ascii_isxdigit(static_cast<unsigned char>(c));
                         });
    if (!is_hash) {
      problems->push_back({path + ".token_sha256",
                           "expected the token's SHA-256: 64 hexadecimal digits (not the token)"});
    } else if (const auto [other, is_new] = id_of_hash.emplace(hash, caller.id()); !is_new) {
      problems->push_back({path + ".token_sha256",
                           absl::StrCat("the same token as caller ", Quoted(other->second))});
    }
    CheckGrants(path, caller, problems);
  }
}

}  // namespace

Problems CheckConfig(const v1::ServerConfig& config) {
  Problems problems;
  CheckListen(config.listen(), &problems);
  if (config.data_dir().empty()) problems.push_back({"data_dir", "this is required"});
  if (config.master_key_file().empty()) {
    problems.push_back({"master_key_file", "this is required"});
  }
  CheckNumber("max_message_kib", config.max_message_kib(), 64, 65536, &problems);
  CheckNumber("max_streams_per_connection", config.max_streams_per_connection(), 1, 10000,
              &problems);
  CheckDuration("deadline_cap", config.deadline_cap(), absl::Seconds(1), absl::Minutes(10),
                &problems);
  CheckDuration("drain_timeout", config.drain_timeout(), absl::ZeroDuration(), absl::Seconds(10),
                &problems);
  CheckNumber("read_threads", config.read_threads(), 1, 64, &problems);
  CheckNumber("queue_limit", config.queue_limit(), 16, 65536, &problems);
  CheckLogLevel(config.log_level(), &problems);
  CheckCallers(config, &problems);
  return problems;
}

}  // namespace omzien::config
