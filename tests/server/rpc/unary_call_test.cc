// What a client gets for a unary call, whatever it sends and whenever it leaves.

#include "server/rpc/unary_call.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "server/domain/errors.h"
#include "server/observe/log.h"
#include "tests/server/rpc/bench.h"

namespace omzien::rpc {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kTruncated[] = "\x0a\x20municipalities";  // says 32 bytes, has 14
constexpr char kBadUtf8[] = "\x0a\x03\xff\xfe\xfd";      // parent: not UTF-8
constexpr char kGroupEnd[] = "\x0c";                     // an end group that nothing began

struct Case {
  const char* what;
  const char* method;
  std::optional<std::string> authorization;
  std::string request;
  grpc::StatusCode code;
  const char* reason;
};

TEST(UnaryCall, AnswersInOrderOfPrecedence) {
  const std::optional<std::string> none;
  const std::string signaller = "Bearer signaller-token";
  const std::string steward = "Bearer steward-token";
  const Case cases[] = {
      {"a good call", kSubmit, signaller, "", grpc::StatusCode::OK, ""},
      {"the scheme in lower case", kSubmit, "bearer signaller-token", "", grpc::StatusCode::OK, ""},
      {"unknown token", kSubmit, "Bearer nonesuch", "", grpc::StatusCode::UNAUTHENTICATED,
       "TOKEN_INVALID"},
      {"unknown token before malformed", kSubmit, "Bearer nonesuch", kTruncated,
       grpc::StatusCode::UNAUTHENTICATED, "TOKEN_INVALID"},
      {"unknown token on a public method", kPoint, "Bearer nonesuch", "",
       grpc::StatusCode::UNAUTHENTICATED, "TOKEN_INVALID"},
      {"no token", kSubmit, none, "", grpc::StatusCode::PERMISSION_DENIED, "ROLE_NOT_ALLOWED"},
      {"no token on a public method", kPoint, none, "", grpc::StatusCode::OK, ""},
      {"wrong role", kSubmit, steward, "", grpc::StatusCode::PERMISSION_DENIED, "ROLE_NOT_ALLOWED"},
      {"wrong role before malformed", kSubmit, steward, kTruncated,
       grpc::StatusCode::PERMISSION_DENIED, "ROLE_NOT_ALLOWED"},
      {"truncated", kSubmit, signaller, kTruncated, grpc::StatusCode::INVALID_ARGUMENT,
       "MALFORMED_MESSAGE"},
      {"truncated, to a read", kList, signaller, kTruncated, grpc::StatusCode::INVALID_ARGUMENT,
       "MALFORMED_MESSAGE"},
      {"not UTF-8", kSubmit, signaller, kBadUtf8, grpc::StatusCode::INVALID_ARGUMENT,
       "MALFORMED_MESSAGE"},
      {"a stray end of a group", kSubmit, signaller, kGroupEnd, grpc::StatusCode::INVALID_ARGUMENT,
       "MALFORMED_MESSAGE"},
      {"not UTF-8, by the public", kPoint, none, kBadUtf8, grpc::StatusCode::INVALID_ARGUMENT,
       "MALFORMED_MESSAGE"},
      {"a method we don't have", "/omzien.v1.SignalService/Nonesuch", signaller, "",
       grpc::StatusCode::UNIMPLEMENTED, ""},
  };
  Bench bench{Handlers()};
  for (const Case& c : cases) {
    SCOPED_TRACE(c.what);
    const Answer answer = bench.Unary(c.method, c.request, c.authorization);
    EXPECT_EQ(answer.status.error_code(), c.code) << answer.status.error_message();
    EXPECT_EQ(ReasonOf(answer.status), c.reason);
  }
}

TEST(UnaryCall, TwoAuthorizationHeadersAreRefused) {
  Bench bench{Handlers()};
  grpc::ClientContext context;
  Bench::Authorize(context, "Bearer signaller-token");
  Bench::Authorize(context, "Bearer steward-token");
  EXPECT_EQ(ReasonOf(bench.Unary(context, kSubmit, "").status), "TOKEN_INVALID");
}

TEST(UnaryCall, RequestAndResponseArriveWhole) {
  Handlers handlers;
  handlers.submit = [](auto call, auto request, Reply reply) {
    v1::SubmitSignalResponse response;
    response.set_first_contact_display_name(request->parent() + " " + call->caller->id + " " +
                                            std::string(call->method));
    reply(response.SerializeAsString());
  };
  Bench bench(handlers);
  v1::SubmitSignalRequest request;
  request.set_parent(std::string(100'000, 'p'));
  v1::SubmitSignalResponse response;
  ASSERT_TRUE(response.ParseFromString(bench.Unary(kSubmit, request.SerializeAsString()).bytes));
  EXPECT_EQ(response.first_contact_display_name(),
            request.parent() + " signaller omzien.v1.SignalService/SubmitSignal");
}

TEST(UnaryCall, AnErrorKeepsItsReasonAndStoreTextStaysInside) {
  Handlers handlers;
  handlers.submit = [](auto, auto, Reply reply) {
    reply(domain::Error(absl::StatusCode::kAborted, v1::ERROR_REASON_ETAG_MISMATCH, "changed"));
  };
  handlers.list = [](const Call&,
                     const v1::ListSignalsRequest&) -> absl::StatusOr<v1::ListSignalsResponse> {
    return absl::DataLossError("/var/lib/store/000042.sst is corrupt");
  };
  Bench bench(handlers);
  const Answer ours = bench.Unary(kSubmit, "");
  EXPECT_EQ(ours.status.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(ours.status.error_message(), "changed");
  EXPECT_EQ(ReasonOf(ours.status), "ETAG_MISMATCH");
  const Answer stores = bench.Unary(kList, "");
  EXPECT_EQ(stores.status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(ReasonOf(stores.status), "STORE_UNAVAILABLE");
  EXPECT_THAT(stores.status.error_message() + stores.status.error_details(), Not(HasSubstr("sst")));
}

TEST(UnaryCall, TooLargeAMessageIsRefused) {
  ServerOptions options;
  options.max_message_bytes = 1000;
  Bench bench(Handlers(), options);
  EXPECT_EQ(bench.Unary(kSubmit, std::string(1001, '\0')).status.error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(bench.Unary(kSubmit, "").status.error_code(), grpc::StatusCode::OK);
}

TEST(UnaryCall, DeadlineIsTheClientsOrTheCap) {
  const absl::Time now = absl::Now();
  absl::Time deadline;
  absl::Time seen_now;
  Handlers handlers;
  handlers.submit = [&](auto call, auto, Reply reply) {
    deadline = call->deadline;
    seen_now = call->now;
    reply(std::string());
  };
  ServerOptions options;
  options.clock = [now] { return now; };
  options.deadline_cap = absl::Seconds(30);
  Bench bench(handlers, options);

  ASSERT_TRUE(bench.Unary(kSubmit, "").status.ok());
  EXPECT_EQ(seen_now, now);
  EXPECT_EQ(deadline, now + absl::Seconds(30));

  for (const auto& [asked, low, high] :
       {std::tuple{absl::Seconds(600), absl::Seconds(30), absl::Seconds(30)},
        std::tuple{absl::Seconds(20), absl::Seconds(19), absl::Seconds(29)}}) {
    grpc::ClientContext context;
    Bench::Authorize(context, "Bearer signaller-token");
    context.set_deadline(absl::ToChronoTime(absl::Now() + asked));
    ASSERT_TRUE(bench.Unary(context, kSubmit, "").status.ok());
    EXPECT_GE(deadline - now, low);
    EXPECT_LE(deadline - now, high);
  }
}

TEST(UnaryCall, ReplyAfterTheClientLeftDoesNothing) {
  HeldReplies held;
  Handlers handlers;
  handlers.submit = [&](auto, auto, Reply reply) { held.Hold(std::move(reply)); };
  Bench bench(handlers);
  grpc::ClientContext context;
  Bench::Authorize(context, "Bearer signaller-token");
  auto answer = std::async(std::launch::async, [&] { return bench.Unary(context, kSubmit, ""); });
  ASSERT_TRUE(held.WaitFor(1));
  context.TryCancel();
  EXPECT_EQ(answer.get().status.error_code(), grpc::StatusCode::CANCELLED);
  held.Take()(std::string("late"));

  // The server goes on.
  auto next = std::async(std::launch::async, [&] { return bench.Unary(kSubmit, ""); });
  ASSERT_TRUE(held.WaitFor(1));
  held.Take()(std::string());
  EXPECT_TRUE(next.get().status.ok());
}

TEST(UnaryCall, ReplyAfterTheServerIsGoneDoesNothing) {
  HeldReplies held;
  Handlers handlers;
  handlers.submit = [&](auto, auto, Reply reply) { held.Hold(std::move(reply)); };
  Bench bench(handlers);
  auto answer = std::async(std::launch::async, [&] { return bench.Unary(kSubmit, ""); });
  ASSERT_TRUE(held.WaitFor(1));
  bench.DestroyServer();
  EXPECT_FALSE(answer.get().status.ok());
  held.Take()(std::string("late"));
}

TEST(UnaryCall, MoreReadsThanTheQueueHoldsAreRefusedAndLateOnesExpire) {
  absl::Notification entered;
  absl::Notification release;
  std::atomic<bool> first = true;
  std::atomic<int64_t> seconds = 0;
  Handlers handlers;
  handlers.list = [&](const Call&,
                      const v1::ListSignalsRequest&) -> absl::StatusOr<v1::ListSignalsResponse> {
    if (first.exchange(false)) {
      entered.Notify();
      release.WaitForNotification();
    }
    return v1::ListSignalsResponse();
  };
  ServerOptions options;
  options.read_threads = 1;
  options.max_queued_reads = 1;
  const absl::Time began = absl::Now();
  options.clock = [&] { return began + absl::Seconds(seconds.load()); };
  Bench bench(handlers, options);

  auto running = std::async(std::launch::async, [&] { return bench.Unary(kList, ""); });
  entered.WaitForNotification();
  // Of two more, one waits in the queue and the other finds it full.
  absl::Mutex mutex;
  std::vector<std::string> reasons;
  std::vector<std::thread> clients;
  for (int i = 0; i < 2; ++i) {
    clients.emplace_back([&] {
      const std::string reason = ReasonOf(bench.Unary(kList, "").status);
      absl::MutexLock lock(&mutex);
      reasons.push_back(reason);
    });
  }
  const auto one_answered = [&] { return reasons.size() == 1; };
  {
    absl::MutexLock lock(&mutex);
    mutex.Await(absl::Condition(&one_answered));
    EXPECT_EQ(reasons[0], "OVERLOADED");
  }
  seconds = 31;
  release.Notify();
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(reasons[1], "DEADLINE_EXCEEDED");
  EXPECT_TRUE(running.get().status.ok());
}

TEST(UnaryCall, MoreCallsThanTheLimitAreRefused) {
  HeldReplies held;
  Handlers handlers;
  handlers.submit = [&](auto, auto, Reply reply) { held.Hold(std::move(reply)); };
  ServerOptions options;
  options.max_calls = 1;
  Bench bench(handlers, options);
  auto first = std::async(std::launch::async, [&] { return bench.Unary(kSubmit, ""); });
  ASSERT_TRUE(held.WaitFor(1));
  const Answer second = bench.Unary(kPoint, "", std::nullopt);
  EXPECT_EQ(second.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ReasonOf(second.status), "OVERLOADED");
  held.Take()(std::string());
  EXPECT_TRUE(first.get().status.ok());
}

TEST(UnaryCall, TheLogHasALineACallAndNothingOfIt) {
  std::ostringstream log;
  observe::StartLog(observe::LogFormat::kJson, log);
  ::testing::internal::CaptureStderr();
  {
    Handlers handlers;
    handlers.list = [](const Call&,
                       const v1::ListSignalsRequest&) -> absl::StatusOr<v1::ListSignalsResponse> {
      return absl::InternalError("Voorbeeld in a store's text");
    };
    Bench bench(handlers);
    v1::SubmitSignalRequest request;
    request.mutable_signal()->set_own_words("Anna Voorbeeld");
    bench.Unary(kSubmit, request.SerializeAsString());
    bench.Unary(kSubmit, "\x0a\x0bVoorbeeld\xff\xfe");
    bench.Unary(kList, "");
    bench.Unary(kSubmit, "", "Bearer Voorbeeld");
  }
  observe::StopLog();
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
  const std::string lines = log.str();
  EXPECT_THAT(lines, Not(HasSubstr("Voorbeeld")));
  EXPECT_THAT(lines, HasSubstr("\"event\":\"call\",\"method\":\"omzien.v1.SignalService/"
                               "SubmitSignal\",\"caller\":\"signaller\",\"code\":\"OK\""));
  EXPECT_THAT(lines, HasSubstr("\"code\":\"INVALID_ARGUMENT\",\"reason\":\"MALFORMED_MESSAGE\""));
  EXPECT_THAT(lines, HasSubstr("\"code\":\"UNAVAILABLE\",\"reason\":\"INTERNAL\""));
  EXPECT_THAT(lines, HasSubstr("\"caller\":\"\",\"code\":\"UNAUTHENTICATED\""));
}

}  // namespace
}  // namespace omzien::rpc
