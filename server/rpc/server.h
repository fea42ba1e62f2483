// The gRPC server: the API's services over handlers, with health, reflection and an orderly stop.

#ifndef OMZIEN_SERVER_RPC_SERVER_H_
#define OMZIEN_SERVER_RPC_SERVER_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/auth/tokens.h"
#include "server/rpc/methods.h"

namespace omzien::rpc {

struct ServerOptions {
  // A loopback address with a port; port 0 takes any free one.
  std::string listen = "127.0.0.1:7070";
  // Larger requests are refused by gRPC itself: RESOURCE_EXHAUSTED.
  size_t max_message_bytes = size_t{8} << 20;
  int max_concurrent_streams = 256;   // calls at once on one connection
  size_t max_calls = 4096;            // calls at once on all; more are answered OVERLOADED
  size_t max_metadata_bytes = 16384;  // of a request's headers
  absl::Duration deadline_cap = absl::Seconds(30);  // also of calls without a deadline
  int read_threads = 4;
  size_t max_queued_reads = 1024;  // more are answered OVERLOADED
  std::function<absl::Time()> clock = [] { return absl::Now(); };
};

// Thread-safe.
class Server {
 public:
  // Listens and serves, all services SERVING, when it returns. Errors are sentences for the
  // operator: a method without handler or row in the table of permissions (FAILED_PRECONDITION), an
  // address that isn't one or that others could reach (INVALID_ARGUMENT), a port that is taken
  // (ALREADY_EXISTS). `callers` outlives the server, and so does what the handlers use.
  static absl::StatusOr<std::unique_ptr<Server>> Start(ServerOptions options, Methods methods,
                                                       const auth::CallerTable* callers);

  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  // Stop(0).
  ~Server();

  // With the real port when 0 was asked: "127.0.0.1:40123".
  std::string address() const;

  // What grpc.health.v1 answers, for "" and for each service.
  void SetServing(bool serving);

  // Answers NOT_SERVING, refuses new calls (UNAVAILABLE, STOPPING), lets streams take nothing more,
  // and waits until every call under way is answered, at most for `drain`; what then is left is
  // cancelled. Blocks until no handler will be called any more. What handlers wait for (the commit
  // queue) must go on until it returns; replies that come later do nothing. Once; again does
  // nothing.
  void Stop(absl::Duration drain);

 private:
  struct Parts;  // keeps gRPC out of this header

  explicit Server(std::unique_ptr<Parts> parts);

  const std::unique_ptr<Parts> parts_;
};

}  // namespace omzien::rpc

#endif  // OMZIEN_SERVER_RPC_SERVER_H_
