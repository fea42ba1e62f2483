// How many cases a property is tried on: 5,000, or as many as the environment's
// OMZIEN_PROPERTY_CASES says (tests/README.md, Campaigns).

#ifndef OMZIEN_TESTS_SERVER_DOMAIN_PROPERTY_CASES_H_
#define OMZIEN_TESTS_SERVER_DOMAIN_PROPERTY_CASES_H_

#include <cstdlib>
#include <iostream>
#include <utility>

#include "rapidcheck.h"

namespace omzien::domain::testing {

inline constexpr int kPropertyCases = 5000;
// The same cases in every run, unless RC_PARAMS names a seed.
inline constexpr uint64_t kPropertySeed = 20261122;

// Of 0 to `most`, also in small cases: rapidcheck's own ranges grow with the case.
inline int UpTo(int most) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, most + 1));
}

// As rc::check(), which tries 100 cases of a seed that nobody chose.
template <typename Property>
bool HoldsAlways(Property&& property) {
  rc::detail::TestParams params = rc::detail::configuration().testParams;
  if (std::getenv("RC_PARAMS") == nullptr) params.seed = kPropertySeed;
  const char* const asked = std::getenv("OMZIEN_PROPERTY_CASES");
  params.maxSuccess = asked == nullptr ? kPropertyCases : std::atoi(asked);
  const auto result = rc::detail::checkTestable(std::forward<Property>(property),
                                                rc::detail::TestMetadata(), params);
  if (result.template is<rc::detail::SuccessResult>()) return true;
  rc::detail::printResultMessage(result, std::cerr);
  std::cerr << "\n";
  return false;
}

}  // namespace omzien::domain::testing

#endif  // OMZIEN_TESTS_SERVER_DOMAIN_PROPERTY_CASES_H_
