// A first contact that was made, or tried, before the signal was submitted: nobody is to call a
// second time.

#ifndef OMZIEN_SERVER_COMMIT_FIRST_ATTEMPT_H_
#define OMZIEN_SERVER_COMMIT_FIRST_ATTEMPT_H_

#include <cstdint>

#include "absl/status/status.h"
#include "omzien/storage/v1/records.pb.h"
#include "omzien/v1/contact.pb.h"
#include "server/commit/reading.h"
#include "server/domain/catalogue.h"

namespace omzien::commit {

// The referral that holds it: the case's first.
inline constexpr uint32_t kFirstAttemptReferral = 1;

// Of a new case without referrals, matched already: the signalling organisation's own first
// contact, with the attempt, whose identifying fields were moved out. Where the person was reached
// and an offer fits that the consent covers, that gets the case. Else the first contact stays with
// the organisation, if it is one that may take them over there (domain::TakesOverAs), or is handed
// over to whoever calls first.
absl::Status BeginWithFirstAttempt(const v1::ContactAttempt& clear_attempt,
                                   const domain::Catalogue& catalogue, Reading* reading,
                                   storage::v1::Case* record);

}  // namespace omzien::commit

#endif  // OMZIEN_SERVER_COMMIT_FIRST_ATTEMPT_H_
