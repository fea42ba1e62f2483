// omzien_bench: measures the server against the disk, RocksDB and an empty gRPC call, in rounds,
// and prints one line of CSV a measurement. tests/bench/run makes it a report.

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cpp/client.h"
#include "client/cpp/submit_stream.h"
#include "tests/bench/calibrator.h"
#include "tests/bench/disk_subjects.h"
#include "tests/bench/empty_server.h"
#include "tests/bench/load.h"
#include "tests/bench/sample.h"
#include "tests/e2e/story_world.h"

namespace omzien::bench {
namespace {

struct Options {
  int rounds = 9;
  int measured_ms = 1000;
  int warm_up_ms = 250;
  int preload = 20000;
  uint64_t seed = 1;
  std::string only;
  int in_flight = 0;
  int most_s = 480;
};

// A measurement that was disturbed is made again, so many times at most.
constexpr int kTries = 3;
constexpr int kInFlight[] = {1, 16, 64, 256};
constexpr int kGroup = 64;
constexpr int kPlainRows = 7;
constexpr int kReads = 16;
constexpr int kPageSize = 50;
constexpr int kStream = 256;

v1::SubmitSignalRequest TheSubmission() {
  return e2e::Submission(e2e::kDeventer, e2e::kBathmenWidow);
}

// A fresh store with Deventer's catalogue and so many signals.
void Fill(e2e::StoryWorld& world, int signals) {
  world.Start();
  world.server().ForgetLog();
  world.ImportCatalogues();
  client::SubmitStream stream(world.As("jumbo"), {},
                              [](int64_t, const absl::StatusOr<v1::SubmitSignalResponse>& answer) {
                                if (!answer.ok())
                                  throw std::runtime_error(answer.status().ToString());
                              });
  for (int i = 0; i < signals; ++i) {
    const absl::Status sent = stream.Send(i, TheSubmission());
    if (!sent.ok()) throw std::runtime_error(sent.ToString());
  }
  const absl::Status finished = stream.Finish();
  if (!finished.ok()) throw std::runtime_error(finished.ToString());
}

MakeRequest Same(const google::protobuf::Message& request) {
  const std::string bytes = request.SerializeAsString();
  return [bytes] {
    const grpc::Slice slice(bytes);
    return grpc::ByteBuffer(&slice, 1);
  };
}

void AddCalls(e2e::StoryWorld& world, const EmptyServer& on_queue, const EmptyServer& on_callback,
              std::vector<Subject>* subjects) {
  const auto target_for = [&world](const std::string& caller) {
    return Target{world.server().address(), world.server().pid(),
                  world.installation().token(caller)};
  };
  const Target jumbo = target_for("jumbo");
  const auto submissions = std::make_shared<Submissions>(TheSubmission());
  const auto next = [submissions] { return submissions->Next(); };
  for (const int in_flight : kInFlight) {
    subjects->push_back(UnaryCalls("empty call, completion queue",
                                   {on_queue.address(), on_queue.pid(), jumbo.token}, kEmptyPath,
                                   in_flight, next));
    subjects->push_back(UnaryCalls("empty call, callback API",
                                   {on_callback.address(), on_callback.pid(), jumbo.token},
                                   kEmptyPath, in_flight, next));
    subjects->push_back(UnaryCalls("SubmitSignal", jumbo, "/omzien.v1.SignalService/SubmitSignal",
                                   in_flight, next));
  }
  subjects->push_back(SubmissionStream("SubmitSignals", jumbo, kStream, submissions));
  v1::ListReferralsRequest list;
  list.set_parent(e2e::kDeventer);
  list.set_page_size(kPageSize);
  subjects->push_back(UnaryCalls(absl::StrCat("ListReferrals, ", kPageSize, " of them"),
                                 target_for("team"), "/omzien.v1.ReferralService/ListReferrals",
                                 kReads, Same(list)));
  v1::GetFollowUpSummaryRequest summary;
  summary.set_parent(e2e::kDeventer);
  subjects->push_back(UnaryCalls("GetFollowUpSummary", target_for("dashboard"),
                                 "/omzien.v1.FollowUpService/GetFollowUpSummary", kReads,
                                 Same(summary)));
}

void PrintHeader() {
  std::puts(
      "round,subject,in_flight,operations,seconds,errors,client_cpu_s,server_cpu_s,p50_us,p99_us,"
      "calm,elsewhere,kept");
}

void Print(int round, const Subject& subject, const Calibrator::Judged& judged, bool kept) {
  const Sample& sample = judged.sample;
  std::printf(
      "%d,\"%s\",%d,%llu,%.4f,%llu,%.4f,%.4f,%.1f,%.1f,%.3f,%.3f,%d\n", round, subject.name.c_str(),
      subject.in_flight, static_cast<unsigned long long>(sample.operations), sample.seconds,
      static_cast<unsigned long long>(sample.errors), sample.client_cpu_s, sample.server_cpu_s,
      sample.p50_us, sample.p99_us, judged.calm, judged.elsewhere, kept ? 1 : 0);
  std::fflush(stdout);
}

// Each round measures every subject once, in an order of its own, so that what drifts drifts for
// all.
void RunRounds(const Options& options, std::vector<Subject> subjects, Calibrator calibrator) {
  const Window window{std::chrono::milliseconds(options.warm_up_ms),
                      std::chrono::milliseconds(options.measured_ms)};
  std::mt19937_64 random(options.seed);
  PrintHeader();
  const Clock::time_point began = Clock::now();
  for (int round = 1; round <= options.rounds; ++round) {
    std::shuffle(subjects.begin(), subjects.end(), random);
    for (const Subject& subject : subjects) {
      if (Clock::now() - began >= std::chrono::seconds(options.most_s)) return;
      for (int i = 0; i < kTries; ++i) {
        const auto judged = calibrator.Judge([&] { return subject.measure(window); });
        Print(round, subject, judged, judged.undisturbed());
        if (judged.undisturbed()) break;
      }
    }
  }
}

int Run(const Options& options) {
  // The rows of one signal, from a store of its own.
  SignalRows rows;
  {
    e2e::StoryWorld one;
    Fill(one, 1);
    one.server().Terminate();
    rows = RowsOfLastSignal(one.installation().data_dir());
  }
  size_t bytes = rows.change.size();
  for (const storage::Write& write : rows.writes) {
    bytes += write.key.size() + write.value.value_or("").size();
  }
  e2e::StoryWorld world;
  Fill(world, options.preload);
  const auto answer = e2e::Must(world.As("jumbo").SubmitSignal(TheSubmission()));
  std::fprintf(stderr,
               "a signal: a request of %zu bytes, an answer of %zu, %zu rows and a change of %zu "
               "bytes together; %d signals in the store before the first round\n",
               TheSubmission().ByteSizeLong(), answer.ByteSizeLong(), rows.writes.size(), bytes,
               options.preload);
  const EmptyServer on_queue(kCompletionQueue, answer.ByteSizeLong());
  const EmptyServer on_callback(kCallback, answer.ByteSizeLong());

  std::vector<Subject> subjects;
  const auto directory = [&world](const char* name) { return world.installation().path(name); };
  subjects.push_back(Fdatasync(world.installation().path(".")));
  subjects.push_back(GroupCommitOfSignals(directory("signals"), kGroup, rows));
  subjects.push_back(GroupCommitOfPlainRows(directory("plain"), kGroup, kPlainRows));
  subjects.push_back(LargeCommitOfPlainRows(directory("large"), kGroup, kPlainRows));
  AddCalls(world, on_queue, on_callback, &subjects);
  if (!options.only.empty() || options.in_flight > 0) {
    std::erase_if(subjects, [&options](const Subject& subject) {
      return subject.name.find(options.only) == std::string::npos ||
             (options.in_flight > 0 && subject.in_flight != options.in_flight);
    });
  }
  RunRounds(options, std::move(subjects),
            Calibrator({world.server().pid(), on_queue.pid(), on_callback.pid()}));
  return 0;
}

int Main(int argc, char** argv) {
  if (argc == 4 && std::string(argv[1]) == "--serve-empty") {
    ServeEmpty(argv[2], std::strtoull(argv[3], nullptr, 10));
  }
  Options options;
  CLI::App app("Measures omzien-server against what it stands on; CSV to standard output.");
  app.add_option("--rounds", options.rounds, "Rounds, each subject once in each")
      ->capture_default_str();
  app.add_option("--measured_ms", options.measured_ms, "Of one measurement")->capture_default_str();
  app.add_option("--warm_up_ms", options.warm_up_ms, "Before it")->capture_default_str();
  app.add_option("--preload", options.preload, "Signals in the store at the start")
      ->capture_default_str();
  app.add_option("--seed", options.seed, "Of the rounds' orders")->capture_default_str();
  app.add_option("--only", options.only, "Only subjects with these words in their name");
  app.add_option("--in_flight", options.in_flight, "Only subjects with so much at once");
  app.add_option("--most_s", options.most_s, "No measurement begins after so many seconds")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return Run(options);
}

}  // namespace
}  // namespace omzien::bench

int main(int argc, char** argv) {
  try {
    return omzien::bench::Main(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "omzien_bench: %s\n", error.what());
    return 1;
  }
}
