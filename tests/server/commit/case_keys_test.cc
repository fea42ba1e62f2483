#include "server/commit/case_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "storage/blocking.h"
#include "storage/keys.h"
#include "storage/memory/memory_engine.h"
#include "tests/server/commit/gated_engine.h"

namespace omzien::commit::testing {
namespace {

std::unique_ptr<CaseKeys> MustOpen(storage::Engine& engine, const crypto::MasterKey& master,
                                   uint64_t used_through = 0) {
  auto keys = CaseKeys::Open(&engine, master, used_through);
  EXPECT_TRUE(keys.ok()) << keys.status();
  return keys.ok() ? *std::move(keys) : nullptr;
}

size_t WrappedKeys(storage::Engine& engine) {
  const std::string prefix = storage::keys::WrappedCaseKeysPrefix();
  auto rows = storage::ScanNow(*engine.GetSnapshot(),
                               {prefix, storage::keys::PrefixEnd(prefix), 1'000'000});
  return rows.ok() ? rows->size() : 0;
}

std::string Bytes(const CaseKey& key) {
  return {reinterpret_cast<const char*>(key.key.data()), crypto::Secret::kBytes};
}

TEST(CaseKeys, HandsOutDurableKeysEachOnceWithIncreasingIds) {
  GatedEngine engine(storage::NewMemoryEngine());
  const auto master = crypto::MasterKey::Random();
  const auto keys = MustOpen(engine, master);
  std::set<std::string> seen;
  std::vector<CaseKey> taken;
  for (int batch = 0; batch < 30; ++batch) {
    ASSERT_TRUE(keys->Reserve(100).ok());
    for (int i = 0; i < 100; ++i) {
      taken.push_back(keys->Take());
      EXPECT_TRUE(seen.insert(Bytes(taken.back())).second);
      EXPECT_EQ(taken.back().id, taken.size());
    }
    // What was handed out is in the store already, and nobody else may need it to be.
    auto found = keys->Find({taken.back().id});
    ASSERT_TRUE(found.ok() && found->front() != nullptr);
    EXPECT_EQ(Bytes(*found->front()), Bytes(taken.back()));
  }
}

TEST(CaseKeys, NeverHandsOutAKeyWhoseCommitIsHeld) {
  GatedEngine engine(storage::NewMemoryEngine());
  const auto master = crypto::MasterKey::Random();
  const auto keys = MustOpen(engine, master);
  ASSERT_TRUE(keys->Reserve(1).ok());
  engine.Close();
  // Half the pool: a refill starts in the background, and what is there can still be taken.
  ASSERT_TRUE(keys->Reserve(600).ok());
  for (int i = 0; i < 600; ++i) keys->Take();
  ASSERT_TRUE(keys->Reserve(10).ok());
  engine.AwaitHeld(1);
  const size_t durable = WrappedKeys(engine);
  ASSERT_TRUE(keys->Reserve(durable - 600).ok());
  uint64_t last = 0;
  for (size_t i = 600; i < durable; ++i) last = keys->Take().id;
  EXPECT_EQ(last, durable);
  engine.Open();
  ASSERT_TRUE(keys->Reserve(1).ok());
  EXPECT_EQ(keys->Take().id, durable + 1);
}

TEST(CaseKeys, UsesThePoolThatItLeftAgain) {
  GatedEngine engine(storage::NewMemoryEngine());
  const auto master = crypto::MasterKey::Random();
  std::vector<CaseKey> taken;
  size_t durable = 0;
  {
    const auto keys = MustOpen(engine, master);
    ASSERT_TRUE(keys->Reserve(3).ok());
    for (int i = 0; i < 3; ++i) taken.push_back(keys->Take());
    durable = WrappedKeys(engine);
  }
  // A commit used the first one only.
  const auto keys = MustOpen(engine, master, taken[0].id);
  ASSERT_TRUE(keys->Reserve(2).ok());
  EXPECT_EQ(WrappedKeys(engine), durable);
  const CaseKey again = keys->Take();
  EXPECT_EQ(again.id, taken[1].id);
  EXPECT_EQ(Bytes(again), Bytes(taken[1]));
}

TEST(CaseKeys, KeepsTheHashKey) {
  GatedEngine engine(storage::NewMemoryEngine());
  const auto master = crypto::MasterKey::Random();
  const std::string hash = MustOpen(engine, master)->hash().Of("test", {"a"});
  EXPECT_EQ(MustOpen(engine, master)->hash().Of("test", {"a"}), hash);
}

TEST(CaseKeys, RefusesAnotherMasterKey) {
  GatedEngine engine(storage::NewMemoryEngine());
  const auto master = crypto::MasterKey::Random();
  ASSERT_TRUE(MustOpen(engine, master)->Reserve(1).ok());
  EXPECT_TRUE(absl::IsDataLoss(CaseKeys::Open(&engine, crypto::MasterKey::Random(), 0).status()));
}

TEST(CaseKeys, FindsNothingForADestroyedKeyOrOneThatNeverWas) {
  GatedEngine engine(storage::NewMemoryEngine());
  const auto master = crypto::MasterKey::Random();
  const auto keys = MustOpen(engine, master);
  ASSERT_TRUE(keys->Reserve(3).ok());
  storage::CommitRequest request;
  request.writes.push_back({storage::keys::WrappedCaseKey(2), std::nullopt});
  ASSERT_TRUE(storage::CommitNow(engine, std::move(request)).ok());
  auto found = keys->Find({1, 2, 3, 999'999});
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_NE((*found)[0], nullptr);
  EXPECT_EQ((*found)[1], nullptr);
  EXPECT_EQ((*found)[2]->id, 3u);
  EXPECT_EQ((*found)[3], nullptr);
}

TEST(CaseKeys, SaysSoWhenThePoolCannotBeFilled) {
  GatedEngine engine(storage::NewMemoryEngine());
  const auto master = crypto::MasterKey::Random();
  const auto keys = MustOpen(engine, master);
  ASSERT_TRUE(keys->Reserve(1000).ok());
  engine.Break(false);
  // The pool still has some.
  EXPECT_TRUE(keys->Reserve(1000).ok());
  for (int i = 0; i < 1000; ++i) keys->Take();
  EXPECT_TRUE(absl::IsUnavailable(keys->Reserve(1500)));
}

TEST(CaseKeys, NeverOverwritesAKey) {
  GatedEngine engine(storage::NewMemoryEngine());
  const auto master = crypto::MasterKey::Random();
  const auto keys = MustOpen(engine, master);
  // Another writer, which believes that it is the only one.
  const auto other = MustOpen(engine, master);
  ASSERT_TRUE(keys->Reserve(1).ok());
  const CaseKey mine = keys->Take();
  EXPECT_FALSE(other->Reserve(1).ok());
  auto found = keys->Find({mine.id});
  ASSERT_TRUE(found.ok() && found->front() != nullptr);
  EXPECT_EQ(Bytes(*found->front()), Bytes(mine));
}

TEST(CaseKeys, FillsInStepsThatTheEngineTakes) {
  storage::MemoryOptions options;
  options.limits = {.max_operations = 128, .max_bytes = 1 << 20};
  GatedEngine engine(storage::NewMemoryEngine(std::move(options)));
  const auto master = crypto::MasterKey::Random();
  const auto keys = MustOpen(engine, master);
  ASSERT_TRUE(keys->Reserve(200).ok());
  for (uint64_t id = 1; id <= 200; ++id) EXPECT_EQ(keys->Take().id, id);
}

}  // namespace
}  // namespace omzien::commit::testing
