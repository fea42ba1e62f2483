// What the checks have in common; of no use outside them.

#ifndef OMZIEN_TESTS_SCENARIOS_THEN_PARTS_H_
#define OMZIEN_TESTS_SCENARIOS_THEN_PARTS_H_

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/scenarios/steps.h"

namespace omzien::scenarios {

// The two files of checks.
std::span<const Then> SignalChecks();
std::span<const Then> FollowUpChecks();

// Throws StepFailed, with the text, unless it has this part.
inline void MustHold(const std::string& text, const std::string& part) {
  if (!absl::StrContains(text, part)) throw StepFailed(absl::StrCat("it is: \"", text, "\""));
}

// In the language nl or en.
inline std::string Said(const v1::Sentence& sentence, const std::string& language) {
  if (language != "nl" && language != "en") {
    throw StepFailed(absl::StrCat("no sentence is in \"", language, "\": nl or en"));
  }
  return language == "nl" ? sentence.nl() : sentence.en();
}

// "WK015015 STATED, WK015007 POSSIBLE".
template <class Districts>
std::string PlacesOf(const Scenario& scenario, const Districts& districts) {
  std::vector<std::string> places;
  for (const v1::DistrictCandidate& district : districts) {
    places.push_back(
        absl::StrCat(scenario.Id(district.district()), " ", NameOf(district.certainty())));
  }
  return absl::StrJoin(places, ", ");
}

// The ids of resource names, by the alphabet.
template <class Names>
std::string IdsOf(const Scenario& scenario, const Names& names) {
  std::vector<std::string> ids;
  for (const std::string& name : names) ids.push_back(scenario.Id(name));
  std::ranges::sort(ids);
  return absl::StrJoin(ids, ", ");
}

// What the last look for offers found.
inline const v1::FindOffersResponse& Found(Scenario& scenario) {
  const auto& found = scenario.person().found;
  if (!found.has_value()) throw StepFailed("nobody looked for offers");
  return *found;
}

inline const v1::OfferMatch& MatchOf(Scenario& scenario, const std::string& offer) {
  for (const v1::OfferMatch& match : Found(scenario).matches()) {
    if (scenario.Id(match.offer()) == offer) return match;
  }
  throw StepFailed(absl::StrCat("nothing is said of ", offer));
}

}  // namespace omzien::scenarios

#endif  // OMZIEN_TESTS_SCENARIOS_THEN_PARTS_H_
