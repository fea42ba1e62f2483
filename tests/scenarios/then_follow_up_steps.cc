// What must be so of the follow-up: the referrals, what each party may see, deadlines, figures.

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "client/cpp/errors.h"
#include "tests/e2e/story_world.h"
#include "tests/scenarios/steps.h"
#include "tests/scenarios/then_parts.h"

namespace omzien::scenarios {
namespace {

using e2e::Full;
using e2e::Of;

uint32_t NumberIn(const std::string& text) {
  uint32_t number = 0;
  if (!absl::SimpleAtoi(text, &number)) throw StepFailed(absl::StrCat("no number: ", text));
  return number;
}

v1::Referral ReferralIn(Scenario& scenario, const std::string& number) {
  return scenario.Referral(NumberIn(number));
}

// --- referrals ---

void ReferralIs(Scenario& scenario, const Arguments& said) {
  const v1::Referral referral = ReferralIn(scenario, said[0]);
  MustBe(absl::StrCat(NameOf(referral.state()), " of ", scenario.Id(referral.organisation())),
         absl::StrCat(said[1], " of ", said[2]));
}

void ReferralIsFor(Scenario& scenario, const Arguments& said) {
  const v1::Referral referral = ReferralIn(scenario, said[0]);
  MustBe(referral.offer().empty() ? "first contact" : scenario.Id(referral.offer()), said[1]);
}

void ReferralCount(Scenario& scenario, const Arguments& said) {
  MustBe(absl::StrCat(scenario.Signal().referrals_size()), said[0]);
}

void ReferralSays(Scenario& scenario, const Arguments& said) {
  MustHold(Said(ReferralIn(scenario, said[0]).reason(), said[1]), said[2]);
}

void ReferralEndedAs(Scenario& scenario, const Arguments& said) {
  MustBe(NameOf(ReferralIn(scenario, said[0]).outcome()), said[1]);
}

void ReferralWasDeclinedFor(Scenario& scenario, const Arguments& said) {
  MustBe(NameOf(ReferralIn(scenario, said[0]).decline_reason()), said[1]);
}

void ReferralFailedFor(Scenario& scenario, const Arguments& said) {
  MustBe(NameOf(ReferralIn(scenario, said[0]).fail_reason()), said[1]);
}

void ReferralAsksFirst(Scenario& scenario, const Arguments& said) {
  MustBe(scenario.Id(ReferralIn(scenario, said[0]).ask_first()), said[1]);
}

void ReferralAsksNobodyFirst(Scenario& scenario, const Arguments& said) {
  MustBe(scenario.Id(ReferralIn(scenario, said[0]).ask_first()), "");
}

void ShowsEarlierNo(Scenario& scenario, const Arguments& said) {
  MustBe(NameOf(ReferralIn(scenario, said[0]).earlier_no().same_person()), said[1]);
}

void ShowsNoEarlierNo(Scenario& scenario, const Arguments& said) {
  const v1::Referral referral = ReferralIn(scenario, said[0]);
  MustBe(referral.has_earlier_no() ? NameOf(referral.earlier_no().same_person()) : "", "");
}

void ReferralCameFrom(Scenario& scenario, const Arguments& said) {
  const v1::Referral referral = ReferralIn(scenario, said[0]);
  const std::string from = referral.handed_over_from();
  MustBe(from.substr(from.rfind('-') + 1), said[1]);
  MustBe(ReferralIn(scenario, said[1]).handed_over_to(), referral.name());
}

void ReferralIsIntroduced(Scenario& scenario, const Arguments& said) {
  MustBe(ReferralIn(scenario, said[0]).introduced() ? "introduced" : "cold", "introduced");
}

void ReferralIsCold(Scenario& scenario, const Arguments& said) {
  MustBe(ReferralIn(scenario, said[0]).introduced() ? "introduced" : "cold", "cold");
}

void RoomIsExpected(Scenario& scenario, const Arguments& said) {
  const auto expected =
      scenario.FromYaml<v1::Offer>(absl::StrCat("active_from: ", said[1])).active_from();
  MustBe(ReferralIn(scenario, said[0]).room_expected_on().ShortDebugString(),
         expected.ShortDebugString());
}

void AfterCheckIsIn(Scenario& scenario, const Arguments& said) {
  const v1::Referral referral = ReferralIn(scenario, said[0]);
  const absl::Time then = absl::FromUnixSeconds(referral.after_check_time().seconds() - 1);
  const absl::CivilDay day = absl::ToCivilDay(then, Zone());
  MustBe(absl::StrCat(day - scenario.world().Today()), said[1]);
}

void ContactIsDueIn(Scenario& scenario, const Arguments& said) {
  // A deadline is the end of its day: the moment before belongs to it.
  const v1::Referral referral = ReferralIn(scenario, said[0]);
  const absl::Time last = absl::FromUnixSeconds(referral.contact_by().seconds() - 1);
  MustBe(absl::StrCat(absl::ToCivilDay(last, Zone()) - scenario.world().Today()), said[1]);
}

void ContactIsDueInHours(Scenario& scenario, const Arguments& said) {
  const v1::Referral referral = ReferralIn(scenario, said[0]);
  MustBe(absl::StrCat((referral.contact_by().seconds() - referral.assign_time().seconds()) / 3600),
         said[1]);
}

void ReferralIsEscalated(Scenario& scenario, const Arguments& said) {
  MustBe(ReferralIn(scenario, said[0]).has_escalate_time() ? "escalated" : "not escalated",
         "escalated");
}

// --- what each party may see ---

// As the organisation may: its own referral, or the signal's last.
absl::StatusOr<v1::Referral> Opened(Scenario& scenario, const std::string& organisation) {
  const v1::Referral referral = scenario.ReferralOf(organisation);
  return scenario.ActorOn(referral, organisation)
      .GetReferral(Full<v1::GetReferralRequest>(referral.name()));
}

void Opens(Scenario& scenario, const Arguments& said) {
  const auto opened = Got(Opened(scenario, said[0]));
  const auto fields = e2e::FieldsOf(opened.person());
  for (const absl::string_view field : absl::StrSplit(said[1], ", ")) {
    if (std::ranges::find(fields, field) == fields.end()) {
      throw StepFailed(absl::StrCat("it opens: ", absl::StrJoin(fields, ", ")));
    }
  }
}

void DoesntOpen(Scenario& scenario, const Arguments& said) {
  const auto opened = Got(Opened(scenario, said[0]));
  const auto fields = e2e::FieldsOf(opened.person());
  for (const absl::string_view field : absl::StrSplit(said[1], ", ")) {
    if (std::ranges::find(fields, field) != fields.end()) {
      throw StepFailed(absl::StrCat("it opens: ", absl::StrJoin(fields, ", ")));
    }
  }
}

void OpensNothing(Scenario& scenario, const Arguments& said) {
  const absl::Status status = Opened(scenario, said[0]).status();
  MustBe(
      absl::StrCat(absl::StatusCodeToString(status.code()), " ", client::DetailsOf(status).reason),
      "PERMISSION_DENIED VIEW_NOT_ALLOWED");
}

void KnowsNothing(Scenario& scenario, const Arguments& said) {
  const std::string name = scenario.SignalName();
  for (const char* role : {"receiver", "first_contact"}) {
    client::Client& party = scenario.world().As(said[0], role);
    const absl::Status status = party.GetSignal(Of<v1::GetSignalRequest>(name)).status();
    MustBe(absl::StrCat(absl::StatusCodeToString(status.code()), " ",
                        client::DetailsOf(status).reason),
           "NOT_FOUND SIGNAL_NOT_FOUND");
    for (const bool ended : {false, true}) {
      for (const auto& referral : e2e::AllReferrals(party, scenario.parent(), ended)) {
        MustBe(referral.signal(), "not in its lists");
      }
    }
  }
}

// As the row names the person; the signal's id for one that it doesn't.
std::string NameOfPerson(Scenario& scenario, const std::string& signal) {
  for (const auto& [name, person] : scenario.persons()) {
    if (person.answer.has_value() && person.answer->signal().name() == signal) return name;
  }
  return signal;
}

void QueueOf(Scenario& scenario, const Arguments& said) {
  std::vector<std::string> names;
  for (const char* role : {"receiver", "first_contact"}) {
    for (const auto& referral :
         e2e::AllReferrals(scenario.world().As(said[0], role), scenario.parent(), false)) {
      names.push_back(NameOfPerson(scenario, referral.signal()));
    }
  }
  MustBe(absl::StrJoin(names, ", "), said[1]);
}

void AnswerIs(Scenario& scenario, const Arguments& said) {
  const auto opened = Got(Opened(scenario, said[0]));
  const auto& questions = opened.person().questions();
  MustBe(questions.empty() ? "" : questions.rbegin()->answer(), said[1]);
}

void FindsByPhone(Scenario& scenario, const Arguments& said) {
  MustBe(Got(Opened(scenario, said[0])).person().reach().phone(), said[1]);
}

void NoteIs(Scenario& scenario, const Arguments& said) {
  MustBe(Got(Opened(scenario, said[0])).person().hand_over_note(), said[1]);
}

// --- the coordinator's lists and figures ---

void ListsOverdue(Scenario& scenario, const Arguments& said) {
  auto request = Of<v1::ListOverdueReferralsRequest>(scenario.parent());
  MustBe(absl::StrCat(Got(scenario.Coordinator().ListOverdueReferrals(request)).referrals_size()),
         said[0]);
}

void ListsEscalated(Scenario& scenario, const Arguments& said) {
  auto request = Of<v1::ListOverdueReferralsRequest>(scenario.parent());
  request.set_escalated(true);
  MustBe(absl::StrCat(Got(scenario.Coordinator().ListOverdueReferrals(request)).referrals_size()),
         said[0]);
}

void ListsInState(Scenario& scenario, const Arguments& said) {
  auto request = Of<v1::ListSignalsRequest>(scenario.parent());
  request.add_states(ValueOf<v1::SignalState>(said[1]));
  MustBe(absl::StrCat(Got(scenario.Coordinator().ListSignals(request)).signals_size()), said[0]);
}

void Summary(Scenario& scenario, const Arguments& said) {
  const auto summary = Got(scenario.Coordinator().GetFollowUpSummary(
      Of<v1::GetFollowUpSummaryRequest>(scenario.parent())));
  const v1::FollowUpCounts& total = summary.total();
  for (const absl::string_view entry : absl::StrSplit(said[0], ", ")) {
    const std::pair<std::string, std::string> field = absl::StrSplit(entry, ' ');
    const auto* const descriptor = total.GetDescriptor()->FindFieldByName(field.first);
    if (descriptor == nullptr || descriptor->is_repeated()) {
      throw StepFailed(absl::StrCat("the summary doesn't count \"", field.first, "\""));
    }
    MustBe(absl::StrCat(field.first, " ", total.GetReflection()->GetInt64(total, descriptor)),
           absl::StrCat(field.first, " ", field.second));
  }
}

std::string UnmetRow(const Scenario& scenario, const v1::UnmetDemandRow& row) {
  const std::string groups = IdsOf(scenario, row.target_groups());
  return absl::StrCat(NameOf(row.degree()), " in ",
                      row.district().empty() ? "no wijk" : scenario.Id(row.district()), " of ",
                      groups.empty() ? "everyone" : groups, ": ", row.count(), ", ", row.waiting(),
                      " waiting");
}

v1::UnmetDemand Unmet(Scenario& scenario) {
  return Got(
      scenario.Coordinator().GetUnmetDemand(Of<v1::GetUnmetDemandRequest>(scenario.parent())));
}

void UnmetDemandIs(Scenario& scenario, const Arguments& said) {
  const v1::UnmetDemand unmet = Unmet(scenario);
  std::vector<std::string> rows;
  for (const auto& row : unmet.rows()) rows.push_back(UnmetRow(scenario, row));
  MustBe(absl::StrJoin(rows, "; "), said[0]);
}

void NoUnmetDemand(Scenario& scenario, const Arguments&) {
  const v1::UnmetDemand unmet = Unmet(scenario);
  std::vector<std::string> rows;
  for (const auto& row : unmet.rows()) rows.push_back(UnmetRow(scenario, row));
  MustBe(absl::StrJoin(rows, "; "), "");
}

void WaitedFor(Scenario& scenario, const Arguments& said) {
  const v1::UnmetDemand unmet = Unmet(scenario);
  std::vector<std::string> days;
  for (const auto& row : unmet.rows()) {
    days.push_back(
        absl::StrCat(row.waiting_days_median(), ", longest ", row.waiting_days_longest()));
  }
  MustBe(absl::StrJoin(days, "; "), absl::StrCat(said[0], ", longest ", said[1]));
}

void HasToReview(Scenario& scenario, const Arguments& said) {
  auto request = Of<v1::ListOffersToReviewRequest>(scenario.parent());
  const auto to_review = Got(scenario.world().As(said[0], "receiver").ListOffersToReview(request));
  std::vector<std::string> offers;
  for (const auto& offer : to_review.offers()) {
    offers.push_back(absl::StrCat(scenario.Id(offer.offer()), " ", NameOf(offer.state())));
  }
  MustBe(absl::StrJoin(offers, ", "), said[1]);
}

void HasNothingToReview(Scenario& scenario, const Arguments& said) {
  HasToReview(scenario, {said[0], ""});
}

constexpr Then kFollowUpChecks[] = {
    {"referral {n} is {NAME} of {id}", "its state, and whose it is", &ReferralIs},
    {"referral {n} is for {yaml}", "\"first contact\", or the offer", &ReferralIsFor},
    {"{n} referrals in all", "", &ReferralCount},
    {"referral {n}, in {id}: {words}", "a part of why it was placed there, nl or en",
     &ReferralSays},
    {"referral {n} ended as {NAME}", "its outcome", &ReferralEndedAs},
    {"referral {n} was declined for {NAME}", "", &ReferralWasDeclinedFor},
    {"referral {n} failed for {NAME}", "", &ReferralFailedFor},
    {"referral {n} asks {id} first", "who supports the person now", &ReferralAsksFirst},
    {"referral {n} has nobody to ask first", "", &ReferralAsksNobodyFirst},
    {"referral {n} shows an earlier no that is {NAME}", "SURE or POSSIBLE, of this person",
     &ShowsEarlierNo},
    {"referral {n} shows no earlier no", "", &ShowsNoEarlierNo},
    {"referral {n} came of referral {n}", "by a hand-over; each names the other",
     &ReferralCameFrom},
    {"referral {n} is introduced", "warm", &ReferralIsIntroduced},
    {"referral {n} is not introduced", "cold", &ReferralIsCold},
    {"referral {n} expects room on {yaml}", "", &RoomIsExpected},
    {"referral {n} is looked at again in {n} days", "the after-check", &AfterCheckIsIn},
    {"referral {n} wants contact in {n} days", "the last of them is its deadline", &ContactIsDueIn},
    {"referral {n} wants contact in {n} hours", "from its assignment", &ContactIsDueInHours},
    {"referral {n} is escalated", "", &ReferralIsEscalated},
    {"{id} opens {words}", "fields of the person, in view FULL; there may be more", &Opens},
    {"{id} doesn't open {words}", "the person, but not these fields", &DoesntOpen},
    {"{id} opens nothing", "it may see the referral, not the person", &OpensNothing},
    {"{id} knows nothing of it", "NOT_FOUND, and in none of its lists", &KnowsNothing},
    {"{id} has the answer {words}", "to the last question", &AnswerIs},
    {"{id} finds the phone {words}", "", &FindsByPhone},
    {"{id} has the note {words}", "that came with the hand-over", &NoteIs},
    {"{id}'s queue is {words}", "whose referrals are live with it, in the order of its queue",
     &QueueOf},
    {"the coordinator lists {n} overdue", "", &ListsOverdue},
    {"the coordinator lists {n} escalated", "", &ListsEscalated},
    {"the coordinator lists {n} signals that are {NAME}", "by state", &ListsInState},
    {"the summary counts {words}", "fields of FollowUpCounts, with their numbers", &Summary},
    {"unmet demand: {words}", "all rows", &UnmetDemandIs},
    {"no unmet demand", "", &NoUnmetDemand},
    {"waiting for {n} days, longest {n}", "of its one row", &WaitedFor},
    {"{id} has to review {words}", "all offers, the longest unconfirmed first, with their state",
     &HasToReview},
    {"{id} has nothing to review", "", &HasNothingToReview},
};

}  // namespace

std::span<const Then> FollowUpChecks() { return kFollowUpChecks; }

std::span<const Then> ThenSteps() {
  static const auto* const kAll = [] {
    auto* all = new std::vector<Then>;
    for (const auto steps : {SignalChecks(), FollowUpChecks()}) {
      all->insert(all->end(), steps.begin(), steps.end());
    }
    return all;
  }();
  return *kAll;
}

}  // namespace omzien::scenarios
