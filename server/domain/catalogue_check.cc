#include "server/domain/catalogue_check.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/time/time.h"
#include "server/domain/area_changes.h"
#include "server/domain/catalogue.h"
#include "server/domain/days.h"
#include "server/domain/recurrence.h"
#include "server/domain/text.h"
#include "server/domain/validation.h"

namespace omzien::domain {

namespace {

using Strings = google::protobuf::RepeatedPtrField<std::string>;

std::string At(std::string_view list, int index, std::string_view field = "") {
  return Concat(list, "[", index, "]", field.empty() ? "" : ".", field);
}

constexpr size_t kPostcodeDigits = 4;
constexpr size_t kPostcodeChars = 6;
constexpr size_t kSuccessorsMax = 20;

bool IsUpper(char c) { return absl::ascii_isupper(static_cast<unsigned char>(c)); }

bool MayBeReferredTo(const v1::Offer& offer) {
  return offer.mode() == v1::REFERRAL_MODE_DIRECT || offer.mode() == v1::REFERRAL_MODE_ASK_FIRST;
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

void CatalogChecker::CheckFields() {
  std::vector<FieldViolation> violations;
  Validate(catalog_, &violations);
  for (FieldViolation& violation : violations) {
    Error(std::move(violation.field), std::move(violation.description));
  }
}

template <typename Entries, typename IdOf>
std::set<std::string_view> CatalogChecker::Ids(std::string_view list, const Entries& entries,
                                               IdOf id_of, std::string_view field) {
  std::map<std::string_view, int> first;
  std::set<std::string_view> ids;
  for (int i = 0; i < entries.size(); ++i) {
    const std::string_view id = id_of(entries[i]);
    if (id.empty()) continue;  // CheckFields() says so
    const auto [it, is_new] = first.emplace(id, i);
    if (!is_new) {
      Error(At(list, i, field),
            Concat("\"", id, "\" stands in ", At(list, it->second), " already"));
    }
    ids.insert(id);
  }
  return ids;
}

void CatalogChecker::IndexIds() {
  const auto id_of = [](const auto& entry) -> std::string_view { return entry.id(); };
  const auto code_of = [](const auto& entry) -> std::string_view { return entry.code(); };
  district_codes_ = Ids("districts", catalog_.districts(), code_of, "code");
  Ids("postcodes", catalog_.postcodes(), code_of, "code");
  group_ids_ = Ids("target_groups", catalog_.target_groups(), id_of);
  life_event_ids_ = Ids("life_events", catalog_.life_events(), id_of);
  organisation_ids_ = Ids("organisations", catalog_.organisations(), id_of);
  team_ids_ = Ids("teams", catalog_.teams(), id_of);
  Ids("offers", catalog_.offers(), id_of);
  funding_ids_ = Ids("municipality.fundings", catalog_.municipality().fundings(), id_of);
  for (const auto& district : catalog_.districts()) districts_[district.code()] = &district;
  for (const auto& organisation : catalog_.organisations()) {
    organisations_[organisation.id()] = &organisation;
  }
}

void CatalogChecker::CheckReference(const std::set<std::string_view>& ids, std::string_view kind,
                                    const std::string& value, std::string path) {
  if (value.empty() || ids.count(value) > 0) return;
  Error(std::move(path), Concat("there is no ", kind, " \"", value, "\""));
}

void CatalogChecker::CheckReferences(const std::set<std::string_view>& ids, std::string_view kind,
                                     const Strings& values, const std::string& path) {
  for (int i = 0; i < values.size(); ++i) CheckReference(ids, kind, values[i], At(path, i));
}

void CatalogChecker::CheckDistrictReference(const std::string& code, std::string path,
                                            std::string_view note) {
  if (code.empty() || district_codes_.count(code) > 0) return;
  const std::vector<std::string_view> successors = changes_.Resolve(code);
  if (successors.empty()) {
    Error(std::move(path), Concat("there is no district \"", code, "\""));
    return;
  }
  const std::vector<std::string> names(successors.begin(), successors.end());
  Warning(std::move(path),
          Concat("is an older code: ", code, " is read as ", JoinWords(names, " and "), note));
}

void CatalogChecker::CheckDistrictReferences(const Strings& codes, const std::string& path,
                                             std::string_view note) {
  for (int i = 0; i < codes.size(); ++i) CheckDistrictReference(codes[i], At(path, i), note);
}

void CatalogChecker::CheckServes(bool all_districts, const Strings& districts,
                                 const std::string& path) {
  if (all_districts && !districts.empty()) {
    Error(Concat(path, ".districts"), "must be empty when all_districts is set");
  } else if (!all_districts && districts.empty()) {
    Error(Concat(path, ".districts"), "must name a district, or all_districts must be set");
  }
  CheckDistrictReferences(districts, Concat(path, ".districts"));
}

std::optional<absl::CivilDay> CatalogChecker::CheckDate(bool has, const google::type::Date& date,
                                                        std::string path) {
  if (!has) return std::nullopt;
  const std::optional<absl::CivilDay> day = DayOfDate(date);
  if (!day.has_value() && error_paths_.count(path) == 0) {
    Error(std::move(path),
          Concat("must be a day that exists, from ", kFirstYear, " to ", kLastYear));
  }
  return day;
}

std::string_view CatalogChecker::WijkOf(std::string_view code) const {
  const auto it = districts_.find(code);
  if (it == districts_.end()) return "";
  return it->second->parent().empty() ? it->second->code() : it->second->parent();
}

std::set<std::string_view> CatalogChecker::WijkenOf(const Strings& codes) const {
  std::set<std::string_view> wijken;
  for (const std::string& code : codes) {
    for (const std::string_view in_force : changes_.Resolve(code)) wijken.insert(WijkOf(in_force));
  }
  return wijken;
}

void CatalogChecker::CheckMunicipality() {
  const v1::Municipality& municipality = catalog_.municipality();
  absl::TimeZone zone;
  if (!municipality.time_zone().empty() && error_paths_.count("municipality.time_zone") == 0 &&
      !absl::LoadTimeZone(municipality.time_zone(), &zone)) {
    Error("municipality.time_zone",
          Concat("there is no time zone \"", municipality.time_zone(), "\""));
  }
  if (!municipality.code().empty() && !municipality.code().starts_with("GM") &&
      error_paths_.count("municipality.code") == 0) {
    Error("municipality.code", "must be a municipality's CBS code, like GM0150");
  }
  CheckReference(team_ids_, "team", municipality.entrance_team(), "municipality.entrance_team");
  std::set<std::string_view> preferred;
  for (int i = 0; i < municipality.rank_preferences_size(); ++i) {
    const std::string& group = municipality.rank_preferences(i).target_group();
    const std::string path = At("municipality.rank_preferences", i, "target_group");
    CheckReference(group_ids_, "target group", group, path);
    if (!preferred.insert(group).second) Error(path, "has a preference already");
  }
  if (municipality.stop_matching_after_days() > 0 &&
      (municipality.stale_after_days() == 0 ||
       municipality.stop_matching_after_days() < municipality.stale_after_days())) {
    Error("municipality.stop_matching_after_days",
          "must not be less than stale_after_days, which must be set too");
  }
  if (municipality.common_languages().empty()) {
    Warning("municipality.common_languages",
            "is empty: whatever language a person speaks must then be asked");
  }
}

void CatalogChecker::CheckDistricts() {
  for (int i = 0; i < catalog_.districts_size(); ++i) CheckDistrict(catalog_.districts(i), i);
}

// CBS: GMgggg, WKggggww, BUggggwwbb.
void CatalogChecker::CheckDistrict(const v1::District& district, int index) {
  const auto path = [index](std::string_view field) { return At("districts", index, field); };
  const bool is_wijk = district.kind() == v1::DISTRICT_KIND_WIJK;
  const bool is_buurt = district.kind() == v1::DISTRICT_KIND_BUURT;
  const std::string_view code = district.code();
  if (code.size() > 6 && catalog_.municipality().code().size() == 6 &&
      code.substr(2, 4) != std::string_view(catalog_.municipality().code()).substr(2)) {
    Error(path("code"), "lies in another municipality");
  }
  if ((is_wijk && code.substr(0, 2) != "WK") || (is_buurt && code.substr(0, 2) != "BU")) {
    Error(path("code"), "must begin with WK for a wijk, BU for a buurt");
  }
  if (is_wijk && !district.parent().empty()) Error(path("parent"), "a wijk has no parent");
  if (is_buurt && district.village()) Error(path("village"), "only a wijk can be a village");
  if (!is_buurt) return;
  const auto parent = districts_.find(district.parent());
  if (district.parent().empty()) {
    Error(path("parent"), "must be the buurt's wijk");
  } else if (parent == districts_.end()) {
    Error(path("parent"), Concat("there is no district \"", district.parent(), "\""));
  } else if (parent->second->kind() != v1::DISTRICT_KIND_WIJK) {
    Error(path("parent"), "must be a wijk");
  } else if (code.size() > 8 && code.substr(2, 6) != parent->first.substr(2)) {
    Error(path("parent"), "isn't the wijk that the buurt's code names");
  }
}

void CatalogChecker::CheckAreaChanges() {
  const auto old_code_of = [](const auto& change) -> std::string_view { return change.old_code(); };
  Ids("area_changes", catalog_.area_changes(), old_code_of, "old_code");
  for (int i = 0; i < catalog_.area_changes_size(); ++i) {
    CheckAreaChange(catalog_.area_changes(i), i);
  }
}

void CatalogChecker::CheckAreaChange(const v1::AreaChange& change, int index) {
  const auto path = [index](std::string_view field) { return At("area_changes", index, field); };
  const std::string& code = change.old_code();
  if (district_codes_.count(code) > 0) {
    Error(path("old_code"),
          "is a district of this catalogue: what is in force became nothing else");
  } else if (code.starts_with("GM")) {
    Error(path("old_code"), "must be a wijk's or a buurt's code");
  } else if (changes_.LeadsBack(code)) {
    Error(path("old_code"), "leads back to itself");
    return;
  }
  if (change.new_year() <= change.old_year()) Error(path("new_year"), "must lie after old_year");
  for (int i = 0; i < change.new_codes_size(); ++i) {
    const std::string& successor = change.new_codes(i);
    const std::string at = At(path("new_codes"), i);
    if (successor.empty() || district_codes_.count(successor) > 0) continue;
    const v1::AreaChange* const later = changes_.change(successor);
    if (later == nullptr) {
      Error(at, Concat("there is no district \"", successor, "\", and no change of it"));
    } else if (later->old_year() < change.new_year()) {
      Error(at, Concat("changed by ", later->old_year(), ", before it came to be"));
    }
  }
  const size_t districts = changes_.Resolve(code).size();
  if (districts > kSuccessorsMax) {
    Error(path("new_codes"), Concat("lead to ", districts, " districts, most ", kSuccessorsMax));
  }
}

// Whoever states four digits of a postcode that is known by six characters must not be told that it
// lies elsewhere. Said once for each four digits.
void CatalogChecker::CheckPostcodeForms() {
  std::set<std::string_view> areas;
  for (const v1::Postcode& postcode : catalog_.postcodes()) {
    if (postcode.code().size() == kPostcodeDigits) areas.insert(postcode.code());
  }
  for (int i = 0; i < catalog_.postcodes_size(); ++i) {
    const std::string_view code = catalog_.postcodes(i).code();
    const std::string path = At("postcodes", i, "code");
    if (code.size() == kPostcodeDigits || error_paths_.count(path) > 0) continue;
    if (code.size() != kPostcodeChars ||
        !std::ranges::all_of(code.substr(kPostcodeDigits), IsUpper)) {
      Error(path, "must be four digits, or six characters without a space, the letters capitals");
    } else if (areas.insert(code.substr(0, kPostcodeDigits)).second) {
      Error(path, Concat("there is no postcode \"", code.substr(0, kPostcodeDigits),
                         "\", with which it begins"));
    }
  }
}

// A long table may name an older code on every line: it is told of at the first.
void CatalogChecker::CheckPostcodes() {
  CheckPostcodeForms();
  std::set<std::string_view> older;
  for (int i = 0; i < catalog_.postcodes_size(); ++i) {
    const v1::Postcode& postcode = catalog_.postcodes(i);
    const std::string path = At("postcodes", i, "districts");
    if (postcode.post_office_box() && !postcode.districts().empty()) {
      Error(path, "must be empty: nobody lives at a post-office box");
    } else if (!postcode.post_office_box() && postcode.districts().empty()) {
      Error(path, "must name where the postcode may lie");
    }
    std::set<std::string_view> named;
    for (int j = 0; j < postcode.districts_size(); ++j) {
      const v1::PostcodeDistrict& candidate = postcode.districts(j);
      const std::string& code = candidate.district();
      const bool told = changes_.change(code) != nullptr && !older.insert(code).second;
      if (!told) CheckDistrictReference(code, At(path, j, "district"));
      if (!named.insert(candidate.district()).second) {
        Error(At(path, j, "district"), "is named twice");
      }
      if (candidate.certainty() == v1::CERTAINTY_STATED) {
        Error(At(path, j, "certainty"),
              "must be LIKELY or POSSIBLE: a postcode states no district");
      }
    }
  }
}

void CatalogChecker::CheckTargetGroups() {
  int everyone = 0;
  for (const auto& group : catalog_.target_groups()) {
    if (!group.everyone()) continue;
    ++everyone;
    everyone_group_ = group.id();
  }
  if (everyone != 1) {
    Error("target_groups", Concat("exactly one group must have everyone set, not ", everyone));
  }
}

void CatalogChecker::CheckTeams() {
  for (int i = 0; i < catalog_.teams_size(); ++i) {
    const v1::Team& team = catalog_.teams(i);
    CheckReference(organisation_ids_, "organisation", team.organisation(),
                   At("teams", i, "organisation"));
    CheckServes(team.all_districts(), team.districts(), At("teams", i));
  }
  CheckTeamsCoverEveryWijk();
}

void CatalogChecker::CheckTeamsCoverEveryWijk() {
  std::set<std::string_view> covered;
  for (const auto& team : catalog_.teams()) {
    if (team.all_districts()) return;
    for (const std::string& code : team.districts()) {
      for (const std::string_view in_force : changes_.Resolve(code)) covered.insert(in_force);
    }
  }
  for (int i = 0; i < catalog_.districts_size(); ++i) {
    const v1::District& district = catalog_.districts(i);
    if (district.kind() == v1::DISTRICT_KIND_WIJK && covered.count(district.code()) == 0) {
      Warning(At("districts", i), "no team serves the whole wijk");
    }
  }
}

void CatalogChecker::CheckMandates() {
  for (int i = 0; i < catalog_.mandates_size(); ++i) {
    const v1::Mandate& mandate = catalog_.mandates(i);
    CheckReference(organisation_ids_, "organisation", mandate.organisation(),
                   At("mandates", i, "organisation"));
    CheckDistrictReferences(mandate.districts(), At("mandates", i, "districts"),
                            "; see that the data agreement reaches so far");
    CheckDate(mandate.has_since(), mandate.since(), At("mandates", i, "since"));
  }
}

void CatalogChecker::CheckOffers() {
  for (int i = 0; i < catalog_.organisations_size(); ++i) {
    const v1::Organisation& organisation = catalog_.organisations(i);
    CheckDate(organisation.has_covenant_date(), organisation.covenant_date(),
              At("organisations", i, "covenant_date"));
  }
  int recurrences = 0;
  for (int i = 0; i < catalog_.offers_size(); ++i) {
    CheckOffer(catalog_.offers(i), i);
    recurrences += catalog_.offers(i).schedule_size();
  }
  if (recurrences > kMaxRecurrences) {
    Error("offers", Concat("have ", recurrences, " recurrences, most ", kMaxRecurrences));
  }
  CheckVillagesHaveOffers();
}

void CatalogChecker::CheckOffer(const v1::Offer& offer, int index) {
  const auto path = [index](std::string_view field) { return At("offers", index, field); };
  CheckServes(offer.all_districts(), offer.districts(), At("offers", index));
  CheckReferences(group_ids_, "target group", offer.target_groups(), path("target_groups"));
  CheckReferences(life_event_ids_, "life event", offer.life_events(), path("life_events"));
  CheckWhomFor(offer, At("offers", index));
  CheckWhen(offer, At("offers", index));
  for (int i = 0; i < offer.needs_size(); ++i) {
    if (offer.needs(i) == v1::NEED_UNKNOWN) {
      Error(At(path("needs"), i), "must be a need that the offer answers");
    }
  }
  const auto from = CheckDate(offer.has_active_from(), offer.active_from(), path("active_from"));
  const auto until =
      CheckDate(offer.has_active_until(), offer.active_until(), path("active_until"));
  CheckDate(offer.has_reviewed_on(), offer.reviewed_on(), path("reviewed_on"));
  if (from.has_value() && until.has_value() && *until < *from) {
    Error(path("active_until"), "lies before active_from");
  }
  const auto organisation = organisations_.find(offer.organisation());
  CheckReference(organisation_ids_, "organisation", offer.organisation(), path("organisation"));
  if (offer.status() == v1::OFFER_STATUS_ENDED) return;
  if (!MayBeReferredTo(offer)) {
    Warning(path("mode"), "nobody can be referred to this offer");
  } else if (organisation != organisations_.end() && !organisation->second->receives()) {
    Error(path("organisation"), "doesn't receive referrals, but its offer takes them");
  }
}

void CatalogChecker::CheckWhen(const v1::Offer& offer, const std::string& path) {
  for (int i = 0; i < offer.schedule_size(); ++i) {
    CheckRecurrence(offer.schedule(i), At(Concat(path, ".schedule"), i));
  }
  for (int i = 0; i < offer.absences_size(); ++i) {
    const v1::Absence& absence = offer.absences(i);
    const std::string at = At(Concat(path, ".absences"), i);
    const auto from = CheckDate(absence.has_from(), absence.from(), Concat(at, ".from"));
    const auto until = CheckDate(absence.has_until(), absence.until(), Concat(at, ".until"));
    if (from.has_value() && until.has_value() && *until < *from) {
      Error(Concat(at, ".until"), "lies before from");
    }
  }
}

void CatalogChecker::CheckRecurrence(const v1::Recurrence& recurrence, const std::string& path) {
  for (int i = 0; i < recurrence.except_size(); ++i) {
    CheckDate(true, recurrence.except(i), At(Concat(path, ".except"), i));
  }
  const std::string at = Concat(path, ".first_day");
  const auto first = CheckDate(recurrence.has_first_day(), recurrence.first_day(), at);
  if (!first.has_value()) return;
  if (first->year() < kFirstScheduleYear || first->year() > kLastScheduleYear) {
    return Error(at, Concat("must lie from ", kFirstScheduleYear, " to ", kLastScheduleYear));
  }
  std::string wrong = WhatIsWrongWithRule(recurrence.rule(), *first);
  if (!wrong.empty()) Error(Concat(path, ".rule"), std::move(wrong));
}

// Its ages, what it costs, and whom it is not for.
void CatalogChecker::CheckWhomFor(const v1::Offer& offer, const std::string& path) {
  if (offer.age_years_max() > 0 && offer.age_years_max() < offer.age_years_min()) {
    Error(Concat(path, ".age_years_max"), "lies below age_years_min");
  }
  CheckReferences(funding_ids_, "funding", offer.funding(), Concat(path, ".funding"));
  if (offer.cost() == v1::COST_FREE && !offer.funding().empty()) {
    Error(Concat(path, ".funding"), "must be empty: what is free needs none");
  }
  const v1::Exclusions& exclusions = offer.exclusions();
  CheckReferences(life_event_ids_, "life event", exclusions.life_events(),
                  Concat(path, ".exclusions.life_events"));
  const std::string groups = Concat(path, ".exclusions.target_groups");
  CheckReferences(group_ids_, "target group", exclusions.target_groups(), groups);
  for (int i = 0; i < exclusions.target_groups_size(); ++i) {
    const std::string& id = exclusions.target_groups(i);
    const auto& own = offer.target_groups();
    if (id == everyone_group_) {
      Error(At(groups, i), "would exclude everyone");
    } else if (std::find(own.begin(), own.end(), id) != own.end()) {
      Error(At(groups, i), "is a group that the offer is for");
    }
  }
}

void CatalogChecker::CheckVillagesHaveOffers() {
  std::set<std::string_view> with_own_offer;
  for (const auto& offer : catalog_.offers()) {
    if (offer.status() == v1::OFFER_STATUS_ENDED || offer.all_districts()) continue;
    const std::set<std::string_view> wijken = WijkenOf(offer.districts());
    if (wijken.size() == 1) with_own_offer.insert(*wijken.begin());
  }
  for (int i = 0; i < catalog_.districts_size(); ++i) {
    const v1::District& district = catalog_.districts(i);
    if (district.village() && with_own_offer.count(district.code()) == 0) {
      Warning(At("districts", i),
              Concat("the village ", district.display_name(), " has no offer of its own"));
    }
  }
}

void CatalogChecker::CheckCells() {
  std::map<std::pair<std::string_view, std::string_view>, size_t> limited;
  std::map<std::string_view, size_t> everywhere;
  for (const auto& offer : catalog_.offers()) {
    const std::set<std::string_view> groups(offer.target_groups().begin(),
                                            offer.target_groups().end());
    const std::set<std::string_view> wijken = WijkenOf(offer.districts());
    for (const std::string_view group : groups) {
      if (offer.all_districts()) ++everywhere[group];
      for (const std::string_view wijk : wijken) ++limited[{wijk, group}];
    }
  }
  const auto report = [this](std::string_view wijk, std::string_view group, size_t count) {
    if (count <= kMaxCandidatesPerCell) return;
    Error("offers", Concat("cell (", wijk, ", ", group, ") has ", count, " offers, most ",
                           kMaxCandidatesPerCell));
  };
  for (const auto& [group, count] : everywhere) report("all districts", group, count);
  for (const auto& [cell, count] : limited) {
    const auto shared = everywhere.find(cell.second);
    report(cell.first, cell.second, count + (shared == everywhere.end() ? 0 : shared->second));
  }
}

}  // namespace

std::vector<CatalogueIssue> CheckCatalogue(const v1::Catalog& catalog) {
  return CatalogChecker(catalog).Run();
}

}  // namespace omzien::domain
