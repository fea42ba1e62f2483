// One operation of the disk fails: the first, then the second, and so on to the last, while the
// store is opened, a catalogue imported and a signal followed to its end. Whatever fails, the
// server stops acknowledging, and after reopening everything it acknowledged is there.

#include <gtest/gtest.h>
#include <rocksdb/env.h>

#include <iostream>
#include <memory>
#include <random>
#include <string>

#include "tests/server/commit/recount.h"
#include "tests/simulation/simulated_disk.h"
#include "tests/simulation/workload.h"

namespace omzien::simulation {
namespace {

struct Sweep {
  Fault fault;
  const char* fault_name;
  const char* store;
};

std::ostream& operator<<(std::ostream& out, const Sweep& sweep) {
  return out << sweep.fault_name << "_" << sweep.store;
}

class Faults : public ::testing::TestWithParam<Sweep> {};

// Opens, runs the script, and opens once more; from the start again where the disk failed. Whether
// the fault struck; `power_cut` says how the machine comes back from it.
bool RunWithFault(const Sweep& sweep, uint64_t nth, bool power_cut) {
  std::mt19937_64 random(nth);
  const auto disk = std::make_shared<SimulatedDisk>();
  const auto env = EnvOn(disk);
  const auto world = ClosedWorldOn(env.get(), size_t{64} << 20);
  disk->Arm(sweep.fault, nth, sweep.store);
  Script script;
  bool struck = false;
  int failures = 0;
  for (int openings = 0; openings < 2;) {
    absl::Status status = world->TryReopen();
    if (status.ok()) status = script.Run(*world);
    struck |= disk->struck();
    if (status.ok()) {
      ++openings;
      continue;
    }
    EXPECT_TRUE(disk->struck()) << status;
    EXPECT_FALSE(absl::IsInternal(status)) << status;
    // It fails once: what is opened again works.
    EXPECT_EQ(++failures, 1) << status;
    if (failures > 1) return false;
    world->Close();
    disk->Reboot(random, power_cut);
  }
  for (const std::string& problem : commit::testing::Differences(*world)) ADD_FAILURE() << problem;
  world->Close();
  return struck;
}

TEST_P(Faults, AtEveryOperationLoseNothingAcknowledged) {
  uint64_t nth = 1;
  // The process dies, or the power goes with it.
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
