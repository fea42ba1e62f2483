// The ways a command calls the server and gives its answer.
#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include "client/cli/flags.h"
#include "client/cli/session.h"
#include "client/cpp/request_id.h"
#include "client/cpp/retry.h"

namespace omzien::cli {

// A read.
template <typename Request, typename Response>
absl::StatusOr<Response> Ask(Session& session, const Request& request,
                             absl::StatusOr<Response> (client::Client::*method)(Request)) {
  const auto client = session.client();
  if (!client.ok()) return client.status();
  return ((*client)->*method)(request);
}

// Sends a mutation. When it isn't certain how it ended, says under which id to try again.
template <typename Request, typename Response>
absl::StatusOr<Response> Mutate(Session& session, const MutationFlags& flags, Request request,
                                absl::StatusOr<Response> (client::Client::*method)(Request)) {
  const auto client = session.client();
  if (!client.ok()) return client.status();
  request.set_request_id(flags.request_id.empty() ? client::NewRequestId() : flags.request_id);
  if constexpr (requires { request.set_etag(""); }) request.set_etag(flags.etag);
  const std::string request_id = request.request_id();
  auto response = ((*client)->*method)(std::move(request));
  if (client::MayRetry(response.status()) || absl::IsDeadlineExceeded(response.status())) {
    session.console().err << session.Say("Veilig opnieuw te proberen met --request-id ",
                                         "Safe to try again with --request-id ")
                          << request_id << "\n";
  }
  return response;
}

// Lists page after page up to the limit, into the first answer. `field` of the answer is appended.
template <typename Request, typename Response>
absl::StatusOr<Response> ListPages(Session& session, const PageFlags& flags, Request request,
                                   absl::StatusOr<Response> (client::Client::*method)(Request),
                                   const char* field) {
  const auto client = session.client();
  if (!client.ok()) return client.status();
  Response result;
  const auto* items = Response::descriptor()->FindFieldByName(field);
  while (true) {
    const int have = Response::GetReflection()->FieldSize(result, items);
    request.set_page_size(flags.all ? 200 : std::min(flags.limit - have, 200));
    auto page = ((*client)->*method)(request);
    if (!page.ok()) return page.status();
    request.set_page_token(page->next_page_token());
    // The watch-from revision is that of the first page.
    const auto revision =
        have == 0 && result.revision() == 0 ? page->revision() : result.revision();
    result.MergeFrom(*page);
    result.set_revision(revision);
    result.set_next_page_token(page->next_page_token());
    const bool full =
        !flags.all && Response::GetReflection()->FieldSize(result, items) >= flags.limit;
    if (page->next_page_token().empty() || full) return result;
  }
}

// A command's end: the answer as JSON or by `print(answer)`, or its error.
template <typename Response, typename Print>
absl::StatusOr<ExitCode> Answer(Session& session, const absl::StatusOr<Response>& response,
                                Print print) {
  if (!response.ok()) return response.status();
  const absl::Status shown = session.Show(*response, [&] { print(*response); });
  if (!shown.ok()) return shown;
  return kExitOk;
}

}  // namespace omzien::cli
