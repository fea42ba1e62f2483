#include "server/domain/names.h"

#include <gtest/gtest.h>

#include <vector>

namespace omzien::domain {
namespace {

constexpr std::string_view kId = "k7q2m4xp0123abcd";

TEST(Names, WhatIsBuiltParsesBack) {
  EXPECT_EQ(ParseMunicipalityName(MunicipalityName("GM0150")), "GM0150");
  EXPECT_EQ(ParseSignalName(SignalName("GM0150", kId)), (NameParts{"GM0150", std::string(kId)}));
  EXPECT_EQ(ParseReferralName(ReferralName("GM0150", kId, 12)),
            (ReferralParts{"GM0150", std::string(kId), 12}));
  EXPECT_EQ(ParseOrganisationName(OrganisationName("GM0150", "a-1")), (NameParts{"GM0150", "a-1"}));
  EXPECT_EQ(ParseOfferName(OfferName("GM0150", "visit")), (NameParts{"GM0150", "visit"}));
  EXPECT_EQ(ParseDistrictName(DistrictName("GM0150", "WK015015")),
            (NameParts{"GM0150", "WK015015"}));
  EXPECT_EQ(ParseTargetGroupName(TargetGroupName("GM0150", "65-plus")),
            (NameParts{"GM0150", "65-plus"}));
  EXPECT_EQ(ParseLifeEventName(LifeEventName("GM0150", "bereavement")),
            (NameParts{"GM0150", "bereavement"}));
  EXPECT_EQ(ParseTeamName(TeamName("GM0150", "team")), (NameParts{"GM0150", "team"}));
}

TEST(Names, OtherFormsAreRefused) {
  const std::string id(kId);
  const std::vector<std::string> signals = {
      "",
      "municipalities/GM0150",
      "municipalities/GM0150/signals/",
      "municipalities/GM0150/signals/" + id + "/",
      "municipalities/GM0150/signals/" + id + "x",
      "municipalities/GM0150/signals/K7Q2M4XP0123ABCD",
      "municipalities/gm0150/signals/" + id,
      "municipalities/GM150/signals/" + id,
      "municipalities/GM0150/referrals/" + id,
      "/municipalities/GM0150/signals/" + id,
      "municipalities//signals/" + id,
      std::string("municipalities/GM0150/signals/k7q2m4xp0123abc\0", 46),
  };
  for (const std::string& name : signals) EXPECT_FALSE(ParseSignalName(name)) << name;

  for (const std::string tail : {"", "-", "-0", "-01", "-1x", "-4294967296", "--1", "-1-1", "1"}) {
    const std::string name = "municipalities/GM0150/referrals/" + id + tail;
    EXPECT_FALSE(ParseReferralName(name)) << name;
  }
  for (const std::string slug : {"", "-a", "a-", "A", "a_b", "a b", "é"}) {
    EXPECT_FALSE(ParseOfferName("municipalities/GM0150/offers/" + slug)) << slug;
  }
  EXPECT_FALSE(ParseOfferName("municipalities/GM0150/offers/" + std::string(41, 'a')));
  for (const std::string code : {"GM0150", "WK01501", "WK0150155", "BU0150150", "bu01501501"}) {
    EXPECT_FALSE(ParseDistrictName("municipalities/GM0150/districts/" + code)) << code;
  }
  EXPECT_FALSE(ParseMunicipalityName("municipalities/GM0150/"));
}

TEST(Names, SegmentsAndMunicipality) {
  EXPECT_EQ(LastSegment("municipalities/GM0150/offers/visit"), "visit");
  EXPECT_EQ(LastSegment("visit"), "visit");
  EXPECT_EQ(LastSegment("visit/"), "");
  EXPECT_EQ(MunicipalityOf("municipalities/GM0150/offers/visit"), "GM0150");
  EXPECT_EQ(MunicipalityOf("municipalities/GM0150"), "GM0150");
  EXPECT_EQ(MunicipalityOf("municipalities/Deventer"), "");
  EXPECT_EQ(MunicipalityOf(""), "");
}

TEST(Names, ReferenceIsShortAndReadable) {
  EXPECT_EQ(ReferenceOf(kId), "K7Q2-M4XP");
  EXPECT_EQ(ReferenceOf("k7q2"), "K7Q2");
  EXPECT_EQ(ReferenceOf(""), "");
}

}  // namespace
}  // namespace omzien::domain
