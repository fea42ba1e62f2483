#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "server/domain/case_rules.h"
#include "server/domain/disclosure.h"
#include "server/domain/errors.h"
#include "tests/server/domain/case_fixtures.h"

namespace omzien::domain {
namespace {

using storage::v1::Case;

constexpr absl::Duration kAnswerTime = absl::Hours(240);
const absl::Time kAsked = kReceived + absl::Hours(1);
const absl::Time kHourOn = kReceived + absl::Hours(2);

// Referral 1 is the team's first contact; asked an hour after a shop's signal came in.
Case Asked() {
  Case c = NewCase();
  c.mutable_signal()->set_signaller_kind(v1::SIGNALLER_KIND_SHOPKEEPER);
  EXPECT_TRUE(AddReferral(&c, ForFirstContact("team"), kReceived).ok());
  EXPECT_TRUE(AskSignaller(&c, 1, kAsked + kAnswerTime, kAsked).ok());
  return c;
}

absl::Status Phone(Case* c, v1::ContactResult result) {
  return RecordAttempt(c, 1, Attempt(v1::CONTACT_WITH_PERSON, v1::CONTACT_CHANNEL_PHONE, result),
                       kHourOn);
}

absl::Status CloseAsDeclined(Case* c) {
  absl::Status status = Phone(c, v1::CONTACT_RESULT_REFUSED);
  if (!status.ok()) return status;
  return Complete(c, 1, v1::OUTCOME_PERSON_DECLINED, ThreeOverTwo(), kHourOn, kHourOn);
}

TEST(Question, WaitsForAnAnswerWhileFollowUpGoesOn) {
  Case c = Asked();
  EXPECT_EQ(c.signal().state(), v1::SIGNAL_STATE_NEEDS_INFO);
  EXPECT_TRUE(QuestionWaits(c, kHourOn));
  EXPECT_EQ(ReasonOf(AskSignaller(&c, 1, kHourOn + kAnswerTime, kHourOn)), "WRONG_STATE");
  EXPECT_TRUE(Phone(&c, v1::CONTACT_RESULT_NO_ANSWER).ok());
  EXPECT_EQ(c.signal().state(), v1::SIGNAL_STATE_NEEDS_INFO);
  ASSERT_TRUE(AnswerQuestion(&c, kHourOn).ok());
  EXPECT_EQ(c.signal().state(), v1::SIGNAL_STATE_ROUTED);
  EXPECT_EQ(ReasonOf(AnswerQuestion(&c, kHourOn)), "NO_QUESTION");
  EXPECT_TRUE(AskSignaller(&c, 1, kHourOn + kAnswerTime, kHourOn).ok());
}

TEST(Question, OfSomeoneInContactLeavesTheSignalThere) {
  Case c = Asked();
  ASSERT_TRUE(AnswerQuestion(&c, kHourOn).ok());
  ASSERT_TRUE(Phone(&c, v1::CONTACT_RESULT_REACHED).ok());
  ASSERT_TRUE(AskSignaller(&c, 1, kHourOn + kAnswerTime, kHourOn).ok());
  EXPECT_EQ(c.signal().state(), v1::SIGNAL_STATE_NEEDS_INFO);
  ASSERT_TRUE(AnswerQuestion(&c, kHourOn).ok());
  EXPECT_EQ(c.signal().state(), v1::SIGNAL_STATE_IN_CONTACT);
}

TEST(Question, LapsesWithTime) {
  Case c = Asked();
  const absl::Time lapsed = kAsked + kAnswerTime;
  EXPECT_EQ(StateAt(c, lapsed - absl::Seconds(1)), v1::SIGNAL_STATE_NEEDS_INFO);
  EXPECT_EQ(StateAt(c, lapsed), v1::SIGNAL_STATE_ROUTED);
  EXPECT_FALSE(QuestionWaits(c, lapsed));
  EXPECT_EQ(ReasonOf(AnswerQuestion(&c, lapsed)), "NO_QUESTION");
  EXPECT_TRUE(AskSignaller(&c, 1, lapsed + kAnswerTime, lapsed).ok());
}

// Else a shopkeeper who may not hear of contact would see it by the question's going away.
TEST(Question, LooksTheSameToTheSignallerWhetherThePersonWasReachedOrNot) {
  const Case waiting = Asked();
  Case taken_up = waiting;
  ASSERT_TRUE(Accept(&taken_up, 1, kHourOn).ok());
  Case reached = waiting;
  ASSERT_TRUE(Phone(&reached, v1::CONTACT_RESULT_REACHED).ok());
  EXPECT_EQ(reached.signal().state(), v1::SIGNAL_STATE_IN_CONTACT);
  const auto seen = [](const Case& c) {
    PersonSource source;
    source.questions.emplace_back().set_question("In welke straat?");
    const v1::Signal signal = SignalFor(c, AsSignaller(), &source, kHourOn);
    EXPECT_TRUE(signal.question_waits());
    EXPECT_EQ(signal.question().text(), "In welke straat?");
    return signal.SerializeAsString();
  };
  EXPECT_EQ(seen(reached), seen(taken_up));
  EXPECT_TRUE(AnswerQuestion(&taken_up, kHourOn).ok());
  ASSERT_TRUE(AnswerQuestion(&reached, kHourOn).ok());
  EXPECT_EQ(reached.signal().state(), v1::SIGNAL_STATE_IN_CONTACT);
}

TEST(Question, EndsWithTheSignalAndItsSignaller) {
  const struct {
    std::string name;
    std::function<absl::Status(Case*)> end;
  } kEnds[] = {
      {"withdrawn", [](Case* c) { return Withdraw(c, kHourOn); }},
      {"withdrawn after contact",
       [](Case* c) {
         absl::Status status = Phone(c, v1::CONTACT_RESULT_REACHED);
         if (status.ok()) status = Withdraw(c, kHourOn);
         EXPECT_EQ(ReasonOf(AskSignaller(c, 1, kHourOn + kAnswerTime, kHourOn)),
                   "SIGNALLER_WITHDREW");
         return status;
       }},
      {"closed", &CloseAsDeclined},
      {"closed, and reopened",
       [](Case* c) {
         absl::Status status = CloseAsDeclined(c);
         return status.ok() ? Reopen(c, kHourOn) : status;
       }},
  };
  for (const auto& end : kEnds) {
    Case c = Asked();
    ASSERT_TRUE(end.end(&c).ok()) << end.name;
    EXPECT_FALSE(QuestionWaits(c, kHourOn)) << end.name;
    EXPECT_FALSE(MayOpenQuestion(c, AsSignaller(), kHourOn)) << end.name;
    EXPECT_EQ(ReasonOf(AnswerQuestion(&c, kHourOn)), "NO_QUESTION") << end.name;
  }
}

TEST(Question, IsOfWhoHasTheFirstContactAndAFewTimesOnly) {
  Case c = NewCase();
  EXPECT_EQ(ReasonOf(AskSignaller(&c, 1, kHourOn, kReceived)), "REFERRAL_NOT_FOUND");
  ASSERT_TRUE(AddReferral(&c, ForFirstContact("team"), kReceived).ok());
  ASSERT_TRUE(AddReferral(&c, ForOffer("visitors", "visit"), kReceived).ok());
  EXPECT_EQ(ReasonOf(AskSignaller(&c, 2, kHourOn, kReceived)), "WRONG_PURPOSE");
  for (int i = 0; i < kQuestionsMax; ++i) {
    ASSERT_TRUE(AskSignaller(&c, 1, kHourOn, kReceived).ok()) << i;
    ASSERT_TRUE(AnswerQuestion(&c, kReceived).ok()) << i;
  }
  EXPECT_EQ(ReasonOf(AskSignaller(&c, 1, kHourOn, kReceived)), "CASE_FULL");
  ASSERT_TRUE(Decline(&c, 1, v1::DECLINE_REASON_NO_CAPACITY, kReceived).ok());
  EXPECT_EQ(ReasonOf(AskSignaller(&c, 1, kHourOn, kReceived)), "WRONG_STATE");
}

TEST(Question, GoesWithTheFirstContactToWhoTakesItOver) {
  Case c = Asked();
  ASSERT_TRUE(HandOver(&c, 1, ForFirstContact("walkers"), kHourOn).ok());
  EXPECT_EQ(c.signal().state(), v1::SIGNAL_STATE_NEEDS_INFO);
  ASSERT_TRUE(AnswerQuestion(&c, kHourOn).ok());
  EXPECT_EQ(c.signal().state(), v1::SIGNAL_STATE_ROUTED);
}

}  // namespace
}  // namespace omzien::domain
