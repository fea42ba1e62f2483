#include "server/figures/figures.h"

#include <limits>
#include <utility>
#include <vector>

#include "server/commit/command.h"
#include "server/commit/mutation.h"
#include "storage/blocking.h"
#include "storage/keys.h"

namespace omzien::figures {
namespace {

namespace keys = storage::keys;

constexpr size_t kFeedRows = 1000;
constexpr size_t kScanRows = 1000;
// Streams to come resume from the feed: it is kept for a while after the figures have read it.
constexpr storage::Revision kFeedKept = 100'000;

// Sums by the key of their cell.
using Cells = std::map<std::string, Counters>;

absl::StatusOr<storage::Revision> FlushedThrough(const storage::Snapshot& snapshot) {
  auto row = storage::MultiGetNow(snapshot, {keys::FigurePosition()});
  if (!row.ok()) return row.status();
  if (!row->front().has_value()) return storage::Revision{0};
  storage::v1::FigurePosition position;
  if (!position.ParseFromString(row->front()->value)) {
    return absl::DataLossError("the figures' position can't be read");
  }
  return position.revision();
}

// Nothing is added twice: a flush whose first answer was lost finds its position there.
// Stays at the end of what it can hold: rows that were damaged may hold anything.
void AddTo(int64_t& sum, int64_t value) {
  if (__builtin_add_overflow(sum, value, &sum)) {
    sum = value > 0 ? std::numeric_limits<int64_t>::max() : std::numeric_limits<int64_t>::min();
  }
}

absl::StatusOr<commit::Decision> AddToCells(const Cells& cells, storage::Revision through,
                                            commit::Reading& reading) {
  commit::Decision decision;
  if (const std::string* row = reading.Get(keys::FigurePosition()); row != nullptr) {
    storage::v1::FigurePosition position;
    if (position.ParseFromString(*row) && position.revision() >= through) return decision;
  }
  for (const auto& [key, counters] : cells) {
    storage::v1::FigureCell cell;
    const std::string* row = reading.Get(key);
    if (row != nullptr && !cell.ParseFromString(*row)) {
      return absl::DataLossError("a cell of the figures can't be read");
    }
    for (const auto& [name, sum] : counters) {
      int64_t& value = (*cell.mutable_counters())[name];
      AddTo(value, sum);
      if (value == 0) cell.mutable_counters()->erase(name);
    }
    decision.writes.push_back({key, cell.SerializeAsString()});
  }
  storage::v1::FigurePosition position;
  position.set_revision(through);
  decision.writes.push_back({keys::FigurePosition(), position.SerializeAsString()});
  return decision;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Figures>> Figures::Open(storage::Engine* engine) {
  auto figures = std::unique_ptr<Figures>(new Figures(engine));
  if (absl::Status status = figures->CatchUp(); !status.ok()) return status;
  return figures;
}

Figures::~Figures() { StopFlushing(); }

absl::Status Figures::CatchUp() {
  auto from = FlushedThrough(*engine_->GetSnapshot());
  if (!from.ok()) return from.status();
  storage::Revision after = *from;
  {
    absl::MutexLock lock(&mutex_);
    applied_ = after;
  }
  for (;;) {
    auto records = engine_->Changes(after, kFeedRows);
    if (!records.ok()) return records.status();
    for (const storage::ChangeRecord& record : *records) {
      storage::v1::Change change;
      if (!change.ParseFromString(record.change)) {
        return absl::DataLossError("a change in the feed can't be read");
      }
      Apply(record.revision, change);
      after = record.revision;
    }
    if (records->size() < kFeedRows) return absl::OkStatus();
  }
}

void Figures::Apply(storage::Revision revision, const storage::v1::Change& change) {
  absl::MutexLock lock(&mutex_);
  for (const storage::v1::CaseChange& item : change.cases()) {
    for (const storage::v1::FigureDelta& delta : item.figures()) {
      added_.push_back({revision, item.municipality(), delta});
    }
  }
  applied_ = revision;
}

absl::StatusOr<Report> Figures::Read(const std::string& municipality,
                                     std::optional<int64_t> first_day,
                                     std::optional<int64_t> last_day) const {
  const int64_t first = first_day.value_or(std::numeric_limits<int32_t>::min());
  const int64_t last = last_day.value_or(std::numeric_limits<int32_t>::max());
  Report report;
  std::unique_ptr<storage::Snapshot> snapshot;
  {
    // The snapshot is taken under the lock, so what it hasn't flushed is still in added_; what it
    // has, its own position tells.
    absl::MutexLock lock(&mutex_);
    snapshot = engine_->GetSnapshot();
    auto flushed = FlushedThrough(*snapshot);
    if (!flushed.ok()) return flushed.status();
    for (const Added& item : added_) {
      if (item.revision <= *flushed || item.municipality != municipality) continue;
      if (item.delta.day() < first || item.delta.day() > last) continue;
      AddTo(report.by_district[item.delta.district()][item.delta.counter()], item.delta.delta());
    }
    report.revision = applied_;
  }
  storage::Range range{keys::FigureCellBegin(municipality, first),
                       keys::FigureCellEnd(municipality, last), kScanRows};
  for (;;) {
    auto entries = storage::ScanNow(*snapshot, range);
    if (!entries.ok()) return entries.status();
    for (const storage::Entry& entry : *entries) {
      keys::CellRef ref;
      storage::v1::FigureCell cell;
      if (!keys::ParseFigureCell(entry.key, &ref) || !cell.ParseFromString(entry.versioned.value)) {
        return absl::DataLossError("a cell of the figures can't be read");
      }
      Counters& counters = report.by_district[ref.district];
      for (const auto& [name, value] : cell.counters()) AddTo(counters[name], value);
    }
    if (entries->size() < range.limit) break;
    range.begin = entries->back().key + '\0';
  }
  // What came to nothing isn't there, whether it was flushed or not.
  for (auto& [district, counters] : report.by_district) {
    std::erase_if(counters, [](const auto& counter) { return counter.second == 0; });
  }
  std::erase_if(report.by_district, [](const auto& cell) { return cell.second.empty(); });
  return report;
}

void Figures::StartFlushing(commit::CommitQueue* queue, absl::Duration interval) {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = false;
  }
  flusher_ = std::thread([this, queue, interval] { RunFlusher(queue, interval); });
}

void Figures::StopFlushing() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (flusher_.joinable()) flusher_.join();
}

// A flush that fails is tried again with the next: nothing is lost, the feed has it.
void Figures::RunFlusher(commit::CommitQueue* queue, absl::Duration interval) {
  bool stopping = false;
  while (!stopping) {
    {
      absl::MutexLock lock(&mutex_);
      stopping = mutex_.AwaitWithTimeout(absl::Condition(&stopping_), interval);
    }
    Flush(queue).IgnoreError();
  }
}

absl::Status Figures::Flush(commit::CommitQueue* queue) {
  auto cells = std::make_shared<Cells>();
  storage::Revision through = 0;
  {
    absl::MutexLock lock(&mutex_);
    if (added_.empty()) return absl::OkStatus();
    through = applied_;
    for (const Added& item : added_) {
      const std::string cell =
          keys::FigureCell(item.municipality, item.delta.day(), item.delta.district());
      AddTo((*cells)[cell][item.delta.counter()], item.delta.delta());
    }
  }
  std::vector<std::string> rows;
  for (const auto& [key, counters] : *cells) rows.push_back(key);
  auto done =
      queue->Run(std::make_unique<commit::Plain>(std::move(rows),
                                                 [cells, through](commit::Reading& reading) {
                                                   return AddToCells(*cells, through, reading);
                                                 }),
                 absl::InfiniteFuture());
  if (!done.ok()) return done.status();
  {
    absl::MutexLock lock(&mutex_);
    while (!added_.empty() && added_.front().revision <= through) added_.pop_front();
  }
  return through > kFeedKept ? engine_->TrimChanges(through - kFeedKept) : absl::OkStatus();
}

}  // namespace omzien::figures
