// One bidirectional stream with an answer an item.

#ifndef OMZIEN_SERVER_RPC_STREAM_CALL_H_
#define OMZIEN_SERVER_RPC_STREAM_CALL_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "server/rpc/call_scope.h"
#include "server/rpc/methods.h"

namespace omzien::rpc {

// Reads while fewer than the method's window of items await their answer (an item's answer counts
// as awaited until it is written: a client that doesn't read its answers stops being read itself).
// Ends when the client has closed its side, an item was malformed, a reply was an error, or the
// server stops; in each case after the items taken before are answered.
//
// Owned by gRPC (until OnDone) and by the replies that the handler holds.
class StreamCall final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                         public std::enable_shared_from_this<StreamCall> {
 public:
  static grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* Start(
      Host& host, std::shared_ptr<const Method> method, const grpc::CallbackServerContext& context);

  StreamCall(Host& host, std::shared_ptr<const Method> method,
             const grpc::CallbackServerContext& context);

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  void Begin();
  void Take();
  void Answer(const absl::StatusOr<std::string>& answer);
  void SayMore(const std::string& message, bool may_be_left_out);
  // Takes nothing more from the client and ends with `status`, unless it is ending already.
  void Close(const absl::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void MaybeRead() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // What is to be written now, and whether more waits behind it: then gRPC may send them together.
  struct ToWrite {
    const grpc::ByteBuffer* bytes = nullptr;  // null: nothing
    bool more_follow = false;
  };
  ToWrite NextToWrite() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Without the lock: starting a write takes long, and whoever has the next answer, often the
  // writer's thread, would wait. The stream can't be finished meanwhile, since writing_ is set.
  void Write(const ToWrite& next) ABSL_LOCKS_EXCLUDED(mutex_);
  void MaybeFinish() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  CallScope scope_;
  std::shared_ptr<StreamCall> grpcs_share_;
  // The method's, or what it made for this stream. Used while an item is taken.
  Method::Writer write_;
  uint64_t stop_key_ = 0;
  bool hears_of_stop_ = false;
  // Filled by gRPC; touched by us only between the end of a read and the start of the next.
  grpc::ByteBuffer incoming_;

  // Held while reads and the finish are started, so that no read is started on a stream that was
  // finished. gRPC never runs a reaction inside the start of an operation.
  absl::Mutex mutex_;
  std::deque<grpc::ByteBuffer> outgoing_ ABSL_GUARDED_BY(mutex_);  // the first is being written
  size_t unanswered_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t items_ ABSL_GUARDED_BY(mutex_) = 0;
  bool reading_ ABSL_GUARDED_BY(mutex_) = false;  // a read, or the handler of what it brought
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status end_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace omzien::rpc

#endif  // OMZIEN_SERVER_RPC_STREAM_CALL_H_
