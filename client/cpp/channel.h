// Inside client/cpp: the connection and the one way a unary call goes. Kept out of the public
// headers because gRPC's take seconds to compile.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>
#include <utility>

#include "absl/strings/string_view.h"
#include "client/cpp/client.h"
#include "client/cpp/errors.h"
#include "client/cpp/request_id.h"
#include "omzien/v1/catalog_service.grpc.pb.h"
#include "omzien/v1/follow_up_service.grpc.pb.h"
#include "omzien/v1/referral_service.grpc.pb.h"
#include "omzien/v1/signal_service.grpc.pb.h"

namespace omzien::client {

// Whether a token may go to this target in the clear: only this machine itself.
bool OnThisMachine(absl::string_view target);

class Channel {
 public:
  explicit Channel(Options options);

  const Options& options() const { return options_; }
  v1::SignalService::Stub& signals() { return *signals_; }
  v1::ReferralService::Stub& referrals() { return *referrals_; }
  v1::CatalogService::Stub& catalog() { return *catalog_; }
  v1::FollowUpService::Stub& follow_up() { return *follow_up_; }

  // Gives the call its token, and `timeout` to live.
  void Prepare(grpc::ClientContext& context, absl::Duration timeout) const;

  // One unary call with its request id, deadline and retries.
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(Stub& stub,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                Request request) {
    if constexpr (requires { request.mutable_request_id(); }) {
      if (request.request_id().empty()) request.set_request_id(NewRequestId());
    }
    Clock& clock = *options_.clock;
    const absl::Time deadline = clock.Now() + options_.call_timeout;
    Response response;
    const absl::Status status = Retry(options_.retry, deadline, clock, [&] {
      grpc::ClientContext context;
      Prepare(context, deadline - clock.Now());
      response.Clear();
      return FromGrpc((stub.*method)(&context, request, &response));
    });
    if (!status.ok()) return status;
    return response;
  }

 private:
  const Options options_;
  const std::shared_ptr<grpc::Channel> channel_;
  const std::unique_ptr<v1::SignalService::Stub> signals_;
  const std::unique_ptr<v1::ReferralService::Stub> referrals_;
  const std::unique_ptr<v1::CatalogService::Stub> catalog_;
  const std::unique_ptr<v1::FollowUpService::Stub> follow_up_;
};

}  // namespace omzien::client
