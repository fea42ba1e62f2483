// The queue when a commit fails, and what is durable by then: over a disk that the test holds up.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <ostream>
#include <string>
#include <utility>

#include "server/commit/commit_queue.h"
#include "tests/server/commit/queue_commands.h"

namespace omzien::commit::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

struct Failure {
  std::string name;
  bool written;
};
std::ostream& operator<<(std::ostream& out, const Failure& failure) { return out << failure.name; }

// Counts what the queue tells.
class FailingCommit : public ::testing::TestWithParam<Failure> {
 protected:
  WorldOptions Telling() {
    CommitQueue::Options options;
    options.on_broken = [this] { ++told_; };
    options.on_change = [this](storage::Revision, const auto&) { ++changes_; };
    return NoCatalogue(std::move(options));
  }

  std::atomic<int> told_ = 0;
  std::atomic<int> changes_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Engines, FailingCommit,
                         ::testing::Values(Failure{"WroteNothing", false},
                                           Failure{"WroteAllTheSame", true}),
                         [](const auto& test) { return test.param.name; });

TEST_P(FailingCommit, TakesWithItWhatWasDecidedOnTopAndEndsTheQueue) {
  World world(Telling());
  Answers answers;
  world.cases().Close();
  world.queue().Submit(Putting("first", "1"), kNoDeadline, answers.To("first"));
  world.cases().AwaitHeld(1);
  Plug plug;
  world.queue().Submit(plug.Plugging("on top"), kNoDeadline, answers.To("on top"));
  plug.begun.WaitForNotification();
  world.queue().Submit(Putting("waiting", "1"), kNoDeadline, answers.To("waiting"));
  plug.go_on.Notify();
  world.cases().Break(GetParam().written);
  world.cases().Open();
  EXPECT_THAT(answers.Await(3),
              UnorderedElementsAre("first STORE_UNAVAILABLE", "on top STORE_UNAVAILABLE",
                                   "waiting STORE_UNAVAILABLE"));
  world.queue().Submit(Putting("later", "1"), kNoDeadline, answers.To("later"));
  world.queue().Submit(Looking("first"), kNoDeadline, answers.To("looking"));
  EXPECT_THAT(answers.Await(5), Contains("later STORE_UNAVAILABLE"));
  EXPECT_THAT(answers.log(), Contains("looking STORE_UNAVAILABLE"));
  world.queue().Stop();
  EXPECT_EQ(told_, 1);
  EXPECT_EQ(changes_, 0);
  EXPECT_EQ(Stored(world, "first").has_value(), GetParam().written);
  EXPECT_EQ(Stored(world, "on top"), std::nullopt);
  EXPECT_EQ(Stored(world, "waiting"), std::nullopt);
}

// Puts a row, and tells of a change.
std::unique_ptr<Command> Changing(const std::string& key) {
  return std::make_unique<FakeCommand>([key](Reading&) {
    auto decision = Put(key, "v");
    decision->change.add_cases()->set_case_id("c");
    return decision;
  });
}

// `first` is durable as soon as it is let through; `second` was decided on top of it.
void SubmitOneOnTopOfTheOther(World& world, Done first, Done second) {
  world.cases().Close();
  world.queue().Submit(Changing("first"), kNoDeadline, std::move(first));
  world.cases().AwaitHeld(1);
  absl::Notification decided;
  world.queue().Submit(Notifying(&decided), kNoDeadline, std::move(second));
  decided.WaitForNotification();
}

TEST(CommitQueue, HandsTheNextCommitToTheEngineBeforeItAnswersTheLast) {
  World world(NoCatalogue());
  Answers answers;
  const size_t before = world.cases().commits().size();
  SubmitOneOnTopOfTheOther(
      world,
      [&world, before, done = answers.To("first, commits begun")](const auto& answer) {
        ASSERT_TRUE(answer.ok());
        done(std::to_string(world.cases().commits().size() - before));
      },
      answers.To("second"));
  world.cases().Open();
  EXPECT_THAT(answers.Await(2), ElementsAre("first, commits begun 2", "second notified"));
}

TEST_P(FailingCommit, LeavesTheOneBeforeItAnsweredAsDurable) {
  World world(Telling());
  Answers answers;
  SubmitOneOnTopOfTheOther(world, answers.To("first"), answers.To("second"));
  world.cases().LetOneThrough();
  world.cases().AwaitHeld(1);
  world.cases().Break(GetParam().written);
  world.cases().Open();
  EXPECT_THAT(answers.Await(2), ElementsAre("first v", "second STORE_UNAVAILABLE"));
  world.queue().Stop();
  EXPECT_EQ(told_, 1);
  EXPECT_EQ(changes_, 1);
  EXPECT_EQ(Stored(world, "first"), "v");
  EXPECT_EQ(Stored(world, "notified").has_value(), GetParam().written);
}

TEST(CommitQueue, IsBrokenWhenTheKeyStoreIs) {
  CommitQueue::Options options;
  std::atomic<int> told = 0;
  options.on_broken = [&told] { ++told; };
  World world(NoCatalogue(std::move(options)));
  world.keys().Break(false);
  Answers answers;
  // The first takes from the pool, which can't be filled again.
  world.queue().Submit(Putting("k", "v"), kNoDeadline, answers.To("first"));
  EXPECT_THAT(answers.Await(1), ElementsAre("first STORE_UNAVAILABLE"));
  world.queue().Submit(Putting("k", "v"), kNoDeadline, answers.To("later"));
  EXPECT_THAT(answers.Await(2), Contains("later STORE_UNAVAILABLE"));
  world.queue().Stop();
  EXPECT_EQ(told, 1);
}

}  // namespace
}  // namespace omzien::commit::testing
