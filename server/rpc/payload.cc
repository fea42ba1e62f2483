#include "server/rpc/payload.h"

#include <grpcpp/support/proto_buffer_reader.h>
#include <grpcpp/support/slice.h>

#include "server/domain/errors.h"

namespace omzien::rpc {

absl::Status Parse(grpc::ByteBuffer bytes, google::protobuf::Message& message) {
  if (bytes.Valid()) {
    grpc::ProtoBufferReader reader(&bytes);
    if (reader.status().ok() && message.ParseFromZeroCopyStream(&reader) && reader.status().ok()) {
      // A field that a newer contract has may identify a person, and nothing here would know: kept,
      // it would rest in the clear and be shown.
      message.DiscardUnknownFields();
      return absl::OkStatus();
    }
  }
  return domain::Error(absl::StatusCode::kInvalidArgument, v1::ERROR_REASON_MALFORMED_MESSAGE,
                       "the bytes are not a message of the method's request type");
}

grpc::ByteBuffer ToBytes(const std::string& serialized) {
  const grpc::Slice slice(serialized);
  return grpc::ByteBuffer(&slice, 1);
}

}  // namespace omzien::rpc
