#include "client/cli/signal_flags.h"

#include "absl/strings/str_cat.h"
#include "client/cli/times.h"
#include "omzien/v1/field_rules.pb.h"

namespace omzien::cli {
namespace {

using client::Violation;
using google::protobuf::FieldDescriptor;

class Builder {
 public:
  Builder(const Names& names, Lang lang, std::vector<Violation>& violations)
      : names_(names), lang_(lang), violations_(violations) {}

  template <typename Enum>
  Enum Word(const std::string& field, const std::string& word) {
    if (word.empty()) return static_cast<Enum>(0);
    const auto value = Parse<Enum>(word, lang_);
    return Value(field, value, static_cast<Enum>(0));
  }
  std::string Name(const std::string& field, const std::string& collection, const std::string& id) {
    return Value(field, names_.Full(collection, id), std::string());
  }
  template <typename T>
  T Value(const std::string& field, const absl::StatusOr<T>& value, T otherwise) {
    if (value.ok()) return *value;
    violations_.push_back({field, std::string(value.status().message())});
    return otherwise;
  }

 private:
  const Names& names_;
  const Lang lang_;
  std::vector<Violation>& violations_;
};

v1::Reach BuildReach(const SignalFlags& flags) {
  v1::Reach reach;
  reach.set_person_name(flags.name);
  reach.set_phone(flags.phone);
  reach.set_address(flags.address);
  reach.set_email(flags.email);
  reach.set_place_and_time(flags.meet);
  reach.set_through_signaller(flags.through_signaller);
  reach.set_signaller_contact(flags.signaller_contact);
  return reach;
}

v1::Circumstances BuildCircumstances(const CircumstancesFlags& flags, Builder& build) {
  v1::Circumstances circumstances;
  circumstances.set_mobility(build.Word<v1::Mobility>("mobility", flags.mobility));
  circumstances.set_digital_skill(
      build.Word<v1::DigitalSkill>("digital_skill", flags.digital_skill));
  circumstances.set_budget(build.Word<v1::Budget>("budget", flags.budget));
  circumstances.mutable_funding()->Assign(flags.funding.begin(), flags.funding.end());
  return circumstances;
}

bool Reachable(const v1::Reach& reach) {
  return !reach.phone().empty() || !reach.address().empty() || !reach.email().empty() ||
         !reach.place_and_time().empty() || reach.through_signaller();
}

// Code points of valid UTF-8: every byte that doesn't continue one.
uint32_t Characters(const std::string& text) {
  uint32_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return count;
}

void CheckText(const std::string& text, uint32_t max_chars, Lang lang, const std::string& path,
               std::vector<Violation>& violations) {
  if (max_chars == 0 || Characters(text) <= max_chars) return;
  violations.push_back({path, absl::StrCat(Say(lang, "langer dan ", "longer than "), max_chars,
                                           Say(lang, " tekens", " characters"))});
}

void CheckField(const google::protobuf::Message& message, const FieldDescriptor& field, Lang lang,
                const std::string& path, std::vector<Violation>& violations) {
  const auto& reflection = *message.GetReflection();
  const v1::FieldRules& rules = field.options().GetExtension(v1::rules);
  const int count = field.is_repeated() ? reflection.FieldSize(message, &field) : 1;
  if (field.is_repeated() && rules.max_items() > 0 && count > static_cast<int>(rules.max_items())) {
    violations.push_back(
        {path, absl::StrCat(Say(lang, "meer dan ", "more than "), rules.max_items())});
  }
  for (int i = 0; i < count; ++i) {
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      CheckText(field.is_repeated() ? reflection.GetRepeatedString(message, &field, i)
                                    : reflection.GetString(message, &field),
                rules.max_chars(), lang, path, violations);
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      CheckLimits(field.is_repeated() ? reflection.GetRepeatedMessage(message, &field, i)
                                      : reflection.GetMessage(message, &field),
                  lang, path, violations);
    }
  }
}

}  // namespace

v1::Signal BuildSignal(const SignalFlags& flags, const Names& names, Lang lang,
                       std::vector<Violation>& violations) {
  Builder build(names, lang, violations);
  v1::Signal signal;
  *signal.mutable_place() = build.Value("place", names.Place(flags.place), v1::Place());
  *signal.mutable_reach() = BuildReach(flags);
  if (!Reachable(signal.reach())) {
    violations.push_back(
        {"reach", Say(lang,
                      "hoe is de betrokkene te vinden? phone, address, email, meet of "
                      "through-signaller",
                      "how can the person be found? phone, address, email, meet or "
                      "through-signaller")});
  }
  if (flags.words.empty()) {
    violations.push_back(
        {"words", Say(lang, "ontbreekt: wat viel op?", "missing: what was noticed?")});
  }
  signal.set_own_words(flags.words);
  signal.set_need(build.Word<v1::Need>("need", flags.need));
  signal.set_age_band(build.Word<v1::AgeBand>("age", flags.age));
  signal.set_household(build.Word<v1::Household>("household", flags.household));
  if (!flags.CircumstancesFlags::empty()) {
    *signal.mutable_circumstances() = BuildCircumstances(flags, build);
  }
  signal.set_signaller_kind(build.Word<v1::SignallerKind>("kind", flags.kind));
  signal.set_relation(build.Word<v1::SignallerRelation>("relation", flags.relation));
  signal.set_person_knows(build.Word<v1::PersonKnows>("knows", flags.knows));
  for (const std::string& id : flags.groups) {
    signal.add_target_groups(build.Name("groups", "targetGroups", id));
  }
  for (const std::string& id : flags.life_events) {
    signal.add_life_events(build.Name("life_events", "lifeEvents", id));
  }
  if (!flags.organisation.empty()) {
    signal.set_organisation(build.Name("organisation", "organisations", flags.organisation));
  }
  if (!flags.support_organisation.empty()) {
    signal.mutable_current_support()->set_organisation(
        build.Name("support_organisation", "organisations", flags.support_organisation));
  }
  if (!flags.support.empty()) signal.mutable_current_support()->set_description(flags.support);
  if (!flags.observed_on.empty()) {
    *signal.mutable_observed_on() =
        build.Value("observed_on", ParseDay(flags.observed_on, lang), google::type::Date());
  }
  if (flags.wmo_possible) signal.set_wmo_report(v1::WMO_REPORT_POSSIBLE);
  signal.set_language(flags.language);
  signal.set_preferred_time(flags.preferred_time);
  signal.set_partner_reference(flags.reference);
  return signal;
}

v1::Consent BuildConsent(const ConsentFlags& flags, const Names& names, Lang lang,
                         std::vector<Violation>& violations) {
  Builder build(names, lang, violations);
  v1::Consent consent;
  if (flags.by_whom.empty()) {
    violations.push_back(
        {"consent_by", Say(lang, "ontbreekt: wie gaf de toestemming?", "missing: who gave it?")});
  }
  consent.set_by_whom(build.Word<v1::ConsentGiver>("consent_by", flags.by_whom));
  for (const std::string& word : flags.what) {
    consent.add_what(build.Word<v1::ConsentScope>("consent_what", word));
  }
  for (const std::string& id : flags.to_whom) {
    consent.add_to_whom(build.Name("consent_to", "organisations", id));
  }
  if (!flags.when.empty()) {
    *consent.mutable_when() =
        build.Value("consent_at", ParseTime(flags.when, lang), google::protobuf::Timestamp());
  }
  return consent;
}

void CheckLimits(const google::protobuf::Message& message, Lang lang, const std::string& path,
                 std::vector<Violation>& violations) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    CheckField(message, *field, lang,
               path.empty() ? field->name() : absl::StrCat(path, ".", field->name()), violations);
  }
}

}  // namespace omzien::cli
