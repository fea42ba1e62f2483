#include "client/cli/table.h"

#include <gtest/gtest.h>

#include <sstream>

namespace omzien::cli {
namespace {

TEST(TableTest, WidthsAreWhatATerminalShows) {
  const struct {
    const char* text;
    int width;
  } kCases[] = {
      {"", 0},        {"Bathmen", 7}, {"Eén", 3},  {"cliënt", 6},
      {"e\u0301", 1}, {"ትግርኛ", 4},    {"日本", 4}, {"\xff", 1},
  };
  for (const auto& c : kCases) EXPECT_EQ(DisplayWidth(c.text), c.width) << c.text;
}

TEST(TableTest, WhatOthersTypedCantDriveTheTerminal) {
  EXPECT_EQ(Clean("a\x1b[2Jb\r\nc"), "a [2Jb  c");
  EXPECT_EQ(Clean("\u202Eevil\u009b"), " evil ");
  EXPECT_EQ(Clean("caf\xe9"), "caf\uFFFD");
  EXPECT_EQ(Clean("\xed\xa0\x80"), "\uFFFD");
  EXPECT_EQ(Clean("Eén tegen eenzaamheid"), "Eén tegen eenzaamheid");
}

TEST(TableTest, ColumnsAlignAndTheLastWraps) {
  Table table({"WIJK", "WAAROM"});
  table.AddRow({"Eén", "een twee drie vier vijf zes"});
  table.AddRow({"Bathmen", ""});
  std::ostringstream out;
  table.Print(out, {.columns_max = 29, .color = false});
  EXPECT_EQ(out.str(),
            "WIJK     WAAROM\n"
            "Eén      een twee drie vier\n"
            "         vijf zes\n"
            "Bathmen\n");
}

TEST(TableTest, ColorOnlyWhenAsked) {
  std::ostringstream plain;
  std::ostringstream bold;
  Table table({"A"});
  table.Print(plain, {});
  table.Print(bold, {.columns_max = 0, .color = true});
  EXPECT_EQ(plain.str().find('\x1b'), std::string::npos);
  EXPECT_NE(bold.str().find('\x1b'), std::string::npos);
}

TEST(TableTest, ASheetLeavesOutWhatIsEmpty) {
  std::ostringstream out;
  PrintSheet({{"Naam", "x"}, {"Leeg", ""}, {"Uitkomst", "y"}}, out, {});
  EXPECT_EQ(out.str(), "Naam      x\nUitkomst  y\n");
}

}  // namespace
}  // namespace omzien::cli
