// Who gets a signal; what those who have it make of it stands in referral_commands_test.cc.

#include "server/commit/routing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "server/domain/case_rules.h"
#include "server/domain/errors.h"
#include "server/domain/names.h"
#include "tests/server/commit/steps.h"
#include "tests/server/commit/world.h"
#include "tests/server/domain/test_catalogue.h"

namespace omzien::commit::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

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
    *request.mutable_signal()->mutable_consent() = Consent();  // which some kinds must state
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

// CBS renumbers Heidedorp, and divides Polderzicht between it and Kern.
TEST(AreasThatChanged, AreWhatTheyBecameWhenASignalIsMatchedAgain) {
  World world;
  const std::string village = MustSubmit(world, Submission("WK990102"));
  const std::string polder = MustSubmit(world, Submission("WK990103"));
  v1::Catalog catalog = OffersCatalog();
  for (v1::District& district : *catalog.mutable_districts()) {
    if (district.code() == "WK990102") district.set_code("WK990142");
    if (district.code().starts_with("BU990102")) {
      district.set_code("BU990142" + district.code().substr(8));
      district.set_parent("WK990142");
    }
  }
  catalog.mutable_districts()->erase(catalog.districts().end() - 2, catalog.districts().end());
  domain::testing::AddAreaChange(catalog, "WK990102", 2024, {"WK990142"}, 2026);
  domain::testing::AddAreaChange(catalog, "WK990103", 2024, {"WK990142", "WK990101"}, 2026);
  // Its offer and postcodes still name the older codes.
  ASSERT_TRUE(world.Import(catalog).ok()) << world.Import(catalog).status();
  const auto districts_after_an_attempt = [&world](const std::string& signal) {
    auto request = On<v1::RecordContactAttemptRequest>(signal, 1);
    *request.mutable_attempt() = Attempt(v1::CONTACT_RESULT_NO_ANSWER);
    EXPECT_TRUE(world.Record(Team(), request).ok());
    std::vector<std::string> districts;
    const storage::v1::Case record = world.CaseOf(signal);
    for (const auto& candidate : record.signal().districts()) {
      districts.push_back(std::string(domain::LastSegment(candidate.district())) +
                          v1::Certainty_Name(candidate.certainty()).substr(9));
    }
    return districts;
  };
  EXPECT_THAT(districts_after_an_attempt(village), ElementsAre("WK990142_STATED"));
  EXPECT_THAT(districts_after_an_attempt(polder),
              ElementsAre("WK990142_POSSIBLE", "WK990101_POSSIBLE"));
  const auto next = world.Submit(Shop(), Submission("WK990102"));
  ASSERT_TRUE(next.ok()) << next.status();
  EXPECT_EQ(world.CaseOf(next->signal().name()).signal().districts(0).display_name(), "Heidedorp");
  EXPECT_EQ(world.catalogues().Find(kGM)->offer("dorpskoffie")->districts(0), "WK990142");
}

}  // namespace
}  // namespace omzien::commit::testing
