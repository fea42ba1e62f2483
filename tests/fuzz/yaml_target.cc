#include <google/protobuf/util/message_differencer.h>

#include <fstream>
#include <iterator>
#include <memory>

#include "absl/strings/str_cat.h"
#include "omzien/config/v1/config.pb.h"
#include "omzien/v1/catalog_service.pb.h"
#include "server/config/yaml_proto.h"
#include "server/domain/catalogue.h"
#include "server/domain/catalogue_check.h"
#include "server/domain/errors.h"
#include "server/domain/matching.h"
#include "server/domain/place.h"
#include "tests/fuzz/fuzz.h"

namespace omzien::fuzz {
namespace {

using google::protobuf::util::MessageDifferencer;

// Long texts are the rules' to refuse, not to take their time over.
constexpr size_t kMostBytes = 20'000;
// Quoted values are cut, and so are paths of what is written.
constexpr size_t kLongestMessage = 1000;

// What is read is written and read again. True when there were no errors.
bool Read(std::string_view text, google::protobuf::Message& message) {
  std::map<std::string, int> lines;
  std::vector<config::YamlError> errors;
  const bool good = config::ParseYaml(text, &message, &lines, &errors);
  Require(good == errors.empty(), "errors, or none");
  Require(errors.size() <= config::kMostYamlErrors + 1, "not more errors than may be");
  int line = 0;
  for (const config::YamlError& error : errors) {
    Require(!error.message.empty() && error.message.size() < kLongestMessage,
            absl::StrCat("a sentence: ", error.message));
    Require(error.line >= line, "errors by line");
    line = error.line;
  }
  if (!good) return false;
  const std::string written = config::ToYaml(message);
  std::unique_ptr<google::protobuf::Message> again(message.New());
  std::vector<config::YamlError> more;
  Require(config::ParseYaml(written, again.get(), nullptr, &more),
          absl::StrCat("what is written can be read: ", more.empty() ? "" : more[0].message));
  Require(MessageDifferencer::Equals(message, *again), "what is written is read back");
  return true;
}

// A catalogue without errors can be built and asked; one with errors can't be built.
void Check(const v1::Catalog& catalog) {
  bool errors = false;
  for (const domain::CatalogueIssue& issue : domain::CheckCatalogue(catalog)) {
    Require(!issue.message.empty(), "an issue says what it is");
    errors |= issue.error;
  }
  const auto built = domain::Catalogue::Build(catalog, 1);
  Require(built.ok() != errors, "a catalogue is built if it has no errors");
  if (!built.ok()) return RequireOurError(built.status());
  const domain::Catalogue& catalogue = **built;
  v1::Place place;
  place.set_words(catalog.districts().empty() ? "elders" : catalog.districts(0).display_name());
  const auto resolved = domain::ResolvePlace(catalogue, place);
  RequireOurError(resolved.status());
  if (!resolved.ok()) return;
  domain::MatchQuery query;
  query.places = resolved->candidates;
  query.certain_wijk = resolved->certain_wijk;
  query.groups = domain::GroupsOf(catalogue, {}, v1::AGE_BAND_65_PLUS, "nl");
  query.day = absl::CivilDay(2026, 11, 22);
  const auto result =
      domain::MatchAll(catalogue, query, [](std::string_view) { return storage::v1::OfferLoad(); });
  Require(result.matches.size() == static_cast<size_t>(catalog.offers_size()),
          "each offer fits or has a reason");
}

// Has every kind of entry, in few bytes.
constexpr char kSmallCatalogue[] = R"(
municipality: {code: GM9901, display_name: V, time_zone: Europe/Amsterdam, entrance_team: t,
  deadlines: {accept_days: 3, first_contact_days: 3, offer_contact_days: 9, after_check_days: 60},
  unreachable: {attempts: 2, channels: 2}, common_languages: [nl, fy],
  rank_preferences: [{target_group: o, first: group}]}
districts:
- {code: WK990101, display_name: W, kind: wijk, year: 2024, village: true}
- {code: BU99010101, display_name: B, kind: buurt, parent: WK990101, year: 2024}
postcodes: [{code: "9990", districts: [{district: WK990101, certainty: likely}]}]
target_groups:
- {id: e, display_name: {nl: A, en: A}, everyone: true}
- {id: o, display_name: {nl: O, en: O}, age_bands: [65_plus]}
life_events: [{id: l, display_name: {nl: L, en: L}}]
organisations:
- {id: t, display_name: T, kind: social_team, sector: public, covenant_date: 2022-03-01,
  signals: true, receives: true}
teams: [{id: t, display_name: T, organisation: t, all_districts: true}]
mandates:
- {organisation: t, districts: [BU99010101], since: 2024-01-01, data_agreement: d,
  signaller_kinds: [shopkeeper]}
offers:
- {id: a, display_name: A, organisation: t, status: confirmed, mode: direct, needs: [visit, buddy],
  target_groups: [o], districts: [WK990101], life_events: [l], languages: [nl], capacity: 5,
  track: residents, provenance: {passage: p}}
- {id: b, display_name: B, organisation: t, status: unconfirmed, mode: ask_first, needs: [activity],
  target_groups: [e], all_districts: true, provenance: {passage: p}}
)";

std::string Text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

// The first byte says which of both: even a catalogue, odd a configuration.
void FuzzYaml(std::string_view input) {
  if (input.empty() || input.size() > kMostBytes) return;
  const std::string_view text = input.substr(1);
  if (input[0] % 2 != 0) {
    omzien::config::v1::ServerConfig server_config;
    Read(text, server_config);
    return;
  }
  v1::Catalog catalog;
  if (Read(text, catalog)) Check(catalog);
}

std::vector<std::string> YamlSeeds() {
  const std::string deploy = OMZIEN_DEPLOY;
  const std::string deventer = Text(deploy + "/deventer/catalog.yaml");
  v1::Catalog small;
  Require(Read(kSmallCatalogue, small) && domain::Catalogue::Build(small, 1).ok(),
          "a small catalogue without errors");
  std::vector<std::string> catalogues = {
      kSmallCatalogue,
      Text(deploy + "/voorbeeldstad/catalog.yaml"),
      "municipality: {code: GM9901, display_name: \"Voor\\u00e9\", time_zone: Europe/Amsterdam}\n",
      "districts: &d [{code: WK990101, kind: wijk}]\noffers: []\n# einde\n",
      "organisations:\n- id: a\n  covenant_date: 2021-06-24\n  contact: >-\n    een\n    twee\n",
  };
  // A piece of the shipped catalogue for each kind of entry.
  for (const char* key : {"\ntarget_groups:", "\nlife_events:", "\norganisations:", "\nteams:",
                          "\nmandates:", "\noffers:", "\npostcodes:"}) {
    const size_t begin = deventer.find(key);
    if (begin != std::string::npos) catalogues.push_back(deventer.substr(begin + 1, 1500));
  }
  std::vector<std::string> seeds = {
      "1" + Text(deploy + "/config/omzien-server.example.yaml"),
      "1data_dir: /var/lib/x\ndeadline_cap: 1m30s\ncallers: [{id: a, grants: [{role: steward}]}]\n",
  };
  for (const std::string& catalogue : catalogues) seeds.push_back("0" + catalogue);
  return seeds;
}

}  // namespace omzien::fuzz
