// What was acknowledged, in a file outside the store and, where the machine has room on one, on a
// file system in memory: what the server loses it can't take from here.
//
// A line for each call, then its bytes; checker/ledger.py reads it too:
//
//   CYCLE WORKER STEP METHOD CALLER REQUEST_ID REQUEST_BYTES ANSWER_BYTES
//   <request><answer>

#ifndef OMZIEN_TESTS_CRASH_LEDGER_H_
#define OMZIEN_TESTS_CRASH_LEDGER_H_

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "tests/crash/calls.h"

namespace omzien::crash {

// Thread-safe. Throws when the file can't be written or read.
class Ledger {
 public:
  // A file of its own, gone with the object; in memory where there is room for so many cycles.
  explicit Ledger(int cycles);
  ~Ledger();
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  struct Entry {
    Call call;
    std::string answer;
  };

  // When `answer` was received and before anyone acts on it.
  void Add(const Call& call, const std::string& answer) ABSL_LOCKS_EXCLUDED(mutex_);
  // They count from 0, in the order in which they were added.
  Entry At(size_t index) const ABSL_LOCKS_EXCLUDED(mutex_);
  size_t size() const ABSL_LOCKS_EXCLUDED(mutex_);
  // How many of each method.
  std::map<std::string, size_t> by_method() const ABSL_LOCKS_EXCLUDED(mutex_);
  const std::string& path() const { return path_; }
  // Which file it is, and whether it shares its file system with `store`, a directory.
  std::string Where(const std::string& store) const;

 private:
  struct Place {
    Call call;  // without its request
    size_t offset = 0;
    size_t request_bytes = 0;
    size_t answer_bytes = 0;
  };

  std::string path_;
  int file_ = -1;
  mutable absl::Mutex mutex_;
  size_t end_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<Place> places_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace omzien::crash

#endif  // OMZIEN_TESTS_CRASH_LEDGER_H_
