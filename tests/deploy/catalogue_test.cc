// What stands in the shipped catalogues: complete, consistent, and true to the sources.

#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "server/domain/catalogue_check.h"
#include "tests/deploy/load_catalogue.h"

namespace omzien::deploy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

const v1::Catalog& DeventerFile() {
  static const v1::Catalog catalog = LoadCatalogue("deventer");
  return catalog;
}

const v1::Catalog& VoorbeeldstadFile() {
  static const v1::Catalog catalog = LoadCatalogue("voorbeeldstad");
  return catalog;
}

template <typename Entries, typename Predicate>
auto Count(const Entries& entries, Predicate predicate) {
  return std::ranges::count_if(entries, predicate);
}

const v1::Offer& Offer(const std::string& id) {
  const auto found = std::ranges::find(DeventerFile().offers(), id, &v1::Offer::id);
  if (found == DeventerFile().offers().end()) {
    ADD_FAILURE() << "no offer " << id;
    return v1::Offer::default_instance();
  }
  return *found;
}

// "WK015010 POSSIBLE", for each candidate of a postcode.
std::vector<std::string> CandidatesOf(const std::string& code) {
  std::vector<std::string> candidates;
  for (const auto& postcode : DeventerFile().postcodes()) {
    if (postcode.code() != code) continue;
    for (const auto& candidate : postcode.districts()) {
      const bool likely = candidate.certainty() == v1::CERTAINTY_LIKELY;
      candidates.push_back(candidate.district() + (likely ? " LIKELY" : " POSSIBLE"));
    }
  }
  return candidates;
}

class Shipped : public ::testing::TestWithParam<const char*> {};

TEST_P(Shipped, HasNoErrors) {
  std::map<std::string, int> lines;
  const v1::Catalog catalog = LoadCatalogue(GetParam(), &lines);
  for (const auto& issue : domain::CheckCatalogue(catalog)) {
    EXPECT_FALSE(issue.error) << "line " << lines[issue.path] << ": " << issue.path << ": "
                              << issue.message;
  }
}

TEST_P(Shipped, SaysWhereEachEntryComesFrom) {
  const v1::Catalog catalog = LoadCatalogue(GetParam());
  for (const auto& entry : catalog.offers()) {
    EXPECT_FALSE(entry.provenance().passage().empty()) << entry.id();
  }
  for (const auto& entry : catalog.organisations()) {
    EXPECT_FALSE(entry.provenance().passage().empty()) << entry.id();
  }
  for (const auto& entry : catalog.target_groups()) {
    EXPECT_FALSE(entry.provenance().passage().empty()) << entry.id();
  }
  for (const auto& entry : catalog.life_events()) {
    EXPECT_FALSE(entry.provenance().passage().empty()) << entry.id();
  }
}

TEST_P(Shipped, SaysOfItsSettingsWhereTheyComeFrom) {
  const v1::Catalog catalog = LoadCatalogue(GetParam());
  EXPECT_FALSE(catalog.municipality().provenance().passage().empty());
}

TEST_P(Shipped, SurvivesBeingExportedAndImported) {
  const v1::Catalog catalog = LoadCatalogue(GetParam());
  v1::Catalog again;
  std::vector<config::YamlError> errors;
  EXPECT_TRUE(config::ParseYaml(config::ToYaml(catalog), &again, nullptr, &errors));
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(catalog, again));
}

INSTANTIATE_TEST_SUITE_P(Catalogues, Shipped, ::testing::Values("deventer", "voorbeeldstad"),
                         [](const auto& test) { return std::string(test.param); });

TEST(Deventer, IsWhole) {
  const auto is_wijk = [](const auto& d) { return d.kind() == v1::DISTRICT_KIND_WIJK; };
  const auto is_buurt = [](const auto& d) { return d.kind() == v1::DISTRICT_KIND_BUURT; };
  EXPECT_EQ(Count(DeventerFile().districts(), is_wijk), 15);
  EXPECT_EQ(Count(DeventerFile().districts(), is_buurt), 69);
  EXPECT_EQ(DeventerFile().postcodes_size(), 27);
  EXPECT_EQ(
      Count(DeventerFile().organisations(), [](const auto& o) { return o.has_covenant_date(); }),
      19);
  for (const auto& district : DeventerFile().districts()) {
    EXPECT_EQ(district.year(), is_wijk(district) ? 2024u : 2021u) << district.code();
  }
}

// A field is marked when the note says that it is assumed: the note alone is lost on programs.
TEST(Deventer, MarksWhatItsNotesCallAssumed) {
  const v1::Catalog& catalog = DeventerFile();
  const auto check = [](const std::string& id, const v1::Provenance& provenance) {
    const bool said = provenance.note().find("aangenomen") != std::string::npos;
    EXPECT_TRUE(!said || provenance.assumed_size() > 0) << id;
    EXPECT_EQ(provenance.note().find("Soort en sector zijn aangenomen") != std::string::npos,
              Count(provenance.assumed(),
                    [](int field) { return field == v1::ASSUMED_FIELD_SECTOR; }) == 1)
        << id;
  };
  check("municipality", catalog.municipality().provenance());
  for (const auto& entry : catalog.target_groups()) check(entry.id(), entry.provenance());
  for (const auto& entry : catalog.life_events()) check(entry.id(), entry.provenance());
  for (const auto& entry : catalog.organisations()) check(entry.id(), entry.provenance());
  for (const auto& entry : catalog.teams()) check(entry.id(), entry.provenance());
  for (const auto& entry : catalog.offers()) check(entry.id(), entry.provenance());
  EXPECT_THAT(catalog.municipality().provenance().assumed(),
              UnorderedElementsAre(v1::ASSUMED_FIELD_DEADLINES, v1::ASSUMED_FIELD_UNREACHABLE,
                                   v1::ASSUMED_FIELD_RANK_PREFERENCES,
                                   v1::ASSUMED_FIELD_ENTRANCE_TEAM, v1::ASSUMED_FIELD_LANGUAGE,
                                   v1::ASSUMED_FIELD_ACUTE, v1::ASSUMED_FIELD_DO_NOT_CONTACT));
}

TEST(Deventer, LeavesHealthAndOriginToProfessionals) {
  std::vector<std::string> marked;
  for (const auto& entry : DeventerFile().target_groups()) {
    if (entry.professionals_only()) marked.push_back(entry.id());
  }
  for (const auto& entry : DeventerFile().life_events()) {
    if (entry.professionals_only()) marked.push_back(entry.id());
  }
  EXPECT_THAT(marked,
              UnorderedElementsAre("migrants", "growing-frailty", "failing-health", "covid"));
}

TEST(Deventer, FlagsTheFiveVillages) {
  std::vector<std::string> villages;
  for (const auto& district : DeventerFile().districts()) {
    if (district.village()) villages.push_back(district.display_name());
  }
  EXPECT_THAT(villages,
              UnorderedElementsAre("Diepenveen", "Schalkhaar", "Okkenbroek", "Lettele", "Bathmen"));
}

TEST(Deventer, SignedOn24June2021AndAllSignalAndReceive) {
  for (const auto& party : DeventerFile().organisations()) {
    if (party.id() == "noad") {
      EXPECT_FALSE(party.has_covenant_date());
      continue;
    }
    EXPECT_EQ(party.covenant_date().year(), 2021) << party.id();
    EXPECT_EQ(party.covenant_date().month(), 6) << party.id();
    EXPECT_EQ(party.covenant_date().day(), 24) << party.id();
    EXPECT_TRUE(party.signals() && party.receives()) << party.id();
  }
}

TEST(DeventerPostcodes, NeverNameOneDistrict) {
  const std::set<std::string> boxes = {"7400", "7401", "7420", "7430"};
  for (const auto& postcode : DeventerFile().postcodes()) {
    const bool box = boxes.contains(postcode.code());
    EXPECT_EQ(postcode.post_office_box(), box) << postcode.code();
    if (box) {
      EXPECT_EQ(postcode.districts_size(), 0) << postcode.code();
    } else {
      EXPECT_GE(postcode.districts_size(), 2) << postcode.code();
    }
  }
}

TEST(DeventerPostcodes, AreLikelyOnlyForFourVillages) {
  const std::map<std::string, std::string> likely = {
      {"7431", "WK015011"}, {"7433", "WK015012"}, {"7434", "WK015014"}, {"7437", "WK015015"}};
  for (const auto& postcode : DeventerFile().postcodes()) {
    for (const auto& candidate : postcode.districts()) {
      if (candidate.certainty() != v1::CERTAINTY_LIKELY) continue;
      const auto expected = likely.find(postcode.code());
      ASSERT_NE(expected, likely.end()) << postcode.code();
      EXPECT_EQ(candidate.district(), expected->second) << postcode.code();
    }
  }
  for (const auto& [code, wijk] : likely) {
    EXPECT_THAT(CandidatesOf(code), ::testing::Contains(wijk + " LIKELY")) << code;
  }
}

TEST(DeventerPostcodes, KeepTheKnownLimits) {
  EXPECT_THAT(CandidatesOf("7435"), ElementsAre("WK015013 POSSIBLE", "BU01501403 POSSIBLE"));
  EXPECT_THAT(CandidatesOf("7423"), ::testing::Contains("WK015008 POSSIBLE"));
  EXPECT_THAT(CandidatesOf("7428"), ::testing::Contains("WK015010 POSSIBLE"));
  EXPECT_THAT(CandidatesOf("7439"), IsEmpty());
}

struct OfferRow {
  const char* id;
  v1::OfferStatus status;
  v1::ReferralMode mode;
};

TEST(DeventerOffers, HaveTheStatusThatTheSourcesGive) {
  for (const OfferRow& row :
       {OfferRow{"buurtgeluk", v1::OFFER_STATUS_CONFIRMED, v1::REFERRAL_MODE_ASK_FIRST},
        {"buur-en-zo", v1::OFFER_STATUS_CONFIRMED, v1::REFERRAL_MODE_ASK_FIRST},
        {"maatjesactiviteiten", v1::OFFER_STATUS_CONFIRMED, v1::REFERRAL_MODE_ASK_FIRST},
        {"oldstars-voetbal", v1::OFFER_STATUS_CONFIRMED, v1::REFERRAL_MODE_ASK_FIRST},
        {"kom-erbij-festival-2021", v1::OFFER_STATUS_CONFIRMED, v1::REFERRAL_MODE_SELF_JOIN},
        {"deventer-belt", v1::OFFER_STATUS_UNCONFIRMED, v1::REFERRAL_MODE_ASK_FIRST},
        {"compaan", v1::OFFER_STATUS_UNCONFIRMED, v1::REFERRAL_MODE_ASK_FIRST},
        {"meedoenregeling", v1::OFFER_STATUS_UNCONFIRMED, v1::REFERRAL_MODE_INFORMATION},
        {"bloemenactie-2020", v1::OFFER_STATUS_ENDED, v1::REFERRAL_MODE_INFORMATION},
        {"film-2020", v1::OFFER_STATUS_ENDED, v1::REFERRAL_MODE_INFORMATION},
        {"deur-balkongesprekken-2020", v1::OFFER_STATUS_ENDED, v1::REFERRAL_MODE_INFORMATION},
        {"kerstkaarten-leerlingen-2020", v1::OFFER_STATUS_ENDED, v1::REFERRAL_MODE_INFORMATION},
        {"kerstpakketten-ondernemers-2020", v1::OFFER_STATUS_ENDED, v1::REFERRAL_MODE_INFORMATION},
        {"up-talkshow-2020", v1::OFFER_STATUS_ENDED, v1::REFERRAL_MODE_INFORMATION},
        {"webinar-anderhalvemeter", v1::OFFER_STATUS_ENDED, v1::REFERRAL_MODE_INFORMATION},
        {"webinar-eenzaamheid-2021", v1::OFFER_STATUS_ENDED, v1::REFERRAL_MODE_INFORMATION}}) {
    EXPECT_EQ(Offer(row.id).status(), row.status) << row.id;
    EXPECT_EQ(Offer(row.id).mode(), row.mode) << row.id;
  }
}

TEST(DeventerOffers, LeadToEveryPartyThatSigned) {
  std::set<std::string> reachable;
  for (const auto& offer : DeventerFile().offers()) {
    if (offer.status() != v1::OFFER_STATUS_ENDED) reachable.insert(offer.organisation());
  }
  for (const auto& party : DeventerFile().organisations()) {
    EXPECT_EQ(reachable.contains(party.id()), party.has_covenant_date()) << party.id();
  }
}

TEST(DeventerOffers, AskFirstAndAssumeWhereOnlyThePartyIsKnown) {
  int entries = 0;
  for (const auto& offer : DeventerFile().offers()) {
    if (!offer.id().starts_with("contact-via-")) continue;
    ++entries;
    EXPECT_EQ(offer.id(), "contact-via-" + offer.organisation());
    EXPECT_THAT(offer.display_name(), ::testing::StartsWith("Contact via "));
    EXPECT_EQ(offer.status(), v1::OFFER_STATUS_UNCONFIRMED) << offer.id();
    EXPECT_EQ(offer.mode(), v1::REFERRAL_MODE_ASK_FIRST) << offer.id();
    EXPECT_THAT(offer.provenance().assumed(),
                ::testing::IsSupersetOf({static_cast<int>(v1::ASSUMED_FIELD_NEEDS),
                                         static_cast<int>(v1::ASSUMED_FIELD_TARGET_GROUPS),
                                         static_cast<int>(v1::ASSUMED_FIELD_DISTRICTS)}))
        << offer.id();
    EXPECT_FALSE(offer.provenance().note().empty()) << offer.id();
  }
  EXPECT_EQ(entries, 18);
}

TEST(DeventerOffers, KeepVillagePartiesToTheirVillage) {
  EXPECT_THAT(Offer("contact-via-bathmens-contactteam").districts(), ElementsAre("WK015015"));
  EXPECT_THAT(Offer("contact-via-hulpdienst-diepenveen").districts(), ElementsAre("WK015011"));
  EXPECT_THAT(Offer("contact-via-schalkhaar-helpt-elkaar").districts(), ElementsAre("WK015012"));
  EXPECT_THAT(Offer("contact-via-knooppunt-lettele").districts(), ElementsAre("WK015014"));
}

TEST(DeventerOffers, LeaveTheCoalitionsOwnGaps) {
  for (const auto& offer : DeventerFile().offers()) {
    EXPECT_THAT(offer.target_groups(), ::testing::Not(::testing::Contains("migrants")))
        << offer.id();
    EXPECT_THAT(offer.districts(), ::testing::Not(::testing::Contains("WK015013"))) << offer.id();
  }
}

TEST(Voorbeeldstad, SharesNothingWithDeventer) {
  const auto codes_of = [](const v1::Catalog& catalog) {
    std::set<std::string> codes = {catalog.municipality().code()};
    for (const auto& district : catalog.districts()) codes.insert(district.code());
    for (const auto& postcode : catalog.postcodes()) codes.insert(postcode.code());
    for (const auto& organisation : catalog.organisations()) codes.insert(organisation.id());
    for (const auto& offer : catalog.offers()) codes.insert(offer.id());
    return codes;
  };
  const std::set<std::string> deventer = codes_of(DeventerFile());
  const std::set<std::string> voorbeeldstad = codes_of(VoorbeeldstadFile());
  std::vector<std::string> shared;
  std::ranges::set_intersection(deventer, voorbeeldstad, std::back_inserter(shared));
  EXPECT_THAT(shared, IsEmpty());
  EXPECT_EQ(VoorbeeldstadFile().districts_size(), 6);
  EXPECT_EQ(VoorbeeldstadFile().offers_size(), 3);
}

}  // namespace
}  // namespace omzien::deploy
