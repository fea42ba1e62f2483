#include "server/domain/first_contact.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/domain/errors.h"
#include "tests/server/domain/test_catalogue.h"

namespace omzien::domain {
namespace {

using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

constexpr absl::CivilDay kToday(2026, 11, 22);

v1::Mandate* AddMandate(v1::Catalog& catalog, const std::string& organisation,
                        const std::string& district, absl::CivilDay since) {
  v1::Mandate* const mandate = catalog.add_mandates();
  mandate->set_organisation(organisation);
  mandate->add_districts(district);
  *mandate->mutable_since() = DateOfDay(since);
  mandate->set_data_agreement("2026-01");
  return mandate;
}

// Three teams and the entrance's; Heidedorp's own team is mandated from today, but for shopkeepers
// only; its east from last year for everyone.
v1::Catalog CatalogWithTeams() {
  v1::Catalog catalog = testing::TestCatalog();
  catalog.mutable_teams(0)->set_all_districts(false);
  catalog.mutable_teams(0)->add_districts("WK990101");
  testing::AddTeam(catalog, "heide", {"WK990102"});
  testing::AddTeam(catalog, "markt", {"BU99010101"});
  testing::AddTeam(catalog, "molen", {"BU99010102"});
  AddMandate(catalog, "dorpsteam", "WK990102", kToday)
      ->add_signaller_kinds(v1::SIGNALLER_KIND_SHOPKEEPER);
  AddMandate(catalog, "ontvanger", "BU99010202", kToday - 300);
  AddMandate(catalog, "winkel", "WK990101", kToday + 1);
  return catalog;
}

ResolvedPlace Resolve(const Catalogue& catalogue, const std::string& district,
                      const std::string& postcode) {
  v1::Place place;
  if (!district.empty()) place.set_district("municipalities/GM9901/districts/" + district);
  place.set_postcode(postcode);
  auto resolved = ResolvePlace(catalogue, place);
  EXPECT_TRUE(resolved.ok()) << resolved.status();
  return resolved.ok() ? *resolved : ResolvedPlace();
}

TEST(FirstContact, FollowsFromThePlace) {
  const auto catalogue = testing::MustBuild(CatalogWithTeams());
  ASSERT_NE(catalogue, nullptr);
  const v1::SignallerKind kShop = v1::SIGNALLER_KIND_SHOPKEEPER;
  const v1::SignallerKind kGp = v1::SIGNALLER_KIND_GP;
  const struct {
    std::string name, district, postcode;
    v1::SignallerKind kind;
    absl::CivilDay today;
    std::string display_name;
    std::vector<std::string> all;
  } kCases[] = {
      {"a mandate",
       "WK990102",
       "",
       kShop,
       kToday,
       "Organisatie dorpsteam",
       {"Organisatie dorpsteam"}},
      {"a mandate that begins tomorrow",
       "WK990102",
       "",
       kShop,
       kToday - 1,
       "Team heide",
       {"Team heide"}},
      {"a mandate for other signallers", "WK990102", "", kGp, kToday, "Team heide", {"Team heide"}},
      {"a mandate of the wijk covers its buurten",
       "BU99010201",
       "",
       kShop,
       kToday,
       "Organisatie dorpsteam",
       {"Organisatie dorpsteam"}},
      {"a mandate of the buurt itself goes first",
       "BU99010202",
       "",
       kShop,
       kToday,
       "Organisatie ontvanger",
       {"Organisatie ontvanger"}},
      {"the team of the wijk", "WK990101", "", kShop, kToday, "Team toegang", {"Team toegang"}},
      {"the team of the buurt itself goes first",
       "BU99010101",
       "",
       kShop,
       kToday,
       "Team markt",
       {"Team markt"}},
      {"candidates: the surest one's team, no mandate",
       "",
       "1002",
       kShop,
       kToday,
       "Team toegang",
       {"Team toegang", "Team heide"}},
      {"a candidate without a team is passed over",
       "",
       "1003",
       kShop,
       kToday,
       "Team toegang",
       {"Team toegang"}},
      {"unknown: the entrance team", "", "1000", kShop, kToday, "Team toegang", {"Team toegang"}},
  };
  for (const auto& c : kCases) {
    const ResolvedPlace place = Resolve(*catalogue, c.district, c.postcode);
    const auto party = FirstContactFor(*catalogue, place, c.kind, c.today);
    ASSERT_TRUE(party.ok()) << c.name << ": " << party.status();
    EXPECT_EQ(party->display_name, c.display_name) << c.name;
    EXPECT_NE(catalogue->organisation(party->organisation), nullptr) << c.name;
    EXPECT_THAT(party->reason.nl(), HasSubstr(c.display_name)) << c.name;
    EXPECT_THAT(party->reason.en(), HasSubstr(c.display_name)) << c.name;
    std::vector<std::string> all;
    for (const auto& other : FirstContactPartiesFor(*catalogue, place, c.kind, c.today)) {
      all.push_back(other.display_name);
    }
    EXPECT_THAT(all, ElementsAreArray(c.all)) << c.name;
  }
}

TEST(FirstContact, IsRefusedOnlyWhereNobodyCoversThePlace) {
  const auto catalogue = testing::MustBuild(CatalogWithTeams());
  ASSERT_NE(catalogue, nullptr);
  const auto party = FirstContactFor(*catalogue, Resolve(*catalogue, "WK990103", ""),
                                     v1::SIGNALLER_KIND_GP, kToday);
  ASSERT_FALSE(party.ok());
  EXPECT_EQ(party.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(party.status()), "NO_FIRST_CONTACT_PARTY");
}

TEST(FirstContact, SaysWhyInOneSentence) {
  const auto catalogue = testing::MustBuild(CatalogWithTeams());
  ASSERT_NE(catalogue, nullptr);
  const struct {
    std::string district, postcode, nl, en;
  } kCases[] = {
      {"WK990102", "",
       "Organisatie dorpsteam legt in Heidedorp het eerste contact, in opdracht van de gemeente.",
       "Organisatie dorpsteam makes first contact in Heidedorp, mandated by the municipality."},
      {"WK990101", "", "Team toegang legt in Kern het eerste contact.",
       "Team toegang makes first contact in Kern."},
      {"", "1001", "Team toegang legt het eerste contact; de plaats is niet zeker, mogelijk Kern.",
       "Team toegang makes first contact; the place isn't certain, possibly Kern."},
      {"", "1000", "De plaats is niet bekend: Team toegang legt het eerste contact.",
       "The place isn't known: Team toegang makes first contact."},
  };
  for (const auto& c : kCases) {
    const auto party = FirstContactFor(*catalogue, Resolve(*catalogue, c.district, c.postcode),
                                       v1::SIGNALLER_KIND_SHOPKEEPER, kToday);
    ASSERT_TRUE(party.ok());
    EXPECT_EQ(party->reason.nl(), c.nl);
    EXPECT_EQ(party->reason.en(), c.en);
  }
}

TEST(FirstContact, SaysWhatOfTheTeamIsAssumed) {
  v1::Catalog catalog = CatalogWithTeams();
  v1::Provenance* provenance = catalog.mutable_teams(0)->mutable_provenance();
  provenance->set_passage("invented");
  provenance->add_assumed(v1::ASSUMED_FIELD_DISTRICTS);
  const auto catalogue = testing::MustBuild(catalog);
  ASSERT_NE(catalogue, nullptr);
  const auto reason = [&](const std::string& district, const std::string& postcode) {
    return FirstContactFor(*catalogue, Resolve(*catalogue, district, postcode),
                           v1::SIGNALLER_KIND_GP, kToday)
        ->reason;
  };
  EXPECT_EQ(reason("WK990101", "").nl(),
            "Team toegang legt in Kern het eerste contact; aangenomen: wijk.");
  EXPECT_EQ(reason("WK990101", "").en(),
            "Team toegang makes first contact in Kern; assumed: district.");
  EXPECT_EQ(reason("", "1001").nl(),
            "Team toegang legt het eerste contact; de plaats is niet zeker, mogelijk Kern; "
            "aangenomen: wijk.");
  // As the entrance it is asked whatever districts it serves; and another team's is stated.
  EXPECT_EQ(reason("", "1000").nl(),
            "De plaats is niet bekend: Team toegang legt het eerste contact.");
  EXPECT_EQ(reason("BU99010101", "").nl(), "Team markt legt in Markt het eerste contact.");
}

TEST(FirstContact, OfTheEntranceTeamSaysHowItCameToIt) {
  const struct {
    EntranceCause cause;
    std::string nl, en;
  } kCases[] = {
      {EntranceCause::kUnknownPlace,
       "De plaats is niet bekend: Team toegang legt het eerste contact.",
       "The place isn't known: Team toegang makes first contact."},
      {EntranceCause::kTakesOver, "Team toegang neemt het eerste contact over.",
       "Team toegang takes first contact over."},
      {EntranceCause::kNobodyElse,
       "Geen team dekt deze plaats: Team toegang legt het eerste contact.",
       "No team covers this place: Team toegang makes first contact."},
  };
  const auto catalogue = testing::MustBuild(CatalogWithTeams());
  ASSERT_NE(catalogue, nullptr);
  for (const auto& c : kCases) {
    const auto party = EntranceTeam(*catalogue, c.cause);
    ASSERT_TRUE(party.ok()) << party.status();
    EXPECT_EQ(party->display_name, "Team toegang");
    EXPECT_EQ(party->reason.nl(), c.nl);
    EXPECT_EQ(party->reason.en(), c.en);
  }
}

// Team toegang serves all districts but Heidedorp, which is team heide's; dorpsteam has the mandate
// for Polderzicht.
TEST(FirstContact, FollowsAPersonWhoTurnsOutToLiveElsewhere) {
  v1::Catalog catalog = testing::TestCatalog();
  testing::AddTeam(catalog, "heide", {"WK990102"});
  v1::Mandate* const mandate = catalog.add_mandates();
  mandate->set_organisation("dorpsteam");
  mandate->add_districts("WK990103");
  *mandate->mutable_since() = DateOfDay(absl::CivilDay(2026, 1, 1));
  mandate->set_data_agreement("2026-01");
  const auto catalogue = testing::MustBuild(catalog);
  ASSERT_NE(catalogue, nullptr);
  const auto at = [&catalogue](const std::string& code) {
    v1::Place place;
    if (!code.empty()) place.set_district("municipalities/GM9901/districts/" + code);
    return *ResolvePlace(*catalogue, place);
  };
  const struct {
    std::string organisation, display_name, former, now_at, taken_over_by;
  } kCases[] = {
      {"gemeente", "Team toegang", "WK990101", "BU99010201", "Team heide"},
      {"gemeente", "Team toegang", "", "WK990102", "Team heide"},
      {"gemeente", "Team heide", "WK990102", "WK990103", "Organisatie dorpsteam"},
      {"dorpsteam", "Organisatie dorpsteam", "WK990103", "WK990101", "Team toegang"},
      // It has it already.
      {"gemeente", "Team toegang", "", "WK990101", ""},
      {"gemeente", "Team heide", "WK990101", "WK990102", ""},
      // Someone chose the village's team, for a person who still lives in the town.
      {"dorpsteam", "Organisatie dorpsteam", "WK990101", "BU99010101", ""},
  };
  for (const auto& c : kCases) {
    const auto party =
        FollowsThePerson(*catalogue, {c.organisation, c.display_name, at(c.former)}, at(c.now_at),
                         v1::SIGNALLER_KIND_SHOPKEEPER, absl::CivilDay(2026, 11, 22));
    const std::string what = c.display_name + " " + c.former + " " + c.now_at;
    ASSERT_EQ(party.has_value(), !c.taken_over_by.empty()) << what;
    if (!party.has_value()) continue;
    EXPECT_EQ(party->display_name, c.taken_over_by) << what;
    EXPECT_THAT(party->reason.nl(),
                ::testing::StartsWith("Overgedragen door " + c.display_name + ": "))
        << what;
    EXPECT_THAT(party->reason.en(), ::testing::HasSubstr(c.taken_over_by)) << what;
  }
}

}  // namespace
}  // namespace omzien::domain
