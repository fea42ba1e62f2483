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
using ::testing::HasSubstr;

using testing::kDay;
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

struct RuleCase {
  std::string name;
  std::function<void(v1::Offer&, MatchQuery&)> make;
  v1::Refusal refusal;
};

// The offer is for everyone in all districts, the person lives in Kern and likes company.
TEST(Matching, EachRuleRefusesWhatItShould) {
  const auto day = [](int offset) { return DateOfDay(kDay + offset); };
  const RuleCase kCases[] = {
      {"nothing against it", [](auto&, auto&) {}, v1::REFUSAL_NONE},
      {"ended", [](auto& o, auto&) { o.set_status(v1::OFFER_STATUS_ENDED); }, v1::REFUSAL_ENDED},
      {"unconfirmed is asked first",
       [](auto& o, auto&) { o.set_status(v1::OFFER_STATUS_UNCONFIRMED); }, v1::REFUSAL_NONE},
      {"over", [&](auto& o, auto&) { *o.mutable_active_until() = day(-1); },
       v1::REFUSAL_NOT_ACTIVE_THAT_DAY},
      {"its last day", [&](auto& o, auto&) { *o.mutable_active_until() = day(0); },
       v1::REFUSAL_NONE},
      {"its first day", [&](auto& o, auto&) { *o.mutable_active_from() = day(0); },
       v1::REFUSAL_NONE},
      {"not yet", [&](auto& o, auto&) { *o.mutable_active_from() = day(1); },
       v1::REFUSAL_NOT_ACTIVE_THAT_DAY},
      {"another wijk",
       [](auto& o, auto&) {
         o.set_all_districts(false);
         o.add_districts("WK990102");
       },
       v1::REFUSAL_OUTSIDE_DISTRICT},
      {"another group", [](auto& o, auto&) { o.set_target_groups(0, "studenten"); },
       v1::REFUSAL_OTHER_TARGET_GROUP},
      {"one group in common",
       [](auto& o, auto& q) {
         o.set_target_groups(0, "studenten");
         o.add_target_groups("ouderen");
         q.groups.insert("ouderen");
       },
       v1::REFUSAL_NONE},
      {"another need", [](auto&, auto& q) { q.need = v1::NEED_BUDDY; }, v1::REFUSAL_OTHER_NEED},
      {"one need of two",
       [](auto& o, auto& q) {
         o.add_needs(v1::NEED_BUDDY);
         q.need = v1::NEED_BUDDY;
       },
       v1::REFUSAL_NONE},
      {"an unknown need", [](auto&, auto& q) { q.need = v1::NEED_UNKNOWN; }, v1::REFUSAL_NONE},
      {"an unspecified need", [](auto&, auto& q) { q.need = v1::NEED_UNSPECIFIED; },
       v1::REFUSAL_NONE},
      {"other languages stated",
       [](auto& o, auto& q) {
         o.add_languages("nl");
         q.language = "ti";
       },
       v1::REFUSAL_OTHER_LANGUAGE},
      {"a common language that isn't stated",
       [](auto& o, auto& q) {
         o.add_languages("ti");
         q.language = "nl";
       },
       v1::REFUSAL_OTHER_LANGUAGE},
      {"the language stated, as spoken elsewhere",
       [](auto& o, auto& q) {
         o.add_languages("ar");
         q.language = "AR-sy";
       },
       v1::REFUSAL_NONE},
      {"two scripts of one language",
       [](auto& o, auto& q) {
         o.add_languages("zh-Hans");
         q.language = "zh-Hant";
       },
       v1::REFUSAL_OTHER_LANGUAGE},
      {"no language known", [](auto& o, auto&) { o.add_languages("ti"); }, v1::REFUSAL_NONE},
      {"no language stated", [](auto&, auto& q) { q.language = "ti"; }, v1::REFUSAL_NONE},
      {"full", [](auto& o, auto&) { o.set_capacity(3); }, v1::REFUSAL_NO_CAPACITY},
      {"one place left", [](auto& o, auto&) { o.set_capacity(4); }, v1::REFUSAL_NONE},
      {"capacity unknown", [](auto& o, auto&) { o.set_capacity(0); }, v1::REFUSAL_NONE},
      {"tried before", [](auto&, auto& q) { q.excluded_offers = {"x"}; }, v1::REFUSAL_TRIED_BEFORE},
      {"a general offer for a minor", [](auto&, auto& q) { q.age_band = v1::AGE_BAND_UNDER_18; },
       v1::REFUSAL_NOT_FOR_MINORS},
      {"an offer made for minors",
       [](auto& o, auto& q) {
         o.add_target_groups("jeugd");
         q.age_band = v1::AGE_BAND_UNDER_18;
       },
       v1::REFUSAL_NONE},
      {"an age band outside its ages",
       [](auto& o, auto& q) {
         o.set_age_years_min(27);
         q.age_band = v1::AGE_BAND_18_TO_26;
       },
       v1::REFUSAL_OTHER_AGE},
      {"an age band beyond its ages",
       [](auto& o, auto& q) {
         o.set_age_years_max(64);
         q.age_band = v1::AGE_BAND_65_PLUS;
       },
       v1::REFUSAL_OTHER_AGE},
      {"an age band that reaches its first year",
       [](auto& o, auto& q) {
         o.set_age_years_min(26);
         q.age_band = v1::AGE_BAND_18_TO_26;
       },
       v1::REFUSAL_NONE},
      {"an age band that holds its last year",
       [](auto& o, auto& q) {
         o.set_age_years_max(65);
         q.age_band = v1::AGE_BAND_65_PLUS;
       },
       v1::REFUSAL_NONE},
      {"an unknown age", [](auto& o, auto&) { o.set_age_years_min(75); }, v1::REFUSAL_NONE},
      {"an excluded group",
       [](auto& o, auto& q) {
         o.mutable_exclusions()->add_target_groups("studenten");
         q.groups.insert("studenten");
       },
       v1::REFUSAL_EXCLUDED},
      {"an excluded life event",
       [](auto& o, auto& q) {
         o.mutable_exclusions()->add_life_events("verlies");
         q.life_events.insert("verlies");
       },
       v1::REFUSAL_EXCLUDED},
      {"an excluded age band",
       [](auto& o, auto& q) {
         o.mutable_exclusions()->add_age_bands(v1::AGE_BAND_65_PLUS);
         q.age_band = v1::AGE_BAND_65_PLUS;
       },
       v1::REFUSAL_EXCLUDED},
      {"an excluded way of getting about",
       [](auto& o, auto& q) {
         o.mutable_exclusions()->add_mobility(v1::MOBILITY_GETS_AROUND);
         q.circumstances.set_mobility(v1::MOBILITY_GETS_AROUND);
       },
       v1::REFUSAL_EXCLUDED},
      {"an excluded household",
       [](auto& o, auto& q) {
         o.mutable_exclusions()->add_households(v1::HOUSEHOLD_INSTITUTION);
         q.household = v1::HOUSEHOLD_INSTITUTION;
       },
       v1::REFUSAL_EXCLUDED},
      {"exclusions of which nothing is known to hold",
       [](auto& o, auto& q) {
         o.mutable_exclusions()->add_target_groups("studenten");
         o.mutable_exclusions()->add_life_events("verlies");
         o.mutable_exclusions()->add_age_bands(v1::AGE_BAND_UNDER_18);
         o.mutable_exclusions()->add_mobility(v1::MOBILITY_HOUSEBOUND);
         o.mutable_exclusions()->add_households(v1::HOUSEHOLD_INSTITUTION);
         q.groups.insert("ouderen");
       },
       v1::REFUSAL_NONE},
      {"at a place, for who doesn't leave the house",
       [](auto& o, auto& q) {
         o.add_access(v1::ACCESS_AT_A_PLACE);
         o.add_access(v1::ACCESS_WITH_TRANSPORT);
         q.circumstances.set_mobility(v1::MOBILITY_HOUSEBOUND);
       },
       v1::REFUSAL_CANT_GET_THERE},
      {"at home, for who doesn't leave the house",
       [](auto& o, auto& q) {
         o.add_access(v1::ACCESS_AT_A_PLACE);
         o.add_access(v1::ACCESS_AT_HOME);
         q.circumstances.set_mobility(v1::MOBILITY_HOUSEBOUND);
       },
       v1::REFUSAL_NONE},
      {"at a place, for who needs transport",
       [](auto& o, auto& q) {
         o.add_access(v1::ACCESS_AT_A_PLACE);
         q.circumstances.set_mobility(v1::MOBILITY_NEEDS_TRANSPORT);
       },
       v1::REFUSAL_CANT_GET_THERE},
      {"fetched, for who needs transport",
       [](auto& o, auto& q) {
         o.add_access(v1::ACCESS_WITH_TRANSPORT);
         q.circumstances.set_mobility(v1::MOBILITY_NEEDS_TRANSPORT);
       },
       v1::REFUSAL_NONE},
      {"remotely, for who needs transport",
       [](auto& o, auto& q) {
         o.add_access(v1::ACCESS_REMOTE);
         q.circumstances.set_mobility(v1::MOBILITY_NEEDS_TRANSPORT);
       },
       v1::REFUSAL_NONE},
      {"at a place, for who gets around",
       [](auto& o, auto& q) {
         o.add_access(v1::ACCESS_AT_A_PLACE);
         q.circumstances.set_mobility(v1::MOBILITY_GETS_AROUND);
       },
       v1::REFUSAL_NONE},
      {"somewhere, for who doesn't leave the house",
       [](auto&, auto& q) { q.circumstances.set_mobility(v1::MOBILITY_HOUSEBOUND); },
       v1::REFUSAL_NONE},
      {"more digital than the person",
       [](auto& o, auto& q) {
         o.set_digital_skill_needed(v1::DIGITAL_SKILL_SOME);
         q.circumstances.set_digital_skill(v1::DIGITAL_SKILL_NONE);
       },
       v1::REFUSAL_TOO_DIGITAL},
      {"as digital as the person",
       [](auto& o, auto& q) {
         o.set_digital_skill_needed(v1::DIGITAL_SKILL_SOME);
         q.circumstances.set_digital_skill(v1::DIGITAL_SKILL_SOME);
       },
       v1::REFUSAL_NONE},
      {"digital, for who knows",
       [](auto& o, auto&) { o.set_digital_skill_needed(v1::DIGITAL_SKILL_GOOD); },
       v1::REFUSAL_NONE},
      {"paid, and nothing to spend",
       [](auto& o, auto& q) {
         o.set_cost(v1::COST_PAID);
         q.circumstances.set_budget(v1::BUDGET_ONLY_FREE_OR_FUNDED);
       },
       v1::REFUSAL_COSTS_MONEY},
      {"a contribution, and no funding that pays it",
       [](auto& o, auto& q) {
         o.set_cost(v1::COST_OWN_CONTRIBUTION);
         o.add_funding("regeling");
         q.circumstances.set_budget(v1::BUDGET_ONLY_FREE_OR_FUNDED);
         q.circumstances.add_funding("een-andere");
       },
       v1::REFUSAL_COSTS_MONEY},
      {"a contribution, and a funding that pays it",
       [](auto& o, auto& q) {
         o.set_cost(v1::COST_OWN_CONTRIBUTION);
         o.add_funding("regeling");
         q.circumstances.set_budget(v1::BUDGET_ONLY_FREE_OR_FUNDED);
         q.circumstances.add_funding("regeling");
       },
       v1::REFUSAL_NONE},
      {"free, and nothing to spend",
       [](auto& o, auto& q) {
         o.set_cost(v1::COST_FREE);
         q.circumstances.set_budget(v1::BUDGET_ONLY_FREE_OR_FUNDED);
       },
       v1::REFUSAL_NONE},
      {"a price that isn't stated, and nothing to spend",
       [](auto&, auto& q) { q.circumstances.set_budget(v1::BUDGET_ONLY_FREE_OR_FUNDED); },
       v1::REFUSAL_NONE},
      {"paid, by who can",
       [](auto& o, auto& q) {
         o.set_cost(v1::COST_PAID);
         q.circumstances.set_budget(v1::BUDGET_CAN_PAY);
       },
       v1::REFUSAL_NONE},
      {"residents, for who needs a professional",
       [](auto& o, auto& q) {
         o.set_track(v1::TRACK_RESIDENTS);
         q.professionals_only = true;
       },
       v1::REFUSAL_PROFESSIONALS_ONLY},
      {"nobody knows who, for who needs a professional",
       [](auto&, auto& q) { q.professionals_only = true; }, v1::REFUSAL_PROFESSIONALS_ONLY},
      {"professionals, for who needs one",
       [](auto& o, auto& q) {
         o.set_track(v1::TRACK_ORGANISATIONS);
         q.professionals_only = true;
       },
       v1::REFUSAL_NONE},
      {"made for minors, by residents",
       [](auto& o, auto& q) {
         o.add_target_groups("jeugd");
         o.set_track(v1::TRACK_RESIDENTS);
         q.age_band = v1::AGE_BAND_UNDER_18;
         q.professionals_only = NeedsProfessionals(q.age_band);
       },
       v1::REFUSAL_PROFESSIONALS_ONLY},
      {"made for minors, by professionals",
       [](auto& o, auto& q) {
         o.add_target_groups("jeugd");
         o.set_track(v1::TRACK_ORGANISATIONS);
         q.age_band = v1::AGE_BAND_UNDER_18;
         q.professionals_only = NeedsProfessionals(q.age_band);
       },
       v1::REFUSAL_NONE},
      {"the first rule that refuses is the one",
       [&](auto& o, auto& q) {
         o.set_capacity(1);
         q.need = v1::NEED_BUDDY;
         *o.mutable_active_from() = day(1);
       },
       v1::REFUSAL_NOT_ACTIVE_THAT_DAY},
  };
  for (const RuleCase& c : kCases) {
    v1::Catalog catalog = testing::TestCatalog();
    v1::Offer* const offer = testing::AddOffer(catalog, "x", {"iedereen"});
    MatchQuery query = Someone(*testing::MustBuild(testing::TestCatalog()), "WK990101");
    c.make(*offer, query);
    const auto catalogue = testing::MustBuild(catalog);
    ASSERT_NE(catalogue, nullptr) << c.name;
    const auto three = [](std::string_view) {
      storage::v1::OfferLoad load;
      load.set_live_referrals(3);
      return load;
    };
    const MatchResult all = MatchAll(*catalogue, query, three);
    ASSERT_EQ(all.matches.size(), 1u);
    const v1::OfferMatch& match = all.matches[0];
    EXPECT_EQ(match.refusal(), c.refusal) << c.name;
    EXPECT_EQ(match.fits(), c.refusal == v1::REFUSAL_NONE) << c.name;
    EXPECT_EQ(match.rank(), match.fits() ? 1u : 0u) << c.name;
    EXPECT_EQ(match.offer(), "municipalities/GM9901/offers/x");
    EXPECT_EQ(match.organisation(), "municipalities/GM9901/organisations/ontvanger");
    EXPECT_THAT(match.reason().nl(), HasSubstr(match.fits() ? "Past" : "Past niet: ")) << c.name;
    EXPECT_EQ(MatchOne(*catalogue, query, *catalogue->offer("x"), three).refusal(), c.refusal);
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

// What the sentence asks of someone, given what is known, and what it says of the price.
TEST(Matching, AsksWhatIsNotKnownAndMatters) {
  using Make = std::function<void(v1::Offer&, MatchQuery&)>;
  const struct {
    Make make;
    std::string nl;  // after "gezelschap"
  } kCases[] = {
      {[](auto&, auto&) {}, "."},
      {[](auto& o, auto&) { o.set_age_years_min(55); }, "; leeftijd navragen: vanaf 55 jaar."},
      {[](auto& o, auto& q) {
         o.set_age_years_min(55);
         q.age_band = v1::AGE_BAND_27_TO_64;
       },
       "; leeftijd navragen: vanaf 55 jaar."},
      {[](auto& o, auto& q) {
         o.set_age_years_min(55);
         q.age_band = v1::AGE_BAND_65_PLUS;
       },
       "."},
      {[](auto& o, auto&) { o.set_digital_skill_needed(v1::DIGITAL_SKILL_SOME); },
       "; navragen of de persoon handig genoeg is met telefoon of computer."},
      {[](auto& o, auto&) { o.set_digital_skill_needed(v1::DIGITAL_SKILL_NONE); }, "."},
      {[](auto&, auto& q) { q.circumstances.set_mobility(v1::MOBILITY_NEEDS_TRANSPORT); },
       "; navragen hoe de persoon er komt."},
      {[](auto&, auto& q) { q.circumstances.set_mobility(v1::MOBILITY_GETS_AROUND); }, "."},
      {[](auto&, auto& q) { q.circumstances.set_budget(v1::BUDGET_ONLY_FREE_OR_FUNDED); },
       "; navragen wat het kost."},
      {[](auto& o, auto& q) {
         o.add_funding("regeling");
         o.set_cost(v1::COST_PAID);
         q.circumstances.set_budget(v1::BUDGET_ONLY_FREE_OR_FUNDED);
         q.circumstances.add_funding("regeling");
       },
       "; te betalen uit de Meedoenregeling."},
      {[](auto& o, auto& q) {
         o.set_cost(v1::COST_FREE);
         q.circumstances.set_budget(v1::BUDGET_ONLY_FREE_OR_FUNDED);
       },
       "."},
      {[](auto&, auto& q) { q.circumstances.set_budget(v1::BUDGET_CAN_PAY); }, "."},
  };
  for (const auto& c : kCases) {
    v1::Catalog catalog = testing::TestCatalog();
    v1::Offer* const offer = testing::AddOffer(catalog, "x", {"iedereen"});
    MatchQuery query = Someone(*testing::MustBuild(testing::TestCatalog()), "WK990101");
    c.make(*offer, query);
    const auto catalogue = testing::MustBuild(catalog);
    ASSERT_NE(catalogue, nullptr);
    EXPECT_EQ(MatchOne(*catalogue, query, *catalogue->offer("x"), NoLoad).reason().nl(),
              "Past: in de hele gemeente, voor iedereen, bij de vraag naar gezelschap" + c.nl);
  }
}

// What is on certain days, and who is away: what the sentence says of it.
TEST(Matching, FollowsTheCalendar) {
  const auto weekly_from = [](v1::Offer& offer, int days, const std::string& rule) {
    *offer.add_schedule()->mutable_first_day() = DateOfDay(kDay + days);
    offer.mutable_schedule(0)->set_rule(rule);
  };
  const auto away = [](v1::Offer& offer, int from, int until) {
    *offer.add_absences()->mutable_from() = DateOfDay(kDay + from);
    *offer.mutable_absences(0)->mutable_until() = DateOfDay(kDay + until);
  };
  const struct {
    std::function<void(v1::Offer&)> make;
    v1::Refusal refusal;
    std::string nl;
    v1::UnmetDegree degree;
  } kCases[] = {
      {[&](auto& o) { weekly_from(o, -70, "FREQ=WEEKLY"); }, v1::REFUSAL_NONE,
       "; eerstvolgende keer: 22-11-2026.", v1::UNMET_DEGREE_NONE},
      {[&](auto& o) { weekly_from(o, 31, ""); }, v1::REFUSAL_NONE,
       "; eerstvolgende keer: 23-12-2026.", v1::UNMET_DEGREE_NONE},
      {[&](auto& o) { weekly_from(o, 32, ""); }, v1::REFUSAL_NO_OCCURRENCE,
       "Past niet: eerstvolgende keer pas op 24-12-2026.", v1::UNMET_DEGREE_NOTHING_FITS},
      {[&](auto& o) { weekly_from(o, -1, ""); }, v1::REFUSAL_NO_OCCURRENCE,
       "Past niet: het komende jaar niet.", v1::UNMET_DEGREE_ENDED},
      {[&](auto& o) { away(o, -3, 6); }, v1::REFUSAL_AWAY,
       "Past niet: er is nu niemand, weer vanaf 29-11-2026.", v1::UNMET_DEGREE_NO_CAPACITY},
      {[&](auto& o) { away(o, 1, 6); }, v1::REFUSAL_NONE, "gezelschap.", v1::UNMET_DEGREE_NONE},
      {[&](auto& o) {
         weekly_from(o, -70, "FREQ=WEEKLY");
         away(o, -3, 6);
         o.set_capacity(1);
       },
       v1::REFUSAL_AWAY, "Past niet: er is nu niemand, weer vanaf 29-11-2026.",
       v1::UNMET_DEGREE_NO_CAPACITY},
      {[&](auto& o) {
         weekly_from(o, -70, "FREQ=WEEKLY");
         o.set_status(v1::OFFER_STATUS_ENDED);
       },
       v1::REFUSAL_ENDED, "Past niet: dit aanbod is gestopt.", v1::UNMET_DEGREE_ENDED},
  };
  for (const auto& c : kCases) {
    v1::Catalog catalog = testing::TestCatalog();
    c.make(*testing::AddOffer(catalog, "x", {"iedereen"}));
    const auto catalogue = testing::MustBuild(catalog);
    ASSERT_NE(catalogue, nullptr);
    const auto one = [](std::string_view) {
      storage::v1::OfferLoad load;
      load.set_live_referrals(1);
      return load;
    };
    const MatchResult result = MatchAll(*catalogue, Someone(*catalogue, "WK990101"), one);
    EXPECT_EQ(result.matches[0].refusal(), c.refusal) << c.nl;
    EXPECT_THAT(result.matches[0].reason().nl(), ::testing::EndsWith(c.nl));
    EXPECT_EQ(result.degree, c.degree) << c.nl;
  }
}

TEST(Matching, AMunicipalityMayLookFurtherAhead) {
  v1::Catalog catalog = testing::TestCatalog();
  catalog.mutable_municipality()->set_look_ahead_days(100);
  *testing::AddOffer(catalog, "x", {"iedereen"})->add_schedule()->mutable_first_day() =
      DateOfDay(kDay + 100);
  const auto catalogue = testing::MustBuild(catalog);
  ASSERT_NE(catalogue, nullptr);
  MatchQuery query = Someone(*catalogue, "WK990101");
  EXPECT_TRUE(MatchAll(*catalogue, query, NoLoad).matches[0].fits());
  query.day = kDay - 1;
  EXPECT_FALSE(MatchAll(*catalogue, query, NoLoad).matches[0].fits());
}

TEST(Matching, WhatNobodyConfirmsSinksThenStops) {
  v1::Catalog catalog = testing::TestCatalog();
  catalog.mutable_municipality()->set_stale_after_days(100);
  catalog.mutable_municipality()->set_stop_matching_after_days(200);
  for (const auto& [id, days_ago] :
       {std::pair("a", 150), std::pair("b", 100), std::pair("c", 201)}) {
    *testing::AddOffer(catalog, id, {"iedereen"})->mutable_reviewed_on() =
        DateOfDay(kDay - days_ago);
  }
  testing::AddOffer(catalog, "d", {"iedereen"});
  testing::AddOffer(catalog, "e", {"iedereen"})->set_status(v1::OFFER_STATUS_UNCONFIRMED);
  const auto catalogue = testing::MustBuild(catalog);
  ASSERT_NE(catalogue, nullptr);
  std::vector<std::string> found;
  for (const auto& match : MatchAll(*catalogue, Someone(*catalogue, "WK990101"), NoLoad).matches) {
    found.push_back(std::string(LastSegment(match.offer())) + ": " + match.reason().nl());
  }
  const std::string kFits =
      "Past: in de hele gemeente, voor iedereen, bij de vraag naar gezelschap";
  EXPECT_THAT(found, ElementsAre("b: " + kFits + ".",
                                 "a: " + kFits + "; niet meer bevestigd sinds 25-6-2026.",
                                 "d: " + kFits + "; nooit bevestigd.",
                                 "e: " + kFits + "; nog niet bevestigd: eerst navragen.",
                                 "c: Past niet: te lang niet bevestigd: niet sinds 5-5-2026."));
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
