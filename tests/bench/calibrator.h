// Tells whether the machine was doing something else.

#ifndef OMZIEN_TESTS_BENCH_CALIBRATOR_H_
#define OMZIEN_TESTS_BENCH_CALIBRATOR_H_

#include <sys/types.h>

#include <functional>
#include <vector>

#include "tests/bench/sample.h"

namespace omzien::bench {

// Before a measurement it does fixed arithmetic on every processor at once, until that goes as fast
// as it ever did: what the one before left behind (a store that tidies up) is waited for. During
// it, it counts the processor time that went to neither this program nor the processes it measures:
// other programs, and the host of a virtual machine. For one thread.
class Calibrator {
 public:
  struct Judged {
    Sample sample;
    // How fast the arithmetic went before, at last; 1 is the fastest of all.
    double calm = 0;
    // Of all processors' time, what went elsewhere.
    double elsewhere = 0;

    bool undisturbed() const { return calm >= 0.85 && elsewhere <= 0.10; }
  };

  // `processes` are measured, besides this one.
  explicit Calibrator(std::vector<pid_t> processes);
  Judged Judge(const std::function<Sample()>& measure);

 private:
  // Arithmetic per second of the processor that was the slowest; remembers the fastest.
  double Run();
  // Of this program and the processes, so far.
  double OwnSeconds() const;

  const std::vector<pid_t> processes_;
  double fastest_ = 0;
};

}  // namespace omzien::bench

#endif  // OMZIEN_TESTS_BENCH_CALIBRATOR_H_
