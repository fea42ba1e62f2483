// How a case goes on when whoever has it can't, or when it had ended: each leaves someone
// responsible.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "server/domain/case_rules.h"
#include "server/domain/disclosure.h"
#include "server/domain/errors.h"
#include "server/domain/names.h"
#include "tests/server/commit/recount.h"
#include "tests/server/commit/steps.h"
#include "tests/server/commit/world.h"

namespace omzien::commit::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

v1::FailReferralRequest Failing(const std::string& signal, uint32_t number) {
  auto request = On<v1::FailReferralRequest>(signal, number);
  request.set_reason(v1::FAIL_REASON_NO_CAPACITY);
  return request;
}

v1::HandOverReferralRequest ToOffer(const std::string& signal, uint32_t number,
                                    const std::string& offer) {
  auto request = On<v1::HandOverReferralRequest>(signal, number);
  request.set_offer(OfferOf(offer));
  return request;
}

v1::HandOverReferralRequest ToOrganisation(const std::string& signal, uint32_t number,
                                           const std::string& organisation) {
  auto request = On<v1::HandOverReferralRequest>(signal, number);
  request.set_organisation(Org(organisation));
  return request;
}

v1::ReopenSignalRequest Reopening(const std::string& signal) {
  v1::ReopenSignalRequest request;
  request.set_name(signal);
  request.set_reason("weer alleen");
  return request;
}

// A signal of an elder that ontvanger accepted for its offer bezoek, as referral 2.
std::string Taken(World& world) {
  const std::string signal = ReadyToPlace(world, Elder("WK990101", false));
  auto placed = world.Place(Team(), Placing(signal, {"bezoek"}, "omdat"));
  EXPECT_TRUE(placed.ok()) << placed.status();
  auto accepted = world.Accept(Receiver(), On<v1::AcceptReferralRequest>(signal, 2));
  EXPECT_TRUE(accepted.ok()) << accepted.status();
  return signal;
}

// One that ended with advice.
std::string Closed(World& world) {
  const std::string signal = ReadyToPlace(world, Elder("WK990101", false));
  auto complete = On<v1::CompleteReferralRequest>(signal, 1);
  complete.set_outcome(v1::OUTCOME_ADVICE_ONLY);
  auto completed = world.Complete(Team(), complete);
  EXPECT_TRUE(completed.ok()) << completed.status();
  return signal;
}

// The municipality, where dorpsteam has the mandate for the village.
WorldOptions WithAMandate() {
  WorldOptions options;
  v1::Mandate* mandate = options.catalog.add_mandates();
  mandate->set_organisation("dorpsteam");
  mandate->add_districts("WK990102");
  mandate->mutable_since()->set_year(2024);
  mandate->mutable_since()->set_month(1);
  mandate->mutable_since()->set_day(1);
  mandate->set_data_agreement("VB-2024-1");
  return options;
}

TEST(Waiting, IsForARoomThatMayCome) {
  World world;
  const std::string signal = Taken(world);
  auto wait = On<v1::WaitlistReferralRequest>(signal, 2);
  wait.mutable_room_expected_on()->set_year(2027);
  wait.mutable_room_expected_on()->set_month(1);
  wait.mutable_room_expected_on()->set_day(15);
  auto waiting = world.Waitlist(Receiver(), wait);
  ASSERT_TRUE(waiting.ok()) << waiting.status();
  EXPECT_EQ(waiting->state(), v1::REFERRAL_STATE_WAITLISTED);
  EXPECT_TRUE(waiting->has_waitlist_time());
  EXPECT_EQ(waiting->room_expected_on().day(), 15);
  EXPECT_EQ(domain::ReasonOf(
                world.Waitlist(Receiver(), On<v1::WaitlistReferralRequest>(signal, 2)).status()),
            "WRONG_STATE");
  ASSERT_TRUE(world.Accept(Receiver(), On<v1::AcceptReferralRequest>(signal, 2)).ok());
  EXPECT_THAT(ReferralsOf(world, signal),
              ElementsAre("gemeente_COMPLETED", "ontvanger/bezoek_ACCEPTED"));
}

TEST(Waiting, IsNotForAFirstContact) {
  World world;
  const std::string signal = MustSubmit(world, Elder("WK990101", false));
  ASSERT_TRUE(world.Accept(Team(), On<v1::AcceptReferralRequest>(signal, 1)).ok());
  EXPECT_EQ(
      domain::ReasonOf(world.Waitlist(Team(), On<v1::WaitlistReferralRequest>(signal, 1)).status()),
      "WRONG_PURPOSE");
}

TEST(Failed, GoesOnAsIfDeclined) {
  World world;
  const std::string signal = Taken(world);
  auto failed = world.Fail(Receiver(), Failing(signal, 2));
  ASSERT_TRUE(failed.ok()) << failed.status();
  EXPECT_EQ(failed->fail_reason(), v1::FAIL_REASON_NO_CAPACITY);
  EXPECT_TRUE(failed->has_end_time());
  // With consent to whoever fits, straight to the next best.
  EXPECT_THAT(
      ReferralsOf(world, signal),
      ElementsAre("gemeente_COMPLETED", "ontvanger/bezoek_FAILED", "ontvanger/maatje_ASSIGNED"));
}

TEST(Failed, AlsoAfterWaitingInVain) {
  World world;
  const std::string signal = Taken(world);
  ASSERT_TRUE(world.Waitlist(Receiver(), On<v1::WaitlistReferralRequest>(signal, 2)).ok());
  EXPECT_TRUE(world.Fail(Receiver(), Failing(signal, 2)).ok());
}

TEST(Failed, OfAFirstContactGoesToTheEntranceTeam) {
  World world(WithAMandate());
  const std::string signal = MustSubmit(world, Elder("WK990102", false));
  EXPECT_EQ(domain::ReasonOf(world.Fail(Mandated(), Failing(signal, 1)).status()), "WRONG_STATE");
  ASSERT_TRUE(world.Accept(Mandated(), On<v1::AcceptReferralRequest>(signal, 1)).ok());
  ASSERT_TRUE(world.Fail(Mandated(), Failing(signal, 1)).ok());
  EXPECT_THAT(ReferralsOf(world, signal), ElementsAre("dorpsteam_FAILED", "gemeente_ASSIGNED"));
}

TEST(HandingOver, OfAnOfferGoesToAnotherThatFitsAndThatConsentCovers) {
  World world;
  const std::string signal = Taken(world);
  auto request = ToOffer(signal, 2, "maatje");
  request.set_introduce(true);
  auto handed = world.HandOver(Receiver(), request);
  ASSERT_TRUE(handed.ok()) << handed.status();
  EXPECT_EQ(handed->state(), v1::REFERRAL_STATE_HANDED_OVER);
  EXPECT_EQ(handed->handed_over_to(), ReferralName(signal, 3));
  EXPECT_THAT(ReferralsOf(world, signal),
              ElementsAre("gemeente_COMPLETED", "ontvanger/bezoek_HANDED_OVER",
                          "ontvanger/maatje_ASSIGNED"));
  const storage::v1::Case record = world.CaseOf(signal);
  const v1::Referral next =
      domain::ReferralFor(record, 3, domain::RelationsTo(record, Receiver()), world.now());
  EXPECT_EQ(next.handed_over_from(), ReferralName(signal, 2));
  EXPECT_TRUE(next.introduced());
  EXPECT_THAT(next.reason().nl(), HasSubstr("Overgedragen door"));
  EXPECT_THAT(next.reason().nl(), HasSubstr("die de persoon voorstelt. Past"));
}

TEST(HandingOver, IsRefused) {
  struct Row {
    const char* what;
    v1::HandOverReferralRequest (*request)(const std::string& signal);
    domain::Caller caller;
    const char* reason;
  };
  const Row rows[] = {
      {"an offer to an organisation",
       [](const std::string& signal) { return ToOrganisation(signal, 2, "dorpsteam"); }, Receiver(),
       "WRONG_PURPOSE"},
      {"what it has", [](const std::string& signal) { return ToOffer(signal, 2, "bezoek"); },
       Receiver(), "OFFER_NOT_ELIGIBLE"},
      {"what doesn't fit",
       [](const std::string& signal) { return ToOffer(signal, 2, "jeugdclub"); }, Receiver(),
       "OFFER_NOT_ELIGIBLE"},
      {"what people join by themselves",
       [](const std::string& signal) { return ToOffer(signal, 2, "inloop"); }, Receiver(),
       "OFFER_NOT_ELIGIBLE"},
      {"what has ended",
       [](const std::string& signal) { return ToOrganisation(signal, 1, "winkel"); }, Team(),
       "WRONG_STATE"},
      {"another's", [](const std::string& signal) { return ToOffer(signal, 2, "maatje"); },
       Village(), "REFERRAL_NOT_FOUND"},
  };
  for (const Row& row : rows) {
    World world;
    const std::string signal = Taken(world);
    const auto before = ReferralsOf(world, signal);
    EXPECT_EQ(domain::ReasonOf(world.HandOver(row.caller, row.request(signal)).status()),
              row.reason)
        << row.what;
    EXPECT_EQ(ReferralsOf(world, signal), before) << row.what;
  }
}

TEST(HandingOver, ARefusalTellsOfThePersonOnlyToWhoMayKnowTheSituation) {
  const struct {
    v1::ConsentScope scope;
    const char* offer;
    const char* says;
  } rows[] = {
      {v1::CONSENT_SCOPE_CONTACT_DETAILS, "jeugdclub", "can't be handed this person"},
      {v1::CONSENT_SCOPE_SITUATION, "jeugdclub", "only for young people"},
      // What was tried before says something of the case, not of the person.
      {v1::CONSENT_SCOPE_SITUATION, "maatje", "can't be handed this person"},
  };
  for (const auto& row : rows) {
    World world;
    const std::string signal = MustSubmit(world, Elder("WK990101", false));
    v1::RecordContactAttemptRequest reached = Recording(signal, 1);
    *reached.mutable_consent() = Consent();
    reached.mutable_consent()->add_what(row.scope);
    ASSERT_TRUE(world.Record(Team(), reached).ok());
    ASSERT_TRUE(world.Place(Team(), Placing(signal, {"maatje", "bezoek"}, "omdat")).ok());
    ASSERT_TRUE(world.Decline(Receiver(), Declining(signal, 2)).ok());
    const absl::Status refused = world.HandOver(Receiver(), ToOffer(signal, 3, row.offer)).status();
    EXPECT_EQ(domain::ReasonOf(refused), "OFFER_NOT_ELIGIBLE") << row.offer;
    EXPECT_THAT(std::string(refused.message()), HasSubstr(row.says)) << row.offer;
  }
}

TEST(HandingOver, WithoutConsentGivesNothingAway) {
  World world;
  const std::string signal = MustSubmit(world, Elder("WK990101", false));
  v1::RecordContactAttemptRequest reached = Recording(signal, 1);
  *reached.mutable_consent() = Consent({"ontvanger"});
  ASSERT_TRUE(world.Record(Team(), reached).ok());
  ASSERT_TRUE(world.Place(Team(), Placing(signal, {"bezoek"}, "omdat")).ok());
  EXPECT_EQ(domain::ReasonOf(world.HandOver(Receiver(), ToOffer(signal, 2, "klusje")).status()),
            "CONSENT_MISSING");
}

TEST(HandingOver, OfAFirstContactGoesToWhoHasATeamOrTheMandateThere) {
  World world(WithAMandate());
  const std::string signal = MustSubmit(world, Elder("WK990102", false));
  ASSERT_TRUE(world.HandOver(Mandated(), ToOrganisation(signal, 1, "gemeente")).ok());
  EXPECT_THAT(ReferralsOf(world, signal),
              ElementsAre("dorpsteam_HANDED_OVER", "gemeente_ASSIGNED"));
  // And back, since its mandate covers the place.
  ASSERT_TRUE(world.HandOver(Team(), ToOrganisation(signal, 2, "dorpsteam")).ok());
  EXPECT_EQ(world.CaseOf(signal).signal().first_contact().organisation(), Org("dorpsteam"));
  // Who handed it over sees its own part, and no more of the case.
  const storage::v1::Case record = world.CaseOf(signal);
  EXPECT_FALSE(domain::MaySeeReferral(domain::RelationsTo(record, Team()), 1));
  EXPECT_TRUE(domain::MaySeeReferral(domain::RelationsTo(record, Team()), 2));
  EXPECT_FALSE(domain::MayOpenSignal(record, domain::RelationsTo(record, Team())));
  EXPECT_TRUE(domain::MayOpenSignal(record, domain::RelationsTo(record, Mandated())));
}

TEST(HandingOver, OfAFirstContactGoesNoFurtherThanADataAgreement) {
  World world(WithAMandate());
  const std::string signal = MustSubmit(world, Elder("WK990101", false));
  for (const char* organisation : {"dorpsteam", "ontvanger"}) {
    EXPECT_EQ(
        domain::ReasonOf(world.HandOver(Team(), ToOrganisation(signal, 1, organisation)).status()),
        "NOT_A_FIRST_CONTACT_PARTY")
        << organisation;
  }
  EXPECT_THAT(FieldsOf(world.HandOver(Team(), ToOrganisation(signal, 1, "gemeente")).status()),
              ElementsAre("organisation"));
}

TEST(HandingOver, TellsItsNoteToWhoGetsItOnly) {
  World world(WithAMandate());
  const std::string signal = MustSubmit(world, Elder("WK990102", false));
  auto request = ToOrganisation(signal, 1, "gemeente");
  request.set_note("houdt van schaken");
  ASSERT_TRUE(world.HandOver(Mandated(), request).ok());
  const storage::v1::Case record = world.CaseOf(signal);
  domain::PersonSource person;
  person.hand_over_notes[2] = "houdt van schaken";
  const auto shown = [&](uint32_t number, const domain::Caller& caller) {
    return domain::ReferralFor(record, number, domain::RelationsTo(record, caller), world.now(),
                               &person)
        .person()
        .hand_over_note();
  };
  EXPECT_EQ(shown(2, Team()), "houdt van schaken");
  EXPECT_EQ(shown(2, Coordinator()), "");
  EXPECT_EQ(shown(1, Mandated()), "");
}

TEST(Reopened, BeginsAnewWithAFirstContact) {
  World world;
  const std::string signal = Closed(world);
  auto reopened = world.Reopen(Team(), Reopening(signal));
  ASSERT_TRUE(reopened.ok()) << reopened.status();
  EXPECT_EQ(reopened->state(), v1::SIGNAL_STATE_ROUTED);
  EXPECT_EQ(reopened->outcome(), v1::OUTCOME_UNSPECIFIED);
  EXPECT_FALSE(reopened->has_close_time());
  EXPECT_THAT(ReferralsOf(world, signal), ElementsAre("gemeente_COMPLETED", "gemeente_ASSIGNED"));
  EXPECT_EQ(domain::ReasonOf(world.Reopen(Team(), Reopening(signal)).status()), "WRONG_STATE");
}

TEST(Reopened, MayTryWhatWasTriedBefore) {
  World world;
  const std::string signal = Taken(world);
  ASSERT_TRUE(world.Record(Receiver(), Recording(signal, 2)).ok());
  auto complete = On<v1::CompleteReferralRequest>(signal, 2);
  complete.set_outcome(v1::OUTCOME_CONNECTED);
  ASSERT_TRUE(world.Complete(Receiver(), complete).ok());
  EXPECT_EQ(world.CaseOf(signal).signal().state(), v1::SIGNAL_STATE_CLOSED);
  world.Advance(absl::Hours(24));
  ASSERT_TRUE(world.Reopen(Coordinator(), Reopening(signal)).ok());
  EXPECT_THAT(ProposalsOf(world, signal), ElementsAre("maatje", "bezoek"));
  // That someone was CONNECTED then doesn't end it now.
  ASSERT_TRUE(world.Record(Team(), Recording(signal, 3)).ok());
  auto place = On<v1::PlaceReferralRequest>(signal, 3);
  place.add_offers(OfferOf("maatje"));
  ASSERT_TRUE(world.Place(Team(), place).ok());
  ASSERT_TRUE(world.Decline(Receiver(), Declining(signal, 4)).ok());
  EXPECT_NE(world.CaseOf(signal).signal().state(), v1::SIGNAL_STATE_CLOSED);
}

TEST(Reopened, IsForWhoCalledFirstOrCoordinates) {
  World world;
  const std::string signal = Closed(world);
  for (const domain::Caller& other : {Shop(), Receiver(), Village()}) {
    EXPECT_EQ(domain::ReasonOf(world.Reopen(other, Reopening(signal)).status()), "SIGNAL_NOT_FOUND")
        << other.id;
  }
  EXPECT_TRUE(world.Reopen(Coordinator(), Reopening(signal)).ok());
}

TEST(Reopened, TellsWhoWithdrewNoMoreThanBefore) {
  WorldOptions options;
  for (auto& organisation : *options.catalog.mutable_organisations()) {
    if (organisation.id() == "winkel") organisation.set_kind(v1::SIGNALLER_KIND_SHOPKEEPER);
  }
  World world(std::move(options));
  const std::string signal = MustSubmit(world, Elder("WK990101", false));
  v1::WithdrawSignalRequest withdraw;
  withdraw.set_name(signal);
  ASSERT_TRUE(world.Withdraw(Shop(), withdraw).ok());
  ASSERT_TRUE(world.Reopen(Coordinator(), Reopening(signal)).ok());
  const storage::v1::Case record = world.CaseOf(signal);
  const v1::Signal shown = domain::SignalFor(record, domain::RelationsTo(record, Shop()));
  EXPECT_EQ(shown.status(), v1::SIGNALLER_STATUS_CLOSED);
  EXPECT_FALSE(shown.has_first_contact());
}

v1::RecordContactAttemptRequest LivesIn(const std::string& signal, uint32_t number,
                                        const std::string& district) {
  auto request = On<v1::RecordContactAttemptRequest>(signal, number);
  *request.mutable_attempt() = Attempt();
  request.mutable_attempt()->set_district_learnt(domain::DistrictName(kGM, district));
  return request;
}

TEST(Moved, WithinTheMunicipalityIsHandedOverToWhoCallsFirstThere) {
  World world(WithAMandate());
  const std::string signal = MustSubmit(world, Elder("WK990101", false));
  auto recorded = world.Record(Team(), LivesIn(signal, 1, "BU99010202"));
  ASSERT_TRUE(recorded.ok()) << recorded.status();
  EXPECT_EQ(recorded->state(), v1::REFERRAL_STATE_HANDED_OVER);
  EXPECT_EQ(recorded->handed_over_to(), ReferralName(signal, 2));
  EXPECT_THAT(ReferralsOf(world, signal),
              ElementsAre("gemeente_HANDED_OVER", "dorpsteam_ASSIGNED"));
  const storage::v1::Case record = world.CaseOf(signal);
  EXPECT_THAT(record.referrals(1).referral().reason().nl(), HasSubstr("Overgedragen door "));
  EXPECT_EQ(record.signal().first_contact().organisation(), Org("dorpsteam"));
  // The village's own offer is proposed first, now that the place is certain.
  EXPECT_EQ(ProposalsOf(world, signal).at(0), "dorpskoffie");
  EXPECT_TRUE(world.Accept(Mandated(), On<v1::AcceptReferralRequest>(signal, 2)).ok());
}

TEST(Moved, WhereTheSamePartyCallsFirstStays) {
  World world(WithAMandate());
  const std::string signal = MustSubmit(world, Elder("WK990101", false));
  auto recorded = world.Record(Team(), LivesIn(signal, 1, "WK990103"));
  ASSERT_TRUE(recorded.ok()) << recorded.status();
  EXPECT_THAT(ReferralsOf(world, signal), ElementsAre("gemeente_IN_PROGRESS"));
}

TEST(Moved, WhileAnOfferHasThePersonRenewsTheProposalsOnly) {
  World world(WithAMandate());
  const std::string signal = Taken(world);
  auto recorded = world.Record(Receiver(), LivesIn(signal, 2, "WK990102"));
  ASSERT_TRUE(recorded.ok()) << recorded.status();
  EXPECT_THAT(ReferralsOf(world, signal),
              ElementsAre("gemeente_COMPLETED", "ontvanger/bezoek_IN_PROGRESS"));
  EXPECT_EQ(ProposalsOf(world, signal).at(0), "dorpskoffie");
}

TEST(Moved, OutOfTheMunicipalityEndsNothingByItself) {
  World world(WithAMandate());
  const std::string signal = MustSubmit(world, Elder("WK990101", false));
  auto request = On<v1::RecordContactAttemptRequest>(signal, 1);
  *request.mutable_attempt() = Attempt(v1::CONTACT_RESULT_REACHED, v1::CONTACT_WITH_RELATIVE);
  request.mutable_attempt()->set_moved_out_of_municipality(true);
  auto recorded = world.Record(Team(), request);
  ASSERT_TRUE(recorded.ok()) << recorded.status();
  EXPECT_TRUE(recorded->attempts(0).moved_out_of_municipality());
  EXPECT_THAT(ReferralsOf(world, signal), ElementsAre("gemeente_ACCEPTED"));
  request.mutable_attempt()->set_district_learnt(domain::DistrictName(kGM, "WK990101"));
  EXPECT_THAT(FieldsOf(world.Record(Team(), request).status()),
              ElementsAre("attempt.moved_out_of_municipality"));
  auto complete = On<v1::CompleteReferralRequest>(signal, 1);
  complete.set_outcome(v1::OUTCOME_MOVED);
  EXPECT_TRUE(world.Complete(Team(), complete).ok());
}

v1::TakeBackReferralRequest TakingBack(const std::string& signal, uint32_t number) {
  auto request = On<v1::TakeBackReferralRequest>(signal, number);
  request.set_reason("al drie weken geen antwoord");
  return request;
}

TEST(TakenBack, FromAnOfferReturnsToFirstContact) {
  for (const bool coordinator : {false, true}) {
    World world;
    const std::string signal = Taken(world);
    auto taken = world.TakeBack(coordinator ? Coordinator() : Team(), TakingBack(signal, 2));
    ASSERT_TRUE(taken.ok()) << taken.status();
    EXPECT_EQ(taken->state(), v1::REFERRAL_STATE_CANCELLED);
    EXPECT_TRUE(taken->has_end_time());
    EXPECT_THAT(
        ReferralsOf(world, signal),
        ElementsAre("gemeente_COMPLETED", "ontvanger/bezoek_CANCELLED", "gemeente_ASSIGNED"));
    const storage::v1::Case record = world.CaseOf(signal);
    EXPECT_EQ(record.signal().state(), v1::SIGNAL_STATE_IN_CONTACT);
    // It was never tried: it may be proposed, and placed, again.
    EXPECT_TRUE(std::ranges::any_of(record.signal().proposals(), [](const auto& proposal) {
      return proposal.offer() == OfferOf("bezoek");
    }));
    const domain::Relations relations = domain::RelationsTo(record, Receiver());
    EXPECT_FALSE(domain::MayOpenReferral(record, 2, relations));
    EXPECT_EQ(domain::ReasonOf(
                  world.Accept(Receiver(), On<v1::AcceptReferralRequest>(signal, 2)).status()),
              "WRONG_STATE");
    EXPECT_THAT(Differences(world), IsEmpty());
  }
}

TEST(TakenBack, LeavesTheOthersThatAreLive) {
  World world;
  const std::string signal = ReadyToPlace(world, Elder("WK990101", false));
  ASSERT_TRUE(world.Place(Team(), Placing(signal, {"bezoek", "maatje"}, "omdat")).ok());
  ASSERT_TRUE(world.TakeBack(Team(), TakingBack(signal, 2)).ok());
  EXPECT_THAT(
      ReferralsOf(world, signal),
      ElementsAre("gemeente_COMPLETED", "ontvanger/bezoek_CANCELLED", "ontvanger/maatje_ASSIGNED"));
  EXPECT_EQ(world.CaseOf(signal).signal().state(), v1::SIGNAL_STATE_PLACED);
}

TEST(TakenBack, IsPlacedAgainByNobodyUnasked) {
  World world;
  const std::string signal = ReadyToPlace(world, Elder("WK990101", false));
  ASSERT_TRUE(world.Place(Team(), Placing(signal, {"bezoek", "maatje"}, "omdat")).ok());
  ASSERT_TRUE(world.TakeBack(Team(), TakingBack(signal, 2)).ok());
  auto decline = On<v1::DeclineReferralRequest>(signal, 3);
  decline.set_reason(v1::DECLINE_REASON_NO_CAPACITY);
  ASSERT_TRUE(world.Decline(Receiver(), decline).ok());
  for (const std::string& referral : ReferralsOf(world, signal)) {
    EXPECT_NE(referral, "ontvanger/bezoek_ASSIGNED");
  }
  EXPECT_TRUE(domain::HasLiveReferral(world.CaseOf(signal)));
}

TEST(TakenBack, ByWhoHandedOverTellsThemNothingMore) {
  World world(WithAMandate());
  const std::string signal = MustSubmit(world, Elder("WK990102", false));
  ASSERT_TRUE(world.HandOver(Mandated(), ToOrganisation(signal, 1, "gemeente")).ok());
  auto guess = TakingBack(signal, 2);
  guess.set_etag("\"0\"");
  const absl::Status refused = world.TakeBack(Mandated(), guess).status();
  EXPECT_EQ(domain::ReasonOf(refused), "ETAG_MISMATCH");
  EXPECT_EQ(domain::MetadataOf(refused, "etag"), "") << "it counts what is done";
  auto reached = Recording(signal, 2, Attempt(v1::CONTACT_RESULT_REACHED));
  ASSERT_TRUE(world.Record(Team(), reached).ok());
  EXPECT_EQ(domain::ReasonOf(world.TakeBack(Mandated(), TakingBack(signal, 2)).status()),
            "REFERRAL_NOT_FOUND");
}

TEST(TakenBack, NotByWhoFromItWentOnByItself) {
  World world(WithAMandate());
  const std::string signal = MustSubmit(world, Elder("WK990102", false));
  // The person lives elsewhere, it turns out.
  auto moved = On<v1::RecordContactAttemptRequest>(signal, 1);
  *moved.mutable_attempt() = Attempt(v1::CONTACT_RESULT_NO_ANSWER);
  moved.mutable_attempt()->set_district_learnt(domain::DistrictName(kGM, "WK990101"));
  ASSERT_TRUE(world.Record(Mandated(), moved).ok());
  ASSERT_THAT(ReferralsOf(world, signal),
              ElementsAre("dorpsteam_HANDED_OVER", "gemeente_ASSIGNED"));
  EXPECT_EQ(domain::ReasonOf(world.TakeBack(Mandated(), TakingBack(signal, 2)).status()),
            "REFERRAL_NOT_FOUND");
}

TEST(TakenBack, AFirstContactGoesToWhoHandedItOver) {
  World world(WithAMandate());
  const std::string signal = MustSubmit(world, Elder("WK990102", false));
  ASSERT_THAT(ReferralsOf(world, signal), ElementsAre("dorpsteam_ASSIGNED"));
  ASSERT_TRUE(world.HandOver(Mandated(), ToOrganisation(signal, 1, "gemeente")).ok());
  const auto promised = world.CaseOf(signal).first_contact_by();
  world.Advance(absl::Hours(30));
  auto taken = world.TakeBack(Mandated(), TakingBack(signal, 2));
  ASSERT_TRUE(taken.ok()) << taken.status();
  EXPECT_EQ(taken->state(), v1::REFERRAL_STATE_CANCELLED);
  EXPECT_THAT(ReferralsOf(world, signal),
              ElementsAre("dorpsteam_HANDED_OVER", "gemeente_CANCELLED", "dorpsteam_ASSIGNED"));
  const storage::v1::Case record = world.CaseOf(signal);
  EXPECT_THAT(record.referrals(2).referral().reason().nl(), HasSubstr("Teruggenomen van"));
  EXPECT_EQ(record.referrals(2).referral().contact_by().seconds(), promised.seconds())
      << "what was promised stays";
  EXPECT_THAT(Differences(world), IsEmpty());
}

TEST(TakenBack, ByACoordinatorWhatNobodyHandedOverIsTheEntranceTeams) {
  World world(WithAMandate());
  const std::string signal = MustSubmit(world, Elder("WK990102", false));
  ASSERT_TRUE(world.TakeBack(Coordinator(), TakingBack(signal, 1)).ok());
  EXPECT_THAT(ReferralsOf(world, signal), ElementsAre("dorpsteam_CANCELLED", "gemeente_ASSIGNED"));
  EXPECT_EQ(domain::ReasonOf(world.TakeBack(Coordinator(), TakingBack(signal, 2)).status()),
            "NOBODY_TO_PASS_ON_TO");
}

TEST(TakenBack, IsRefused) {
  const struct {
    const char* what;
    domain::Caller caller;
    uint32_t number;
    bool reached;
    const char* reason;
  } rows[] = {
      {"by who has it", Receiver(), 2, false, "REFERRAL_NOT_FOUND"},
      {"by another", Village(), 2, false, "REFERRAL_NOT_FOUND"},
      {"by the signaller", Shop(), 2, false, "REFERRAL_NOT_FOUND"},
      {"what isn't there", Coordinator(), 3, false, "REFERRAL_NOT_FOUND"},
      {"after contact", Team(), 2, true, "WRONG_STATE"},
      {"after contact, by a coordinator", Coordinator(), 2, true, "WRONG_STATE"},
      {"what is completed", Coordinator(), 1, false, "WRONG_STATE"},
      {"one's own, which nobody handed over", Team(), 1, false, "REFERRAL_NOT_FOUND"},
  };
  for (const auto& row : rows) {
    World world;
    const std::string signal = Taken(world);
    if (row.reached) {
      auto attempt = Recording(signal, 2, Attempt(v1::CONTACT_RESULT_REACHED));
      ASSERT_TRUE(world.Record(Receiver(), attempt).ok());
    }
    const uint64_t before = world.CaseOf(signal).version();
    EXPECT_EQ(domain::ReasonOf(world.TakeBack(row.caller, TakingBack(signal, row.number)).status()),
              row.reason)
        << row.what;
    EXPECT_EQ(world.CaseOf(signal).version(), before) << row.what;
  }
}

}  // namespace
}  // namespace omzien::commit::testing
