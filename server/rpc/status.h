// The one map from our errors to what travels.

#ifndef OMZIEN_SERVER_RPC_STATUS_H_
#define OMZIEN_SERVER_RPC_STATUS_H_

#include <grpcpp/support/status.h>

#include <cstddef>

#include "absl/status/status.h"

namespace omzien::rpc {

// gRPC clients refuse trailing metadata of more than 8 KiB unless told otherwise; base64 adds a
// third.
inline constexpr size_t kDetailsMaxBytes = 4500;

// Code and message, and as error_details the serialized google.rpc.Status of domain::ToRpcStatus.
// When that is larger than kDetailsMaxBytes, the last field violations are left out, and the
// ErrorInfo's metadata "violations_left_out" says how many.
grpc::Status ToGrpcStatus(const absl::Status& status);

}  // namespace omzien::rpc

#endif  // OMZIEN_SERVER_RPC_STATUS_H_
