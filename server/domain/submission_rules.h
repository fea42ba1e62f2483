// The rules of a request that stand between its fields, or between a field and the clock; what can
// be said of one field alone is in validation.h. Rules that need the stored case are in
// case_rules.h.

#ifndef OMZIEN_SERVER_DOMAIN_SUBMISSION_RULES_H_
#define OMZIEN_SERVER_DOMAIN_SUBMISSION_RULES_H_

#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "server/domain/errors.h"

namespace omzien::domain {

// Clocks of partner systems run ahead of ours by this much at most.
inline constexpr absl::Duration kClockSkewMax = absl::Seconds(60);
inline constexpr int kPeriodDaysMax = 3660;

// Appends every violation. `today` is the municipality's day at `now`. A request type without such
// rules of its own only has its names checked to be of its own municipality. Ill-formed fields are
// left to Validate: call both and answer with what either finds. Pure; any thread.
void CheckRequest(const google::protobuf::Message& request, absl::Time now, absl::CivilDay today,
                  std::vector<FieldViolation>* violations);

}  // namespace omzien::domain

#endif  // OMZIEN_SERVER_DOMAIN_SUBMISSION_RULES_H_
