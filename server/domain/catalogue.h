// A municipality's catalogue, made ready for the rules: everything by its id, the district tree,
// and the candidates of a cell.
//
// Immutable: made once an import, and anew with each change of an offer, sharing what didn't
// change; shared by many readers, safe to use from any thread. What an accessor returns or points
// to belongs to the catalogue and lives as long as it.

#ifndef OMZIEN_SERVER_DOMAIN_CATALOGUE_H_
#define OMZIEN_SERVER_DOMAIN_CATALOGUE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "omzien/v1/catalog.pb.h"
#include "server/domain/area_changes.h"
#include "server/domain/phrases.h"
#include "server/domain/recurrence.h"

namespace omzien::domain {

// Most offers in a cell (wijk, target group): what one signal has to look at stays bounded.
inline constexpr size_t kMaxCandidatesPerCell = 256;

// Most recurrences in a catalogue: looking for each one's next day takes a while.
inline constexpr int kMaxRecurrences = 2000;

// An offer as it is in force: as it was imported, or as upkeep changed it since.
struct KeptOffer {
  v1::Offer offer;
  // How often it was changed since it was imported.
  uint64_t version = 0;
  // What is remembered of its schedule.
  NextDays next_days = {};
};

class Catalogue {
 public:
  // By position; a position that isn't there is 0.
  using Versions = absl::flat_hash_map<size_t, uint64_t>;

  // INVALID_ARGUMENT, INVALID_CATALOG with every error of CheckCatalogue() as a field violation
  // when it has any; warnings don't matter. `generation` rises with the municipality's imports.
  static absl::StatusOr<std::shared_ptr<const Catalogue>> Build(v1::Catalog catalog,
                                                                int64_t generation,
                                                                const Versions& versions = {});
  // The same of a catalogue in which CheckCatalogue() found no error.
  static std::shared_ptr<const Catalogue> BuildChecked(v1::Catalog catalog, int64_t generation,
                                                       const Versions& versions = {});
  Catalogue& operator=(const Catalogue&) = delete;

  // The same catalogue with another offer at `position`, one version on. It must have the id,
  // organisation, groups and districts of the one before it: where an offer is looked for doesn't
  // change. Costs the same however many offers there are, within a factor of 10 at 1,000,000.
  std::shared_ptr<const Catalogue> WithOffer(size_t position, v1::Offer offer) const;

  // All of it but the offers, which are far more than the rest. Older district codes are written as
  // what they became, in the offers too.
  const v1::Catalog& proto() const { return index_->catalog; }
  // With its offers, in the order of the import: a copy.
  v1::Catalog Whole() const;
  int64_t generation() const { return index_->generation; }
  const v1::Municipality& municipality() const { return proto().municipality(); }
  const absl::TimeZone& time_zone() const { return index_->time_zone; }

  // Offers by position: 0 to offer_count(), in the order of the import.
  size_t offer_count() const { return index_->offers_by_id.size(); }
  const KeptOffer& offer_at(size_t position) const {
    return *(*chunks_[position / kChunk])[position % kChunk];
  }
  // The positions in the order of the offers' ids.
  const std::vector<uint32_t>& offers_by_id() const { return index_->offers_by_id; }
  std::optional<size_t> PositionOf(std::string_view offer_id) const;

  // By id or CBS code within the catalogue; nullptr when there is none.
  const v1::Offer* offer(std::string_view id) const;
  const v1::Organisation* organisation(std::string_view id) const;
  const v1::District* district(std::string_view code) const;
  // Of four digits, or of six characters without a space, the letters capitals.
  const v1::Postcode* postcode(std::string_view code) const;
  const v1::TargetGroup* target_group(std::string_view id) const;
  const v1::LifeEvent* life_event(std::string_view id) const;
  const v1::Team* team(std::string_view id) const;
  const v1::Funding* funding(std::string_view id) const;
  // What makes a signal acute, and what points to a report under the Wmo.
  const Phrases& crisis_words() const { return *index_->crisis_words; }
  const Phrases& wmo_words() const { return *index_->wmo_words; }
  // The id of the group that everyone belongs to.
  const std::string& everyone_group() const { return index_->everyone_group; }

  // The districts that a code stands for: its own, or what an older code became, at most 20. Empty
  // for an unknown code.
  std::vector<const v1::District*> DistrictsFor(std::string_view code) const;
  // The first day from `day` on on which an offer of this catalogue that has a schedule takes
  // place; nullopt: none within a year.
  std::optional<absl::CivilDay> NextDayOf(const v1::Offer& offer, absl::CivilDay day) const;

  // The wijk of a wijk or buurt: itself or its parent. Empty for an unknown code.
  std::string_view WijkOf(std::string_view district_code) const;
  // The code of the village in which a wijk or buurt lies; empty when it lies in none.
  std::string_view VillageOf(std::string_view district_code) const;
  // The districts called exactly so, by their name or one of their other names, by code; letter
  // case and space around and between words don't matter.
  const std::vector<const v1::District*>& DistrictsNamed(std::string_view words) const;

  // The offers, ended ones too, that serve (part of) the wijk and are for the group, by id. An
  // empty wijk stands for an unknown place: only what serves all districts.
  std::vector<const v1::Offer*> Candidates(std::string_view wijk, std::string_view group_id) const;
  // Offers for the group, wherever, by id: all, or the first `at_most`.
  std::vector<const v1::Offer*> OffersForGroup(std::string_view group_id,
                                               size_t at_most = SIZE_MAX) const;
  // The ids of the groups that someone of this age band belongs to, and of those for whom the
  // language isn't one of the common ones.
  const std::vector<std::string_view>& GroupsOfAge(v1::AgeBand age_band) const;
  const std::vector<std::string_view>& OtherLanguageGroups() const {
    return index_->other_language_groups;
  }

 private:
  using Positions = std::vector<uint32_t>;
  template <typename T>
  using ById = absl::flat_hash_map<std::string_view, const T*>;

  // What upkeep of an offer doesn't change. Views and pointers point into `catalog`.
  struct Index {
    v1::Catalog catalog;
    int64_t generation = 0;
    absl::TimeZone time_zone;
    std::optional<AreaChanges> area_changes;
    std::optional<Phrases> crisis_words;
    std::optional<Phrases> wmo_words;
    std::string everyone_group;
    ById<v1::Organisation> organisations;
    ById<v1::District> districts;
    ById<v1::Postcode> postcodes;
    ById<v1::TargetGroup> target_groups;
    ById<v1::LifeEvent> life_events;
    ById<v1::Team> teams;
    absl::flat_hash_map<std::string, std::vector<const v1::District*>> districts_by_name;
    absl::flat_hash_map<int, std::vector<std::string_view>> groups_of_age;
    std::vector<std::string_view> other_language_groups;
    // With ids of its own: an offer that is replaced goes.
    absl::flat_hash_map<std::string, uint32_t> positions;
    Positions offers_by_id;
    absl::flat_hash_map<std::pair<std::string_view, std::string_view>, Positions> cells;
    absl::flat_hash_map<std::string_view, Positions> offers_by_group;
  };
  // Shared by the catalogues before and after a change, all but the one it is in.
  static constexpr size_t kChunk = 512;
  using Chunk = std::array<std::shared_ptr<const KeptOffer>, kChunk>;

  Catalogue() = default;
  Catalogue(const Catalogue&) = default;

  void TakeOffers(v1::Catalog* catalog, const Versions& versions);
  static void IndexEntries(Index* index);
  static void IndexDistricts(Index* index);
  void IndexOffers(size_t count, Index* index) const;
  std::vector<const v1::Offer*> OffersAt(const Positions& positions, size_t at_most) const;

  std::shared_ptr<const Index> index_;
  std::vector<std::shared_ptr<const Chunk>> chunks_;
};

}  // namespace omzien::domain

#endif  // OMZIEN_SERVER_DOMAIN_CATALOGUE_H_
