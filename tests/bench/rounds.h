// Rounds of measurements: each subject once in each, so that what drifts drifts for all.

#ifndef OMZIEN_TESTS_BENCH_ROUNDS_H_
#define OMZIEN_TESTS_BENCH_ROUNDS_H_

#include <CLI/CLI.hpp>

#include <cstdint>
#include <vector>

#include "tests/bench/calibrator.h"
#include "tests/bench/sample.h"

namespace omzien::bench {

struct RoundsOptions {
  int rounds = 9;
  int measured_ms = 1000;
  int warm_up_ms = 250;
  uint64_t seed = 1;
  int most_s = 480;

  // As flags of the program.
  void AddTo(CLI::App* app);
};

// Prints a line of CSV a measurement, to standard output. The order is drawn anew for each round. A
// measurement that was disturbed is made again, three times at most.
void RunRounds(const RoundsOptions& options, std::vector<Subject> subjects, Calibrator calibrator);

// The same of subjects that are compared with each other, a set each, by turns: each round measures
// every set in `turns` short turns of each of its subjects, in an order drawn anew, and gives their
// sums. What the machine does besides then falls on all of a set alike; where it didn't, by more
// than a twentieth of its processors' time, the set is measured again, three times at most.
struct TurnsOptions {
  // A turn is a measurement.
  RoundsOptions rounds{.measured_ms = 200, .warm_up_ms = 50};
  int turns = 12;

  // As flags of the program.
  void AddTo(CLI::App* app);
};
void RunTurns(const TurnsOptions& options, std::vector<std::vector<Subject>> sets,
              const Calibrator& calibrator);

}  // namespace omzien::bench

#endif  // OMZIEN_TESTS_BENCH_ROUNDS_H_
