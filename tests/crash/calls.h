// A mutation as bytes: what can be kept in a ledger and sent again, whichever method it is of.

#ifndef OMZIEN_TESTS_CRASH_CALLS_H_
#define OMZIEN_TESTS_CRASH_CALLS_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "client/cpp/client.h"
#include "google/protobuf/message.h"
#include "tests/e2e/story_world.h"

namespace omzien::crash {

// Which of the run's calls it is; with the seed it tells all that was drawn for it.
struct Moment {
  int cycle = 0;
  int worker = 0;
  int step = 0;
};

// The caller of what is asked without an account.
inline constexpr char kAnyone[] = "anyone";

struct Call {
  Moment moment;
  std::string method;  // "AcceptReferral"
  std::string caller;  // of the world's, or kAnyone
  std::string request_id;
  std::string request;  // serialized, with the request_id

  // "cycle 3 worker 1 step 17 AcceptReferral", for messages: holds nothing of what was asked.
  std::string Where() const;
};

// "AcceptReferral" of an AcceptReferralRequest. `request` has its request_id already.
template <class Request>
Call MakeCall(const Moment& moment, const std::string& caller, const Request& request) {
  const std::string& type = request.GetDescriptor()->name();
  return {moment, type.substr(0, type.size() - std::string("Request").size()), caller,
          request.request_id(), request.SerializeAsString()};
}

// An ImportCatalogParts of a whole catalogue: one request here, whose offers Send() parts.
Call MakePartsCall(const Moment& moment, const std::string& caller,
                   const v1::ImportCatalogRequest& whole);

// All methods that these may name, each a mutation of the API.
std::vector<std::string> Methods();

// The answer's bytes.
absl::StatusOr<std::string> Send(client::Client& client, const Call& call);

// No answer: the server is gone or going, and may or may not have done it.
bool IsInDoubt(const absl::Status& status);
// The rules say no to what was asked, for the state that the case is in.
bool IsRefusal(const absl::Status& status);

// The clients of one run of the server. Thread-safe, unlike StoryWorld::As.
class Clients {
 public:
  // `max_attempts` 1: the first failure is seen, as it tells that the server is gone.
  Clients(const e2e::StoryWorld& world, int max_attempts)
      : world_(world), max_attempts_(max_attempts) {}

  client::Client& As(const std::string& caller) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  const e2e::StoryWorld& world_;
  const int max_attempts_;
  absl::Mutex mutex_;
  std::map<std::string, std::unique_ptr<client::Client>> clients_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace omzien::crash

#endif  // OMZIEN_TESTS_CRASH_CALLS_H_
