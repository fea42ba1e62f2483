// How the process stops, and what it leaves behind.

#include "server/observe/stop_signal.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace omzien::observe {
namespace {

TEST(StopSignal, WaitReturnsTheSignalThatArrivedBefore) {
  for (int number : {SIGTERM, SIGINT}) {
    StopSignal stop;
    // To the process, as an operator does. Blocked, it stays pending until Wait.
    ASSERT_EQ(kill(getpid(), number), 0);
    EXPECT_EQ(stop.Wait(), number);
  }
}

TEST(StopSignal, ASecondSignalEndsTheProcess) {
  EXPECT_EXIT(
      {
        StopSignal stop;
        kill(getpid(), SIGTERM);
        stop.Wait();
        kill(getpid(), SIGTERM);
        _exit(0);
      },
      testing::KilledBySignal(SIGTERM), "");
}

TEST(StopSignal, AReaderThatLeavesDoesNotEndTheProcess) {
  StopSignal stop;
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  EXPECT_EQ(write(ends[1], "x", 1), -1);
  close(ends[1]);
}

TEST(HardenProcess, ForbidsCoreDumps) {
  ASSERT_TRUE(HardenProcess().ok());
  rlimit limit;
  ASSERT_EQ(getrlimit(RLIMIT_CORE, &limit), 0);
  EXPECT_EQ(limit.rlim_cur, 0u);
  EXPECT_EQ(limit.rlim_max, 0u);
  EXPECT_EQ(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
}

}  // namespace
}  // namespace omzien::observe
