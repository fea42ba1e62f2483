#include "client/cpp/client.h"

#include <algorithm>
#include <utility>

#include "client/cpp/channel.h"

namespace omzien::client {

absl::StatusOr<std::unique_ptr<Client>> Client::Create(Options options) {
  if (options.target.empty()) return absl::InvalidArgumentError("the server's address is empty");
  if (options.call_timeout <= absl::ZeroDuration()) {
    return absl::InvalidArgumentError("the timeout must be more than zero");
  }
  const bool printable = std::all_of(options.token.begin(), options.token.end(),
                                     [](char c) { return c > ' ' && c < 0x7f; });
  if (!printable) {
    return absl::InvalidArgumentError("the token holds a space or another character it can't have");
  }
  if (!options.token.empty() && !OnThisMachine(options.target)) {
    return absl::InvalidArgumentError(
        "a token isn't sent to another machine without TLS: make a tunnel to the server's loopback "
        "address, and use that");
  }
  return std::unique_ptr<Client>(new Client(std::make_shared<Channel>(std::move(options))));
}

Client::Client(std::shared_ptr<Channel> channel) : channel_(std::move(channel)) {}
Client::~Client() = default;

absl::StatusOr<v1::SubmitSignalResponse> Client::SubmitSignal(v1::SubmitSignalRequest request) {
  return channel_->Call(channel_->signals(), &v1::SignalService::Stub::SubmitSignal,
                        std::move(request));
}

absl::StatusOr<v1::Signal> Client::GetSignal(v1::GetSignalRequest request) {
  return channel_->Call(channel_->signals(), &v1::SignalService::Stub::GetSignal,
                        std::move(request));
}

absl::StatusOr<v1::ListSignalsResponse> Client::ListSignals(v1::ListSignalsRequest request) {
  return channel_->Call(channel_->signals(), &v1::SignalService::Stub::ListSignals,
                        std::move(request));
}

absl::StatusOr<v1::Signal> Client::WithdrawSignal(v1::WithdrawSignalRequest request) {
  return channel_->Call(channel_->signals(), &v1::SignalService::Stub::WithdrawSignal,
                        std::move(request));
}

absl::StatusOr<v1::Signal> Client::ReopenSignal(v1::ReopenSignalRequest request) {
  return channel_->Call(channel_->signals(), &v1::SignalService::Stub::ReopenSignal,
                        std::move(request));
}

absl::StatusOr<v1::AnswerQuestionResponse> Client::AnswerQuestion(
    v1::AnswerQuestionRequest request) {
  return channel_->Call(channel_->signals(), &v1::SignalService::Stub::AnswerQuestion,
                        std::move(request));
}

absl::StatusOr<v1::Signal> Client::RedirectSignal(v1::RedirectSignalRequest request) {
  return channel_->Call(channel_->signals(), &v1::SignalService::Stub::RedirectSignal,
                        std::move(request));
}

absl::StatusOr<v1::SignalStatus> Client::GetSignalStatus(v1::GetSignalStatusRequest request) {
  return channel_->Call(channel_->signals(), &v1::SignalService::Stub::GetSignalStatus,
                        std::move(request));
}

absl::StatusOr<v1::SignalStatus> Client::AnswerQuestionByCode(
    v1::AnswerQuestionByCodeRequest request) {
  return channel_->Call(channel_->signals(), &v1::SignalService::Stub::AnswerQuestionByCode,
                        std::move(request));
}

absl::StatusOr<v1::SignalPoint> Client::GetSignalPoint(v1::GetSignalPointRequest request) {
  return channel_->Call(channel_->signals(), &v1::SignalService::Stub::GetSignalPoint,
                        std::move(request));
}

absl::StatusOr<v1::ListReferralsResponse> Client::ListReferrals(v1::ListReferralsRequest request) {
  return channel_->Call(channel_->referrals(), &v1::ReferralService::Stub::ListReferrals,
                        std::move(request));
}

absl::StatusOr<v1::Referral> Client::GetReferral(v1::GetReferralRequest request) {
  return channel_->Call(channel_->referrals(), &v1::ReferralService::Stub::GetReferral,
                        std::move(request));
}

absl::StatusOr<v1::Referral> Client::AcceptReferral(v1::AcceptReferralRequest request) {
  return channel_->Call(channel_->referrals(), &v1::ReferralService::Stub::AcceptReferral,
                        std::move(request));
}

absl::StatusOr<v1::Referral> Client::DeclineReferral(v1::DeclineReferralRequest request) {
  return channel_->Call(channel_->referrals(), &v1::ReferralService::Stub::DeclineReferral,
                        std::move(request));
}

absl::StatusOr<v1::Referral> Client::WaitlistReferral(v1::WaitlistReferralRequest request) {
  return channel_->Call(channel_->referrals(), &v1::ReferralService::Stub::WaitlistReferral,
                        std::move(request));
}

absl::StatusOr<v1::Referral> Client::FailReferral(v1::FailReferralRequest request) {
  return channel_->Call(channel_->referrals(), &v1::ReferralService::Stub::FailReferral,
                        std::move(request));
}

absl::StatusOr<v1::Referral> Client::HandOverReferral(v1::HandOverReferralRequest request) {
  return channel_->Call(channel_->referrals(), &v1::ReferralService::Stub::HandOverReferral,
                        std::move(request));
}

absl::StatusOr<v1::Referral> Client::TakeBackReferral(v1::TakeBackReferralRequest request) {
  return channel_->Call(channel_->referrals(), &v1::ReferralService::Stub::TakeBackReferral,
                        std::move(request));
}

absl::StatusOr<v1::Referral> Client::AskSignaller(v1::AskSignallerRequest request) {
  return channel_->Call(channel_->referrals(), &v1::ReferralService::Stub::AskSignaller,
                        std::move(request));
}

absl::StatusOr<v1::Referral> Client::RecordContactAttempt(v1::RecordContactAttemptRequest request) {
  return channel_->Call(channel_->referrals(), &v1::ReferralService::Stub::RecordContactAttempt,
                        std::move(request));
}

absl::StatusOr<v1::Referral> Client::RecordConsent(v1::RecordConsentRequest request) {
  return channel_->Call(channel_->referrals(), &v1::ReferralService::Stub::RecordConsent,
                        std::move(request));
}

absl::StatusOr<v1::PlaceReferralResponse> Client::PlaceReferral(v1::PlaceReferralRequest request) {
  return channel_->Call(channel_->referrals(), &v1::ReferralService::Stub::PlaceReferral,
                        std::move(request));
}

absl::StatusOr<v1::Referral> Client::CompleteReferral(v1::CompleteReferralRequest request) {
  return channel_->Call(channel_->referrals(), &v1::ReferralService::Stub::CompleteReferral,
                        std::move(request));
}

absl::StatusOr<v1::ImportCatalogResponse> Client::ImportCatalog(v1::ImportCatalogRequest request) {
  return channel_->Call(channel_->catalog(), &v1::CatalogService::Stub::ImportCatalog,
                        std::move(request));
}

absl::StatusOr<v1::ExportCatalogResponse> Client::ExportCatalog(v1::ExportCatalogRequest request) {
  return channel_->Call(channel_->catalog(), &v1::CatalogService::Stub::ExportCatalog,
                        std::move(request));
}

absl::StatusOr<v1::FindOffersResponse> Client::FindOffers(v1::FindOffersRequest request) {
  return channel_->Call(channel_->catalog(), &v1::CatalogService::Stub::FindOffers,
                        std::move(request));
}

absl::StatusOr<v1::ListOffersToReviewResponse> Client::ListOffersToReview(
    v1::ListOffersToReviewRequest request) {
  return channel_->Call(channel_->catalog(), &v1::CatalogService::Stub::ListOffersToReview,
                        std::move(request));
}

absl::StatusOr<v1::FollowUpSummary> Client::GetFollowUpSummary(
    v1::GetFollowUpSummaryRequest request) {
  return channel_->Call(channel_->follow_up(), &v1::FollowUpService::Stub::GetFollowUpSummary,
                        std::move(request));
}

absl::StatusOr<v1::ListOverdueReferralsResponse> Client::ListOverdueReferrals(
    v1::ListOverdueReferralsRequest request) {
  return channel_->Call(channel_->follow_up(), &v1::FollowUpService::Stub::ListOverdueReferrals,
                        std::move(request));
}

absl::StatusOr<v1::UnmetDemand> Client::GetUnmetDemand(v1::GetUnmetDemandRequest request) {
  return channel_->Call(channel_->follow_up(), &v1::FollowUpService::Stub::GetUnmetDemand,
                        std::move(request));
}

}  // namespace omzien::client
