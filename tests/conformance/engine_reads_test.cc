// The contract of storage/engine.h over every engine: snapshots, scans and changes.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "storage/blocking.h"
#include "storage/engine.h"
#include "tests/conformance/engine_conformance.h"

namespace omzien::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// --- snapshots ---

TEST_P(EngineConformance, ASnapshotStaysAsItWas) {
  const Revision first = MustCommit({{"a", "1"}, {"b", "1"}});
  const auto snapshot = engine_->GetSnapshot();
  MustCommit({{"a", "2"}, {"b", std::nullopt}, {"c", "2"}});
  const auto middle = engine_->GetSnapshot();
  MustCommit({{"a", std::nullopt}, {"b", "3"}, {"c", std::nullopt}});
  EXPECT_EQ(snapshot->revision(), first);
  EXPECT_EQ(Read(*snapshot, "a"), At("1", first));
  EXPECT_EQ(Read(*snapshot, "b"), At("1", first));
  EXPECT_EQ(Read(*snapshot, "c"), "absent");
  EXPECT_THAT(ScanKeys(*snapshot, {}), ElementsAre("a", "b"));
  EXPECT_THAT(ScanKeys(*middle, {}), ElementsAre("a", "c"));
  EXPECT_THAT(ScanKeys({}), ElementsAre("b"));
}

TEST_P(EngineConformance, ASnapshotOfBeforeTheFirstCommitStaysEmpty) {
  const auto snapshot = engine_->GetSnapshot();
  MustCommit({{"a", "1"}});
  EXPECT_EQ(snapshot->revision(), 0u);
  EXPECT_EQ(Read(*snapshot, "a"), "absent");
  EXPECT_THAT(ScanKeys(*snapshot, {}), IsEmpty());
}

TEST_P(EngineConformance, ASnapshotsRevisionIsExactlyWhatItSees) {
  // Each commit writes its number to two keys; a snapshot between must see both or neither, at its
  // own revision.
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (int i = 0; i < 300; ++i)
      MustCommit({{"left", absl::StrCat(i)}, {"right", absl::StrCat(i)}});
    stop = true;
  });
  Revision last = 0;
  while (!stop) {
    const auto snapshot = engine_->GetSnapshot();
    ASSERT_GE(snapshot->revision(), last);
    last = snapshot->revision();
    const auto found = MultiGetNow(*snapshot, {"left", "right"});
    ASSERT_TRUE(found.ok());
    if (last == 0) {
      ASSERT_FALSE((*found)[0] || (*found)[1]);
      continue;
    }
    ASSERT_EQ((*found)[0]->revision, last);
    ASSERT_EQ((*found)[1]->revision, last);
    ASSERT_EQ((*found)[0]->value, (*found)[1]->value);
  }
  writer.join();
}

TEST_P(EngineConformance, MultiGetAnswersInTheOrderOfItsKeys) {
  const Revision revision = MustCommit({{"a", "1"}, {"b", "2"}, {"c", "3"}});
  const auto found = MultiGetNow(*engine_->GetSnapshot(), {"c", "none", "a", "", "c", "b"});
  ASSERT_TRUE(found.ok()) << found.status();
  std::vector<std::string> values;
  for (const auto& versioned : *found) values.push_back(versioned ? versioned->value : "absent");
  EXPECT_THAT(values, ElementsAre("3", "absent", "1", "absent", "3", "2"));
  EXPECT_EQ(found->front()->revision, revision);
  const auto none = MultiGetNow(*engine_->GetSnapshot(), {});
  ASSERT_TRUE(none.ok());
  EXPECT_TRUE(none->empty());
}

// --- scans ---

TEST_P(EngineConformance, AScanReadsAHalfOpenRangeInOrderOfUnsignedBytes) {
  const std::string zero("\0", 1);
  const std::string a_zero("a\0", 2);
  const Keys sorted = {zero,    zero + zero, "\x01", "a",    a_zero, "a\x01", "a\x7F",
                       "a\x80", "a\xFF",     "b",    "\x7F", "\x80", "\xFF",  "\xFF\xFF"};
  std::vector<Write> writes;
  for (auto key = sorted.rbegin(); key != sorted.rend(); ++key)
    writes.push_back({*key, "v" + *key});
  const Revision revision = MustCommit(std::move(writes));
  const struct {
    std::string name;
    Range range;
    size_t first;
    size_t count;
  } cases[] = {
      {"everything", {"", "", 100}, 0, 14},
      {"the begin is in", {"a", "", 100}, 3, 11},
      {"the end is out", {"", "a", 100}, 0, 3},
      {"one key", {"a", a_zero, 100}, 3, 1},
      {"a prefix", {"a", "b", 100}, 3, 6},
      {"from after a key", {a_zero + zero, "b", 100}, 5, 4},
      {"up to the highest bytes", {"\x80", "\xFF", 100}, 11, 1},
      {"past the highest bytes", {"\xFF", "", 100}, 12, 2},
      {"the limit", {"", "", 3}, 0, 3},
      {"the limit within a range", {"a", "b", 2}, 3, 2},
      {"the limit just reached", {"a", "b", 6}, 3, 6},
      {"empty: begin is end", {"a", "a", 100}, 0, 0},
      {"empty: begin after end", {"b", "a", 100}, 0, 0},
      {"empty: between keys", {"aa", "ab", 100}, 0, 0},
      {"empty: after all", {"\xFF\xFF\xFF", "", 100}, 0, 0},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(ScanKeys(c.range), Keys(sorted.begin() + static_cast<ptrdiff_t>(c.first),
                                      sorted.begin() + static_cast<ptrdiff_t>(c.first + c.count)));
  }
  const auto entries = ScanNow(*engine_->GetSnapshot(), {a_zero, "a\x01", 100});
  ASSERT_TRUE(entries.ok());
  ASSERT_EQ(entries->size(), 1u);
  EXPECT_EQ(entries->front().versioned.value, "v" + a_zero);
  EXPECT_EQ(entries->front().versioned.revision, revision);
}

TEST_P(EngineConformance, AScanWithoutALimitIsRefused) {
  const auto result = ScanNow(*engine_->GetSnapshot(), {"", "", 0});
  EXPECT_EQ(result.status().code(), absl::StatusCode::kInvalidArgument);
}

// --- changes ---

TEST_P(EngineConformance, ChangesComeInOrderAfterARevision) {
  const Revision first = MustCommit({{"a", "1"}}, "one");
  const Revision silent = MustCommit({{"a", "2"}});
  const Revision second = MustCommit({}, std::string("\0two", 4));
  ASSERT_TRUE(absl::IsAborted(Commit({}, {{"a", std::nullopt}}, "never").status()));
  const Revision third = MustCommit({{"b", "1"}}, "three");
  const std::string one = At("one", first);
  const std::string two = At(std::string("\0two", 4), second);
  const std::string three = At("three", third);
  EXPECT_THAT(ReadChanges(0), ElementsAre(one, two, three));
  EXPECT_THAT(ReadChanges(0, 2), ElementsAre(one, two));
  EXPECT_THAT(ReadChanges(first), ElementsAre(two, three));
  EXPECT_THAT(ReadChanges(silent), ElementsAre(two, three));
  EXPECT_THAT(ReadChanges(second, 1), ElementsAre(three));
  EXPECT_THAT(ReadChanges(third), IsEmpty());
  EXPECT_THAT(ReadChanges(third + 100), IsEmpty());
  EXPECT_TRUE(absl::IsInvalidArgument(engine_->Changes(0, 0).status()));
}

TEST_P(EngineConformance, ChangesAreNotRows) {
  MustCommit({}, "one");
  EXPECT_THAT(ScanKeys({}), IsEmpty());
}

TEST_P(EngineConformance, TrimmedChangesAreOutOfRange) {
  const Revision first = MustCommit({}, "one");
  const Revision second = MustCommit({}, "two");
  const Revision third = MustCommit({{"a", "1"}}, "three");
  ASSERT_TRUE(engine_->TrimChanges(0).ok());
  EXPECT_EQ(ReadChanges(0).size(), 3u) << "nothing was there to trim";
  for (int again = 0; again < 2; ++again) {
    ASSERT_TRUE(engine_->TrimChanges(second).ok());
    EXPECT_TRUE(absl::IsOutOfRange(engine_->Changes(0, 10).status()));
    EXPECT_TRUE(absl::IsOutOfRange(engine_->Changes(first, 10).status()));
    EXPECT_THAT(ReadChanges(second), ElementsAre(At("three", third)));
  }
  ASSERT_TRUE(engine_->TrimChanges(first).ok()) << "an earlier trim takes nothing back";
  EXPECT_TRUE(absl::IsOutOfRange(engine_->Changes(first, 10).status()));
  EXPECT_EQ(Read("a"), At("1", third)) << "rows stay";
}

TEST_P(EngineConformance, ATrimReachesNoChangeOfTheFuture) {
  const Revision first = MustCommit({}, "one");
  ASSERT_TRUE(engine_->TrimChanges(first + 1000).ok());
  EXPECT_THAT(ReadChanges(first), IsEmpty());
  const Revision second = MustCommit({}, "two");
  EXPECT_THAT(ReadChanges(first), ElementsAre(At("two", second)));
}

}  // namespace
}  // namespace omzien::storage
