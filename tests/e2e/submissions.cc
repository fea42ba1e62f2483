#include "tests/e2e/submissions.h"

#include "absl/strings/str_cat.h"
#include "tests/e2e/story_world.h"

namespace omzien::e2e {
namespace {

// Words in several scripts, of any length up to the limit.
std::string Words(int i, Random& random) {
  static constexpr const char* kWords[] = {"eenzaam", "praatje", "zoë", "ünïcode", "ሰላም",
                                           "stil",    "\\n",     "🌷",  "\\\"",    "koffie"};
  std::string words = absl::StrCat("signaal ", i);
  const size_t count = random() % 20 == 0 ? 250 : random() % 12;
  for (size_t n = 0; n < count; ++n) absl::StrAppend(&words, " ", OneOf(kWords, random));
  return words;
}

}  // namespace

v1::SubmitSignalRequest MixedSubmission(int i, Random& random) {
  static constexpr const char* kPlaces[] = {
      "words: 'Bathmen'",
      "postcode: '7411'",
      "postcode: '7413 AB'",
      "unknown: true",
      "district: 'municipalities/GM0150/districts/BU01500602'",
      "words: 'okkenbroek'",
      "words: 'achter de kerk'",
      "postcode: '7400'",
      "words: 'Binnenstad' postcode: '7411 KL'"};
  // Some come back, so that who wants no contact is found again.
  const std::string reaches[] = {
      absl::StrCat("phone: '0570 11 22 ", 10 + random() % 40, "'"),
      absl::StrCat("address: 'Verzonnenstraat ", 1 + random() % 40,
                   "' person_name: 'Jo Verzonnen'"),
      absl::StrCat("email: 'iemand", random() % 40, "@voorbeeld.example'"),
      "place_and_time: 'vrijdag op de markt'", "through_signaller: true"};
  static constexpr const char* kPeople[] = {
      "age_band: AGE_BAND_65_PLUS",
      "age_band: AGE_BAND_65_PLUS life_events: 'municipalities/GM0150/lifeEvents/bereavement'",
      "age_band: AGE_BAND_18_TO_26 target_groups: 'municipalities/GM0150/targetGroups/students'",
      "language: 'ti'",
      "language: 'nl' household: HOUSEHOLD_ALONE",
      "current_support { description: 'de buren' } preferred_time: 'na vijven'",
      "age_band: AGE_BAND_UNDER_18",
      ""};
  static constexpr const char* kNeeds[] = {"", "need: NEED_VISIT", "need: NEED_ACTIVITY",
                                           "need: NEED_DIGITAL_HELP"};
  static constexpr char kStraightToBathmen[] =
      "place { words: 'Bathmen' } reach { phone: '0570 99 88 77' } age_band: AGE_BAND_65_PLUS "
      "consent { by_whom: CONSENT_GIVER_PERSON when { seconds: 1760000000 } "
      "what: CONSENT_SCOPE_SIGNALLERS_WORDS "
      "to_whom: 'municipalities/GM0150/organisations/bathmens-contactteam' }";
  const std::string mixed =
      absl::StrCat("place { ", OneOf(kPlaces, random), " } reach { ", reaches[random() % 5], " } ",
                   OneOf(kPeople, random), " ", OneOf(kNeeds, random));
  auto request = Submission(kDeventer, random() % 5 == 0 ? std::string(kStraightToBathmen) : mixed);
  request.mutable_signal()->set_own_words(Words(i, random));
  return request;
}

}  // namespace omzien::e2e
