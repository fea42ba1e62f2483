// What someone does: who signals, who calls first, who has an offer, who coordinates; and time.

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/cpp/request_id.h"
#include "client/cpp/submit_stream.h"
#include "tests/e2e/story_world.h"
#include "tests/scenarios/steps.h"

namespace omzien::scenarios {
namespace {

using e2e::Of;

// --- the signaller ---

v1::SubmitSignalRequest Submission(Scenario& scenario, Person& person) {
  v1::SubmitSignalRequest request;
  request.set_parent(scenario.parent());
  *request.mutable_signal() = person.draft;
  if (person.first_attempt.has_value()) *request.mutable_first_attempt() = *person.first_attempt;
  request.set_code_wanted(person.wants_code);
  request.set_request_id(person.request_id);
  return request;
}

void Keep(v1::SubmitSignalResponse answer, Person* person) {
  person->references.push_back(answer.signal().reference());
  person->answer = std::move(answer);
}

Deed Submit(Scenario& scenario, bool anew) {
  Person* const person = &scenario.person();
  if (anew) person->request_id = client::NewRequestId();
  client::Client* const signaller = &scenario.Signaller();
  return [request = Submission(scenario, *person), signaller, person] {
    auto answer = signaller->SubmitSignal(request);
    if (answer.ok()) Keep(*std::move(answer), person);
    return answer.status();
  };
}

Deed Signalled(Scenario& scenario, const Arguments&) { return Submit(scenario, true); }
Deed SentAgain(Scenario& scenario, const Arguments&) { return Submit(scenario, false); }

Deed SignalledInBulk(Scenario& scenario, const Arguments&) {
  auto sent = std::make_shared<std::vector<std::pair<Person*, v1::SubmitSignalRequest>>>();
  for (auto& [name, person] : scenario.persons()) {
    if (name.empty()) continue;
    person.request_id = client::NewRequestId();
    sent->emplace_back(&person, Submission(scenario, person));
  }
  client::Client* const signaller = &scenario.world().As("jumbo-hans-kok", "signaller");
  return [sent, signaller] {
    client::SubmitStream stream(*signaller, {}, [sent](int64_t sequence, const auto& answer) {
      if (answer.ok()) Keep(*answer, (*sent)[static_cast<size_t>(sequence)].first);
    });
    for (size_t i = 0; i < sent->size(); ++i) {
      absl::Status status = stream.Send(static_cast<int64_t>(i), (*sent)[i].second);
      if (!status.ok()) return status;
    }
    return stream.Finish();
  };
}

Deed Withdrawn(Scenario& scenario, const Arguments&) {
  client::Client* const signaller = &scenario.Signaller();
  return [signaller, name = scenario.SignalName()] {
    return signaller->WithdrawSignal(Of<v1::WithdrawSignalRequest>(name)).status();
  };
}

Deed AnswerOf(Scenario& scenario, v1::AnswerQuestionRequest request) {
  request.set_name(scenario.SignalName());
  client::Client* const signaller = &scenario.Signaller();
  Person* const person = &scenario.person();
  return [signaller, request, person] {
    const auto answered = signaller->AnswerQuestion(request);
    if (answered.ok()) *person->answer->mutable_call_now() = answered->call_now();
    return answered.status();
  };
}

Deed AnsweredByCode(Scenario& scenario, const Arguments& said) {
  scenario.SignalName();  // it was submitted
  auto request = Of<v1::AnswerQuestionByCodeRequest>(scenario.parent());
  request.set_code(scenario.person().answer->code());
  request.set_text(said[0]);
  client::Client* const anyone = &scenario.world().As("");
  Person* const person = &scenario.person();
  return [anyone, request, person] {
    const auto answered = anyone->AnswerQuestionByCode(request);
    if (answered.ok()) *person->answer->mutable_call_now() = answered->call_now();
    return answered.status();
  };
}

Deed Answered(Scenario& scenario, const Arguments& said) {
  v1::AnswerQuestionRequest request;
  request.set_text(said[0]);
  return AnswerOf(scenario, std::move(request));
}

Deed AnsweredWithPlace(Scenario& scenario, const Arguments& said) {
  v1::AnswerQuestionRequest request;
  request.set_text(said[0]);
  request.mutable_place()->set_district(scenario.Name("districts", said[1]));
  return AnswerOf(scenario, std::move(request));
}

Deed AnsweredWithPostcode(Scenario& scenario, const Arguments& said) {
  v1::AnswerQuestionRequest request;
  request.set_text(said[0]);
  request.mutable_place()->set_postcode(said[1]);
  return AnswerOf(scenario, std::move(request));
}

Deed AnsweredWithPhone(Scenario& scenario, const Arguments& said) {
  v1::AnswerQuestionRequest request;
  request.set_text(said[0]);
  request.mutable_reach()->set_phone(said[1]);
  return AnswerOf(scenario, std::move(request));
}

// --- who looks for offers, or where to go ---

Deed LookFor(Scenario& scenario, const std::string& on) {
  Person* const person = &scenario.person();
  const v1::Signal& draft = person->draft;
  v1::FindOffersRequest request;
  request.set_parent(scenario.parent());
  *request.mutable_place() = draft.place();
  request.set_need(draft.need());
  request.set_age_band(draft.age_band());
  *request.mutable_target_groups() = draft.target_groups();
  request.set_language(draft.language());
  *request.mutable_life_events() = draft.life_events();
  if (draft.has_circumstances()) *request.mutable_circumstances() = draft.circumstances();
  request.set_household(draft.household());
  if (!on.empty()) {
    *request.mutable_on() =
        scenario.FromYaml<v1::Offer>(absl::StrCat("active_from: ", on)).active_from();
  }
  request.set_page_size(200);
  client::Client* const coordinator = &scenario.Coordinator();
  return [coordinator, request, person] {
    auto found = coordinator->FindOffers(request);
    if (found.ok()) person->found = *found;
    return found.status();
  };
}

Deed LookedFor(Scenario& scenario, const Arguments&) { return LookFor(scenario, ""); }
Deed LookedForOn(Scenario& scenario, const Arguments& said) { return LookFor(scenario, said[0]); }

Deed AskedWhereToGo(Scenario& scenario, const Arguments&) {
  Person* const person = &scenario.person();
  auto request = Of<v1::GetSignalPointRequest>(scenario.parent());
  *request.mutable_place() = person->draft.place();
  client::Client* const anyone = &scenario.world().As("");
  return [anyone, request, person] {
    auto point = anyone->GetSignalPoint(request);
    if (point.ok()) person->point = *point;
    return point.status();
  };
}

// --- who has a referral ---

// A request about the organisation's referral, and who sends it.
template <class Request>
struct Sent {
  client::Client* actor;
  Request request;
};

template <class Request>
Sent<Request> ByHolder(Scenario& scenario, const std::string& organisation) {
  const v1::Referral referral = scenario.ReferralOf(organisation);
  Sent<Request> sent{&scenario.ActorOn(referral, organisation), Of<Request>(referral.name())};
  sent.request.set_etag(scenario.etag());
  return sent;
}

Deed Read(Scenario& scenario, const Arguments& said) {
  const v1::Referral referral = scenario.ReferralOf(said[0]);
  client::Client* const actor = &scenario.ActorOn(referral, said[0]);
  Person* const person = &scenario.person();
  return [actor, person, name = referral.name()] {
    const auto seen = actor->GetReferral(Of<v1::GetReferralRequest>(name));
    if (seen.ok()) person->read_etag = seen->etag();
    return seen.status();
  };
}

Deed Accepts(Scenario& scenario, const Arguments& said) {
  const auto sent = ByHolder<v1::AcceptReferralRequest>(scenario, said[0]);
  return [sent] { return sent.actor->AcceptReferral(sent.request).status(); };
}

Deed Declines(Scenario& scenario, const Arguments& said) {
  auto sent = ByHolder<v1::DeclineReferralRequest>(scenario, said[0]);
  sent.request.set_reason(ValueOf<v1::DeclineReason>(said[1]));
  if (sent.request.reason() == v1::DECLINE_REASON_OTHER) sent.request.set_text("zie overleg");
  return [sent] { return sent.actor->DeclineReferral(sent.request).status(); };
}

Deed Fails(Scenario& scenario, const Arguments& said) {
  auto sent = ByHolder<v1::FailReferralRequest>(scenario, said[0]);
  sent.request.set_reason(ValueOf<v1::FailReason>(said[1]));
  if (sent.request.reason() == v1::FAIL_REASON_OTHER) sent.request.set_text("zie overleg");
  return [sent] { return sent.actor->FailReferral(sent.request).status(); };
}

Deed Waitlist(Scenario& scenario, const Arguments& said) {
  auto sent = ByHolder<v1::WaitlistReferralRequest>(scenario, said[0]);
  if (said.size() > 1) {
    *sent.request.mutable_room_expected_on() =
        scenario.FromYaml<v1::Offer>(absl::StrCat("active_from: ", said[1])).active_from();
  }
  return [sent] { return sent.actor->WaitlistReferral(sent.request).status(); };
}

Deed HandOver(Scenario& scenario, const std::string& holder, const std::string& organisation,
              const std::string& offer, bool introduce) {
  auto sent = ByHolder<v1::HandOverReferralRequest>(scenario, holder);
  if (!organisation.empty()) {
    sent.request.set_organisation(scenario.Name("organisations", organisation));
  }
  if (!offer.empty()) sent.request.set_offer(scenario.Name("offers", offer));
  sent.request.set_introduce(introduce);
  sent.request.set_note("Bel liefst na tienen.");
  return [sent] { return sent.actor->HandOverReferral(sent.request).status(); };
}

Deed HandsOver(Scenario& scenario, const Arguments& said) {
  return HandOver(scenario, said[0], said[1], "", false);
}
Deed HandsOverWarmly(Scenario& scenario, const Arguments& said) {
  return HandOver(scenario, said[0], said[1], "", true);
}
Deed HandsOverToOffer(Scenario& scenario, const Arguments& said) {
  return HandOver(scenario, said[0], "", said[1], false);
}
Deed HandsOverToOfferWarmly(Scenario& scenario, const Arguments& said) {
  return HandOver(scenario, said[0], "", said[1], true);
}

Deed TakeBack(Scenario& scenario, const std::string& holder, client::Client* taker) {
  auto sent = ByHolder<v1::TakeBackReferralRequest>(scenario, holder);
  sent.request.set_reason("Al drie weken geen antwoord.");
  return [sent, taker] { return taker->TakeBackReferral(sent.request).status(); };
}

Deed TakesBack(Scenario& scenario, const Arguments& said) {
  return TakeBack(scenario, said[1], &scenario.world().As(said[0], "first_contact"));
}
Deed CoordinatorTakesBack(Scenario& scenario, const Arguments& said) {
  return TakeBack(scenario, said[0], &scenario.Coordinator());
}

Deed Completes(Scenario& scenario, const Arguments& said) {
  auto sent = ByHolder<v1::CompleteReferralRequest>(scenario, said[0]);
  sent.request.set_outcome(ValueOf<v1::Outcome>(said[1]));
  return [sent] { return sent.actor->CompleteReferral(sent.request).status(); };
}

Deed Asks(Scenario& scenario, const Arguments& said) {
  auto sent = ByHolder<v1::AskSignallerRequest>(scenario, said[0]);
  sent.request.set_text(said[1]);
  return [sent] { return sent.actor->AskSignaller(sent.request).status(); };
}

// --- contact and consent ---

using AttemptSent = Sent<v1::RecordContactAttemptRequest>;

AttemptSent Attempt(Scenario& scenario, const std::string& organisation) {
  auto sent = ByHolder<v1::RecordContactAttemptRequest>(scenario, organisation);
  v1::ContactAttempt* const attempt = sent.request.mutable_attempt();
  attempt->set_with(v1::CONTACT_WITH_PERSON);
  attempt->set_channel(v1::CONTACT_CHANNEL_VISIT);
  attempt->set_result(v1::CONTACT_RESULT_REACHED);
  return sent;
}

Deed Record(const AttemptSent& sent) {
  return [sent] { return sent.actor->RecordContactAttempt(sent.request).status(); };
}

Deed Tries(Scenario& scenario, const Arguments& said) {
  AttemptSent sent = Attempt(scenario, said[0]);
  v1::ContactAttempt* const attempt = sent.request.mutable_attempt();
  attempt->set_with(ValueOf<v1::ContactWith>(said[1]));
  attempt->set_channel(ValueOf<v1::ContactChannel>(said[2]));
  attempt->set_result(ValueOf<v1::ContactResult>(said[3]));
  attempt->set_note("Aangebeld.");
  return Record(sent);
}

Deed TriesAndHears(Scenario& scenario, const Arguments& said) {
  AttemptSent sent = Attempt(scenario, said[0]);
  v1::ContactAttempt* const attempt = sent.request.mutable_attempt();
  attempt->set_with(ValueOf<v1::ContactWith>(said[1]));
  attempt->set_channel(ValueOf<v1::ContactChannel>(said[2]));
  attempt->set_result(ValueOf<v1::ContactResult>(said[3]));
  attempt->set_contact_wish(ValueOf<v1::ContactWish>(said[4]));
  return Record(sent);
}

Deed IsCalledBy(Scenario& scenario, const Arguments& said) {
  AttemptSent sent = Attempt(scenario, said[0]);
  sent.request.mutable_attempt()->set_channel(ValueOf<v1::ContactChannel>(said[1]));
  sent.request.mutable_attempt()->set_result(ValueOf<v1::ContactResult>(said[2]));
  sent.request.mutable_attempt()->set_direction(v1::CONTACT_DIRECTION_INCOMING);
  return Record(sent);
}

Deed Reaches(Scenario& scenario, const Arguments& said) {
  return Record(Attempt(scenario, said[0]));
}

// The server's clock is never behind this one.
v1::Consent ConsentNow() {
  v1::Consent consent;
  consent.set_by_whom(v1::CONSENT_GIVER_PERSON);
  consent.mutable_when()->set_seconds(absl::ToUnixSeconds(absl::Now()));
  return consent;
}

Deed ReachesWhoAgrees(Scenario& scenario, const Arguments& said) {
  AttemptSent sent = Attempt(scenario, said[0]);
  *sent.request.mutable_consent() = ConsentNow();
  return Record(sent);
}

Deed ReachesWhoAgreesWith(Scenario& scenario, const Arguments& said) {
  AttemptSent sent = Attempt(scenario, said[0]);
  *sent.request.mutable_consent() = ConsentNow();
  for (const std::string& id : Listed(said[1])) {
    sent.request.mutable_consent()->add_to_whom(scenario.Name("organisations", id));
  }
  return Record(sent);
}

Deed Learns(Scenario& scenario, const Arguments& said) {
  AttemptSent sent = Attempt(scenario, said[0]);
  auto learnt = scenario.FromYaml<v1::ContactAttempt>(said[1]);
  if (!learnt.district_learnt().empty()) {
    learnt.set_district_learnt(scenario.Name("districts", learnt.district_learnt()));
  }
  for (std::string& group : *learnt.mutable_target_groups_learnt()) {
    group = scenario.Name("targetGroups", group);
  }
  sent.request.mutable_attempt()->MergeFrom(learnt);
  return Record(sent);
}

Deed RecordsConsent(Scenario& scenario, const std::string& organisation, v1::Consent consent) {
  auto sent = ByHolder<v1::RecordConsentRequest>(scenario, organisation);
  *sent.request.mutable_consent() = std::move(consent);
  return [sent] { return sent.actor->RecordConsent(sent.request).status(); };
}

Deed HearsYes(Scenario& scenario, const Arguments& said) {
  return RecordsConsent(scenario, said[0], ConsentNow());
}

Deed HearsYesTo(Scenario& scenario, const Arguments& said) {
  v1::Consent consent = ConsentNow();
  for (const std::string& id : Listed(said[1])) {
    consent.add_to_whom(scenario.Name("organisations", id));
  }
  return RecordsConsent(scenario, said[0], std::move(consent));
}

Deed HearsYesFor(Scenario& scenario, const Arguments& said) {
  v1::Consent consent = ConsentNow();
  consent.add_what(ValueOf<v1::ConsentScope>(said[1]));
  return RecordsConsent(scenario, said[0], std::move(consent));
}

Deed HearsNo(Scenario& scenario, const Arguments& said) {
  v1::Consent consent = ConsentNow();
  *consent.mutable_withdraw_time() = consent.when();
  return RecordsConsent(scenario, said[0], std::move(consent));
}

// --- placing ---

Deed PlaceWith(Scenario& scenario, const Arguments& said, const std::string& departure_reason) {
  auto sent = ByHolder<v1::PlaceReferralRequest>(scenario, said[0]);
  for (const std::string& id : Listed(said[1])) {
    sent.request.add_offers(scenario.Name("offers", id));
  }
  sent.request.set_departure_reason(departure_reason);
  return [sent] { return sent.actor->PlaceReferral(sent.request).status(); };
}

Deed Places(Scenario& scenario, const Arguments& said) { return PlaceWith(scenario, said, ""); }
Deed PlacesBecause(Scenario& scenario, const Arguments& said) {
  return PlaceWith(scenario, said, said[2]);
}

// --- reopening, redirecting ---

Deed Reopen(Scenario& scenario, client::Client* who) {
  auto request = Of<v1::ReopenSignalRequest>(scenario.SignalName());
  request.set_reason("De dochter belde.");
  return [who, request] { return who->ReopenSignal(request).status(); };
}

Deed CoordinatorReopens(Scenario& scenario, const Arguments&) {
  return Reopen(scenario, &scenario.Coordinator());
}
Deed Reopens(Scenario& scenario, const Arguments& said) {
  return Reopen(scenario, &scenario.world().As(said[0], "first_contact"));
}

Deed Redirect(Scenario& scenario, client::Client* who) {
  auto request = Of<v1::RedirectSignalRequest>(scenario.SignalName());
  request.set_taken_over_by("de crisisdienst");
  return [who, request] { return who->RedirectSignal(request).status(); };
}

Deed CoordinatorRedirects(Scenario& scenario, const Arguments&) {
  return Redirect(scenario, &scenario.Coordinator());
}
Deed Redirects(Scenario& scenario, const Arguments& said) {
  return Redirect(scenario, &scenario.world().As(said[0], "first_contact"));
}

// --- the server ---

Deed DaysLater(Scenario& scenario, const Arguments& said) {
  World* const world = &scenario.world();
  return [world, days = std::stoi(said[0])] {
    world->Later(days);
    return absl::OkStatus();
  };
}

Deed Restarted(Scenario& scenario, const Arguments&) {
  World* const world = &scenario.world();
  return [world] {
    world->Restart();
    return absl::OkStatus();
  };
}

constexpr When kWhenSteps[] = {
    {"signalled", "the signaller submits it", &Signalled},
    {"sent again", "the same submission once more, with the same request_id", &SentAgain},
    {"signalled in bulk", "JUMBO submits those about all whom the row names, over one stream",
     &SignalledInBulk},
    {"withdrawn", "the signaller withdraws", &Withdrawn},
    {"answered {words}", "the signaller answers the question", &Answered},
    {"answered by the code {words}", "without an account", &AnsweredByCode},
    {"answered {words}, living in {code}", "and says where the person lives", &AnsweredWithPlace},
    {"answered {words}, with postcode {words}", "and gives a postcode", &AnsweredWithPostcode},
    {"answered {words}, with phone {words}", "and gives a number", &AnsweredWithPhone},
    {"offers are looked for", "FindOffers, for someone of whom there is no signal", &LookedFor},
    {"offers are looked for on {yaml}", "the same, on another day", &LookedForOn},
    {"anyone asks where to go", "GetSignalPoint, without a token", &AskedWhereToGo},
    {"{id} reads it", "and so has its etag", &Read},
    {"{id} accepts", "", &Accepts},
    {"{id} declines: {kind}", "no capacity, not eligible, out of area, needs assessment, other",
     &Declines},
    {"{id} gives up: {kind}",
     "FailReferral: no capacity, no match, not what is needed, offer ended,"
     " other",
     &Fails},
    {"{id} puts it on the waiting list", "", &Waitlist},
    {"{id} puts it on the waiting list until {yaml}", "the day on which room is expected",
     &Waitlist},
    {"{id} hands over to {id}", "a first contact, to another organisation", &HandsOver},
    {"{id} introduces {id}", "the same, warm: the one who had it introduces the other",
     &HandsOverWarmly},
    {"{id} hands over to the offer {id}", "a referral to an offer, to another", &HandsOverToOffer},
    {"{id} introduces the offer {id}", "the same, warm", &HandsOverToOfferWarmly},
    {"{id} takes it back from {id}", "who placed it there, or handed it over", &TakesBack},
    {"the coordinator takes it back from {id}", "", &CoordinatorTakesBack},
    {"{id} completes: {kind}",
     "connected, advice only, already supported, person declined,"
     " unreachable, no offer, moved, deceased",
     &Completes},
    {"{id} asks {words}", "the signaller", &Asks},
    {"{id} tries the {kind} by {kind}: {kind}",
     "person, signaller, relative, other; phone, visit, letter, email, message, in person,"
     " introduced; the result",
     &Tries},
    {"{id} tries the {kind} by {kind}: {kind}, who wants {kind}",
     "and what was said of contact: no contact, contact", &TriesAndHears},
    {"{id} is called by {kind}: {kind}", "an incoming contact, and its result", &IsCalledBy},
    {"{id} reaches the person", "on a visit", &Reaches},
    {"{id} reaches the person, who agrees", "and consents to sharing", &ReachesWhoAgrees},
    {"{id} reaches the person, who agrees with {list}", "with these organisations only",
     &ReachesWhoAgreesWith},
    {"{id} reaches the person and learns {yaml}", "fields of ContactAttempt; ids and codes alone",
     &Learns},
    {"{id} records a yes", "a consent", &HearsYes},
    {"{id} records a yes to {list}", "to these organisations only", &HearsYesTo},
    {"{id} records a yes for {kind}", "for this only: contact details, situation, signallers words",
     &HearsYesFor},
    {"{id} records that the yes is taken back", "", &HearsNo},
    {"{id} places with {list}", "first contact is done", &Places},
    {"{id} places with {list} because {words}", "and departs from the proposal", &PlacesBecause},
    {"the coordinator reopens", "", &CoordinatorReopens},
    {"{id} reopens", "as who has or had the first contact", &Reopens},
    {"the coordinator says who took over", "RedirectSignal", &CoordinatorRedirects},
    {"{id} says who took over", "the same, as who has the first contact", &Redirects},
    {"{n} days later", "the server starts again with its clock so far ahead", &DaysLater},
    {"the server restarts", "", &Restarted},
};

}  // namespace

std::span<const When> WhenSteps() { return kWhenSteps; }

}  // namespace omzien::scenarios
