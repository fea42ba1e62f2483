#include "server/rpc/raw_service.h"

#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/rpc_service_method.h>
#include <grpcpp/support/server_callback.h>

#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/auth/permissions.h"
#include "server/rpc/stream_call.h"
#include "server/rpc/unary_call.h"

namespace omzien::rpc {
namespace {

using grpc::internal::RpcMethod;

std::string NameOf(const google::protobuf::MethodDescriptor& method) {
  return absl::StrCat(method.service()->full_name(), "/", method.name());
}

void CompareWithApi(const google::protobuf::MethodDescriptor& api, const Method& handler,
                    std::vector<std::string>& errors) {
  const bool stream = handler.kind == Method::Kind::kStream;
  if (api.client_streaming() != stream || api.server_streaming() != stream) {
    errors.push_back(absl::StrCat(handler.name, " streams in another way than its handler"));
  }
  if (stream && handler.window == 0) {
    errors.push_back(absl::StrCat(handler.name, " has a window of 0 items"));
  }
  if (handler.request != api.input_type()) {
    errors.push_back(absl::StrCat(handler.name, " takes ", api.input_type()->full_name(),
                                  ", its handler ", handler.request->full_name()));
  }
  if (handler.response != nullptr && handler.response != api.output_type()) {
    errors.push_back(absl::StrCat(handler.name, " gives ", api.output_type()->full_name(),
                                  ", its handler ", handler.response->full_name()));
  }
}

}  // namespace

absl::Status CheckHandlers(const Methods& methods) {
  std::vector<std::string> errors;
  std::set<std::string> unknown;
  for (const auto& [name, method] : methods.by_name()) unknown.insert(name);
  for (const google::protobuf::ServiceDescriptor* service : auth::ServedServices()) {
    for (int i = 0; i < service->method_count(); ++i) {
      const google::protobuf::MethodDescriptor& api = *service->method(i);
      const std::string name = NameOf(api);
      unknown.erase(name);
      const auto handler = methods.by_name().find(name);
      if (handler == methods.by_name().end()) {
        errors.push_back(absl::StrCat(name, " has no handler"));
      } else {
        CompareWithApi(api, *handler->second, errors);
      }
    }
  }
  for (const std::string& name : unknown) {
    errors.push_back(absl::StrCat(name, " has a handler but is not in the API"));
  }
  if (!methods.twice().empty()) {
    errors.push_back(absl::StrCat(methods.twice(), " has two handlers"));
  }
  if (errors.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("the server's handlers and the API differ: ", absl::StrJoin(errors, "; ")));
}

RawService::RawService(const google::protobuf::ServiceDescriptor& service, const Methods& methods,
                       Host& host) {
  for (int i = 0; i < service.method_count(); ++i) {
    Add(i, methods.by_name().find(NameOf(*service.method(i)))->second, host);
  }
}

void RawService::Add(int index, std::shared_ptr<const Method> method, Host& host) {
  const bool stream = method->kind == Method::Kind::kStream;
  paths_.push_back(absl::StrCat("/", method->name));
  // gRPC takes ownership of both objects.
  AddMethod(new grpc::internal::RpcServiceMethod(
      paths_.back().c_str(), stream ? RpcMethod::BIDI_STREAMING : RpcMethod::NORMAL_RPC, nullptr));
  if (stream) {
    MarkMethodRawCallback(
        index, new grpc::internal::CallbackBidiHandler<grpc::ByteBuffer, grpc::ByteBuffer>(
                   [method = std::move(method), &host](grpc::CallbackServerContext* context) {
                     return StreamCall::Start(host, method, *context);
                   }));
    return;
  }
  MarkMethodRawCallback(
      index, new grpc::internal::CallbackUnaryHandler<grpc::ByteBuffer, grpc::ByteBuffer>(
                 [method = std::move(method), &host](grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer* request,
                                                     grpc::ByteBuffer* response) {
                   return UnaryCall::Start(host, method, *context, *request, response);
                 }));
}

}  // namespace omzien::rpc
