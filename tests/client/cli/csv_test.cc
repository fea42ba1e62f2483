#include "client/cli/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "tests/client/cli/test_program.h"

namespace omzien::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Rows = std::vector<std::vector<std::string>>;

absl::StatusOr<Rows> ReadAll(const std::string& text, CsvLimits limits = {},
                             std::vector<int64_t>* lines = nullptr) {
  const TempDir dir;
  const auto file = CsvFile::Open(dir.Write("x.csv", text), Lang::kEnglish, limits);
  if (!file.ok()) return file.status();
  Rows rows = {file->header()};
  const absl::Status read = file->ForEach([&](const CsvRow& row) {
    rows.push_back(row.fields);
    if (lines != nullptr) lines->push_back(row.line);
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  return rows;
}

TEST(CsvTest, ReadsWhatSpreadsheetsWrite) {
  const Rows kExpected = {{"place", "words"}, {"Bathmen", "a"}, {"", "b"}};
  const std::string kTexts[] = {
      "place;words\nBathmen;a\n;b\n",
      "place,words\r\nBathmen,a\r\n,b\r\n",
      "\xEF\xBB\xBFplace;words\r\nBathmen;a\r\n;b",
      "place\twords\nBathmen\ta\n\tb\n",
      "\"place\";\"words\"\n\"Bathmen\";\"a\"\n\"\";\"b\"\n",
      "place;words\n\n ; \nBathmen ; a\n\n;b\n",
  };
  for (const std::string& text : kTexts) {
    const auto rows = ReadAll(text);
    ASSERT_TRUE(rows.ok()) << text << rows.status();
    EXPECT_EQ(*rows, kExpected) << text;
  }
}

TEST(CsvTest, QuotesHoldSeparatorsQuotesAndLineEnds) {
  std::vector<int64_t> lines;
  const auto rows =
      ReadAll("place;words\r\nA;\"zegt \"\"dag\"\"; en\r\nlacht\"\r\nB;c\r\n", {}, &lines);
  ASSERT_TRUE(rows.ok()) << rows.status();
  EXPECT_EQ(rows->at(1), (std::vector<std::string>{"A", "zegt \"dag\"; en\r\nlacht"}));
  EXPECT_THAT(lines, ElementsAre(2, 4));
}

TEST(CsvTest, WhatIsWrongIsSaidWithItsLine) {
  const struct {
    std::string text;
    const char* message;
  } kCases[] = {
      {"", ":1: the file is empty"},
      {"place;words\nA;\"b", ":2: a quote is missing"},
      {"place;words\nA;\"b\"c\n", ":2: quotes don't match"},
      {"place;words\nA;caf\xe9\n", ":2: not UTF-8"},
      {"place;words\nA;" + std::string(17'000, 'x') + "\n", ":2: a field or row is too long"},
      {"place;words\nA;\"" + std::string(40'000, '\n'), ":2: a field or row is too long"},
      {"place;words\n" + std::string(200, ';') + "\n", ":2: a field or row is too long"},
  };
  for (const auto& c : kCases) {
    const auto rows = ReadAll(c.text);
    ASSERT_FALSE(rows.ok()) << c.message;
    EXPECT_THAT(std::string(rows.status().message()), HasSubstr(c.message));
  }
  EXPECT_FALSE(CsvFile::Open("/nonexistent.csv", Lang::kDutch).ok());
}

TEST(CsvTest, RowsAreLimited) {
  EXPECT_TRUE(ReadAll("a\n1\n2\n", {.rows_max = 2}).ok());
  const auto rows = ReadAll("a\n1\n2\n3\n", {.rows_max = 2});
  EXPECT_THAT(std::string(rows.status().message()), HasSubstr(":4: more than 2 rows"));
}

TEST(CsvTest, WhatIsWrittenReadsBackTheSame) {
  rc::check([](const std::vector<std::string>& parts) {
    std::vector<std::string> row = {"first"};
    for (const std::string& part : parts) {
      std::string ascii;
      for (const char c : part) ascii.push_back(static_cast<char>(c & 0x7f));
      row.push_back(ascii);
    }
    if (row.size() > 90) row.resize(90);
    for (const char separator : {';', ',', '\t'}) {
      const auto rows = ReadAll(CsvLine(std::vector<std::string>(row.size() + 1, "h"), separator) +
                                CsvLine(row, separator));
      RC_ASSERT(rows.ok());
      RC_ASSERT(rows->size() == 2u);
      RC_ASSERT(rows->at(1) == row);
    }
  });
}

}  // namespace
}  // namespace omzien::cli
