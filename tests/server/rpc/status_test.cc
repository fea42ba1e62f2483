// What an error becomes on the wire, and how large it may be.

#include "server/rpc/status.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "server/domain/errors.h"

namespace omzien::rpc {
namespace {

struct Sent {
  google::rpc::ErrorInfo info;
  google::rpc::BadRequest bad_request;
};

Sent Unpack(const grpc::Status& status) {
  Sent sent;
  google::rpc::Status details;
  EXPECT_TRUE(details.ParseFromString(status.error_details()));
  EXPECT_EQ(details.code(), status.error_code());
  EXPECT_EQ(details.message(), status.error_message());
  for (const auto& detail : details.details()) {
    detail.UnpackTo(&sent.info);
    detail.UnpackTo(&sent.bad_request);
  }
  return sent;
}

absl::Status ManyViolations(int count) {
  std::vector<domain::FieldViolation> violations;
  for (int i = 0; i < count; ++i) {
    violations.push_back({"catalog.offers[" + std::to_string(i) + "].id", std::string(80, 'x')});
  }
  return domain::InvalidFields(violations);
}

TEST(Status, OkIsOk) { EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).ok()); }

TEST(Status, KeepsCodeMessageReasonAndViolations) {
  const grpc::Status status = ToGrpcStatus(ManyViolations(3));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  const Sent sent = Unpack(status);
  EXPECT_EQ(sent.info.reason(), "INVALID_FIELDS");
  EXPECT_EQ(sent.info.domain(), "omzien");
  EXPECT_EQ(sent.bad_request.field_violations_size(), 3);
  EXPECT_EQ(sent.info.metadata().count("violations_left_out"), 0u);
}

TEST(Status, LeavesOutWhatDoesNotFitAndSaysSo) {
  for (const int count : {45, 1000}) {
    const grpc::Status status = ToGrpcStatus(ManyViolations(count));
    EXPECT_LE(status.error_details().size(), kDetailsMaxBytes);
    EXPECT_GE(status.error_details().size(), kDetailsMaxBytes - 300);
    const Sent sent = Unpack(status);
    const int kept = sent.bad_request.field_violations_size();
    ASSERT_GT(kept, 0);
    EXPECT_EQ(sent.bad_request.field_violations(0).field(), "catalog.offers[0].id");
    EXPECT_EQ(sent.info.metadata().at("violations_left_out"), std::to_string(count - kept));
  }
}

}  // namespace
}  // namespace omzien::rpc
