#include "server/domain/catalogue.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/domain/errors.h"
#include "tests/server/domain/test_catalogue.h"

namespace omzien::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

template <typename Entries>
std::vector<std::string> Ids(const Entries& entries) {
  std::vector<std::string> ids;
  for (const auto* entry : entries) ids.push_back(entry->id());
  return ids;
}

std::vector<std::string> Codes(const std::vector<const v1::District*>& districts) {
  std::vector<std::string> codes;
  for (const auto* district : districts) codes.push_back(district->code());
  return codes;
}

TEST(Catalogue, FindsEntriesByIdAndSaysWhenThereIsNone) {
  v1::Catalog catalog = testing::TestCatalog();
  testing::AddOffer(catalog, "bezoek", {"iedereen"});
  const auto catalogue = testing::MustBuild(catalog);
  ASSERT_NE(catalogue, nullptr);
  EXPECT_EQ(catalogue->offer("bezoek")->display_name(), "Aanbod bezoek");
  EXPECT_EQ(catalogue->organisation("winkel")->id(), "winkel");
  EXPECT_EQ(catalogue->district("BU99010101")->display_name(), "Markt");
  EXPECT_EQ(catalogue->postcode("1001")->code(), "1001");
  EXPECT_EQ(catalogue->target_group("jeugd")->id(), "jeugd");
  EXPECT_EQ(catalogue->life_event("verlies")->id(), "verlies");
  EXPECT_EQ(catalogue->team("toegang")->id(), "toegang");
  EXPECT_EQ(catalogue->everyone_group(), "iedereen");
  EXPECT_EQ(catalogue->time_zone().name(), "Europe/Amsterdam");
  EXPECT_EQ(catalogue->generation(), 1);
  EXPECT_EQ(catalogue->offer("winkel"), nullptr);
  EXPECT_EQ(catalogue->district(""), nullptr);
}

TEST(Catalogue, KnowsTheDistrictTree) {
  const auto catalogue = testing::MustBuild(testing::TestCatalog());
  ASSERT_NE(catalogue, nullptr);
  const struct {
    std::string code, wijk, village;
  } kCases[] = {
      {"WK990101", "WK990101", ""},
      {"BU99010101", "WK990101", ""},
      {"WK990102", "WK990102", "WK990102"},
      {"BU99010202", "WK990102", "WK990102"},
      {"WK990199", "", ""},
      {"", "", ""},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(catalogue->WijkOf(c.code), c.wijk) << c.code;
    EXPECT_EQ(catalogue->VillageOf(c.code), c.village) << c.code;
  }
}

TEST(Catalogue, NamesOfDistrictsAreComparedAsPeopleTypeThem) {
  const auto catalogue = testing::MustBuild(testing::TestCatalog());
  ASSERT_NE(catalogue, nullptr);
  EXPECT_THAT(Codes(catalogue->DistrictsNamed(" pOLDERzicht\n")), ElementsAre("WK990103"));
  EXPECT_THAT(Codes(catalogue->DistrictsNamed("DORP  HEIDÉ")), ElementsAre("WK990102"));
  EXPECT_THAT(Codes(catalogue->DistrictsNamed("Heidedorp")), ElementsAre("BU99010201", "WK990102"));
  EXPECT_THAT(Codes(catalogue->DistrictsNamed("Heide")), IsEmpty());
  EXPECT_THAT(Codes(catalogue->DistrictsNamed("")), IsEmpty());
}

TEST(Catalogue, ACellHoldsWhatServesTheWijkOrPartOfItForTheGroup) {
  v1::Catalog catalog = testing::TestCatalog();
  testing::AddOffer(catalog, "overal", {"iedereen", "ouderen"});
  testing::AddOffer(catalog, "dorp", {"ouderen"}, {"WK990102"});
  testing::AddOffer(catalog, "buurt", {"ouderen"}, {"BU99010202", "BU99010201", "WK990103"});
  testing::AddOffer(catalog, "afgelopen", {"ouderen"}, {"WK990102"})
      ->set_status(v1::OFFER_STATUS_ENDED);
  const auto catalogue = testing::MustBuild(catalog);
  ASSERT_NE(catalogue, nullptr);
  EXPECT_THAT(Ids(catalogue->Candidates("WK990102", "ouderen")),
              ElementsAre("afgelopen", "buurt", "dorp", "overal"));
  EXPECT_THAT(Ids(catalogue->Candidates("WK990103", "ouderen")), ElementsAre("buurt", "overal"));
  EXPECT_THAT(Ids(catalogue->Candidates("WK990101", "iedereen")), ElementsAre("overal"));
  EXPECT_THAT(Ids(catalogue->Candidates("", "ouderen")), ElementsAre("overal"));
  EXPECT_THAT(Ids(catalogue->Candidates("WK990102", "studenten")), IsEmpty());
  EXPECT_THAT(Ids(catalogue->OffersForGroup("ouderen")),
              ElementsAre("afgelopen", "buurt", "dorp", "overal"));
}

TEST(Catalogue, WithAnotherOfferSharesTheRestAndLeavesTheOneBefore) {
  v1::Catalog catalog = testing::TestCatalog();
  for (int i = 0; i < 200; ++i) {
    testing::AddOffer(catalog, "o" + std::to_string(999 - i), {"ouderen"}, {"WK990102"});
  }
  const auto before = testing::MustBuild(catalog);
  ASSERT_NE(before, nullptr);
  const auto position = before->PositionOf("o949");
  ASSERT_EQ(position, 50u);
  v1::Offer changed = *before->offer("o949");
  changed.set_capacity(7);
  const auto after = before->WithOffer(*position, changed);
  EXPECT_EQ(before->offer("o949")->capacity(), 10u);
  EXPECT_EQ(after->offer("o949")->capacity(), 7u);
  EXPECT_EQ(after->offer_at(50).version, 1u);
  EXPECT_EQ(after->offer("o950"), before->offer("o950"));
  EXPECT_EQ(after->Candidates("WK990102", "ouderen")[150], after->offer("o950"));
  EXPECT_EQ(after->Candidates("WK990102", "ouderen")[149], after->offer("o949"));
  EXPECT_EQ(after->Whole().offers(50).capacity(), 7u);
}

TEST(Catalogue, IsRefusedWithEveryErrorAtOnce) {
  v1::Catalog catalog = testing::TestCatalog();
  catalog.mutable_municipality()->set_time_zone("Europe/Nergens");
  testing::AddOffer(catalog, "bezoek", {"niemand"}, {"WK990177"});
  const auto built = Catalogue::Build(catalog, 1);
  ASSERT_FALSE(built.ok());
  EXPECT_EQ(built.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReasonOf(built.status()), "INVALID_CATALOG");
  std::vector<std::string> fields;
  for (const auto& violation : ViolationsOf(built.status())) fields.push_back(violation.field);
  EXPECT_THAT(fields, ElementsAre("municipality.time_zone", "offers[0].districts[0]",
                                  "offers[0].target_groups[0]"));
}

}  // namespace
}  // namespace omzien::domain
