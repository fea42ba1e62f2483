// Who gets a signal, and what is proposed: Deventer's own catalogue, as its callers meet it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "tests/e2e/story_world.h"

namespace omzien::e2e {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

// Every PC4 of Deventer. Where nobody lives (post-office boxes), the place is unknown.
constexpr struct {
  const char* code;
  bool lives_anyone;
} kPostcodes[] = {
    {"7400", false}, {"7401", false}, {"7411", true}, {"7412", true}, {"7413", true},
    {"7414", true},  {"7415", true},  {"7416", true}, {"7417", true}, {"7418", true},
    {"7419", true},  {"7420", false}, {"7421", true}, {"7422", true}, {"7423", true},
    {"7424", true},  {"7425", true},  {"7426", true}, {"7427", true}, {"7428", true},
    {"7429", true},  {"7430", false}, {"7431", true}, {"7433", true}, {"7434", true},
    {"7435", true},  {"7437", true},
};

// The activities that are over.
constexpr const char* kEnded[] = {"bloemenactie-2020",
                                  "film-2020",
                                  "deur-balkongesprekken-2020",
                                  "kerstkaarten-leerlingen-2020",
                                  "kerstpakketten-ondernemers-2020",
                                  "up-talkshow-2020",
                                  "webinar-anderhalvemeter",
                                  "webinar-eenzaamheid-2021"};

std::string IdOf(const std::string& name) { return name.substr(name.rfind('/') + 1); }

class Matching : public StoryWorldTest {
 protected:
  v1::Signal Submit(const std::string& signal) {
    const auto answer = Must(As("jumbo").SubmitSignal(Submission(kDeventer, signal)));
    return Must(As("coordinator").GetSignal(Of<v1::GetSignalRequest>(answer.signal().name())));
  }
  v1::Referral OnlyReferral(const v1::Signal& signal) {
    EXPECT_THAT(signal.referrals(), SizeIs(1));
    return Must(As("coordinator").GetReferral(Of<v1::GetReferralRequest>(signal.referrals(0))));
  }
  int64_t Received() {
    return Must(As("coordinator").GetFollowUpSummary(Of<v1::GetFollowUpSummaryRequest>(kDeventer)))
        .total()
        .received();
  }
  // Every offer of the catalogue, with what matching says of it.
  std::vector<v1::OfferMatch> FindAll(const std::string& request) {
    std::vector<v1::OfferMatch> all;
    v1::FindOffersRequest find = Find(kDeventer, request);
    find.set_page_size(7);
    do {
      const auto page = Must(As("coordinator").FindOffers(find));
      all.insert(all.end(), page.matches().begin(), page.matches().end());
      find.set_page_token(page.next_page_token());
    } while (!find.page_token().empty());
    return all;
  }
  std::set<std::string> Fitting(const std::string& request) {
    std::set<std::string> ids;
    for (const auto& match : FindAll(request)) {
      if (match.fits()) ids.insert(IdOf(match.offer()));
    }
    return ids;
  }
};

constexpr char kWidowWithConsent[] = R"pb(
  person_knows: PERSON_KNOWS_YES
  consent {
    by_whom: CONSENT_GIVER_PERSON
    when { seconds: 1760000000 }
  }
  reach { phone: "0570 65 43 21" }
  place { district: "municipalities/GM0150/districts/BU01501501" }
  need: NEED_VISIT
  own_words: "Zij wil graag dat er iemand langskomt."
  age_band: AGE_BAND_65_PLUS
)pb";

TEST_F(Matching, WithConsentStraightToABathmenParty) {
  const v1::Signal signal = Submit(kWidowWithConsent);
  const v1::Referral referral = OnlyReferral(signal);
  EXPECT_EQ(referral.purpose(), v1::REFERRAL_PURPOSE_OFFER);
  EXPECT_EQ(referral.organisation_display_name(), "Bathmens Contactteam");
  EXPECT_EQ(IdOf(referral.offer()), "contact-via-bathmens-contactteam");
  EXPECT_TRUE(referral.consent_given());
  EXPECT_EQ(signal.first_contact().display_name(), "Bathmens Contactteam");
  EXPECT_EQ(signal.state(), v1::SIGNAL_STATE_ROUTED);
  EXPECT_THAT(AllReferrals(As("bathmen"), kDeventer, false), SizeIs(1));
  EXPECT_THAT(AllReferrals(As("team"), kDeventer, false), IsEmpty());
}

TEST_F(Matching, WithoutConsentToFirstContactWithThatProposal) {
  const v1::Signal signal = Submit(kBathmenWidow);
  const v1::Referral referral = OnlyReferral(signal);
  EXPECT_EQ(referral.purpose(), v1::REFERRAL_PURPOSE_FIRST_CONTACT);
  EXPECT_EQ(referral.organisation_display_name(), "Team toegang/team preventie");
  EXPECT_FALSE(referral.consent_given());
  EXPECT_EQ(OfferIds(referral.proposals()).at(0), "contact-via-bathmens-contactteam");
  EXPECT_EQ(OfferIds(signal.proposals()), OfferIds(referral.proposals()));
  EXPECT_THAT(AllReferrals(As("bathmen"), kDeventer, false), IsEmpty());
}

TEST_F(Matching, ConsentToAnotherPartyGoesToThatOne) {
  v1::SubmitSignalRequest request = Submission(kDeventer, kWidowWithConsent);
  request.mutable_signal()->mutable_consent()->add_to_whom(
      "municipalities/GM0150/organisations/carinova-buur-en-zo");
  const auto answer = Must(As("jumbo").SubmitSignal(request));
  const v1::Signal signal =
      Must(As("coordinator").GetSignal(Of<v1::GetSignalRequest>(answer.signal().name())));
  EXPECT_EQ(IdOf(OnlyReferral(signal).offer()), "buur-en-zo");
  EXPECT_EQ(OfferIds(signal.proposals()).at(0), "contact-via-bathmens-contactteam");
}

TEST_F(Matching, AMinorNeverSkipsFirstContact) {
  v1::SubmitSignalRequest request = Submission(kDeventer, kWidowWithConsent);
  request.mutable_signal()->set_age_band(v1::AGE_BAND_UNDER_18);
  const auto answer = Must(As("jumbo").SubmitSignal(request));
  const v1::Signal signal =
      Must(As("coordinator").GetSignal(Of<v1::GetSignalRequest>(answer.signal().name())));
  EXPECT_EQ(OnlyReferral(signal).purpose(), v1::REFERRAL_PURPOSE_FIRST_CONTACT);
  EXPECT_THAT(signal.proposals(), IsEmpty());
}

TEST_F(Matching, StudentOffersFirstForAStudentInBinnenstad) {
  const v1::Signal signal = Submit(R"pb(
    reach { email: "student@voorbeeld.example" }
    place { words: "Binnenstad" }
    own_words: "Nieuw in de stad."
    need: NEED_ACTIVITY
    target_groups: "municipalities/GM0150/targetGroups/students"
  )pb");
  const std::vector<std::string> proposed = OfferIds(signal.proposals());
  ASSERT_THAT(proposed, SizeIs(testing::Ge(3u)));
  EXPECT_THAT(std::vector<std::string>(proposed.begin(), proposed.begin() + 2),
              UnorderedElementsAre("contact-via-saxion", "contact-via-deventer-huisgenoten"));
  for (size_t i = 2; i < proposed.size(); ++i) {
    EXPECT_THAT(signal.proposals(static_cast<int>(i)).reason().nl(), HasSubstr("voor iedereen"));
  }
}

TEST_F(Matching, EveryPostcodeGivesCandidatesAndNeverAFact) {
  for (const auto& postcode : kPostcodes) {
    SCOPED_TRACE(postcode.code);
    const v1::Signal signal = Submit(
        absl::StrCat("reach { phone: '0570 11 11 11' } own_words: 'stil' place { postcode: '",
                     postcode.code, "' }"));
    if (postcode.lives_anyone) {
      EXPECT_THAT(signal.districts(), SizeIs(testing::Ge(2)));
    } else {
      EXPECT_THAT(signal.districts(), IsEmpty());
    }
    for (const auto& district : signal.districts()) {
      EXPECT_NE(district.certainty(), v1::CERTAINTY_STATED);
    }
    EXPECT_EQ(signal.place().postcode_area(), postcode.code);
    EXPECT_EQ(OnlyReferral(signal).purpose(), v1::REFERRAL_PURPOSE_FIRST_CONTACT);
    EXPECT_THAT(
        signal.first_contact().reason().nl(),
        HasSubstr(postcode.lives_anyone ? "niet zeker, mogelijk" : "plaats is niet bekend"));
    for (const auto& proposal : signal.proposals()) {
      EXPECT_THAT(proposal.reason().nl(), Not(HasSubstr("eigen dorp")));
    }
  }
  EXPECT_EQ(Received(), static_cast<int64_t>(std::size(kPostcodes)));
}

TEST_F(Matching, OutsideTheMunicipalityNothingIsStored) {
  for (const char* place : {"postcode: '7439'", "postcode: '9990'",
                            "district: 'municipalities/GM0150/districts/WK015099'"}) {
    const auto request = Submission(
        kDeventer, absl::StrCat("reach { phone: '1' } own_words: 'x' place { ", place, " }"));
    EXPECT_THAT(As("jumbo").SubmitSignal(request),
                FailsWith(absl::StatusCode::kInvalidArgument, "PLACE_OUTSIDE_MUNICIPALITY"))
        << place;
  }
  EXPECT_EQ(Received(), 0);
  EXPECT_THAT(AllSignals(As("jumbo"), kDeventer), IsEmpty());
  EXPECT_THAT(AllSignals(As("coordinator"), kDeventer), IsEmpty());
  EXPECT_THAT(AllReferrals(As("coordinator"), kDeventer, false), IsEmpty());
}

TEST_F(Matching, TheFestivalFitsOnItsDaysOnly) {
  const absl::CivilDay first(2021, 10, 1);
  const absl::CivilDay last(2021, 10, 7);
  for (absl::CivilDay day = first - 3; day <= last + 3; ++day) {
    const std::set<std::string> fitting = Fitting(absl::StrCat(
        "place { words: 'Bathmen' } need: NEED_ACTIVITY age_band: AGE_BAND_65_PLUS on { year: ",
        day.year(), " month: ", day.month(), " day: ", day.day(), " }"));
    EXPECT_EQ(fitting.contains("kom-erbij-festival-2021"), first <= day && day <= last)
        << absl::FormatCivilTime(day);
  }
  // Today: no more.
  EXPECT_THAT(Fitting("place { words: 'Bathmen' } age_band: AGE_BAND_65_PLUS"),
              AllOf(Not(IsEmpty()), Not(Contains("kom-erbij-festival-2021"))));
}

TEST_F(Matching, WhatEndedNeverFitsNotEvenOnItsDays) {
  for (const char* on :
       {"", "on { year: 2020 month: 12 day: 15 }", "on { year: 2021 month: 1 day: 20 }"}) {
    std::map<std::string, v1::OfferMatch> said;
    for (const auto& match : FindAll(absl::StrCat("place { words: 'Bathmen' } ", on))) {
      EXPECT_TRUE(said.emplace(IdOf(match.offer()), match).second) << match.offer();
    }
    for (const char* id : kEnded) {
      ASSERT_TRUE(said.contains(id)) << id;
      EXPECT_FALSE(said[id].fits()) << id;
      EXPECT_EQ(said[id].refusal(), v1::REFUSAL_ENDED) << id;
      EXPECT_EQ(said[id].reason().nl(), "Past niet: dit aanbod is gestopt.") << id;
    }
  }
}

TEST_F(Matching, EveryCandidateHasAReasonInTwoLanguages) {
  const std::vector<v1::OfferMatch> matches = FindAll("place { words: 'Lettele' }");
  EXPECT_THAT(matches, SizeIs(testing::Gt(30u)));
  for (const auto& match : matches) {
    EXPECT_THAT(match.reason().nl(), StartsWith(match.fits() ? "Past" : "Past niet: "));
    EXPECT_THAT(match.reason().en(), StartsWith(match.fits() ? "Fits" : "Doesn't fit: "));
  }
}

TEST_F(Matching, WhereDoIBringASignalIsForEveryone) {
  auto request = Of<v1::GetSignalPointRequest>(kDeventer);
  request.mutable_place()->set_words("Schalkhaar");
  const auto point = Must(As("").GetSignalPoint(request));
  ASSERT_THAT(point.parties(), SizeIs(1));
  EXPECT_EQ(point.parties(0).display_name(), "Team toegang/team preventie");
  EXPECT_THAT(point.advice().nl(), HasSubstr("Team toegang/team preventie"));
  request.mutable_place()->Clear();
  request.mutable_place()->set_postcode("7439");
  EXPECT_THAT(As("").GetSignalPoint(request),
              FailsWith(absl::StatusCode::kInvalidArgument, "PLACE_OUTSIDE_MUNICIPALITY"));
}

}  // namespace
}  // namespace omzien::e2e
