// What the people of a world do with a signal, a line a step, and what became of it.

#ifndef OMZIEN_TESTS_SERVER_COMMIT_STEPS_H_
#define OMZIEN_TESTS_SERVER_COMMIT_STEPS_H_

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "server/domain/errors.h"
#include "server/domain/names.h"
#include "tests/server/commit/world.h"

namespace omzien::commit::testing {

// "gemeente ASSIGNED", "ontvanger/maatje DECLINED": each referral of the case.
inline std::vector<std::string> ReferralsOf(World& world, const std::string& signal) {
  std::vector<std::string> lines;
  const storage::v1::Case record = world.CaseOf(signal);
  for (const auto& item : record.referrals()) {
    const v1::Referral& referral = item.referral();
    std::string line(domain::LastSegment(referral.organisation()));
    if (!referral.offer().empty()) line += "/" + std::string(domain::LastSegment(referral.offer()));
    lines.push_back(line + v1::ReferralState_Name(referral.state()).substr(14));
  }
  return lines;
}

inline std::vector<std::string> ProposalsOf(World& world, const std::string& signal) {
  std::vector<std::string> offers;
  const storage::v1::Case record = world.CaseOf(signal);
  for (const auto& proposal : record.signal().proposals()) {
    offers.emplace_back(domain::LastSegment(proposal.offer()));
  }
  return offers;
}

inline std::string MustSubmit(World& world, const v1::SubmitSignalRequest& request) {
  auto answer = world.Submit(Shop(), request);
  EXPECT_TRUE(answer.ok()) << answer.status();
  return answer.ok() ? answer->signal().name() : "";
}

inline std::string ReferralName(const std::string& signal, uint32_t number) {
  return domain::ReferralName(kGM, domain::LastSegment(signal), number);
}

inline std::vector<std::string> FieldsOf(const absl::Status& status) {
  std::vector<std::string> fields;
  for (const auto& violation : domain::ViolationsOf(status)) fields.push_back(violation.field);
  return fields;
}

template <class Request>
Request On(const std::string& signal, uint32_t number) {
  Request request;
  request.set_name(ReferralName(signal, number));
  return request;
}

inline v1::SubmitSignalRequest Elder(std::string_view district, bool consent) {
  v1::SubmitSignalRequest request = Submission(district);
  request.mutable_signal()->set_age_band(v1::AGE_BAND_65_PLUS);
  request.mutable_signal()->set_need(v1::NEED_VISIT);
  if (consent) *request.mutable_signal()->mutable_consent() = Consent();
  return request;
}

inline v1::DeclineReferralRequest Declining(const std::string& signal, uint32_t number) {
  auto request = On<v1::DeclineReferralRequest>(signal, number);
  request.set_reason(v1::DECLINE_REASON_NO_CAPACITY);
  return request;
}

inline v1::RecordContactAttemptRequest Recording(const std::string& signal, uint32_t number,
                                                 const v1::ContactAttempt& attempt = Attempt()) {
  auto request = On<v1::RecordContactAttemptRequest>(signal, number);
  *request.mutable_attempt() = attempt;
  return request;
}

// A case whose person was reached and consented, ready to be placed.
inline std::string ReadyToPlace(World& world, const v1::SubmitSignalRequest& submission) {
  const std::string signal = MustSubmit(world, submission);
  v1::RecordContactAttemptRequest reached = Recording(signal, 1);
  *reached.mutable_consent() = Consent();
  auto recorded = world.Record(Team(), reached);
  EXPECT_TRUE(recorded.ok()) << recorded.status();
  return signal;
}

inline v1::PlaceReferralRequest Placing(const std::string& signal,
                                        const std::vector<std::string>& offers,
                                        const std::string& why = "") {
  auto request = On<v1::PlaceReferralRequest>(signal, 1);
  for (const std::string& offer : offers) request.add_offers(OfferOf(offer));
  request.set_departure_reason(why);
  return request;
}

inline v1::RecordConsentRequest TakingBack(World& world, const std::string& signal,
                                           uint32_t number) {
  auto request = On<v1::RecordConsentRequest>(signal, number);
  *request.mutable_consent() = Consent();
  request.mutable_consent()->mutable_withdraw_time()->set_seconds(absl::ToUnixSeconds(world.now()));
  return request;
}

}  // namespace omzien::commit::testing

#endif  // OMZIEN_TESTS_SERVER_COMMIT_STEPS_H_
