// Of `omzien referral`, what is for whom a referral can't go on with who has it, or not yet.

#include "absl/strings/str_cat.h"
#include "client/cli/calls.h"
#include "client/cli/referral_commands.h"
#include "client/cli/times.h"

namespace omzien::cli {
namespace {

struct FailFlags {
  std::string name;
  std::string reason;
  std::string text;
  MutationFlags mutation;
};
struct WaitFlags {
  std::string name;
  std::string expected_on;
  MutationFlags mutation;
};
struct HandOverFlags {
  std::string name;
  std::string organisation;
  std::string offer;
  bool introduce = false;
  std::string note;
  MutationFlags mutation;
};
struct TakeBackFlags {
  std::string name;
  std::string reason;
  MutationFlags mutation;
};
struct AskFlags {
  std::string name;
  std::string text;
  MutationFlags mutation;
};

absl::StatusOr<ExitCode> Fail(Session& session, const FailFlags& flags) {
  v1::FailReferralRequest request;
  const auto name = session.Full("referrals", flags.name);
  if (!name.ok()) return name.status();
  request.set_name(*name);
  const auto reason = FlagWord<v1::FailReason>(session, "--reason", flags.reason);
  if (!reason.ok()) return reason.status();
  request.set_reason(*reason);
  request.set_text(flags.text);
  return Answer(session, Mutate(session, flags.mutation, request, &client::Client::FailReferral),
                Printer(session));
}

absl::StatusOr<ExitCode> Wait(Session& session, const WaitFlags& flags) {
  v1::WaitlistReferralRequest request;
  const auto name = session.Full("referrals", flags.name);
  if (!name.ok()) return name.status();
  request.set_name(*name);
  if (!flags.expected_on.empty()) {
    const auto day = ParseDay(flags.expected_on, session.lang());
    if (!day.ok()) return UsageError(absl::StrCat("--expected-on: ", day.status().message()));
    *request.mutable_room_expected_on() = *day;
  }
  return Answer(session,
                Mutate(session, flags.mutation, request, &client::Client::WaitlistReferral),
                Printer(session));
}

absl::StatusOr<ExitCode> HandOver(Session& session, const HandOverFlags& flags) {
  v1::HandOverReferralRequest request;
  const auto name = session.Full("referrals", flags.name);
  if (!name.ok()) return name.status();
  request.set_name(*name);
  if (!flags.organisation.empty()) {
    const auto organisation = session.Full("organisations", flags.organisation);
    if (!organisation.ok()) return organisation.status();
    request.set_organisation(*organisation);
  }
  if (!flags.offer.empty()) {
    const auto offer = session.Full("offers", flags.offer);
    if (!offer.ok()) return offer.status();
    request.set_offer(*offer);
  }
  request.set_introduce(flags.introduce);
  request.set_note(flags.note);
  return Answer(session,
                Mutate(session, flags.mutation, request, &client::Client::HandOverReferral),
                Printer(session));
}

absl::StatusOr<ExitCode> TakeBack(Session& session, const TakeBackFlags& flags) {
  v1::TakeBackReferralRequest request;
  const auto name = session.Full("referrals", flags.name);
  if (!name.ok()) return name.status();
  request.set_name(*name);
  request.set_reason(flags.reason);
  return Answer(session,
                Mutate(session, flags.mutation, request, &client::Client::TakeBackReferral),
                Printer(session));
}

absl::StatusOr<ExitCode> AskSignaller(Session& session, const AskFlags& flags) {
  v1::AskSignallerRequest request;
  const auto name = session.Full("referrals", flags.name);
  if (!name.ok()) return name.status();
  request.set_name(*name);
  request.set_text(flags.text);
  return Answer(session, Mutate(session, flags.mutation, request, &client::Client::AskSignaller),
                Printer(session));
}

}  // namespace

void AddPassingOn(CLI::App& referral, Command& chosen) {
  auto wait = AddCommand<WaitFlags>(referral, chosen, "wait",
                                    "Put it on the waiting list; 'accept' takes it off",
                                    "  omzien referral wait 7f3k2m-2\n"
                                    "  omzien referral wait 7f3k2m-2 --expected-on 2027-01-15",
                                    &Wait);
  AddName(wait);
  wait.app.add_option("--expected-on", wait.flags.expected_on,
                      "When there may be room, such as 2027-01-15");
  AddMutationFlags(wait.app, wait.flags.mutation);

  auto fail = AddCommand<FailFlags>(
      referral, chosen, "fail", "Say that what was accepted can't be carried out",
      "  omzien referral fail 7f3k2m-2 --reason no_capacity\n"
      "  omzien referral fail 7f3k2m-2 --reason other --text \"Vrijwilliger is verhuisd\"",
      &Fail);
  AddName(fail);
  fail.app.add_option("--reason", fail.flags.reason, "One of: " + Known<v1::FailReason>())
      ->required();
  fail.app.add_option("--text", fail.flags.text, "In words; needed with 'other'");
  AddMutationFlags(fail.app, fail.flags.mutation);

  auto hand_over = AddCommand<HandOverFlags>(
      referral, chosen, "hand-over", "Pass it on to another organisation",
      "  omzien referral hand-over 7f3k2m-1 --to wijkteam-noord --introduce\n"
      "  omzien referral hand-over 7f3k2m-2 --offer maatjes --note \"Houdt van schaken\"",
      &HandOver);
  AddName(hand_over);
  hand_over.app.add_option("--to", hand_over.flags.organisation,
                           "Of a first contact: the organisation's id");
  hand_over.app.add_option("--offer", hand_over.flags.offer, "Of an offer: the other offer's id");
  hand_over.app.add_flag("--introduce", hand_over.flags.introduce, "You introduce the person");
  hand_over.app.add_option("--note", hand_over.flags.note, "For whoever gets it");
  AddMutationFlags(hand_over.app, hand_over.flags.mutation);

  auto take_back = AddCommand<TakeBackFlags>(
      referral, chosen, "take-back", "Take it back from who has it and hasn't made contact",
      "  omzien referral take-back 7f3k2m-2 --reason \"Al drie weken geen antwoord\"", &TakeBack);
  AddName(take_back);
  take_back.app.add_option("--reason", take_back.flags.reason, "Why; sealed with the case")
      ->required();
  AddMutationFlags(take_back.app, take_back.flags.mutation);

  auto ask = AddCommand<AskFlags>(
      referral, chosen, "ask", "Ask the signaller something; follow-up goes on meanwhile",
      "  omzien referral ask 7f3k2m-1 --text \"In welke straat zag u haar?\"", &AskSignaller);
  AddName(ask);
  ask.app.add_option("--text", ask.flags.text, "The question, as the signaller reads it")
      ->required();
  AddMutationFlags(ask.app, ask.flags.mutation);
}

}  // namespace omzien::cli
