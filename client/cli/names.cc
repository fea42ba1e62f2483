#include "client/cli/names.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace omzien::cli {
namespace {

constexpr char kMunicipalities[] = "municipalities/";

bool Digits(absl::string_view text, size_t count) {
  return text.size() == count && std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

bool AreaCode(absl::string_view text, absl::string_view kind, size_t digits) {
  return absl::ConsumePrefix(&text, kind) && Digits(text, digits);
}

bool Postcode(absl::string_view text) {
  if (text.size() < 4 || !Digits(text.substr(0, 4), 4)) return false;
  text.remove_prefix(4);
  absl::ConsumePrefix(&text, " ");
  return text.empty() || (text.size() == 2 && absl::ascii_isalpha(text[0]) != 0 &&
                          absl::ascii_isalpha(text[1]) != 0);
}

}  // namespace

Names::Names(const std::string& municipality, Lang lang)
    : municipality_(absl::AsciiStrToUpper(absl::StripPrefix(municipality, kMunicipalities))),
      lang_(lang) {}

absl::StatusOr<std::string> Names::Parent() const {
  if (municipality_.empty()) {
    return absl::InvalidArgumentError(
        Say(lang_, "welke gemeente? Geef --municipality GM0150 of zet OMZIEN_MUNICIPALITY",
            "which municipality? Give --municipality GM0150 or set OMZIEN_MUNICIPALITY"));
  }
  if (!AreaCode(municipality_, "GM", 4)) {
    return absl::InvalidArgumentError(Say(lang_, "een gemeente is een CBS-code, zoals GM0150",
                                          "a municipality is a CBS code, like GM0150"));
  }
  return absl::StrCat(kMunicipalities, municipality_);
}

absl::StatusOr<std::string> Names::Full(const std::string& collection,
                                        const std::string& id) const {
  if (absl::StartsWith(id, kMunicipalities)) return id;
  if (id.empty() || absl::StrContains(id, "/")) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", id, "' ", Say(lang_, "is geen naam of id in ", "is no name or id in "), collection));
  }
  const auto parent = Parent();
  if (!parent.ok()) return parent.status();
  return absl::StrCat(*parent, "/", collection, "/", id);
}

absl::StatusOr<v1::Place> Names::Place(const std::vector<std::string>& parts) const {
  v1::Place place;
  int set = 0;
  for (const std::string& part : parts) {
    const std::string text(absl::StripAsciiWhitespace(part));
    const std::string upper = absl::AsciiStrToUpper(text);
    if (text.empty()) continue;
    ++set;
    if (upper == "ONBEKEND" || upper == "UNKNOWN") {
      place.set_unknown(true);
    } else if (AreaCode(upper, "WK", 6) || AreaCode(upper, "BU", 8)) {
      const auto name = Full("districts", upper);
      if (!name.ok()) return name.status();
      place.set_district(*name);
    } else if (absl::StartsWith(text, kMunicipalities)) {
      place.set_district(text);
    } else if (Postcode(text)) {
      place.set_postcode(upper);
    } else {
      place.set_words(text);
    }
  }
  const int fields = (place.unknown() ? 1 : 0) + (place.district().empty() ? 0 : 1) +
                     (place.postcode().empty() ? 0 : 1) + (place.words().empty() ? 0 : 1);
  if (set == 0 || fields != set) {
    return absl::InvalidArgumentError(
        set == 0 ? Say(lang_, "ontbreekt: een wijk- of buurtcode, postcode, plaats of 'onbekend'",
                       "missing: a district code, a postcode, words or 'unknown'")
                 : Say(lang_, "twee keer dezelfde soort plaats", "the same form of place twice"));
  }
  return place;
}

std::string ShortName(const std::string& name) { return name.substr(name.rfind('/') + 1); }

}  // namespace omzien::cli
