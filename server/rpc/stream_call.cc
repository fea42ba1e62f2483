#include "server/rpc/stream_call.h"

#include <utility>

#include "server/domain/errors.h"
#include "server/rpc/payload.h"

namespace omzien::rpc {

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* StreamCall::Start(
    Host& host, std::shared_ptr<const Method> method, const grpc::CallbackServerContext& context) {
  auto call = std::make_shared<StreamCall>(host, std::move(method), context);
  call->grpcs_share_ = call;
  call->Begin();
  return call.get();
}

StreamCall::StreamCall(Host& host, std::shared_ptr<const Method> method,
                       const grpc::CallbackServerContext& context)
    : scope_(host, std::move(method), context) {}

void StreamCall::Begin() {
  absl::Status admitted = scope_.Admit();
  if (admitted.ok()) {
    hears_of_stop_ = true;
    stop_key_ = scope_.host().in_flight.OnStop([weak = weak_from_this()] {
      std::shared_ptr<StreamCall> self = weak.lock();
      if (self == nullptr) return;
      absl::MutexLock lock(&self->mutex_);
      self->Close(domain::Error(absl::StatusCode::kUnavailable, v1::ERROR_REASON_STOPPING,
                                "the server is stopping; send what was not answered again, with "
                                "the same request_ids"));
    });
  }
  if (admitted.ok()) {
    const Method& method = scope_.method();
    write_ = method.open == nullptr
                 ? method.write
                 : method.open([weak = weak_from_this()](const std::string& message, bool may) {
                     if (const auto self = weak.lock()) self->SayMore(message, may);
                   });
  }
  absl::MutexLock lock(&mutex_);
  if (!admitted.ok()) return Close(admitted);
  MaybeRead();
}

void StreamCall::OnReadDone(bool ok) {
  {
    absl::MutexLock lock(&mutex_);
    if (finished_) return;
    if (!ok) {
      reading_ = false;
      // The client's half-close; if it left altogether, OnCancel says so.
      Close(absl::OkStatus());
      return;
    }
    if (closed_) return;  // Not taken: whoever sent it gets no answer and sends it again.
    ++unanswered_;
    ++items_;
  }
  Take();
}

void StreamCall::Take() {
  std::shared_ptr<google::protobuf::Message> message = scope_.method().new_request();
  absl::Status parsed = Parse(std::exchange(incoming_, grpc::ByteBuffer()), *message);
  if (!parsed.ok()) return Answer(parsed);
  write_(scope_.NewCall(), std::move(message),
         [self = shared_from_this()](const absl::StatusOr<std::string>& answer) {
           self->Answer(answer);
         });
  // Only now: handlers of a stream run one after the other, in the items' order.
  absl::MutexLock lock(&mutex_);
  reading_ = false;
  MaybeRead();
}

void StreamCall::Answer(const absl::StatusOr<std::string>& answer) {
  grpc::ByteBuffer bytes;
  if (answer.ok()) bytes = ToBytes(*answer);
  ToWrite next;
  {
    absl::MutexLock lock(&mutex_);
    if (finished_) return;
    if (!answer.ok()) {
      --unanswered_;
      Close(answer.status());
      return;
    }
    outgoing_.push_back(std::move(bytes));
    next = NextToWrite();
  }
  Write(next);
}

// Counts as an item until it is written, so that the stream doesn't end before.
void StreamCall::SayMore(const std::string& message, bool may_be_left_out) {
  grpc::ByteBuffer bytes = ToBytes(message);
  ToWrite next;
  {
    absl::MutexLock lock(&mutex_);
    if (finished_ || cancelled_ || (may_be_left_out && !outgoing_.empty())) return;
    ++unanswered_;
    outgoing_.push_back(std::move(bytes));
    next = NextToWrite();
  }
  Write(next);
}

void StreamCall::OnWriteDone(bool ok) {
  ToWrite next;
  {
    absl::MutexLock lock(&mutex_);
    writing_ = false;
    if (!ok) cancelled_ = true;
    if (finished_) return;
    outgoing_.pop_front();
    --unanswered_;
    next = NextToWrite();
    MaybeRead();
    MaybeFinish();
  }
  Write(next);
}

void StreamCall::OnCancel() {
  absl::MutexLock lock(&mutex_);
  cancelled_ = true;
  MaybeFinish();
}

void StreamCall::OnDone() {
  if (hears_of_stop_) scope_.host().in_flight.Forget(stop_key_);
  scope_.host().in_flight.Leave();
  std::shared_ptr<StreamCall> last = std::move(grpcs_share_);
}

void StreamCall::Close(const absl::Status& status) {
  // An error is told also where the client has closed its side before it came.
  if (!closed_ || end_.ok()) end_ = status;
  closed_ = true;
  MaybeFinish();
}

void StreamCall::MaybeRead() {
  if (reading_ || closed_ || cancelled_ || finished_) return;
  if (unanswered_ >= scope_.method().window) return;
  reading_ = true;
  StartRead(&incoming_);
}

StreamCall::ToWrite StreamCall::NextToWrite() {
  if (writing_ || cancelled_ || finished_ || outgoing_.empty()) return {};
  writing_ = true;
  return {&outgoing_.front(), outgoing_.size() > 1};
}

void StreamCall::Write(const ToWrite& next) {
  if (next.bytes == nullptr) return;
  grpc::WriteOptions options;
  if (next.more_follow) options.set_buffer_hint();
  StartWrite(next.bytes, options);
}

void StreamCall::MaybeFinish() {
  // A write under way ends by itself, also when the client has left.
  if (finished_ || writing_) return;
  if (cancelled_) {
    finished_ = true;
    Finish(scope_.EndCancelled(items_));
  } else if (closed_ && unanswered_ == 0) {
    finished_ = true;
    Finish(scope_.End(end_, items_));
  }
}

}  // namespace omzien::rpc
