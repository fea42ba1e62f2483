// A municipality's catalogue, made ready for the rules: everything by its id, the district tree,
// and the candidates of a cell.
//
// Immutable: made once an import, shared by many readers, safe to use from any thread. Everything
// that an accessor returns belongs to the catalogue and lives as long as it.

#ifndef OMZIEN_SERVER_DOMAIN_CATALOGUE_H_
#define OMZIEN_SERVER_DOMAIN_CATALOGUE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "omzien/v1/catalog.pb.h"
#include "server/domain/area_changes.h"

namespace omzien::domain {

// Most offers in a cell (wijk, target group): what one signal has to look at stays bounded.
inline constexpr size_t kMaxCandidatesPerCell = 256;

class Catalogue {
 public:
  // INVALID_ARGUMENT, INVALID_CATALOG with every error of CheckCatalogue() as a field violation
  // when it has any; warnings don't matter. `generation` counts the municipality's imports.
  static absl::StatusOr<std::shared_ptr<const Catalogue>> Build(v1::Catalog catalog,
                                                                int64_t generation);
  Catalogue(const Catalogue&) = delete;
  Catalogue& operator=(const Catalogue&) = delete;

  // Older district codes are written in it as what they became.
  const v1::Catalog& proto() const { return catalog_; }
  int64_t generation() const { return generation_; }
  const v1::Municipality& municipality() const { return catalog_.municipality(); }
  const absl::TimeZone& time_zone() const { return time_zone_; }

  // By id or CBS code within the catalogue; nullptr when there is none.
  const v1::Offer* offer(std::string_view id) const;
  const v1::Organisation* organisation(std::string_view id) const;
  const v1::District* district(std::string_view code) const;
  // Of four digits, or of six characters without a space, the letters capitals.
  const v1::Postcode* postcode(std::string_view code) const;
  const v1::TargetGroup* target_group(std::string_view id) const;
  const v1::LifeEvent* life_event(std::string_view id) const;
  const v1::Team* team(std::string_view id) const;
  // The id of the group that everyone belongs to.
  const std::string& everyone_group() const { return everyone_group_; }

  // The districts that a code stands for: its own, or what an older code became, at most 20. Empty
  // for an unknown code.
  std::vector<const v1::District*> DistrictsFor(std::string_view code) const;
  // The wijk of a wijk or buurt: itself or its parent. Empty for an unknown code.
  std::string_view WijkOf(std::string_view district_code) const;
  // The code of the village in which a wijk or buurt lies; empty when it lies in none.
  std::string_view VillageOf(std::string_view district_code) const;
  // The districts called exactly so, by their name or one of their other names, by code; letter
  // case and space around and between words don't matter.
  const std::vector<const v1::District*>& DistrictsNamed(std::string_view words) const;

  // The offers, ended ones too, that serve (part of) the wijk and are for the group, by id. An
  // empty wijk stands for an unknown place: only what serves all districts.
  const std::vector<const v1::Offer*>& Candidates(std::string_view wijk,
                                                  std::string_view group_id) const;
  // All offers for the group, wherever, by id.
  const std::vector<const v1::Offer*>& OffersForGroup(std::string_view group_id) const;

 private:
  using Offers = std::vector<const v1::Offer*>;
  template <typename T>
  using ById = absl::flat_hash_map<std::string_view, const T*>;

  Catalogue(v1::Catalog catalog, int64_t generation, absl::TimeZone time_zone);
  void IndexDistricts();
  void IndexOffers();

  // The maps' keys and values point into it.
  const v1::Catalog catalog_;
  const int64_t generation_;
  const absl::TimeZone time_zone_;
  const AreaChanges area_changes_;
  std::string everyone_group_;
  ById<v1::Offer> offers_;
  ById<v1::Organisation> organisations_;
  ById<v1::District> districts_;
  ById<v1::Postcode> postcodes_;
  ById<v1::TargetGroup> target_groups_;
  ById<v1::LifeEvent> life_events_;
  ById<v1::Team> teams_;
  absl::flat_hash_map<std::string, std::vector<const v1::District*>> districts_by_name_;
  absl::flat_hash_map<std::pair<std::string_view, std::string_view>, Offers> cells_;
  absl::flat_hash_map<std::string_view, Offers> offers_by_group_;
};

// How names of districts are compared: lower case (ASCII and the accented letters of Latin-1),
// trimmed, one space between words.
std::string FoldName(std::string_view words);

}  // namespace omzien::domain

#endif  // OMZIEN_SERVER_DOMAIN_CATALOGUE_H_
