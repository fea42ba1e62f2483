#include "server/domain/phrases.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace omzien::domain {
namespace {

TEST(Phrases, AreFoundAsWholeWordsWhateverTheirCaseAndWhatStandsBetween) {
  const Phrases phrases(
      std::vector<std::string>{"zelfmoord", "niet meer leven", "Één uitweg", "!?"});
  const struct {
    const char* text;
    bool found;
  } rows[] = {
      {"", false},
      {"Komt elke dag een praatje maken.", false},
      {"Hij had het over zelfmoord.", true},
      {"ZELFMOORD", true},
      {"\"zelfmoord\"?", true},
      {"het woord ‘zelfmoord’…", true},
      {"zelfmoord—", true},
      {"«zelfmoord»😢", true},
      {"niet\u00A0meer\u2009leven", true},
      {"zelfmoordpreventie", false},
      {"Ze zei dat ze niet meer leven wil.", true},
      {"Ze wil niet, meer\nleven", true},
      {"niet meer", false},
      {"niet meer buiten leven", false},
      {"meer leven, niet meer", false},
      {"niet niet meer leven", true},
      {"ziet nog één uitweg", true},
      {"ziet nog ÉÉN UITWEG", true},
      {"ziet nog e\u0301e\u0301n uitweg", true},
      {"ziet nog een uitweg", true},
      {"ｚｅｌｆｍｏｏｒｄ", true},
      {"zelf\u00ADmoord", true},
      {"!?", false},
      {"leven", false},
  };
  for (const auto& row : rows) EXPECT_EQ(phrases.AnyIn(row.text), row.found) << row.text;
}

TEST(Phrases, NoneFindNothing) {
  EXPECT_FALSE(Phrases(std::vector<std::string>{}).AnyIn("zelfmoord"));
  EXPECT_FALSE(Phrases(std::vector<std::string>{"", " ", "..."}).AnyIn("... "));
}

TEST(Phrases, OfOneFirstWordAllAreLookedFor) {
  const Phrases phrases(std::vector<std::string>{"geen zin meer", "geen eten"});
  EXPECT_TRUE(phrases.AnyIn("er is geen eten in huis"));
  EXPECT_TRUE(phrases.AnyIn("geen geen zin meer"));
  EXPECT_FALSE(phrases.AnyIn("geen zin"));
}

}  // namespace
}  // namespace omzien::domain
