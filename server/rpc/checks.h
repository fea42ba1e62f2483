// What every handler does before its own work: the role in the municipality that is asked for, and
// what is wrong with the request as such.

#ifndef OMZIEN_SERVER_RPC_CHECKS_H_
#define OMZIEN_SERVER_RPC_CHECKS_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "server/commit/commands.h"
#include "server/commit/mutation.h"
#include "server/domain/errors.h"
#include "server/domain/names.h"
#include "server/domain/validation.h"
#include "server/rpc/backend.h"
#include "server/rpc/methods.h"

namespace omzien::rpc {

// The municipality that a request's `parent` or `name` is in; empty when it isn't a name.
template <class Request>
std::string MunicipalityOf(const Request& request) {
  if constexpr (requires { request.parent(); }) {
    return std::string(domain::MunicipalityOf(request.parent()));
  } else {
    return std::string(domain::MunicipalityOf(request.name()));
  }
}

// OK for an empty municipality: the form of names is for validation to refuse.
absl::Status CheckRoleIn(const Call& call, const std::string& municipality);

// Everything that is wrong with the request as such, at `call.now` in the municipality.
std::vector<domain::FieldViolation> ViolationsOf(const Backend& backend, const Call& call,
                                                 const std::string& municipality,
                                                 const google::protobuf::Message& request);

// What is wrong with a request, as one error. `more` counts where nothing was said of its fields
// yet. So does `own`, an error with a reason of its own, which it keeps when nothing else is wrong.
absl::Status AllAtOnce(std::vector<domain::FieldViolation> violations,
                       std::vector<domain::FieldViolation> more, const absl::Status& own);

// Role and violations; for handlers that only read. `more` and `own`: what only the caller's roles
// or the catalogue can say is wrong.
template <class Request>
absl::Status CheckRead(const Backend& backend, const Call& call, const Request& request,
                       std::vector<domain::FieldViolation> more = {},
                       const absl::Status& own = absl::OkStatus()) {
  const std::string municipality = MunicipalityOf(request);
  absl::Status status = CheckRoleIn(call, municipality);
  if (!status.ok()) return status;
  return AllAtOnce(ViolationsOf(backend, call, municipality, request), std::move(more), own);
}

// NOT_FOUND for a municipality that has no catalogue.
absl::StatusOr<std::shared_ptr<const domain::Catalogue>> FindCatalogue(
    const Backend& backend, const std::string& municipality);

// The ask of a mutation; the error where it can't even be looked up under its id. A stored answer
// goes before validation, so violations travel with the ask.
template <class Request>
absl::StatusOr<commit::Ask> AskFor(const Backend& backend, const Call& call, const Request& request,
                                   std::vector<domain::FieldViolation> more = {}) {
  const std::string municipality = MunicipalityOf(request);
  absl::Status status = CheckRoleIn(call, municipality);
  if (!status.ok()) return status;
  std::vector<domain::FieldViolation> violations =
      ViolationsOf(backend, call, municipality, request);
  std::move(more.begin(), more.end(), std::back_inserter(violations));
  if (!domain::HasFormat(request.request_id(), v1::FIELD_FORMAT_UUID)) {
    return domain::InvalidFields(std::move(violations));
  }
  Request without_id = request;
  without_id.clear_request_id();
  return commit::MakeAsk(backend.case_keys->hash(), *call.caller, call.method, without_id,
                         request.request_id(), std::move(violations));
}

// Adds a mutation that one command does. `make(ask, request)` gives the command.
template <class Request, class Make>
void AddMutation(const Backend* backend, std::string_view method, Make make, Methods* methods) {
  methods->Write<Request>(method, [backend, make](std::shared_ptr<const Call> call,
                                                  std::shared_ptr<Request> request, Reply reply) {
    auto ask = AskFor(*backend, *call, *request);
    if (!ask.ok()) return reply(ask.status());
    backend->queue->Submit(make(*std::move(ask), *request), call->deadline, std::move(reply));
  });
}

}  // namespace omzien::rpc

#endif  // OMZIEN_SERVER_RPC_CHECKS_H_
