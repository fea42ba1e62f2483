// What must be so of a signal: who has it, what is proposed, what the signaller sees.

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cpp/errors.h"
#include "tests/e2e/story_world.h"
#include "tests/scenarios/steps.h"
#include "tests/scenarios/then_parts.h"

namespace omzien::scenarios {
namespace {

using e2e::Full;
using e2e::Of;

// --- errors ---

void IsRefused(Scenario& scenario, const Arguments& said) {
  const absl::Status& status = scenario.Looked();
  MustBe(
      absl::StrCat(absl::StatusCodeToString(status.code()), " ", client::DetailsOf(status).reason),
      absl::StrCat(said[0], " ", said[1]));
}

void RefusalIsAbout(Scenario& scenario, const Arguments& said) {
  std::vector<std::string> fields;
  const client::ErrorDetails details = client::DetailsOf(scenario.Looked());
  for (const client::Violation& violation : details.violations) {
    fields.push_back(violation.field);
  }
  MustBe(absl::StrJoin(fields, ", "), said[0]);
}

void RefusalTells(Scenario& scenario, const Arguments& said) {
  const auto metadata = client::DetailsOf(scenario.Looked()).metadata;
  const auto found = metadata.find(said[0]);
  MustBe(found == metadata.end() ? "" : found->second, said[1]);
}

void RefusalSays(Scenario& scenario, const Arguments& said) {
  MustHold(std::string(scenario.Looked().message()), said[0]);
}

void OneWonOneLost(Scenario& scenario, const Arguments&) {
  const std::vector<absl::Status>& both = scenario.both();
  if (both.size() != 2) throw StepFailed("nothing was done at once");
  const absl::Status& lost = both[0].ok() ? both[1] : both[0];
  MustBe(absl::StrCat(both[0].ok() != both[1].ok() ? "one won" : "none or both won", ", ",
                      absl::StatusCodeToString(lost.code()), " ", client::DetailsOf(lost).reason),
         "one won, ABORTED ETAG_MISMATCH");
  MustBe(client::DetailsOf(lost).metadata["etag"], scenario.Referral(scenario.contested()).etag());
}

void IsToldTheEtag(Scenario& scenario, const Arguments& said) {
  MustBe(client::DetailsOf(scenario.Looked()).metadata["etag"],
         scenario.Referral(static_cast<uint32_t>(std::stoi(said[0]))).etag());
}

// --- who calls first ---

void IsCalledFirstBy(Scenario& scenario, const Arguments& said) {
  MustBe(scenario.Id(scenario.Signal().first_contact().organisation()), said[0]);
}

void IsCalledFirstBecause(Scenario& scenario, const Arguments& said) {
  MustBe(Said(scenario.Signal().first_contact().reason(), said[0]), said[1]);
}

void NobodyCallsFirst(Scenario& scenario, const Arguments&) {
  MustBe(scenario.Signal().first_contact().display_name(), "");
}

void GoTo(Scenario& scenario, const Arguments& said) {
  const auto& point = scenario.person().point;
  if (!point.has_value()) throw StepFailed("nobody asked where to go");
  std::vector<std::string> parties;
  for (const auto& party : point->parties()) parties.push_back(scenario.Id(party.organisation()));
  MustBe(absl::StrJoin(parties, ", "), said[0]);
}

void WouldBeCalledFirstBy(Scenario& scenario, const Arguments& said) {
  MustBe(scenario.Id(Found(scenario).first_contact_organisation()), said[0]);
}

// --- place, groups, state ---

void PlaceIs(Scenario& scenario, const Arguments& said) {
  MustBe(PlacesOf(scenario, scenario.Signal().districts()), said[0]);
}

void PlaceIsUnknown(Scenario& scenario, const Arguments&) {
  MustBe(PlacesOf(scenario, scenario.Signal().districts()), "");
}

// Only a place that is certain is in either.
void MustBeIn(Scenario& scenario, bool village) {
  const v1::Signal signal = scenario.Signal();
  if (signal.districts_size() != 1) MustBe(PlacesOf(scenario, signal.districts()), "one place");
  MustBe(signal.districts(0).village() ? "a village" : "the town",
         village ? "a village" : "the town");
}

void IsInAVillage(Scenario& scenario, const Arguments&) { MustBeIn(scenario, true); }
void IsInTheTown(Scenario& scenario, const Arguments&) { MustBeIn(scenario, false); }

void OfGroups(Scenario& scenario, const Arguments& said) {
  MustBe(IdsOf(scenario, scenario.Signal().target_groups()), said[0]);
}

void OfNoGroup(Scenario& scenario, const Arguments&) {
  MustBe(IdsOf(scenario, scenario.Signal().target_groups()), "");
}

void StateIs(Scenario& scenario, const Arguments& said) {
  MustBe(NameOf(scenario.Signal().state()), said[0]);
}

void OutcomeIs(Scenario& scenario, const Arguments& said) {
  const v1::Signal signal = scenario.Signal();
  MustBe(absl::StrCat(NameOf(signal.state()), " ", NameOf(signal.outcome())), "CLOSED " + said[0]);
}

void NeedIs(Scenario& scenario, const Arguments& said) {
  MustBe(NameOf(scenario.Signal().need()), said[0]);
}

void UrgencyIs(Scenario& scenario, const Arguments& said) {
  MustBe(NameOf(scenario.Signal().urgency()), said[0]);
}

void WmoReportIs(Scenario& scenario, const Arguments& said) {
  MustBe(NameOf(scenario.Signal().wmo_report()), said[0]);
}

void DegreeIs(Scenario& scenario, const Arguments& said) {
  MustBe(NameOf(scenario.Signal().unmet_degree()), said[0]);
}

void ConsentIs(Scenario& scenario, const Arguments& said) {
  const v1::Signal signal = scenario.Signal();
  const bool in_force = signal.has_consent() && !signal.consent().has_withdraw_time();
  MustBe(in_force ? "in force" : signal.has_consent() ? "taken back" : "none", said[0]);
}

// --- what is proposed ---

void IsProposedFirst(Scenario& scenario, const Arguments& said) {
  const auto ids = e2e::OfferIds(scenario.Signal().proposals());
  MustBe(ids.empty() ? "" : ids.front(), said[0]);
}

void AreProposed(Scenario& scenario, const Arguments& said) {
  MustBe(absl::StrJoin(e2e::OfferIds(scenario.Signal().proposals()), ", "), said[0]);
}

void NothingIsProposed(Scenario& scenario, const Arguments&) {
  MustBe(absl::StrJoin(e2e::OfferIds(scenario.Signal().proposals()), ", "), "");
}

void IsAmongTheProposed(Scenario& scenario, const Arguments& said) {
  const auto ids = e2e::OfferIds(scenario.Signal().proposals());
  for (const std::string& id : Listed(said[0])) {
    if (std::ranges::find(ids, id) == ids.end()) MustBe(absl::StrJoin(ids, ", "), "with " + id);
  }
}

void IsNotProposed(Scenario& scenario, const Arguments& said) {
  const auto ids = e2e::OfferIds(scenario.Signal().proposals());
  for (const std::string& id : Listed(said[0])) {
    if (std::ranges::find(ids, id) != ids.end()) MustBe(absl::StrJoin(ids, ", "), "without " + id);
  }
}

void ProposalSays(Scenario& scenario, const Arguments& said) {
  const v1::Signal signal = scenario.Signal();
  for (const auto& proposal : signal.proposals()) {
    if (scenario.Id(proposal.offer()) != said[0]) continue;
    MustHold(Said(proposal.reason(), said[1]), said[2]);
    return;
  }
  throw StepFailed(absl::StrCat(said[0], " isn't proposed"));
}

void ProposalsAre(Scenario& scenario, const Arguments& said) {
  const v1::Signal signal = scenario.Signal();
  const bool provisional = std::ranges::all_of(
      signal.proposals(), [](const auto& proposal) { return proposal.provisional(); });
  MustBe(absl::StrCat(signal.proposals_size(), provisional ? " provisional" : " definite"),
         absl::StrCat(said[0], " ", said[1]));
}

// --- what is found ---

void Fits(Scenario& scenario, const Arguments& said) {
  for (const std::string& id : Listed(said[0])) {
    const v1::OfferMatch& match = MatchOf(scenario, id);
    MustBe(absl::StrCat(id, " ", NameOf(match.refusal())), id + " NONE");
  }
}

void FitsBest(Scenario& scenario, const Arguments& said) {
  const auto& matches = Found(scenario).matches();
  std::vector<std::string> best;
  for (const auto& match : matches) {
    if (match.fits() && best.size() < Listed(said[0]).size()) {
      best.push_back(scenario.Id(match.offer()));
    }
  }
  MustBe(absl::StrJoin(best, ", "), said[0]);
}

void IsRefusedFor(Scenario& scenario, const Arguments& said) {
  MustBe(NameOf(MatchOf(scenario, said[0]).refusal()), said[1]);
}

void MatchSays(Scenario& scenario, const Arguments& said) {
  MustBe(Said(MatchOf(scenario, said[0]).reason(), said[1]), said[2]);
}

void MatchSaysAmongOthers(Scenario& scenario, const Arguments& said) {
  MustHold(Said(MatchOf(scenario, said[0]).reason(), said[1]), said[2]);
}

void DegreeWouldBe(Scenario& scenario, const Arguments& said) {
  MustBe(NameOf(Found(scenario).unmet_degree()), said[0]);
}

void PlaceWouldBe(Scenario& scenario, const Arguments& said) {
  MustBe(PlacesOf(scenario, Found(scenario).districts()), said[0]);
}

// --- what the signaller sees ---

v1::Signal AsTheSignaller(Scenario& scenario) {
  return Got(scenario.Signaller().GetSignal(Of<v1::GetSignalRequest>(scenario.SignalName())));
}

void SignallerSees(Scenario& scenario, const Arguments& said) {
  MustBe(NameOf(AsTheSignaller(scenario).status()), said[0]);
}

void SignallerSeesWhoCalls(Scenario& scenario, const Arguments& said) {
  MustBe(AsTheSignaller(scenario).first_contact().display_name(), said[0]);
}

void SignallerSeesOnly(Scenario& scenario, const Arguments& said) {
  MustBe(absl::StrJoin(e2e::FieldsOf(AsTheSignaller(scenario)), ", "), said[0]);
}

void SignallerIsThanked(Scenario& scenario, const Arguments& said) {
  scenario.SignalName();
  MustHold(Said(scenario.person().answer->thanks(), said[0]), said[1]);
}

v1::SignalStatus ByTheCode(Scenario& scenario) {
  scenario.SignalName();
  auto request = e2e::Of<v1::GetSignalStatusRequest>(scenario.parent());
  request.set_code(scenario.person().answer->code());
  return e2e::Must(scenario.world().As("").GetSignalStatus(request));
}

void ByTheCodeStands(Scenario& scenario, const Arguments& said) {
  MustBe(NameOf(ByTheCode(scenario).status()), said[0]);
}

void ByTheCodeCalls(Scenario& scenario, const Arguments& said) {
  MustBe(ByTheCode(scenario).first_contact().display_name(), said[0]);
}

void SignallerIsToldWhomToCall(Scenario& scenario, const Arguments& said) {
  scenario.SignalName();
  MustHold(Said(scenario.person().answer->call_now(), said[0]), said[1]);
}

void SignallerIsToldToCallNobody(Scenario& scenario, const Arguments&) {
  scenario.SignalName();
  MustBe(scenario.person().answer->call_now().nl(), "");
}

void SignallerIsAsked(Scenario& scenario, const Arguments& said) {
  const auto seen =
      Got(scenario.Signaller().GetSignal(Full<v1::GetSignalRequest>(scenario.SignalName())));
  MustBe(seen.question().text(), said[0]);
}

void SignallerIsAskedNothing(Scenario& scenario, const Arguments&) {
  MustBe(AsTheSignaller(scenario).question_waits() ? "a question waits" : "", "");
}

void SameReference(Scenario& scenario, const Arguments&) {
  const std::vector<std::string>& references = scenario.person().references;
  if (references.size() < 2) throw StepFailed("it was submitted once");
  MustBe(references.back(), references.front());
}

constexpr Then kSignalChecks[] = {
    {"refused: {NAME} {NAME}", "the last deed: code and reason", &IsRefused},
    {"refused for {words}", "the fields of the violations, all of them", &RefusalIsAbout},
    {"refused with {id} {words}", "something of the error's metadata", &RefusalTells},
    {"refused because {words}", "a part of the error's message", &RefusalSays},
    {"one won, the other is told the fresh etag",
     "of two at once: the loser is ABORTED, ETAG_MISMATCH", &OneWonOneLost},
    {"told the fresh etag of referral {n}", "the last deed, refused", &IsToldTheEtag},
    {"called first by {id}", "the organisation", &IsCalledFirstBy},
    {"called first, in {id}: {words}", "why it is they, nl or en, whole", &IsCalledFirstBecause},
    {"nobody calls first", "no party covers the place", &NobodyCallsFirst},
    {"go to {list}", "the parties of the signal point", &GoTo},
    {"would be called first by {id}", "of FindOffers", &WouldBeCalledFirstBy},
    {"districts: {yaml}", "all that the place may be, surest first, each with its certainty",
     &PlaceIs},
    {"no district", "the place isn't known", &PlaceIsUnknown},
    {"in a village", "a place that is certain", &IsInAVillage},
    {"in the town", "", &IsInTheTown},
    {"of {list}", "the target groups, stated and following, all of them", &OfGroups},
    {"of no group", "but everyone's", &OfNoGroup},
    {"the signal is {NAME}", "its state", &StateIs},
    {"closed as {NAME}", "and its outcome", &OutcomeIs},
    {"the need is {NAME}", "", &NeedIs},
    {"urgency {NAME}", "", &UrgencyIs},
    {"Wmo report {NAME}", "", &WmoReportIs},
    {"unmet: {NAME}", "the degree of unmet demand", &DegreeIs},
    {"consent {kind}", "in force, taken back, none", &ConsentIs},
    {"proposed first: {id}", "", &IsProposedFirst},
    {"proposed: {list}", "all that is, in order", &AreProposed},
    {"nothing proposed", "", &NothingIsProposed},
    {"among the proposed: {list}", "", &IsAmongTheProposed},
    {"not proposed: {list}", "", &IsNotProposed},
    {"proposed {id}, in {id}: {words}", "a part of why, nl or en", &ProposalSays},
    {"{n} {kind} proposals", "how many, and whether provisional or definite", &ProposalsAre},
    {"fits: {list}", "of what was found", &Fits},
    {"fits best: {list}", "the first that were found, in order", &FitsBest},
    {"doesn't fit: {id} - {NAME}", "by which rule", &IsRefusedFor},
    {"said of {id}, in {id}: {words}", "its sentence, nl or en, whole", &MatchSays},
    {"said of {id}, in {id}, among others: {words}", "a part of its sentence",
     &MatchSaysAmongOthers},
    {"would be unmet: {NAME}", "of FindOffers", &DegreeWouldBe},
    {"districts would be: {yaml}", "of FindOffers", &PlaceWouldBe},
    {"the signaller sees {NAME}", "the coarse status", &SignallerSees},
    {"the signaller sees that {words} calls", "by name; \"\" for nobody", &SignallerSeesWhoCalls},
    {"the signaller sees only {words}", "the fields, all of them", &SignallerSeesOnly},
    {"the signaller is told, in {id}: {words}", "a part of the thanks", &SignallerIsThanked},
    {"the signaller is told whom to call now, in {id}: {words}", "a part of that",
     &SignallerIsToldWhomToCall},
    {"the signaller is told to call nobody", "it isn't acute", &SignallerIsToldToCallNobody},
    {"by the code: {NAME}", "the coarse status, asked without an account", &ByTheCodeStands},
    {"by the code, {words} calls", "by name", &ByTheCodeCalls},
    {"the signaller is asked {words}", "the question that waits", &SignallerIsAsked},
    {"the signaller is asked nothing", "no question waits", &SignallerIsAskedNothing},
    {"the same reference", "as the submission before", &SameReference},
};

}  // namespace

std::span<const Then> SignalChecks() { return kSignalChecks; }

}  // namespace omzien::scenarios
