#include "server/rpc/unary_call.h"

#include <utility>

#include "server/domain/errors.h"
#include "server/rpc/payload.h"

namespace omzien::rpc {

grpc::ServerUnaryReactor* UnaryCall::Start(Host& host, std::shared_ptr<const Method> method,
                                           const grpc::CallbackServerContext& context,
                                           const grpc::ByteBuffer& request,
                                           grpc::ByteBuffer* response) {
  auto call = std::make_shared<UnaryCall>(host, std::move(method), context, response);
  call->grpcs_share_ = call;
  call->Run(request);
  return call.get();
}

UnaryCall::UnaryCall(Host& host, std::shared_ptr<const Method> method,
                     const grpc::CallbackServerContext& context, grpc::ByteBuffer* response)
    : scope_(host, std::move(method), context), response_(response) {}

void UnaryCall::Run(const grpc::ByteBuffer& request) {
  if (absl::Status admitted = scope_.Admit(); !admitted.ok()) return Answer(admitted);
  std::shared_ptr<google::protobuf::Message> message = scope_.method().new_request();
  if (absl::Status parsed = Parse(request, *message); !parsed.ok()) return Answer(parsed);
  std::shared_ptr<const Call> call = scope_.NewCall();
  if (scope_.method().kind == Method::Kind::kRead) {
    RunRead(std::move(call), std::move(message));
    return;
  }
  scope_.method().write(std::move(call), std::move(message),
                        [self = shared_from_this()](const absl::StatusOr<std::string>& answer) {
                          self->Answer(answer);
                        });
}

void UnaryCall::RunRead(std::shared_ptr<const Call> call,
                        std::shared_ptr<google::protobuf::Message> message) {
  const bool queued = scope_.host().read_pool.Submit(
      [self = shared_from_this(), call = std::move(call), message = std::move(message)] {
        // Nobody waits any more for what was cancelled in the queue.
        if (self->finished_) return;
        if (self->scope_.host().clock() > call->deadline) {
          self->Answer(domain::Error(absl::StatusCode::kDeadlineExceeded,
                                     v1::ERROR_REASON_DEADLINE_EXCEEDED,
                                     "the call was not begun in time"));
          return;
        }
        self->Answer(self->scope_.method().read(*call, *message));
      });
  if (!queued) {
    Answer(domain::Error(absl::StatusCode::kResourceExhausted, v1::ERROR_REASON_OVERLOADED,
                         "too many reads at once; wait and retry"));
  }
}

void UnaryCall::Answer(const absl::StatusOr<std::string>& answer) {
  if (!MayFinish()) return;
  if (answer.ok()) *response_ = ToBytes(*answer);
  Finish(scope_.End(answer.status(), /*items=*/1));
}

void UnaryCall::OnCancel() {
  if (MayFinish()) Finish(scope_.EndCancelled(/*items=*/1));
}

void UnaryCall::OnDone() {
  scope_.host().in_flight.Leave();
  // May be the last share: nothing of this object is touched afterwards.
  std::shared_ptr<UnaryCall> last = std::move(grpcs_share_);
}

}  // namespace omzien::rpc
