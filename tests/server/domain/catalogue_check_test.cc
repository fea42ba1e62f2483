#include "server/domain/catalogue_check.h"

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/server/domain/test_catalogue.h"

namespace omzien::domain {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

std::vector<std::string> Paths(const v1::Catalog& catalog, bool errors) {
  std::vector<std::string> paths;
  for (const auto& issue : CheckCatalogue(catalog)) {
    EXPECT_FALSE(issue.message.empty());
    if (issue.error == errors) paths.push_back(issue.path);
  }
  return paths;
}

// Offers in both villages, so that nothing is left to warn about.
v1::Catalog Flawless() {
  v1::Catalog catalog = testing::TestCatalog();
  testing::AddOffer(catalog, "heide", {"iedereen"}, {"BU99010202"});
  testing::AddOffer(catalog, "polder", {"ouderen"}, {"WK990103"});
  return catalog;
}

v1::Mandate* AddMandate(v1::Catalog& catalog) {
  v1::Mandate* const mandate = catalog.add_mandates();
  mandate->set_organisation("dorpsteam");
  mandate->add_districts("WK990102");
  *mandate->mutable_since() = DateOfDay(absl::CivilDay(2026, 1, 1));
  mandate->set_data_agreement("2026-01");
  return mandate;
}

v1::GroupCapacity* AddCapacity(v1::Catalog& catalog, const std::string& group) {
  v1::GroupCapacity* const capacity = catalog.mutable_offers(1)->add_group_capacities();
  capacity->set_target_group(group);
  capacity->set_capacity(3);
  return capacity;
}

TEST(CatalogueCheck, AFlawlessCatalogueHasNoIssues) {
  EXPECT_THAT(Paths(Flawless(), true), IsEmpty());
  EXPECT_THAT(Paths(Flawless(), false), IsEmpty());
}

struct Flaw {
  std::string name;
  std::function<void(v1::Catalog&)> make;
  std::string path;
};

TEST(CatalogueCheck, ReportsEachErrorAtItsPath) {
  const Flaw kFlaws[] = {
      {"a second district of one code",
       [](auto& c) { testing::AddDistrict(c, "WK990101", "Kern"); }, "districts[8].code"},
      {"a second offer of one id", [](auto& c) { testing::AddOffer(c, "heide", {"iedereen"}); },
       "offers[2].id"},
      {"a second team of one id", [](auto& c) { testing::AddTeam(c, "toegang", {}); },
       "teams[1].id"},
      {"no display name", [](auto& c) { c.mutable_offers(0)->clear_display_name(); },
       "offers[0].display_name"},
      {"an id that isn't one", [](auto& c) { c.mutable_offers(0)->set_id("Heide!"); },
       "offers[0].id"},
      {"a district of another municipality",
       [](auto& c) { testing::AddDistrict(c, "WK990201", "Elders"); }, "districts[8].code"},
      {"a wijk with a buurt's code",
       [](auto& c) { testing::AddDistrict(c, "BU99010401", "Scheef"); }, "districts[8].code"},
      {"a wijk with a parent", [](auto& c) { c.mutable_districts(0)->set_parent("WK990102"); },
       "districts[0].parent"},
      {"a buurt without a wijk", [](auto& c) { c.mutable_districts(1)->clear_parent(); },
       "districts[1].parent"},
      {"a buurt in a buurt", [](auto& c) { c.mutable_districts(1)->set_parent("BU99010102"); },
       "districts[1].parent"},
      {"a buurt in a wijk that isn't there",
       [](auto& c) { c.mutable_districts(1)->set_parent("WK990109"); }, "districts[1].parent"},
      {"a buurt in another wijk than its code says",
       [](auto& c) { c.mutable_districts(1)->set_parent("WK990102"); }, "districts[1].parent"},
      {"a buurt as a village", [](auto& c) { c.mutable_districts(1)->set_village(true); },
       "districts[1].village"},
      {"a postcode with letters", [](auto& c) { c.mutable_postcodes(1)->set_code("1001 AB"); },
       "postcodes[1].code"},
      {"a postcode in small letters",
       [](auto& c) { testing::AddPostcode(c, "1001ab", {{"WK990101", v1::CERTAINTY_LIKELY}}); },
       "postcodes[4].code"},
      {"six characters twice",
       [](auto& c) {
         testing::AddPostcode(c, "1001AB", {{"WK990101", v1::CERTAINTY_LIKELY}});
         testing::AddPostcode(c, "1001AB", {{"WK990102", v1::CERTAINTY_LIKELY}});
       },
       "postcodes[5].code"},
      {"six characters of four digits that aren't there, told once",
       [](auto& c) {
         testing::AddPostcode(c, "1009AB", {{"WK990101", v1::CERTAINTY_LIKELY}});
         testing::AddPostcode(c, "1009AC", {{"WK990101", v1::CERTAINTY_LIKELY}});
       },
       "postcodes[4].code"},
      {"a postcode nowhere", [](auto& c) { c.mutable_postcodes(1)->clear_districts(); },
       "postcodes[1].districts"},
      {"a box somewhere", [](auto& c) { c.mutable_postcodes(1)->set_post_office_box(true); },
       "postcodes[1].districts"},
      {"a postcode that states",
       [](auto& c) {
         c.mutable_postcodes(1)->mutable_districts(0)->set_certainty(v1::CERTAINTY_STATED);
       },
       "postcodes[1].districts[0].certainty"},
      {"a postcode in a district that isn't there",
       [](auto& c) { c.mutable_postcodes(1)->mutable_districts(0)->set_district("WK990109"); },
       "postcodes[1].districts[0].district"},
      {"a change of what is in force",
       [](auto& c) { testing::AddAreaChange(c, "WK990101", 2021, {"WK990102"}, 2022); },
       "area_changes[0].old_code"},
      {"two changes of one code",
       [](auto& c) {
         testing::AddAreaChange(c, "WK990122", 2021, {"WK990102"}, 2022);
         testing::AddAreaChange(c, "WK990122", 2021, {"WK990101"}, 2022);
       },
       "area_changes[1].old_code"},
      {"a change into what isn't there",
       [](auto& c) { testing::AddAreaChange(c, "WK990122", 2021, {"WK990199"}, 2022); },
       "area_changes[0].new_codes[0]"},
      {"a change into itself",
       [](auto& c) { testing::AddAreaChange(c, "WK990122", 2021, {"WK990122"}, 2022); },
       "area_changes[0].old_code"},
      {"a change within a year",
       [](auto& c) { testing::AddAreaChange(c, "WK990122", 2022, {"WK990102"}, 2022); },
       "area_changes[0].new_year"},
      {"a change of what had changed before",
       [](auto& c) {
         testing::AddAreaChange(c, "WK990132", 2022, {"WK990122"}, 2023);
         testing::AddAreaChange(c, "WK990122", 2021, {"WK990102"}, 2022);
       },
       "area_changes[0].new_codes[0]"},
      {"a change of a municipality",
       [](auto& c) { testing::AddAreaChange(c, "GM9900", 2021, {"WK990102"}, 2022); },
       "area_changes[0].old_code"},
      {"an offer in an older district that nothing tells of",
       [](auto& c) {
         testing::AddAreaChange(c, "WK990122", 2021, {"WK990102"}, 2022);
         c.mutable_offers(0)->add_districts("WK990123");
       },
       "offers[0].districts[1]"},
      {"nobody's group for everyone",
       [](auto& c) { c.mutable_target_groups(0)->set_everyone(false); }, "target_groups"},
      {"two groups for everyone", [](auto& c) { c.mutable_target_groups(1)->set_everyone(true); },
       "target_groups"},
      {"no entrance team", [](auto& c) { c.mutable_municipality()->set_entrance_team("weg"); },
       "municipality.entrance_team"},
      {"a time zone that isn't there",
       [](auto& c) { c.mutable_municipality()->set_time_zone("Europe/Nergens"); },
       "municipality.time_zone"},
      {"a preference of a group that isn't there",
       [](auto& c) {
         c.mutable_municipality()->mutable_rank_preferences(0)->set_target_group("weg");
       },
       "municipality.rank_preferences[0].target_group"},
      {"a team of nobody", [](auto& c) { c.mutable_teams(0)->set_organisation("weg"); },
       "teams[0].organisation"},
      {"a team nowhere", [](auto& c) { c.mutable_teams(0)->set_all_districts(false); },
       "teams[0].districts"},
      {"a mandate of nobody", [](auto& c) { AddMandate(c)->set_organisation("weg"); },
       "mandates[0].organisation"},
      {"a mandate since no day", [](auto& c) { AddMandate(c)->mutable_since()->set_month(13); },
       "mandates[0].since"},
      {"an offer of nobody", [](auto& c) { c.mutable_offers(0)->set_organisation("weg"); },
       "offers[0].organisation"},
      {"an offer of who doesn't receive",
       [](auto& c) { c.mutable_offers(0)->set_organisation("winkel"); }, "offers[0].organisation"},
      {"an offer everywhere and somewhere",
       [](auto& c) { c.mutable_offers(0)->set_all_districts(true); }, "offers[0].districts"},
      {"an offer nowhere", [](auto& c) { c.mutable_offers(0)->clear_districts(); },
       "offers[0].districts"},
      {"offers that stop before they are stale",
       [](auto& c) {
         c.mutable_municipality()->set_stale_after_days(200);
         c.mutable_municipality()->set_stop_matching_after_days(199);
       },
       "municipality.stop_matching_after_days"},
      {"offers that stop and are never stale",
       [](auto& c) { c.mutable_municipality()->set_stop_matching_after_days(199); },
       "municipality.stop_matching_after_days"},
      {"places for a group that the offer isn't for", [](auto& c) { AddCapacity(c, "studenten"); },
       "offers[1].group_capacities[0].target_group"},
      {"places for everyone",
       [](auto& c) {
         c.mutable_offers(1)->add_target_groups("iedereen");
         AddCapacity(c, "iedereen");
       },
       "offers[1].group_capacities[0].target_group"},
      {"places for a group twice",
       [](auto& c) {
         AddCapacity(c, "ouderen");
         AddCapacity(c, "ouderen");
       },
       "offers[1].group_capacities[1].target_group"},
      {"no places", [](auto& c) { AddCapacity(c, "ouderen")->clear_capacity(); },
       "offers[1].group_capacities[0].capacity"},
      {"places assured on no day",
       [](auto& c) { AddCapacity(c, "ouderen")->mutable_assured_on()->set_month(13); },
       "offers[1].group_capacities[0].assured_on"},
      {"a recurrence from no day", [](auto& c) { c.mutable_offers(0)->add_schedule(); },
       "offers[0].schedule[0].first_day"},
      {"a recurrence of long ago",
       [](auto& c) {
         *c.mutable_offers(0)->add_schedule()->mutable_first_day() =
             DateOfDay(absl::CivilDay(1999, 12, 31));
       },
       "offers[0].schedule[0].first_day"},
      {"a recurrence by the second",
       [](auto& c) {
         *c.mutable_offers(0)->add_schedule()->mutable_first_day() =
             DateOfDay(absl::CivilDay(2026, 1, 6));
         c.mutable_offers(0)->mutable_schedule(0)->set_rule("FREQ=SECONDLY");
       },
       "offers[0].schedule[0].rule"},
      {"a recurrence but for a day that isn't",
       [](auto& c) {
         *c.mutable_offers(0)->add_schedule()->mutable_first_day() =
             DateOfDay(absl::CivilDay(2026, 1, 6));
         c.mutable_offers(0)->mutable_schedule(0)->add_except()->set_year(2026);
       },
       "offers[0].schedule[0].except[0]"},
      {"an absence that ends before it begins",
       [](auto& c) {
         v1::Absence* const absence = c.mutable_offers(0)->add_absences();
         *absence->mutable_from() = DateOfDay(absl::CivilDay(2026, 1, 6));
         *absence->mutable_until() = DateOfDay(absl::CivilDay(2026, 1, 5));
       },
       "offers[0].absences[0].until"},
      {"more recurrences than anyone looks at",
       [](auto& c) {
         for (int i = 0; i < 201; ++i) {
           v1::Offer* const offer = testing::AddOffer(c, "r" + std::to_string(i), {"iedereen"},
                                                      {c.districts(i % 8).code()});
           for (int j = 0; j < 10; ++j) {
             *offer->add_schedule()->mutable_first_day() = DateOfDay(absl::CivilDay(2026, 1, 6));
           }
         }
       },
       "offers"},
      {"a second funding of one id",
       [](auto& c) { *c.mutable_municipality()->add_fundings() = c.municipality().fundings(0); },
       "municipality.fundings[1].id"},
      {"an offer paid by a funding that isn't there",
       [](auto& c) { c.mutable_offers(0)->add_funding("weg"); }, "offers[0].funding[0]"},
      {"a funding of what is free",
       [](auto& c) {
         c.mutable_offers(0)->set_cost(v1::COST_FREE);
         c.mutable_offers(0)->add_funding("regeling");
       },
       "offers[0].funding"},
      {"ages that end before they begin",
       [](auto& c) {
         c.mutable_offers(0)->set_age_years_min(65);
         c.mutable_offers(0)->set_age_years_max(64);
       },
       "offers[0].age_years_max"},
      {"an age that nobody gets", [](auto& c) { c.mutable_offers(0)->set_age_years_min(151); },
       "offers[0].age_years_min"},
      {"an exclusion of a group that isn't there",
       [](auto& c) { c.mutable_offers(0)->mutable_exclusions()->add_target_groups("weg"); },
       "offers[0].exclusions.target_groups[0]"},
      {"an exclusion of everyone",
       [](auto& c) { c.mutable_offers(1)->mutable_exclusions()->add_target_groups("iedereen"); },
       "offers[1].exclusions.target_groups[0]"},
      {"an exclusion of whom it is for",
       [](auto& c) { c.mutable_offers(1)->mutable_exclusions()->add_target_groups("ouderen"); },
       "offers[1].exclusions.target_groups[0]"},
      {"an exclusion of a life event that isn't there",
       [](auto& c) { c.mutable_offers(0)->mutable_exclusions()->add_life_events("weg"); },
       "offers[0].exclusions.life_events[0]"},
      {"an offer for a group that isn't there",
       [](auto& c) { c.mutable_offers(0)->add_target_groups("weg"); },
       "offers[0].target_groups[1]"},
      {"an offer for a life event that isn't there",
       [](auto& c) { c.mutable_offers(0)->add_life_events("weg"); }, "offers[0].life_events[0]"},
      {"an offer for whoever doesn't know",
       [](auto& c) { c.mutable_offers(0)->add_needs(v1::NEED_UNKNOWN); }, "offers[0].needs[1]"},
      {"an offer from 31 February",
       [](auto& c) {
         auto* date = c.mutable_offers(0)->mutable_active_from();
         *date = DateOfDay(absl::CivilDay(2026, 2, 1));
         date->set_day(31);
       },
       "offers[0].active_from"},
      {"an offer that ends before it begins",
       [](auto& c) {
         *c.mutable_offers(0)->mutable_active_from() = DateOfDay(absl::CivilDay(2026, 2, 2));
         *c.mutable_offers(0)->mutable_active_until() = DateOfDay(absl::CivilDay(2026, 2, 1));
       },
       "offers[0].active_until"},
  };
  for (const Flaw& flaw : kFlaws) {
    v1::Catalog catalog = Flawless();
    flaw.make(catalog);
    EXPECT_THAT(Paths(catalog, true), ElementsAre(flaw.path)) << flaw.name;
  }
}

TEST(CatalogueCheck, ReportsAllErrorsAtOnce) {
  v1::Catalog catalog = Flawless();
  catalog.mutable_municipality()->set_entrance_team("weg");
  catalog.mutable_offers(0)->add_target_groups("weg");
  catalog.mutable_offers(1)->set_organisation("weg");
  EXPECT_THAT(Paths(catalog, true),
              UnorderedElementsAre("municipality.entrance_team", "offers[0].target_groups[1]",
                                   "offers[1].organisation"));
}

TEST(CatalogueCheck, WarnsOfWhatIsAllowedButWorthALook) {
  const Flaw kFlaws[] = {
      {"an offer nobody can be referred to",
       [](auto& c) { c.mutable_offers(0)->set_mode(v1::REFERRAL_MODE_SELF_JOIN); },
       "offers[0].mode"},
      {"a village with offers of the whole municipality only",
       [](auto& c) {
         c.mutable_offers(1)->clear_districts();
         c.mutable_offers(1)->set_all_districts(true);
       },
       "districts[6]"},
      {"a village whose own offer has ended",
       [](auto& c) { c.mutable_offers(1)->set_status(v1::OFFER_STATUS_ENDED); }, "districts[6]"},
      {"a wijk that no team serves wholly",
       [](auto& c) {
         c.mutable_teams(0)->set_all_districts(false);
         for (const char* code : {"WK990101", "WK990102", "BU99010301"}) {
           c.mutable_teams(0)->add_districts(code);
         }
       },
       "districts[6]"},
      {"no common language", [](auto& c) { c.mutable_municipality()->clear_common_languages(); },
       "municipality.common_languages"},
  };
  for (const Flaw& flaw : kFlaws) {
    v1::Catalog catalog = Flawless();
    flaw.make(catalog);
    EXPECT_THAT(Paths(catalog, true), IsEmpty()) << flaw.name;
    EXPECT_THAT(Paths(catalog, false), ElementsAre(flaw.path)) << flaw.name;
  }
}

TEST(CatalogueCheck, AreaChangesThatGoRoundAreToldAtEachOfThem) {
  v1::Catalog catalog = Flawless();
  testing::AddAreaChange(catalog, "WK990122", 2020, {"WK990123", "WK990101"}, 2021);
  testing::AddAreaChange(catalog, "WK990123", 2021, {"WK990122"}, 2022);
  EXPECT_THAT(Paths(catalog, true),
              ElementsAre("area_changes[0].old_code", "area_changes[1].old_code"));
}

TEST(CatalogueCheck, AnAreaChangeLeadsToAtMost20Districts) {
  v1::Catalog catalog = Flawless();
  std::vector<std::string> first, second;
  for (int i = 10; i < 31; ++i) {
    const std::string code = absl::StrCat("BU990101", i);
    testing::AddDistrict(catalog, code, code, "WK990101");
    (i < 20 ? first : second).push_back(code);
  }
  testing::AddAreaChange(catalog, "WK990122", 2020, first, 2021);
  testing::AddAreaChange(catalog, "WK990123", 2020, second, 2021);
  EXPECT_THAT(Paths(catalog, true), IsEmpty());
  testing::AddAreaChange(catalog, "WK990124", 2018, {"WK990122", "WK990123"}, 2019);
  EXPECT_THAT(Paths(catalog, true), ElementsAre("area_changes[2].new_codes"));
}

// Each is read as what it became, also where the check counts.
TEST(CatalogueCheck, OlderCodesThatAreKnownAreWarnings) {
  v1::Catalog catalog = Flawless();
  testing::AddAreaChange(catalog, "WK990122", 2021, {"WK990102"}, 2022);
  catalog.mutable_teams(0)->set_all_districts(false);
  for (const char* code : {"WK990101", "WK990122", "WK990103"}) {
    catalog.mutable_teams(0)->add_districts(code);
  }
  catalog.mutable_offers(0)->set_districts(0, "WK990122");
  AddMandate(catalog)->set_districts(0, "WK990122");
  testing::AddPostcode(catalog, "1004", {{"WK990122", v1::CERTAINTY_LIKELY}});
  testing::AddPostcode(catalog, "1005", {{"WK990122", v1::CERTAINTY_LIKELY}});
  EXPECT_THAT(Paths(catalog, true), IsEmpty());
  EXPECT_THAT(Paths(catalog, false),
              ElementsAre("postcodes[4].districts[0].district", "teams[0].districts[1]",
                          "mandates[0].districts[0]", "offers[0].districts[0]"));
  for (int i = 0; i < 257; ++i) {
    testing::AddOffer(catalog, absl::StrCat("o", i), {"studenten"}, {"WK990122"});
  }
  EXPECT_THAT(Paths(catalog, true), ElementsAre("offers"));
}

TEST(CatalogueCheck, EndedOffersOfWhoNoLongerReceivesAreFine) {
  v1::Catalog catalog = Flawless();
  v1::Offer* const offer = testing::AddOffer(catalog, "winteractie", {"iedereen"});
  offer->set_status(v1::OFFER_STATUS_ENDED);
  offer->set_organisation("winkel");
  EXPECT_THAT(CheckCatalogue(catalog), IsEmpty());
}

TEST(CatalogueCheck, ACellHoldsAtMost256Offers) {
  v1::Catalog catalog = Flawless();
  for (int i = 0; i < 200; ++i) testing::AddOffer(catalog, absl::StrCat("o", i), {"studenten"});
  for (int i = 200; i < 256; ++i) {
    testing::AddOffer(catalog, absl::StrCat("o", i), {"studenten"}, {"BU99010101"});
  }
  EXPECT_THAT(Paths(catalog, true), IsEmpty());
  testing::AddOffer(catalog, "o256", {"studenten"}, {"WK990101"});
  EXPECT_THAT(Paths(catalog, true), ElementsAre("offers"));
  std::vector<std::string> messages;
  for (const auto& issue : CheckCatalogue(catalog)) messages.push_back(issue.message);
  EXPECT_THAT(messages, Contains("cell (WK990101, studenten) has 257 offers, most 256"));
}

}  // namespace
}  // namespace omzien::domain
