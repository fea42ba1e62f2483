#include "tests/bench/rounds.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>

namespace omzien::bench {
namespace {

// A measurement that was disturbed is made again, so many times at most.
constexpr int kTries = 3;

void PrintHeader() {
  std::puts(
      "round,subject,in_flight,operations,seconds,errors,client_cpu_s,server_cpu_s,p50_us,p99_us,"
      "calm,elsewhere,kept");
}

void Print(int round, const Subject& subject, const Calibrator::Judged& judged, bool kept) {
  const Sample& sample = judged.sample;
  std::printf(
      "%d,\"%s\",%d,%llu,%.4f,%llu,%.4f,%.4f,%.1f,%.1f,%.3f,%.3f,%d\n", round, subject.name.c_str(),
      subject.in_flight, static_cast<unsigned long long>(sample.operations), sample.seconds,
      static_cast<unsigned long long>(sample.errors), sample.client_cpu_s, sample.server_cpu_s,
      sample.p50_us, sample.p99_us, judged.calm, judged.elsewhere, kept ? 1 : 0);
  std::fflush(stdout);
}

}  // namespace

void RoundsOptions::AddTo(CLI::App* app) {
  app->add_option("--rounds", rounds, "Rounds, each subject once in each")->capture_default_str();
  app->add_option("--measured_ms", measured_ms, "Of one measurement")->capture_default_str();
  app->add_option("--warm_up_ms", warm_up_ms, "Before it")->capture_default_str();
  app->add_option("--seed", seed, "Of the rounds' orders")->capture_default_str();
  app->add_option("--most_s", most_s, "No measurement begins after so many seconds")
      ->capture_default_str();
}

void RunRounds(const RoundsOptions& options, std::vector<Subject> subjects, Calibrator calibrator) {
  const Window window{std::chrono::milliseconds(options.warm_up_ms),
                      std::chrono::milliseconds(options.measured_ms)};
  std::mt19937_64 random(options.seed);
  PrintHeader();
  const Clock::time_point began = Clock::now();
  for (int round = 1; round <= options.rounds; ++round) {
    std::shuffle(subjects.begin(), subjects.end(), random);
    for (const Subject& subject : subjects) {
      if (Clock::now() - began >= std::chrono::seconds(options.most_s)) return;
      for (int i = 0; i < kTries; ++i) {
        const auto judged = calibrator.Judge([&] { return subject.measure(window); });
        Print(round, subject, judged, judged.undisturbed());
        if (judged.undisturbed()) break;
      }
    }
  }
}

}  // namespace omzien::bench
