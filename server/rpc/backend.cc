#include "server/rpc/backend.h"

#include <charconv>
#include <string>
#include <utility>

#include "storage/blocking.h"
#include "storage/keys.h"

namespace omzien::rpc {
namespace {

// Each may hold as much as the largest catalogue.
constexpr size_t kImportsAtOnce = 2;

absl::StatusOr<uint64_t> CaseKeysUsed(storage::Engine& cases) {
  auto row = storage::MultiGetNow(*cases.GetSnapshot(), {storage::keys::CaseKeysUsed()});
  if (!row.ok()) return row.status();
  uint64_t used = 0;
  if (!row->front().has_value()) return used;
  const std::string& text = row->front()->value;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), used);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) {
    return absl::DataLossError("the row that says which case keys were used can't be read");
  }
  return used;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Backend>> Backend::Open(storage::Engine* cases,
                                                       storage::Engine* keys,
                                                       crypto::MasterKey master,
                                                       BackendOptions options) {
  auto backend = std::unique_ptr<Backend>(new Backend());
  auto used = CaseKeysUsed(*cases);
  if (!used.ok()) return used.status();
  auto case_keys = commit::CaseKeys::Open(keys, std::move(master), *used);
  if (!case_keys.ok()) return case_keys.status();
  backend->owned_case_keys_ = *std::move(case_keys);
  backend->owned_catalogues_ = std::make_unique<commit::Catalogues>();
  if (absl::Status status = backend->owned_catalogues_->Load(*cases); !status.ok()) return status;
  auto figures = figures::Figures::Open(cases);
  if (!figures.ok()) return figures.status();
  backend->owned_figures_ = *std::move(figures);

  backend->rematching_ =
      std::make_unique<jobs::Rematching>(cases, backend->owned_catalogues_.get(), options.clock);

  commit::CommitQueue::Options queue_options;
  queue_options.queue_limit = options.queue_limit;
  queue_options.on_broken = options.on_broken;
  queue_options.on_change = [figures = backend->owned_figures_.get(),
                             rematching = backend->rematching_.get()](
                                storage::Revision revision, const storage::v1::Change& change) {
    figures->Apply(revision, change);
    rematching->Notice(change);
  };
  auto queue = commit::CommitQueue::Start(cases, backend->owned_case_keys_.get(),
                                          backend->owned_catalogues_.get(), options.clock,
                                          std::move(queue_options));
  if (!queue.ok()) return queue.status();
  backend->owned_queue_ = *std::move(queue);
  backend->owned_figures_->StartFlushing(backend->owned_queue_.get(),
                                         options.figures_flush_interval);
  const auto failure_of = [&options](std::string_view job) -> jobs::OnFailure {
    if (options.on_job_failure == nullptr) return nullptr;
    return [job, tell = options.on_job_failure](const absl::Status& status) { tell(job, status); };
  };
  backend->answer_expiry_ =
      std::make_unique<jobs::AnswerExpiry>(cases, backend->owned_queue_.get(), options.clock);
  backend->answer_expiry_->Start(options.answer_expiry_interval, failure_of("answer_expiry"));
  backend->owned_imports_ =
      std::make_unique<commit::CatalogImports>(cases->limits(), backend->owned_queue_.get(),
                                               backend->owned_catalogues_.get(), options.clock);
  backend->catalog_clearing_ = std::make_unique<jobs::CatalogClearing>(
      cases, backend->owned_queue_.get(), backend->owned_imports_.get(), options.clock);
  backend->owned_imports_->OnLeftOver(
      [clearing = backend->catalog_clearing_.get()] { clearing->Wake(); });
  backend->catalog_clearing_->Start(options.catalog_clearing_interval,
                                    failure_of("catalog_clearing"));
  backend->deadlines_ = std::make_unique<jobs::Deadlines>(
      cases, backend->owned_queue_.get(), backend->owned_catalogues_.get(), options.clock);
  backend->deadlines_->Start(options.deadlines_interval, failure_of("deadlines"));
  backend->rematching_->Start(backend->owned_queue_.get(), options.rematching_interval,
                              failure_of("rematching"));
  backend->imports_at_once = std::make_unique<InFlight>(kImportsAtOnce);
  backend->import_pool =
      std::make_unique<ReadPool>(static_cast<int>(kImportsAtOnce), kImportsAtOnce);
  backend->cases = cases;
  backend->case_keys = backend->owned_case_keys_.get();
  backend->catalogues = backend->owned_catalogues_.get();
  backend->queue = backend->owned_queue_.get();
  backend->imports = backend->owned_imports_.get();
  backend->figures = backend->owned_figures_.get();
  return backend;
}

Backend::~Backend() { Stop(); }

void Backend::Stop() {
  if (answer_expiry_ != nullptr) answer_expiry_->Stop();
  if (catalog_clearing_ != nullptr) catalog_clearing_->Stop();
  if (deadlines_ != nullptr) deadlines_->Stop();
  if (rematching_ != nullptr) rematching_->Stop();
  if (owned_figures_ != nullptr) owned_figures_->StopFlushing();
  if (owned_queue_ != nullptr) owned_queue_->Stop();
  // What it still runs hears from the queue that it stopped.
  if (import_pool != nullptr) import_pool->End();
}

Methods MethodsOf(const Backend* backend) {
  Methods methods;
  AddSignalService(backend, &methods);
  AddReferralService(backend, &methods);
  AddCatalogService(backend, &methods);
  AddFollowUpService(backend, &methods);
  return methods;
}

}  // namespace omzien::rpc
