// What matching makes of what changes with time, and of what isn't known: days, absences, places,
// records that nobody confirmed, questions.

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/domain/days.h"
#include "server/domain/matching.h"
#include "server/domain/names.h"
#include "tests/server/domain/matching_people.h"
#include "tests/server/domain/test_catalogue.h"

namespace omzien::domain {
namespace {

using ::testing::ElementsAre;

using testing::kDay;
using testing::NoLoad;
using testing::Someone;

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

// The offer is for older people and students, who have places of their own; three of five are
// taken, two of them by older people, one by a student.
TEST(Matching, AGroupHasPlacesOfItsOwn) {
  const struct {
    std::string name;
    uint32_t capacity, older, students;  // 0: not stated
    int assured_days_ago;
    Ids groups;
    v1::Refusal refusal;
    std::string nl;
  } kCases[] = {
      {"of the group, full",
       5,
       2,
       2,
       0,
       {"ouderen"},
       v1::REFUSAL_NO_CAPACITY,
       "Past niet: vol voor 65-plussers, 2 doorverwijzingen op 2 plekken."},
      {"of the group, room", 5, 3, 1, 0, {"ouderen"}, v1::REFUSAL_NONE, "gezelschap."},
      {"of both, room in one",
       5,
       2,
       2,
       0,
       {"ouderen", "studenten"},
       v1::REFUSAL_NONE,
       "gezelschap."},
      {"of both, full for both",
       5,
       2,
       1,
       0,
       {"ouderen", "studenten"},
       v1::REFUSAL_NO_CAPACITY,
       "Past niet: vol voor 65-plussers, 2 doorverwijzingen op 2 plekken."},
      {"the whole is full",
       3,
       5,
       5,
       0,
       {"ouderen"},
       v1::REFUSAL_NO_CAPACITY,
       "Past niet: vol, 3 doorverwijzingen op 3 plekken."},
      {"the whole isn't stated", 0, 3, 0, 0, {"ouderen"}, v1::REFUSAL_NONE, "gezelschap."},
      {"of another group",
       0,
       0,
       1,
       0,
       {"ouderen"},
       v1::REFUSAL_NONE,
       "; eerst navragen of er plek is."},
      {"assured too long ago",
       5,
       2,
       2,
       101,
       {"ouderen"},
       v1::REFUSAL_NONE,
       "; eerst navragen of er plek is."},
      {"assured just not too long ago",
       5,
       2,
       2,
       100,
       {"ouderen"},
       v1::REFUSAL_NO_CAPACITY,
       "Past niet: vol voor 65-plussers, 2 doorverwijzingen op 2 plekken."},
      {"never assured",
       5,
       2,
       2,
       -1,
       {"ouderen"},
       v1::REFUSAL_NONE,
       "; eerst navragen of er plek is."},
  };
  const auto load_of = [](std::string_view) {
    storage::v1::OfferLoad load;
    load.set_live_referrals(3);
    for (const auto& [group, live] : {std::pair("ouderen", 2), std::pair("studenten", 1)}) {
      storage::v1::GroupLoad* const of_group = load.add_groups();
      of_group->set_target_group(group);
      of_group->set_live_referrals(live);
    }
    return load;
  };
  for (const auto& c : kCases) {
    v1::Catalog catalog = testing::TestCatalog();
    catalog.mutable_municipality()->set_stale_after_days(100);
    v1::Offer* const offer = testing::AddOffer(catalog, "x", {"ouderen", "studenten"});
    *offer->mutable_reviewed_on() = DateOfDay(kDay);
    offer->set_capacity(c.capacity);
    for (const auto& [group, capacity] :
         {std::pair("ouderen", c.older), std::pair("studenten", c.students)}) {
      if (capacity == 0) continue;
      v1::GroupCapacity* const own = offer->add_group_capacities();
      own->set_target_group(group);
      own->set_capacity(capacity);
      if (c.assured_days_ago >= 0) {
        *own->mutable_assured_on() = DateOfDay(kDay - c.assured_days_ago);
      }
    }
    const auto catalogue = testing::MustBuild(catalog);
    ASSERT_NE(catalogue, nullptr) << c.name;
    MatchQuery query = Someone(*catalogue, "WK990101");
    query.groups = c.groups;
    const v1::OfferMatch match = MatchOne(*catalogue, query, *catalogue->offer("x"), load_of);
    EXPECT_EQ(match.refusal(), c.refusal) << c.name;
    EXPECT_THAT(match.reason().nl(), ::testing::EndsWith(c.nl)) << c.name;
  }
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

}  // namespace
}  // namespace omzien::domain
