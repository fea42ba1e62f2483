// What Deventer's own catalogue gives the people it is for.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "server/domain/catalogue.h"
#include "server/domain/days.h"
#include "server/domain/first_contact.h"
#include "server/domain/matching.h"
#include "server/domain/names.h"
#include "server/domain/place.h"
#include "tests/deploy/load_catalogue.h"

namespace omzien::deploy {
namespace {

using ::testing::UnorderedElementsAre;

constexpr absl::CivilDay kDay(2026, 11, 22);

class DeventerMatching : public ::testing::Test {
 protected:
  void SetUp() override {
    auto built = domain::Catalogue::Build(LoadCatalogue("deventer"), 1);
    ASSERT_TRUE(built.ok()) << built.status();
    catalogue_ = *built;
  }

  domain::ResolvedPlace Place(const std::string& words, const std::string& postcode = "") const {
    v1::Place place;
    place.set_words(words);
    place.set_postcode(postcode);
    auto resolved = domain::ResolvePlace(*catalogue_, place);
    EXPECT_TRUE(resolved.ok()) << resolved.status();
    return resolved.ok() ? *resolved : domain::ResolvedPlace();
  }

  domain::MatchQuery Person(const domain::ResolvedPlace& place, v1::Need need,
                            std::vector<std::string> groups, v1::AgeBand age_band = {},
                            const std::string& language = "nl") const {
    domain::MatchQuery query;
    query.places = place.candidates;
    query.certain_wijk = place.certain_wijk;
    query.need = need;
    query.groups = domain::GroupsOf(*catalogue_, groups, age_band, language);
    query.language = language;
    query.age_band = age_band;
    query.day = kDay;
    return query;
  }

  domain::MatchResult Match(const domain::MatchQuery& query) const {
    return domain::MatchCandidates(*catalogue_, query,
                                   [](std::string_view) { return storage::v1::OfferLoad(); });
  }

  std::vector<std::string> Proposed(const domain::MatchQuery& query) const {
    std::vector<std::string> ids;
    for (const auto& proposal : domain::ProposalsFrom(*catalogue_, Match(query))) {
      ids.emplace_back(domain::LastSegment(proposal.offer()));
    }
    return ids;
  }

  std::shared_ptr<const domain::Catalogue> catalogue_;
};

TEST_F(DeventerMatching, ProposesBathmensOwnContactTeamToSomeoneOf65InBathmen) {
  for (const v1::Need need : {v1::NEED_UNKNOWN, v1::NEED_VISIT}) {
    const domain::MatchQuery widow = Person(Place("Bathmen"), need, {}, v1::AGE_BAND_65_PLUS, "");
    const domain::MatchResult result = Match(widow);
    EXPECT_EQ(Proposed(widow).front(), "contact-via-bathmens-contactteam");
    EXPECT_EQ(result.degree, v1::UNMET_DEGREE_NONE);
    EXPECT_EQ(result.provisional, need == v1::NEED_UNKNOWN);
  }
  const domain::MatchQuery widow =
      Person(Place("Bathmen"), v1::NEED_VISIT, {}, v1::AGE_BAND_65_PLUS, "");
  EXPECT_EQ(Match(widow).matches.front().reason().nl(),
            "Past: aanbod van het eigen dorp Bathmen, voor iedereen, bij de vraag naar gezelschap; "
            "aangenomen: vraag, doelgroep, wijk, dat het er nog is en manier van doorverwijzen; "
            "nog niet bevestigd: eerst navragen, ook of er plek is.");
}

TEST_F(DeventerMatching, TheSocialTeamContactsFirstInBathmenAndWhereNobodyKnows) {
  for (const auto& place : {Place("Bathmen"), Place(""), Place("", "7428"), Place("", "7400")}) {
    const auto party =
        domain::FirstContactFor(*catalogue_, place, v1::SIGNALLER_KIND_SHOPKEEPER, kDay);
    ASSERT_TRUE(party.ok()) << party.status();
    EXPECT_EQ(party->display_name, "Team toegang/team preventie");
  }
}

TEST_F(DeventerMatching, ProposesStudentOffersFirstToAStudentInTheInnerCity) {
  const auto proposed = Proposed(Person(Place("Binnenstad"), v1::NEED_ACTIVITY, {"students"}));
  ASSERT_GE(proposed.size(), 3u);
  EXPECT_THAT(std::vector<std::string>(proposed.begin(), proposed.begin() + 2),
              UnorderedElementsAre("contact-via-saxion", "contact-via-deventer-huisgenoten"));
}

TEST_F(DeventerMatching, HasOnlyGeneralOffersForWhoSpeaksTigrinyaInOkkenbroek) {
  for (const v1::Need need : {v1::NEED_UNKNOWN, v1::NEED_VISIT, v1::NEED_BUDDY}) {
    EXPECT_EQ(Match(Person(Place("Okkenbroek"), need, {}, {}, "ti")).degree,
              v1::UNMET_DEGREE_ONLY_GENERAL);
  }
}

TEST_F(DeventerMatching, NeverPresentsAPostcodesDistrictAsAFact) {
  for (const auto& postcode : catalogue_->proto().postcodes()) {
    const domain::ResolvedPlace place = Place("", postcode.code());
    EXPECT_EQ(place.certain_wijk, "") << postcode.code();
    EXPECT_EQ(place.unknown, postcode.post_office_box()) << postcode.code();
    for (const auto& candidate : place.candidates) {
      EXPECT_NE(candidate.certainty(), v1::CERTAINTY_STATED) << postcode.code();
    }
    const domain::MatchQuery query = Person(place, v1::NEED_VISIT, {}, v1::AGE_BAND_65_PLUS);
    for (const auto& match : Match(query).matches) {
      if (!match.fits()) continue;
      const v1::Offer& offer = *catalogue_->offer(domain::LastSegment(match.offer()));
      EXPECT_EQ(match.reason().nl().starts_with("Past als de persoon in "), !offer.all_districts())
          << postcode.code() << ": " << match.reason().nl();
    }
  }
}

TEST_F(DeventerMatching, TheFestivalFitsOnItsSevenDaysOnly) {
  domain::MatchQuery query = Person(Place("Bathmen"), v1::NEED_ACTIVITY, {}, v1::AGE_BAND_65_PLUS);
  for (query.day = absl::CivilDay(2021, 9, 1); query.day < absl::CivilDay(2022, 12, 1);
       ++query.day) {
    bool fits = false;
    for (const auto& match : Match(query).matches) {
      fits |= match.fits() && domain::LastSegment(match.offer()) == "kom-erbij-festival-2021";
    }
    const bool is_festival =
        query.day >= absl::CivilDay(2021, 10, 1) && query.day <= absl::CivilDay(2021, 10, 7);
    ASSERT_EQ(fits, is_festival) << query.day;
  }
}

TEST_F(DeventerMatching, WhatEndedNeverFitsNotEvenOnItsDays) {
  int ended = 0;
  for (const auto& offer : catalogue_->proto().offers()) {
    if (offer.status() != v1::OFFER_STATUS_ENDED) continue;
    ++ended;
    for (const absl::CivilDay day : {absl::CivilDay(2020, 12, 15), kDay}) {
      domain::MatchQuery query = Person(Place("Bathmen"), v1::NEED_UNKNOWN, {});
      query.day = day;
      EXPECT_FALSE(domain::MatchOne(*catalogue_, query, offer,
                                    [](std::string_view) { return storage::v1::OfferLoad(); })
                       .fits())
          << offer.id();
    }
  }
  EXPECT_GT(ended, 0);
}

TEST_F(DeventerMatching, RefusesAPlaceThatIsNotDeventer) {
  v1::Place place;
  place.set_postcode("7439");
  EXPECT_FALSE(domain::ResolvePlace(*catalogue_, place).ok());
}

}  // namespace
}  // namespace omzien::deploy
