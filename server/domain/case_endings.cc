// Of case_rules.h, how referrals and signals end, and begin anew.

#include "server/domain/case_rules.h"

#include <algorithm>
#include <set>

#include "server/domain/case_steps.h"
#include "server/domain/no_contact.h"

namespace omzien::domain {
namespace {

using internal::End;
using internal::FirstContactsOf;
using internal::Full;
using internal::NoSuchReferral;
using internal::Refuse;
using internal::Touch;
using internal::TouchCase;
using storage::v1::Case;
using storage::v1::ReferralRecord;

// Whoever reopens the signal asks anew.
void EndQuestion(v1::Signal* signal, absl::Time now) {
  if (!signal->has_question() || now >= TimeOf(signal->question().lapse_time())) return;
  *signal->mutable_question()->mutable_lapse_time() = TimestampOf(now);
}

// The signal ends with that outcome.
absl::Status Close(Case* c, v1::Outcome outcome, absl::Time now) {
  v1::Signal* signal = c->mutable_signal();
  const auto closed = Next(signal->state(), SignalEvent::kClose);
  if (!closed.ok()) return closed.status();
  EndQuestion(signal, now);
  signal->set_state(*closed);
  signal->set_outcome(outcome);
  *signal->mutable_close_time() = TimestampOf(now);
  return absl::OkStatus();
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

// Said in this referral, or before it: then nobody has to ask again.
bool PersonDeclined(const Case& c, const v1::Referral& referral, absl::Time now) {
  return PersonRefused(referral) ||
         (referral.purpose() == v1::REFERRAL_PURPOSE_FIRST_CONTACT && HasSureNo(c, now));
}

absl::Status CheckOutcome(const Case& c, const v1::Referral& referral, v1::Outcome outcome,
                          const v1::UnreachableRule& rule, absl::Time now) {
  if (outcome == v1::OUTCOME_UNREACHABLE) return CheckUnreachable(referral, rule);
  if (outcome == v1::OUTCOME_PERSON_DECLINED && PersonDeclined(c, referral, now)) {
    return absl::OkStatus();
  }
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

absl::Status WmoReportUndecided() {
  return Refuse(v1::ERROR_REASON_WMO_REPORT_UNDECIDED,
                "whether a report under the Wmo is to be made has to be decided first");
}

void CancelLive(Case* c, absl::Time now) {
  for (ReferralRecord& record : *c->mutable_referrals()) {
    const auto cancelled = Next(record.referral().state(), ReferralEvent::kCancel);
    if (!cancelled.ok()) continue;  // it ended before
    End(&record, *cancelled, now);
    record.set_version(record.version() + 1);
  }
}

// The person may have been reached before the signal was reopened; and what is acute or may have
// to be reported isn't dropped because someone thinks better of having signalled.
bool StopsFollowUp(const v1::Signal& signal, v1::SignalState withdrawn) {
  return withdrawn == v1::SIGNAL_STATE_WITHDRAWN && !signal.has_contact_time() &&
         signal.wmo_report() != v1::WMO_REPORT_POSSIBLE && signal.urgency() != v1::URGENCY_ACUTE;
}

}  // namespace

bool IsConnected(const Case& c) {
  if (HasLiveReferral(c)) return false;
  return std::ranges::any_of(c.referrals(), [&c](const ReferralRecord& record) {
    return record.referral().purpose() == v1::REFERRAL_PURPOSE_OFFER &&
           record.referral().outcome() == v1::OUTCOME_CONNECTED &&
           !IsOfBeforeReopening(c, record.referral());
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
  absl::Status allowed = CheckOutcome(*c, record->referral(), outcome, rule, now);
  if (!allowed.ok()) return allowed;
  const bool last = std::ranges::none_of(c->referrals(), [&](const ReferralRecord& other) {
    return other.number() != number && IsLive(other.referral().state());
  });
  const bool undecided = c->signal().wmo_report() == v1::WMO_REPORT_POSSIBLE;
  const bool of_offer = record->referral().purpose() == v1::REFERRAL_PURPOSE_OFFER;
  if (last && undecided && !of_offer) return WmoReportUndecided();
  if (last && !undecided) {
    if (absl::Status status = Close(c, outcome, now); !status.ok()) return status;
  }
  End(record, *state, now);
  record->mutable_referral()->set_outcome(outcome);
  if (outcome == v1::OUTCOME_CONNECTED || outcome == v1::OUTCOME_ALREADY_SUPPORTED) {
    *record->mutable_referral()->mutable_after_check_time() = TimestampOf(after_check);
  }
  Touch(c, record, now);
  return absl::OkStatus();
}

absl::Status Withdraw(Case* c, absl::Time now) {
  v1::Signal* signal = c->mutable_signal();
  const auto state = Next(signal->state(), SignalEvent::kWithdraw);
  if (!state.ok()) return state.status();
  EndQuestion(signal, now);
  if (StopsFollowUp(*signal, *state)) {
    CancelLive(c, now);
    signal->set_state(*state);
    *signal->mutable_close_time() = TimestampOf(now);
  } else if (!signal->has_withdraw_remark_time()) {
    *signal->mutable_withdraw_remark_time() = TimestampOf(now);
  }
  TouchCase(c, now);
  return absl::OkStatus();
}

absl::Status Redirect(Case* c, v1::WmoReport decided, absl::Time now) {
  v1::Signal* signal = c->mutable_signal();
  const auto state = Next(signal->state(), SignalEvent::kRedirect);
  if (!state.ok()) return state.status();
  if (decided != v1::WMO_REPORT_UNSPECIFIED) {
    signal->set_wmo_report(decided);
  } else if (signal->wmo_report() == v1::WMO_REPORT_POSSIBLE) {
    return WmoReportUndecided();
  }
  EndQuestion(signal, now);
  CancelLive(c, now);
  signal->set_state(*state);
  *signal->mutable_close_time() = TimestampOf(now);
  TouchCase(c, now);
  return absl::OkStatus();
}

absl::Status Reopen(Case* c, absl::Time now) {
  v1::Signal* signal = c->mutable_signal();
  const auto state = Next(signal->state(), SignalEvent::kReopen);
  if (!state.ok()) return state.status();
  if (FirstContactsOf(*c) >= kFirstContactsMax) return Full("first contacts");
  // Who withdrew is told no more than before.
  if (signal->state() == v1::SIGNAL_STATE_WITHDRAWN) {
    *signal->mutable_withdraw_remark_time() = signal->close_time();
  }
  signal->set_state(*state);
  signal->clear_outcome();
  c->clear_unmet_since_day();  // it waited for nothing while it was closed
  signal->clear_close_time();
  *signal->mutable_reopen_time() = TimestampOf(now);
  TouchCase(c, now);
  return absl::OkStatus();
}

bool IsOfBeforeReopening(const Case& c, const v1::Referral& referral) {
  return c.signal().has_reopen_time() && referral.has_end_time() &&
         TimeOf(referral.end_time()) <= TimeOf(c.signal().reopen_time());
}

}  // namespace omzien::domain
