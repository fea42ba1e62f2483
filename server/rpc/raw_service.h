// A service of the API whose methods take and give bytes: one wrapper parses for all of them, so
// that malformed bytes get our answer. (gRPC's generated services answer them by themselves, with
// INTERNAL and an empty text.)

#ifndef OMZIEN_SERVER_RPC_RAW_SERVICE_H_
#define OMZIEN_SERVER_RPC_RAW_SERVICE_H_

#include <grpcpp/impl/service_type.h>

#include <deque>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "google/protobuf/descriptor.h"
#include "server/rpc/call_scope.h"
#include "server/rpc/methods.h"

namespace omzien::rpc {

// OK when each method of auth::ServedServices() has one handler, of its kind and message types, and
// each handler a method. Otherwise FAILED_PRECONDITION with every difference.
absl::Status CheckHandlers(const Methods& methods);

class RawService final : public grpc::Service {
 public:
  // `methods` passed CheckHandlers. `host` outlives the gRPC server.
  RawService(const google::protobuf::ServiceDescriptor& service, const Methods& methods,
             Host& host);

 private:
  void Add(int index, std::shared_ptr<const Method> method, Host& host);

  std::deque<std::string> paths_;  // gRPC keeps pointers to them
};

}  // namespace omzien::rpc

#endif  // OMZIEN_SERVER_RPC_RAW_SERVICE_H_
