// What a subject of the benchmark is, and what one measurement of it gives.

#ifndef OMZIEN_TESTS_BENCH_SAMPLE_H_
#define OMZIEN_TESTS_BENCH_SAMPLE_H_

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace omzien::bench {

using Clock = std::chrono::steady_clock;

struct Window {
  std::chrono::milliseconds warm_up;
  std::chrono::milliseconds measured;
};

struct Sample {
  uint64_t operations = 0;
  double seconds = 0;
  uint64_t errors = 0;  // of the warm-up, too
  // Processor time: of this program, and of the process that answered it (0 without one).
  double client_cpu_s = 0;
  double server_cpu_s = 0;
  double p50_us = 0;
  double p99_us = 0;
};

// One worker's account: its own thread's only.
class Tally {
 public:
  enum class Phase { kWarmUp, kMeasured, kOver };

  explicit Tally(const std::atomic<Phase>* phase) : phase_(phase) {}

  // Nothing more is to be begun; what is under way is to be waited for.
  bool over() const { return phase_->load(std::memory_order_relaxed) == Phase::kOver; }
  // Something that was begun then is done now.
  void Done(Clock::time_point began, bool ok);

  uint64_t errors() const { return errors_; }
  const std::vector<float>& latencies_us() const { return latencies_us_; }

 private:
  const std::atomic<Phase>* const phase_;
  uint64_t errors_ = 0;
  std::vector<float> latencies_us_;
};

// Processor time that a process has used; 0 for process 0.
double CpuSecondsOf(pid_t process);

// Keeps something busy until its tally is over, and returns when nothing is under way.
using Worker = std::function<void(Tally&)>;

// Runs the workers, a thread each, for as long as the window says, and blocks until all have
// returned. `server` is the process whose processor time counts as the server's; 0: none.
Sample Measure(const Window& window, pid_t server, const std::vector<Worker>& workers);

struct Subject {
  std::string name;
  int in_flight = 1;
  std::function<Sample(const Window&)> measure;
};

}  // namespace omzien::bench

#endif  // OMZIEN_TESTS_BENCH_SAMPLE_H_
