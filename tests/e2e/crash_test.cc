// Kill -9 in the middle of a stream of submissions: what was acknowledged is there, whole, once.
//
// Method: the server is killed from the callback of a random acknowledgement, while up to 256 more
// are under way. It is a process's death, not a power cut: the page cache survives. (The engine's
// own test drops unsynced bytes.) OMZIEN_SEED in the environment repeats a run.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cpp/request_id.h"
#include "client/cpp/submit_stream.h"
#include "tests/e2e/recount.h"
#include "tests/e2e/story_world.h"
#include "tests/e2e/submissions.h"

namespace omzien::e2e {
namespace {

constexpr int kSubmissions = 1000;
constexpr int kThreads = 8;

uint64_t Seed() {
  const char* given = std::getenv("OMZIEN_SEED");
  const uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10)
                                         : std::random_device()() * uint64_t{2654435761} + 1;
  std::cout << "OMZIEN_SEED=" << seed << std::endl;
  return seed;
}

// Runs `each` for every index, on several threads; the first thing that went wrong, if anything.
void ForEach(int count, const std::function<void(int)>& each) {
  std::atomic<int> next = 0;
  std::atomic<int> failures = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = next++; i < count && failures < 10; i = next++) {
        try {
          each(i);
        } catch (const std::exception& error) {
          ++failures;
          ADD_FAILURE() << "submission " << i << ": " << error.what();
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

class Crash : public StoryWorldTest {
 protected:
  Crash() : random_(Seed()) {
    for (int i = 0; i < kSubmissions; ++i) {
      submissions_.push_back(MixedSubmission(i, random_));
      submissions_.back().set_request_id(client::NewRequestId());
    }
  }

  // Index -> the answer's bytes, of what was acknowledged before the connection broke. With
  // `kill_after` acknowledgements the server is killed.
  std::map<int64_t, std::string> StreamAll(int kill_after) {
    client::Options options = world_.OptionsFor("jumbo");
    options.retry.max_attempts = 1;
    options.retry.initial_backoff = absl::Milliseconds(1);
    const auto client = Must(client::Client::Create(options));
    std::mutex mutex;
    std::map<int64_t, std::string> answers;
    client::StreamOptions stream_options;
    stream_options.max_attempts = 1;
    client::SubmitStream stream(
        *client, stream_options,
        [&](int64_t sequence, const absl::StatusOr<v1::SubmitSignalResponse>& answer) {
          const std::lock_guard lock(mutex);
          if (!answer.ok()) {
            if (kill_after == 0) ADD_FAILURE() << sequence << ": " << answer.status();
            return;
          }
          answers[sequence] = answer->SerializeAsString();
          if (static_cast<int>(answers.size()) == kill_after) kill(world_.server().pid(), SIGKILL);
        });
    for (int i = 0; i < kSubmissions; ++i) {
      if (!stream.Send(i, submissions_[i]).ok()) break;
    }
    const absl::Status finished = stream.Finish();
    EXPECT_EQ(finished.ok(), kill_after == 0) << finished;
    const std::lock_guard lock(mutex);
    return answers;
  }

  // There, whole, answered identically, and followed up.
  void CheckAcknowledged(int i, const std::string& answer) {
    v1::SubmitSignalResponse acknowledged;
    ASSERT_TRUE(acknowledged.ParseFromString(answer));
    const std::string& name = acknowledged.signal().name();
    v1::Signal seen = Must(jumbo_->GetSignal(Of<v1::GetSignalRequest>(name)));
    seen.clear_revision();
    EXPECT_EQ(seen.DebugString(), acknowledged.signal().DebugString());
    EXPECT_EQ(Must(jumbo_->SubmitSignal(submissions_[i])).SerializeAsString(), answer);

    const std::string referral = ReferralName(name, 1);
    const v1::Signal whole = Must(coordinator_->GetSignal(Of<v1::GetSignalRequest>(name)));
    const bool offer = whole.first_contact().display_name() == "Bathmens Contactteam";
    client::Client& owner = offer ? *bathmen_ : *team_;
    const v1::Referral opened = Must(owner.GetReferral(Full<v1::GetReferralRequest>(referral)));
    EXPECT_EQ(opened.person().own_words(), submissions_[i].signal().own_words());
    if (!offer) {
      EXPECT_EQ(opened.person().reach().DebugString(),
                submissions_[i].signal().reach().DebugString());
      EXPECT_EQ(opened.person().preferred_time(), submissions_[i].signal().preferred_time());
    }
    FollowUp(i, name, referral, owner);
  }

  // Every one is accepted and called on; how it goes on differs.
  void FollowUp(int i, const std::string& signal, const std::string& referral,
                client::Client& owner) {
    EXPECT_EQ(Must(owner.AcceptReferral(Of<v1::AcceptReferralRequest>(referral))).state(),
              v1::REFERRAL_STATE_ACCEPTED);
    const bool reached = i % 3 != 0;
    Must(owner.RecordContactAttempt(Attempt(
        referral, absl::StrCat("with: CONTACT_WITH_PERSON channel: CONTACT_CHANNEL_PHONE result: ",
                               reached ? "CONTACT_RESULT_REACHED" : "CONTACT_RESULT_NO_ANSWER"))));
    if (i % 5 == 1) Must(jumbo_->WithdrawSignal(Of<v1::WithdrawSignalRequest>(signal)));
    if (reached && i % 4 == 2) {
      auto complete = Of<v1::CompleteReferralRequest>(referral);
      complete.set_outcome(i % 8 == 2 ? v1::OUTCOME_CONNECTED : v1::OUTCOME_ADVICE_ONLY);
      Must(owner.CompleteReferral(complete));
    }
  }

  void Restart() {
    world_.Restart();
    jumbo_ = &As("jumbo");
    team_ = &As("team");
    bathmen_ = &As("bathmen");
    coordinator_ = &As("coordinator");
  }

  Random random_;
  std::vector<v1::SubmitSignalRequest> submissions_;
  client::Client* jumbo_ = nullptr;
  client::Client* team_ = nullptr;
  client::Client* bathmen_ = nullptr;
  client::Client* coordinator_ = nullptr;
};

TEST_F(Crash, InAStreamOfAThousandSubmissionsLosesNothingThatWasAcknowledged) {
  const int kill_after = 200 + static_cast<int>(random_() % 400);
  const std::map<int64_t, std::string> acknowledged = StreamAll(kill_after);
  world_.server().Wait();
  EXPECT_EQ(world_.server().exit_code(), 128 + SIGKILL);
  ASSERT_GE(static_cast<int>(acknowledged.size()), kill_after);
  ASSERT_LT(static_cast<int>(acknowledged.size()), kSubmissions);
  Restart();
  EXPECT_EQ(SummaryOf(*coordinator_, kDeventer).DebugString(),
            Recount(*coordinator_, kDeventer).DebugString());
  EXPECT_GE(AllSignals(*coordinator_, kDeventer).size(), acknowledged.size());

  const std::vector<std::pair<int64_t, std::string>> list(acknowledged.begin(), acknowledged.end());
  ForEach(static_cast<int>(list.size()),
          [&](int n) { CheckAcknowledged(static_cast<int>(list[n].first), list[n].second); });

  // Once more after follow-up, and everything is sent again under the same ids.
  world_.server().Kill9();
  Restart();
  const std::map<int64_t, std::string> answers = StreamAll(0);
  ASSERT_EQ(answers.size(), size_t{kSubmissions});
  for (const auto& [i, answer] : acknowledged) EXPECT_EQ(answers.at(i), answer) << i;
  std::set<std::string> names;
  for (const auto& [i, answer] : answers) {
    v1::SubmitSignalResponse response;
    ASSERT_TRUE(response.ParseFromString(answer));
    EXPECT_TRUE(names.insert(response.signal().name()).second) << i;
  }
  std::set<std::string> listed;
  for (const v1::Signal& signal : AllSignals(*coordinator_, kDeventer)) {
    EXPECT_TRUE(listed.insert(signal.name()).second) << signal.name();
  }
  EXPECT_EQ(listed, names);

  const v1::FollowUpSummary recount = Recount(*coordinator_, kDeventer);
  EXPECT_EQ(SummaryOf(*coordinator_, kDeventer).DebugString(), recount.DebugString());
  EXPECT_EQ(recount.total().received(), kSubmissions);
  EXPECT_GT(recount.total().withdrawn(), 0);
  EXPECT_GT(recount.total().closed(), 0);
  EXPECT_GT(recount.total().placed(), 0);
}

}  // namespace
}  // namespace omzien::e2e
