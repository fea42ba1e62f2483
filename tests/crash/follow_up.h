// What an organisation does next with a signal, drawn at random from what its state allows.

#ifndef OMZIEN_TESTS_CRASH_FOLLOW_UP_H_
#define OMZIEN_TESTS_CRASH_FOLLOW_UP_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "client/cpp/client.h"
#include "tests/crash/calls.h"
#include "tests/e2e/submissions.h"

namespace omzien::crash {

// The caller that acts for an organisation of Deventer's catalogue.
std::string CallerOf(const std::string& organisation_id);

// The request_id of a call: the same for the same seed and moment.
std::string RequestIdOf(uint64_t seed, const Moment& moment);

// What its signaller knows of a signal.
struct Known {
  std::string signal;
  std::string code;  // empty: none was asked for
};

// The next call on a signal; nothing when there is nothing left to do. Now and then one that the
// rules refuse. Reads through `coordinator`, whose errors are returned.
absl::StatusOr<std::optional<Call>> NextFollowUp(client::Client& coordinator, const Known& known,
                                                 uint64_t seed, const Moment& moment,
                                                 e2e::Random& random);

}  // namespace omzien::crash

#endif  // OMZIEN_TESTS_CRASH_FOLLOW_UP_H_
