// omzien_bench: measures the server against the disk, RocksDB and an empty gRPC call, in rounds,
// and prints one line of CSV a measurement. tests/bench/run makes it a report.

#include <CLI/CLI.hpp>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cpp/client.h"
#include "client/cpp/submit_stream.h"
#include "tests/bench/calibrator.h"
#include "tests/bench/disk_subjects.h"
#include "tests/bench/empty_server.h"
#include "tests/bench/load.h"
#include "tests/bench/rounds.h"
#include "tests/bench/sample.h"
#include "tests/e2e/story_world.h"

namespace omzien::bench {
namespace {

struct Options {
  RoundsOptions rounds;
  int preload = 20000;
  std::string only;
  int in_flight = 0;
};

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
  RunRounds(options.rounds, std::move(subjects),
            Calibrator({world.server().pid(), on_queue.pid(), on_callback.pid()}));
  return 0;
}

int Main(int argc, char** argv) {
  if (argc == 4 && std::string(argv[1]) == "--serve-empty") {
    ServeEmpty(argv[2], std::strtoull(argv[3], nullptr, 10));
  }
  Options options;
  CLI::App app("Measures omzien-server against what it stands on; CSV to standard output.");
  options.rounds.AddTo(&app);
  app.add_option("--preload", options.preload, "Signals in the store at the start")
      ->capture_default_str();
  app.add_option("--only", options.only, "Only subjects with these words in their name");
  app.add_option("--in_flight", options.in_flight, "Only subjects with so much at once");
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
