#include "client/cli/import_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/cli/times.h"

namespace omzien::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

using Strings = std::vector<std::string>;

ImportColumns Columns(const Strings& header) {
  auto columns = ImportColumns::FromHeader(header, {}, Lang::kDutch);
  EXPECT_TRUE(columns.ok()) << columns.status();
  return *columns;
}

// Field: description, one a violation.
Strings ViolationsOf(const Strings& header, const Strings& fields) {
  std::vector<client::Violation> violations;
  Columns(header).ToSignal({.line = 2, .fields = fields}, Names("GM0150"), Lang::kDutch,
                           violations);
  Strings texts;
  for (const auto& violation : violations) {
    texts.push_back(violation.field + ": " + violation.description);
  }
  return texts;
}

TEST(ImportRowsTest, DutchAndEnglishHeadingsFillTheSameSignal) {
  const Strings fields = {"Bathmen|7437", "komt elke dag", "0570 000000", "ja",        "bezoek",
                          "65+",          "a|b",           "26-11-2021",  "winkelier", "nee"};
  const Strings kHeaders[] = {
      {"place", "words", "phone", "through_signaller", "need", "age", "groups", "observed_on",
       "kind", "knows"},
      {"Plaats", "Woorden", "Telefoon", "Via melder", "Vraag", "Leeftijd", "Doelgroepen",
       "Gezien op", "Soort melder", "Weet ervan"},
  };
  for (const Strings& header : kHeaders) {
    std::vector<client::Violation> violations;
    const v1::Signal signal = Columns(header).ToSignal({.line = 2, .fields = fields},
                                                       Names("GM0150"), Lang::kDutch, violations);
    EXPECT_THAT(violations, IsEmpty());
    EXPECT_EQ(signal.place().words(), "Bathmen");
    EXPECT_EQ(signal.place().postcode(), "7437");
    EXPECT_EQ(signal.own_words(), "komt elke dag");
    EXPECT_EQ(signal.reach().phone(), "0570 000000");
    EXPECT_TRUE(signal.reach().through_signaller());
    EXPECT_EQ(signal.need(), v1::NEED_VISIT);
    EXPECT_EQ(signal.age_band(), v1::AGE_BAND_65_PLUS);
    EXPECT_EQ(signal.target_groups(1), "municipalities/GM0150/targetGroups/b");
    EXPECT_EQ(signal.observed_on().month(), 11);
    EXPECT_EQ(signal.signaller_kind(), v1::SIGNALLER_KIND_SHOPKEEPER);
    EXPECT_EQ(signal.person_knows(), v1::PERSON_KNOWS_NO);
  }
}

TEST(ImportRowsTest, CircumstancesCanBeGiven) {
  const Strings kHeaders[] = {
      {"place", "words", "phone", "mobility", "digital_skill", "budget", "funding"},
      {"Plaats", "Woorden", "Telefoon", "Mobiliteit", "Digitale vaardigheid", "Te besteden",
       "Vergoedingen"},
  };
  const Strings fields = {"Bathmen",
                          "stil",
                          "1",
                          "komt de deur niet uit",
                          "geen",
                          "alleen gratis of vergoed",
                          "meedoenregeling|stadspas"};
  for (const Strings& header : kHeaders) {
    std::vector<client::Violation> violations;
    const v1::Circumstances circumstances =
        Columns(header)
            .ToSignal({.line = 2, .fields = fields}, Names("GM0150"), Lang::kDutch, violations)
            .circumstances();
    EXPECT_THAT(violations, IsEmpty());
    EXPECT_EQ(circumstances.mobility(), v1::MOBILITY_HOUSEBOUND);
    EXPECT_EQ(circumstances.digital_skill(), v1::DIGITAL_SKILL_NONE);
    EXPECT_EQ(circumstances.budget(), v1::BUDGET_ONLY_FREE_OR_FUNDED);
    EXPECT_EQ(circumstances.funding(1), "stadspas");
  }
}

TEST(ImportRowsTest, ConsentAndTheSupportingOrganisationCanBeGiven) {
  const Strings fields = {"Bathmen",    "stil",         "1",        "raster",
                          "betrokkene", "solis|raster", "situatie", "26-11-2021 14:00"};
  const Strings kHeaders[] = {
      {"place", "words", "phone", "support_organisation", "consent_by", "consent_to",
       "consent_what", "consent_at"},
      {"Plaats", "Woorden", "Telefoon", "Steunende partij", "Toestemming door", "Toestemming aan",
       "Toestemming voor", "Toestemming op"},
  };
  for (const Strings& header : kHeaders) {
    std::vector<client::Violation> violations;
    const v1::Signal signal = Columns(header).ToSignal({.line = 2, .fields = fields},
                                                       Names("GM0150"), Lang::kDutch, violations);
    EXPECT_THAT(violations, IsEmpty());
    EXPECT_EQ(signal.current_support().organisation(),
              "municipalities/GM0150/organisations/raster");
    EXPECT_EQ(signal.consent().by_whom(), v1::CONSENT_GIVER_PERSON);
    EXPECT_THAT(signal.consent().to_whom(),
                testing::ElementsAre("municipalities/GM0150/organisations/solis",
                                     "municipalities/GM0150/organisations/raster"));
    EXPECT_THAT(signal.consent().what(), testing::ElementsAre(v1::CONSENT_SCOPE_SITUATION));
    EXPECT_EQ(TimeText(signal.consent().when()), "2021-11-26 14:00");
  }
  const Strings kHeader = {"Plaats",           "Woorden",        "Telefoon",
                           "Toestemming door", "Toestemming op", "Toestemming voor"};
  std::vector<client::Violation> violations;
  EXPECT_FALSE(Columns(kHeader)
                   .ToSignal({.line = 2, .fields = {"Bathmen", "x", "1", "", "", ""}},
                             Names("GM0150"), Lang::kDutch, violations)
                   .has_consent());
  // The time has no default: a row that is sent again must be what it was.
  EXPECT_THAT(ViolationsOf(kHeader, {"Bathmen", "x", "1", "betrokkene", "", ""}),
              testing::ElementsAre(HasSubstr("Toestemming op: ontbreekt")));
  EXPECT_THAT(ViolationsOf(kHeader, {"Bathmen", "x", "1", "", "gisteren", "alles"}),
              testing::UnorderedElementsAre(HasSubstr("Toestemming door: ontbreekt"),
                                            HasSubstr("Toestemming op: 'gisteren' is geen tijd"),
                                            HasSubstr("Toestemming voor: onbekend woord")));
}

TEST(ImportRowsTest, EverythingWrongInARowIsSaidAtOnceByItsHeading) {
  const Strings kHeader = {"Plaats", "Woorden", "Telefoon", "Leeftijd", "Via melder"};
  EXPECT_THAT(ViolationsOf(kHeader, {"Bathmen", "x", "1", "", ""}), IsEmpty());
  const Strings all = ViolationsOf(kHeader, {"", "", "", "66", "misschien"});
  ASSERT_EQ(all.size(), 5u);
  EXPECT_THAT(all, testing::UnorderedElementsAre(
                       HasSubstr("Via melder: kies ja of nee"), HasSubstr("Plaats: ontbreekt"),
                       HasSubstr("reach: hoe is de betrokkene te vinden"),
                       HasSubstr("Woorden: ontbreekt"), HasSubstr("Leeftijd: onbekend woord")));
  EXPECT_THAT(ViolationsOf(kHeader, {"Bathmen", "x", std::string(41, '0'), "", ""}),
              testing::ElementsAre("Telefoon: langer dan 40 tekens"));
  // 2000 characters of two bytes are still 2000 characters.
  std::string words;
  for (int i = 0; i < 2000; ++i) words += "é";
  EXPECT_THAT(ViolationsOf(kHeader, {"Bathmen", words, "1", "", ""}), IsEmpty());
  EXPECT_THAT(ViolationsOf(kHeader, {"Bathmen", words + "x", "1", "", ""}),
              testing::ElementsAre("Woorden: langer dan 2000 tekens"));
  EXPECT_THAT(ViolationsOf(kHeader, {"Bathmen", "x", "1", "", "", "extra"}),
              testing::ElementsAre(HasSubstr(": de rij heeft meer cellen dan er kolommen zijn")));
}

TEST(ImportRowsTest, AHeaderMustBeUnderstoodWhole) {
  const struct {
    Strings header;
    Strings ignore;
    const char* message;  // Empty: fine.
  } kCases[] = {
      {{"place", "words"}, {}, ""},
      {{"place", "words", "reden"}, {}, ""},
      {{"place", "words", "nummer"}, {"Nummer"}, ""},
      {{"place", "words", "telefon"}, {}, "bedoelde u telefoon?"},
      {{"place", "words", "xyzxyzxyzxyz"}, {}, "lees eroverheen met --ignore"},
      {{"place"}, {}, "kolom ontbreekt: words (woorden)"},
      {{"place", "plaats", "words"}, {}, "twee kolommen voor place"},
  };
  for (const auto& c : kCases) {
    const auto columns = ImportColumns::FromHeader(c.header, c.ignore, Lang::kDutch);
    EXPECT_EQ(columns.ok(), *c.message == '\0') << c.message;
    if (!columns.ok()) {
      EXPECT_THAT(std::string(columns.status().message()), HasSubstr(c.message));
    }
  }
}

TEST(ImportRowsTest, ContentDoesNotHangOnOrderLanguageOrTheReason) {
  const std::string content =
      Columns({"place", "words"}).Content({.line = 2, .fields = {"A", "b"}});
  EXPECT_EQ(content, Columns({"woorden", "reden", "plaats"})
                         .Content({.line = 9, .fields = {"b", "te laat", "A"}}));
  EXPECT_NE(content, Columns({"place", "words"}).Content({.line = 2, .fields = {"A", "c"}}));
}

TEST(ImportRowsTest, TheServersFieldsAreNamedByTheFilesHeadings) {
  const ImportColumns columns =
      Columns({"Plaats", "Woorden", "Naam", "Doelgroepen", "Toestemming aan"});
  EXPECT_EQ(columns.HeadingOf("signal.consent.to_whom[1]"), "Toestemming aan");
  EXPECT_EQ(columns.HeadingOf("signal.reach.person_name"), "Naam");
  EXPECT_EQ(columns.HeadingOf("submission.signal.own_words"), "Woorden");
  EXPECT_EQ(columns.HeadingOf("signal.target_groups[2]"), "Doelgroepen");
  EXPECT_EQ(columns.HeadingOf("signal.place.postcode"), "Plaats");
  EXPECT_EQ(columns.HeadingOf("signal.reach"), "reach");
}

}  // namespace
}  // namespace omzien::cli
