#include "tests/storm/clients.h"

#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include <utility>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace omzien::storm {
namespace {

using ByteStub = grpc::TemplatedGenericStub<grpc::ByteBuffer, grpc::ByteBuffer>;

// Longer than a busy machine needs; no test rests on it.
constexpr auto kTimeout = std::chrono::seconds(60);

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Valid() || !buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

Reply ReplyOf(const grpc::Status& status, const grpc::ByteBuffer& response) {
  Reply reply;
  reply.code = status.error_code();
  if (status.ok()) reply.bytes = BytesOf(response);
  google::rpc::Status details;
  google::rpc::ErrorInfo info;
  if (!details.ParseFromString(status.error_details())) return reply;
  for (const auto& detail : details.details()) {
    if (!detail.UnpackTo(&info)) continue;
    reply.reason = info.reason();
    const auto etag = info.metadata().find("etag");
    if (etag != info.metadata().end()) reply.etag = etag->second;
  }
  return reply;
}

}  // namespace

// One client, and what of its call under way must live until the answer.
class Clients::One {
 public:
  explicit One(const std::string& address) {
    grpc::ChannelArguments alone;
    alone.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    stub_ = std::make_unique<ByteStub>(
        grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), alone));
  }

  void Start(const Call& call, std::function<void(Reply)> done) {
    context_ = std::make_unique<grpc::ClientContext>();
    context_->set_deadline(std::chrono::system_clock::now() + kTimeout);
    context_->AddMetadata("authorization", "Bearer " + call.token);
    const grpc::Slice slice(call.bytes);
    request_ = grpc::ByteBuffer(&slice, 1);
    response_.Clear();
    stub_->UnaryCall(context_.get(), "/omzien.v1." + call.method, {}, &request_, &response_,
                     [this, done = std::move(done)](const grpc::Status& status) {
                       done(ReplyOf(status, response_));
                     });
  }

 private:
  std::unique_ptr<ByteStub> stub_;
  std::unique_ptr<grpc::ClientContext> context_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;
};

Call CallOf(std::string method, std::string token, const google::protobuf::Message& request) {
  return {std::move(method), std::move(token), request.SerializeAsString()};
}

Clients::Clients(const std::string& address, int count) {
  for (int i = 0; i < count; ++i) clients_.push_back(std::make_unique<One>(address));
}

Clients::~Clients() = default;

std::vector<Reply> Clients::SendAll(const std::vector<Call>& calls, size_t answered,
                                    const std::function<void()>& then) {
  {
    absl::MutexLock lock(&mutex_);
    calls_ = &calls;
    replies_.assign(calls.size(), {});
    next_ = answered_ = 0;
    enough_ = answered;
  }
  for (const auto& client : clients_) Next(*client);
  if (then != nullptr) {
    mutex_.LockWhen(absl::Condition(this, &Clients::EnoughAnswered));
    mutex_.Unlock();
    then();
  }
  absl::MutexLock lock(&mutex_);
  enough_ = calls.size();
  mutex_.Await(absl::Condition(this, &Clients::EnoughAnswered));
  return std::move(replies_);
}

void Clients::Next(One& client) {
  size_t index = 0;
  const Call* call = nullptr;
  {
    absl::MutexLock lock(&mutex_);
    if (next_ == calls_->size()) return;
    index = next_++;
    call = &(*calls_)[index];
  }
  client.Start(*call, [this, &client, index](Reply reply) {
    // Taken only after the next is on its way: whoever waits for the last reply may end the clients
    // at once.
    Next(client);
    Take(index, std::move(reply));
  });
}

void Clients::Take(size_t index, Reply reply) {
  absl::MutexLock lock(&mutex_);
  replies_[index] = std::move(reply);
  ++answered_;
}

}  // namespace omzien::storm
