// Done once, however often it is asked for.

#include "server/commit/mutation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "server/domain/errors.h"
#include "tests/server/commit/answers.h"
#include "tests/server/commit/world.h"

namespace omzien::commit::testing {
namespace {

constexpr absl::Time kAnyTime = absl::InfiniteFuture();
constexpr char kId[] = "00000000-0000-4000-8000-00000000abcd";

v1::SubmitSignalRequest WithId(v1::SubmitSignalRequest request = Submission()) {
  request.set_request_id(kId);
  return request;
}

Done Keep(absl::StatusOr<std::string>* into, absl::Notification* there) {
  return [into, there](absl::StatusOr<std::string> answer) {
    *into = std::move(answer);
    there->Notify();
  };
}

// Holds the writer in a decision, which writes nothing, until told to go on.
struct Hold {
  absl::Notification begun;
  absl::Notification go_on;

  std::unique_ptr<Command> Holding() {
    return std::make_unique<FakeCommand>([this](Reading&) -> absl::StatusOr<Decision> {
      begun.Notify();
      go_on.WaitForNotification();
      return Decision();
    });
  }
};

TEST(Mutation, AnswersARetryTheSameInTheSameBatchInFlightDurableAndAfterReopening) {
  World world;
  absl::StatusOr<std::string> first, same_batch, in_flight;
  absl::Notification first_there, same_there, in_flight_there, decided;
  Hold before, last;
  world.queue().Submit(before.Holding(), kAnyTime, [](const auto&) {});
  before.begun.WaitForNotification();
  world.cases().Close();
  // One batch of three: the writer is held while they come in, and again at the last.
  world.queue().Submit(world.SubmitCommand(Shop(), WithId()), kAnyTime, Keep(&first, &first_there));
  world.queue().Submit(world.SubmitCommand(Shop(), WithId()), kAnyTime,
                       Keep(&same_batch, &same_there));
  world.queue().Submit(last.Holding(), kAnyTime, [](const auto&) {});
  before.go_on.Notify();
  last.begun.WaitForNotification();
  // Another deadline by now, if it were decided anew.
  world.Advance(absl::Hours(24 * 30));
  // The next batch: what comes after the retry in it is decided when the retry has been.
  world.queue().Submit(world.SubmitCommand(Shop(), WithId()), kAnyTime,
                       Keep(&in_flight, &in_flight_there));
  world.queue().Submit(std::make_unique<FakeCommand>([&](Reading&) -> absl::StatusOr<Decision> {
                         decided.Notify();
                         return Decision();
                       }),
                       kAnyTime, [](const auto&) {});
  last.go_on.Notify();
  world.cases().AwaitHeld(1);
  decided.WaitForNotification();
  EXPECT_FALSE(in_flight_there.HasBeenNotified());
  world.cases().Open();
  first_there.WaitForNotification();
  same_there.WaitForNotification();
  in_flight_there.WaitForNotification();
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(same_batch.value(), *first);
  EXPECT_EQ(in_flight.value(), *first);

  EXPECT_EQ(world.Run(world.SubmitCommand(Shop(), WithId())).value(), *first);
  world.Reopen();
  world.Advance(absl::Hours(24 * 30));
  EXPECT_EQ(world.Run(world.SubmitCommand(Shop(), WithId())).value(), *first);
  EXPECT_EQ(world.Cases().size(), 1u);
}

TEST(Mutation, RefusesAnotherRequestUnderTheSameId) {
  World world;
  ASSERT_TRUE(world.Submit(Shop(), WithId()).ok());
  v1::SubmitSignalRequest other = WithId();
  other.mutable_signal()->set_own_words("iets heel anders");
  EXPECT_EQ(domain::ReasonOf(world.Submit(Shop(), other).status()), "REQUEST_ID_REUSED");
  // Also one that is wrong in itself: the stored answer goes before validation.
  v1::SubmitSignalRequest wrong = WithId();
  wrong.mutable_signal()->clear_own_words();
  EXPECT_EQ(domain::ReasonOf(world.Submit(Shop(), wrong).status()), "REQUEST_ID_REUSED");
  EXPECT_EQ(world.Cases().size(), 1u);
}

TEST(Mutation, RefusesAnotherMethodUnderTheSameId) {
  World world;
  auto submitted = world.Submit(Shop(), WithId());
  ASSERT_TRUE(submitted.ok()) << submitted.status();
  v1::WithdrawSignalRequest withdraw;
  withdraw.set_name(submitted->signal().name());
  withdraw.set_request_id(kId);
  EXPECT_EQ(domain::ReasonOf(world.Withdraw(Shop(), withdraw).status()), "REQUEST_ID_REUSED");
  EXPECT_NE(world.CaseOf(submitted->signal().name()).signal().state(), v1::SIGNAL_STATE_WITHDRAWN);
}

TEST(Mutation, TakesAnIdInEitherCaseOfItsLetters) {
  World world;
  auto lower = world.Submit(Shop(), WithId());
  v1::SubmitSignalRequest request = WithId();
  request.set_request_id("00000000-0000-4000-8000-00000000ABCD");
  auto upper = world.Submit(Shop(), request);
  ASSERT_TRUE(lower.ok() && upper.ok()) << lower.status() << upper.status();
  EXPECT_EQ(upper->SerializeAsString(), lower->SerializeAsString());
}

TEST(Mutation, ScopesAnIdToItsCaller) {
  World world;
  domain::Caller colleague = Shop();
  colleague.id = "other shop";
  auto one = world.Submit(Shop(), WithId());
  auto two = world.Submit(colleague, WithId());
  ASSERT_TRUE(one.ok() && two.ok()) << one.status() << two.status();
  EXPECT_NE(one->signal().name(), two->signal().name());
}

TEST(Mutation, StoresNoErrors) {
  World world;
  v1::SubmitSignalRequest wrong = WithId();
  wrong.mutable_signal()->clear_own_words();
  const size_t rows = world.Rows().size();
  EXPECT_EQ(domain::ReasonOf(world.Submit(Shop(), wrong).status()), "INVALID_FIELDS");
  EXPECT_EQ(world.Rows().size(), rows);
  // The same id may now be used for what was meant.
  EXPECT_TRUE(world.Submit(Shop(), WithId()).ok());
}

TEST(Mutation, GivesTheStoredAnswerThoughTheStateHasMovedOn) {
  World world;
  auto submitted = world.Submit(Shop(), Submission());
  ASSERT_TRUE(submitted.ok()) << submitted.status();
  v1::WithdrawSignalRequest withdraw;
  withdraw.set_name(submitted->signal().name());
  withdraw.set_request_id(kId);
  auto withdrawn = world.Withdraw(Shop(), withdraw);
  ASSERT_TRUE(withdrawn.ok()) << withdrawn.status();
  // A second withdrawal is refused by the state; a retry of the first isn't.
  EXPECT_EQ(world.Withdraw(Shop(), withdraw)->SerializeAsString(), withdrawn->SerializeAsString());
  withdraw.clear_request_id();
  EXPECT_EQ(domain::ReasonOf(world.Withdraw(Shop(), withdraw).status()), "WRONG_STATE");
}

TEST(Mutation, GuardsACreateWhenItsStoredAnswerIsGone) {
  World world;
  const Ask ask = world.AskFor(Shop(), "Submit", WithId());
  auto submitted = world.Submit(Shop(), WithId());
  ASSERT_TRUE(submitted.ok()) << submitted.status();
  ASSERT_TRUE(world
                  .Run([&ask](Reading&) -> absl::StatusOr<Decision> {
                    Decision forget;
                    forget.writes.push_back({ask.answer_key, std::nullopt});
                    return forget;
                  })
                  .ok());
  EXPECT_EQ(domain::ReasonOf(world.Submit(Shop(), WithId()).status()), "ALREADY_CREATED");
}

TEST(Mutation, TellsAllViolationsAtOnceWithThoseOfTheCatalogue) {
  World world;
  v1::SubmitSignalRequest request = Submission("WK990199");
  v1::Signal* signal = request.mutable_signal();
  signal->clear_own_words();
  signal->add_target_groups("municipalities/GM9901/targetGroups/onbekend");
  signal->add_life_events("municipalities/GM9901/lifeEvents/onbekend");
  signal->mutable_current_support()->set_organisation(Org("onbekend"));
  *signal->mutable_consent() = Consent({"onbekend"});
  signal->set_organisation(Org("gemeente"));
  const absl::Status status = world.Submit(Shop(), request).status();
  EXPECT_EQ(domain::ReasonOf(status), "INVALID_FIELDS");
  std::vector<std::string> fields;
  for (const auto& violation : domain::ViolationsOf(status)) fields.push_back(violation.field);
  EXPECT_THAT(fields, ::testing::UnorderedElementsAre(
                          "signal.own_words", "signal.target_groups[0]", "signal.life_events[0]",
                          "signal.current_support.organisation", "signal.consent.to_whom[0]",
                          "signal.organisation", "signal.place.district"));
}

}  // namespace
}  // namespace omzien::commit::testing
