// The steward's work: a file goes in whole or not at all, and comes out as it went in.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "client/cpp/request_id.h"
#include "tests/e2e/story_world.h"

namespace omzien::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// The line, from 1, on which `text` stands.
int LineOf(const std::string& yaml, const std::string& text) {
  int line = 0;
  for (absl::string_view written : absl::StrSplit(yaml, '\n')) {
    ++line;
    if (absl::StrContains(written, text)) return line;
  }
  throw std::logic_error("no line has " + text);
}

class CatalogueImport : public StoryWorldTest {
 protected:
  absl::StatusOr<v1::ImportCatalogResponse> Import(const std::string& yaml,
                                                   bool validate_only = false) {
    auto request = Of<v1::ImportCatalogRequest>(kDeventer);
    request.set_yaml(yaml);
    request.set_validate_only(validate_only);
    return As("steward").ImportCatalog(request);
  }
  v1::ExportCatalogResponse Export(const std::string& caller = "steward",
                                   const std::string& parent = kDeventer) {
    return Must(As(caller).ExportCatalog(Of<v1::ExportCatalogRequest>(parent)));
  }
  // Replaces text that must be there once.
  static std::string With(const std::string& yaml, const std::string& from, const std::string& to) {
    const size_t at = yaml.find(from);
    if (at == std::string::npos) throw std::logic_error("not in the catalogue: " + from);
    return absl::StrCat(yaml.substr(0, at), to, yaml.substr(at + from.size()));
  }

  const std::string deventer_ = CatalogueText("deventer");
};

TEST_F(CatalogueImport, ReportsEveryErrorOfTheFormWithItsLine) {
  std::string yaml = With(deventer_, "time_zone: Europe/Amsterdam", "tijdzone: Europe/Amsterdam");
  yaml = With(yaml, "covenant_date: 2021-06-24", "covenant_date: 24 juni");
  yaml = With(yaml, "status: unconfirmed", "status: perhaps");
  const auto answer = Import(yaml);
  ASSERT_THAT(answer, FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_CATALOG"));
  std::vector<std::string> said;
  for (const auto& violation : client::DetailsOf(answer.status()).violations) {
    said.push_back(violation.description);
  }
  for (const char* wrong : {"tijdzone: ", "24 juni", "status: perhaps"}) {
    EXPECT_THAT(said, testing::Contains(
                          testing::StartsWith(absl::StrCat("line ", LineOf(yaml, wrong), ": "))))
        << wrong;
  }
}

TEST_F(CatalogueImport, ReportsEveryErrorOfTheContentWithItsLine) {
  const struct {
    std::string from;
    std::string to;
  } kMistakes[] = {
      {"entrance_team: team-toegang-preventie", "entrance_team: nobody-here"},
      {"parent: WK015015, year: 2021}", "parent: WK015099, year: 2021}"},
      {"organisation: carinova-buur-en-zo", "organisation: does-not-exist"},
      {"active_until: 2021-10-07", "active_until: 2021-09-30"},
      {"- id: film-2020", "- id: bloemenactie-2020 # twice"},
      {"districts: [WK015014]", "districts: [WK999999]"},
  };
  std::string yaml = deventer_;
  for (const auto& mistake : kMistakes) yaml = With(yaml, mistake.from, mistake.to);
  const auto answer = Import(yaml);
  ASSERT_THAT(answer, FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_CATALOG"));
  std::vector<std::string> said;
  for (const auto& violation : client::DetailsOf(answer.status()).violations) {
    EXPECT_NE(violation.field, "");
    said.push_back(violation.description);
  }
  for (const auto& mistake : kMistakes) {
    // The line of the value, or of the entry that holds it.
    const int line = LineOf(yaml, mistake.to);
    EXPECT_THAT(said, testing::Contains(testing::StartsWith(absl::StrCat("line ", line, ": "))))
        << mistake.to << " on line " << line << " of\n"
        << testing::PrintToString(said);
  }
  // Nothing of it is in force.
  EXPECT_EQ(Export().generation(), 1);
}

TEST_F(CatalogueImport, ValidateOnlyStoresNothing) {
  const auto before = Export();
  const std::string renamed = With(deventer_, "display_name: Deventer", "display_name: Dèventer");
  const auto answer = Must(Import(renamed, true));
  EXPECT_EQ(answer.offers(), before.catalog().offers_size());
  EXPECT_EQ(answer.generation(), 0);
  EXPECT_THAT(answer.errors(), IsEmpty());
  EXPECT_THAT(Must(Import("municipality: {}", true)).errors(), Not(IsEmpty()));
  EXPECT_EQ(Export().yaml(), before.yaml());
  EXPECT_EQ(Export().generation(), before.generation());
  world_.server().Kill9();
  world_.Restart();
  EXPECT_EQ(Export().yaml(), before.yaml());
}

TEST_F(CatalogueImport, AMessageWithErrorsIsToldAsAFileIs) {
  auto request = Of<v1::ImportCatalogRequest>(kDeventer);
  request.mutable_catalog()->mutable_municipality()->set_code("GM0150");
  EXPECT_THAT(As("steward").ImportCatalog(request),
              FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_CATALOG"));
  request.set_validate_only(true);
  const auto checked = Must(As("steward").ImportCatalog(request));
  std::vector<std::string> paths;
  for (const auto& error : checked.errors()) paths.push_back(error.path());
  EXPECT_THAT(paths, testing::IsSupersetOf({"municipality.display_name", "target_groups"}));
}

// An error status has room for some; asked to check, the answer has all.
TEST_F(CatalogueImport, ACheckListsHoweverManyErrorsThereAre) {
  const std::string yaml = absl::StrReplaceAll(deventer_, {{"kind: buurt", "kind: gehucht"}});
  const auto checked = Must(Import(yaml, true));
  ASSERT_THAT(checked.errors(), SizeIs(69));
  std::vector<int> lines;
  std::vector<int> wrong_lines;
  for (const auto& error : checked.errors()) lines.push_back(error.line());
  int line = 0;
  for (absl::string_view written : absl::StrSplit(yaml, '\n')) {
    ++line;
    if (absl::StrContains(written, "gehucht")) wrong_lines.push_back(line);
  }
  EXPECT_EQ(lines, wrong_lines);
  EXPECT_THAT(checked.errors(0).path(), testing::StartsWith("districts["));

  const auto refused = Import(yaml);
  ASSERT_THAT(refused, FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_CATALOG"));
  const client::ErrorDetails details = client::DetailsOf(refused.status());
  EXPECT_THAT(details.violations, Not(IsEmpty()));
  const auto left_out = details.metadata.find("violations_left_out");
  EXPECT_EQ(details.violations.size() +
                (left_out == details.metadata.end() ? 0 : std::stoul(left_out->second)),
            69u);
}

TEST_F(CatalogueImport, AnotherMunicipalitysFileIsRefused) {
  const auto answer = Import(CatalogueText("voorbeeldstad"));
  ASSERT_THAT(answer, FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_CATALOG"));
  EXPECT_EQ(client::DetailsOf(answer.status()).violations.at(0).field, "municipality.code");
  EXPECT_EQ(Export().catalog().municipality().display_name(), "Deventer");
}

TEST_F(CatalogueImport, WhatIsExportedIsImportedAsItWas) {
  for (const auto& [steward, parent] : std::vector<std::pair<const char*, const char*>>{
           {"steward", kDeventer}, {"v-steward", kVoorbeeldstad}}) {
    const auto first = Export(steward, parent);
    auto request = Of<v1::ImportCatalogRequest>(parent);
    request.set_yaml(first.yaml());
    EXPECT_EQ(Must(As(steward).ImportCatalog(request)).generation(), 2);
    const auto second = Export(steward, parent);
    EXPECT_EQ(second.yaml(), first.yaml());
    EXPECT_EQ(second.catalog().SerializeAsString(), first.catalog().SerializeAsString());
    // As a message, too.
    *request.mutable_catalog() = first.catalog();
    EXPECT_EQ(Must(As(steward).ImportCatalog(request)).generation(), 3);
    EXPECT_EQ(Export(steward, parent).yaml(), first.yaml());
  }
}

TEST_F(CatalogueImport, HasWhatTheSourcesName) {
  const v1::Catalog catalog = Export().catalog();
  std::map<v1::DistrictKind, int> districts;
  int villages = 0;
  for (const auto& district : catalog.districts()) {
    ++districts[district.kind()];
    villages += district.village();
  }
  EXPECT_EQ(districts[v1::DISTRICT_KIND_WIJK], 15);
  EXPECT_EQ(districts[v1::DISTRICT_KIND_BUURT], 69);
  EXPECT_EQ(villages, 5);
  EXPECT_THAT(catalog.postcodes(), SizeIs(27));
  int signed_the_covenant = 0;
  for (const auto& organisation : catalog.organisations()) {
    signed_the_covenant += organisation.has_covenant_date();
  }
  EXPECT_EQ(signed_the_covenant, 19);
}

TEST_F(CatalogueImport, OverRunningCasesKeepsThemRunning) {
  const std::string signal =
      Must(As("jumbo").SubmitSignal(Submission(kDeventer, kBathmenWidow))).signal().name();
  const std::string first = ReferralName(signal, 1);
  // Bathmens Contactteam's only offer is gone, and the team has another name.
  std::string yaml =
      With(deventer_, "- id: contact-via-bathmens-contactteam", "- id: bathmen-komt-langs");
  yaml = absl::StrReplaceAll(
      yaml, {{"display_name: Team toegang/team preventie", "display_name: Team Voordeur"}});
  EXPECT_EQ(Must(Import(yaml)).generation(), 2);

  v1::Referral referral = Must(As("team").GetReferral(Full<v1::GetReferralRequest>(first)));
  EXPECT_EQ(referral.organisation_display_name(), "Team toegang/team preventie");
  EXPECT_EQ(OfferIds(referral.proposals()).at(0), "contact-via-bathmens-contactteam");
  EXPECT_THAT(referral.person().own_words(), HasSubstr("Haar man"));
  Must(As("team").AcceptReferral(Of<v1::AcceptReferralRequest>(first)));
  referral = Must(As("team").RecordContactAttempt(
      Attempt(first,
              "with: CONTACT_WITH_PERSON channel: CONTACT_CHANNEL_VISIT "
              "result: CONTACT_RESULT_REACHED need_learnt: NEED_VISIT",
              "by_whom: CONSENT_GIVER_PERSON when { seconds: 1760000000 }")));
  // Matched again, on the catalogue that is in force now.
  EXPECT_EQ(OfferIds(referral.proposals()).at(0), "bathmen-komt-langs");
  EXPECT_THAT(As("team").PlaceReferral(Placement(first, {"contact-via-bathmens-contactteam"})),
              FailsWith(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_THAT(Must(As("team").PlaceReferral(Placement(first, {"bathmen-komt-langs"}))).placed(),
              SizeIs(1));
  const auto next = Must(As("jumbo").SubmitSignal(Submission(kDeventer, kBathmenWidow)));
  EXPECT_EQ(next.first_contact_display_name(), "Team Voordeur");
}

TEST_F(CatalogueImport, UnderstandsAnOlderCodeThatItsTableResolves) {
  const std::string yaml =
      absl::StrCat(With(deventer_, "districts: [WK015014]", "districts: [WK015097]"),
                   "area_changes:\n- {old_code: WK015097, old_year: 2020, new_codes: [WK015014], "
                   "new_year: 2021, "
                   "source: invented}\n");
  const auto imported = Must(Import(yaml));
  EXPECT_THAT(imported.warnings(),
              testing::Contains(HasSubstr("is an older code: WK015097 is read as WK015014")));
  EXPECT_THAT(Export().yaml(), HasSubstr("area_changes:"));
  auto submission = Submission(kDeventer, kBathmenWidow);
  submission.mutable_signal()->mutable_place()->Clear();
  submission.mutable_signal()->mutable_place()->set_district(
      "municipalities/GM0150/districts/WK015097");
  for (const bool restarted : {false, true}) {
    if (restarted) {
      world_.server().Kill9();
      world_.Restart();
    }
    submission.set_request_id(client::NewRequestId());
    const std::string name = Must(As("jumbo").SubmitSignal(submission)).signal().name();
    const v1::Referral referral =
        Must(As("team").GetReferral(Full<v1::GetReferralRequest>(ReferralName(name, 1))));
    ASSERT_THAT(referral.districts(), SizeIs(1));
    EXPECT_THAT(referral.districts(0).district(), testing::EndsWith("WK015014"));
    EXPECT_EQ(referral.districts(0).certainty(), v1::CERTAINTY_STATED);
  }
  // What comes out names what is in force only.
  EXPECT_THAT(Must(Import(Export().yaml())).warnings(),
              testing::Each(Not(HasSubstr("older code"))));
}

// As many as a large municipality has.
TEST_F(CatalogueImport, TakesATableOfSixCharacterPostcodesBesideTheYaml) {
  auto request = Of<v1::ImportCatalogRequest>(kDeventer);
  request.set_yaml(deventer_);
  const auto add = [&request](const std::string& code, const std::string& district) {
    v1::Postcode* postcode = request.add_postcode_table();
    postcode->set_code(code);
    v1::PostcodeDistrict* candidate = postcode->add_districts();
    candidate->set_district(district);
    candidate->set_certainty(v1::CERTAINTY_LIKELY);
  };
  for (int i = 0; i < 37 * 676; ++i) {
    const int letters = i % 676;
    add(absl::StrCat(7411 + i / 676, std::string(1, static_cast<char>('A' + letters / 26)),
                     std::string(1, static_cast<char>('A' + letters % 26))),
        "BU01501403");
  }
  request.set_validate_only(true);
  const auto checked = Must(As("steward").ImportCatalog(request));
  // Deventer has no 7432: told at the first six characters that begin with it.
  ASSERT_THAT(checked.errors(), Not(IsEmpty()));
  EXPECT_EQ(checked.errors(0).path(), absl::StrCat("postcode_table[", 21 * 676, "].code"));

  std::map<std::string, bool> known;
  const auto before = Export();
  for (const auto& postcode : before.catalog().postcodes()) known[postcode.code()] = true;
  auto* const table = request.mutable_postcode_table();
  table->erase(
      std::remove_if(table->begin(), table->end(),
                     [&known](const auto& entry) { return !known[entry.code().substr(0, 4)]; }),
      table->end());
  const int added = table->size();
  EXPECT_GT(added, 10'000);
  request.set_validate_only(false);
  EXPECT_EQ(Must(As("steward").ImportCatalog(request)).postcodes(), added + 27);

  world_.server().Kill9();
  world_.Restart();
  EXPECT_THAT(Export().catalog().postcodes(), SizeIs(added + 27));
  auto submission = Submission(kDeventer, kBathmenWidow);
  submission.mutable_signal()->mutable_place()->Clear();
  submission.mutable_signal()->mutable_place()->set_postcode("7411 qx");
  const std::string name = Must(As("jumbo").SubmitSignal(submission)).signal().name();
  const v1::Referral referral =
      Must(As("team").GetReferral(Full<v1::GetReferralRequest>(ReferralName(name, 1))));
  ASSERT_THAT(referral.districts(), SizeIs(1));
  EXPECT_THAT(referral.districts(0).district(), testing::EndsWith("BU01501403"));
  EXPECT_EQ(referral.districts(0).certainty(), v1::CERTAINTY_LIKELY);
  EXPECT_EQ(referral.person().place().postcode(), "7411 qx");
}

TEST_F(CatalogueImport, ARestartKeepsTheCatalogueThatIsInForce) {
  Must(Import(With(deventer_, "display_name: Deventer", "display_name: Dèventer")));
  const auto before = Export();
  for (const bool killed : {true, false}) {
    if (killed) {
      world_.server().Kill9();
    } else {
      EXPECT_EQ(world_.server().Terminate(), 0);
    }
    world_.Restart();
    EXPECT_EQ(Export().yaml(), before.yaml());
    EXPECT_EQ(Export().generation(), 2);
    EXPECT_EQ(Export("v-steward", kVoorbeeldstad).generation(), 1);
  }
}

}  // namespace
}  // namespace omzien::e2e
