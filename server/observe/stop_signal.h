// What the process owes the system it runs on: to stop when asked, and to leave no memory behind.

#ifndef OMZIEN_SERVER_OBSERVE_STOP_SIGNAL_H_
#define OMZIEN_SERVER_OBSERVE_STOP_SIGNAL_H_

#include "absl/status/status.h"

namespace omzien::observe {

// Waits for SIGTERM or SIGINT without a handler. Make it first thing in main, before any thread
// starts: threads inherit the mask, so that the signals reach Wait only. SIGPIPE is ignored: a
// reader of our output that leaves is no reason to stop.
class StopSignal {
 public:
  StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  // Blocks until one of them arrives (or has arrived since construction) and returns its number.
  // Afterwards they act as by default again: a second one ends the process at once. Nothing
  // acknowledged is lost by that, only the answers under way.
  int Wait();
};

// No core dumps and no attaching of debuggers by the same user: memory holds what people confided
// to us, even after it was freed. Fails, with the system's own text, when the system refuses; the
// server must not start then.
absl::Status HardenProcess();

}  // namespace omzien::observe

#endif  // OMZIEN_SERVER_OBSERVE_STOP_SIGNAL_H_
