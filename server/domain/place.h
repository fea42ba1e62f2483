// Where a place lies: districts, with how sure each is. What is stated beats what is derived. Pure;
// may be called from any thread.

#ifndef OMZIEN_SERVER_DOMAIN_PLACE_H_
#define OMZIEN_SERVER_DOMAIN_PLACE_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "omzien/v1/common.pb.h"
#include "server/domain/catalogue.h"

namespace omzien::domain {

struct ResolvedPlace {
  // Where it may lie, surest first, then by code; districts by resource name. A stated buurt stays
  // a buurt. Empty when unknown.
  std::vector<v1::DistrictCandidate> candidates;
  // The CBS code of the wijk, only when the place was STATED; a postcode never makes it certain.
  std::string certain_wijk;
  // Nobody knows, or nothing that was said tells: the entrance team's.
  bool unknown = false;
};

// In this order, the first that says something decides:
// 1. `district`: STATED. An older code is what it became; several are each POSSIBLE;
// 2. `words` that are exactly a district's name or other name (letter case and space aside):
//    STATED. A wijk and its own buurten of one name are the wijk; other districts of one name are
//    each POSSIBLE;
// 3. `postcode`: the candidates, LIKELY or POSSIBLE, that the catalogue gives its six characters;
//    if it doesn't have those, its four digits. Six characters in several districts give the
//    wijken of these, one wijk LIKELY. A post-office box says nothing;
// 4. nothing: unknown.
// INVALID_ARGUMENT, PLACE_OUTSIDE_MUNICIPALITY, naming the field below `field` (the place's own
// path in the request) but never its value, for a district or postcode that the catalogue doesn't
// have. Forms and presence are checked before (validation.h).
absl::StatusOr<ResolvedPlace> ResolvePlace(const Catalogue& catalogue, const v1::Place& place,
                                           std::string_view field = "place");

// Candidates of an earlier catalogue by the one in force: what has an older code becomes what that
// became, as sure as it was; where that is several, each POSSIBLE. What the catalogue doesn't know
// stays as it was.
std::vector<v1::DistrictCandidate> InForce(
    const Catalogue& catalogue,
    const google::protobuf::RepeatedPtrField<v1::DistrictCandidate>& candidates);

}  // namespace omzien::domain

#endif  // OMZIEN_SERVER_DOMAIN_PLACE_H_
