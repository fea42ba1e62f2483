#include "server/domain/area_changes.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/server/domain/test_catalogue.h"

namespace omzien::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

// Renumbered, divided, joined, and over three years. The codes in force are TestCatalog()'s.
v1::Catalog Renumbered() {
  v1::Catalog catalog = testing::TestCatalog();
  testing::AddAreaChange(catalog, "WK990122", 2021, {"WK990102"}, 2022);
  testing::AddAreaChange(catalog, "WK990123", 2021, {"WK990103", "WK990101"}, 2024);
  testing::AddAreaChange(catalog, "WK990132", 2019, {"WK990122", "WK990123", "WK990102"}, 2020);
  testing::AddAreaChange(catalog, "WK990142", 2017, {"WK990132"}, 2018);
  return catalog;
}

TEST(AreaChanges, ResolveOverTheYears) {
  const v1::Catalog catalog = Renumbered();
  const AreaChanges changes(catalog);
  const struct {
    std::string name, code;
    std::vector<std::string_view> in_force;
  } kCases[] = {
      {"what is in force is itself", "BU99010101", {"BU99010101"}},
      {"renumbered", "WK990122", {"WK990102"}},
      {"divided", "WK990123", {"WK990103", "WK990101"}},
      {"over two years, each once", "WK990132", {"WK990102", "WK990103", "WK990101"}},
      {"over three", "WK990142", {"WK990102", "WK990103", "WK990101"}},
      {"unknown", "WK990199", {}},
      {"none", "", {}},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(changes.Resolve(c.code), ElementsAreArray(c.in_force)) << c.name;
    EXPECT_FALSE(changes.LeadsBack(c.code)) << c.name;
  }
}

TEST(AreaChanges, EndOnATableThatGoesRound) {
  v1::Catalog catalog = testing::TestCatalog();
  testing::AddAreaChange(catalog, "WK990122", 2020, {"WK990123"}, 2021);
  testing::AddAreaChange(catalog, "WK990123", 2021, {"WK990101", "WK990122"}, 2022);
  testing::AddAreaChange(catalog, "WK990124", 2019, {"WK990122"}, 2020);
  const AreaChanges changes(catalog);
  EXPECT_TRUE(changes.LeadsBack("WK990122"));
  EXPECT_TRUE(changes.LeadsBack("WK990123"));
  EXPECT_FALSE(changes.LeadsBack("WK990124"));  // it comes upon a circle, and isn't in it
  EXPECT_THAT(changes.Resolve("WK990124"), ElementsAre("WK990101"));
}

TEST(AreaChanges, AreWrittenIntoTheListsThatNameOlderCodes) {
  v1::Catalog catalog = Renumbered();
  testing::AddTeam(catalog, "dorpen", {"WK990122", "WK990102", "WK990123"});
  testing::AddOffer(catalog, "koffie", {"iedereen"}, {"WK990123", "WK990188"});
  catalog.add_mandates()->add_districts("WK990122");
  testing::AddPostcode(catalog, "1004",
                       {{"WK990122", v1::CERTAINTY_LIKELY}, {"WK990123", v1::CERTAINTY_LIKELY}});
  testing::AddPostcode(catalog, "1005",
                       {{"WK990101", v1::CERTAINTY_LIKELY}, {"WK990123", v1::CERTAINTY_LIKELY}});
  WriteSuccessors(&catalog);
  EXPECT_THAT(catalog.teams(1).districts(), ElementsAre("WK990102", "WK990103", "WK990101"));
  EXPECT_THAT(catalog.offers(0).districts(), ElementsAre("WK990103", "WK990101", "WK990188"));
  EXPECT_THAT(catalog.mandates(0).districts(), ElementsAre("WK990102"));
  const auto candidates = [&catalog](int postcode) {
    std::vector<std::string> found;
    for (const auto& candidate : catalog.postcodes(postcode).districts()) {
      found.push_back(candidate.district() + v1::Certainty_Name(candidate.certainty()).substr(9));
    }
    return found;
  };
  EXPECT_THAT(candidates(4),
              ElementsAre("WK990102_LIKELY", "WK990103_POSSIBLE", "WK990101_POSSIBLE"));
  EXPECT_THAT(candidates(5), ElementsAre("WK990101_LIKELY", "WK990103_POSSIBLE"));
}

}  // namespace
}  // namespace omzien::domain
