// What a decision sees: the last durable snapshot, the one batch in flight, and what was decided
// before it in its own batch.

#ifndef OMZIEN_SERVER_COMMIT_READING_H_
#define OMZIEN_SERVER_COMMIT_READING_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "server/commit/case_keys.h"
#include "server/commit/catalogues.h"

namespace omzien::commit {

// Rows by key; nullopt: absent, or deleted.
using Rows = absl::flat_hash_map<std::string, std::optional<std::string>>;

// One command's eyes. Used by the writer's thread only.
class Reading {
 public:
  // The layers, newest first; each may be nullptr. They must outlive the reading.
  struct Layers {
    const Rows* batch = nullptr;
    const Rows* in_flight = nullptr;
    // Rows that are kept in memory for good: what isn't here is absent.
    const Rows* resident = nullptr;
    const std::string* resident_prefix = nullptr;
    const Rows* fetched = nullptr;
  };
  using FetchedKeys = std::map<uint64_t, std::unique_ptr<CaseKey>>;

  Reading(Layers layers, const FetchedKeys* case_keys, CaseKeys* pool, const Catalogues* catalogues,
          absl::Time now, std::optional<CaseKey>* new_key)
      : layers_(layers),
        case_keys_(case_keys),
        pool_(pool),
        catalogues_(catalogues),
        now_(now),
        new_key_(new_key) {}

  // nullptr: absent, or not at hand yet; in that case missing() says so and the decision is run
  // again, so what it decides now doesn't matter.
  const std::string* Get(const std::string& key);

  // Likewise; nullptr also for a destroyed key.
  const CaseKey* FindCaseKey(uint64_t id);

  // The key for a new case; the same one when the decision is run again.
  const CaseKey& NewCaseKey();

  absl::Time now() const { return now_; }
  const crypto::KeyedHash& hash() const { return pool_->hash(); }
  // nullptr when there is no such municipality.
  std::shared_ptr<const domain::Catalogue> catalogue(const std::string& municipality) const {
    return catalogues_->Find(municipality);
  }
  const Catalogues* catalogues() const { return catalogues_; }

  bool missing() const { return !missing_rows_.empty() || !missing_case_keys_.empty(); }
  const std::vector<std::string>& missing_rows() const { return missing_rows_; }
  const std::vector<uint64_t>& missing_case_keys() const { return missing_case_keys_; }

 private:
  const Layers layers_;
  const FetchedKeys* const case_keys_;
  CaseKeys* const pool_;
  const Catalogues* const catalogues_;
  const absl::Time now_;
  std::optional<CaseKey>* const new_key_;
  std::vector<std::string> missing_rows_;
  std::vector<uint64_t> missing_case_keys_;
};

}  // namespace omzien::commit

#endif  // OMZIEN_SERVER_COMMIT_READING_H_
