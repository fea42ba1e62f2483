#include "tests/scenarios/steps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/match.h"

namespace omzien::scenarios {
namespace {

using ::testing::ElementsAre;

TEST(Matches, TakesWhatHasTheFormOfThePlace) {
  const struct {
    const char* sentence;
    const char* text;
    std::vector<std::string> said;
  } kRows[] = {
      {"lives in {code}", "lives in WK015015", {"WK015015"}},
      {"lives in {code}", "lives in BU01501501", {"BU01501501"}},
      {"lives at {words}", "lives at \"a; b\"", {"a; b"}},
      {"lives at {words}", "lives at \"\"", {""}},
      {"is of {list}", "is of students, migrants", {"students, migrants"}},
      {"{id} declines: {kind}", "raster declines: no capacity", {"raster", "no capacity"}},
      {"{id} tries the {kind} by {kind}: {kind}",
       "raster tries the person by in person: not at home",
       {"raster", "person", "in person", "not at home"}},
      {"referral {n} is {NAME} of {id}",
       "referral 12 is IN_PROGRESS of raster",
       {"12", "IN_PROGRESS", "raster"}},
      {"the offer {id} has {yaml}", "the offer x has {a: [b, c]}", {"x", "{a: [b, c]}"}},
  };
  for (const auto& row : kRows) {
    Arguments said;
    EXPECT_TRUE(Matches(row.sentence, row.text, &said)) << row.text;
    EXPECT_EQ(said, row.said) << row.text;
  }
}

TEST(Matches, TakesNothingElse) {
  const struct {
    const char* sentence;
    const char* text;
  } kRows[] = {
      {"signalled", "signaled"},
      {"lives in {code}", "lives in Bathmen"},
      {"lives in {code}", "lives in WK01"},
      {"lives at {words}", "lives at Bathmen"},
      {"lives at {words}", "lives at \"a\" or \"b\""},
      {"is of {list}", "is of Students"},
      {"is of {list}", "is of students,"},
      {"{id} accepts", "the team accepts"},
      {"{n} referrals in all", "two referrals in all"},
      {"unmet: {NAME}", "unmet: none"},
      {"the offer {id} has {yaml}", "the offer x has "},
  };
  for (const auto& row : kRows) {
    Arguments said;
    EXPECT_FALSE(Matches(row.sentence, row.text, &said)) << row.text;
  }
}

TEST(SentencesOf, FindsTheSentenceInItsColumn) {
  EXPECT_THAT(SentencesOf(Column::kGiven, "Anna: lives in WK015015"),
              ElementsAre("lives in {code}"));
  EXPECT_THAT(SentencesOf(Column::kGiven, "signalled"), ElementsAre("signalled"));
  EXPECT_THAT(SentencesOf(Column::kWhen, "Anna: until unmet: NONE"), ElementsAre("unmet: {NAME}"));
  EXPECT_THAT(SentencesOf(Column::kWhen, "at once: raster accepts / raster declines: other"),
              ElementsAre("{id} accepts", "{id} declines: {kind}"));
  EXPECT_THAT(SentencesOf(Column::kWhen, "as read: raster accepts"), ElementsAre("{id} accepts"));
  EXPECT_THAT(SentencesOf(Column::kThen, "Anna: soon unmet: NONE"), ElementsAre("unmet: {NAME}"));
}

TEST(SentencesOf, NamesASentenceThatIsNone) {
  for (const auto& [column, text] : {std::pair{Column::kGiven, "lives in peace"},
                                     {Column::kGiven, "unmet: NONE"},
                                     {Column::kWhen, "raster shrugs"},
                                     {Column::kThen, "raster accepts"},
                                     {Column::kThen, "something happened"}}) {
    try {
      SentencesOf(column, text);
      ADD_FAILURE() << text << " is taken for a step";
    } catch (const StepFailed& error) {
      EXPECT_TRUE(absl::StrContains(error.what(), text)) << error.what();
    }
  }
}

TEST(ValuesOfTheContract, AreWrittenWithoutTheirPrefix) {
  EXPECT_EQ(ValueOf<v1::Need>("practical help"), v1::NEED_PRACTICAL_HELP);
  EXPECT_EQ(ValueOf<v1::AgeBand>("65 plus"), v1::AGE_BAND_65_PLUS);
  EXPECT_EQ(NameOf(v1::SIGNAL_STATE_IN_CONTACT), "IN_CONTACT");
  EXPECT_THROW(ValueOf<v1::Need>("company"), StepFailed);
}

}  // namespace
}  // namespace omzien::scenarios
