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
constexpr size_t kReferralsPerStep = 64;

}  // namespace

absl::StatusOr<size_t> Deadlines::Sweep() {
  size_t handled = 0;
  for (const std::string& municipality : catalogues_->Municipalities()) {
    const auto swept = SweepOne(municipality);
    if (!swept.ok()) return swept;
    handled += *swept;
  }
  return handled;
}

absl::StatusOr<size_t> Deadlines::SweepOne(const std::string& municipality) {
  storage::Range range{
      keys::DueReferralPrefix(municipality, /*escalated=*/false),
      keys::DueReferralEnd(municipality, /*escalated=*/false, absl::ToUnixMillis(clock_())),
      kReferralsPerStep};
  size_t handled = 0;
  while (!periodic_.IsStopping()) {
    auto entries = storage::ScanNow(*engine_->GetSnapshot(), range);
    if (!entries.ok()) return entries.status();
    std::vector<std::unique_ptr<commit::Command>> step;
    for (const storage::Entry& entry : *entries) {
      keys::CaseRef ref;
      if (!keys::ParseIndexKey(entry.key, &ref)) continue;
      step.push_back(commit::PassDeadline(municipality, ref.case_id, ref.number));
    }
    absl::Status done = RunAll(queue_, std::move(step), clock_() + kStepPatience);
    if (!done.ok()) return done;
    handled += entries->size();
    if (entries->size() < range.limit) break;
    range.begin = entries->back().key + '\0';
  }
  return handled;
}

void Deadlines::Start(absl::Duration interval) {
  periodic_.Start(interval, [this] { Sweep().IgnoreError(); });
}

}  // namespace omzien::jobs
