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
  domain::Catalogue::Versions versions;
  absl::Status status =
      ForEach(snapshot, storage::keys::CatalogEntryPrefix(municipality, generation),
              [&](const storage::Entry& row) {
                storage::v1::CatalogEntry entry;
                if (!entry.ParseFromString(row.versioned.value)) {
                  return absl::DataLossError("a catalogue entry can't be read");
                }
                const auto offers = static_cast<size_t>(catalog.offers_size());
                if (offers > 0 && !entry.has_offer()) {
                  return absl::DataLossError("a catalogue's entries are out of order");
                }
                if (entry.version() > 0) versions[offers] = entry.version();
                AddEntry(std::move(entry), &catalog);
                return absl::OkStatus();
              });
  if (!status.ok()) return status;
  return domain::Catalogue::Build(std::move(catalog), generation, versions);
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

std::vector<std::string> Catalogues::Municipalities() const {
  absl::ReaderMutexLock lock(&mutex_);
  std::vector<std::string> codes;
  codes.reserve(catalogues_.size());
  for (const auto& [code, catalogue] : catalogues_) codes.push_back(code);
  return codes;
}

std::shared_ptr<const domain::Catalogue> Catalogues::Replace(
    const std::string& municipality, std::shared_ptr<const domain::Catalogue> catalogue) {
  absl::MutexLock lock(&mutex_);
  catalogues_[municipality].swap(catalogue);
  return catalogue;
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
  for (const auto& item : catalog.area_changes()) {
    *entries.emplace_back().mutable_area_change() = item;
  }
  for (const auto& item : catalog.offers()) *entries.emplace_back().mutable_offer() = item;
  return entries;
}

void AddEntry(storage::v1::CatalogEntry entry, v1::Catalog* catalog) {
  using Entry = storage::v1::CatalogEntry;
  switch (entry.entry_case()) {
    case Entry::kMunicipality:
      *catalog->mutable_municipality() = std::move(*entry.mutable_municipality());
      return;
    case Entry::kDistrict:
      *catalog->add_districts() = std::move(*entry.mutable_district());
      return;
    case Entry::kPostcode:
      *catalog->add_postcodes() = std::move(*entry.mutable_postcode());
      return;
    case Entry::kTargetGroup:
      *catalog->add_target_groups() = std::move(*entry.mutable_target_group());
      return;
    case Entry::kLifeEvent:
      *catalog->add_life_events() = std::move(*entry.mutable_life_event());
      return;
    case Entry::kOrganisation:
      *catalog->add_organisations() = std::move(*entry.mutable_organisation());
      return;
    case Entry::kTeam:
      *catalog->add_teams() = std::move(*entry.mutable_team());
      return;
    case Entry::kMandate:
      *catalog->add_mandates() = std::move(*entry.mutable_mandate());
      return;
    case Entry::kOffer:
      *catalog->add_offers() = std::move(*entry.mutable_offer());
      return;
    case Entry::kAreaChange:
      *catalog->add_area_changes() = std::move(*entry.mutable_area_change());
      return;
    case Entry::ENTRY_NOT_SET:
      return;
  }
}

}  // namespace omzien::commit
