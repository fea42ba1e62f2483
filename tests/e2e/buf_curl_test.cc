// The service through a client that knows nothing of it but what reflection tells: buf curl.
//
// buf is BUF from the environment, or the one that deploy/get-buf put in the build folder; without
// either the tests are skipped, and say so.

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "client/cpp/request_id.h"
#include "tests/e2e/story_world.h"

namespace omzien::e2e {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

std::string FindBuf() {
  const char* given = std::getenv("BUF");
  if (given != nullptr && *given != '\0') return given;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(OMZIEN_TOOLS, none)) {
    const std::string buf = entry.path() / "node_modules" / ".bin" / "buf";
    if (access(buf.c_str(), X_OK) == 0) return buf;
  }
  return "";
}

std::string Quoted(const std::string& text) {
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"'", "'\\''"}}), "'");
}

struct Output {
  int exit_code = 0;
  std::string text;  // both streams
};

Output RunCommand(const std::string& command) {
  Output output;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return {-1, "popen failed"};
  std::array<char, 4096> chunk{};
  while (const size_t size = fread(chunk.data(), 1, chunk.size(), pipe)) {
    output.text.append(chunk.data(), size);
  }
  output.exit_code = pclose(pipe);
  return output;
}

// The details of an error, which buf prints in base64, as one text.
std::string DetailsIn(const std::string& json) {
  const std::string key = "\"value\": \"";
  std::string details;
  for (size_t at = json.find(key); at != std::string::npos; at = json.find(key, at)) {
    at += key.size();
    std::string bytes;
    EXPECT_TRUE(absl::Base64Unescape(json.substr(at, json.find('"', at) - at), &bytes));
    details += bytes;
  }
  return details;
}

class BufCurl : public StoryWorldTest {
 protected:
  void SetUp() override {
    buf_ = FindBuf();
    if (buf_.empty()) {
      GTEST_SKIP() << "buf isn't here: run deploy/get-buf, or set BUF to where it is";
    }
    StoryWorldTest::SetUp();
  }

  Output Curl(const std::string& caller, const std::string& path, const std::string& flags) {
    const std::string& token = world_.installation().token(caller);
    return RunCommand(absl::StrCat(
        Quoted(buf_), " curl --protocol grpc --http2-prior-knowledge ", flags, " ",
        token.empty() ? "" : absl::StrCat("-H ", Quoted("authorization: Bearer " + token), " "),
        Quoted(absl::StrCat("http://", world_.server().address(), path))));
  }
  // The answer to a call, read back from the JSON that buf prints.
  template <class Response>
  Response Call(const std::string& caller, const std::string& method, const std::string& json) {
    const Output output = Curl(caller, "/omzien.v1." + method, absl::StrCat("-d ", Quoted(json)));
    Response response;
    const auto parsed = google::protobuf::util::JsonStringToMessage(output.text, &response);
    EXPECT_TRUE(output.exit_code == 0 && parsed.ok()) << method << ": " << output.text;
    return response;
  }
  static std::string Id() { return client::NewRequestId(); }
  static std::string Named(const std::string& name, const std::string& more = "") {
    return absl::StrCat(R"({"name": ")", name, R"(", "requestId": ")", Id(), R"(")", more, "}");
  }
  v1::SignallerStatus WhatJumboSees(const std::string& signal) {
    const auto seen = Call<v1::Signal>("jumbo", "SignalService/GetSignal",
                                       absl::StrCat(R"({"name": ")", signal, R"("})"));
    EXPECT_THAT(FieldsOf(seen), ElementsAre("name", "reference", "status", "receive_time",
                                            "first_contact.display_name", "revision"));
    return seen.status();
  }

  std::string buf_;
};

TEST_F(BufCurl, ListsTheServicesAndFindsEachServing) {
  const Output services = Curl("", "", "--list-services");
  EXPECT_EQ(services.exit_code, 0) << services.text;
  for (const char* service :
       {"omzien.v1.SignalService", "omzien.v1.ReferralService", "omzien.v1.CatalogService",
        "omzien.v1.FollowUpService", "grpc.health.v1.Health"}) {
    EXPECT_THAT(services.text, HasSubstr(service));
    if (std::string(service) == "grpc.health.v1.Health") continue;
    const Output health =
        Curl("", "/grpc.health.v1.Health/Check",
             absl::StrCat("-d ", Quoted(absl::StrCat(R"({"service": ")", service, R"("})"))));
    EXPECT_EQ(health.exit_code, 0);
    EXPECT_THAT(health.text, HasSubstr("\"SERVING\"")) << service;
  }
  EXPECT_THAT(Curl("", "", "--list-methods").text,
              HasSubstr("omzien.v1.SignalService/SubmitSignal"));
}

TEST_F(BufCurl, PlaysTheWholeStoryWithTokenHeaders) {
  const auto submitted = Call<v1::SubmitSignalResponse>(
      "jumbo", "SignalService/SubmitSignal",
      absl::StrCat(R"({"parent": "municipalities/GM0150", "requestId": ")", Id(), R"(", "signal": {
        "reach": {"placeAndTime": "donderdags om tien uur, kassa 2", "throughSignaller": true},
        "place": {"words": "Bathmen"}, "ageBand": "AGE_BAND_65_PLUS",
        "personKnows": "PERSON_KNOWS_NO", "ownWords": "Haar man is er niet meer."}})"));
  const std::string signal = submitted.signal().name();
  EXPECT_THAT(submitted.thanks().nl(), HasSubstr("Team toegang/team preventie neemt contact op"));
  EXPECT_EQ(WhatJumboSees(signal), v1::SIGNALLER_STATUS_RECEIVED);

  const auto seen = Call<v1::Signal>("coordinator", "SignalService/GetSignal",
                                     absl::StrCat(R"({"name": ")", signal, R"("})"));
  EXPECT_EQ(seen.proposals(0).organisation_display_name(), "Bathmens Contactteam");
  EXPECT_THAT(seen.proposals(0).reason().nl(), HasSubstr("eigen dorp Bathmen"));

  const auto queue = Call<v1::ListReferralsResponse>("team", "ReferralService/ListReferrals",
                                                     R"({"parent": "municipalities/GM0150"})");
  ASSERT_THAT(queue.referrals(), SizeIs(1));
  const std::string first = queue.referrals(0).name();
  Call<v1::Referral>("team", "ReferralService/AcceptReferral", Named(first));
  for (const char* attempt :
       {R"("with": "CONTACT_WITH_PERSON", "channel": "CONTACT_CHANNEL_PHONE",
           "result": "CONTACT_RESULT_NO_ANSWER")",
        R"("with": "CONTACT_WITH_SIGNALLER", "channel": "CONTACT_CHANNEL_PHONE",
           "result": "CONTACT_RESULT_REACHED")",
        R"("with": "CONTACT_WITH_PERSON", "channel": "CONTACT_CHANNEL_INTRODUCED",
           "result": "CONTACT_RESULT_REACHED", "needLearnt": "NEED_VISIT")"}) {
    Call<v1::Referral>("team", "ReferralService/RecordContactAttempt",
                       Named(first, absl::StrCat(R"(, "attempt": {)", attempt, "}")));
  }
  Call<v1::Referral>("team", "ReferralService/RecordConsent",
                     Named(first, R"(, "consent": {"byWhom": "CONSENT_GIVER_PERSON",
                                                   "when": "2026-01-01T10:00:00Z"})"));
  const auto placed = Call<v1::PlaceReferralResponse>("team", "ReferralService/PlaceReferral",
                                                      Named(first, R"(, "offers":
                   ["municipalities/GM0150/offers/contact-via-bathmens-contactteam"])"));
  ASSERT_THAT(placed.placed(), SizeIs(1));
  const std::string offer = placed.placed(0).name();
  Call<v1::Referral>("bathmen", "ReferralService/AcceptReferral", Named(offer));
  EXPECT_EQ(Call<v1::Referral>("bathmen", "ReferralService/RecordContactAttempt",
                               Named(offer, R"(, "attempt": {"with": "CONTACT_WITH_PERSON",
                                   "channel": "CONTACT_CHANNEL_VISIT",
                                   "result": "CONTACT_RESULT_REACHED"})"))
                .state(),
            v1::REFERRAL_STATE_IN_PROGRESS);
  EXPECT_EQ(WhatJumboSees(signal), v1::SIGNALLER_STATUS_PICKED_UP);

  Call<v1::SubmitSignalResponse>(
      "jumbo", "SignalService/SubmitSignal",
      absl::StrCat(R"({"parent": "municipalities/GM0150", "requestId": ")", Id(), R"(", "signal": {
        "reach": {"phone": "0570 12 34 56"}, "place": {"words": "Okkenbroek"},
        "language": "ti", "ownWords": "Zij kent hier niemand."}})"));
  const auto summary =
      Call<v1::FollowUpSummary>("coordinator", "FollowUpService/GetFollowUpSummary",
                                R"({"parent": "municipalities/GM0150"})");
  EXPECT_EQ(summary.total().received(), 2);
  EXPECT_EQ(summary.total().contact_in_time(), 1);
  ASSERT_THAT(summary.total().unmet(), SizeIs(1));
  EXPECT_EQ(summary.total().unmet(0).degree(), v1::UNMET_DEGREE_ONLY_GENERAL);
}

TEST_F(BufCurl, SaysWhyItRefuses) {
  const Output output =
      Curl("jumbo", "/omzien.v1.SignalService/SubmitSignal",
           absl::StrCat("-d ", Quoted(R"({"parent": "municipalities/GM0150", "signal": {}})")));
  EXPECT_NE(output.exit_code, 0);
  EXPECT_THAT(output.text, HasSubstr("invalid_argument"));
  const std::string details = DetailsIn(output.text);
  for (const char* word :
       {"INVALID_FIELDS", "signal.reach", "signal.place", "signal.own_words", "request_id"}) {
    EXPECT_THAT(details, HasSubstr(word)) << output.text;
  }
}

}  // namespace
}  // namespace omzien::e2e
