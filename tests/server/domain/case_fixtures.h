// Cases to test with: invented ids, nobody real.

#ifndef OMZIEN_TESTS_SERVER_DOMAIN_CASE_FIXTURES_H_
#define OMZIEN_TESTS_SERVER_DOMAIN_CASE_FIXTURES_H_

#include <string>

#include "absl/time/time.h"
#include "omzien/storage/v1/records.pb.h"
#include "server/domain/case_rules.h"
#include "server/domain/names.h"
#include "server/domain/times.h"

namespace omzien::domain {

inline const absl::Time kReceived = absl::FromUnixSeconds(1'795'000'000);
inline constexpr char kMunicipality[] = "GM9901";
inline constexpr char kCaseId[] = "k7q2m4xp0123abcd";

inline std::string Org(const std::string& id) { return OrganisationName(kMunicipality, id); }
inline std::string OfferOf(const std::string& id) { return OfferName(kMunicipality, id); }

// Received from organisation "shop"; nothing done yet.
inline storage::v1::Case NewCase() {
  storage::v1::Case c;
  c.set_municipality(kMunicipality);
  c.set_id(kCaseId);
  c.set_version(1);
  v1::Signal* signal = c.mutable_signal();
  signal->set_state(v1::SIGNAL_STATE_RECEIVED);
  signal->set_organisation(Org("shop"));
  signal->set_signaller_kind(v1::SIGNALLER_KIND_SHOPKEEPER);
  *signal->mutable_receive_time() = TimestampOf(kReceived);
  return c;
}

inline NewReferral ForFirstContact(const std::string& organisation) {
  NewReferral referral;
  referral.purpose = v1::REFERRAL_PURPOSE_FIRST_CONTACT;
  referral.organisation = Org(organisation);
  referral.organisation_display_name = organisation;
  referral.accept_by = kReceived + absl::Hours(24);
  referral.contact_by = kReceived + absl::Hours(72);
  return referral;
}

inline NewReferral ForOffer(const std::string& organisation, const std::string& offer) {
  NewReferral referral;
  referral.purpose = v1::REFERRAL_PURPOSE_OFFER;
  referral.organisation = Org(organisation);
  referral.organisation_display_name = organisation;
  referral.offer = OfferOf(offer);
  referral.offer_display_name = offer;
  referral.accept_by = kReceived + absl::Hours(48);
  referral.contact_by = kReceived + absl::Hours(240);
  return referral;
}

inline v1::ContactAttempt Attempt(v1::ContactWith with, v1::ContactChannel channel,
                                  v1::ContactResult result) {
  v1::ContactAttempt attempt;
  attempt.set_with(with);
  attempt.set_channel(channel);
  attempt.set_result(result);
  return attempt;
}

inline v1::ContactAttempt Reached() {
  return Attempt(v1::CONTACT_WITH_PERSON, v1::CONTACT_CHANNEL_PHONE, v1::CONTACT_RESULT_REACHED);
}

inline v1::ContactAttempt NoAnswer(v1::ContactChannel channel = v1::CONTACT_CHANNEL_PHONE) {
  return Attempt(v1::CONTACT_WITH_PERSON, channel, v1::CONTACT_RESULT_NO_ANSWER);
}

inline v1::Consent ConsentTo(const std::vector<std::string>& organisations) {
  v1::Consent consent;
  consent.set_by_whom(v1::CONSENT_GIVER_PERSON);
  *consent.mutable_when() = TimestampOf(kReceived);
  for (const std::string& organisation : organisations) consent.add_to_whom(Org(organisation));
  return consent;
}

inline v1::UnreachableRule ThreeOverTwo() {
  v1::UnreachableRule rule;
  rule.set_attempts(3);
  rule.set_channels(2);
  return rule;
}

}  // namespace omzien::domain

#endif  // OMZIEN_TESTS_SERVER_DOMAIN_CASE_FIXTURES_H_
