#include "server/config/yaml_proto.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "omzien/config/v1/config.pb.h"
#include "omzien/v1/catalog_service.pb.h"

namespace omzien::config {
namespace {

using ::testing::HasSubstr;

struct Accepted {
  const char* what;
  const char* yaml;
  const char* proto;  // text format of the Catalog it means
};

class Accepts : public ::testing::TestWithParam<Accepted> {};

TEST_P(Accepts, TheForm) {
  omzien::v1::Catalog catalog;
  std::vector<YamlError> errors;
  EXPECT_TRUE(ParseYaml(GetParam().yaml, &catalog, nullptr, &errors))
      << errors.size() << " " << (errors.empty() ? "" : errors[0].message);
  omzien::v1::Catalog expected;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(GetParam().proto, &expected));
  EXPECT_EQ(catalog.DebugString(), expected.DebugString());
}

INSTANTIATE_TEST_SUITE_P(
    YamlProto, Accepts,
    ::testing::Values(
        Accepted{"nothing", "", ""}, Accepted{"only a comment", "# leeg\n", ""},
        Accepted{"an empty mapping", "{}", ""},
        Accepted{"a short enum value", "offers: [{status: confirmed}]",
                 "offers { status: OFFER_STATUS_CONFIRMED }"},
        Accepted{"a whole enum value", "offers: [{status: OFFER_STATUS_ENDED}]",
                 "offers { status: OFFER_STATUS_ENDED }"},
        Accepted{"dashes in an enum value", "offers: [{mode: Ask-First}]",
                 "offers { mode: REFERRAL_MODE_ASK_FIRST }"},
        Accepted{"a nested enum", "municipality: {rank_preferences: [{first: village}]}",
                 "municipality { rank_preferences { first: FIRST_VILLAGE } }"},
        Accepted{"an enum value that begins with a digit",
                 "target_groups: [{age_bands: [65_plus, 18_to_26]}]",
                 "target_groups { age_bands: [AGE_BAND_65_PLUS, AGE_BAND_18_TO_26] }"},
        Accepted{"a date", "organisations: [{covenant_date: 2021-06-24}]",
                 "organisations { covenant_date { year: 2021 month: 6 day: 24 } }"},
        Accepted{"a leap day", "organisations: [{covenant_date: 2024-02-29}]",
                 "organisations { covenant_date { year: 2024 month: 2 day: 29 } }"},
        Accepted{"digits as text", "postcodes: [{code: 7431}]", "postcodes { code: '7431' }"},
        Accepted{"an empty text", "organisations: [{contact: ''}]", "organisations { }"},
        Accepted{"block lists", "teams:\n- id: a\n  districts:\n  - WK1\n  - WK2\n",
                 "teams { id: 'a' districts: ['WK1', 'WK2'] }"},
        Accepted{"folded text", "offers:\n- description: >-\n    one\n    two\n",
                 "offers { description: 'one two' }"},
        Accepted{"an alias", "teams: [{id: a, districts: &d [X]}, {id: b, districts: *d}]",
                 "teams { id: 'a' districts: 'X' } teams { id: 'b' districts: 'X' }"},
        Accepted{"letters beyond ASCII", "life_events: [{display_name: {nl: één}}]",
                 "life_events { display_name { nl: 'één' } }"}),
    [](const auto& test) {
      std::string name = test.param.what;
      std::ranges::replace(name, ' ', '_');
      return name.starts_with("letters") ? "letters_beyond" : name;
    });

struct Refused {
  const char* name;
  const char* yaml;
  int line;
  const char* path;
  const char* message;
};

class Refuses : public ::testing::TestWithParam<Refused> {};

TEST_P(Refuses, WithTheLine) {
  omzien::v1::Catalog catalog;
  std::vector<YamlError> errors;
  EXPECT_FALSE(ParseYaml(GetParam().yaml, &catalog, nullptr, &errors));
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].line, GetParam().line);
  EXPECT_EQ(errors[0].path, GetParam().path);
  EXPECT_THAT(errors[0].message, HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    YamlProto, Refuses,
    ::testing::Values(
        Refused{"UnknownKey", "municipality: {}\nofers: []\n", 2, "",
                "unknown key `ofers`; did you mean `offers`?"},
        Refused{"UnknownKeyFarFromAll", "zzzzzzzzzz: 1", 1, "", "unknown key `zzzzzzzzzz`"},
        Refused{"UnknownKeyWithin", "offers:\n- id: a\n- idd: b\n", 3, "offers[1]",
                "did you mean `id`?"},
        Refused{"UnknownEnumValue", "offers:\n- status: comfirmed\n", 2, "offers[0].status",
                "did you mean `confirmed`?"},
        Refused{"EscapeThatIsNoUtf8", "teams:\n- display_name: \"a\\Nb\"\n", 2,
                "teams[0].display_name", "escapes are characters"},
        Refused{"EnumNumber", "offers: [{status: 1}]", 1, "offers[0].status", "not a value"},
        Refused{"DuplicateKey", "teams: []\nteams: []\n", 2, "teams", "written before"},
        Refused{"ListForMapping", "municipality: []", 1, "municipality",
                "expected a mapping, not a list"},
        Refused{"ScalarForList", "offers: none", 1, "offers",
                "expected a list, not a single value"},
        Refused{"MappingForScalar", "municipality: {code: {a: 1}}", 1, "municipality.code",
                "expected a single value, not a mapping"},
        Refused{"ScalarAtTheTop", "hello", 1, "", "expected a mapping"},
        Refused{"NoValue", "municipality:\n  code:\n  time_zone: x\n", 2, "municipality.code",
                "a value is missing"},
        // yaml-cpp knows of an empty item only where the next thing stands.
        Refused{"NoItem", "teams:\n-\n- id: a\n", 3, "teams[0]", "a value is missing"},
        Refused{"Bool", "districts: [{village: yes}]", 1, "districts[0].village",
                "expected true or false, not `yes`"},
        Refused{"NegativeUnsigned", "districts: [{year: -1}]", 1, "districts[0].year",
                "whole number from 0 to 4294967295"},
        Refused{"Fraction", "districts: [{year: 2024.5}]", 1, "districts[0].year", "whole number"},
        Refused{"TooLarge", "districts: [{year: 4294967296}]", 1, "districts[0].year",
                "whole number"},
        Refused{"DayThatDoesNotExist", "offers: [{active_from: 2021-02-29}]", 1,
                "offers[0].active_from", "expected a day such as 2021-06-24"},
        Refused{"DateTheOtherWayRound", "offers: [{active_from: 24-06-2021}]", 1,
                "offers[0].active_from", "expected a day"},
        Refused{"KeyThatIsAList", "? [a]\n: 1\n", 1, "", "a key must be a word"},
        Refused{"Unclosed", "offers: [\n", 2, "", "this is not YAML"},
        Refused{"Tab", "a:\n\tb: 1\n", 2, "", "this is not YAML"},
        Refused{"SecondDocument", "municipality: {}\n---\nteams: []\n", 2, "", "second document"},
        Refused{"Tag", "teams: !!seq []", 1, "", "tags are not supported"},
        Refused{"UnknownAlias", "teams: *t", 1, "", "this is not YAML"},
        Refused{"AliasOfItself", "teams: &t [*t]", 1, "", "contains itself"},
        Refused{"NotUtf8", "# ok\n# \xff\n", 2, "", "not UTF-8"},
        Refused{"OverlongUtf8", "# \xc0\xaf", 1, "", "not UTF-8"},
        Refused{"Surrogate", "# \xed\xa0\x80", 1, "", "not UTF-8"},
        Refused{"EndOfInputCharacter", "a: 1\n# \x04\n", 2, "", "control character"}),
    [](const auto& test) { return test.param.name; });

TEST(YamlProto, ReportsEveryErrorByLineAndReadsTheRest) {
  omzien::v1::Catalog catalog;
  std::vector<YamlError> errors;
  EXPECT_FALSE(
      ParseYaml("offers:\n"
                "- id: a\n"
                "  stats: confirmed\n"
                "  mode: maybe\n"
                "  capacity: many\n"
                "- id: b\n"
                "teams: 3\n",
                &catalog, nullptr, &errors));
  std::vector<int> lines;
  for (const YamlError& error : errors) lines.push_back(error.line);
  EXPECT_THAT(lines, ::testing::ElementsAre(3, 4, 5, 7));
  EXPECT_EQ(catalog.offers(1).id(), "b");
}

TEST(YamlProto, KeepsTheLineOfEveryKeyAndItem) {
  omzien::v1::Catalog catalog;
  std::map<std::string, int> lines;
  std::vector<YamlError> errors;
  ASSERT_TRUE(
      ParseYaml("# kop\n"
                "offers:\n"
                "- id: a\n"
                "- id: b\n"
                "  districts: [X,\n"
                "    Y]\n"
                "  description: >-\n"
                "    woorden\n",
                &catalog, &lines, &errors));
  EXPECT_EQ(lines["offers"], 2);
  EXPECT_EQ(lines["offers[0]"], 3);
  EXPECT_EQ(lines["offers[1].id"], 4);
  EXPECT_EQ(lines["offers[1].districts[0]"], 5);
  EXPECT_EQ(lines["offers[1].districts[1]"], 6);
  EXPECT_EQ(lines["offers[1].description"], 7);
}

TEST(YamlProto, RefusesTwoChoicesOfAOneof) {
  omzien::v1::ImportCatalogRequest request;
  std::vector<YamlError> errors;
  EXPECT_FALSE(ParseYaml("yaml: x\ncatalog: {}\n", &request, nullptr, &errors));
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].line, 2);
}

TEST(YamlProto, StopsAtAThousandErrors) {
  std::string yaml;
  for (int i = 0; i < 3000; ++i) absl::StrAppend(&yaml, "key", i, ": 1\n");
  omzien::v1::Catalog catalog;
  std::vector<YamlError> errors;
  EXPECT_FALSE(ParseYaml(yaml, &catalog, nullptr, &errors));
  EXPECT_EQ(errors.size(), kMostYamlErrors + 1);
  EXPECT_THAT(errors.back().message, HasSubstr("more than 1000 errors"));
}

TEST(YamlProto, BoundsAliasesThatMultiply) {
  // A list of 2,000 districts, used by 2,000 teams: four million values from a short text.
  std::string yaml = "teams:\n- districts: &d [";
  for (int i = 0; i < 2000; ++i) absl::StrAppend(&yaml, i > 0 ? "," : "", i);
  yaml += "]\n";
  for (int i = 0; i < 2000; ++i) yaml += "- districts: *d\n";
  omzien::v1::Catalog catalog;
  std::vector<YamlError> errors;
  EXPECT_FALSE(ParseYaml(yaml, &catalog, nullptr, &errors));
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_THAT(errors[0].message, HasSubstr("2000000 values"));
}

TEST(YamlProto, BoundsNesting) {
  for (const char* open : {"[", "{a: ", "- ", "? "}) {
    std::string yaml;
    for (int i = 0; i < 10000; ++i) yaml += open;
    omzien::v1::Catalog catalog;
    std::vector<YamlError> errors;
    EXPECT_FALSE(ParseYaml(yaml, &catalog, nullptr, &errors)) << open;
    EXPECT_EQ(errors.size(), 1u) << open;
  }
}

struct DurationCase {
  const char* yaml;
  int64_t seconds;
  int32_t nanos;
};

TEST(YamlProto, ReadsDurations) {
  for (const DurationCase& row : {DurationCase{"10s", 10, 0},
                                  {"500ms", 0, 500'000'000},
                                  {"1.5s", 1, 500'000'000},
                                  {"1m30s", 90, 0},
                                  {"0", 0, 0},
                                  {"-1.5s", -1, -500'000'000}}) {
    v1::ServerConfig config;
    std::vector<YamlError> errors;
    EXPECT_TRUE(ParseYaml(absl::StrCat("deadline_cap: ", row.yaml), &config, nullptr, &errors))
        << row.yaml;
    EXPECT_EQ(config.deadline_cap().seconds(), row.seconds) << row.yaml;
    EXPECT_EQ(config.deadline_cap().nanos(), row.nanos) << row.yaml;
  }
  for (const char* wrong : {"10", "ten", "inf", "10 s", "9999999999999s"}) {
    v1::ServerConfig config;
    std::vector<YamlError> errors;
    EXPECT_FALSE(ParseYaml(absl::StrCat("deadline_cap: ", wrong), &config, nullptr, &errors))
        << wrong;
  }
}

TEST(YamlProto, ShowsAtMostFortyBytesOfAValue) {
  omzien::v1::Catalog catalog;
  std::vector<YamlError> errors;
  EXPECT_FALSE(ParseYaml(absl::StrCat("offers: [{capacity: ", std::string(500, 'x'), "}]"),
                         &catalog, nullptr, &errors));
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_THAT(errors[0].message, HasSubstr(std::string(40, 'x') + "...`"));
}

}  // namespace
}  // namespace omzien::config
