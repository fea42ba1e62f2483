#include "server/commit/reading.h"

namespace omzien::commit {
namespace {

const std::string* ValueOf(const std::optional<std::string>& row) {
  return row.has_value() ? &*row : nullptr;
}

}  // namespace

const std::string* Reading::Get(const std::string& key) {
  for (const Rows* rows : {layers_.batch, layers_.in_flight}) {
    if (rows == nullptr) continue;
    if (const auto found = rows->find(key); found != rows->end()) return ValueOf(found->second);
  }
  if (layers_.resident_prefix != nullptr && key.starts_with(*layers_.resident_prefix)) {
    const auto found = layers_.resident->find(key);
    return found == layers_.resident->end() ? nullptr : ValueOf(found->second);
  }
  if (const auto found = layers_.fetched->find(key); found != layers_.fetched->end()) {
    return ValueOf(found->second);
  }
  missing_rows_.push_back(key);
  return nullptr;
}

const CaseKey* Reading::FindCaseKey(uint64_t id) {
  if (new_key_->has_value() && (*new_key_)->id == id) return &**new_key_;
  if (const auto found = case_keys_->find(id); found != case_keys_->end()) {
    return found->second.get();
  }
  missing_case_keys_.push_back(id);
  return nullptr;
}

const CaseKey& Reading::NewCaseKey() {
  if (!new_key_->has_value()) *new_key_ = pool_->Take();
  return **new_key_;
}

}  // namespace omzien::commit
