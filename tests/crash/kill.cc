#include "tests/crash/kill.h"

#include <signal.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace omzien::crash {

std::string KillPlan::Text() const {
  return absl::StrCat(
      "killed ", while_stopping ? "in its stop " : "", absl::FormatDuration(and_then), " after ",
      after_acknowledgements, " acknowledgements",
      again_while_starting
          ? absl::StrCat(", again ", absl::FormatDuration(into_start), " into its start")
          : "");
}

KillPlan DrawKill(e2e::Random& random) {
  KillPlan plan;
  // Most die young; some live long enough for the figures to be flushed, which is after a second.
  const bool young = random() % 4 != 0;
  plan.after_acknowledgements = 1 + static_cast<int>(random() % (young ? 100 : 1000));
  plan.while_stopping = random() % 8 == 0;
  // Half of them at once; a batch takes a few milliseconds, a stop some tens.
  if (plan.while_stopping) {
    plan.and_then = absl::Microseconds(random() % 40'000);
  } else if (random() % 2 == 0) {
    plan.and_then = absl::Microseconds(random() % 6'000);
  }
  plan.again_while_starting = random() % 6 == 0;
  plan.into_start = absl::Microseconds(random() % 120'000);
  return plan;
}

void Spin(absl::Duration duration) {
  const absl::Time until = absl::Now() + duration;
  while (absl::Now() < until) {
  }
}

void Kill::Acknowledged() {
  if (++acknowledged_ != plan_.after_acknowledgements) return;
  fired_ = true;
  if (plan_.while_stopping) kill(pid_, SIGTERM);
  Spin(plan_.and_then);
  kill(pid_, SIGKILL);
}

// The process isn't reaped before the workers have ended, so its id is still its own.
void Kill::Now() {
  fired_ = true;
  kill(pid_, SIGKILL);
}

}  // namespace omzien::crash
