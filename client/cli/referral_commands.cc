#include "client/cli/referral_commands.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "client/cli/attempt_flags.h"
#include "client/cli/calls.h"
#include "client/cli/times.h"

namespace omzien::cli {
namespace {

struct ReferralListFlags {
  PageFlags page;
  bool ended = false;
};
struct ShowFlags {
  std::string name;
  bool full = false;
};
struct AcceptFlags {
  std::string name;
  MutationFlags mutation;
};
struct DeclineFlags {
  std::string name;
  std::string reason;
  std::string text;
  MutationFlags mutation;
};
struct ContactFlags {
  std::string name;
  AttemptFlags attempt;
  std::string need;
  std::string wmo;
  std::string age;
  std::string household;
  std::vector<std::string> groups;
  std::vector<std::string> life_events;
  std::string district;
  std::string language;
  CircumstancesFlags circumstances;
  bool signaller_may_know = false;
  bool moved_out = false;
  std::string contact_wish;
  ConsentFlags consent;
  MutationFlags mutation;
};
struct ConsentCommandFlags {
  std::string name;
  bool withdraw = false;
  ConsentFlags consent;
  MutationFlags mutation;
};
struct PlaceFlags {
  std::string name;
  std::vector<std::string> offers;
  std::string reason;
  ConsentFlags consent;
  MutationFlags mutation;
};
struct CompleteFlags {
  std::string name;
  std::string outcome;
  std::string note;
  MutationFlags mutation;
};

absl::StatusOr<ExitCode> ListReferrals(Session& session, const ReferralListFlags& flags) {
  v1::ListReferralsRequest request;
  const auto parent = session.Parent();
  if (!parent.ok()) return parent.status();
  request.set_parent(*parent);
  request.set_ended(flags.ended);
  return Answer(
      session, ListPages(session, flags.page, request, &client::Client::ListReferrals, "referrals"),
      [&](const v1::ListReferralsResponse& list) {
        PrintReferrals(list.referrals(), session);
        NoteMore(session, list.next_page_token());
      });
}

absl::StatusOr<ExitCode> Show(Session& session, const ShowFlags& flags) {
  v1::GetReferralRequest request;
  const auto name = session.Full("referrals", flags.name);
  if (!name.ok()) return name.status();
  request.set_name(*name);
  request.set_view(flags.full ? v1::VIEW_FULL : v1::VIEW_BASIC);
  return Answer(session, Ask(session, request, &client::Client::GetReferral), Printer(session));
}

absl::StatusOr<ExitCode> Accept(Session& session, const AcceptFlags& flags) {
  v1::AcceptReferralRequest request;
  const auto name = session.Full("referrals", flags.name);
  if (!name.ok()) return name.status();
  request.set_name(*name);
  return Answer(session, Mutate(session, flags.mutation, request, &client::Client::AcceptReferral),
                Printer(session));
}

absl::StatusOr<ExitCode> Decline(Session& session, const DeclineFlags& flags) {
  v1::DeclineReferralRequest request;
  const auto name = session.Full("referrals", flags.name);
  if (!name.ok()) return name.status();
  request.set_name(*name);
  const auto reason = FlagWord<v1::DeclineReason>(session, "--reason", flags.reason);
  if (!reason.ok()) return reason.status();
  request.set_reason(*reason);
  request.set_text(flags.text);
  return Answer(session, Mutate(session, flags.mutation, request, &client::Client::DeclineReferral),
                Printer(session));
}

// What was learnt in the contact.
absl::Status SetLearnt(const Session& session, const ContactFlags& flags,
                       v1::ContactAttempt& attempt) {
  const auto need = FlagWord<v1::Need>(session, "--need", flags.need);
  if (!need.ok()) return need.status();
  attempt.set_need_learnt(*need);
  const auto wmo = FlagWord<v1::WmoReport>(session, "--wmo", flags.wmo);
  if (!wmo.ok()) return wmo.status();
  attempt.set_wmo_report(*wmo);
  const auto age = FlagWord<v1::AgeBand>(session, "--age", flags.age);
  if (!age.ok()) return age.status();
  attempt.set_age_band_learnt(*age);
  const auto household = FlagWord<v1::Household>(session, "--household", flags.household);
  if (!household.ok()) return household.status();
  attempt.set_household_learnt(*household);
  const auto wish = FlagWord<v1::ContactWish>(session, "--contact-wish", flags.contact_wish);
  if (!wish.ok()) return wish.status();
  attempt.set_contact_wish(*wish);
  for (const std::string& id : flags.groups) {
    const auto group = session.Full("targetGroups", id);
    if (!group.ok()) return group.status();
    attempt.add_target_groups_learnt(*group);
  }
  for (const std::string& id : flags.life_events) {
    const auto event = session.Full("lifeEvents", id);
    if (!event.ok()) return event.status();
    attempt.add_life_events_learnt(*event);
  }
  if (!flags.district.empty()) {
    const auto district = session.Full("districts", flags.district);
    if (!district.ok()) return district.status();
    attempt.set_district_learnt(*district);
  }
  attempt.set_language_learnt(flags.language);
  if (!flags.circumstances.empty()) {
    const auto circumstances = FlagCircumstances(session, flags.circumstances);
    if (!circumstances.ok()) return circumstances.status();
    *attempt.mutable_circumstances_learnt() = *circumstances;
  }
  attempt.set_signaller_may_know(flags.signaller_may_know);
  attempt.set_moved_out_of_municipality(flags.moved_out);
  return absl::OkStatus();
}

absl::StatusOr<ExitCode> Contact(Session& session, const ContactFlags& flags) {
  v1::RecordContactAttemptRequest request;
  const auto name = session.Full("referrals", flags.name);
  if (!name.ok()) return name.status();
  request.set_name(*name);
  auto attempt = BuildAttempt(session, flags.attempt, "");
  if (!attempt.ok()) return attempt.status();
  if (absl::Status set = SetLearnt(session, flags, *attempt); !set.ok()) return set;
  *request.mutable_attempt() = *attempt;
  if (!flags.consent.by_whom.empty()) {
    const auto consent = BuildConsent(flags.consent, session);
    if (!consent.ok()) return consent.status();
    *request.mutable_consent() = *consent;
  }
  return Answer(session,
                Mutate(session, flags.mutation, request, &client::Client::RecordContactAttempt),
                Printer(session));
}

absl::StatusOr<ExitCode> Consent(Session& session, const ConsentCommandFlags& flags) {
  v1::RecordConsentRequest request;
  const auto name = session.Full("referrals", flags.name);
  if (!name.ok()) return name.status();
  request.set_name(*name);
  ConsentFlags given = flags.consent;
  if (flags.withdraw && given.by_whom.empty()) given.by_whom = "person";
  const auto consent = BuildConsent(given, session);
  if (!consent.ok()) return consent.status();
  *request.mutable_consent() = *consent;
  if (flags.withdraw) {
    *request.mutable_consent()->mutable_withdraw_time() =
        ToTimestamp(session.console().clock->Now());
  }
  return Answer(session, Mutate(session, flags.mutation, request, &client::Client::RecordConsent),
                Printer(session));
}

absl::StatusOr<ExitCode> Place(Session& session, const PlaceFlags& flags) {
  v1::PlaceReferralRequest request;
  const auto name = session.Full("referrals", flags.name);
  if (!name.ok()) return name.status();
  request.set_name(*name);
  for (const std::string& id : flags.offers) {
    const auto offer = session.Full("offers", id);
    if (!offer.ok()) return offer.status();
    request.add_offers(*offer);
  }
  request.set_departure_reason(flags.reason);
  if (!flags.consent.by_whom.empty()) {
    const auto consent = BuildConsent(flags.consent, session);
    if (!consent.ok()) return consent.status();
    *request.mutable_consent() = *consent;
  }
  return Answer(session, Mutate(session, flags.mutation, request, &client::Client::PlaceReferral),
                [&](const v1::PlaceReferralResponse& response) {
                  PrintReferral(response.first_contact(), session);
                  session.console().out << "\n" << session.Say("Geplaatst:", "Placed:") << "\n";
                  PrintReferrals(response.placed(), session);
                });
}

absl::StatusOr<ExitCode> Complete(Session& session, const CompleteFlags& flags) {
  v1::CompleteReferralRequest request;
  const auto name = session.Full("referrals", flags.name);
  if (!name.ok()) return name.status();
  request.set_name(*name);
  const auto outcome = FlagWord<v1::Outcome>(session, "--outcome", flags.outcome);
  if (!outcome.ok()) return outcome.status();
  if (*outcome == v1::OUTCOME_PLACED) {
    return UsageError(session.Say("--outcome: plaatsen gaat met 'omzien referral place'",
                                  "--outcome: to place, use 'omzien referral place'"));
  }
  request.set_outcome(*outcome);
  request.set_note(flags.note);
  return Answer(session,
                Mutate(session, flags.mutation, request, &client::Client::CompleteReferral),
                Printer(session));
}

void AddReads(CLI::App& referral, Command& chosen) {
  auto list =
      AddCommand<ReferralListFlags>(referral, chosen, "list", "Your referrals, most urgent first",
                                    "  omzien referral list\n"
                                    "  omzien referral list --ended --all -o json",
                                    &ListReferrals);
  AddPageFlags(list.app, list.flags.page);
  list.app.add_flag("--ended", list.flags.ended, "Ended ones instead of live ones");

  auto show = AddCommand<ShowFlags>(referral, chosen, "show", "Show a referral",
                                    "  omzien referral show 7f3k2m-1\n"
                                    "  omzien referral show 7f3k2m-1 --full",
                                    &Show);
  AddName(show);
  show.app.add_flag("--full", show.flags.full, "With personal details, as far as you may; audited");
}

void AddAnswers(CLI::App& referral, Command& chosen) {
  auto accept = AddCommand<AcceptFlags>(referral, chosen, "accept", "Take a referral on",
                                        "  omzien referral accept 7f3k2m-1", &Accept);
  AddName(accept);
  AddMutationFlags(accept.app, accept.flags.mutation);

  auto decline = AddCommand<DeclineFlags>(
      referral, chosen, "decline", "Refuse a referral",
      "  omzien referral decline 7f3k2m-2 --reason no_capacity\n"
      "  omzien referral decline 7f3k2m-2 --reason other --text \"Vrijwilliger is ziek\"",
      &Decline);
  AddName(decline);
  decline.app.add_option("--reason", decline.flags.reason, "One of: " + Known<v1::DeclineReason>())
      ->required();
  decline.app.add_option("--text", decline.flags.text, "In words; needed with 'other'");
  AddMutationFlags(decline.app, decline.flags.mutation);

  auto complete = AddCommand<CompleteFlags>(
      referral, chosen, "complete", "End a referral with its outcome",
      "  omzien referral complete 7f3k2m-2 --outcome connected\n"
      "  omzien referral complete 7f3k2m-1 --outcome person_declined --note \"Wil nu niet\"",
      &Complete);
  AddName(complete);
  // Placed is what 'referral place' makes it.
  complete.app
      .add_option("--outcome", complete.flags.outcome,
                  "One of: " + absl::StrReplaceAll(Known<v1::Outcome>(), {{", placed", ""}}) +
                      ". To place the person: omzien referral place")
      ->required();
  complete.app.add_option("--note", complete.flags.note, "In words");
  AddMutationFlags(complete.app, complete.flags.mutation);
}

void AddContact(CLI::App& referral, Command& chosen) {
  auto contact = AddCommand<ContactFlags>(
      referral, chosen, "contact", "Record an attempt to make contact",
      "  omzien referral contact 7f3k2m-1 --with person --channel phone --result no_answer\n"
      "  omzien referral contact 7f3k2m-1 --with person --channel introduced --result reached \\\n"
      "      --need visit --consent-by person --signaller-may-know",
      &Contact);
  AddName(contact);
  CLI::App& app = contact.app;
  ContactFlags& flags = contact.flags;
  AddAttemptFlags(app, flags.attempt, "", "");
  const std::string learnt = "What was learnt";
  app.add_option("--need", flags.need, "One of: " + Known<v1::Need>())->group(learnt);
  app.add_option("--wmo", flags.wmo, "A report under the Wmo; one of: " + Known<v1::WmoReport>())
      ->group(learnt);
  app.add_option("--contact-wish", flags.contact_wish,
                 "What the person says of being contacted, now and later; one of: " +
                     Known<v1::ContactWish>())
      ->group(learnt);
  app.add_option("--group", flags.groups, "Target group's id; may be given again")->group(learnt);
  app.add_option("--life-event", flags.life_events, "Life event's id; may be given again")
      ->group(learnt);
  app.add_option("--age", flags.age, "One of: " + Known<v1::AgeBand>())->group(learnt);
  app.add_option("--household", flags.household, "One of: " + Known<v1::Household>())
      ->group(learnt);
  app.add_option("--district", flags.district,
                 "CBS code of where the person lives; who calls first there takes it over")
      ->group(learnt);
  app.add_flag("--moved-out", flags.moved_out,
               "The person lives in another municipality now; nothing travels there by itself")
      ->group(learnt);
  app.add_option("--language", flags.language,
                 "Language spoken best, a BCP 47 tag such as nl, tr or ti")
      ->group(learnt);
  AddCircumstancesFlags(app, flags.circumstances, learnt);
  app.add_flag("--signaller-may-know", flags.signaller_may_know,
               "The person agrees that the signaller hears of the contact")
      ->group(learnt);
  AddConsentFlags(app, flags.consent);
  AddMutationFlags(app, flags.mutation);
}

void AddConsentAndPlace(CLI::App& referral, Command& chosen) {
  auto consent = AddCommand<ConsentCommandFlags>(
      referral, chosen, "consent", "Record the person's consent, or that it was taken back",
      "  omzien referral consent 7f3k2m-1 --consent-by person --consent-to zonnebloem\n"
      "  omzien referral consent 7f3k2m-1 --withdraw",
      &Consent);
  AddName(consent);
  consent.app.add_flag("--withdraw", consent.flags.withdraw, "It was taken back, now");
  AddConsentFlags(consent.app, consent.flags.consent);
  consent.app.get_option("--consent-by")
      ->description("REQUIRED unless --withdraw. Said by: " + Known<v1::ConsentGiver>());
  AddMutationFlags(consent.app, consent.flags.mutation);

  auto place = AddCommand<PlaceFlags>(
      referral, chosen, "place", "First contact is done: place the person with offers",
      "  omzien referral place 7f3k2m-1 --offer contact-via-bathmens-contactteam\n"
      "  omzien referral place 7f3k2m-1 --offer maatjes --reason \"Kent hen al\" "
      "--consent-by person",
      &Place);
  AddName(place);
  place.app.add_option("--offer", place.flags.offers, "Offer's id; may be given again")->required();
  place.app.add_option("--reason", place.flags.reason,
                       "Why not the best proposal; needed when that isn't among the offers");
  AddConsentFlags(place.app, place.flags.consent);
  AddMutationFlags(place.app, place.flags.mutation);
}

}  // namespace

void AddReferralCommands(CLI::App& referral, Command& chosen) {
  AddReads(referral, chosen);
  AddAnswers(referral, chosen);
  AddPassingOn(referral, chosen);
  AddContact(referral, chosen);
  AddConsentAndPlace(referral, chosen);
}

}  // namespace omzien::cli
