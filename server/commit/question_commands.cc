// A question to the signaller, and the answer.

#include <memory>
#include <string>
#include <utility>

#include "server/commit/commands.h"
#include "server/commit/no_contact.h"
#include "server/commit/referral_edit.h"
#include "server/commit/routing.h"
#include "server/commit/signal_edit.h"
#include "server/domain/deadlines.h"
#include "server/domain/no_contact.h"
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

// What was learnt from the person goes before what the signaller says.
bool PlaceCounts(const storage::v1::Case& record) { return !record.signal().has_contact_time(); }

absl::Status LearnPlace(const domain::Catalogue& catalogue, const v1::Place& stated,
                        storage::v1::Case* record, absl::Time now) {
  auto resolved = domain::ResolvePlace(catalogue, stated);
  if (!resolved.ok()) return resolved.status();
  if (!PlaceCounts(*record)) return absl::OkStatus();
  const domain::ResolvedPlace former_place = PlaceOf(catalogue, record->signal());
  v1::Place clear = stated;
  v1::Place identifying;
  domain::CoarsenPlace(&clear);
  domain::MoveIdentifying(&clear, &identifying);
  *record->mutable_signal()->mutable_place() = std::move(clear);
  record->mutable_signal()->mutable_districts()->Assign(resolved->candidates.begin(),
                                                        resolved->candidates.end());
  const uint32_t untaken = UntakenFirstContact(*record);
  if (untaken == 0) return absl::OkStatus();
  return FollowThePerson(catalogue, former_place, record, untaken, now);
}

// What it says of the person, beside what was said at first. Where that finds someone who wants no
// contact, a professional decides, unless someone has taken it up; the signaller goes on hearing of
// whoever would call otherwise.
template <class Request>
absl::StatusOr<storage::v1::SealedAnswer> LearnFrom(const Request& request, SignalEdit& edit) {
  storage::v1::Case* const record = edit.record();
  storage::v1::SealedAnswer answer;
  answer.set_text(request.text());
  if (request.has_reach()) {
    v1::Reach clear = request.reach();
    domain::MoveIdentifying(&clear, answer.mutable_reach());
    record->mutable_signal()->mutable_reach()->MergeFrom(clear);
  }
  if (request.has_place()) {
    *answer.mutable_place() = request.place();
    answer.set_place_applied(PlaceCounts(*record));
  }
  const auto learn_place = [&](storage::v1::Case* of) {
    if (!request.has_place()) return absl::OkStatus();
    return LearnPlace(*edit.catalogue, request.place(), of, edit.now());
  };
  const bool stopped = domain::StopsAutomaticContact(*record, edit.now());
  storage::v1::Case ordinary = *record;
  absl::Status status = FindEarlierNoesBy(answer, *edit.edit);
  if (status.ok()) status = learn_place(record);
  if (!status.ok()) return status;
  if (stopped || !domain::StopsAutomaticContact(*record, edit.now())) return answer;
  status = learn_place(&ordinary);
  if (!status.ok()) return status;
  domain::KeepTelling(ordinary, record);
  if (UntakenFirstContact(*record) == 0) return answer;
  status = GiveToProfessionals(*edit.catalogue, record, edit.now());
  if (!status.ok()) return status;
  return answer;
}

// The answer to a question, by whoever gives it.
template <class Request>
absl::Status Take(const Request& request, SignalEdit& edit) {
  storage::v1::Case* const record = edit.record();
  absl::Status status = domain::AnswerQuestion(record, edit.now());
  if (!status.ok()) return status;
  const v1::Urgency before = record->signal().urgency();
  RaiseBy(*edit.catalogue, request.text(), record->mutable_signal());
  auto answer = LearnFrom(request, edit);
  if (!answer.ok()) return answer.status();
  if (record->signal().urgency() != before) {
    status = GiveToProfessionals(*edit.catalogue, record, edit.now());
    if (!status.ok()) return status;
  }
  Rematch(edit.edit->reading(), *edit.catalogue, record);
  storage::v1::SealedEntry entry;
  *entry.mutable_answer() = *std::move(answer);
  edit.edit->AddSealed(std::move(entry));
  return absl::OkStatus();
}

// `response` has a field for it.
template <class Response>
std::string WithCallNow(Response response, const SignalEdit& edit) {
  if (edit.record()->signal().urgency() == v1::URGENCY_ACUTE) {
    *response.mutable_call_now() = edit.catalogue->municipality().acute().call();
  }
  return response.SerializeAsString();
}

absl::StatusOr<std::string> TakeAnswer(const v1::AnswerQuestionRequest& request, SignalEdit& edit) {
  if (absl::Status status = Take(request, edit); !status.ok()) return status;
  v1::AnswerQuestionResponse response;
  *response.mutable_signal() =
      domain::SignalFor(*edit.record(), domain::AsSignaller(), nullptr, edit.now());
  return WithCallNow(std::move(response), edit);
}

absl::StatusOr<std::string> TakeAnswerByCode(const v1::AnswerQuestionByCodeRequest& request,
                                             SignalEdit& edit) {
  if (absl::Status status = Take(request, edit); !status.ok()) return status;
  return WithCallNow(domain::SignalStatusFor(*edit.record(), nullptr, edit.now()), edit);
}

bool CodeWasGiven(const storage::v1::Case& record, const domain::Relations& /*relations*/) {
  return record.code_given();
}

}  // namespace

std::unique_ptr<Command> AskSignaller(Ask ask, const v1::AskSignallerRequest& request) {
  return OnReferral(std::move(ask), request, &AskIt);
}

std::unique_ptr<Command> AnswerQuestion(Ask ask, const v1::AnswerQuestionRequest& request) {
  return OnSignal<v1::AnswerQuestionRequest>(std::move(ask), request, {&IsSignaller, &TakeAnswer});
}

std::unique_ptr<Command> AnswerQuestionByCode(Ask ask,
                                              const v1::AnswerQuestionByCodeRequest& request,
                                              std::string case_id) {
  domain::NameParts name{domain::ParseMunicipalityName(request.parent()).value_or(""),
                         std::move(case_id)};
  return OnSignalOf<v1::AnswerQuestionByCodeRequest>(std::move(ask), request, std::move(name),
                                                     {&CodeWasGiven, &TakeAnswerByCode});
}

}  // namespace omzien::commit
