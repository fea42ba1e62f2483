// What first contact asks the signaller, and what comes of the answer.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "server/domain/case_rules.h"
#include "server/domain/errors.h"
#include "server/domain/names.h"
#include "tests/server/commit/steps.h"
#include "tests/server/commit/world.h"
#include "tests/server/domain/test_catalogue.h"

namespace omzien::commit::testing {
namespace {

using ::testing::ElementsAre;

// Heidedorp has a team of its own, of dorpsteam.
WorldOptions WithAVillageTeam() {
  WorldOptions options;
  domain::testing::AddTeam(options.catalog, "heide", {"WK990102"})->set_organisation("dorpsteam");
  return options;
}

absl::StatusOr<v1::Referral> AskOf(World& world, const std::string& signal) {
  auto request = On<v1::AskSignallerRequest>(signal, 1);
  request.set_text("In welk dorp?");
  return world.AskIt(Team(), request);
}

v1::AnswerQuestionRequest Answering(const std::string& signal, const std::string& district = "") {
  v1::AnswerQuestionRequest request;
  request.set_name(signal);
  request.set_text("Achter de molen");
  if (!district.empty()) {
    request.mutable_place()->set_district(domain::DistrictName(kGM, district));
  }
  return request;
}

TEST(Questions, AreAnsweredBySomeoneWhoSignalsForTheOrganisation) {
  World world;
  const std::string signal = MustSubmit(world, Submission(""));
  EXPECT_EQ(domain::ReasonOf(world.AnswerIt(Shop(), Answering(signal)).status()), "NO_QUESTION");
  ASSERT_TRUE(AskOf(world, signal).ok());
  EXPECT_EQ(world.CaseOf(signal).signal().state(), v1::SIGNAL_STATE_NEEDS_INFO);
  for (const domain::Caller& other : {Team(), Village(), Coordinator()}) {
    EXPECT_EQ(domain::ReasonOf(world.AnswerIt(other, Answering(signal)).status()),
              "SIGNAL_NOT_FOUND");
  }
  auto request = Answering(signal);
  request.mutable_reach()->set_phone("0570 000000");
  auto answered = world.AnswerIt(Shop(), request);
  ASSERT_TRUE(answered.ok()) << answered.status();
  EXPECT_FALSE(answered->signal().question_waits());
  EXPECT_FALSE(answered->signal().has_question());
  const storage::v1::Case record = world.CaseOf(signal);
  EXPECT_EQ(record.signal().state(), v1::SIGNAL_STATE_ROUTED);
  EXPECT_EQ(record.sealed_entries(), 3u);
  EXPECT_EQ(record.signal().reach().phone(), "");
  for (const storage::Entry& row : world.Rows()) {
    EXPECT_EQ(row.versioned.value.find("Achter de molen"), std::string::npos);
    EXPECT_EQ(row.versioned.value.find("In welk dorp"), std::string::npos);
  }
}

TEST(Questions, AnAnswerThatKnowsThePlaceFindsWhoCallsFirstThere) {
  World world(WithAVillageTeam());
  const std::string signal = MustSubmit(world, Submission(""));
  ASSERT_TRUE(AskOf(world, signal).ok());
  ASSERT_TRUE(world.AnswerIt(Shop(), Answering(signal, "BU99010202")).ok());
  EXPECT_THAT(ReferralsOf(world, signal),
              ElementsAre("gemeente_HANDED_OVER", "dorpsteam_ASSIGNED"));
  const storage::v1::Case record = world.CaseOf(signal);
  EXPECT_EQ(record.signal().districts(0).certainty(), v1::CERTAINTY_STATED);
  EXPECT_FALSE(record.signal().place().unknown());
}

TEST(Questions, AnAnswerTakesTheSignalFromNobodyWhoTookItUp) {
  World world(WithAVillageTeam());
  const std::string signal = MustSubmit(world, Submission(""));
  ASSERT_TRUE(AskOf(world, signal).ok());
  ASSERT_TRUE(world.Accept(Team(), On<v1::AcceptReferralRequest>(signal, 1)).ok());
  ASSERT_TRUE(world.AnswerIt(Shop(), Answering(signal, "BU99010202")).ok());
  EXPECT_THAT(ReferralsOf(world, signal), ElementsAre("gemeente_ACCEPTED"));
  EXPECT_EQ(world.CaseOf(signal).signal().districts_size(), 1);
}

TEST(Questions, WhatWasLearntAtContactGoesBeforeTheAnswersPlace) {
  World world(WithAVillageTeam());
  const std::string signal = MustSubmit(world, Submission("WK990101"));
  ASSERT_TRUE(AskOf(world, signal).ok());
  auto reached = On<v1::RecordContactAttemptRequest>(signal, 1);
  *reached.mutable_attempt() = Attempt();
  ASSERT_TRUE(world.Record(Team(), reached).ok());
  ASSERT_TRUE(world.AnswerIt(Shop(), Answering(signal, "WK990102")).ok());
  const storage::v1::Case record = world.CaseOf(signal);
  EXPECT_EQ(domain::LastSegment(record.signal().districts(0).district()), "WK990101");
  EXPECT_THAT(ReferralsOf(world, signal), ElementsAre("gemeente_IN_PROGRESS"));
}

TEST(Questions, APlaceOutsideTheMunicipalityIsRefused) {
  World world;
  const std::string signal = MustSubmit(world, Submission(""));
  ASSERT_TRUE(AskOf(world, signal).ok());
  const uint64_t before = world.CaseOf(signal).version();
  EXPECT_EQ(domain::ReasonOf(world.AnswerIt(Shop(), Answering(signal, "WK990177")).status()),
            "PLACE_OUTSIDE_MUNICIPALITY");
  EXPECT_EQ(world.CaseOf(signal).version(), before);
}

}  // namespace
}  // namespace omzien::commit::testing
