#include "server/rpc/in_flight.h"

#include <utility>

#include "server/domain/errors.h"

namespace omzien::rpc {

absl::Status InFlight::Enter() {
  absl::MutexLock lock(&mutex_);
  ++calls_;
  if (stopping_) {
    return domain::Error(absl::StatusCode::kUnavailable, v1::ERROR_REASON_STOPPING,
                         "the server is stopping; retry with the same request_id");
  }
  if (calls_ > calls_max_) {
    return domain::Error(absl::StatusCode::kResourceExhausted, v1::ERROR_REASON_OVERLOADED,
                         "too many calls at once; wait and retry with the same request_id");
  }
  return absl::OkStatus();
}

void InFlight::Leave() {
  absl::MutexLock lock(&mutex_);
  --calls_;
}

uint64_t InFlight::OnStop(std::function<void()> told) {
  uint64_t key = 0;
  {
    absl::MutexLock lock(&mutex_);
    key = next_key_++;
    if (!stopping_) {
      on_stop_.emplace(key, std::move(told));
      return key;
    }
  }
  told();
  return key;
}

void InFlight::Forget(uint64_t key) {
  absl::MutexLock lock(&mutex_);
  on_stop_.erase(key);
}

void InFlight::Stop() {
  std::map<uint64_t, std::function<void()>> tell;
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    tell.swap(on_stop_);
  }
  for (const auto& [key, told] : tell) told();
}

bool InFlight::WaitUntilNone(absl::Duration at_most) {
  const auto none = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return calls_ == 0; };
  absl::MutexLock lock(&mutex_);
  return mutex_.AwaitWithTimeout(absl::Condition(&none), at_most);
}

}  // namespace omzien::rpc
