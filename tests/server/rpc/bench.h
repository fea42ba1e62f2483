// A server on a free port with handlers made for the test, and a client that sends any bytes.

#ifndef OMZIEN_TESTS_SERVER_RPC_BENCH_H_
#define OMZIEN_TESTS_SERVER_RPC_BENCH_H_

#include <grpcpp/grpcpp.h>
#include <grpcpp/support/sync_stream.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "omzien/v1/signal_service.pb.h"
#include "server/auth/tokens.h"
#include "server/rpc/methods.h"
#include "server/rpc/server.h"

namespace omzien::rpc {

inline constexpr char kSubmit[] = "/omzien.v1.SignalService/SubmitSignal";
inline constexpr char kStream[] = "/omzien.v1.SignalService/SubmitSignals";
inline constexpr char kList[] = "/omzien.v1.SignalService/ListSignals";
inline constexpr char kPoint[] = "/omzien.v1.SignalService/GetSignalPoint";

using SubmitHandler = std::function<void(std::shared_ptr<const Call>,
                                         std::shared_ptr<v1::SubmitSignalRequest>, Reply)>;
using StreamHandler = std::function<void(std::shared_ptr<const Call>,
                                         std::shared_ptr<v1::SubmitSignalsRequest>, Reply)>;
using ListHandler = std::function<absl::StatusOr<v1::ListSignalsResponse>(
    const Call&, const v1::ListSignalsRequest&)>;

// Those of the tests' interest; every other method answers with an empty message.
struct Handlers {
  SubmitHandler submit = [](auto, auto, Reply reply) { reply(std::string()); };
  StreamHandler stream = [](auto, auto, Reply reply) { reply(std::string()); };
  ListHandler list = [](const Call&, const v1::ListSignalsRequest&) {
    return v1::ListSignalsResponse();
  };
  size_t window = 4;
};

Methods AllMethods(const Handlers& handlers);

// A caller a role, in GM0150; its token is the role's name with "-token": "signaller-token".
std::unique_ptr<auth::CallerTable> OneCallerARole();

struct Answer {
  grpc::Status status;
  std::string bytes;
};

// From error_details; empty when there are none.
std::string ReasonOf(const grpc::Status& status);

// A ByteBuffer there and back.
grpc::ByteBuffer Bytes(const std::string& text);
std::string Text(const grpc::ByteBuffer& bytes);

class Bench {
 public:
  explicit Bench(const Handlers& handlers, ServerOptions options = {});

  Server& server() { return *server_; }
  void DestroyServer() { server_.reset(); }

  // `authorization`: the header's value; nullopt: no header.
  static void Authorize(grpc::ClientContext& context, std::optional<std::string> authorization);
  Answer Unary(const char* method, const std::string& request,
               std::optional<std::string> authorization = "Bearer signaller-token");
  Answer Unary(grpc::ClientContext& context, const char* method, const std::string& request);

  using RawStream = grpc::ClientReaderWriter<grpc::ByteBuffer, grpc::ByteBuffer>;
  std::unique_ptr<RawStream> OpenStream(grpc::ClientContext& context, const char* method);

 private:
  std::unique_ptr<auth::CallerTable> callers_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

// Replies that a handler was given, for the test to answer when it wants.
class HeldReplies {
 public:
  void Hold(Reply reply);
  // Waits until `count` are held, at most a minute; false when they didn't come.
  bool WaitFor(size_t count);
  // Takes the oldest held, which must be there.
  Reply Take();
  size_t held_max() const;

 private:
  mutable absl::Mutex mutex_;
  std::vector<Reply> replies_ ABSL_GUARDED_BY(mutex_);
  size_t held_max_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace omzien::rpc

#endif  // OMZIEN_TESTS_SERVER_RPC_BENCH_H_
