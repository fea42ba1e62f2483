// How a case goes on when whoever has it can't, or doesn't: decline, fail, hand over, take back.
// Each leaves someone responsible.

#include <memory>
#include <utility>

#include "omzien/v1/error_reason.pb.h"
#include "server/commit/commands.h"
#include "server/commit/referral_edit.h"
#include "server/commit/routing.h"
#include "server/domain/days.h"
#include "server/domain/first_contact.h"
#include "server/domain/no_contact.h"
#include "server/domain/references.h"
#include "server/domain/sentences.h"

namespace omzien::commit {
namespace {

using storage::v1::SealedText;

// After the referral has ended.
absl::Status FindNext(ReferralEdit& edit) {
  const v1::Referral& ended = *edit.referral();
  if (ended.purpose() != v1::REFERRAL_PURPOSE_FIRST_CONTACT) {
    return MoveOn(edit.edit->reading(), *edit.catalogue, edit.record());
  }
  const std::string organisation = ended.organisation();
  return PassToEntranceTeam(*edit.catalogue, edit.record(), organisation, edit.now());
}

absl::StatusOr<std::string> Decline(const v1::DeclineReferralRequest& request, ReferralEdit& edit) {
  absl::Status status = domain::Decline(edit.record(), edit.number, request.reason(), edit.now());
  if (!status.ok()) return status;
  SealText(*edit.edit, edit.number, SealedText::KIND_DECLINE, request.text());
  if (status = FindNext(edit); !status.ok()) return status;
  return AnswerFor(edit);
}

absl::StatusOr<std::string> Fail(const v1::FailReferralRequest& request, ReferralEdit& edit) {
  absl::Status status = domain::Fail(edit.record(), edit.number, request.reason(), edit.now());
  if (!status.ok()) return status;
  SealText(*edit.edit, edit.number, SealedText::KIND_FAILURE, request.text());
  if (status = FindNext(edit); !status.ok()) return status;
  return AnswerFor(edit);
}

// --- hand over ---

void CheckHandOver(const v1::HandOverReferralRequest& request, const domain::Catalogue& catalogue,
                   std::vector<domain::FieldViolation>* violations) {
  domain::CheckHandOverReferences(catalogue, request, violations);
}

absl::StatusOr<domain::NewReferral> ToFirstContactParty(const v1::HandOverReferralRequest& request,
                                                        const ReferralEdit& edit) {
  const v1::Referral& referral = *edit.referral();
  const v1::Signal& signal = edit.record()->signal();
  if (request.organisation() == referral.organisation()) {
    return domain::InvalidFields({{"organisation", "is the one that has it"}});
  }
  auto party =
      domain::TakesOverAs(*edit.catalogue, domain::LastSegment(request.organisation()),
                          PlaceOf(*edit.catalogue, signal), signal.signaller_kind(),
                          domain::Today(edit.now(), edit.catalogue->time_zone()),
                          {referral.organisation_display_name(), request.introduce(),
                           domain::NeedsProfessionals(signal.age_band(), signal.urgency())});
  if (!party.ok()) return party.status();
  return FirstContactReferral(*edit.catalogue, *party, *edit.record(), edit.now());
}

// Which rule refuses would tell of the person's situation, and what was tried before of the case.
absl::Status RefusalFor(const ReferralEdit& edit, const domain::MatchQuery& query,
                        const std::string& offer, const absl::Status& refusal) {
  const bool may_know = domain::ScopesFor(*edit.record(), edit.referral()->organisation())
                            .contains(v1::CONSENT_SCOPE_SITUATION);
  if (may_know && !query.excluded_offers.contains(offer)) return refusal;
  return domain::Error(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_OFFER_NOT_ELIGIBLE,
                       "the offer can't be handed this person");
}

absl::StatusOr<domain::NewReferral> ToOffer(const v1::HandOverReferralRequest& request,
                                            const ReferralEdit& edit) {
  // CheckHandOver found it, in this very catalogue.
  const v1::Offer& offer = *edit.catalogue->offer(domain::LastSegment(request.offer()));
  const domain::MatchQuery query = QueryFor(*edit.catalogue, *edit.record(), edit.now());
  Chosen chosen = Choose(edit.edit->reading(), *edit.catalogue, query, offer);
  if (!domain::ConsentCovers(*edit.record(), chosen.referral.organisation)) {
    return std::move(chosen.referral);  // which the rule refuses: consent comes before fit
  }
  if (!chosen.eligible.ok()) return RefusalFor(edit, query, offer.id(), chosen.eligible);
  chosen.referral.reason = domain::WhyHandedOver(edit.referral()->organisation_display_name(),
                                                 request.introduce(), chosen.referral.reason);
  return std::move(chosen.referral);
}

// What doesn't fit the referral's purpose is the rule's to refuse.
absl::StatusOr<domain::NewReferral> SuccessorFor(const v1::HandOverReferralRequest& request,
                                                 const ReferralEdit& edit) {
  const bool offer = edit.referral()->purpose() == v1::REFERRAL_PURPOSE_OFFER;
  if (offer != !request.offer().empty() || !domain::IsLive(edit.referral()->state())) {
    domain::NewReferral other;
    other.purpose =
        request.offer().empty() ? v1::REFERRAL_PURPOSE_FIRST_CONTACT : v1::REFERRAL_PURPOSE_OFFER;
    return other;
  }
  return offer ? ToOffer(request, edit) : ToFirstContactParty(request, edit);
}

absl::StatusOr<std::string> HandOver(const v1::HandOverReferralRequest& request,
                                     ReferralEdit& edit) {
  auto successor = SuccessorFor(request, edit);
  if (!successor.ok()) return successor.status();
  successor->introduced = request.introduce();
  absl::Status status =
      domain::HandOver(edit.record(), edit.number, *std::move(successor), edit.now());
  if (!status.ok()) return status;
  const uint32_t next = domain::FindReferral(*edit.record(), edit.number)->successor();
  domain::FindReferral(edit.record(), next)->set_handed_over_by_holder(true);
  SealText(*edit.edit, next, SealedText::KIND_HAND_OVER, request.note());
  Rematch(edit.edit->reading(), *edit.catalogue, edit.record());
  return AnswerFor(edit);
}

// --- take back ---

// Whoever handed it over, as the one to have it again. Volunteers only what needs no professionals.
absl::StatusOr<domain::FirstContactParty> PartyBefore(const ReferralEdit& edit) {
  const storage::v1::ReferralRecord& taken = *domain::FindReferral(*edit.record(), edit.number);
  const storage::v1::ReferralRecord* before =
      domain::FindReferral(*edit.record(), taken.predecessor());
  if (before == nullptr || !taken.handed_over_by_holder()) return ReferralNotFound();
  const v1::Signal& signal = edit.record()->signal();
  const std::string& holder = taken.referral().organisation_display_name();
  auto party =
      domain::TakesOverAs(*edit.catalogue, domain::LastSegment(before->referral().organisation()),
                          PlaceOf(*edit.catalogue, signal), signal.signaller_kind(),
                          domain::Today(edit.now(), edit.catalogue->time_zone()),
                          {holder, false,
                           domain::NeedsProfessionals(signal.age_band(), signal.urgency()) ||
                               domain::StopsAutomaticContact(*edit.record(), edit.now())});
  if (party.ok()) party->reason = domain::WhyTakenBack(holder);
  return party;
}

// What nobody could have again a coordinator gives to the entrance team; to whoever handed it over
// the reason would tell of the person.
absl::Status GiveFirstContactBack(ReferralEdit& edit) {
  const auto party = PartyBefore(edit);
  if (party.ok()) {
    return domain::AddReferral(
        edit.record(), FirstContactReferral(*edit.catalogue, *party, *edit.record(), edit.now()),
        edit.now());
  }
  const domain::Relations relations = domain::RelationsTo(*edit.record(), *edit.caller);
  if (!relations.Has(domain::Relation::kCoordinator)) return ReferralNotFound();
  return PassToEntranceTeam(*edit.catalogue, edit.record(),
                            std::string(edit.referral()->organisation()), edit.now());
}

absl::StatusOr<std::string> TakeBack(const v1::TakeBackReferralRequest& request,
                                     ReferralEdit& edit) {
  const bool offer = edit.referral()->purpose() == v1::REFERRAL_PURPOSE_OFFER;
  absl::Status status = domain::TakeBack(edit.record(), edit.number, edit.now());
  if (!status.ok()) return status;
  SealText(*edit.edit, edit.number, SealedText::KIND_TAKING_BACK, request.reason());
  status = offer ? ReturnToFirstContact(edit.edit->reading(), *edit.catalogue, edit.record())
                 : GiveFirstContactBack(edit);
  if (!status.ok()) return status;
  return AnswerFor(edit);
}

}  // namespace

std::unique_ptr<Command> DeclineReferral(Ask ask, const v1::DeclineReferralRequest& request) {
  return OnReferral(std::move(ask), request, &Decline);
}

std::unique_ptr<Command> FailReferral(Ask ask, const v1::FailReferralRequest& request) {
  return OnReferral(std::move(ask), request, &Fail);
}

std::unique_ptr<Command> HandOverReferral(Ask ask, const v1::HandOverReferralRequest& request) {
  return OnReferral(std::move(ask), request, &HandOver, &CheckHandOver);
}

std::unique_ptr<Command> TakeBackReferral(Ask ask, const v1::TakeBackReferralRequest& request) {
  return OnReferral<v1::TakeBackReferralRequest>(std::move(ask), request, &TakeBack, nullptr,
                                                 &domain::MayTakeBack);
}

}  // namespace omzien::commit
