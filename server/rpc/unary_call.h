// One unary call, from its bytes to its answer.

#ifndef OMZIEN_SERVER_RPC_UNARY_CALL_H_
#define OMZIEN_SERVER_RPC_UNARY_CALL_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "server/rpc/call_scope.h"
#include "server/rpc/methods.h"

namespace omzien::rpc {

// Owned by gRPC (until OnDone) and by the reply that its handler holds, whichever lasts longer: a
// reply may come after the client has left.
class UnaryCall final : public grpc::ServerUnaryReactor,
                        public std::enable_shared_from_this<UnaryCall> {
 public:
  // Runs the call; `request` and `response` are gRPC's and live until the call is done.
  static grpc::ServerUnaryReactor* Start(Host& host, std::shared_ptr<const Method> method,
                                         const grpc::CallbackServerContext& context,
                                         const grpc::ByteBuffer& request,
                                         grpc::ByteBuffer* response);

  UnaryCall(Host& host, std::shared_ptr<const Method> method,
            const grpc::CallbackServerContext& context, grpc::ByteBuffer* response);

  void OnCancel() override;
  void OnDone() override;

 private:
  void Run(const grpc::ByteBuffer& request);
  void RunRead(std::shared_ptr<const Call> call,
               std::shared_ptr<google::protobuf::Message> message);
  void Answer(const absl::StatusOr<std::string>& answer);
  // True for the first of those who want to finish the call.
  bool MayFinish() { return !finished_.exchange(true); }

  CallScope scope_;
  grpc::ByteBuffer* const response_;
  std::atomic<bool> finished_ = false;
  std::shared_ptr<UnaryCall> grpcs_share_;
};

}  // namespace omzien::rpc

#endif  // OMZIEN_SERVER_RPC_UNARY_CALL_H_
