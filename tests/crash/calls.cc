#include "tests/crash/calls.h"

#include <functional>
#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "client/cpp/errors.h"

namespace omzien::crash {
namespace {

using client::Client;
using Sender = std::function<absl::StatusOr<std::string>(Client&, const std::string&)>;

template <class Request, class Response>
Sender SenderOf(absl::StatusOr<Response> (Client::*method)(Request)) {
  return [method](Client& client, const std::string& bytes) -> absl::StatusOr<std::string> {
    Request request;
    if (!request.ParseFromString(bytes)) throw std::logic_error("not a request of its own method");
    const absl::StatusOr<Response> answer = (client.*method)(request);
    if (!answer.ok()) return answer.status();
    return answer->SerializeAsString();
  };
}

const std::map<std::string, Sender>& Senders() {
  static const auto* const kSenders = new std::map<std::string, Sender>{
      {"SubmitSignal", SenderOf(&Client::SubmitSignal)},
      {"WithdrawSignal", SenderOf(&Client::WithdrawSignal)},
      {"ReopenSignal", SenderOf(&Client::ReopenSignal)},
      {"RedirectSignal", SenderOf(&Client::RedirectSignal)},
      {"AcceptReferral", SenderOf(&Client::AcceptReferral)},
      {"WaitlistReferral", SenderOf(&Client::WaitlistReferral)},
      {"FailReferral", SenderOf(&Client::FailReferral)},
      {"HandOverReferral", SenderOf(&Client::HandOverReferral)},
      {"AskSignaller", SenderOf(&Client::AskSignaller)},
      {"AnswerQuestion", SenderOf(&Client::AnswerQuestion)},
      {"DeclineReferral", SenderOf(&Client::DeclineReferral)},
      {"RecordContactAttempt", SenderOf(&Client::RecordContactAttempt)},
      {"RecordConsent", SenderOf(&Client::RecordConsent)},
      {"PlaceReferral", SenderOf(&Client::PlaceReferral)},
      {"CompleteReferral", SenderOf(&Client::CompleteReferral)},
      {"ImportCatalog", SenderOf(&Client::ImportCatalog)},
  };
  return *kSenders;
}

}  // namespace

std::string Call::Where() const {
  return absl::StrCat("cycle ", moment.cycle, " worker ", moment.worker, " step ", moment.step, " ",
                      method);
}

std::vector<std::string> Methods() {
  std::vector<std::string> methods;
  for (const auto& [method, sender] : Senders()) methods.push_back(method);
  return methods;
}

absl::StatusOr<std::string> Send(Client& client, const Call& call) {
  return Senders().at(call.method)(client, call.request);
}

bool IsInDoubt(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsCancelled(status) ||
         absl::IsDeadlineExceeded(status);
}

bool IsRefusal(const absl::Status& status) {
  return absl::IsFailedPrecondition(status) ||
         client::DetailsOf(status).reason == "CATALOG_REPLACED";
}

Client& Clients::As(const std::string& caller) {
  const absl::MutexLock lock(&mutex_);
  std::unique_ptr<Client>& client = clients_[caller];
  if (client == nullptr) {
    client::Options options = world_.OptionsFor(caller);
    options.retry.max_attempts = max_attempts_;
    client = e2e::Must(Client::Create(options));
  }
  return *client;
}

}  // namespace omzien::crash
