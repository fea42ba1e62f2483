#include "client/cpp/request_id.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace omzien::client {
namespace {

constexpr char kUuid4[] = "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$";

TEST(RequestIdTest, RandomIdsAreVersionFourAndAllDifferent) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = NewRequestId();
    EXPECT_THAT(id, testing::MatchesRegex(kUuid4));
    EXPECT_TRUE(seen.insert(id).second);
  }
}

TEST(RequestIdTest, TheSameTextGivesTheSameIdAndAnotherTextAnother) {
  EXPECT_EQ(RequestIdFor("row 1"), RequestIdFor("row 1"));
  EXPECT_NE(RequestIdFor("row 1"), RequestIdFor("row 2"));
  // First half of SHA-256("abc"), with version and variant set: pinned, since resuming an import
  // after an upgrade rests on it.
  EXPECT_EQ(RequestIdFor("abc"), "ba7816bf-8f01-8fea-8141-40de5dae2223");
}

}  // namespace
}  // namespace omzien::client
