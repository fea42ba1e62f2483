#include "server/rpc/server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "grpc/health/v1/health.pb.h"
#include "server/auth/permissions.h"
#include "server/rpc/call_scope.h"
#include "server/rpc/listen_address.h"
#include "server/rpc/raw_service.h"

namespace omzien::rpc {
namespace {

// For the calls that aren't ours: a watch of health, a reflection stream. They never end by
// themselves, so they don't hold up the stop for longer than this.
constexpr absl::Duration kGoodbye = absl::Milliseconds(250);

constexpr int kKeepaliveTimeMs = 120'000;
constexpr int kKeepaliveTimeoutMs = 20'000;
constexpr int kClientPingIntervalMs = 10'000;

void SetLimits(const ServerOptions& options, grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(static_cast<int>(options.max_message_bytes));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, options.max_concurrent_streams);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE,
                             static_cast<int>(options.max_metadata_bytes));
  // gRPC itself would answer INTERNAL to what doesn't unpack. Now it answers UNIMPLEMENTED to all
  // that is compressed, and says that only identity is taken.
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  // Two servers would share one port in silence otherwise.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  // A client that vanished is noticed, and one that asks whether we are there is not punished.
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveTimeMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             kClientPingIntervalMs);
}

absl::Status CheckOptions(const ServerOptions& options) {
  constexpr size_t kMaxMessageBytes = size_t{64} << 20;
  if (options.max_message_bytes == 0 || options.max_message_bytes > kMaxMessageBytes) {
    return absl::InvalidArgumentError("the largest message must be 1 byte to 64 MiB");
  }
  if (options.max_concurrent_streams < 1 || options.max_calls < 1 || options.read_threads < 1 ||
      options.read_threads > 256 || options.max_queued_reads < 1) {
    return absl::InvalidArgumentError(
        "the limits of streams, calls, read threads (at most 256) and queued reads must be at "
        "least 1");
  }
  if (options.max_metadata_bytes < 1024 || options.max_metadata_bytes > (size_t{1} << 20)) {
    return absl::InvalidArgumentError("the limit of metadata must be 1 KiB to 1 MiB");
  }
  if (options.deadline_cap <= absl::ZeroDuration()) {
    return absl::InvalidArgumentError("the cap of deadlines must be more than zero");
  }
  return absl::OkStatus();
}

}  // namespace

// In the order of dependence: destroyed from the last to the first.
struct Server::Parts {
  ListenAddress address;
  std::unique_ptr<Host> host;
  std::vector<std::unique_ptr<RawService>> services;
  std::unique_ptr<grpc::Server> server;
  absl::Mutex stop_mutex;
  bool stopped ABSL_GUARDED_BY(stop_mutex) = false;
};

absl::StatusOr<std::unique_ptr<Server>> Server::Start(ServerOptions options, Methods methods,
                                                      const auth::CallerTable* callers) {
  for (const absl::Status& check :
       {auth::CheckEveryMethodHasARow(), CheckHandlers(methods), CheckOptions(options)}) {
    if (!check.ok()) return check;
  }
  absl::StatusOr<ListenAddress> address = ParseListenAddress(options.listen);
  if (!address.ok()) return address.status();

  // Reflection answers from compiled descriptors: naming this one links it, without which generic
  // clients can't call Health. (gRPC's own health service has none.)
  grpc::health::v1::HealthCheckRequest::descriptor();
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();

  auto parts = std::make_unique<Parts>();
  parts->address = *std::move(address);
  parts->host =
      std::make_unique<Host>(callers, options.clock, options.deadline_cap, options.max_calls,
                             options.read_threads, options.max_queued_reads);
  grpc::ServerBuilder builder;
  SetLimits(options, builder);
  int port = 0;
  builder.AddListeningPort(parts->address.ToString(), grpc::InsecureServerCredentials(), &port);
  for (const google::protobuf::ServiceDescriptor* service : auth::ServedServices()) {
    parts->services.push_back(std::make_unique<RawService>(*service, methods, *parts->host));
    builder.RegisterService(parts->services.back().get());
  }
  parts->server = builder.BuildAndStart();
  if (parts->server == nullptr || port == 0) return WhyNotListening(parts->address);
  parts->address.port = static_cast<uint16_t>(port);
  std::unique_ptr<Server> server(new Server(std::move(parts)));
  server->SetServing(true);
  return server;
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Server::~Server() { Stop(absl::ZeroDuration()); }

std::string Server::address() const { return parts_->address.ToString(); }

void Server::SetServing(bool serving) {
  grpc::HealthCheckServiceInterface* health = parts_->server->GetHealthCheckService();
  health->SetServingStatus("", serving);
  for (const google::protobuf::ServiceDescriptor* service : auth::ServedServices()) {
    health->SetServingStatus(service->full_name(), serving);
  }
}

void Server::Stop(absl::Duration drain) {
  absl::MutexLock lock(&parts_->stop_mutex);
  if (std::exchange(parts_->stopped, true)) return;
  SetServing(false);
  parts_->host->in_flight.Stop();
  parts_->host->in_flight.WaitUntilNone(drain);
  parts_->server->Shutdown(std::chrono::system_clock::now() +
                           absl::ToChronoMilliseconds(std::min(drain, kGoodbye)));
  parts_->server->Wait();
  parts_->host->read_pool.End();
}

}  // namespace omzien::rpc
