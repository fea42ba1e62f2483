#include "server/rpc/call_scope.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "server/auth/permissions.h"
#include "server/domain/errors.h"
#include "server/observe/log.h"
#include "server/rpc/status.h"

namespace omzien::rpc {
namespace {

struct HeldCall {
  Call call;
  std::shared_ptr<const Method> method;  // Call::method points into it
};

// Nothing when absent. A header that stands twice is as good as a wrong one.
std::optional<std::string_view> Header(const grpc::CallbackServerContext& context,
                                       const char* name) {
  const auto [first, last] = context.client_metadata().equal_range(name);
  if (first == last) return std::nullopt;
  if (std::next(first) != last) return std::string_view();
  return std::string_view(first->second.data(), first->second.size());
}

}  // namespace

CallScope::CallScope(Host& host, std::shared_ptr<const Method> method,
                     const grpc::CallbackServerContext& context)
    : host_(host),
      method_(std::move(method)),
      began_(std::chrono::steady_clock::now()),
      client_deadline_(absl::FromChrono(context.deadline())),
      context_(context) {}

absl::Status CallScope::Admit() {
  // Entered in any case: the answer to a refused call is waited for too when the server stops.
  absl::Status room = host_.in_flight.Enter();
  auto caller = host_.callers->Identify(Header(context_, "authorization"));
  if (!caller.ok()) return caller.status();
  caller_ = *caller;
  absl::Status role = auth::CheckRole(method_->name, *caller_);
  return role.ok() ? room : role;
}

std::shared_ptr<const Call> CallScope::NewCall() const {
  auto held = std::make_shared<HeldCall>();
  held->method = method_;
  held->call.caller = caller_;
  held->call.method = method_->name;
  held->call.now = host_.clock();
  held->call.deadline = std::min(client_deadline_, held->call.now + host_.deadline_cap);
  const Call* call = &held->call;
  return std::shared_ptr<const Call>(std::move(held), call);
}

grpc::Status CallScope::End(const absl::Status& status, int64_t items) const {
  if (status.ok()) {
    LogEnd(absl::StatusCode::kOk, "", items);
    return grpc::Status::OK;
  }
  grpc::Status sent = ToGrpcStatus(status);
  std::string reason = domain::ReasonOf(status);
  // An error of the layers below is sent, and so logged, under the code of the map; its own code
  // stands as the reason, which is all of it that may.
  if (reason.empty()) reason = absl::StatusCodeToString(status.code());
  LogEnd(static_cast<absl::StatusCode>(sent.error_code()), reason, items);
  return sent;
}

grpc::Status CallScope::EndCancelled(int64_t items) const {
  LogEnd(absl::StatusCode::kCancelled, "", items);
  return grpc::Status(grpc::StatusCode::CANCELLED, "");
}

void CallScope::LogEnd(absl::StatusCode code, std::string_view reason, int64_t items) const {
  observe::LogCall({.method = method_->name,
                    .caller_id = caller_ == nullptr ? std::string_view() : caller_->id,
                    .code = code,
                    .reason = reason,
                    .duration = absl::FromChrono(std::chrono::steady_clock::now() - began_),
                    .items = items});
}

}  // namespace omzien::rpc
