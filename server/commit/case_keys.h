// The keys that seal cases, and the hash key: kept wrapped in the key store.
//
// New case keys are made durable ahead, in chunks, so that a signal's commit waits for one fsync
// and not for two. A key that was made but never used by a durable commit is handed out again after
// a restart: CaseKeysUsed() in the case store says up to where they were used.

#ifndef OMZIEN_SERVER_COMMIT_CASE_KEYS_H_
#define OMZIEN_SERVER_COMMIT_CASE_KEYS_H_

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "server/crypto/keyed_hash.h"
#include "server/crypto/master_key.h"
#include "server/crypto/secret.h"
#include "storage/engine.h"

namespace omzien::commit {

struct CaseKey {
  uint64_t id = 0;
  // Of the master key that wraps it.
  uint32_t epoch = 0;
  crypto::Secret key;
};

// Thread-safe.
class CaseKeys {
 public:
  // Reads what is there and makes the hash key when there is none. `used_through` is the highest
  // key id that a durable commit used. Blocks. DATA_LOSS when the master key isn't this store's.
  // `engine` must outlive the object.
  static absl::StatusOr<std::unique_ptr<CaseKeys>> Open(storage::Engine* engine,
                                                        crypto::MasterKey master,
                                                        uint64_t used_through);
  // Waits for a refill under way.
  ~CaseKeys();

  const crypto::KeyedHash& hash() const { return hash_; }

  // Makes sure that `count` keys can be taken. Blocks on the key store only when the pool ran dry;
  // below half a chunk it is refilled in the background. UNAVAILABLE when the key store fails.
  absl::Status Reserve(size_t count);

  // A durable key that no case has. Only after Reserve; ids increase.
  CaseKey Take();

  // Blocks. In order of `ids`; nullptr for a key that was destroyed.
  absl::StatusOr<std::vector<std::unique_ptr<CaseKey>>> Find(
      const std::vector<uint64_t>& ids) const;

 private:
  CaseKeys(storage::Engine* engine, crypto::MasterKey master, crypto::KeyedHash hash);

  absl::Status ReadPool(uint64_t used_through);
  // Makes a chunk of keys durable; `done` is called with them in the pool.
  void Refill() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  storage::Engine* const engine_;
  // Keys a refill: what a commit takes.
  const size_t chunk_;
  const crypto::MasterKey master_;
  const crypto::KeyedHash hash_;

  mutable absl::Mutex mutex_;
  std::deque<CaseKey> pool_ ABSL_GUARDED_BY(mutex_);
  uint64_t next_id_ ABSL_GUARDED_BY(mutex_) = 1;
  bool refilling_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status refill_status_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace omzien::commit

#endif  // OMZIEN_SERVER_COMMIT_CASE_KEYS_H_
