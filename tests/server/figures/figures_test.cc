// The counters agree with the change feed: at once, after a flush, after a crash, and while all of
// it goes on.

#include "server/figures/figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "storage/blocking.h"
#include "storage/keys.h"
#include "tests/server/commit/world.h"

namespace omzien::figures {
namespace {

using commit::Decision;
using commit::Reading;
using commit::testing::FakeCommand;
using commit::testing::kGM;
using commit::testing::World;
using commit::testing::WorldOptions;
using ByDistrict = std::map<std::string, Counters>;

// Only by StopFlushing.
constexpr absl::Duration kNever = absl::InfiniteDuration();

struct Delta {
  std::string district;
  int32_t day;
  std::string counter;
  int64_t delta;
  std::string municipality = kGM;
};

class FiguresTest : public ::testing::Test {
 protected:
  FiguresTest() {
    WorldOptions options;
    options.catalog.Clear();
    options.queue.on_change = [this](storage::Revision revision, const auto& change) {
      last_change_ = revision;
      if (figures_ != nullptr) figures_->Apply(revision, change);
    };
    world_ = std::make_unique<World>(std::move(options));
    OpenFigures();
  }
  ~FiguresTest() override { figures_.reset(); }

  void OpenFigures() {
    auto opened = Figures::Open(&world_->cases());
    ASSERT_TRUE(opened.ok()) << opened.status();
    figures_ = *std::move(opened);
  }

  // As after a crash: what the engine holds is all there is.
  void Restart() {
    figures_.reset();
    world_->Reopen();
    OpenFigures();
  }

  void Change(const std::vector<Delta>& deltas) {
    auto answer = world_->Run([&deltas](Reading&) -> absl::StatusOr<Decision> {
      Decision decision;
      decision.writes.push_back({"case", "changed"});
      for (const Delta& delta : deltas) {
        storage::v1::CaseChange* change = decision.change.add_cases();
        change->set_municipality(delta.municipality);
        storage::v1::FigureDelta* figure = change->add_figures();
        figure->set_district(delta.district);
        figure->set_day(delta.day);
        figure->set_counter(delta.counter);
        figure->set_delta(delta.delta);
      }
      return decision;
    });
    ASSERT_TRUE(answer.ok()) << answer.status();
  }

  void Flush() {
    figures_->StartFlushing(&world_->queue(), kNever);
    figures_->StopFlushing();
  }

  ByDistrict Read(std::optional<int64_t> first = std::nullopt,
                  std::optional<int64_t> last = std::nullopt, const std::string& where = kGM) {
    auto report = figures_->Read(where, first, last);
    EXPECT_TRUE(report.ok()) << report.status();
    if (!report.ok()) return {};
    EXPECT_EQ(report->revision, last_change_);
    return report->by_district;
  }

  // Nothing when nothing was flushed yet.
  std::optional<storage::Revision> FlushedThrough() {
    auto row =
        storage::MultiGetNow(*world_->cases().GetSnapshot(), {storage::keys::FigurePosition()});
    if (!row.ok() || !row->front().has_value()) return std::nullopt;
    storage::v1::FigurePosition position;
    EXPECT_TRUE(position.ParseFromString(row->front()->value));
    return position.revision();
  }

  std::atomic<storage::Revision> last_change_ = 0;
  std::unique_ptr<World> world_;
  std::unique_ptr<Figures> figures_;
};

TEST_F(FiguresTest, AreEmptyAtFirst) {
  EXPECT_EQ(Read(), ByDistrict());
  Flush();
  EXPECT_EQ(FlushedThrough(), std::nullopt);
}

TEST_F(FiguresTest, CountWhatWasAcknowledgedBeforeAndAfterAFlushAndAfterReopening) {
  Change({{"WK990101", 10, "received", 1}, {"WK990101", 10, "open", 1}});
  Change({{"WK990101", 11, "received", 1}, {"", 11, "received", 1}});
  const ByDistrict expected = {{"WK990101", {{"received", 2}, {"open", 1}}},
                               {"", {{"received", 1}}}};
  EXPECT_EQ(Read(), expected);
  Flush();
  EXPECT_EQ(FlushedThrough(), last_change_);
  EXPECT_EQ(Read(), expected);
  Restart();
  EXPECT_EQ(Read(), expected);
}

TEST_F(FiguresTest, AddAFlushedChangeOnce) {
  Change({{"WK990101", 10, "received", 1}});
  Flush();
  Flush();
  Restart();
  Flush();
  EXPECT_EQ(Read(), (ByDistrict{{"WK990101", {{"received", 1}}}}));
  Change({{"WK990101", 10, "received", 1}});
  Flush();
  Flush();
  EXPECT_EQ(Read(), (ByDistrict{{"WK990101", {{"received", 2}}}}));
}

TEST_F(FiguresTest, ReadOnFromTheFeedWhatWasNotFlushed) {
  Change({{"WK990101", 10, "received", 1}});
  Flush();
  const auto flushed = FlushedThrough();
  Change({{"WK990101", 10, "received", 1}});
  Restart();
  EXPECT_EQ(FlushedThrough(), flushed);
  EXPECT_EQ(Read(), (ByDistrict{{"WK990101", {{"received", 2}}}}));
}

TEST_F(FiguresTest, SurviveAFlushThatMayOrMayNotHaveHappened) {
  for (const bool written : {false, true}) {
    Change({{"WK990101", written ? 11 : 10, "received", 1}});
    const auto before = FlushedThrough();
    world_->cases().Break(written);
    Flush();
    EXPECT_EQ(FlushedThrough() != before, written);
    Restart();
    Flush();
    EXPECT_EQ(Read(), (ByDistrict{{"WK990101", {{"received", written ? 2 : 1}}}}));
  }
}

TEST_F(FiguresTest, KeepToThePeriod) {
  struct Case {
    std::optional<int64_t> first, last;
    int64_t sum;
  };
  const std::vector<Case> cases = {
      {std::nullopt, std::nullopt, 1111},
      {10, 10, 10},
      {11, 11, 100},
      {10, 11, 110},
      {std::nullopt, 10, 11},
      {11, std::nullopt, 1100},
      {13, 20, 0},
      {-10, -1, 1},
      {12, 11, 0},
  };
  const auto check = [&](const std::string& when) {
    for (const auto& [first, last, sum] : cases) {
      const ByDistrict found = Read(first, last);
      EXPECT_EQ(found, sum == 0 ? ByDistrict() : (ByDistrict{{"WK990101", {{"received", sum}}}}))
          << when << " " << first.value_or(-999) << ".." << last.value_or(999);
    }
  };
  Change({{"WK990101", -5, "received", 1},
          {"WK990101", 10, "received", 10},
          {"WK990101", 11, "received", 100},
          {"WK990101", 12, "received", 1000}});
  check("before the flush");
  Flush();
  check("after the flush");
}

TEST_F(FiguresTest, KeepMunicipalitiesApart) {
  Change({{"WK990101", 10, "received", 1}, {"WK990201", 10, "received", 5, "GM9902"}});
  for (const bool flushed : {false, true}) {
    if (flushed) Flush();
    EXPECT_EQ(Read(), (ByDistrict{{"WK990101", {{"received", 1}}}}));
    EXPECT_EQ(Read({}, {}, "GM9902"), (ByDistrict{{"WK990201", {{"received", 5}}}}));
    EXPECT_EQ(Read({}, {}, "GM9903"), ByDistrict());
  }
}

TEST_F(FiguresTest, ShowNothingOfWhatCameToNothing) {
  Change({{"WK990101", 10, "received", 1}, {"WK990101", 10, "open", 1}});
  Change({{"WK990101", 10, "received", -1},
          {"WK990102", 10, "received", 1},
          {"WK990101", 10, "open", -1}});
  const ByDistrict expected = {{"WK990102", {{"received", 1}}}};
  EXPECT_EQ(Read(), expected);
  Flush();
  EXPECT_EQ(Read(), expected);
  Change({{"WK990102", 10, "received", -1}});
  EXPECT_EQ(Read(), ByDistrict());
}

TEST_F(FiguresTest, AreExactAtTheirRevisionWhateverElseGoesOn) {
  constexpr int kWriters = 2;
  constexpr int kChanges = 150;
  absl::Mutex mutex;
  std::map<storage::Revision, int64_t> total_at = {{0, 0}};
  WorldOptions options;
  options.catalog.Clear();
  options.queue.on_change = [&](storage::Revision revision, const storage::v1::Change& change) {
    {
      absl::MutexLock lock(&mutex);
      total_at[revision] = total_at.rbegin()->second + change.cases_size();
    }
    figures_->Apply(revision, change);
  };
  figures_.reset();
  world_ = std::make_unique<World>(std::move(options));
  OpenFigures();
  figures_->StartFlushing(&world_->queue(), absl::Milliseconds(1));

  std::atomic<bool> done = false;
  std::thread reader([&] {
    while (!done) {
      auto report = figures_->Read(kGM, std::nullopt, std::nullopt);
      ASSERT_TRUE(report.ok()) << report.status();
      int64_t total = 0;
      for (const auto& [district, counters] : report->by_district) {
        for (const auto& [name, value] : counters) total += value;
      }
      absl::MutexLock lock(&mutex);
      ASSERT_EQ(total, total_at.at(report->revision));
    }
  });
  std::vector<std::thread> writers;
  for (int w = 0; w < kWriters; ++w) {
    writers.emplace_back([this, w] {
      for (int i = 0; i < kChanges; ++i) {
        Change({{"WK99010" + std::to_string(i % 3), i % 5, "w" + std::to_string(w), 1}});
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  done = true;
  reader.join();
  figures_->StopFlushing();
  EXPECT_EQ(FlushedThrough(), total_at.rbegin()->first);
  EXPECT_EQ(total_at.rbegin()->second, kWriters * kChanges);
  world_->Close();
  figures_.reset();
}

}  // namespace
}  // namespace omzien::figures
