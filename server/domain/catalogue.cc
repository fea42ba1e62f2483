#include "server/domain/catalogue.h"

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "server/domain/catalogue_check.h"
#include "server/domain/errors.h"

namespace omzien::domain {

namespace {

template <typename Map>
auto Find(const Map& map, std::string_view id) {
  const auto it = map.find(id);
  return it == map.end() ? nullptr : it->second;
}

template <typename Map, typename Key>
const typename Map::mapped_type& FindList(const Map& map, const Key& key) {
  static const auto* const kNone = new typename Map::mapped_type();
  const auto it = map.find(key);
  return it == map.end() ? *kNone : it->second;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Catalogue>> Catalogue::Build(v1::Catalog catalog,
                                                                  int64_t generation) {
  std::vector<FieldViolation> errors;
  for (CatalogueIssue& issue : CheckCatalogue(catalog)) {
    if (issue.error) errors.push_back({std::move(issue.path), std::move(issue.message)});
  }
  if (!errors.empty()) {
    return InvalidFields(std::move(errors), v1::ERROR_REASON_INVALID_CATALOG);
  }
  WriteSuccessors(&catalog);
  absl::TimeZone time_zone;
  absl::LoadTimeZone(catalog.municipality().time_zone(), &time_zone);  // checked above
  return std::shared_ptr<const Catalogue>(new Catalogue(std::move(catalog), generation, time_zone));
}

Catalogue::Catalogue(v1::Catalog catalog, int64_t generation, absl::TimeZone time_zone)
    : catalog_(std::move(catalog)),
      generation_(generation),
      time_zone_(time_zone),
      area_changes_(catalog_) {
  for (const auto& organisation : catalog_.organisations()) {
    organisations_[organisation.id()] = &organisation;
  }
  for (const auto& postcode : catalog_.postcodes()) postcodes_[postcode.code()] = &postcode;
  for (const auto& life_event : catalog_.life_events()) {
    life_events_[life_event.id()] = &life_event;
  }
  for (const auto& team : catalog_.teams()) teams_[team.id()] = &team;
  for (const auto& group : catalog_.target_groups()) {
    target_groups_[group.id()] = &group;
    if (group.everyone()) everyone_group_ = group.id();
  }
  IndexDistricts();
  IndexOffers();
}

void Catalogue::IndexDistricts() {
  for (const auto& district : catalog_.districts()) {
    districts_[district.code()] = &district;
    std::set<std::string> names = {FoldName(district.display_name())};
    for (const auto& name : district.also_called()) names.insert(FoldName(name));
    for (const auto& name : names) districts_by_name_[name].push_back(&district);
  }
  for (auto& [name, districts] : districts_by_name_) {
    std::sort(districts.begin(), districts.end(),
              [](const auto* a, const auto* b) { return a->code() < b->code(); });
  }
}

void Catalogue::IndexOffers() {
  Offers offers;
  for (const auto& offer : catalog_.offers()) {
    offers_[offer.id()] = &offer;
    offers.push_back(&offer);
  }
  std::sort(offers.begin(), offers.end(),
            [](const auto* a, const auto* b) { return a->id() < b->id(); });
  std::set<std::string_view> all_wijken;
  for (const auto& [code, district] : districts_) all_wijken.insert(WijkOf(code));
  all_wijken.insert("");  // an unknown place

  for (const v1::Offer* offer : offers) {
    std::set<std::string_view> wijken;
    for (const auto& code : offer->districts()) wijken.insert(WijkOf(code));
    const std::set<std::string_view> groups(offer->target_groups().begin(),
                                            offer->target_groups().end());
    for (const std::string_view group : groups) {
      offers_by_group_[group].push_back(offer);
      for (const std::string_view wijk : offer->all_districts() ? all_wijken : wijken) {
        cells_[{wijk, group}].push_back(offer);
      }
    }
  }
}

const v1::Offer* Catalogue::offer(std::string_view id) const { return Find(offers_, id); }

const v1::Organisation* Catalogue::organisation(std::string_view id) const {
  return Find(organisations_, id);
}

const v1::District* Catalogue::district(std::string_view code) const {
  return Find(districts_, code);
}

const v1::Postcode* Catalogue::postcode(std::string_view code) const {
  return Find(postcodes_, code);
}

const v1::TargetGroup* Catalogue::target_group(std::string_view id) const {
  return Find(target_groups_, id);
}

const v1::LifeEvent* Catalogue::life_event(std::string_view id) const {
  return Find(life_events_, id);
}

const v1::Team* Catalogue::team(std::string_view id) const { return Find(teams_, id); }

std::vector<const v1::District*> Catalogue::DistrictsFor(std::string_view code) const {
  std::vector<const v1::District*> found;
  for (const std::string_view in_force : area_changes_.Resolve(code)) {
    found.push_back(district(in_force));
  }
  return found;
}

std::string_view Catalogue::WijkOf(std::string_view district_code) const {
  const v1::District* const found = district(district_code);
  if (found == nullptr) return "";
  return found->parent().empty() ? found->code() : found->parent();
}

std::string_view Catalogue::VillageOf(std::string_view district_code) const {
  const v1::District* const wijk = district(WijkOf(district_code));
  return wijk != nullptr && wijk->village() ? std::string_view(wijk->code()) : "";
}

const std::vector<const v1::District*>& Catalogue::DistrictsNamed(std::string_view words) const {
  return FindList(districts_by_name_, FoldName(words));
}

const std::vector<const v1::Offer*>& Catalogue::Candidates(std::string_view wijk,
                                                           std::string_view group_id) const {
  return FindList(cells_, std::make_pair(wijk, group_id));
}

const std::vector<const v1::Offer*>& Catalogue::OffersForGroup(std::string_view group_id) const {
  return FindList(offers_by_group_, group_id);
}

std::string FoldName(std::string_view words) {
  std::string folded;
  for (const char c : words) {
    if (!absl::ascii_isspace(static_cast<unsigned char>(c))) {
      folded.push_back(absl::ascii_tolower(static_cast<unsigned char>(c)));
    } else if (!folded.empty() && folded.back() != ' ') {
      folded.push_back(' ');
    }
  }
  if (!folded.empty() && folded.back() == ' ') folded.pop_back();
  // Accented capitals of Latin-1 are C3 80..9E in UTF-8, their small letters 0x20 further on; 97
  // is the multiplication sign.
  for (size_t i = 1; i < folded.size(); ++i) {
    const auto lead = static_cast<unsigned char>(folded[i - 1]);
    const auto tail = static_cast<unsigned char>(folded[i]);
    if (lead == 0xC3 && tail >= 0x80 && tail <= 0x9E && tail != 0x97) {
      folded[i] = static_cast<char>(tail + 0x20);
    }
  }
  return folded;
}

}  // namespace omzien::domain
