// omzien_bench_offers: whether a signal costs more the more offers a municipality has. Catalogues
// of 10, 10,000 and 1,000,000 offers with equally many candidates for the signal, each in a server
// and a store of its own, measured by turns; one line of CSV a measurement, and what the
// imports took on standard error. tests/bench/run --offers makes it a report.

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "client/cpp/client.h"
#include "client/cpp/submit_stream.h"
#include "tests/bench/calibrator.h"
#include "tests/bench/load.h"
#include "tests/bench/rounds.h"
#include "tests/bench/sample.h"
#include "tests/e2e/large_catalogue.h"
#include "tests/e2e/story_world.h"

namespace omzien::bench {
namespace {

using e2e::LargeCatalogue;

constexpr int64_t kPerCell = 10;
constexpr int64_t kSizes[] = {10, 10'000, 1'000'000};
constexpr int kInFlight[] = {1, 64};
constexpr char kSubmit[] = "/omzien.v1.SignalService/SubmitSignal";

struct Options {
  TurnsOptions turns;
  int preload = 5000;
  // The largest catalogue; less for a try.
  int64_t offers_most = 1'000'000;
};

double SecondsSince(Clock::time_point began) {
  return std::chrono::duration<double>(Clock::now() - began).count();
}

// Of the kernel's account of the process, in MiB: "VmRSS:", "VmHWM:" (the most it ever was).
int64_t MemoryMib(pid_t process, const std::string& what) {
  std::ifstream status(absl::StrCat("/proc/", process, "/status"));
  std::string word;
  int64_t kib = 0;
  while (status >> word) {
    if (word == what) status >> kib;
  }
  return kib / 1024;
}

void Say(const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); }

// A person in the first cell of the made catalogue: its offers are the candidates.
v1::SubmitSignalRequest InTheFirstCell() {
  v1::SubmitSignalRequest request = e2e::Submission(e2e::kVoorbeeldstad, R"pb(
    relation: SIGNALLER_RELATION_CUSTOMER
    reach { through_signaller: true }
    own_words: "Hij komt elke dag en zegt dat hij niemand meer spreekt."
    household: HOUSEHOLD_ALONE
    need: NEED_VISIT
  )pb");
  v1::Signal* const signal = request.mutable_signal();
  signal->mutable_place()->set_district(
      absl::StrCat(e2e::kVoorbeeldstad, "/districts/", LargeCatalogue::Wijk(0)));
  signal->add_target_groups(
      absl::StrCat(e2e::kVoorbeeldstad, "/targetGroups/", LargeCatalogue::Group(0)));
  return request;
}

// How far an import said it was.
class Progress {
 public:
  void Told(const v1::ImportCatalogPartsResponse& progress) {
    longest_s_ = std::max(longest_s_, SecondsSince(last_));
    last_ = Clock::now();
    ++times_;
    if (progress.all_entries() > 0 && writing_after_s_ == 0)
      writing_after_s_ = SecondsSince(began_);
  }
  std::string Text() const {
    return absl::StrFormat(
        "%.1f s, of which %.1f s until its first commit; told how far it is %d "
        "times, %.1f s apart at most",
        SecondsSince(began_), writing_after_s_, times_, longest_s_);
  }

 private:
  const Clock::time_point began_ = Clock::now();
  Clock::time_point last_ = began_;
  int times_ = 0;
  double longest_s_ = 0;
  double writing_after_s_ = 0;
};

void SubmitMany(e2e::StoryWorld& world, int signals) {
  client::SubmitStream stream(world.As("v-grocer"), {},
                              [](int64_t, const absl::StatusOr<v1::SubmitSignalResponse>& answer) {
                                if (!answer.ok())
                                  throw std::runtime_error(answer.status().ToString());
                              });
  for (int i = 0; i < signals; ++i) {
    const absl::Status sent = stream.Send(i, InTheFirstCell());
    if (!sent.ok()) throw std::runtime_error(sent.ToString());
  }
  const absl::Status finished = stream.Finish();
  if (!finished.ok()) throw std::runtime_error(finished.ToString());
}

void Import(e2e::StoryWorld& world, int64_t offers, const char* what) {
  const LargeCatalogue large{"Groot", offers, kPerCell};
  Progress progress;
  e2e::Must(client::ImportCatalogParts(
      world.As("v-steward"), large.Begin(), large.Parts(),
      [&](const v1::ImportCatalogPartsResponse& said) { progress.Told(said); }, absl::Minutes(30)));
  const pid_t server = world.server().pid();
  Say(absl::StrCat(offers, " offers, ", what, ": ", progress.Text(), "; the server's memory then ",
                   MemoryMib(server, "VmRSS:"), " MiB, at most ", MemoryMib(server, "VmHWM:")));
}

// Starts a server whose Voorbeeldstad has so many offers, and beside it Deventer as it is; opens it
// again, so that no import is in its caches; then submits.
void Fill(e2e::StoryWorld& world, int64_t offers, int signals) {
  world.server().set_patience(absl::Minutes(10));
  world.Start();
  world.server().ForgetLog();
  world.ImportCatalogues();
  Import(world, offers, "import");
  world.server().Terminate();
  const Clock::time_point began = Clock::now();
  world.Restart();
  world.server().ForgetLog();
  Say(absl::StrFormat("%d offers, opened again: served after %.2f s, with %d MiB", offers,
                      SecondsSince(began), MemoryMib(world.server().pid(), "VmRSS:")));
  SubmitMany(world, signals);
}

// To one of the servers, that with so many offers.
Subject CallsTo(e2e::StoryWorld& world, int64_t offers, const std::string& name, const char* caller,
                int in_flight, const v1::SubmitSignalRequest& request) {
  const auto submissions = std::make_shared<Submissions>(request);
  return UnaryCalls(
      absl::StrCat(name, ", ", offers, " offers"),
      Target{world.server().address(), world.server().pid(), world.installation().token(caller)},
      kSubmit, in_flight, [submissions] { return submissions->Next(); });
}

struct Filled {
  int64_t offers;
  std::unique_ptr<e2e::StoryWorld> world;
};

// What is compared, each a call to all servers.
std::vector<std::vector<Subject>> Sets(const std::vector<Filled>& servers) {
  std::vector<std::vector<Subject>> sets(3);
  for (const auto& [offers, world] : servers) {
    for (size_t i = 0; i < std::size(kInFlight); ++i) {
      sets[i].push_back(
          CallsTo(*world, offers, "SubmitSignal", "v-grocer", kInFlight[i], InTheFirstCell()));
    }
    // Of the other municipality in the same server.
    sets[2].push_back(CallsTo(*world, offers, "SubmitSignal of a neighbour", "jumbo", kInFlight[1],
                              e2e::Submission(e2e::kDeventer, e2e::kBathmenWidow)));
  }
  return sets;
}

int Main(int argc, char** argv) {
  Options options;
  CLI::App app("Measures what a signal costs among many offers; CSV to standard output.");
  options.turns.AddTo(&app);
  app.add_option("--preload", options.preload, "Signals in each store at the start")
      ->capture_default_str();
  app.add_option("--offers_most", options.offers_most, "Only catalogues up to so many offers")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  std::vector<Filled> filled;
  std::vector<pid_t> servers;
  for (const int64_t offers : kSizes) {
    if (offers > options.offers_most) continue;
    e2e::StoryWorld& world =
        *filled.emplace_back(offers, std::make_unique<e2e::StoryWorld>()).world;
    Fill(world, offers, options.preload);
    servers.push_back(world.server().pid());
  }
  RunTurns(options.turns, Sets(filled), Calibrator(servers));
  // The old ones are cleared after it, so this comes last.
  Import(*filled.back().world, options.offers_most, "import over as many");
  return 0;
}

}  // namespace
}  // namespace omzien::bench

int main(int argc, char** argv) {
  try {
    return omzien::bench::Main(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "omzien_bench_offers: %s\n", error.what());
    return 1;
  }
}
