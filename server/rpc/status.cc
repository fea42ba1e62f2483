#include "server/rpc/status.h"

#include <algorithm>
#include <string>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "server/domain/errors.h"

namespace omzien::rpc {
namespace {

// Tag, length and the metadata entry that says how many were left out.
constexpr size_t kLeftOutBytes = 64;

void LeaveViolationsOut(google::rpc::Status& status) {
  google::rpc::BadRequest bad_request;
  google::rpc::ErrorInfo info;
  google::protobuf::Any* packed_bad_request = nullptr;
  google::protobuf::Any* packed_info = nullptr;
  for (google::protobuf::Any& detail : *status.mutable_details()) {
    if (detail.UnpackTo(&bad_request)) packed_bad_request = &detail;
    if (detail.UnpackTo(&info)) packed_info = &detail;
  }
  if (packed_bad_request == nullptr) return;
  size_t bytes = status.ByteSizeLong() + kLeftOutBytes;
  int left_out = 0;
  while (bytes > kDetailsMaxBytes && bad_request.field_violations_size() > 0) {
    const size_t freed =
        bad_request.field_violations(bad_request.field_violations_size() - 1).ByteSizeLong() + 2;
    bytes -= std::min(bytes, freed);
    bad_request.mutable_field_violations()->RemoveLast();
    ++left_out;
  }
  packed_bad_request->PackFrom(bad_request);
  if (packed_info != nullptr) {
    (*info.mutable_metadata())["violations_left_out"] = std::to_string(left_out);
    packed_info->PackFrom(info);
  }
}

}  // namespace

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  google::rpc::Status details = domain::ToRpcStatus(status);
  if (details.ByteSizeLong() > kDetailsMaxBytes) LeaveViolationsOut(details);
  return grpc::Status(static_cast<grpc::StatusCode>(details.code()), details.message(),
                      details.SerializeAsString());
}

}  // namespace omzien::rpc
