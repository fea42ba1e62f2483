// A social team or welfare organisation that made contact before it signals: nobody calls twice.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "server/domain/case_rules.h"
#include "server/domain/disclosure.h"
#include "tests/server/commit/recount.h"
#include "tests/server/commit/steps.h"
#include "tests/server/domain/test_catalogue.h"

namespace omzien::commit::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// `winkel` does welfare work; with a team of its own it may take first contacts.
WorldOptions WithWelfare(bool own_team) {
  WorldOptions options;
  for (auto& organisation : *options.catalog.mutable_organisations()) {
    if (organisation.id() == "winkel") {
      organisation.set_kind(v1::SIGNALLER_KIND_WELFARE_ORGANISATION);
    }
  }
  if (own_team) {
    domain::testing::AddTeam(options.catalog, "welzijn", {"WK990102"})->set_organisation("winkel");
  }
  return options;
}

v1::SubmitSignalRequest Tried(v1::ContactResult result, bool consent,
                              std::string_view district = "WK990101") {
  v1::SubmitSignalRequest request = Elder(district, consent);
  *request.mutable_first_attempt() = Attempt(result);
  request.mutable_first_attempt()->set_note("vriendelijk");
  return request;
}

TEST(FirstAttempt, IsNotMadeASecondTime) {
  const auto reached = v1::CONTACT_RESULT_REACHED;
  const auto no_answer = v1::CONTACT_RESULT_NO_ANSWER;
  const struct {
    const char* what;
    bool own_team;
    v1::SubmitSignalRequest request;
    std::vector<std::string> referrals;
  } rows[] = {
      {"reached, consent: straight to the offer",
       false,
       Tried(reached, true),
       {"winkel_COMPLETED", "ontvanger/maatje_ASSIGNED"}},
      {"reached, no consent: its own first contact",
       true,
       Tried(reached, false),
       {"winkel_IN_PROGRESS"}},
      {"reached, no consent, no team: handed over with the attempt",
       false,
       Tried(reached, false),
       {"winkel_HANDED_OVER", "gemeente_ASSIGNED"}},
      {"tried in vain: it goes on", true, Tried(no_answer, false), {"winkel_ACCEPTED"}},
      {"tried in vain, no team",
       false,
       Tried(no_answer, false),
       {"winkel_HANDED_OVER", "gemeente_ASSIGNED"}},
      {"tried in vain, consent of before: nobody was reached",
       true,
       Tried(no_answer, true),
       {"winkel_ACCEPTED"}},
  };
  for (const auto& row : rows) {
    World world(WithWelfare(row.own_team));
    const std::string signal = MustSubmit(world, row.request);
    EXPECT_THAT(ReferralsOf(world, signal), ::testing::ElementsAreArray(row.referrals)) << row.what;
    EXPECT_THAT(Differences(world), IsEmpty()) << row.what;
    const storage::v1::Case record = world.CaseOf(signal);
    ASSERT_EQ(record.referrals(0).referral().attempts_size(), 1) << row.what;
    EXPECT_EQ(record.referrals(0).referral().attempts(0).note(), "") << "it is sealed";
    EXPECT_EQ(record.sealed_entries(), 2u) << row.what;
  }
}

TEST(FirstAttempt, OfAMinorIsFollowedByAHuman) {
  World world(WithWelfare(/*own_team=*/true));
  v1::SubmitSignalRequest request = Tried(v1::CONTACT_RESULT_REACHED, true);
  request.mutable_signal()->set_age_band(v1::AGE_BAND_UNDER_18);
  EXPECT_THAT(ReferralsOf(world, MustSubmit(world, request)), ElementsAre("winkel_IN_PROGRESS"));
}

TEST(FirstAttempt, TellsWhoMadeContact) {
  World world(WithWelfare(/*own_team=*/true));
  const auto answer = world.Submit(Shop(), Tried(v1::CONTACT_RESULT_REACHED, false));
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->signal().status(), v1::SIGNALLER_STATUS_CONTACT_MADE);
  EXPECT_THAT(answer->thanks().nl(), ::testing::HasSubstr(" heeft al contact gehad."));
}

TEST(FirstAttempt, WhatWasLearntCounts) {
  World world(WithWelfare(/*own_team=*/true));
  v1::SubmitSignalRequest request = Tried(v1::CONTACT_RESULT_REACHED, true);
  request.mutable_first_attempt()->set_need_learnt(v1::NEED_PRACTICAL_HELP);
  EXPECT_THAT(ReferralsOf(world, MustSubmit(world, request)),
              ElementsAre("winkel_COMPLETED", "dorpsteam/klusje_ASSIGNED"));
}

TEST(FirstAttempt, IsForThoseWhoCallOnPeople) {
  WorldOptions options;
  for (auto& organisation : *options.catalog.mutable_organisations()) {
    if (organisation.id() == "winkel") organisation.set_kind(v1::SIGNALLER_KIND_SHOPKEEPER);
  }
  World world(std::move(options));
  v1::SubmitSignalRequest request = Tried(v1::CONTACT_RESULT_REACHED, false);
  EXPECT_THAT(FieldsOf(world.Submit(Shop(), request).status()), ElementsAre("first_attempt"));
  request.mutable_first_attempt()->set_district_learnt(domain::DistrictName(kGM, "WK990102"));
  request.mutable_first_attempt()->set_moved_out_of_municipality(true);
  request.mutable_first_attempt()->add_life_events_learnt("municipalities/GM9901/lifeEvents/geen");
  EXPECT_THAT(FieldsOf(world.Submit(Shop(), request).status()),
              ::testing::UnorderedElementsAre("first_attempt", "first_attempt.district_learnt",
                                              "first_attempt.moved_out_of_municipality",
                                              "first_attempt.moved_out_of_municipality",
                                              "first_attempt.life_events_learnt[0]"));
}

TEST(FirstAttempt, AnOfferThatDeclinesGoesOnAsAlways) {
  World world(WithWelfare(/*own_team=*/false));
  const std::string signal = MustSubmit(world, Tried(v1::CONTACT_RESULT_REACHED, true));
  ASSERT_TRUE(world.Decline(Receiver(), Declining(signal, 2)).ok());
  EXPECT_THAT(
      ReferralsOf(world, signal),
      ElementsAre("winkel_COMPLETED", "ontvanger/maatje_DECLINED", "ontvanger/bezoek_ASSIGNED"));
}

}  // namespace
}  // namespace omzien::commit::testing
