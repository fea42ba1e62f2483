#include "client/cli/postcode_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "client/cli/usage_error.h"
#include "tests/client/cli/test_program.h"

namespace omzien::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class PostcodeTableTest : public testing::Test {
 protected:
  absl::StatusOr<PostcodeTable> Read(const std::string& text) {
    return ReadPostcodeTable(directory_.Write("pc6.csv", text), Lang::kEnglish);
  }
  TempDir directory_;
};

// "1002AB: BU99010202 LIKELY, WK990101 POSSIBLE"
std::vector<std::string> Entries(const PostcodeTable& table) {
  std::vector<std::string> entries;
  for (const v1::Postcode& postcode : table.postcodes) {
    std::string entry = postcode.code();
    for (const auto& candidate : postcode.districts()) {
      absl::StrAppend(&entry, " ", candidate.district(), " ",
                      v1::Certainty_Name(candidate.certainty()).substr(10));
    }
    entries.push_back(entry);
  }
  return entries;
}

TEST_F(PostcodeTableTest, GathersTheDistrictsOfAPostcodeWhereverTheyStand) {
  const auto table = Read(
      "wijk;postcode;inwoners;zekerheid\n"
      "BU99010202;1002 aa;31;waarschijnlijk\n"
      "BU99010101;1002AB;12;possible\n"
      "\n"
      "BU99010102;1002ab;8;POSSIBLE\n");
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_THAT(Entries(*table), ElementsAre("1002AA BU99010202 LIKELY",
                                           "1002AB BU99010101 POSSIBLE BU99010102 POSSIBLE"));
  EXPECT_THAT(table->lines, ElementsAre(2, 3));
}

TEST_F(PostcodeTableTest, SaysOnWhichLinesItIsWrong) {
  const struct {
    const char* text;
    std::vector<std::string> said;
  } kCases[] = {
      {"code,district\n1002AA,BU99010202\n", {"pc6.csv:1: there is no column certainty"}},
      {"code,district,certainty\n,BU99010202,likely\n1002AA,,likely\n1002AA,BU99010202,sure\n",
       {"pc6.csv:2: the postcode", "pc6.csv:3: the postcode", "pc6.csv:4: "}},
      {"code,district,certainty\n1002AA,BU99010202\n", {"pc6.csv:2: "}},
  };
  for (const auto& c : kCases) {
    const auto table = Read(c.text);
    ASSERT_FALSE(table.ok()) << c.text;
    EXPECT_TRUE(IsUsageError(table.status())) << table.status();
    for (const std::string& said : c.said) {
      EXPECT_THAT(std::string(table.status().message()), HasSubstr(said));
    }
  }
  EXPECT_FALSE(ReadPostcodeTable("/nonexistent.csv", Lang::kDutch).ok());
}

TEST(PostcodeTableIndexTest, IsThatOfThePathsEntry) {
  EXPECT_EQ(PostcodeTableIndex("postcode_table[7].districts[0].district"), 7);
  EXPECT_EQ(PostcodeTableIndex("postcode_table"), -1);
  EXPECT_EQ(PostcodeTableIndex("postcodes[7].code"), -1);
}

}  // namespace
}  // namespace omzien::cli
