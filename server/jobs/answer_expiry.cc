#include "server/jobs/answer_expiry.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/commit/mutation.h"
#include "server/domain/times.h"
#include "storage/blocking.h"
#include "storage/keys.h"

namespace omzien::jobs {
namespace {

// Few enough that a step is a small part of what the writer does meanwhile.
constexpr size_t kRowsPerStep = 500;

bool IsExpired(const std::string& row, absl::Time now) {
  storage::v1::StoredAnswer answer;
  return answer.ParseFromString(row) && domain::TimeOf(answer.answer_time()) + kAnswersKept < now;
}

// Looked at again where it is decided: only what is expired there goes.
absl::StatusOr<commit::Decision> Forget(const std::vector<std::string>& keys,
                                        commit::Reading& reading) {
  commit::Decision decision;
  for (const std::string& key : keys) {
    const std::string* row = reading.Get(key);
    if (row != nullptr && IsExpired(*row, reading.now())) {
      decision.writes.push_back({key, std::nullopt});
    }
  }
  return decision;
}

}  // namespace

absl::StatusOr<size_t> AnswerExpiry::Sweep() {
  const std::string prefix = storage::keys::StoredAnswersPrefix();
  storage::Range range{prefix, storage::keys::PrefixEnd(prefix), kRowsPerStep};
  size_t forgotten = 0;
  while (!periodic_.IsStopping()) {
    auto entries = storage::ScanNow(*engine_->GetSnapshot(), range);
    if (!entries.ok()) return entries.status();
    std::vector<std::string> expired;
    for (const storage::Entry& entry : *entries) {
      if (IsExpired(entry.versioned.value, clock_())) expired.push_back(entry.key);
    }
    if (!expired.empty()) {
      auto done = queue_->Run(
          std::make_unique<commit::Plain>(
              expired, [expired](commit::Reading& reading) { return Forget(expired, reading); }),
          clock_() + kStepPatience);
      if (!done.ok()) return done.status();
      forgotten += expired.size();
    }
    if (entries->size() < range.limit) return forgotten;
    range.begin = entries->back().key + '\0';
  }
  return forgotten;
}

void AnswerExpiry::Start(absl::Duration interval, OnFailure on_failure) {
  periodic_.Start(interval, [this] { return Sweep().status(); }, std::move(on_failure));
}

}  // namespace omzien::jobs
