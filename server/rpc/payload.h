// Between the bytes on the wire and messages.

#ifndef OMZIEN_SERVER_RPC_PAYLOAD_H_
#define OMZIEN_SERVER_RPC_PAYLOAD_H_

#include <grpcpp/support/byte_buffer.h>

#include <string>

#include "absl/status/status.h"
#include "google/protobuf/message.h"

namespace omzien::rpc {

// INVALID_ARGUMENT, MALFORMED_MESSAGE when the bytes aren't a message of the type: truncated,
// nested deeper than protobuf allows, or text that isn't UTF-8. Says nothing of their content.
absl::Status Parse(grpc::ByteBuffer bytes, google::protobuf::Message& message);

grpc::ByteBuffer ToBytes(const std::string& serialized);

}  // namespace omzien::rpc

#endif  // OMZIEN_SERVER_RPC_PAYLOAD_H_
