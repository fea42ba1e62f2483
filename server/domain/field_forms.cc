// The forms of FieldFormat. Written out by hand: std::regex recurses on its input and is slow.

#include <algorithm>

#include "absl/strings/ascii.h"
#include "server/domain/names.h"
#include "server/domain/validation.h"

namespace omzien::domain {
namespace {

constexpr size_t kLanguageCharsMax = 35;  // RFC 5646, section 4.4.1
constexpr size_t kTimeZoneCharsMax = 64;

bool AllDigits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return absl::ascii_isdigit(c); });
}

bool AllLetters(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return absl::ascii_isalpha(c); });
}

bool IsUuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !absl::ascii_isxdigit(text[i])) return false;
  }
  return true;
}

bool IsLanguage(std::string_view text) {
  if (text.size() > kLanguageCharsMax) return false;
  bool primary = true;
  while (true) {
    const size_t dash = text.find('-');
    const std::string_view subtag = text.substr(0, dash);
    const bool fits =
        primary ? subtag.size() >= 2 && subtag.size() <= 3 && AllLetters(subtag)
                : !subtag.empty() && subtag.size() <= 8 &&
                      std::ranges::all_of(subtag, [](char c) { return absl::ascii_isalnum(c); });
    if (!fits) return false;
    if (dash == std::string_view::npos) return true;
    text.remove_prefix(dash + 1);
    primary = false;
  }
}

bool IsPostcode(std::string_view text) {
  if (text.size() < 4 || text.front() == '0' || !AllDigits(text.substr(0, 4))) return false;
  std::string_view letters = text.substr(4);
  if (letters.empty()) return true;
  if (letters.front() == ' ') letters.remove_prefix(1);
  return letters.size() == 2 && AllLetters(letters);
}

bool IsTimeZone(std::string_view text) {
  // A name that a zone loader can only look up below its own directory.
  return text.size() <= kTimeZoneCharsMax && absl::ascii_isalpha(text.front()) &&
         absl::ascii_isalnum(text.back()) && text.find("//") == std::string_view::npos &&
         std::ranges::all_of(text, [](char c) {
           return absl::ascii_isalnum(c) || c == '/' || c == '_' || c == '+' || c == '-';
         });
}

}  // namespace

bool HasFormat(std::string_view text, v1::FieldFormat format) {
  if (format == v1::FIELD_FORMAT_UNSPECIFIED) return true;
  if (text.empty()) return false;
  switch (format) {
    case v1::FIELD_FORMAT_UUID:
      return IsUuid(text);
    case v1::FIELD_FORMAT_LANGUAGE:
      return IsLanguage(text);
    case v1::FIELD_FORMAT_POSTCODE:
      return IsPostcode(text);
    case v1::FIELD_FORMAT_SLUG:
      return IsSlug(text);
    case v1::FIELD_FORMAT_AREA_CODE:
      return IsMunicipalityCode(text) || IsDistrictCode(text);
    case v1::FIELD_FORMAT_TIME_ZONE:
      return IsTimeZone(text);
    case v1::FIELD_FORMAT_MUNICIPALITY_NAME:
      return ParseMunicipalityName(text).has_value();
    case v1::FIELD_FORMAT_SIGNAL_NAME:
      return ParseSignalName(text).has_value();
    case v1::FIELD_FORMAT_REFERRAL_NAME:
      return ParseReferralName(text).has_value();
    case v1::FIELD_FORMAT_ORGANISATION_NAME:
      return ParseOrganisationName(text).has_value();
    case v1::FIELD_FORMAT_OFFER_NAME:
      return ParseOfferName(text).has_value();
    case v1::FIELD_FORMAT_DISTRICT_NAME:
      return ParseDistrictName(text).has_value();
    case v1::FIELD_FORMAT_TARGET_GROUP_NAME:
      return ParseTargetGroupName(text).has_value();
    case v1::FIELD_FORMAT_LIFE_EVENT_NAME:
      return ParseLifeEventName(text).has_value();
    default:
      return false;
  }
}

size_t CountChars(std::string_view text) {
  // Every byte but the continuation bytes starts a code point.
  return static_cast<size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace omzien::domain
