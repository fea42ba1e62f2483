// ReferralService: see proto/omzien/v1/referral_service.proto.

#include <algorithm>
#include <set>
#include <utility>

#include "omzien/v1/error_reason.pb.h"
#include "omzien/v1/referral_service.pb.h"
#include "server/commit/commands.h"
#include "server/domain/case_rules.h"
#include "server/domain/disclosure.h"
#include "server/rpc/case_reader.h"
#include "server/rpc/checks.h"
#include "server/rpc/page_token.h"

namespace omzien::rpc {
namespace {

absl::Status ReferralNotFound() {
  return domain::Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_REFERRAL_NOT_FOUND,
                       "no such referral");
}

absl::StatusOr<v1::Referral> GetReferral(const Backend& backend, const Call& call,
                                         const v1::GetReferralRequest& request) {
  if (absl::Status status = CheckRead(backend, call, request); !status.ok()) return status;
  const auto name = *domain::ParseReferralName(request.name());
  const auto snapshot = backend.cases->GetSnapshot();
  auto record = ReadCase(*snapshot, name.municipality, name.case_id);
  if (!record.ok()) return record.status();
  if (!record->has_value()) return ReferralNotFound();
  if (auto left_out = LeaveOutEndedNoes(*snapshot, &**record); !left_out.ok()) return left_out;
  const domain::Relations relations = domain::RelationsTo(**record, *call.caller);
  if (domain::FindReferral(**record, name.number) == nullptr ||
      !domain::MaySeeReferral(relations, name.number)) {
    return ReferralNotFound();
  }
  std::optional<domain::PersonSource> person;
  if (request.view() == v1::VIEW_FULL) {
    const v1::Referral* by = domain::OpensReferralBy(**record, name.number, relations);
    if (by == nullptr) {
      return domain::Error(absl::StatusCode::kPermissionDenied, v1::ERROR_REASON_VIEW_NOT_ALLOWED,
                           "view FULL isn't granted to this caller for this referral");
    }
    auto opened = OpenPerson(backend, call, *snapshot, **record, request.name(), AsHolderOf(*by));
    if (!opened.ok()) return opened.status();
    person = *std::move(opened);
  }
  v1::Referral referral = domain::ReferralFor(**record, name.number, relations, call.now,
                                              person.has_value() ? &*person : nullptr);
  referral.set_revision(static_cast<int64_t>(snapshot->revision()));
  return referral;
}

// Whose queues the caller may see: its own organisations', in either role; a coordinator's, all.
std::vector<std::pair<std::string, std::string>> Queues(const domain::Caller& caller,
                                                        const std::string& municipality,
                                                        bool ended) {
  if (caller.Has(municipality, domain::Role::kCoordinator)) {
    return {RangeOf(storage::keys::ReferralPrefix(municipality, ended))};
  }
  std::set<std::string> organisations =
      caller.OrganisationsAs(municipality, domain::Role::kFirstContact);
  organisations.merge(caller.OrganisationsAs(municipality, domain::Role::kReceiver));
  std::vector<std::pair<std::string, std::string>> ranges;
  for (const std::string& organisation : organisations) {
    ranges.push_back(
        RangeOf(storage::keys::ReferralByOrganisationPrefix(municipality, organisation, ended)));
  }
  std::sort(ranges.begin(), ranges.end());
  return ranges;
}

absl::StatusOr<v1::ListReferralsResponse> ListReferrals(const Backend& backend, const Call& call,
                                                        const v1::ListReferralsRequest& request) {
  if (absl::Status status = CheckRead(backend, call, request); !status.ok()) return status;
  PageQuery page;
  page.municipality = MunicipalityOf(request);
  page.page_size = request.page_size();
  page.page_token = request.page_token();
  page.query = QueryOf(call.method, request);
  page.referrals = true;
  page.ranges = Queues(*call.caller, page.municipality, request.ended());
  v1::ListReferralsResponse response;
  const auto snapshot = backend.cases->GetSnapshot();
  auto next = ReadPage(
      backend, *snapshot, page,
      [&](const storage::v1::Case& record, const storage::keys::CaseRef& ref) {
        const domain::Relations relations = domain::RelationsTo(record, *call.caller);
        if (!domain::MaySeeReferral(relations, ref.number)) return false;
        *response.add_referrals() = domain::ReferralFor(record, ref.number, relations, call.now);
        return true;
      });
  if (!next.ok()) return next.status();
  response.set_next_page_token(*std::move(next));
  response.set_revision(static_cast<int64_t>(snapshot->revision()));
  return response;
}

}  // namespace

void AddReferralService(const Backend* backend, Methods* methods) {
  methods->Read<v1::ListReferralsRequest, v1::ListReferralsResponse>(
      "omzien.v1.ReferralService/ListReferrals",
      [backend](const Call& call, const v1::ListReferralsRequest& request) {
        return ListReferrals(*backend, call, request);
      });
  methods->Read<v1::GetReferralRequest, v1::Referral>(
      "omzien.v1.ReferralService/GetReferral",
      [backend](const Call& call, const v1::GetReferralRequest& request) {
        return GetReferral(*backend, call, request);
      });
  AddMutation<v1::AcceptReferralRequest>(backend, "omzien.v1.ReferralService/AcceptReferral",
                                         &commit::AcceptReferral, methods);
  AddMutation<v1::DeclineReferralRequest>(backend, "omzien.v1.ReferralService/DeclineReferral",
                                          &commit::DeclineReferral, methods);
  AddMutation<v1::WaitlistReferralRequest>(backend, "omzien.v1.ReferralService/WaitlistReferral",
                                           &commit::WaitlistReferral, methods);
  AddMutation<v1::FailReferralRequest>(backend, "omzien.v1.ReferralService/FailReferral",
                                       &commit::FailReferral, methods);
  AddMutation<v1::HandOverReferralRequest>(backend, "omzien.v1.ReferralService/HandOverReferral",
                                           &commit::HandOverReferral, methods);
  AddMutation<v1::TakeBackReferralRequest>(backend, "omzien.v1.ReferralService/TakeBackReferral",
                                           &commit::TakeBackReferral, methods);
  AddMutation<v1::RecordContactAttemptRequest>(backend,
                                               "omzien.v1.ReferralService/RecordContactAttempt",
                                               &commit::RecordContactAttempt, methods);
  AddMutation<v1::AskSignallerRequest>(backend, "omzien.v1.ReferralService/AskSignaller",
                                       &commit::AskSignaller, methods);
  AddMutation<v1::RecordConsentRequest>(backend, "omzien.v1.ReferralService/RecordConsent",
                                        &commit::RecordConsent, methods);
  AddMutation<v1::PlaceReferralRequest>(backend, "omzien.v1.ReferralService/PlaceReferral",
                                        &commit::PlaceReferral, methods);
  AddMutation<v1::CompleteReferralRequest>(backend, "omzien.v1.ReferralService/CompleteReferral",
                                           &commit::CompleteReferral, methods);
}

}  // namespace omzien::rpc
