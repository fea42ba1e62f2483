#include "server/commit/catalogues.h"

#include <utility>

#include "omzien/storage/v1/records.pb.h"
#include "storage/blocking.h"
#include "storage/keys.h"

namespace omzien::commit {
namespace {

constexpr size_t kEntriesPerScan = 1000;

// Calls `visit` with each row of the range; stops at the first error.
template <class Visit>
absl::Status ForEach(const storage::Snapshot& snapshot, const std::string& prefix, Visit visit) {
  storage::Range range{prefix, storage::keys::PrefixEnd(prefix), kEntriesPerScan};
  for (;;) {
    auto entries = storage::ScanNow(snapshot, range);
    if (!entries.ok()) return entries.status();
    for (const storage::Entry& entry : *entries) {
      if (absl::Status status = visit(entry); !status.ok()) return status;
    }
    if (entries->size() < range.limit) return absl::OkStatus();
    range.begin = entries->back().key + '\0';
  }
}

absl::StatusOr<std::shared_ptr<const domain::Catalogue>> ReadCatalogue(
    const storage::Snapshot& snapshot, const std::string& municipality, int64_t generation) {
  v1::Catalog catalog;
  absl::Status status =
      ForEach(snapshot, storage::keys::CatalogEntryPrefix(municipality, generation),
              [&catalog](const storage::Entry& row) {
                storage::v1::CatalogEntry entry;
                if (!entry.ParseFromString(row.versioned.value)) {
                  return absl::DataLossError("a catalogue entry can't be read");
                }
                AddEntry(entry, &catalog);
                return absl::OkStatus();
              });
  if (!status.ok()) return status;
  return domain::Catalogue::Build(std::move(catalog), generation);
}

}  // namespace

absl::Status Catalogues::Load(storage::Engine& engine) {
  const auto snapshot = engine.GetSnapshot();
  return ForEach(*snapshot, storage::keys::CatalogHeadsPrefix(), [&](const storage::Entry& row) {
    std::string municipality;
    storage::v1::CatalogHead head;
    if (!storage::keys::ParseCatalogHead(row.key, &municipality) ||
        !head.ParseFromString(row.versioned.value)) {
      return absl::DataLossError("a catalogue's head can't be read");
    }
    auto catalogue = ReadCatalogue(*snapshot, municipality, head.generation());
    if (!catalogue.ok()) return catalogue.status();
    Replace(municipality, *std::move(catalogue));
    return absl::OkStatus();
  });
}

std::shared_ptr<const domain::Catalogue> Catalogues::Find(std::string_view municipality) const {
  absl::ReaderMutexLock lock(&mutex_);
  const auto found = catalogues_.find(municipality);
  return found == catalogues_.end() ? nullptr : found->second;
}

void Catalogues::Replace(const std::string& municipality,
                         std::shared_ptr<const domain::Catalogue> catalogue) {
  absl::MutexLock lock(&mutex_);
  catalogues_[municipality] = std::move(catalogue);
}

std::vector<storage::v1::CatalogEntry> EntriesOf(const v1::Catalog& catalog) {
  std::vector<storage::v1::CatalogEntry> entries;
  *entries.emplace_back().mutable_municipality() = catalog.municipality();
  for (const auto& item : catalog.districts()) *entries.emplace_back().mutable_district() = item;
  for (const auto& item : catalog.postcodes()) *entries.emplace_back().mutable_postcode() = item;
  for (const auto& item : catalog.target_groups()) {
    *entries.emplace_back().mutable_target_group() = item;
  }
  for (const auto& item : catalog.life_events()) {
    *entries.emplace_back().mutable_life_event() = item;
  }
  for (const auto& item : catalog.organisations()) {
    *entries.emplace_back().mutable_organisation() = item;
  }
  for (const auto& item : catalog.teams()) *entries.emplace_back().mutable_team() = item;
  for (const auto& item : catalog.mandates()) *entries.emplace_back().mutable_mandate() = item;
  for (const auto& item : catalog.offers()) *entries.emplace_back().mutable_offer() = item;
  for (const auto& item : catalog.area_changes()) {
    *entries.emplace_back().mutable_area_change() = item;
  }
  return entries;
}

void AddEntry(const storage::v1::CatalogEntry& entry, v1::Catalog* catalog) {
  using Entry = storage::v1::CatalogEntry;
  switch (entry.entry_case()) {
    case Entry::kMunicipality:
      *catalog->mutable_municipality() = entry.municipality();
      return;
    case Entry::kDistrict:
      *catalog->add_districts() = entry.district();
      return;
    case Entry::kPostcode:
      *catalog->add_postcodes() = entry.postcode();
      return;
    case Entry::kTargetGroup:
      *catalog->add_target_groups() = entry.target_group();
      return;
    case Entry::kLifeEvent:
      *catalog->add_life_events() = entry.life_event();
      return;
    case Entry::kOrganisation:
      *catalog->add_organisations() = entry.organisation();
      return;
    case Entry::kTeam:
      *catalog->add_teams() = entry.team();
      return;
    case Entry::kMandate:
      *catalog->add_mandates() = entry.mandate();
      return;
    case Entry::kOffer:
      *catalog->add_offers() = entry.offer();
      return;
    case Entry::kAreaChange:
      *catalog->add_area_changes() = entry.area_change();
      return;
    case Entry::ENTRY_NOT_SET:
      return;
  }
}

}  // namespace omzien::commit
