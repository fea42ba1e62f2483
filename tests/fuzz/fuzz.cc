// libFuzzer's entry. OMZIEN_FUZZ_TARGET says which target; with OMZIEN_FUZZ_SEEDS the inputs to
// begin with are first written to that directory.

#include "tests/fuzz/fuzz.h"

#include <google/protobuf/stubs/logging.h>
#include <sodium.h>
#include <sys/time.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "server/domain/errors.h"

namespace omzien::fuzz {
namespace {

struct Target {
  const char* name;
  void (*run)(std::string_view);
  std::vector<std::string> (*seeds)();
};

// What one input may take, of the processor. By the clock a machine that stands still would be a
// finding.
constexpr int kLongest_s = 20;

constexpr Target kTargets[] = {
    {"requests", FuzzRequests, RequestSeeds},
    {"tokens", FuzzTokens, TokenSeeds},
    {"keys", FuzzKeys, KeySeeds},
    {"records", FuzzRecords, RecordSeeds},
    {"rows", FuzzStoredRow, StoredRowSeeds},
    {"csv", FuzzCsv, CsvSeeds},
    {"yaml", FuzzYaml, YamlSeeds},
};

const Target& Chosen() {
  static const Target& chosen = []() -> const Target& {
    const char* name = std::getenv("OMZIEN_FUZZ_TARGET");
    for (const Target& target : kTargets) {
      if (name != nullptr && std::string_view(name) == target.name) return target;
    }
    std::cerr << "OMZIEN_FUZZ_TARGET must be one of:";
    for (const Target& target : kTargets) std::cerr << " " << target.name;
    std::cerr << "\n";
    std::exit(2);
  }();
  return chosen;
}

void OnTooLong(int) {
  constexpr char kWhat[] = "doesn't hold: an input ends within 20 s of the processor\n";
  if (write(STDERR_FILENO, kWhat, sizeof(kWhat) - 1) < 0) _exit(1);
  std::abort();
}

void LimitTime(int seconds) {
  itimerval limit = {};
  limit.it_value.tv_sec = seconds;
  Require(setitimer(ITIMER_PROF, &limit, nullptr) == 0, "a timer");
}

void RunOne(std::string_view input) {
  LimitTime(kLongest_s);
  Chosen().run(input);
  LimitTime(0);
}

}  // namespace

void Require(bool holds, std::string_view what) {
  if (holds) return;
  std::cerr << "doesn't hold: " << what << std::endl;
  std::abort();
}

void RequireOurError(const absl::Status& status) {
  if (status.ok()) return;
  Require(!domain::ReasonOf(status).empty(), absl::StrCat("a reason in ", status.ToString()));
  Require(
      status.code() != absl::StatusCode::kInternal && status.code() != absl::StatusCode::kUnknown,
      absl::StrCat("neither INTERNAL nor UNKNOWN: ", status.ToString()));
}

}  // namespace omzien::fuzz

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  // It would write a line for every text that isn't UTF-8.
  google::protobuf::SetLogHandler(nullptr);
  if (sodium_init() < 0) return 1;
  std::signal(SIGPROF, omzien::fuzz::OnTooLong);
  const auto& target = omzien::fuzz::Chosen();
  const char* directory = std::getenv("OMZIEN_FUZZ_SEEDS");
  if (directory == nullptr) return 0;
  int count = 0;
  for (const std::string& seed : target.seeds()) {
    std::ofstream file(absl::StrCat(directory, "/seed-", ++count), std::ios::binary);
    file << seed;
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  omzien::fuzz::RunOne({reinterpret_cast<const char*>(data), size});
  return 0;
}
