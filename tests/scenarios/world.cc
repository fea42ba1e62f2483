#include "tests/scenarios/world.h"

#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "server/config/yaml_proto.h"

namespace omzien::scenarios {
namespace {

constexpr int kFirstCode = 7000;

v1::Catalog Parsed(const std::string& yaml) {
  v1::Catalog catalogue;
  std::vector<config::YamlError> errors;
  if (!config::ParseYaml(yaml, &catalogue, nullptr, &errors)) {
    throw std::runtime_error(absl::StrCat(errors[0].path, ": ", errors[0].message));
  }
  return catalogue;
}

// The catalogue of deploy/, with `from` in the codes of municipality, wijken and buurten replaced.
v1::Catalog Copy(const std::string& municipality, const std::string& from,
                 const std::string& digits) {
  return Parsed(absl::StrReplaceAll(
      e2e::CatalogueText(municipality),
      {{"GM" + from, "GM" + digits}, {"WK" + from, "WK" + digits}, {"BU" + from, "BU" + digits}}));
}

v1::Catalog Invented() {
  std::ifstream file(OMZIEN_SCENARIOS "/invented.yaml");
  return Parsed(std::string{std::istreambuf_iterator<char>(file), {}});
}

std::string CallerId(const std::string& organisation, const std::string& role) {
  return absl::StrCat(organisation, ".", role);
}

}  // namespace

absl::TimeZone Zone() {
  absl::TimeZone zone;
  if (!absl::LoadTimeZone("Europe/Amsterdam", &zone)) throw std::runtime_error("no time zone");
  return zone;
}

std::string DigitsOf(int municipality) { return absl::StrCat(kFirstCode + municipality); }

v1::Catalog DeventersCatalogue(const std::string& digits) {
  static const auto* const kInvented = new v1::Catalog(Invented());
  v1::Catalog catalogue = Copy("deventer", "0150", digits);
  catalogue.MergeFrom(*kInvented);
  return catalogue;
}

v1::Catalog VoorbeeldstadsCatalogue(const std::string& digits) {
  return Copy("voorbeeldstad", "9001", digits);
}

World::World(int municipalities) {
  if (municipalities > kRowsMax) throw std::runtime_error("too many rows in a file");
  std::set<std::string> organisations;
  for (const v1::Catalog& catalogue :
       {DeventersCatalogue("7000"), VoorbeeldstadsCatalogue("7000")}) {
    for (const auto& organisation : catalogue.organisations()) {
      organisations.insert(organisation.id());
    }
  }
  e2e::Installation& installation = world_.installation();
  installation.config().clear_callers();
  const auto add = [&](const std::string& id, const std::string& grant) {
    std::vector<std::string> grants;
    for (int i = 0; i < municipalities; ++i) {
      grants.push_back(absl::StrCat("GM", DigitsOf(i), " ", grant));
    }
    installation.AddCaller(id, grants);
  };
  for (const std::string& organisation : organisations) {
    for (const char* role : {"signaller", "first_contact", "receiver"}) {
      add(CallerId(organisation, role), absl::StrCat(role, " ", organisation));
    }
  }
  add("coordinator", "coordinator");
  add("steward", "steward");
  installation.WriteConfig();
  world_.Start();
}

client::Client& World::As(const std::string& organisation, const std::string& role) {
  return world_.As(CallerId(organisation, role));
}

void World::Later(int days) {
  if (world_.server().Terminate() != 0) throw std::runtime_error("the server didn't stop well");
  const absl::TimeZone zone = Zone();
  const absl::Time then = absl::Now() + ahead_;
  const absl::CivilSecond civil = absl::ToCivilSecond(then, zone);
  const absl::CivilSecond later(civil.year(), civil.month(), civil.day() + days, civil.hour(),
                                civil.minute(), civil.second());
  if (days > 0) ahead_ += absl::FromCivil(later, zone) - absl::FromCivil(civil, zone);
  std::vector<std::string> environment;
  if (ahead_ > absl::ZeroDuration()) {
    environment = {"LD_PRELOAD=" OMZIEN_FAKETIME, "FAKETIME_DONT_FAKE_MONOTONIC=1",
                   absl::StrCat("FAKETIME=+", absl::ToInt64Seconds(ahead_))};
  }
  world_.Start(environment);
}

absl::CivilDay World::Today() const {
  return absl::CivilDay(absl::ToCivilDay(absl::Now() + ahead_, Zone()));
}

}  // namespace omzien::scenarios
