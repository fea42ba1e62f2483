// What a social team or a receiving organisation does with a referral that it has. Each command is
// the domain's rule, what must be matched or sealed with it, and the referral as the answer.

#include <memory>
#include <utility>

#include "omzien/v1/error_reason.pb.h"
#include "server/commit/commands.h"
#include "server/commit/no_contact.h"
#include "server/commit/referral_edit.h"
#include "server/commit/routing.h"
#include "server/domain/case_rules.h"
#include "server/domain/days.h"
#include "server/domain/deadlines.h"
#include "server/domain/disclosure.h"
#include "server/domain/errors.h"
#include "server/domain/lifecycle.h"
#include "server/domain/names.h"
#include "server/domain/privacy.h"
#include "server/domain/references.h"
#include "server/domain/times.h"
#include "storage/keys.h"

namespace omzien::commit {
namespace {

using storage::v1::SealedText;

// A consent that no longer covers a live offer ends that referral; when nothing else is live, the
// first-contact party hears of it and sees what could be proposed now, unless the person is
// connected already.
absl::Status TakeConsent(const v1::Consent& consent, ReferralEdit& edit) {
  absl::Status status = domain::CheckConsentBy(*edit.record(), edit.number, consent);
  if (status.ok()) status = domain::RecordConsent(edit.record(), consent, edit.now());
  if (!status.ok()) return status;
  return ReturnToFirstContact(edit.edit->reading(), *edit.catalogue, edit.record());
}

// --- accept, wait ---

absl::StatusOr<std::string> Accept(const v1::AcceptReferralRequest&, ReferralEdit& edit) {
  absl::Status status = domain::Accept(edit.record(), edit.number, edit.now());
  if (!status.ok()) return status;
  return AnswerFor(edit);
}

absl::StatusOr<std::string> Waitlist(const v1::WaitlistReferralRequest& request,
                                     ReferralEdit& edit) {
  const google::type::Date* expected_on =
      request.has_room_expected_on() ? &request.room_expected_on() : nullptr;
  absl::Status status = domain::Waitlist(edit.record(), edit.number, expected_on, edit.now());
  if (!status.ok()) return status;
  return AnswerFor(edit);
}

// --- contact, consent ---

absl::Status LearnDistrict(const std::string& district, ReferralEdit& edit) {
  if (district.empty()) return absl::OkStatus();
  v1::Place place;
  place.set_district(district);
  auto resolved = domain::ResolvePlace(*edit.catalogue, place, "attempt");
  if (!resolved.ok()) return resolved.status();
  edit.record()->mutable_signal()->mutable_districts()->Assign(resolved->candidates.begin(),
                                                               resolved->candidates.end());
  return absl::OkStatus();
}

void CheckAttempt(const v1::RecordContactAttemptRequest& request,
                  const domain::Catalogue& catalogue,
                  std::vector<domain::FieldViolation>* violations) {
  domain::CheckAttemptReferences(catalogue, request.attempt(), "attempt", violations);
  domain::CheckConsentReferences(catalogue, request.consent(), "consent", violations);
}

// Of someone whose signal is open.
bool IsForProfessionals(const ReferralEdit& edit) {
  const v1::Signal& signal = edit.record()->signal();
  return domain::IsOpen(signal.state()) &&
         domain::NeedsProfessionals(signal.age_band(), signal.urgency());
}

absl::StatusOr<std::string> RecordAttempt(const v1::RecordContactAttemptRequest& request,
                                          ReferralEdit& edit) {
  v1::ContactAttempt attempt = request.attempt();
  if (attempt.direction() == v1::CONTACT_DIRECTION_UNSPECIFIED) {
    attempt.set_direction(v1::CONTACT_DIRECTION_OUTGOING);
  }
  if (!attempt.has_attempt_time())
    *attempt.mutable_attempt_time() = domain::TimestampOf(edit.now());
  storage::v1::SealedEntry entry;
  entry.set_referral_number(edit.number);
  entry.mutable_attempt()->set_index(static_cast<uint32_t>(edit.referral()->attempts_size()));
  if (domain::MoveIdentifying(&attempt, entry.mutable_attempt()->mutable_attempt())) {
    edit.edit->AddSealed(std::move(entry));
  }
  const domain::ResolvedPlace former_place = PlaceOf(*edit.catalogue, edit.record()->signal());
  const bool for_professionals = IsForProfessionals(edit);
  absl::Status status = domain::RecordAttempt(edit.record(), edit.number, attempt, edit.now());
  if (status.ok()) status = LearnDistrict(attempt.district_learnt(), edit);
  if (status.ok()) status = TakeWish(*edit.catalogue, attempt, *edit.edit);
  if (status.ok() && request.has_consent()) status = TakeConsent(request.consent(), edit);
  if (status.ok() && !attempt.district_learnt().empty()) {
    status = FollowThePerson(*edit.catalogue, former_place, edit.record(), edit.number, edit.now());
  }
  if (status.ok() && !for_professionals && IsForProfessionals(edit)) {
    status = GiveToProfessionals(*edit.catalogue, edit.record(), edit.now());
  }
  if (!status.ok()) return status;
  Rematch(edit.edit->reading(), *edit.catalogue, edit.record());
  return AnswerFor(edit);
}

void CheckConsent(const v1::RecordConsentRequest& request, const domain::Catalogue& catalogue,
                  std::vector<domain::FieldViolation>* violations) {
  domain::CheckConsentReferences(catalogue, request.consent(), "consent", violations);
}

absl::StatusOr<std::string> GiveConsent(const v1::RecordConsentRequest& request,
                                        ReferralEdit& edit) {
  absl::Status status = TakeConsent(request.consent(), edit);
  if (!status.ok()) return status;
  return AnswerFor(edit);
}

// --- place, complete ---

// The offers asked for, as referrals, and whether matching allows them.
struct Placement {
  std::vector<domain::NewReferral> referrals;
  absl::Status eligible;
};

void CheckPlacement(const v1::PlaceReferralRequest& request, const domain::Catalogue& catalogue,
                    std::vector<domain::FieldViolation>* violations) {
  domain::CheckOfferReferences(catalogue, request, violations);
  domain::CheckConsentReferences(catalogue, request.consent(), "consent", violations);
}

Placement PlacementFor(const v1::PlaceReferralRequest& request, const ReferralEdit& edit) {
  const domain::MatchQuery query = QueryFor(*edit.catalogue, *edit.record(), edit.now());
  Placement placement;
  for (const std::string& name : request.offers()) {
    // CheckPlacement found it, in this very catalogue.
    const v1::Offer* offer = edit.catalogue->offer(domain::LastSegment(name));
    if (offer == nullptr) continue;
    Chosen chosen = Choose(edit.edit->reading(), *edit.catalogue, query, *offer);
    placement.eligible.Update(chosen.eligible);
    placement.referrals.push_back(std::move(chosen.referral));
  }
  return placement;
}

absl::Status CheckDeparture(const v1::PlaceReferralRequest& request, const std::string& best) {
  if (best.empty() || !request.departure_reason().empty()) return absl::OkStatus();
  for (const std::string& offer : request.offers()) {
    if (offer == best) return absl::OkStatus();
  }
  return domain::Error(absl::StatusCode::kFailedPrecondition,
                       v1::ERROR_REASON_DEPARTURE_REASON_MISSING,
                       "the best proposal isn't among the offers: say why in departure_reason");
}

// State and consent come first: whether an offer fits matters only to who may place it.
absl::StatusOr<std::string> Place(const v1::PlaceReferralRequest& request, ReferralEdit& edit) {
  if (request.has_consent()) {
    if (absl::Status status = TakeConsent(request.consent(), edit); !status.ok()) return status;
  }
  Rematch(edit.edit->reading(), *edit.catalogue, edit.record());
  const auto& proposals = edit.record()->signal().proposals();
  const std::string best = proposals.empty() ? "" : proposals.begin()->offer();
  Placement placement = PlacementFor(request, edit);
  const auto first_new = static_cast<uint32_t>(edit.record()->referrals_size()) + 1;
  absl::Status status =
      domain::Place(edit.record(), edit.number, std::move(placement.referrals), edit.now());
  status.Update(placement.eligible);
  status.Update(CheckDeparture(request, best));
  if (!status.ok()) return status;
  SealText(*edit.edit, edit.number, SealedText::KIND_DEPARTURE, request.departure_reason());

  v1::PlaceReferralResponse response;
  *response.mutable_first_contact() = Show(edit, edit.number);
  for (uint32_t number = first_new;
       number <= static_cast<uint32_t>(edit.record()->referrals_size()); ++number) {
    *response.add_placed() = Show(edit, number);
  }
  return response.SerializeAsString();
}

absl::StatusOr<std::string> Complete(const v1::CompleteReferralRequest& request,
                                     ReferralEdit& edit) {
  const v1::Municipality& municipality = edit.catalogue->municipality();
  const absl::Time after_check = domain::DeadlineAfter(
      edit.now(), municipality.deadlines().after_check_days(), edit.catalogue->time_zone());
  absl::Status status = domain::Complete(edit.record(), edit.number, request.outcome(),
                                         municipality.unreachable(), after_check, edit.now());
  if (!status.ok()) return status;
  SealText(*edit.edit, edit.number, SealedText::KIND_COMPLETION, request.note());
  // A report under the Wmo that nobody decided on is the first contact's to decide.
  if (domain::IsOpen(edit.record()->signal().state()) && !domain::HasLiveReferral(*edit.record())) {
    Rematch(edit.edit->reading(), *edit.catalogue, edit.record());
    status = BackToFirstContact(*edit.catalogue, edit.record(), edit.now());
    if (!status.ok()) return status;
  }
  return AnswerFor(edit);
}

}  // namespace

std::unique_ptr<Command> AcceptReferral(Ask ask, const v1::AcceptReferralRequest& request) {
  return OnReferral(std::move(ask), request, &Accept);
}

std::unique_ptr<Command> WaitlistReferral(Ask ask, const v1::WaitlistReferralRequest& request) {
  return OnReferral(std::move(ask), request, &Waitlist);
}

std::unique_ptr<Command> RecordContactAttempt(Ask ask,
                                              const v1::RecordContactAttemptRequest& request) {
  return OnReferral(std::move(ask), request, &RecordAttempt, &CheckAttempt);
}

std::unique_ptr<Command> RecordConsent(Ask ask, const v1::RecordConsentRequest& request) {
  return OnReferral(std::move(ask), request, &GiveConsent, &CheckConsent);
}

std::unique_ptr<Command> PlaceReferral(Ask ask, const v1::PlaceReferralRequest& request) {
  return OnReferral(std::move(ask), request, &Place, &CheckPlacement);
}

std::unique_ptr<Command> CompleteReferral(Ask ask, const v1::CompleteReferralRequest& request) {
  return OnReferral(std::move(ask), request, &Complete);
}

}  // namespace omzien::commit
