// Resource names (AIP-122), built and parsed in one place.
//
//   municipalities/{CBS code}                              GM and 4 digits
//   municipalities/{CBS code}/signals/{case id}            16 of a-z and 0-9
//   municipalities/{CBS code}/referrals/{case id}-{number} number from 1, without leading zeros
//   municipalities/{CBS code}/districts/{CBS code}         WK and 6 digits, or BU and 8
//   municipalities/{CBS code}/organisations|offers|targetGroups|lifeEvents|teams/{id}
//                                                          1 to 40 of a-z, 0-9 and "-", starting
//                                                          and ending with a letter or digit
//
// Building does not check; parsing accepts exactly the forms above and gives nullopt for all else.
// A district's name may stand under any municipality: whether it lies there, the catalogue says.
// All functions are pure and may be called from any thread.

#ifndef OMZIEN_SERVER_DOMAIN_NAMES_H_
#define OMZIEN_SERVER_DOMAIN_NAMES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace omzien::domain {

inline constexpr size_t kCaseIdChars = 16;

// A name in a collection of a municipality.
struct NameParts {
  std::string municipality;  // CBS code
  std::string id;

  friend bool operator==(const NameParts&, const NameParts&) = default;
};

struct ReferralParts {
  std::string municipality;  // CBS code
  std::string case_id;
  uint32_t number = 0;  // from 1

  friend bool operator==(const ReferralParts&, const ReferralParts&) = default;
};

std::string MunicipalityName(std::string_view municipality);
std::string SignalName(std::string_view municipality, std::string_view case_id);
std::string ReferralName(std::string_view municipality, std::string_view case_id, uint32_t number);
std::string OrganisationName(std::string_view municipality, std::string_view id);
std::string OfferName(std::string_view municipality, std::string_view id);
std::string DistrictName(std::string_view municipality, std::string_view code);
std::string TargetGroupName(std::string_view municipality, std::string_view id);
std::string LifeEventName(std::string_view municipality, std::string_view id);
std::string TeamName(std::string_view municipality, std::string_view id);

// The municipality's CBS code.
std::optional<std::string> ParseMunicipalityName(std::string_view name);
std::optional<NameParts> ParseSignalName(std::string_view name);
std::optional<ReferralParts> ParseReferralName(std::string_view name);
std::optional<NameParts> ParseOrganisationName(std::string_view name);
std::optional<NameParts> ParseOfferName(std::string_view name);
std::optional<NameParts> ParseDistrictName(std::string_view name);
std::optional<NameParts> ParseTargetGroupName(std::string_view name);
std::optional<NameParts> ParseLifeEventName(std::string_view name);
std::optional<NameParts> ParseTeamName(std::string_view name);

// What stands after the last "/"; the whole text when there is none. A view into `name`.
std::string_view LastSegment(std::string_view name);
// The municipality's CBS code of any of the names above; empty for other text. A view into `name`.
std::string_view MunicipalityOf(std::string_view name);

// The short reference of a case, to read out over a counter: "k7q2m4xp..." gives "K7Q2-M4XP".
// Shorter ids give what they have.
std::string ReferenceOf(std::string_view case_id);

// The forms that ids have.
bool IsMunicipalityCode(std::string_view text);  // GM0150
bool IsDistrictCode(std::string_view text);      // WK015015, BU01501501
bool IsCaseId(std::string_view text);
bool IsSlug(std::string_view text);

}  // namespace omzien::domain

#endif  // OMZIEN_SERVER_DOMAIN_NAMES_H_
