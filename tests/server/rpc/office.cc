#include "tests/server/rpc/office.h"

#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "server/domain/names.h"

namespace omzien::rpc::testing {
namespace {

using commit::testing::kGM;

template <class T>
T Must(absl::StatusOr<T> result, const char* what) {
  if (!result.ok()) {
    std::cerr << what << ": " << result.status() << "\n";
    std::abort();
  }
  return *std::move(result);
}

domain::Caller Steward() {
  domain::Caller caller;
  caller.id = "steward";
  caller.grants.push_back({kGM, "", domain::Role::kSteward});
  return caller;
}

}  // namespace

domain::Caller Coordinator() {
  domain::Caller caller;
  caller.id = "coordinator";
  caller.grants.push_back({kGM, "", domain::Role::kCoordinator});
  return caller;
}

Office::Office() {
  OpenStore();
  v1::ImportCatalogRequest request;
  request.set_parent(domain::MunicipalityName(kGM));
  *request.mutable_catalog() = commit::testing::OffersCatalog();
  Must(Ask<v1::ImportCatalogResponse>(Steward(), "CatalogService/ImportCatalog", request),
       "importing the catalogue");
}

void Office::OpenStore() {
  using commit::testing::GatedEngine;
  cases_ =
      std::make_unique<GatedEngine>(storage::NewMemoryEngine(storage::MemoryOptions{cases_state_}));
  keys_ =
      std::make_unique<GatedEngine>(storage::NewMemoryEngine(storage::MemoryOptions{keys_state_}));
  BackendOptions options;
  options.clock = [this] { return now(); };
  options.figures_flush_interval = absl::InfiniteDuration();
  options.answer_expiry_interval = absl::InfiniteDuration();
  backend_ = Must(Backend::Open(cases_.get(), keys_.get(), master_, std::move(options)),
                  "opening the backend");
  methods_ = MethodsOf(backend_.get());
}

void Office::Close() {
  keys_->Open();
  cases_->Open();
  methods_ = Methods();
  backend_.reset();
  keys_.reset();
  cases_.reset();
}

void Office::Reopen() {
  Close();
  OpenStore();
}

std::string Office::NewId() {
  char id[37];
  std::snprintf(id, sizeof(id), "00000000-0000-4000-8000-%012llx",
                static_cast<unsigned long long>(++ids_));
  return id;
}

absl::StatusOr<std::string> Office::Run(const domain::Caller& caller, std::string_view method,
                                        std::shared_ptr<google::protobuf::Message> request) {
  const std::string name = "omzien.v1." + std::string(method);
  const auto found = methods_.by_name().find(name);
  if (found == methods_.by_name().end()) return absl::UnimplementedError(name);
  auto call = std::make_shared<Call>();
  call->caller = &caller;
  call->method = found->second->name;
  call->now = now();
  call->deadline = absl::InfiniteFuture();
  if (found->second->kind == Method::Kind::kRead) return found->second->read(*call, *request);
  absl::StatusOr<std::string> answer;
  absl::Notification there;
  found->second->write(call, std::move(request), [&](absl::StatusOr<std::string> given) {
    answer = std::move(given);
    there.Notify();
  });
  there.WaitForNotification();
  return answer;
}

std::string Office::Submit(const domain::Caller& caller, const v1::SubmitSignalRequest& request) {
  return Must(Ask<v1::SubmitSignalResponse>(caller, "SignalService/SubmitSignal", request),
              "submitting a signal")
      .signal()
      .name();
}

std::string Office::FirstReferral(const std::string& signal) {
  return domain::ReferralName(domain::MunicipalityOf(signal), domain::LastSegment(signal), 1);
}

}  // namespace omzien::rpc::testing
