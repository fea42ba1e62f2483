// How a case goes on when whoever has it can't, or when it had ended: decline, fail, hand over,
// reopen. Each leaves someone responsible: redirect, whoever took over.

#include <algorithm>
#include <memory>
#include <utility>

#include "omzien/v1/error_reason.pb.h"
#include "server/commit/commands.h"
#include "server/commit/referral_edit.h"
#include "server/commit/routing.h"
#include "server/domain/days.h"
#include "server/domain/first_contact.h"
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

absl::StatusOr<domain::NewReferral> ToOffer(const v1::HandOverReferralRequest& request,
                                            const ReferralEdit& edit) {
  // CheckHandOver found it, in this very catalogue.
  const v1::Offer& offer = *edit.catalogue->offer(domain::LastSegment(request.offer()));
  Chosen chosen = Choose(edit.edit->reading(), *edit.catalogue,
                         QueryFor(*edit.catalogue, *edit.record(), edit.now()), offer);
  if (!domain::ConsentCovers(*edit.record(), chosen.referral.organisation)) {
    return std::move(chosen.referral);  // which the rule refuses: consent comes before fit
  }
  if (!chosen.eligible.ok()) return chosen.eligible;
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
  SealText(*edit.edit, next, SealedText::KIND_HAND_OVER, request.note());
  Rematch(edit.edit->reading(), *edit.catalogue, edit.record());
  return AnswerFor(edit);
}

// --- of the signal as a whole: reopen, redirect ---

// Who coordinates may, and who has or had the first contact.
bool MayReopen(const storage::v1::Case& /*record*/, const domain::Relations& relations) {
  return relations.Has(domain::Relation::kCoordinator) ||
         relations.Has(domain::Relation::kFirstContact);
}

// Who coordinates may, and who has the first contact now.
bool MayRedirect(const storage::v1::Case& record, const domain::Relations& relations) {
  return relations.Has(domain::Relation::kCoordinator) ||
         std::ranges::any_of(record.referrals(), [&relations](const auto& item) {
           const v1::Referral& referral = item.referral();
           return referral.purpose() == v1::REFERRAL_PURPOSE_FIRST_CONTACT &&
                  domain::IsLive(referral.state()) && domain::MayAct(relations, item.number());
         });
}

absl::Status Reopen(const v1::ReopenSignalRequest& request, const domain::Catalogue& catalogue,
                    CaseEdit& edit) {
  absl::Status status = domain::Reopen(edit.record(), edit.now());
  if (!status.ok()) return status;
  SealText(edit, 0, SealedText::KIND_REOPENING, request.reason());
  Rematch(edit.reading(), catalogue, edit.record());
  return BackToFirstContact(catalogue, edit.record(), edit.now());
}

absl::Status Redirect(const v1::RedirectSignalRequest& request,
                      const domain::Catalogue& /*catalogue*/, CaseEdit& edit) {
  SealText(edit, 0, SealedText::KIND_REDIRECTION, request.taken_over_by());
  return domain::Redirect(edit.record(), edit.now());
}

// The way of a command on a signal: find it, may the caller, is it as the caller saw it, the rule.
template <class Request>
struct SignalStep {
  bool (*may)(const storage::v1::Case&, const domain::Relations&);
  absl::Status (*rule)(const Request&, const domain::Catalogue&, CaseEdit&);
};

template <class Request>
absl::StatusOr<Decision> ApplyToSignal(const Request& request, const domain::NameParts& name,
                                       const domain::Caller& caller,
                                       const SignalStep<Request>& step, Reading& reading) {
  const auto catalogue = reading.catalogue(name.municipality);
  if (catalogue == nullptr) return SignalNotFound();
  absl::StatusOr<CaseEdit> edit = CaseEdit::Load(&reading, name.municipality, name.id);
  if (!edit.ok()) return absl::IsNotFound(edit.status()) ? SignalNotFound() : edit.status();
  storage::v1::Case* record = edit->record();
  if (!step.may(*record, domain::RelationsTo(*record, caller))) return SignalNotFound();
  absl::Status status = domain::CheckEtag(request.etag(), record->version());
  if (status.ok()) status = step.rule(request, *catalogue, *edit);
  if (!status.ok()) return status;
  std::string answer =
      domain::SignalFor(*record, domain::RelationsTo(*record, caller)).SerializeAsString();
  return (*std::move(edit)).Finish(std::move(answer));
}

template <class Request>
std::unique_ptr<Command> OnSignal(Ask ask, const Request& request, SignalStep<Request> step) {
  const domain::NameParts name =
      domain::ParseSignalName(request.name()).value_or(domain::NameParts{});
  auto shared = std::make_shared<const Request>(request);
  const domain::Caller caller = ask.caller;
  return std::make_unique<Mutation>(
      std::move(ask), std::vector<std::string>{storage::keys::Case(name.municipality, name.id)},
      nullptr,
      [shared, name, caller, step](Reading& reading) {
        return ApplyToSignal(*shared, name, caller, step, reading);
      },
      /*exclusive=*/false);
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

std::unique_ptr<Command> ReopenSignal(Ask ask, const v1::ReopenSignalRequest& request) {
  return OnSignal<v1::ReopenSignalRequest>(std::move(ask), request, {&MayReopen, &Reopen});
}

std::unique_ptr<Command> RedirectSignal(Ask ask, const v1::RedirectSignalRequest& request) {
  return OnSignal<v1::RedirectSignalRequest>(std::move(ask), request, {&MayRedirect, &Redirect});
}

}  // namespace omzien::commit
