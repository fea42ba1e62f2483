#include "client/cli/flags.h"

#include "absl/strings/str_cat.h"
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
  app.add_option("--consent-at", flags.when, "When it was given; default: now");
}

absl::StatusOr<v1::Consent> BuildConsent(const ConsentFlags& flags, Session& session) {
  v1::Consent consent;
  if (flags.by_whom.empty()) {
    return UsageError(session.Say("--consent-by zegt wie de toestemming gaf",
                                  "--consent-by says who gave the consent"));
  }
  const auto giver = FlagWord<v1::ConsentGiver>(session, "--consent-by", flags.by_whom);
  if (!giver.ok()) return giver.status();
  consent.set_by_whom(*giver);
  for (const std::string& word : flags.what) {
    const auto scope = FlagWord<v1::ConsentScope>(session, "--consent-what", word);
    if (!scope.ok()) return scope.status();
    consent.add_what(*scope);
  }
  for (const std::string& id : flags.to_whom) {
    const auto name = session.Full("organisations", id);
    if (!name.ok()) return name.status();
    consent.add_to_whom(*name);
  }
  *consent.mutable_when() = ToTimestamp(session.console().clock->Now());
  if (!flags.when.empty()) {
    const auto when = ParseTime(flags.when, session.lang());
    if (!when.ok()) return UsageError(absl::StrCat("--consent-at: ", when.status().message()));
    *consent.mutable_when() = *when;
  }
  return consent;
}

void AddPageFlags(CLI::App& app, PageFlags& flags) {
  app.add_option("--limit", flags.limit, "Show at most so many")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_flag("--all", flags.all, "Show all");
}

void NoteMore(Session& session, const std::string& next_page_token) {
  if (next_page_token.empty() || session.globals().json) return;
  session.console().err << session.Say("Er zijn er meer: --all toont alles.\n",
                                       "There are more: --all shows all.\n");
}

}  // namespace omzien::cli
