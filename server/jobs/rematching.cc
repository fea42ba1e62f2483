#include "server/jobs/rematching.h"

#include <algorithm>
#include <memory>

#include "server/commit/commands.h"
#include "server/domain/days.h"
#include "server/domain/names.h"
#include "storage/blocking.h"
#include "storage/keys.h"

namespace omzien::jobs {
namespace {

namespace keys = storage::keys;

// Few enough that a step is a small part of what the writer does meanwhile.
constexpr size_t kCasesPerStep = 32;

}  // namespace

void Rematching::Notice(const storage::v1::Change& change) {
  bool something = false;
  {
    absl::MutexLock lock(&mutex_);
    const std::set<std::string> replaced = std::exchange(replaced_, {});
    for (const auto& catalog : change.catalogs()) {
      matched_.erase(catalog.municipality());
      replaced_.insert(catalog.municipality());
      something = true;
    }
    for (const auto& changed : change.cases()) {
      if (replaced.contains(changed.municipality()) && !changed.by_itself()) {
        late_.emplace(changed.municipality(), changed.case_id());
        something = true;
      }
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

std::set<Rematching::Case> Rematching::TakeLate() {
  absl::MutexLock lock(&mutex_);
  return std::exchange(late_, {});
}

absl::Status Rematching::MatchLate(commit::CommitQueue* queue, size_t* matched) {
  std::set<Case> late = TakeLate();
  std::vector<std::unique_ptr<commit::Command>> step;
  for (const auto& [municipality, id] : late) {
    step.push_back(commit::MatchAgain(municipality, id));
  }
  *matched += step.size();
  absl::Status done = RunAll(queue, std::move(step), clock_() + kStepPatience);
  absl::MutexLock lock(&mutex_);
  if (!done.ok()) late_.merge(late);
  return done;
}

absl::StatusOr<size_t> Rematching::Sweep(commit::CommitQueue* queue) {
  size_t matched = 0;
  absl::Status first;
  for (const std::string& municipality : TakeMunicipalities()) {
    const absl::Status done = MatchRange(queue, municipality, keys::WaitingCasePrefix(municipality),
                                         /*places=*/nullptr, &matched);
    first.Update(done);
    absl::MutexLock lock(&mutex_);
    if (!done.ok()) matched_.erase(municipality);
  }
  for (const Offer& offer : TakeOffers()) {
    const absl::Status done = MatchWaitingFor(queue, offer, &matched);
    first.Update(done);
    absl::MutexLock lock(&mutex_);
    if (!done.ok()) freed_.insert(offer);
  }
  first.Update(MatchLate(queue, &matched));
  if (!first.ok()) return first;
  return matched;
}

absl::Status Rematching::MatchWaitingFor(commit::CommitQueue* queue, const Offer& offer,
                                         size_t* matched) {
  const auto catalogue = catalogues_->Find(offer.first);
  const v1::Offer* const known = catalogue == nullptr ? nullptr : catalogue->offer(offer.second);
  if (known == nullptr) return absl::OkStatus();
  auto row =
      storage::MultiGetNow(*engine_->GetSnapshot(), {keys::OfferLoad(offer.first, offer.second)});
  if (!row.ok()) return row.status();
  storage::v1::OfferLoad load;
  if (row->front().has_value()) load.ParseFromString(row->front()->value);
  domain::FreePlaces places(*known, load);
  return MatchRange(queue, offer.first, keys::WaitingForOfferPrefix(offer.first, offer.second),
                    &places, matched);
}

absl::StatusOr<std::vector<std::string>> Rematching::Admitted(
    const std::vector<storage::Entry>& entries, const std::string& municipality,
    domain::FreePlaces* places) {
  std::vector<std::string> cases;
  std::vector<std::string> rows;
  for (const storage::Entry& entry : entries) {
    keys::CaseRef ref;
    if (!keys::ParseIndexKey(entry.key, &ref)) continue;
    rows.push_back(keys::Case(municipality, ref.case_id));
    cases.push_back(std::move(ref.case_id));
  }
  if (places == nullptr) return cases;
  auto records = storage::MultiGetNow(*engine_->GetSnapshot(), rows);
  if (!records.ok()) return records.status();
  std::vector<std::string> admitted;
  for (size_t i = 0; i < cases.size(); ++i) {
    storage::v1::Case record;
    if (!(*records)[i].has_value() || !record.ParseFromString((*records)[i]->value)) continue;
    domain::Ids groups;
    for (const std::string& name : record.signal().target_groups()) {
      groups.emplace(domain::LastSegment(name));
    }
    if (places->TakeFor(groups)) admitted.push_back(std::move(cases[i]));
  }
  return admitted;
}

absl::Status Rematching::MatchRange(commit::CommitQueue* queue, const std::string& municipality,
                                    const std::string& prefix, domain::FreePlaces* places,
                                    size_t* matched) {
  storage::Range range{prefix, keys::PrefixEnd(prefix), kCasesPerStep};
  absl::Status first;
  while ((places == nullptr || !places->AreGone()) && !periodic_.IsStopping()) {
    auto entries = storage::ScanNow(*engine_->GetSnapshot(), range);
    if (!entries.ok()) return entries.status();
    auto cases = Admitted(*entries, municipality, places);
    if (!cases.ok()) return cases.status();
    std::vector<std::unique_ptr<commit::Command>> step;
    for (const std::string& id : *cases) step.push_back(commit::MatchAgain(municipality, id));
    *matched += step.size();
    first.Update(RunAll(queue, std::move(step), clock_() + kStepPatience));
    if (absl::IsUnavailable(first)) return first;  // the store; others are of one case
    if (entries->size() < range.limit) break;
    range.begin = entries->back().key + '\0';
  }
  return first;
}

void Rematching::Start(commit::CommitQueue* queue, absl::Duration interval, OnFailure on_failure) {
  periodic_.Start(interval, [this, queue] { return Sweep(queue).status(); }, std::move(on_failure));
}

}  // namespace omzien::jobs
