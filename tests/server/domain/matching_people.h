// People to match, in the tests' municipality.

#ifndef OMZIEN_TESTS_SERVER_DOMAIN_MATCHING_PEOPLE_H_
#define OMZIEN_TESTS_SERVER_DOMAIN_MATCHING_PEOPLE_H_

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "server/domain/matching.h"
#include "server/domain/place.h"

namespace omzien::domain::testing {

inline constexpr absl::CivilDay kDay(2026, 11, 22);

inline storage::v1::OfferLoad NoLoad(std::string_view /*offer_id*/) { return {}; }

// Someone stated to live in the district, or of whom the postcode is known; neither: unknown.
inline MatchQuery Someone(const Catalogue& catalogue, const std::string& district,
                          const std::string& postcode = "") {
  v1::Place place;
  if (!district.empty()) place.set_district("municipalities/GM9901/districts/" + district);
  place.set_postcode(postcode);
  const auto resolved = ResolvePlace(catalogue, place);
  EXPECT_TRUE(resolved.ok()) << resolved.status();
  MatchQuery query;
  query.places = resolved->candidates;
  query.certain_wijk = resolved->certain_wijk;
  query.need = v1::NEED_VISIT;
  query.groups = {"iedereen"};
  query.day = kDay;
  return query;
}

}  // namespace omzien::domain::testing

#endif  // OMZIEN_TESTS_SERVER_DOMAIN_MATCHING_PEOPLE_H_
