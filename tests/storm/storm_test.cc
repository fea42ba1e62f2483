// Everyone at once: the same request_ids from 200 clients, over a kill -9; one id with several
// payloads; two people on one referral. Whatever the order, each thing is done once, and everyone
// is told the same.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iostream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/cpp/request_id.h"
#include "tests/e2e/story_world.h"
#include "tests/storm/clients.h"

namespace omzien::storm {
namespace {

using ::testing::Each;
using ::testing::Lt;
using ::testing::SizeIs;

constexpr int kClients = 200;
constexpr char kSomeone[] =
    "reach { phone: '0570 22 33 44' } place { words: 'Lettele' } own_words: 'Erg stil.'";

class Storm : public e2e::StoryWorldTest {
 protected:
  void SetUp() override {
    // A second person of the team, with a token of their own.
    world_.installation().AddCaller("colleague", {"GM0150 first_contact team-toegang-preventie"});
    world_.installation().WriteConfig();
    StoryWorldTest::SetUp();
  }

  static v1::SubmitSignalRequest Submission(const std::string& id, const std::string& words) {
    auto request = e2e::Submission(e2e::kDeventer, kSomeone);
    request.mutable_signal()->set_own_words(words);
    request.set_request_id(id);
    return request;
  }
  Call SubmitCall(const std::string& id, const std::string& words) {
    return CallOf("SignalService/SubmitSignal", world_.installation().token("jumbo"),
                  Submission(id, words));
  }

  // New signals' first referrals, submitted together.
  std::vector<std::string> NewReferrals(Clients& clients, int count) {
    std::vector<Call> calls;
    for (int i = 0; i < count; ++i) calls.push_back(SubmitCall(client::NewRequestId(), "Stil."));
    std::vector<std::string> referrals;
    for (const Reply& reply : clients.SendAll(calls)) {
      v1::SubmitSignalResponse answer;
      EXPECT_TRUE(reply.code == grpc::StatusCode::OK && answer.ParseFromString(reply.bytes));
      referrals.push_back(e2e::ReferralName(answer.signal().name(), 1));
    }
    return referrals;
  }

  std::set<std::string> NamesOfAllSignals() {
    std::set<std::string> names;
    size_t count = 0;
    for (const v1::Signal& signal : e2e::AllSignals(As("coordinator"), e2e::kDeventer)) {
      names.insert(signal.name());
      ++count;
    }
    EXPECT_THAT(names, SizeIs(count));
    return names;
  }
  std::string EtagOf(const std::string& referral) {
    return e2e::Must(As("team").GetReferral(e2e::Of<v1::GetReferralRequest>(referral))).etag();
  }
};

// Each id is sent by ten clients side by side. The server is killed when half is answered; what was
// not, and what was, is asked again of the next one.
TEST_F(Storm, AThousandIdsByTwoHundredClientsOverAKillAreAThousandSignals) {
  constexpr int kIds = 1000;
  constexpr int kTimes = 10;
  std::vector<Call> calls;
  for (int i = 0; i < kIds; ++i) {
    const std::string id = client::NewRequestId();
    const Call call = SubmitCall(id, absl::StrCat("Nummer ", i, " is stil geworden."));
    calls.insert(calls.end(), kTimes, call);
  }
  const absl::Time began = absl::Now();
  std::vector<Reply> before;
  {
    Clients clients(world_.server().address(), kClients);
    before = clients.SendAll(calls, calls.size() / 2, [this] { world_.server().Kill9(); });
  }
  world_.Restart();
  Clients clients(world_.server().address(), kClients);
  const std::vector<Reply> after = clients.SendAll(calls);

  size_t unanswered = 0;
  std::set<std::string> told;
  std::vector<size_t> different_answers;
  for (int i = 0; i < kIds; ++i) {
    std::set<std::string> answers;
    for (size_t at = i * kTimes; at < static_cast<size_t>(i + 1) * kTimes; ++at) {
      ASSERT_EQ(after[at].code, grpc::StatusCode::OK) << after[at].reason;
      answers.insert(after[at].bytes);
      if (before[at].code == grpc::StatusCode::OK) {
        answers.insert(before[at].bytes);
      } else {
        // The connection broke: nothing else was refused.
        EXPECT_EQ(before[at].code, grpc::StatusCode::UNAVAILABLE) << before[at].reason;
        EXPECT_EQ(before[at].reason, "");
        ++unanswered;
      }
    }
    different_answers.push_back(answers.size());
    v1::SubmitSignalResponse answer;
    ASSERT_TRUE(answer.ParseFromString(*answers.begin()));
    told.insert(answer.signal().name());
  }
  EXPECT_THAT(different_answers, Each(1u));
  EXPECT_THAT(told, SizeIs(kIds));
  EXPECT_EQ(NamesOfAllSignals(), told);
  // The kill came in the middle.
  EXPECT_GT(unanswered, 0u);
  EXPECT_THAT(unanswered, Lt(calls.size()));
  std::cout << 2 * calls.size() << " calls, " << unanswered << " without answer, in "
            << absl::ToInt64Seconds(absl::Now() - began) << " s\n";
}

// Twenty clients with five payloads under one id: the payload that came first is done, and whoever
// sent it hears so; the others hear that the id was used.
TEST_F(Storm, OfSeveralPayloadsUnderOneIdOneIsDone) {
  constexpr int kIds = 100;
  constexpr int kTimes = 4;
  constexpr int kPayloads = 5;
  std::vector<Call> calls;
  for (int i = 0; i < kIds; ++i) {
    const std::string id = client::NewRequestId();
    for (int at = 0; at < kTimes * kPayloads; ++at) {
      calls.push_back(SubmitCall(id, absl::StrCat("Het verhaal ", at % kPayloads)));
    }
  }
  Clients clients(world_.server().address(), kClients);
  const std::vector<Reply> replies = clients.SendAll(calls);

  std::set<std::string> told;
  for (int i = 0; i < kIds; ++i) {
    std::map<int, int> done_by_payload;
    std::set<std::string> answers;
    for (int at = 0; at < kTimes * kPayloads; ++at) {
      const Reply& reply = replies[i * kTimes * kPayloads + at];
      if (reply.code == grpc::StatusCode::OK) {
        ++done_by_payload[at % kPayloads];
        answers.insert(reply.bytes);
      } else {
        EXPECT_EQ(reply.code, grpc::StatusCode::INVALID_ARGUMENT);
        EXPECT_EQ(reply.reason, "REQUEST_ID_REUSED");
      }
    }
    ASSERT_THAT(done_by_payload, SizeIs(1));
    EXPECT_EQ(done_by_payload.begin()->second, kTimes);
    ASSERT_THAT(answers, SizeIs(1));
    v1::SubmitSignalResponse answer;
    ASSERT_TRUE(answer.ParseFromString(*answers.begin()));
    told.insert(answer.signal().name());
  }
  EXPECT_THAT(told, SizeIs(kIds));
  EXPECT_EQ(NamesOfAllSignals(), told);
}

// Two people take up one referral in the same moment, both having seen it as it was.
TEST_F(Storm, OfTwoPeopleOnOneReferralOneWins) {
  constexpr int kReferrals = 100;
  Clients clients(world_.server().address(), kClients);
  const std::vector<std::string> referrals = NewReferrals(clients, kReferrals);
  std::vector<Call> calls;
  for (int i = 0; i < kReferrals; ++i) {
    auto accept = e2e::Of<v1::AcceptReferralRequest>(referrals[i]);
    // Half of them say what they saw.
    if (i % 2 == 0) accept.set_etag(EtagOf(referrals[i]));
    for (const char* person : {"team", "colleague"}) {
      accept.set_request_id(client::NewRequestId());
      calls.push_back(
          CallOf("ReferralService/AcceptReferral", world_.installation().token(person), accept));
    }
  }
  const std::vector<Reply> replies = clients.SendAll(calls);
  for (int i = 0; i < kReferrals; ++i) {
    SCOPED_TRACE(i % 2 == 0 ? "with the same etag" : "without an etag");
    const bool first_won = replies[2 * i].code == grpc::StatusCode::OK;
    const Reply& winner = replies[2 * i + (first_won ? 0 : 1)];
    const Reply& loser = replies[2 * i + (first_won ? 1 : 0)];
    v1::Referral accepted;
    ASSERT_EQ(winner.code, grpc::StatusCode::OK) << winner.reason;
    ASSERT_TRUE(accepted.ParseFromString(winner.bytes));
    EXPECT_EQ(accepted.state(), v1::REFERRAL_STATE_ACCEPTED);
    EXPECT_EQ(accepted.etag(), EtagOf(referrals[i]));
    if (i % 2 == 0) {
      EXPECT_EQ(loser.code, grpc::StatusCode::ABORTED);
      EXPECT_EQ(loser.reason, "ETAG_MISMATCH");
      EXPECT_EQ(loser.etag, accepted.etag());
    } else {
      EXPECT_EQ(loser.code, grpc::StatusCode::FAILED_PRECONDITION);
      EXPECT_EQ(loser.reason, "WRONG_STATE");
    }
  }
}

}  // namespace
}  // namespace omzien::storm
