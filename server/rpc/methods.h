// What the services' handlers are written against: no gRPC in sight. The wrapper has done the rest
// when a handler runs: the caller is identified, one of its roles may call the method, and the
// bytes are a message of the request's type. Validation, the role within the municipality
// (auth::CheckRoleIn), relation and state are the handler's.

#ifndef OMZIEN_SERVER_RPC_METHODS_H_
#define OMZIEN_SERVER_RPC_METHODS_H_

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "server/domain/caller.h"

namespace omzien::rpc {

// One call, or one item of a stream. What it points to lives as long as the Call.
struct Call {
  const domain::Caller* caller = nullptr;
  std::string_view method;  // "omzien.v1.SignalService/SubmitSignal"
  // The earlier of the client's deadline and `now` plus the server's cap. For an item of a stream:
  // counted from the item's arrival.
  absl::Time deadline;
  absl::Time now;  // by the server's clock, when the call (the item) arrived
};

// Answers a call: the serialized response, or an error that has its reason. Called exactly once,
// from any thread; after the client has left, or the server has stopped, it does nothing. It
// doesn't block.
using Reply = std::function<void(absl::StatusOr<std::string>)>;

// Sends a message on a stream besides the answers of its items. One that may be left out is, while
// an earlier message waits to be written. From any thread; doesn't block; does nothing once the
// stream has ended.
using Say = std::function<void(std::string message, bool may_be_left_out)>;

// How a method is served; made by Methods. Shared by every call of the method.
struct Method {
  enum class Kind { kRead, kWrite, kStream };

  Kind kind = Kind::kRead;
  std::string name;
  const google::protobuf::Descriptor* request = nullptr;
  const google::protobuf::Descriptor* response = nullptr;  // nullptr: the handler serializes it
  size_t window = 0;                                       // of a stream: most unanswered items
  std::function<std::shared_ptr<google::protobuf::Message>()> new_request;
  std::function<absl::StatusOr<std::string>(const Call&, const google::protobuf::Message&)> read;
  using Writer = std::function<void(std::shared_ptr<const Call>,
                                    std::shared_ptr<google::protobuf::Message>, Reply)>;
  Writer write;
  // Of a stream whose items belong together, instead of `write`: makes the handler of one stream.
  std::function<Writer(Say)> open;
};

// Collects the handlers by method name, then goes to Server::Start, which refuses names that the
// API doesn't have, names given twice, other message types than the API's, and methods without
// handler. Not thread-safe.
class Methods {
 public:
  // Runs on the read pool: it may block on the store. An error is the call's answer.
  template <class Request, class Response>
  void Read(std::string_view method,
            std::function<absl::StatusOr<Response>(const Call&, const Request&)> handler) {
    Method added = Make<Request>(Method::Kind::kRead, method);
    added.response = Response::descriptor();
    added.read = [handler = std::move(handler)](
                     const Call& call,
                     const google::protobuf::Message& request) -> absl::StatusOr<std::string> {
      absl::StatusOr<Response> response = handler(call, static_cast<const Request&>(request));
      if (!response.ok()) return response.status();
      return response->SerializeAsString();
    };
    Add(std::move(added));
  }

  // Runs on a gRPC thread: it must not block; it answers later through the reply. Call and request
  // stay alive for as long as the handler keeps them. It decides itself what the deadline means: a
  // command that was begun is answered with what became of it.
  template <class Request>
  void Write(
      std::string_view method,
      std::function<void(std::shared_ptr<const Call>, std::shared_ptr<Request>, Reply)> handler) {
    Add(MakeWrite(Method::Kind::kWrite, method, std::move(handler)));
  }

  // A bidirectional stream. Each item is answered as it is done, in any order; while `window` items
  // await their answer, the stream isn't read. Handlers of one stream run one after the other, in
  // the items' order; as Write's they must not block. The reply takes the serialized response
  // message of the stream; a refusal is such a message too. An error ends the stream with it, once
  // the items before it are answered.
  template <class Item>
  void Stream(
      std::string_view method, size_t window,
      std::function<void(std::shared_ptr<const Call>, std::shared_ptr<Item>, Reply)> handler) {
    Method added = MakeWrite(Method::Kind::kStream, method, std::move(handler));
    added.window = window;
    Add(std::move(added));
  }

  // A bidirectional stream whose items belong together: `open` makes a handler for each stream, as
  // Stream's, which lives as long as the stream or a reply that it keeps. Besides answering each
  // item it may say more.
  template <class Item>
  void Conversation(
      std::string_view method, size_t window,
      std::function<
          std::function<void(std::shared_ptr<const Call>, std::shared_ptr<Item>, Reply)>(Say)>
          open) {
    Method added = Make<Item>(Method::Kind::kStream, method);
    added.window = window;
    added.open = [open = std::move(open)](Say say) { return WriterOf<Item>(open(std::move(say))); };
    Add(std::move(added));
  }

  // For the wrapper. A name that was added twice is in `twice`.
  const std::map<std::string, std::shared_ptr<const Method>, std::less<>>& by_name() const {
    return by_name_;
  }
  const std::string& twice() const { return twice_; }

 private:
  template <class Request>
  static Method Make(Method::Kind kind, std::string_view name) {
    Method method;
    method.kind = kind;
    method.name = std::string(name);
    method.request = Request::descriptor();
    method.new_request = [] { return std::make_shared<Request>(); };
    return method;
  }

  template <class Request>
  static Method MakeWrite(
      Method::Kind kind, std::string_view name,
      std::function<void(std::shared_ptr<const Call>, std::shared_ptr<Request>, Reply)> handler) {
    Method method = Make<Request>(kind, name);
    method.write = WriterOf<Request>(std::move(handler));
    return method;
  }

  template <class Request>
  static Method::Writer WriterOf(
      std::function<void(std::shared_ptr<const Call>, std::shared_ptr<Request>, Reply)> handler) {
    return [handler = std::move(handler)](std::shared_ptr<const Call> call,
                                          std::shared_ptr<google::protobuf::Message> request,
                                          Reply reply) {
      handler(std::move(call), std::static_pointer_cast<Request>(std::move(request)),
              std::move(reply));
    };
  }

  void Add(Method method) {
    std::string name = method.name;
    if (!by_name_.emplace(name, std::make_shared<const Method>(std::move(method))).second) {
      twice_ = std::move(name);
    }
  }

  std::map<std::string, std::shared_ptr<const Method>, std::less<>> by_name_;
  std::string twice_;
};

}  // namespace omzien::rpc

#endif  // OMZIEN_SERVER_RPC_METHODS_H_
