#include "tests/bench/sample.h"

#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <deque>
#include <stdexcept>
#include <thread>

namespace omzien::bench {
namespace {

double Percentile(std::vector<float>& sorted, double share) {
  if (sorted.empty()) return 0;
  return sorted[static_cast<size_t>(share * static_cast<double>(sorted.size() - 1))];
}

}  // namespace

double CpuSecondsOf(pid_t process) {
  if (process == 0) return 0;
  clockid_t clock{};
  timespec time{};
  if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &time) != 0) {
    throw std::runtime_error("a process that is measured has gone");
  }
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

void Tally::Done(Clock::time_point began, bool ok) {
  if (!ok) ++errors_;
  if (phase_->load(std::memory_order_relaxed) != Phase::kMeasured) return;
  latencies_us_.push_back(std::chrono::duration<float, std::micro>(Clock::now() - began).count());
}

Sample Measure(const Window& window, pid_t server, const std::vector<Worker>& workers) {
  std::atomic<Tally::Phase> phase = Tally::Phase::kWarmUp;
  std::deque<Tally> tallies;
  std::vector<std::thread> threads;
  for (const Worker& worker : workers) {
    Tally& tally = tallies.emplace_back(&phase);
    threads.emplace_back([&worker, &tally] { worker(tally); });
  }
  std::this_thread::sleep_for(window.warm_up);
  Sample sample;
  sample.server_cpu_s -= CpuSecondsOf(server);
  sample.client_cpu_s -= CpuSecondsOf(getpid());
  const Clock::time_point began = Clock::now();
  phase = Tally::Phase::kMeasured;
  std::this_thread::sleep_for(window.measured);
  phase = Tally::Phase::kOver;
  sample.seconds = std::chrono::duration<double>(Clock::now() - began).count();
  sample.client_cpu_s += CpuSecondsOf(getpid());
  sample.server_cpu_s += CpuSecondsOf(server);
  for (std::thread& thread : threads) thread.join();
  std::vector<float> latencies_us;
  for (const Tally& tally : tallies) {
    sample.errors += tally.errors();
    latencies_us.insert(latencies_us.end(), tally.latencies_us().begin(),
                        tally.latencies_us().end());
  }
  std::sort(latencies_us.begin(), latencies_us.end());
  sample.operations = latencies_us.size();
  sample.p50_us = Percentile(latencies_us, 0.50);
  sample.p99_us = Percentile(latencies_us, 0.99);
  return sample;
}

}  // namespace omzien::bench
