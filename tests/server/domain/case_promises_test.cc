// What the person was promised goes with the case from hand to hand: the deadline of contact, and
// that a coordinator looks.

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "server/domain/case_rules.h"
#include "server/domain/errors.h"
#include "tests/server/domain/case_fixtures.h"

namespace omzien::domain {
namespace {

using storage::v1::Case;

absl::Time Hours(int hours) { return kReceived + absl::Hours(hours); }

// As routing makes one at `hours` after receipt: 24 hours to accept, 72 to make contact.
NewReferral FirstContactAt(int hours) {
  NewReferral referral = ForFirstContact("other");
  referral.accept_by = Hours(hours + 24);
  referral.contact_by = Hours(hours + 72);
  return referral;
}

Case Received(v1::Urgency urgency = v1::URGENCY_ORDINARY) {
  Case c = NewCase();
  c.mutable_signal()->set_urgency(urgency);
  NewReferral first = FirstContactAt(0);
  if (urgency == v1::URGENCY_ACUTE) first.accept_by = first.contact_by = Hours(4);
  EXPECT_TRUE(AddReferral(&c, first, kReceived).ok());
  return c;
}

NewReferral Next(v1::Urgency urgency, int hours) {
  NewReferral next = FirstContactAt(hours);
  if (urgency == v1::URGENCY_ACUTE) next.accept_by = next.contact_by = Hours(hours + 4);
  return next;
}

int HoursOf(const google::protobuf::Timestamp& time) {
  return static_cast<int>(absl::ToInt64Hours(TimeOf(time) - kReceived));
}

TEST(Promise, OfContactGoesOnWithWhoeverHasTheCase) {
  const auto ordinary = v1::URGENCY_ORDINARY;
  const auto acute = v1::URGENCY_ACUTE;
  const struct {
    const char* what;
    v1::Urgency urgency;
    int passed_on_after;
    int accept_by;
    int contact_by;
    bool escalated;
  } rows[] = {
      {"soon: the first deadline stays", ordinary, 10, 34, 72, false},
      {"late: whoever gets it has time to accept", ordinary, 60, 84, 84, false},
      {"too late: a new deadline, and a coordinator looks", ordinary, 80, 104, 152, true},
      {"acute: the first deadline stays, to the hour", acute, 3, 4, 4, false},
      {"acute, too late: a coordinator looks", acute, 5, 9, 9, true},
  };
  for (const auto& row : rows) {
    Case c = Received(row.urgency);
    const absl::Time now = Hours(row.passed_on_after);
    ASSERT_TRUE(HandOver(&c, 1, Next(row.urgency, row.passed_on_after), now).ok()) << row.what;
    const v1::Referral& next = c.referrals(1).referral();
    EXPECT_EQ(HoursOf(next.accept_by()), row.accept_by) << row.what;
    EXPECT_EQ(HoursOf(next.contact_by()), row.contact_by) << row.what;
    EXPECT_EQ(next.has_escalate_time(), row.escalated) << row.what;
    if (row.escalated) {
      EXPECT_EQ(TimeOf(next.escalate_time()), now) << row.what;
    }
    EXPECT_EQ(HoursOf(c.first_contact_by()), row.urgency == acute ? 4 : 72)
        << "figures go by the first";
  }
}

TEST(Promise, AnEscalationGoesOnUntilThePersonIsReached) {
  Case c = Received();
  ASSERT_TRUE(Escalate(&c, 1, Hours(10)).ok());
  ASSERT_TRUE(HandOver(&c, 1, FirstContactAt(20), Hours(20)).ok());
  EXPECT_EQ(HoursOf(c.referrals(1).referral().escalate_time()), 10);
  EXPECT_EQ(NextDeadline(c.referrals(1).referral()), absl::InfiniteFuture());
  ASSERT_TRUE(RecordAttempt(&c, 2, Reached(), Hours(30)).ok());
  ASSERT_TRUE(HandOver(&c, 2, FirstContactAt(40), Hours(40)).ok());
  EXPECT_FALSE(c.referrals(2).referral().has_escalate_time());
  EXPECT_EQ(HoursOf(c.referrals(2).referral().contact_by()), 112);
}

TEST(Promise, BeginsAnewWhenTheCaseIsReopened) {
  Case c = Received();
  ASSERT_TRUE(Escalate(&c, 1, Hours(10)).ok());
  ASSERT_TRUE(Redirect(&c, v1::WMO_REPORT_UNSPECIFIED, Hours(20)).ok());
  ASSERT_TRUE(Reopen(&c, Hours(300)).ok());
  ASSERT_TRUE(AddReferral(&c, FirstContactAt(300), Hours(300)).ok());
  EXPECT_FALSE(c.referrals(1).referral().has_escalate_time());
  EXPECT_EQ(HoursOf(c.referrals(1).referral().contact_by()), 372);
}

TEST(Promise, IsBroughtForwardAndNeverPutOff) {
  Case c = Received();
  ASSERT_TRUE(BringForward(&c, 1, Hours(4), Hours(1)).ok());
  EXPECT_EQ(HoursOf(c.referrals(0).referral().accept_by()), 4);
  EXPECT_EQ(HoursOf(c.referrals(0).referral().contact_by()), 4);
  ASSERT_TRUE(BringForward(&c, 1, Hours(40), Hours(2)).ok());
  EXPECT_EQ(HoursOf(c.referrals(0).referral().contact_by()), 4);
  ASSERT_TRUE(RecordAttempt(&c, 1, Reached(), Hours(3)).ok());
  ASSERT_TRUE(BringForward(&c, 1, Hours(3), Hours(3)).ok());
  EXPECT_EQ(HoursOf(c.referrals(0).referral().contact_by()), 4) << "it was kept";
  ASSERT_TRUE(Redirect(&c, v1::WMO_REPORT_UNSPECIFIED, Hours(5)).ok());
  EXPECT_EQ(ReasonOf(BringForward(&c, 1, Hours(6), Hours(6))), "WRONG_STATE");
}

TEST(FirstContacts, ChangeHandsAHundredTimesAtMost) {
  Case c = Received();
  for (uint32_t number = 1; number < kFirstContactsMax; ++number) {
    ASSERT_TRUE(HandOver(&c, number, FirstContactAt(1), Hours(1)).ok()) << number;
  }
  const Case before = c;
  EXPECT_EQ(ReasonOf(HandOver(&c, kFirstContactsMax, FirstContactAt(1), Hours(1))), "CASE_FULL");
  EXPECT_EQ(c.SerializeAsString(), before.SerializeAsString());
  ASSERT_TRUE(Redirect(&c, v1::WMO_REPORT_UNSPECIFIED, Hours(2)).ok());
  EXPECT_EQ(ReasonOf(Reopen(&c, Hours(3))), "CASE_FULL");
}

TEST(WmoReport, IsDecidedByWhoMayKnowTheSituation) {
  const auto situation = v1::CONSENT_SCOPE_SITUATION;
  const struct {
    const char* what;
    uint32_t referral;
    v1::ConsentScope scope;
    v1::WmoReport report;
    const char* reason;
  } rows[] = {
      {"first contact", 1, v1::CONSENT_SCOPE_CONTACT_DETAILS, v1::WMO_REPORT_MADE, ""},
      {"an offer that may know", 2, situation, v1::WMO_REPORT_NOT_MADE, ""},
      {"an offer that may not", 2, v1::CONSENT_SCOPE_CONTACT_DETAILS, v1::WMO_REPORT_NOT_MADE,
       "ROLE_NOT_ALLOWED"},
      {"it may wonder", 2, v1::CONSENT_SCOPE_CONTACT_DETAILS, v1::WMO_REPORT_POSSIBLE, ""},
  };
  for (const auto& row : rows) {
    Case c = Received();
    c.mutable_signal()->set_wmo_report(v1::WMO_REPORT_POSSIBLE);
    v1::Consent consent = ConsentTo({});
    consent.add_what(row.scope);
    ASSERT_TRUE(RecordConsent(&c, consent, kReceived).ok());
    ASSERT_TRUE(AddReferral(&c, ForOffer("visitors", "visit"), kReceived).ok());
    v1::ContactAttempt attempt = Reached();
    attempt.set_wmo_report(row.report);
    const Case before = c;
    const absl::Status status = RecordAttempt(&c, row.referral, attempt, Hours(1));
    EXPECT_EQ(ReasonOf(status), row.reason) << row.what;
    if (!status.ok()) {
      EXPECT_EQ(c.SerializeAsString(), before.SerializeAsString()) << row.what;
    }
  }
}

TEST(WmoReport, UndecidedAfterTheLastOfferLeavesTheCaseOpen) {
  Case c = NewCase();
  c.mutable_signal()->set_wmo_report(v1::WMO_REPORT_POSSIBLE);
  ASSERT_TRUE(AddReferral(&c, ForOffer("visitors", "visit"), kReceived).ok());
  ASSERT_TRUE(RecordAttempt(&c, 1, Reached(), Hours(1)).ok());
  ASSERT_TRUE(Complete(&c, 1, v1::OUTCOME_CONNECTED, ThreeOverTwo(), Hours(9), Hours(2)).ok());
  EXPECT_EQ(c.referrals(0).referral().outcome(), v1::OUTCOME_CONNECTED);
  EXPECT_TRUE(IsOpen(c.signal().state()));
  EXPECT_FALSE(c.signal().has_close_time());
}

TEST(WmoReport, IsDecidedWithARedirection) {
  Case c = Received();
  c.mutable_signal()->set_wmo_report(v1::WMO_REPORT_POSSIBLE);
  EXPECT_EQ(ReasonOf(Redirect(&c, v1::WMO_REPORT_UNSPECIFIED, Hours(1))), "WMO_REPORT_UNDECIDED");
  EXPECT_TRUE(HasLiveReferral(c));
  ASSERT_TRUE(Redirect(&c, v1::WMO_REPORT_MADE, Hours(1)).ok());
  EXPECT_EQ(c.signal().wmo_report(), v1::WMO_REPORT_MADE);
}

TEST(Learnt, AtContactJoinsOrReplacesWhatWasSaid) {
  Case c = Received();
  c.mutable_signal()->add_life_events("municipalities/GM9901/lifeEvents/verlies");
  c.mutable_signal()->set_age_band(v1::AGE_BAND_18_TO_26);
  v1::ContactAttempt attempt = Reached();
  attempt.add_life_events_learnt("municipalities/GM9901/lifeEvents/verlies");
  attempt.add_life_events_learnt("municipalities/GM9901/lifeEvents/verhuizing");
  attempt.set_age_band_learnt(v1::AGE_BAND_65_PLUS);
  attempt.set_household_learnt(v1::HOUSEHOLD_ALONE);
  ASSERT_TRUE(RecordAttempt(&c, 1, attempt, Hours(1)).ok());
  EXPECT_EQ(c.signal().life_events_size(), 2);
  EXPECT_EQ(c.signal().age_band(), v1::AGE_BAND_65_PLUS);
  EXPECT_EQ(c.signal().household(), v1::HOUSEHOLD_ALONE);
  // An attempt that says nothing of them leaves them.
  ASSERT_TRUE(RecordAttempt(&c, 1, Reached(), Hours(2)).ok());
  EXPECT_EQ(c.signal().age_band(), v1::AGE_BAND_65_PLUS);
}

TEST(FirstAttempt, MayBeEarlierThanTheSignalAndCountsFromItsReceipt) {
  Case c = Received();
  v1::ContactAttempt attempt = Reached();
  *attempt.mutable_attempt_time() = TimestampOf(Hours(-5));
  EXPECT_EQ(ReasonOf(RecordAttempt(&c, 1, attempt, kReceived)), "INVALID_FIELDS");
  ASSERT_TRUE(RecordFirstAttempt(&c, 1, attempt, kReceived).ok());
  EXPECT_EQ(HoursOf(c.referrals(0).referral().attempts(0).attempt_time()), -5);
  EXPECT_EQ(TimeOf(c.signal().contact_time()), kReceived);
  EXPECT_EQ(c.signal().state(), v1::SIGNAL_STATE_IN_CONTACT);
}

}  // namespace
}  // namespace omzien::domain
