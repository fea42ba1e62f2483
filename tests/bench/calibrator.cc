#include "tests/bench/calibrator.h"

#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <string>
#include <thread>
#include <utility>

namespace omzien::bench {
namespace {

// Some 10 ms.
constexpr int kSteps = 8'000'000;
constexpr int kFirstRuns = 20;
constexpr std::chrono::seconds kWaitMax{3};
constexpr double kCalm = 0.9;

unsigned Processors() { return std::max(1U, std::thread::hardware_concurrency()); }

// Steps per second of one processor. The result of the arithmetic is used, or it would be left out.
double Spin(std::atomic<uint64_t>& sink) {
  const Clock::time_point began = Clock::now();
  uint64_t value = 88172645463325252;
  for (int i = 0; i < kSteps; ++i) {
    value ^= value << 13;
    value ^= value >> 7;
    value ^= value << 17;
  }
  sink += value;
  return kSteps / std::chrono::duration<double>(Clock::now() - began).count();
}

// What all processors did since the machine started, but for being idle: the host's share too.
double BusySeconds() {
  std::ifstream stat("/proc/stat");
  std::string name;
  double user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0;
  stat >> name >> user >> nice >> system >> idle >> iowait >> irq >> softirq >> steal;
  return (user + nice + system + irq + softirq + steal) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace

Calibrator::Calibrator(std::vector<pid_t> processes) : processes_(std::move(processes)) {
  for (int i = 0; i < kFirstRuns; ++i) Run();
}

double Calibrator::Run() {
  std::atomic<uint64_t> sink = 0;
  std::vector<double> rates(Processors());
  std::vector<std::thread> threads;
  for (double& rate : rates) threads.emplace_back([&rate, &sink] { rate = Spin(sink); });
  for (std::thread& thread : threads) thread.join();
  const double slowest = *std::min_element(rates.begin(), rates.end());
  fastest_ = std::max(fastest_, slowest);
  return slowest;
}

double Calibrator::OwnSeconds() const {
  double seconds = CpuSecondsOf(getpid());
  for (const pid_t process : processes_) seconds += CpuSecondsOf(process);
  return seconds;
}

Calibrator::Judged Calibrator::Judge(const std::function<Sample()>& measure) {
  Judged judged;
  for (const Clock::time_point wait_until = Clock::now() + kWaitMax;
       judged.calm < kCalm && Clock::now() < wait_until;) {
    judged.calm = Run() / fastest_;
  }
  const Clock::time_point began = Clock::now();
  const double elsewhere = BusySeconds() - OwnSeconds();
  judged.sample = measure();
  const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
  judged.elsewhere =
      std::max(0.0, BusySeconds() - OwnSeconds() - elsewhere) / (seconds * Processors());
  return judged;
}

}  // namespace omzien::bench
