// One operation that writes fails: the first, then the second, and so on to the last, while the
// store is opened, a catalogue imported and a signal followed to its end. Whatever fails, the
// server stops acknowledging and says so, and after reopening everything it acknowledged is there.

#include <gtest/gtest.h>
#include <rocksdb/env.h>

#include <algorithm>
#include <atomic>
#include <iostream>
#include <memory>
#include <random>
#include <string>

#include "tests/server/commit/recount.h"
#include "tests/simulation/simulated_disk.h"
#include "tests/simulation/workload.h"

namespace omzien::simulation {
namespace {

using ::testing::Test;

struct Sweep {
  Fault fault;
  const char* fault_name;
  const char* store;
};

std::ostream& operator<<(std::ostream& out, const Sweep& sweep) {
  return out << sweep.fault_name << "_" << sweep.store;
}

class Faults : public ::testing::TestWithParam<Sweep> {};

// Another mutation, which nobody has asked for before.
absl::Status AskFurther(World& world) {
  v1::SubmitSignalRequest request = commit::testing::Submission();
  request.set_request_id("00000000-0000-4000-8000-ffffffffffff");
  return world.Run(world.SubmitCommand(commit::testing::Shop(), request)).status();
}

// Once `failed` was answered where the store had been opened: whoever runs the server was told, and
// nothing is acknowledged any more.
void ExpectBroken(const absl::Status& failed, int times_told, World& world) {
  EXPECT_EQ(times_told, 1) << "on_broken, when " << failed;
  const absl::Status further = AskFurther(world);
  EXPECT_TRUE(absl::IsUnavailable(further))
      << "after a failed commit another ends with " << further;
}

// Opens, runs the script, and opens once more. Where the disk failed, whether anything was said of
// it or not, the machine goes down, and it begins again. Whether the fault struck; `power_cut` says
// whether the power goes then, or the server is closed in order.
bool RunWithFault(const Sweep& sweep, uint64_t nth, bool power_cut) {
  std::mt19937_64 random(nth);
  const auto disk = std::make_shared<SimulatedDisk>();
  const auto env = EnvOn(disk);
  std::atomic<int> times_told = 0;
  commit::CommitQueue::Options queue;
  queue.on_broken = [&times_told] { ++times_told; };
  const auto world = ClosedWorldOn(env.get(), size_t{64} << 20, std::move(queue));
  disk->Arm(sweep.fault, nth, sweep.store);
  Script script;
  bool struck = false;
  for (int openings = 0; openings < 2;) {
    times_told = 0;
    // What is done anew has another time in its answer.
    world->Advance(absl::Seconds(1));
    const absl::Status opened = world->TryReopen();
    const absl::Status status = opened.ok() ? script.Run(*world) : opened;
    if (status.ok()) {
      ++openings;
      EXPECT_EQ(times_told, 0) << "on_broken, though nothing failed";
    } else {
      // It fails once: what is opened again works.
      EXPECT_TRUE(disk->struck() && !struck) << status;
      EXPECT_TRUE(absl::IsUnavailable(status)) << status;
      if (opened.ok() && !Test::HasFailure()) ExpectBroken(status, times_told, *world);
    }
    if (Test::HasFailure()) return false;
    if (struck || !disk->struck()) continue;
    struck = true;
    // What comes after is looked at once more.
    openings = std::min(openings, 1);
    // Before it is closed, which might still sync something.
    if (power_cut) disk->Arm(Fault::kPowerCut, 1);
    world->Close();
    disk->Reboot(random, power_cut);
  }
  for (const std::string& problem : commit::testing::Differences(*world)) ADD_FAILURE() << problem;
  world->Close();
  return struck;
}

TEST_P(Faults, AtEveryOperationLoseNothingAcknowledged) {
  uint64_t nth = 1;
  while (RunWithFault(GetParam(), nth, /*power_cut=*/false)) {
    RunWithFault(GetParam(), nth, /*power_cut=*/true);
    ASSERT_FALSE(HasFailure()) << "operation " << nth;
    ++nth;
  }
  EXPECT_FALSE(HasFailure()) << "operation " << nth;
  EXPECT_GT(nth, 10u);
  std::cout << GetParam() << ": " << nth - 1 << " operations, each failed once\n";
}

INSTANTIATE_TEST_SUITE_P(EveryOperation, Faults,
                         ::testing::Values(Sweep{Fault::kError, "error", "cases"},
                                           Sweep{Fault::kError, "error", "keys"},
                                           Sweep{Fault::kNoSpace, "no_space", "cases"},
                                           Sweep{Fault::kNoSpace, "no_space", "keys"},
                                           Sweep{Fault::kShortWrite, "short_write", "cases"},
                                           Sweep{Fault::kShortWrite, "short_write", "keys"},
                                           Sweep{Fault::kFailedSync, "failed_sync", "cases"},
                                           Sweep{Fault::kFailedSync, "failed_sync", "keys"}),
                         [](const auto& sweep) {
                           return std::string(sweep.param.fault_name) + "_" + sweep.param.store;
                         });

}  // namespace
}  // namespace omzien::simulation
