// The clients of the load: each calls until the server is gone, and afterwards asks again for what
// it got no answer to.

#ifndef OMZIEN_TESTS_CRASH_WORKERS_H_
#define OMZIEN_TESTS_CRASH_WORKERS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "omzien/v1/catalog.pb.h"
#include "tests/crash/calls.h"
#include "tests/crash/kill.h"
#include "tests/crash/ledger.h"

namespace omzien::crash {

// How a worker's calls ended, besides in the ledger.
struct Tally {
  int refused = 0;
  // Without an answer when the server died; of these, what was found not done, and was then
  // refused.
  int in_doubt = 0;
  int refused_when_settled = 0;
  // Acknowledged under load, and not only when it was asked again.
  int answered = 0;

  Tally& operator+=(const Tally& other);
};

// What the workers of a run share.
struct Shared {
  uint64_t seed = 0;
  Ledger* ledger = nullptr;
  // Texts of catalogues, to be imported again and again.
  std::string deventer;
  std::string voorbeeldstad;
  // And one that goes in parts: its offers take several commits.
  v1::Catalog in_parts;
};

// Run and Settle are called by turns, each from one thread.
class Worker {
 public:
  Worker(int number, const Shared& shared) : number_(number), shared_(shared) {}
  virtual ~Worker() = default;
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Calls until an answer fails to come. What goes wrong otherwise fails the test, and so does an
  // answer that fails to come before the kill.
  virtual void Run(int cycle, Clients& clients, Kill& kill) = 0;
  // Sends again what is in doubt, to the server that was started again.
  void Settle(Clients& clients);
  // How many are in doubt.
  virtual int in_doubt() const = 0;

  const Tally& tally() const { return tally_; }
  // "worker 3"
  std::string name() const { return "worker " + std::to_string(number_); }

 protected:
  virtual std::vector<Call> TakeInDoubt() = 0;
  virtual void Done(const Call& call, const std::string& answer) = 0;

  Moment At(int cycle, int step) const { return {cycle, number_, step}; }
  // All that is drawn for a moment: nothing that was drawn before it shifts it.
  e2e::Random RandomAt(const Moment& moment) const;
  // Fails the test when the server wasn't killed: nothing may be in doubt of one that serves.
  void ExpectKilled(const Kill& kill, const std::string& where, const absl::Status& status) const;
  // Fails the test; names the seed.
  void Wrong(const Call& call, const absl::Status& status, const char* when) const;

  const int number_;
  const Shared& shared_;
  Tally tally_;
};

// One call at a time: submits, follows up, withdraws, imports. A case belongs to one worker, so
// that a call of its own is refused only by the rules and not by another's.
class UnaryWorker final : public Worker {
 public:
  using Worker::Worker;

  void Run(int cycle, Clients& clients, Kill& kill) override;
  int in_doubt() const override { return in_doubt_.has_value() ? 1 : 0; }

 private:
  struct Open {
    std::string signal;
    std::string code;  // where one was asked for
    std::string signaller;
  };

  std::vector<Call> TakeInDoubt() override;
  void Done(const Call& call, const std::string& answer) override;
  // Nothing when the server is gone.
  std::optional<Call> Next(const Moment& moment, Clients& clients, const Kill& kill);
  Call Submit(const Moment& moment, e2e::Random& random) const;
  Call Import(const Moment& moment, e2e::Random& random) const;
  Call ImportParts(const Moment& moment) const;

  std::vector<Open> open_;
  std::optional<Call> in_doubt_;
};

// Submits over the stream, several at a time. Nobody follows up on these: at the end each can still
// be opened by whoever calls first.
class StreamWorker final : public Worker {
 public:
  using Worker::Worker;

  void Run(int cycle, Clients& clients, Kill& kill) override;
  int in_doubt() const override ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  std::vector<Call> TakeInDoubt() override ABSL_LOCKS_EXCLUDED(mutex_);
  void Done(const Call&, const std::string&) override {}
  // False when the server is gone.
  bool RunBurst(const Moment& moment, Clients& clients, Kill& kill) ABSL_LOCKS_EXCLUDED(mutex_);
  void Answered(int64_t step, const absl::StatusOr<v1::SubmitSignalResponse>& answer, Kill& kill)
      ABSL_LOCKS_EXCLUDED(mutex_);

  mutable absl::Mutex mutex_;
  std::map<int64_t, Call> unanswered_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace omzien::crash

#endif  // OMZIEN_TESTS_CRASH_WORKERS_H_
