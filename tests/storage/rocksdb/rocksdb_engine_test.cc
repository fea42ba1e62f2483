// What the conformance suite cannot see: that commits are synced, and what a failing disk does. A
// failed sync leaves the bytes in the page cache, so after reopening the commit in doubt is there:
// the case that makes it indeterminate.

#include "storage/rocksdb/rocksdb_engine.h"

#include <gtest/gtest.h>
#include <rocksdb/env.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "storage/blocking.h"
#include "storage/engine.h"
#include "tests/storage/rocksdb/failing_disk.h"
#include "tests/storage/temporary_directory.h"

namespace omzien::storage {
namespace {

class RocksDbEngineTest : public ::testing::Test {
 protected:
  void SetUp() override { Open(); }

  void Open() {
    engine_.reset();
    RocksDbOptions options;
    options.directory = directory_.path() + "/db";
    options.env = env_.get();
    auto engine = OpenRocksDb(options);
    ASSERT_TRUE(engine.ok()) << engine.status();
    engine_ = *std::move(engine);
  }

  absl::StatusOr<Revision> Put(const std::string& key, const std::string& value) {
    return CommitNow(*engine_, {{}, {{key, value}}, absl::StrCat("put ", key)});
  }

  std::string Read(const std::string& key) {
    const auto found = MultiGetNow(*engine_->GetSnapshot(), {key});
    if (!found.ok()) return found.status().ToString();
    return found->front() ? found->front()->value : "absent";
  }

  const TemporaryDirectory directory_;
  const std::shared_ptr<FailingDisk> disk_ = std::make_shared<FailingDisk>();
  const std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(disk_);
  std::unique_ptr<Engine> engine_;
};

TEST_F(RocksDbEngineTest, EachCommitIsSyncedOnce) {
  for (int i = 0; i < 5; ++i) {
    const int before = disk_->syncs;
    ASSERT_TRUE(Put("a", absl::StrCat(i)).ok());
    EXPECT_EQ(disk_->syncs, before + 1);
  }
}

TEST_F(RocksDbEngineTest, ARefusedCommitIsNotWrittenAtAll) {
  ASSERT_TRUE(Put("a", "1").ok());
  const int before = disk_->syncs;
  const auto refused = CommitNow(*engine_, {{{"a", std::nullopt}}, {{"a", "2"}}, "change"});
  EXPECT_TRUE(absl::IsAborted(refused.status()));
  EXPECT_EQ(disk_->syncs, before);
}

TEST_F(RocksDbEngineTest, AFailedSyncIsInDoubtAndEndsAllCommits) {
  const absl::StatusOr<Revision> first = Put("a", "1");
  ASSERT_TRUE(first.ok());
  disk_->syncs_fail = true;
  const absl::Status doubt = Put("a", "2").status();
  EXPECT_EQ(doubt.code(), absl::StatusCode::kUnavailable) << doubt;
  // Also when the disk is well again, and whatever the commit asks for.
  disk_->syncs_fail = false;
  EXPECT_EQ(Put("b", "1").status(), doubt);
  EXPECT_EQ(CommitNow(*engine_, {{{"a", std::nullopt}}, {}, ""}).status(), doubt);
  EXPECT_EQ(CommitNow(*engine_, {{}, {{"", "1"}}, ""}).status(), doubt);
  EXPECT_TRUE(absl::IsUnavailable(engine_->TrimChanges(*first)));
}

TEST_F(RocksDbEngineTest, ReadersStayAtWhatIsKnownToBeDurable) {
  const absl::StatusOr<Revision> first = Put("a", "1");
  ASSERT_TRUE(first.ok());
  disk_->syncs_fail = true;
  ASSERT_FALSE(Put("a", "2").ok());
  EXPECT_EQ(Read("a"), "1");
  EXPECT_EQ(engine_->GetSnapshot()->revision(), *first);
  const auto changes = engine_->Changes(0, 10);
  ASSERT_TRUE(changes.ok()) << changes.status();
  EXPECT_EQ(changes->size(), 1u);
}

TEST_F(RocksDbEngineTest, ReopeningSettlesACommitInDoubt) {
  const absl::StatusOr<Revision> first = Put("a", "1");
  ASSERT_TRUE(first.ok());
  disk_->syncs_fail = true;
  ASSERT_FALSE(Put("a", "2").ok());
  disk_->syncs_fail = false;
  ASSERT_NO_FATAL_FAILURE(Open());
  // Either way, but whole: row, change and revision together.
  const bool there = Read("a") == "2";
  EXPECT_TRUE(there || Read("a") == "1");
  EXPECT_EQ(engine_->GetSnapshot()->revision() > *first, there);
  const auto changes = engine_->Changes(0, 10);
  ASSERT_TRUE(changes.ok());
  EXPECT_EQ(changes->size(), there ? 2u : 1u);
  EXPECT_TRUE(Put("a", "3").ok());
  EXPECT_EQ(Read("a"), "3");
}

TEST_F(RocksDbEngineTest, WhatOutgrowsMemoryIsReadFromFiles) {
  engine_.reset();
  RocksDbOptions options;
  options.directory = directory_.path() + "/small";
  options.write_buffer_bytes = size_t{64} << 10;
  options.block_cache_bytes = size_t{64} << 10;
  options.max_open_files = 32;
  for (int again = 0; again < 2; ++again) {
    auto engine = OpenRocksDb(options);
    ASSERT_TRUE(engine.ok()) << engine.status();
    for (int i = 0; again == 0 && i < 40; ++i) {
      CommitRequest request;
      for (int j = 0; j < 20; ++j) {
        request.writes.push_back({absl::StrCat(1000 + i, "/", j), std::string(500, 'v')});
      }
      ASSERT_TRUE(CommitNow(**engine, std::move(request)).ok());
    }
    const auto found = ScanNow(*(*engine)->GetSnapshot(), {"", "", 10'000});
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_EQ(found->size(), 800u);
  }
  bool files = false;
  for (const auto& entry : std::filesystem::directory_iterator(options.directory)) {
    files = files || entry.path().extension() == ".sst";
  }
  EXPECT_TRUE(files);
}

TEST_F(RocksDbEngineTest, ADirectoryWhoseParentIsNotThereIsUnavailable) {
  RocksDbOptions options;
  options.directory = directory_.path() + "/no/such/parent";
  EXPECT_EQ(OpenRocksDb(options).status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(RocksDbEngineTest, ASecondEngineOverTheSameFilesIsRefused) {
  RocksDbOptions options;
  options.directory = directory_.path() + "/db";
  EXPECT_EQ(OpenRocksDb(options).status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace omzien::storage
