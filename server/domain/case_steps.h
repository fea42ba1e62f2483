// What the operations of case_rules.h have in common; of no use outside them.

#ifndef OMZIEN_SERVER_DOMAIN_CASE_STEPS_H_
#define OMZIEN_SERVER_DOMAIN_CASE_STEPS_H_

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "omzien/storage/v1/records.pb.h"
#include "omzien/v1/error_reason.pb.h"
#include "omzien/v1/referral_service.pb.h"
#include "server/domain/errors.h"
#include "server/domain/times.h"

namespace omzien::domain::internal {

inline absl::Status Refuse(v1::ErrorReason reason, std::string_view message,
                           std::vector<std::pair<std::string, std::string>> metadata = {}) {
  return Error(absl::StatusCode::kFailedPrecondition, reason, message, std::move(metadata));
}

inline absl::Status NoSuchReferral() {
  return Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_REFERRAL_NOT_FOUND,
               "there is no such referral");
}

inline absl::Status ConsentMissing() {
  return Refuse(v1::ERROR_REASON_CONSENT_MISSING,
                "the person's consent to share details with this organisation is missing");
}

inline absl::Status WrongPurpose(const v1::Referral& referral, std::string_view message) {
  const bool offer = referral.purpose() == v1::REFERRAL_PURPOSE_OFFER;
  return Refuse(v1::ERROR_REASON_WRONG_PURPOSE, message,
                {{"purpose", offer ? "OFFER" : "FIRST_CONTACT"}});
}

inline absl::Status Full(std::string_view what) {
  return Error(absl::StatusCode::kResourceExhausted, v1::ERROR_REASON_CASE_FULL,
               "the case holds the most " + std::string(what) + " it may");
}

inline int FirstContactsOf(const storage::v1::Case& c) {
  return static_cast<int>(std::ranges::count_if(c.referrals(), [](const auto& record) {
    return record.referral().purpose() == v1::REFERRAL_PURPOSE_FIRST_CONTACT;
  }));
}

inline void TouchCase(storage::v1::Case* c, absl::Time now) {
  c->set_version(c->version() + 1);
  *c->mutable_signal()->mutable_update_time() = TimestampOf(now);
}

inline void Touch(storage::v1::Case* c, storage::v1::ReferralRecord* record, absl::Time now) {
  record->set_version(record->version() + 1);
  TouchCase(c, now);
}

inline void End(storage::v1::ReferralRecord* record, v1::ReferralState state, absl::Time now) {
  record->mutable_referral()->set_state(state);
  *record->mutable_referral()->mutable_end_time() = TimestampOf(now);
}

}  // namespace omzien::domain::internal

#endif  // OMZIEN_SERVER_DOMAIN_CASE_STEPS_H_
