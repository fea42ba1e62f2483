#include "server/jobs/catalog_clearing.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "omzien/storage/v1/records.pb.h"
#include "server/commit/mutation.h"
#include "storage/blocking.h"
#include "storage/keys.h"

namespace omzien::jobs {
namespace {

namespace keys = storage::keys;

// Few enough that a step is a small part of what the writer does meanwhile.
constexpr size_t kEntriesPerStep = 500;
// Municipalities with something to clear that one sweep looks at.
constexpr size_t kMunicipalitiesPerSweep = 1000;

bool IsSame(const storage::v1::CatalogStage& a, const storage::v1::CatalogStage& b) {
  return a.generation() == b.generation() && a.import_token() == b.import_token();
}

// Looked at again where it is decided: what is no longer listed has come into force meanwhile.
absl::StatusOr<commit::Decision> DecideClearing(const std::string& list_key,
                                                const storage::v1::CatalogStage& stage,
                                                const std::vector<std::string>& rows,
                                                commit::Reading& reading) {
  storage::v1::CatalogStages listed;
  const std::string* list = reading.Get(list_key);
  if (list != nullptr && !listed.ParseFromString(*list)) {
    return absl::DataLossError("a catalogue's stages can't be read");
  }
  storage::v1::CatalogStages others;
  for (const auto& other : listed.stages()) {
    if (!IsSame(other, stage)) *others.add_stages() = other;
  }
  commit::Decision decision;
  if (others.stages_size() == listed.stages_size()) return decision;
  for (const std::string& row : rows) decision.writes.push_back({row, std::nullopt});
  if (!rows.empty()) return decision;
  decision.writes.push_back({list_key, others.stages().empty()
                                           ? std::nullopt
                                           : std::optional(others.SerializeAsString())});
  return decision;
}

}  // namespace

absl::StatusOr<size_t> CatalogClearing::Sweep() {
  const std::string prefix = keys::CatalogStagesPrefix();
  auto rows = storage::ScanNow(*engine_->GetSnapshot(),
                               {prefix, keys::PrefixEnd(prefix), kMunicipalitiesPerSweep});
  if (!rows.ok()) return rows.status();
  size_t cleared = 0;
  for (const storage::Entry& row : *rows) {
    std::string municipality;
    storage::v1::CatalogStages stages;
    if (!keys::ParseCatalogStages(row.key, &municipality) ||
        !stages.ParseFromString(row.versioned.value)) {
      return absl::DataLossError("a catalogue's stages can't be read");
    }
    for (const auto& stage : stages.stages()) {
      if (imports_.IsUnderWay(stage.import_token())) continue;
      auto done = Clear(municipality, stage, &cleared);
      if (!done.ok()) return done.status();
      if (!*done) return cleared;
      absl::Status status = Write(municipality, stage, {});
      if (!status.ok()) return status;
    }
  }
  return cleared;
}

absl::StatusOr<bool> CatalogClearing::Clear(const std::string& municipality,
                                            const storage::v1::CatalogStage& stage,
                                            size_t* cleared) {
  const std::string prefix = keys::CatalogEntryPrefix(municipality, stage.generation());
  const size_t most = std::min(kEntriesPerStep, engine_->limits().max_operations / 2);
  storage::Range range{prefix, keys::PrefixEnd(prefix), most};
  while (!periodic_.IsStopping()) {
    auto entries = storage::ScanNow(*engine_->GetSnapshot(), range);
    if (!entries.ok()) return entries.status();
    if (entries->empty()) return true;
    std::vector<std::string> rows;
    for (storage::Entry& entry : *entries) rows.push_back(std::move(entry.key));
    // Beyond what goes: what was deleted just now is still in the way of a scan.
    range.begin = rows.back() + '\0';
    *cleared += rows.size();
    absl::Status status = Write(municipality, stage, std::move(rows));
    if (!status.ok()) return status;
    if (entries->size() < range.limit) return true;
  }
  return false;
}

absl::Status CatalogClearing::Write(const std::string& municipality,
                                    const storage::v1::CatalogStage& stage,
                                    std::vector<std::string> rows) {
  const std::string list_key = keys::CatalogStages(municipality);
  auto change = [list_key, stage, rows = std::move(rows)](commit::Reading& reading) {
    return DecideClearing(list_key, stage, rows, reading);
  };
  return queue_
      ->Run(std::make_unique<commit::Plain>(std::vector<std::string>{list_key}, std::move(change)),
            clock_() + kStepPatience)
      .status();
}

void CatalogClearing::Start(absl::Duration interval, OnFailure on_failure) {
  periodic_.Start(interval, [this] { return Sweep().status(); }, std::move(on_failure));
}

}  // namespace omzien::jobs
