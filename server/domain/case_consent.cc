// Of case_rules.h, what concerns the person's consent.

#include "server/domain/case_rules.h"

#include <algorithm>

#include "server/domain/caller.h"
#include "server/domain/case_steps.h"

namespace omzien::domain {
namespace {

using internal::End;
using internal::Full;
using internal::NoSuchReferral;
using internal::Refuse;
using internal::TouchCase;
using storage::v1::Case;
using storage::v1::ReferralRecord;

}  // namespace

absl::Status RecordConsent(Case* c, const v1::Consent& consent, absl::Time now) {
  const bool taken_back = consent.has_withdraw_time();
  const auto state = Next(c->signal().state(),
                          taken_back ? SignalEvent::kTakeBackConsent : SignalEvent::kGiveConsent);
  if (!state.ok()) return state.status();
  if (c->has_consent()) {
    auto* earlier = c->mutable_earlier_consents();
    if (earlier->size() >= kEarlierConsentsMax) {
      if (!taken_back) return Full("consents");
      earlier->DeleteSubrange(0, 1);
    }
    *earlier->Add() = c->consent();
  }
  *c->mutable_consent() = consent;
  for (ReferralRecord& record : *c->mutable_referrals()) {
    const v1::Referral& referral = record.referral();
    if (!IsLive(referral.state())) continue;
    const auto cancelled = Next(referral.state(), ReferralEvent::kCancel);
    if (referral.purpose() == v1::REFERRAL_PURPOSE_OFFER && cancelled.ok() &&
        !ConsentCovers(*c, referral.organisation())) {
      End(&record, *cancelled, now);
    }
    // It ended, or shows whether consent was given: whoever read it before must look again.
    record.set_version(record.version() + 1);
  }
  TouchCase(c, now);
  return absl::OkStatus();
}

absl::Status CheckConsentBy(const Case& c, uint32_t number, const v1::Consent& consent) {
  if (consent.has_withdraw_time()) return absl::OkStatus();
  const ReferralRecord* record = FindReferral(c, number);
  if (record == nullptr) return NoSuchReferral();
  const v1::Referral& referral = record->referral();
  if (referral.purpose() != v1::REFERRAL_PURPOSE_FIRST_CONTACT) {
    return Error(absl::StatusCode::kPermissionDenied, v1::ERROR_REASON_ROLE_NOT_ALLOWED,
                 "only the first-contact party records that consent was given",
                 {{"role", std::string(RoleName(Role::kReceiver))}});
  }
  const bool placed = referral.outcome() == v1::OUTCOME_PLACED && IsOpen(c.signal().state());
  if (!IsLive(referral.state()) && !placed) {
    return Refuse(v1::ERROR_REASON_WRONG_STATE, "the referral has ended",
                  {{"state", StateName(referral.state())}});
  }
  if (c.consent().has_withdraw_time() &&
      TimeOf(consent.when()) < TimeOf(c.consent().withdraw_time())) {
    return InvalidFields({{"consent.when", "must not be before consent was taken back"}});
  }
  return absl::OkStatus();
}

bool ConsentCovers(const Case& c, std::string_view organisation) {
  if (!c.has_consent() || c.consent().has_withdraw_time()) return false;
  const auto& to_whom = c.consent().to_whom();
  return to_whom.empty() || std::ranges::find(to_whom, organisation) != to_whom.end();
}

std::set<v1::ConsentScope> ScopesFor(const Case& c, std::string_view organisation) {
  std::set<v1::ConsentScope> scopes;
  if (!ConsentCovers(c, organisation)) return scopes;
  for (int i = 0; i < c.consent().what_size(); ++i) scopes.insert(c.consent().what(i));
  if (scopes.empty()) {
    scopes = {v1::CONSENT_SCOPE_CONTACT_DETAILS, v1::CONSENT_SCOPE_SITUATION};
  }
  return scopes;
}

}  // namespace omzien::domain
