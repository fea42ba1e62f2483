// The figures, counted once more from what a coordinator can list: by other rules than the
// server's own, from other answers.

#ifndef OMZIEN_TESTS_E2E_RECOUNT_H_
#define OMZIEN_TESTS_E2E_RECOUNT_H_

#include <string>

#include "client/cpp/client.h"

namespace omzien::e2e {

// The summary over all days that the lists of signals and referrals amount to. Without revision,
// time, and `overdue`.
v1::FollowUpSummary Recount(client::Client& coordinator, const std::string& parent);

// What the service says, with the same left out.
v1::FollowUpSummary SummaryOf(client::Client& coordinator, const std::string& parent);

}  // namespace omzien::e2e

#endif  // OMZIEN_TESTS_E2E_RECOUNT_H_
