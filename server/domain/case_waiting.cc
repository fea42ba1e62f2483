// Of case_rules.h, what becomes of a case as time passes, and what it waits for.

#include <algorithm>
#include <iterator>
#include <utility>

#include "server/domain/case_rules.h"
#include "server/domain/case_steps.h"
#include "server/domain/days.h"

namespace omzien::domain {
namespace {

using internal::End;
using internal::NoSuchReferral;
using internal::Refuse;
using internal::Touch;
using storage::v1::Case;
using storage::v1::ReferralRecord;

// On a waiting list someone still waits.
bool IsWithOffer(const ReferralRecord& record) {
  const v1::Referral& referral = record.referral();
  return referral.purpose() == v1::REFERRAL_PURPOSE_OFFER && IsLive(referral.state()) &&
         referral.state() != v1::REFERRAL_STATE_WAITLISTED;
}

bool AwaitsContact(const v1::Referral& referral) {
  return IsLive(referral.state()) && !referral.has_contact_time();
}

}  // namespace

absl::Status Expire(Case* c, uint32_t number, absl::Time now) {
  ReferralRecord* record = FindReferral(c, number);
  if (record == nullptr) return NoSuchReferral();
  const auto state = Next(record->referral().state(), ReferralEvent::kExpire);
  if (!state.ok()) return state.status();
  End(record, *state, now);
  Touch(c, record, now);
  return absl::OkStatus();
}

absl::Status BringForward(Case* c, uint32_t number, absl::Time by, absl::Time now) {
  ReferralRecord* record = FindReferral(c, number);
  if (record == nullptr) return NoSuchReferral();
  v1::Referral* referral = record->mutable_referral();
  if (!IsLive(referral->state())) {
    return Refuse(v1::ERROR_REASON_WRONG_STATE, "the referral has ended",
                  {{"state", StateName(referral->state())}});
  }
  if (!referral->has_contact_time()) {
    for (auto* deadline : {referral->mutable_accept_by(), referral->mutable_contact_by()}) {
      *deadline = TimestampOf(std::min(TimeOf(*deadline), by));
    }
  }
  Touch(c, record, now);
  return absl::OkStatus();
}

absl::Status Escalate(Case* c, uint32_t number, absl::Time now) {
  ReferralRecord* record = FindReferral(c, number);
  if (record == nullptr) return NoSuchReferral();
  v1::Referral* referral = record->mutable_referral();
  if (!AwaitsContact(*referral) || referral->has_escalate_time()) {
    return Refuse(v1::ERROR_REASON_WRONG_STATE, "no deadline of this referral is left to pass",
                  {{"state", StateName(referral->state())}});
  }
  *referral->mutable_escalate_time() = TimestampOf(now);
  Touch(c, record, now);
  return absl::OkStatus();
}

absl::Time NextDeadline(const v1::Referral& referral) {
  if (!AwaitsContact(referral) || referral.has_escalate_time()) return absl::InfiniteFuture();
  const absl::Time contact_by = TimeOf(referral.contact_by());
  if (referral.state() != v1::REFERRAL_STATE_ASSIGNED) return contact_by;
  return std::min(TimeOf(referral.accept_by()), contact_by);
}

void SetProposed(Case* c, Proposed proposed, absl::CivilDay today) {
  v1::Signal* signal = c->mutable_signal();
  signal->mutable_proposals()->Assign(std::make_move_iterator(proposed.proposals.begin()),
                                      std::make_move_iterator(proposed.proposals.end()));
  signal->set_unmet_degree(proposed.degree);
  if (proposed.degree <= v1::UNMET_DEGREE_NONE) {
    c->clear_unmet_since_day();
  } else if (c->unmet_since_day() == 0) {
    c->set_unmet_since_day(DayNumber(today));
  }
  c->clear_full_offers();
  proposed.full_offers.resize(std::min(proposed.full_offers.size(), kFullOffersMax));
  for (std::string& offer : proposed.full_offers) c->add_full_offers(std::move(offer));
}

void MarkChanged(Case* c, absl::Time now) { internal::TouchCase(c, now); }

bool IsWaiting(const Case& c) {
  const v1::SignalState state = c.signal().state();
  if (state == v1::SIGNAL_STATE_UNMATCHED) return true;
  return IsOpen(state) && c.signal().unmet_degree() > v1::UNMET_DEGREE_NONE &&
         std::ranges::none_of(c.referrals(), IsWithOffer);
}

}  // namespace omzien::domain
