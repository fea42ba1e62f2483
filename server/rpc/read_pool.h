// Threads that may block on the store, with a bounded queue before them.

#ifndef OMZIEN_SERVER_RPC_READ_POOL_H_
#define OMZIEN_SERVER_RPC_READ_POOL_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace omzien::rpc {

// Thread-safe.
class ReadPool {
 public:
  // `threads` at least 1; at most `queue_max` jobs wait for a thread.
  ReadPool(int threads, size_t queue_max);
  ReadPool(const ReadPool&) = delete;
  ReadPool& operator=(const ReadPool&) = delete;
  // End().
  ~ReadPool();

  // False, and the job is dropped, when the queue is full or End was called. Never blocks on a job.
  // Jobs start in order.
  bool Submit(std::function<void()> job);

  // Runs what is queued, then ends the threads; again does nothing. From one thread at a time.
  void End();

 private:
  void Run();

  const size_t queue_max_;
  absl::Mutex mutex_;
  std::deque<std::function<void()>> queue_ ABSL_GUARDED_BY(mutex_);
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace omzien::rpc

#endif  // OMZIEN_SERVER_RPC_READ_POOL_H_
