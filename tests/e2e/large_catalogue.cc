#include "tests/e2e/large_catalogue.h"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/config/yaml_proto.h"
#include "tests/e2e/story_world.h"

namespace omzien::e2e {
namespace {

constexpr char kOrganisation[] = "wijkteam-voorbeeldstad";

// The catalogue's text with entries before those of a list.
std::string With(const std::string& list, const std::string& more, std::string text) {
  const std::string begin = absl::StrCat("\n", list, ":\n");
  return text.insert(text.find(begin) + begin.size(), more);
}

}  // namespace

v1::ImportCatalogRequest LargeCatalogue::Begin() const {
  v1::ImportCatalogRequest request = Of<v1::ImportCatalogRequest>(kVoorbeeldstad);
  std::string more_groups, wijken;
  for (int64_t i = 0; i < Groups(); ++i) {
    absl::StrAppend(&more_groups, "- {id: made-", i, ", display_name: {nl: groep, en: group}}\n");
  }
  for (int i = 0; i < kWijken; ++i) {
    absl::StrAppend(&wijken, "- {code: WK90018", i, ", display_name: Gemaakt ", i,
                    ", kind: wijk, year: 2024}\n");
  }
  request.set_yaml(With("districts", wijken,
                        With("target_groups", more_groups, CatalogueText("voorbeeldstad"))));
  return request;
}

v1::Offer LargeCatalogue::At(int64_t i) const {
  return Proto<v1::Offer>(
      absl::StrCat("id: 'made-", i, "' display_name: '", name, "' organisation: '", kOrganisation,
                   "' status: OFFER_STATUS_CONFIRMED mode: REFERRAL_MODE_DIRECT needs: NEED_VISIT",
                   " districts: 'WK90018", i / Groups() % kWijken, "' target_groups: 'made-",
                   i % Groups(), "' provenance { passage: 'made' }"));
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

int64_t LargeCatalogue::Groups() const { return std::clamp<int64_t>(offers / 250, 1, 1000); }

}  // namespace omzien::e2e
