#include "server/domain/case_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "google/protobuf/util/message_differencer.h"
#include "server/domain/errors.h"
#include "tests/server/domain/case_fixtures.h"

namespace omzien::domain {
namespace {

using google::protobuf::util::MessageDifferencer;
using storage::v1::Case;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kNow = kReceived + absl::Hours(2);

// A story is a list of steps; all but the last must succeed.
using Step = std::function<absl::Status(Case*)>;

Step Add(NewReferral referral) {
  return [referral](Case* c) { return AddReferral(c, referral, kReceived); };
}
Step DoAccept(uint32_t number) {
  return [=](Case* c) { return Accept(c, number, kNow); };
}
Step DoDecline(uint32_t number) {
  return [=](Case* c) { return Decline(c, number, v1::DECLINE_REASON_NO_CAPACITY, kNow); };
}
Step Try(uint32_t number, v1::ContactAttempt attempt) {
  return [=](Case* c) { return RecordAttempt(c, number, attempt, kNow); };
}
Step Consent(std::vector<std::string> to) {
  return [=](Case* c) { return RecordConsent(c, ConsentTo(to), kNow); };
}
Step DoPlace(uint32_t number, std::vector<NewReferral> referrals) {
  return [=](Case* c) { return Place(c, number, referrals, kNow); };
}
Step DoComplete(uint32_t number, v1::Outcome outcome) {
  return [=](Case* c) {
    return Complete(c, number, outcome, ThreeOverTwo(), kNow + absl::Hours(1000), kNow);
  };
}
Step DoWithdraw() {
  return [](Case* c) { return Withdraw(c, kNow); };
}

struct Story {
  const char* what;
  std::vector<Step> steps;
  const char* reason;  // of the last step's error; "" when it succeeds
};

// Runs the steps; a refused last step must leave the case as it was.
Case Play(const Story& story) {
  Case c = NewCase();
  for (size_t i = 0; i < story.steps.size(); ++i) {
    const Case before = c;
    const absl::Status status = story.steps[i](&c);
    if (i + 1 < story.steps.size() || *story.reason == '\0') {
      EXPECT_TRUE(status.ok()) << story.what << ", step " << i << ": " << status;
      EXPECT_GT(c.version(), before.version()) << story.what << ", step " << i;
    } else {
      EXPECT_EQ(ReasonOf(status), story.reason) << story.what;
      EXPECT_TRUE(MessageDifferencer::Equals(c, before)) << story.what << " changed the case";
    }
  }
  return c;
}

std::vector<Step> Then(std::vector<Step> steps, const std::vector<Step>& more) {
  steps.insert(steps.end(), more.begin(), more.end());
  return steps;
}

const std::vector<Step> kRouted = {Add(ForFirstContact("team"))};
const std::vector<Step> kAccepted = Then(kRouted, {DoAccept(1)});
const std::vector<Step> kTried = Then(kAccepted, {Try(1, NoAnswer())});
const std::vector<Step> kReachedPerson = Then(kAccepted, {Try(1, Reached())});
const std::vector<Step> kConsented = Then(kReachedPerson, {Consent({"visitors"})});
const std::vector<Step> kPlaced = Then(kConsented, {DoPlace(1, {ForOffer("visitors", "visit")})});

v1::ContactAttempt SignallerReached() {
  return Attempt(v1::CONTACT_WITH_SIGNALLER, v1::CONTACT_CHANNEL_PHONE, v1::CONTACT_RESULT_REACHED);
}

v1::ContactAttempt ReachedBeforeReceipt() {
  v1::ContactAttempt attempt = Reached();
  *attempt.mutable_attempt_time() = TimestampOf(kReceived - absl::Minutes(2));
  return attempt;
}

v1::ContactAttempt IncomingMail() {
  v1::ContactAttempt attempt = NoAnswer(v1::CONTACT_CHANNEL_EMAIL);
  attempt.set_direction(v1::CONTACT_DIRECTION_INCOMING);
  return attempt;
}

const std::vector<Story> kRefusals = {
    {"no such referral", {DoAccept(1)}, "REFERRAL_NOT_FOUND"},
    {"accept twice", Then(kAccepted, {DoAccept(1)}), "WRONG_STATE"},
    {"decline after accepting", Then(kAccepted, {DoDecline(1)}), "WRONG_STATE"},
    {"accept after declining", Then(kRouted, {DoDecline(1), DoAccept(1)}), "WRONG_STATE"},
    {"attempt after the end", Then(kPlaced, {Try(1, NoAnswer())}), "WRONG_STATE"},
    {"attempt before receipt", Then(kAccepted, {Try(1, ReachedBeforeReceipt())}), "INVALID_FIELDS"},
    {"place before contact", Then(kAccepted, {DoPlace(1, {ForOffer("visitors", "visit")})}),
     "PERSON_NOT_REACHED"},
    {"the signaller isn't the person",
     Then(kAccepted, {Try(1, SignallerReached()), DoPlace(1, {ForOffer("visitors", "visit")})}),
     "PERSON_NOT_REACHED"},
    {"place without consent", Then(kReachedPerson, {DoPlace(1, {ForOffer("visitors", "visit")})}),
     "CONSENT_MISSING"},
    {"consent to one of two",
     Then(kConsented, {DoPlace(1, {ForOffer("visitors", "visit"), ForOffer("others", "walk")})}),
     "CONSENT_MISSING"},
    {"the same offer twice",
     Then(kConsented, {DoPlace(1, {ForOffer("visitors", "visit"), ForOffer("visitors", "visit")})}),
     "ALREADY_REFERRED"},
    {"place again", Then(kPlaced, {DoPlace(1, {ForOffer("visitors", "walk")})}), "WRONG_STATE"},
    {"an offer's receiver doesn't place",
     Then(kPlaced, {DoAccept(2), Try(2, Reached()), DoPlace(2, {ForOffer("visitors", "walk")})}),
     "WRONG_STATE"},
    {"a live referral for the offer", Then(kPlaced, {Add(ForOffer("visitors", "visit"))}),
     "ALREADY_REFERRED"},
    {"connected without contact", Then(kAccepted, {DoComplete(1, v1::OUTCOME_CONNECTED)}),
     "PERSON_NOT_REACHED"},
    {"advice without contact", Then(kAccepted, {DoComplete(1, v1::OUTCOME_ADVICE_ONLY)}),
     "PERSON_NOT_REACHED"},
    {"declined without contact", Then(kAccepted, {DoComplete(1, v1::OUTCOME_PERSON_DECLINED)}),
     "PERSON_NOT_REACHED"},
    {"no offer without contact", Then(kAccepted, {DoComplete(1, v1::OUTCOME_NO_OFFER)}),
     "PERSON_NOT_REACHED"},
    {"contact in another referral isn't contact in this one",
     Then(kPlaced, {DoAccept(2), DoComplete(2, v1::OUTCOME_CONNECTED)}), "PERSON_NOT_REACHED"},
    {"complete as placed", Then(kReachedPerson, {DoComplete(1, v1::OUTCOME_PLACED)}),
     "INVALID_FIELDS"},
    {"complete what nobody took up", Then(kRouted, {DoComplete(1, v1::OUTCOME_MOVED)}),
     "WRONG_STATE"},
    {"moved, learnt from nobody", Then(kAccepted, {DoComplete(1, v1::OUTCOME_MOVED)}),
     "TOO_FEW_ATTEMPTS"},
    {"deceased, learnt from nobody", Then(kAccepted, {DoComplete(1, v1::OUTCOME_DECEASED)}),
     "TOO_FEW_ATTEMPTS"},
    {"supported already, learnt from nobody",
     Then(kAccepted, {DoComplete(1, v1::OUTCOME_ALREADY_SUPPORTED)}), "TOO_FEW_ATTEMPTS"},
    {"two attempts of three",
     Then(kAccepted, {Try(1, NoAnswer()), Try(1, NoAnswer(v1::CONTACT_CHANNEL_VISIT)),
                      DoComplete(1, v1::OUTCOME_UNREACHABLE)}),
     "TOO_FEW_ATTEMPTS"},
    {"three attempts over one channel",
     Then(kAccepted, {Try(1, NoAnswer()), Try(1, NoAnswer()), Try(1, NoAnswer()),
                      DoComplete(1, v1::OUTCOME_UNREACHABLE)}),
     "TOO_FEW_ATTEMPTS"},
    {"the signaller and incoming mail don't count as attempts",
     Then(kAccepted, {Try(1, NoAnswer()), Try(1, NoAnswer(v1::CONTACT_CHANNEL_VISIT)),
                      Try(1, SignallerReached()), Try(1, IncomingMail()),
                      DoComplete(1, v1::OUTCOME_UNREACHABLE)}),
     "TOO_FEW_ATTEMPTS"},
    {"unreachable after contact",
     Then(kReachedPerson,
          {Try(1, NoAnswer()), Try(1, NoAnswer()), Try(1, NoAnswer(v1::CONTACT_CHANNEL_VISIT)),
           DoComplete(1, v1::OUTCOME_UNREACHABLE)}),
     "WRONG_STATE"},
    {"withdraw twice", Then(kRouted, {DoWithdraw(), DoWithdraw()}), "WRONG_STATE"},
    {"withdraw what is closed",
     Then(kReachedPerson, {DoComplete(1, v1::OUTCOME_ADVICE_ONLY), DoWithdraw()}), "WRONG_STATE"},
    {"a referral after withdrawal",
     Then(kRouted, {DoWithdraw(), Add(ForOffer("visitors", "visit"))}), "WRONG_STATE"},
    {"a new consent after closing",
     Then(kReachedPerson, {DoComplete(1, v1::OUTCOME_ADVICE_ONLY), Consent({})}), "WRONG_STATE"},
};

TEST(CaseRules, Refusals) {
  for (const Story& story : kRefusals) Play(story);
}

TEST(CaseRules, RoutingSetsTheFirstDeadlineAndWhoCalls) {
  const Case c = Play({"routed", kRouted, ""});
  EXPECT_EQ(c.signal().state(), v1::SIGNAL_STATE_ROUTED);
  EXPECT_EQ(TimeOf(c.first_contact_by()), kReceived + absl::Hours(72));
  EXPECT_EQ(c.signal().first_contact().organisation(), Org("team"));
  ASSERT_EQ(c.referrals_size(), 1);
  EXPECT_EQ(c.referrals(0).number(), 1u);
  EXPECT_EQ(c.referrals(0).referral().state(), v1::REFERRAL_STATE_ASSIGNED);
  EXPECT_FALSE(c.has_pick_up_time());
}

TEST(CaseRules, AfterADeclineAnotherPartyCallsButTheFirstDeadlineStays) {
  NewReferral entrance = ForFirstContact("entrance");
  entrance.contact_by = kReceived + absl::Hours(100);
  const Case c = Play({"declined", Then(kRouted, {DoDecline(1), Add(entrance)}), ""});
  EXPECT_EQ(c.referrals(0).referral().decline_reason(), v1::DECLINE_REASON_NO_CAPACITY);
  EXPECT_TRUE(c.referrals(0).referral().has_end_time());
  EXPECT_EQ(c.referrals(1).number(), 2u);
  EXPECT_EQ(c.signal().first_contact().organisation(), Org("entrance"));
  EXPECT_EQ(TimeOf(c.first_contact_by()), kReceived + absl::Hours(72));
}

TEST(CaseRules, WithoutFirstContactWhoeverHasTheSignalCallsFirst) {
  Case c = Play({"direct",
                 {Consent({}), Add(ForOffer("visitors", "visit")), DoDecline(1),
                  Add(ForOffer("walkers", "walk"))},
                 ""});
  EXPECT_EQ(c.signal().first_contact().organisation(), Org("walkers"));
  // Once someone reached the person, that question has been answered.
  ASSERT_TRUE(RecordAttempt(&c, 2, Reached(), kNow).ok());
  ASSERT_TRUE(AddReferral(&c, ForOffer("others", "tea"), kNow).ok());
  EXPECT_EQ(c.signal().first_contact().organisation(), Org("walkers"));
}

TEST(CaseRules, MovedIsLearntFromTheSignallerToo) {
  const Case c =
      Play({"moved",
            Then(kAccepted, {Try(1, SignallerReached()), DoComplete(1, v1::OUTCOME_MOVED)}), ""});
  EXPECT_EQ(c.signal().outcome(), v1::OUTCOME_MOVED);
}

TEST(CaseRules, OffersAreCappedAndFirstContactsAreNot) {
  Case c = NewCase();
  for (int i = 0; i < kOfferReferralsMax; ++i) {
    ASSERT_TRUE(AddReferral(&c, ForOffer("visitors", "o" + std::to_string(i)), kNow).ok());
  }
  EXPECT_EQ(ReasonOf(AddReferral(&c, ForOffer("visitors", "more"), kNow)), "CASE_FULL");
  EXPECT_TRUE(AddReferral(&c, ForFirstContact("team"), kNow).ok());
}

TEST(CaseRules, AnAttemptOnAnAssignedReferralImpliesAcceptance) {
  const Case c = Play({"tried", Then(kRouted, {Try(1, NoAnswer())}), ""});
  EXPECT_EQ(c.referrals(0).referral().state(), v1::REFERRAL_STATE_ACCEPTED);
  EXPECT_EQ(TimeOf(c.referrals(0).referral().accept_time()), kNow);
  EXPECT_EQ(TimeOf(c.pick_up_time()), kNow);
  EXPECT_FALSE(c.signal().has_contact_time());
}

TEST(CaseRules, OnlyThePersonCountsAsReached) {
  struct Row {
    v1::ContactWith with;
    v1::ContactResult result;
    bool counts;
  };
  const std::vector<Row> rows = {
      {v1::CONTACT_WITH_PERSON, v1::CONTACT_RESULT_REACHED, true},
      {v1::CONTACT_WITH_PERSON, v1::CONTACT_RESULT_REFUSED, false},
      {v1::CONTACT_WITH_PERSON, v1::CONTACT_RESULT_RESCHEDULED, false},
      {v1::CONTACT_WITH_PERSON, v1::CONTACT_RESULT_DECEASED, false},
      {v1::CONTACT_WITH_SIGNALLER, v1::CONTACT_RESULT_REACHED, false},
      {v1::CONTACT_WITH_RELATIVE, v1::CONTACT_RESULT_REACHED, false},
      {v1::CONTACT_WITH_OTHER, v1::CONTACT_RESULT_REACHED, false},
  };
  for (const Row& row : rows) {
    const auto attempt = Attempt(row.with, v1::CONTACT_CHANNEL_VISIT, row.result);
    const Case c = Play({"attempt", Then(kAccepted, {Try(1, attempt)}), ""});
    EXPECT_EQ(c.signal().has_contact_time(), row.counts) << row.with << " " << row.result;
    EXPECT_EQ(c.signal().state(),
              row.counts ? v1::SIGNAL_STATE_IN_CONTACT : v1::SIGNAL_STATE_ROUTED);
    EXPECT_EQ(c.referrals(0).referral().state(),
              row.counts ? v1::REFERRAL_STATE_IN_PROGRESS : v1::REFERRAL_STATE_ACCEPTED);
  }
}

TEST(CaseRules, TheEarliestContactCounts) {
  auto later = Reached();
  *later.mutable_attempt_time() = TimestampOf(kReceived + absl::Hours(1));
  auto earlier = Reached();
  *earlier.mutable_attempt_time() = TimestampOf(kReceived + absl::Minutes(5));
  const Case c = Play({"two", Then(kAccepted, {Try(1, later), Try(1, earlier)}), ""});
  EXPECT_EQ(TimeOf(c.signal().contact_time()), kReceived + absl::Minutes(5));
  EXPECT_EQ(TimeOf(c.referrals(0).referral().contact_time()), kReceived + absl::Minutes(5));
}

TEST(CaseRules, WhatIsLearntGoesIntoTheSignal) {
  auto attempt = Reached();
  attempt.set_need_learnt(v1::NEED_VISIT);
  attempt.set_language_learnt("ti");
  attempt.set_district_learnt(DistrictName(kMunicipality, "WK990101"));
  attempt.add_target_groups_learnt(TargetGroupName(kMunicipality, "elders"));
  attempt.add_target_groups_learnt(TargetGroupName(kMunicipality, "elders"));
  attempt.set_signaller_may_know(true);
  auto unknown_need = NoAnswer();
  unknown_need.set_need_learnt(v1::NEED_UNKNOWN);
  const Case c = Play({"learnt", Then(kAccepted, {Try(1, attempt), Try(1, unknown_need)}), ""});
  EXPECT_EQ(c.signal().need(), v1::NEED_VISIT);
  EXPECT_EQ(c.signal().language(), "ti");
  EXPECT_EQ(c.signal().place().district(), DistrictName(kMunicipality, "WK990101"));
  EXPECT_EQ(c.signal().target_groups_size(), 1);
  EXPECT_TRUE(c.signaller_may_know());
  EXPECT_EQ(c.referrals(0).referral().attempts(0).direction(), v1::CONTACT_DIRECTION_OUTGOING);
}

TEST(CaseRules, CircumstancesAreLearntFieldByField) {
  auto first = Reached();
  first.mutable_circumstances_learnt()->set_mobility(v1::MOBILITY_GETS_AROUND);
  first.mutable_circumstances_learnt()->set_budget(v1::BUDGET_ONLY_FREE_OR_FUNDED);
  first.mutable_circumstances_learnt()->add_funding("regeling");
  auto second = Reached();
  second.mutable_circumstances_learnt()->set_mobility(v1::MOBILITY_HOUSEBOUND);
  auto third = Reached();
  third.mutable_circumstances_learnt()->add_funding("bijstand");
  const Case c =
      Play({"learnt", Then(kAccepted, {Try(1, first), Try(1, second), Try(1, third)}), ""});
  const v1::Circumstances& known = c.signal().circumstances();
  EXPECT_EQ(known.mobility(), v1::MOBILITY_HOUSEBOUND);
  EXPECT_EQ(known.budget(), v1::BUDGET_ONLY_FREE_OR_FUNDED);
  EXPECT_EQ(known.digital_skill(), v1::DIGITAL_SKILL_UNSPECIFIED);
  ASSERT_EQ(known.funding_size(), 1);
  EXPECT_EQ(known.funding(0), "bijstand");
}

TEST(CaseRules, AttemptsAreCapped) {
  Case c = NewCase();
  ASSERT_TRUE(AddReferral(&c, ForFirstContact("team"), kReceived).ok());
  for (int i = 0; i < kAttemptsMax; ++i) {
    ASSERT_TRUE(RecordAttempt(&c, 1, NoAnswer(), kNow).ok());
  }
  const absl::Status status = RecordAttempt(&c, 1, NoAnswer(), kNow);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ReasonOf(status), "CASE_FULL");
}

TEST(CaseRules, PlacingCompletesFirstContactAndAddsTheReferral) {
  const Case c = Play({"placed", kPlaced, ""});
  EXPECT_EQ(c.signal().state(), v1::SIGNAL_STATE_PLACED);
  EXPECT_TRUE(c.placed());
  ASSERT_EQ(c.referrals_size(), 2);
  EXPECT_EQ(c.referrals(0).referral().state(), v1::REFERRAL_STATE_COMPLETED);
  EXPECT_EQ(c.referrals(0).referral().outcome(), v1::OUTCOME_PLACED);
  EXPECT_EQ(c.referrals(1).number(), 2u);
  EXPECT_EQ(c.referrals(1).referral().offer(), OfferOf("visit"));
  EXPECT_EQ(c.referrals(1).referral().state(), v1::REFERRAL_STATE_ASSIGNED);
  EXPECT_EQ(c.signal().first_contact().organisation(), Org("team"));
  EXPECT_FALSE(c.signal().has_close_time());
}

TEST(CaseRules, TheSignalClosesWithTheLastLiveReferral) {
  const Case c = Play(
      {"connected",
       Then(kPlaced, {DoAccept(2), Try(2, Reached()), DoComplete(2, v1::OUTCOME_CONNECTED)}), ""});
  EXPECT_EQ(c.signal().state(), v1::SIGNAL_STATE_CLOSED);
  EXPECT_EQ(c.signal().outcome(), v1::OUTCOME_CONNECTED);
  EXPECT_EQ(TimeOf(c.signal().close_time()), kNow);
  EXPECT_EQ(TimeOf(c.referrals(1).referral().after_check_time()), kNow + absl::Hours(1000));
}

TEST(CaseRules, TheSignalStaysOpenWhileAnotherReferralIsLive) {
  const Case c = Play(
      {"two offers",
       Then(kReachedPerson,
            {Consent({}), DoPlace(1, {ForOffer("visitors", "visit"), ForOffer("others", "walk")}),
             Try(2, NoAnswer()), DoComplete(2, v1::OUTCOME_ALREADY_SUPPORTED)}),
       ""});
  EXPECT_EQ(c.signal().state(), v1::SIGNAL_STATE_PLACED);
  EXPECT_EQ(c.signal().outcome(), v1::OUTCOME_UNSPECIFIED);
  EXPECT_TRUE(HasLiveReferral(c));
}

TEST(CaseRules, EveryOutcomeHasAWay) {
  const std::vector<std::pair<v1::Outcome, std::vector<Step>>> ways = {
      {v1::OUTCOME_CONNECTED, kReachedPerson},
      {v1::OUTCOME_ADVICE_ONLY, kReachedPerson},
      {v1::OUTCOME_ALREADY_SUPPORTED, kTried},
      {v1::OUTCOME_PERSON_DECLINED, kReachedPerson},
      {v1::OUTCOME_UNREACHABLE, Then(kRouted, {Try(1, NoAnswer()), Try(1, NoAnswer()),
                                               Try(1, NoAnswer(v1::CONTACT_CHANNEL_VISIT))})},
      {v1::OUTCOME_NO_OFFER, kReachedPerson},
      {v1::OUTCOME_MOVED, kTried},
      {v1::OUTCOME_DECEASED, kTried},
  };
  for (const auto& [outcome, steps] : ways) {
    const Case c = Play({"outcome", Then(steps, {DoComplete(1, outcome)}), ""});
    EXPECT_EQ(c.signal().state(), v1::SIGNAL_STATE_CLOSED) << outcome;
    EXPECT_EQ(c.signal().outcome(), outcome);
    EXPECT_EQ(c.referrals(0).referral().has_after_check_time(),
              outcome == v1::OUTCOME_CONNECTED || outcome == v1::OUTCOME_ALREADY_SUPPORTED)
        << outcome;
  }
}

TEST(CaseRules, TooFewAttemptsSayHowMany) {
  Case c = Play({"one", Then(kAccepted, {Try(1, NoAnswer())}), ""});
  const absl::Status status = Complete(&c, 1, v1::OUTCOME_UNREACHABLE, ThreeOverTwo(), kNow, kNow);
  EXPECT_EQ(MetadataOf(status, "attempts"), "1");
  EXPECT_EQ(MetadataOf(status, "attempts_needed"), "3");
  EXPECT_EQ(MetadataOf(status, "channels"), "1");
  EXPECT_EQ(MetadataOf(status, "channels_needed"), "2");
}

TEST(CaseRules, WithdrawalStopsFollowUpBeforeContactOnly) {
  const Case before = Play({"before", Then(kAccepted, {DoWithdraw()}), ""});
  EXPECT_EQ(before.signal().state(), v1::SIGNAL_STATE_WITHDRAWN);
  EXPECT_EQ(before.referrals(0).referral().state(), v1::REFERRAL_STATE_CANCELLED);
  EXPECT_FALSE(before.signal().has_withdraw_remark_time());

  const Case after = Play({"after", Then(kReachedPerson, {DoWithdraw()}), ""});
  EXPECT_EQ(after.signal().state(), v1::SIGNAL_STATE_IN_CONTACT);
  EXPECT_TRUE(HasLiveReferral(after));
  EXPECT_EQ(TimeOf(after.signal().withdraw_remark_time()), kNow);
}

TEST(Consent, CoversWhomItNamesUntilTakenBack) {
  Case c = NewCase();
  EXPECT_FALSE(ConsentCovers(c, Org("visitors"))) << "none was given";
  ASSERT_TRUE(RecordConsent(&c, ConsentTo({"visitors"}), kNow).ok());
  EXPECT_TRUE(ConsentCovers(c, Org("visitors")));
  EXPECT_FALSE(ConsentCovers(c, Org("others")));
  ASSERT_TRUE(RecordConsent(&c, ConsentTo({}), kNow).ok());
  EXPECT_TRUE(ConsentCovers(c, Org("others"))) << "nobody named: whoever has an offer";
  auto taken_back = ConsentTo({});
  *taken_back.mutable_withdraw_time() = TimestampOf(kNow);
  ASSERT_TRUE(RecordConsent(&c, taken_back, kNow).ok());
  EXPECT_FALSE(ConsentCovers(c, Org("visitors")));
  EXPECT_THAT(ScopesFor(c, Org("visitors")), IsEmpty());
  EXPECT_EQ(c.earlier_consents_size(), 2);
}

v1::Consent TakenBack(absl::Time at = kNow) {
  v1::Consent consent = ConsentTo({});
  *consent.mutable_withdraw_time() = TimestampOf(at);
  return consent;
}

TEST(Consent, IsGivenToTheFirstContactPartyAndTakenBackFromAnyone) {
  struct Row {
    const char* what;
    std::vector<Step> steps;
    uint32_t number;
    v1::Consent consent;
    const char* reason;  // "": recorded
  };
  const auto taken_back = [](Case* c) { return RecordConsent(c, TakenBack(), kNow); };
  const std::vector<Row> rows = {
      {"the first-contact party", kReachedPerson, 1, ConsentTo({}), ""},
      {"once it has placed", kPlaced, 1, ConsentTo({}), ""},
      {"an offer's receiver", kPlaced, 2, ConsentTo({}), "ROLE_NOT_ALLOWED"},
      {"after declining", Then(kRouted, {DoDecline(1)}), 1, ConsentTo({}), "WRONG_STATE"},
      {"a referral that isn't there", kRouted, 7, ConsentTo({}), "REFERRAL_NOT_FOUND"},
      {"older than the taking back", Then(kReachedPerson, {taken_back}), 1, ConsentTo({}),
       "INVALID_FIELDS"},
      {"taken back, told to an offer's receiver", kPlaced, 2, TakenBack(), ""},
      {"taken back, told after declining", Then(kRouted, {DoDecline(1)}), 1, TakenBack(), ""},
  };
  for (const Row& row : rows) {
    const Case c = Play({row.what, row.steps, ""});
    EXPECT_EQ(ReasonOf(CheckConsentBy(c, row.number, row.consent)), row.reason) << row.what;
  }
}

TEST(Consent, EndsTheOffersThatItNoLongerCovers) {
  const std::vector<Step> two =
      Then(kReachedPerson,
           {Consent({}), DoPlace(1, {ForOffer("visitors", "visit"), ForOffer("others", "walk")})});
  Case narrowed = Play({"narrowed", Then(two, {Consent({"visitors"})}), ""});
  EXPECT_EQ(narrowed.referrals(1).referral().state(), v1::REFERRAL_STATE_ASSIGNED);
  EXPECT_EQ(narrowed.referrals(2).referral().state(), v1::REFERRAL_STATE_CANCELLED);
  EXPECT_EQ(TimeOf(narrowed.referrals(2).referral().end_time()), kNow);
  ASSERT_TRUE(RecordConsent(&narrowed, TakenBack(), kNow).ok());
  EXPECT_EQ(narrowed.referrals(1).referral().state(), v1::REFERRAL_STATE_CANCELLED);
  // First contact needs none.
  Case contact = Play({"first contact", kConsented, ""});
  ASSERT_TRUE(RecordConsent(&contact, TakenBack(), kNow).ok());
  EXPECT_TRUE(HasLiveReferral(contact));
}

TEST(Consent, OnesOwnSignalIsNoConsentToAnOffer) {
  Case c = NewCase();
  c.mutable_signal()->set_signaller_kind(v1::SIGNALLER_KIND_SELF);
  EXPECT_FALSE(ConsentCovers(c, Org("visitors")));
}

TEST(Consent, ScopesDefaultToDetailsAndSituation) {
  Case c = NewCase();
  *c.mutable_consent() = ConsentTo({});
  EXPECT_THAT(ScopesFor(c, Org("visitors")),
              ElementsAre(v1::CONSENT_SCOPE_CONTACT_DETAILS, v1::CONSENT_SCOPE_SITUATION));
  c.mutable_consent()->add_what(v1::CONSENT_SCOPE_SIGNALLERS_WORDS);
  EXPECT_THAT(ScopesFor(c, Org("visitors")), ElementsAre(v1::CONSENT_SCOPE_SIGNALLERS_WORDS));
}

TEST(Consent, TakingBackAlwaysWorks) {
  Case c = NewCase();
  for (int i = 0; i <= kEarlierConsentsMax; ++i) {
    ASSERT_TRUE(RecordConsent(&c, ConsentTo({}), kNow).ok());
  }
  EXPECT_EQ(ReasonOf(RecordConsent(&c, ConsentTo({}), kNow)), "CASE_FULL");
  auto taken_back = ConsentTo({});
  *taken_back.mutable_withdraw_time() = TimestampOf(kNow);
  EXPECT_TRUE(RecordConsent(&c, taken_back, kNow).ok());
  EXPECT_EQ(c.earlier_consents_size(), kEarlierConsentsMax);
  EXPECT_FALSE(ConsentCovers(c, Org("visitors")));
}

TEST(Etag, IsTheVersion) {
  EXPECT_EQ(EtagOf(7), "\"7\"");
  EXPECT_TRUE(CheckEtag("", 7).ok());
  EXPECT_TRUE(CheckEtag("\"7\"", 7).ok());
  for (const char* other : {"\"8\"", "7", "\"07\""}) {
    const absl::Status status = CheckEtag(other, 7);
    EXPECT_EQ(status.code(), absl::StatusCode::kAborted) << other;
    EXPECT_EQ(ReasonOf(status), "ETAG_MISMATCH");
    EXPECT_EQ(MetadataOf(status, "etag"), "\"7\"");
  }
}

TEST(Etag, OnlyTheTouchedReferralChanges) {
  Case c = Play({"two",
                 Then(kReachedPerson, {Consent({}), DoPlace(1, {ForOffer("visitors", "visit"),
                                                                ForOffer("others", "walk")})}),
                 ""});
  const uint64_t before = FindReferral(c, 3)->version();
  ASSERT_TRUE(Accept(&c, 2, kNow).ok());
  EXPECT_EQ(FindReferral(c, 3)->version(), before);
  EXPECT_EQ(FindReferral(c, 2)->version(), 2u);
}

TEST(IsOverdue, IsDerived) {
  struct Row {
    const char* what;
    std::vector<Step> steps;
    absl::Duration after_deadline;
    bool overdue;
  };
  const absl::Duration tick = absl::Nanoseconds(1);
  const std::vector<Row> rows = {
      {"at the deadline", kRouted, absl::ZeroDuration(), false},
      {"after it", kRouted, tick, true},
      {"accepted, but not reached", Then(kAccepted, {Try(1, NoAnswer())}), tick, true},
      {"reached", kReachedPerson, tick, false},
      {"declined", Then(kRouted, {DoDecline(1)}), tick, false},
      {"cancelled", Then(kRouted, {DoWithdraw()}), tick, false},
  };
  for (const Row& row : rows) {
    const Case c = Play({row.what, row.steps, ""});
    const v1::Referral& referral = c.referrals(0).referral();
    EXPECT_EQ(IsOverdue(referral, TimeOf(referral.contact_by()) + row.after_deadline), row.overdue)
        << row.what;
  }
}

}  // namespace
}  // namespace omzien::domain
