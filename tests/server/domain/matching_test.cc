#include "server/domain/matching.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/domain/names.h"
#include "server/domain/place.h"
#include "server/domain/text.h"
#include "tests/server/domain/matching_people.h"
#include "tests/server/domain/test_catalogue.h"

namespace omzien::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

using testing::NoLoad;
using testing::Someone;

// "id" of what fits, in order.
std::vector<std::string> Fitting(const MatchResult& result) {
  std::vector<std::string> ids;
  for (const auto& match : result.matches) {
    if (!match.fits()) continue;
    ids.emplace_back(LastSegment(match.offer()));
    EXPECT_EQ(match.rank(), ids.size());
    EXPECT_EQ(match.refusal(), v1::REFUSAL_NONE);
  }
  return ids;
}

TEST(GroupsOf, AddsWhatTheCatalogueDerives) {
  const auto catalogue = testing::MustBuild(testing::TestCatalog());
  ASSERT_NE(catalogue, nullptr);
  const struct {
    std::vector<std::string> stated;
    v1::AgeBand age_band;
    std::string language;
    std::vector<std::string> groups;
  } kCases[] = {
      {{}, v1::AGE_BAND_UNSPECIFIED, "", {"iedereen"}},
      {{}, v1::AGE_BAND_65_PLUS, "nl", {"iedereen", "ouderen"}},
      {{}, v1::AGE_BAND_27_TO_64, "NL-be", {"iedereen"}},
      {{}, v1::AGE_BAND_UNSPECIFIED, "ti", {"iedereen", "nieuwkomers"}},
      {{"studenten", "municipalities/GM9901/targetGroups/jeugd", "weg"},
       v1::AGE_BAND_18_TO_26,
       "",
       {"iedereen", "jeugd", "studenten"}},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(GroupsOf(*catalogue, c.stated, c.age_band, c.language), ElementsAreArray(c.groups));
  }
}

// Which offers serve a place, and what the sentence says of how sure that is.
TEST(Matching, ServesThePlacesThatItMay) {
  v1::Catalog catalog = testing::TestCatalog();
  testing::AddOffer(catalog, "overal", {"iedereen"});
  testing::AddOffer(catalog, "kern", {"iedereen"}, {"WK990101"});
  testing::AddOffer(catalog, "markt", {"iedereen"}, {"BU99010101"});
  testing::AddOffer(catalog, "heide", {"iedereen"}, {"WK990102"});
  const auto catalogue = testing::MustBuild(catalog);
  ASSERT_NE(catalogue, nullptr);
  const std::string kAll = "Past: in de hele gemeente";
  const struct {
    std::string district, postcode;
    std::map<std::string, std::string> sentence_start;
  } kCases[] = {
      {"WK990101",
       "",
       {{"overal", kAll},
        {"kern", "Past: actief in Kern,"},
        {"markt", "Past als de persoon in Markt woont:"}}},
      {"BU99010101",
       "",
       {{"overal", kAll}, {"kern", "Past: actief in Markt,"}, {"markt", "Past: actief in Markt,"}}},
      {"BU99010102", "", {{"overal", kAll}, {"kern", "Past: actief in Molenbuurt,"}}},
      {"WK990102", "", {{"overal", kAll}, {"heide", "Past: aanbod van het eigen dorp Heidedorp,"}}},
      {"",
       "1002",
       {{"overal", kAll},
        {"kern", "Past als de persoon in Kern woont:"},
        {"markt", "Past als de persoon in Markt woont:"},
        {"heide", "Past als de persoon in Heidedorp woont:"}}},
      {"WK990103", "", {{"overal", kAll}}},
      {"", "", {{"overal", kAll}}},
  };
  for (const auto& c : kCases) {
    const MatchResult result =
        MatchCandidates(*catalogue, Someone(*catalogue, c.district, c.postcode), NoLoad);
    std::map<std::string, std::string> found;
    for (const auto& match : result.matches) {
      if (match.fits()) found.emplace(LastSegment(match.offer()), match.reason().nl());
    }
    ASSERT_EQ(found.size(), c.sentence_start.size()) << c.district << c.postcode;
    for (const auto& [id, start] : c.sentence_start) {
      EXPECT_EQ(found[id].substr(0, start.size()), start) << c.district << c.postcode;
    }
  }
}

// Each step of the rank, all else being equal; `better` has the later id.
TEST(Matching, RanksStepByStep) {
  const struct {
    std::string name, district, postcode;
    Ids groups;
    std::function<void(v1::Offer& better, v1::Offer& other)> make;
    std::map<std::string, int> live_referrals, last_assign_s;
  } kCases[] = {
      {"the group's own before general",
       "WK990101",
       "",
       {"studenten"},
       [](auto& better, auto&) { better.add_target_groups("studenten"); },
       {},
       {}},
      {"the village's own before general",
       "WK990102",
       "",
       {},
       [](auto& better, auto&) {
         better.set_all_districts(false);
         better.add_districts("BU99010202");
       },
       {},
       {}},
      {"65 and over: the village before the group",
       "WK990102",
       "",
       {"ouderen", "studenten"},
       [](auto& better, auto& other) {
         better.set_all_districts(false);
         better.add_districts("WK990102");
         other.add_target_groups("ouderen");
       },
       {},
       {}},
      {"students: the group before the village",
       "WK990102",
       "",
       {"studenten"},
       [](auto& better, auto& other) {
         better.add_target_groups("studenten");
         other.set_all_districts(false);
         other.add_districts("WK990102");
       },
       {},
       {}},
      {"no preference: the group before the village",
       "WK990102",
       "",
       {"nieuwkomers"},
       [](auto& better, auto& other) {
         better.add_target_groups("nieuwkomers");
         other.set_all_districts(false);
         other.add_districts("WK990102");
       },
       {},
       {}},
      {"both before the village alone",
       "WK990102",
       "",
       {"ouderen"},
       [](auto& better, auto& other) {
         better.add_target_groups("ouderen");
         for (auto* offer : {&better, &other}) {
           offer->set_all_districts(false);
           offer->add_districts("WK990102");
         }
       },
       {},
       {}},
      {"a postcode makes no village certain: the group goes first",
       "",
       "1002",
       {"ouderen"},
       [](auto& better, auto& other) {
         better.add_target_groups("ouderen");
         other.set_all_districts(false);
         other.add_districts("WK990102");
       },
       {},
       {}},
      {"an offer of two villages is no village's own",
       "WK990102",
       "",
       {"ouderen"},
       [](auto& better, auto& other) {
         better.add_target_groups("ouderen");
         other.set_all_districts(false);
         other.add_districts("WK990102");
         other.add_districts("WK990103");
       },
       {},
       {}},
      {"the life event",
       "WK990101",
       "",
       {},
       [](auto& better, auto&) { better.add_life_events("verlies"); },
       {},
       {}},
      {"the surer place",
       "",
       "1002",
       {},
       [](auto& better, auto& other) {
         better.set_all_districts(false);
         better.add_districts("WK990101");
         other.set_all_districts(false);
         other.add_districts("WK990102");
       },
       {},
       {}},
      {"confirmed before unconfirmed",
       "WK990101",
       "",
       {},
       [](auto&, auto& other) { other.set_status(v1::OFFER_STATUS_UNCONFIRMED); },
       {},
       {}},
      {"known room before unknown",
       "WK990101",
       "",
       {},
       [](auto&, auto& other) { other.set_capacity(0); },
       {{"b", 5}},
       {}},
      {"the lower load", "WK990101", "", {}, [](auto&, auto&) {}, {{"a", 2}, {"b", 1}}, {}},
      {"the longest since the last one",
       "WK990101",
       "",
       {},
       [](auto&, auto&) {},
       {},
       {{"a", 200}, {"b", 100}}},
      {"never before sometime", "WK990101", "", {}, [](auto&, auto&) {}, {}, {{"a", 200}}},
  };
  for (const auto& c : kCases) {
    v1::Catalog catalog = testing::TestCatalog();
    testing::AddOffer(catalog, "a", {"iedereen"});
    testing::AddOffer(catalog, "b", {"iedereen"});
    c.make(*catalog.mutable_offers(1), *catalog.mutable_offers(0));
    const auto catalogue = testing::MustBuild(catalog);
    ASSERT_NE(catalogue, nullptr) << c.name;
    MatchQuery query = Someone(*catalogue, c.district, c.postcode);
    query.groups = c.groups;
    query.life_events = {"verlies"};
    const auto load_of = [&c](std::string_view id) {
      storage::v1::OfferLoad load;
      if (const auto it = c.live_referrals.find(std::string(id)); it != c.live_referrals.end()) {
        load.set_live_referrals(it->second);
      }
      if (const auto it = c.last_assign_s.find(std::string(id)); it != c.last_assign_s.end()) {
        load.mutable_last_assign_time()->set_seconds(it->second);
      }
      return load;
    };
    EXPECT_THAT(Fitting(MatchCandidates(*catalogue, query, load_of)), ElementsAre("b", "a"))
        << c.name;
  }
}

TEST(Matching, ListsWhatFitsFirstThenTheOthersById) {
  v1::Catalog catalog = testing::TestCatalog();
  testing::AddOffer(catalog, "d", {"studenten"});
  testing::AddOffer(catalog, "c", {"iedereen"});
  testing::AddOffer(catalog, "b", {"iedereen"}, {"WK990103"});
  testing::AddOffer(catalog, "a", {"iedereen"})->set_status(v1::OFFER_STATUS_ENDED);
  const auto catalogue = testing::MustBuild(catalog);
  ASSERT_NE(catalogue, nullptr);
  const auto ids = [](const MatchResult& result) {
    std::vector<std::string> all;
    for (const auto& match : result.matches) all.emplace_back(LastSegment(match.offer()));
    return all;
  };
  const MatchQuery query = Someone(*catalogue, "WK990101");
  EXPECT_THAT(ids(MatchAll(*catalogue, query, NoLoad)), ElementsAre("c", "a", "b", "d"));
  EXPECT_THAT(ids(MatchCandidates(*catalogue, query, NoLoad)), ElementsAre("c", "a"));
}

TEST(Matching, AsksTheLoadOfCandidatesOnly) {
  v1::Catalog catalog = testing::TestCatalog();
  testing::AddOffer(catalog, "hier", {"iedereen"}, {"WK990101"})->set_capacity(1);
  testing::AddOffer(catalog, "elders", {"iedereen"}, {"WK990102"});
  const auto catalogue = testing::MustBuild(catalog);
  ASSERT_NE(catalogue, nullptr);
  std::vector<std::string> asked;
  MatchCandidates(*catalogue, Someone(*catalogue, "WK990101"), [&asked](std::string_view id) {
    asked.emplace_back(id);
    storage::v1::OfferLoad load;
    load.set_live_referrals(1);
    return load;
  });
  EXPECT_THAT(asked, ElementsAre("hier"));
}

}  // namespace
}  // namespace omzien::domain
