#include "tests/e2e/large_catalogue.h"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/config/yaml_proto.h"
#include "tests/e2e/story_world.h"

namespace omzien::e2e {
namespace {

constexpr char kOrganisation[] = "wijkteam-voorbeeldstad";
// Codes have two digits for it, from 01, and Voorbeeldstad has two wijken of its own.
constexpr int64_t kFirstWijk = 3;
constexpr int64_t kWijkenMost = 99 - kFirstWijk + 1;
// A catalogue's 1,000 but for Voorbeeldstad's own.
constexpr int64_t kGroupsMost = 990;
// Where cells only have to be small.
constexpr int64_t kFewWijken = 10;
constexpr int64_t kOffersPerGroup = 250;

// The catalogue's text with entries before those of a list.
std::string With(const std::string& list, const std::string& more, std::string text) {
  const std::string begin = absl::StrCat("\n", list, ":\n");
  return text.insert(text.find(begin) + begin.size(), more);
}

}  // namespace

std::string LargeCatalogue::Wijk(int64_t i) {
  return absl::StrFormat("WK9001%02d", kFirstWijk + i);
}

std::string LargeCatalogue::Group(int64_t i) { return absl::StrCat("made-", i); }

LargeCatalogue::Cells LargeCatalogue::AllCells() const {
  if (per_cell == 0) {
    return {kFewWijken, std::clamp<int64_t>(offers / kOffersPerGroup, 1, kGroupsMost)};
  }
  const int64_t wanted = std::max<int64_t>(1, offers / per_cell);
  const int64_t wijken = std::min(wanted, kWijkenMost);
  return {wijken, std::min((wanted + wijken - 1) / wijken, kGroupsMost)};
}

v1::ImportCatalogRequest LargeCatalogue::Begin() const {
  v1::ImportCatalogRequest request = Of<v1::ImportCatalogRequest>(kVoorbeeldstad);
  const Cells cells = AllCells();
  std::string groups, wijken;
  for (int64_t i = 0; i < cells.groups; ++i) {
    absl::StrAppend(&groups, "- {id: ", Group(i), ", display_name: {nl: groep, en: group}}\n");
  }
  for (int64_t i = 0; i < cells.wijken; ++i) {
    absl::StrAppend(&wijken, "- {code: ", Wijk(i), ", display_name: Gemaakt ", i,
                    ", kind: wijk, year: 2024}\n");
  }
  std::string text = CatalogueText("voorbeeldstad");
  if (per_cell > 0) text.resize(text.find("\noffers:\n") + 1);
  request.set_yaml(With("districts", wijken, With("target_groups", groups, std::move(text))));
  return request;
}

v1::Offer LargeCatalogue::At(int64_t i) const {
  const Cells cells = AllCells();
  const int64_t all = cells.wijken * cells.groups;
  // The first cell has no more than its own.
  int64_t cell = i % all;
  if (per_cell > 0 && all > 1) cell = i < per_cell ? 0 : 1 + (i - per_cell) % (all - 1);
  v1::Offer offer;
  offer.set_id(absl::StrCat("made-", i));
  offer.set_display_name(name);
  offer.set_organisation(kOrganisation);
  offer.set_status(v1::OFFER_STATUS_CONFIRMED);
  offer.set_mode(v1::REFERRAL_MODE_DIRECT);
  offer.add_needs(v1::NEED_VISIT);
  offer.add_districts(Wijk(cell / cells.groups));
  offer.add_target_groups(Group(cell % cells.groups));
  offer.mutable_provenance()->set_passage("made");
  return offer;
}

client::NextPart LargeCatalogue::Parts() const {
  return [*this, next = int64_t{0}](v1::OfferPart* part) mutable {
    for (; next < offers && part->offers_size() < 1000; ++next) *part->add_offers() = At(next);
    return absl::OkStatus();
  };
}

v1::Catalog LargeCatalogue::Whole() const {
  v1::Catalog catalog;
  std::vector<config::YamlError> errors;
  if (!config::ParseYaml(Begin().yaml(), &catalog, nullptr, &errors)) {
    throw std::logic_error("not a catalogue: " + errors.front().message);
  }
  for (int64_t i = 0; i < offers; ++i) *catalog.add_offers() = At(i);
  return catalog;
}

}  // namespace omzien::e2e
