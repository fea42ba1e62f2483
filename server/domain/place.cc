#include "server/domain/place.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "server/domain/errors.h"
#include "server/domain/names.h"
#include "server/domain/text.h"

namespace omzien::domain {

namespace {

absl::Status Outside(std::string_view field, std::string_view part) {
  return InvalidFields({{Concat(field, ".", part), "lies outside the municipality"}},
                       v1::ERROR_REASON_PLACE_OUTSIDE_MUNICIPALITY);
}

v1::DistrictCandidate Candidate(const Catalogue& catalogue, const v1::District& district,
                                v1::Certainty certainty) {
  v1::DistrictCandidate candidate;
  candidate.set_district(DistrictName(catalogue.municipality().code(), district.code()));
  candidate.set_display_name(district.display_name());
  candidate.set_certainty(certainty);
  candidate.set_village(!catalogue.VillageOf(district.code()).empty());
  return candidate;
}

ResolvedPlace Stated(const Catalogue& catalogue, const v1::District& district) {
  ResolvedPlace resolved;
  resolved.candidates.push_back(Candidate(catalogue, district, v1::CERTAINTY_STATED));
  resolved.certain_wijk = catalogue.WijkOf(district.code());
  return resolved;
}

// Nothing says which of them it is.
ResolvedPlace OneOf(const Catalogue& catalogue, const std::vector<const v1::District*>& districts) {
  ResolvedPlace resolved;
  for (const v1::District* district : districts) {
    resolved.candidates.push_back(Candidate(catalogue, *district, v1::CERTAINTY_POSSIBLE));
  }
  return resolved;
}

ResolvedPlace Unknown() {
  ResolvedPlace resolved;
  resolved.unknown = true;
  return resolved;
}

// nullopt when the words name no district.
std::optional<ResolvedPlace> FromWords(const Catalogue& catalogue, std::string_view words) {
  std::vector<const v1::District*> named = catalogue.DistrictsNamed(words);
  std::set<std::string_view> wijken;
  for (const v1::District* district : named) {
    if (district->parent().empty()) wijken.insert(district->code());
  }
  // A buurt within a wijk of the same name adds nothing: people mean the whole.
  std::erase_if(named, [&wijken](const v1::District* district) {
    return wijken.count(district->parent()) > 0;
  });
  if (named.empty()) return std::nullopt;
  if (named.size() == 1) return Stated(catalogue, *named.front());
  return OneOf(catalogue, named);
}

constexpr size_t kPostcodeDigits = 4;

// "7411ab" and "7411 AB" are "7411AB".
std::string PostcodeOf(std::string_view said) {
  std::string code;
  for (const char c : said) {
    if (c != ' ') code.push_back(absl::ascii_toupper(static_cast<unsigned char>(c)));
  }
  return code;
}

// Six characters are a street or less. Which of several buurten it touches could point back at it,
// so of several only the wijken are told.
bool IsTold(const v1::Postcode& postcode) {
  return postcode.code().size() <= kPostcodeDigits || postcode.districts_size() < 2;
}

v1::Postcode Coarse(const Catalogue& catalogue, const v1::Postcode& postcode) {
  v1::Postcode coarse;
  for (const auto& entry : postcode.districts()) {
    const std::string_view wijk = catalogue.WijkOf(entry.district());
    auto* const known = coarse.mutable_districts();
    auto same = std::ranges::find(*known, wijk, &v1::PostcodeDistrict::district);
    if (same == known->end()) {
      coarse.add_districts()->set_district(std::string(wijk));
      same = known->end() - 1;
      same->set_certainty(entry.certainty());
    }
    same->set_certainty(std::min(same->certainty(), entry.certainty()));
  }
  if (coarse.districts_size() == 1) {
    coarse.mutable_districts(0)->set_certainty(v1::CERTAINTY_LIKELY);
  }
  return coarse;
}

ResolvedPlace FromPostcode(const Catalogue& catalogue, const v1::Postcode& postcode) {
  if (postcode.post_office_box()) return Unknown();
  ResolvedPlace resolved;
  if (!IsTold(postcode)) return FromPostcode(catalogue, Coarse(catalogue, postcode));
  for (const auto& entry : postcode.districts()) {
    const v1::District* const district = catalogue.district(entry.district());
    if (district == nullptr) continue;
    v1::DistrictCandidate candidate = Candidate(catalogue, *district, entry.certainty());
    // Surest first; among equally certain ones the catalogue's order says which is likelier.
    const auto after = std::upper_bound(
        resolved.candidates.begin(), resolved.candidates.end(), candidate.certainty(),
        [](v1::Certainty certainty, const v1::DistrictCandidate& other) {
          return certainty < other.certainty();
        });
    resolved.candidates.insert(after, std::move(candidate));
  }
  resolved.unknown = resolved.candidates.empty();
  return resolved;
}

}  // namespace

absl::StatusOr<ResolvedPlace> ResolvePlace(const Catalogue& catalogue, const v1::Place& place,
                                           std::string_view field) {
  if (!place.district().empty()) {
    const std::string_view code = LastSegment(place.district());
    const std::vector<const v1::District*> districts = catalogue.DistrictsFor(code);
    // The name must be of this municipality, too: codes alone could be another's.
    if (districts.empty() ||
        place.district() != DistrictName(catalogue.municipality().code(), code)) {
      return Outside(field, "district");
    }
    if (districts.size() == 1) return Stated(catalogue, *districts.front());
    return OneOf(catalogue, districts);
  }
  if (auto resolved = FromWords(catalogue, place.words()); resolved.has_value()) return *resolved;
  const std::string code = PostcodeOf(place.postcode());
  if (code.empty()) return Unknown();
  const v1::Postcode* postcode = catalogue.postcode(code);
  if (postcode == nullptr) {
    postcode = catalogue.postcode(std::string_view(code).substr(0, kPostcodeDigits));
  }
  if (postcode == nullptr) return Outside(field, "postcode");
  return FromPostcode(catalogue, *postcode);
}

std::vector<v1::DistrictCandidate> InForce(
    const Catalogue& catalogue,
    const google::protobuf::RepeatedPtrField<v1::DistrictCandidate>& candidates) {
  std::vector<v1::DistrictCandidate> found;
  const auto add = [&found](v1::DistrictCandidate candidate) {
    const auto known =
        std::ranges::find(found, candidate.district(), &v1::DistrictCandidate::district);
    if (known == found.end()) {
      found.push_back(std::move(candidate));
    } else {
      known->set_certainty(std::min(known->certainty(), candidate.certainty()));
    }
  };
  for (const v1::DistrictCandidate& candidate : candidates) {
    const std::string_view code = LastSegment(candidate.district());
    const auto districts = catalogue.district(code) == nullptr ? catalogue.DistrictsFor(code)
                                                               : std::vector<const v1::District*>();
    if (districts.empty()) add(candidate);
    for (const v1::District* district : districts) {
      add(Candidate(catalogue, *district,
                    districts.size() == 1 ? candidate.certainty() : v1::CERTAINTY_POSSIBLE));
    }
  }
  // Each after those that are as sure: there are a handful. (The library's stable sort draws on
  // what clang calls deprecated.)
  for (auto it = found.begin(); it != found.end(); ++it) {
    const auto place = std::ranges::upper_bound(found.begin(), it, it->certainty(), {},
                                                &v1::DistrictCandidate::certainty);
    std::rotate(place, it, it + 1);
  }
  return found;
}

}  // namespace omzien::domain
