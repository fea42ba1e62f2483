#include "storage/memory/memory_engine.h"

#include <deque>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "storage/commit_queue.h"

namespace omzien::storage {

// Every row with its versions. A version stays as long as a snapshot can see it. Thread-safe.
class MemoryState {
 public:
  // The latest revision; its versions stay until Release of the same revision.
  Revision Hold() ABSL_LOCKS_EXCLUDED(mutex_);
  void Release(Revision revision) ABSL_LOCKS_EXCLUDED(mutex_);

  std::vector<std::optional<Versioned>> Get(const std::vector<std::string>& keys, Revision at) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  std::vector<Entry> Scan(const Range& range, Revision at) const ABSL_LOCKS_EXCLUDED(mutex_);

  absl::StatusOr<Revision> Apply(CommitRequest request) ABSL_LOCKS_EXCLUDED(mutex_);

  absl::StatusOr<std::vector<ChangeRecord>> Changes(Revision after, size_t limit) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  void Trim(Revision through) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Version {
    Revision revision = 0;
    std::optional<std::string> value;
  };
  // Oldest first.
  using Versions = std::vector<Version>;

  // Null if the key is absent at that revision.
  static const Version* Find(const Versions& versions, Revision at);
  const Version* Latest(const std::string& key) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  void Collect() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  Revision last_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, Versions> rows_ ABSL_GUARDED_BY(mutex_);
  // Where a version was followed by another at that revision, in order; the older one goes once no
  // snapshot is older than that.
  std::deque<std::pair<Revision, std::string>> superseded_ ABSL_GUARDED_BY(mutex_);
  std::multiset<Revision> held_ ABSL_GUARDED_BY(mutex_);
  std::map<Revision, std::string> changes_ ABSL_GUARDED_BY(mutex_);
  // The last change that was trimmed.
  Revision trimmed_ ABSL_GUARDED_BY(mutex_) = 0;
};

Revision MemoryState::Hold() {
  absl::MutexLock lock(&mutex_);
  held_.insert(last_);
  return last_;
}

void MemoryState::Release(Revision revision) {
  absl::MutexLock lock(&mutex_);
  held_.erase(held_.find(revision));
  Collect();
}

const MemoryState::Version* MemoryState::Find(const Versions& versions, Revision at) {
  for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
    if (version->revision <= at) return version->value ? &*version : nullptr;
  }
  return nullptr;
}

const MemoryState::Version* MemoryState::Latest(const std::string& key) const {
  const auto row = rows_.find(key);
  return row == rows_.end() ? nullptr : Find(row->second, last_);
}

std::vector<std::optional<Versioned>> MemoryState::Get(const std::vector<std::string>& keys,
                                                       Revision at) const {
  absl::ReaderMutexLock lock(&mutex_);
  std::vector<std::optional<Versioned>> found(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    const auto row = rows_.find(keys[i]);
    if (row == rows_.end()) continue;
    const Version* version = Find(row->second, at);
    if (version != nullptr) found[i] = Versioned{*version->value, version->revision};
  }
  return found;
}

std::vector<Entry> MemoryState::Scan(const Range& range, Revision at) const {
  absl::ReaderMutexLock lock(&mutex_);
  std::vector<Entry> found;
  for (auto row = rows_.lower_bound(range.begin); row != rows_.end(); ++row) {
    if (found.size() == range.limit || (!range.end.empty() && row->first >= range.end)) break;
    const Version* version = Find(row->second, at);
    if (version != nullptr) found.push_back({row->first, {*version->value, version->revision}});
  }
  return found;
}

absl::StatusOr<Revision> MemoryState::Apply(CommitRequest request) {
  absl::MutexLock lock(&mutex_);
  for (const Precondition& precondition : request.preconditions) {
    const Version* latest = Latest(precondition.key);
    const bool holds = precondition.revision
                           ? latest != nullptr && latest->revision == *precondition.revision
                           : latest == nullptr;
    if (!holds) return absl::AbortedError("a precondition of the commit did not hold");
  }
  const Revision revision = last_ + 1 + last_ % 3;
  for (Write& write : request.writes) {
    if (!write.value && Latest(write.key) == nullptr) continue;
    Versions& versions = rows_[write.key];
    // A deletion is itself superseded at once: nothing needs to be kept to say "absent".
    if (!versions.empty() || !write.value) superseded_.emplace_back(revision, write.key);
    versions.push_back({revision, std::move(write.value)});
  }
  if (!request.change.empty()) changes_.emplace(revision, std::move(request.change));
  last_ = revision;
  Collect();
  return revision;
}

void MemoryState::Collect() {
  const Revision oldest = held_.empty() ? last_ : *held_.begin();
  while (!superseded_.empty() && superseded_.front().first <= oldest) {
    const auto row = rows_.find(superseded_.front().second);
    superseded_.pop_front();
    if (row == rows_.end()) continue;
    Versions& versions = row->second;
    auto kept = versions.begin();
    while (std::next(kept) != versions.end() && std::next(kept)->revision <= oldest) ++kept;
    if (kept->revision <= oldest && !kept->value) ++kept;
    versions.erase(versions.begin(), kept);
    if (versions.empty()) rows_.erase(row);
  }
}

absl::StatusOr<std::vector<ChangeRecord>> MemoryState::Changes(Revision after, size_t limit) const {
  absl::ReaderMutexLock lock(&mutex_);
  if (after < trimmed_) return absl::OutOfRangeError("changes after that revision were trimmed");
  std::vector<ChangeRecord> found;
  for (auto change = changes_.upper_bound(after); change != changes_.end() && found.size() < limit;
       ++change) {
    found.push_back({change->first, change->second});
  }
  return found;
}

void MemoryState::Trim(Revision through) {
  absl::MutexLock lock(&mutex_);
  const auto end = changes_.upper_bound(through);
  if (end == changes_.begin()) return;
  trimmed_ = std::prev(end)->first;
  changes_.erase(changes_.begin(), end);
}

namespace {

class MemorySnapshot : public Snapshot {
 public:
  explicit MemorySnapshot(std::shared_ptr<MemoryState> state)
      : state_(std::move(state)), revision_(state_->Hold()) {}
  ~MemorySnapshot() override { state_->Release(revision_); }

  MemorySnapshot(const MemorySnapshot&) = delete;
  MemorySnapshot& operator=(const MemorySnapshot&) = delete;

  Revision revision() const override { return revision_; }

  void MultiGet(std::vector<std::string> keys, MultiGetDone done) const override {
    done(state_->Get(keys, revision_));
  }

  void Scan(Range range, ScanDone done) const override {
    if (range.limit == 0) return done(absl::InvalidArgumentError("a scan's limit is 0"));
    done(state_->Scan(range, revision_));
  }

 private:
  const std::shared_ptr<MemoryState> state_;
  const Revision revision_;
};

class MemoryEngine : public Engine {
 public:
  explicit MemoryEngine(MemoryOptions options)
      : state_(options.state ? std::move(options.state) : NewMemoryState()),
        limits_(options.limits),
        queue_(limits_, [state = state_](CommitRequest request) {
          return state->Apply(std::move(request));
        }) {}

  std::unique_ptr<Snapshot> GetSnapshot() override {
    return std::make_unique<MemorySnapshot>(state_);
  }

  void Commit(CommitRequest request, CommitDone done) override {
    queue_.Push(std::move(request), std::move(done));
  }

  absl::StatusOr<std::vector<ChangeRecord>> Changes(Revision after, size_t limit) override {
    if (limit == 0) return absl::InvalidArgumentError("the limit of changes is 0");
    return state_->Changes(after, limit);
  }

  absl::Status TrimChanges(Revision through) override {
    state_->Trim(through);
    return absl::OkStatus();
  }

  Limits limits() const override { return limits_; }

 private:
  const std::shared_ptr<MemoryState> state_;
  const Limits limits_;
  CommitQueue queue_;
};

}  // namespace

std::shared_ptr<MemoryState> NewMemoryState() { return std::make_shared<MemoryState>(); }

std::unique_ptr<Engine> NewMemoryEngine(MemoryOptions options) {
  return std::make_unique<MemoryEngine>(std::move(options));
}

}  // namespace omzien::storage
