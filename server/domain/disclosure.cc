#include "server/domain/disclosure.h"

#include <algorithm>
#include <string>

#include "server/domain/case_rules.h"
#include "server/domain/lifecycle.h"
#include "server/domain/names.h"
#include "server/domain/no_contact.h"
#include "server/domain/privacy.h"

namespace omzien::domain {
namespace {

using storage::v1::Case;
using storage::v1::ReferralRecord;

bool IsFirstContact(const v1::Referral& referral) {
  return referral.purpose() == v1::REFERRAL_PURPOSE_FIRST_CONTACT;
}

bool ForFirstContact(const v1::Referral& referral) {
  return IsFirstContact(referral) &&
         (IsLive(referral.state()) || referral.state() == v1::REFERRAL_STATE_COMPLETED);
}

// The record should hold no identifying field; if one ever did, it would not leave by this door.
template <typename Message>
Message ClearOf(const Message& message) {
  Message clear = message;
  Message dropped;
  MoveIdentifying(&clear, &dropped);
  return clear;
}

bool SeesAll(const Relations& relations) {
  return relations.Has(Relation::kCoordinator) || relations.Has(Relation::kFirstContact);
}

void AddIdentity(const Case& c, v1::Signal* signal) {
  signal->set_name(SignalName(c.municipality(), c.id()));
  signal->set_reference(ReferenceOf(c.id()));
  *signal->mutable_receive_time() = c.signal().receive_time();
}

bool MayHearOfContact(const Case& c) {
  const v1::SignallerKind kind = c.signal().signaller_kind();
  const bool only_if_agreed = kind == v1::SIGNALLER_KIND_SHOPKEEPER ||
                              kind == v1::SIGNALLER_KIND_RESIDENT ||
                              kind == v1::SIGNALLER_KIND_UNSPECIFIED;
  return c.signaller_may_know() || !only_if_agreed;
}

bool WasWithdrawn(const Case& c) {
  return c.signal().state() == v1::SIGNAL_STATE_WITHDRAWN || c.signal().has_withdraw_remark_time();
}

// Name, reference, coarse status, who calls; of oneself also with which organisation and when.
void AddSignallersView(const Case& c, absl::Time now, v1::Signal* signal) {
  AddIdentity(c, signal);
  signal->set_question_waits(QuestionWaits(c, now));
  signal->set_status(SignallerStatusOf(c));
  if (MayHearOfContact(c) && c.signal().has_withdraw_remark_time()) {
    *signal->mutable_withdraw_remark_time() = c.signal().withdraw_remark_time();
  }
  // Who withdrew hears of nobody who calls: a later change of who that is would tell of contact.
  const bool hides_who = WasWithdrawn(c) && !MayHearOfContact(c);
  const v1::FirstContact& who = ToldFirstContact(c);
  if (who.display_name().empty() || hides_who) return;
  signal->mutable_first_contact()->set_display_name(who.display_name());
  if (c.signal().signaller_kind() == v1::SIGNALLER_KIND_SELF) {
    signal->mutable_first_contact()->set_organisation(who.organisation());
    if (who.has_contact_by()) {
      *signal->mutable_first_contact()->mutable_contact_by() = who.contact_by();
    }
  }
}

void AddReceiversView(const Case& c, const Relations& relations, v1::Signal* signal) {
  AddIdentity(c, signal);
  signal->set_need(c.signal().need());
  *signal->mutable_districts() = c.signal().districts();
  for (const uint32_t number : relations.own_referrals) {
    signal->add_referrals(ReferralName(c.municipality(), c.id(), number));
  }
}

v1::Signal WholeSignal(const Case& c, absl::Time now) {
  v1::Signal signal = ClearOf(c.signal());
  signal.set_state(StateAt(c, now));
  signal.set_question_waits(QuestionWaits(c, now));
  AddIdentity(c, &signal);
  signal.set_status(SignallerStatusOf(c));
  signal.set_etag(EtagOf(c.version()));
  signal.clear_consent();
  if (c.has_consent()) *signal.mutable_consent() = c.consent();
  signal.clear_referrals();
  for (const ReferralRecord& record : c.referrals()) {
    signal.add_referrals(ReferralName(c.municipality(), c.id(), record.number()));
  }
  return signal;
}

// What it says counts beside, or instead of, what was said at first.
void AddAnswer(const storage::v1::SealedAnswer& answer, PersonSource* source) {
  source->signal.mutable_reach()->MergeFrom(answer.reach());
  if (answer.place_applied()) {
    // What is clear of it stands in the record, where contact may have learnt better.
    v1::Place clear = answer.place();
    source->signal.clear_place();
    MoveIdentifying(&clear, source->signal.mutable_place());
  }
  if (source->questions.empty()) return;
  v1::QuestionAndAnswer& question = source->questions.back();
  question.set_answer(answer.text());
  if (answer.has_reach()) *question.mutable_reach() = answer.reach();
  if (answer.has_place()) *question.mutable_place() = answer.place();
}

// The texts of the last question; the answer is not for the signaller who gave it.
void OpenQuestion(const PersonSource& person, bool with_answer, v1::SignalQuestion* question) {
  if (person.questions.empty()) return;
  question->set_text(person.questions.back().question());
  if (with_answer) question->set_answer(person.questions.back().answer());
}

bool IsOwn(const Relations& relations, uint32_t number) {
  return relations.own_referrals.contains(number);
}

// What a receiver of an offer referral may open, by the consent's scopes.
void AddByScopes(const std::set<v1::ConsentScope>& scopes, const v1::Signal& whole,
                 v1::PersonDetails* details) {
  if (scopes.contains(v1::CONSENT_SCOPE_CONTACT_DETAILS)) {
    *details->mutable_reach() = whole.reach();
    *details->mutable_place() = whole.place();
  }
  if (scopes.contains(v1::CONSENT_SCOPE_SITUATION)) {
    if (whole.has_current_support()) *details->mutable_current_support() = whole.current_support();
    details->set_preferred_time(whole.preferred_time());
    details->set_age_band(whole.age_band());
    details->set_need(whole.need());
    details->set_language(whole.language());
    details->set_household(whole.household());
    if (whole.has_circumstances()) *details->mutable_circumstances() = whole.circumstances();
    *details->mutable_target_groups() = whole.target_groups();
    *details->mutable_life_events() = whole.life_events();
    details->set_person_knows(whole.person_knows());
  }
  if (scopes.contains(v1::CONSENT_SCOPE_SIGNALLERS_WORDS)) {
    details->set_own_words(whole.own_words());
  }
}

std::set<v1::ConsentScope> GrantedScopes(const Case& c, const v1::Referral& referral,
                                         const Relations& relations) {
  if (!MayOpenSignal(c, relations)) return ScopesFor(c, referral.organisation());
  return {v1::CONSENT_SCOPE_CONTACT_DETAILS, v1::CONSENT_SCOPE_SITUATION,
          v1::CONSENT_SCOPE_SIGNALLERS_WORDS};
}

void OpenPerson(const Case& c, uint32_t number, const Relations& relations,
                const PersonSource& person, v1::Referral* shown) {
  v1::Signal whole = c.signal();
  whole.MergeFrom(person.signal);
  AddByScopes(GrantedScopes(c, *shown, relations), whole, shown->mutable_person());
  if (MayOpenSignal(c, relations)) {
    shown->mutable_person()->mutable_questions()->Assign(person.questions.begin(),
                                                         person.questions.end());
  }
  // Notes are for those who wrote them.
  if (!IsOwn(relations, number)) return;
  if (const auto note = person.hand_over_notes.find(number); note != person.hand_over_notes.end()) {
    shown->mutable_person()->set_hand_over_note(note->second);
  }
  for (int i = 0; i < shown->attempts_size(); ++i) {
    const auto sealed = person.attempts.find({number, static_cast<uint32_t>(i)});
    if (sealed != person.attempts.end()) shown->mutable_attempts(i)->MergeFrom(sealed->second);
  }
}

// From an organisation with its own referral only: what the consent doesn't cover, and, once its
// part has ended, what becomes of the case.
void HideSituation(const Case& c, v1::Referral* shown) {
  shown->clear_proposals();
  shown->clear_earlier_no();
  if (!ScopesFor(c, shown->organisation()).contains(v1::CONSENT_SCOPE_SITUATION)) {
    shown->clear_reason();
    shown->clear_urgency();
    shown->clear_wmo_report();
  }
  if (!IsLive(shown->state())) {
    shown->clear_need();
    shown->clear_districts();
    shown->clear_consent_given();
    shown->clear_urgency();
    shown->clear_wmo_report();
    shown->clear_ask_first();
    shown->clear_ask_first_display_name();
    shown->clear_ask_first_contact();
  }
}

}  // namespace

Relations RelationsTo(const Case& c, const Caller& caller) {
  Relations relations;
  const std::string& municipality = c.municipality();
  const auto signals_for = caller.OrganisationsAs(municipality, Role::kSignaller);
  const auto first_contact_for = caller.OrganisationsAs(municipality, Role::kFirstContact);
  const auto receives_for = caller.OrganisationsAs(municipality, Role::kReceiver);
  if (signals_for.contains(std::string(LastSegment(c.signal().organisation())))) {
    relations.kinds.insert(Relation::kSignaller);
  }
  if (caller.Has(municipality, Role::kCoordinator)) relations.kinds.insert(Relation::kCoordinator);
  for (const ReferralRecord& record : c.referrals()) {
    const v1::Referral& referral = record.referral();
    const auto& organisations = IsFirstContact(referral) ? first_contact_for : receives_for;
    if (!organisations.contains(std::string(LastSegment(referral.organisation())))) continue;
    relations.own_referrals.insert(record.number());
    relations.kinds.insert(ForFirstContact(referral) ? Relation::kFirstContact
                                                     : Relation::kReceiver);
  }
  return relations;
}

Relations AsSignaller() {
  Relations relations;
  relations.kinds.insert(Relation::kSignaller);
  return relations;
}

bool MayAct(const Relations& relations, uint32_t number) { return IsOwn(relations, number); }

bool MayTakeBack(const Case& c, const Relations& relations, uint32_t number) {
  if (relations.Has(Relation::kCoordinator)) return true;
  const ReferralRecord* record = FindReferral(c, number);
  if (record == nullptr) return false;
  if (IsFirstContact(record->referral())) {
    return record->handed_over_by_holder() && IsOwn(relations, record->predecessor()) &&
           Next(record->referral().state(), ReferralEvent::kTakeBack).ok();
  }
  const v1::Referral* by = OpensSignalBy(c, relations);
  return by != nullptr && !IsOfBeforeReopening(c, *by);
}

bool MaySeeSignal(const Relations& relations) { return !relations.None(); }

bool MaySeeReferral(const Relations& relations, uint32_t number) {
  return SeesAll(relations) || IsOwn(relations, number);
}

const v1::Referral* OpensSignalBy(const Case& c, const Relations& relations) {
  if (!relations.Has(Relation::kFirstContact) || !IsOpen(c.signal().state())) return nullptr;
  const v1::Referral* placed = nullptr;
  for (const ReferralRecord& record : c.referrals()) {
    const v1::Referral& referral = record.referral();
    if (!IsOwn(relations, record.number()) || !IsFirstContact(referral)) continue;
    if (IsLive(referral.state())) return &referral;
    if (referral.outcome() == v1::OUTCOME_PLACED) placed = &referral;
  }
  return placed;
}

const v1::Referral* OpensReferralBy(const Case& c, uint32_t number, const Relations& relations) {
  const ReferralRecord* record = FindReferral(c, number);
  if (record == nullptr) return nullptr;
  const v1::Referral* by = OpensSignalBy(c, relations);
  if (by != nullptr) return by;
  const v1::Referral& referral = record->referral();
  const bool opens = IsOwn(relations, number) && !IsFirstContact(referral) &&
                     IsLive(referral.state()) && ConsentCovers(c, referral.organisation());
  return opens ? &referral : nullptr;
}

bool MayOpenSignal(const Case& c, const Relations& relations) {
  return OpensSignalBy(c, relations) != nullptr;
}

bool MayOpenReferral(const Case& c, uint32_t number, const Relations& relations) {
  return OpensReferralBy(c, number, relations) != nullptr;
}

bool MayOpenQuestion(const Case& c, const Relations& relations, absl::Time now) {
  return relations.Has(Relation::kSignaller) && QuestionWaits(c, now);
}

PersonSource SourceOf(const std::vector<storage::v1::SealedEntry>& entries) {
  PersonSource source;
  for (const storage::v1::SealedEntry& entry : entries) {
    if (entry.has_signal()) {
      source.signal = entry.signal();
    } else if (entry.has_attempt()) {
      source.attempts[{entry.referral_number(), entry.attempt().index()}] =
          entry.attempt().attempt();
    } else if (entry.text().kind() == storage::v1::SealedText::KIND_HAND_OVER) {
      source.hand_over_notes[entry.referral_number()] = entry.text().text();
    } else if (entry.text().kind() == storage::v1::SealedText::KIND_QUESTION) {
      source.questions.emplace_back().set_question(entry.text().text());
    } else if (entry.has_answer()) {
      AddAnswer(entry.answer(), &source);
    }
  }
  return source;
}

const v1::FirstContact& ToldFirstContact(const Case& c) {
  return c.has_told_first_contact() ? c.told_first_contact() : c.signal().first_contact();
}

v1::SignallerStatus SignallerStatusOf(const Case& c) {
  const v1::Signal& signal = c.signal();
  if (!IsOpen(signal.state())) return v1::SIGNALLER_STATUS_CLOSED;
  if (WasWithdrawn(c) && !MayHearOfContact(c)) return v1::SIGNALLER_STATUS_CLOSED;
  if (signal.has_contact_time() && MayHearOfContact(c)) return v1::SIGNALLER_STATUS_CONTACT_MADE;
  return c.has_pick_up_time() ? v1::SIGNALLER_STATUS_PICKED_UP : v1::SIGNALLER_STATUS_RECEIVED;
}

v1::Signal SignalFor(const Case& c, const Relations& relations, const PersonSource* person,
                     absl::Time now) {
  v1::Signal signal;
  if (SeesAll(relations)) {
    signal = WholeSignal(c, now);
    if (person != nullptr && MayOpenSignal(c, relations)) {
      signal.MergeFrom(person->signal);
      if (signal.has_question()) OpenQuestion(*person, true, signal.mutable_question());
    } else if (person != nullptr && MayOpenQuestion(c, relations, now)) {
      OpenQuestion(*person, false, signal.mutable_question());
    }
  } else {
    if (relations.Has(Relation::kSignaller)) AddSignallersView(c, now, &signal);
    if (person != nullptr && MayOpenQuestion(c, relations, now)) {
      *signal.mutable_question() = ClearOf(c.signal().question());
      OpenQuestion(*person, false, signal.mutable_question());
    }
    if (relations.Has(Relation::kReceiver)) AddReceiversView(c, relations, &signal);
  }
  signal.DiscardUnknownFields();
  return signal;
}

v1::SignalStatus SignalStatusFor(const Case& c, const PersonSource* person, absl::Time now) {
  const v1::Signal signal = SignalFor(c, AsSignaller(), person, now);
  v1::SignalStatus status;
  status.set_status(signal.status());
  if (signal.has_first_contact()) *status.mutable_first_contact() = signal.first_contact();
  status.set_question_waits(signal.question_waits());
  if (signal.has_question()) *status.mutable_question() = signal.question();
  *status.mutable_receive_time() = signal.receive_time();
  status.set_reference(signal.reference());
  return status;
}

v1::Referral ReferralFor(const Case& c, uint32_t number, const Relations& relations, absl::Time now,
                         const PersonSource* person) {
  const ReferralRecord* record = FindReferral(c, number);
  if (record == nullptr || !MaySeeReferral(relations, number)) return {};
  v1::Referral shown = record->referral();
  for (v1::ContactAttempt& attempt : *shown.mutable_attempts()) attempt = ClearOf(attempt);
  shown.set_name(ReferralName(c.municipality(), c.id(), number));
  shown.set_signal(SignalName(c.municipality(), c.id()));
  shown.set_reference(ReferenceOf(c.id()));
  shown.set_etag(EtagOf(record->version()));
  if (record->predecessor() > 0) {
    shown.set_handed_over_from(ReferralName(c.municipality(), c.id(), record->predecessor()));
  }
  if (record->successor() > 0) {
    shown.set_handed_over_to(ReferralName(c.municipality(), c.id(), record->successor()));
  }
  shown.set_overdue(IsOverdue(shown, now));
  shown.set_need(c.signal().need());
  shown.set_urgency(c.signal().urgency());
  shown.set_wmo_report(c.signal().wmo_report());
  *shown.mutable_districts() = c.signal().districts();
  if (IsFirstContact(shown)) *shown.mutable_proposals() = c.signal().proposals();
  shown.clear_earlier_no();
  if (const auto no = NoInForce(c, now); no.has_value() && IsFirstContact(shown)) {
    *shown.mutable_earlier_no() = *no;
  }
  const bool consent_to_first_contact =
      IsFirstContact(shown) && c.signal().signaller_kind() == v1::SIGNALLER_KIND_SELF;
  shown.set_consent_given(consent_to_first_contact || ConsentCovers(c, shown.organisation()));
  if (!SeesAll(relations)) HideSituation(c, &shown);
  shown.clear_person();
  if (person != nullptr && MayOpenReferral(c, number, relations)) {
    OpenPerson(c, number, relations, *person, &shown);
  }
  // Should the record hold what this contract doesn't know, nobody can tell whom it identifies.
  shown.DiscardUnknownFields();
  return shown;
}

}  // namespace omzien::domain
