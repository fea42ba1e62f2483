#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/referral_commands.h"
#include "client/cli/times.h"
#include "client/cli/views.h"

namespace omzien::cli {
namespace {

// "Solis (0570 12 34 56)".
std::string AskFirstText(const v1::Referral& referral) {
  if (referral.ask_first_contact().empty()) return referral.ask_first_display_name();
  return absl::StrCat(referral.ask_first_display_name(), " (", referral.ask_first_contact(), ")");
}

// "2026-11-22, dezelfde persoon; tot 2027-11-22".
std::string EarlierNoText(const v1::Referral& referral, const Session& session) {
  if (!referral.has_earlier_no()) return "";
  const v1::EarlierNo& no = referral.earlier_no();
  return absl::StrCat(TimeText(no.say_time()), ", ", Label(no.same_person(), session.lang()), "; ",
                      session.Say("tot ", "until "),
                      DeadlineText(no.expire_time(), session.lang()));
}

template <typename Names>
std::string ShortNames(const Names& names) {
  std::vector<std::string> parts;
  for (const std::string& name : names) parts.push_back(ShortName(name));
  return absl::StrJoin(parts, ", ");
}

std::string Yes(bool yes, const Session& session) { return yes ? session.Say("ja", "yes") : ""; }

Sheet PersonSheet(const v1::PersonDetails& person, const Session& session) {
  const Lang lang = session.lang();
  const v1::Reach& reach = person.reach();
  return {{session.Say("Betrokkene", "Person"), reach.person_name()},
          {session.Say("Telefoon", "Phone"), reach.phone()},
          {session.Say("Adres", "Address"), reach.address()},
          {session.Say("E-mail", "E-mail"), reach.email()},
          {session.Say("Te vinden", "To be found"), reach.place_and_time()},
          {session.Say("Via melder", "Through signaller"), Yes(reach.through_signaller(), session)},
          {session.Say("Melder bereiken", "Reach signaller"), reach.signaller_contact()},
          {session.Say("Plaats", "Place"), person.place().words()},
          {session.Say("Postcode", "Postcode"), person.place().postcode()},
          {session.Say("Woorden melder", "Signaller's words"), person.own_words()},
          {session.Say("Weet ervan", "Person knows"), Label(person.person_knows(), lang)},
          {session.Say("Leeftijd", "Age"), Label(person.age_band(), lang)},
          {session.Say("Doelgroepen", "Target groups"), ShortNames(person.target_groups())},
          {session.Say("Overgangsmoment", "Life events"), ShortNames(person.life_events())},
          {session.Say("Taal", "Language"), person.language()},
          {session.Say("Huishouden", "Household"), Label(person.household(), lang)},
          {session.Say("Mobiliteit", "Mobility"), Label(person.circumstances().mobility(), lang)},
          {session.Say("Digitaal vaardig", "Digital skill"),
           Label(person.circumstances().digital_skill(), lang)},
          {session.Say("Te besteden", "Budget"), Label(person.circumstances().budget(), lang)},
          {session.Say("Vergoedingen", "Funding"),
           absl::StrJoin(person.circumstances().funding(), ", ")},
          {session.Say("Huidige steun", "Current support"), person.current_support().description()},
          {session.Say("Voorkeurstijd", "Preferred time"), person.preferred_time()},
          {session.Say("Bij de overdracht", "With the handing over"), person.hand_over_note()}};
}

Sheet ReferralSheet(const v1::Referral& referral, const Session& session) {
  const Lang lang = session.lang();
  return {
      {session.Say("Naam", "Name"), referral.name()},
      {session.Say("Kenmerk", "Reference"), referral.reference()},
      {session.Say("Signaal", "Signal"), referral.signal()},
      {session.Say("Doel", "Purpose"), Label(referral.purpose(), lang)},
      {session.Say("Toestand", "State"), Label(referral.state(), lang)},
      {session.Say("Partij", "Organisation"), referral.organisation_display_name()},
      {session.Say("Aanbod", "Offer"), referral.offer_display_name()},
      {session.Say("Omdat", "Because"), Text(referral.reason(), lang)},
      {session.Say("Wijk", "District"), Districts(referral.districts(), lang)},
      {session.Say("Vraag", "Need"), Label(referral.need(), lang)},
      {session.Say("Urgentie", "Urgency"), Label(referral.urgency(), lang)},
      {session.Say("Wmo-melding", "Wmo report"), Label(referral.wmo_report(), lang)},
      {session.Say("Wil geen contact", "Wants no contact"), EarlierNoText(referral, session)},
      {session.Say("Vraag eerst na bij", "Ask first"), AskFirstText(referral)},
      {session.Say("Toestemming", "Consent"), Yes(referral.consent_given(), session)},
      {session.Say("Toegewezen", "Assigned"), TimeText(referral.assign_time())},
      {session.Say("Accepteren uiterlijk", "Accept by"), DeadlineText(referral.accept_by(), lang)},
      {session.Say("Contact uiterlijk", "Contact by"), DeadlineText(referral.contact_by(), lang)},
      {session.Say("Geëscaleerd", "Escalated"), TimeText(referral.escalate_time())},
      {session.Say("Te laat", "Overdue"), Yes(referral.overdue(), session)},
      {session.Say("Geaccepteerd", "Accepted"), TimeText(referral.accept_time())},
      {session.Say("Contact op", "Contact at"), TimeText(referral.contact_time())},
      {session.Say("Uitkomst", "Outcome"), Label(referral.outcome(), lang)},
      {session.Say("Afgewezen om", "Declined for"), Label(referral.decline_reason(), lang)},
      {session.Say("Mislukt om", "Failed for"), Label(referral.fail_reason(), lang)},
      {session.Say("Op de wachtlijst sinds", "On the waiting list since"),
       TimeText(referral.waitlist_time())},
      {session.Say("Plek verwacht op", "Room expected on"), DayText(referral.room_expected_on())},
      {session.Say("Overgenomen van", "Handed over from"), referral.handed_over_from()},
      {session.Say("Overgedragen aan", "Handed over to"), referral.handed_over_to()},
      {session.Say("Wordt voorgesteld", "Is introduced"),
       referral.introduced() ? Yes(true, session) : ""},
      {session.Say("Geëindigd", "Ended"), TimeText(referral.end_time())},
      {session.Say("Nazorg op", "After-check on"), TimeText(referral.after_check_time())}};
}

// Where the person turned out to live.
std::string LivesAt(const v1::ContactAttempt& attempt, const Session& session) {
  if (attempt.moved_out_of_municipality()) return session.Say("elders", "elsewhere");
  return ShortName(attempt.district_learnt());
}

void PrintAttempts(const v1::Referral& referral, Session& session) {
  if (referral.attempts_size() == 0) return;
  const Lang lang = session.lang();
  Table table({session.Say("WANNEER", "WHEN"), session.Say("MET", "WITH"),
               session.Say("KANAAL", "CHANNEL"), session.Say("RESULTAAT", "RESULT"),
               session.Say("VRAAG", "NEED"), session.Say("WOONT", "LIVES"),
               session.Say("WIL", "WANTS"), session.Say("VOLGENDE", "NEXT"),
               session.Say("NOTITIE", "NOTE")});
  for (const v1::ContactAttempt& attempt : referral.attempts()) {
    table.AddRow({TimeText(attempt.attempt_time()), Label(attempt.with(), lang),
                  Label(attempt.channel(), lang), Label(attempt.result(), lang),
                  Label(attempt.need_learnt(), lang), LivesAt(attempt, session),
                  Label(attempt.contact_wish(), lang), TimeText(attempt.next_attempt_time()),
                  attempt.note()});
  }
  session.console().out << "\n" << session.Say("Contactpogingen:", "Contact attempts:") << "\n";
  table.Print(session.console().out, session.table_style());
}

void PrintQuestions(const v1::PersonDetails& person, Session& session) {
  if (person.questions_size() == 0) return;
  Table table({session.Say("VRAAG", "QUESTION"), session.Say("ANTWOORD", "ANSWER"),
               session.Say("TELEFOON", "PHONE"), session.Say("PLAATS", "PLACE")});
  for (const v1::QuestionAndAnswer& asked : person.questions()) {
    const v1::Place& place = asked.place();
    table.AddRow({asked.question(), asked.answer(), asked.reach().phone(),
                  !place.words().empty()      ? place.words()
                  : !place.postcode().empty() ? place.postcode()
                                              : ShortName(place.district())});
  }
  session.console().out << "\n"
                        << session.Say("Vragen aan de melder:", "Questions to the signaller:")
                        << "\n";
  table.Print(session.console().out, session.table_style());
}

}  // namespace

void PrintReferrals(const google::protobuf::RepeatedPtrField<v1::Referral>& referrals,
                    Session& session) {
  const Lang lang = session.lang();
  Table table({"ID", session.Say("KENMERK", "REFERENCE"), session.Say("DOEL", "PURPOSE"),
               session.Say("TOESTAND", "STATE"), session.Say("PARTIJ", "ORGANISATION"),
               session.Say("AANBOD", "OFFER"), session.Say("CONTACT UITERLIJK", "CONTACT BY"),
               session.Say("TE LAAT", "OVERDUE"), session.Say("WIJK", "DISTRICT")});
  for (const v1::Referral& referral : referrals) {
    table.AddRow({ShortName(referral.name()), referral.reference(), Label(referral.purpose(), lang),
                  Label(referral.state(), lang), referral.organisation_display_name(),
                  referral.offer_display_name(), DeadlineText(referral.contact_by(), lang),
                  Yes(referral.overdue(), session), DistrictCell(referral.districts())});
  }
  table.Print(session.console().out, session.table_style());
}

void PrintReferral(const v1::Referral& referral, Session& session) {
  Sheet sheet = ReferralSheet(referral, session);
  if (referral.has_person()) {
    const Sheet person = PersonSheet(referral.person(), session);
    sheet.insert(sheet.end(), person.begin(), person.end());
  }
  sheet.emplace_back("Etag", referral.etag());
  PrintSheet(sheet, session.console().out, session.table_style());
  PrintAttempts(referral, session);
  PrintQuestions(referral.person(), session);
  PrintProposals(referral.proposals(), session);
}

}  // namespace omzien::cli
