// What callers do all day, and a ledger of what they were told. Every mutation of the API goes
// through the server's own commit queue; the ledger stands outside the store.

#ifndef OMZIEN_TESTS_SIMULATION_WORKLOAD_H_
#define OMZIEN_TESTS_SIMULATION_WORKLOAD_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "rocksdb/env.h"
#include "server/commit/commands.h"
#include "tests/server/commit/world.h"

namespace omzien::simulation {

using commit::testing::World;

// A world over RocksDB engines on `env`, which must outlive it. With `write_buffer_bytes` small,
// tables are written and compacted all the time.
std::unique_ptr<World> ClosedWorldOn(rocksdb::Env* env, size_t write_buffer_bytes,
                                     commit::CommitQueue::Options queue);

// A command that can be asked again, and what was answered to it.
struct Sent {
  std::string what;
  std::function<void(World&, commit::Done)> ask;
  // Set once it was acknowledged.
  std::optional<std::string> answer;
};

// One caller of each kind, who do what `random` says. Not thread-safe.
class Workload {
 public:
  explicit Workload(uint64_t seed) : random_(seed) {}

  // Up to eight commands at once, so that some share a commit; returns when all are answered.
  // What the store answered when it didn't take one of them; what isn't UNAVAILABLE goes first.
  absl::Status Burst(World& world);

  // For a world that was opened again: what was acknowledged is answered as it was, and what was in
  // doubt is asked again. Each thing that isn't so, as a sentence.
  std::vector<std::string> Settle(World& world);

  // How often, by mutation.
  const std::map<std::string, size_t>& acknowledged() const { return acknowledged_; }

 private:
  Sent AnyCommand(World& world);
  Sent AnswerBySignaller(const std::string& signal);
  Sent AnswerByCode(const storage::v1::Case& record);
  Sent AnyOnReferral(World& world);
  Sent Import();
  Sent ImportParts();
  Sent Submission();
  std::string NewId();
  uint64_t Below(uint64_t limit) { return random_() % limit; }

  std::mt19937_64 random_;
  uint64_t ids_ = 0;
  std::map<std::string, size_t> acknowledged_;
  bool imported_ = false;
  std::vector<std::string> signals_;
  // Of this opening, and some of those before.
  std::vector<Sent> recent_, earlier_;
};

// From the first import to a recorded contact and its end, by fixed steps with fixed ids, as far as
// the store goes along. Run again, it goes on: what was acknowledged must be answered the same.
class Script {
 public:
  // UNAVAILABLE when the store failed at a step; INTERNAL for an answer that isn't right.
  absl::Status Run(World& world);

 private:
  absl::StatusOr<std::string> Do(World& world, const std::string& what,
                                 std::unique_ptr<commit::Command> command);
  absl::StatusOr<std::string> Check(const std::string& what, absl::StatusOr<std::string> answer);

  std::map<std::string, std::string> answers_;
};

}  // namespace omzien::simulation

#endif  // OMZIEN_TESTS_SIMULATION_WORKLOAD_H_
