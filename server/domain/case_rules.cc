#include "server/domain/case_rules.h"

#include <algorithm>
#include <utility>

#include "server/domain/caller.h"
#include "server/domain/case_steps.h"
#include "server/domain/errors.h"
#include "server/domain/names.h"
#include "server/domain/submission_rules.h"
#include "server/domain/times.h"

namespace omzien::domain {
namespace {

using internal::ConsentMissing;
using internal::End;
using internal::FirstContactsOf;
using internal::Full;
using internal::NoSuchReferral;
using internal::Refuse;
using internal::Touch;
using internal::TouchCase;
using internal::WrongPurpose;
using storage::v1::Case;
using storage::v1::ReferralRecord;

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

// What the person was promised before, by those who had the case and haven't reached the person.
struct Promise {
  absl::Time contact_by = absl::InfiniteFuture();
  absl::Time escalate_time = absl::InfinitePast();
};

Promise PromiseOf(const Case& c) {
  Promise promise;
  for (const ReferralRecord& record : c.referrals()) {
    const v1::Referral& referral = record.referral();
    if (IsOfBeforeReopening(c, referral)) continue;
    if (referral.has_contact_time()) return {};
    promise.contact_by = std::min(promise.contact_by, TimeOf(referral.contact_by()));
    if (referral.has_escalate_time()) {
      promise.escalate_time = std::max(promise.escalate_time, TimeOf(referral.escalate_time()));
    }
  }
  return promise;
}

// AddReferral's comment has the rule. Whether what was promised is overdue already stays visible.
void KeepPromise(Promise promise, bool acute, absl::Time now, NewReferral* added) {
  if (promise.contact_by > now) {
    const absl::Time least = acute ? now : added->accept_by;
    added->contact_by = std::min(added->contact_by, std::max(promise.contact_by, least));
    added->accept_by = std::min(added->accept_by, added->contact_by);
  } else {
    promise.escalate_time = std::max(promise.escalate_time, now);
  }
  added->escalate_time = promise.escalate_time;
}

void Append(Case* c, NewReferral added, absl::Time now) {
  KeepPromise(PromiseOf(*c), c->signal().urgency() == v1::URGENCY_ACUTE, now, &added);
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
  if (added.purpose == v1::REFERRAL_PURPOSE_OFFER) {
    for (const std::string& group : c->signal().target_groups()) {
      record->add_counted_groups(std::string(LastSegment(group)));
    }
  }
  referral->set_offer(std::move(added.offer));
  referral->set_offer_display_name(std::move(added.offer_display_name));
  *referral->mutable_reason() = std::move(added.reason);
  *referral->mutable_assign_time() = TimestampOf(now);
  *referral->mutable_accept_by() = TimestampOf(added.accept_by);
  *referral->mutable_contact_by() = TimestampOf(added.contact_by);
  if (added.escalate_time > absl::InfinitePast()) {
    *referral->mutable_escalate_time() = TimestampOf(added.escalate_time);
  }
  referral->set_introduced(added.introduced);
  referral->set_ask_first(std::move(added.ask_first.organisation));
  referral->set_ask_first_display_name(std::move(added.ask_first.display_name));
  referral->set_ask_first_contact(std::move(added.ask_first.contact));
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

bool DecidesWmoReport(const v1::ContactAttempt& attempt) {
  return attempt.wmo_report() == v1::WMO_REPORT_MADE ||
         attempt.wmo_report() == v1::WMO_REPORT_NOT_MADE;
}

bool MayDecideWmoReport(const Case& c, const v1::Referral& referral) {
  return referral.purpose() == v1::REFERRAL_PURPOSE_FIRST_CONTACT ||
         ScopesFor(c, referral.organisation()).contains(v1::CONSENT_SCOPE_SITUATION);
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

// What was learnt replaces what was known, field by field; a list as a whole.
void LearnCircumstances(const v1::Circumstances& learnt, v1::Circumstances* known) {
  if (!learnt.funding().empty()) known->clear_funding();
  known->MergeFrom(learnt);
}

// Into those stated, as they are never derived.
void LearnLifeEvent(v1::Signal* signal, const std::string& event) {
  auto* known = signal->mutable_life_events();
  if (known->size() >= kLifeEventsLearntMax) return;
  if (std::ranges::find(*known, event) == known->end()) *known->Add() = event;
}

void Learn(Case* c, const v1::ContactAttempt& attempt) {
  v1::Signal* signal = c->mutable_signal();
  if (attempt.need_learnt() != v1::NEED_UNSPECIFIED && attempt.need_learnt() != v1::NEED_UNKNOWN) {
    signal->set_need(attempt.need_learnt());
  }
  for (const std::string& group : attempt.target_groups_learnt()) LearnTargetGroup(c, group);
  for (const std::string& event : attempt.life_events_learnt()) LearnLifeEvent(signal, event);
  if (attempt.age_band_learnt() != v1::AGE_BAND_UNSPECIFIED) {
    signal->set_age_band(attempt.age_band_learnt());
  }
  if (attempt.household_learnt() != v1::HOUSEHOLD_UNSPECIFIED) {
    signal->set_household(attempt.household_learnt());
  }
  if (!attempt.language_learnt().empty()) signal->set_language(attempt.language_learnt());
  if (attempt.has_circumstances_learnt()) {
    LearnCircumstances(attempt.circumstances_learnt(), signal->mutable_circumstances());
  }
  if (attempt.wmo_report() != v1::WMO_REPORT_UNSPECIFIED) {
    signal->set_wmo_report(attempt.wmo_report());
  }
  if (!attempt.district_learnt().empty()) {
    signal->mutable_place()->set_district(attempt.district_learnt());
    signal->mutable_place()->set_unknown(false);
  }
}

// When it was made, and from when it counts as contact.
struct AttemptTimes {
  absl::Time made;
  absl::Time counts;
};

absl::Status AddAttempt(Case* c, uint32_t number, const v1::ContactAttempt& clear_attempt,
                        AttemptTimes times, absl::Time now) {
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
  if (DecidesWmoReport(clear_attempt) && !MayDecideWmoReport(*c, *referral)) {
    return Error(absl::StatusCode::kPermissionDenied, v1::ERROR_REASON_ROLE_NOT_ALLOWED,
                 "who isn't to know the person's situation can't decide on a report under the Wmo",
                 {{"role", std::string(RoleName(Role::kReceiver))}});
  }
  if (referral->attempts_size() >= kAttemptsMax) return Full("contact attempts");

  v1::ContactAttempt* attempt = referral->add_attempts();
  *attempt = clear_attempt;
  *attempt->mutable_attempt_time() = TimestampOf(times.made);
  if (attempt->direction() == v1::CONTACT_DIRECTION_UNSPECIFIED) {
    attempt->set_direction(v1::CONTACT_DIRECTION_OUTGOING);
  }
  referral->set_state(*state);
  signal->set_state(signal_state);
  PickUp(c, referral, now);
  if (reached) {
    const bool known = referral->has_contact_time();
    SetEarliest(referral->mutable_contact_time(), known, times.counts);
    const bool signal_known = signal->has_contact_time();
    SetEarliest(signal->mutable_contact_time(), signal_known, times.counts);
  }
  Learn(c, clear_attempt);
  if (clear_attempt.signaller_may_know()) c->set_signaller_may_know(true);
  Touch(c, record, now);
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

absl::Status CheckNoEtag(std::string_view expected) {
  if (expected.empty()) return absl::OkStatus();
  return Error(absl::StatusCode::kAborted, v1::ERROR_REASON_ETAG_MISMATCH,
               "it is shown to this caller without an etag, so none matches");
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

absl::Status Waitlist(Case* c, uint32_t number, const google::type::Date* expected_on,
                      absl::Time now) {
  ReferralRecord* record = FindReferral(c, number);
  if (record == nullptr) return NoSuchReferral();
  v1::Referral* referral = record->mutable_referral();
  if (referral->purpose() != v1::REFERRAL_PURPOSE_OFFER) {
    return WrongPurpose(*referral, "a first contact can't wait: decline it, or hand it over");
  }
  const auto state = Next(referral->state(), ReferralEvent::kWaitlist);
  if (!state.ok()) return state.status();
  referral->set_state(*state);
  *referral->mutable_waitlist_time() = TimestampOf(now);
  referral->clear_room_expected_on();
  if (expected_on != nullptr) *referral->mutable_room_expected_on() = *expected_on;
  Touch(c, record, now);
  return absl::OkStatus();
}

absl::Status TakeBack(Case* c, uint32_t number, absl::Time now) {
  ReferralRecord* record = FindReferral(c, number);
  if (record == nullptr) return NoSuchReferral();
  const auto state = Next(record->referral().state(), ReferralEvent::kTakeBack);
  if (!state.ok()) return state.status();
  End(record, *state, now);
  record->set_taken_back(true);
  Touch(c, record, now);
  return absl::OkStatus();
}

absl::Status Fail(Case* c, uint32_t number, v1::FailReason reason, absl::Time now) {
  ReferralRecord* record = FindReferral(c, number);
  if (record == nullptr) return NoSuchReferral();
  const auto state = Next(record->referral().state(), ReferralEvent::kFail);
  if (!state.ok()) return state.status();
  End(record, *state, now);
  record->mutable_referral()->set_fail_reason(reason);
  Touch(c, record, now);
  return absl::OkStatus();
}

absl::Status HandOver(Case* c, uint32_t number, NewReferral successor, absl::Time now) {
  ReferralRecord* record = FindReferral(c, number);
  if (record == nullptr) return NoSuchReferral();
  const v1::Referral& referral = record->referral();
  const auto state = Next(referral.state(), ReferralEvent::kHandOver);
  if (!state.ok()) return state.status();
  if (successor.purpose != referral.purpose()) {
    return WrongPurpose(referral,
                        "a first contact is handed over to an organisation, a referral "
                        "to an offer to another offer");
  }
  const auto signal_state = Next(c->signal().state(), SignalEvent::kRoute);
  if (!signal_state.ok()) return signal_state.status();
  if (successor.purpose == v1::REFERRAL_PURPOSE_OFFER &&
      !ConsentCovers(*c, successor.organisation)) {
    return ConsentMissing();
  }
  if (successor.purpose == v1::REFERRAL_PURPOSE_FIRST_CONTACT &&
      FirstContactsOf(*c) >= kFirstContactsMax) {
    return Full("first contacts");
  }
  std::vector<NewReferral> added;
  added.push_back(std::move(successor));
  if (absl::Status status = CheckNew(*c, added); !status.ok()) return status;

  Append(c, std::move(added.front()), now);
  ReferralRecord* next = c->mutable_referrals(c->referrals_size() - 1);
  record = FindReferral(c, number);  // the list may have moved
  next->set_predecessor(number);
  record->set_successor(next->number());
  End(record, *state, now);
  c->mutable_signal()->set_state(*signal_state);
  Touch(c, record, now);
  return absl::OkStatus();
}

absl::Status RecordAttempt(Case* c, uint32_t number, const v1::ContactAttempt& clear_attempt,
                           absl::Time now) {
  const absl::Time time =
      clear_attempt.has_attempt_time() ? TimeOf(clear_attempt.attempt_time()) : now;
  const v1::Signal& signal = c->signal();
  if (signal.has_receive_time() && time < TimeOf(signal.receive_time()) - kClockSkewMax) {
    return InvalidFields({{"attempt.attempt_time", "must not be before the signal was received"}});
  }
  return AddAttempt(c, number, clear_attempt, {time, time}, now);
}

absl::Status RecordFirstAttempt(Case* c, uint32_t number, const v1::ContactAttempt& clear_attempt,
                                absl::Time now) {
  const absl::Time time =
      clear_attempt.has_attempt_time() ? TimeOf(clear_attempt.attempt_time()) : now;
  return AddAttempt(c, number, clear_attempt, {time, now}, now);
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
    if (!ConsentCovers(*c, added.organisation)) return ConsentMissing();
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

bool IsOverdue(const v1::Referral& referral, absl::Time now) {
  return IsLive(referral.state()) && !referral.has_contact_time() && referral.has_contact_by() &&
         TimeOf(referral.contact_by()) < now;
}

}  // namespace omzien::domain
