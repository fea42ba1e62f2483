#include "tests/crash/campaign.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <iostream>
#include <set>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/crash/follow_up.h"
#include "tests/deploy/load_catalogue.h"
#include "tests/e2e/large_catalogue.h"
#include "tests/e2e/recount.h"

namespace omzien::crash {
namespace {

constexpr int kUnaryWorkers = 6;
constexpr int kRetryThreads = 4;
// More than two commits of an import.
constexpr int64_t kOffersInParts = 600;
// After each kill so many are asked for again: the newest, and some of all.
constexpr size_t kNewestRetried = 15;
constexpr size_t kRetried = 25;
constexpr size_t kOpened = 8;
// To a server that serves, the client may try again.
constexpr int kPatient = 5;

std::string Organisation(const std::string& name) { return name.substr(name.rfind('/') + 1); }

// Whoever has no account finds it by its code.
void ExpectStatusByCode(const Call& call, const v1::SubmitSignalResponse& answer,
                        Clients& clients) {
  if (answer.code().empty()) return;
  auto ask = e2e::Of<v1::GetSignalStatusRequest>(e2e::kDeventer);
  ask.set_code(answer.code());
  const auto status = clients.As(kAnyone).GetSignalStatus(ask);
  if (!status.ok()) {
    ADD_FAILURE() << call.Where() << " isn't found by its code: " << status.status();
  } else if (status->reference() != answer.signal().reference()) {
    ADD_FAILURE() << call.Where() << " by its code is another";
  }
}

}  // namespace

Campaign::Campaign(const CampaignOptions& options) : options_(options), ledger_(options.cycles) {
  shared_.seed = options.seed;
  shared_.ledger = &ledger_;
  // With an offer that fills up, so that there are some who wait for a place.
  shared_.deventer =
      absl::StrReplaceAll(e2e::CatalogueText("deventer"),
                          {{"- id: buurtgeluk\n", "- id: buurtgeluk\n  capacity: 3\n"}});
  shared_.voorbeeldstad = e2e::CatalogueText("voorbeeldstad");
  shared_.in_parts = e2e::LargeCatalogue{"In delen", kOffersInParts}.Whole();
  for (int number = 1; number <= kUnaryWorkers; ++number) {
    workers_.push_back(std::make_unique<UnaryWorker>(number, shared_));
  }
  workers_.push_back(std::make_unique<StreamWorker>(kUnaryWorkers + 1, shared_));
  AddOrganisations();
  world_.Start();
  std::cout << "  " << ledger_.Where(store().directory) << std::endl;
  ImportFirst();
}

// The first catalogues: calls like any other, so that the ledger has all that was answered.
void Campaign::ImportFirst() {
  const auto moment = [](int step) { return Moment{-1, 0, step}; };
  const auto of = [&](const char* parent, int step) {
    auto request = e2e::Of<v1::ImportCatalogRequest>(parent);
    request.set_request_id(RequestIdOf(options_.seed, moment(step)));
    return request;
  };
  auto deventer = of(e2e::kDeventer, 0);
  deventer.set_yaml(shared_.deventer);
  auto voorbeeldstad = of(e2e::kVoorbeeldstad, 1);
  voorbeeldstad.set_yaml(shared_.voorbeeldstad);
  auto in_parts = of(e2e::kVoorbeeldstad, 2);
  *in_parts.mutable_catalog() = shared_.in_parts;
  for (const Call& call :
       {MakeCall(moment(0), "steward", deventer), MakeCall(moment(1), "v-steward", voorbeeldstad),
        MakePartsCall(moment(2), "v-steward", in_parts)}) {
    ledger_.Add(call, e2e::Must(Send(world_.As(call.caller), call)));
  }
}

// Whoever the matching may choose must be able to answer.
void Campaign::AddOrganisations() {
  const v1::Catalog catalog = deploy::LoadCatalogue("deventer");
  std::set<std::string> teams;
  for (const v1::Team& team : catalog.teams()) teams.insert(team.organisation());
  for (const v1::Organisation& organisation : catalog.organisations()) {
    std::vector<std::string> grants = {absl::StrCat("GM0150 receiver ", organisation.id())};
    if (teams.contains(organisation.id())) {
      grants.push_back(absl::StrCat("GM0150 first_contact ", organisation.id()));
    }
    world_.installation().AddCaller(CallerOf(organisation.id()), grants);
  }
  world_.installation().WriteConfig();
}

Clients& Campaign::AfterStart() {
  clients_ = std::make_unique<Clients>(world_, kPatient);
  return *clients_;
}

int Campaign::in_doubt() const {
  int sum = 0;
  for (const auto& worker : workers_) sum += worker->in_doubt();
  return sum;
}

CheckedStore Campaign::store() {
  const e2e::Installation& installation = world_.installation();
  return {installation.data_dir(), ledger_.path(), installation.key_file()};
}

void Campaign::RunCycle(int cycle) {
  std::seed_seq parts{static_cast<uint32_t>(options_.seed),
                      static_cast<uint32_t>(options_.seed >> 32), static_cast<uint32_t>(cycle)};
  e2e::Random random(parts);
  const KillPlan plan = DrawKill(random);
  SCOPED_TRACE(absl::StrCat("seed ", options_.seed, " cycle ", cycle, ": ", plan.Text()));
  const size_t first = ledger_.size();
  Load(cycle, plan);
  if ((cycle + 1) % options_.check_every == 0) CheckWhatIsLeft(cycle);
  Restart(plan);
  Clients& clients = AfterStart();
  for (const auto& worker : workers_) worker->Settle(clients);
  RetrySome(first, random, clients);
  LookAtNew(first, clients);
  ++cycles_run_;
}

void Campaign::Load(int cycle, const KillPlan& plan) {
  Clients clients(world_, 1);
  Kill kill(world_.server().pid(), plan);
  std::vector<std::thread> threads;
  for (const auto& worker : workers_) {
    threads.emplace_back([&, raw = worker.get()] {
      try {
        raw->Run(cycle, clients, kill);
      } catch (const std::exception& error) {
        ADD_FAILURE() << "seed " << options_.seed << ", cycle " << cycle << ": " << error.what();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  kill.Now();
  const int ended = world_.server().Wait();
  // Stopped before the signal came is as good; anything else is an end of its own making.
  EXPECT_TRUE(ended == 128 + SIGKILL || (plan.while_stopping && ended == 0)) << ended;
}

// A copy, so that nothing the checker's tools do to it can help or harm the server.
void Campaign::CheckWhatIsLeft(int cycle) {
  CheckedStore copy = store();
  copy.directory = world_.installation().path("copy");
  std::filesystem::copy(world_.installation().data_dir(), copy.directory,
                        std::filesystem::copy_options::recursive);
  ExpectAgreed(Check(copy, in_doubt(), /*flushed=*/false), absl::StrCat("after cycle ", cycle));
  std::filesystem::remove_all(copy.directory);
}

void Campaign::ExpectAgreed(const Output& output, const std::string& when) const {
  if (output.exit_code == 0) {
    std::cout << "  " << when << ", " << output.printed.substr(0, output.printed.find('\n'))
              << std::endl;
    return;
  }
  ADD_FAILURE() << "seed " << options_.seed << ", the checker " << when << ":\n" << output.printed;
}

void Campaign::Restart(const KillPlan& plan) {
  if (plan.again_while_starting) {
    world_.server().Launch({"--config", world_.installation().config_file()});
    Spin(plan.into_start);
    world_.server().Kill9();
  }
  world_.Restart();
}

void Campaign::Retry(size_t index, Clients& clients) const {
  const Ledger::Entry entry = ledger_.At(index);
  const absl::StatusOr<std::string> again = Send(clients.As(entry.call.caller), entry.call);
  if (!again.ok()) {
    ADD_FAILURE() << "seed " << options_.seed << ", acknowledged, " << entry.call.Where()
                  << " asked for again: " << again.status();
  } else if (*again != entry.answer) {
    ADD_FAILURE() << "seed " << options_.seed << ", acknowledged, " << entry.call.Where()
                  << " has another answer now";
  }
}

void Campaign::RetrySome(size_t first, e2e::Random& random, Clients& clients) const {
  const size_t size = ledger_.size();
  const size_t newest = std::max(first, size - std::min(size, kNewestRetried));
  for (size_t index = newest; index < size; ++index) Retry(index, clients);
  for (size_t n = 0; n < kRetried; ++n) Retry(random() % size, clients);
}

// Each signal of the cycle is there; some are opened by whoever calls first, and hold what was
// submitted.
void Campaign::LookAtNew(size_t first, Clients& clients) const {
  size_t opened = 0;
  for (size_t index = first; index < ledger_.size(); ++index) {
    const Ledger::Entry entry = ledger_.At(index);
    if (entry.call.method != "SubmitSignal") continue;
    v1::SubmitSignalResponse answer;
    v1::SubmitSignalRequest request;
    ASSERT_TRUE(answer.ParseFromString(entry.answer));
    ASSERT_TRUE(request.ParseFromString(entry.call.request));
    const auto seen =
        clients.As("coordinator").GetSignal(e2e::Of<v1::GetSignalRequest>(answer.signal().name()));
    if (!seen.ok()) {
      ADD_FAILURE() << entry.call.Where() << " isn't there: " << seen.status();
      continue;
    }
    ExpectStatusByCode(entry.call, answer, clients);
    if (entry.call.moment.worker <= kUnaryWorkers || opened == kOpened) continue;
    // The stream's: nobody has followed up on them.
    ++opened;
    ASSERT_EQ(seen->referrals_size(), 1) << entry.call.Where();
    client::Client& owner =
        clients.As(CallerOf(Organisation(seen->first_contact().organisation())));
    const auto referral = owner.GetReferral(e2e::Full<v1::GetReferralRequest>(seen->referrals(0)));
    ASSERT_TRUE(referral.ok()) << entry.call.Where() << ": " << referral.status();
    EXPECT_TRUE(referral->person().own_words() == request.signal().own_words())
        << entry.call.Where() << " isn't whole";
  }
}

void Campaign::RetryAll() const {
  std::atomic<size_t> next = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kRetryThreads; ++t) {
    threads.emplace_back([&] {
      Clients clients(world_, kPatient);
      for (size_t index = next++; index < ledger_.size(); index = next++) Retry(index, clients);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

void Campaign::Finish() {
  SCOPED_TRACE(absl::StrCat("seed ", options_.seed, ", at the end"));
  const size_t before = ledger_.size();
  RetryAll();
  EXPECT_EQ(ledger_.size(), before);
  client::Client& coordinator = clients_->As("coordinator");
  EXPECT_EQ(e2e::SummaryOf(coordinator, e2e::kDeventer).DebugString(),
            e2e::Recount(coordinator, e2e::kDeventer).DebugString());
  EXPECT_EQ(world_.server().Terminate(), 0);
  ExpectAgreed(Check(store(), /*in_doubt=*/0, /*flushed=*/true), "at the end");
}

void Campaign::ExpectEveryMethodAndWorker() const {
  std::map<std::string, size_t> acknowledged = ledger_.by_method();
  for (const std::string& method : Methods()) {
    EXPECT_GT(acknowledged[method], size_t{0}) << method << " was never acknowledged";
  }
  // A worker that is never answered, alone or over the stream, would leave the others' kills to
  // hide it.
  for (const auto& worker : workers_) {
    EXPECT_GT(worker->tally().answered, 0) << worker->name() << " was never acknowledged";
  }
}

std::string Campaign::Keep() {
  world_.server().Kill9();
  const std::filesystem::path kept =
      std::filesystem::temp_directory_path() / absl::StrCat("omzien_crash_", options_.seed);
  std::filesystem::remove_all(kept);
  std::filesystem::create_directories(kept);
  const CheckedStore left = store();
  std::filesystem::copy(left.directory, kept / "store", std::filesystem::copy_options::recursive);
  std::filesystem::copy(left.ledger, kept / "ledger");
  std::filesystem::copy(left.key_file, kept / "master.key");
  return kept.string();
}

std::string Campaign::Summary() const {
  Tally tally;
  for (const auto& worker : workers_) tally += worker->tally();
  std::string text = absl::StrCat(cycles_run_, " cycles, ", ledger_.size(), " acknowledged (");
  for (const auto& [method, count] : ledger_.by_method()) {
    absl::StrAppend(&text, text.back() == '(' ? "" : ", ", count, " ", method);
  }
  absl::StrAppend(&text, "), of them ", workers_.back()->tally().answered, " over the stream, ",
                  tally.refused, " refused by the rules, ", tally.in_doubt, " in doubt, of which ",
                  tally.refused_when_settled, " refused when asked again");
  return text;
}

}  // namespace omzien::crash
