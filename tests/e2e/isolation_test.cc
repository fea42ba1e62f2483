// Nothing crosses from one municipality into another, and what one may not see is as what isn't
// there. Both municipalities have organisations of the same ids here.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "client/cpp/import_parts.h"
#include "client/cpp/request_id.h"
#include "client/cpp/submit_stream.h"
#include "tests/e2e/story_world.h"

namespace omzien::e2e {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// What a call is aimed at.
struct Target {
  std::string parent;
  std::string signal;
  std::string referral;
};

struct Method {
  const char* name;
  std::set<std::string> roles;
  std::function<absl::Status(client::Client&, const Target&)> call;
};

constexpr char kReached[] =
    "with: CONTACT_WITH_PERSON channel: CONTACT_CHANNEL_VISIT result: CONTACT_RESULT_REACHED";
constexpr char kSomeConsent[] = "by_whom: CONSENT_GIVER_PERSON when { seconds: 1760000000 }";

v1::DeclineReferralRequest Decline(const std::string& referral) {
  auto request = Of<v1::DeclineReferralRequest>(referral);
  request.set_reason(v1::DECLINE_REASON_NO_CAPACITY);
  return request;
}

v1::FailReferralRequest Fail(const std::string& referral) {
  auto request = Of<v1::FailReferralRequest>(referral);
  request.set_reason(v1::FAIL_REASON_NO_CAPACITY);
  return request;
}

v1::HandOverReferralRequest HandOver(const Target& target) {
  auto request = Of<v1::HandOverReferralRequest>(target.referral);
  request.set_offer(target.parent + (target.parent == kDeventer ? "/offers/maatjesactiviteiten"
                                                                : "/offers/spreekuur"));
  return request;
}

v1::ReopenSignalRequest Reopen(const std::string& signal) {
  auto request = Of<v1::ReopenSignalRequest>(signal);
  request.set_reason("Weer alleen");
  return request;
}

v1::RedirectSignalRequest Redirect(const std::string& signal) {
  auto request = Of<v1::RedirectSignalRequest>(signal);
  request.set_taken_over_by("Crisisdienst");
  return request;
}

v1::RecordConsentRequest GiveConsent(const std::string& referral) {
  auto request = Of<v1::RecordConsentRequest>(referral);
  *request.mutable_consent() = Proto<v1::Consent>(kSomeConsent);
  return request;
}

v1::CompleteReferralRequest Complete(const std::string& referral) {
  auto request = Of<v1::CompleteReferralRequest>(referral);
  request.set_outcome(v1::OUTCOME_MOVED);
  return request;
}

v1::PlaceReferralRequest Place(const Target& target) {
  auto request = Of<v1::PlaceReferralRequest>(target.referral);
  request.add_offers(target.parent + "/offers/spreekuur");
  return request;
}

v1::ImportCatalogRequest Import(const std::string& parent) {
  auto request = Of<v1::ImportCatalogRequest>(parent);
  request.set_yaml(CatalogueText("deventer"));
  return request;
}

std::vector<Method> MethodsOnCases() {
  return {
      {"SubmitSignal",
       {"signaller"},
       [](client::Client& as, const Target& at) {
         return as
             .SubmitSignal(Submission(
                 at.parent, "reach { phone: '1' } place { unknown: true } own_words: 'x'"))
             .status();
       }},
      {"GetSignal",
       {"signaller", "first_contact", "receiver", "coordinator"},
       [](client::Client& as, const Target& at) {
         return as.GetSignal(Of<v1::GetSignalRequest>(at.signal)).status();
       }},
      {"GetSignal FULL",
       {"signaller", "first_contact", "receiver", "coordinator"},
       [](client::Client& as, const Target& at) {
         return as.GetSignal(Full<v1::GetSignalRequest>(at.signal)).status();
       }},
      {"WithdrawSignal",
       {"signaller"},
       [](client::Client& as, const Target& at) {
         return as.WithdrawSignal(Of<v1::WithdrawSignalRequest>(at.signal)).status();
       }},
      {"GetReferral",
       {"first_contact", "receiver", "coordinator"},
       [](client::Client& as, const Target& at) {
         return as.GetReferral(Of<v1::GetReferralRequest>(at.referral)).status();
       }},
      {"GetReferral FULL",
       {"first_contact", "receiver", "coordinator"},
       [](client::Client& as, const Target& at) {
         return as.GetReferral(Full<v1::GetReferralRequest>(at.referral)).status();
       }},
      {"AcceptReferral",
       {"first_contact", "receiver"},
       [](client::Client& as, const Target& at) {
         return as.AcceptReferral(Of<v1::AcceptReferralRequest>(at.referral)).status();
       }},
      {"DeclineReferral",
       {"first_contact", "receiver"},
       [](client::Client& as, const Target& at) {
         return as.DeclineReferral(Decline(at.referral)).status();
       }},
      {"WaitlistReferral",
       {"first_contact", "receiver"},
       [](client::Client& as, const Target& at) {
         return as.WaitlistReferral(Of<v1::WaitlistReferralRequest>(at.referral)).status();
       }},
      {"FailReferral",
       {"first_contact", "receiver"},
       [](client::Client& as, const Target& at) {
         return as.FailReferral(Fail(at.referral)).status();
       }},
      {"HandOverReferral",
       {"first_contact", "receiver"},
       [](client::Client& as, const Target& at) {
         return as.HandOverReferral(HandOver(at)).status();
       }},
      {"TakeBackReferral",
       {"first_contact", "coordinator"},
       [](client::Client& as, const Target& at) {
         auto request = Of<v1::TakeBackReferralRequest>(at.referral);
         request.set_reason("Geen antwoord");
         return as.TakeBackReferral(request).status();
       }},
      {"AskSignaller",
       {"first_contact"},
       [](client::Client& as, const Target& at) {
         auto request = Of<v1::AskSignallerRequest>(at.referral);
         request.set_text("In welke straat?");
         return as.AskSignaller(request).status();
       }},
      {"AnswerQuestion",
       {"signaller"},
       [](client::Client& as, const Target& at) {
         auto request = Of<v1::AnswerQuestionRequest>(at.signal);
         request.set_text("Boven de bakker");
         return as.AnswerQuestion(request).status();
       }},
      {"ReopenSignal",
       {"first_contact", "coordinator"},
       [](client::Client& as, const Target& at) {
         return as.ReopenSignal(Reopen(at.signal)).status();
       }},
      {"RedirectSignal",
       {"first_contact", "coordinator"},
       [](client::Client& as, const Target& at) {
         return as.RedirectSignal(Redirect(at.signal)).status();
       }},
      {"RecordContactAttempt",
       {"first_contact", "receiver"},
       [](client::Client& as, const Target& at) {
         return as.RecordContactAttempt(Attempt(at.referral, kReached)).status();
       }},
      {"RecordConsent",
       {"first_contact", "receiver"},
       [](client::Client& as, const Target& at) {
         return as.RecordConsent(GiveConsent(at.referral)).status();
       }},
      {"PlaceReferral",
       {"first_contact"},
       [](client::Client& as, const Target& at) { return as.PlaceReferral(Place(at)).status(); }},
      {"CompleteReferral",
       {"first_contact", "receiver"},
       [](client::Client& as, const Target& at) {
         return as.CompleteReferral(Complete(at.referral)).status();
       }},
  };
}

// Without any part but the catalogue's own offers.
absl::Status ImportParts(client::Client& as, const v1::ImportCatalogRequest& request) {
  const auto none = [](v1::OfferPart*) { return absl::OkStatus(); };
  return client::ImportCatalogParts(
             as, request, none, [](const auto&) {}, absl::Seconds(30))
      .status();
}

std::vector<Method> MethodsOnMunicipalities() {
  return {
      {"ListSignals",
       {"signaller", "coordinator"},
       [](client::Client& as, const Target& at) {
         return as.ListSignals(Of<v1::ListSignalsRequest>(at.parent)).status();
       }},
      {"ListReferrals",
       {"first_contact", "receiver", "coordinator"},
       [](client::Client& as, const Target& at) {
         return as.ListReferrals(Of<v1::ListReferralsRequest>(at.parent)).status();
       }},
      {"ImportCatalog",
       {"steward"},
       [](client::Client& as, const Target& at) {
         return as.ImportCatalog(Import(at.parent)).status();
       }},
      {"ImportCatalogParts",
       {"steward"},
       [](client::Client& as, const Target& at) { return ImportParts(as, Import(at.parent)); }},
      {"ExportCatalog",
       {"steward", "coordinator"},
       [](client::Client& as, const Target& at) {
         return as.ExportCatalog(Of<v1::ExportCatalogRequest>(at.parent)).status();
       }},
      {"ListOffersToReview",
       {"receiver", "steward"},
       [](client::Client& as, const Target& at) {
         return as.ListOffersToReview(Of<v1::ListOffersToReviewRequest>(at.parent)).status();
       }},
      {"FindOffers",
       {"first_contact", "receiver", "coordinator", "steward"},
       [](client::Client& as, const Target& at) {
         return as.FindOffers(Find(at.parent, "place { words: 'Bathmen' }")).status();
       }},
      {"GetFollowUpSummary",
       {"coordinator", "dashboard"},
       [](client::Client& as, const Target& at) {
         return as.GetFollowUpSummary(Of<v1::GetFollowUpSummaryRequest>(at.parent)).status();
       }},
      {"ListOverdueReferrals",
       {"coordinator"},
       [](client::Client& as, const Target& at) {
         return as.ListOverdueReferrals(Of<v1::ListOverdueReferralsRequest>(at.parent)).status();
       }},
      {"GetUnmetDemand",
       {"coordinator", "dashboard"},
       [](client::Client& as, const Target& at) {
         return as.GetUnmetDemand(Of<v1::GetUnmetDemandRequest>(at.parent)).status();
       }},
  };
}

Target In(const std::string& parent, const std::string& signal) {
  return {parent, signal, ReferralName(signal, 1)};
}

Target Nowhere(const std::string& parent) {
  return In(parent, parent + "/signals/0000000000000000");
}

class Isolation : public StoryWorldTest {
 protected:
  void SetUp() override {
    Installation& installation = world_.installation();
    for (const auto& [id, grant] : kOthers) installation.AddCaller(id, {grant});
    installation.WriteConfig();
    world_.Start();
    auto import = Import(kDeventer);
    Must(As("steward").ImportCatalog(import));
    import.set_parent(kVoorbeeldstad);
    import.set_yaml(absl::StrReplaceAll(CatalogueText("voorbeeldstad"),
                                        {{"kruidenier-de-hoek", "jumbo-hans-kok"},
                                         {"wijkteam-voorbeeldstad", "team-toegang-preventie"},
                                         {"goede-buren", "bathmens-contactteam"}}));
    Must(As("v-steward").ImportCatalog(import));
    deventer_ =
        In(kDeventer,
           Must(As("jumbo").SubmitSignal(Submission(kDeventer, kBathmenWidow))).signal().name());
    other_ = In(kVoorbeeldstad, Must(As("o-jumbo").SubmitSignal(Submission(kVoorbeeldstad, R"pb(
                                  reach { phone: "0512 33 44 55" }
                                  place { words: "Verzonnerdorp" }
                                  own_words: "Stil geworden."
                                )pb")))
                                    .signal()
                                    .name());
  }

  static std::string RoleOf(const std::string& caller) {
    for (const auto& [id, grant] : kOthers) {
      const std::string text = grant;
      if (caller == id) return text.substr(7, text.find(' ', 7) - 7);
    }
    return "";
  }

  static constexpr std::pair<const char*, const char*> kOthers[] = {
      {"o-jumbo", "GM9001 signaller jumbo-hans-kok"},
      {"o-team", "GM9001 first_contact team-toegang-preventie"},
      {"o-bathmen", "GM9001 receiver bathmens-contactteam"},
      {"o-coordinator", "GM9001 coordinator"},
      {"o-dashboard", "GM9001 dashboard"},
      {"o-steward", "GM9001 steward"},
      {"o-operator", "GM9001 operator"},
  };

  Target deventer_;
  Target other_;
};

TEST_F(Isolation, EveryMethodRefusesEveryCallerOfTheOtherMunicipality) {
  std::vector<Method> methods = MethodsOnCases();
  for (Method& method : MethodsOnMunicipalities()) methods.push_back(std::move(method));
  for (const Method& method : methods) {
    for (const auto& [caller, grant] : kOthers) {
      SCOPED_TRACE(absl::StrCat(method.name, " by ", caller));
      const absl::Status answer = method.call(As(caller), deventer_);
      if (method.roles.contains(RoleOf(caller))) {
        EXPECT_EQ(answer.code(), absl::StatusCode::kNotFound);
        EXPECT_EQ(client::DetailsOf(answer).reason, "MUNICIPALITY_NOT_FOUND");
      } else {
        EXPECT_EQ(answer.code(), absl::StatusCode::kPermissionDenied);
        EXPECT_EQ(client::DetailsOf(answer).reason, "ROLE_NOT_ALLOWED");
      }
      // As for what isn't there, and for a municipality that isn't.
      EXPECT_EQ(answer, method.call(As(caller), Nowhere(kDeventer)));
      EXPECT_EQ(answer, method.call(As(caller), Nowhere("municipalities/GM0999")));
    }
  }
  // Nothing of it did anything.
  EXPECT_EQ(Must(As("coordinator").GetSignal(Of<v1::GetSignalRequest>(deventer_.signal))).etag(),
            "\"2\"");
  EXPECT_EQ(Must(As("steward").ExportCatalog(Of<v1::ExportCatalogRequest>(kDeventer))).generation(),
            1);
}

TEST_F(Isolation, WithinAMunicipalityWhatIsAnothersIsAsWhatIsNotThere) {
  for (const Method& method : MethodsOnCases()) {
    if (std::string(method.name) == "SubmitSignal") continue;
    for (const auto& [caller, role] : std::vector<std::pair<const char*, const char*>>{
             {"saxion", "signaller"}, {"raster", "receiver"}, {"bathmen", "receiver"}}) {
      SCOPED_TRACE(absl::StrCat(method.name, " by ", caller));
      const absl::Status answer = method.call(As(caller), deventer_);
      EXPECT_EQ(answer.code(), method.roles.contains(role) ? absl::StatusCode::kNotFound
                                                           : absl::StatusCode::kPermissionDenied);
      EXPECT_EQ(answer, method.call(As(caller), Nowhere(kDeventer)));
    }
  }
}

TEST_F(Isolation, ListsAndFiguresHoldOnlyOnesOwn) {
  const auto names = [](const auto& resources) {
    std::vector<std::string> all;
    for (const auto& resource : resources) all.push_back(resource.name());
    return all;
  };
  for (const char* caller : {"jumbo", "coordinator"}) {
    EXPECT_THAT(names(AllSignals(As(caller), kDeventer)), ElementsAre(deventer_.signal));
  }
  for (const char* caller : {"o-jumbo", "o-coordinator"}) {
    EXPECT_THAT(names(AllSignals(As(caller), kVoorbeeldstad)), ElementsAre(other_.signal));
  }
  for (const char* caller : {"team", "coordinator"}) {
    EXPECT_THAT(names(AllReferrals(As(caller), kDeventer, false)), ElementsAre(deventer_.referral));
  }
  for (const char* caller : {"o-team", "o-coordinator"}) {
    EXPECT_THAT(names(AllReferrals(As(caller), kVoorbeeldstad, false)),
                ElementsAre(other_.referral));
  }
  for (const auto& [caller, parent] : std::vector<std::pair<const char*, const char*>>{
           {"dashboard", kDeventer}, {"o-dashboard", kVoorbeeldstad}}) {
    const auto summary =
        Must(As(caller).GetFollowUpSummary(Of<v1::GetFollowUpSummaryRequest>(parent)));
    EXPECT_EQ(summary.total().received(), 1);
    for (const auto& row : summary.districts()) {
      EXPECT_THAT(row.district(), testing::StartsWith(parent));
    }
  }
}

// The two methods that anyone may call: a code opens one signal, of one municipality.
TEST_F(Isolation, ACodeOpensNothingElsewhere) {
  auto submission = Submission(kDeventer, kBathmenWidow);
  submission.set_code_wanted(true);
  const std::string code = Must(As("jumbo").SubmitSignal(submission)).code();
  const auto status = [&](const char* caller, const std::string& parent, const std::string& of) {
    auto request = Of<v1::GetSignalStatusRequest>(parent);
    request.set_code(of);
    return As(caller).GetSignalStatus(request).status();
  };
  const auto answer = [&](const char* caller, const std::string& parent, const std::string& of) {
    auto request = Of<v1::AnswerQuestionByCodeRequest>(parent);
    request.set_code(of);
    request.set_text("Boven de bakker");
    return As(caller).AnswerQuestionByCode(request).status();
  };
  EXPECT_TRUE(status("", kDeventer, code).ok());
  for (const char* caller : {"", "jumbo", "o-jumbo", "o-team", "o-operator"}) {
    SCOPED_TRACE(caller);
    for (const auto& ask : {std::function(status), std::function(answer)}) {
      const absl::Status elsewhere = ask(caller, kVoorbeeldstad, code);
      EXPECT_EQ(elsewhere.code(), absl::StatusCode::kNotFound);
      EXPECT_EQ(elsewhere, ask(caller, kDeventer, "ZZZZ-ZZZZ-ZZZZ-ZZZZ"));
      EXPECT_EQ(elsewhere, ask(caller, "municipalities/GM0999", code));
    }
  }
}

TEST_F(Isolation, NamesOfTheOtherMunicipalityAreNoNamesHere) {
  auto request = Submission(kDeventer, kBathmenWidow);
  request.mutable_signal()->add_target_groups("municipalities/GM9001/targetGroups/older-people");
  request.mutable_signal()->mutable_current_support()->set_organisation(
      "municipalities/GM9001/organisations/jumbo-hans-kok");
  const auto refused = As("jumbo").SubmitSignal(request);
  EXPECT_THAT(refused, FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  std::set<std::string> fields;
  for (const auto& violation : client::DetailsOf(refused.status()).violations) {
    fields.insert(violation.field);
  }
  EXPECT_THAT(fields,
              ElementsAre("signal.current_support.organisation", "signal.target_groups[0]"));

  Must(As("team").RecordContactAttempt(Attempt(deventer_.referral, kReached, kSomeConsent)));
  auto placement = Of<v1::PlaceReferralRequest>(deventer_.referral);
  placement.add_offers("municipalities/GM9001/offers/spreekuur");
  EXPECT_THAT(As("team").PlaceReferral(placement),
              FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_THAT(
      As("team").RecordContactAttempt(Attempt(
          deventer_.referral,
          absl::StrCat(kReached, " district_learnt: 'municipalities/GM9001/districts/WK900102'"))),
      FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
}

TEST_F(Isolation, AStreamRefusesTheOtherMunicipalityItemByItem) {
  std::vector<absl::Status> answers(2);
  client::SubmitStream stream(As("o-jumbo"), {}, [&](int64_t sequence, const auto& answer) {
    answers[static_cast<size_t>(sequence)] = answer.status();
  });
  const char* signal = "reach { phone: '1' } place { unknown: true } own_words: 'x'";
  ASSERT_TRUE(stream.Send(0, Submission(kDeventer, signal)).ok());
  ASSERT_TRUE(stream.Send(1, Submission(kVoorbeeldstad, signal)).ok());
  ASSERT_TRUE(stream.Finish().ok());
  EXPECT_EQ(client::DetailsOf(answers[0]).reason, "MUNICIPALITY_NOT_FOUND");
  EXPECT_TRUE(answers[1].ok()) << answers[1];
  EXPECT_THAT(AllSignals(As("coordinator"), kDeventer), SizeIs(1));
}

TEST_F(Isolation, AnIdAndAPageTokenAreForOneMunicipalityOnly) {
  const char* signal = "reach { phone: '1' } place { unknown: true } own_words: 'x'";
  auto request = Submission(kDeventer, signal);
  request.set_request_id(client::NewRequestId());
  Must(As("region").SubmitSignal(request));
  request.set_parent(kVoorbeeldstad);
  EXPECT_THAT(As("region").SubmitSignal(request),
              FailsWith(absl::StatusCode::kInvalidArgument, "REQUEST_ID_REUSED"));
  Must(As("region").SubmitSignal(Submission(kDeventer, signal)));
  EXPECT_THAT(AllSignals(As("region"), kDeventer), SizeIs(2));
  EXPECT_THAT(AllSignals(As("region"), kVoorbeeldstad), IsEmpty());
  auto list = Of<v1::ListSignalsRequest>(kDeventer);
  list.set_page_size(1);
  const std::string token = Must(As("region").ListSignals(list)).next_page_token();
  ASSERT_NE(token, "");
  list.set_parent(kVoorbeeldstad);
  list.set_page_token(token);
  EXPECT_THAT(As("region").ListSignals(list),
              FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_PAGE_TOKEN"));
}

}  // namespace
}  // namespace omzien::e2e
