// A whole commit queue over a store in memory, with an invented municipality, a clock that a test
// moves, and callers to ask things of it.

#ifndef OMZIEN_TESTS_SERVER_COMMIT_WORLD_H_
#define OMZIEN_TESTS_SERVER_COMMIT_WORLD_H_

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "omzien/v1/referral_service.pb.h"
#include "omzien/v1/signal_service.pb.h"
#include "server/commit/case_keys.h"
#include "server/commit/catalog_import.h"
#include "server/commit/catalogues.h"
#include "server/commit/commands.h"
#include "server/commit/commit_queue.h"
#include "server/crypto/master_key.h"
#include "server/domain/days.h"
#include "server/domain/submission_rules.h"
#include "server/domain/validation.h"
#include "storage/memory/memory_engine.h"
#include "tests/server/commit/gated_engine.h"

namespace omzien::commit::testing {

inline constexpr char kGM[] = "GM9901";

// The domain tests' municipality, with these offers, all direct and for a visit unless said so:
//   bezoek     of ontvanger, for everyone, everywhere
//   maatje     of ontvanger, for ouderen, everywhere; a buddy too
//   dorpskoffie of dorpsteam, for ouderen, in Heidedorp; an activity too
//   klusje     of dorpsteam, for everyone; practical help; ask first
//   jeugdclub  of ontvanger, for jeugd; an activity
//   inloop     of dorpsteam, for everyone; people join by themselves
// The team calls first in all districts; `team_districts` names others.
v1::Catalog OffersCatalog(const std::vector<std::string>& team_districts = {});

// Callers: a cashier of winkel; the team of gemeente; ontvanger's and dorpsteam's people.
domain::Caller Shop();
domain::Caller Team();
domain::Caller Receiver();
domain::Caller Village();
// The same organisation where it has the mandate for first contact besides.
domain::Caller Mandated();
// Coordinates the municipality.
domain::Caller Coordinator();

// The least that may be submitted: through the signaller, in a district, a few words.
v1::SubmitSignalRequest Submission(std::string_view district = "WK990101");
// A consent by the person to these organisations; none: to whoever fits.
v1::Consent Consent(const std::vector<std::string>& organisations = {});
v1::ContactAttempt Attempt(v1::ContactResult result = v1::CONTACT_RESULT_REACHED,
                           v1::ContactWith with = v1::CONTACT_WITH_PERSON,
                           v1::ContactChannel channel = v1::CONTACT_CHANNEL_PHONE);

std::string Org(std::string_view id);
std::string OfferOf(std::string_view id);

// A command made of functions.
class FakeCommand : public Command {
 public:
  using Change = std::function<absl::StatusOr<Decision>(Reading&)>;
  explicit FakeCommand(Change change, std::vector<std::string> keys = {}, bool exclusive = false)
      : change_(std::move(change)), keys_(std::move(keys)), exclusive_(exclusive) {}

  std::vector<std::string> Keys() const override { return keys_; }
  absl::StatusOr<Decision> Decide(Reading& reading) override { return change_(reading); }
  bool exclusive() const override { return exclusive_; }

 private:
  const Change change_;
  const std::vector<std::string> keys_;
  const bool exclusive_;
};

struct WorldOptions {
  storage::Limits limits = storage::kEmbeddedLimits;
  CommitQueue::Options queue;
  // Empty: none is imported.
  v1::Catalog catalog = OffersCatalog();
  // The engines to open, of cases and of keys; over memory that outlives them when empty.
  std::function<absl::StatusOr<std::unique_ptr<storage::Engine>>(bool of_keys)> open_engine;
  // Otherwise it stands closed until TryReopen.
  bool opened = true;
};

class World {
 public:
  explicit World(WorldOptions options = {});
  ~World() { Close(); }

  // Stops, forgets all that isn't durable, and opens the store again.
  void Reopen();
  // The same for a store that may refuse; then the world stays closed.
  absl::Status TryReopen();
  // Lets what is held through, stops and closes; only Reopen may be called then.
  void Close();

  GatedEngine& cases() { return *cases_; }
  GatedEngine& keys() { return *keys_; }
  CaseKeys& case_keys() { return *case_keys_; }
  Catalogues& catalogues() { return *catalogues_; }
  CommitQueue& queue() { return *queue_; }
  CatalogImports& imports() { return *imports_; }
  Clock clock() const {
    return [this] { return now(); };
  }
  absl::Time now() const { return absl::FromUnixMillis(now_ms_); }
  void Advance(absl::Duration by) { now_ms_ += absl::ToInt64Milliseconds(by); }

  // Another queue on the same store, as a second writer.
  absl::StatusOr<std::unique_ptr<CommitQueue>> SecondQueue();

  absl::StatusOr<std::string> Run(std::unique_ptr<Command> command) {
    return queue_->Run(std::move(command), absl::InfiniteFuture());
  }
  absl::StatusOr<std::string> Run(FakeCommand::Change change) {
    return Run(std::make_unique<FakeCommand>(std::move(change)));
  }

  // A new request id at each call.
  std::string NewId();
  // As the handlers make one, of the request as a whole.
  template <class Request>
  Ask AskFor(const domain::Caller& caller, std::string_view method, Request request) {
    std::vector<domain::FieldViolation> violations;
    domain::Validate(request, &violations);
    domain::CheckRequest(request, now(), domain::Today(now(), absl::UTCTimeZone()), &violations);
    const std::string id = request.request_id();
    request.clear_request_id();
    return MakeAsk(case_keys_->hash(), caller, method, request, id, std::move(violations));
  }

  // Each fills in a request_id where there is none.
  std::unique_ptr<Command> SubmitCommand(const domain::Caller& caller,
                                         v1::SubmitSignalRequest request);
  absl::StatusOr<v1::SubmitSignalResponse> Submit(const domain::Caller& caller,
                                                  v1::SubmitSignalRequest request);
  absl::StatusOr<v1::Signal> Withdraw(const domain::Caller& caller,
                                      v1::WithdrawSignalRequest request);
  absl::StatusOr<v1::Signal> Reopen(const domain::Caller& caller, v1::ReopenSignalRequest request);
  absl::StatusOr<v1::AnswerQuestionResponse> AnswerIt(const domain::Caller& caller,
                                                      v1::AnswerQuestionRequest request);
  absl::StatusOr<v1::Referral> AskIt(const domain::Caller& caller, v1::AskSignallerRequest request);
  absl::StatusOr<v1::Signal> Redirect(const domain::Caller& caller,
                                      v1::RedirectSignalRequest request);
  absl::StatusOr<v1::Referral> Accept(const domain::Caller& caller,
                                      v1::AcceptReferralRequest request);
  absl::StatusOr<v1::Referral> Decline(const domain::Caller& caller,
                                       v1::DeclineReferralRequest request);
  absl::StatusOr<v1::Referral> Waitlist(const domain::Caller& caller,
                                        v1::WaitlistReferralRequest request);
  absl::StatusOr<v1::Referral> Fail(const domain::Caller& caller, v1::FailReferralRequest request);
  absl::StatusOr<v1::Referral> TakeBack(const domain::Caller& caller,
                                        v1::TakeBackReferralRequest request);
  absl::StatusOr<v1::Referral> HandOver(const domain::Caller& caller,
                                        v1::HandOverReferralRequest request);
  absl::StatusOr<v1::Referral> Record(const domain::Caller& caller,
                                      v1::RecordContactAttemptRequest request);
  absl::StatusOr<v1::Referral> Record(const domain::Caller& caller,
                                      v1::RecordConsentRequest request);
  absl::StatusOr<v1::PlaceReferralResponse> Place(const domain::Caller& caller,
                                                  v1::PlaceReferralRequest request);
  absl::StatusOr<v1::Referral> Complete(const domain::Caller& caller,
                                        v1::CompleteReferralRequest request);
  // Replaces what is in force, or what `replaces` says was.
  absl::StatusOr<std::string> Import(v1::Catalog catalog, const std::string& request_id = "",
                                     std::optional<int64_t> replaces = std::nullopt);
  // As one whose offers came in parts, each a part of its own.
  absl::StatusOr<std::string> ImportParts(v1::Catalog catalog, const std::string& request_id);

  // What is durably stored.
  storage::v1::Case CaseOf(std::string_view signal_name);
  std::vector<storage::v1::Case> Cases();
  std::vector<storage::Entry> Rows();
  std::vector<storage::Entry> KeyRows();

 private:
  absl::Status OpenStore();
  Ask AskToImport(const std::string& what, const v1::Catalog& catalog,
                  const std::string& request_id);
  absl::StatusOr<std::string> ImportAs(const Ask& ask, v1::Catalog catalog,
                                       std::optional<int64_t> replaces);

  const WorldOptions options_;
  const crypto::MasterKey master_ = crypto::MasterKey::Random();
  const std::shared_ptr<storage::MemoryState> cases_state_ = storage::NewMemoryState();
  const std::shared_ptr<storage::MemoryState> keys_state_ = storage::NewMemoryState();
  std::atomic<int64_t> now_ms_ = 1'795'000'000'000;
  uint64_t ids_ = 0;

  std::unique_ptr<GatedEngine> cases_;
  std::unique_ptr<GatedEngine> keys_;
  std::unique_ptr<CaseKeys> case_keys_;
  std::unique_ptr<Catalogues> catalogues_;
  std::unique_ptr<CommitQueue> queue_;
  std::unique_ptr<CatalogImports> imports_;
};

}  // namespace omzien::commit::testing

#endif  // OMZIEN_TESTS_SERVER_COMMIT_WORLD_H_
