// What remains unserved, by degree, and what is proposed in the end.

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/domain/matching.h"
#include "server/domain/text.h"
#include "tests/server/domain/matching_people.h"
#include "tests/server/domain/test_catalogue.h"

namespace omzien::domain {
namespace {

using testing::kDay;
using testing::NoLoad;
using testing::Someone;

struct DegreeCase {
  std::string name;
  std::function<void(v1::Catalog&)> offers;
  Ids groups;
  std::string language;
  std::string district;
  v1::UnmetDegree degree;
};

TEST(Matching, UnmetDemandHasDegrees) {
  using testing::AddOffer;
  const auto general = [](auto& c) { AddOffer(c, "g", {"iedereen"}); };
  const auto full = [](auto& c, const char* id) { AddOffer(c, id, {"iedereen"})->set_capacity(1); };
  const auto outside = [](auto& c) { AddOffer(c, "o", {"iedereen"}, {"WK990102"}); };
  const auto ended = [](auto& c) {
    AddOffer(c, "e", {"iedereen"})->set_status(v1::OFFER_STATUS_ENDED);
  };
  const std::string kKern = "WK990101";
  const DegreeCase kCases[] = {
      {"no offer at all", [](auto&) {}, {}, "", kKern, v1::UNMET_DEGREE_NOTHING_FITS},
      {"a general offer for someone of no group", general, {}, "", kKern, v1::UNMET_DEGREE_NONE},
      {"a general offer for someone of a group",
       general,
       {"ouderen"},
       "",
       kKern,
       v1::UNMET_DEGREE_ONLY_GENERAL},
      {"a general offer, and another language",
       general,
       {"nieuwkomers"},
       "ti",
       kKern,
       v1::UNMET_DEGREE_ONLY_GENERAL},
      {"an offer for the group",
       [](auto& c) { AddOffer(c, "s", {"ouderen"}); },
       {"ouderen"},
       "",
       kKern,
       v1::UNMET_DEGREE_NONE},
      {"an offer for the group that states no language",
       [](auto& c) { AddOffer(c, "s", {"nieuwkomers"}); },
       {"nieuwkomers"},
       "ti",
       kKern,
       v1::UNMET_DEGREE_LANGUAGE_UNKNOWN},
      {"an offer for the group that states the language",
       [](auto& c) { AddOffer(c, "s", {"nieuwkomers"})->add_languages("ti"); },
       {"nieuwkomers"},
       "ti",
       kKern,
       v1::UNMET_DEGREE_NONE},
      {"a common language needs no stating",
       [](auto& c) { AddOffer(c, "s", {"ouderen"}); },
       {"ouderen"},
       "en-GB",
       kKern,
       v1::UNMET_DEGREE_NONE},
      {"full before all",
       [&](auto& c) { full(c, "f"), outside(c), ended(c); },
       {},
       "",
       kKern,
       v1::UNMET_DEGREE_NO_CAPACITY},
      {"outside before ended",
       [&](auto& c) { outside(c), ended(c); },
       {},
       "",
       kKern,
       v1::UNMET_DEGREE_ONLY_OUTSIDE_DISTRICT},
      {"nobody knows where, so not outside either",
       [&](auto& c) { outside(c), ended(c); },
       {},
       "",
       "",
       v1::UNMET_DEGREE_ENDED},
      {"ended", ended, {}, "", kKern, v1::UNMET_DEGREE_ENDED},
      {"over",
       [](auto& c) {
         *AddOffer(c, "e", {"iedereen"})->mutable_active_until() = DateOfDay(kDay - 1);
       },
       {},
       "",
       kKern,
       v1::UNMET_DEGREE_ENDED},
      {"not yet begun",
       [](auto& c) {
         *AddOffer(c, "e", {"iedereen"})->mutable_active_from() = DateOfDay(kDay + 1);
       },
       {},
       "",
       kKern,
       v1::UNMET_DEGREE_NOTHING_FITS},
      {"ended, and for another need",
       [&](auto& c) {
         ended(c);
         c.mutable_offers(0)->set_needs(0, v1::NEED_BUDDY);
       },
       {},
       "",
       kKern,
       v1::UNMET_DEGREE_NOTHING_FITS},
      {"information meets no demand",
       [](auto& c) { AddOffer(c, "i", {"iedereen"})->set_mode(v1::REFERRAL_MODE_INFORMATION); },
       {},
       "",
       kKern,
       v1::UNMET_DEGREE_NOTHING_FITS},
      {"what people join by themselves does",
       [](auto& c) { AddOffer(c, "j", {"iedereen"})->set_mode(v1::REFERRAL_MODE_SELF_JOIN); },
       {},
       "",
       kKern,
       v1::UNMET_DEGREE_NONE},
  };
  const auto one = [](std::string_view id) {
    storage::v1::OfferLoad load;
    load.set_live_referrals(id == "f" ? 1 : 0);
    return load;
  };
  for (const DegreeCase& c : kCases) {
    v1::Catalog catalog = testing::TestCatalog();
    c.offers(catalog);
    const auto catalogue = testing::MustBuild(catalog);
    ASSERT_NE(catalogue, nullptr) << c.name;
    MatchQuery query = Someone(*catalogue, c.district);
    query.groups = c.groups;
    query.language = c.language;
    EXPECT_EQ(MatchCandidates(*catalogue, query, one).degree, c.degree) << c.name;
    EXPECT_EQ(MatchAll(*catalogue, query, one).degree, c.degree) << c.name;
  }
}

TEST(Proposals, AreTheBestThatCanBeReferredTo) {
  v1::Catalog catalog = testing::TestCatalog();
  for (const char* id : {"a", "b", "c", "d", "e", "f", "g"}) {
    testing::AddOffer(catalog, id, {"iedereen"});
  }
  catalog.mutable_offers(0)->set_mode(v1::REFERRAL_MODE_SELF_JOIN);
  catalog.mutable_offers(1)->set_mode(v1::REFERRAL_MODE_INFORMATION);
  catalog.mutable_offers(2)->set_mode(v1::REFERRAL_MODE_ASK_FIRST);
  const auto catalogue = testing::MustBuild(catalog);
  ASSERT_NE(catalogue, nullptr);
  const struct {
    v1::Need need;
    std::vector<std::string> ids;
    bool provisional;
  } kCases[] = {
      {v1::NEED_VISIT, {"c", "d", "e", "f", "g"}, false},
      {v1::NEED_UNKNOWN, {"c", "d", "e"}, true},
      {v1::NEED_UNSPECIFIED, {"c", "d", "e"}, true},
      {v1::NEED_BUDDY, {}, false},
  };
  for (const auto& c : kCases) {
    MatchQuery query = Someone(*catalogue, "WK990101");
    query.need = c.need;
    const auto proposals = Propose(*catalogue, query, NoLoad).proposals;
    ASSERT_EQ(proposals.size(), c.ids.size());
    for (size_t i = 0; i < proposals.size(); ++i) {
      EXPECT_EQ(proposals[i].offer(), Concat("municipalities/GM9901/offers/", c.ids[i]));
      EXPECT_EQ(proposals[i].organisation(), "municipalities/GM9901/organisations/ontvanger");
      EXPECT_EQ(proposals[i].offer_display_name(), Concat("Aanbod ", c.ids[i]));
      EXPECT_EQ(proposals[i].organisation_display_name(), "Organisatie ontvanger");
      EXPECT_EQ(proposals[i].rank(), i + 1);
      EXPECT_EQ(proposals[i].provisional(), c.provisional);
      EXPECT_FALSE(proposals[i].reason().nl().empty());
      EXPECT_FALSE(proposals[i].reason().en().empty());
    }
  }
}

}  // namespace
}  // namespace omzien::domain
