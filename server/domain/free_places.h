// How many of those who wait for an offer there is room for: its places as a whole, and those that
// it keeps for a target group (Offer.group_capacities). Pure; one thread at a time.

#ifndef OMZIEN_SERVER_DOMAIN_FREE_PLACES_H_
#define OMZIEN_SERVER_DOMAIN_FREE_PLACES_H_

#include <cstdint>
#include <map>
#include <string>

#include "omzien/storage/v1/records.pb.h"
#include "omzien/v1/catalog.pb.h"
#include "server/domain/matching.h"

namespace omzien::domain {

class FreePlaces {
 public:
  // None of an offer that states no capacity at all: there nobody waits for room.
  FreePlaces(const v1::Offer& offer, const storage::v1::OfferLoad& load);

  // Takes a place for someone of these groups, if there is one: of the whole, where that is
  // limited; and of the person's groups that have places of their own, where there are such and one
  // has room.
  bool TakeFor(const Ids& groups);
  // Nobody could be given one any more.
  bool AreGone() const;

 private:
  bool limited_as_a_whole_;
  uint32_t left_ = 0;
  std::map<std::string, uint32_t, std::less<>> left_by_group_;
};

}  // namespace omzien::domain

#endif  // OMZIEN_SERVER_DOMAIN_FREE_PLACES_H_
