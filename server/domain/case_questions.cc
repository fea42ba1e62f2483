// Of case_rules.h, what the signaller is asked and answers.

#include "server/domain/case_rules.h"
#include "server/domain/case_steps.h"

namespace omzien::domain {
namespace {

using internal::Full;
using internal::NoSuchReferral;
using internal::Refuse;
using internal::Touch;
using internal::TouchCase;
using internal::WrongPurpose;
using storage::v1::Case;
using storage::v1::ReferralRecord;

bool HasLapsed(const Case& c, absl::Time now) {
  return now >= TimeOf(c.signal().question().lapse_time());
}

}  // namespace

bool QuestionWaits(const Case& c, absl::Time now) {
  const v1::Signal& signal = c.signal();
  return signal.has_question() && !signal.question().has_answer_time() && !HasLapsed(c, now) &&
         IsOpen(signal.state()) && !signal.has_withdraw_remark_time();
}

v1::SignalState StateAt(const Case& c, absl::Time now) {
  const v1::SignalState state = c.signal().state();
  return state == v1::SIGNAL_STATE_NEEDS_INFO && HasLapsed(c, now) ? c.asked_in() : state;
}

absl::Status AskSignaller(Case* c, uint32_t number, absl::Time lapse_time, absl::Time now) {
  ReferralRecord* record = FindReferral(c, number);
  if (record == nullptr) return NoSuchReferral();
  const v1::Referral& referral = record->referral();
  if (referral.purpose() != v1::REFERRAL_PURPOSE_FIRST_CONTACT) {
    return WrongPurpose(referral, "only who has the first contact asks the signaller");
  }
  if (!IsLive(referral.state())) {
    return Refuse(v1::ERROR_REASON_WRONG_STATE, "the first contact has ended",
                  {{"state", StateName(referral.state())}});
  }
  const v1::SignalState asked_in = StateAt(*c, now);
  const auto state = Next(asked_in, SignalEvent::kAsk);
  if (!state.ok()) return state.status();
  v1::Signal* signal = c->mutable_signal();
  if (signal->has_withdraw_remark_time()) {
    return Refuse(v1::ERROR_REASON_SIGNALLER_WITHDREW,
                  "the signaller withdrew, and isn't asked any more");
  }
  if (c->questions_asked() >= kQuestionsMax) return Full("questions");
  c->set_asked_in(asked_in);
  c->set_questions_asked(c->questions_asked() + 1);
  signal->set_state(*state);
  signal->clear_question();
  *signal->mutable_question()->mutable_ask_time() = TimestampOf(now);
  *signal->mutable_question()->mutable_lapse_time() = TimestampOf(lapse_time);
  Touch(c, record, now);
  return absl::OkStatus();
}

absl::Status AnswerQuestion(Case* c, absl::Time now) {
  if (!QuestionWaits(*c, now)) {
    return Refuse(v1::ERROR_REASON_NO_QUESTION, "no question waits for an answer");
  }
  v1::Signal* signal = c->mutable_signal();
  if (signal->state() == v1::SIGNAL_STATE_NEEDS_INFO) {
    const bool in_contact = c->asked_in() == v1::SIGNAL_STATE_IN_CONTACT;
    const auto state =
        Next(signal->state(), in_contact ? SignalEvent::kReturn : SignalEvent::kAnswer);
    if (!state.ok()) return state.status();
    signal->set_state(*state);
  }
  *signal->mutable_question()->mutable_answer_time() = TimestampOf(now);
  TouchCase(c, now);
  return absl::OkStatus();
}

}  // namespace omzien::domain
