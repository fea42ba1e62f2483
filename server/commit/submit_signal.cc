// SubmitSignal: from a few words at a till to someone who is responsible, in one commit.

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "omzien/v1/error_reason.pb.h"
#include "server/commit/case_edit.h"
#include "server/commit/commands.h"
#include "server/commit/first_attempt.h"
#include "server/commit/no_contact.h"
#include "server/commit/routing.h"
#include "server/domain/days.h"
#include "server/domain/disclosure.h"
#include "server/domain/errors.h"
#include "server/domain/names.h"
#include "server/domain/no_contact.h"
#include "server/domain/privacy.h"
#include "server/domain/references.h"
#include "server/domain/same_person.h"
#include "server/domain/times.h"
#include "server/domain/validation.h"
#include "storage/keys.h"

namespace omzien::commit {
namespace {

using domain::FieldViolation;

// The signal that was stated, as it comes to rest.
struct Stated {
  v1::Signal clear;
  v1::Signal identifying;
  v1::Consent consent;
  v1::ContactAttempt first_attempt;  // clear; and what identifies in it, if anything does
  std::optional<storage::v1::SealedEntry> sealed_attempt;
};

// A submission on its way: what was asked, by whom, and what it became.
struct Submission {
  std::shared_ptr<const v1::SubmitSignalRequest> request;
  // Made before the writer's turn: it is the same whatever is decided.
  Stated stated;
  domain::Caller caller;
  std::string municipality;
  // It derives from caller and request_id, so a create stays guarded when its stored answer is long
  // gone.
  std::string case_id;
  storage::v1::PersonTraits traits;
};

Stated StatedIn(const v1::SubmitSignalRequest& request) {
  v1::Signal signal = request.signal();
  Stated stated;
  domain::ClearOutputOnly(&signal);
  stated.consent = std::move(*signal.mutable_consent());
  signal.clear_consent();
  signal.clear_etag();
  domain::CoarsenPlace(signal.mutable_place());
  domain::MoveIdentifying(&signal, &stated.identifying);
  stated.clear = std::move(signal);
  stated.first_attempt = request.first_attempt();
  storage::v1::SealedEntry attempt;
  attempt.set_referral_number(kFirstAttemptReferral);
  if (domain::MoveIdentifying(&stated.first_attempt,
                              attempt.mutable_attempt()->mutable_attempt())) {
    stated.sealed_attempt = std::move(attempt);
  }
  return stated;
}

absl::Status UnknownMunicipality() {
  return domain::Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_MUNICIPALITY_NOT_FOUND,
                       "no such municipality");
}

// For which of its organisations the caller signals.
absl::StatusOr<std::string> SignallingOrganisation(const Submission& submission) {
  const std::set<std::string> own =
      submission.caller.OrganisationsAs(submission.municipality, domain::Role::kSignaller);
  const std::string& asked = submission.request->signal().organisation();
  if (asked.empty()) {
    if (own.size() == 1) return *own.begin();
    return domain::InvalidFields(
        {{"signal.organisation", "must be set: the caller signals for several organisations"}},
        v1::ERROR_REASON_ORGANISATION_AMBIGUOUS);
  }
  std::string id(domain::LastSegment(asked));
  if (own.contains(id)) return id;
  return domain::InvalidFields(
      {{"signal.organisation", "isn't an organisation for which the caller signals"}});
}

// A place outside the municipality and an organisation that isn't clear are refused with a reason
// of their own, unless more is wrong: then everything is told at once.
void AddWhatHasItsOwnReason(const Submission& submission, const domain::Catalogue& catalogue,
                            std::vector<FieldViolation>* violations) {
  std::vector<FieldViolation> found =
      domain::ViolationsOf(SignallingOrganisation(submission).status());
  const v1::Place& place = submission.request->signal().place();
  for (FieldViolation& outside :
       domain::ViolationsOf(domain::ResolvePlace(catalogue, place, "signal.place").status())) {
    found.push_back(std::move(outside));
  }
  if (violations->empty() && found.size() == 1) return;
  domain::AddUnlessKnown(std::move(found), violations);
}

// An organisation signals as what the catalogue says it is, or passes on what a resident, a
// relative or the person says. A shop passes on residents only: what a signaller is told rests on
// its kind.
bool MaySignalAs(v1::SignallerKind own, v1::SignallerKind kind) {
  switch (kind) {
    case v1::SIGNALLER_KIND_UNSPECIFIED:
    case v1::SIGNALLER_KIND_RESIDENT:
      return true;
    case v1::SIGNALLER_KIND_FAMILY_OR_CARER:
    case v1::SIGNALLER_KIND_SELF:
      return own != v1::SIGNALLER_KIND_SHOPKEEPER && own != v1::SIGNALLER_KIND_RESIDENT;
    default:
      return kind == own;
  }
}

// The kind that is recorded: as stated, else what the catalogue says the organisation is.
v1::SignallerKind KindOf(const v1::Signal& signal, const v1::Organisation* own) {
  if (signal.signaller_kind() != v1::SIGNALLER_KIND_UNSPECIFIED || own == nullptr) {
    return signal.signaller_kind();
  }
  return own->kind();
}

// Who is bound to medical secrecy tells nothing without the person's consent.
bool MustStateConsent(v1::SignallerKind kind) {
  return kind == v1::SIGNALLER_KIND_GP || kind == v1::SIGNALLER_KIND_CARE_PROVIDER;
}

// Who calls on people as their work may say that they did.
void CheckFirstAttempt(const v1::SubmitSignalRequest& request, const domain::Catalogue& catalogue,
                       v1::SignallerKind kind, std::vector<FieldViolation>* violations) {
  if (!request.has_first_attempt()) return;
  if (kind != v1::SIGNALLER_KIND_SOCIAL_TEAM && kind != v1::SIGNALLER_KIND_WELFARE_ORGANISATION) {
    violations->push_back(
        {"first_attempt", "is for social teams and welfare organisations that signal"});
  }
  domain::CheckAttemptReferences(catalogue, request.first_attempt(), "first_attempt", violations);
}

// What the catalogue in force must know.
void CheckAgainstCatalogue(const Submission& submission, Reading& reading,
                           std::vector<FieldViolation>* violations) {
  const auto catalogue = reading.catalogue(submission.municipality);
  if (catalogue == nullptr) return;
  const v1::Signal& signal = submission.request->signal();
  const auto own_id = SignallingOrganisation(submission);
  const v1::Organisation* own = own_id.ok() ? catalogue->organisation(*own_id) : nullptr;
  const v1::SignallerKind kind = KindOf(signal, own);
  if (own != nullptr && !MaySignalAs(own->kind(), signal.signaller_kind())) {
    violations->push_back(
        {"signal.signaller_kind", "isn't a kind as which this organisation signals"});
  } else if (MustStateConsent(kind) && !signal.has_consent()) {
    violations->push_back({"signal.consent", "must be stated by a GP or care provider"});
  }
  domain::CheckSignalReferences(*catalogue, signal, kind, violations);
  CheckFirstAttempt(*submission.request, *catalogue, kind, violations);
  AddWhatHasItsOwnReason(submission, *catalogue, violations);
}

// The record before anyone is responsible for it.
absl::StatusOr<storage::v1::Case> NewRecord(const Submission& submission, Reading& reading,
                                            const domain::Catalogue& catalogue) {
  auto organisation = SignallingOrganisation(submission);
  if (!organisation.ok()) return organisation.status();
  auto place =
      domain::ResolvePlace(catalogue, submission.request->signal().place(), "signal.place");
  if (!place.ok()) return place.status();
  const absl::Time now = reading.now();
  const absl::CivilDay today = domain::Today(now, catalogue.time_zone());

  storage::v1::Case record;
  record.set_municipality(submission.municipality);
  record.set_id(submission.case_id);
  record.set_caller(submission.caller.id);
  record.set_version(1);
  record.set_code_given(submission.request->code_wanted());
  record.set_receive_day(domain::DayNumber(today));
  if (submission.request->signal().has_consent()) {
    *record.mutable_consent() = submission.stated.consent;
  }
  v1::Signal& signal = *record.mutable_signal();
  signal = submission.stated.clear;
  signal.set_organisation(domain::OrganisationName(submission.municipality, *organisation));
  if (!signal.has_observed_on()) *signal.mutable_observed_on() = domain::DateOfDay(today);
  signal.set_signaller_kind(KindOf(signal, catalogue.organisation(*organisation)));
  if (signal.need() == v1::NEED_UNSPECIFIED) signal.set_need(v1::NEED_UNKNOWN);
  *record.mutable_stated_target_groups() = signal.target_groups();
  signal.mutable_districts()->Assign(place->candidates.begin(), place->candidates.end());
  *signal.mutable_receive_time() = domain::TimestampOf(now);
  *signal.mutable_update_time() = signal.receive_time();
  signal.set_state(v1::SIGNAL_STATE_RECEIVED);
  RaiseBy(catalogue, submission.request->signal().own_words(), &signal);
  return record;
}

// With consent straight to the best offer; otherwise to whoever calls first there; UNMATCHED where
// nobody does. Who made contact already goes on from there.
absl::Status Give(const Submission& submission, Reading& reading,
                  const domain::Catalogue& catalogue, storage::v1::Case* record) {
  if (submission.request->has_first_attempt()) {
    return BeginWithFirstAttempt(submission.stated.first_attempt, catalogue, &reading, record);
  }
  if (PlaceWithBest(&reading, catalogue, record)) return absl::OkStatus();
  const absl::Status assigned = AssignFirstContact(catalogue, record, reading.now());
  if (domain::ReasonOf(assigned) != "NO_FIRST_CONTACT_PARTY") return assigned;
  record->mutable_signal()->set_state(v1::SIGNAL_STATE_UNMATCHED);
  return absl::OkStatus();
}

// The signaller is told what it would be told of anyone else.
absl::Status Route(const Submission& submission, Reading& reading,
                   const domain::Catalogue& catalogue, storage::v1::Case* record) {
  Rematch(&reading, catalogue, record);
  if (domain::StopsAutomaticContact(*record, reading.now())) {
    storage::v1::Case ordinary = *record;
    ordinary.clear_earlier_noes();
    if (auto status = Give(submission, reading, catalogue, &ordinary); !status.ok()) return status;
    domain::KeepTelling(ordinary, record);
  }
  return Give(submission, reading, catalogue, record);
}

// As the signaller is told.
v1::Sentence WhoCalls(const storage::v1::Case& record) {
  const v1::Signal& signal = record.signal();
  const v1::FirstContact& told = domain::ToldFirstContact(record);
  const std::string& who = told.display_name();
  const bool did_itself = signal.has_contact_time() && told.organisation() == signal.organisation();
  v1::Sentence sentence;
  if (who.empty()) {
    sentence.set_nl("De gemeente kijkt wie contact kan opnemen.");
    sentence.set_en("The municipality will see who can make contact.");
  } else {
    sentence.set_nl(who + (did_itself ? " heeft al contact gehad." : " neemt contact op."));
    sentence.set_en(who + (did_itself ? " has made contact already." : " will make contact."));
  }
  return sentence;
}

v1::SubmitSignalResponse AnswerFor(const domain::Catalogue& catalogue,
                                   const storage::v1::Case& record) {
  v1::SubmitSignalResponse response;
  if (record.signal().urgency() == v1::URGENCY_ACUTE) {
    *response.mutable_call_now() = catalogue.municipality().acute().call();
  }
  *response.mutable_signal() = domain::SignalFor(record, domain::AsSignaller());
  response.set_first_contact_display_name(domain::ToldFirstContact(record).display_name());
  const std::string reference = domain::ReferenceOf(record.id());
  const v1::Sentence who = WhoCalls(record);
  v1::Sentence* thanks = response.mutable_thanks();
  thanks->set_nl("Dank u wel dat u omziet naar een ander. Het kenmerk van uw signaal is " +
                 reference + ". " + who.nl());
  thanks->set_en("Thank you for looking after someone. Your signal's reference is " + reference +
                 ". " + who.en());
  return response;
}

absl::StatusOr<Decision> Submit(const Submission& submission, Reading& reading) {
  const auto catalogue = reading.catalogue(submission.municipality);
  if (catalogue == nullptr) return UnknownMunicipality();
  if (reading.Get(storage::keys::Case(submission.municipality, submission.case_id)) != nullptr) {
    return domain::Error(absl::StatusCode::kAlreadyExists, v1::ERROR_REASON_ALREADY_CREATED,
                         "this request_id made a signal before");
  }
  auto record = NewRecord(submission, reading, *catalogue);
  if (!record.ok()) return record.status();
  CaseEdit edit = CaseEdit::New(&reading, *std::move(record));
  if (auto status = FindEarlierNoes(submission.traits, edit); !status.ok()) return status;
  absl::Status routed = Route(submission, reading, *catalogue, edit.record());
  if (!routed.ok()) return routed;
  storage::v1::SealedEntry entry;
  *entry.mutable_signal() = submission.stated.identifying;
  edit.AddSealed(std::move(entry));
  if (submission.stated.sealed_attempt.has_value()) {
    edit.AddSealed(*submission.stated.sealed_attempt);
  }
  std::string answer = AnswerFor(*catalogue, *edit.record()).SerializeAsString();
  return std::move(edit).Finish(std::move(answer));
}

}  // namespace

std::unique_ptr<Command> SubmitSignal(Ask ask,
                                      std::shared_ptr<const v1::SubmitSignalRequest> request,
                                      const crypto::KeyedHash& hash) {
  auto submission = std::make_shared<Submission>();
  submission->stated = StatedIn(*request);
  submission->municipality = domain::ParseMunicipalityName(request->parent()).value_or("");
  submission->request = std::move(request);
  submission->caller = ask.caller;
  submission->case_id = hash.CaseId(ask.caller.id, ask.request_id);
  submission->traits = domain::TraitsOf(submission->request->signal().reach(),
                                        submission->request->signal().place());
  std::vector<std::string> keys =
      NoContactRowsOf(hash, submission->municipality, submission->traits);
  keys.push_back(storage::keys::Case(submission->municipality, submission->case_id));
  return std::make_unique<Mutation>(
      std::move(ask), std::move(keys),
      [submission](Reading& reading, std::vector<FieldViolation>* violations) {
        CheckAgainstCatalogue(*submission, reading, violations);
      },
      [submission](Reading& reading) { return Submit(*submission, reading); },
      /*exclusive=*/false);
}

}  // namespace omzien::commit
