#include "server/commit/case_keys.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "omzien/storage/v1/records.pb.h"
#include "storage/blocking.h"
#include "storage/keys.h"

namespace omzien::commit {
namespace {

constexpr size_t kChunkMax = 1024;
constexpr size_t kKeysPerScan = 1024;
constexpr uint32_t kHashEpoch = 1;

absl::StatusOr<crypto::Secret> Unwrap(const crypto::MasterKey& master, const char* kind,
                                      uint64_t id, const std::string& bytes) {
  storage::v1::Envelope envelope;
  if (!envelope.ParseFromString(bytes)) {
    return absl::DataLossError("a wrapped key can't be read");
  }
  return master.Unwrap(kind, id, envelope);
}

absl::StatusOr<crypto::KeyedHash> ReadOrMakeHashKey(storage::Engine& engine,
                                                    const crypto::MasterKey& master) {
  const std::string key = storage::keys::WrappedHashKey(kHashEpoch);
  auto found = storage::MultiGetNow(*engine.GetSnapshot(), {key});
  if (!found.ok()) return found.status();
  if (found->front().has_value()) {
    auto secret = Unwrap(master, "hash", kHashEpoch, found->front()->value);
    if (!secret.ok()) return secret.status();
    return crypto::KeyedHash(*secret);
  }
  const crypto::Secret secret = crypto::Secret::Random();
  storage::CommitRequest request;
  request.preconditions.push_back({key, std::nullopt});
  request.writes.push_back({key, master.Wrap("hash", kHashEpoch, secret).SerializeAsString()});
  auto revision = storage::CommitNow(engine, std::move(request));
  if (!revision.ok()) return revision.status();
  return crypto::KeyedHash(secret);
}

}  // namespace

CaseKeys::CaseKeys(storage::Engine* engine, crypto::MasterKey master, crypto::KeyedHash hash)
    : engine_(engine),
      // A key takes a precondition and a write.
      chunk_(std::clamp<size_t>(engine->limits().max_operations / 2, 1, kChunkMax)),
      master_(std::move(master)),
      hash_(std::move(hash)) {}

absl::StatusOr<std::unique_ptr<CaseKeys>> CaseKeys::Open(storage::Engine* engine,
                                                         crypto::MasterKey master,
                                                         uint64_t used_through) {
  auto hash = ReadOrMakeHashKey(*engine, master);
  if (!hash.ok()) return hash.status();
  auto keys = std::unique_ptr<CaseKeys>(new CaseKeys(engine, std::move(master), *hash));
  if (absl::Status status = keys->ReadPool(used_through); !status.ok()) return status;
  return keys;
}

CaseKeys::~CaseKeys() {
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(+[](bool* refilling) { return !*refilling; }, &refilling_));
}

absl::Status CaseKeys::ReadPool(uint64_t used_through) {
  storage::Range range{storage::keys::WrappedCaseKey(used_through + 1),
                       storage::keys::PrefixEnd(storage::keys::WrappedCaseKeysPrefix()),
                       kKeysPerScan};
  absl::MutexLock lock(&mutex_);
  next_id_ = used_through + 1;
  const auto snapshot = engine_->GetSnapshot();
  for (;;) {
    auto entries = storage::ScanNow(*snapshot, range);
    if (!entries.ok()) return entries.status();
    for (const storage::Entry& entry : *entries) {
      uint64_t id = 0;
      if (!storage::keys::ParseWrappedCaseKey(entry.key, &id)) continue;
      auto secret = Unwrap(master_, "case", id, entry.versioned.value);
      if (!secret.ok()) return secret.status();
      pool_.push_back({id, master_.epoch(), *secret});
      next_id_ = id + 1;
    }
    if (entries->size() < range.limit) return absl::OkStatus();
    range.begin = entries->back().key + '\0';
  }
}

void CaseKeys::Refill() {
  refilling_ = true;
  auto chunk = std::make_shared<std::vector<CaseKey>>();
  storage::CommitRequest request;
  for (size_t i = 0; i < chunk_; ++i) {
    const CaseKey& made =
        chunk->emplace_back(CaseKey{next_id_++, master_.epoch(), crypto::Secret::Random()});
    // Whatever goes wrong, a key that may seal something is never overwritten.
    request.preconditions.push_back({storage::keys::WrappedCaseKey(made.id), std::nullopt});
    request.writes.push_back({storage::keys::WrappedCaseKey(made.id),
                              master_.Wrap("case", made.id, made.key).SerializeAsString()});
  }
  engine_->Commit(std::move(request), [this, chunk](absl::StatusOr<storage::Revision> revision) {
    absl::MutexLock done_lock(&mutex_);
    refill_status_ = revision.status();
    if (revision.ok()) pool_.insert(pool_.end(), chunk->begin(), chunk->end());
    refilling_ = false;
  });
}

absl::Status CaseKeys::Reserve(size_t count) {
  absl::MutexLock lock(&mutex_);
  while (pool_.size() < count) {
    if (!refilling_) Refill();
    mutex_.Await(absl::Condition(+[](bool* refilling) { return !*refilling; }, &refilling_));
    if (!refill_status_.ok()) return refill_status_;
  }
  if (pool_.size() - count < chunk_ / 2 && !refilling_) Refill();
  return absl::OkStatus();
}

CaseKey CaseKeys::Take() {
  absl::MutexLock lock(&mutex_);
  CaseKey key = pool_.front();
  pool_.pop_front();
  return key;
}

absl::StatusOr<std::vector<std::unique_ptr<CaseKey>>> CaseKeys::Find(
    const std::vector<uint64_t>& ids) const {
  std::vector<std::string> rows;
  rows.reserve(ids.size());
  for (uint64_t id : ids) rows.push_back(storage::keys::WrappedCaseKey(id));
  auto found = storage::MultiGetNow(*engine_->GetSnapshot(), std::move(rows));
  if (!found.ok()) return found.status();
  std::vector<std::unique_ptr<CaseKey>> keys(ids.size());
  for (size_t i = 0; i < ids.size(); ++i) {
    if (!(*found)[i].has_value()) continue;
    auto secret = Unwrap(master_, "case", ids[i], (*found)[i]->value);
    if (!secret.ok()) return secret.status();
    keys[i] = std::make_unique<CaseKey>(CaseKey{ids[i], master_.epoch(), *secret});
  }
  return keys;
}

}  // namespace omzien::commit
