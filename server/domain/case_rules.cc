#include "server/domain/case_rules.h"

#include <algorithm>
#include <utility>

#include "server/domain/caller.h"
#include "server/domain/errors.h"
#include "server/domain/submission_rules.h"
#include "server/domain/times.h"

namespace omzien::domain {
namespace {

using storage::v1::Case;
using storage::v1::ReferralRecord;

absl::Status Refuse(v1::ErrorReason reason, std::string_view message,
                    std::vector<std::pair<std::string, std::string>> metadata = {}) {
  return Error(absl::StatusCode::kFailedPrecondition, reason, message, std::move(metadata));
}

absl::Status NoSuchReferral() {
  return Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_REFERRAL_NOT_FOUND,
               "there is no such referral");
}

absl::Status Full(std::string_view what) {
  return Error(absl::StatusCode::kResourceExhausted, v1::ERROR_REASON_CASE_FULL,
               "the case holds the most " + std::string(what) + " it may");
}

void TouchCase(Case* c, absl::Time now) {
  c->set_version(c->version() + 1);
  *c->mutable_signal()->mutable_update_time() = TimestampOf(now);
}

void Touch(Case* c, ReferralRecord* record, absl::Time now) {
  record->set_version(record->version() + 1);
  TouchCase(c, now);
}

void End(ReferralRecord* record, v1::ReferralState state, absl::Time now) {
  record->mutable_referral()->set_state(state);
  *record->mutable_referral()->mutable_end_time() = TimestampOf(now);
}

// The signal ends with that outcome.
absl::Status Close(Case* c, v1::Outcome outcome, absl::Time now) {
  v1::Signal* signal = c->mutable_signal();
  const auto closed = Next(signal->state(), SignalEvent::kClose);
  if (!closed.ok()) return closed.status();
  signal->set_state(*closed);
  signal->set_outcome(outcome);
  *signal->mutable_close_time() = TimestampOf(now);
  return absl::OkStatus();
}

bool HasLiveReferralFor(const Case& c, std::string_view offer) {
  return std::ranges::any_of(c.referrals(), [&](const ReferralRecord& record) {
    return record.referral().offer() == offer && IsLive(record.referral().state());
  });
}

// What must hold to add these referrals, whatever the signal's state.
absl::Status CheckNew(const Case& c, const std::vector<NewReferral>& referrals) {
  std::set<std::string> offers;
  auto made = std::ranges::count_if(c.referrals(), [](const ReferralRecord& record) {
    return record.referral().purpose() == v1::REFERRAL_PURPOSE_OFFER;
  });
  for (const NewReferral& referral : referrals) {
    if (referral.purpose == v1::REFERRAL_PURPOSE_OFFER && ++made > kOfferReferralsMax) {
      return Full("referrals to offers");
    }
  }
  for (const NewReferral& referral : referrals) {
    if (referral.offer.empty()) continue;
    if (!offers.insert(referral.offer).second || HasLiveReferralFor(c, referral.offer)) {
      return Refuse(v1::ERROR_REASON_ALREADY_REFERRED,
                    "there is a live referral for this signal and offer already");
    }
  }
  return absl::OkStatus();
}

void Append(Case* c, NewReferral added, absl::Time now) {
  const bool first_contact = added.purpose == v1::REFERRAL_PURPOSE_FIRST_CONTACT;
  if (!c->has_first_contact_by()) *c->mutable_first_contact_by() = TimestampOf(added.contact_by);
  // Until someone reached the person, whoever got the signal last is the one to call first.
  if (first_contact || !c->signal().has_contact_time()) {
    v1::FirstContact* who = c->mutable_signal()->mutable_first_contact();
    who->set_organisation(added.organisation);
    who->set_display_name(added.organisation_display_name);
    *who->mutable_contact_by() = TimestampOf(added.contact_by);
    *who->mutable_reason() = added.reason;
  }
  if (added.purpose == v1::REFERRAL_PURPOSE_OFFER) c->set_placed(true);

  const int last = c->referrals_size() - 1;
  ReferralRecord* record = c->add_referrals();
  record->set_number(last < 0 ? 1 : c->referrals(last).number() + 1);
  record->set_version(1);
  v1::Referral* referral = record->mutable_referral();
  referral->set_purpose(added.purpose);
  referral->set_state(v1::REFERRAL_STATE_ASSIGNED);
  referral->set_organisation(std::move(added.organisation));
  referral->set_organisation_display_name(std::move(added.organisation_display_name));
  referral->set_offer(std::move(added.offer));
  referral->set_offer_display_name(std::move(added.offer_display_name));
  *referral->mutable_reason() = std::move(added.reason);
  *referral->mutable_assign_time() = TimestampOf(now);
  *referral->mutable_accept_by() = TimestampOf(added.accept_by);
  *referral->mutable_contact_by() = TimestampOf(added.contact_by);
}

// Sets the acceptance that `state` implies, and the case's first pick-up.
void PickUp(Case* c, v1::Referral* referral, absl::Time now) {
  if (!referral->has_accept_time()) *referral->mutable_accept_time() = TimestampOf(now);
  if (!c->has_pick_up_time()) *c->mutable_pick_up_time() = TimestampOf(now);
}

// Asking for first contact again takes the signal back from those it was placed with.
SignalEvent EventOf(const Case& c, const NewReferral& referral) {
  const bool returns = referral.purpose == v1::REFERRAL_PURPOSE_FIRST_CONTACT &&
                       c.signal().state() == v1::SIGNAL_STATE_PLACED;
  return returns ? SignalEvent::kReturn : SignalEvent::kRoute;
}

bool ReachesPerson(const v1::ContactAttempt& attempt) {
  return attempt.with() == v1::CONTACT_WITH_PERSON &&
         attempt.result() == v1::CONTACT_RESULT_REACHED;
}

// Attempts may be recorded out of order: the earliest contact counts.
void SetEarliest(google::protobuf::Timestamp* known, bool is_known, absl::Time time) {
  if (!is_known || time < TimeOf(*known)) *known = TimestampOf(time);
}

// Into what was stated, from which matching derives, and into what is shown until it does.
void LearnTargetGroup(Case* c, const std::string& group) {
  auto* stated = c->mutable_stated_target_groups();
  if (std::ranges::find(*stated, group) != stated->end()) return;
  if (stated->size() >= kTargetGroupsLearntMax) return;
  *stated->Add() = group;
  auto* shown = c->mutable_signal()->mutable_target_groups();
  if (std::ranges::find(*shown, group) == shown->end()) *shown->Add() = group;
}

void Learn(Case* c, const v1::ContactAttempt& attempt) {
  v1::Signal* signal = c->mutable_signal();
  if (attempt.need_learnt() != v1::NEED_UNSPECIFIED && attempt.need_learnt() != v1::NEED_UNKNOWN) {
    signal->set_need(attempt.need_learnt());
  }
  for (const std::string& group : attempt.target_groups_learnt()) LearnTargetGroup(c, group);
  if (!attempt.language_learnt().empty()) signal->set_language(attempt.language_learnt());
  if (!attempt.district_learnt().empty()) {
    signal->mutable_place()->set_district(attempt.district_learnt());
    signal->mutable_place()->set_unknown(false);
  }
}

absl::Status CheckUnreachable(const v1::Referral& referral, const v1::UnreachableRule& rule) {
  if (referral.has_contact_time()) {
    return Refuse(v1::ERROR_REASON_WRONG_STATE, "the person was reached in this referral",
                  {{"state", StateName(referral.state())}});
  }
  uint32_t attempts = 0;
  std::set<int> channels;
  for (const v1::ContactAttempt& attempt : referral.attempts()) {
    if (attempt.with() != v1::CONTACT_WITH_PERSON ||
        attempt.direction() == v1::CONTACT_DIRECTION_INCOMING) {
      continue;
    }
    ++attempts;
    channels.insert(attempt.channel());
  }
  if (attempts >= rule.attempts() && channels.size() >= rule.channels()) return absl::OkStatus();
  return Refuse(v1::ERROR_REASON_TOO_FEW_ATTEMPTS,
                "unreachable needs more attempts to reach the person, or more channels",
                {{"attempts", std::to_string(attempts)},
                 {"attempts_needed", std::to_string(rule.attempts())},
                 {"channels", std::to_string(channels.size())},
                 {"channels_needed", std::to_string(rule.channels())}});
}

bool NeedsPerson(v1::Outcome outcome) {
  return outcome == v1::OUTCOME_CONNECTED || outcome == v1::OUTCOME_ADVICE_ONLY ||
         outcome == v1::OUTCOME_PERSON_DECLINED || outcome == v1::OUTCOME_NO_OFFER;
}

// A no at the door is an answer, though it isn't contact.
bool PersonRefused(const v1::Referral& referral) {
  return std::ranges::any_of(referral.attempts(), [](const v1::ContactAttempt& attempt) {
    return attempt.with() == v1::CONTACT_WITH_PERSON &&
           attempt.result() == v1::CONTACT_RESULT_REFUSED;
  });
}

absl::Status CheckOutcome(const v1::Referral& referral, v1::Outcome outcome,
                          const v1::UnreachableRule& rule) {
  if (outcome == v1::OUTCOME_UNREACHABLE) return CheckUnreachable(referral, rule);
  if (outcome == v1::OUTCOME_PERSON_DECLINED && PersonRefused(referral)) return absl::OkStatus();
  if (NeedsPerson(outcome) && !referral.has_contact_time()) {
    return Refuse(v1::ERROR_REASON_PERSON_NOT_REACHED,
                  "this outcome needs a contact with the person first");
  }
  if (referral.attempts().empty()) {
    return Refuse(v1::ERROR_REASON_TOO_FEW_ATTEMPTS,
                  "this outcome needs an attempt, with whomever it was learnt from",
                  {{"attempts", "0"}, {"attempts_needed", "1"}});
  }
  return absl::OkStatus();
}

}  // namespace

ReferralRecord* FindReferral(Case* c, uint32_t number) {
  for (ReferralRecord& record : *c->mutable_referrals()) {
    if (record.number() == number) return &record;
  }
  return nullptr;
}

const ReferralRecord* FindReferral(const Case& c, uint32_t number) {
  for (const ReferralRecord& record : c.referrals()) {
    if (record.number() == number) return &record;
  }
  return nullptr;
}

bool HasLiveReferral(const Case& c) {
  return std::ranges::any_of(c.referrals(), [](const ReferralRecord& record) {
    return IsLive(record.referral().state());
  });
}

std::string EtagOf(uint64_t version) { return "\"" + std::to_string(version) + "\""; }

absl::Status CheckEtag(std::string_view expected, uint64_t version) {
  const std::string present = EtagOf(version);
  if (expected.empty() || expected == present) return absl::OkStatus();
  return Error(absl::StatusCode::kAborted, v1::ERROR_REASON_ETAG_MISMATCH,
               "the record has changed since it was read", {{"etag", present}});
}

absl::Status AddReferral(Case* c, NewReferral referral, absl::Time now) {
  const auto state = Next(c->signal().state(), EventOf(*c, referral));
  if (!state.ok()) return state.status();
  std::vector<NewReferral> added;
  added.push_back(std::move(referral));
  if (absl::Status status = CheckNew(*c, added); !status.ok()) return status;
  Append(c, std::move(added.front()), now);
  c->mutable_signal()->set_state(*state);
  TouchCase(c, now);
  return absl::OkStatus();
}

absl::Status Accept(Case* c, uint32_t number, absl::Time now) {
  ReferralRecord* record = FindReferral(c, number);
  if (record == nullptr) return NoSuchReferral();
  const auto state = Next(record->referral().state(), ReferralEvent::kAccept);
  if (!state.ok()) return state.status();
  record->mutable_referral()->set_state(*state);
  PickUp(c, record->mutable_referral(), now);
  Touch(c, record, now);
  return absl::OkStatus();
}

absl::Status Decline(Case* c, uint32_t number, v1::DeclineReason reason, absl::Time now) {
  ReferralRecord* record = FindReferral(c, number);
  if (record == nullptr) return NoSuchReferral();
  const auto state = Next(record->referral().state(), ReferralEvent::kDecline);
  if (!state.ok()) return state.status();
  End(record, *state, now);
  record->mutable_referral()->set_decline_reason(reason);
  Touch(c, record, now);
  return absl::OkStatus();
}

absl::Status RecordAttempt(Case* c, uint32_t number, const v1::ContactAttempt& clear_attempt,
                           absl::Time now) {
  ReferralRecord* record = FindReferral(c, number);
  if (record == nullptr) return NoSuchReferral();
  v1::Referral* referral = record->mutable_referral();
  const bool reached = ReachesPerson(clear_attempt);
  const auto state =
      Next(referral->state(), reached ? ReferralEvent::kReachPerson : ReferralEvent::kAttempt);
  if (!state.ok()) return state.status();
  v1::Signal* signal = c->mutable_signal();
  v1::SignalState signal_state = signal->state();
  if (reached) {
    const auto next = Next(signal_state, SignalEvent::kReachPerson);
    if (!next.ok()) return next.status();
    signal_state = *next;
  }
  const absl::Time time =
      clear_attempt.has_attempt_time() ? TimeOf(clear_attempt.attempt_time()) : now;
  if (signal->has_receive_time() && time < TimeOf(signal->receive_time()) - kClockSkewMax) {
    return InvalidFields({{"attempt.attempt_time", "must not be before the signal was received"}});
  }
  if (referral->attempts_size() >= kAttemptsMax) return Full("contact attempts");

  v1::ContactAttempt* attempt = referral->add_attempts();
  *attempt = clear_attempt;
  *attempt->mutable_attempt_time() = TimestampOf(time);
  if (attempt->direction() == v1::CONTACT_DIRECTION_UNSPECIFIED) {
    attempt->set_direction(v1::CONTACT_DIRECTION_OUTGOING);
  }
  referral->set_state(*state);
  signal->set_state(signal_state);
  PickUp(c, referral, now);
  if (reached) {
    const bool known = referral->has_contact_time();
    SetEarliest(referral->mutable_contact_time(), known, time);
    const bool signal_known = signal->has_contact_time();
    SetEarliest(signal->mutable_contact_time(), signal_known, time);
  }
  Learn(c, clear_attempt);
  if (clear_attempt.signaller_may_know()) c->set_signaller_may_know(true);
  Touch(c, record, now);
  return absl::OkStatus();
}

absl::Status RecordConsent(Case* c, const v1::Consent& consent, absl::Time now) {
  const bool taken_back = consent.has_withdraw_time();
  const auto state = Next(c->signal().state(),
                          taken_back ? SignalEvent::kTakeBackConsent : SignalEvent::kGiveConsent);
  if (!state.ok()) return state.status();
  if (c->has_consent()) {
    auto* earlier = c->mutable_earlier_consents();
    if (earlier->size() >= kEarlierConsentsMax) {
      if (!taken_back) return Full("consents");
      earlier->DeleteSubrange(0, 1);
    }
    *earlier->Add() = c->consent();
  }
  *c->mutable_consent() = consent;
  for (ReferralRecord& record : *c->mutable_referrals()) {
    const v1::Referral& referral = record.referral();
    if (!IsLive(referral.state())) continue;
    const auto cancelled = Next(referral.state(), ReferralEvent::kCancel);
    if (referral.purpose() == v1::REFERRAL_PURPOSE_OFFER && cancelled.ok() &&
        !ConsentCovers(*c, referral.organisation())) {
      End(&record, *cancelled, now);
    }
    // It ended, or shows whether consent was given: whoever read it before must look again.
    record.set_version(record.version() + 1);
  }
  TouchCase(c, now);
  return absl::OkStatus();
}

absl::Status CheckConsentBy(const Case& c, uint32_t number, const v1::Consent& consent) {
  if (consent.has_withdraw_time()) return absl::OkStatus();
  const ReferralRecord* record = FindReferral(c, number);
  if (record == nullptr) return NoSuchReferral();
  const v1::Referral& referral = record->referral();
  if (referral.purpose() != v1::REFERRAL_PURPOSE_FIRST_CONTACT) {
    return Error(absl::StatusCode::kPermissionDenied, v1::ERROR_REASON_ROLE_NOT_ALLOWED,
                 "only the first-contact party records that consent was given",
                 {{"role", std::string(RoleName(Role::kReceiver))}});
  }
  const bool placed = referral.outcome() == v1::OUTCOME_PLACED && IsOpen(c.signal().state());
  if (!IsLive(referral.state()) && !placed) {
    return Refuse(v1::ERROR_REASON_WRONG_STATE, "the referral has ended",
                  {{"state", StateName(referral.state())}});
  }
  if (c.consent().has_withdraw_time() &&
      TimeOf(consent.when()) < TimeOf(c.consent().withdraw_time())) {
    return InvalidFields({{"consent.when", "must not be before consent was taken back"}});
  }
  return absl::OkStatus();
}

bool ConsentCovers(const Case& c, std::string_view organisation) {
  if (!c.has_consent() || c.consent().has_withdraw_time()) return false;
  const auto& to_whom = c.consent().to_whom();
  return to_whom.empty() || std::ranges::find(to_whom, organisation) != to_whom.end();
}

std::set<v1::ConsentScope> ScopesFor(const Case& c, std::string_view organisation) {
  std::set<v1::ConsentScope> scopes;
  if (!ConsentCovers(c, organisation)) return scopes;
  for (int i = 0; i < c.consent().what_size(); ++i) scopes.insert(c.consent().what(i));
  if (scopes.empty()) {
    scopes = {v1::CONSENT_SCOPE_CONTACT_DETAILS, v1::CONSENT_SCOPE_SITUATION};
  }
  return scopes;
}

absl::Status Place(Case* c, uint32_t number, std::vector<NewReferral> referrals, absl::Time now) {
  ReferralRecord* record = FindReferral(c, number);
  if (record == nullptr) return NoSuchReferral();
  const v1::Referral& referral = record->referral();
  if (referral.purpose() != v1::REFERRAL_PURPOSE_FIRST_CONTACT) {
    return Refuse(v1::ERROR_REASON_WRONG_STATE, "only a first-contact referral places a person",
                  {{"state", StateName(referral.state())}});
  }
  const auto state = Next(referral.state(), ReferralEvent::kPlace);
  if (!state.ok()) {
    if (!IsLive(referral.state())) return state.status();
    return Refuse(v1::ERROR_REASON_PERSON_NOT_REACHED, "the person has to be reached first");
  }
  const auto signal_state = Next(c->signal().state(), SignalEvent::kPlace);
  if (!signal_state.ok()) return signal_state.status();
  for (const NewReferral& added : referrals) {
    if (!ConsentCovers(*c, added.organisation)) {
      return Refuse(v1::ERROR_REASON_CONSENT_MISSING,
                    "the person's consent to share details with this organisation is missing");
    }
  }
  if (absl::Status status = CheckNew(*c, referrals); !status.ok()) return status;

  End(record, *state, now);
  record->mutable_referral()->set_outcome(v1::OUTCOME_PLACED);
  c->mutable_signal()->set_state(*signal_state);
  c->set_placed(true);
  Touch(c, record, now);
  for (NewReferral& added : referrals) Append(c, std::move(added), now);
  return absl::OkStatus();
}

bool IsConnected(const Case& c) {
  if (HasLiveReferral(c)) return false;
  return std::ranges::any_of(c.referrals(), [](const ReferralRecord& record) {
    return record.referral().purpose() == v1::REFERRAL_PURPOSE_OFFER &&
           record.referral().outcome() == v1::OUTCOME_CONNECTED;
  });
}

absl::Status CloseAsConnected(Case* c, absl::Time now) {
  if (absl::Status status = Close(c, v1::OUTCOME_CONNECTED, now); !status.ok()) return status;
  TouchCase(c, now);
  return absl::OkStatus();
}

absl::Status Complete(Case* c, uint32_t number, v1::Outcome outcome,
                      const v1::UnreachableRule& rule, absl::Time after_check, absl::Time now) {
  ReferralRecord* record = FindReferral(c, number);
  if (record == nullptr) return NoSuchReferral();
  if (outcome == v1::OUTCOME_PLACED || outcome == v1::OUTCOME_UNSPECIFIED) {
    return InvalidFields({{"outcome", "must be one that a referral can be completed with"}});
  }
  const auto state = Next(record->referral().state(), ReferralEvent::kComplete);
  if (!state.ok()) return state.status();
  if (absl::Status status = CheckOutcome(record->referral(), outcome, rule); !status.ok()) {
    return status;
  }
  const bool last = std::ranges::none_of(c->referrals(), [&](const ReferralRecord& other) {
    return other.number() != number && IsLive(other.referral().state());
  });
  if (last) {
    if (absl::Status status = Close(c, outcome, now); !status.ok()) return status;
  }
  End(record, *state, now);
  record->mutable_referral()->set_outcome(outcome);
  if (outcome == v1::OUTCOME_CONNECTED) {
    *record->mutable_referral()->mutable_after_check_time() = TimestampOf(after_check);
  }
  Touch(c, record, now);
  return absl::OkStatus();
}

absl::Status Withdraw(Case* c, absl::Time now) {
  v1::Signal* signal = c->mutable_signal();
  const auto state = Next(signal->state(), SignalEvent::kWithdraw);
  if (!state.ok()) return state.status();
  if (*state == v1::SIGNAL_STATE_WITHDRAWN) {
    for (ReferralRecord& record : *c->mutable_referrals()) {
      const auto cancelled = Next(record.referral().state(), ReferralEvent::kCancel);
      if (!cancelled.ok()) continue;  // it ended before
      End(&record, *cancelled, now);
      record.set_version(record.version() + 1);
    }
    *signal->mutable_close_time() = TimestampOf(now);
  } else if (!signal->has_withdraw_remark_time()) {
    *signal->mutable_withdraw_remark_time() = TimestampOf(now);
  }
  signal->set_state(*state);
  TouchCase(c, now);
  return absl::OkStatus();
}

bool IsOverdue(const v1::Referral& referral, absl::Time now) {
  return IsLive(referral.state()) && !referral.has_contact_time() && referral.has_contact_by() &&
         TimeOf(referral.contact_by()) < now;
}

}  // namespace omzien::domain
