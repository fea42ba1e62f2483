// The rows that are read when a store is opened, or looked up by key, with any bytes in one of
// them: each is read, or refused with a status.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "omzien/storage/v1/records.pb.h"
#include "server/commit/case_keys.h"
#include "server/commit/catalogues.h"
#include "server/commit/mutation.h"
#include "server/crypto/master_key.h"
#include "server/figures/figures.h"
#include "storage/blocking.h"
#include "storage/keys.h"
#include "storage/memory/memory_engine.h"
#include "tests/fuzz/fuzz.h"
#include "tests/server/commit/queue_commands.h"

namespace omzien::fuzz {
namespace {

namespace keys = storage::keys;
using commit::testing::kGM;
using commit::testing::World;

constexpr int64_t kGeneration = 1;
constexpr int64_t kDay = 20'000;
constexpr uint64_t kKeyId = 1;

World& RowsWorld() {
  static World* const world = new World();
  return *world;
}

void Commit(storage::Engine& engine, storage::CommitRequest request) {
  Require(storage::CommitNow(engine, std::move(request)).ok(), "the memory engine takes it");
}

// Read, or refused in words.
void RequireTold(const absl::Status& status) {
  Require(status.ok() || !status.message().empty(), "a refusal says what it is about");
}

std::string HeadOf(int64_t generation) {
  storage::v1::CatalogHead head;
  head.set_generation(generation);
  return head.SerializeAsString();
}

void LoadCatalogues(storage::Engine& engine) {
  commit::Catalogues catalogues;
  RequireTold(catalogues.Load(engine));
}

void ReadFigures(storage::Engine& engine) {
  auto figures = figures::Figures::Open(&engine);
  RequireTold(figures.status());
  if (figures.ok()) RequireTold((*figures)->Read(kGM, std::nullopt, std::nullopt).status());
}

void OpenCaseKeys(storage::Engine& engine) {
  static const auto* const master = new crypto::MasterKey(crypto::MasterKey::Random());
  auto case_keys = commit::CaseKeys::Open(&engine, *master, /*used_through=*/0);
  RequireTold(case_keys.status());
  if (case_keys.ok()) RequireTold((*case_keys)->Find({kKeyId}).status());
}

void StartQueue(storage::Engine& engine) {
  auto queue = commit::CommitQueue::Start(&engine, &RowsWorld().case_keys(),
                                          &RowsWorld().catalogues(), RowsWorld().clock(), {});
  RequireTold(queue.status());
}

// A retry that finds it.
void FindAnswer(const std::string& row) {
  World& world = RowsWorld();
  v1::WithdrawSignalRequest request;
  request.set_request_id("00000000-0000-4000-8000-000000000001");
  commit::Ask ask = world.AskFor(commit::testing::Shop(), "Withdraw", request);
  const commit::Rows rows = {{ask.answer_key, row}};
  commit::Mutation mutation(
      std::move(ask), {}, nullptr,
      [](commit::Reading&) -> absl::StatusOr<commit::Decision> {
        Require(false, "a stored answer stands in the way of doing it again");
        return commit::Decision();
      },
      /*exclusive=*/false);
  const commit::Reading::FetchedKeys fetched_keys;
  std::optional<commit::CaseKey> new_key;
  commit::Reading reading({.fetched = &rows}, &fetched_keys, &world.case_keys(),
                          &world.catalogues(), world.now(), &new_key);
  RequireTold(mutation.Decide(reading).status());
}

void FindFeed(std::string row) {
  if (row.empty()) return;  // the engine keeps no empty change
  const auto engine = storage::NewMemoryEngine();
  storage::CommitRequest request;
  request.writes.push_back({"any row", ""});
  request.change = std::move(row);
  Commit(*engine, std::move(request));
  ReadFigures(*engine);
}

struct Kind {
  std::vector<storage::Write> (*rows)(std::string row);
  void (*read)(storage::Engine& engine);
};

using Writes = std::vector<storage::Write>;

constexpr Kind kKinds[] = {
    {[](std::string row) { return Writes{{keys::CatalogHead(kGM), std::move(row)}}; },
     LoadCatalogues},
    {[](std::string row) {
       return Writes{{keys::CatalogHead(kGM), HeadOf(kGeneration)},
                     {keys::CatalogEntry(kGM, kGeneration, 0), std::move(row)}};
     },
     LoadCatalogues},
    {[](std::string row) {
       return Writes{{keys::FigureCell(kGM, kDay, "WK990101"), std::move(row)}};
     },
     ReadFigures},
    {[](std::string row) { return Writes{{keys::FigurePosition(), std::move(row)}}; }, ReadFigures},
    {[](std::string row) { return Writes{{keys::OfferLoad(kGM, "bezoek"), std::move(row)}}; },
     StartQueue},
    {[](std::string row) { return Writes{{keys::WrappedCaseKey(kKeyId), std::move(row)}}; },
     OpenCaseKeys},
    {[](std::string row) { return Writes{{keys::WrappedHashKey(1), std::move(row)}}; },
     OpenCaseKeys},
};
constexpr size_t kKindsInAll = std::size(kKinds) + 2;  // and the answer, and the feed

}  // namespace

void FuzzStoredRow(std::string_view input) {
  if (input.empty()) return;
  const size_t kind = static_cast<unsigned char>(input[0]) % kKindsInAll;
  std::string row(input.substr(1));
  if (kind == std::size(kKinds)) return FindAnswer(row);
  if (kind > std::size(kKinds)) return FindFeed(std::move(row));
  const auto engine = storage::NewMemoryEngine();
  storage::CommitRequest request;
  request.writes = kKinds[kind].rows(std::move(row));
  Commit(*engine, std::move(request));
  kKinds[kind].read(*engine);
}

std::vector<std::string> StoredRowSeeds() {
  storage::v1::FigureCell cell;
  (*cell.mutable_counters())["received"] = 3;
  storage::v1::FigurePosition position;
  position.set_revision(7);
  storage::v1::OfferLoad load;
  load.set_live_referrals(2);
  load.add_groups()->set_target_group("ouderen");
  load.mutable_groups(0)->set_live_referrals(1);
  storage::v1::Envelope envelope;
  envelope.set_key_id(kKeyId);
  envelope.set_nonce(std::string(24, 'n'));
  envelope.set_ciphertext(std::string(48, 'c'));
  storage::v1::StoredAnswer answer;
  answer.set_fingerprint("fingerprint");
  answer.set_answer("answer");
  storage::v1::Change change;
  auto* delta = change.add_cases()->add_figures();
  delta->set_counter("received");
  delta->set_delta(1);
  const v1::Catalog catalog = commit::testing::OffersCatalog();
  const std::string rows[] = {
      HeadOf(kGeneration),          commit::EntriesOf(catalog).back().SerializeAsString(),
      cell.SerializeAsString(),     position.SerializeAsString(),
      load.SerializeAsString(),     envelope.SerializeAsString(),
      envelope.SerializeAsString(), answer.SerializeAsString(),
      change.SerializeAsString()};
  static_assert(std::size(rows) == kKindsInAll);
  std::vector<std::string> seeds;
  for (size_t kind = 0; kind < kKindsInAll; ++kind) {
    seeds.push_back(std::string(1, static_cast<char>(kind)) + rows[kind]);
  }
  return seeds;
}

}  // namespace omzien::fuzz
