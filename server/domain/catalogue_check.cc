#include "server/domain/catalogue_check.h"

#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/time/time.h"
#include "server/domain/catalogue.h"
#include "server/domain/catalogue_checker.h"
#include "server/domain/days.h"
#include "server/domain/text.h"
#include "server/domain/validation.h"
#include "server/domain/words.h"

namespace omzien::domain {

namespace {

constexpr size_t kPostcodeDigits = 4;
constexpr size_t kPostcodeChars = 6;
constexpr size_t kSuccessorsMax = 20;

bool IsUpper(char c) { return absl::ascii_isupper(static_cast<unsigned char>(c)); }

}  // namespace

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
  const v1::AcuteRule& acute = municipality.acute();
  if (!acute.words().empty() && (acute.call().nl().empty() || acute.call().en().empty())) {
    Error("municipality.acute.call", "must say in both languages whom to call");
  }
  CheckPhrases(acute.words(), "municipality.acute.words");
  CheckPhrases(municipality.wmo_words(), "municipality.wmo_words");
  if (municipality.common_languages().empty()) {
    Warning("municipality.common_languages",
            "is empty: whatever language a person speaks must then be asked");
  }
}

void CatalogChecker::CheckPhrases(const Strings& phrases, std::string_view list) {
  for (int i = 0; i < phrases.size(); ++i) {
    const size_t words = WordsOf(phrases[i]).size();
    if (words == 0) Error(At(list, i), "holds no word");
    if (words > kWordsInPhraseMax) {
      Error(At(list, i), Concat("has more than ", kWordsInPhraseMax, " words"));
    }
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

std::vector<CatalogueIssue> CheckCatalogue(const v1::Catalog& catalog) {
  return CatalogChecker(catalog).Run();
}

}  // namespace omzien::domain
