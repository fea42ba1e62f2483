// Done once, however often it is asked for: every mutation, over restarts, over the stream, at
// once.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cpp/import_parts.h"
#include "client/cpp/request_id.h"
#include "client/cpp/submit_stream.h"
#include "tests/e2e/large_catalogue.h"
#include "tests/e2e/story_world.h"

namespace omzien::e2e {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kConsent[] = "by_whom: CONSENT_GIVER_PERSON when { seconds: 1760000000 }";
constexpr char kSomeone[] =
    "reach { phone: '0570 22 33 44' } place { words: 'Lettele' } own_words: 'Erg stil.'";

class Idempotency : public StoryWorldTest {
 protected:
  struct Done {
    std::string what;
    std::string answer;
    std::function<absl::StatusOr<std::string>()> retry;
    std::function<absl::StatusOr<std::string>()> reuse;
  };

  template <class Request, class Response, class Change>
  Response Do(const std::string& caller,
              absl::StatusOr<Response> (client::Client::*method)(Request), Request request,
              Change change) {
    return DoBy([this, caller, method](const Request& sent) { return (As(caller).*method)(sent); },
                request.GetTypeName(), request, change);
  }

  // Does it, and keeps how to ask for it again: with the same payload, and with another.
  template <class Call, class Request, class Change>
  auto DoBy(Call call, const std::string& what, Request request, Change change) {
    request.set_request_id(client::NewRequestId());
    const auto send = [call](const Request& sent) -> absl::StatusOr<std::string> {
      auto answer = call(sent);
      if (!answer.ok()) return answer.status();
      return answer->SerializeAsString();
    };
    const auto response = Must(call(request));
    Request other = request;
    change(other);
    done_.push_back({what, response.SerializeAsString(), [=] { return send(request); },
                     [=] { return send(other); }});
    return response;
  }

  // The whole catalogue's offers in parts, each time in others.
  absl::StatusOr<v1::ImportCatalogResponse> ImportInParts(const v1::ImportCatalogRequest& whole) {
    const int most = ++imports_in_parts_;
    v1::ImportCatalogRequest begin = whole;
    begin.mutable_catalog()->clear_offers();
    const auto next_part = [&, next = 0](v1::OfferPart* part) mutable {
      for (; next < whole.catalog().offers_size() && part->offers_size() < most; ++next) {
        *part->add_offers() = whole.catalog().offers(next);
      }
      return absl::OkStatus();
    };
    return client::ImportCatalogParts(
        As("v-steward"), begin, next_part, [](const auto&) {}, absl::Minutes(1));
  }

  // Every mutation of the API, each on what the ones before it made.
  void DoEverything() {
    using client::Client;
    const auto etag = [](auto& request) { request.set_etag("\"99\""); };
    v1::ImportCatalogRequest import = Of<v1::ImportCatalogRequest>(kDeventer);
    import.set_yaml(CatalogueText("deventer"));
    Do("steward", &Client::ImportCatalog, import,
       [](auto& request) { request.mutable_yaml()->append("# anders\n"); });
    auto whole = Of<v1::ImportCatalogRequest>(kVoorbeeldstad);
    *whole.mutable_catalog() = LargeCatalogue{"In delen", 20}.Whole();
    DoBy([this](const auto& sent) { return ImportInParts(sent); }, "ImportCatalogParts", whole,
         [](auto& request) {
           request.mutable_catalog()->mutable_offers(9)->set_display_name("Iets anders");
         });
    auto tried = Submission(kDeventer,
                            "place { words: 'Bathmen' } reach { through_signaller: true } "
                            "own_words: 'Komt hier vaak'");
    *tried.mutable_first_attempt() = Proto<v1::ContactAttempt>(
        "with: CONTACT_WITH_PERSON channel: CONTACT_CHANNEL_VISIT result: CONTACT_RESULT_REACHED");
    Do("region", &Client::SubmitSignal, tried,
       [](auto& request) { request.mutable_first_attempt()->set_note("Iets anders"); });
    const std::string signal = Submit();
    const std::string first = ReferralName(signal, 1);
    auto ask = Of<v1::AskSignallerRequest>(first);
    ask.set_text("In welke straat?");
    Do("team", &Client::AskSignaller, ask, [](auto& request) { request.set_text("Hoe laat?"); });
    auto answer = Of<v1::AnswerQuestionRequest>(signal);
    answer.set_text("Boven de bakker");
    Do("jumbo", &Client::AnswerQuestion, answer,
       [](auto& request) { request.set_text("Naast de bakker"); });
    auto coded = Submission(kDeventer, kSomeone);
    coded.set_code_wanted(true);
    const auto given = Must(As("jumbo").SubmitSignal(coded));
    ask.set_name(ReferralName(given.signal().name(), 1));
    Must(As("team").AskSignaller(ask));
    auto by_code = Of<v1::AnswerQuestionByCodeRequest>(kDeventer);
    by_code.set_code(given.code());
    by_code.set_text("Boven de bakker");
    Do("", &Client::AnswerQuestionByCode, by_code,
       [](auto& request) { request.set_text("Naast de bakker"); });
    Do("team", &Client::AcceptReferral, Of<v1::AcceptReferralRequest>(first), etag);
    Do("team", &Client::RecordContactAttempt,
       Attempt(first,
               "with: CONTACT_WITH_PERSON channel: CONTACT_CHANNEL_VISIT "
               "result: CONTACT_RESULT_REACHED need_learnt: NEED_VISIT note: 'Fijn gesprek'"),
       [](auto& request) { request.mutable_attempt()->set_note("Iets anders"); });
    auto consent = Of<v1::RecordConsentRequest>(first);
    *consent.mutable_consent() = Proto<v1::Consent>(kConsent);
    Do("team", &Client::RecordConsent, consent,
       [](auto& request) { request.mutable_consent()->mutable_when()->set_seconds(1); });
    Do("team", &Client::PlaceReferral, Placement(first, {"buurtgeluk"}, "Zij kent ze"),
       [](auto& request) { request.set_departure_reason("Toch om iets anders"); });
    auto decline = Of<v1::DeclineReferralRequest>(ReferralName(signal, 2));
    decline.set_reason(v1::DECLINE_REASON_OTHER);
    decline.set_text("Verhuizing van ons pand");
    Do("raster", &Client::DeclineReferral, decline,
       [](auto& request) { request.set_reason(v1::DECLINE_REASON_NO_CAPACITY); });
    const std::string next = HandOver(Submit());
    Must(As("buur-en-zo").AcceptReferral(Of<v1::AcceptReferralRequest>(next)));
    Do("buur-en-zo", &Client::WaitlistReferral, Of<v1::WaitlistReferralRequest>(next),
       [](auto& request) { request.mutable_room_expected_on()->set_year(2099); });
    auto fail = Of<v1::FailReferralRequest>(next);
    fail.set_reason(v1::FAIL_REASON_NO_CAPACITY);
    Do("buur-en-zo", &Client::FailReferral, fail,
       [](auto& request) { request.set_reason(v1::FAIL_REASON_NO_MATCH); });
    auto take_back = Of<v1::TakeBackReferralRequest>(HandOver(Submit()));
    take_back.set_reason("Geen antwoord");
    Do("team", &Client::TakeBackReferral, take_back,
       [](auto& request) { request.set_reason("Om iets anders"); });
    const std::string closed = Submit();
    Complete(closed);
    auto reopen = Of<v1::ReopenSignalRequest>(closed);
    reopen.set_reason("Toch niet verhuisd");
    Do("coordinator", &Client::ReopenSignal, reopen,
       [](auto& request) { request.set_reason("Om iets anders"); });
    auto redirect = Of<v1::RedirectSignalRequest>(Submit());
    redirect.set_taken_over_by("Crisisdienst");
    Do("team", &Client::RedirectSignal, redirect,
       [](auto& request) { request.set_taken_over_by("Iemand anders"); });
    Do("jumbo", &Client::WithdrawSignal, Of<v1::WithdrawSignalRequest>(Submit()),
       [](auto& request) { request.set_reason("Ze is verhuisd"); });
  }

  std::string Submit() {
    return Do("jumbo", &client::Client::SubmitSignal, Submission(kDeventer, kSomeone),
              [](auto& request) { request.mutable_signal()->set_own_words("Iets anders."); })
        .signal()
        .name();
  }
  // From raster to buur-en-zo; the referral that it became.
  std::string HandOver(const std::string& signal) {
    const std::string first = ReferralName(signal, 1);
    Must(As("team").RecordContactAttempt(
        Attempt(first,
                "with: CONTACT_WITH_PERSON channel: CONTACT_CHANNEL_VISIT "
                "result: CONTACT_RESULT_REACHED need_learnt: NEED_VISIT",
                kConsent)));
    Must(As("team").PlaceReferral(Placement(first, {"buurtgeluk"}, "Zij kent ze")));
    auto hand_over = Of<v1::HandOverReferralRequest>(ReferralName(signal, 2));
    hand_over.set_offer(OfferName("buur-en-zo"));
    return Do("raster", &client::Client::HandOverReferral, hand_over,
              [](auto& request) { request.set_introduce(true); })
        .handed_over_to();
  }
  void Complete(const std::string& signal) {
    auto complete = Of<v1::CompleteReferralRequest>(ReferralName(signal, 1));
    Must(As("team").RecordContactAttempt(
        Attempt(complete.name(),
                "with: CONTACT_WITH_SIGNALLER channel: CONTACT_CHANNEL_PHONE "
                "result: CONTACT_RESULT_MOVED")));
    complete.set_outcome(v1::OUTCOME_MOVED);
    Do("team", &client::Client::CompleteReferral, complete,
       [](auto& request) { request.set_outcome(v1::OUTCOME_DECEASED); });
  }

  // What a coordinator can see of all that was done.
  std::string State() {
    std::string state;
    for (const v1::Signal& signal : AllSignals(As("coordinator"), kDeventer)) {
      state += signal.DebugString();
    }
    for (const bool ended : {false, true}) {
      for (const v1::Referral& referral : AllReferrals(As("coordinator"), kDeventer, ended)) {
        state += referral.DebugString();
      }
    }
    return state;
  }

  void AskAgain() {
    const std::string before = State();
    for (const Done& done : done_) {
      SCOPED_TRACE(done.what);
      const auto again = done.retry();
      ASSERT_TRUE(again.ok()) << again.status();
      EXPECT_EQ(*again, done.answer);
      EXPECT_THAT(done.reuse(), FailsWith(absl::StatusCode::kInvalidArgument, "REQUEST_ID_REUSED"));
    }
    EXPECT_EQ(State(), before);
  }

  std::vector<Done> done_;
  int imports_in_parts_ = 0;
};

TEST_F(Idempotency, EveryMutationAnswersItsRetryIdentically) {
  DoEverything();
  std::set<std::string> kinds;
  for (const Done& done : done_) kinds.insert(done.what);
  EXPECT_THAT(kinds, SizeIs(19));
  AskAgain();
  world_.server().Kill9();
  world_.Restart();
  AskAgain();
  EXPECT_EQ(world_.server().Terminate(), 0);
  world_.Restart();
  AskAgain();
}

TEST_F(Idempotency, TheStreamAnswersWhatWasSentUnaryAndTheOtherWayRound) {
  std::vector<v1::SubmitSignalRequest> requests;
  std::map<int64_t, std::string> unary;
  for (int i = 0; i < 20; ++i) {
    requests.push_back(Submission(kDeventer, kSomeone));
    requests.back().set_request_id(client::NewRequestId());
    // The second half goes over the stream first.
    if (i < 10) unary[i] = Must(As("jumbo").SubmitSignal(requests.back())).SerializeAsString();
  }
  std::map<int64_t, std::string> streamed;
  client::SubmitStream stream(As("jumbo"), {}, [&](int64_t sequence, const auto& answer) {
    streamed[sequence] = answer.ok() ? answer->SerializeAsString() : answer.status().ToString();
  });
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(stream.Send(i, requests[i]).ok());
  ASSERT_TRUE(stream.Finish().ok());
  for (int i = 10; i < 20; ++i) {
    unary[i] = Must(As("jumbo").SubmitSignal(requests[i])).SerializeAsString();
  }
  EXPECT_EQ(streamed, unary);
  EXPECT_THAT(AllSignals(As("coordinator"), kDeventer), SizeIs(20));
}

TEST_F(Idempotency, RetriesAtOnceCreateOnce) {
  constexpr int kIds = 40;
  std::vector<v1::SubmitSignalRequest> requests;
  for (int i = 0; i < kIds; ++i) {
    requests.push_back(Submission(kDeventer, kSomeone));
    requests.back().set_request_id(client::NewRequestId());
  }
  std::mutex mutex;
  std::map<int, std::set<std::string>> answers;
  std::vector<std::thread> threads;
  client::Client& jumbo = As("jumbo");
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kIds; ++i) {
        const auto answer = jumbo.SubmitSignal(requests[i]);
        const std::lock_guard lock(mutex);
        answers[i].insert(answer.ok() ? answer->SerializeAsString() : answer.status().ToString());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto& [i, different] : answers) EXPECT_THAT(different, SizeIs(1)) << i;
  EXPECT_THAT(AllSignals(As("coordinator"), kDeventer), SizeIs(kIds));
}

TEST_F(Idempotency, OfTwoAcceptsAtOnceWithTheSameEtagOneWins) {
  client::Client& team = As("team");
  for (int round = 0; round < 10; ++round) {
    const std::string signal =
        Must(As("jumbo").SubmitSignal(Submission(kDeventer, kSomeone))).signal().name();
    auto accept = Of<v1::AcceptReferralRequest>(ReferralName(signal, 1));
    accept.set_etag(Must(team.GetReferral(Of<v1::GetReferralRequest>(accept.name()))).etag());
    std::vector<absl::StatusOr<v1::Referral>> answers(2, absl::UnknownError("none"));
    std::vector<std::thread> threads;
    for (auto& answer : answers) {
      threads.emplace_back([&team, &accept, &answer] { answer = team.AcceptReferral(accept); });
    }
    for (std::thread& thread : threads) thread.join();
    const bool first_won = answers[0].ok();
    EXPECT_TRUE(answers[first_won ? 0 : 1].ok());
    EXPECT_THAT(answers[first_won ? 1 : 0], FailsWith(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
  }
}

TEST_F(Idempotency, AnIdBelongsToItsCallerAndOnlySuccessesAreKept) {
  auto request = Submission(kDeventer, kSomeone);
  request.set_request_id(client::NewRequestId());
  auto outside = request;
  outside.mutable_signal()->mutable_place()->Clear();
  outside.mutable_signal()->mutable_place()->set_postcode("7439");
  EXPECT_THAT(As("jumbo").SubmitSignal(outside),
              FailsWith(absl::StatusCode::kInvalidArgument, "PLACE_OUTSIDE_MUNICIPALITY"));
  const auto first = Must(As("jumbo").SubmitSignal(request));
  EXPECT_THAT(As("jumbo").SubmitSignal(outside),
              FailsWith(absl::StatusCode::kInvalidArgument, "REQUEST_ID_REUSED"));
  const auto other = Must(As("saxion").SubmitSignal(request));
  EXPECT_NE(first.signal().name(), other.signal().name());
  EXPECT_THAT(AllSignals(As("coordinator"), kDeventer), SizeIs(2));
}

}  // namespace
}  // namespace omzien::e2e
