// The real server under mixed load, killed again and again; see README.md for what it proves.
//
//   crash_test [--cycles=N] [--seed=S] [--check_every=N]
//
// or OMZIEN_CRASH_CYCLES, OMZIEN_CRASH_SEED and OMZIEN_CRASH_CHECK_EVERY in the environment.

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tests/crash/campaign.h"

namespace omzien::crash {
namespace {

// Enough of everything for each kind of damage to be planted. Some cycles end with their first
// acknowledgement.
constexpr int kCyclesForDamage = 3;
constexpr size_t kAcknowledgedForDamage = 400;
// A run that long and without one of the methods has seen too little.
constexpr size_t kAcknowledgedForEveryMethod = 3000;

std::vector<std::string>& Arguments() {
  static auto* const kArguments = new std::vector<std::string>();
  return *kArguments;
}

// The flag, else the environment, else `otherwise`.
uint64_t Setting(const std::string& name, uint64_t otherwise) {
  std::string given;
  const char* variable =
      std::getenv(absl::StrCat("OMZIEN_CRASH_", absl::AsciiStrToUpper(name)).c_str());
  if (variable != nullptr) given = variable;
  const std::string flag = absl::StrCat("--", name, "=");
  for (const std::string& argument : Arguments()) {
    if (absl::StartsWith(argument, flag)) given = argument.substr(flag.size());
  }
  uint64_t number = 0;
  if (given.empty()) return otherwise;
  if (!absl::SimpleAtoi(given, &number)) throw std::runtime_error(name + " isn't a number");
  return number;
}

CampaignOptions Options() {
  CampaignOptions options;
  options.seed = Setting("seed", std::random_device()());
  options.cycles = static_cast<int>(Setting("cycles", 50));
  options.check_every = static_cast<int>(Setting("check_every", 10));
  std::cout << "OMZIEN_CRASH_SEED=" << options.seed << " OMZIEN_CRASH_CYCLES=" << options.cycles
            << std::endl;
  return options;
}

TEST(Crash, LosesNothingThatWasAcknowledgedAndKeepsItsRowsInAgreement) {
  const CampaignOptions options = Options();
  Campaign campaign(options);
  for (int cycle = 0; cycle < options.cycles && !HasFailure(); ++cycle) campaign.RunCycle(cycle);
  if (!HasFailure()) campaign.Finish();
  if (campaign.acknowledged() >= kAcknowledgedForEveryMethod) campaign.ExpectEveryMethodAndWorker();
  if (HasFailure()) std::cout << "  kept in " << campaign.Keep() << std::endl;
  std::cout << "  seed " << options.seed << ": " << campaign.Summary() << std::endl;
}

// Else that it never reports anything would prove nothing.
TEST(Checker, ReportsEachKindOfDamage) {
  CampaignOptions options = Options();
  options.cycles = kCyclesForDamage;
  Campaign campaign(options);
  for (int cycle = 0; !HasFailure() &&
                      (cycle < options.cycles || campaign.acknowledged() < kAcknowledgedForDamage);
       ++cycle) {
    campaign.RunCycle(cycle);
  }
  campaign.Finish();
  const Output output = CheckTheChecker(campaign.store());
  EXPECT_EQ(output.exit_code, 0) << output.printed;
}

}  // namespace
}  // namespace omzien::crash

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  omzien::crash::Arguments().assign(argv + 1, argv + argc);
  return RUN_ALL_TESTS();
}
