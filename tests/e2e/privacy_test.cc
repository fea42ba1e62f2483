// What identifies a person leaves by one door only, and rests nowhere in the clear.
//
// Every identifying field gets a canary of its own. Then every byte of every file of the store, of
// the server's log and of every answer that must not hold one is searched for all of them. A clear
// text of the same kind must be found by the same search, or it proves nothing.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "client/cpp/request_id.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/unknown_field_set.h"
#include "storage/blocking.h"
#include "storage/store.h"
#include "tests/e2e/story_world.h"

namespace omzien::e2e {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

// Without common parts, so that compression leaves each whole. Invented.
constexpr struct {
  const char* field;
  const char* text;
} kCanaries[] = {
    {"partner_reference", "VkcnuweYt31"},
    {"person_name", "Xqvbnerta"},
    {"phone", "09981-27634"},
    {"address", "Gjwkldreef 8813"},
    {"email", "wpzxoiu@tmhqsv.example"},
    {"place_and_time", "Bvfcyqlaan om 9"},
    {"signaller_contact", "Ykjhpdno toestel 5512"},
    {"own_words", "Rlmtzzokweg"},
    {"preferred_time", "Hsdwqixuur"},
    {"current_support", "Oexbvukinicht"},
    {"place_words", "Zutqmrdfmolen"},
    {"postcode", "7411QJ"},
    {"attempt_worker", "Fnpakwyzei"},
    {"attempt_note", "Uecogdmbrh"},
    {"second_note", "Kzwvrpalqs"},
    {"decline_text", "Tbyxhenfiu"},
    {"departure_reason", "Lqjosvmcad"},
    {"completion_note", "Wgrikbuxpe"},
    {"withdrawal_reason", "Nfdhzytlko"},
    {"failure_text", "Ygowlzbrit"},
    {"hand_over_note", "Ixtqvcnope"},
    {"reopening_reason", "Aswjubkhfy"},
    {"taking_back_reason", "Ovwzpigbru"},
    {"question", "Owvqzehkrt"},
    {"answer", "Ugxwymbqpz"},
    {"answer_phone", "Ezkqhvuwnj"},
    {"answer_place", "Ykbvfxqmsd"},
    {"taken_over_by", "Pmqzvtyhek"},
    {"first_worker", "Tqyfhbzwkv"},
    {"first_note", "Hxjmvqpzwr"},
    {"wrong_field", "Jumcqxaeps"},
    {"unknown_field", "Wvbhqrolzt"},
};

// In the clear in the catalogue.
constexpr char kClear[] = "Pvyngatweh";

std::string Canary(const std::string& field) {
  for (const auto& canary : kCanaries) {
    if (field == canary.field) return canary.text;
  }
  throw std::logic_error("no canary " + field);
}

// The fields whose canary stands in the text.
std::vector<std::string> CanariesIn(const std::string& text) {
  std::vector<std::string> found;
  for (const auto& canary : kCanaries) {
    if (absl::StrContains(text, canary.text)) found.emplace_back(canary.field);
  }
  return found;
}

// A field that only a newer contract would know, in the message and all that it holds.
void AddUnknownFields(google::protobuf::Message* message) {
  const google::protobuf::Reflection* reflection = message->GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> set;
  reflection->ListFields(*message, &set);
  for (const google::protobuf::FieldDescriptor* field : set) {
    if (field->message_type() == nullptr) continue;
    if (!field->is_repeated()) {
      AddUnknownFields(reflection->MutableMessage(message, field));
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(*message, field); ++i) {
      AddUnknownFields(reflection->MutableRepeatedMessage(message, field, i));
    }
  }
  reflection->MutableUnknownFields(message)->AddLengthDelimited(60'000, Canary("unknown_field"));
}

std::map<std::string, std::string> BytesOfFilesIn(const std::string& directory) {
  std::map<std::string, std::string> bytes;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    bytes[entry.path()] = std::string(std::istreambuf_iterator<char>(file), {});
  }
  return bytes;
}

class Privacy : public StoryWorldTest {
 protected:
  void SetUp() override {
    StoryWorldTest::SetUp();
    v1::ImportCatalogRequest import;
    import.set_parent(kDeventer);
    import.set_yaml(absl::StrReplaceAll(
        CatalogueText("deventer"),
        {{"  display_name: \"Raster\"\n",
          absl::StrCat("  display_name: \"Raster\"\n  contact: ", kClear, "\n")}}));
    ASSERT_TRUE(absl::StrContains(import.yaml(), kClear));
    Must(As("steward").ImportCatalog(import));
  }

  // An answer that must hold no canary.
  template <class Message>
  Message Basic(absl::StatusOr<Message> result) {
    Message message = Must(std::move(result));
    const std::string bytes = message.SerializeAsString();
    EXPECT_THAT(CanariesIn(bytes), IsEmpty()) << message.GetTypeName();
    ++answers_;
    return message;
  }
  // A mutation and its retry.
  template <class Request, class Response>
  Response Mutate(const std::string& caller,
                  absl::StatusOr<Response> (client::Client::*method)(Request), Request request) {
    request.set_request_id(client::NewRequestId());
    AddUnknownFields(&request);
    const Response answer = Basic((As(caller).*method)(request));
    EXPECT_EQ(Basic((As(caller).*method)(request)).SerializeAsString(), answer.SerializeAsString());
    return answer;
  }

  std::string SubmitCanaries() {
    const auto request = Submission(
        kDeventer,
        absl::StrCat("partner_reference: '", Canary("partner_reference"),
                     "' reach { person_name: '", Canary("person_name"), "' phone: '",
                     Canary("phone"), "' address: '", Canary("address"), "' email: '",
                     Canary("email"), "' place_and_time: '", Canary("place_and_time"),
                     "' signaller_contact: '", Canary("signaller_contact"), "' } place { words: '",
                     Canary("place_words"), "' postcode: '", Canary("postcode"), "' } own_words: '",
                     Canary("own_words"), "' preferred_time: '", Canary("preferred_time"),
                     "' current_support { description: '", Canary("current_support"), "' }"));
    return Mutate("jumbo", &client::Client::SubmitSignal, request).signal().name();
  }

  // By a welfare organisation that made contact before.
  void SubmitWithFirstAttempt() {
    auto request =
        Submission(kDeventer, absl::StrCat("reach { phone: '", Canary("phone"),
                                           "' } place { words: '", Canary("place_words"),
                                           "' } own_words: '", Canary("own_words"), "'"));
    *request.mutable_first_attempt() = Proto<v1::ContactAttempt>(
        absl::StrCat("with: CONTACT_WITH_PERSON channel: CONTACT_CHANNEL_PHONE "
                     "result: CONTACT_RESULT_REACHED worker: '",
                     Canary("first_worker"), "' note: '", Canary("first_note"), "'"));
    Mutate("region", &client::Client::SubmitSignal, request);
  }

  // All that can be done to a signal, with a canary in every text.
  void Live(const std::string& signal) {
    const std::string first = ReferralName(signal, 1);
    auto ask = Of<v1::AskSignallerRequest>(first);
    ask.set_text(Canary("question"));
    Mutate("team", &client::Client::AskSignaller, ask);
    EXPECT_EQ(Must(As("jumbo").GetSignal(Full<v1::GetSignalRequest>(signal))).question().text(),
              Canary("question"));
    auto answer = Of<v1::AnswerQuestionRequest>(signal);
    answer.set_text(Canary("answer"));
    answer.mutable_reach()->set_phone(Canary("answer_phone"));
    answer.mutable_place()->set_words(Canary("answer_place"));
    Mutate("jumbo", &client::Client::AnswerQuestion, answer);
    EXPECT_EQ(Must(As("team").GetReferral(Full<v1::GetReferralRequest>(first)))
                  .person()
                  .questions(0)
                  .answer(),
              Canary("answer"));
    Mutate("team", &client::Client::AcceptReferral, Of<v1::AcceptReferralRequest>(first));
    Mutate("team", &client::Client::RecordContactAttempt,
           Attempt(first, absl::StrCat("with: CONTACT_WITH_PERSON channel: CONTACT_CHANNEL_PHONE "
                                       "result: CONTACT_RESULT_NO_ANSWER worker: '",
                                       Canary("attempt_worker"), "' note: '",
                                       Canary("attempt_note"), "'")));
    Mutate("team", &client::Client::RecordContactAttempt,
           Attempt(first, absl::StrCat("with: CONTACT_WITH_PERSON channel: CONTACT_CHANNEL_VISIT "
                                       "result: CONTACT_RESULT_REACHED need_learnt: NEED_VISIT "
                                       "note: '",
                                       Canary("second_note"), "'")));
    auto consent = Of<v1::RecordConsentRequest>(first);
    *consent.mutable_consent() =
        Proto<v1::Consent>("by_whom: CONSENT_GIVER_PERSON when { seconds: 1760000000 }");
    Mutate("team", &client::Client::RecordConsent, consent);
    Mutate("team", &client::Client::PlaceReferral,
           Placement(first, {"buurtgeluk"}, Canary("departure_reason")));
  }
  // The offer's party declines; the next one takes it up and ends it.
  void DeclineAndComplete(const std::string& signal) {
    auto decline = Of<v1::DeclineReferralRequest>(ReferralName(signal, 2));
    decline.set_reason(v1::DECLINE_REASON_OTHER);
    decline.set_text(Canary("decline_text"));
    Mutate("raster", &client::Client::DeclineReferral, decline);
    const std::string next = ReferralName(signal, 3);
    Mutate("buur-en-zo", &client::Client::RecordContactAttempt,
           Attempt(next, absl::StrCat("with: CONTACT_WITH_PERSON channel: CONTACT_CHANNEL_VISIT "
                                      "result: CONTACT_RESULT_REACHED note: '",
                                      Canary("second_note"), "'")));
    auto complete = Of<v1::CompleteReferralRequest>(next);
    complete.set_outcome(v1::OUTCOME_CONNECTED);
    complete.set_note(Canary("completion_note"));
    Mutate("buur-en-zo", &client::Client::CompleteReferral, complete);
  }
  // What was placed is handed over, fails there, and the signal ends and is opened again.
  void HandOverFailAndReopen() {
    SubmitWithFirstAttempt();
    const std::string signal = SubmitCanaries();
    Live(signal);
    auto hand_over = Of<v1::HandOverReferralRequest>(ReferralName(signal, 2));
    hand_over.set_offer(OfferName("buur-en-zo"));
    hand_over.set_note(Canary("hand_over_note"));
    const std::string next =
        Mutate("raster", &client::Client::HandOverReferral, hand_over).handed_over_to();
    EXPECT_EQ(Must(As("buur-en-zo").GetReferral(Full<v1::GetReferralRequest>(next)))
                  .person()
                  .hand_over_note(),
              Canary("hand_over_note"));
    Mutate("buur-en-zo", &client::Client::AcceptReferral, Of<v1::AcceptReferralRequest>(next));
    Mutate("buur-en-zo", &client::Client::WaitlistReferral, Of<v1::WaitlistReferralRequest>(next));
    auto fail = Of<v1::FailReferralRequest>(next);
    fail.set_reason(v1::FAIL_REASON_OTHER);
    fail.set_text(Canary("failure_text"));
    Mutate("buur-en-zo", &client::Client::FailReferral, fail);
    const std::string other = SubmitCanaries();
    Live(other);
    auto take_back = Of<v1::TakeBackReferralRequest>(ReferralName(other, 2));
    take_back.set_reason(Canary("taking_back_reason"));
    Mutate("team", &client::Client::TakeBackReferral, take_back);
    auto reopen = Of<v1::ReopenSignalRequest>(withdrawn_);
    reopen.set_reason(Canary("reopening_reason"));
    Mutate("coordinator", &client::Client::ReopenSignal, reopen);
    auto redirect = Of<v1::RedirectSignalRequest>(withdrawn_);
    redirect.set_taken_over_by(Canary("taken_over_by"));
    Mutate("coordinator", &client::Client::RedirectSignal, redirect);
  }
  void WithdrawAnother() {
    withdrawn_ = SubmitCanaries();
    auto request = Of<v1::WithdrawSignalRequest>(withdrawn_);
    request.set_reason(Canary("withdrawal_reason"));
    Mutate("jumbo", &client::Client::WithdrawSignal, request);
  }

  // Every answer without FULL view, of everyone who may ask.
  void ReadEverything(const std::string& signal) {
    for (const char* caller : {"jumbo", "team", "raster", "buur-en-zo", "coordinator"}) {
      Basic(As(caller).GetSignal(Of<v1::GetSignalRequest>(signal)));
    }
    for (const char* caller : {"jumbo", "coordinator"}) {
      Basic(As(caller).ListSignals(Of<v1::ListSignalsRequest>(kDeventer)));
    }
    for (const char* caller : {"team", "raster", "buur-en-zo", "coordinator"}) {
      auto list = Of<v1::ListReferralsRequest>(kDeventer);
      Basic(As(caller).ListReferrals(list));
      list.set_ended(true);
      const auto ended = Basic(As(caller).ListReferrals(list));
      for (const v1::Referral& referral : ended.referrals()) {
        Basic(As(caller).GetReferral(Of<v1::GetReferralRequest>(referral.name())));
      }
    }
    Basic(As("coordinator").GetFollowUpSummary(Of<v1::GetFollowUpSummaryRequest>(kDeventer)));
    Basic(As("coordinator").GetUnmetDemand(Of<v1::GetUnmetDemandRequest>(kDeventer)));
    Basic(As("coordinator").ListOverdueReferrals(Of<v1::ListOverdueReferralsRequest>(kDeventer)));
    Basic(As("steward").ExportCatalog(Of<v1::ExportCatalogRequest>(kDeventer)));
  }

  // Every byte of every file. After a kill the log of writes holds what was written last as it was
  // written: `clear_rests_in_log`. Tables are compressed, so ScanRows looks into those.
  void ScanFiles(const std::string& when, bool clear_rests_in_log) {
    bool clear_found = false;
    const auto files = BytesOfFilesIn(world_.installation().data_dir());
    EXPECT_THAT(files, SizeIs(testing::Gt(4u)));
    for (const auto& [path, bytes] : files) {
      EXPECT_THAT(CanariesIn(bytes), IsEmpty()) << when << ": " << path;
      for (const std::string& caller : world_.installation().callers()) {
        EXPECT_FALSE(absl::StrContains(bytes, world_.installation().token(caller))) << path;
      }
      clear_found |= absl::StrContains(bytes, kClear);
    }
    EXPECT_TRUE(clear_found || !clear_rests_in_log) << when << ": the scan finds nothing at all";
  }

  // Every key, every value and every change of both engines.
  void ScanRows(const std::string& when) {
    const storage::Store store = Must(storage::OpenStore(world_.installation().data_dir()));
    bool clear_found = false;
    for (const auto* engine : {&store.cases, &store.keys}) {
      const auto snapshot = (*engine)->GetSnapshot();
      storage::Range range{"", "", 100'000};
      const auto rows = Must(storage::ScanNow(*snapshot, range));
      EXPECT_THAT(rows, SizeIs(testing::AllOf(testing::Gt(4u), testing::Lt(range.limit))));
      for (const storage::Entry& row : rows) {
        const std::string text = row.key + row.versioned.value;
        EXPECT_THAT(CanariesIn(text), IsEmpty()) << when;
        clear_found |= absl::StrContains(text, kClear);
      }
      for (const auto& change : Must((*engine)->Changes(0, 100'000))) {
        EXPECT_THAT(CanariesIn(change.change), IsEmpty()) << when;
      }
    }
    EXPECT_TRUE(clear_found) << when << ": the scan finds nothing at all";
  }

  int answers_ = 0;
  std::string withdrawn_;
};

TEST_F(Privacy, NoCanaryInTheStoreTheLogOrAnyAnswerWithoutViewFull) {
  const std::string signal = SubmitCanaries();
  Live(signal);
  // Positive control: those who may are told.
  const std::string opened =
      Must(As("team").GetReferral(Full<v1::GetReferralRequest>(ReferralName(signal, 1))))
          .SerializeAsString();
  EXPECT_THAT(CanariesIn(opened),
              UnorderedElementsAre("person_name", "answer_phone", "address", "email",
                                   "place_and_time", "signaller_contact", "own_words",
                                   "preferred_time", "current_support", "answer_place", "question",
                                   "answer", "attempt_worker", "attempt_note", "second_note"));
  const v1::Signal whole = Must(As("team").GetSignal(Full<v1::GetSignalRequest>(signal)));
  EXPECT_EQ(whole.partner_reference(), Canary("partner_reference"));
  const std::string by_consent =
      Must(As("raster").GetReferral(Full<v1::GetReferralRequest>(ReferralName(signal, 2))))
          .SerializeAsString();
  EXPECT_THAT(CanariesIn(by_consent),
              UnorderedElementsAre("person_name", "answer_phone", "address", "email",
                                   "place_and_time", "signaller_contact", "answer_place",
                                   "preferred_time", "current_support"));
  DeclineAndComplete(signal);
  WithdrawAnother();
  HandOverFailAndReopen();
  ReadEverything(signal);
  EXPECT_GT(answers_, 40);

  world_.server().Kill9();
  ScanFiles("after kill -9", true);
  world_.Restart();
  ReadEverything(signal);
  EXPECT_EQ(world_.server().Terminate(), 0);
  ScanFiles("after a graceful stop", false);
  ScanRows("after a graceful stop");
  world_.Restart();
  world_.server().Kill9();
  ScanFiles("after the log was replayed", false);
  ScanRows("after the log was replayed");

  const std::string log = world_.server().log();
  EXPECT_THAT(CanariesIn(log), IsEmpty());
  for (const std::string& caller : world_.installation().callers()) {
    EXPECT_FALSE(absl::StrContains(log, world_.installation().token(caller))) << caller;
  }
  EXPECT_TRUE(absl::StrContains(log, "RecordContactAttempt")) << log;
  EXPECT_TRUE(absl::StrContains(log, "\"caller\":\"jumbo\"")) << log;
}

TEST_F(Privacy, ErrorsRepeatNothingOfWhatWasSent) {
  const std::string wrong = Canary("wrong_field");
  v1::SubmitSignalRequest good = Submission(kDeventer, kBathmenWidow);
  good.mutable_signal()->set_own_words(wrong);
  std::vector<v1::SubmitSignalRequest> bad(7, good);
  bad[0].mutable_signal()->set_own_words(wrong + std::string(2000, 'x'));
  bad[1].mutable_signal()->mutable_place()->set_postcode(wrong);
  bad[2].set_request_id(wrong);
  bad[3].mutable_signal()->set_language(wrong);
  bad[4].mutable_signal()->add_life_events(wrong);
  bad[5].mutable_signal()->add_target_groups("municipalities/GM0150/targetGroups/jumcqxaeps");
  bad[6].set_parent(wrong);
  for (const v1::SubmitSignalRequest& request : bad) {
    const auto answer = As("jumbo").SubmitSignal(request);
    EXPECT_EQ(answer.status().code(), absl::StatusCode::kInvalidArgument) << answer.status();
    EXPECT_THAT(CanariesIn(answer.status().ToString()), IsEmpty());
    EXPECT_FALSE(absl::StrContains(answer.status().ToString(), "jumcqxaeps"));
  }
  EXPECT_THAT(CanariesIn(world_.server().log()), IsEmpty());
}

}  // namespace
}  // namespace omzien::e2e
