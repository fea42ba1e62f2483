// How a case ends, and how it comes back; the steps to there are case_rules_test.cc's.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "server/domain/case_rules.h"
#include "server/domain/errors.h"
#include "tests/server/domain/case_fixtures.h"

namespace omzien::domain {
namespace {

using storage::v1::Case;
using ::testing::ElementsAre;

const absl::Time kLater = kReceived + absl::Hours(5);

Case AtFirstContact() {
  Case c = NewCase();
  EXPECT_TRUE(AddReferral(&c, ForFirstContact("team"), kReceived).ok());
  return c;
}

// Placed by "team" (1) with "visitors" (2) and "walkers" (3).
Case PlacedWithBoth() {
  Case c = AtFirstContact();
  EXPECT_TRUE(RecordAttempt(&c, 1, Reached(), kLater).ok());
  EXPECT_TRUE(RecordConsent(&c, ConsentTo({}), kLater).ok());
  EXPECT_TRUE(
      Place(&c, 1, {ForOffer("visitors", "visit"), ForOffer("walkers", "walk")}, kLater).ok());
  return c;
}

absl::Status End(Case* c, uint32_t number, v1::Outcome outcome) {
  return Complete(c, number, outcome, ThreeOverTwo(), kLater, kLater);
}

TEST(Placed, IsOverWhenFirstContactIsAskedForAgain) {
  Case c = PlacedWithBoth();
  ASSERT_TRUE(AddReferral(&c, ForOffer("others", "tea"), kLater).ok());
  EXPECT_EQ(c.signal().state(), v1::SIGNAL_STATE_PLACED);
  ASSERT_TRUE(AddReferral(&c, ForFirstContact("team"), kLater).ok());
  EXPECT_EQ(c.signal().state(), v1::SIGNAL_STATE_IN_CONTACT);
}

TEST(Declined, ByThePersonAtTheDoor) {
  struct Row {
    const char* what;
    std::vector<v1::ContactAttempt> attempts;
    v1::Outcome outcome;
    const char* reason;
  };
  const auto refusal = [](v1::ContactWith with) {
    return Attempt(with, v1::CONTACT_CHANNEL_VISIT, v1::CONTACT_RESULT_REFUSED);
  };
  const auto declined = v1::OUTCOME_PERSON_DECLINED;
  const std::vector<Row> rows = {
      {"the person's no", {refusal(v1::CONTACT_WITH_PERSON)}, declined, ""},
      {"followed by a closed door", {refusal(v1::CONTACT_WITH_PERSON), NoAnswer()}, declined, ""},
      {"a relative's no", {refusal(v1::CONTACT_WITH_RELATIVE)}, declined, "PERSON_NOT_REACHED"},
      {"no answer is no no", {NoAnswer()}, declined, "PERSON_NOT_REACHED"},
      {"a no isn't advice",
       {refusal(v1::CONTACT_WITH_PERSON)},
       v1::OUTCOME_ADVICE_ONLY,
       "PERSON_NOT_REACHED"},
  };
  for (const Row& row : rows) {
    Case c = AtFirstContact();
    for (const auto& attempt : row.attempts) {
      ASSERT_TRUE(RecordAttempt(&c, 1, attempt, kLater).ok()) << row.what;
    }
    EXPECT_EQ(ReasonOf(End(&c, 1, row.outcome)), row.reason) << row.what;
  }
  // A no to another doesn't count.
  Case c = PlacedWithBoth();
  ASSERT_TRUE(RecordAttempt(&c, 2, refusal(v1::CONTACT_WITH_PERSON), kLater).ok());
  ASSERT_TRUE(RecordAttempt(&c, 3, NoAnswer(), kLater).ok());
  EXPECT_EQ(ReasonOf(End(&c, 3, declined)), "PERSON_NOT_REACHED");
  EXPECT_TRUE(End(&c, 2, declined).ok());
}

TEST(Connected, IsWhoHasSomeoneAndNothingElseThatIsLive) {
  Case c = PlacedWithBoth();
  EXPECT_FALSE(IsConnected(c));
  ASSERT_TRUE(RecordAttempt(&c, 2, Reached(), kLater).ok());
  ASSERT_TRUE(End(&c, 2, v1::OUTCOME_CONNECTED).ok());
  EXPECT_FALSE(IsConnected(c)) << "another is live";
  ASSERT_TRUE(Decline(&c, 3, v1::DECLINE_REASON_NO_CAPACITY, kLater).ok());
  ASSERT_TRUE(IsConnected(c));

  const uint64_t version = c.version();
  ASSERT_TRUE(CloseAsConnected(&c, kLater).ok());
  EXPECT_EQ(c.signal().state(), v1::SIGNAL_STATE_CLOSED);
  EXPECT_EQ(c.signal().outcome(), v1::OUTCOME_CONNECTED);
  EXPECT_EQ(TimeOf(c.signal().close_time()), kLater);
  EXPECT_GT(c.version(), version);
  EXPECT_EQ(ReasonOf(CloseAsConnected(&c, kLater)), "WRONG_STATE");
}

TEST(Connected, IsNotWhoGotAdvice) {
  Case c = PlacedWithBoth();
  ASSERT_TRUE(RecordAttempt(&c, 2, Reached(), kLater).ok());
  ASSERT_TRUE(End(&c, 2, v1::OUTCOME_ADVICE_ONLY).ok());
  ASSERT_TRUE(Decline(&c, 3, v1::DECLINE_REASON_NO_CAPACITY, kLater).ok());
  EXPECT_FALSE(IsConnected(c));
}

TEST(TargetGroups, LearntAreKeptApartFromThoseThatFollow) {
  const auto group = [](const char* id) { return TargetGroupName(kMunicipality, id); };
  Case c = AtFirstContact();
  c.add_stated_target_groups(group("elders"));
  c.mutable_signal()->add_target_groups(group("elders"));
  c.mutable_signal()->add_target_groups(group("migrants"));  // from the language
  v1::ContactAttempt attempt = Reached();
  attempt.add_target_groups_learnt(group("elders"));
  attempt.add_target_groups_learnt(group("migrants"));
  attempt.add_target_groups_learnt(group("students"));
  ASSERT_TRUE(RecordAttempt(&c, 1, attempt, kLater).ok());
  EXPECT_THAT(c.stated_target_groups(),
              ElementsAre(group("elders"), group("migrants"), group("students")));
  EXPECT_THAT(c.signal().target_groups(),
              ElementsAre(group("elders"), group("migrants"), group("students")));
}

TEST(TargetGroups, LearntAreCapped) {
  Case c = AtFirstContact();
  v1::ContactAttempt attempt = Reached();
  for (int i = 0; i <= kTargetGroupsLearntMax; ++i) {
    attempt.add_target_groups_learnt(TargetGroupName(kMunicipality, "g" + std::to_string(i)));
  }
  ASSERT_TRUE(RecordAttempt(&c, 1, attempt, kLater).ok());
  EXPECT_EQ(c.stated_target_groups_size(), kTargetGroupsLearntMax);
  EXPECT_EQ(c.signal().target_groups_size(), kTargetGroupsLearntMax);
}

}  // namespace
}  // namespace omzien::domain
