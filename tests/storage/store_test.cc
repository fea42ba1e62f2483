#include "storage/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "storage/blocking.h"
#include "storage/keys.h"
#include "tests/storage/temporary_directory.h"

namespace omzien::storage {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

class StoreTest : public ::testing::Test {
 protected:
  Store MustOpen() {
    absl::StatusOr<Store> store = OpenStore(directory_);
    EXPECT_TRUE(store.ok()) << store.status();
    return store.ok() ? *std::move(store) : NewMemoryStore();
  }

  static void MustPut(Engine& engine, const std::string& key, std::optional<std::string> value) {
    const auto revision = CommitNow(engine, {{}, {{key, std::move(value)}}, ""});
    ASSERT_TRUE(revision.ok()) << revision.status();
  }

  static std::string Read(Engine& engine, const std::string& key) {
    const auto found = MultiGetNow(*engine.GetSnapshot(), {key});
    if (!found.ok()) return found.status().ToString();
    return found->front() ? found->front()->value : "absent";
  }

  static unsigned ModeOf(const std::string& path) {
    struct stat facts = {};
    EXPECT_EQ(::stat(path.c_str(), &facts), 0) << path;
    return facts.st_mode & 0777u;
  }

  const TemporaryDirectory parent_;
  const std::string directory_ = parent_.path() + "/deep/store";
};

TEST_F(StoreTest, ANewStoreHasItsLayoutAndIsForItsOwnerOnly) {
  const Store store = MustOpen();
  EXPECT_TRUE(std::filesystem::is_directory(directory_ + "/cases"));
  EXPECT_TRUE(std::filesystem::is_directory(directory_ + "/keys"));
  EXPECT_TRUE(std::filesystem::is_regular_file(directory_ + "/LOCK"));
  EXPECT_EQ(ModeOf(directory_), 0700u);
  EXPECT_EQ(ModeOf(directory_ + "/LOCK"), 0600u);
}

TEST_F(StoreTest, ADirectoryThatIsThereKeepsItsMode) {
  std::filesystem::create_directories(directory_);
  ASSERT_EQ(::chmod(directory_.c_str(), 0750), 0);
  MustOpen();
  EXPECT_EQ(ModeOf(directory_), 0750u);
}

TEST_F(StoreTest, ARelativeDirectoryWorks) {
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(parent_.path());
  EXPECT_TRUE(OpenStore("./store/").ok());
  EXPECT_TRUE(OpenStore("store").ok());
  std::filesystem::current_path(before);
  EXPECT_EQ(ModeOf(parent_.path() + "/store"), 0700u);
}

TEST_F(StoreTest, ASecondOpenerHearsWhoHoldsItAndWhatToDo) {
  const Store first = MustOpen();
  const absl::StatusOr<Store> second = OpenStore(directory_);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(
      second.status().message(),
      absl::StrCat("another server (process ", ::getpid(), ") is using the store directory ",
                   directory_, ": stop that server, or choose another directory for this one"));
}

TEST_F(StoreTest, ALockFileWithoutAProcessIdIsHeldJustTheSame) {
  const Store first = MustOpen();
  std::ofstream(directory_ + "/LOCK", std::ios::trunc) << "%s%n no number";
  EXPECT_THAT(std::string(OpenStore(directory_).status().message()),
              AllOf(HasSubstr("another server is using"), HasSubstr(directory_)));
}

TEST_F(StoreTest, TheLockEndsWithTheStore) {
  {
    const Store first = MustOpen();
  }
  // What a killed process leaves behind.
  std::ofstream(directory_ + "/LOCK", std::ios::trunc) << "1\n";
  const absl::StatusOr<Store> second = OpenStore(directory_);
  EXPECT_TRUE(second.ok()) << second.status();
}

TEST_F(StoreTest, ARefusedStoreLeavesNoLockBehind) {
  {
    MustPut(*MustOpen().cases, keys::StoreFormat(), "3");
  }
  EXPECT_THAT(std::string(OpenStore(directory_).status().message()), HasSubstr("format 3"));
  EXPECT_THAT(std::string(OpenStore(directory_).status().message()), HasSubstr("format 3"));
}

TEST_F(StoreTest, TheIncarnationIsDrawnOnceAndKept) {
  std::string incarnation;
  {
    const Store store = MustOpen();
    incarnation = store.incarnation;
    EXPECT_THAT(incarnation, MatchesRegex("[0-9a-f]{32}"));
  }
  for (int again = 0; again < 2; ++again) EXPECT_EQ(MustOpen().incarnation, incarnation);
  const absl::StatusOr<Store> other = OpenStore(parent_.path() + "/other");
  ASSERT_TRUE(other.ok()) << other.status();
  EXPECT_NE(other->incarnation, incarnation);
}

TEST_F(StoreTest, CasesAndKeysStandApartAndAreKept) {
  {
    const Store store = MustOpen();
    MustPut(*store.cases, "a", "case");
    MustPut(*store.keys, "a", "key");
  }
  const Store store = MustOpen();
  EXPECT_EQ(Read(*store.cases, "a"), "case");
  EXPECT_EQ(Read(*store.keys, "a"), "key");
}

TEST_F(StoreTest, AnotherFormatIsRefusedByNamingBoth) {
  const struct {
    std::string name;
    std::string format;
    bool in_keys;
    absl::StatusCode code;
    std::string sentence;
  } cases[] = {
      {"newer", "3", false, absl::StatusCode::kFailedPrecondition,
       "has format 3, and this program knows format 2 only: use the program that wrote it, or a "
       "later one"},
      {"newer in the keys", "7", true, absl::StatusCode::kFailedPrecondition, "has format 7"},
      {"older", "1", false, absl::StatusCode::kFailedPrecondition, "or one that can convert it"},
      {"not a number", "x", false, absl::StatusCode::kDataLoss, "does not say which format"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    {
      const Store store = MustOpen();
      MustPut(c.in_keys ? *store.keys : *store.cases, keys::StoreFormat(), c.format);
    }
    const absl::Status refused = OpenStore(directory_).status();
    EXPECT_EQ(refused.code(), c.code) << refused;
    EXPECT_THAT(std::string(refused.message()),
                AllOf(HasSubstr(c.sentence), HasSubstr(directory_)));
    std::filesystem::remove_all(directory_);
  }
}

TEST_F(StoreTest, KeysOfAnotherStoreAreRefused) {
  const std::string other = parent_.path() + "/other";
  ASSERT_TRUE(OpenStore(other).ok());
  MustOpen();
  std::filesystem::remove_all(directory_ + "/keys");
  const absl::Status lost = OpenStore(directory_).status();
  EXPECT_EQ(lost.code(), absl::StatusCode::kFailedPrecondition) << lost;
  std::filesystem::remove_all(directory_ + "/keys");
  std::filesystem::copy(other + "/keys", directory_ + "/keys");
  const absl::Status swapped = OpenStore(directory_).status();
  EXPECT_EQ(swapped.code(), absl::StatusCode::kFailedPrecondition) << swapped;
  EXPECT_THAT(std::string(swapped.message()), HasSubstr("the two folders that belong together"));
}

TEST_F(StoreTest, AStoreWhoseMakingWasStoppedHalfwayIsMadeAgain) {
  // The keys have their facts, the cases don't yet.
  MustOpen();
  std::filesystem::remove_all(directory_ + "/cases");
  const Store store = MustOpen();
  EXPECT_EQ(Read(*store.cases, keys::StoreIncarnation()), store.incarnation);
  EXPECT_EQ(Read(*store.keys, keys::StoreIncarnation()), store.incarnation);
}

TEST_F(StoreTest, RowsWithoutAnIncarnationAreNotTakenForANewStore) {
  {
    MustPut(*MustOpen().cases, keys::StoreIncarnation(), std::nullopt);
  }
  EXPECT_EQ(OpenStore(directory_).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(StoreTest, APathThatCannotBeADirectoryIsASentence) {
  const std::string file = parent_.path() + "/file";
  std::ofstream(file) << "x";
  for (const std::string& path : {file, file + "/store"}) {
    const absl::Status refused = OpenStore(path).status();
    EXPECT_EQ(refused.code(), absl::StatusCode::kUnavailable) << refused;
    EXPECT_THAT(std::string(refused.message()), HasSubstr(path));
  }
}

TEST_F(StoreTest, DamagedFilesAreDataLoss) {
  {
    MustPut(*MustOpen().cases, "a", "1");
  }
  for (const auto& entry : std::filesystem::directory_iterator(directory_ + "/cases")) {
    if (entry.path().filename() == "CURRENT") std::ofstream(entry.path()) << "nonsense";
  }
  EXPECT_EQ(OpenStore(directory_).status().code(), absl::StatusCode::kDataLoss);
}

TEST(MemoryStore, IsAStoreOfItsOwnEachTime) {
  const Store store = NewMemoryStore();
  EXPECT_THAT(store.incarnation, MatchesRegex("[0-9a-f]{32}"));
  EXPECT_NE(store.incarnation, NewMemoryStore().incarnation);
  const auto found = MultiGetNow(*store.cases->GetSnapshot(), {keys::StoreIncarnation()});
  ASSERT_TRUE(found.ok() && found->front());
  EXPECT_EQ(found->front()->value, store.incarnation);
}

}  // namespace
}  // namespace omzien::storage
