#include "tests/malformed/raw_call.h"

#include <grpc/byte_buffer.h>
#include <grpc/slice.h>
#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "omzien/v1/signal_service.pb.h"

// gRPC's byte buffer has this friend for tests, and leaves it to them.
namespace grpc::internal {
class GrpcByteBufferPeer {
 public:
  static void Set(ByteBuffer& buffer, grpc_byte_buffer* raw) { buffer.set_buffer(raw); }
};
}  // namespace grpc::internal

namespace omzien::malformed {
namespace {

// Longer than a busy machine needs; no test rests on it.
constexpr auto kTimeout = std::chrono::seconds(60);

grpc::ByteBuffer BufferOf(const RawCall& call) {
  if (!call.as_gzip) {
    const grpc::Slice slice(call.bytes);
    return grpc::ByteBuffer(&slice, 1);
  }
  grpc::ByteBuffer buffer;
  grpc_slice slice = grpc_slice_from_copied_buffer(call.bytes.data(), call.bytes.size());
  grpc::internal::GrpcByteBufferPeer::Set(
      buffer, grpc_raw_compressed_byte_buffer_create(&slice, 1, GRPC_COMPRESS_GZIP));
  grpc_slice_unref(slice);
  return buffer;
}

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (buffer.Valid() && buffer.Dump(&slices).ok()) {
    for (const grpc::Slice& slice : slices) {
      bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
    }
  }
  return bytes;
}

void AddDetails(const google::rpc::Status& status, Answer& answer) {
  absl::StrAppend(&answer.text, status.DebugString());
  for (const auto& detail : status.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::BadRequest bad_request;
    if (detail.UnpackTo(&info)) {
      answer.reason = info.reason();
      // Any's own text hides what is packed where the type isn't linked.
      absl::StrAppend(&answer.text, info.DebugString());
    } else if (detail.UnpackTo(&bad_request)) {
      absl::StrAppend(&answer.text, bad_request.DebugString());
      for (const auto& violation : bad_request.field_violations()) {
        answer.fields.insert(violation.field());
      }
    }
  }
}

Answer AnswerOf(const grpc::Status& status, const std::string& bytes, bool stream) {
  Answer answer;
  answer.code = status.error_code();
  answer.text = absl::StrCat(status.error_message(), "\n");
  google::rpc::Status details;
  if (details.ParseFromString(status.error_details())) AddDetails(details, answer);
  if (!status.ok()) return answer;
  v1::SubmitSignalsResponse item;
  if (stream && item.ParseFromString(bytes) && item.has_refused()) {
    answer.code = static_cast<grpc::StatusCode>(item.refused().code());
    AddDetails(item.refused(), answer);
  } else {
    answer.text += bytes;
  }
  return answer;
}

}  // namespace

Answer Send(const std::shared_ptr<grpc::Channel>& channel, const RawCall& call, bool stream) {
  grpc::TemplatedGenericStub<grpc::ByteBuffer, grpc::ByteBuffer> stub(channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kTimeout);
  if (call.as_gzip) context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
  for (const auto& [key, value] : call.metadata) context.AddMetadata(key, value);
  const grpc::ByteBuffer request = BufferOf(call);
  grpc::ByteBuffer response;
  grpc::Status status;
  absl::Notification done;
  // To a stream, too: one item, and the end of what is sent.
  stub.UnaryCall(&context, call.path, {}, &request, &response, [&](grpc::Status ended) {
    status = std::move(ended);
    done.Notify();
  });
  done.WaitForNotification();
  Answer answer = AnswerOf(status, BytesOf(response), stream);
  for (const auto& [key, value] : context.GetServerTrailingMetadata()) {
    absl::StrAppend(&answer.text, std::string(key.data(), key.size()), ": ",
                    std::string(value.data(), value.size()), "\n");
  }
  return answer;
}

}  // namespace omzien::malformed
