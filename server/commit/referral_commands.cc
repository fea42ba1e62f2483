// What a social team or a receiving organisation does with a referral. Each command is the domain's
// rule, what must be matched or sealed with it, and the referral as the answer.

#include <memory>
#include <utility>

#include "omzien/v1/error_reason.pb.h"
#include "server/commit/case_edit.h"
#include "server/commit/commands.h"
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

// A referral on its way, with all that a rule may need.
struct ReferralEdit {
  CaseEdit* edit;
  const domain::Catalogue* catalogue;
  const domain::Caller* caller;
  uint32_t number;

  storage::v1::Case* record() const { return edit->record(); }
  v1::Referral* referral() const {
    return domain::FindReferral(record(), number)->mutable_referral();
  }
  absl::Time now() const { return edit->now(); }
};

absl::Status NotFound() {
  return domain::Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_REFERRAL_NOT_FOUND,
                       "no such referral");
}

void SealText(ReferralEdit& edit, SealedText::Kind kind, const std::string& text) {
  if (text.empty()) return;
  storage::v1::SealedEntry entry;
  entry.set_referral_number(edit.number);
  entry.mutable_text()->set_kind(kind);
  entry.mutable_text()->set_text(text);
  edit.edit->AddSealed(std::move(entry));
}

v1::Referral Show(const ReferralEdit& edit, uint32_t number) {
  const storage::v1::Case& record = *edit.record();
  return domain::ReferralFor(record, number, domain::RelationsTo(record, *edit.caller), edit.now());
}

std::string AnswerFor(const ReferralEdit& edit) {
  return Show(edit, edit.number).SerializeAsString();
}

template <class Request>
using Rule = absl::StatusOr<std::string> (*)(const Request&, ReferralEdit&);

// The way of every command on a referral: find it, is it the caller's, is it as the caller saw it,
// the rule, the rows.
template <class Request>
absl::StatusOr<Decision> Apply(const Request& request, const domain::ReferralParts& name,
                               const domain::Caller& caller, Rule<Request> rule, Reading& reading) {
  const auto catalogue = reading.catalogue(name.municipality);
  if (catalogue == nullptr) return NotFound();
  absl::StatusOr<CaseEdit> edit = CaseEdit::Load(&reading, name.municipality, name.case_id);
  if (!edit.ok()) return absl::IsNotFound(edit.status()) ? NotFound() : edit.status();
  const storage::v1::ReferralRecord* found = domain::FindReferral(edit->record(), name.number);
  // Whoever isn't the referral's own organisation may not know that it exists.
  if (found == nullptr ||
      !domain::MayAct(domain::RelationsTo(*edit->record(), caller), name.number)) {
    return NotFound();
  }
  if (absl::Status status = domain::CheckEtag(request.etag(), found->version()); !status.ok()) {
    return status;
  }
  ReferralEdit on{&*edit, catalogue.get(), &caller, name.number};
  absl::StatusOr<std::string> answer = rule(request, on);
  if (!answer.ok()) return answer.status();
  return (*std::move(edit)).Finish(*std::move(answer));
}

// What the catalogue says is wrong with the request, whatever referral it is about.
template <class Request>
using CatalogueCheck = void (*)(const Request&, const domain::Catalogue&,
                                std::vector<domain::FieldViolation>*);

template <class Request>
std::unique_ptr<Command> OnReferral(Ask ask, const Request& request, Rule<Request> rule,
                                    CatalogueCheck<Request> check = nullptr) {
  const domain::ReferralParts name =
      domain::ParseReferralName(request.name()).value_or(domain::ReferralParts{});
  std::vector<std::string> keys = {storage::keys::Case(name.municipality, name.case_id)};
  auto shared = std::make_shared<const Request>(request);
  const domain::Caller caller = ask.caller;
  Mutation::Check against_catalogue;
  if (check != nullptr) {
    against_catalogue = [shared, name, check](Reading& reading, auto* violations) {
      const auto catalogue = reading.catalogue(name.municipality);
      if (catalogue != nullptr) check(*shared, *catalogue, violations);
    };
  }
  return std::make_unique<Mutation>(
      std::move(ask), std::move(keys), std::move(against_catalogue),
      [shared, name, caller, rule](Reading& reading) {
        return Apply(*shared, name, caller, rule, reading);
      },
      /*exclusive=*/false);
}

// --- who is responsible next ---

// Gives a first contact to the team that can't turn it away.
absl::Status AssignEntranceTeam(ReferralEdit& edit, domain::EntranceCause cause) {
  auto party = domain::EntranceTeam(*edit.catalogue, cause);
  if (!party.ok()) return party.status();
  if (cause == domain::EntranceCause::kTakesOver &&
      domain::LastSegment(edit.referral()->organisation()) == party->organisation) {
    return domain::Error(absl::StatusCode::kFailedPrecondition,
                         v1::ERROR_REASON_NOBODY_TO_PASS_ON_TO,
                         "the entrance team has nobody to pass a first contact on to");
  }
  return domain::AddReferral(
      edit.record(), FirstContactReferral(*edit.catalogue, *party, *edit.record(), edit.now()),
      edit.now());
}

// Someone is always responsible: the first-contact party of the place, else the entrance team.
absl::Status BackToFirstContact(ReferralEdit& edit) {
  const absl::Status assigned = AssignFirstContact(*edit.catalogue, edit.record(), edit.now());
  if (domain::ReasonOf(assigned) != "NO_FIRST_CONTACT_PARTY") return assigned;
  return AssignEntranceTeam(edit, domain::EntranceCause::kNobodyElse);
}

// Matched again without this offer; to the first-contact party when nothing else is live. Whoever
// is connected already is sent on to nobody.
absl::Status MoveOn(ReferralEdit& edit) {
  Rematch(edit.edit->reading(), *edit.catalogue, edit.record());
  if (domain::HasLiveReferral(*edit.record())) return absl::OkStatus();
  if (domain::IsConnected(*edit.record())) {
    return domain::CloseAsConnected(edit.record(), edit.now());
  }
  if (PlaceWithBest(*edit.catalogue, edit.record(), edit.now())) return absl::OkStatus();
  return BackToFirstContact(edit);
}

// A consent that no longer covers a live offer ends that referral; when nothing else is live, the
// first-contact party hears of it and sees what could be proposed now, unless the person is
// connected already.
absl::Status TakeConsent(const v1::Consent& consent, ReferralEdit& edit) {
  absl::Status status = domain::CheckConsentBy(*edit.record(), edit.number, consent);
  if (status.ok()) status = domain::RecordConsent(edit.record(), consent, edit.now());
  if (!status.ok()) return status;
  if (!domain::IsOpen(edit.record()->signal().state()) || domain::HasLiveReferral(*edit.record())) {
    return absl::OkStatus();
  }
  Rematch(edit.edit->reading(), *edit.catalogue, edit.record());
  if (domain::IsConnected(*edit.record())) {
    return domain::CloseAsConnected(edit.record(), edit.now());
  }
  return BackToFirstContact(edit);
}

// --- accept, decline ---

absl::StatusOr<std::string> Accept(const v1::AcceptReferralRequest&, ReferralEdit& edit) {
  absl::Status status = domain::Accept(edit.record(), edit.number, edit.now());
  if (!status.ok()) return status;
  return AnswerFor(edit);
}

absl::StatusOr<std::string> Decline(const v1::DeclineReferralRequest& request, ReferralEdit& edit) {
  absl::Status status = domain::Decline(edit.record(), edit.number, request.reason(), edit.now());
  if (!status.ok()) return status;
  SealText(edit, SealedText::KIND_DECLINE, request.text());
  status = edit.referral()->purpose() == v1::REFERRAL_PURPOSE_FIRST_CONTACT
               ? AssignEntranceTeam(edit, domain::EntranceCause::kTakesOver)
               : MoveOn(edit);
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
  domain::CheckAttemptReferences(catalogue, request.attempt(), violations);
  domain::CheckConsentReferences(catalogue, request.consent(), "consent", violations);
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
  absl::Status status = domain::RecordAttempt(edit.record(), edit.number, attempt, edit.now());
  if (status.ok()) status = LearnDistrict(attempt.district_learnt(), edit);
  if (status.ok() && request.has_consent()) status = TakeConsent(request.consent(), edit);
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

absl::Status NotEligible(const std::string& why) {
  return domain::Error(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_OFFER_NOT_ELIGIBLE,
                       why);
}

// Others are joined by oneself, or only known of.
bool CanBeReferredTo(const v1::Offer& offer) {
  return offer.mode() == v1::REFERRAL_MODE_DIRECT || offer.mode() == v1::REFERRAL_MODE_ASK_FIRST;
}

// What matching says of an offer that someone chose.
absl::Status CheckEligible(const v1::Offer& offer, const v1::OfferMatch& match) {
  if (!match.fits()) return NotEligible(match.reason().en());
  if (!CanBeReferredTo(offer)) {
    return NotEligible("people join this offer by themselves; no referral is made");
  }
  return absl::OkStatus();
}

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
  const domain::LoadOf loads = LoadsOf(edit.edit->reading(), edit.record()->municipality());
  Placement placement;
  for (const std::string& name : request.offers()) {
    // CheckPlacement found it, in this very catalogue.
    const v1::Offer* offer = edit.catalogue->offer(domain::LastSegment(name));
    if (offer == nullptr) continue;
    const v1::OfferMatch match = domain::MatchOne(*edit.catalogue, query, *offer, loads);
    placement.eligible.Update(CheckEligible(*offer, match));
    placement.referrals.push_back(
        OfferReferral(*edit.catalogue, *offer, match.reason(), edit.now()));
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
  SealText(edit, SealedText::KIND_DEPARTURE, request.departure_reason());

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
  SealText(edit, SealedText::KIND_COMPLETION, request.note());
  return AnswerFor(edit);
}

}  // namespace

std::unique_ptr<Command> AcceptReferral(Ask ask, const v1::AcceptReferralRequest& request) {
  return OnReferral(std::move(ask), request, &Accept);
}

std::unique_ptr<Command> DeclineReferral(Ask ask, const v1::DeclineReferralRequest& request) {
  return OnReferral(std::move(ask), request, &Decline);
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
