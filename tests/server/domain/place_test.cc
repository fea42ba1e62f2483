#include "server/domain/place.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/domain/errors.h"
#include "server/domain/names.h"
#include "server/domain/text.h"
#include "tests/server/domain/test_catalogue.h"

namespace omzien::domain {
namespace {

using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::Not;

struct Said {
  std::string district, words, postcode;
  bool unknown = false;
};

v1::Place PlaceOf(const Said& said) {
  v1::Place place;
  place.set_district(said.district);
  place.set_words(said.words);
  place.set_postcode(said.postcode);
  place.set_unknown(said.unknown);
  return place;
}

// "WK990101 LIKELY"; a village has a "*".
std::vector<std::string> Candidates(const ResolvedPlace& resolved) {
  std::vector<std::string> candidates;
  for (const auto& candidate : resolved.candidates) {
    EXPECT_FALSE(candidate.display_name().empty());
    candidates.push_back(Concat(LastSegment(candidate.district()), candidate.village() ? "* " : " ",
                                v1::Certainty_Name(candidate.certainty()).substr(10)));
  }
  return candidates;
}

const std::string kDistricts = "municipalities/GM9901/districts/";

TEST(Place, WhatIsStatedBeatsWhatIsDerived) {
  const auto catalogue = testing::MustBuild(testing::TestCatalog());
  ASSERT_NE(catalogue, nullptr);
  const struct {
    std::string name;
    Said said;
    std::vector<std::string> candidates;
    std::string certain_wijk;
  } kCases[] = {
      {"a wijk", {kDistricts + "WK990101", "", ""}, {"WK990101 STATED"}, "WK990101"},
      {"a buurt stays a buurt",
       {kDistricts + "BU99010202", "", ""},
       {"BU99010202* STATED"},
       "WK990102"},
      {"a district beats words and postcode",
       {kDistricts + "WK990101", "Heidedorp", "1003"},
       {"WK990101 STATED"},
       "WK990101"},
      {"words that name a district beat a postcode",
       {"", " polderZICHT", "1001"},
       {"WK990103* STATED"},
       "WK990103"},
      {"another name of a district", {"", "dorp heidé", ""}, {"WK990102* STATED"}, "WK990102"},
      {"a wijk and its buurt of one name are the wijk",
       {"", "Heidedorp", ""},
       {"WK990102* STATED"},
       "WK990102"},
      {"two buurten of one name",
       {"", "Molenbuurt", ""},
       {"BU99010102 POSSIBLE", "BU99010301* POSSIBLE"},
       ""},
      {"words that name nothing leave the postcode",
       {"", "bij de kerk", "1001"},
       {"WK990101 LIKELY"},
       ""},
      {"four digits", {"", "", "1002"}, {"WK990101 LIKELY", "WK990102* POSSIBLE"}, ""},
      {"six characters", {"", "", "1002AB"}, {"WK990101 LIKELY", "WK990102* POSSIBLE"}, ""},
      {"six characters and a space",
       {"", "", "1003 zz"},
       {"WK990103* POSSIBLE", "WK990101 POSSIBLE"},
       ""},
      {"a place beats unknown", {"", "", "1001", true}, {"WK990101 LIKELY"}, ""},
      {"a post-office box", {"", "", "1000"}, {}, ""},
      {"words that name nothing", {"", "achter het station", ""}, {}, ""},
      {"unknown", {"", "", "", true}, {}, ""},
  };
  for (const auto& c : kCases) {
    const auto resolved = ResolvePlace(*catalogue, PlaceOf(c.said));
    ASSERT_TRUE(resolved.ok()) << c.name << ": " << resolved.status();
    EXPECT_THAT(Candidates(*resolved), ElementsAreArray(c.candidates)) << c.name;
    EXPECT_EQ(resolved->certain_wijk, c.certain_wijk) << c.name;
    EXPECT_EQ(resolved->unknown, c.candidates.empty()) << c.name;
  }
}

TEST(Place, APostcodesOrderHoldsAmongTheEquallyCertain) {
  v1::Catalog catalog = testing::TestCatalog();
  testing::AddPostcode(catalog, "1004",
                       {{"WK990103", v1::CERTAINTY_POSSIBLE},
                        {"WK990102", v1::CERTAINTY_LIKELY},
                        {"WK990101", v1::CERTAINTY_POSSIBLE}});
  const auto catalogue = testing::MustBuild(catalog);
  ASSERT_NE(catalogue, nullptr);
  const auto resolved = ResolvePlace(*catalogue, PlaceOf({"", "", "1004"}));
  ASSERT_TRUE(resolved.ok()) << resolved.status();
  EXPECT_THAT(
      Candidates(*resolved),
      ::testing::ElementsAre("WK990102* LIKELY", "WK990103* POSSIBLE", "WK990101 POSSIBLE"));
}

v1::Catalog SinceRenumbered() {
  v1::Catalog catalog = testing::TestCatalog();
  testing::AddAreaChange(catalog, "WK990122", 2021, {"WK990102"}, 2022);
  testing::AddAreaChange(catalog, "BU99012301", 2021, {"WK990103", "WK990101"}, 2024);
  return catalog;
}

TEST(Place, AnOlderCodeIsWhatItBecame) {
  const auto catalogue = testing::MustBuild(SinceRenumbered());
  ASSERT_NE(catalogue, nullptr);
  const struct {
    std::string code;
    std::vector<std::string> candidates;
    std::string certain_wijk;
  } kCases[] = {
      {"WK990122", {"WK990102* STATED"}, "WK990102"},
      {"BU99012301", {"WK990103* POSSIBLE", "WK990101 POSSIBLE"}, ""},
  };
  for (const auto& c : kCases) {
    const auto resolved = ResolvePlace(*catalogue, PlaceOf({kDistricts + c.code, "", "1001"}));
    ASSERT_TRUE(resolved.ok()) << c.code << ": " << resolved.status();
    EXPECT_THAT(Candidates(*resolved), ElementsAreArray(c.candidates)) << c.code;
    EXPECT_EQ(resolved->certain_wijk, c.certain_wijk) << c.code;
  }
}

TEST(Place, CandidatesOfAnEarlierCatalogueBecomeWhatTheyBecame) {
  const auto catalogue = testing::MustBuild(SinceRenumbered());
  ASSERT_NE(catalogue, nullptr);
  using Earlier = std::vector<std::pair<std::string, v1::Certainty>>;
  const struct {
    Earlier earlier;
    std::vector<std::string> candidates;
  } kCases[] = {
      {{}, {}},
      {{{"WK990122", v1::CERTAINTY_STATED}}, {"WK990102* STATED"}},
      {{{"BU99012301", v1::CERTAINTY_STATED}}, {"WK990103* POSSIBLE", "WK990101 POSSIBLE"}},
      {{{"BU99012301", v1::CERTAINTY_LIKELY}, {"WK990101", v1::CERTAINTY_LIKELY}},
       {"WK990101 LIKELY", "WK990103* POSSIBLE"}},
      {{{"WK990199", v1::CERTAINTY_STATED}}, {"WK990199 STATED"}},
  };
  for (const auto& c : kCases) {
    ResolvedPlace resolved;
    google::protobuf::RepeatedPtrField<v1::DistrictCandidate> earlier;
    for (const auto& [code, certainty] : c.earlier) {
      v1::DistrictCandidate* candidate = earlier.Add();
      candidate->set_district(kDistricts + code);
      candidate->set_display_name(code);
      candidate->set_certainty(certainty);
    }
    resolved.candidates = InForce(*catalogue, earlier);
    EXPECT_THAT(Candidates(resolved), ElementsAreArray(c.candidates));
  }
}

// The four digits 1002 are likely Kern, perhaps Heidedorp.
TEST(Place, SixCharactersGoBeforeTheirFourDigits) {
  v1::Catalog catalog = testing::TestCatalog();
  testing::AddPostcode(catalog, "1002AA", {{"BU99010202", v1::CERTAINTY_LIKELY}});
  testing::AddPostcode(catalog, "1002AB", {{"WK990102", v1::CERTAINTY_POSSIBLE}});
  testing::AddPostcode(
      catalog, "1002AC",
      {{"BU99010201", v1::CERTAINTY_POSSIBLE}, {"BU99010202", v1::CERTAINTY_POSSIBLE}});
  testing::AddPostcode(catalog, "1002AD",
                       {{"BU99010101", v1::CERTAINTY_POSSIBLE},
                        {"BU99010202", v1::CERTAINTY_POSSIBLE},
                        {"BU99010102", v1::CERTAINTY_LIKELY}});
  testing::AddPostcode(catalog, "1002AE", {});
  const auto catalogue = testing::MustBuild(catalog);
  ASSERT_NE(catalogue, nullptr);
  const struct {
    std::string name, postcode;
    std::vector<std::string> candidates;
  } kCases[] = {
      {"one buurt", "1002AA", {"BU99010202* LIKELY"}},
      {"as people write it", "1002 aa", {"BU99010202* LIKELY"}},
      {"one wijk, not sure", "1002AB", {"WK990102* POSSIBLE"}},
      {"two buurten of one wijk are that wijk", "1002AC", {"WK990102* LIKELY"}},
      {"buurten of two wijken are those", "1002AD", {"WK990101 LIKELY", "WK990102* POSSIBLE"}},
      {"a post-office box", "1002AE", {}},
      {"unknown letters", "1002ZZ", {"WK990101 LIKELY", "WK990102* POSSIBLE"}},
      {"four digits", "1002", {"WK990101 LIKELY", "WK990102* POSSIBLE"}},
  };
  for (const auto& c : kCases) {
    const auto resolved = ResolvePlace(*catalogue, PlaceOf({"", "", c.postcode}));
    ASSERT_TRUE(resolved.ok()) << c.name << ": " << resolved.status();
    EXPECT_THAT(Candidates(*resolved), ElementsAreArray(c.candidates)) << c.name;
    EXPECT_EQ(resolved->certain_wijk, "") << c.name;
  }
}

TEST(Place, OutsideTheMunicipalityIsRefusedWithoutRepeatingIt) {
  const auto catalogue = testing::MustBuild(testing::TestCatalog());
  ASSERT_NE(catalogue, nullptr);
  const struct {
    Said said;
    std::string field, secret;
  } kCases[] = {
      {{kDistricts + "WK990199", "", ""}, "place.district", "WK990199"},
      {{"municipalities/GM9902/districts/WK990101", "", ""}, "place.district", "GM9902"},
      {{"WK990101", "", ""}, "place.district", "WK990101"},
      {{"", "", "9999 XY"}, "place.postcode", "9999"},
      {{"", "achter het station", "9999"}, "place.postcode", "station"},
  };
  for (const auto& c : kCases) {
    const auto resolved = ResolvePlace(*catalogue, PlaceOf(c.said));
    ASSERT_FALSE(resolved.ok()) << c.secret;
    EXPECT_EQ(resolved.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(ReasonOf(resolved.status()), "PLACE_OUTSIDE_MUNICIPALITY");
    ASSERT_EQ(ViolationsOf(resolved.status()).size(), 1u);
    EXPECT_EQ(ViolationsOf(resolved.status())[0].field, c.field);
    EXPECT_THAT(resolved.status().ToString(), Not(HasSubstr(c.secret)));
  }
  const auto nested = ResolvePlace(*catalogue, PlaceOf({"", "", "9999"}), "signal.place");
  EXPECT_EQ(ViolationsOf(nested.status())[0].field, "signal.place.postcode");
}

}  // namespace
}  // namespace omzien::domain
