#include "client/cpp/errors.h"

#include <gtest/gtest.h>

#include "tests/client/cpp/scripted_server.h"

namespace omzien::client {
namespace {

TEST(ErrorsTest, KeepsReasonMetadataAndEveryViolation) {
  google::rpc::Status wire;
  wire.set_code(grpc::INVALID_ARGUMENT);
  google::rpc::ErrorInfo info;
  info.set_reason("INVALID_FIELDS");
  (*info.mutable_metadata())["state"] = "CLOSED";
  wire.add_details()->PackFrom(info);
  google::rpc::BadRequest bad;
  for (const char* field : {"signal.place", "signal.reach"}) {
    bad.add_field_violations()->set_field(field);
  }
  wire.add_details()->PackFrom(bad);

  const absl::Status status = FromGrpc(
      grpc::Status(grpc::INVALID_ARGUMENT, "two fields are missing", wire.SerializeAsString()));
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_EQ(status.message(), "two fields are missing");
  const ErrorDetails details = DetailsOf(status);
  EXPECT_EQ(details.reason, "INVALID_FIELDS");
  EXPECT_EQ(details.metadata.at("state"), "CLOSED");
  ASSERT_EQ(details.violations.size(), 2u);
  EXPECT_EQ(details.violations[1].field, "signal.reach");
}

TEST(ErrorsTest, AStatusWithoutOrWithBrokenDetailsHasNone) {
  EXPECT_TRUE(FromGrpc(grpc::Status::OK).ok());
  EXPECT_EQ(DetailsOf(FromGrpc(grpc::Status(grpc::UNAVAILABLE, "refused"))).reason, "");
  const grpc::Status broken(grpc::UNAVAILABLE, "x", "\xff\xff\xff");
  EXPECT_TRUE(absl::IsUnavailable(FromGrpc(broken)));
}

TEST(ErrorsTest, ARefusalInAStreamReadsAsTheSameError) {
  const absl::Status status = FromRpcStatus(RpcStatus(grpc::RESOURCE_EXHAUSTED, "OVERLOADED"));
  EXPECT_TRUE(absl::IsResourceExhausted(status));
  EXPECT_EQ(DetailsOf(status).reason, "OVERLOADED");
  google::rpc::Status nonsense;
  nonsense.set_code(4711);
  EXPECT_TRUE(absl::IsUnknown(FromRpcStatus(nonsense)));
}

TEST(ErrorsTest, OwnDetailsReadBackTheSame) {
  const absl::Status status = WithDetails(
      absl::AbortedError("changed"),
      {.reason = "ETAG_MISMATCH", .metadata = {{"etag", "7"}}, .violations = {{"a", "b"}}});
  const ErrorDetails details = DetailsOf(status);
  EXPECT_EQ(details.reason, "ETAG_MISMATCH");
  EXPECT_EQ(details.metadata.at("etag"), "7");
  EXPECT_EQ(details.violations.at(0).description, "b");
}

}  // namespace
}  // namespace omzien::client
