// Who gets a signal, and what the decisions of those who have it make of it.

#include "server/commit/routing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "server/domain/case_rules.h"
#include "server/domain/errors.h"
#include "server/domain/names.h"
#include "tests/server/commit/world.h"

namespace omzien::commit::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// "gemeente ASSIGNED", "ontvanger/maatje DECLINED": each referral of the case.
std::vector<std::string> ReferralsOf(World& world, const std::string& signal) {
  std::vector<std::string> lines;
  const storage::v1::Case record = world.CaseOf(signal);
  for (const auto& item : record.referrals()) {
    const v1::Referral& referral = item.referral();
    std::string line(domain::LastSegment(referral.organisation()));
    if (!referral.offer().empty()) line += "/" + std::string(domain::LastSegment(referral.offer()));
    lines.push_back(line + v1::ReferralState_Name(referral.state()).substr(14));
  }
  return lines;
}

std::vector<std::string> ProposalsOf(World& world, const std::string& signal) {
  std::vector<std::string> offers;
  const storage::v1::Case record = world.CaseOf(signal);
  for (const auto& proposal : record.signal().proposals()) {
    offers.emplace_back(domain::LastSegment(proposal.offer()));
  }
  return offers;
}

std::string MustSubmit(World& world, const v1::SubmitSignalRequest& request) {
  auto answer = world.Submit(Shop(), request);
  EXPECT_TRUE(answer.ok()) << answer.status();
  return answer.ok() ? answer->signal().name() : "";
}

std::string ReferralName(const std::string& signal, uint32_t number) {
  return domain::ReferralName(kGM, domain::LastSegment(signal), number);
}

std::vector<std::string> FieldsOf(const absl::Status& status) {
  std::vector<std::string> fields;
  for (const auto& violation : domain::ViolationsOf(status)) fields.push_back(violation.field);
  return fields;
}

template <class Request>
Request On(const std::string& signal, uint32_t number) {
  Request request;
  request.set_name(ReferralName(signal, number));
  return request;
}

v1::SubmitSignalRequest Elder(std::string_view district, bool consent) {
  v1::SubmitSignalRequest request = Submission(district);
  request.mutable_signal()->set_age_band(v1::AGE_BAND_65_PLUS);
  request.mutable_signal()->set_need(v1::NEED_VISIT);
  if (consent) *request.mutable_signal()->mutable_consent() = Consent();
  return request;
}

v1::DeclineReferralRequest Declining(const std::string& signal, uint32_t number) {
  auto request = On<v1::DeclineReferralRequest>(signal, number);
  request.set_reason(v1::DECLINE_REASON_NO_CAPACITY);
  return request;
}

v1::RecordContactAttemptRequest Recording(const std::string& signal, uint32_t number,
                                          const v1::ContactAttempt& attempt = Attempt()) {
  auto request = On<v1::RecordContactAttemptRequest>(signal, number);
  *request.mutable_attempt() = attempt;
  return request;
}

struct RouteCase {
  std::string name;
  std::string district;
  v1::AgeBand age_band;
  v1::Need need;
  // "": none given; "*": to whoever fits.
  std::string consent_to;
  std::vector<std::string> team_districts;
  std::vector<std::string> referrals;
  v1::SignalState state;
};

// How a failing test names its case.
std::ostream& operator<<(std::ostream& out, const RouteCase& route) { return out << route.name; }

class Routing : public ::testing::TestWithParam<RouteCase> {};

const std::vector<RouteCase>& RouteCases() {
  static const auto& cases = *new std::vector<RouteCase>{
      {"WithoutConsentToTheTeam",
       "WK990102",
       v1::AGE_BAND_65_PLUS,
       v1::NEED_VISIT,
       "",
       {},
       {"gemeente_ASSIGNED"},
       v1::SIGNAL_STATE_ROUTED},
      {"WithConsentToTheVillagesOwn",
       "WK990102",
       v1::AGE_BAND_65_PLUS,
       v1::NEED_VISIT,
       "*",
       {},
       {"dorpsteam/dorpskoffie_ASSIGNED"},
       v1::SIGNAL_STATE_ROUTED},
      {"WithConsentToTheBestThatItNames",
       "WK990102",
       v1::AGE_BAND_65_PLUS,
       v1::NEED_VISIT,
       "ontvanger",
       {},
       {"ontvanger/maatje_ASSIGNED"},
       v1::SIGNAL_STATE_ROUTED},
      {"WithConsentToAPartyThatHasNothing",
       "WK990101",
       v1::AGE_BAND_65_PLUS,
       v1::NEED_VISIT,
       "gemeente",
       {},
       {"gemeente_ASSIGNED"},
       v1::SIGNAL_STATE_ROUTED},
      {"MinorsNeverStraight",
       "WK990101",
       v1::AGE_BAND_UNDER_18,
       v1::NEED_ACTIVITY,
       "*",
       {},
       {"gemeente_ASSIGNED"},
       v1::SIGNAL_STATE_ROUTED},
      {"AnUnknownPlaceToTheEntranceTeam",
       "",
       v1::AGE_BAND_27_TO_64,
       v1::NEED_UNKNOWN,
       "",
       {},
       {"gemeente_ASSIGNED"},
       v1::SIGNAL_STATE_ROUTED},
      {"NobodyCoversThePlace",
       "WK990103",
       v1::AGE_BAND_65_PLUS,
       v1::NEED_VISIT,
       "",
       {"WK990101"},
       {},
       v1::SIGNAL_STATE_UNMATCHED},
      {"NobodyCoversThePlaceButAnOfferFits",
       "WK990103",
       v1::AGE_BAND_65_PLUS,
       v1::NEED_VISIT,
       "*",
       {"WK990101"},
       {"ontvanger/maatje_ASSIGNED"},
       v1::SIGNAL_STATE_ROUTED},
  };
  return cases;
}
INSTANTIATE_TEST_SUITE_P(Signals, Routing, ::testing::ValuesIn(RouteCases()),
                         [](const auto& test) { return test.param.name; });

TEST_P(Routing, GoesToWhomItShould) {
  const RouteCase& param = GetParam();
  WorldOptions options;
  options.catalog = OffersCatalog(param.team_districts);
  World world(std::move(options));
  v1::SubmitSignalRequest request = Submission(param.district);
  request.mutable_signal()->set_age_band(param.age_band);
  request.mutable_signal()->set_need(param.need);
  if (!param.consent_to.empty()) {
    *request.mutable_signal()->mutable_consent() =
        param.consent_to == "*" ? Consent() : Consent({param.consent_to});
  }
  const std::string signal = MustSubmit(world, request);
  EXPECT_EQ(ReferralsOf(world, signal), param.referrals);
  EXPECT_EQ(world.CaseOf(signal).signal().state(), param.state);
}

TEST(Submit, TellsTheSignallerWhoCallsAndNothingOfThePerson) {
  World world;
  v1::SubmitSignalRequest request = Elder("WK990102", false);
  request.mutable_signal()->mutable_reach()->set_person_name("Mevrouw Verzonnen");
  auto answer = world.Submit(Shop(), request);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->first_contact_display_name(), "Team toegang");
  const std::string reference = domain::ReferenceOf(domain::LastSegment(answer->signal().name()));
  EXPECT_THAT(answer->thanks().nl(), HasSubstr(reference));
  EXPECT_THAT(answer->thanks().en(), HasSubstr(reference));
  EXPECT_THAT(answer->SerializeAsString(), Not(HasSubstr("Verzonnen")));
  EXPECT_THAT(answer->signal().proposals(), IsEmpty());
  // What is proposed, and by when to call, is in the case.
  EXPECT_THAT(ProposalsOf(world, answer->signal().name()),
              ElementsAre("dorpskoffie", "maatje", "bezoek"));
}

TEST(Submit, AsksForWhichOrganisationWhereThereAreSeveral) {
  World world;
  domain::Caller two = Shop();
  two.grants.push_back({kGM, "dorpsteam", domain::Role::kSignaller});
  v1::SubmitSignalRequest request = Submission();
  EXPECT_EQ(domain::ReasonOf(world.Submit(two, request).status()), "ORGANISATION_AMBIGUOUS");
  request.mutable_signal()->set_organisation(Org("dorpsteam"));
  auto answer = world.Submit(two, request);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(world.CaseOf(answer->signal().name()).signal().organisation(), Org("dorpsteam"));
  request.mutable_signal()->set_organisation(Org("gemeente"));
  EXPECT_EQ(domain::ReasonOf(world.Submit(two, request).status()), "INVALID_FIELDS");
}

// As which an organisation may signal rests on what the catalogue says it is.
TEST(Submit, AsTheKindThatTheOrganisationIs) {
  struct Row {
    v1::SignallerKind own, stated;
    bool accepted;
  };
  using enum v1::SignallerKind;
  const std::vector<Row> rows = {
      {SIGNALLER_KIND_SHOPKEEPER, SIGNALLER_KIND_UNSPECIFIED, true},
      {SIGNALLER_KIND_SHOPKEEPER, SIGNALLER_KIND_SHOPKEEPER, true},
      {SIGNALLER_KIND_SHOPKEEPER, SIGNALLER_KIND_RESIDENT, true},
      {SIGNALLER_KIND_SHOPKEEPER, SIGNALLER_KIND_GP, false},
      {SIGNALLER_KIND_SHOPKEEPER, SIGNALLER_KIND_SELF, false},
      {SIGNALLER_KIND_SHOPKEEPER, SIGNALLER_KIND_FAMILY_OR_CARER, false},
      {SIGNALLER_KIND_SOCIAL_TEAM, SIGNALLER_KIND_SELF, true},
      {SIGNALLER_KIND_SOCIAL_TEAM, SIGNALLER_KIND_FAMILY_OR_CARER, true},
      {SIGNALLER_KIND_SOCIAL_TEAM, SIGNALLER_KIND_GP, false},
      {SIGNALLER_KIND_GP, SIGNALLER_KIND_GP, true},
  };
  for (const Row& row : rows) {
    WorldOptions options;
    for (auto& organisation : *options.catalog.mutable_organisations()) {
      if (organisation.id() == "winkel") organisation.set_kind(row.own);
    }
    World world(std::move(options));
    v1::SubmitSignalRequest request = Submission();
    request.mutable_signal()->set_signaller_kind(row.stated);
    const auto answer = world.Submit(Shop(), request);
    EXPECT_EQ(answer.ok(), row.accepted)
        << v1::SignallerKind_Name(row.own) << " as " << v1::SignallerKind_Name(row.stated);
    if (!row.accepted) {
      EXPECT_THAT(FieldsOf(answer.status()), ElementsAre("signal.signaller_kind"));
      continue;
    }
    EXPECT_EQ(world.CaseOf(answer->signal().name()).signal().signaller_kind(),
              row.stated == SIGNALLER_KIND_UNSPECIFIED ? row.own : row.stated);
  }
}

TEST(Submit, StoresNobodyFromOutsideTheMunicipality) {
  World world;
  const size_t rows = world.Rows().size();
  EXPECT_EQ(domain::ReasonOf(world.Submit(Shop(), Submission("WK990199")).status()),
            "PLACE_OUTSIDE_MUNICIPALITY");
  EXPECT_EQ(world.Rows().size(), rows);
  v1::SubmitSignalRequest elsewhere = Submission("");
  elsewhere.set_parent("municipalities/GM9902");
  EXPECT_EQ(domain::ReasonOf(world.Submit(Shop(), elsewhere).status()), "MUNICIPALITY_NOT_FOUND");
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
            "NO_FIRST_CONTACT_PARTY");
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
  domain::Caller mandated = Village();
  mandated.grants.push_back({kGM, "dorpsteam", domain::Role::kFirstContact});
  const std::string signal = MustSubmit(world, Elder("WK990102", false));
  EXPECT_THAT(ReferralsOf(world, signal), ElementsAre("dorpsteam_ASSIGNED"));
  ASSERT_TRUE(world.Decline(mandated, Declining(signal, 1)).ok());
  EXPECT_THAT(ReferralsOf(world, signal), ElementsAre("dorpsteam_DECLINED", "gemeente_ASSIGNED"));
  // The new one comes with the same proposals.
  EXPECT_THAT(world.CaseOf(signal).referrals(1).referral().proposals(), SizeIs(3));
}

// Where nobody calls first any more, a declined offer still gets someone.
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
  EXPECT_THAT(world.CaseOf(signal).referrals(0).referral().proposals(), SizeIs(3));
  // They turn out to live elsewhere.
  v1::ContactAttempt moved = Attempt();
  moved.set_district_learnt(domain::DistrictName(kGM, "WK990101"));
  ASSERT_TRUE(world.Record(Team(), Recording(signal, 1, moved)).ok());
  EXPECT_THAT(ProposalsOf(world, signal), ElementsAre("maatje", "bezoek"));
  EXPECT_THAT(ReferralsOf(world, signal), ElementsAre("gemeente_IN_PROGRESS"));
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

// A case whose person was reached and consented, ready to be placed.
std::string ReadyToPlace(World& world, const v1::SubmitSignalRequest& submission) {
  const std::string signal = MustSubmit(world, submission);
  v1::RecordContactAttemptRequest reached = Recording(signal, 1);
  *reached.mutable_consent() = Consent();
  auto recorded = world.Record(Team(), reached);
  EXPECT_TRUE(recorded.ok()) << recorded.status();
  return signal;
}

v1::PlaceReferralRequest Placing(const std::string& signal, const std::vector<std::string>& offers,
                                 const std::string& why = "") {
  auto request = On<v1::PlaceReferralRequest>(signal, 1);
  for (const std::string& offer : offers) request.add_offers(OfferOf(offer));
  request.set_departure_reason(why);
  return request;
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

v1::RecordConsentRequest TakingBack(World& world, const std::string& signal, uint32_t number) {
  auto request = On<v1::RecordConsentRequest>(signal, number);
  *request.mutable_consent() = Consent();
  request.mutable_consent()->mutable_withdraw_time()->set_seconds(absl::ToUnixSeconds(world.now()));
  return request;
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
  // What ended so isn't followed up twice: taking it back again changes no referral.
  ASSERT_TRUE(world.Record(Village(), TakingBack(world, signal, 2)).ok());
  EXPECT_THAT(ReferralsOf(world, signal), SizeIs(3));
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

TEST(Referrals, AreNotFoundByWhoeverDoesNotHoldThem) {
  World world;
  const std::string signal = MustSubmit(world, Elder("WK990102", true));  // dorpsteam's
  const auto accept = On<v1::AcceptReferralRequest>(signal, 1);
  for (const domain::Caller& caller : {Shop(), Team(), Receiver()}) {
    EXPECT_EQ(domain::ReasonOf(world.Accept(caller, accept).status()), "REFERRAL_NOT_FOUND")
        << caller.id;
  }
  EXPECT_EQ(
      domain::ReasonOf(world.Accept(Village(), On<v1::AcceptReferralRequest>(signal, 2)).status()),
      "REFERRAL_NOT_FOUND");
  auto stale = accept;
  stale.set_etag("\"99\"");
  EXPECT_EQ(domain::ReasonOf(world.Accept(Village(), stale).status()), "ETAG_MISMATCH");
  EXPECT_TRUE(world.Accept(Village(), accept).ok());
}

TEST(Loads, AreSeenByTheNextDecisionAlsoAfterReopening) {
  WorldOptions options;
  options.catalog.mutable_offers(1)->set_capacity(1);  // maatje
  World world(std::move(options));
  const std::string first = MustSubmit(world, Elder("WK990101", true));
  const std::string second = MustSubmit(world, Elder("WK990101", true));
  EXPECT_THAT(ReferralsOf(world, first), ElementsAre("ontvanger/maatje_ASSIGNED"));
  EXPECT_THAT(ReferralsOf(world, second), ElementsAre("ontvanger/bezoek_ASSIGNED"));
  world.Reopen();
  const std::string third = MustSubmit(world, Elder("WK990101", true));
  EXPECT_THAT(ReferralsOf(world, third), ElementsAre("ontvanger/bezoek_ASSIGNED"));
  // There is room again.
  ASSERT_TRUE(world.Decline(Receiver(), Declining(first, 1)).ok());
  const std::string fourth = MustSubmit(world, Elder("WK990101", true));
  EXPECT_THAT(ReferralsOf(world, fourth), ElementsAre("ontvanger/maatje_ASSIGNED"));
}

}  // namespace
}  // namespace omzien::commit::testing
