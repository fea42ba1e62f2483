// What holds after any sequence of operations, in whatever order and however senseless.

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <set>
#include <string>

#include "google/protobuf/util/message_differencer.h"
#include "server/domain/case_rules.h"
#include "server/domain/disclosure.h"
#include "server/domain/figures.h"
#include "server/domain/lifecycle.h"
#include "tests/server/domain/case_fixtures.h"

namespace omzien::domain {
namespace {

using google::protobuf::util::MessageDifferencer;
using storage::v1::Case;
using storage::v1::ReferralRecord;

template <typename Enum>
Enum AnyOf(int max) {
  return static_cast<Enum>(*rc::gen::inRange(1, max + 1));
}

NewReferral AnyReferral() {
  const std::string organisation = *rc::gen::element<std::string>("team", "visitors", "walkers");
  if (*rc::gen::inRange(0, 3) == 0) return ForFirstContact(organisation);
  return ForOffer(organisation, *rc::gen::element<std::string>("visit", "walk"));
}

v1::Consent AnyConsent() {
  v1::Consent consent = *rc::gen::inRange(0, 2) == 0 ? ConsentTo({}) : ConsentTo({"visitors"});
  if (*rc::gen::inRange(0, 4) == 0) *consent.mutable_withdraw_time() = TimestampOf(kReceived);
  return consent;
}

absl::Status AnyOperation(Case* c, absl::Time now) {
  const auto number = static_cast<uint32_t>(*rc::gen::inRange(1, c->referrals_size() + 2));
  if (IsConnected(*c) && *rc::gen::inRange(0, 2) == 0) return CloseAsConnected(c, now);
  if (!IsOpen(c->signal().state()) && *rc::gen::inRange(0, 3) == 0) return Reopen(c, now);
  if (*rc::gen::inRange(0, 6) == 0) {
    return *rc::gen::inRange(0, 2) == 0 ? AskSignaller(c, number, now + absl::Minutes(20), now)
                                        : AnswerQuestion(c, now);
  }
  // Withdrawal ends most cases: seldom, so that the others are seen.
  switch (*rc::gen::inRange(0, 61) % 10 + (*rc::gen::inRange(0, 30) == 0 ? 10 : 0)) {
    case 0:
      return AddReferral(c, AnyReferral(), now);
    case 1:
      return Accept(c, number, now);
    case 2:
      return Decline(c, number, AnyOf<v1::DeclineReason>(v1::DeclineReason_MAX), now);
    case 3:
      return RecordAttempt(
          c, number,
          Attempt(AnyOf<v1::ContactWith>(v1::ContactWith_MAX),
                  AnyOf<v1::ContactChannel>(v1::ContactChannel_MAX),
                  *rc::gen::element(v1::CONTACT_RESULT_REACHED, v1::CONTACT_RESULT_NO_ANSWER,
                                    v1::CONTACT_RESULT_REFUSED)),
          now);
    case 4:
      return RecordConsent(c, AnyConsent(), now);
    case 5:
      return Place(c, number, {AnyReferral(), AnyReferral()}, now);
    case 6:
      return Complete(c, number, AnyOf<v1::Outcome>(v1::Outcome_MAX), ThreeOverTwo(), now, now);
    case 7:
      return Waitlist(c, number, nullptr, now);
    case 8:
      return Fail(c, number, AnyOf<v1::FailReason>(v1::FailReason_MAX), now);
    case 9:
      return HandOver(c, number, AnyReferral(), now);
    default:
      return Withdraw(c, now);
  }
}

void CheckInvariants(const Case& c) {
  std::map<std::string, int> live_by_offer;
  uint32_t number = 0;
  for (const ReferralRecord& record : c.referrals()) {
    const v1::Referral& referral = record.referral();
    RC_ASSERT(record.number() == ++number);
    RC_ASSERT(v1::ReferralState_IsValid(referral.state()));
    RC_ASSERT(referral.has_end_time() == !IsLive(referral.state()));
    RC_ASSERT((referral.state() == v1::REFERRAL_STATE_IN_PROGRESS) <= referral.has_contact_time());
    RC_ASSERT((referral.outcome() != v1::OUTCOME_UNSPECIFIED) ==
              (referral.state() == v1::REFERRAL_STATE_COMPLETED));
    RC_ASSERT((referral.state() == v1::REFERRAL_STATE_COMPLETED) <= !referral.attempts().empty());
    RC_ASSERT((referral.outcome() == v1::OUTCOME_CONNECTED) <= referral.has_contact_time());
    RC_ASSERT((referral.state() == v1::REFERRAL_STATE_WAITLISTED) <= !referral.offer().empty());
    RC_ASSERT((referral.fail_reason() != v1::FAIL_REASON_UNSPECIFIED) ==
              (referral.state() == v1::REFERRAL_STATE_FAILED));
    RC_ASSERT((record.successor() > 0) == (referral.state() == v1::REFERRAL_STATE_HANDED_OVER));
    if (record.successor() > 0) {
      const ReferralRecord* next = FindReferral(c, record.successor());
      RC_ASSERT(next != nullptr && next->predecessor() == number);
      RC_ASSERT(next->referral().purpose() == referral.purpose());
    }
    if (!referral.offer().empty() && IsLive(referral.state())) {
      RC_ASSERT(++live_by_offer[referral.offer()] == 1);
    }
    RC_ASSERT(referral.has_contact_time() <= c.signal().has_contact_time());
  }
  const v1::SignalState state = c.signal().state();
  if (!IsOpen(state)) RC_ASSERT(!HasLiveReferral(c));
  if (state == v1::SIGNAL_STATE_NEEDS_INFO) {
    RC_ASSERT(!c.signal().question().has_answer_time());
  }
  RC_ASSERT((state == v1::SIGNAL_STATE_CLOSED) == (c.signal().outcome() != 0));
  RC_ASSERT((state == v1::SIGNAL_STATE_WITHDRAWN) <= !c.signal().has_contact_time());
  RC_ASSERT(c.signal().has_contact_time() <= c.has_pick_up_time());
}

// No transition happens that the table doesn't have.
void CheckArrows(const Case& before, const Case& after) {
  for (const ReferralRecord& record : before.referrals()) {
    const auto from = record.referral().state();
    const auto to = FindReferral(after, record.number())->referral().state();
    bool allowed = from == to;
    for (const auto& t : ReferralTransitions()) allowed |= t.from == from && t.to == to;
    RC_ASSERT(allowed);
  }
  const auto from = before.signal().state();
  const auto to = after.signal().state();
  bool allowed = from == to;
  for (const auto& t : SignalTransitions()) allowed |= t.from == from && t.to == to;
  RC_ASSERT(allowed);
}

void CheckSignallersView(const Case& c) {
  const v1::SignallerKind kind = c.signal().signaller_kind();
  const bool hears = c.signaller_may_know() ||
                     (kind != v1::SIGNALLER_KIND_SHOPKEEPER && kind != v1::SIGNALLER_KIND_RESIDENT);
  const bool withdrew =
      c.signal().state() == v1::SIGNAL_STATE_WITHDRAWN || c.signal().has_withdraw_remark_time();
  std::set<std::string> allowed = {"name", "reference", "status", "receive_time"};
  if (hears) allowed.insert("withdraw_remark_time");
  if (!withdrew) allowed.insert("question_waits");
  if (hears || !withdrew) allowed.insert("first_contact");
  const v1::Signal seen = SignalFor(c, AsSignaller());
  if (withdrew && !hears) RC_ASSERT(seen.status() == v1::SIGNALLER_STATUS_CLOSED);
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  seen.GetReflection()->ListFields(seen, &fields);
  for (const auto* field : fields) RC_ASSERT(allowed.contains(field->name()));
  const bool self = c.signal().signaller_kind() == v1::SIGNALLER_KIND_SELF;
  RC_ASSERT(seen.first_contact().organisation().empty() || self);
  RC_ASSERT(!seen.first_contact().has_reason());
}

// Nobody but a first-contact party opens anything that consent doesn't cover.
void CheckOpening(const Case& c) {
  for (const char* organisation : {"team", "visitors", "walkers"}) {
    const Relations receiver =
        RelationsTo(c, {"caller", {{kMunicipality, organisation, Role::kReceiver}}});
    const Relations coordinator =
        RelationsTo(c, {"caller", {{kMunicipality, organisation, Role::kCoordinator}}});
    RC_ASSERT(!MayOpenSignal(c, receiver));
    RC_ASSERT(!MayOpenSignal(c, coordinator));
    for (const ReferralRecord& record : c.referrals()) {
      RC_ASSERT(!MayOpenReferral(c, record.number(), coordinator));
      if (MayOpenReferral(c, record.number(), receiver)) {
        RC_ASSERT(ConsentCovers(c, Org(organisation)));
        RC_ASSERT(record.referral().organisation() == Org(organisation));
      }
    }
  }
}

TEST(CaseProperties, HoldAfterAnySequenceOfOperations) {
  EXPECT_TRUE(rc::check("any sequence", [] {
    Case c = NewCase();
    c.mutable_signal()->set_signaller_kind(AnyOf<v1::SignallerKind>(v1::SignallerKind_MAX));
    const int steps = *rc::gen::inRange(0, 120);
    for (int i = 0; i < steps; ++i) {
      const Case before = c;
      const absl::Status status = AnyOperation(&c, kReceived + absl::Minutes(i));
      if (!status.ok()) {
        RC_ASSERT(MessageDifferencer::Equals(before, c));
        continue;
      }
      RC_ASSERT(c.version() > before.version());
      CheckArrows(before, c);
      CheckInvariants(c);
      CheckSignallersView(c);
      CheckOpening(c);
      for (const auto& [name, value] : CountsOf(c)) RC_ASSERT(value == 1);
    }
  }));
}

}  // namespace
}  // namespace omzien::domain
