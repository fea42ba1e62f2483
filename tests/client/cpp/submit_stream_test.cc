#include "client/cpp/submit_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/cpp/errors.h"
#include "tests/client/cpp/scripted_server.h"
#include "tests/client/cpp/test_clock.h"

namespace omzien::client {
namespace {

using testing::SizeIs;

class SubmitStreamTest : public testing::Test {
 protected:
  // Sends `count` submissions with own words "w0", "w1", ... and waits for all answers.
  absl::Status SendAll(int count, StreamOptions stream_options = {}) {
    Options options{.target = server_.target(), .token = ""};
    options.clock = &clock_;
    const auto client = *Client::Create(options);
    SubmitStream stream(*client, stream_options, [this](int64_t sequence, const auto& answer) {
      answers_[sequence].push_back(answer.status());
    });
    for (int i = 0; i < count; ++i) {
      v1::SubmitSignalRequest request;
      request.set_parent("municipalities/GM0001");
      request.mutable_signal()->set_own_words(absl::StrCat("w", i));
      const absl::Status sent = stream.Send(i, request);
      if (!sent.ok()) break;
    }
    return stream.Finish();
  }
  int Accepted() const {
    int accepted = 0;
    for (const auto& [sequence, statuses] : answers_) {
      EXPECT_THAT(statuses, SizeIs(1)) << "more than one answer to " << sequence;
      accepted += statuses.front().ok() ? 1 : 0;
    }
    return accepted;
  }

  TestClock clock_;
  ScriptedServer server_;
  std::map<int64_t, std::vector<absl::Status>> answers_;
};

TEST_F(SubmitStreamTest, EverythingIsAnsweredOnce) {
  EXPECT_TRUE(SendAll(1000).ok());
  EXPECT_EQ(Accepted(), 1000);
  EXPECT_THAT(server_.signals.stored(), SizeIs(1000));
  EXPECT_EQ(server_.signals.streams_seen(), 1);
}

TEST_F(SubmitStreamTest, NothingToSendOpensNothing) {
  EXPECT_TRUE(SendAll(0).ok());
  EXPECT_EQ(server_.signals.streams_seen(), 0);
}

TEST_F(SubmitStreamTest, ABrokenStreamResendsOnlyWhatHasNoAnswerUnderTheSameIds) {
  server_.signals.ScriptStreams({
      {.answers_max = 7, .end = grpc::Status(grpc::UNAVAILABLE, "cut"), .read_ahead = 20},
  });
  EXPECT_TRUE(SendAll(20).ok());
  EXPECT_EQ(Accepted(), 20);
  EXPECT_EQ(server_.signals.streams_seen(), 2);
  // 20 the first time, and the 13 without answer again; 20 ids in all.
  EXPECT_THAT(server_.signals.request_ids(), SizeIs(33));
  EXPECT_THAT(server_.signals.stored(), SizeIs(20));
}

TEST_F(SubmitStreamTest, AServerThatEndsTheStreamEarlyWithoutErrorIsNoEnd) {
  server_.signals.ScriptStreams({{.answers_max = 3}, {.answers_max = 0}, {.answers_max = 5}});
  EXPECT_TRUE(SendAll(12).ok());
  EXPECT_EQ(Accepted(), 12);
  EXPECT_EQ(server_.signals.streams_seen(), 4);
}

TEST_F(SubmitStreamTest, ARefusalIsAnAnswerAndTheStreamGoesOn) {
  server_.signals.ScriptItem("w1", {RpcStatus(grpc::INVALID_ARGUMENT, "INVALID_FIELDS")});
  EXPECT_TRUE(SendAll(3).ok());
  EXPECT_EQ(Accepted(), 2);
  EXPECT_EQ(DetailsOf(answers_[1].front()).reason, "INVALID_FIELDS");
}

TEST_F(SubmitStreamTest, AnItemToldToTryAgainGoesAgainAfterAPause) {
  server_.signals.ScriptItem("w0", {RpcStatus(grpc::RESOURCE_EXHAUSTED, "OVERLOADED"),
                                    RpcStatus(grpc::UNAVAILABLE, "STORE_UNAVAILABLE")});
  EXPECT_TRUE(SendAll(1).ok());
  EXPECT_EQ(Accepted(), 1);
  EXPECT_THAT(server_.signals.request_ids(), SizeIs(3));
  EXPECT_THAT(server_.signals.stored(), SizeIs(1));
  EXPECT_THAT(clock_.sleeps(), testing::Contains(absl::Seconds(1)));
}

TEST_F(SubmitStreamTest, AnItemThatKeepsFailingIsReportedInTheEnd) {
  server_.signals.ScriptItem(
      "w0", std::deque<google::rpc::Status>(99, RpcStatus(grpc::UNAVAILABLE, "STORE_UNAVAILABLE")));
  EXPECT_TRUE(SendAll(2, {.max_attempts = 3}).ok());
  EXPECT_EQ(Accepted(), 1);
  EXPECT_EQ(DetailsOf(answers_[0].front()).reason, "STORE_UNAVAILABLE");
}

TEST_F(SubmitStreamTest, GivesUpWhenNoStreamBringsAnAnswer) {
  server_.signals.ScriptStreams(std::deque<StreamScript>(
      9, {.answers_max = 0, .end = grpc::Status(grpc::UNAVAILABLE, "gone")}));
  EXPECT_TRUE(absl::IsUnavailable(SendAll(5, {.max_attempts = 3})));
  EXPECT_EQ(server_.signals.streams_seen(), 3);
  EXPECT_EQ(Accepted(), 0);
}

TEST_F(SubmitStreamTest, ACallerWhoMayNotIsToldAtOnce) {
  server_.signals.ScriptStreams(
      {{.answers_max = 0, .end = GrpcStatus(grpc::PERMISSION_DENIED, "ROLE_NOT_ALLOWED")}});
  const absl::Status status = SendAll(500);
  EXPECT_EQ(DetailsOf(status).reason, "ROLE_NOT_ALLOWED");
  EXPECT_EQ(server_.signals.streams_seen(), 1);
}

TEST_F(SubmitStreamTest, ASilentServerCountsAsABrokenStream) {
  // Reads a thousand before its first answer, and so never answers the five.
  server_.signals.ScriptStreams({{.answers_max = -1, .end = grpc::Status::OK, .read_ahead = 1000}});
  EXPECT_TRUE(SendAll(5, {.answer_timeout = absl::Milliseconds(50)}).ok());
  EXPECT_EQ(Accepted(), 5);
  EXPECT_EQ(server_.signals.streams_seen(), 2);
}

TEST_F(SubmitStreamTest, ASmallWindowStillBringsAllThrough) {
  EXPECT_TRUE(SendAll(50, {.window = 1}).ok());
  EXPECT_EQ(Accepted(), 50);
}

}  // namespace
}  // namespace omzien::client
