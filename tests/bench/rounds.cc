#include "tests/bench/rounds.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <numeric>
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

// Latencies as the mean of the turns', weighed by how many calls each had.
void Add(const Calibrator::Judged& turn, int turns, Calibrator::Judged* sum) {
  const double before = static_cast<double>(sum->sample.operations);
  const double now = static_cast<double>(turn.sample.operations);
  const auto mean = [&](double of_sum, double of_turn) {
    return before + now > 0 ? (of_sum * before + of_turn * now) / (before + now) : 0;
  };
  sum->sample.p50_us = mean(sum->sample.p50_us, turn.sample.p50_us);
  sum->sample.p99_us = mean(sum->sample.p99_us, turn.sample.p99_us);
  sum->sample.operations += turn.sample.operations;
  sum->sample.seconds += turn.sample.seconds;
  sum->sample.errors += turn.sample.errors;
  sum->sample.client_cpu_s += turn.sample.client_cpu_s;
  sum->sample.server_cpu_s += turn.sample.server_cpu_s;
  sum->elsewhere += turn.elsewhere / turns;
}

// The sums of each subject's turns, in the set's order.
std::vector<Calibrator::Judged> MeasureByTurns(const TurnsOptions& options,
                                               const std::vector<Subject>& set,
                                               const Calibrator& calibrator,
                                               std::mt19937_64& random) {
  const Window window{std::chrono::milliseconds(options.rounds.warm_up_ms),
                      std::chrono::milliseconds(options.rounds.measured_ms)};
  std::vector<Calibrator::Judged> sums(set.size());
  std::vector<size_t> order(set.size());
  std::iota(order.begin(), order.end(), size_t{0});
  for (int turn = 0; turn < options.turns; ++turn) {
    std::shuffle(order.begin(), order.end(), random);
    for (const size_t i : order) {
      Add(calibrator.Watch([&] { return set[i].measure(window); }), options.turns, &sums[i]);
    }
  }
  return sums;
}

bool DisturbedAlike(const std::vector<Calibrator::Judged>& sums) {
  constexpr double kApartMax = 0.05;
  const auto [least, most] = std::ranges::minmax_element(
      sums, [](const auto& a, const auto& b) { return a.elsewhere < b.elsewhere; });
  return most->elsewhere - least->elsewhere <= kApartMax;
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

void TurnsOptions::AddTo(CLI::App* app) {
  rounds.AddTo(app);
  app->add_option("--turns", turns, "Of each subject in a round")->capture_default_str();
}

void RunTurns(const TurnsOptions& options, std::vector<std::vector<Subject>> sets,
              const Calibrator& calibrator) {
  std::mt19937_64 random(options.rounds.seed);
  PrintHeader();
  const Clock::time_point began = Clock::now();
  for (int round = 1; round <= options.rounds.rounds; ++round) {
    if (Clock::now() - began >= std::chrono::seconds(options.rounds.most_s)) return;
    std::shuffle(sets.begin(), sets.end(), random);
    for (const std::vector<Subject>& set : sets) {
      for (int i = 0; i < kTries; ++i) {
        const auto sums = MeasureByTurns(options, set, calibrator, random);
        const bool kept = DisturbedAlike(sums);
        for (size_t s = 0; s < set.size(); ++s) Print(round, set[s], sums[s], kept);
        if (kept) break;
      }
    }
  }
}

}  // namespace omzien::bench
