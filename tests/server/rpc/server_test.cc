// Starting, being found, being asked for health, and stopping.

#include "server/rpc/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <string>
#include <thread>
#include <vector>

#include "grpc/health/v1/health.pb.h"
#include "server/auth/permissions.h"
#include "tests/server/rpc/bench.h"

namespace omzien::rpc {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

grpc::health::v1::HealthCheckResponse::ServingStatus HealthOf(Bench& bench,
                                                              const std::string& service) {
  grpc::health::v1::HealthCheckRequest request;
  request.set_service(service);
  const Answer answer =
      bench.Unary("/grpc.health.v1.Health/Check", request.SerializeAsString(), std::nullopt);
  if (!answer.status.ok()) return grpc::health::v1::HealthCheckResponse::SERVICE_UNKNOWN;
  grpc::health::v1::HealthCheckResponse response;
  EXPECT_TRUE(response.ParseFromString(answer.bytes));
  return response.status();
}

TEST(Server, HealthPerService) {
  using Response = grpc::health::v1::HealthCheckResponse;
  Bench bench{Handlers()};
  const std::vector<std::string> services = {
      "", "omzien.v1.SignalService", "omzien.v1.ReferralService", "omzien.v1.CatalogService",
      "omzien.v1.FollowUpService"};
  for (const std::string& service : services) {
    EXPECT_EQ(HealthOf(bench, service), Response::SERVING) << service;
  }
  EXPECT_EQ(HealthOf(bench, "omzien.v1.Nonesuch"), Response::SERVICE_UNKNOWN);
  bench.server().SetServing(false);
  for (const std::string& service : services) {
    EXPECT_EQ(HealthOf(bench, service), Response::NOT_SERVING) << service;
  }
  bench.server().SetServing(true);
  EXPECT_EQ(HealthOf(bench, ""), Response::SERVING);
}

// grpc.reflection.v1alpha's messages by hand: list_services is field 7, file_containing_symbol 4.
std::string Reflect(Bench& bench, const std::string& request) {
  grpc::ClientContext context;
  auto stream =
      bench.OpenStream(context, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo");
  stream->Write(Bytes(request));
  stream->WritesDone();
  grpc::ByteBuffer bytes;
  std::string answer = stream->Read(&bytes) ? Text(bytes) : "no answer";
  EXPECT_TRUE(stream->Finish().ok());
  return answer;
}

TEST(Server, ReflectionListsAndDescribesTheServices) {
  Bench bench{Handlers()};
  EXPECT_THAT(Reflect(bench, "\x3a\x01*"),
              AllOf(HasSubstr("omzien.v1.SignalService"), HasSubstr("omzien.v1.ReferralService"),
                    HasSubstr("omzien.v1.CatalogService"), HasSubstr("omzien.v1.FollowUpService"),
                    HasSubstr("grpc.health.v1.Health")));
  EXPECT_THAT(Reflect(bench, "\x22\x17omzien.v1.SignalService"),
              HasSubstr("omzien/v1/signal_service.proto"));
  // Without it generic clients can't call Health.
  EXPECT_THAT(Reflect(bench, "\x22\x15grpc.health.v1.Health"),
              HasSubstr("grpc/health/v1/health.proto"));
}

absl::Status StartOn(const std::string& listen, Methods methods) {
  auto callers = OneCallerARole();
  ServerOptions options;
  options.listen = listen;
  return Server::Start(options, std::move(methods), callers.get()).status();
}

TEST(Server, ATakenPortIsNamedWithTheRemedy) {
  Bench bench{Handlers()};
  const absl::Status status = StartOn(bench.server().address(), AllMethods(Handlers()));
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("cannot listen on " + bench.server().address()),
                    HasSubstr("another process uses this port"), HasSubstr("--listen")));
}

TEST(Server, OtherMachinesCannotReachIt) {
  const absl::Status status = StartOn("0.0.0.0:0", AllMethods(Handlers()));
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("without TLS"));
}

TEST(Server, AMethodWithoutHandlerStopsTheStart) {
  const absl::Status status = StartOn("127.0.0.1:0", Methods());
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("omzien.v1.SignalService/SubmitSignal has no handler"));
}

TEST(Server, LimitsOutOfRangeStopTheStart) {
  auto callers = OneCallerARole();
  ServerOptions options;
  options.listen = "127.0.0.1:0";
  options.read_threads = 0;
  EXPECT_EQ(Server::Start(options, AllMethods(Handlers()), callers.get()).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(Server, StopLetsEveryCallUnderWayBeAnswered) {
  constexpr size_t kCalls = 8;
  HeldReplies held;
  Handlers handlers;
  handlers.submit = [&](auto, auto, Reply reply) { held.Hold(std::move(reply)); };
  Bench bench(handlers);
  std::vector<std::future<Answer>> answers;
  for (size_t i = 0; i < kCalls; ++i) {
    answers.push_back(std::async(std::launch::async, [&] { return bench.Unary(kSubmit, ""); }));
  }
  ASSERT_TRUE(held.WaitFor(kCalls));
  // It keeps a stream that never ends by itself, which must not hold up the stop.
  grpc::ClientContext watch_context;
  auto watch = bench.OpenStream(watch_context, "/grpc.health.v1.Health/Watch");
  watch->Write(Bytes(""));
  watch->WritesDone();
  grpc::ByteBuffer serving;
  ASSERT_TRUE(watch->Read(&serving));

  std::thread stop([&] { bench.server().Stop(absl::Seconds(600)); });
  // The watcher is told first; new calls are refused from then on.
  grpc::ByteBuffer not_serving;
  ASSERT_TRUE(watch->Read(&not_serving));
  grpc::health::v1::HealthCheckResponse health;
  ASSERT_TRUE(health.ParseFromString(Text(not_serving)));
  EXPECT_EQ(health.status(), grpc::health::v1::HealthCheckResponse::NOT_SERVING);
  Answer refused;
  do {
    refused = bench.Unary(kPoint, "", std::nullopt);
  } while (refused.status.ok());
  EXPECT_EQ(ReasonOf(refused.status), "STOPPING");

  for (size_t i = 0; i < kCalls; ++i) held.Take()(std::string());
  for (auto& answer : answers) EXPECT_TRUE(answer.get().status.ok());
  stop.join();
  EXPECT_FALSE(watch->Finish().ok());
}

TEST(Server, StopCancelsWhatIsNotAnsweredInTime) {
  HeldReplies held;
  Handlers handlers;
  handlers.submit = [&](auto, auto, Reply reply) { held.Hold(std::move(reply)); };
  Bench bench(handlers);
  auto answer = std::async(std::launch::async, [&] { return bench.Unary(kSubmit, ""); });
  ASSERT_TRUE(held.WaitFor(1));
  bench.server().Stop(absl::ZeroDuration());
  EXPECT_FALSE(answer.get().status.ok());
  bench.server().Stop(absl::ZeroDuration());
  held.Take()(std::string());
}

TEST(Server, AStoppedServersPortIsFree) {
  Bench bench{Handlers()};
  const std::string address = bench.server().address();
  bench.server().Stop(absl::ZeroDuration());
  EXPECT_TRUE(StartOn(address, AllMethods(Handlers())).ok());
}

}  // namespace
}  // namespace omzien::rpc
