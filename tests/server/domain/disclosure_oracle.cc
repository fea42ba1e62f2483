#include "tests/server/domain/disclosure_oracle.h"

#include <algorithm>
#include <vector>

#include "server/domain/times.h"
#include "tests/server/domain/case_fixtures.h"

namespace omzien::domain::testing {
namespace {

using storage::v1::SealedText;

bool IsAnyOf(int state, std::initializer_list<int> states) {
  return std::find(states.begin(), states.end(), state) != states.end();
}

bool OpenStill(const AnyCase& any) {
  return !IsAnyOf(
      any.record.signal().state(),
      {v1::SIGNAL_STATE_CLOSED, v1::SIGNAL_STATE_WITHDRAWN, v1::SIGNAL_STATE_REDIRECTED,
       v1::SIGNAL_STATE_MERGED, v1::SIGNAL_STATE_ENTERED_IN_ERROR, v1::SIGNAL_STATE_ERASED});
}

bool Under(const v1::Referral& referral) {
  return IsAnyOf(referral.state(), {v1::REFERRAL_STATE_ASSIGNED, v1::REFERRAL_STATE_ACCEPTED,
                                    v1::REFERRAL_STATE_WAITLISTED, v1::REFERRAL_STATE_IN_PROGRESS});
}

bool IsFirst(const v1::Referral& referral) {
  return referral.purpose() == v1::REFERRAL_PURPOSE_FIRST_CONTACT;
}

// A referral that this onlooker's organisation has, or had, in this role.
bool IsIts(const v1::Referral& referral, const Onlooker& onlooker) {
  return referral.organisation() == Org(onlooker.organisation) &&
         onlooker.role == (IsFirst(referral) ? Role::kFirstContact : Role::kReceiver);
}

// "first contact, while it has the case or completed its part", as PLACED, of an open signal.
bool CallsFirst(const AnyCase& any, const Onlooker& onlooker) {
  return OpenStill(any) &&
         std::any_of(any.record.referrals().begin(), any.record.referrals().end(),
                     [&](const auto& item) {
                       const v1::Referral& referral = item.referral();
                       return IsIts(referral, onlooker) && IsFirst(referral) &&
                              (Under(referral) || referral.outcome() == v1::OUTCOME_PLACED);
                     });
}

// Of the signal as it was submitted, with the number that an answer brought since.
Texts SignalTexts(const AnyCase& any, const std::vector<std::string>& beginnings) {
  Texts texts;
  std::string phone = "@reach.phone";
  for (const auto& entry : any.sealed) {
    if (entry.answer().has_reach()) phone = entry.answer().reach().phone();
  }
  for (const std::string& text : MarkedTexts(any.sealed.front())) {
    const bool is_in = std::any_of(
        beginnings.begin(), beginnings.end(),
        [&](const std::string& beginning) { return text.starts_with(kMark + beginning); });
    if (is_in) texts.insert(text == "@reach.phone" ? phone : text);
  }
  return texts;
}

const std::vector<std::string> kEverything = {""};
// Without the reference that a partner's system gave the signal: it says nothing of the person.
const std::vector<std::string> kOfThePerson = {"reach.", "place.", "own_words", "current_support.",
                                               "preferred_time"};

// Question and answer; the last ones only, or all, with what an answer said of how to reach.
Texts QuestionTexts(const AnyCase& any, bool all, bool answers, bool reaches) {
  Texts texts;
  for (const auto& entry : any.sealed) {
    if (entry.text().kind() == SealedText::KIND_QUESTION) {
      if (!all) texts.clear();
      texts.insert(entry.text().text());
    }
    if (entry.has_answer() && answers) texts.insert(entry.answer().text());
    if (entry.answer().has_reach() && reaches) texts.insert(entry.answer().reach().phone());
  }
  return texts;
}

// Notes of one's own attempts, and the one it was handed over with.
void AddNotes(const AnyCase& any, uint32_t number, Texts* texts) {
  for (const auto& entry : any.sealed) {
    if (entry.referral_number() != number) continue;
    if (entry.has_attempt()) texts->insert(entry.attempt().attempt().note());
    if (entry.text().kind() == SealedText::KIND_HAND_OVER) texts->insert(entry.text().text());
  }
}

// What the person agreed to share with an organisation; empty where there is no yes in force.
std::set<int> Agreed(const AnyCase& any, const std::string& organisation) {
  if (!any.record.has_consent() || any.record.consent().has_withdraw_time()) return {};
  const v1::Consent& consent = any.record.consent();
  const auto& to = consent.to_whom();
  if (!to.empty() && std::find(to.begin(), to.end(), organisation) == to.end()) return {};
  if (!consent.what().empty()) return {consent.what().begin(), consent.what().end()};
  return {v1::CONSENT_SCOPE_CONTACT_DETAILS, v1::CONSENT_SCOPE_SITUATION};
}

}  // namespace

Texts MarkedTexts(const google::protobuf::Message& message) {
  using google::protobuf::FieldDescriptor;
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  Texts texts;
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const int size = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < size; ++i) {
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        texts.merge(MarkedTexts(field->is_repeated()
                                    ? reflection.GetRepeatedMessage(message, field, i)
                                    : reflection.GetMessage(message, field)));
      } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
        const std::string text = field->is_repeated()
                                     ? reflection.GetRepeatedString(message, field, i)
                                     : reflection.GetString(message, field);
        if (text.starts_with(kMark)) texts.insert(text);
      }
    }
  }
  return texts;
}

Texts MaySeeOfSignal(const AnyCase& any, const Onlooker& onlooker, absl::Time now) {
  if (CallsFirst(any, onlooker)) {
    Texts texts = SignalTexts(any, kEverything);
    texts.merge(QuestionTexts(any, /*all=*/false, /*answers=*/true, /*reaches=*/false));
    return texts;
  }
  const v1::Signal& signal = any.record.signal();
  const bool asked = onlooker.role == Role::kSignaller && onlooker.organisation == "shop" &&
                     OpenStill(any) && !signal.has_withdraw_remark_time() &&
                     signal.has_question() && !signal.question().has_answer_time() &&
                     now < TimeOf(signal.question().lapse_time());
  return asked ? QuestionTexts(any, /*all=*/false, /*answers=*/false, /*reaches=*/false) : Texts();
}

Texts MaySeeOfReferral(const AnyCase& any, uint32_t number, const Onlooker& onlooker) {
  const v1::Referral& referral = any.record.referrals(static_cast<int>(number) - 1).referral();
  const bool is_its = IsIts(referral, onlooker);
  Texts texts;
  if (CallsFirst(any, onlooker)) {
    texts = SignalTexts(any, kOfThePerson);
    texts.merge(QuestionTexts(any, /*all=*/true, /*answers=*/true, /*reaches=*/true));
  } else if (is_its && !IsFirst(referral) && Under(referral)) {
    const std::set<int> agreed = Agreed(any, referral.organisation());
    if (agreed.empty()) return texts;
    std::vector<std::string> beginnings;
    if (agreed.contains(v1::CONSENT_SCOPE_CONTACT_DETAILS)) beginnings = {"reach.", "place."};
    if (agreed.contains(v1::CONSENT_SCOPE_SITUATION)) {
      beginnings.insert(beginnings.end(), {"current_support.", "preferred_time"});
    }
    if (agreed.contains(v1::CONSENT_SCOPE_SIGNALLERS_WORDS)) beginnings.push_back("own_words");
    texts = SignalTexts(any, beginnings);
  } else {
    return texts;
  }
  if (is_its) AddNotes(any, number, &texts);
  return texts;
}

bool SeesNo(const AnyCase& any, uint32_t number, const Onlooker& onlooker, absl::Time now) {
  const auto& no = any.record.no_contact();
  const bool holds = any.record.has_no_contact() && !no.has_end_time() &&
                     TimeOf(no.say_time()) <= now && now < TimeOf(no.expire_time());
  const bool has_or_completed = std::any_of(
      any.record.referrals().begin(), any.record.referrals().end(), [&](const auto& item) {
        const v1::Referral& referral = item.referral();
        return IsIts(referral, onlooker) && IsFirst(referral) &&
               (Under(referral) || referral.state() == v1::REFERRAL_STATE_COMPLETED);
      });
  const v1::Referral& shown = any.record.referrals(static_cast<int>(number) - 1).referral();
  return holds && IsFirst(shown) && (onlooker.role == Role::kCoordinator || has_or_completed);
}

}  // namespace omzien::domain::testing
