// All handlers over a store in memory, called as the wrapper calls them but without a connection.

#ifndef OMZIEN_TESTS_SERVER_RPC_OFFICE_H_
#define OMZIEN_TESTS_SERVER_RPC_OFFICE_H_

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "omzien/v1/referral_service.pb.h"
#include "omzien/v1/signal_service.pb.h"
#include "server/crypto/master_key.h"
#include "server/rpc/backend.h"
#include "server/rpc/methods.h"
#include "storage/memory/memory_engine.h"
#include "tests/server/commit/gated_engine.h"
#include "tests/server/commit/world.h"

namespace omzien::rpc::testing {

domain::Caller Coordinator();

class Office {
 public:
  // With the invented municipality's catalogue, see tests/server/commit/world.h.
  Office();
  ~Office() { Close(); }

  // Closes the store and opens it again.
  void Reopen();

  commit::testing::GatedEngine& cases() { return *cases_; }
  const Backend& backend() const { return *backend_; }
  absl::Time now() const { return absl::FromUnixMillis(now_ms_); }
  void Advance(absl::Duration by) { now_ms_ += absl::ToInt64Milliseconds(by); }

  // As the caller calls "omzien.v1." + method. Fills in a request_id where the request has an empty
  // one.
  template <class Response, class Request>
  absl::StatusOr<Response> Ask(const domain::Caller& caller, std::string_view method,
                               Request request) {
    if constexpr (requires { request.request_id(); }) {
      if (request.request_id().empty()) request.set_request_id(NewId());
    }
    absl::StatusOr<std::string> bytes =
        Run(caller, method, std::make_shared<Request>(std::move(request)));
    if (!bytes.ok()) return bytes.status();
    Response response;
    if (!response.ParseFromString(*bytes)) return absl::InternalError("not the response's type");
    return response;
  }

  // The name of a new signal.
  std::string Submit(const domain::Caller& caller, const v1::SubmitSignalRequest& request);
  // The first referral of a signal.
  static std::string FirstReferral(const std::string& signal);

 private:
  void OpenStore();
  void Close();
  std::string NewId();
  absl::StatusOr<std::string> Run(const domain::Caller& caller, std::string_view method,
                                  std::shared_ptr<google::protobuf::Message> request);

  const crypto::MasterKey master_ = crypto::MasterKey::Random();
  const std::shared_ptr<storage::MemoryState> cases_state_ = storage::NewMemoryState();
  const std::shared_ptr<storage::MemoryState> keys_state_ = storage::NewMemoryState();
  std::atomic<int64_t> now_ms_ = 1'795'000'000'000;
  uint64_t ids_ = 0;
  std::unique_ptr<commit::testing::GatedEngine> cases_;
  std::unique_ptr<commit::testing::GatedEngine> keys_;
  std::unique_ptr<Backend> backend_;
  Methods methods_;
};

}  // namespace omzien::rpc::testing

#endif  // OMZIEN_TESTS_SERVER_RPC_OFFICE_H_
