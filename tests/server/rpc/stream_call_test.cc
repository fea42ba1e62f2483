// A stream with an answer an item: order, window, and every way to end.

#include "server/rpc/stream_call.h"

#include <gtest/gtest.h>

#include <future>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "server/domain/errors.h"
#include "tests/server/rpc/bench.h"

namespace omzien::rpc {
namespace {

grpc::ByteBuffer Item(int64_t sequence) {
  v1::SubmitSignalsRequest item;
  item.set_sequence(sequence);
  return Bytes(item.SerializeAsString());
}

std::string AnswerTo(int64_t sequence) {
  v1::SubmitSignalsResponse response;
  response.set_sequence(sequence);
  return response.SerializeAsString();
}

// The sequences of the answers up to the stream's end.
std::vector<int64_t> ReadAll(Bench::RawStream& stream) {
  std::vector<int64_t> sequences;
  grpc::ByteBuffer bytes;
  while (stream.Read(&bytes)) {
    v1::SubmitSignalsResponse response;
    EXPECT_TRUE(response.ParseFromString(Text(bytes)));
    sequences.push_back(response.sequence());
    bytes.Clear();
  }
  return sequences;
}

// A stream of a signaller to a handler that holds its replies; Answer gives them by sequence.
class Held : public ::testing::Test {
 protected:
  explicit Held(size_t window = 4) {
    handlers_.window = window;
    handlers_.stream = [this](auto, auto item, Reply reply) {
      const int64_t sequence = item->sequence();
      held_.Hold([sequence, reply](absl::StatusOr<std::string> answer) {
        reply(answer.ok() ? AnswerTo(sequence) : answer);
      });
    };
    bench_ = std::make_unique<Bench>(handlers_);
    Bench::Authorize(context_, "Bearer signaller-token");
    stream_ = bench_->OpenStream(context_, kStream);
  }

  void Send(int64_t from, int64_t to) {
    for (int64_t sequence = from; sequence <= to; ++sequence) stream_->Write(Item(sequence));
  }

  HeldReplies held_;
  Handlers handlers_;
  std::unique_ptr<Bench> bench_;
  grpc::ClientContext context_;
  std::unique_ptr<Bench::RawStream> stream_;
};

TEST_F(Held, AnswersInAnyOrder) {
  Send(1, 3);
  stream_->WritesDone();
  ASSERT_TRUE(held_.WaitFor(3));
  std::vector<Reply> replies = {held_.Take(), held_.Take(), held_.Take()};
  for (size_t i : {2u, 0u, 1u}) replies[i](std::string());
  EXPECT_EQ(ReadAll(*stream_), (std::vector<int64_t>{3, 1, 2}));
  EXPECT_TRUE(stream_->Finish().ok());
}

TEST_F(Held, ReadsNoFurtherThanTheWindow) {
  constexpr int64_t kItems = 100;
  std::thread sender([&] {
    Send(1, kItems);
    stream_->WritesDone();
  });
  // One answer at a time, each time after the window has filled up.
  std::thread answerer([&] {
    for (int64_t left = kItems; left > 0; --left) {
      if (!held_.WaitFor(static_cast<size_t>(std::min<int64_t>(4, left)))) return;
      held_.Take()(std::string());
    }
  });
  std::vector<int64_t> answers = ReadAll(*stream_);
  sender.join();
  answerer.join();
  EXPECT_TRUE(stream_->Finish().ok());
  EXPECT_EQ(held_.held_max(), 4u);
  ASSERT_EQ(answers.size(), static_cast<size_t>(kItems));
  for (int64_t i = 0; i < kItems; ++i) EXPECT_EQ(answers[static_cast<size_t>(i)], i + 1);
}

TEST_F(Held, EndWaitsForAnswers) {
  Send(1, 2);
  stream_->WritesDone();
  ASSERT_TRUE(held_.WaitFor(2));
  auto answers = std::async(std::launch::async, [&] { return ReadAll(*stream_); });
  held_.Take()(std::string());
  held_.Take()(std::string());
  EXPECT_EQ(answers.get(), (std::vector<int64_t>{1, 2}));
  EXPECT_TRUE(stream_->Finish().ok());
}

TEST_F(Held, MalformedItemEndsItAfterEarlierAnswers) {
  Send(1, 2);
  stream_->Write(Bytes("\x12\x30truncated"));
  Send(4, 4);
  ASSERT_TRUE(held_.WaitFor(2));
  held_.Take()(std::string());
  held_.Take()(std::string());
  EXPECT_EQ(ReadAll(*stream_), (std::vector<int64_t>{1, 2}));
  const grpc::Status status = stream_->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ReasonOf(status), "MALFORMED_MESSAGE");
  EXPECT_FALSE(held_.held_max() > 2);  // the fourth was not taken
}

TEST_F(Held, AnErrorOfTheHandlerEndsItAfterOtherAnswers) {
  Send(1, 2);
  ASSERT_TRUE(held_.WaitFor(2));
  held_.Take()(domain::Error(absl::StatusCode::kUnavailable, v1::ERROR_REASON_STORE_UNAVAILABLE,
                             "the store is gone"));
  held_.Take()(std::string());
  EXPECT_EQ(ReadAll(*stream_), (std::vector<int64_t>{2}));
  EXPECT_EQ(ReasonOf(stream_->Finish()), "STORE_UNAVAILABLE");
}

TEST_F(Held, RepliesAfterTheClientLeftDoNothing) {
  Send(1, 3);
  ASSERT_TRUE(held_.WaitFor(3));
  held_.Take()(std::string());
  context_.TryCancel();
  EXPECT_EQ(stream_->Finish().error_code(), grpc::StatusCode::CANCELLED);
  held_.Take()(std::string());
  bench_->DestroyServer();
  held_.Take()(std::string());
}

TEST_F(Held, StopAnswersWhatWasTakenAndEndsIt) {
  Send(1, 2);
  ASSERT_TRUE(held_.WaitFor(2));
  std::thread stop([&] { bench_->server().Stop(absl::Seconds(60)); });
  held_.Take()(std::string());
  held_.Take()(std::string());
  // The client doesn't close its side: the server does.
  EXPECT_EQ(ReadAll(*stream_), (std::vector<int64_t>{1, 2}));
  const grpc::Status status = stream_->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(ReasonOf(status), "STOPPING");
  stop.join();
}

TEST_F(Held, StopCancelsWhatIsNotAnsweredInTime) {
  Send(1, 1);
  ASSERT_TRUE(held_.WaitFor(1));
  bench_->server().Stop(absl::ZeroDuration());
  EXPECT_FALSE(stream_->Finish().ok());
  held_.Take()(std::string());
}

TEST(StreamCall, RoleComesBeforeTheFirstItem) {
  Bench bench{Handlers()};
  grpc::ClientContext context;
  Bench::Authorize(context, "Bearer coordinator-token");
  auto stream = bench.OpenStream(context, kStream);
  EXPECT_TRUE(ReadAll(*stream).empty());
  const grpc::Status status = stream->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(ReasonOf(status), "ROLE_NOT_ALLOWED");
}

TEST(StreamCall, AHandlerMayAnswerAtOnceFromAnyThread) {
  constexpr int64_t kItems = 2000;
  std::vector<std::thread> threads;
  absl::Mutex mutex;
  Handlers handlers;
  handlers.window = 64;
  handlers.stream = [&](auto, auto item, Reply reply) {
    // Every tenth from elsewhere.
    if (item->sequence() % 10 != 0) return reply(AnswerTo(item->sequence()));
    absl::MutexLock lock(&mutex);
    threads.emplace_back([item, reply] { reply(AnswerTo(item->sequence())); });
  };
  Bench bench(handlers);
  grpc::ClientContext context;
  Bench::Authorize(context, "Bearer signaller-token");
  auto stream = bench.OpenStream(context, kStream);
  std::thread sender([&] {
    for (int64_t sequence = 1; sequence <= kItems; ++sequence) stream->Write(Item(sequence));
    stream->WritesDone();
  });
  const std::vector<int64_t> answers = ReadAll(*stream);
  sender.join();
  EXPECT_TRUE(stream->Finish().ok());
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(answers.size(), static_cast<size_t>(kItems));
  EXPECT_EQ(std::set<int64_t>(answers.begin(), answers.end()).size(), static_cast<size_t>(kItems));
}

TEST(StreamCall, DeadlineCountsFromEachItem) {
  const absl::Time began = absl::Now();
  std::atomic<int64_t> seconds = 0;
  std::vector<absl::Time> deadlines;
  Handlers handlers;
  handlers.stream = [&](auto call, auto item, Reply reply) {
    deadlines.push_back(call->deadline);
    seconds = 100;
    reply(AnswerTo(item->sequence()));
  };
  ServerOptions options;
  options.clock = [&] { return began + absl::Seconds(seconds.load()); };
  Bench bench(handlers, options);
  grpc::ClientContext context;
  Bench::Authorize(context, "Bearer signaller-token");
  auto stream = bench.OpenStream(context, kStream);
  stream->Write(Item(1));
  stream->Write(Item(2));
  stream->WritesDone();
  ASSERT_EQ(ReadAll(*stream).size(), 2u);
  ASSERT_TRUE(stream->Finish().ok());
  EXPECT_EQ(deadlines,
            (std::vector<absl::Time>{began + absl::Seconds(30), began + absl::Seconds(130)}));
}

}  // namespace
}  // namespace omzien::rpc
