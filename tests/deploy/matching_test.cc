// What the shipped catalogues do in matching: the coalition's own examples.

#include "server/domain/matching.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "server/domain/catalogue.h"
#include "server/domain/first_contact.h"
#include "server/domain/names.h"
#include "server/domain/place.h"
#include "tests/deploy/load_catalogue.h"

namespace omzien::deploy {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr absl::CivilDay kToday(2026, 11, 22);

std::shared_ptr<const domain::Catalogue> Build(const std::string& folder) {
  auto built = domain::Catalogue::Build(LoadCatalogue(folder), /*generation=*/1);
  EXPECT_TRUE(built.ok()) << built.status();
  return built.ok() ? *built : nullptr;
}

const domain::Catalogue& Deventer() {
  static const auto catalogue = Build("deventer");
  return *catalogue;
}

const domain::Catalogue& Voorbeeldstad() {
  static const auto catalogue = Build("voorbeeldstad");
  return *catalogue;
}

struct Someone {
  std::string words = {};
  std::string postcode = {};
  std::string group = {};
  v1::AgeBand age_band = v1::AGE_BAND_UNSPECIFIED;
  std::string language = {};
  v1::Need need = v1::NEED_UNKNOWN;
  absl::CivilDay day = kToday;
};

domain::MatchQuery QueryFor(const domain::Catalogue& catalogue, const Someone& someone) {
  v1::Place place;
  place.set_words(someone.words);
  place.set_postcode(someone.postcode);
  const auto resolved = domain::ResolvePlace(catalogue, place);
  EXPECT_TRUE(resolved.ok()) << resolved.status();
  domain::MatchQuery query;
  query.places = resolved->candidates;
  query.certain_wijk = resolved->certain_wijk;
  query.need = someone.need;
  std::vector<std::string> stated;
  if (!someone.group.empty()) stated.push_back(someone.group);
  query.groups = domain::GroupsOf(catalogue, stated, someone.age_band, someone.language);
  query.language = someone.language;
  query.age_band = someone.age_band;
  query.day = someone.day;
  return query;
}

storage::v1::OfferLoad NoLoad(std::string_view /*offer_id*/) { return {}; }

domain::MatchResult MatchFor(const domain::Catalogue& catalogue, const Someone& someone) {
  return domain::MatchCandidates(catalogue, QueryFor(catalogue, someone), NoLoad);
}

std::string IdOf(const std::string& name) { return name.substr(name.rfind('/') + 1); }

std::vector<std::string> Fitting(const domain::MatchResult& result) {
  std::vector<std::string> ids;
  for (const auto& match : result.matches) {
    if (match.fits()) ids.push_back(IdOf(match.offer()));
  }
  return ids;
}

std::vector<std::string> Proposed(const domain::Catalogue& catalogue, const Someone& someone) {
  std::vector<std::string> ids;
  for (const auto& proposal :
       domain::Propose(catalogue, QueryFor(catalogue, someone), NoLoad).proposals) {
    ids.push_back(IdOf(proposal.offer()));
  }
  return ids;
}

TEST(DeventerMatching, ProposesTheVillageFirstToSomeoneOver65InBathmen) {
  for (const v1::Need need : {v1::NEED_UNKNOWN, v1::NEED_VISIT, v1::NEED_BUDDY}) {
    const auto proposed =
        Proposed(Deventer(), {.words = "Bathmen", .age_band = v1::AGE_BAND_65_PLUS, .need = need});
    ASSERT_FALSE(proposed.empty()) << need;
    EXPECT_EQ(proposed.front(), "contact-via-bathmens-contactteam") << need;
  }
  const auto result = MatchFor(
      Deventer(), {.words = "Bathmen", .age_band = v1::AGE_BAND_65_PLUS, .need = v1::NEED_VISIT});
  EXPECT_EQ(result.degree, v1::UNMET_DEGREE_NONE);
  EXPECT_EQ(result.matches.front().reason().nl(),
            "Past: aanbod van het eigen dorp Bathmen, voor iedereen, bij de vraag naar gezelschap; "
            "aangenomen: vraag, doelgroep, wijk, dat het er nog is en manier van doorverwijzen; "
            "nog niet bevestigd: eerst navragen, ook of er plek is.");
}

TEST(DeventerMatching, TheSocialTeamContactsFirstInBathmenAndWhereNobodyKnows) {
  struct Row {
    const char* words;
    const char* postcode;
  };
  for (const Row& row : {Row{"Bathmen", ""}, {"", ""}, {"", "7428"}, {"", "7400"}}) {
    v1::Place place;
    place.set_words(row.words);
    place.set_postcode(row.postcode);
    const auto resolved = domain::ResolvePlace(Deventer(), place);
    ASSERT_TRUE(resolved.ok()) << resolved.status();
    const auto party =
        domain::FirstContactFor(Deventer(), *resolved, v1::SIGNALLER_KIND_SHOPKEEPER, kToday);
    ASSERT_TRUE(party.ok()) << party.status();
    EXPECT_EQ(party->display_name, "Team toegang/team preventie") << row.words << row.postcode;
  }
}

TEST(DeventerMatching, ProposesEachVillagePartyInItsOwnVillageOnly) {
  const std::set<std::string> parties = {
      "contact-via-bathmens-contactteam", "contact-via-hulpdienst-diepenveen",
      "contact-via-schalkhaar-helpt-elkaar", "contact-via-knooppunt-lettele"};
  struct Row {
    const char* words;
    const char* own;
  };
  for (const Row& row : {Row{"bathmen", "contact-via-bathmens-contactteam"},
                         {"Dorp Bathmen", "contact-via-bathmens-contactteam"},
                         {"Diepenveen", "contact-via-hulpdienst-diepenveen"},
                         {"Schalkhaar", "contact-via-schalkhaar-helpt-elkaar"},
                         {"Lettele", "contact-via-knooppunt-lettele"},
                         {"Okkenbroek", ""},
                         {"Binnenstad", ""},
                         {"De Hoven", ""}}) {
    const Someone someone{.words = row.words, .age_band = v1::AGE_BAND_65_PLUS};
    for (const std::string& id : Fitting(MatchFor(Deventer(), someone))) {
      EXPECT_TRUE(id == row.own || !parties.contains(id)) << id << " in " << row.words;
    }
    const auto proposed = Proposed(Deventer(), someone);
    EXPECT_EQ(proposed.front() == row.own, *row.own != '\0') << row.words;
  }
}

TEST(DeventerMatching, NeverPutsAVillageFirstOnAPostcode) {
  const auto result = MatchFor(Deventer(), {.postcode = "7437", .age_band = v1::AGE_BAND_65_PLUS});
  const auto fitting = Fitting(result);
  EXPECT_THAT(fitting, Contains("contact-via-bathmens-contactteam"));
  EXPECT_NE(fitting.front(), "contact-via-bathmens-contactteam");
}

TEST(DeventerMatching, ShowsTheWijkOfAPostcodesCentreFirst) {
  const struct {
    std::string postcode, district;
  } kCases[] = {{"7411", "WK015001"}, {"7412", "WK015003"}, {"7437", "WK015015"}};
  for (const auto& c : kCases) {
    v1::Place place;
    place.set_postcode(c.postcode);
    const auto resolved = domain::ResolvePlace(Deventer(), place);
    ASSERT_TRUE(resolved.ok()) << resolved.status();
    EXPECT_EQ(domain::LastSegment(resolved->candidates.front().district()), c.district);
  }
}

TEST(DeventerMatching, PutsStudentOffersFirstForAStudentInBinnenstad) {
  const Someone student{
      .words = "Binnenstad", .group = "students", .age_band = v1::AGE_BAND_18_TO_26};
  const auto fitting = Fitting(MatchFor(Deventer(), student));
  ASSERT_GE(fitting.size(), 3u);
  EXPECT_THAT(std::set<std::string>(fitting.begin(), fitting.begin() + 2),
              ElementsAre("contact-via-deventer-huisgenoten", "contact-via-saxion"));
}

TEST(DeventerMatching, FindsOnlyGeneralOffersForATigrinyaSpeakerInOkkenbroek) {
  for (const v1::Need need : {v1::NEED_UNKNOWN, v1::NEED_VISIT, v1::NEED_BUDDY}) {
    EXPECT_EQ(MatchFor(Deventer(), {.words = "Okkenbroek", .language = "ti", .need = need}).degree,
              v1::UNMET_DEGREE_ONLY_GENERAL);
  }
  const auto result = MatchFor(Deventer(), {.words = "Okkenbroek", .language = "ti"});
  EXPECT_THAT(Fitting(result), Contains("contact-via-humanitas-deventer"));
  EXPECT_THAT(Fitting(result), Contains("contact-via-stichting-vriendendiensten"));
}

TEST(DeventerMatching, MeetsEveryNeedEverywhere) {
  for (int need = v1::NEED_VISIT; need <= v1::NEED_PRACTICAL_HELP; ++need) {
    const auto proposed =
        Proposed(Deventer(), {.words = "Okkenbroek", .need = static_cast<v1::Need>(need)});
    EXPECT_FALSE(proposed.empty()) << v1::Need_Name(need);
  }
}

TEST(DeventerMatching, GivesCandidatesForEveryPostcodeNeverAFact) {
  for (const auto& postcode : Deventer().proto().postcodes()) {
    v1::Place place;
    place.set_postcode(postcode.code());
    const auto resolved = domain::ResolvePlace(Deventer(), place);
    ASSERT_TRUE(resolved.ok()) << postcode.code();
    EXPECT_TRUE(resolved->certain_wijk.empty()) << postcode.code();
    EXPECT_EQ(resolved->unknown, postcode.post_office_box()) << postcode.code();
    EXPECT_GE(resolved->candidates.size(), postcode.post_office_box() ? 0u : 2u) << postcode.code();
    for (const auto& candidate : resolved->candidates) {
      EXPECT_NE(candidate.certainty(), v1::CERTAINTY_STATED) << postcode.code();
    }
    EXPECT_FALSE(Proposed(Deventer(), {.postcode = postcode.code()}).empty()) << postcode.code();
    // What serves one district only fits *if* the person lives there, and its sentence says so.
    for (const auto& match : MatchFor(Deventer(), {.postcode = postcode.code()}).matches) {
      if (!match.fits()) continue;
      EXPECT_EQ(match.reason().nl().starts_with("Past als de persoon in "),
                !Deventer().offer(IdOf(match.offer()))->all_districts())
          << postcode.code() << ": " << match.reason().nl();
    }
  }
}

TEST(DeventerMatching, RefusesAPostcodeOfElsewhere) {
  v1::Place place;
  place.set_postcode("7439");
  EXPECT_FALSE(domain::ResolvePlace(Deventer(), place).ok());
}

TEST(DeventerMatching, HasTheFestivalOnItsSevenDaysOnly) {
  Someone someone{.words = "Voorstad", .age_band = v1::AGE_BAND_65_PLUS, .need = v1::NEED_ACTIVITY};
  const absl::CivilDay first(2021, 10, 1), last(2021, 10, 7);
  for (someone.day = first - 30; someone.day < last + 400; ++someone.day) {
    const auto fitting = Fitting(MatchFor(Deventer(), someone));
    EXPECT_EQ(std::ranges::count(fitting, "kom-erbij-festival-2021"),
              someone.day >= first && someone.day <= last ? 1 : 0)
        << someone.day;
  }
}

TEST(DeventerMatching, NeverMatchesWhatHasEnded) {
  std::set<std::string> ended;
  const v1::Catalog catalog = Deventer().Whole();
  for (const auto& offer : catalog.offers()) {
    if (offer.status() == v1::OFFER_STATUS_ENDED) ended.insert(offer.id());
  }
  EXPECT_EQ(ended.size(), 8u);
  for (const auto& district : Deventer().proto().districts()) {
    // Also on a day on which they were held.
    for (const absl::CivilDay day : {absl::CivilDay(2020, 12, 20), kToday}) {
      const auto fitting = Fitting(MatchFor(Deventer(), {.words = district.display_name(),
                                                         .group = "students",
                                                         .age_band = v1::AGE_BAND_65_PLUS,
                                                         .language = "ti",
                                                         .day = day}));
      for (const auto& id : fitting) EXPECT_THAT(ended, Not(Contains(id)));
    }
  }
}

TEST(DeventerMatching, SaysWhatIsAssumed) {
  const auto result = MatchFor(Deventer(), {.words = "Bathmen", .age_band = v1::AGE_BAND_65_PLUS});
  ASSERT_FALSE(result.matches.empty());
  EXPECT_THAT(result.matches.front().reason().nl(), HasSubstr("aangenomen"));
  EXPECT_THAT(result.matches.front().reason().en(), HasSubstr("assumed"));
}

TEST(VoorbeeldstadMatching, StandsByItself) {
  EXPECT_THAT(Proposed(Voorbeeldstad(), {.words = "Verzonnerdorp",
                                         .age_band = v1::AGE_BAND_65_PLUS,
                                         .need = v1::NEED_BUDDY}),
              ElementsAre("dorpsmaatje"));
  v1::Place bathmen;
  bathmen.set_district(domain::DistrictName("GM0150", "WK015015"));
  EXPECT_FALSE(domain::ResolvePlace(Voorbeeldstad(), bathmen).ok());
  EXPECT_TRUE(domain::ResolvePlace(Deventer(), bathmen).ok());
}

}  // namespace
}  // namespace omzien::deploy
