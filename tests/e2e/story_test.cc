// The story this service is for, step by step: what each party is told, and what it isn't.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/e2e/story_world.h"

namespace omzien::e2e {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kTeam[] = "Team toegang/team preventie";
constexpr char kHerConsent[] = "by_whom: CONSENT_GIVER_PERSON when { seconds: 1760000000 }";

constexpr char kIntroduced[] = R"pb(
  with: CONTACT_WITH_PERSON
  channel: CONTACT_CHANNEL_INTRODUCED
  result: CONTACT_RESULT_REACHED
  need_learnt: NEED_VISIT
)pb";

class Story : public StoryWorldTest {
 protected:
  // All that JUMBO can find out. Fails when it is more than a coarse status.
  v1::SignallerStatus WhatJumboSees(const std::string& signal) {
    for (const v1::View view : {v1::VIEW_BASIC, v1::VIEW_UNSPECIFIED}) {
      auto request = Of<v1::GetSignalRequest>(signal);
      request.set_view(view);
      EXPECT_THAT(FieldsOf(Must(As("jumbo").GetSignal(request))),
                  ElementsAre("name", "reference", "status", "receive_time",
                              "first_contact.display_name", "revision"));
    }
    EXPECT_THAT(As("jumbo").GetSignal(Full<v1::GetSignalRequest>(signal)),
                FailsWith(absl::StatusCode::kPermissionDenied, "VIEW_NOT_ALLOWED"));
    EXPECT_THAT(As("jumbo").GetReferral(Of<v1::GetReferralRequest>(ReferralName(signal, 1))),
                FailsWith(absl::StatusCode::kPermissionDenied, "ROLE_NOT_ALLOWED"));
    const std::vector<v1::Signal> listed = AllSignals(As("jumbo"), kDeventer);
    EXPECT_THAT(listed, SizeIs(1));
    EXPECT_THAT(FieldsOf(listed.at(0)), ElementsAre("name", "reference", "status", "receive_time",
                                                    "first_contact.display_name"));
    return listed.at(0).status();
  }

  v1::Signal Coordinator(const std::string& signal) {
    return Must(As("coordinator").GetSignal(Of<v1::GetSignalRequest>(signal)));
  }

  v1::FollowUpSummary Summary() {
    return Must(As("coordinator").GetFollowUpSummary(Of<v1::GetFollowUpSummaryRequest>(kDeventer)));
  }

  // The steps of the story, each on what the ones before it left.
  void ACashierSignals();
  void TheCoordinatorSeesWhoIsProposedAndWhy();
  void TheTeamFindsItWithAllItNeeds();
  void TheFirstCallIsNotAnswered();
  void TheyRingJumbo();
  void IntroducedOnThursdaySheAgrees();
  void PlacedAcceptedContactMade();
  void TheCoordinatorSeesContactInTime();
  void ItEndsWell();

  std::string signal_;
  std::string reference_;
  std::string first_contact_;
  std::string offer_;
};

// A cashier of JUMBO signals a widow in Bathmen.
void Story::ACashierSignals() {
  const auto submitted = Must(As("jumbo").SubmitSignal(Submission(kDeventer, kBathmenWidow)));
  signal_ = submitted.signal().name();
  reference_ = submitted.signal().reference();
  EXPECT_THAT(signal_, MatchesRegex("municipalities/GM0150/signals/[a-z0-9]{16}"));
  EXPECT_THAT(reference_, MatchesRegex("[A-Z0-9]{4}-[A-Z0-9]{4}"));
  EXPECT_EQ(submitted.thanks().nl(),
            "Dank u wel dat u omziet naar een ander. Het kenmerk van uw signaal is " + reference_ +
                ". " + kTeam + " neemt contact op.");
  EXPECT_EQ(submitted.thanks().en(),
            "Thank you for looking after someone. Your signal's reference is " + reference_ + ". " +
                kTeam + " will make contact.");
  EXPECT_EQ(submitted.first_contact_display_name(), kTeam);
  EXPECT_THAT(
      FieldsOf(submitted.signal()),
      ElementsAre("name", "reference", "status", "receive_time", "first_contact.display_name"));
  EXPECT_EQ(WhatJumboSees(signal_), v1::SIGNALLER_STATUS_RECEIVED);
}

// The coordinator sees Bathmens Contactteam proposed, and why; the social team contacts first.
void Story::TheCoordinatorSeesWhoIsProposedAndWhy() {
  const v1::Signal seen = Coordinator(signal_);
  EXPECT_EQ(seen.state(), v1::SIGNAL_STATE_ROUTED);
  EXPECT_EQ(seen.reference(), reference_);
  ASSERT_THAT(seen.districts(), SizeIs(1));
  EXPECT_EQ(seen.districts(0).display_name(), "Bathmen");
  EXPECT_EQ(seen.districts(0).certainty(), v1::CERTAINTY_STATED);
  EXPECT_TRUE(seen.districts(0).village());
  EXPECT_EQ(seen.first_contact().organisation(),
            "municipalities/GM0150/organisations/team-toegang-preventie");
  EXPECT_EQ(seen.first_contact().reason().nl(),
            "Team toegang/team preventie legt in Bathmen het eerste contact; aangenomen: wijk.");
  ASSERT_THAT(seen.proposals(), SizeIs(3));
  EXPECT_EQ(seen.proposals(0).organisation_display_name(), "Bathmens Contactteam");
  EXPECT_EQ(seen.proposals(0).rank(), 1u);
  EXPECT_TRUE(seen.proposals(0).provisional());
  EXPECT_EQ(seen.proposals(0).reason().nl(),
            "Past: aanbod van het eigen dorp Bathmen, voor iedereen; voorlopig: de vraag is nog "
            "niet bekend; aangenomen: vraag, doelgroep, wijk, dat het er nog is en manier van "
            "doorverwijzen; nog niet bevestigd: eerst navragen, ook of er plek is.");
  EXPECT_THAT(seen.proposals(0).reason().en(),
              AllOf(HasSubstr("from their own village Bathmen"), HasSubstr("unconfirmed")));
  EXPECT_THAT(seen.target_groups(), ElementsAre("municipalities/GM0150/targetGroups/older-people"));
  EXPECT_EQ(seen.unmet_degree(), v1::UNMET_DEGREE_NONE);
  EXPECT_THAT(FieldsOf(seen), Not(Contains("own_words")));
  EXPECT_THAT(FieldsOf(seen.reach()), ElementsAre("through_signaller"));
  EXPECT_THAT(As("coordinator").GetSignal(Full<v1::GetSignalRequest>(signal_)),
              FailsWith(absl::StatusCode::kPermissionDenied, "VIEW_NOT_ALLOWED"));
}

// The team finds it in its queue, with all it needs; Bathmens Contactteam knows nothing yet.
void Story::TheTeamFindsItWithAllItNeeds() {
  const std::vector<v1::Referral> queue = AllReferrals(As("team"), kDeventer, false);
  ASSERT_THAT(queue, SizeIs(1));
  first_contact_ = queue[0].name();
  EXPECT_EQ(first_contact_, ReferralName(signal_, 1));
  EXPECT_EQ(queue[0].state(), v1::REFERRAL_STATE_ASSIGNED);
  EXPECT_EQ(queue[0].purpose(), v1::REFERRAL_PURPOSE_FIRST_CONTACT);
  EXPECT_FALSE(queue[0].overdue());
  EXPECT_FALSE(queue[0].consent_given());
  const v1::Referral opened =
      Must(As("team").GetReferral(Full<v1::GetReferralRequest>(first_contact_)));
  EXPECT_THAT(opened.person().own_words(), HasSubstr("Haar man is er niet meer"));
  EXPECT_THAT(opened.person().reach().signaller_contact(), HasSubstr("Anouk"));
  EXPECT_THAT(AllReferrals(As("bathmen"), kDeventer, false), IsEmpty());
  EXPECT_THAT(As("bathmen").GetReferral(Of<v1::GetReferralRequest>(first_contact_)),
              FailsWith(absl::StatusCode::kNotFound, "REFERRAL_NOT_FOUND"));
  EXPECT_THAT(As("bathmen").GetSignal(Of<v1::GetSignalRequest>(signal_)),
              FailsWith(absl::StatusCode::kNotFound, "SIGNAL_NOT_FOUND"));
}

// First call: no answer.
void Story::TheFirstCallIsNotAnswered() {
  const v1::Referral referral = Must(As("team").RecordContactAttempt(Attempt(first_contact_, R"pb(
    with: CONTACT_WITH_PERSON
    channel: CONTACT_CHANNEL_PHONE
    result: CONTACT_RESULT_NO_ANSWER
    worker: "Ans"
    note: "Niemand thuis denk ik"
  )pb")));
  EXPECT_EQ(referral.state(), v1::REFERRAL_STATE_ACCEPTED);
  EXPECT_FALSE(referral.has_contact_time());
  EXPECT_EQ(WhatJumboSees(signal_), v1::SIGNALLER_STATUS_PICKED_UP);
}

// They ring JUMBO: that isn't a contact with her.
void Story::TheyRingJumbo() {
  const v1::Referral referral = Must(As("team").RecordContactAttempt(Attempt(first_contact_, R"pb(
    with: CONTACT_WITH_SIGNALLER
    channel: CONTACT_CHANNEL_PHONE
    result: CONTACT_RESULT_REACHED
  )pb")));
  EXPECT_EQ(referral.state(), v1::REFERRAL_STATE_ACCEPTED);
  EXPECT_FALSE(referral.has_contact_time());
  EXPECT_EQ(Summary().total().contact_made(), 0);
  EXPECT_THAT(
      As("team").PlaceReferral(Placement(first_contact_, {"contact-via-bathmens-contactteam"})),
      FailsWith(absl::StatusCode::kFailedPrecondition, "PERSON_NOT_REACHED"));
}

// Introduced on Thursday; she agrees; need: company nearby.
void Story::IntroducedOnThursdaySheAgrees() {
  const v1::Referral referral =
      Must(As("team").RecordContactAttempt(Attempt(first_contact_, kIntroduced, kHerConsent)));
  EXPECT_EQ(referral.state(), v1::REFERRAL_STATE_IN_PROGRESS);
  EXPECT_TRUE(referral.has_contact_time());
  EXPECT_EQ(referral.need(), v1::NEED_VISIT);
  EXPECT_THAT(referral.attempts(), SizeIs(3));
  EXPECT_EQ(WhatJumboSees(signal_), v1::SIGNALLER_STATUS_PICKED_UP);
  const v1::Signal seen = Coordinator(signal_);
  EXPECT_EQ(seen.state(), v1::SIGNAL_STATE_IN_CONTACT);
  EXPECT_EQ(OfferIds(seen.proposals()).at(0), "contact-via-bathmens-contactteam");
  EXPECT_FALSE(seen.proposals(0).provisional());
  EXPECT_THAT(seen.proposals(0).reason().nl(), HasSubstr("bij de vraag naar gezelschap"));
}

// The referral is placed, accepted, contact made.
void Story::PlacedAcceptedContactMade() {
  const auto placed = Must(
      As("team").PlaceReferral(Placement(first_contact_, {"contact-via-bathmens-contactteam"})));
  EXPECT_EQ(placed.first_contact().state(), v1::REFERRAL_STATE_COMPLETED);
  EXPECT_EQ(placed.first_contact().outcome(), v1::OUTCOME_PLACED);
  ASSERT_THAT(placed.placed(), SizeIs(1));
  EXPECT_EQ(placed.placed(0).state(), v1::REFERRAL_STATE_ASSIGNED);
  offer_ = placed.placed(0).name();
  EXPECT_EQ(offer_, ReferralName(signal_, 2));

  const v1::Referral received =
      Must(As("bathmen").GetReferral(Full<v1::GetReferralRequest>(offer_)));
  EXPECT_EQ(received.organisation_display_name(), "Bathmens Contactteam");
  EXPECT_THAT(received.person().reach().place_and_time(), HasSubstr("kassa 2"));
  EXPECT_EQ(received.person().own_words(), "");
  EXPECT_THAT(received.proposals(), IsEmpty());
  EXPECT_THAT(As("bathmen").GetReferral(Of<v1::GetReferralRequest>(first_contact_)),
              FailsWith(absl::StatusCode::kNotFound, "REFERRAL_NOT_FOUND"));
  EXPECT_THAT(As("raster").GetReferral(Of<v1::GetReferralRequest>(offer_)),
              FailsWith(absl::StatusCode::kNotFound, "REFERRAL_NOT_FOUND"));
  EXPECT_EQ(Must(As("bathmen").AcceptReferral(Of<v1::AcceptReferralRequest>(offer_))).state(),
            v1::REFERRAL_STATE_ACCEPTED);
  const v1::Referral referral = Must(As("bathmen").RecordContactAttempt(Attempt(offer_, R"pb(
    with: CONTACT_WITH_PERSON
    channel: CONTACT_CHANNEL_VISIT
    result: CONTACT_RESULT_REACHED
  )pb")));
  EXPECT_EQ(referral.state(), v1::REFERRAL_STATE_IN_PROGRESS);
  // JUMBO sees only that it was picked up.
  EXPECT_EQ(WhatJumboSees(signal_), v1::SIGNALLER_STATUS_PICKED_UP);
}

// The coordinator sees contact made in time.
void Story::TheCoordinatorSeesContactInTime() {
  const v1::FollowUpSummary summary = Summary();
  EXPECT_EQ(summary.total().received(), 1);
  EXPECT_EQ(summary.total().picked_up(), 1);
  EXPECT_EQ(summary.total().contact_made(), 1);
  EXPECT_EQ(summary.total().contact_in_time(), 1);
  EXPECT_EQ(summary.total().placed(), 1);
  EXPECT_EQ(summary.total().open(), 1);
  EXPECT_EQ(summary.overdue(), 0);
  ASSERT_THAT(summary.districts(), SizeIs(1));
  EXPECT_EQ(summary.districts(0).display_name(), "Bathmen");
  EXPECT_THAT(summary.total().unmet(), IsEmpty());
}

// And it ends well: the way it ended is not JUMBO's to know.
void Story::ItEndsWell() {
  auto complete = Of<v1::CompleteReferralRequest>(offer_);
  complete.set_outcome(v1::OUTCOME_CONNECTED);
  const v1::Referral referral = Must(As("bathmen").CompleteReferral(complete));
  EXPECT_TRUE(referral.has_after_check_time());
  EXPECT_EQ(WhatJumboSees(signal_), v1::SIGNALLER_STATUS_CLOSED);
  EXPECT_EQ(Coordinator(signal_).outcome(), v1::OUTCOME_CONNECTED);
}

TEST_F(Story, FromACashiersWordsToARecordedContact) {
  ACashierSignals();
  TheCoordinatorSeesWhoIsProposedAndWhy();
  TheTeamFindsItWithAllItNeeds();
  TheFirstCallIsNotAnswered();
  TheyRingJumbo();
  IntroducedOnThursdaySheAgrees();
  PlacedAcceptedContactMade();
  TheCoordinatorSeesContactInTime();
  ItEndsWell();
}

TEST_F(Story, WhoSpeaksTigrinyaInOkkenbroekIsUnmetDemand) {
  const auto submitted = Must(As("jumbo").SubmitSignal(Submission(kDeventer, R"pb(
    reach { phone: "0570 12 34 56" }
    place { words: "okkenbroek" }
    own_words: "Zij kent hier nog niemand."
    language: "ti"
  )pb")));
  const v1::Signal seen = Coordinator(submitted.signal().name());
  EXPECT_EQ(seen.unmet_degree(), v1::UNMET_DEGREE_ONLY_GENERAL);
  EXPECT_EQ(seen.first_contact().display_name(), kTeam);
  EXPECT_THAT(seen.proposals(), Not(IsEmpty()));
  EXPECT_THAT(seen.proposals(0).reason().nl(), HasSubstr("taal navragen"));

  const v1::FollowUpSummary summary = Summary();
  ASSERT_THAT(summary.total().unmet(), SizeIs(1));
  EXPECT_EQ(summary.total().unmet(0).degree(), v1::UNMET_DEGREE_ONLY_GENERAL);
  EXPECT_EQ(summary.total().unmet(0).count(), 1);
  const auto unmet =
      Must(As("coordinator").GetUnmetDemand(Of<v1::GetUnmetDemandRequest>(kDeventer)));
  ASSERT_THAT(unmet.rows(), SizeIs(1));
  EXPECT_EQ(unmet.rows(0).degree(), v1::UNMET_DEGREE_ONLY_GENERAL);
  EXPECT_EQ(unmet.rows(0).district(), "municipalities/GM0150/districts/WK015013");
  EXPECT_THAT(unmet.rows(0).target_groups(),
              ElementsAre("municipalities/GM0150/targetGroups/migrants"));
  EXPECT_EQ(unmet.rows(0).count(), 1);
  EXPECT_EQ(unmet.rows(0).open(), 1);
}

TEST_F(Story, JumboHearsOfTheContactOnceSheAgrees) {
  const std::string signal =
      Must(As("jumbo").SubmitSignal(Submission(kDeventer, kBathmenWidow))).signal().name();
  Must(As("team").RecordContactAttempt(Attempt(ReferralName(signal, 1), R"pb(
    with: CONTACT_WITH_PERSON
    channel: CONTACT_CHANNEL_VISIT
    result: CONTACT_RESULT_REACHED
    signaller_may_know: true
  )pb")));
  EXPECT_EQ(WhatJumboSees(signal), v1::SIGNALLER_STATUS_CONTACT_MADE);
}

}  // namespace
}  // namespace omzien::e2e
