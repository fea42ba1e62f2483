// Many clients at once: each with a connection of its own, and one call under way.

#ifndef OMZIEN_TESTS_STORM_CLIENTS_H_
#define OMZIEN_TESTS_STORM_CLIENTS_H_

#include <google/protobuf/message.h>
#include <grpcpp/support/status.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace omzien::storm {

struct Call {
  // "SignalService/SubmitSignal"
  std::string method;
  std::string token;
  std::string bytes;
};
Call CallOf(std::string method, std::string token, const google::protobuf::Message& request);

struct Reply {
  grpc::StatusCode code = grpc::StatusCode::UNKNOWN;
  // The answer as it came, to be compared byte by byte.
  std::string bytes;
  // Of the ErrorInfo.
  std::string reason;
  std::string etag;
};

class Clients {
 public:
  // Not connected yet.
  Clients(const std::string& address, int count);
  ~Clients();
  Clients(const Clients&) = delete;
  Clients& operator=(const Clients&) = delete;

  // Sends all in order, each by whichever client is free, and waits for the replies. Once
  // `answered` of them are there it calls `then`, while the others go on. For one thread.
  std::vector<Reply> SendAll(const std::vector<Call>& calls, size_t answered = 0,
                             const std::function<void()>& then = nullptr);

 private:
  class One;
  void Next(One& client) ABSL_LOCKS_EXCLUDED(mutex_);
  void Take(size_t index, Reply reply) ABSL_LOCKS_EXCLUDED(mutex_);
  bool EnoughAnswered() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return answered_ >= enough_; }

  std::vector<std::unique_ptr<One>> clients_;
  absl::Mutex mutex_;
  const std::vector<Call>* calls_ ABSL_GUARDED_BY(mutex_) = nullptr;
  std::vector<Reply> replies_ ABSL_GUARDED_BY(mutex_);
  size_t next_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t answered_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t enough_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace omzien::storm

#endif  // OMZIEN_TESTS_STORM_CLIENTS_H_
