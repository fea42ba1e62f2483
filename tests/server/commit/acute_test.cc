// What can't wait, and who must not be left to volunteers: the shortest deadline, professionals,
// and nothing closed silently. That someone else took over, only a human says.

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

constexpr char kCrisis[] = "Zegt dat hij niet meer wil leven.";
constexpr char kSupport[] = "Komt de trap niet meer op, er is geen traplift.";

// A municipality with words; volunteers have the mandate for the village.
WorldOptions WithWords(bool professionals = false) {
  WorldOptions options;
  v1::Municipality* municipality = options.catalog.mutable_municipality();
  municipality->mutable_deadlines()->set_accept_days(2);
  municipality->mutable_deadlines()->set_first_contact_days(7);
  v1::AcuteRule* acute = municipality->mutable_acute();
  acute->add_words("niet meer wil leven");
  acute->mutable_call()->set_nl("Bel 112 bij gevaar.");
  acute->mutable_call()->set_en("Call 112 in danger.");
  acute->set_contact_hours(4);
  municipality->add_wmo_words("traplift");
  v1::Mandate* mandate = options.catalog.add_mandates();
  mandate->set_organisation("dorpsteam");
  mandate->add_districts("WK990102");
  mandate->mutable_since()->set_year(2024);
  mandate->mutable_since()->set_month(1);
  mandate->mutable_since()->set_day(1);
  mandate->set_data_agreement("D-2024-1");
  mandate->set_professionals(professionals);
  return options;
}

v1::SubmitSignalRequest Saying(const std::string& words, std::string_view district,
                               bool consent = false) {
  v1::SubmitSignalRequest request = Elder(district, consent);
  request.mutable_signal()->set_own_words(words);
  return request;
}

v1::RedirectSignalRequest Redirecting(const std::string& signal) {
  v1::RedirectSignalRequest request;
  request.set_name(signal);
  request.set_taken_over_by("crisisdienst");
  return request;
}

v1::Signal SignalOf(World& world, const std::string& signal) {
  return world.CaseOf(signal).signal();
}

TEST(Acute, ACrisisWordTellsAtOnceWhomToCallAndShortensTheDeadline) {
  World world(WithWords());
  const auto answer = world.Submit(Shop(), Saying(kCrisis, "WK990101"));
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->call_now().nl(), "Bel 112 bij gevaar.");
  EXPECT_EQ(answer->call_now().en(), "Call 112 in danger.");
  const storage::v1::Case record = world.CaseOf(answer->signal().name());
  EXPECT_EQ(record.signal().urgency(), v1::URGENCY_ACUTE);
  const v1::Referral& first = record.referrals(0).referral();
  const int64_t received = record.signal().receive_time().seconds();
  EXPECT_EQ(first.contact_by().seconds() - received, 4 * 3600);
  EXPECT_EQ(first.accept_by().seconds() - received, 4 * 3600);
  EXPECT_EQ(record.signal().state(), v1::SIGNAL_STATE_ROUTED) << "a word redirects nobody";
  EXPECT_THAT(Differences(world), IsEmpty());
}

TEST(Acute, OtherWordsTellNothing) {
  World world(WithWords());
  const auto answer = world.Submit(Shop(), Saying("Erg stil.", "WK990101"));
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_FALSE(answer->has_call_now());
  EXPECT_EQ(SignalOf(world, answer->signal().name()).urgency(), v1::URGENCY_ORDINARY);
}

TEST(Acute, GoesToProfessionalsAlsoWithConsentAndWhereVolunteersHaveTheMandate) {
  const struct {
    const char* what;
    v1::SubmitSignalRequest request;
    bool professionals;
    const char* to;
  } rows[] = {
      {"ordinary, consent", Saying("Erg stil.", "WK990101", true), false,
       "ontvanger/maatje_ASSIGNED"},
      {"acute, consent", Saying(kCrisis, "WK990101", true), false, "gemeente_ASSIGNED"},
      {"ordinary, in the village", Saying("Erg stil.", "WK990102"), false, "dorpsteam_ASSIGNED"},
      {"acute, in the village", Saying(kCrisis, "WK990102"), false, "gemeente_ASSIGNED"},
      {"acute, where they are professionals", Saying(kCrisis, "WK990102"), true,
       "dorpsteam_ASSIGNED"},
  };
  for (const auto& row : rows) {
    World world(WithWords(row.professionals));
    EXPECT_THAT(ReferralsOf(world, MustSubmit(world, row.request)), ElementsAre(row.to))
        << row.what;
  }
}

TEST(Minor, GoesToProfessionalsWhereVolunteersHaveTheMandate) {
  for (const bool professionals : {false, true}) {
    World world(WithWords(professionals));
    v1::SubmitSignalRequest request = Saying("Erg stil.", "WK990102");
    request.mutable_signal()->set_age_band(v1::AGE_BAND_UNDER_18);
    EXPECT_THAT(ReferralsOf(world, MustSubmit(world, request)),
                ElementsAre(professionals ? "dorpsteam_ASSIGNED" : "gemeente_ASSIGNED"));
  }
}

TEST(Minor, WhoTurnsOutToBeOneGoesOnToProfessionals) {
  for (const bool professionals : {false, true}) {
    World world(WithWords(professionals));
    const std::string signal = MustSubmit(world, Saying("Erg stil.", "WK990102"));
    ASSERT_THAT(ReferralsOf(world, signal), ElementsAre("dorpsteam_ASSIGNED"));
    auto reached = Recording(signal, 1);
    reached.mutable_attempt()->set_age_band_learnt(v1::AGE_BAND_UNDER_18);
    ASSERT_TRUE(world.Record(Mandated(), reached).ok());
    if (professionals) {
      EXPECT_THAT(ReferralsOf(world, signal), ElementsAre("dorpsteam_IN_PROGRESS"));
    } else {
      EXPECT_THAT(ReferralsOf(world, signal),
                  ElementsAre("dorpsteam_HANDED_OVER", "gemeente_ASSIGNED"));
    }
    EXPECT_THAT(Differences(world), IsEmpty());
  }
}

TEST(Redirected, ByWhoHasTheFirstContactOrCoordinates) {
  for (const domain::Caller& by : {Team(), Coordinator()}) {
    World world(WithWords());
    const std::string signal = MustSubmit(world, Saying(kCrisis, "WK990101"));
    ASSERT_TRUE(world.Redirect(by, Redirecting(signal)).ok()) << by.id;
    EXPECT_EQ(SignalOf(world, signal).state(), v1::SIGNAL_STATE_REDIRECTED);
    EXPECT_THAT(ReferralsOf(world, signal), ElementsAre("gemeente_CANCELLED"));
    const storage::v1::Case record = world.CaseOf(signal);
    EXPECT_EQ(domain::SignalFor(record, domain::RelationsTo(record, Shop())).status(),
              v1::SIGNALLER_STATUS_CLOSED);
    EXPECT_THAT(Differences(world), IsEmpty());
    EXPECT_EQ(domain::ReasonOf(world.Redirect(by, Redirecting(signal)).status()),
              by.id == "team" ? "SIGNAL_NOT_FOUND" : "WRONG_STATE");
  }
  World world(WithWords());
  const std::string signal = MustSubmit(world, Saying(kCrisis, "WK990101"));
  for (const domain::Caller& other : {Shop(), Receiver(), Village()}) {
    EXPECT_EQ(domain::ReasonOf(world.Redirect(other, Redirecting(signal)).status()),
              "SIGNAL_NOT_FOUND")
        << other.id;
  }
}

TEST(Acute, WhereOnlyVolunteersCallFirstGoesToTheEntranceTeam) {
  WorldOptions options = WithWords();
  v1::Team* team = options.catalog.mutable_teams(0);
  team->set_all_districts(false);
  team->add_districts("WK990101");
  World world(std::move(options));
  EXPECT_THAT(ReferralsOf(world, MustSubmit(world, Saying("Erg stil.", "WK990102"))),
              ElementsAre("dorpsteam_ASSIGNED"));
  const std::string signal = MustSubmit(world, Saying(kCrisis, "WK990102"));
  EXPECT_THAT(ReferralsOf(world, signal), ElementsAre("gemeente_ASSIGNED"));
  auto hand_over = On<v1::HandOverReferralRequest>(signal, 1);
  hand_over.set_organisation(Org("dorpsteam"));
  EXPECT_EQ(domain::ReasonOf(world.HandOver(Team(), hand_over).status()),
            "NOT_A_FIRST_CONTACT_PARTY");
}

TEST(Acute, AWithdrawalIsARemark) {
  World world(WithWords());
  const std::string signal = MustSubmit(world, Saying(kCrisis, "WK990101"));
  v1::WithdrawSignalRequest withdraw;
  withdraw.set_name(signal);
  ASSERT_TRUE(world.Withdraw(Shop(), withdraw).ok());
  EXPECT_THAT(ReferralsOf(world, signal), ElementsAre("gemeente_ASSIGNED"));
}

// --- in an answer ---

// Asks as whoever has the first contact, and answers with a crisis word.
absl::StatusOr<v1::AnswerQuestionResponse> AskAndHear(World& world, const domain::Caller& asks,
                                                      const std::string& signal,
                                                      const std::string& answer) {
  auto ask = On<v1::AskSignallerRequest>(signal, 1);
  ask.set_text("Hoe gaat het nu?");
  EXPECT_TRUE(world.AskIt(asks, ask).ok());
  v1::AnswerQuestionRequest request;
  request.set_name(signal);
  request.set_text(answer);
  return world.AnswerIt(Shop(), request);
}

TEST(AcuteInAnAnswer, HastensWhoeverHasTheFirstContact) {
  World world(WithWords());
  const std::string signal = MustSubmit(world, Saying("Erg stil.", "WK990101"));
  world.Advance(absl::Hours(1));
  const auto answer = AskAndHear(world, Team(), signal, kCrisis);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->call_now().nl(), "Bel 112 bij gevaar.");
  const storage::v1::Case record = world.CaseOf(signal);
  EXPECT_EQ(record.signal().urgency(), v1::URGENCY_ACUTE);
  const v1::Referral& first = record.referrals(0).referral();
  EXPECT_EQ(first.contact_by().seconds() - record.signal().receive_time().seconds(), 5 * 3600);
  EXPECT_THAT(Differences(world), IsEmpty());
}

TEST(AcuteInAnAnswer, VolunteersHandItOverToProfessionals) {
  for (const bool professionals : {false, true}) {
    World world(WithWords(professionals));
    const std::string signal = MustSubmit(world, Saying("Erg stil.", "WK990102"));
    ASSERT_THAT(ReferralsOf(world, signal), ElementsAre("dorpsteam_ASSIGNED"));
    ASSERT_TRUE(AskAndHear(world, Mandated(), signal, kCrisis).ok());
    if (professionals) {
      EXPECT_THAT(ReferralsOf(world, signal), ElementsAre("dorpsteam_ASSIGNED"));
    } else {
      EXPECT_THAT(ReferralsOf(world, signal),
                  ElementsAre("dorpsteam_HANDED_OVER", "gemeente_ASSIGNED"));
    }
  }
}

TEST(AcuteInAnAnswer, BringsACaseBackThatWasPlaced) {
  World world(WithWords());
  const std::string signal = MustSubmit(world, Saying("Erg stil.", "WK990101"));
  auto ask = On<v1::AskSignallerRequest>(signal, 1);
  ask.set_text("Hoe gaat het nu?");
  ASSERT_TRUE(world.AskIt(Team(), ask).ok());
  auto reached = Recording(signal, 1);
  *reached.mutable_consent() = Consent();
  ASSERT_TRUE(world.Record(Team(), reached).ok());
  auto place = On<v1::PlaceReferralRequest>(signal, 1);
  place.add_offers(OfferOf("maatje"));
  ASSERT_TRUE(world.Place(Team(), place).ok());
  v1::AnswerQuestionRequest answer;
  answer.set_name(signal);
  answer.set_text(kCrisis);
  ASSERT_TRUE(world.AnswerIt(Shop(), answer).ok());
  EXPECT_THAT(ReferralsOf(world, signal),
              ElementsAre("gemeente_COMPLETED", "ontvanger/maatje_ASSIGNED", "gemeente_ASSIGNED"));
}

TEST(AcuteInAnAnswer, AWordOfSupportRaisesAReportThatNobodyDecidedOn) {
  World world(WithWords());
  const std::string signal = MustSubmit(world, Saying("Erg stil.", "WK990101"));
  const auto answer = AskAndHear(world, Team(), signal, kSupport);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_FALSE(answer->has_call_now());
  EXPECT_EQ(SignalOf(world, signal).wmo_report(), v1::WMO_REPORT_POSSIBLE);
}

// --- a report under the Wmo ---

// Reached, and someone told whether there is something to report.
void Decide(World& world, const std::string& signal, v1::WmoReport report) {
  v1::ContactAttempt attempt = Attempt();
  attempt.set_wmo_report(report);
  const auto recorded = world.Record(Team(), Recording(signal, 1, attempt));
  EXPECT_TRUE(recorded.ok()) << recorded.status();
}

TEST(WmoReport, ThatMayBeNeededIsDecidedBeforeAnythingIsClosed) {
  World world(WithWords());
  const std::string signal = MustSubmit(world, Saying(kSupport, "WK990101"));
  ASSERT_EQ(SignalOf(world, signal).wmo_report(), v1::WMO_REPORT_POSSIBLE);
  ASSERT_TRUE(world.Record(Team(), Recording(signal, 1)).ok());
  auto complete = On<v1::CompleteReferralRequest>(signal, 1);
  complete.set_outcome(v1::OUTCOME_ADVICE_ONLY);
  EXPECT_EQ(domain::ReasonOf(world.Complete(Team(), complete).status()), "WMO_REPORT_UNDECIDED");
  Decide(world, signal, v1::WMO_REPORT_MADE);
  EXPECT_TRUE(world.Complete(Team(), complete).ok());
  EXPECT_EQ(SignalOf(world, signal).wmo_report(), v1::WMO_REPORT_MADE);
}

TEST(WmoReport, MayBeStatedByTheSignallerOrTurnOutAtContact) {
  World world(WithWords());
  v1::SubmitSignalRequest stated = Saying("Erg stil.", "WK990101");
  stated.mutable_signal()->set_wmo_report(v1::WMO_REPORT_POSSIBLE);
  EXPECT_EQ(SignalOf(world, MustSubmit(world, stated)).wmo_report(), v1::WMO_REPORT_POSSIBLE);
  stated.mutable_signal()->set_wmo_report(v1::WMO_REPORT_MADE);
  EXPECT_THAT(FieldsOf(world.Submit(Shop(), stated).status()), ElementsAre("signal.wmo_report"));

  const std::string signal = MustSubmit(world, Saying("Erg stil.", "WK990101"));
  Decide(world, signal, v1::WMO_REPORT_POSSIBLE);
  auto complete = On<v1::CompleteReferralRequest>(signal, 1);
  complete.set_outcome(v1::OUTCOME_ADVICE_ONLY);
  EXPECT_EQ(domain::ReasonOf(world.Complete(Team(), complete).status()), "WMO_REPORT_UNDECIDED");
}

TEST(WmoReport, OpenAfterTheLastOfferIsTheFirstContactsToDecide) {
  World world(WithWords());
  const std::string signal = MustSubmit(world, Saying(kSupport, "WK990101", /*consent=*/true));
  ASSERT_THAT(ReferralsOf(world, signal), ElementsAre("ontvanger/maatje_ASSIGNED"));
  ASSERT_TRUE(world.Record(Receiver(), Recording(signal, 1)).ok());
  auto complete = On<v1::CompleteReferralRequest>(signal, 1);
  complete.set_outcome(v1::OUTCOME_CONNECTED);
  ASSERT_TRUE(world.Complete(Receiver(), complete).ok());
  EXPECT_THAT(ReferralsOf(world, signal),
              ElementsAre("ontvanger/maatje_COMPLETED", "gemeente_ASSIGNED"));
  EXPECT_THAT(Differences(world), IsEmpty());
}

TEST(WmoReport, IsDecidedWithARedirection) {
  World world(WithWords());
  const std::string signal = MustSubmit(world, Saying(kSupport, "WK990101"));
  v1::RedirectSignalRequest redirect = Redirecting(signal);
  EXPECT_EQ(domain::ReasonOf(world.Redirect(Team(), redirect).status()), "WMO_REPORT_UNDECIDED");
  redirect.set_wmo_report(v1::WMO_REPORT_POSSIBLE);
  EXPECT_THAT(FieldsOf(world.Redirect(Team(), redirect).status()), ElementsAre("wmo_report"));
  redirect.set_wmo_report(v1::WMO_REPORT_NOT_MADE);
  EXPECT_TRUE(world.Redirect(Team(), redirect).ok());
}

TEST(Redirected, ByMistakeIsReopenedByWhoHadIt) {
  World world(WithWords());
  const std::string signal = MustSubmit(world, Saying(kCrisis, "WK990101"));
  ASSERT_TRUE(world.Redirect(Team(), Redirecting(signal)).ok());
  v1::ReopenSignalRequest reopen;
  reopen.set_name(signal);
  reopen.set_reason("vergissing");
  EXPECT_EQ(domain::ReasonOf(world.Reopen(Village(), reopen).status()), "SIGNAL_NOT_FOUND");
  EXPECT_TRUE(world.Reopen(Team(), reopen).ok());
  EXPECT_THAT(ReferralsOf(world, signal), ElementsAre("gemeente_CANCELLED", "gemeente_ASSIGNED"));
}

TEST(WmoReport, AWithdrawalDoesntStopFollowUpWhileItIsOpen) {
  World world(WithWords());
  const std::string signal = MustSubmit(world, Saying(kSupport, "WK990101"));
  v1::WithdrawSignalRequest withdraw;
  withdraw.set_name(signal);
  ASSERT_TRUE(world.Withdraw(Shop(), withdraw).ok());
  EXPECT_EQ(SignalOf(world, signal).state(), v1::SIGNAL_STATE_ROUTED);
  EXPECT_TRUE(SignalOf(world, signal).has_withdraw_remark_time());
  EXPECT_THAT(ReferralsOf(world, signal), ElementsAre("gemeente_ASSIGNED"));
}

TEST(CurrentSupport, IsAskedFirstAndFollowedUpStill) {
  World world(WithWords());
  v1::SubmitSignalRequest request = Saying("Erg stil.", "WK990101");
  request.mutable_signal()->mutable_current_support()->set_organisation(Org("dorpsteam"));
  const std::string signal = MustSubmit(world, request);
  const v1::Referral first = world.CaseOf(signal).referrals(0).referral();
  EXPECT_EQ(first.ask_first(), Org("dorpsteam"));
  EXPECT_EQ(first.ask_first_display_name(), "Organisatie dorpsteam");
  ASSERT_TRUE(
      world
          .Record(Team(),
                  Recording(signal, 1, Attempt(v1::CONTACT_RESULT_REACHED, v1::CONTACT_WITH_OTHER)))
          .ok());
  auto complete = On<v1::CompleteReferralRequest>(signal, 1);
  complete.set_outcome(v1::OUTCOME_ALREADY_SUPPORTED);
  ASSERT_TRUE(world.Complete(Team(), complete).ok());
  EXPECT_TRUE(world.CaseOf(signal).referrals(0).referral().has_after_check_time());
}

TEST(CurrentSupport, ThatOffersSomethingItselfGoesFirstWithConsent) {
  WorldOptions options = WithWords();
  v1::Offer* own = domain::testing::AddOffer(options.catalog, "zelf", {"iedereen"});
  own->set_organisation("dorpsteam");
  World world(std::move(options));
  v1::SubmitSignalRequest request = Saying("Erg stil.", "WK990101", true);
  EXPECT_THAT(ReferralsOf(world, MustSubmit(world, request)),
              ElementsAre("ontvanger/maatje_ASSIGNED"));
  request.mutable_signal()->mutable_current_support()->set_organisation(Org("dorpsteam"));
  EXPECT_THAT(ReferralsOf(world, MustSubmit(world, request)),
              ElementsAre("dorpsteam/zelf_ASSIGNED"));
}

TEST(CurrentSupport, ThatFitsGoesFirstAlsoWhereOthersAreProposed) {
  WorldOptions options = WithWords();
  for (const char* id : {"aa", "ab", "ac"}) {
    domain::testing::AddOffer(options.catalog, id, {"iedereen"});
  }
  domain::testing::AddOffer(options.catalog, "zelf", {"iedereen"})->set_organisation("dorpsteam");
  World world(std::move(options));
  v1::SubmitSignalRequest request = Saying("Erg stil.", "WK990101", true);
  request.mutable_signal()->mutable_current_support()->set_organisation(Org("dorpsteam"));
  const std::string signal = MustSubmit(world, request);
  EXPECT_THAT(ReferralsOf(world, signal), ElementsAre("dorpsteam/zelf_ASSIGNED"));
  const storage::v1::Case record = world.CaseOf(signal);
  for (const auto& proposal : record.signal().proposals()) {
    EXPECT_NE(proposal.organisation(), Org("dorpsteam"));
  }
}

TEST(Secrecy, AGpOrCareProviderMustStateTheConsent) {
  for (const v1::SignallerKind kind :
       {v1::SIGNALLER_KIND_GP, v1::SIGNALLER_KIND_CARE_PROVIDER, v1::SIGNALLER_KIND_SOCIAL_TEAM}) {
    WorldOptions options = WithWords();
    for (auto& organisation : *options.catalog.mutable_organisations()) {
      if (organisation.id() == "winkel") organisation.set_kind(kind);
    }
    World world(std::move(options));
    const auto without = world.Submit(Shop(), Saying("Erg stil.", "WK990101"));
    if (kind == v1::SIGNALLER_KIND_SOCIAL_TEAM) {
      EXPECT_TRUE(without.ok()) << without.status();
    } else {
      EXPECT_THAT(FieldsOf(without.status()), ElementsAre("signal.consent"));
    }
    EXPECT_TRUE(world.Submit(Shop(), Saying("Erg stil.", "WK990101", true)).ok());
  }
}

}  // namespace
}  // namespace omzien::commit::testing
