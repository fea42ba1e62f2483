#include "tests/server/domain/case_sequences.h"

#include <utility>

#include "google/protobuf/descriptor.h"
#include "omzien/v1/field_rules.pb.h"
#include "server/domain/case_rules.h"
#include "server/domain/no_contact.h"
#include "tests/server/domain/case_fixtures.h"
#include "tests/server/domain/property_cases.h"

namespace omzien::domain::testing {
namespace {

using storage::v1::ReferralRecord;
using storage::v1::SealedEntry;
using storage::v1::SealedText;

// Any value that says something.
template <typename Enum>
Enum AnyOf(int max) {
  return static_cast<Enum>(1 + UpTo(max - 1));
}

std::string OneOf(const std::vector<std::string>& of) {
  return of[static_cast<size_t>(UpTo(static_cast<int>(of.size()) - 1))];
}

NewReferral AnyReferral() {
  const std::string organisation = OneOf({"team", "visitors", "walkers"});
  if (UpTo(2) == 0) return ForFirstContact(organisation);
  return ForOffer(organisation, OneOf({"visit", "walk"}));
}

v1::Consent AnyConsent() {
  v1::Consent consent = UpTo(1) == 0 ? ConsentTo({}) : ConsentTo({OneOf({"visitors", "walkers"})});
  if (UpTo(4) == 0) *consent.mutable_withdraw_time() = TimestampOf(kReceived);
  for (int scope = 1; scope <= v1::ConsentScope_MAX; ++scope) {
    if (UpTo(2) == 0) consent.add_what(static_cast<v1::ConsentScope>(scope));
  }
  return consent;
}

// Everything that an attempt may say, now and then; reached as often as all else together.
v1::ContactAttempt AnyAttempt() {
  v1::ContactAttempt attempt = Attempt(AnyOf<v1::ContactWith>(v1::ContactWith_MAX),
                                       AnyOf<v1::ContactChannel>(v1::ContactChannel_MAX),
                                       AnyOf<v1::ContactResult>(v1::ContactResult_MAX));
  if (UpTo(1) == 0) attempt.set_with(v1::CONTACT_WITH_PERSON);
  if (UpTo(1) == 0) attempt.set_result(v1::CONTACT_RESULT_REACHED);
  if (UpTo(1) == 0) attempt.set_direction(AnyOf<v1::ContactDirection>(v1::ContactDirection_MAX));
  if (UpTo(3) == 0) attempt.set_need_learnt(AnyOf<v1::Need>(v1::Need_MAX));
  if (UpTo(3) == 0) attempt.set_language_learnt(OneOf({"nl", "ti"}));
  if (UpTo(3) == 0) attempt.add_target_groups_learnt(OneOf({"ouderen", "studenten"}));
  if (UpTo(3) == 0) {
    attempt.set_district_learnt("municipalities/GM9901/districts/" +
                                OneOf({"WK990101", "WK990102"}));
  }
  if (UpTo(3) == 0) attempt.set_wmo_report(AnyOf<v1::WmoReport>(v1::WmoReport_MAX));
  attempt.set_signaller_may_know(UpTo(5) == 0);
  attempt.set_moved_out_of_municipality(UpTo(9) == 0);
  return attempt;
}

void MarkIdentifying(google::protobuf::Message* message, const std::string& path) {
  const google::protobuf::Reflection& reflection = *message->GetReflection();
  for (int i = 0; i < message->GetDescriptor()->field_count(); ++i) {
    const google::protobuf::FieldDescriptor* field = message->GetDescriptor()->field(i);
    const std::string name = path + field->name();
    // The question has an entry of its own.
    if (field->is_repeated() || field->name() == "question") continue;
    if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) {
      if (field->message_type()->full_name().starts_with("omzien.v1.")) {
        MarkIdentifying(reflection.MutableMessage(message, field), name + ".");
      }
    } else if (field->options().GetExtension(v1::rules).privacy() ==
               v1::PRIVACY_CLASS_IDENTIFYING) {
      reflection.SetString(message, field, kMark + name);
    }
  }
}

}  // namespace

AnyCase AnyCase::New() {
  AnyCase any;
  any.record = NewCase();
  v1::Signal* const signal = any.record.mutable_signal();
  signal->set_signaller_kind(AnyOf<v1::SignallerKind>(v1::SignallerKind_MAX));
  signal->set_urgency(UpTo(4) == 0 ? v1::URGENCY_ACUTE : v1::URGENCY_ORDINARY);
  if (UpTo(4) == 0) signal->set_wmo_report(v1::WMO_REPORT_POSSIBLE);
  any.record.set_signaller_may_know(UpTo(3) == 0);
  MarkIdentifying(any.sealed.emplace_back().mutable_signal(), "");
  return any;
}

std::string AnyCase::Marked(const std::string& what) const {
  return kMark + what + " " + std::to_string(sealed.size());
}

void AnyCase::SealText(SealedText::Kind kind, uint32_t number, const std::string& text) {
  SealedEntry& entry = sealed.emplace_back();
  entry.set_referral_number(number);
  entry.mutable_text()->set_kind(kind);
  entry.mutable_text()->set_text(text);
}

absl::Status AnyCase::Step(absl::Time now) {
  // What ends most cases is seldom, so that the others are seen.
  const bool is_over = !IsOpen(record.signal().state());
  if ((is_over && UpTo(3) == 0) || UpTo(40) == 0) return EndOrReopen(now);
  // What may be a report under the Wmo isn't closed so: whoever asks for it sees to that.
  if (IsConnected(record) && record.signal().wmo_report() != v1::WMO_REPORT_POSSIBLE &&
      UpTo(1) == 0) {
    return CloseAsConnected(&record, now);
  }
  switch (UpTo(11)) {
    case 0:
    case 1:
      return AddReferral(&record, AnyReferral(), now);
    case 2:
      return RecordConsent(&record, AnyConsent(), now);
    case 3:
      return Answer(now);
    case 4: {
      if (UpTo(1) == 0) return SayNoOrEndIt(now);
      Proposed proposed;
      proposed.degree = AnyOf<v1::UnmetDegree>(v1::UnmetDegree_MAX);
      if (UpTo(1) == 0) proposed.full_offers = {"visit"};
      SetProposed(&record, std::move(proposed), absl::ToCivilDay(now, absl::UTCTimeZone()));
      MarkChanged(&record, now);
      return absl::OkStatus();
    }
    default:
      return OnReferral(static_cast<uint32_t>(1 + UpTo(record.referrals_size())), now);
  }
}

// As a part of a step that does more: neither can fail.
absl::Status AnyCase::SayNoOrEndIt(absl::Time now) {
  if (UpTo(2) == 0) {
    EndNo(&record, "", now);
  } else {
    storage::v1::NoContact no;
    *no.mutable_say_time() = TimestampOf(now);
    *no.mutable_expire_time() = TimestampOf(now + absl::Minutes(1 + UpTo(20)));
    SayNo(&record, std::move(no));
  }
  MarkChanged(&record, now);
  return absl::OkStatus();
}

absl::Status AnyCase::EndOrReopen(absl::Time now) {
  if (UpTo(1) == 0) return Reopen(&record, now);
  const bool withdraws = UpTo(1) == 0;
  const absl::Status ended = withdraws
                                 ? Withdraw(&record, now)
                                 : Redirect(&record, AnyOf<v1::WmoReport>(v1::WmoReport_MAX), now);
  if (ended.ok()) {
    SealText(withdraws ? SealedText::KIND_WITHDRAWAL : SealedText::KIND_REDIRECTION, 0,
             Marked("ending"));
  }
  return ended;
}

absl::Status AnyCase::OnReferral(uint32_t number, absl::Time now) {
  switch (UpTo(15)) {
    case 0:
    case 1:
      return Accept(&record, number, now);
    case 2: {
      const absl::Status declined =
          Decline(&record, number, AnyOf<v1::DeclineReason>(v1::DeclineReason_MAX), now);
      if (declined.ok()) SealText(SealedText::KIND_DECLINE, number, Marked("decline"));
      return declined;
    }
    case 3:
      return Waitlist(&record, number, nullptr, now);
    case 4:
      return Fail(&record, number, AnyOf<v1::FailReason>(v1::FailReason_MAX), now);
    case 5:
      return HandOverTo(number, now);
    case 6:
      return Expire(&record, number, now);
    case 7:
      if (UpTo(2) == 0) return BringForward(&record, number, now + absl::Hours(UpTo(9)), now);
      return Escalate(&record, number, now);
    case 8:
      return Ask(number, now);
    case 12:
      return TakeBack(&record, number, now);
    case 9:
    case 10:
      return Place(&record, number, {AnyReferral(), AnyReferral()}, now);
    case 11:
      return Complete(&record, number, AnyOf<v1::Outcome>(v1::Outcome_MAX), ThreeOverTwo(), now,
                      now);
    default:
      return Try(number, now);
  }
}

absl::Status AnyCase::Try(uint32_t number, absl::Time now) {
  const absl::Status tried = RecordAttempt(&record, number, AnyAttempt(), now);
  if (!tried.ok()) return tried;
  SealedEntry entry;
  entry.set_referral_number(number);
  const auto index = FindReferral(record, number)->referral().attempts_size() - 1;
  entry.mutable_attempt()->set_index(static_cast<uint32_t>(index));
  entry.mutable_attempt()->mutable_attempt()->set_note(Marked("note"));
  sealed.push_back(std::move(entry));
  return tried;
}

absl::Status AnyCase::Ask(uint32_t number, absl::Time now) {
  const absl::Status asked = AskSignaller(&record, number, now + absl::Minutes(8), now);
  if (asked.ok()) SealText(SealedText::KIND_QUESTION, number, Marked("question"));
  return asked;
}

absl::Status AnyCase::Answer(absl::Time now) {
  const absl::Status answered = AnswerQuestion(&record, now);
  if (!answered.ok()) return answered;
  SealedEntry entry;
  entry.mutable_answer()->set_text(Marked("answer"));
  if (UpTo(1) == 0) entry.mutable_answer()->mutable_reach()->set_phone(Marked("phone"));
  sealed.push_back(std::move(entry));
  return answered;
}

absl::Status AnyCase::HandOverTo(uint32_t number, absl::Time now) {
  const ReferralRecord* const found = FindReferral(record, number);
  NewReferral successor = AnyReferral();
  // Half of the time one that may be.
  if (found != nullptr && UpTo(1) == 0) {
    successor = found->referral().offer().empty() ? ForFirstContact("walkers")
                                                  : ForOffer("walkers", "walk");
  }
  const absl::Status handed = HandOver(&record, number, std::move(successor), now);
  if (handed.ok()) {
    SealText(SealedText::KIND_HAND_OVER, FindReferral(record, number)->successor(),
             Marked("hand-over"));
  }
  return handed;
}

}  // namespace omzien::domain::testing
