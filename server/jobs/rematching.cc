#include "server/jobs/rematching.h"

#include <algorithm>
#include <limits>
#include <memory>

#include "server/commit/commands.h"
#include "server/domain/days.h"
#include "storage/blocking.h"
#include "storage/keys.h"

namespace omzien::jobs {
namespace {

namespace keys = storage::keys;

// Few enough that a step is a small part of what the writer does meanwhile.
constexpr size_t kCasesPerStep = 32;
constexpr size_t kAll = std::numeric_limits<size_t>::max();

}  // namespace

void Rematching::Notice(const storage::v1::Change& change) {
  bool something = false;
  {
    absl::MutexLock lock(&mutex_);
    for (const auto& catalog : change.catalogs()) {
      matched_.erase(catalog.municipality());
      something = true;
    }
    for (const auto& changed : change.cases()) {
      for (const std::string& offer : changed.freed_offers()) {
        freed_.emplace(changed.municipality(), offer);
        something = true;
      }
    }
  }
  if (something) periodic_.Wake();
}

std::set<std::string> Rematching::TakeMunicipalities() {
  std::set<std::string> due;
  for (const std::string& municipality : catalogues_->Municipalities()) {
    const auto catalogue = catalogues_->Find(municipality);
    if (catalogue == nullptr) continue;
    const absl::CivilDay today = domain::Today(clock_(), catalogue->time_zone());
    absl::MutexLock lock(&mutex_);
    const auto [matched, added] = matched_.try_emplace(municipality, today);
    if (added || matched->second != today) due.insert(municipality);
    matched->second = today;
  }
  return due;
}

std::set<Rematching::Offer> Rematching::TakeOffers() {
  absl::MutexLock lock(&mutex_);
  return std::exchange(freed_, {});
}

absl::StatusOr<size_t> Rematching::Sweep(commit::CommitQueue* queue) {
  size_t matched = 0;
  absl::Status first;
  for (const std::string& municipality : TakeMunicipalities()) {
    const absl::Status done =
        MatchRange(queue, municipality, keys::WaitingCasePrefix(municipality), kAll, &matched);
    first.Update(done);
    absl::MutexLock lock(&mutex_);
    if (!done.ok()) matched_.erase(municipality);
  }
  for (const Offer& offer : TakeOffers()) {
    const auto room = RoomOf(offer);
    const absl::Status done =
        room.ok()
            ? MatchRange(queue, offer.first, keys::WaitingForOfferPrefix(offer.first, offer.second),
                         *room, &matched)
            : room.status();
    first.Update(done);
    absl::MutexLock lock(&mutex_);
    if (!done.ok()) freed_.insert(offer);
  }
  if (!first.ok()) return first;
  return matched;
}

absl::StatusOr<size_t> Rematching::RoomOf(const Offer& offer) {
  const auto catalogue = catalogues_->Find(offer.first);
  const v1::Offer* const known = catalogue == nullptr ? nullptr : catalogue->offer(offer.second);
  if (known == nullptr) return 0;
  auto row =
      storage::MultiGetNow(*engine_->GetSnapshot(), {keys::OfferLoad(offer.first, offer.second)});
  if (!row.ok()) return row.status();
  storage::v1::OfferLoad load;
  if (row->front().has_value()) load.ParseFromString(row->front()->value);
  return known->capacity() - std::min(known->capacity(), load.live_referrals());
}

absl::Status Rematching::MatchRange(commit::CommitQueue* queue, const std::string& municipality,
                                    const std::string& prefix, size_t most, size_t* matched) {
  storage::Range range{prefix, keys::PrefixEnd(prefix), 0};
  absl::Status first;
  while (most > 0 && !periodic_.IsStopping()) {
    range.limit = std::min(kCasesPerStep, most);
    auto entries = storage::ScanNow(*engine_->GetSnapshot(), range);
    if (!entries.ok()) return entries.status();
    std::vector<std::unique_ptr<commit::Command>> step;
    for (const storage::Entry& entry : *entries) {
      keys::CaseRef ref;
      if (keys::ParseIndexKey(entry.key, &ref)) {
        step.push_back(commit::MatchAgain(municipality, ref.case_id));
      }
    }
    first.Update(RunAll(queue, std::move(step), clock_() + kStepPatience));
    if (absl::IsUnavailable(first)) return first;  // the store; others are of one case
    *matched += entries->size();
    most -= entries->size();
    if (entries->size() < range.limit) break;
    range.begin = entries->back().key + '\0';
  }
  return first;
}

void Rematching::Start(commit::CommitQueue* queue, absl::Duration interval) {
  periodic_.Start(interval, [this, queue] { Sweep(queue).IgnoreError(); });
}

}  // namespace omzien::jobs
