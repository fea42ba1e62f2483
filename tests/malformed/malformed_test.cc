// Whatever a client sends is answered as the contract says, repeats nothing of it, and leaves no
// trace in the store.
//
// The tables say what is sent, from proto/omzien/v1 and not from what the server does. Everything
// goes to one server; then the store, opened at rest, must be byte for byte what it was before. At
// last the good requests, from which every row differs by what it says, must be taken: a row can't
// be refused for another reason than its own.

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "client/cpp/request_id.h"
#include "tests/e2e/story_world.h"
#include "tests/malformed/raw_call.h"
#include "tests/malformed/raw_rows.h"
#include "tests/malformed/rows.h"
#include "tests/malformed/store_state.h"

namespace omzien::malformed {
namespace {

using ::testing::IsEmpty;

constexpr char kSomeone[] =
    "reach { phone: '0570 22 33 44' } place { words: 'Lettele' } own_words: 'Erg stil.'";
constexpr char kReached[] =
    "with: CONTACT_WITH_PERSON channel: CONTACT_CHANNEL_VISIT result: CONTACT_RESULT_REACHED "
    "need_learnt: NEED_VISIT";

// Of each list that gave a token, that token's name.
const std::map<std::string, std::string> kTokenOf = {
    {"SignalService/ListSignals", "token"},
    {"ReferralService/ListReferrals", "referral_token"},
    {"CatalogService/FindOffers", "offer_token"}};

std::vector<Table> AllTables() {
  std::vector<Table> all;
  for (const auto& tables : {SubmitTables(), SignalTables(), ReferralTables(), AttemptTables(),
                             CatalogTables(), FollowUpTables()}) {
    all.insert(all.end(), tables.begin(), tables.end());
  }
  return all;
}

// The methods that aren't open to the public.
std::set<std::string> WithRole(const std::vector<Table>& tables) {
  std::set<std::string> methods;
  for (const Table& table : tables) {
    if (!table.caller.empty()) methods.insert(table.method);
  }
  return methods;
}

class Malformed : public ::testing::Test {
 protected:
  void SetUp() override {
    e2e::Installation& installation = world_.installation();
    installation.AddCaller("two-shops",
                           {"GM0150 signaller jumbo-hans-kok", "GM0150 signaller saxion"});
    installation.AddCaller("v-nowhere",
                           {"GM9002 signaller zomaar", "GM9002 steward", "GM9002 coordinator"});
    installation.WriteConfig();
    world_.Start();
    ImportBoth();
    Live();
    TakeTokens();
    // At rest, so that what starting and stopping write is written.
    for (int i = 0; i < 2; ++i) {
      ASSERT_EQ(world_.server().Terminate(), 0);
      world_.Restart();
    }
    ASSERT_EQ(world_.server().Terminate(), 0);
    std::filesystem::copy(installation.data_dir(), installation.path("before"),
                          std::filesystem::copy_options::recursive);
    world_.Restart();
    channel_ = grpc::CreateChannel(world_.server().address(), grpc::InsecureChannelCredentials());
  }

  client::Client& As(const std::string& caller) { return world_.As(caller); }

  void ImportBoth() {
    names_["yaml"] = absl::CEscape(e2e::CatalogueText("voorbeeldstad"));
    names_["import_id"] = client::NewRequestId();
    auto request = e2e::Of<v1::ImportCatalogRequest>(e2e::kDeventer);
    request.set_yaml(e2e::CatalogueText("deventer"));
    e2e::Must(As("steward").ImportCatalog(request));
    request.set_parent(e2e::kVoorbeeldstad);
    request.set_yaml(e2e::CatalogueText("voorbeeldstad"));
    request.set_request_id(names_["import_id"]);
    e2e::Must(As("v-steward").ImportCatalog(request));
  }

  // A new signal; the name of its first referral.
  std::string NewReferral(const std::string& signal_name = "") {
    const auto answer =
        e2e::Must(As("jumbo").SubmitSignal(e2e::Submission(e2e::kDeventer, kSomeone)));
    if (!signal_name.empty()) names_[signal_name] = answer.signal().name();
    return e2e::ReferralName(answer.signal().name(), 1);
  }
  std::string Reached() {
    const std::string referral = NewReferral();
    e2e::Must(As("team").RecordContactAttempt(e2e::Attempt(referral, kReached)));
    return referral;
  }

  // A referral to buurtgeluk that raster accepted.
  std::string Taken() {
    auto placement = e2e::Placement(Reached(), {"buurtgeluk"}, "Zij kent ze");
    *placement.mutable_consent() =
        e2e::Proto<v1::Consent>("by_whom: CONSENT_GIVER_PERSON when { seconds: 1760000000 }");
    const std::string taken = e2e::Must(As("team").PlaceReferral(placement)).placed(0).name();
    e2e::Must(As("raster").AcceptReferral(e2e::Of<v1::AcceptReferralRequest>(taken)));
    return taken;
  }
  // A signal that ended with advice.
  std::string Closed() {
    auto complete = e2e::Of<v1::CompleteReferralRequest>(Reached());
    complete.set_outcome(v1::OUTCOME_ADVICE_ONLY);
    return e2e::Must(As("team").CompleteReferral(complete)).signal();
  }

  // A signal with a code, and a question that waits.
  void AskByCode() {
    auto request = e2e::Submission(e2e::kDeventer, kSomeone);
    request.set_code_wanted(true);
    const auto answer = e2e::Must(As("jumbo").SubmitSignal(request));
    names_["code"] = answer.code();
    auto ask = e2e::Of<v1::AskSignallerRequest>(e2e::ReferralName(answer.signal().name(), 1));
    ask.set_text("In welke straat?");
    e2e::Must(As("team").AskSignaller(ask));
  }

  // Cases in every state that a row needs.
  void Live() {
    names_["first"] = NewReferral("signal");
    names_["accepted"] = NewReferral();
    auto accept = e2e::Of<v1::AcceptReferralRequest>(names_["accepted"]);
    accept.set_request_id(names_["team_id"] = client::NewRequestId());
    e2e::Must(As("team").AcceptReferral(accept));
    names_["reached"] = Reached();
    names_["talked"] = Reached();
    names_["placed"] = Reached();
    auto placement = e2e::Placement(names_["placed"], {"buurtgeluk"}, "Zij kent ze");
    *placement.mutable_consent() =
        e2e::Proto<v1::Consent>("by_whom: CONSENT_GIVER_PERSON when { seconds: 1760000000 }");
    names_["offer"] = e2e::Must(As("team").PlaceReferral(placement)).placed(0).name();
    for (const char* name : {"to_wait", "to_fail", "to_hand_over", "to_take_back"})
      names_[name] = Taken();
    for (const char* name : {"closed", "to_reopen"}) names_[name] = Closed();
    NewReferral("to_withdraw");
    names_["to_ask"] = NewReferral();
    names_["asked"] = NewReferral("to_answer");
    auto ask = e2e::Of<v1::AskSignallerRequest>(names_["asked"]);
    ask.set_text("In welke straat?");
    e2e::Must(As("team").AskSignaller(ask));
    AskByCode();
    NewReferral("to_redirect");
    auto withdraw = e2e::Submission(e2e::kDeventer, kSomeone);
    withdraw.set_request_id(names_["used_id"] = client::NewRequestId());
    names_["used_id_capitals"] = absl::AsciiStrToUpper(names_["used_id"]);
    names_["withdrawn"] = e2e::Must(As("jumbo").SubmitSignal(withdraw)).signal().name();
    e2e::Must(As("jumbo").WithdrawSignal(e2e::Of<v1::WithdrawSignalRequest>(names_["withdrawn"])));
    names_["v_signal"] =
        e2e::Must(As("v-grocer").SubmitSignal(e2e::Submission(e2e::kVoorbeeldstad, kSomeone)))
            .signal()
            .name();
    names_["v_first"] = e2e::ReferralName(names_["v_signal"], 1);
    // An audit entry, which must stay the only one.
    e2e::Must(As("team").GetReferral(e2e::Full<v1::GetReferralRequest>(names_["first"])));
  }

  void TakeTokens() {
    auto signals = e2e::Of<v1::ListSignalsRequest>(e2e::kDeventer);
    signals.set_page_size(1);
    TakeToken("token", e2e::Must(As("coordinator").ListSignals(signals)).next_page_token());
    auto referrals = e2e::Of<v1::ListReferralsRequest>(e2e::kDeventer);
    referrals.set_page_size(1);
    TakeToken("referral_token", e2e::Must(As("team").ListReferrals(referrals)).next_page_token());
    // The good request of its table: only then is the token's own question asked.
    auto offers = e2e::Of<v1::FindOffersRequest>(e2e::kDeventer);
    offers.mutable_place()->set_words("zqkanari");
    offers.set_page_size(1);
    TakeToken("offer_token", e2e::Must(As("team").FindOffers(offers)).next_page_token());
  }
  // A token that a list gave, and what someone might make of it: a seal, then a position.
  void TakeToken(const std::string& name, const std::string& token) {
    std::string bytes;
    ASSERT_TRUE(absl::WebSafeBase64Unescape(token, &bytes));
    ASSERT_GT(bytes.size(), size_t{16});
    names_[name] = token;
    names_[name + "_longer"] = absl::WebSafeBase64Escape(bytes + "0");
    names_[name + "_shorter"] = absl::WebSafeBase64Escape(bytes.substr(0, bytes.size() - 1));
    std::string changed = bytes;
    changed.back() = static_cast<char>(changed.back() ^ 1);
    names_[name + "_tampered"] = absl::WebSafeBase64Escape(changed);
    bytes.front() = static_cast<char>(bytes.front() ^ 1);
    names_[name + "_forged"] = absl::WebSafeBase64Escape(bytes);
  }

  Answer SendAs(const std::string& caller, RawCall call) {
    const std::string& token = world_.installation().token(caller);
    if (!token.empty()) call.metadata.emplace_back("authorization", "Bearer " + token);
    return Send(channel_, call, absl::EndsWith(call.path, "/SubmitSignals"));
  }
  Answer SendAs(const std::string& caller, const std::string& method, std::string bytes) {
    return SendAs(caller, {absl::StrCat("/omzien.v1.", method), std::move(bytes)});
  }

  // What holds for every answer, and what the row says.
  void Check(const Answer& answer, const Expected& expected) {
    ++rows_;
    CheckAny(answer);
    EXPECT_EQ(answer.code, expected.code) << answer.text;
    EXPECT_EQ(answer.reason, expected.reason) << answer.text;
    std::set<std::string> fields = answer.fields;
    fields.erase("");  // a catalogue's text as a whole
    const std::set<std::string> wanted = absl::StrSplit(expected.fields, ' ', absl::SkipEmpty());
    EXPECT_EQ(fields, wanted) << answer.text;
  }
  void CheckAny(const Answer& answer) {
    EXPECT_NE(answer.code, grpc::StatusCode::OK);
    EXPECT_NE(answer.code, grpc::StatusCode::INTERNAL) << answer.text;
    EXPECT_NE(answer.code, grpc::StatusCode::UNKNOWN) << answer.text;
    EXPECT_FALSE(absl::StrContains(absl::AsciiStrToLower(answer.text), kCanary)) << answer.text;
  }

  void SendTable(const Table& table) {
    for (const Row& row : table.rows) {
      SCOPED_TRACE(absl::StrCat(table.method, ": ", row.what));
      const std::string& caller = row.caller.empty() ? table.caller : row.caller;
      const auto request = RequestFor(table, row.change, names_);
      Check(SendAs(caller, table.method, request->SerializeAsString()), row.expected);
    }
  }
  // Texts that are too long, bytes that are cut off, bytes that are no text.
  void SendMade(const Table& table) {
    for (const TooLong& made : TooLongTexts(table, names_)) {
      SCOPED_TRACE(absl::StrCat(table.method, ": too long: ", made.field));
      const Answer answer = SendAs(table.caller, table.method, made.request->SerializeAsString());
      CheckAny(answer);
      EXPECT_EQ(answer.code, grpc::StatusCode::INVALID_ARGUMENT) << answer.text;
      EXPECT_EQ(answer.reason, "INVALID_FIELDS") << answer.text;
      // A stream's item is told of as the submission that it holds.
      EXPECT_TRUE(answer.fields.contains(std::string(absl::StripPrefix(made.field, "submission."))))
          << answer.text;
      ++made_;
    }
    const std::string good = RequestFor(table, "", names_)->SerializeAsString();
    const Expected malformed = Refused(grpc::StatusCode::INVALID_ARGUMENT, "MALFORMED_MESSAGE");
    SCOPED_TRACE(table.method);
    Check(SendAs(table.caller, table.method, good.substr(0, good.size() - 1)), malformed);
    Check(SendAs(table.caller, table.method, "\xFF\xFF\xFFzqkanari"), malformed);
    std::string not_text = good;
    not_text[good.find("municipalities/")] = '\xFF';
    Check(SendAs(table.caller, table.method, not_text), malformed);
  }
  void SendAccess(const std::vector<Table>& tables) {
    std::set<std::string> sent;
    for (const AccessRow& row : AccessRows()) {
      for (const Table& table : tables) {
        if (table.method != row.method) continue;
        sent.insert(row.method);
        SendAccessRow(row, RequestFor(table, "", names_)->SerializeAsString());
      }
      EXPECT_TRUE(sent.contains(row.method)) << row.method << " has no table";
    }
    EXPECT_EQ(sent, WithRole(tables));
  }
  void SendAccessRow(const AccessRow& row, const std::string& good) {
    SCOPED_TRACE(row.method);
    const Expected no_role = Refused(grpc::StatusCode::PERMISSION_DENIED, "ROLE_NOT_ALLOWED");
    Check(SendAs(row.caller, row.method, good), no_role);
    Check(SendAs(row.caller, row.method, ""), no_role);  // a role goes before validation
    Check(SendAs("", row.method, good), no_role);
    Check(Send(channel_,
               {absl::StrCat("/omzien.v1.", row.method), good, {{"authorization", "Bearer x"}}},
               false),
          Refused(grpc::StatusCode::UNAUTHENTICATED, "TOKEN_INVALID"));
  }
  // Each on a connection of its own: some end theirs.
  void SendRaw() {
    grpc::ChannelArguments alone;
    alone.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    for (const RawRow& row : RawRows(world_.installation().token("coordinator"))) {
      SCOPED_TRACE(row.what);
      channel_ = grpc::CreateCustomChannel(world_.server().address(),
                                           grpc::InsecureChannelCredentials(), alone);
      Check(SendAs(row.caller, {row.path, row.bytes, row.metadata, row.as_gzip}), row.expected);
    }
  }

  // Which rows, changes and facts aren't as they were.
  static std::vector<std::string> Differences(const std::map<std::string, std::string>& before,
                                              const std::map<std::string, std::string>& after) {
    std::vector<std::string> different;
    for (const auto& [key, value] : before) {
      const auto found = after.find(key);
      if (found == after.end() || found->second != value) {
        different.push_back(absl::CHexEscape(key));
      }
    }
    for (const auto& [key, value] : after) {
      if (!before.contains(key)) different.push_back(absl::CHexEscape(key));
    }
    return different;
  }

  e2e::StoryWorld world_;
  std::shared_ptr<grpc::Channel> channel_;
  Names names_;
  int rows_ = 0;
  int made_ = 0;
};

// A method that comes without rows is told, whatever else is refused rightly.
TEST(Tables, AreOfEveryMethod) {
  std::map<std::string, size_t> rows;
  for (const Table& table : AllTables()) rows[table.method] += table.rows.size();
  for (const std::string& method : AllMethods()) {
    EXPECT_GT(rows[method], size_t{0}) << method << " has no rows";
  }
  EXPECT_EQ(rows.size(), AllMethods().size());
}

TEST_F(Malformed, EveryRowIsRefusedAsTheContractSaysAndLeavesNoTrace) {
  const std::vector<Table> tables = AllTables();
  for (const Table& table : tables) SendTable(table);
  for (const Table& table : tables) SendMade(table);
  SendAccess(tables);
  SendRaw();
  std::cout << rows_ << " rows, and " << made_ << " texts a character too long\n";
  EXPECT_GT(rows_, 400);
  EXPECT_FALSE(absl::StrContains(absl::AsciiStrToLower(world_.server().log()), kCanary));

  ASSERT_EQ(world_.server().Terminate(), 0);
  const auto before = StateOf(world_.installation().path("before"));
  EXPECT_GT(before.size(), 100u);
  EXPECT_THAT(Differences(before, StateOf(world_.installation().data_dir())), IsEmpty());

  world_.Restart();
  channel_ = grpc::CreateChannel(world_.server().address(), grpc::InsecureChannelCredentials());
  for (const Table& table : tables) {
    const Answer answer =
        SendAs(table.caller, table.method, RequestFor(table, "", names_)->SerializeAsString());
    EXPECT_EQ(answer.code, grpc::StatusCode::OK) << table.method << " " << answer.text;
  }
  for (const Table& table : tables) {
    // As it was given, each is taken: what was made of it was refused for what it is.
    const auto token = kTokenOf.find(table.method);
    if (token == kTokenOf.end()) continue;
    const auto next = RequestFor(table, absl::StrCat("page_token: '$", token->second, "'"), names_);
    EXPECT_EQ(SendAs(table.caller, table.method, next->SerializeAsString()).code,
              grpc::StatusCode::OK)
        << table.method;
  }
  ASSERT_EQ(world_.server().Terminate(), 0);
  // The comparison sees what was done.
  EXPECT_GT(Differences(before, StateOf(world_.installation().data_dir())).size(), 20u);
}

}  // namespace
}  // namespace omzien::malformed
