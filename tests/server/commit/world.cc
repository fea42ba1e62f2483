#include "tests/server/commit/world.h"

#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "server/domain/names.h"
#include "storage/blocking.h"
#include "storage/keys.h"
#include "tests/server/domain/test_catalogue.h"

namespace omzien::commit::testing {
namespace {

// A test without its world can only crash; say why first.
template <class T>
T Must(absl::StatusOr<T> result, const char* what) {
  if (!result.ok()) {
    std::cerr << what << ": " << result.status() << "\n";
    std::abort();
  }
  return *std::move(result);
}

domain::Caller CallerOf(const std::string& id, const std::string& organisation,
                        std::vector<domain::Role> roles) {
  domain::Caller caller;
  caller.id = id;
  for (const domain::Role role : roles) caller.grants.push_back({kGM, organisation, role});
  return caller;
}

absl::StatusOr<uint64_t> KeysUsed(storage::Engine& cases) {
  auto row = storage::MultiGetNow(*cases.GetSnapshot(), {storage::keys::CaseKeysUsed()});
  if (!row.ok()) return row.status();
  return row->front().has_value() ? std::stoull(row->front()->value) : 0;
}

std::vector<storage::Entry> AllRows(storage::Engine& engine) {
  const auto snapshot = engine.GetSnapshot();
  return Must(storage::ScanNow(*snapshot, {"", "", 1'000'000}), "reading all rows");
}

template <class Response>
absl::StatusOr<Response> Parsed(absl::StatusOr<std::string> answer) {
  if (!answer.ok()) return answer.status();
  Response response;
  if (!response.ParseFromString(*answer)) return absl::InternalError("not the response's type");
  return response;
}

}  // namespace

v1::Catalog OffersCatalog(const std::vector<std::string>& team_districts) {
  v1::Catalog catalog = domain::testing::TestCatalog();
  v1::Deadlines* deadlines = catalog.mutable_municipality()->mutable_deadlines();
  deadlines->set_first_contact_days(3);
  deadlines->set_offer_contact_days(10);
  deadlines->set_after_check_days(60);
  if (!team_districts.empty()) {
    v1::Team* team = catalog.mutable_teams(0);
    team->set_all_districts(false);
    team->mutable_districts()->Assign(team_districts.begin(), team_districts.end());
  }
  domain::testing::AddOffer(catalog, "bezoek", {"iedereen"});
  domain::testing::AddOffer(catalog, "maatje", {"ouderen"})->add_needs(v1::NEED_BUDDY);
  v1::Offer* coffee = domain::testing::AddOffer(catalog, "dorpskoffie", {"ouderen"}, {"WK990102"});
  coffee->set_organisation("dorpsteam");
  coffee->add_needs(v1::NEED_ACTIVITY);
  coffee->add_access(v1::ACCESS_AT_A_PLACE);
  v1::Offer* odd_job = domain::testing::AddOffer(catalog, "klusje", {"iedereen"});
  odd_job->set_organisation("dorpsteam");
  odd_job->set_mode(v1::REFERRAL_MODE_ASK_FIRST);
  odd_job->set_needs(0, v1::NEED_PRACTICAL_HELP);
  domain::testing::AddOffer(catalog, "jeugdclub", {"jeugd"})->set_needs(0, v1::NEED_ACTIVITY);
  v1::Offer* open_house = domain::testing::AddOffer(catalog, "inloop", {"iedereen"});
  open_house->set_organisation("dorpsteam");
  open_house->set_mode(v1::REFERRAL_MODE_SELF_JOIN);
  return catalog;
}

domain::Caller Shop() { return CallerOf("shop", "winkel", {domain::Role::kSignaller}); }
domain::Caller Team() { return CallerOf("team", "gemeente", {domain::Role::kFirstContact}); }
domain::Caller Receiver() { return CallerOf("receiver", "ontvanger", {domain::Role::kReceiver}); }
domain::Caller Coordinator() { return CallerOf("coordinator", "", {domain::Role::kCoordinator}); }
domain::Caller Village() { return CallerOf("village", "dorpsteam", {domain::Role::kReceiver}); }

domain::Caller Mandated() {
  return CallerOf("village", "dorpsteam", {domain::Role::kReceiver, domain::Role::kFirstContact});
}

v1::SubmitSignalRequest Submission(std::string_view district) {
  v1::SubmitSignalRequest request;
  request.set_parent(domain::MunicipalityName(kGM));
  v1::Signal* signal = request.mutable_signal();
  signal->mutable_reach()->set_through_signaller(true);
  signal->set_own_words("komt elke dag om een praatje");
  if (district.empty()) {
    signal->mutable_place()->set_unknown(true);
  } else {
    signal->mutable_place()->set_district(domain::DistrictName(kGM, district));
  }
  return request;
}

v1::Consent Consent(const std::vector<std::string>& organisations) {
  v1::Consent consent;
  consent.set_by_whom(v1::CONSENT_GIVER_PERSON);
  consent.mutable_when()->set_seconds(1'794'000'000);
  for (const std::string& id : organisations) consent.add_to_whom(Org(id));
  return consent;
}

v1::ContactAttempt Attempt(v1::ContactResult result, v1::ContactWith with,
                           v1::ContactChannel channel) {
  v1::ContactAttempt attempt;
  attempt.set_with(with);
  attempt.set_channel(channel);
  attempt.set_result(result);
  return attempt;
}

std::string Org(std::string_view id) { return domain::OrganisationName(kGM, id); }
std::string OfferOf(std::string_view id) { return domain::OfferName(kGM, id); }

World::World(WorldOptions options) : options_(std::move(options)) {
  if (!options_.opened) return;
  Reopen();
  if (options_.catalog.has_municipality()) {
    Must(Import(options_.catalog), "importing the catalogue");
  }
}

absl::Status World::OpenStore() {
  const auto open = [this](bool of_keys) -> absl::StatusOr<std::unique_ptr<storage::Engine>> {
    if (options_.open_engine) return options_.open_engine(of_keys);
    return storage::NewMemoryEngine(
        of_keys ? storage::MemoryOptions{keys_state_, storage::kEmbeddedLimits}
                : storage::MemoryOptions{cases_state_, options_.limits});
  };
  auto cases = open(/*of_keys=*/false);
  if (!cases.ok()) return cases.status();
  cases_ = std::make_unique<GatedEngine>(*std::move(cases));
  auto keys = open(/*of_keys=*/true);
  if (!keys.ok()) return keys.status();
  keys_ = std::make_unique<GatedEngine>(*std::move(keys));
  const auto used = KeysUsed(*cases_);
  if (!used.ok()) return used.status();
  auto case_keys = CaseKeys::Open(keys_.get(), master_, *used);
  if (!case_keys.ok()) return case_keys.status();
  case_keys_ = *std::move(case_keys);
  catalogues_ = std::make_unique<Catalogues>();
  if (absl::Status status = catalogues_->Load(*cases_); !status.ok()) return status;
  auto queue = CommitQueue::Start(cases_.get(), case_keys_.get(), catalogues_.get(), clock(),
                                  options_.queue);
  if (!queue.ok()) return queue.status();
  queue_ = *std::move(queue);
  imports_ =
      std::make_unique<CatalogImports>(cases_->limits(), queue_.get(), catalogues_.get(), clock());
  return absl::OkStatus();
}

void World::Close() {
  if (keys_ != nullptr) keys_->Open();
  if (cases_ != nullptr) cases_->Open();
  imports_.reset();
  queue_.reset();
  case_keys_.reset();
  keys_.reset();
  cases_.reset();
}

absl::Status World::TryReopen() {
  Close();
  absl::Status status = OpenStore();
  if (!status.ok()) Close();
  return status;
}

void World::Reopen() {
  if (absl::Status status = TryReopen(); !status.ok()) Must<int>(status, "opening the store");
}

absl::StatusOr<std::unique_ptr<CommitQueue>> World::SecondQueue() {
  return CommitQueue::Start(cases_.get(), case_keys_.get(), catalogues_.get(), clock(), {});
}

std::string World::NewId() {
  char id[37];
  std::snprintf(id, sizeof(id), "00000000-0000-4000-8000-%012llx",
                static_cast<unsigned long long>(++ids_));
  return id;
}

std::unique_ptr<Command> World::SubmitCommand(const domain::Caller& caller,
                                              v1::SubmitSignalRequest request) {
  if (request.request_id().empty()) request.set_request_id(NewId());
  Ask ask = AskFor(caller, "Submit", request);
  return SubmitSignal(std::move(ask),
                      std::make_shared<const v1::SubmitSignalRequest>(std::move(request)),
                      case_keys_->hash());
}

absl::StatusOr<v1::SubmitSignalResponse> World::Submit(const domain::Caller& caller,
                                                       v1::SubmitSignalRequest request) {
  return Parsed<v1::SubmitSignalResponse>(Run(SubmitCommand(caller, std::move(request))));
}

absl::StatusOr<v1::Signal> World::Withdraw(const domain::Caller& caller,
                                           v1::WithdrawSignalRequest request) {
  if (request.request_id().empty()) request.set_request_id(NewId());
  return Parsed<v1::Signal>(Run(WithdrawSignal(AskFor(caller, "Withdraw", request), request)));
}

absl::StatusOr<v1::Signal> World::Reopen(const domain::Caller& caller,
                                         v1::ReopenSignalRequest request) {
  if (request.request_id().empty()) request.set_request_id(NewId());
  return Parsed<v1::Signal>(Run(ReopenSignal(AskFor(caller, "Reopen", request), request)));
}

absl::StatusOr<v1::Signal> World::Redirect(const domain::Caller& caller,
                                           v1::RedirectSignalRequest request) {
  if (request.request_id().empty()) request.set_request_id(NewId());
  return Parsed<v1::Signal>(Run(RedirectSignal(AskFor(caller, "Redirect", request), request)));
}

absl::StatusOr<v1::Referral> World::Accept(const domain::Caller& caller,
                                           v1::AcceptReferralRequest request) {
  if (request.request_id().empty()) request.set_request_id(NewId());
  return Parsed<v1::Referral>(Run(AcceptReferral(AskFor(caller, "Accept", request), request)));
}

absl::StatusOr<v1::Referral> World::Decline(const domain::Caller& caller,
                                            v1::DeclineReferralRequest request) {
  if (request.request_id().empty()) request.set_request_id(NewId());
  return Parsed<v1::Referral>(Run(DeclineReferral(AskFor(caller, "Decline", request), request)));
}

absl::StatusOr<v1::Referral> World::Waitlist(const domain::Caller& caller,
                                             v1::WaitlistReferralRequest request) {
  if (request.request_id().empty()) request.set_request_id(NewId());
  return Parsed<v1::Referral>(Run(WaitlistReferral(AskFor(caller, "Waitlist", request), request)));
}

absl::StatusOr<v1::Referral> World::Fail(const domain::Caller& caller,
                                         v1::FailReferralRequest request) {
  if (request.request_id().empty()) request.set_request_id(NewId());
  return Parsed<v1::Referral>(Run(FailReferral(AskFor(caller, "Fail", request), request)));
}

absl::StatusOr<v1::AnswerQuestionResponse> World::AnswerIt(const domain::Caller& caller,
                                                           v1::AnswerQuestionRequest request) {
  if (request.request_id().empty()) request.set_request_id(NewId());
  return Parsed<v1::AnswerQuestionResponse>(
      Run(AnswerQuestion(AskFor(caller, "Answer", request), request)));
}

absl::StatusOr<v1::Referral> World::AskIt(const domain::Caller& caller,
                                          v1::AskSignallerRequest request) {
  if (request.request_id().empty()) request.set_request_id(NewId());
  return Parsed<v1::Referral>(Run(AskSignaller(AskFor(caller, "Ask", request), request)));
}

absl::StatusOr<v1::Referral> World::TakeBack(const domain::Caller& caller,
                                             v1::TakeBackReferralRequest request) {
  if (request.request_id().empty()) request.set_request_id(NewId());
  return Parsed<v1::Referral>(Run(TakeBackReferral(AskFor(caller, "TakeBack", request), request)));
}

absl::StatusOr<v1::Referral> World::HandOver(const domain::Caller& caller,
                                             v1::HandOverReferralRequest request) {
  if (request.request_id().empty()) request.set_request_id(NewId());
  return Parsed<v1::Referral>(Run(HandOverReferral(AskFor(caller, "HandOver", request), request)));
}

absl::StatusOr<v1::Referral> World::Record(const domain::Caller& caller,
                                           v1::RecordContactAttemptRequest request) {
  if (request.request_id().empty()) request.set_request_id(NewId());
  return Parsed<v1::Referral>(
      Run(RecordContactAttempt(AskFor(caller, "Attempt", request), request)));
}

absl::StatusOr<v1::Referral> World::Record(const domain::Caller& caller,
                                           v1::RecordConsentRequest request) {
  if (request.request_id().empty()) request.set_request_id(NewId());
  return Parsed<v1::Referral>(Run(RecordConsent(AskFor(caller, "Consent", request), request)));
}

absl::StatusOr<v1::PlaceReferralResponse> World::Place(const domain::Caller& caller,
                                                       v1::PlaceReferralRequest request) {
  if (request.request_id().empty()) request.set_request_id(NewId());
  return Parsed<v1::PlaceReferralResponse>(
      Run(PlaceReferral(AskFor(caller, "Place", request), request)));
}

absl::StatusOr<v1::Referral> World::Complete(const domain::Caller& caller,
                                             v1::CompleteReferralRequest request) {
  if (request.request_id().empty()) request.set_request_id(NewId());
  return Parsed<v1::Referral>(Run(CompleteReferral(AskFor(caller, "Complete", request), request)));
}

absl::StatusOr<std::string> World::Import(v1::Catalog catalog, const std::string& request_id,
                                          std::optional<int64_t> replaces) {
  return ImportAs(AskToImport("Import", catalog, request_id), std::move(catalog), replaces);
}

absl::StatusOr<std::string> World::ImportParts(v1::Catalog catalog, const std::string& request_id) {
  Ask ask = AskToImport("ImportParts", catalog, request_id);
  for (const v1::Offer& offer : catalog.offers()) {
    ask.fingerprint = ChainFingerprint(case_keys_->hash(), ask.fingerprint, offer);
  }
  return ImportAs(ask, std::move(catalog), std::nullopt);
}

Ask World::AskToImport(const std::string& what, const v1::Catalog& catalog,
                       const std::string& request_id) {
  v1::ImportCatalogRequest request;
  request.set_parent(domain::MunicipalityName(catalog.municipality().code()));
  domain::Caller steward;
  steward.id = "steward";
  return MakeAsk(case_keys_->hash(), steward, what, request,
                 request_id.empty() ? NewId() : request_id, {});
}

absl::StatusOr<std::string> World::ImportAs(const Ask& ask, v1::Catalog catalog,
                                            std::optional<int64_t> replaces) {
  const auto in_force = catalogues_->Find(catalog.municipality().code());
  NewCatalog incoming;
  incoming.replaces = replaces.value_or(in_force == nullptr ? 0 : in_force->generation());
  incoming.catalog = std::move(catalog);
  return imports_->Import(ask, std::move(incoming), absl::InfiniteFuture());
}

storage::v1::Case World::CaseOf(std::string_view signal_name) {
  const auto parts = domain::ParseSignalName(signal_name).value_or(domain::NameParts{});
  auto row = Must(storage::MultiGetNow(*cases_->GetSnapshot(),
                                       {storage::keys::Case(parts.municipality, parts.id)}),
                  "reading a case");
  storage::v1::Case record;
  if (row.front().has_value()) record.ParseFromString(row.front()->value);
  return record;
}

std::vector<storage::v1::Case> World::Cases() {
  std::string prefix = storage::keys::Case(kGM, "");
  prefix.resize(prefix.size() - 2);  // what ends the id
  std::vector<storage::v1::Case> cases;
  for (const storage::Entry& row : AllRows(*cases_)) {
    if (row.key.starts_with(prefix)) cases.emplace_back().ParseFromString(row.versioned.value);
  }
  return cases;
}

std::vector<storage::Entry> World::Rows() { return AllRows(*cases_); }
std::vector<storage::Entry> World::KeyRows() { return AllRows(*keys_); }

}  // namespace omzien::commit::testing
