// A deadline that passes hands the case to whoever is next, or to the coordinator; never to nobody.

#include "server/jobs/deadlines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "server/domain/case_rules.h"
#include "tests/server/commit/recount.h"
#include "tests/server/commit/steps.h"

namespace omzien::jobs {
namespace {

// Whose referral nobody takes up: the whole of commit's world is the scene.
using namespace commit::testing;  // NOLINT(google-build-using-namespace)
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Two days to take something up, a week to make contact.
WorldOptions Municipality() {
  WorldOptions options;
  v1::Deadlines* deadlines = options.catalog.mutable_municipality()->mutable_deadlines();
  deadlines->set_accept_days(2);
  deadlines->set_first_contact_days(7);
  deadlines->set_offer_contact_days(7);
  return options;
}

// The municipality, where dorpsteam has the mandate for the village.
WorldOptions WithAMandate() {
  WorldOptions options = Municipality();
  v1::Mandate* mandate = options.catalog.add_mandates();
  mandate->set_organisation("dorpsteam");
  mandate->add_districts("WK990102");
  mandate->mutable_since()->set_year(2024);
  mandate->mutable_since()->set_month(1);
  mandate->mutable_since()->set_day(1);
  mandate->set_data_agreement("D-2024-1");
  return options;
}

size_t SweepAfter(World& world, absl::Duration time) {
  world.Advance(time);
  Deadlines deadlines(&world.cases(), &world.queue(), &world.catalogues(), world.clock());
  const auto handled = deadlines.Sweep();
  EXPECT_TRUE(handled.ok()) << handled.status();
  EXPECT_THAT(Differences(world), IsEmpty());
  return handled.value_or(0);
}

bool IsEscalated(World& world, const std::string& signal, uint32_t number) {
  const storage::v1::Case record = world.CaseOf(signal);
  return domain::FindReferral(record, number)->referral().has_escalate_time();
}

constexpr absl::Duration kBeforeAccept = absl::Hours(24);
constexpr absl::Duration kAfterAccept = absl::Hours(24 * 4);
constexpr absl::Duration kAfterContact = absl::Hours(24 * 30);

TEST(Deadlines, BeforeTheyPassNothingHappens) {
  World world(WithAMandate());
  const std::string signal = MustSubmit(world, Elder("WK990102", false));
  EXPECT_EQ(SweepAfter(world, kBeforeAccept), 0u);
  EXPECT_THAT(ReferralsOf(world, signal), ElementsAre("dorpsteam_ASSIGNED"));
}

TEST(Deadlines, AFirstContactThatNobodyTookUpGoesToTheEntranceTeam) {
  World world(WithAMandate());
  const std::string signal = MustSubmit(world, Elder("WK990102", false));
  EXPECT_EQ(SweepAfter(world, kAfterAccept), 1u);
  EXPECT_THAT(ReferralsOf(world, signal), ElementsAre("dorpsteam_EXPIRED", "gemeente_ASSIGNED"));
  EXPECT_FALSE(IsEscalated(world, signal, 2));
  EXPECT_EQ(world.CaseOf(signal).signal().first_contact().organisation(), Org("gemeente"));
}

TEST(Deadlines, WhatTheEntranceTeamDoesntTakeUpIsEscalatedOnceAndStays) {
  World world(Municipality());
  const std::string signal = MustSubmit(world, Elder("WK990101", false));
  EXPECT_EQ(SweepAfter(world, kAfterAccept), 1u);
  EXPECT_THAT(ReferralsOf(world, signal), ElementsAre("gemeente_ASSIGNED"));
  EXPECT_TRUE(IsEscalated(world, signal, 1));
  const uint64_t version = world.CaseOf(signal).version();
  EXPECT_EQ(SweepAfter(world, kAfterContact), 0u);
  EXPECT_EQ(world.CaseOf(signal).version(), version);
  // It can still be taken up, and isn't asked for again.
  ASSERT_TRUE(world.Accept(Team(), On<v1::AcceptReferralRequest>(signal, 1)).ok());
  EXPECT_EQ(SweepAfter(world, kAfterContact), 0u);
}

TEST(Deadlines, WhoWasTakenUpButNotReachedIsEscalated) {
  World world(Municipality());
  const std::string signal = MustSubmit(world, Elder("WK990101", false));
  ASSERT_TRUE(world.Accept(Team(), On<v1::AcceptReferralRequest>(signal, 1)).ok());
  EXPECT_EQ(SweepAfter(world, kAfterAccept), 0u) << "acceptance was in time";
  EXPECT_EQ(SweepAfter(world, kAfterContact), 1u);
  EXPECT_THAT(ReferralsOf(world, signal), ElementsAre("gemeente_ACCEPTED"));
  EXPECT_TRUE(IsEscalated(world, signal, 1));
}

TEST(Deadlines, WhoWasReachedIsLeftInPeace) {
  World world(Municipality());
  const std::string signal = MustSubmit(world, Elder("WK990101", false));
  ASSERT_TRUE(world.Record(Team(), Recording(signal, 1)).ok());
  EXPECT_EQ(SweepAfter(world, kAfterContact), 0u);
  EXPECT_FALSE(IsEscalated(world, signal, 1));
}

TEST(Deadlines, AnOfferThatNobodyTookUpIsFollowedByTheNextBestThatConsentCovers) {
  World world(Municipality());
  const std::string signal = MustSubmit(world, Elder("WK990101", true));
  ASSERT_THAT(ReferralsOf(world, signal), ElementsAre("ontvanger/maatje_ASSIGNED"));
  EXPECT_EQ(SweepAfter(world, kAfterAccept), 1u);
  EXPECT_THAT(ReferralsOf(world, signal),
              ElementsAre("ontvanger/maatje_EXPIRED", "ontvanger/bezoek_ASSIGNED"));
  EXPECT_EQ(SweepAfter(world, kAfterAccept), 1u);
  EXPECT_THAT(
      ReferralsOf(world, signal),
      ElementsAre("ontvanger/maatje_EXPIRED", "ontvanger/bezoek_EXPIRED", "gemeente_ASSIGNED"));
}

TEST(Deadlines, AreKeptForMoreThanOneStepAndEveryMunicipality) {
  World world(Municipality());
  std::vector<std::string> signals;
  for (int i = 0; i < 150; ++i) signals.push_back(MustSubmit(world, Elder("WK990101", false)));
  EXPECT_EQ(SweepAfter(world, kAfterAccept), 150u);
  for (const std::string& signal : signals) EXPECT_TRUE(IsEscalated(world, signal, 1));
}

TEST(Deadlines, ThatPassedWhileTheStoreWasClosedAreSeenAfterwards) {
  World world(Municipality());
  const std::string signal = MustSubmit(world, Elder("WK990101", false));
  world.Advance(kAfterAccept);
  world.Reopen();
  EXPECT_EQ(SweepAfter(world, absl::ZeroDuration()), 1u);
  EXPECT_TRUE(IsEscalated(world, signal, 1));
}

TEST(Deadlines, WhoWantedNoContactIsFoundByItNoMoreOnceItExpired) {
  World world(Municipality());
  v1::SubmitSignalRequest request = Elder("WK990101", false);
  request.mutable_signal()->mutable_reach()->set_phone("0699000001");
  const std::string signal = MustSubmit(world, request);
  auto no = Recording(signal, 1);
  no.mutable_attempt()->set_contact_wish(v1::CONTACT_WISH_NO_CONTACT);
  ASSERT_TRUE(world.Record(Team(), no).ok());
  EXPECT_EQ(SweepAfter(world, absl::Hours(24 * 364)), 0u);
  EXPECT_EQ(world.CaseOf(signal).no_contact().hashes_size(), 1);
  EXPECT_EQ(SweepAfter(world, absl::Hours(48)), 1u);
  EXPECT_EQ(world.CaseOf(signal).no_contact().hashes_size(), 0);
  EXPECT_EQ(SweepAfter(world, absl::Hours(48)), 0u);
}

TEST(Deadlines, DecideAgainOnWhatIsThereByThen) {
  World world(Municipality());
  const std::string signal = MustSubmit(world, Elder("WK990101", false));
  world.Advance(kAfterAccept);
  ASSERT_TRUE(world.Accept(Team(), On<v1::AcceptReferralRequest>(signal, 1)).ok());
  const std::string id(domain::LastSegment(signal));
  EXPECT_TRUE(world.Run(commit::PassDeadline(std::string(kGM), id, 1)).ok());
  EXPECT_TRUE(world.Run(commit::PassDeadline(std::string(kGM), id, 7)).ok());
  EXPECT_TRUE(world.Run(commit::PassDeadline(std::string(kGM), "0000000000000000", 1)).ok());
  EXPECT_TRUE(world.Run(commit::PassDeadline("GM0001", id, 1)).ok());
  EXPECT_FALSE(IsEscalated(world, signal, 1));
}

}  // namespace
}  // namespace omzien::jobs
