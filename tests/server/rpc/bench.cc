#include "tests/server/rpc/bench.h"

#include <grpcpp/impl/client_unary_call.h>
#include <grpcpp/impl/rpc_method.h>
#include <sodium.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <utility>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "omzien/v1/catalog_service.pb.h"
#include "omzien/v1/follow_up_service.pb.h"
#include "omzien/v1/referral_service.pb.h"
#include "server/rpc/payload.h"

namespace omzien::rpc {
namespace {

template <class Request, class Response>
void AddEmpty(Methods& methods, const char* name) {
  methods.Read<Request, Response>(
      name, [](const Call&, const Request&) -> absl::StatusOr<Response> { return Response(); });
}

void AddOthers(Methods& m) {
  AddEmpty<v1::GetSignalRequest, v1::Signal>(m, "omzien.v1.SignalService/GetSignal");
  AddEmpty<v1::WithdrawSignalRequest, v1::Signal>(m, "omzien.v1.SignalService/WithdrawSignal");
  AddEmpty<v1::RedirectSignalRequest, v1::Signal>(m, "omzien.v1.SignalService/RedirectSignal");
  AddEmpty<v1::ReopenSignalRequest, v1::Signal>(m, "omzien.v1.SignalService/ReopenSignal");
  AddEmpty<v1::AnswerQuestionRequest, v1::AnswerQuestionResponse>(
      m, "omzien.v1.SignalService/AnswerQuestion");
  AddEmpty<v1::AskSignallerRequest, v1::Referral>(m, "omzien.v1.ReferralService/AskSignaller");
  AddEmpty<v1::GetSignalStatusRequest, v1::SignalStatus>(m,
                                                         "omzien.v1.SignalService/GetSignalStatus");
  AddEmpty<v1::AnswerQuestionByCodeRequest, v1::SignalStatus>(
      m, "omzien.v1.SignalService/AnswerQuestionByCode");
  AddEmpty<v1::GetSignalPointRequest, v1::SignalPoint>(m, "omzien.v1.SignalService/GetSignalPoint");
  AddEmpty<v1::ListReferralsRequest, v1::ListReferralsResponse>(
      m, "omzien.v1.ReferralService/ListReferrals");
  AddEmpty<v1::GetReferralRequest, v1::Referral>(m, "omzien.v1.ReferralService/GetReferral");
  AddEmpty<v1::AcceptReferralRequest, v1::Referral>(m, "omzien.v1.ReferralService/AcceptReferral");
  AddEmpty<v1::DeclineReferralRequest, v1::Referral>(m,
                                                     "omzien.v1.ReferralService/DeclineReferral");
  AddEmpty<v1::WaitlistReferralRequest, v1::Referral>(m,
                                                      "omzien.v1.ReferralService/WaitlistReferral");
  AddEmpty<v1::TakeBackReferralRequest, v1::Referral>(m,
                                                      "omzien.v1.ReferralService/TakeBackReferral");
  AddEmpty<v1::FailReferralRequest, v1::Referral>(m, "omzien.v1.ReferralService/FailReferral");
  AddEmpty<v1::HandOverReferralRequest, v1::Referral>(m,
                                                      "omzien.v1.ReferralService/HandOverReferral");
  AddEmpty<v1::RecordContactAttemptRequest, v1::Referral>(
      m, "omzien.v1.ReferralService/RecordContactAttempt");
  AddEmpty<v1::RecordConsentRequest, v1::Referral>(m, "omzien.v1.ReferralService/RecordConsent");
  AddEmpty<v1::PlaceReferralRequest, v1::PlaceReferralResponse>(
      m, "omzien.v1.ReferralService/PlaceReferral");
  AddEmpty<v1::CompleteReferralRequest, v1::Referral>(m,
                                                      "omzien.v1.ReferralService/CompleteReferral");
  AddEmpty<v1::ImportCatalogRequest, v1::ImportCatalogResponse>(
      m, "omzien.v1.CatalogService/ImportCatalog");
  m.Stream<v1::ImportCatalogPartsRequest>(
      "omzien.v1.CatalogService/ImportCatalogParts", 1,
      [](const std::shared_ptr<const Call>&, const std::shared_ptr<v1::ImportCatalogPartsRequest>&,
         const Reply& reply) { reply(""); });
  AddEmpty<v1::ExportCatalogRequest, v1::ExportCatalogResponse>(
      m, "omzien.v1.CatalogService/ExportCatalog");
  AddEmpty<v1::FindOffersRequest, v1::FindOffersResponse>(m, "omzien.v1.CatalogService/FindOffers");
  AddEmpty<v1::ListOffersToReviewRequest, v1::ListOffersToReviewResponse>(
      m, "omzien.v1.CatalogService/ListOffersToReview");
  AddEmpty<v1::GetFollowUpSummaryRequest, v1::FollowUpSummary>(
      m, "omzien.v1.FollowUpService/GetFollowUpSummary");
  AddEmpty<v1::ListOverdueReferralsRequest, v1::ListOverdueReferralsResponse>(
      m, "omzien.v1.FollowUpService/ListOverdueReferrals");
  AddEmpty<v1::GetUnmetDemandRequest, v1::UnmetDemand>(m,
                                                       "omzien.v1.FollowUpService/GetUnmetDemand");
}

}  // namespace

Methods AllMethods(const Handlers& handlers) {
  Methods methods;
  methods.Write<v1::SubmitSignalRequest>(kSubmit + 1, handlers.submit);
  methods.Stream<v1::SubmitSignalsRequest>(kStream + 1, handlers.window, handlers.stream);
  methods.Read<v1::ListSignalsRequest, v1::ListSignalsResponse>(kList + 1, handlers.list);
  AddOthers(methods);
  return methods;
}

std::unique_ptr<auth::CallerTable> OneCallerARole() {
  std::vector<auth::CallerEntry> entries;
  for (const char* role : {"signaller", "first_contact", "receiver", "coordinator", "dashboard",
                           "steward", "operator"}) {
    const std::string token = std::string(role) + "-token";
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, reinterpret_cast<const unsigned char*>(token.data()), token.size());
    char hex[2 * sizeof hash + 1];
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    auto role_value = domain::ParseRole(role);
    const bool of_organisation = *role_value == domain::Role::kSignaller ||
                                 *role_value == domain::Role::kFirstContact ||
                                 *role_value == domain::Role::kReceiver;
    entries.push_back({role, hex, {{"GM0150", of_organisation ? "party" : "", role}}});
  }
  return *auth::CallerTable::Build(entries);
}

std::string ReasonOf(const grpc::Status& status) {
  google::rpc::Status details;
  google::rpc::ErrorInfo info;
  if (!details.ParseFromString(status.error_details())) return "unreadable details";
  for (const auto& detail : details.details()) {
    if (detail.UnpackTo(&info)) return info.reason();
  }
  return "";
}

grpc::ByteBuffer Bytes(const std::string& text) { return ToBytes(text); }

std::string Text(const grpc::ByteBuffer& bytes) {
  std::vector<grpc::Slice> slices;
  if (!bytes.Valid() || !bytes.Dump(&slices).ok()) return "";
  std::string text;
  for (const grpc::Slice& slice : slices) {
    text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return text;
}

Bench::Bench(const Handlers& handlers, ServerOptions options) : callers_(OneCallerARole()) {
  options.listen = "127.0.0.1:0";
  auto server = Server::Start(std::move(options), AllMethods(handlers), callers_.get());
  if (!server.ok()) {
    std::cerr << server.status() << "\n";
    std::abort();
  }
  server_ = *std::move(server);
  channel_ = grpc::CreateChannel(server_->address(), grpc::InsecureChannelCredentials());
}

void Bench::Authorize(grpc::ClientContext& context, std::optional<std::string> authorization) {
  if (authorization.has_value()) context.AddMetadata("authorization", *authorization);
}

Answer Bench::Unary(const char* method, const std::string& request,
                    std::optional<std::string> authorization) {
  grpc::ClientContext context;
  Authorize(context, std::move(authorization));
  return Unary(context, method, request);
}

Answer Bench::Unary(grpc::ClientContext& context, const char* method, const std::string& request) {
  grpc::internal::RpcMethod rpc(method, grpc::internal::RpcMethod::NORMAL_RPC);
  grpc::ByteBuffer response;
  Answer answer;
  answer.status = grpc::internal::BlockingUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer>(
      channel_.get(), rpc, &context, Bytes(request), &response);
  answer.bytes = Text(response);
  return answer;
}

std::unique_ptr<Bench::RawStream> Bench::OpenStream(grpc::ClientContext& context,
                                                    const char* method) {
  grpc::internal::RpcMethod rpc(method, grpc::internal::RpcMethod::BIDI_STREAMING);
  return std::unique_ptr<RawStream>(
      grpc::internal::ClientReaderWriterFactory<grpc::ByteBuffer, grpc::ByteBuffer>::Create(
          channel_.get(), rpc, &context));
}

void HeldReplies::Hold(Reply reply) {
  absl::MutexLock lock(&mutex_);
  replies_.push_back(std::move(reply));
  held_max_ = std::max(held_max_, replies_.size());
}

bool HeldReplies::WaitFor(size_t count) {
  const auto there = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return replies_.size() >= count; };
  absl::MutexLock lock(&mutex_);
  return mutex_.AwaitWithTimeout(absl::Condition(&there), absl::Minutes(1));
}

Reply HeldReplies::Take() {
  absl::MutexLock lock(&mutex_);
  Reply reply = std::move(replies_.front());
  replies_.erase(replies_.begin());
  return reply;
}

size_t HeldReplies::held_max() const {
  absl::MutexLock lock(&mutex_);
  return held_max_;
}

}  // namespace omzien::rpc
