#include "server/commit/commit_queue.h"

#include <algorithm>
#include <future>
#include <iterator>
#include <utility>

#include "omzien/v1/error_reason.pb.h"
#include "server/domain/errors.h"
#include "storage/blocking.h"
#include "storage/keys.h"

namespace omzien::commit {
namespace {

// The queue whose writer this thread is.
thread_local const CommitQueue* writing_here = nullptr;

// Beside a batch's own rows: the fence, and how far case keys were used.
constexpr size_t kOwnOperations = 2;
constexpr size_t kOwnBytes = 256;

// A decision asks for a few rows beyond those it listed, one after the other at worst.
constexpr int kMaxRounds = 16;

absl::Status Stopping() {
  return domain::Error(absl::StatusCode::kUnavailable, v1::ERROR_REASON_STOPPING,
                       "the server is stopping; retry with the same request_id");
}

absl::Status StoreUnavailable() {
  return domain::Error(
      absl::StatusCode::kUnavailable, v1::ERROR_REASON_STORE_UNAVAILABLE,
      "the store can't tell whether it was written; retry with the same request_id");
}

absl::Status Overloaded() {
  return domain::Error(absl::StatusCode::kResourceExhausted, v1::ERROR_REASON_OVERLOADED,
                       "too many writes are waiting; retry later with the same request_id");
}

absl::Status TooLarge() {
  return domain::Error(absl::StatusCode::kResourceExhausted, v1::ERROR_REASON_WRITE_TOO_LARGE,
                       "it is more than the store takes at once; nothing was written");
}

absl::Status TooLate() {
  return domain::Error(absl::StatusCode::kDeadlineExceeded, v1::ERROR_REASON_DEADLINE_EXCEEDED,
                       "it wasn't begun before its deadline; nothing was written");
}

size_t BytesOf(const Decision& decision) {
  size_t bytes = decision.change.ByteSizeLong();
  for (const storage::Write& write : decision.writes) {
    bytes += write.key.size() + (write.value ? write.value->size() : 0);
  }
  return bytes;
}

}  // namespace

CommitQueue::CommitQueue(storage::Engine* engine, CaseKeys* case_keys, Catalogues* catalogues,
                         Clock clock, Options options)
    : engine_(engine),
      case_keys_(case_keys),
      catalogues_(catalogues),
      clock_(std::move(clock)),
      options_(std::move(options)),
      resident_prefix_(storage::keys::OfferLoadsPrefix()) {}

absl::StatusOr<std::unique_ptr<CommitQueue>> CommitQueue::Start(storage::Engine* engine,
                                                                CaseKeys* case_keys,
                                                                Catalogues* catalogues, Clock clock,
                                                                Options options) {
  auto queue = std::unique_ptr<CommitQueue>(
      new CommitQueue(engine, case_keys, catalogues, std::move(clock), std::move(options)));
  if (absl::Status status = queue->TakeFence(); !status.ok()) return status;
  if (absl::Status status = queue->ReadResident(); !status.ok()) return status;
  queue->writer_ = std::thread([raw = queue.get()] { raw->RunWriter(); });
  return queue;
}

CommitQueue::~CommitQueue() { Stop(); }

absl::Status CommitQueue::TakeFence() {
  storage::CommitRequest request;
  request.writes.push_back({storage::keys::WriterFence(), ""});
  auto revision = storage::CommitNow(*engine_, std::move(request));
  if (!revision.ok()) return revision.status();
  fence_ = *revision;
  return absl::OkStatus();
}

absl::Status CommitQueue::ReadResident() {
  const auto snapshot = engine_->GetSnapshot();
  storage::Range range{resident_prefix_, storage::keys::PrefixEnd(resident_prefix_), 1000};
  for (;;) {
    auto entries = storage::ScanNow(*snapshot, range);
    if (!entries.ok()) return entries.status();
    for (storage::Entry& entry : *entries) {
      // Looked at once, here: what is decided on later was either read here or written by us.
      if (!storage::v1::OfferLoad().ParseFromString(entry.versioned.value)) {
        return absl::DataLossError("an offer's load can't be read");
      }
      resident_[entry.key] = std::move(entry.versioned.value);
    }
    if (entries->size() < range.limit) return absl::OkStatus();
    range.begin = entries->back().key + '\0';
  }
}

void CommitQueue::Submit(std::unique_ptr<Command> command, absl::Time deadline, Done done) {
  absl::Status refusal;
  {
    absl::MutexLock lock(&mutex_);
    if (broken_) {
      refusal = StoreUnavailable();
    } else if (stopping_) {
      refusal = Stopping();
    } else if (queue_.size() >= options_.queue_limit) {
      refusal = Overloaded();
    } else {
      Pending pending;
      pending.command = std::move(command);
      pending.deadline = deadline;
      pending.done = std::move(done);
      queue_.push_back(std::move(pending));
      return;
    }
  }
  done(refusal);
}

absl::StatusOr<std::string> CommitQueue::Run(std::unique_ptr<Command> command,
                                             absl::Time deadline) {
  std::promise<absl::StatusOr<std::string>> promise;
  Submit(std::move(command), deadline,
         [&promise](absl::StatusOr<std::string> answer) { promise.set_value(std::move(answer)); });
  return promise.get_future().get();
}

void CommitQueue::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (writing_here == this) return;
  absl::MutexLock lock(&join_mutex_);
  if (writer_.joinable()) writer_.join();
}

void CommitQueue::RunWriter() {
  writing_here = this;
  for (;;) {
    std::vector<Pending> commands = Next();
    if (commands.empty() && in_flight_ == nullptr) return;
    if (commands.empty()) {
      Answer(Settle());
      continue;
    }
    const bool alone = commands.front().command->exclusive();
    if (alone) Answer(Settle());
    std::shared_ptr<Batch> batch = Decide(std::move(commands));
    const std::shared_ptr<Batch> settled = Settle();
    // Before the answers to what is durable: they take long, and the disk would wait.
    Commit(std::move(batch));
    Answer(settled);
    if (alone) Answer(Settle());
  }
}

bool CommitQueue::SomethingToDo() const { return !queue_.empty() || in_flight_done_ || stopping_; }

// An empty result: only the batch in flight is left to settle or, with none in flight, the end.
std::vector<CommitQueue::Pending> CommitQueue::Next() {
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(this, &CommitQueue::SomethingToDo));
  std::vector<Pending> commands;
  while (!queue_.empty() && commands.size() < options_.batch_limit) {
    const bool exclusive = queue_.front().command->exclusive();
    if (exclusive && !commands.empty()) break;
    commands.push_back(std::move(queue_.front()));
    queue_.pop_front();
    if (exclusive) break;
  }
  return commands;
}

absl::Status CommitQueue::Fetch(const std::vector<std::string>& keys, Rows* rows) {
  auto found = storage::MultiGetNow(*snapshot_, keys);
  if (!found.ok()) return found.status();
  for (size_t i = 0; i < keys.size(); ++i) {
    std::optional<std::string>& row = (*rows)[keys[i]];
    if ((*found)[i].has_value()) row = std::move((*found)[i]->value);
  }
  return absl::OkStatus();
}

std::shared_ptr<CommitQueue::Batch> CommitQueue::Decide(std::vector<Pending> commands) {
  auto batch = std::make_shared<Batch>();
  // A command without a deadline left gives way to one that has time.
  const absl::Time now = clock_();
  std::vector<std::string> keys;
  for (const Pending& pending : commands) {
    for (std::string& key : pending.command->Keys()) keys.push_back(std::move(key));
  }
  snapshot_ = engine_->GetSnapshot();
  Rows fetched;
  Reading::FetchedKeys case_keys;
  absl::Status status = Fetch(keys, &fetched);
  if (status.ok()) {
    status = case_keys_->Reserve(commands.size());
    // A key store that failed a commit fails all later ones: only a restart helps.
    if (!status.ok()) Break();
  }
  for (size_t i = 0; i < commands.size(); ++i) {
    Pending& pending = commands[i];
    if (!status.ok()) {
      pending.answer = StoreUnavailable();
    } else if (pending.deadline < now) {
      pending.answer = TooLate();
    } else if (!DecideOne(pending, *batch, fetched, case_keys)) {
      ReturnToQueue(std::vector<Pending>(std::make_move_iterator(commands.begin() + i),
                                         std::make_move_iterator(commands.end())));
      break;
    }
    batch->commands.push_back(std::move(pending));
  }
  snapshot_.reset();
  return batch;
}

bool CommitQueue::DecideOne(Pending& pending, Batch& batch, Rows& fetched,
                            Reading::FetchedKeys& case_keys) {
  const Reading::Layers layers{&batch.rows, in_flight_ ? &in_flight_->rows : nullptr, &resident_,
                               &resident_prefix_, &fetched};
  const absl::Time now = clock_();
  for (int round = 0; round < kMaxRounds; ++round) {
    Reading reading(layers, &case_keys, case_keys_, catalogues_, now, &pending.new_key);
    absl::StatusOr<Decision> decision = pending.command->Decide(reading);
    if (!reading.missing()) {
      if (!decision.ok()) {
        pending.answer = decision.status();
      } else if (Fits(*decision, batch)) {
        Add(*std::move(decision), pending, batch);
      } else if (batch.rows.empty()) {
        pending.answer = TooLarge();
      } else {
        return false;
      }
      return true;
    }
    auto found = case_keys_->Find(reading.missing_case_keys());
    if (!found.ok() || !Fetch(reading.missing_rows(), &fetched).ok()) break;
    for (size_t i = 0; i < found->size(); ++i) {
      case_keys[reading.missing_case_keys()[i]] = std::move((*found)[i]);
    }
  }
  pending.answer = StoreUnavailable();
  return true;
}

// Rows that are written twice are counted twice: it may say no a little early.
bool CommitQueue::Fits(const Decision& decision, const Batch& batch) const {
  const storage::Limits limits = engine_->limits();
  return decision.writes.empty() ||
         (batch.rows.size() + decision.writes.size() + kOwnOperations <= limits.max_operations &&
          batch.bytes + BytesOf(decision) + kOwnBytes <= limits.max_bytes);
}

void CommitQueue::Add(Decision decision, Pending& pending, Batch& batch) {
  batch.bytes += BytesOf(decision);
  for (storage::Write& write : decision.writes) {
    batch.rows[std::move(write.key)] = std::move(write.value);
  }
  if (!decision.writes.empty() && pending.new_key.has_value()) {
    batch.rows[storage::keys::CaseKeysUsed()] = std::to_string(pending.new_key->id);
  }
  batch.change.MergeFrom(decision.change);
  pending.answer = std::move(decision.answer);
  pending.on_durable = std::move(decision.on_durable);
}

void CommitQueue::ReturnToQueue(std::vector<Pending> commands) {
  absl::MutexLock lock(&mutex_);
  for (auto it = commands.rbegin(); it != commands.rend(); ++it) {
    queue_.push_front(std::move(*it));
  }
}

// With nothing to write there is nothing to wait for: what the batch saw is durable by now.
void CommitQueue::Commit(std::shared_ptr<Batch> batch) {
  {
    absl::MutexLock lock(&mutex_);
    if (broken_) batch->result = StoreUnavailable();
    in_flight_done_ = broken_ || batch->rows.empty();
  }
  in_flight_ = batch;
  if (batch->result.has_value()) return;
  if (batch->rows.empty()) {
    batch->result = storage::Revision{0};
    return;
  }
  storage::CommitRequest request;
  request.preconditions.push_back({storage::keys::WriterFence(), fence_});
  request.writes.reserve(batch->rows.size());
  for (const auto& [key, value] : batch->rows) request.writes.push_back({key, value});
  request.change = batch->change.SerializeAsString();
  engine_->Commit(std::move(request), [this, batch](absl::StatusOr<storage::Revision> result) {
    absl::MutexLock lock(&mutex_);
    batch->result = std::move(result);
    in_flight_done_ = true;
  });
}

std::shared_ptr<CommitQueue::Batch> CommitQueue::Settle() {
  if (in_flight_ == nullptr) return nullptr;
  {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&in_flight_done_));
    in_flight_done_ = false;
  }
  std::shared_ptr<Batch> batch = std::move(in_flight_);
  in_flight_ = nullptr;
  if (!batch->result->ok()) {
    Break();
    return batch;
  }
  for (auto& [key, value] : batch->rows) {
    if (!key.starts_with(resident_prefix_)) continue;
    if (value.has_value()) {
      resident_[key] = std::move(value);
    } else {
      resident_.erase(key);
    }
  }
  return batch;
}

void CommitQueue::Answer(const std::shared_ptr<Batch>& settled) {
  if (settled == nullptr) return;
  Batch& batch = *settled;
  if (!batch.result->ok()) {
    for (Pending& pending : batch.commands) pending.done(StoreUnavailable());
    return;
  }
  if (batch.change.ByteSizeLong() > 0 && options_.on_change) {
    options_.on_change(**batch.result, batch.change);
  }
  for (Pending& pending : batch.commands) {
    if (pending.on_durable) pending.on_durable();
    pending.done(std::move(pending.answer));
  }
}

// From here on nothing can be known to be durable: what waits is answered so, and what comes is.
void CommitQueue::Break() {
  std::deque<Pending> waiting;
  bool first = false;
  {
    absl::MutexLock lock(&mutex_);
    first = !broken_;
    broken_ = true;
    waiting.swap(queue_);
  }
  for (Pending& pending : waiting) pending.done(StoreUnavailable());
  if (first && options_.on_broken) options_.on_broken();
}

}  // namespace omzien::commit
