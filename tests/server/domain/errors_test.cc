#include "server/domain/errors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"

namespace omzien::domain {
namespace {

TEST(Error, CarriesCodeReasonAndMetadata) {
  const absl::Status status =
      Error(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_WRONG_STATE,
            "the referral is ACCEPTED", {{"state", "ACCEPTED"}});
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(status), "WRONG_STATE");
  EXPECT_EQ(MetadataOf(status, "state"), "ACCEPTED");
  EXPECT_EQ(MetadataOf(status, "absent"), "");
}

TEST(Error, AnOkStatusHasNoReason) {
  EXPECT_EQ(ReasonOf(absl::OkStatus()), "");
  EXPECT_TRUE(InvalidFields({}).ok());
}

TEST(InvalidFields, ListsAllViolationsAtOnce) {
  const absl::Status status = InvalidFields({{"parent", "required"}, {"signal.reach", "required"}});
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReasonOf(status), "INVALID_FIELDS");
  const auto violations = ViolationsOf(status);
  ASSERT_EQ(violations.size(), 2u);
  EXPECT_EQ(violations[0].field, "parent");
  EXPECT_EQ(violations[1].field, "signal.reach");
}

TEST(AddUnlessKnown, SaysOneThingOfAField) {
  std::vector<FieldViolation> violations = {{"parent", "required"}};
  AddUnlessKnown({{"parent", "isn't known"}, {"place", "outside"}, {"place", "not certain"}},
                 &violations);
  ASSERT_EQ(violations.size(), 2u);
  EXPECT_EQ(violations[0].description, "required");
  EXPECT_EQ(violations[1].description, "outside");
}

TEST(ToRpcStatus, HoldsEveryDetail) {
  const google::rpc::Status rpc =
      ToRpcStatus(InvalidFields({{"parent", "required"}}, v1::ERROR_REASON_INVALID_CATALOG));
  EXPECT_EQ(rpc.code(), 3);
  ASSERT_EQ(rpc.details_size(), 2);
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(rpc.details(0).UnpackTo(&info));
  EXPECT_EQ(info.reason(), "INVALID_CATALOG");
  EXPECT_EQ(info.domain(), "omzien");
  google::rpc::BadRequest bad_request;
  ASSERT_TRUE(rpc.details(1).UnpackTo(&bad_request));
  EXPECT_EQ(bad_request.field_violations(0).field(), "parent");
}

TEST(ToRpcStatus, MasksWhatIsNotOurs) {
  const google::rpc::Status rpc =
      ToRpcStatus(absl::InternalError("IO error: /var/lib/omzien/000012.log: no space left"));
  EXPECT_EQ(rpc.code(), static_cast<int>(absl::StatusCode::kUnavailable));
  EXPECT_THAT(rpc.DebugString(), ::testing::Not(::testing::HasSubstr("omzien/000012")));
  google::rpc::ErrorInfo info;
  ASSERT_EQ(rpc.details_size(), 1);
  ASSERT_TRUE(rpc.details(0).UnpackTo(&info));
  EXPECT_EQ(info.reason(), "STORE_UNAVAILABLE");
}

TEST(ToRpcStatus, OkHasNoDetails) {
  const google::rpc::Status rpc = ToRpcStatus(absl::OkStatus());
  EXPECT_EQ(rpc.code(), 0);
  EXPECT_EQ(rpc.details_size(), 0);
}

}  // namespace
}  // namespace omzien::domain
