// What catalogue_check.cc and offer_check.cc share: the checks of one catalogue, one after the
// other.

#ifndef OMZIEN_SERVER_DOMAIN_CATALOGUE_CHECKER_H_
#define OMZIEN_SERVER_DOMAIN_CATALOGUE_CHECKER_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "omzien/v1/catalog.pb.h"
#include "server/domain/area_changes.h"
#include "server/domain/catalogue_check.h"
#include "server/domain/text.h"

namespace omzien::domain {

// The path of an item: "offers[3].districts".
inline std::string At(std::string_view list, int index, std::string_view field = "") {
  return Concat(list, "[", index, "]", field.empty() ? "" : ".", field);
}

// Gathers the issues of one catalogue.
class CatalogChecker {
 public:
  explicit CatalogChecker(const v1::Catalog& catalog) : catalog_(catalog), changes_(catalog) {}

  std::vector<CatalogueIssue> Run() {
    CheckFields();
    IndexIds();
    CheckMunicipality();
    CheckDistricts();
    CheckAreaChanges();
    CheckPostcodes();
    CheckTargetGroups();
    CheckTeams();
    CheckMandates();
    CheckOffers();
    CheckCells();
    return std::move(issues_);
  }

 private:
  using Strings = google::protobuf::RepeatedPtrField<std::string>;

  void Error(std::string path, std::string message) {
    error_paths_.insert(path);
    issues_.push_back({std::move(path), std::move(message), true});
  }
  void Warning(std::string path, std::string message) {
    issues_.push_back({std::move(path), std::move(message), false});
  }

  void CheckFields();
  void IndexIds();
  void CheckMunicipality();
  void CheckPhrases(const Strings& phrases, std::string_view list);
  void CheckDistricts();
  void CheckDistrict(const v1::District& district, int index);
  void CheckAreaChanges();
  void CheckAreaChange(const v1::AreaChange& change, int index);
  void CheckPostcodes();
  void CheckPostcodeForms();
  void CheckTargetGroups();
  void CheckTeams();
  void CheckTeamsCoverEveryWijk();
  void CheckMandates();
  void CheckOffers();
  void CheckOffer(const v1::Offer& offer, int index);
  void CheckGroupCapacities(const v1::Offer& offer, const std::string& path);
  void CheckWhen(const v1::Offer& offer, const std::string& path);
  void CheckRecurrence(const v1::Recurrence& recurrence, const std::string& path);
  void CheckWhomFor(const v1::Offer& offer, const std::string& path);
  void CheckVillagesHaveOffers();
  void CheckCells();

  // The ids of one kind of entry; a repeated one is an error.
  template <typename Entries, typename IdOf>
  std::set<std::string_view> Ids(std::string_view list, const Entries& entries, IdOf id_of,
                                 std::string_view field = "id");
  // An empty value is left to CheckFields().
  void CheckReference(const std::set<std::string_view>& ids, std::string_view kind,
                      const std::string& value, std::string path);
  void CheckReferences(const std::set<std::string_view>& ids, std::string_view kind,
                       const Strings& values, const std::string& path);
  // An older code that the table of changes resolves is a warning, and `note` follows it.
  void CheckDistrictReference(const std::string& code, std::string path,
                              std::string_view note = "");
  void CheckDistrictReferences(const Strings& codes, const std::string& path,
                               std::string_view note = "");
  void CheckServes(bool all_districts, const Strings& districts, const std::string& path);
  std::optional<absl::CivilDay> CheckDate(bool has, const google::type::Date& date,
                                          std::string path);
  std::string_view WijkOf(std::string_view code) const;
  // The wijken in which districts lie, older codes' too.
  std::set<std::string_view> WijkenOf(const Strings& codes) const;

  const v1::Catalog& catalog_;
  const AreaChanges changes_;
  std::vector<CatalogueIssue> issues_;
  std::set<std::string> error_paths_;
  std::string_view everyone_group_;
  std::set<std::string_view> district_codes_, group_ids_, life_event_ids_, organisation_ids_,
      team_ids_, funding_ids_;
  std::map<std::string_view, const v1::District*> districts_;
  std::map<std::string_view, const v1::Organisation*> organisations_;
};

}  // namespace omzien::domain

#endif  // OMZIEN_SERVER_DOMAIN_CATALOGUE_CHECKER_H_
