// The power goes at any moment, again and again: nothing acknowledged is lost, nothing is there by
// half, and what was in doubt is settled by asking again.

#include <gtest/gtest.h>
#include <rocksdb/env.h>

#include <cstdlib>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "server/domain/figures.h"
#include "server/figures/figures.h"
#include "tests/server/commit/recount.h"
#include "tests/simulation/simulated_disk.h"
#include "tests/simulation/workload.h"

namespace omzien::simulation {
namespace {

// A disk lives through so many cuts; then there is a new one.
constexpr int kCutsPerDisk = 10;
// Operations until the cut at most; a burst takes some ten.
constexpr uint64_t kOperationsMax = 250;
// Every mutation of the API.
constexpr const char* kMutations[] = {
    "Import",   "ImportParts", "Submit", "Withdraw", "Reopen",      "Redirect", "Accept",
    "Waitlist", "Decline",     "Fail",   "Attempt",  "Consent",     "Place",    "HandOver",
    "TakeBack", "Complete",    "Ask",    "Answer",   "AnswerByCode"};
// A run that long and doesn't acknowledge each of them once has seen too little.
constexpr uint64_t kCutsForEveryMutation = 500;

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

class OneDisk {
 public:
  explicit OneDisk(uint64_t seed)
      : random_(seed),
        workload_(seed),
        env_(EnvOn(disk_)),
        world_(ClosedWorldOn(env_.get(), random_() % 2 == 0 ? size_t{16} << 10 : size_t{64} << 20,
                             TellingFigures())) {}

  // Lives until the power goes, comes back, and looks.
  void LiveOnce() {
    disk_->Arm(Fault::kPowerCut, 1 + random_() % kOperationsMax);
    const absl::Status opened = world_->TryReopen();
    // In some lives the power lasts, and in some of those the server is still stopped in order.
    absl::Status taken = opened;
    if (taken.ok()) taken = OpenFigures();
    for (int burst = 0; taken.ok() && burst < 40; ++burst) {
      taken = workload_.Burst(*world_);
      if (random_() % 3 == 0) FlushFigures();
    }
    // Nothing but the cut is an excuse.
    ASSERT_TRUE(taken.ok() || (absl::IsUnavailable(taken) && disk_->struck())) << taken;
    const bool in_order = random_() % 4 == 0;
    if (!in_order && !disk_->struck()) disk_->Arm(Fault::kPowerCut, 1);
    Close();
    disk_->Reboot(random_, /*power_cut=*/true);
    // What is done anew has another time in its answer.
    world_->Advance(absl::Seconds(1));
    const absl::Status again = world_->TryReopen();
    ASSERT_TRUE(again.ok()) << again;
    std::vector<std::string> problems = workload_.Settle(*world_);
    for (std::string& other : commit::testing::Differences(*world_)) {
      problems.push_back(std::move(other));
    }
    for (const std::string& problem : problems) ADD_FAILURE() << "after a power cut: " << problem;
    CheckFigures();
    Close();
  }

  const std::map<std::string, size_t>& acknowledged() const { return workload_.acknowledged(); }

 private:
  commit::CommitQueue::Options TellingFigures() {
    commit::CommitQueue::Options queue;
    queue.on_change = [this](storage::Revision revision, const storage::v1::Change& change) {
      if (figures_ != nullptr) figures_->Apply(revision, change);
    };
    return queue;
  }
  absl::Status OpenFigures() {
    auto opened = figures::Figures::Open(&world_->cases());
    if (opened.ok()) figures_ = *std::move(opened);
    return opened.status();
  }
  // Cells and position in one commit; what fails is in the feed.
  void FlushFigures() {
    figures_->StartFlushing(&world_->queue(), absl::InfiniteDuration());
    figures_->StopFlushing();
  }
  // What was flushed before the cut and what the feed makes up for it are what the cases count to.
  void CheckFigures() {
    const absl::Status opened = OpenFigures();
    ASSERT_TRUE(opened.ok()) << opened;
    FlushFigures();
    std::map<std::string, figures::Counters> expected;
    for (const storage::v1::Case& record : world_->Cases()) {
      for (const auto& [name, count] : domain::CountsOf(record)) {
        expected[domain::CellDistrictOf(record)][name] += count;
      }
    }
    const auto read = figures_->Read(commit::testing::kGM, std::nullopt, std::nullopt);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->by_district, expected) << "after a power cut: the figures";
  }
  void Close() {
    figures_.reset();
    world_->Close();
  }

  std::mt19937_64 random_;
  Workload workload_;
  const std::shared_ptr<SimulatedDisk> disk_ = std::make_shared<SimulatedDisk>();
  const std::unique_ptr<rocksdb::Env> env_;
  const std::unique_ptr<World> world_;
  std::unique_ptr<figures::Figures> figures_;
};

class PowerCuts : public ::testing::TestWithParam<uint64_t> {};

TEST_P(PowerCuts, LoseNothingAcknowledged) {
  const uint64_t cuts = FromEnvironment("OMZIEN_POWER_CUTS", 1000) / 2;
  const uint64_t seed =
      FromEnvironment("OMZIEN_SEED", std::random_device()()) * (GetParam() == 0 ? 1 : 1'000'003);
  std::cout << "OMZIEN_SEED gives " << seed << "\n";
  std::map<std::string, size_t> acknowledged;
  for (uint64_t i = 0; i * kCutsPerDisk < cuts; ++i) {
    OneDisk disk(seed + i);
    for (int cut = 0; cut < kCutsPerDisk; ++cut) {
      disk.LiveOnce();
      ASSERT_FALSE(HasFailure()) << "OMZIEN_SEED=" << seed + i << ", cut " << cut;
    }
    for (const auto& [what, times] : disk.acknowledged()) acknowledged[what] += times;
  }
  std::cout << cuts << " power cuts; acknowledged";
  for (const std::string what : kMutations) {
    std::cout << " " << what << " " << acknowledged[what];
    EXPECT_TRUE(acknowledged[what] > 0 || cuts < kCutsForEveryMutation) << what;
  }
  std::cout << "\n";
  EXPECT_EQ(acknowledged.size(), std::size(kMutations)) << "a mutation that isn't listed";
}

// Two, so that they may go side by side.
INSTANTIATE_TEST_SUITE_P(Halves, PowerCuts, ::testing::Values(0, 1));

}  // namespace
}  // namespace omzien::simulation
