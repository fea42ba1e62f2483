#include "server/domain/catalogue.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "server/domain/catalogue_check.h"
#include "server/domain/days.h"
#include "server/domain/errors.h"
#include "server/domain/words.h"

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
                                                                  int64_t generation,
                                                                  const Versions& versions) {
  std::vector<FieldViolation> errors;
  for (CatalogueIssue& issue : CheckCatalogue(catalog)) {
    if (issue.error) errors.push_back({std::move(issue.path), std::move(issue.message)});
  }
  if (!errors.empty()) {
    return InvalidFields(std::move(errors), v1::ERROR_REASON_INVALID_CATALOG);
  }
  return BuildChecked(std::move(catalog), generation, versions);
}

std::shared_ptr<const Catalogue> Catalogue::BuildChecked(v1::Catalog catalog, int64_t generation,
                                                         const Versions& versions) {
  auto made = std::shared_ptr<Catalogue>(new Catalogue());
  const auto count = static_cast<size_t>(catalog.offers_size());
  WriteSuccessors(&catalog);
  made->TakeOffers(&catalog, versions);
  auto index = std::make_shared<Index>();
  index->catalog = std::move(catalog);
  index->generation = generation;
  index->area_changes.emplace(index->catalog);
  index->crisis_words.emplace(index->catalog.municipality().acute().words());
  index->wmo_words.emplace(index->catalog.municipality().wmo_words());
  absl::LoadTimeZone(index->catalog.municipality().time_zone(), &index->time_zone);  // was checked
  IndexEntries(index.get());
  IndexDistricts(index.get());
  made->IndexOffers(count, index.get());
  made->index_ = std::move(index);
  return made;
}

std::shared_ptr<const Catalogue> Catalogue::WithOffer(size_t position, v1::Offer offer) const {
  auto changed = std::shared_ptr<Catalogue>(new Catalogue(*this));
  auto chunk = std::make_shared<Chunk>(*chunks_[position / kChunk]);
  (*chunk)[position % kChunk] =
      std::make_shared<KeptOffer>(KeptOffer{std::move(offer), offer_at(position).version + 1});
  changed->chunks_[position / kChunk] = std::move(chunk);
  return changed;
}

// From the last to the first, so that each is freed where it was before the next is made.
void Catalogue::TakeOffers(v1::Catalog* catalog, const Versions& versions) {
  const auto count = static_cast<size_t>(catalog->offers_size());
  std::vector<std::shared_ptr<Chunk>> chunks((count + kChunk - 1) / kChunk);
  for (auto& chunk : chunks) chunk = std::make_shared<Chunk>();
  for (size_t i = count; i-- > 0;) {
    const std::unique_ptr<v1::Offer> last(catalog->mutable_offers()->ReleaseLast());
    const auto version = versions.find(i);
    (*chunks[i / kChunk])[i % kChunk] = std::make_shared<KeptOffer>(
        KeptOffer{std::move(*last), version == versions.end() ? 0 : version->second});
  }
  chunks_.assign(chunks.begin(), chunks.end());
}

void Catalogue::IndexEntries(Index* index) {
  const v1::Catalog& catalog = index->catalog;
  for (const auto& organisation : catalog.organisations()) {
    index->organisations[organisation.id()] = &organisation;
  }
  for (const auto& postcode : catalog.postcodes()) index->postcodes[postcode.code()] = &postcode;
  for (const auto& life_event : catalog.life_events()) {
    index->life_events[life_event.id()] = &life_event;
  }
  for (const auto& team : catalog.teams()) index->teams[team.id()] = &team;
  for (const auto& group : catalog.target_groups()) {
    index->target_groups[group.id()] = &group;
    if (group.everyone()) index->everyone_group = group.id();
    if (group.other_language()) index->other_language_groups.push_back(group.id());
    for (const int age_band : group.age_bands()) {
      index->groups_of_age[age_band].push_back(group.id());
    }
  }
}

void Catalogue::IndexDistricts(Index* index) {
  for (const auto& district : index->catalog.districts()) {
    index->districts[district.code()] = &district;
    std::set<std::string> names = {FoldName(district.display_name())};
    for (const auto& name : district.also_called()) names.insert(FoldName(name));
    for (const auto& name : names) index->districts_by_name[name].push_back(&district);
  }
  for (auto& [name, districts] : index->districts_by_name) {
    std::sort(districts.begin(), districts.end(),
              [](const auto* a, const auto* b) { return a->code() < b->code(); });
  }
}

// Keys of cells are those of the catalogue's own entries: an offer that is replaced goes.
void Catalogue::IndexOffers(size_t count, Index* index) const {
  index->offers_by_id.resize(count);
  std::iota(index->offers_by_id.begin(), index->offers_by_id.end(), 0);
  std::ranges::sort(index->offers_by_id, {}, [this](uint32_t position) -> const std::string& {
    return offer_at(position).offer.id();
  });
  const auto wijk_of = [index](const std::string& code) -> std::string_view {
    const v1::District* const found = Find(index->districts, code);
    if (found == nullptr) return "";
    if (found->parent().empty()) return found->code();
    const v1::District* const parent = Find(index->districts, found->parent());
    return parent == nullptr ? "" : std::string_view(parent->code());
  };
  std::set<std::string_view> all_wijken = {""};  // and an unknown place
  for (const auto& [code, district] : index->districts)
    all_wijken.insert(wijk_of(district->code()));

  index->positions.reserve(count);
  for (const uint32_t position : index->offers_by_id) {
    const v1::Offer& offer = offer_at(position).offer;
    index->positions[offer.id()] = position;
    std::set<std::string_view> wijken;
    for (const auto& code : offer.districts()) wijken.insert(wijk_of(code));
    std::set<std::string_view> groups;
    for (const auto& id : offer.target_groups()) {
      const v1::TargetGroup* const group = Find(index->target_groups, id);
      if (group != nullptr) groups.insert(group->id());
    }
    for (const std::string_view group : groups) {
      index->offers_by_group[group].push_back(position);
      for (const std::string_view wijk : offer.all_districts() ? all_wijken : wijken) {
        index->cells[{wijk, group}].push_back(position);
      }
    }
  }
}

v1::Catalog Catalogue::Whole() const {
  v1::Catalog catalog = proto();
  catalog.mutable_offers()->Reserve(static_cast<int>(offer_count()));
  for (size_t i = 0; i < offer_count(); ++i) *catalog.add_offers() = offer_at(i).offer;
  return catalog;
}

std::optional<size_t> Catalogue::PositionOf(std::string_view offer_id) const {
  const auto found = index_->positions.find(absl::string_view(offer_id.data(), offer_id.size()));
  if (found == index_->positions.end()) return std::nullopt;
  return found->second;
}

const v1::Offer* Catalogue::offer(std::string_view id) const {
  const auto position = PositionOf(id);
  return position.has_value() ? &offer_at(*position).offer : nullptr;
}

const v1::Organisation* Catalogue::organisation(std::string_view id) const {
  return Find(index_->organisations, id);
}

const v1::District* Catalogue::district(std::string_view code) const {
  return Find(index_->districts, code);
}

const v1::Postcode* Catalogue::postcode(std::string_view code) const {
  return Find(index_->postcodes, code);
}

const v1::TargetGroup* Catalogue::target_group(std::string_view id) const {
  return Find(index_->target_groups, id);
}

const v1::LifeEvent* Catalogue::life_event(std::string_view id) const {
  return Find(index_->life_events, id);
}

const v1::Team* Catalogue::team(std::string_view id) const { return Find(index_->teams, id); }

std::vector<const v1::District*> Catalogue::DistrictsFor(std::string_view code) const {
  std::vector<const v1::District*> found;
  for (const std::string_view in_force : index_->area_changes->Resolve(code)) {
    found.push_back(district(in_force));
  }
  return found;
}

// A municipality has a handful.
const v1::Funding* Catalogue::funding(std::string_view id) const {
  for (const v1::Funding& funding : municipality().fundings()) {
    if (funding.id() == id) return &funding;
  }
  return nullptr;
}

std::optional<absl::CivilDay> Catalogue::NextDayOf(const v1::Offer& offer,
                                                   absl::CivilDay day) const {
  const std::optional<size_t> position = PositionOf(offer.id());
  return position.has_value() ? offer_at(*position).next_days.From(offer, day) : std::nullopt;
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
  return FindList(index_->districts_by_name, FoldName(words));
}

const std::vector<std::string_view>& Catalogue::GroupsOfAge(v1::AgeBand age_band) const {
  return FindList(index_->groups_of_age, static_cast<int>(age_band));
}

std::vector<const v1::Offer*> Catalogue::OffersAt(const Positions& positions,
                                                  size_t at_most) const {
  std::vector<const v1::Offer*> offers;
  offers.reserve(std::min(positions.size(), at_most));
  for (const uint32_t position : positions) {
    if (offers.size() == at_most) break;
    offers.push_back(&offer_at(position).offer);
  }
  return offers;
}

std::vector<const v1::Offer*> Catalogue::Candidates(std::string_view wijk,
                                                    std::string_view group_id) const {
  return OffersAt(FindList(index_->cells, std::make_pair(wijk, group_id)), SIZE_MAX);
}

std::vector<const v1::Offer*> Catalogue::OffersForGroup(std::string_view group_id,
                                                        size_t at_most) const {
  return OffersAt(FindList(index_->offers_by_group, group_id), at_most);
}

}  // namespace omzien::domain
