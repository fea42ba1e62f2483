// The queue itself, with commands made for the test over a disk that the test holds up.

#include "server/commit/commit_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "server/domain/errors.h"
#include "storage/blocking.h"
#include "storage/keys.h"
#include "tests/server/commit/answers.h"
#include "tests/server/commit/queue_commands.h"
#include "tests/server/commit/world.h"

namespace omzien::commit::testing {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

TEST(CommitQueue, AnswersInTheOrderOfSubmission) {
  World world(NoCatalogue());
  Answers answers;
  std::vector<std::string> expected;
  for (int i = 1; i <= 300; ++i) {
    world.queue().Submit(Counting("count"), kNoDeadline, answers.To("c"));
    expected.push_back("c " + std::to_string(i));
  }
  EXPECT_EQ(answers.Await(300), expected);
  EXPECT_EQ(Stored(world, "count"), "300");
}

TEST(CommitQueue, CommitsTogetherWhatWaitedTogether) {
  World world(NoCatalogue());
  Answers answers;
  Plug plug;
  std::vector<std::unique_ptr<Command>> commands;
  for (int i = 0; i < 100; ++i) commands.push_back(Putting("k" + std::to_string(i), "v"));
  const size_t before = world.cases().commits().size();
  SubmitTogether(world, answers, std::move(commands), plug);
  answers.Await(100);
  // The plug's and one for all the others.
  EXPECT_THAT(world.cases().commits(), ::testing::SizeIs(before + 2));
  EXPECT_EQ(world.cases().commits().back(), 100u);
}

TEST(CommitQueue, AnswersNothingThatIsNotDurableNotEvenErrors) {
  World world(NoCatalogue());
  Answers answers;
  Plug plug;
  absl::Notification decided;
  world.cases().Close();
  SubmitTogether(world, answers,
                 List(Refusing(), Looking("plug"), Putting("k", "v"), Notifying(&decided)), plug);
  // All four are decided on top of the plug, whose commit is held.
  decided.WaitForNotification();
  EXPECT_THAT(answers.log(), IsEmpty());
  world.cases().AwaitHeld(1);
  world.cases().LetOneThrough();
  world.cases().AwaitHeld(1);
  // What they saw is durable now, what they wrote isn't; they are answered together.
  EXPECT_THAT(answers.log(), IsEmpty());
  EXPECT_EQ(Stored(world, "k"), std::nullopt);
  world.cases().LetOneThrough();
  EXPECT_THAT(answers.Await(4), ElementsAre("0 WRONG_STATE", "1 plugged", "2 v", "3 notified"));
}

TEST(CommitQueue, DecidesOnTopOfTheBatchInFlight) {
  World world(NoCatalogue());
  Answers answers;
  world.cases().Close();
  world.queue().Submit(Counting("count"), kNoDeadline, answers.To("first"));
  world.cases().AwaitHeld(1);
  absl::Notification decided;
  world.queue().Submit(std::make_unique<FakeCommand>([&decided](Reading& reading) {
                         const std::string* row = reading.Get("count");
                         const std::string seen = row == nullptr ? "none" : *row;
                         if (!decided.HasBeenNotified()) decided.Notify();
                         return Put("seen", seen);
                       }),
                       kNoDeadline, answers.To("second"));
  decided.WaitForNotification();
  world.cases().Open();
  EXPECT_THAT(answers.Await(2), ElementsAre("first 1", "second 1"));
}

TEST(CommitQueue, CommitsNoMoreOnceAnotherWriterTookTheStore) {
  World world(NoCatalogue());
  ASSERT_EQ(world.Run(Putting("k", "old")).value(), "old");
  auto second = world.SecondQueue();
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(domain::ReasonOf(world.Run(Putting("k", "stale")).status()), "STORE_UNAVAILABLE");
  EXPECT_EQ(Stored(world, "k"), "old");
  EXPECT_EQ((*second)->Run(Putting("k", "new"), kNoDeadline).value(), "new");
  EXPECT_EQ(Stored(world, "k"), "new");
}

TEST(CommitQueue, RefusesWhatItHasNoRoomFor) {
  CommitQueue::Options options;
  options.queue_limit = 2;
  World world(NoCatalogue(std::move(options)));
  Answers answers;
  Plug plug;
  SubmitTogether(world, answers, List(Putting("a", "v"), Putting("b", "v"), Putting("c", "v")),
                 plug);
  EXPECT_THAT(answers.Await(3), ElementsAre("2 OVERLOADED", "0 v", "1 v"));
  EXPECT_EQ(Stored(world, "c"), std::nullopt);
}

TEST(CommitQueue, BeginsNothingAfterItsDeadline) {
  World world(NoCatalogue());
  Answers answers;
  Plug plug;
  const absl::Time deadline = world.now() + absl::Seconds(1);
  world.queue().Submit(plug.Plugging(), kNoDeadline, [](const auto&) {});
  plug.begun.WaitForNotification();
  world.queue().Submit(Putting("late", "v"), deadline, answers.To("late"));
  world.queue().Submit(Putting("in time", "v"), deadline + absl::Minutes(1), answers.To("in time"));
  world.Advance(absl::Seconds(2));
  plug.go_on.Notify();
  EXPECT_THAT(answers.Await(2), ElementsAre("late DEADLINE_EXCEEDED", "in time v"));
  EXPECT_EQ(Stored(world, "late"), std::nullopt);
}

TEST(CommitQueue, FinishesWhatItAcceptedWhenStopped) {
  World world(NoCatalogue());
  Answers answers;
  Plug plug;
  world.queue().Submit(plug.Plugging(), kNoDeadline, answers.To("plug"));
  plug.begun.WaitForNotification();
  for (int i = 0; i < 5; ++i) {
    world.queue().Submit(Counting("count"), kNoDeadline, answers.To("accepted"));
  }
  std::thread stopping([&world] { world.queue().Stop(); });
  plug.go_on.Notify();
  stopping.join();
  EXPECT_THAT(answers.log(), ElementsAre("plug plugged", "accepted 1", "accepted 2", "accepted 3",
                                         "accepted 4", "accepted 5"));
  world.queue().Submit(Counting("count"), kNoDeadline, answers.To("refused"));
  EXPECT_EQ(answers.log().back(), "refused STOPPING");
  EXPECT_EQ(Stored(world, "count"), "5");
}

TEST(CommitQueue, MayBeStoppedByManyAndByItsOwnAnswers) {
  World world(NoCatalogue());
  Answers answers;
  world.queue().Submit(Putting("k", "v"), kNoDeadline,
                       [&world, done = answers.To("stops")](absl::StatusOr<std::string> answer) {
                         world.queue().Stop();
                         done(std::move(answer));
                       });
  std::vector<std::thread> stopping;
  for (int i = 0; i < 4; ++i) stopping.emplace_back([&world] { world.queue().Stop(); });
  for (std::thread& thread : stopping) thread.join();
  // Accepted before any stop, and so answered before any of them returned.
  EXPECT_THAT(answers.log(), ElementsAre("stops v"));
}

TEST(CommitQueue, TakesCommandsFromItsOwnAnswers) {
  CommitQueue::Options options;
  options.queue_limit = 1;
  World world(NoCatalogue(std::move(options)));
  Answers answers;
  world.queue().Submit(
      Counting("count"), kNoDeadline,
      [&world, &answers, done = answers.To("first")](absl::StatusOr<std::string> answer) {
        done(std::move(answer));
        world.queue().Submit(Counting("count"), kNoDeadline, answers.To("second"));
        // Refused at once, in the midst of this answer.
        world.queue().Submit(Counting("count"), kNoDeadline, answers.To("third"));
      });
  EXPECT_THAT(answers.Await(3), ElementsAre("first 1", "third OVERLOADED", "second 2"));
}

TEST(CommitQueue, RunsAnExclusiveCommandAlone) {
  World world(NoCatalogue());
  Answers answers;
  Plug plug;
  const size_t before = world.cases().commits().size();
  bool was_durable = false;
  auto alone = std::make_unique<FakeCommand>(
      [&world, &was_durable](Reading&) {
        was_durable = Stored(world, "before") == "v";
        return Put("alone", "v");
      },
      std::vector<std::string>{}, /*exclusive=*/true);
  auto after = std::make_unique<FakeCommand>(
      [&world](Reading&) { return Put("after", Stored(world, "alone").value_or("not durable")); });
  SubmitTogether(
      world, answers,
      List(Putting("before", "v"), std::move(alone), std::move(after), Putting("after2", "v")),
      plug);
  EXPECT_THAT(answers.Await(4), ElementsAre("0 v", "1 v", "2 v", "3 v"));
  EXPECT_TRUE(was_durable);
  const std::vector<size_t> commits = world.cases().commits();
  EXPECT_THAT(
      std::vector<size_t>(commits.begin() + static_cast<std::ptrdiff_t>(before), commits.end()),
      ElementsAre(1, 1, 1, 2));
}

TEST(CommitQueue, CutsBatchesToWhatTheEngineTakes) {
  WorldOptions options = NoCatalogue();
  options.limits = {.max_operations = 10, .max_bytes = 2000};
  World world(std::move(options));
  Answers answers;
  Plug plug;
  std::vector<std::unique_ptr<Command>> commands;
  std::vector<std::string> expected;
  for (int i = 0; i < 50; ++i) {
    commands.push_back(Putting("rows" + std::to_string(i), "v"));
    expected.push_back(std::to_string(i) + " v");
  }
  const std::string long_value(400, 'x');
  for (int i = 50; i < 60; ++i) {
    commands.push_back(Putting("bytes" + std::to_string(i), long_value));
    expected.push_back(std::to_string(i) + " " + long_value);
  }
  SubmitTogether(world, answers, std::move(commands), plug);
  EXPECT_EQ(answers.Await(60), expected);
  EXPECT_THAT(world.cases().commits(), Each(::testing::Le(9u)));
}

absl::StatusOr<Decision> PutMany(size_t rows, size_t value_bytes) {
  Decision decision;
  for (size_t i = 0; i < rows; ++i) {
    decision.writes.push_back({"many" + std::to_string(i), std::string(value_bytes, 'x')});
  }
  decision.answer = "many";
  return decision;
}

TEST(CommitQueue, RefusesOneCommandThatNoCommitCanHoldAndGoesOn) {
  struct Case {
    size_t rows;
    size_t value_bytes;
    size_t change_bytes;
  };
  for (const auto& [rows, value_bytes, change_bytes] :
       {Case{11, 1, 0}, Case{1, 3000, 0}, Case{1, 1, 3000}}) {
    WorldOptions options = NoCatalogue();
    options.limits = {.max_operations = 12, .max_bytes = 2000};
    World world(std::move(options));
    Answers answers;
    Plug plug;
    auto too_large = std::make_unique<FakeCommand>(
        [r = rows, v = value_bytes, c = change_bytes](Reading&) -> absl::StatusOr<Decision> {
          auto decision = PutMany(r, v);
          if (c > 0) decision->change.add_cases()->set_case_id(std::string(c, 'x'));
          return decision;
        });
    SubmitTogether(world, answers, List(Putting("a", "v"), std::move(too_large), Putting("b", "v")),
                   plug);
    EXPECT_THAT(answers.Await(3), ElementsAre("0 v", "1 WRITE_TOO_LARGE", "2 v"));
    EXPECT_EQ(Stored(world, "many0"), std::nullopt);
  }
}

TEST(CommitQueue, LeavesWhatDoesNotFitAnymoreToTheNextBatch) {
  WorldOptions options = NoCatalogue();
  options.limits = {.max_operations = 10, .max_bytes = 2000};
  World world(std::move(options));
  Answers answers;
  Plug plug;
  auto eight = [] { return std::make_unique<FakeCommand>([](Reading&) { return PutMany(8, 1); }); };
  SubmitTogether(world, answers, List(Counting("count"), eight(), Counting("count"), eight()),
                 plug);
  EXPECT_THAT(answers.Await(4), ElementsAre("0 1", "1 many", "2 2", "3 many"));
}

TEST(CommitQueue, DecidesAgainWithTheRowThatWasMissing) {
  World world(NoCatalogue());
  ASSERT_TRUE(world.Run(Putting("a", "b")).ok());
  ASSERT_TRUE(world.Run(Putting("b", "c")).ok());
  int rounds = 0;
  // Each row names the next; none is listed.
  auto answer = world.Run([&rounds](Reading& reading) -> absl::StatusOr<Decision> {
    ++rounds;
    std::string at = "a";
    while (const std::string* next = reading.Get(at)) at = *next;
    Decision decision;
    decision.answer = at;
    return decision;
  });
  EXPECT_EQ(answer.value(), "c");
  EXPECT_EQ(rounds, 4);
}

TEST(CommitQueue, DecidesOnceWithTheRowsThatWereListed) {
  World world(NoCatalogue());
  ASSERT_TRUE(world.Run(Putting("a", "1")).ok());
  int rounds = 0;
  auto answer = world.Run(std::make_unique<FakeCommand>(
      [&rounds](Reading& reading) -> absl::StatusOr<Decision> {
        ++rounds;
        Decision decision;
        decision.answer = *reading.Get("a") + (reading.Get("none") == nullptr ? " none" : "");
        return decision;
      },
      std::vector<std::string>{"a", "none"}));
  EXPECT_EQ(answer.value(), "1 none");
  EXPECT_EQ(rounds, 1);
}

TEST(CommitQueue, GivesTheSameNewKeyWhenADecisionIsRunAgain) {
  World world(NoCatalogue());
  std::vector<uint64_t> ids;
  auto make = [&ids](Reading& reading) -> absl::StatusOr<Decision> {
    ids.push_back(reading.NewCaseKey().id);
    reading.Get("a row that isn't at hand");
    return Put("case", std::to_string(ids.back()));
  };
  ASSERT_TRUE(world.Run(make).ok());
  ASSERT_TRUE(world.Run(make).ok());
  EXPECT_THAT(ids, ElementsAre(1, 1, 2, 2));
  EXPECT_EQ(Stored(world, storage::keys::CaseKeysUsed()), "2");
}

TEST(CommitQueue, TellsOfAChangeOnceBeforeItsAnswer) {
  CommitQueue::Options options;
  Answers answers;
  options.on_change = [&answers](storage::Revision revision, const storage::v1::Change& change) {
    answers.To("change")(std::to_string(change.cases_size()) + (revision > 0 ? "" : " without"));
  };
  World world(NoCatalogue(std::move(options)));
  auto changing = [] {
    return std::make_unique<FakeCommand>([](Reading&) {
      auto decision = Put("k", "v");
      decision->change.add_cases()->set_case_id("c");
      return decision;
    });
  };
  Plug plug;
  SubmitTogether(world, answers, List(changing(), changing(), Looking("k")), plug);
  EXPECT_THAT(answers.Await(4), ElementsAre("change 2", "0 v", "1 v", "2 v"));
}

}  // namespace
}  // namespace omzien::commit::testing
