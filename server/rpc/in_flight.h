// The calls under way: how many there may be, and who must hear that the server stops.

#ifndef OMZIEN_SERVER_RPC_IN_FLIGHT_H_
#define OMZIEN_SERVER_RPC_IN_FLIGHT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace omzien::rpc {

// Thread-safe.
class InFlight {
 public:
  explicit InFlight(size_t calls_max) : calls_max_(calls_max) {}
  InFlight(const InFlight&) = delete;
  InFlight& operator=(const InFlight&) = delete;

  // Counts a call, also one that is refused: RESOURCE_EXHAUSTED, OVERLOADED when there are more
  // than calls_max; UNAVAILABLE, STOPPING after Stop. Each Enter is followed by one Leave, when
  // nothing of the call is left to send.
  absl::Status Enter();
  void Leave();

  // `told` runs once when the server stops, at once if it has; it must not call back into this.
  // Returns a key for Forget.
  uint64_t OnStop(std::function<void()> told);
  void Forget(uint64_t key);

  // Refuses what enters from now on, and tells who asked to hear it.
  void Stop();
  // Waits until no call is under way, at most for `at_most`. True when none is.
  bool WaitUntilNone(absl::Duration at_most);

 private:
  const size_t calls_max_;
  absl::Mutex mutex_;
  size_t calls_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  uint64_t next_key_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<uint64_t, std::function<void()>> on_stop_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace omzien::rpc

#endif  // OMZIEN_SERVER_RPC_IN_FLIGHT_H_
