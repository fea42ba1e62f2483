// What a unary call and a stream have in common: who calls, may they, when must it be done, how it
// ended.

#ifndef OMZIEN_SERVER_RPC_CALL_SCOPE_H_
#define OMZIEN_SERVER_RPC_CALL_SCOPE_H_

#include <grpcpp/server_context.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/auth/tokens.h"
#include "server/rpc/in_flight.h"
#include "server/rpc/methods.h"
#include "server/rpc/read_pool.h"

namespace omzien::rpc {

// What all calls share; outlives the gRPC server.
struct Host {
  Host(const auth::CallerTable* caller_table, std::function<absl::Time()> now_clock,
       absl::Duration cap, size_t calls_max, int read_threads, size_t read_queue_max)
      : callers(caller_table),
        clock(std::move(now_clock)),
        deadline_cap(cap),
        in_flight(calls_max),
        read_pool(read_threads, read_queue_max) {}

  const auth::CallerTable* const callers;
  const std::function<absl::Time()> clock;
  const absl::Duration deadline_cap;
  InFlight in_flight;
  ReadPool read_pool;
};

// Of one call. Not thread-safe, but Admit comes first, and then only NewCall until End.
class CallScope {
 public:
  CallScope(Host& host, std::shared_ptr<const Method> method,
            const grpc::CallbackServerContext& context);
  CallScope(const CallScope&) = delete;
  CallScope& operator=(const CallScope&) = delete;

  // Identity, then role, then whether there is room. Nothing of the request was looked at yet.
  absl::Status Admit();

  // For the handler. It keeps the method and stays valid for as long as anyone holds it.
  std::shared_ptr<const Call> NewCall() const;

  Host& host() const { return host_; }
  const Method& method() const { return *method_; }

  // Writes the call's line in the log and gives what to send.
  grpc::Status End(const absl::Status& status, int64_t items) const;
  // For a call that the client left or whose deadline passed: there is nobody to tell.
  grpc::Status EndCancelled(int64_t items) const;

 private:
  void LogEnd(absl::StatusCode code, std::string_view reason, int64_t items) const;

  Host& host_;
  const std::shared_ptr<const Method> method_;
  const std::chrono::steady_clock::time_point began_;
  const absl::Time client_deadline_;
  const grpc::CallbackServerContext& context_;
  const domain::Caller* caller_ = nullptr;
};

}  // namespace omzien::rpc

#endif  // OMZIEN_SERVER_RPC_CALL_SCOPE_H_
