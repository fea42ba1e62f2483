#include "client/cpp/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/cpp/errors.h"
#include "tests/client/cpp/scripted_server.h"
#include "tests/client/cpp/test_clock.h"

namespace omzien::client {
namespace {

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class ClientTest : public testing::Test {
 protected:
  std::unique_ptr<Client> Make(std::string token = "") {
    Options options{.target = server_.target(), .token = std::move(token)};
    options.clock = &clock_;
    return *Client::Create(options);
  }

  TestClock clock_;
  ScriptedServer server_;
};

TEST_F(ClientTest, MakesARequestIdAndKeepsItOverItsRetries) {
  server_.signals.Script({GrpcStatus(grpc::UNAVAILABLE, "STORE_UNAVAILABLE"),
                          GrpcStatus(grpc::RESOURCE_EXHAUSTED, "OVERLOADED"),
                          GrpcStatus(grpc::UNAVAILABLE, "")});
  const auto answer = Make()->SubmitSignal({});
  ASSERT_TRUE(answer.ok()) << answer.status();
  const std::vector<std::string> ids = server_.signals.request_ids();
  EXPECT_THAT(ids, AllOf(SizeIs(4), Each(ids.front()), Not(Each(IsEmpty()))));
  EXPECT_THAT(server_.signals.stored(), SizeIs(1));
  EXPECT_THAT(clock_.sleeps(),
              ElementsAre(absl::Milliseconds(100), absl::Seconds(2), absl::Milliseconds(400)));
}

TEST_F(ClientTest, KeepsTheCallersRequestId) {
  v1::SubmitSignalRequest request;
  request.set_request_id("0b8a9a5e-0000-4000-8000-000000000001");
  ASSERT_TRUE(Make()->SubmitSignal(request).ok());
  EXPECT_THAT(server_.signals.request_ids(), ElementsAre(request.request_id()));
}

TEST_F(ClientTest, TwoCallsHaveTwoRequestIds) {
  const auto client = Make();
  ASSERT_TRUE(client->SubmitSignal({}).ok());
  ASSERT_TRUE(client->SubmitSignal({}).ok());
  EXPECT_THAT(server_.signals.stored(), SizeIs(2));
}

TEST_F(ClientTest, AConflictIsNotTriedAgain) {
  server_.signals.Script({GrpcStatus(grpc::ABORTED, "ETAG_MISMATCH")});
  const auto answer = Make()->SubmitSignal({});
  EXPECT_TRUE(absl::IsAborted(answer.status()));
  EXPECT_EQ(DetailsOf(answer.status()).reason, "ETAG_MISMATCH");
  EXPECT_THAT(server_.signals.request_ids(), SizeIs(1));
}

TEST_F(ClientTest, GivesUpAfterTheMostAttemptsWithTheLastError) {
  server_.signals.Script(std::deque<grpc::Status>(9, GrpcStatus(grpc::UNAVAILABLE, "STOPPING")));
  const auto answer = Make()->SubmitSignal({});
  EXPECT_EQ(DetailsOf(answer.status()).reason, "STOPPING");
  EXPECT_THAT(server_.signals.request_ids(), SizeIs(5));
}

TEST_F(ClientTest, SendsTheTokenAndNoneWhenThereIsNone) {
  ASSERT_TRUE(Make("s3cret")->SubmitSignal({}).ok());
  ASSERT_TRUE(Make()->SubmitSignal({}).ok());
  EXPECT_THAT(server_.signals.authorizations(), ElementsAre("Bearer s3cret", ""));
}

TEST_F(ClientTest, AMethodTheServerDoesNotHaveIsAnErrorNotACrash) {
  EXPECT_EQ(Make()->GetReferral({}).status().code(), absl::StatusCode::kUnimplemented);
}

TEST(ClientOptionsTest, RefusesWhatCantWorkOrWouldGiveTheTokenAway) {
  const struct {
    Options options;
    bool ok;
  } kCases[] = {
      {{.target = "", .token = ""}, false},
      {{.target = "127.0.0.1:1", .token = "t"}, true},
      {{.target = "localhost:1", .token = "t"}, true},
      {{.target = "[::1]:1", .token = "t"}, true},
      {{.target = "dns:///localhost:1", .token = "t"}, true},
      {{.target = "unix:/run/omzien.sock", .token = "t"}, true},
      {{.target = "omzien.example:1", .token = ""}, true},
      {{.target = "omzien.example:1", .token = "t"}, false},
      {{.target = "localhost.omzien.example:1", .token = "t"}, false},
      {{.target = "127.0.0.1.omzien.example:1", .token = "t"}, false},
      {{.target = "127.0.0.1:1", .token = "two words"}, false},
      {{.target = "127.0.0.1:1", .token = "line\n"}, false},
      {{.target = "127.0.0.1:1", .token = "", .call_timeout = absl::ZeroDuration()}, false},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Client::Create(c.options).ok(), c.ok) << c.options.target << " " << c.options.token;
  }
}

TEST(ClientOptionsTest, NoServerIsUnavailable) {
  TestClock clock;
  Options options{.target = "unix:/nonexistent/omzien.sock", .token = ""};
  options.clock = &clock;
  EXPECT_TRUE(absl::IsUnavailable((*Client::Create(options))->SubmitSignal({}).status()));
}

}  // namespace
}  // namespace omzien::client
