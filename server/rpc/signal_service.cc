// SignalService: see proto/omzien/v1/signal_service.proto.

#include <set>
#include <utility>

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "omzien/v1/error_reason.pb.h"
#include "omzien/v1/signal_service.pb.h"
#include "server/commit/commands.h"
#include "server/crypto/signal_code.h"
#include "server/domain/case_rules.h"
#include "server/domain/days.h"
#include "server/domain/disclosure.h"
#include "server/domain/first_contact.h"
#include "server/domain/place.h"
#include "server/domain/times.h"
#include "server/rpc/case_reader.h"
#include "server/rpc/checks.h"
#include "server/rpc/page_token.h"

namespace omzien::rpc {
namespace {

// Of one stream; the contract states it.
constexpr size_t kSubmitWindow = 256;
constexpr std::string_view kSubmitMethod = "omzien.v1.SignalService/SubmitSignal";

absl::Status SignalNotFound() {
  return domain::Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_SIGNAL_NOT_FOUND,
                       "no such signal");
}

// With the code in the answer. What is stored holds none: it is made of the signal's id each time.
Reply WithCode(const Backend& backend, Reply reply) {
  return [hash = &backend.case_keys->hash(),
          reply = std::move(reply)](absl::StatusOr<std::string> answer) {
    v1::SubmitSignalResponse response;
    if (answer.ok() && response.ParseFromString(*answer)) {
      const auto name = domain::ParseSignalName(response.signal().name());
      response.set_code(crypto::SignalCode(*hash, name->municipality, name->id));
      answer = response.SerializeAsString();
    }
    reply(std::move(answer));
  };
}

void Submit(const Backend& backend, const std::shared_ptr<const Call>& call,
            std::shared_ptr<const v1::SubmitSignalRequest> request, Reply reply) {
  auto ask = AskFor(backend, *call, *request);
  if (!ask.ok()) return reply(ask.status());
  if (request->code_wanted()) reply = WithCode(backend, std::move(reply));
  backend.queue->Submit(
      commit::SubmitSignal(*std::move(ask), std::move(request), backend.case_keys->hash()),
      call->deadline, std::move(reply));
}

// Adds the field `accepted` to the bytes of a SubmitSignalsResponse: a message within a message
// stands there as its own bytes do, so the answer needn't be parsed for it.
void AppendAccepted(const std::string& answer, std::string* bytes) {
  constexpr uint32_t kLengthDelimited = 2;  // the wire type of a message
  google::protobuf::io::StringOutputStream stream(bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.WriteTag(uint32_t{v1::SubmitSignalsResponse::kAcceptedFieldNumber} << 3 | kLengthDelimited);
  coded.WriteVarint32(static_cast<uint32_t>(answer.size()));
  coded.WriteString(answer);
}

// An item of a stream is the same mutation as a single submission: a retry may take either way.
void SubmitItem(const Backend& backend, const std::shared_ptr<const Call>& stream_call,
                const std::shared_ptr<const v1::SubmitSignalsRequest>& item, Reply reply) {
  auto call = std::make_shared<Call>(*stream_call);
  call->method = kSubmitMethod;
  const int64_t sequence = item->sequence();
  Submit(backend, call, std::shared_ptr<const v1::SubmitSignalRequest>(item, &item->submission()),
         [sequence, reply = std::move(reply)](const absl::StatusOr<std::string>& answer) {
           v1::SubmitSignalsResponse response;
           response.set_sequence(sequence);
           if (!answer.ok()) *response.mutable_refused() = domain::ToRpcStatus(answer.status());
           std::string bytes = response.SerializeAsString();
           if (answer.ok()) AppendAccepted(*answer, &bytes);
           reply(std::move(bytes));
         });
}

absl::StatusOr<v1::Signal> GetSignal(const Backend& backend, const Call& call,
                                     const v1::GetSignalRequest& request) {
  if (absl::Status status = CheckRead(backend, call, request); !status.ok()) return status;
  const auto name = *domain::ParseSignalName(request.name());
  const auto snapshot = backend.cases->GetSnapshot();
  auto record = ReadCase(*snapshot, name.municipality, name.id);
  if (!record.ok()) return record.status();
  if (!record->has_value()) return SignalNotFound();
  const domain::Relations relations = domain::RelationsTo(**record, *call.caller);
  if (!domain::MaySeeSignal(relations)) return SignalNotFound();
  std::optional<domain::PersonSource> person;
  if (request.view() == v1::VIEW_FULL) {
    const v1::Referral* by = domain::OpensSignalBy(**record, relations);
    if (by == nullptr && !domain::MayOpenQuestion(**record, relations, call.now)) {
      return domain::Error(absl::StatusCode::kPermissionDenied, v1::ERROR_REASON_VIEW_NOT_ALLOWED,
                           "view FULL isn't granted to this caller for this signal");
    }
    auto opened = OpenPerson(backend, call, *snapshot, **record, request.name(),
                             by == nullptr ? AsSignallerOf(**record) : AsHolderOf(*by));
    if (!opened.ok()) return opened.status();
    person = *std::move(opened);
  }
  v1::Signal signal =
      domain::SignalFor(**record, relations, person.has_value() ? &*person : nullptr, call.now);
  signal.set_revision(static_cast<int64_t>(snapshot->revision()));
  return signal;
}

std::string CaseIdOf(const Backend& backend, const std::string& municipality,
                     const std::string& code) {
  return crypto::CaseIdOfCode(backend.case_keys->hash(), municipality, code).value_or("");
}

// As much work for any code: one case is looked for.
absl::StatusOr<v1::SignalStatus> GetSignalStatus(const Backend& backend, const Call& call,
                                                 const v1::GetSignalStatusRequest& request) {
  if (absl::Status status = CheckRead(backend, call, request); !status.ok()) return status;
  const std::string municipality = MunicipalityOf(request);
  const auto snapshot = backend.cases->GetSnapshot();
  auto record = ReadCase(*snapshot, municipality, CaseIdOf(backend, municipality, request.code()));
  if (!record.ok()) return record.status();
  if (!record->has_value() || !(*record)->code_given()) return SignalNotFound();
  std::optional<domain::PersonSource> person;
  if (request.view() == v1::VIEW_FULL) {
    if (!domain::MayOpenQuestion(**record, domain::AsSignaller(), call.now)) {
      return domain::Error(absl::StatusCode::kPermissionDenied, v1::ERROR_REASON_VIEW_NOT_ALLOWED,
                           "view FULL shows the question that waits, and none does");
    }
    OpenedAs as = AsSignallerOf(**record);
    as.once_since = domain::TimeOf((*record)->signal().question().ask_time());
    auto opened = OpenPerson(backend, call, *snapshot, **record,
                             domain::SignalName(municipality, (*record)->id()), as);
    if (!opened.ok()) return opened.status();
    person = *std::move(opened);
  }
  return domain::SignalStatusFor(**record, person.has_value() ? &*person : nullptr, call.now);
}

// Everyone is one caller without a token: who asks is the signal's own, so that no two share
// request_ids.
void AnswerByCode(const Backend& backend, const Call& call,
                  const v1::AnswerQuestionByCodeRequest& request, Reply reply) {
  std::string case_id = CaseIdOf(backend, MunicipalityOf(request), request.code());
  domain::Caller by_code;
  by_code.id = "code of " + case_id;
  Call as_signaller = call;
  as_signaller.caller = &by_code;
  // A retry is the same however the code is written this time.
  v1::AnswerQuestionByCodeRequest canonical = request;
  if (!case_id.empty()) {
    canonical.set_code(
        crypto::SignalCode(backend.case_keys->hash(), MunicipalityOf(request), case_id));
  }
  auto ask = AskFor(backend, as_signaller, canonical);
  if (!ask.ok()) return reply(ask.status());
  backend.queue->Submit(
      commit::AnswerQuestionByCode(*std::move(ask), canonical, std::move(case_id)), call.deadline,
      std::move(reply));
}

bool InStates(const v1::ListSignalsRequest& request, const storage::v1::Case& record,
              absl::Time now) {
  if (request.states().empty()) return true;
  for (const int state : request.states()) {
    if (state == domain::StateAt(record, now)) return true;
  }
  return false;
}

absl::StatusOr<v1::ListSignalsResponse> ListSignals(const Backend& backend, const Call& call,
                                                    const v1::ListSignalsRequest& request) {
  PageQuery page;
  page.municipality = MunicipalityOf(request);
  const bool coordinator = call.caller->Has(page.municipality, domain::Role::kCoordinator);
  std::vector<domain::FieldViolation> more;
  if (!page.municipality.empty() && !coordinator && !request.states().empty()) {
    more.push_back({"states", "only a coordinator may ask for states"});
  }
  absl::Status status = CheckRead(backend, call, request, std::move(more));
  if (!status.ok()) return status;
  page.page_size = request.page_size();
  page.page_token = request.page_token();
  page.query = QueryOf(call.method, request);
  if (coordinator) {
    page.ranges.push_back(RangeOf(storage::keys::SignalByTimePrefix(page.municipality)));
  } else {
    for (const std::string& organisation :
         call.caller->OrganisationsAs(page.municipality, domain::Role::kSignaller)) {
      page.ranges.push_back(
          RangeOf(storage::keys::SignalByOrganisationPrefix(page.municipality, organisation)));
    }
  }
  v1::ListSignalsResponse response;
  const auto snapshot = backend.cases->GetSnapshot();
  auto next =
      ReadPage(backend, *snapshot, page,
               [&](const storage::v1::Case& record, const storage::keys::CaseRef&) {
                 const domain::Relations relations = domain::RelationsTo(record, *call.caller);
                 if (!domain::MaySeeSignal(relations) || !InStates(request, record, call.now))
                   return false;
                 *response.add_signals() = domain::SignalFor(record, relations, nullptr, call.now);
                 return true;
               });
  if (!next.ok()) return next.status();
  response.set_next_page_token(*std::move(next));
  response.set_revision(static_cast<int64_t>(snapshot->revision()));
  return response;
}

v1::Sentence AdviceFor(const v1::SignalPoint& point) {
  std::string nl;
  std::string en;
  for (const auto& party : point.parties()) {
    if (!nl.empty()) {
      nl += " of ";
      en += " or ";
    }
    nl += party.display_name();
    en += party.display_name();
  }
  v1::Sentence advice;
  if (point.parties().empty()) {
    advice.set_nl("Voor deze plek is nog geen partij aangewezen. Bel de gemeente.");
    advice.set_en("No party has been named for this place yet. Call the municipality.");
  } else if (point.parties_size() == 1) {
    advice.set_nl("U kunt uw signaal brengen bij " + nl + ".");
    advice.set_en("You can bring your signal to " + en + ".");
  } else {
    advice.set_nl("Deze plek is niet zeker. Breng uw signaal bij " + nl +
                  "; zij zoeken samen uit wie contact opneemt.");
    advice.set_en("This place isn't certain. Bring your signal to " + en +
                  "; they find out together who makes contact.");
  }
  return advice;
}

absl::StatusOr<v1::SignalPoint> GetSignalPoint(const Backend& backend, const Call& call,
                                               const v1::GetSignalPointRequest& request) {
  const std::string municipality = MunicipalityOf(request);
  auto catalogue = FindCatalogue(backend, municipality);
  absl::StatusOr<domain::ResolvedPlace> place = domain::ResolvedPlace();
  if (catalogue.ok()) place = domain::ResolvePlace(**catalogue, request.place());
  absl::Status status = CheckRead(backend, call, request, {}, place.status());
  if (!status.ok()) return status;
  if (!catalogue.ok()) return catalogue.status();
  v1::SignalPoint point;
  point.mutable_districts()->Assign(place->candidates.begin(), place->candidates.end());
  for (const domain::FirstContactParty& party :
       domain::FirstContactPartiesFor(**catalogue, *place, v1::SIGNALLER_KIND_RESIDENT,
                                      domain::Today(call.now, (*catalogue)->time_zone()))) {
    v1::SignalPoint::Party* shown = point.add_parties();
    shown->set_organisation(domain::OrganisationName(municipality, party.organisation));
    shown->set_display_name(party.display_name);
    const v1::Organisation* organisation = (*catalogue)->organisation(party.organisation);
    if (organisation != nullptr) shown->set_contact(organisation->contact());
  }
  *point.mutable_advice() = AdviceFor(point);
  return point;
}

}  // namespace

void AddSignalService(const Backend* backend, Methods* methods) {
  methods->Write<v1::SubmitSignalRequest>(
      kSubmitMethod,
      [backend](std::shared_ptr<const Call> call, std::shared_ptr<v1::SubmitSignalRequest> request,
                Reply reply) { Submit(*backend, call, std::move(request), std::move(reply)); });
  methods->Stream<v1::SubmitSignalsRequest>(
      "omzien.v1.SignalService/SubmitSignals", kSubmitWindow,
      [backend](std::shared_ptr<const Call> call, std::shared_ptr<v1::SubmitSignalsRequest> item,
                Reply reply) { SubmitItem(*backend, call, item, std::move(reply)); });
  methods->Read<v1::GetSignalRequest, v1::Signal>(
      "omzien.v1.SignalService/GetSignal",
      [backend](const Call& call, const v1::GetSignalRequest& request) {
        return GetSignal(*backend, call, request);
      });
  methods->Read<v1::ListSignalsRequest, v1::ListSignalsResponse>(
      "omzien.v1.SignalService/ListSignals",
      [backend](const Call& call, const v1::ListSignalsRequest& request) {
        return ListSignals(*backend, call, request);
      });
  AddMutation<v1::WithdrawSignalRequest>(backend, "omzien.v1.SignalService/WithdrawSignal",
                                         &commit::WithdrawSignal, methods);
  AddMutation<v1::RedirectSignalRequest>(backend, "omzien.v1.SignalService/RedirectSignal",
                                         &commit::RedirectSignal, methods);
  AddMutation<v1::ReopenSignalRequest>(backend, "omzien.v1.SignalService/ReopenSignal",
                                       &commit::ReopenSignal, methods);
  AddMutation<v1::AnswerQuestionRequest>(backend, "omzien.v1.SignalService/AnswerQuestion",
                                         &commit::AnswerQuestion, methods);
  methods->Read<v1::GetSignalStatusRequest, v1::SignalStatus>(
      "omzien.v1.SignalService/GetSignalStatus",
      [backend](const Call& call, const v1::GetSignalStatusRequest& request) {
        return GetSignalStatus(*backend, call, request);
      });
  methods->Write<v1::AnswerQuestionByCodeRequest>(
      "omzien.v1.SignalService/AnswerQuestionByCode",
      [backend](std::shared_ptr<const Call> call,
                std::shared_ptr<v1::AnswerQuestionByCodeRequest> request,
                Reply reply) { AnswerByCode(*backend, *call, *request, std::move(reply)); });
  methods->Read<v1::GetSignalPointRequest, v1::SignalPoint>(
      "omzien.v1.SignalService/GetSignalPoint",
      [backend](const Call& call, const v1::GetSignalPointRequest& request) {
        return GetSignalPoint(*backend, call, request);
      });
}

}  // namespace omzien::rpc
