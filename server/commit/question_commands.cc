// A question to the signaller, and the answer.

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "server/commit/commands.h"
#include "server/commit/referral_edit.h"
#include "server/commit/routing.h"
#include "server/domain/deadlines.h"
#include "server/domain/place.h"
#include "server/domain/privacy.h"

namespace omzien::commit {
namespace {

// Where the catalogue doesn't say.
constexpr uint32_t kAnswerDays = 14;

absl::StatusOr<std::string> AskIt(const v1::AskSignallerRequest& request, ReferralEdit& edit) {
  const uint32_t days = edit.catalogue->municipality().deadlines().answer_days();
  const absl::Time lapse_time = domain::DeadlineAfter(edit.now(), days == 0 ? kAnswerDays : days,
                                                      edit.catalogue->time_zone());
  absl::Status status = domain::AskSignaller(edit.record(), edit.number, lapse_time, edit.now());
  if (!status.ok()) return status;
  SealText(*edit.edit, edit.number, storage::v1::SealedText::KIND_QUESTION, request.text());
  return AnswerFor(edit);
}

// The first contact that waits to be taken up; 0 when there is none.
uint32_t UntakenFirstContact(const storage::v1::Case& record) {
  for (const auto& item : record.referrals()) {
    if (item.referral().purpose() == v1::REFERRAL_PURPOSE_FIRST_CONTACT &&
        item.referral().state() == v1::REFERRAL_STATE_ASSIGNED) {
      return item.number();
    }
  }
  return 0;
}

// What was learnt from the person goes before what the signaller says: true when the place counts.
absl::StatusOr<bool> LearnPlace(const domain::Catalogue& catalogue, const v1::Place& stated,
                                storage::v1::Case* record, absl::Time now) {
  auto resolved = domain::ResolvePlace(catalogue, stated);
  if (!resolved.ok()) return resolved.status();
  if (record->signal().has_contact_time()) return false;
  const domain::ResolvedPlace former_place = PlaceOf(catalogue, record->signal());
  v1::Place clear = stated;
  v1::Place identifying;
  domain::CoarsenPlace(&clear);
  domain::MoveIdentifying(&clear, &identifying);
  *record->mutable_signal()->mutable_place() = std::move(clear);
  record->mutable_signal()->mutable_districts()->Assign(resolved->candidates.begin(),
                                                        resolved->candidates.end());
  const uint32_t untaken = UntakenFirstContact(*record);
  if (untaken == 0) return true;
  if (auto status = FollowThePerson(catalogue, former_place, record, untaken, now); !status.ok()) {
    return status;
  }
  return true;
}

// By whom an answer may be given, and how it is answered.
struct Answering {
  std::function<bool(const storage::v1::Case&)> may;
  std::function<std::string(const storage::v1::Case&, absl::Time now)> shown;
};

template <class Request>
absl::StatusOr<Decision> TakeAnswer(const Request& request, const domain::NameParts& name,
                                    const Answering& answering, Reading& reading) {
  const auto catalogue = reading.catalogue(name.municipality);
  if (catalogue == nullptr) return SignalNotFound();
  absl::StatusOr<CaseEdit> edit = CaseEdit::Load(&reading, name.municipality, name.id);
  if (!edit.ok()) return absl::IsNotFound(edit.status()) ? SignalNotFound() : edit.status();
  storage::v1::Case* record = edit->record();
  if (!answering.may(*record)) return SignalNotFound();
  absl::Status status = domain::AnswerQuestion(record, edit->now());
  if (!status.ok()) return status;
  storage::v1::SealedEntry entry;
  storage::v1::SealedAnswer* answer = entry.mutable_answer();
  answer->set_text(request.text());
  if (request.has_reach()) {
    v1::Reach clear = request.reach();
    domain::MoveIdentifying(&clear, answer->mutable_reach());
    record->mutable_signal()->mutable_reach()->MergeFrom(clear);
  }
  if (request.has_place()) {
    auto applied = LearnPlace(*catalogue, request.place(), record, edit->now());
    if (!applied.ok()) return applied.status();
    *answer->mutable_place() = request.place();
    answer->set_place_applied(*applied);
    Rematch(&reading, *catalogue, record);
  }
  edit->AddSealed(std::move(entry));
  std::string shown = answering.shown(*record, edit->now());
  return (*std::move(edit)).Finish(std::move(shown));
}

template <class Request>
std::unique_ptr<Command> Answer(Ask ask, const Request& request, const domain::NameParts& name,
                                const Answering& answering) {
  auto shared = std::make_shared<const Request>(request);
  return std::make_unique<Mutation>(
      std::move(ask), std::vector<std::string>{storage::keys::Case(name.municipality, name.id)},
      nullptr,
      [shared, name, answering](Reading& reading) {
        return TakeAnswer(*shared, name, answering, reading);
      },
      /*exclusive=*/false);
}

}  // namespace

std::unique_ptr<Command> AskSignaller(Ask ask, const v1::AskSignallerRequest& request) {
  return OnReferral(std::move(ask), request, &AskIt);
}

std::unique_ptr<Command> AnswerQuestion(Ask ask, const v1::AnswerQuestionRequest& request) {
  const domain::NameParts name =
      domain::ParseSignalName(request.name()).value_or(domain::NameParts{});
  const domain::Caller caller = ask.caller;
  const Answering as_signaller = {
      [caller](const storage::v1::Case& record) {
        return domain::RelationsTo(record, caller).Has(domain::Relation::kSignaller);
      },
      [](const storage::v1::Case& record, absl::Time) {
        return domain::SignalFor(record, domain::AsSignaller()).SerializeAsString();
      }};
  return Answer(std::move(ask), request, name, as_signaller);
}

std::unique_ptr<Command> AnswerQuestionByCode(Ask ask,
                                              const v1::AnswerQuestionByCodeRequest& request,
                                              std::string case_id) {
  const domain::NameParts name{domain::ParseMunicipalityName(request.parent()).value_or(""),
                               std::move(case_id)};
  const Answering by_code = {
      [](const storage::v1::Case& record) { return record.code_given(); },
      [](const storage::v1::Case& record, absl::Time now) {
        return domain::SignalStatusFor(record, nullptr, now).SerializeAsString();
      }};
  return Answer(std::move(ask), request, name, by_code);
}

}  // namespace omzien::commit
