#include <algorithm>
#include <optional>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/auth/tokens.h"
#include "server/crypto/keyed_hash.h"
#include "server/domain/errors.h"
#include "server/domain/names.h"
#include "server/rpc/listen_address.h"
#include "server/rpc/page_token.h"
#include "tests/fuzz/fuzz.h"

namespace omzien::fuzz {
namespace {

constexpr char kQuery[] = "omzien.v1.SignalService/ListSignals?";
constexpr char kToken[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
// Of kToken.
constexpr char kTokenHash[] = "a8ae6e6ee929abea3afcfc5258c8ccd6f85273e0d4626d26c7279f3250f77c8e";

// What was made is read back, and nothing else is.
void PageTokens(const std::string& input) {
  const crypto::KeyedHash hash{crypto::Secret()};
  if (!input.empty()) {
    const std::string made = rpc::MakePageToken(hash, kQuery, input);
    const auto read = rpc::ReadPageToken(hash, kQuery, made);
    Require(read.ok() && *read == input, "a page token is read back");
    Require(!rpc::ReadPageToken(hash, "another query", made).ok(), "a token fits its query only");
    std::string bytes;
    absl::WebSafeBase64Unescape(made, &bytes);
    bytes[input.size() % bytes.size()] ^= 4;
    Require(!rpc::ReadPageToken(hash, kQuery, absl::WebSafeBase64Escape(bytes)).ok(),
            "a token that was changed is refused");
  }
  const auto read = rpc::ReadPageToken(hash, kQuery, input);
  if (read.ok()) {
    Require(input.empty() ||
                rpc::ReadPageToken(hash, kQuery, rpc::MakePageToken(hash, kQuery, *read)).ok(),
            "what is read can be made");
  } else {
    RequireOurError(read.status());
    Require(domain::ReasonOf(read.status()) == "INVALID_PAGE_TOKEN", "INVALID_PAGE_TOKEN");
  }
}

void BearerTokens(const std::string& input) {
  static const auto* const kTable = [] {
    auto table =
        auth::CallerTable::Build({{"shop", kTokenHash, {{"GM9901", "winkel", "signaller"}}}});
    Require(table.ok(), "the table of callers");
    return table->release();
  }();
  const auto caller = kTable->Identify(input);
  if (caller.ok()) {
    Require(input.size() == 7 + sizeof(kToken) - 1 && input.substr(7) == kToken,
            "only the token itself is known");
  } else {
    RequireOurError(caller.status());
    Require(caller.status().code() == absl::StatusCode::kUnauthenticated, "UNAUTHENTICATED");
  }
  // A table is built of anything, or refused.
  auth::CallerTable::Build({{input, kTokenHash, {{"GM9901", input, "signaller"}}}}).IgnoreError();
  auth::CallerTable::Build({{"shop", input, {{input, "winkel", input}}}}).IgnoreError();
}

void Addresses(const std::string& input) {
  const auto address = rpc::ParseListenAddress(input);
  if (!address.ok()) return;
  Require(address->host.starts_with("127.") || address->host.starts_with("["), "a loopback");
  const auto again = rpc::ParseListenAddress(address->ToString());
  Require(again.ok() && again->ToString() == address->ToString(), "an address is read back");
}

void Names(const std::string& input) {
  if (const auto name = domain::ParseMunicipalityName(input)) {
    Require(domain::MunicipalityName(*name) == input, "a municipality's name is read back");
  }
  if (const auto name = domain::ParseSignalName(input)) {
    Require(domain::SignalName(name->municipality, name->id) == input,
            "a signal's name is read back");
  }
  if (const auto name = domain::ParseReferralName(input)) {
    Require(domain::ReferralName(name->municipality, name->case_id, name->number) == input,
            "a referral's name is read back");
  }
  if (const auto name = domain::ParseDistrictName(input)) {
    Require(domain::DistrictName(name->municipality, name->id) == input,
            "a district's name is read back");
  }
  if (const auto name = domain::ParseOfferName(input)) {
    Require(domain::OfferName(name->municipality, name->id) == input,
            "an offer's name is read back");
  }
  Require(input.find(domain::LastSegment(input)) != std::string::npos, "a last segment");
}

}  // namespace

void FuzzTokens(std::string_view input) {
  const std::string text(input);
  PageTokens(text);
  BearerTokens(text);
  Addresses(text);
  Names(text);
}

std::vector<std::string> TokenSeeds() {
  const crypto::KeyedHash hash{crypto::Secret()};
  return {
      rpc::MakePageToken(hash, kQuery, std::string("GM9901\0\1S", 9)),
      absl::StrCat("Bearer ", kToken),
      "bearer ",
      "127.0.0.1:7070",
      "[::1]:0",
      "localhost:65535",
      "0.0.0.0:80",
      "municipalities/GM9901",
      "municipalities/GM9901/signals/0123456789abcdef",
      "municipalities/GM9901/referrals/0123456789abcdef-12",
      "municipalities/GM9901/districts/BU99010101",
      "municipalities/GM9901/offers/bezoek",
  };
}

}  // namespace omzien::fuzz
