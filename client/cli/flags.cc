#include "client/cli/flags.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "client/cli/times.h"

namespace omzien::cli {

void AddMutationFlags(CLI::App& app, MutationFlags& flags, bool with_etag) {
  app.add_option("--request-id", flags.request_id,
                 "UUID under which to try again what may have succeeded; default: a new one");
  if (with_etag) {
    app.add_option("--etag", flags.etag, "Refuse when the record changed since it had this etag");
  }
}

void AddSignalFlags(CLI::App& app, SignalFlags& flags) {
  app.add_option("--place", flags.place,
                 "Where the person lives: a CBS code, a postcode, words, or 'onbekend'; may be "
                 "given again in another form")
      ->required();
  app.add_option("--words", flags.words,
                 "What was noticed, in your own words; - reads them from standard input")
      ->required();
  const std::string reach = "How to find the person";
  app.add_option("--phone", flags.phone, "Telephone number")->group(reach);
  app.add_option("--address", flags.address, "Street and number, as far as known")->group(reach);
  app.add_option("--email", flags.email, "E-mail address")->group(reach);
  app.add_option("--meet", flags.meet, "A place and time to meet the person")->group(reach);
  app.add_flag("--through-signaller", flags.through_signaller, "You can introduce whoever calls")
      ->group(reach);
  app.add_flag("--wmo-possible", flags.wmo_possible,
               "There may be a need for support that has to be reported under the Wmo");
  app.add_option("--signaller-contact", flags.signaller_contact, "How to reach you for that")
      ->group(reach);
  app.add_option("--name", flags.name, "The person's name")->group(reach);
  app.add_option("--preferred-time", flags.preferred_time, "When to call, in words")->group(reach);
  const std::string person = "About the person";
  const auto word = [&](const char* name, std::string& value, const std::string& known) {
    app.add_option(name, value, "One of: " + known)->group(person);
  };
  word("--need", flags.need, Known<v1::Need>());
  word("--age", flags.age, Known<v1::AgeBand>());
  word("--household", flags.household, Known<v1::Household>());
  app.add_option("--knows", flags.knows,
                 "Whether the person knows of it: " + Known<v1::PersonKnows>())
      ->group(person);
  app.add_option("--group", flags.groups, "Target group's id; may be given again")->group(person);
  app.add_option("--life-event", flags.life_events, "Life event's id; may be given again")
      ->group(person);
  app.add_option("--language", flags.language,
                 "Language spoken best, a BCP 47 tag such as nl, tr or ti")
      ->group(person);
  AddCircumstancesFlags(app, flags, person);
  app.add_option("--support", flags.support, "Who supports the person now")->group(person);
  app.add_option("--support-organisation", flags.support_organisation, "That organisation's id")
      ->group(person);
  const std::string signaller = "About the signal";
  app.add_option("--kind", flags.kind,
                 "Who signals, if not as usual: " + Known<v1::SignallerKind>())
      ->group(signaller);
  app.add_option("--relation", flags.relation, "To the person: " + Known<v1::SignallerRelation>())
      ->group(signaller);
  app.add_option("--observed-on", flags.observed_on, "Day, such as 2026-11-26; default: today")
      ->group(signaller);
  app.add_option("--reference", flags.reference, "Your own number for it")->group(signaller);
  app.add_option("--organisation", flags.organisation, "For which organisation you signal")
      ->group(signaller);
}

void AddConsentFlags(CLI::App& app, ConsentFlags& flags) {
  app.add_option(
      "--consent-by", flags.by_whom,
      absl::StrCat("The person agrees to share details, said by: ", Known<v1::ConsentGiver>()));
  app.add_option("--consent-to", flags.to_whom,
                 "Only with this organisation (may be given again); default: whose offer fits");
  app.add_option("--consent-what", flags.what,
                 absl::StrCat("Only this (may be given again): ", Known<v1::ConsentScope>()));
  app.add_option("--consent-at", flags.when,
                 "When it was given, such as '2026-11-26 14:00'; default: now");
}

absl::StatusOr<v1::Consent> BuildConsent(const ConsentFlags& flags, Session& session) {
  std::vector<client::Violation> violations;
  v1::Consent consent = BuildConsent(flags, session.names(), session.lang(), violations);
  if (!violations.empty()) {
    const client::Violation& first = violations.front();
    return UsageError(absl::StrCat("--", absl::StrReplaceAll(first.field, {{"_", "-"}}), ": ",
                                   first.description));
  }
  if (!consent.has_when()) *consent.mutable_when() = ToTimestamp(session.console().clock->Now());
  return consent;
}

void AddCircumstancesFlags(CLI::App& app, CircumstancesFlags& flags, const std::string& group) {
  const std::vector<CLI::Option*> options = {
      app.add_option("--mobility", flags.mobility, "One of: " + Known<v1::Mobility>()),
      app.add_option("--digital-skill", flags.digital_skill,
                     "With phone, computer and internet: " + Known<v1::DigitalSkill>()),
      app.add_option("--budget", flags.budget, "One of: " + Known<v1::Budget>()),
      app.add_option("--funding", flags.funding,
                     "Id of what pays for the person; may be given again")};
  for (CLI::Option* option : options) {
    if (!group.empty()) option->group(group);
  }
}

absl::StatusOr<v1::Circumstances> FlagCircumstances(const Session& session,
                                                    const CircumstancesFlags& flags) {
  v1::Circumstances circumstances;
  const auto mobility = FlagWord<v1::Mobility>(session, "--mobility", flags.mobility);
  if (!mobility.ok()) return mobility.status();
  circumstances.set_mobility(*mobility);
  const auto skill = FlagWord<v1::DigitalSkill>(session, "--digital-skill", flags.digital_skill);
  if (!skill.ok()) return skill.status();
  circumstances.set_digital_skill(*skill);
  const auto budget = FlagWord<v1::Budget>(session, "--budget", flags.budget);
  if (!budget.ok()) return budget.status();
  circumstances.set_budget(*budget);
  circumstances.mutable_funding()->Assign(flags.funding.begin(), flags.funding.end());
  return circumstances;
}

void AddPageFlags(CLI::App& app, PageFlags& flags) {
  app.add_option("--limit", flags.limit, "Show at most so many")
      ->check([](const std::string& text) {
        int64_t number = 0;
        return absl::SimpleAtoi(text, &number) && number < 1 ? "at least 1" : "";
      })
      ->capture_default_str();
  app.add_flag("--all", flags.all, "Show all");
}

void NoteMore(Session& session, const std::string& next_page_token) {
  if (next_page_token.empty() || session.globals().json) return;
  session.console().err << session.Say("Er zijn er meer: --all toont alles.\n",
                                       "There are more: --all shows all.\n");
}

}  // namespace omzien::cli
