// The contract of storage/engine.h over every engine: commits, and opening again.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "storage/blocking.h"
#include "storage/engine.h"
#include "tests/conformance/engine_conformance.h"
#include "tests/conformance/engines.h"

namespace omzien::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// --- commits ---

TEST_P(EngineConformance, AnEmptyStoreIsBeforeTheFirstCommit) {
  EXPECT_EQ(engine_->GetSnapshot()->revision(), 0u);
  EXPECT_THAT(ScanKeys({}), IsEmpty());
  EXPECT_THAT(ReadChanges(0), IsEmpty());
}

TEST_P(EngineConformance, ACommitWritesAllOfItsRowsAtItsRevision) {
  const Revision revision = MustCommit({{"a", "1"}, {"b", ""}, {"c", std::string("\0x", 2)}});
  EXPECT_GT(revision, 0u);
  EXPECT_EQ(engine_->GetSnapshot()->revision(), revision);
  EXPECT_EQ(Read("a"), At("1", revision));
  EXPECT_EQ(Read("b"), At("", revision));
  EXPECT_EQ(Read("c"), At(std::string("\0x", 2), revision));
}

TEST_P(EngineConformance, RevisionsIncrease) {
  Revision last = 0;
  for (int i = 0; i < 20; ++i) {
    // Also where nothing or the same is written.
    const Revision revision =
        i % 2 == 0 ? MustCommit({{"a", "same"}}) : MustCommit({{"absent", std::nullopt}});
    EXPECT_GT(revision, last);
    EXPECT_EQ(engine_->GetSnapshot()->revision(), revision);
    last = revision;
  }
}

TEST_P(EngineConformance, AWriteReplacesAndADeleteRemoves) {
  const Revision first = MustCommit({{"a", "1"}, {"b", "1"}});
  const Revision second = MustCommit({{"a", "2"}});
  EXPECT_EQ(Read("a"), At("2", second));
  EXPECT_EQ(Read("b"), At("1", first));
  MustCommit({{"a", std::nullopt}, {"never there", std::nullopt}});
  EXPECT_EQ(Read("a"), "absent");
  EXPECT_THAT(ScanKeys({}), ElementsAre("b"));
  const Revision fourth = MustCommit({{"a", "4"}});
  EXPECT_EQ(Read("a"), At("4", fourth));
}

TEST_P(EngineConformance, PreconditionsDecideWhetherACommitGoesThrough) {
  const Revision old = MustCommit({{"a", "1"}, {"gone", "1"}});
  const Revision now = MustCommit({{"a", "2"}, {"gone", std::nullopt}, {"b", "1"}});
  const struct {
    std::string name;
    std::vector<Precondition> preconditions;
    bool holds;
  } cases[] = {
      {"absent: never written", {{"new", std::nullopt}}, true},
      {"absent: deleted", {{"gone", std::nullopt}}, true},
      {"absent: present", {{"a", std::nullopt}}, false},
      {"at its revision", {{"a", now}}, true},
      {"at an older revision", {{"a", old}}, false},
      {"at a later revision", {{"a", now + 1}}, false},
      {"at a revision: never written", {{"new", now}}, false},
      {"at a revision: deleted", {{"gone", old}}, false},
      {"at revision 0: never written", {{"new", Revision{0}}}, false},
      {"both hold", {{"a", now}, {"new", std::nullopt}}, true},
      {"the first fails", {{"a", old}, {"b", now}}, false},
      {"the last fails", {{"b", now}, {"a", old}}, false},
      {"the same twice", {{"a", now}, {"a", now}}, true},
      {"a contradiction", {{"a", now}, {"a", std::nullopt}}, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const Revision before = engine_->GetSnapshot()->revision();
    const std::string marker_before = Read("marker");
    const size_t changes_before = ReadChanges(0).size();
    const auto result = Commit({{"marker", c.name}}, c.preconditions, c.name);
    if (c.holds) {
      ASSERT_TRUE(result.ok()) << result.status();
      EXPECT_EQ(Read("marker"), At(c.name, *result));
      EXPECT_EQ(ReadChanges(0).size(), changes_before + 1);
    } else {
      EXPECT_EQ(result.status().code(), absl::StatusCode::kAborted) << result.status();
      EXPECT_EQ(engine_->GetSnapshot()->revision(), before);
      EXPECT_EQ(Read("marker"), marker_before);
      EXPECT_EQ(ReadChanges(0).size(), changes_before);
    }
  }
}

TEST_P(EngineConformance, PreconditionsAreJudgedBeforeTheCommitsOwnWrites) {
  const auto created = Commit({{"a", "1"}}, {{"a", std::nullopt}});
  ASSERT_TRUE(created.ok()) << created.status();
  const auto updated = Commit({{"a", "2"}}, {{"a", *created}});
  ASSERT_TRUE(updated.ok()) << updated.status();
  EXPECT_EQ(Read("a"), At("2", *updated));
}

TEST_P(EngineConformance, ACommitOfPreconditionsAloneIsACommit) {
  const Revision revision = MustCommit({{"fence", "1"}});
  EXPECT_TRUE(Commit({}, {{"fence", revision}}).ok());
  EXPECT_TRUE(absl::IsAborted(Commit({}, {{"fence", std::nullopt}}).status()));
  EXPECT_EQ(Read("fence"), At("1", revision));
}

TEST_P(EngineConformance, AMalformedCommitWritesNothing) {
  const struct {
    std::string name;
    CommitRequest request;
  } cases[] = {
      {"a key written twice", {{}, {{"a", "1"}, {"b", "1"}, {"a", "2"}}, "change"}},
      {"a key written and deleted", {{}, {{"a", "1"}, {"a", std::nullopt}}, "change"}},
      {"a write without a key", {{}, {{"a", "1"}, {"", "1"}}, "change"}},
      {"a precondition without a key", {{{"", std::nullopt}}, {{"a", "1"}}, "change"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const auto result = CommitNow(*engine_, c.request);
    EXPECT_EQ(result.status().code(), absl::StatusCode::kInvalidArgument) << result.status();
    EXPECT_EQ(engine_->GetSnapshot()->revision(), 0u);
    EXPECT_THAT(ScanKeys({}), IsEmpty());
    EXPECT_THAT(ReadChanges(0), IsEmpty());
  }
  EXPECT_TRUE(Commit({{"a", "1"}}).ok()) << "and does no harm to the next one";
}

TEST_P(EngineConformance, CommitsUpToTheLimitsGoThrough) {
  Reopen(Limits{.max_operations = 4, .max_bytes = 32});
  EXPECT_EQ(engine_->limits().max_operations, 4u);
  EXPECT_EQ(engine_->limits().max_bytes, 32u);
  const std::string value(28, 'v');
  const struct {
    std::string name;
    CommitRequest request;
    bool fits;
  } cases[] = {
      {"four operations",
       {{{"p", std::nullopt}, {"q", std::nullopt}}, {{"a", "1"}, {"b", std::nullopt}}, ""},
       true},
      {"five operations",
       {{{"p", std::nullopt}, {"q", std::nullopt}, {"r", std::nullopt}},
        {{"a", "1"}, {"b", "1"}},
        ""},
       false},
      {"32 bytes: precondition, key, value, change",
       {{{"p", std::nullopt}}, {{"a", value}}, "ch"},
       true},
      {"33 bytes", {{{"p", std::nullopt}}, {{"a", value}}, "cha"}, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const auto result = CommitNow(*engine_, c.request);
    EXPECT_EQ(result.status().code(),
              c.fits ? absl::StatusCode::kOk : absl::StatusCode::kInvalidArgument)
        << result.status();
  }
}

TEST_P(EngineConformance, ItsOwnLimitsHoldAWholeBatch) {
  // As a replicated engine has by default; the least that any caller plans for.
  EXPECT_GE(engine_->limits().max_operations, 128u);
  EXPECT_GE(engine_->limits().max_bytes, size_t{1} << 20);
}

TEST_P(EngineConformance, CommitsReportInTheOrderInWhichTheyCame) {
  constexpr int kCommits = 200;
  absl::Mutex mutex;
  std::vector<int> order;
  std::vector<Revision> revisions;
  const std::thread::id caller = std::this_thread::get_id();
  std::atomic<bool> on_caller = false;
  for (int i = 0; i < kCommits; ++i) {
    CommitRequest request;
    request.writes.push_back({absl::StrCat("k", i % 7), absl::StrCat(i)});
    // Some that fail for each reason: they keep their place too.
    if (i % 5 == 1) request.preconditions.push_back({"k0", std::nullopt});
    if (i % 5 == 2) request.writes.push_back(request.writes.front());
    engine_->Commit(std::move(request), [&, i](absl::StatusOr<Revision> result) {
      absl::MutexLock lock(&mutex);
      order.push_back(i);
      if (result.ok()) revisions.push_back(*result);
      if (std::this_thread::get_id() == caller) on_caller = true;
    });
  }
  engine_.reset();  // waits for all of them
  std::vector<int> expected(kCommits);
  for (int i = 0; i < kCommits; ++i) expected[i] = i;
  EXPECT_EQ(order, expected);
  EXPECT_EQ(revisions.size(), 120u);
  for (size_t i = 1; i < revisions.size(); ++i) EXPECT_LT(revisions[i - 1], revisions[i]);
  EXPECT_FALSE(on_caller);
}

TEST_P(EngineConformance, ASnapshotTakenInDoneSeesTheCommit) {
  absl::Notification called;
  std::string seen;
  Revision revision = 0;
  engine_->Commit({{}, {{"a", "1"}}, "change"}, [&](absl::StatusOr<Revision> result) {
    revision = result.value_or(0);
    seen = Read("a");
    called.Notify();
  });
  called.WaitForNotification();
  EXPECT_EQ(seen, At("1", revision));
}

TEST_P(EngineConformance, DoneMayCommitAgain) {
  absl::Notification called;
  engine_->Commit({{}, {{"a", "1"}}, ""}, [&](absl::StatusOr<Revision> first) {
    ASSERT_TRUE(first.ok());
    engine_->Commit({{{"a", *first}}, {{"a", "2"}}, ""}, [&](absl::StatusOr<Revision> second) {
      EXPECT_TRUE(second.ok()) << second.status();
      called.Notify();
    });
  });
  called.WaitForNotification();
  EXPECT_THAT(ScanKeys({}), ElementsAre("a"));
}

TEST_P(EngineConformance, ManyCommittersLoseNoUpdate) {
  constexpr int kThreads = 8;
  constexpr int kIncrements = 25;
  MustCommit({{"counter", "0"}});
  std::atomic<int> conflicts = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int done = 0; done < kIncrements;) {
        const auto snapshot = engine_->GetSnapshot();
        const auto counter = MultiGetNow(*snapshot, {"counter"});
        ASSERT_TRUE(counter.ok() && counter->front());
        const Versioned& current = *counter->front();
        const auto result = Commit({{"counter", absl::StrCat(std::stoi(current.value) + 1)}},
                                   {{"counter", current.revision}}, "increment");
        if (result.ok()) {
          ++done;
        } else {
          ASSERT_TRUE(absl::IsAborted(result.status())) << result.status();
          ++conflicts;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto snapshot = engine_->GetSnapshot();
  EXPECT_EQ(Read(*snapshot, "counter"), At("200", snapshot->revision()));
  EXPECT_EQ(ReadChanges(0).size(), size_t{kThreads * kIncrements});
}

// --- closing and opening again ---

TEST_P(EngineConformance, WhatWasReportedDurableIsThereAfterReopening) {
  const Revision first = MustCommit({{"a", "1"}, {"b", "1"}}, "one");
  const Revision second = MustCommit({{"b", std::nullopt}, {"c", "2"}}, "two");
  const Revision third = MustCommit({}, "three");
  ASSERT_TRUE(engine_->TrimChanges(first).ok());
  for (int again = 0; again < 2; ++again) {
    Reopen();
    EXPECT_EQ(engine_->GetSnapshot()->revision(), third);
    EXPECT_EQ(Read("a"), At("1", first));
    EXPECT_EQ(Read("b"), "absent");
    EXPECT_EQ(Read("c"), At("2", second));
    EXPECT_TRUE(absl::IsOutOfRange(engine_->Changes(0, 10).status()));
    EXPECT_THAT(ReadChanges(first), ElementsAre(At("two", second), At("three", third)));
  }
  const auto next = Commit({{"a", "4"}}, {{"a", first}}, "four");
  ASSERT_TRUE(next.ok()) << next.status();
  EXPECT_GT(*next, third);
  EXPECT_THAT(ReadChanges(third), ElementsAre(At("four", *next)));
}

INSTANTIATE_TEST_SUITE_P(Engines, EngineConformance, ::testing::ValuesIn(AllEngines()),
                         [](const auto& kind) { return kind.param.name; });

}  // namespace
}  // namespace omzien::storage
