// Tells whether the machine was doing something else.

#ifndef OMZIEN_TESTS_BENCH_CALIBRATOR_H_
#define OMZIEN_TESTS_BENCH_CALIBRATOR_H_

#include <sys/types.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "tests/bench/sample.h"

namespace omzien::bench {

// Before a measurement it does fixed arithmetic on every processor at once, until that goes as fast
// as it ever did, or nearly: what the one before left behind (a store that tidies up) is waited
// for. During it, it counts the processor time of other programs than this one and those it
// measures, and of the host of a virtual machine where that tells. What the kernel does for disk
// and network isn't counted: it does it for them. For one thread.
class Calibrator {
 public:
  struct Judged {
    Sample sample;
    // How fast the arithmetic went before, at last; 1 is the fastest of all.
    double calm = 0;
    // Of all processors' time, what went to others.
    double elsewhere = 0;

    bool undisturbed() const { return calm >= 0.8 && elsewhere <= 0.05; }
  };

  // `processes` are measured, besides this one.
  explicit Calibrator(const std::vector<pid_t>& processes);
  Judged Judge(const std::function<Sample()>& measure);
  // Without waiting before it, and so without saying how calm it was.
  Judged Watch(const std::function<Sample()>& measure) const;

 private:
  // Arithmetic per second of the processor that was the slowest; remembers the fastest.
  double Run();
  // Seconds of a processor so far, of other programs and the host.
  double OthersSeconds() const;

  std::set<std::string> own_;  // process ids
  double fastest_ = 0;
};

}  // namespace omzien::bench

#endif  // OMZIEN_TESTS_BENCH_CALIBRATOR_H_
