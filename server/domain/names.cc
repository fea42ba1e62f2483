#include "server/domain/names.h"

#include <algorithm>
#include <charconv>

#include "absl/strings/ascii.h"

namespace omzien::domain {
namespace {

constexpr std::string_view kMunicipalities = "municipalities/";
constexpr size_t kSlugCharsMax = 40;
constexpr size_t kReferenceChars = 8;

std::string Name(std::string_view municipality, std::string_view collection, std::string_view id) {
  std::string name = MunicipalityName(municipality);
  name.append("/").append(collection).append("/").append(id);
  return name;
}

bool IsLowerOrDigit(char c) { return absl::ascii_islower(c) || absl::ascii_isdigit(c); }

bool IsCode(std::string_view text, std::string_view letters, size_t digits) {
  return text.size() == letters.size() + digits && text.starts_with(letters) &&
         std::ranges::all_of(text.substr(letters.size()),
                             [](char c) { return absl::ascii_isdigit(c); });
}

std::optional<NameParts> Parse(std::string_view name, std::string_view collection,
                               bool (*is_id)(std::string_view)) {
  const std::string_view municipality = MunicipalityOf(name);
  if (municipality.empty()) return std::nullopt;
  name.remove_prefix(kMunicipalities.size() + municipality.size());
  if (!name.starts_with('/')) return std::nullopt;
  name.remove_prefix(1);
  if (!name.starts_with(collection)) return std::nullopt;
  name.remove_prefix(collection.size());
  if (!name.starts_with('/')) return std::nullopt;
  name.remove_prefix(1);
  if (!is_id(name)) return std::nullopt;
  return NameParts{std::string(municipality), std::string(name)};
}

bool AnyId(std::string_view) { return true; }

}  // namespace

std::string MunicipalityName(std::string_view municipality) {
  return std::string(kMunicipalities).append(municipality);
}
std::string SignalName(std::string_view municipality, std::string_view case_id) {
  return Name(municipality, "signals", case_id);
}
std::string ReferralName(std::string_view municipality, std::string_view case_id, uint32_t number) {
  return Name(municipality, "referrals", std::string(case_id) + "-" + std::to_string(number));
}
std::string OrganisationName(std::string_view municipality, std::string_view id) {
  return Name(municipality, "organisations", id);
}
std::string OfferName(std::string_view municipality, std::string_view id) {
  return Name(municipality, "offers", id);
}
std::string DistrictName(std::string_view municipality, std::string_view code) {
  return Name(municipality, "districts", code);
}
std::string TargetGroupName(std::string_view municipality, std::string_view id) {
  return Name(municipality, "targetGroups", id);
}
std::string LifeEventName(std::string_view municipality, std::string_view id) {
  return Name(municipality, "lifeEvents", id);
}
std::string TeamName(std::string_view municipality, std::string_view id) {
  return Name(municipality, "teams", id);
}

std::optional<std::string> ParseMunicipalityName(std::string_view name) {
  const std::string_view municipality = MunicipalityOf(name);
  if (municipality.empty() || name.size() != kMunicipalities.size() + municipality.size()) {
    return std::nullopt;
  }
  return std::string(municipality);
}

std::optional<NameParts> ParseSignalName(std::string_view name) {
  return Parse(name, "signals", IsCaseId);
}

std::optional<ReferralParts> ParseReferralName(std::string_view name) {
  std::optional<NameParts> parts = Parse(name, "referrals", AnyId);
  if (!parts.has_value()) return std::nullopt;
  const std::string_view id = parts->id;
  if (id.size() < kCaseIdChars + 2 || id[kCaseIdChars] != '-') return std::nullopt;
  const std::string_view digits = id.substr(kCaseIdChars + 1);
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  // No leading zeros: a referral has one name only.
  if (error != std::errc() || end != digits.data() + digits.size() || digits.front() == '0') {
    return std::nullopt;
  }
  if (!IsCaseId(id.substr(0, kCaseIdChars))) return std::nullopt;
  return ReferralParts{std::move(parts->municipality), std::string(id.substr(0, kCaseIdChars)),
                       number};
}

std::optional<NameParts> ParseOrganisationName(std::string_view name) {
  return Parse(name, "organisations", IsSlug);
}
std::optional<NameParts> ParseOfferName(std::string_view name) {
  return Parse(name, "offers", IsSlug);
}
std::optional<NameParts> ParseDistrictName(std::string_view name) {
  return Parse(name, "districts", IsDistrictCode);
}
std::optional<NameParts> ParseTargetGroupName(std::string_view name) {
  return Parse(name, "targetGroups", IsSlug);
}
std::optional<NameParts> ParseLifeEventName(std::string_view name) {
  return Parse(name, "lifeEvents", IsSlug);
}
std::optional<NameParts> ParseTeamName(std::string_view name) {
  return Parse(name, "teams", IsSlug);
}

std::string_view LastSegment(std::string_view name) {
  const size_t slash = name.rfind('/');
  return slash == std::string_view::npos ? name : name.substr(slash + 1);
}

std::string_view MunicipalityOf(std::string_view name) {
  if (!name.starts_with(kMunicipalities)) return {};
  name.remove_prefix(kMunicipalities.size());
  name = name.substr(0, name.find('/'));
  return IsMunicipalityCode(name) ? name : std::string_view();
}

std::string ReferenceOf(std::string_view case_id) {
  std::string reference = absl::AsciiStrToUpper(std::string(case_id.substr(0, kReferenceChars)));
  if (reference.size() > kReferenceChars / 2) reference.insert(kReferenceChars / 2, "-");
  return reference;
}

bool IsMunicipalityCode(std::string_view text) { return IsCode(text, "GM", 4); }

bool IsDistrictCode(std::string_view text) {
  return IsCode(text, "WK", 6) || IsCode(text, "BU", 8);
}

bool IsCaseId(std::string_view text) {
  return text.size() == kCaseIdChars && std::ranges::all_of(text, IsLowerOrDigit);
}

bool IsSlug(std::string_view text) {
  return !text.empty() && text.size() <= kSlugCharsMax && IsLowerOrDigit(text.front()) &&
         IsLowerOrDigit(text.back()) &&
         std::ranges::all_of(text, [](char c) { return IsLowerOrDigit(c) || c == '-'; });
}

}  // namespace omzien::domain
