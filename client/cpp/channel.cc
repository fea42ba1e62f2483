#include "client/cpp/channel.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace omzien::client {
namespace {

std::shared_ptr<grpc::Channel> Connect(const Options& options) {
  grpc::ChannelArguments arguments;
  // Retries are ours: gRPC's know nothing of request ids.
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  // A server that restarts is back within a second: look again soon.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 1000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2000);
  // An export of the largest catalogue is past the default of 4 MB.
  arguments.SetMaxReceiveMessageSize(32 * 1024 * 1024);
  // Two clients in one process with two tokens must not share what the other does.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(options.target, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace

bool OnThisMachine(absl::string_view target) {
  if (absl::StartsWith(target, "unix:")) return true;
  for (absl::string_view scheme : {"ipv4:", "ipv6:", "dns:///"}) {
    absl::ConsumePrefix(&target, scheme);
  }
  for (absl::string_view host : {"127.0.0.1", "localhost", "[::1]"}) {
    absl::string_view rest = target;
    if (absl::ConsumePrefix(&rest, host) && (rest.empty() || rest.front() == ':')) return true;
  }
  return false;
}

Channel::Channel(Options options)
    : options_(std::move(options)),
      channel_(Connect(options_)),
      signals_(v1::SignalService::NewStub(channel_)),
      referrals_(v1::ReferralService::NewStub(channel_)),
      catalog_(v1::CatalogService::NewStub(channel_)),
      follow_up_(v1::FollowUpService::NewStub(channel_)) {}

void Channel::Prepare(grpc::ClientContext& context, absl::Duration timeout) const {
  // From the machine's clock: gRPC knows no other, whatever clock the retries run on.
  context.set_deadline(std::chrono::system_clock::now() + absl::ToChronoMicroseconds(timeout));
  if (!options_.token.empty()) {
    context.AddMetadata("authorization", absl::StrCat("Bearer ", options_.token));
  }
}

}  // namespace omzien::client
