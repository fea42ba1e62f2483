// Which rule refuses which offer to whom: matching.h states them.

#include "server/domain/matching_rules.h"

#include <functional>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/domain/days.h"
#include "server/domain/matching.h"
#include "tests/server/domain/matching_people.h"
#include "tests/server/domain/test_catalogue.h"

namespace omzien::domain {
namespace {

using ::testing::HasSubstr;

using testing::kDay;
using testing::Someone;

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

}  // namespace
}  // namespace omzien::domain
