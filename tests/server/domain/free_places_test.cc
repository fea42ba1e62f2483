#include "server/domain/free_places.h"

#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <vector>

namespace omzien::domain {
namespace {

// "a 2/1" in `groups`: group a has two places of its own, of which one is taken.
struct PlacesRow {
  const char* what;
  uint32_t capacity;
  uint32_t taken;
  std::vector<std::tuple<const char*, uint32_t, uint32_t>> groups;
  std::vector<Ids> waiting;
  std::vector<bool> gets_one;
  bool gone;
};

TEST(FreePlaces, AreGivenToThoseWhoComeFirstAndForWhomThereAreAny) {
  const std::vector<PlacesRow> rows = {
      {"no capacity at all", 0, 0, {}, {{}}, {false}, true},
      {"one place", 3, 2, {}, {{"a"}, {}}, {true, false}, true},
      {"none: more are there than may be", 2, 5, {}, {{}}, {false}, true},
      {"who comes first is of a full group",
       5,
       2,
       {{"a", 2, 2}},
       {{"a"}, {"a"}, {"b"}, {}},
       {false, false, true, true},
       false},
      {"a group's places, and no other limit",
       0,
       0,
       {{"a", 2, 1}},
       {{"a"}, {"b"}, {"a"}},
       {true, false, false},
       true},
      {"of two groups one has room", 0, 0, {{"a", 1, 1}, {"b", 1, 0}}, {{"a", "b"}}, {true}, true},
      {"the whole goes before a group", 1, 1, {{"a", 4, 0}}, {{"a"}}, {false}, true},
      {"a group's place is one of the whole",
       2,
       0,
       {{"a", 1, 0}},
       {{"a"}, {"b"}, {"b"}},
       {true, true, false},
       true},
  };
  for (const PlacesRow& row : rows) {
    v1::Offer offer;
    storage::v1::OfferLoad load;
    offer.set_capacity(row.capacity);
    load.set_live_referrals(row.taken);
    for (const auto& [group, capacity, taken] : row.groups) {
      auto* own = offer.add_group_capacities();
      own->set_target_group(group);
      own->set_capacity(capacity);
      auto* of_group = load.add_groups();
      of_group->set_target_group(group);
      of_group->set_live_referrals(taken);
    }
    FreePlaces places(offer, load);
    for (size_t i = 0; i < row.waiting.size(); ++i) {
      EXPECT_EQ(places.TakeFor(row.waiting[i]), row.gets_one[i]) << row.what << ", " << i;
    }
    EXPECT_EQ(places.AreGone(), row.gone) << row.what;
  }
}

}  // namespace
}  // namespace omzien::domain
