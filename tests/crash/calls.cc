#include "tests/crash/calls.h"

#include <functional>
#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "client/cpp/errors.h"
#include "client/cpp/import_parts.h"

namespace omzien::crash {
namespace {

using client::Client;

// So that a kill may come between them.
constexpr int kOffersPerPart = 100;
// Two come in at once at most, and one is still there for a moment after its answer.
constexpr int kPartsTries = 1000;

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

client::NextPart PartsOf(const v1::Catalog& catalog) {
  return [&catalog, next = 0](v1::OfferPart* part) mutable {
    for (; next < catalog.offers_size() && part->offers_size() < kOffersPerPart; ++next) {
      *part->add_offers() = catalog.offers(next);
    }
    return absl::OkStatus();
  };
}

absl::StatusOr<std::string> SendInParts(Client& client, const std::string& bytes) {
  v1::ImportCatalogRequest whole;
  if (!whole.ParseFromString(bytes)) throw std::logic_error("not a catalogue to import");
  v1::ImportCatalogRequest begin = whole;
  begin.mutable_catalog()->clear_offers();
  for (int tries = 0;; ++tries) {
    const auto answer = client::ImportCatalogParts(
        client, begin, PartsOf(whole.catalog()), [](const auto&) {}, absl::Minutes(1));
    if (answer.ok()) return answer->SerializeAsString();
    if (client::DetailsOf(answer.status()).reason != "OVERLOADED" || tries == kPartsTries) {
      return answer.status();
    }
  }
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
      {"TakeBackReferral", SenderOf(&Client::TakeBackReferral)},
      {"AskSignaller", SenderOf(&Client::AskSignaller)},
      {"AnswerQuestion", SenderOf(&Client::AnswerQuestion)},
      {"AnswerQuestionByCode", SenderOf(&Client::AnswerQuestionByCode)},
      {"DeclineReferral", SenderOf(&Client::DeclineReferral)},
      {"RecordContactAttempt", SenderOf(&Client::RecordContactAttempt)},
      {"RecordConsent", SenderOf(&Client::RecordConsent)},
      {"PlaceReferral", SenderOf(&Client::PlaceReferral)},
      {"CompleteReferral", SenderOf(&Client::CompleteReferral)},
      {"ImportCatalog", SenderOf(&Client::ImportCatalog)},
      {"ImportCatalogParts", &SendInParts},
  };
  return *kSenders;
}

}  // namespace

std::string Call::Where() const {
  return absl::StrCat("cycle ", moment.cycle, " worker ", moment.worker, " step ", moment.step, " ",
                      method);
}

Call MakePartsCall(const Moment& moment, const std::string& caller,
                   const v1::ImportCatalogRequest& whole) {
  return {moment, "ImportCatalogParts", caller, whole.request_id(), whole.SerializeAsString()};
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
    client::Options options = world_.OptionsFor(caller == kAnyone ? "" : caller);
    options.retry.max_attempts = max_attempts_;
    client = e2e::Must(Client::Create(options));
  }
  return *client;
}

}  // namespace omzien::crash
