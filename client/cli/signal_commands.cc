#include "client/cli/signal_commands.h"

#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/attempt_flags.h"
#include "client/cli/calls.h"
#include "client/cli/signal_flags.h"
#include "client/cli/times.h"
#include "client/cli/views.h"

namespace omzien::cli {
namespace {

struct SubmitFlags {
  SignalFlags signal;
  ConsentFlags consent;
  AttemptFlags contact;
  bool code = false;
  MutationFlags mutation;
};
struct GetFlags {
  std::string name;
  bool full = false;
};
struct SignalListFlags {
  PageFlags page;
  std::vector<std::string> states;
};
struct WithdrawFlags {
  std::string name;
  std::string reason;
  MutationFlags mutation;
};
struct StatusFlags {
  std::string code;
  bool full = false;
};
struct AnswerFlags {
  std::string name;
  std::string code;
  std::string text;
  std::string phone, address, email, meet, person_name;
  std::vector<std::string> place;
  MutationFlags mutation;
};
struct RedirectFlags {
  std::string name;
  std::string to;
  std::string wmo;
  MutationFlags mutation;
};
struct PointFlags {
  std::vector<std::string> place;
};

// At most what a field may hold, so that a wrong file isn't read whole.
constexpr size_t kWordsBytesMax = 16'000;

// Of an acute signal.
template <class Response>
void SayCallNow(const Response& answer, Session& session) {
  if (!answer.has_call_now()) return;
  session.console().out << session.Say("ACUUT: ", "ACUTE: ")
                        << Clean(Text(answer.call_now(), session.lang())) << "\n\n";
}

absl::StatusOr<ExitCode> Submit(Session& session, const SubmitFlags& flags) {
  SignalFlags typed = flags.signal;
  if (typed.words == "-") {
    std::string words(kWordsBytesMax, '\0');
    session.console().in.read(words.data(), static_cast<std::streamsize>(words.size()));
    words.resize(static_cast<size_t>(session.console().in.gcount()));
    words.erase(words.find_last_not_of(" \r\n\t") + 1);
    typed.words = words;
  }
  std::vector<client::Violation> violations;
  v1::SubmitSignalRequest request;
  const auto parent = session.Parent();
  if (!parent.ok()) return parent.status();
  request.set_parent(*parent);
  *request.mutable_signal() = BuildSignal(typed, session.names(), session.lang(), violations);
  if (!violations.empty()) {
    return client::WithDetails(
        UsageError(session.Say("niet alles is goed ingevuld", "some flags aren't right")),
        {.reason = "INVALID_FIELDS", .metadata = {}, .violations = violations});
  }
  if (!flags.consent.by_whom.empty()) {
    const auto consent = BuildConsent(flags.consent, session);
    if (!consent.ok()) return consent.status();
    *request.mutable_signal()->mutable_consent() = *consent;
  }
  if (!flags.contact.with.empty()) {
    const auto attempt = BuildAttempt(session, flags.contact, "contact-");
    if (!attempt.ok()) return attempt.status();
    *request.mutable_first_attempt() = *attempt;
  }
  request.set_code_wanted(flags.code);
  const auto response =
      Mutate(session, flags.mutation, std::move(request), &client::Client::SubmitSignal);
  return Answer(session, response, [&](const auto& answer) {
    const v1::Signal& signal = answer.signal();
    SayCallNow(answer, session);
    session.console().out << Clean(Text(answer.thanks(), session.lang())) << "\n\n";
    PrintSheet({{session.Say("Kenmerk", "Reference"), signal.reference()},
                {session.Say("Belt", "Will call"), answer.first_contact_display_name()},
                {session.Say("Uiterlijk", "At the latest"),
                 DeadlineText(signal.first_contact().contact_by(), session.lang())},
                {session.Say("Status", "Status"), Label(signal.status(), session.lang())},
                {session.Say("Naam", "Name"), signal.name()},
                {session.Say("Code", "Code"), answer.code()}},
               session.console().out, session.table_style());
    if (answer.code().empty()) return;
    session.console().out << "\n"
                          << session.Say(
                                 "Met de code kan de melder vragen hoe het staat: omzien signal "
                                 "status --code ...\n",
                                 "By the code the signaller can ask how it stands: omzien signal "
                                 "status --code ...\n");
  });
}

Sheet PersonalSheet(const v1::Signal& signal, const Session& session) {
  const v1::Reach& reach = signal.reach();
  return {{session.Say("Betrokkene", "Person"), reach.person_name()},
          {session.Say("Telefoon", "Phone"), reach.phone()},
          {session.Say("Adres", "Address"), reach.address()},
          {session.Say("E-mail", "E-mail"), reach.email()},
          {session.Say("Te vinden", "To be found"), reach.place_and_time()},
          {session.Say("Via melder", "Through signaller"),
           reach.through_signaller() ? session.Say("ja", "yes") : ""},
          {session.Say("Melder bereiken", "Reach signaller"), reach.signaller_contact()},
          {session.Say("Plaats", "Place"), signal.place().words()},
          {session.Say("Postcode", "Postcode"), signal.place().postcode()},
          {session.Say("Eigen woorden", "Own words"), signal.own_words()},
          {session.Say("Huidige steun", "Current support"), signal.current_support().description()},
          {session.Say("Voorkeurstijd", "Preferred time"), signal.preferred_time()},
          {session.Say("Eigen kenmerk", "Own reference"), signal.partner_reference()}};
}

// The question itself in view FULL; else that one waits.
std::string QuestionText(const v1::Signal& signal, const Session& session) {
  if (!signal.question().text().empty()) return signal.question().text();
  return signal.question_waits() ? session.Say("wacht op antwoord", "waits for an answer") : "";
}

Sheet SignalSheet(const v1::Signal& signal, const Session& session) {
  const Lang lang = session.lang();
  std::vector<std::string> referrals;
  for (const std::string& name : signal.referrals()) referrals.push_back(ShortName(name));
  Sheet sheet = {
      {session.Say("Naam", "Name"), signal.name()},
      {session.Say("Kenmerk", "Reference"), signal.reference()},
      {session.Say("Status", "Status"), Label(signal.status(), lang)},
      {session.Say("Toestand", "State"), Label(signal.state(), lang)},
      {session.Say("Ontvangen", "Received"), TimeText(signal.receive_time())},
      {session.Say("Gezien op", "Observed on"), DayText(signal.observed_on())},
      {session.Say("Melder", "Signaller"), Label(signal.signaller_kind(), lang)},
      {session.Say("Relatie", "Relation"), Label(signal.relation(), lang)},
      {session.Say("Weet ervan", "Person knows"), Label(signal.person_knows(), lang)},
      {session.Say("Wijk", "District"), Districts(signal.districts(), lang)},
      {session.Say("Vraag", "Need"), Label(signal.need(), lang)},
      {session.Say("Leeftijd", "Age"), Label(signal.age_band(), lang)},
      {session.Say("Taal", "Language"), signal.language()},
      {session.Say("Mobiliteit", "Mobility"), Label(signal.circumstances().mobility(), lang)},
      {session.Say("Digitaal vaardig", "Digital skill"),
       Label(signal.circumstances().digital_skill(), lang)},
      {session.Say("Te besteden", "Budget"), Label(signal.circumstances().budget(), lang)},
      {session.Say("Vergoedingen", "Funding"),
       absl::StrJoin(signal.circumstances().funding(), ", ")},
      {session.Say("Eerste contact", "First contact"), signal.first_contact().display_name()},
      {session.Say("Omdat", "Because"), Text(signal.first_contact().reason(), lang)},
      {session.Say("Contact uiterlijk", "Contact by"),
       DeadlineText(signal.first_contact().contact_by(), session.lang())},
      {session.Say("Contact op", "Contact at"), TimeText(signal.contact_time())},
      {session.Say("Onvervuld", "Unmet"), Label(signal.unmet_degree(), lang)},
      {session.Say("Uitkomst", "Outcome"), Label(signal.outcome(), lang)},
      {session.Say("Afgesloten", "Closed"), TimeText(signal.close_time())},
      {session.Say("Verwijzingen", "Referrals"), absl::StrJoin(referrals, ", ")},
      {session.Say("Vraag aan de melder", "Question to the signaller"),
       QuestionText(signal, session)},
      {session.Say("Antwoord", "Answer"), signal.question().answer()},
  };
  const Sheet personal = PersonalSheet(signal, session);
  sheet.insert(sheet.end(), personal.begin(), personal.end());
  sheet.emplace_back("Etag", signal.etag());
  return sheet;
}

void PrintSignal(const v1::Signal& signal, Session& session) {
  PrintSheet(SignalSheet(signal, session), session.console().out, session.table_style());
  PrintProposals(signal.proposals(), session);
}

absl::StatusOr<ExitCode> Get(Session& session, const GetFlags& flags) {
  v1::GetSignalRequest request;
  const auto name = session.Full("signals", flags.name);
  if (!name.ok()) return name.status();
  request.set_name(*name);
  request.set_view(flags.full ? v1::VIEW_FULL : v1::VIEW_BASIC);
  const auto signal = Ask(session, request, &client::Client::GetSignal);
  return Answer(session, signal, [&](const auto& answer) { PrintSignal(answer, session); });
}

absl::StatusOr<ExitCode> ListSignals(Session& session, const SignalListFlags& flags) {
  v1::ListSignalsRequest request;
  const auto parent = session.Parent();
  if (!parent.ok()) return parent.status();
  request.set_parent(*parent);
  for (const std::string& word : flags.states) {
    const auto state = FlagWord<v1::SignalState>(session, "--state", word);
    if (!state.ok()) return state.status();
    request.add_states(*state);
  }
  const auto list =
      ListPages(session, flags.page, request, &client::Client::ListSignals, "signals");
  return Answer(session, list, [&](const auto& answer) {
    Table table({session.Say("ID", "ID"), session.Say("KENMERK", "REFERENCE"),
                 session.Say("ONTVANGEN", "RECEIVED"), session.Say("STATUS", "STATUS"),
                 session.Say("TOESTAND", "STATE"), session.Say("EERSTE CONTACT", "FIRST CONTACT"),
                 session.Say("WIJK", "DISTRICT"), session.Say("VRAAG", "QUESTION")});
    for (const v1::Signal& signal : answer.signals()) {
      table.AddRow({ShortName(signal.name()), signal.reference(), TimeText(signal.receive_time()),
                    Label(signal.status(), session.lang()), Label(signal.state(), session.lang()),
                    signal.first_contact().display_name(), DistrictCell(signal.districts()),
                    QuestionText(signal, session)});
    }
    table.Print(session.console().out, session.table_style());
    NoteMore(session, answer.next_page_token());
  });
}

absl::StatusOr<ExitCode> Withdraw(Session& session, const WithdrawFlags& flags) {
  v1::WithdrawSignalRequest request;
  const auto name = session.Full("signals", flags.name);
  if (!name.ok()) return name.status();
  request.set_name(*name);
  request.set_reason(flags.reason);
  const auto signal = Mutate(session, flags.mutation, request, &client::Client::WithdrawSignal);
  return Answer(session, signal, [&](const auto& answer) {
    // Whoever may not hear of contact isn't told whether follow-up stopped: that would tell it.
    session.console().out
        << (answer.has_withdraw_remark_time()
                ? session.Say("Vastgelegd als opmerking: er was al contact, en de opvolging gaat "
                              "door.\n",
                              "Recorded as a remark: contact was made already, and follow-up goes "
                              "on.\n")
                : session.Say("Uw intrekking is vastgelegd.\n", "Your withdrawal is recorded.\n"));
    PrintSignal(answer, session);
  });
}

absl::StatusOr<ExitCode> Reopen(Session& session, const WithdrawFlags& flags) {
  v1::ReopenSignalRequest request;
  const auto name = session.Full("signals", flags.name);
  if (!name.ok()) return name.status();
  request.set_name(*name);
  request.set_reason(flags.reason);
  return Answer(session, Mutate(session, flags.mutation, request, &client::Client::ReopenSignal),
                [&](const v1::Signal& signal) { PrintSignal(signal, session); });
}

void PrintStatus(const v1::SignalStatus& status, Session& session) {
  const v1::FirstContact& who = status.first_contact();
  const std::string question =
      !status.question().text().empty()
          ? status.question().text()
          : (status.question_waits() ? session.Say("wacht op antwoord", "waits for an answer")
                                     : "");
  PrintSheet(
      {{session.Say("Kenmerk", "Reference"), status.reference()},
       {session.Say("Status", "Status"), Label(status.status(), session.lang())},
       {session.Say("Belt", "Will call"), who.display_name()},
       {session.Say("Uiterlijk", "At the latest"), DeadlineText(who.contact_by(), session.lang())},
       {session.Say("Vraag aan u", "Question to you"), question},
       {session.Say("Ontvangen", "Received"), TimeText(status.receive_time())}},
      session.console().out, session.table_style());
}

absl::StatusOr<ExitCode> StatusByCode(Session& session, const StatusFlags& flags) {
  v1::GetSignalStatusRequest request;
  const auto parent = session.Parent();
  if (!parent.ok()) return parent.status();
  request.set_parent(*parent);
  request.set_code(flags.code);
  auto found = Ask(session, request, &client::Client::GetSignalStatus);
  if (flags.full && found.ok() && found->question_waits()) {
    request.set_view(v1::VIEW_FULL);
    found = Ask(session, request, &client::Client::GetSignalStatus);
  }
  return Answer(session, found,
                [&](const v1::SignalStatus& status) { PrintStatus(status, session); });
}

// What is said beside the question's answer.
template <typename Request>
absl::Status SetAnswer(Session& session, const AnswerFlags& flags, Request& request) {
  request.set_text(flags.text);
  if (!flags.place.empty()) {
    const auto place = session.Place(flags.place);
    if (!place.ok()) return place.status();
    *request.mutable_place() = *place;
  }
  v1::Reach reach;
  reach.set_phone(flags.phone);
  reach.set_address(flags.address);
  reach.set_email(flags.email);
  reach.set_place_and_time(flags.meet);
  reach.set_person_name(flags.person_name);
  if (reach.ByteSizeLong() > 0) *request.mutable_reach() = reach;
  return absl::OkStatus();
}

void ThankForAnswer(Session& session) {
  session.console().out << session.Say("Dank u wel; uw antwoord is doorgegeven.\n",
                                       "Thank you; your answer was passed on.\n");
}

absl::StatusOr<ExitCode> AnswerByCode(Session& session, const AnswerFlags& flags) {
  v1::AnswerQuestionByCodeRequest request;
  const auto parent = session.Parent();
  if (!parent.ok()) return parent.status();
  request.set_parent(*parent);
  request.set_code(flags.code);
  if (absl::Status set = SetAnswer(session, flags, request); !set.ok()) return set;
  return Answer(session,
                Mutate(session, flags.mutation, request, &client::Client::AnswerQuestionByCode),
                [&](const v1::SignalStatus& status) {
                  SayCallNow(status, session);
                  ThankForAnswer(session);
                  PrintStatus(status, session);
                });
}

absl::StatusOr<ExitCode> AnswerSignal(Session& session, const AnswerFlags& flags) {
  if (flags.name.empty() == flags.code.empty()) {
    return UsageError(session.Say("geef de naam van het signaal, of met --code de code",
                                  "give the signal's name, or with --code its code"));
  }
  if (!flags.code.empty()) return AnswerByCode(session, flags);
  v1::AnswerQuestionRequest request;
  const auto name = session.Full("signals", flags.name);
  if (!name.ok()) return name.status();
  request.set_name(*name);
  if (absl::Status set = SetAnswer(session, flags, request); !set.ok()) return set;
  return Answer(session, Mutate(session, flags.mutation, request, &client::Client::AnswerQuestion),
                [&](const v1::AnswerQuestionResponse& answer) {
                  SayCallNow(answer, session);
                  ThankForAnswer(session);
                  PrintSignal(answer.signal(), session);
                });
}

absl::StatusOr<ExitCode> Redirect(Session& session, const RedirectFlags& flags) {
  v1::RedirectSignalRequest request;
  const auto name = session.Full("signals", flags.name);
  if (!name.ok()) return name.status();
  request.set_name(*name);
  request.set_taken_over_by(flags.to);
  const auto wmo = FlagWord<v1::WmoReport>(session, "--wmo", flags.wmo);
  if (!wmo.ok()) return wmo.status();
  request.set_wmo_report(*wmo);
  return Answer(session, Mutate(session, flags.mutation, request, &client::Client::RedirectSignal),
                [&](const v1::Signal& signal) { PrintSignal(signal, session); });
}

absl::StatusOr<ExitCode> Point(Session& session, const PointFlags& flags) {
  v1::GetSignalPointRequest request;
  const auto parent = session.Parent();
  if (!parent.ok()) return parent.status();
  request.set_parent(*parent);
  const auto place = session.Place(flags.place);
  if (!place.ok()) return place.status();
  *request.mutable_place() = *place;
  const auto point = Ask(session, request, &client::Client::GetSignalPoint);
  return Answer(session, point, [&](const auto& answer) {
    std::ostream& out = session.console().out;
    out << Clean(Text(answer.advice(), session.lang())) << "\n";
    PrintSheet({{session.Say("Wijk", "District"), Districts(answer.districts(), session.lang())}},
               out, session.table_style());
    Table table({session.Say("PARTIJ", "ORGANISATION"), session.Say("CONTACT", "CONTACT")});
    for (const auto& party : answer.parties()) {
      table.AddRow({party.display_name(), party.contact()});
    }
    if (!table.empty()) table.Print(out << "\n", session.table_style());
  });
}

void AddAnswer(CLI::App& signal, Command& chosen) {
  auto answer = AddCommand<AnswerFlags>(
      signal, chosen, "answer", "Answer the question that waits ('get --full' shows it)",
      "  omzien signal answer 7f3k2m --text \"In de Dorpsstraat\" --place Bathmen", &AnswerSignal);
  answer.app.add_option("name", answer.flags.name, "The signal's id or full name");
  answer.app.add_option("--code", answer.flags.code, "Its code instead; needs no token");
  answer.app.add_option("--text", answer.flags.text, "The answer")->required();
  answer.app.add_option("--place", answer.flags.place, "Where the person lives, as of submit");
  answer.app.add_option("--phone", answer.flags.phone, "Telephone number");
  answer.app.add_option("--address", answer.flags.address, "Street and number");
  answer.app.add_option("--email", answer.flags.email, "E-mail address");
  answer.app.add_option("--meet", answer.flags.meet, "A place and time to meet the person");
  answer.app.add_option("--person-name", answer.flags.person_name, "The person's name");
  AddMutationFlags(answer.app, answer.flags.mutation, false);
}

}  // namespace

void AddSignalCommands(CLI::App& signal, Command& chosen) {
  auto submit = AddCommand<SubmitFlags>(
      signal, chosen, "submit", "Submit a signal: a place, a way to find the person, a few words",
      "  omzien signal submit --place Bathmen --through-signaller --words \"Weduwe, komt elke "
      "dag\"\n"
      "  omzien signal submit --place 7437 --phone 0570000000 --age 65_plus --words - < words.txt",
      &Submit);
  AddSignalFlags(submit.app, submit.flags.signal);
  AddConsentFlags(submit.app, submit.flags.consent);
  AddAttemptFlags(submit.app, submit.flags.contact, "contact-",
                  "A first contact that you made or tried already (social teams, welfare)");
  submit.app.add_flag("--code", submit.flags.code,
                      "With a code, by which whoever signals can ask after it without an account");
  AddMutationFlags(submit.app, submit.flags.mutation, false);

  auto get = AddCommand<GetFlags>(signal, chosen, "get", "Show a signal",
                                  "  omzien signal get 7f3k2m\n"
                                  "  omzien signal get 7f3k2m --full -o json",
                                  &Get);
  get.app.add_option("name", get.flags.name, "Its id or full name")->required();
  get.app.add_flag("--full", get.flags.full, "With personal details, as far as you may; audited");

  auto list = AddCommand<SignalListFlags>(signal, chosen, "list", "List signals, newest first",
                                          "  omzien signal list --limit 10\n"
                                          "  omzien signal list --all --state routed -o json",
                                          &ListSignals);
  AddPageFlags(list.app, list.flags.page);
  list.app.add_option(
      "--state", list.flags.states,
      "Only in this state, for coordinators; may be given again: " + Known<v1::SignalState>());

  auto withdraw = AddCommand<WithdrawFlags>(
      signal, chosen, "withdraw", "Withdraw a signal",
      "  omzien signal withdraw 7f3k2m --reason \"Buurvrouw is verhuisd\"", &Withdraw);
  withdraw.app.add_option("name", withdraw.flags.name, "Its id or full name")->required();
  withdraw.app.add_option("--reason", withdraw.flags.reason, "Why");
  AddMutationFlags(withdraw.app, withdraw.flags.mutation);

  auto reopen = AddCommand<WithdrawFlags>(
      signal, chosen, "reopen", "Begin follow-up anew, with a first contact",
      "  omzien signal reopen 7f3k2m --reason \"Maatje is verhuisd\"", &Reopen);
  reopen.app.add_option("name", reopen.flags.name, "Its id or full name")->required();
  reopen.app.add_option("--reason", reopen.flags.reason, "Why")->required();
  AddMutationFlags(reopen.app, reopen.flags.mutation);

  AddAnswer(signal, chosen);

  auto redirect = AddCommand<RedirectFlags>(
      signal, chosen, "redirect", "Someone else took over what is acute; follow-up ends",
      "  omzien signal redirect 7f3k2m --to \"Crisisdienst\"", &Redirect);
  redirect.app.add_option("name", redirect.flags.name, "Its id or full name")->required();
  redirect.app.add_option("--to", redirect.flags.to, "Who took over")->required();
  redirect.app.add_option("--wmo", redirect.flags.wmo,
                          "What becomes of a possible report under the Wmo: made or not_made");
  AddMutationFlags(redirect.app, redirect.flags.mutation);

  auto status = AddCommand<StatusFlags>(
      signal, chosen, "status", "How a signal stands, by its code; needs no token",
      "  omzien signal status --code K7Q2-M4XP-0T3V-9HZB --full", &StatusByCode);
  status.app.add_option("--code", status.flags.code, "As it was given with the signal")->required();
  status.app.add_flag("--full", status.flags.full, "With the question that waits, if one does");

  auto point = AddCommand<PointFlags>(
      signal, chosen, "point", "Where to bring a signal for a place; needs no token",
      "  omzien signal point --place 7437\n  omzien signal point --place \"Okkenbroek\"", &Point);
  point.app.add_option("--place", point.flags.place, "As of submit")->required();
}

}  // namespace omzien::cli
