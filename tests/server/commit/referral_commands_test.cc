// What the decisions of those who have a signal make of it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/domain/case_rules.h"
#include "server/domain/errors.h"
#include "server/domain/names.h"
#include "tests/server/commit/recount.h"
#include "tests/server/commit/steps.h"
#include "tests/server/commit/world.h"

namespace omzien::commit::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

v1::Sentence ReasonOf(World& world, const std::string& signal, uint32_t number) {
  const storage::v1::Case record = world.CaseOf(signal);
  return domain::FindReferral(record, number)->referral().reason();
}

TEST(Decline, PassesAnOfferOnToTheNextBestAndThenToFirstContact) {
  World world;
  const std::string signal = MustSubmit(world, Elder("WK990102", true));
  ASSERT_TRUE(world.Decline(Village(), Declining(signal, 1)).ok());
  EXPECT_THAT(ReferralsOf(world, signal),
              ElementsAre("dorpsteam/dorpskoffie_DECLINED", "ontvanger/maatje_ASSIGNED"));
  ASSERT_TRUE(world.Decline(Receiver(), Declining(signal, 2)).ok());
  ASSERT_TRUE(world.Decline(Receiver(), Declining(signal, 3)).ok());
  EXPECT_THAT(ReferralsOf(world, signal),
              ElementsAre("dorpsteam/dorpskoffie_DECLINED", "ontvanger/maatje_DECLINED",
                          "ontvanger/bezoek_DECLINED", "gemeente_ASSIGNED"));
  EXPECT_THAT(ProposalsOf(world, signal), IsEmpty());
}

TEST(Decline, IsNotForTheEntranceTeam) {
  World world;
  const std::string signal = MustSubmit(world, Elder("WK990101", false));
  EXPECT_EQ(domain::ReasonOf(world.Decline(Team(), Declining(signal, 1)).status()),
            "NOBODY_TO_PASS_ON_TO");
  EXPECT_THAT(ReferralsOf(world, signal), ElementsAre("gemeente_ASSIGNED"));
}

TEST(Decline, OfAMandatedPartyGoesToTheEntranceTeam) {
  WorldOptions options;
  v1::Mandate* mandate = options.catalog.add_mandates();
  mandate->set_organisation("dorpsteam");
  mandate->add_districts("WK990102");
  mandate->mutable_since()->set_year(2024);
  mandate->mutable_since()->set_month(1);
  mandate->mutable_since()->set_day(1);
  mandate->set_data_agreement("VB-2024-1");
  World world(std::move(options));
  const domain::Caller mandated = Mandated();
  const std::string signal = MustSubmit(world, Elder("WK990102", false));
  EXPECT_THAT(ReferralsOf(world, signal), ElementsAre("dorpsteam_ASSIGNED"));
  ASSERT_TRUE(world.Decline(mandated, Declining(signal, 1)).ok());
  EXPECT_THAT(ReferralsOf(world, signal), ElementsAre("dorpsteam_DECLINED", "gemeente_ASSIGNED"));
  EXPECT_EQ(ReasonOf(world, signal, 2).nl(), "Team toegang neemt het eerste contact over.");
  EXPECT_EQ(ReasonOf(world, signal, 2).en(), "Team toegang takes first contact over.");
  // What was proposed still is.
  EXPECT_THAT(ProposalsOf(world, signal), SizeIs(3));
}

// Where nobody calls first, a declined offer still gets someone.
TEST(Decline, WhereNobodyCoversThePlaceGoesToTheEntranceTeam) {
  WorldOptions options;
  options.catalog = OffersCatalog({"WK990101"});
  World world(std::move(options));
  const std::string signal = MustSubmit(world, Elder("WK990102", true));
  ASSERT_TRUE(world.Decline(Village(), Declining(signal, 1)).ok());
  ASSERT_TRUE(world.Decline(Receiver(), Declining(signal, 2)).ok());
  ASSERT_TRUE(world.Decline(Receiver(), Declining(signal, 3)).ok());
  EXPECT_THAT(ReferralsOf(world, signal),
              ElementsAre("dorpsteam/dorpskoffie_DECLINED", "ontvanger/maatje_DECLINED",
                          "ontvanger/bezoek_DECLINED", "gemeente_ASSIGNED"));
  EXPECT_EQ(ReasonOf(world, signal, 4).nl(),
            "Geen team dekt deze plaats: Team toegang legt het eerste contact.");
  EXPECT_EQ(ReasonOf(world, signal, 4).en(),
            "No team covers this place: Team toegang makes first contact.");
}

std::vector<std::string> GroupsOf(World& world, const std::string& signal) {
  std::vector<std::string> groups;
  const storage::v1::Case record = world.CaseOf(signal);
  for (const std::string& name : record.signal().target_groups()) {
    groups.emplace_back(domain::LastSegment(name));
  }
  return groups;
}

TEST(Attempt, WhatIsLearntIsMatchedAgain) {
  World world;
  v1::SubmitSignalRequest request = Submission("WK990102");
  const std::string signal = MustSubmit(world, request);
  EXPECT_THAT(ProposalsOf(world, signal), ElementsAre("bezoek", "klusje"));
  v1::ContactAttempt attempt = Attempt();
  attempt.set_need_learnt(v1::NEED_VISIT);
  attempt.add_target_groups_learnt("municipalities/GM9901/targetGroups/ouderen");
  ASSERT_TRUE(world.Record(Team(), Recording(signal, 1, attempt)).ok());
  EXPECT_THAT(ProposalsOf(world, signal), ElementsAre("dorpskoffie", "maatje", "bezoek"));
  // They turn out to live elsewhere.
  v1::ContactAttempt moved = Attempt();
  moved.set_district_learnt(domain::DistrictName(kGM, "WK990101"));
  ASSERT_TRUE(world.Record(Team(), Recording(signal, 1, moved)).ok());
  EXPECT_THAT(ProposalsOf(world, signal), ElementsAre("maatje", "bezoek"));
  EXPECT_THAT(ReferralsOf(world, signal), ElementsAre("gemeente_IN_PROGRESS"));
}

TEST(Attempt, CircumstancesLearntMatchAnew) {
  World world;
  v1::SubmitSignalRequest request = Elder("WK990102", false);
  request.mutable_signal()->set_need(v1::NEED_VISIT);
  const std::string signal = MustSubmit(world, request);
  EXPECT_THAT(ProposalsOf(world, signal), ElementsAre("dorpskoffie", "maatje", "bezoek"));
  v1::ContactAttempt attempt = Attempt();
  attempt.mutable_circumstances_learnt()->set_mobility(v1::MOBILITY_HOUSEBOUND);
  ASSERT_TRUE(world.Record(Team(), Recording(signal, 1, attempt)).ok());
  EXPECT_THAT(ProposalsOf(world, signal), ElementsAre("maatje", "bezoek"));
}

TEST(Attempt, WhatFollowsFromALanguageGoesWithIt) {
  World world;
  v1::SubmitSignalRequest request = Elder("WK990101", false);
  request.mutable_signal()->set_language("ti");
  const std::string signal = MustSubmit(world, request);
  EXPECT_THAT(GroupsOf(world, signal), ElementsAre("nieuwkomers", "ouderen"));
  v1::ContactAttempt attempt = Attempt();
  attempt.set_language_learnt("nl");
  attempt.add_target_groups_learnt(domain::TargetGroupName(kGM, "studenten"));
  ASSERT_TRUE(world.Record(Team(), Recording(signal, 1, attempt)).ok());
  EXPECT_THAT(GroupsOf(world, signal), ElementsAre("ouderen", "studenten"));
}

TEST(Attempt, WhatWasStatedStaysWhateverTheLanguage) {
  World world;
  v1::SubmitSignalRequest request = Submission();
  request.mutable_signal()->set_language("ti");
  request.mutable_signal()->add_target_groups(domain::TargetGroupName(kGM, "nieuwkomers"));
  const std::string signal = MustSubmit(world, request);
  v1::ContactAttempt attempt = Attempt();
  attempt.set_language_learnt("nl");
  ASSERT_TRUE(world.Record(Team(), Recording(signal, 1, attempt)).ok());
  EXPECT_THAT(GroupsOf(world, signal), ElementsAre("nieuwkomers"));
}

TEST(Attempt, RefusesWhatTheCatalogueDoesNotKnow) {
  World world;
  const std::string signal = MustSubmit(world, Submission());
  v1::ContactAttempt attempt = Attempt();
  attempt.add_target_groups_learnt("municipalities/GM9901/targetGroups/onbekend");
  EXPECT_EQ(domain::ReasonOf(world.Record(Team(), Recording(signal, 1, attempt)).status()),
            "INVALID_FIELDS");
  v1::ContactAttempt elsewhere = Attempt();
  elsewhere.set_district_learnt(domain::DistrictName(kGM, "WK990199"));
  EXPECT_EQ(domain::ReasonOf(world.Record(Team(), Recording(signal, 1, elsewhere)).status()),
            "INVALID_FIELDS");
  v1::RecordContactAttemptRequest consent = Recording(signal, 1);
  *consent.mutable_consent() = Consent({"onbekend"});
  EXPECT_EQ(domain::ReasonOf(world.Record(Team(), consent).status()), "INVALID_FIELDS");
  // All at once.
  *consent.mutable_attempt() = elsewhere;
  consent.mutable_attempt()->add_target_groups_learnt("municipalities/GM9901/targetGroups/weg");
  EXPECT_THAT(FieldsOf(world.Record(Team(), consent).status()),
              ElementsAre("attempt.target_groups_learnt[0]", "attempt.district_learnt",
                          "consent.to_whom[0]"));
  // Nothing of it was kept.
  EXPECT_THAT(world.CaseOf(signal).referrals(0).referral().attempts(), IsEmpty());
}

TEST(Place, WithTheBestProposal) {
  World world;
  const std::string signal = ReadyToPlace(world, Elder("WK990102", false));
  auto placed = world.Place(Team(), Placing(signal, {"dorpskoffie"}));
  ASSERT_TRUE(placed.ok()) << placed.status();
  EXPECT_THAT(ReferralsOf(world, signal),
              ElementsAre("gemeente_COMPLETED", "dorpsteam/dorpskoffie_ASSIGNED"));
  EXPECT_EQ(placed->first_contact().outcome(), v1::OUTCOME_PLACED);
  EXPECT_THAT(placed->placed(), SizeIs(1));
}

TEST(Place, WantsAReasonForAnotherOffer) {
  World world;
  const std::string signal = ReadyToPlace(world, Elder("WK990102", false));
  EXPECT_EQ(domain::ReasonOf(world.Place(Team(), Placing(signal, {"maatje"})).status()),
            "DEPARTURE_REASON_MISSING");
  EXPECT_TRUE(world.Place(Team(), Placing(signal, {"maatje"}, "wil liever thuis")).ok());
  EXPECT_THAT(ReferralsOf(world, signal),
              ElementsAre("gemeente_COMPLETED", "ontvanger/maatje_ASSIGNED"));
}

TEST(Place, RefusesWhatIsNotOpenToThePerson) {
  World world;
  const std::string signal = ReadyToPlace(world, Elder("WK990101", false));
  for (const char* offer : {"dorpskoffie", "jeugdclub", "klusje", "inloop"}) {
    EXPECT_EQ(
        domain::ReasonOf(world.Place(Team(), Placing(signal, {"maatje", offer}, "omdat")).status()),
        "OFFER_NOT_ELIGIBLE")
        << offer;
  }
  EXPECT_EQ(domain::ReasonOf(world.Place(Team(), Placing(signal, {"onbekend"}, "omdat")).status()),
            "INVALID_FIELDS");
  EXPECT_THAT(ReferralsOf(world, signal), ElementsAre("gemeente_IN_PROGRESS"));
}

TEST(Place, NamesEveryOfferAndPartyThatIsNotThere) {
  World world;
  const std::string signal = ReadyToPlace(world, Elder("WK990101", false));
  v1::PlaceReferralRequest request = Placing(signal, {"weg", "maatje", "ook-weg"});
  *request.mutable_consent() = Consent({"niemand"});
  EXPECT_THAT(FieldsOf(world.Place(Team(), request).status()),
              ElementsAre("offers[0]", "offers[2]", "consent.to_whom[0]"));
}

TEST(Consent, TakenBackBringsTheSignalBackToFirstContact) {
  World world;
  const std::string signal = ReadyToPlace(world, Elder("WK990102", false));
  ASSERT_TRUE(world.Place(Team(), Placing(signal, {"dorpskoffie"})).ok());
  auto told = world.Record(Village(), TakingBack(world, signal, 2));
  ASSERT_TRUE(told.ok()) << told.status();
  EXPECT_EQ(told->state(), v1::REFERRAL_STATE_CANCELLED);
  EXPECT_THAT(
      ReferralsOf(world, signal),
      ElementsAre("gemeente_COMPLETED", "dorpsteam/dorpskoffie_CANCELLED", "gemeente_ASSIGNED"));
  EXPECT_EQ(world.CaseOf(signal).signal().state(), v1::SIGNAL_STATE_IN_CONTACT);
  // What ended so isn't followed up twice: taking it back again changes no referral.
  ASSERT_TRUE(world.Record(Village(), TakingBack(world, signal, 2)).ok());
  EXPECT_THAT(ReferralsOf(world, signal), SizeIs(3));
}

// Placed with both, by consent to whoever fits.
std::string PlacedWithTwo(World& world) {
  const std::string signal = ReadyToPlace(world, Elder("WK990102", false));
  auto placed = world.Place(Team(), Placing(signal, {"dorpskoffie", "maatje"}));
  EXPECT_TRUE(placed.ok()) << placed.status();
  return signal;
}

TEST(Consent, TakenBackLeavesTheOfferOpenToALaterYes) {
  World world;
  const std::string signal = PlacedWithTwo(world);
  ASSERT_TRUE(world.Decline(Village(), Declining(signal, 2)).ok());
  EXPECT_THAT(ProposalsOf(world, signal), ElementsAre("bezoek"));
  ASSERT_TRUE(world.Record(Receiver(), TakingBack(world, signal, 3)).ok());
  EXPECT_THAT(ReferralsOf(world, signal),
              ElementsAre("gemeente_COMPLETED", "dorpsteam/dorpskoffie_DECLINED",
                          "ontvanger/maatje_CANCELLED", "gemeente_ASSIGNED"));
  EXPECT_THAT(ProposalsOf(world, signal), ElementsAre("maatje", "bezoek"));

  // On second thoughts the person does want it.
  world.Advance(absl::Hours(1));
  v1::RecordContactAttemptRequest reached = Recording(signal, 4);
  *reached.mutable_consent() = Consent();
  reached.mutable_consent()->mutable_when()->set_seconds(absl::ToUnixSeconds(world.now()));
  auto recorded = world.Record(Team(), reached);
  ASSERT_TRUE(recorded.ok()) << recorded.status();
  v1::PlaceReferralRequest again = Placing(signal, {"maatje"});
  again.set_name(ReferralName(signal, 4));
  auto placed = world.Place(Team(), again);
  ASSERT_TRUE(placed.ok()) << placed.status();
  EXPECT_EQ(world.CaseOf(signal).signal().state(), v1::SIGNAL_STATE_PLACED);
}

TEST(Consent, TakenBackShowsThePlaceThatItGaveBackAsFree) {
  WorldOptions options;
  for (auto& offer : *options.catalog.mutable_offers()) {
    if (offer.id() == "maatje") offer.set_capacity(1);
  }
  World world(options);
  const std::string signal = ReadyToPlace(world, Elder("WK990101", false));
  ASSERT_TRUE(world.Place(Team(), Placing(signal, {"maatje"})).ok());
  ASSERT_TRUE(world.Record(Receiver(), TakingBack(world, signal, 2)).ok());
  EXPECT_THAT(ProposalsOf(world, signal), Contains("maatje"));
  // So the case doesn't wait for its own place, before those who do.
  EXPECT_THAT(world.CaseOf(signal).full_offers(), IsEmpty());
}

// --- who has someone is sent on to nobody ---

// The village's part of it, ended so.
std::string WithTheVillages(World& world, v1::Outcome outcome) {
  const std::string signal = PlacedWithTwo(world);
  EXPECT_TRUE(world.Record(Village(), Recording(signal, 2)).ok());
  auto complete = On<v1::CompleteReferralRequest>(signal, 2);
  complete.set_outcome(outcome);
  EXPECT_TRUE(world.Complete(Village(), complete).ok());
  return signal;
}

void ExpectClosedAsConnected(World& world, const std::string& signal) {
  const storage::v1::Case record = world.CaseOf(signal);
  EXPECT_EQ(record.signal().state(), v1::SIGNAL_STATE_CLOSED);
  EXPECT_EQ(record.signal().outcome(), v1::OUTCOME_CONNECTED);
  EXPECT_TRUE(record.signal().has_close_time());
  EXPECT_EQ(record.referrals_size(), 3);
}

TEST(Connected, IsNotSentOnWhenAnotherOfferDeclines) {
  World world;
  const std::string signal = WithTheVillages(world, v1::OUTCOME_CONNECTED);
  ASSERT_TRUE(world.Decline(Receiver(), Declining(signal, 3)).ok());
  ExpectClosedAsConnected(world, signal);
}

TEST(Connected, IsNotSentOnWhenConsentIsNarrowedOrTakenBack) {
  for (const bool narrowed : {true, false}) {
    World world;
    const std::string signal = WithTheVillages(world, v1::OUTCOME_CONNECTED);
    v1::RecordConsentRequest request = TakingBack(world, signal, 1);
    if (narrowed) *request.mutable_consent() = Consent({"dorpsteam"});
    ASSERT_TRUE(world.Record(Team(), request).ok());
    EXPECT_EQ(world.CaseOf(signal).referrals(2).referral().state(), v1::REFERRAL_STATE_CANCELLED);
    ExpectClosedAsConnected(world, signal);
  }
}

TEST(Connected, IsNotWhoeverGotAdviceOnly) {
  World world;
  const std::string signal = WithTheVillages(world, v1::OUTCOME_ADVICE_ONLY);
  ASSERT_TRUE(world.Decline(Receiver(), Declining(signal, 3)).ok());
  EXPECT_THAT(ReferralsOf(world, signal),
              ElementsAre("gemeente_COMPLETED", "dorpsteam/dorpskoffie_COMPLETED",
                          "ontvanger/maatje_DECLINED", "ontvanger/bezoek_ASSIGNED"));
}

TEST(Consent, IsNotTheReceiversToGive) {
  World world;
  const std::string signal = ReadyToPlace(world, Elder("WK990102", false));
  ASSERT_TRUE(world.Place(Team(), Placing(signal, {"dorpskoffie"})).ok());
  auto giving = On<v1::RecordConsentRequest>(signal, 2);
  *giving.mutable_consent() = Consent();
  EXPECT_EQ(domain::ReasonOf(world.Record(Village(), giving).status()), "ROLE_NOT_ALLOWED");
  giving.set_name(ReferralName(signal, 1));
  EXPECT_TRUE(world.Record(Team(), giving).ok());
}

TEST(Place, CountsUnderTheGroupsThePersonHadThen) {
  WorldOptions options;
  v1::GroupCapacity* own = options.catalog.mutable_offers(1)->add_group_capacities();
  own->set_target_group("ouderen");
  own->set_capacity(1);
  World world(std::move(options));
  const std::string first = MustSubmit(world, Elder("WK990101", true));
  EXPECT_THAT(ReferralsOf(world, first), ElementsAre("ontvanger/maatje_ASSIGNED"));
  EXPECT_THAT(ReferralsOf(world, MustSubmit(world, Elder("WK990101", true))),
              ElementsAre("ontvanger/bezoek_ASSIGNED"));
  // What is learnt meanwhile takes away no more than was added.
  v1::ContactAttempt attempt = Attempt();
  attempt.add_target_groups_learnt("municipalities/GM9901/targetGroups/studenten");
  ASSERT_TRUE(world.Record(Receiver(), Recording(first, 1, attempt)).ok());
  v1::FailReferralRequest failing = On<v1::FailReferralRequest>(first, 1);
  failing.set_reason(v1::FAIL_REASON_NO_MATCH);
  ASSERT_TRUE(world.Fail(Receiver(), failing).ok());
  EXPECT_THAT(ReferralsOf(world, MustSubmit(world, Elder("WK990101", true))),
              ElementsAre("ontvanger/maatje_ASSIGNED"));
  EXPECT_THAT(Differences(world), IsEmpty());
}

TEST(Place, NeedsTheContactAndTheConsent) {
  World world;
  const std::string signal = MustSubmit(world, Elder("WK990101", false));
  EXPECT_EQ(domain::ReasonOf(world.Place(Team(), Placing(signal, {"maatje"})).status()),
            "PERSON_NOT_REACHED");
  ASSERT_TRUE(world.Record(Team(), Recording(signal, 1)).ok());
  EXPECT_EQ(domain::ReasonOf(world.Place(Team(), Placing(signal, {"maatje"})).status()),
            "CONSENT_MISSING");
  v1::PlaceReferralRequest with_consent = Placing(signal, {"maatje"});
  *with_consent.mutable_consent() = Consent({"ontvanger"});
  EXPECT_TRUE(world.Place(Team(), with_consent).ok());
}

}  // namespace
}  // namespace omzien::commit::testing
