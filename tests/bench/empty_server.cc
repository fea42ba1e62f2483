#include "tests/bench/empty_server.h"

#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/rpc_service_method.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/support/async_unary_call.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <thread>

#include "absl/strings/str_cat.h"

extern char** environ;

namespace omzien::bench {
namespace {

grpc::ByteBuffer Answer(size_t bytes) {
  const grpc::Slice slice(std::string(bytes, 'x'));
  return {&slice, 1};
}

// Registered with bytes in and bytes out, as ours is; what protoc generates would parse.
class EmptyService : public grpc::Service {
 public:
  EmptyService() {
    AddMethod(new grpc::internal::RpcServiceMethod(kEmptyPath,
                                                   grpc::internal::RpcMethod::NORMAL_RPC, nullptr));
  }
};

class CallbackService final : public EmptyService {
 public:
  explicit CallbackService(size_t response_bytes) {
    MarkMethodRawCallback(
        0, new grpc::internal::CallbackUnaryHandler<grpc::ByteBuffer, grpc::ByteBuffer>(
               [answer = Answer(response_bytes)](grpc::CallbackServerContext* context,
                                                 const grpc::ByteBuffer* /*request*/,
                                                 grpc::ByteBuffer* response) {
                 *response = answer;
                 grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
                 reactor->Finish(grpc::Status::OK);
                 return reactor;
               }));
  }
};

class QueueService final : public EmptyService {
 public:
  QueueService() { MarkMethodRaw(0); }

  // One call after the other through the same object; it lives as long as the process.
  void Await(grpc::ServerCompletionQueue* queue, const grpc::ByteBuffer* answer) {
    struct Call {
      grpc::ServerContext context;
      grpc::ByteBuffer request;
      grpc::ServerAsyncResponseWriter<grpc::ByteBuffer> writer{&context};
      bool answered = false;
    };
    constexpr int kAwaited = 512;
    const auto await = [this, queue] {
      auto* const call = new Call;
      RequestAsyncUnary(0, &call->context, &call->request, &call->writer, queue, queue, call);
    };
    for (int i = 0; i < kAwaited; ++i) await();
    void* tag = nullptr;
    bool ok = false;
    while (queue->Next(&tag, &ok)) {
      auto* const call = static_cast<Call*>(tag);
      if (call->answered || !ok) {
        delete call;
        continue;
      }
      call->answered = true;
      call->writer.Finish(*answer, grpc::Status::OK, call);
      await();
    }
  }
};

void Announce(int port) {
  std::printf("127.0.0.1:%d\n", port);
  std::fflush(stdout);
}

}  // namespace

void ServeEmpty(const std::string& kind, size_t response_bytes) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  if (kind == kCallback) {
    CallbackService service(response_bytes);
    builder.RegisterService(&service);
    const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
    Announce(port);
    server->Wait();
  } else {
    QueueService service;
    builder.RegisterService(&service);
    const std::unique_ptr<grpc::ServerCompletionQueue> queue = builder.AddCompletionQueue();
    const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
    Announce(port);
    const grpc::ByteBuffer answer = Answer(response_bytes);
    service.Await(queue.get(), &answer);
  }
  std::abort();  // Neither loop ends.
}

EmptyServer::EmptyServer(const std::string& kind, size_t response_bytes) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addclose(&actions, ends[0]);
  std::string bytes = absl::StrCat(response_bytes);
  std::string which = kind;
  char self[] = "/proc/self/exe";
  char flag[] = "--serve-empty";
  char* const args[] = {self, flag, which.data(), bytes.data(), nullptr};
  const int error = posix_spawn(&pid_, self, &actions, nullptr, args, environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  char byte = 0;
  while (error == 0 && read(ends[0], &byte, 1) == 1 && byte != '\n') address_ += byte;
  close(ends[0]);
  if (byte != '\n') throw std::runtime_error("the empty server doesn't serve");
}

EmptyServer::~EmptyServer() {
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

}  // namespace omzien::bench
