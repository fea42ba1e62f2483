// The program as an operator meets it: it starts, or says why not; it stops as asked, and loses
// nothing by it.

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <chrono>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/cpp/request_id.h"
#include "client/cpp/submit_stream.h"
#include "grpc/health/v1/health.pb.h"
#include "grpcpp/generic/generic_stub.h"
#include "storage/blocking.h"
#include "storage/keys.h"
#include "storage/store.h"
#include "tests/e2e/story_world.h"

namespace omzien::e2e {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

constexpr int kCannotServe = 1;
constexpr int kBadConfiguration = 2;

// What the server says before it ends.
struct Refusal {
  int exit_code = 0;
  std::string words;
};

class ServerProgram : public ::testing::Test {
 protected:
  Refusal Run(const std::vector<std::string>& flags = {},
              const std::vector<std::string>& environment = {}) {
    std::vector<std::string> args = {"--config", installation_.config_file()};
    args.insert(args.end(), flags.begin(), flags.end());
    ServerProcess server;
    const int exit_code = server.RunToEnd(args, environment);
    return {exit_code, server.log()};
  }
  absl::Status Start(ServerProcess& server) {
    return server.Start({"--config", installation_.config_file()});
  }
  std::string ConfigText() {
    std::ifstream file(installation_.config_file());
    return {std::istreambuf_iterator<char>(file), {}};
  }

  Installation installation_;
};

TEST_F(ServerProgram, RefusesABadConfigurationWithEveryErrorInASentence) {
  const struct {
    const char* what;
    std::string extra;  // added to the file
    std::vector<std::string> flags;
    std::vector<std::string> environment;
    std::vector<std::string> words;
  } kCases[] = {
      {"an unknown key", "master_key_fil: x\n", {}, {}, {"master_key_fil", "master_key_file"}},
      {"an unknown flag", "", {"--data-dri=/x"}, {}, {"--data-dri", "--data-dir"}},
      {"an unknown variable", "", {}, {"OMZIEN_LOG_LEVLE=info"}, {"OMZIEN_LOG_LEVEL"}},
      {"a bad value", "log_level: loud\n", {}, {}, {"log_level", "loud", "warning"}},
      {"several at once", "read_threads: 0\nqueue_limit: 1\n", {}, {}, {"read_threads", "queue_l"}},
      {"not loopback", "", {"--listen=0.0.0.0:7701"}, {}, {"loopback", "--listen"}},
      {"a name to resolve", "", {"--listen=voorbeeld.example:7701"}, {}, {"loopback"}},
      {"no YAML", "{ callers: [", {}, {}, {"server.yaml"}},
  };
  const std::string good = ConfigText();
  for (const auto& bad : kCases) {
    SCOPED_TRACE(bad.what);
    Installation::WriteFile(installation_.config_file(), good + bad.extra);
    const Refusal refusal = Run(bad.flags, bad.environment);
    EXPECT_EQ(refusal.exit_code, kBadConfiguration);
    for (const std::string& word : bad.words) EXPECT_THAT(refusal.words, HasSubstr(word));
    EXPECT_THAT(refusal.words, testing::StartsWith("omzien-server: "));
  }
  ServerProcess server;
  EXPECT_EQ(server.RunToEnd({"--config", installation_.path("nothing.yaml")}), kBadConfiguration);
  EXPECT_THAT(server.log(), HasSubstr("nothing.yaml"));
}

TEST_F(ServerProgram, RefusesAMasterKeyThatIsMissingOpenOrBroken) {
  const std::string key = installation_.key_file();
  const std::string good = Installation::NewKey();
  const struct {
    const char* what;
    std::function<void()> make;
    std::string words;
  } kCases[] = {
      {"missing", [&] { unlink(key.c_str()); }, "openssl rand -hex 32"},
      {"readable by others", [&] { Installation::WriteFile(key, good, 0644); }, "chmod 600"},
      {"readable by the group", [&] { Installation::WriteFile(key, good, 0640); }, "chmod 600"},
      {"too short", [&] { Installation::WriteFile(key, "abcd\n"); }, "64 hexadecimal digits"},
      {"empty", [&] { Installation::WriteFile(key, ""); }, "64 hexadecimal digits"},
  };
  for (const auto& bad : kCases) {
    SCOPED_TRACE(bad.what);
    bad.make();
    // Asked for a check, it says so as well.
    for (const std::vector<std::string>& flags :
         {std::vector<std::string>{}, std::vector<std::string>{"--check"}}) {
      const Refusal refusal = Run(flags);
      EXPECT_EQ(refusal.exit_code, kBadConfiguration);
      EXPECT_THAT(refusal.words, AllOf(HasSubstr(key), HasSubstr(bad.words)));
      EXPECT_THAT(refusal.words, Not(HasSubstr("abcd")));
    }
  }
  Installation::WriteFile(key, good);
  EXPECT_EQ(Run({"--check"}).exit_code, 0);
}

TEST_F(ServerProgram, RefusesABusyPortAndADirectoryInUse) {
  ServerProcess running;
  ASSERT_TRUE(Start(running).ok());
  Refusal refusal = Run();
  EXPECT_EQ(refusal.exit_code, kCannotServe);
  EXPECT_THAT(refusal.words, AllOf(HasSubstr(installation_.data_dir()),
                                   HasSubstr(absl::StrCat("process ", running.pid())),
                                   HasSubstr("stop that server, or choose another directory")));

  refusal = Run({"--data-dir", installation_.path("other"), "--listen", running.address()});
  EXPECT_EQ(refusal.exit_code, kCannotServe);
  EXPECT_THAT(refusal.words,
              AllOf(HasSubstr(running.address()), HasSubstr("another process uses this port"),
                    HasSubstr("--listen")));
  EXPECT_EQ(running.Terminate(), 0);
}

TEST_F(ServerProgram, RefusesAnotherMasterKeyThanTheStores) {
  ServerProcess server;
  ASSERT_TRUE(Start(server).ok());
  EXPECT_EQ(server.Terminate(), 0);
  std::ifstream file(installation_.key_file());
  const std::string own{std::istreambuf_iterator<char>(file), {}};
  Installation::WriteFile(installation_.key_file(), Installation::NewKey());
  const Refusal refusal = Run();
  EXPECT_EQ(refusal.exit_code, kCannotServe);
  EXPECT_THAT(refusal.words, HasSubstr("master key"));
  // The store is as it was.
  Installation::WriteFile(installation_.key_file(), own);
  EXPECT_TRUE(Start(server).ok()) << server.log();
}

TEST_F(ServerProgram, RefusesAStoreOfANewerFormat) {
  {
    auto store = Must(storage::OpenStore(installation_.data_dir()));
    storage::CommitRequest request;
    request.writes.push_back(
        {storage::keys::StoreFormat(), absl::StrCat(storage::kStoreFormat + 1)});
    ASSERT_TRUE(storage::CommitNow(*store.cases, std::move(request)).ok());
  }
  const Refusal refusal = Run();
  EXPECT_EQ(refusal.exit_code, kCannotServe);
  EXPECT_THAT(refusal.words, AllOf(HasSubstr(installation_.data_dir()), HasSubstr("has format 3"),
                                   HasSubstr("later")));
}

TEST_F(ServerProgram, MayNotLeaveACoreAndMakesItsDirectoryItsOwn) {
  ServerProcess server;
  ASSERT_TRUE(Start(server).ok()) << server.log();
  struct stat info{};
  ASSERT_EQ(stat(installation_.data_dir().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700u);
  std::ifstream limits(absl::StrCat("/proc/", server.pid(), "/limits"));
  const std::string text{std::istreambuf_iterator<char>(limits), {}};
  bool found = false;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    if (!absl::StartsWith(line, "Max core file size")) continue;
    found = true;
    const std::vector<std::string> columns = absl::StrSplit(line, ' ', absl::SkipEmpty());
    ASSERT_GE(columns.size(), 6u) << line;
    EXPECT_EQ(columns[4], "0");
    EXPECT_EQ(columns[5], "0");
  }
  EXPECT_TRUE(found) << text;
}

// --- health and the end ---

using Health = grpc::health::v1::HealthCheckResponse;

constexpr const char* kServices[] = {"", "omzien.v1.SignalService", "omzien.v1.ReferralService",
                                     "omzien.v1.CatalogService", "omzien.v1.FollowUpService"};

// Watches the health of one service, which goes on while the server stops.
class HealthWatch {
 public:
  HealthWatch(const std::shared_ptr<grpc::Channel>& channel, const std::string& service)
      : stub_(channel) {
    context_.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
    stream_ = stub_.PrepareCall(&context_, "/grpc.health.v1.Health/Watch", &queue_);
    stream_->StartCall(nullptr);
    Step();
    grpc::health::v1::HealthCheckRequest request;
    request.set_service(service);
    const grpc::Slice slice(request.SerializeAsString());
    stream_->WriteLast(grpc::ByteBuffer(&slice, 1), grpc::WriteOptions(), nullptr);
    Step();
  }
  ~HealthWatch() {
    context_.TryCancel();
    grpc::Status status;
    stream_->Finish(&status, nullptr);
    Step();
    queue_.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue_.Next(&tag, &ok)) {
    }
  }
  // The next that it says; UNKNOWN at its end.
  Health::ServingStatus Next() {
    grpc::ByteBuffer bytes;
    stream_->Read(&bytes, nullptr);
    if (!Step()) return Health::UNKNOWN;
    std::vector<grpc::Slice> slices;
    std::string text;
    if (!bytes.Dump(&slices).ok()) return Health::UNKNOWN;
    for (const grpc::Slice& slice : slices) {
      text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
    }
    Health response;
    return response.ParseFromString(text) ? response.status() : Health::UNKNOWN;
  }

 private:
  bool Step() {
    void* tag = nullptr;
    bool ok = false;
    return queue_.Next(&tag, &ok) && ok;
  }

  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream_;
};

TEST_F(StoryWorldTest, HealthIsServingPerServiceUntilItIsAskedToStop) {
  auto channel = grpc::CreateChannel(world_.server().address(), grpc::InsecureChannelCredentials());
  std::vector<std::unique_ptr<HealthWatch>> watches;
  for (const char* service : kServices) {
    watches.push_back(std::make_unique<HealthWatch>(channel, service));
    EXPECT_EQ(watches.back()->Next(), Health::SERVING) << service;
  }
  world_.server().AskToStop();
  for (size_t i = 0; i < watches.size(); ++i) {
    EXPECT_EQ(watches[i]->Next(), Health::NOT_SERVING) << kServices[i];
  }
  EXPECT_EQ(world_.server().Wait(), 0);
  EXPECT_THAT(world_.server().log(),
              AllOf(HasSubstr("\"event\":\"stopping\""), HasSubstr("\"event\":\"stopped\"")));
}

TEST_F(StoryWorldTest, StoppedInTheMiddleOfAStreamItLosesNothingAcknowledged) {
  constexpr int kSignals = 2000;
  constexpr size_t kStopAfter = 300;
  client::Options options = world_.OptionsFor("jumbo");
  options.retry.max_attempts = 1;
  options.retry.initial_backoff = absl::Milliseconds(1);
  const auto client = Must(client::Client::Create(options));
  std::map<int64_t, v1::SubmitSignalResponse> answers;
  client::StreamOptions stream_options;
  stream_options.max_attempts = 1;
  absl::Time asked = absl::InfiniteFuture();
  {
    client::SubmitStream stream(*client, stream_options, [&](int64_t sequence, const auto& answer) {
      if (!answer.ok()) return;
      answers[sequence] = *answer;
      if (answers.size() != kStopAfter) return;
      asked = absl::Now();
      world_.server().AskToStop();
    });
    const auto request = Submission(kDeventer, kBathmenWidow);
    for (int i = 0; i < kSignals && stream.Send(i, request).ok(); ++i) {
    }
    EXPECT_FALSE(stream.Finish().ok());
  }
  EXPECT_EQ(world_.server().Wait(), 0);
  EXPECT_LT(absl::Now() - asked, absl::Seconds(10));
  EXPECT_GE(answers.size(), kStopAfter);
  EXPECT_LT(answers.size(), size_t{kSignals});
  world_.Restart();
  for (const auto& [i, answer] : answers) {
    const auto seen = As("jumbo").GetSignal(Of<v1::GetSignalRequest>(answer.signal().name()));
    EXPECT_TRUE(seen.ok()) << i << ": " << seen.status();
  }
  // What it took before it closed was acknowledged: there is no more than that.
  EXPECT_THAT(AllSignals(As("coordinator"), kDeventer), SizeIs(answers.size()));
}

// A disk that takes no more: nothing is acknowledged that isn't there, and nobody waits for a
// server that can't write. What was in doubt is settled by asking again once it has room.
TEST_F(StoryWorldTest, AStoreThatFailsEndsItAndARetrySettlesTheDoubt) {
  HealthWatch health(
      grpc::CreateChannel(world_.server().address(), grpc::InsecureChannelCredentials()),
      "omzien.v1.SignalService");
  EXPECT_EQ(health.Next(), Health::SERVING);
  client::Options options = world_.OptionsFor("jumbo");
  options.retry.max_attempts = 1;
  const auto once = Must(client::Client::Create(options));
  auto before = Submission(kDeventer, kBathmenWidow);
  before.set_request_id(client::NewRequestId());
  const auto acknowledged = Must(once->SubmitSignal(before));

  const rlimit full{.rlim_cur = 1, .rlim_max = RLIM_INFINITY};
  ASSERT_EQ(prlimit(world_.server().pid(), RLIMIT_FSIZE, &full, nullptr), 0);
  auto doubtful = Submission(kDeventer, kBathmenWidow);
  doubtful.set_request_id(client::NewRequestId());
  const auto answer = once->SubmitSignal(doubtful);
  EXPECT_EQ(answer.status().code(), absl::StatusCode::kUnavailable) << answer.status();
  EXPECT_EQ(health.Next(), Health::NOT_SERVING);
  EXPECT_EQ(world_.server().Wait(), kCannotServe) << world_.server().log();
  EXPECT_THAT(world_.server().log(), HasSubstr("\"event\":\"store_failed\""));

  world_.Restart();
  EXPECT_EQ(Must(As("jumbo").SubmitSignal(before)).SerializeAsString(),
            acknowledged.SerializeAsString());
  const auto settled = Must(As("jumbo").SubmitSignal(doubtful));
  EXPECT_NE(settled.signal().name(), acknowledged.signal().name());
  EXPECT_THAT(AllSignals(As("coordinator"), kDeventer), SizeIs(2));
}

TEST_F(StoryWorldTest, AnUnknownTokenIsRefusedAndNoTokenIsThePublic) {
  client::Options options = world_.OptionsFor("");
  options.token = "not-a-token-of-anyone";
  const auto stranger = Must(client::Client::Create(options));
  auto point = Of<v1::GetSignalPointRequest>(kDeventer);
  point.mutable_place()->set_words("Bathmen");
  EXPECT_THAT(stranger->GetSignalPoint(point),
              FailsWith(absl::StatusCode::kUnauthenticated, "TOKEN_INVALID"));
  EXPECT_TRUE(As("").GetSignalPoint(point).ok());
  EXPECT_THAT(As("").ListSignals(Of<v1::ListSignalsRequest>(kDeventer)),
              FailsWith(absl::StatusCode::kPermissionDenied, "ROLE_NOT_ALLOWED"));
}

}  // namespace
}  // namespace omzien::e2e
