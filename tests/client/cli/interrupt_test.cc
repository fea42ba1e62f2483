#include "client/cli/interrupt.h"

#include <gtest/gtest.h>

namespace omzien::cli {
namespace {

TEST(InterruptDeathTest, TheSentenceIsSaidAndTheProcessEndsAsEver) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  for (const int signal : {SIGINT, SIGTERM}) {
    EXPECT_EXIT(
        {
          const InterruptSentence sentence("De invoer is afgebroken.");
          raise(signal);
        },
        testing::KilledBySignal(signal), "De invoer is afgebroken.\n");
  }
}

TEST(InterruptDeathTest, AfterwardsItIsSaidNoMore) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        {
          const InterruptSentence sentence("De invoer is afgebroken.");
        }
        raise(SIGINT);
      },
      testing::KilledBySignal(SIGINT), "^$");
}

}  // namespace
}  // namespace omzien::cli
