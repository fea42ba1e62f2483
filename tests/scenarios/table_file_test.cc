#include "tests/scenarios/table_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace omzien::scenarios {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kHead[] = "| # | given | when | then |\n|---|---|---|---|\n";

std::vector<std::string> Told(const TableFile& file) {
  std::vector<std::string> told;
  for (const TableError& error : file.errors) {
    told.push_back(absl::StrCat(error.line, ": ", error.message));
  }
  return told;
}

TEST(TableFile, ReadsTheRowsOfAllItsTables) {
  const TableFile file = ParseTables(absl::StrCat(
      "# Place\n\nSome words; more | of them.\n\n", kHead,
      "| P01 | lives in WK015015; need visit | signalled | called first by team |\n\n## More\n",
      kHead, "| P02 |  | signalled | a<br>b |\n"));
  EXPECT_THAT(Told(file), IsEmpty());
  ASSERT_EQ(file.rows.size(), 2u);
  EXPECT_EQ(file.rows[0].id, "P01");
  EXPECT_EQ(file.rows[0].line, 7);
  EXPECT_THAT(file.rows[0].given, ElementsAre("lives in WK015015", "need visit"));
  EXPECT_THAT(file.rows[0].when, ElementsAre("signalled"));
  EXPECT_THAT(file.rows[1].given, IsEmpty());
  EXPECT_EQ(file.rows[1].line, 12);
  EXPECT_THAT(file.rows[1].then, ElementsAre("a", "b"));
}

TEST(StepsOf, LeavesQuotesBracesAndRulesWhole) {
  EXPECT_THAT(StepsOf("a; says \"b; c\"; has {d: e; f}; rule FREQ=WEEKLY;BYDAY=TU;"),
              ElementsAre("a", "says \"b; c\"", "has {d: e; f}", "rule FREQ=WEEKLY;BYDAY=TU"));
  EXPECT_THAT(StepsOf("  ;  ; <br> "), IsEmpty());
}

TEST(TableFile, TellsEverythingThatIsWrongWithItsLine) {
  const struct {
    const char* text;
    const char* told;
  } kRows[] = {
      {"| P01 | a | b |", "3: a row has 4 cells, not 3"},
      {"| P01 | a | b | c | d |", "3: a row has 4 cells, not 5"},
      {"| p1 | a | b | c |", "3: \"p1\" is no id: capitals, then digits"},
      {"| P | a | b | c |", "3: \"P\" is no id: capitals, then digits"},
      {"| P01 | a |  | c |", "3: P01: nothing happens"},
      {"| P01 | a | b | ; |", "3: P01: nothing is expected"},
      {"| P01 | a | b | \"c |", "3: P01: a quote doesn't end"},
      {"| P01 | a | b | c |\n| P01 | a | b | c |", "4: P01 stands above already"},
  };
  for (const auto& row : kRows) {
    EXPECT_THAT(Told(ParseTables(absl::StrCat(kHead, row.text, "\n"))), ElementsAre(row.told))
        << row.text;
  }
}

TEST(TableFile, TellsOfOtherTablesAndOfNone) {
  EXPECT_THAT(Told(ParseTables("words only\n")), ElementsAre("2: no table with rows"));
  EXPECT_THAT(Told(ParseTables("| # | given | then |\n|---|---|---|\n| P01 | a | b |\n")),
              ElementsAre("1: the columns of a table are #, given, when, then"));
  EXPECT_THAT(Told(ParseTables("| # | given | when | then |\n| P01 | a | b | c |\n")),
              ElementsAre("2: below the columns stands |---|---|---|---|"));
  EXPECT_THAT(Told(ParseTables("| # | given | when | then |\n\n")),
              ElementsAre("2: a table without rows"));
  EXPECT_THAT(Told(ReadTables("/nowhere/place.md")), ElementsAre("0: can't be read"));
}

}  // namespace
}  // namespace omzien::scenarios
