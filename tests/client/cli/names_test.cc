#include "client/cli/names.h"

#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "client/cli/times.h"

namespace omzien::cli {
namespace {

TEST(NamesTest, ShortIdsBecomeNamesAndFullNamesStay) {
  const Names names("GM0150");
  EXPECT_EQ(*names.Parent(), "municipalities/GM0150");
  EXPECT_EQ(*Names("municipalities/gm0150").Parent(), "municipalities/GM0150");
  EXPECT_EQ(*names.Full("targetGroups", "older-people"),
            "municipalities/GM0150/targetGroups/older-people");
  EXPECT_EQ(*names.Full("referrals", "7f3k-1"), "municipalities/GM0150/referrals/7f3k-1");
  EXPECT_EQ(*names.Full("referrals", "municipalities/GM0999/referrals/x"),
            "municipalities/GM0999/referrals/x");
  EXPECT_FALSE(names.Full("offers", "").ok());
  EXPECT_FALSE(names.Full("offers", "a/b").ok());
  EXPECT_FALSE(Names("").Parent().ok());
  EXPECT_FALSE(Names("Deventer").Parent().ok());
  EXPECT_EQ(ShortName("municipalities/GM0150/offers/x"), "x");
  EXPECT_EQ(ShortName("x"), "x");
}

v1::Place PlaceOf(const std::vector<std::string>& parts) { return *Names("GM0150").Place(parts); }

TEST(NamesTest, PlacesAreReadByTheirForm) {
  EXPECT_EQ(PlaceOf({"wk015015"}).district(), "municipalities/GM0150/districts/WK015015");
  EXPECT_EQ(PlaceOf({"BU01501501"}).district(), "municipalities/GM0150/districts/BU01501501");
  EXPECT_EQ(PlaceOf({"7437"}).postcode(), "7437");
  EXPECT_EQ(PlaceOf({"7437 ab"}).postcode(), "7437 AB");
  EXPECT_EQ(PlaceOf({"7437AB"}).postcode(), "7437AB");
  EXPECT_EQ(PlaceOf({"Bathmen"}).words(), "Bathmen");
  EXPECT_EQ(PlaceOf({"74370"}).words(), "74370");
  EXPECT_EQ(PlaceOf({"7437 A1"}).words(), "7437 A1");
  EXPECT_TRUE(PlaceOf({"Onbekend"}).unknown());
  EXPECT_TRUE(PlaceOf({"unknown"}).unknown());
  const v1::Place both = PlaceOf({"Bathmen", "7437"});
  EXPECT_EQ(both.words(), "Bathmen");
  EXPECT_EQ(both.postcode(), "7437");
}

TEST(NamesTest, NoPlaceAndTwoOfOneFormAreRefused) {
  const Names names("GM0150");
  EXPECT_FALSE(names.Place({}).ok());
  EXPECT_FALSE(names.Place({" "}).ok());
  EXPECT_FALSE(names.Place({"7437", "7434"}).ok());
  EXPECT_FALSE(Names("").Place({"WK015015"}).ok());
}

TEST(TimesTest, DaysAreReadInBothOrders) {
  for (const char* text : {"2026-11-26", "26-11-2026"}) {
    EXPECT_EQ(DayText(*ParseDay(text, Lang::kDutch)), "2026-11-26") << text;
  }
  for (const char* text : {"", "2026-02-30", "26/11/2026", "morgen", "0001-01-01"}) {
    EXPECT_FALSE(ParseDay(text, Lang::kDutch).ok()) << text;
  }
}

TEST(TimesTest, AWholeTimeIsTheSameEverywhere) {
  EXPECT_EQ(ParseTime("2026-11-26T14:00:00+01:00", Lang::kDutch)->seconds(),
            ParseTime("2026-11-26T13:00:00Z", Lang::kDutch)->seconds());
  EXPECT_EQ(TimeText(*ParseTime("2026-11-26 14:00", Lang::kDutch)), "2026-11-26 14:00");
  EXPECT_FALSE(ParseTime("straks", Lang::kDutch).ok());
  EXPECT_EQ(TimeText({}), "");
}

TEST(TimesTest, ADeadlineAtMidnightIsTheDayBefore) {
  const auto text = [](const std::string& time, Lang lang) {
    return DeadlineText(*ParseTime(time, Lang::kDutch), lang);
  };
  EXPECT_EQ(text("2026-11-28", Lang::kDutch), "27-11-2026");
  EXPECT_EQ(text("2026-11-28 00:00", Lang::kEnglish), "2026-11-27");
  EXPECT_EQ(text("2026-11-28 14:00", Lang::kDutch), "28-11-2026 14:00");
  EXPECT_EQ(DeadlineText({}, Lang::kDutch), "");
}

}  // namespace
}  // namespace omzien::cli
