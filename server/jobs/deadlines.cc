#include "server/jobs/deadlines.h"

#include <memory>
#include <utility>
#include <vector>

#include "server/commit/commands.h"
#include "storage/blocking.h"
#include "storage/keys.h"

namespace omzien::jobs {
namespace {

namespace keys = storage::keys;

// Few enough that a step is a small part of what the writer does meanwhile.
constexpr size_t kDeadlinesPerStep = 64;

}  // namespace

absl::StatusOr<size_t> Deadlines::Sweep() {
  size_t handled = 0;
  absl::Status first;
  for (const std::string& municipality : catalogues_->Municipalities()) {
    const int64_t now_ms = absl::ToUnixMillis(clock_());
    first.Update(SweepRange(
        {keys::DueReferralPrefix(municipality, /*escalated=*/false),
         keys::DueReferralEnd(municipality, /*escalated=*/false, now_ms), kDeadlinesPerStep},
        [&municipality](const keys::CaseRef& ref) {
          return commit::PassDeadline(municipality, ref.case_id, ref.number);
        },
        &handled));
    first.Update(SweepRange(
        {keys::NoContactExpiryPrefix(municipality), keys::NoContactExpiryEnd(municipality, now_ms),
         kDeadlinesPerStep},
        [&municipality](const keys::CaseRef& ref) {
          return commit::ClearExpiredNo(municipality, ref.case_id);
        },
        &handled));
  }
  if (!first.ok()) return first;
  return handled;
}

absl::Status Deadlines::SweepRange(storage::Range range, const Handle& handle, size_t* handled) {
  absl::Status first;
  while (!periodic_.IsStopping()) {
    auto entries = storage::ScanNow(*engine_->GetSnapshot(), range);
    if (!entries.ok()) return entries.status();
    std::vector<std::unique_ptr<commit::Command>> step;
    for (const storage::Entry& entry : *entries) {
      keys::CaseRef ref;
      if (!keys::ParseIndexKey(entry.key, &ref)) continue;
      step.push_back(handle(ref));
    }
    first.Update(RunAll(queue_, std::move(step), clock_() + kStepPatience));
    if (absl::IsUnavailable(first)) return first;  // the store; others are of one case
    *handled += entries->size();
    if (entries->size() < range.limit) break;
    range.begin = entries->back().key + '\0';
  }
  return first;
}

void Deadlines::Start(absl::Duration interval, OnFailure on_failure) {
  periodic_.Start(interval, [this] { return Sweep().status(); }, std::move(on_failure));
}

}  // namespace omzien::jobs
