#include "server/domain/free_places.h"

#include <algorithm>

namespace omzien::domain {
namespace {

uint32_t Left(uint32_t capacity, uint32_t taken) { return capacity - std::min(capacity, taken); }

}  // namespace

FreePlaces::FreePlaces(const v1::Offer& offer, const storage::v1::OfferLoad& load)
    : limited_as_a_whole_(offer.capacity() > 0),
      left_(Left(offer.capacity(), load.live_referrals())) {
  for (const v1::GroupCapacity& own : offer.group_capacities()) {
    uint32_t taken = 0;
    for (const auto& group : load.groups()) {
      if (group.target_group() == own.target_group()) taken = group.live_referrals();
    }
    left_by_group_[own.target_group()] = Left(own.capacity(), taken);
  }
}

bool FreePlaces::TakeFor(const Ids& groups) {
  if (limited_as_a_whole_ && left_ == 0) return false;
  bool has_own = false;
  bool taken = false;
  for (auto& [group, left] : left_by_group_) {
    if (!groups.contains(group)) continue;
    has_own = true;
    if (left == 0) continue;
    --left;
    taken = true;
  }
  if (has_own ? !taken : !limited_as_a_whole_) return false;
  if (limited_as_a_whole_) --left_;
  return true;
}

bool FreePlaces::AreGone() const {
  if (limited_as_a_whole_) return left_ == 0;
  return std::ranges::all_of(left_by_group_, [](const auto& group) { return group.second == 0; });
}

}  // namespace omzien::domain
