// What holds after any sequence of operations, in whatever order and however senseless.

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "google/protobuf/util/message_differencer.h"
#include "server/domain/case_rules.h"
#include "server/domain/disclosure.h"
#include "server/domain/figures.h"
#include "server/domain/lifecycle.h"
#include "tests/server/domain/case_fixtures.h"
#include "tests/server/domain/case_sequences.h"
#include "tests/server/domain/disclosure_oracle.h"
#include "tests/server/domain/property_cases.h"

namespace omzien::domain {
namespace {

using google::protobuf::util::MessageDifferencer;
using storage::v1::Case;
using storage::v1::ReferralRecord;
using testing::AnyCase;
using testing::MarkedTexts;
using testing::Onlooker;
using testing::UpTo;

constexpr int kStepsMost = 60;
// What everyone sees is looked at after each: fewer do.
constexpr int kStepsSeenMost = 25;

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
    // Whoever said before that they want no contact has declined without being asked.
    const bool by_no = referral.outcome() == v1::OUTCOME_PERSON_DECLINED && c.has_no_contact();
    RC_ASSERT((referral.state() == v1::REFERRAL_STATE_COMPLETED) <=
              (!referral.attempts().empty() || by_no));
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

// What is acute or may be a report under the Wmo isn't ended by the signaller, nor silently.
void CheckAcuteAndWmo(const Case& c) {
  const v1::Signal& signal = c.signal();
  const bool is_possible = signal.wmo_report() == v1::WMO_REPORT_POSSIBLE;
  RC_ASSERT(signal.state() != v1::SIGNAL_STATE_CLOSED || !is_possible);
  RC_ASSERT(signal.state() != v1::SIGNAL_STATE_WITHDRAWN ||
            (!is_possible && signal.urgency() != v1::URGENCY_ACUTE));
}

// Every organisation of the case in every role, and someone who has nothing to do with it.
const std::vector<Onlooker>& Onlookers() {
  static const auto* const kOnlookers = [] {
    auto* all = new std::vector<Onlooker>{{"shop", Role::kSignaller},
                                          {"team", Role::kSignaller},
                                          {"", Role::kCoordinator},
                                          {"stranger", Role::kReceiver},
                                          {"stranger", Role::kFirstContact}};
    for (const char* organisation : {"team", "visitors", "walkers"}) {
      all->push_back({organisation, Role::kFirstContact});
      all->push_back({organisation, Role::kReceiver});
    }
    return all;
  }();
  return *kOnlookers;
}

void CheckDisclosure(const AnyCase& any, absl::Time now) {
  const PersonSource person = SourceOf(any.sealed);
  for (const Onlooker& onlooker : Onlookers()) {
    const Relations relations = RelationsTo(
        any.record, {"caller", {{kMunicipality, onlooker.organisation, onlooker.role}}});
    RC_ASSERT(MarkedTexts(SignalFor(any.record, relations, nullptr, now)).empty());
    RC_ASSERT(MarkedTexts(SignalFor(any.record, relations, &person, now)) ==
              testing::MaySeeOfSignal(any, onlooker, now));
    for (const ReferralRecord& record : any.record.referrals()) {
      const uint32_t number = record.number();
      const v1::Referral shown = ReferralFor(any.record, number, relations, now, &person);
      RC_ASSERT(MarkedTexts(shown) == testing::MaySeeOfReferral(any, number, onlooker));
      RC_ASSERT(shown.has_earlier_no() == testing::SeesNo(any, number, onlooker, now));
    }
  }
}

// Whoever holds every role for an organisation sees the union of what each grants, and besides no
// more than what it wrote, or was handed, itself.
void CheckUnion(const AnyCase& any, const std::string& organisation, absl::Time now) {
  const PersonSource person = SourceOf(any.sealed);
  const std::vector<Role> roles = {Role::kSignaller, Role::kFirstContact, Role::kReceiver};
  Caller caller{"caller", {}};
  for (const Role role : roles) caller.grants.push_back({kMunicipality, organisation, role});
  const Relations relations = RelationsTo(any.record, caller);
  for (const ReferralRecord& record : any.record.referrals()) {
    testing::Texts granted;
    for (const Role role : roles) {
      granted.merge(testing::MaySeeOfReferral(any, record.number(), {organisation, role}));
    }
    for (const std::string& text :
         MarkedTexts(ReferralFor(any.record, record.number(), relations, now, &person))) {
      const bool is_own = record.referral().organisation() == Org(organisation) &&
                          (text.starts_with("@note") || text.starts_with("@hand-over"));
      RC_ASSERT(granted.contains(text) || is_own);
    }
  }
}

TEST(CaseProperties, HoldAfterAnySequenceOfOperations) {
  EXPECT_TRUE(testing::HoldsAlways([] {
    AnyCase any = AnyCase::New();
    const int steps = UpTo(kStepsMost);
    for (int i = 0; i < steps; ++i) {
      const Case before = any.record;
      const absl::Status status = any.Step(kReceived + absl::Minutes(i));
      if (!status.ok()) {
        RC_ASSERT(MessageDifferencer::Equals(before, any.record));
        continue;
      }
      RC_ASSERT(any.record.version() > before.version());
      CheckArrows(before, any.record);
      CheckInvariants(any.record);
      CheckAcuteAndWmo(any.record);
      CheckSignallersView(any.record);
      for (const auto& [name, value] : CountsOf(any.record)) RC_ASSERT(value == 1);
    }
  }));
}

TEST(CaseProperties, NobodySeesWhatConsentAndTheirPartDoNotOpen) {
  EXPECT_TRUE(testing::HoldsAlways([] {
    AnyCase any = AnyCase::New();
    const int steps = UpTo(kStepsSeenMost);
    for (int i = 0; i < steps; ++i) {
      const absl::Time now = kReceived + absl::Minutes(i);
      if (!any.Step(now).ok()) continue;
      CheckDisclosure(any, now);
      CheckUnion(any, *rc::gen::element<std::string>("team", "visitors", "walkers"), now);
    }
  }));
}

}  // namespace
}  // namespace omzien::domain
