// The client of Omzien's services: request ids, deadlines, safe retries, errors with their reason.
//
//   Options options{.target = "127.0.0.1:7701", .token = token};
//   absl::StatusOr<std::unique_ptr<Client>> client = Client::Create(options);
//   auto answer = (*client)->SubmitSignal(request);
//
// Every method sends one request and waits for its answer, retries included, at most
// `Options::call_timeout`. A mutation without a request_id gets a random one, kept over its
// retries; who wants to retry after the process ended sets it. Methods may be called from any
// thread. Errors are the service's own (client/cpp/errors.h reads the reason), or UNAVAILABLE and
// DEADLINE_EXCEEDED without a reason where the connection failed.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/cpp/retry.h"
#include "omzien/v1/catalog_service.pb.h"
#include "omzien/v1/follow_up_service.pb.h"
#include "omzien/v1/referral_service.pb.h"
#include "omzien/v1/signal_service.pb.h"

namespace omzien::client {

class Channel;

struct Options {
  // "127.0.0.1:7701", "localhost:7701", "[::1]:7701" or "unix:/path".
  std::string target;
  // The bearer token; empty for what everyone may ask.
  std::string token = {};
  // For a call as a whole, retries and waits between them included. More than zero.
  absl::Duration call_timeout = absl::Seconds(10);
  RetryPolicy retry = {};
  // Not owned; must outlive the client.
  Clock* clock = &Clock::Real();
};

class Client {
 public:
  // Doesn't connect yet. INVALID_ARGUMENT: no target, a timeout that isn't positive, a token with
  // characters that can't stand in a header, or a token for a target that isn't this machine: there
  // is no TLS yet, and a token in the clear is anyone's. Use a tunnel to the server's loopback.
  static absl::StatusOr<std::unique_ptr<Client>> Create(Options options);
  ~Client();

  // SignalService.
  absl::StatusOr<v1::SubmitSignalResponse> SubmitSignal(v1::SubmitSignalRequest request);
  absl::StatusOr<v1::Signal> GetSignal(v1::GetSignalRequest request);
  absl::StatusOr<v1::ListSignalsResponse> ListSignals(v1::ListSignalsRequest request);
  absl::StatusOr<v1::Signal> WithdrawSignal(v1::WithdrawSignalRequest request);
  absl::StatusOr<v1::Signal> ReopenSignal(v1::ReopenSignalRequest request);
  absl::StatusOr<v1::AnswerQuestionResponse> AnswerQuestion(v1::AnswerQuestionRequest request);
  absl::StatusOr<v1::Signal> RedirectSignal(v1::RedirectSignalRequest request);
  absl::StatusOr<v1::SignalStatus> GetSignalStatus(v1::GetSignalStatusRequest request);
  absl::StatusOr<v1::SignalStatus> AnswerQuestionByCode(v1::AnswerQuestionByCodeRequest request);
  absl::StatusOr<v1::SignalPoint> GetSignalPoint(v1::GetSignalPointRequest request);

  // ReferralService.
  absl::StatusOr<v1::ListReferralsResponse> ListReferrals(v1::ListReferralsRequest request);
  absl::StatusOr<v1::Referral> GetReferral(v1::GetReferralRequest request);
  absl::StatusOr<v1::Referral> AcceptReferral(v1::AcceptReferralRequest request);
  absl::StatusOr<v1::Referral> DeclineReferral(v1::DeclineReferralRequest request);
  absl::StatusOr<v1::Referral> WaitlistReferral(v1::WaitlistReferralRequest request);
  absl::StatusOr<v1::Referral> FailReferral(v1::FailReferralRequest request);
  absl::StatusOr<v1::Referral> HandOverReferral(v1::HandOverReferralRequest request);
  absl::StatusOr<v1::Referral> TakeBackReferral(v1::TakeBackReferralRequest request);
  absl::StatusOr<v1::Referral> AskSignaller(v1::AskSignallerRequest request);
  absl::StatusOr<v1::Referral> RecordContactAttempt(v1::RecordContactAttemptRequest request);
  absl::StatusOr<v1::Referral> RecordConsent(v1::RecordConsentRequest request);
  absl::StatusOr<v1::PlaceReferralResponse> PlaceReferral(v1::PlaceReferralRequest request);
  absl::StatusOr<v1::Referral> CompleteReferral(v1::CompleteReferralRequest request);

  // CatalogService.
  absl::StatusOr<v1::ImportCatalogResponse> ImportCatalog(v1::ImportCatalogRequest request);
  absl::StatusOr<v1::ExportCatalogResponse> ExportCatalog(v1::ExportCatalogRequest request);
  absl::StatusOr<v1::FindOffersResponse> FindOffers(v1::FindOffersRequest request);
  absl::StatusOr<v1::ListOffersToReviewResponse> ListOffersToReview(
      v1::ListOffersToReviewRequest request);

  // FollowUpService.
  absl::StatusOr<v1::FollowUpSummary> GetFollowUpSummary(v1::GetFollowUpSummaryRequest request);
  absl::StatusOr<v1::ListOverdueReferralsResponse> ListOverdueReferrals(
      v1::ListOverdueReferralsRequest request);
  absl::StatusOr<v1::UnmetDemand> GetUnmetDemand(v1::GetUnmetDemandRequest request);

  // For SubmitStream, which shares the connection.
  const std::shared_ptr<Channel>& channel() const { return channel_; }

 private:
  explicit Client(std::shared_ptr<Channel> channel);

  const std::shared_ptr<Channel> channel_;
};

}  // namespace omzien::client
