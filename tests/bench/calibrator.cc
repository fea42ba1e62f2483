#include "tests/bench/calibrator.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>
#include <thread>

namespace omzien::bench {
namespace {

// Some 10 ms.
constexpr int kSteps = 8'000'000;
constexpr int kFirstRuns = 20;
constexpr std::chrono::milliseconds kWaitMax{1500};
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

double SecondsOf(double ticks) { return ticks / static_cast<double>(sysconf(_SC_CLK_TCK)); }

// What the host of a virtual machine took for itself, so far.
double StolenSeconds() {
  std::ifstream stat("/proc/stat");
  std::string name;
  double user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0;
  stat >> name >> user >> nice >> system >> idle >> iowait >> irq >> softirq >> steal;
  return SecondsOf(steal);
}

// With that of its children that have ended: what a program did isn't lost when it ends, it goes
// over to the one that began it. 0 for one that is gone, and for a thread of the kernel: what that
// does for disk and network it does for those who are measured.
double SecondsOfProgram(const std::filesystem::path& process) {
  constexpr unsigned kKernelThread = 0x00200000;  // PF_KTHREAD of Linux's sched.h
  std::ifstream stat(process / "stat");
  std::string text;
  std::getline(stat, text);
  // The name, in brackets, may hold anything.
  const size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return 0;
  std::istringstream fields(text.substr(name_end + 1));
  std::string skipped;
  for (int i = 0; i < 6; ++i) fields >> skipped;  // state, ppid, pgrp, session, tty, tpgid
  unsigned flags = 0;
  fields >> flags;
  for (int i = 0; i < 4; ++i) fields >> skipped;  // page faults
  double user = 0, system = 0, childrens_user = 0, childrens_system = 0;
  fields >> user >> system >> childrens_user >> childrens_system;
  if ((flags & kKernelThread) != 0) return 0;
  return SecondsOf(user + system + childrens_user + childrens_system);
}

}  // namespace

Calibrator::Calibrator(const std::vector<pid_t>& processes) : own_({std::to_string(getpid())}) {
  for (const pid_t process : processes) own_.insert(std::to_string(process));
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

double Calibrator::OthersSeconds() const {
  double seconds = StolenSeconds();
  std::error_code gone;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", gone)) {
    const std::string name = entry.path().filename();
    if (!std::isdigit(static_cast<unsigned char>(name.front()))) continue;
    if (!own_.contains(name)) seconds += SecondsOfProgram(entry.path());
  }
  return seconds;
}

Calibrator::Judged Calibrator::Judge(const std::function<Sample()>& measure) {
  double calm = 0;
  for (const Clock::time_point wait_until = Clock::now() + kWaitMax;
       calm < kCalm && Clock::now() < wait_until;) {
    calm = Run() / fastest_;
  }
  Judged judged = Watch(measure);
  judged.calm = calm;
  return judged;
}

Calibrator::Judged Calibrator::Watch(const std::function<Sample()>& measure) const {
  Judged judged;
  const Clock::time_point began = Clock::now();
  const double others = OthersSeconds();
  judged.sample = measure();
  const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
  judged.elsewhere = std::max(0.0, OthersSeconds() - others) / (seconds * Processors());
  return judged;
}

}  // namespace omzien::bench
