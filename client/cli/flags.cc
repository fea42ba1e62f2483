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
