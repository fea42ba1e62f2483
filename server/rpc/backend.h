// What the handlers stand on: the commit queue and what it and the reads share, over one store.

#ifndef OMZIEN_SERVER_RPC_BACKEND_H_
#define OMZIEN_SERVER_RPC_BACKEND_H_

#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/commit/case_keys.h"
#include "server/commit/catalog_import.h"
#include "server/commit/catalogues.h"
#include "server/commit/commit_queue.h"
#include "server/crypto/master_key.h"
#include "server/figures/figures.h"
#include "server/jobs/answer_expiry.h"
#include "server/jobs/catalog_clearing.h"
#include "server/jobs/deadlines.h"
#include "server/jobs/rematching.h"
#include "server/rpc/in_flight.h"
#include "server/rpc/methods.h"
#include "server/rpc/read_pool.h"
#include "storage/engine.h"

namespace omzien::rpc {

struct BackendOptions {
  size_t queue_limit = 4096;
  commit::Clock clock = [] { return absl::Now(); };
  absl::Duration figures_flush_interval = absl::Seconds(1);
  absl::Duration answer_expiry_interval = absl::Hours(1);
  absl::Duration catalog_clearing_interval = absl::Hours(1);
  // Deadlines end with a day: minutes later is soon enough.
  absl::Duration deadlines_interval = absl::Minutes(1);
  // How soon it is noticed that a day began; other news is acted on at once.
  absl::Duration rematching_interval = absl::Minutes(1);
  // Told once when the store has failed; must not block.
  std::function<void()> on_broken;
  // Told when a job ("deadlines") begins to fail; from the job's thread.
  std::function<void(std::string_view job, const absl::Status&)> on_job_failure;
};

// The pointers are for the handlers; thread-safe, as what they point to.
class Backend {
 public:
  // Reads what the store holds and starts the writer, the figures' flusher and the jobs. Blocks.
  // The engines must outlive it. DATA_LOSS when the master key isn't the store's.
  static absl::StatusOr<std::unique_ptr<Backend>> Open(storage::Engine* cases,
                                                       storage::Engine* keys,
                                                       crypto::MasterKey master,
                                                       BackendOptions options);
  // Stop().
  ~Backend();

  // Ends the jobs, flushes the figures, finishes the writes that were accepted, and refuses others.
  // Call it when no handler runs any more.
  void Stop();

  storage::Engine* cases = nullptr;
  commit::CaseKeys* case_keys = nullptr;
  commit::Catalogues* catalogues = nullptr;
  commit::CommitQueue* queue = nullptr;
  commit::CatalogImports* imports = nullptr;
  figures::Figures* figures = nullptr;
  // Catalogues that come in parts: how many at once, and where they are checked and written.
  std::unique_ptr<InFlight> imports_at_once;
  std::unique_ptr<ReadPool> import_pool;

 private:
  Backend() = default;

  // In the order in which they need each other.
  std::unique_ptr<commit::CaseKeys> owned_case_keys_;
  std::unique_ptr<commit::Catalogues> owned_catalogues_;
  std::unique_ptr<figures::Figures> owned_figures_;
  std::unique_ptr<jobs::Rematching> rematching_;  // the queue tells it of changes
  std::unique_ptr<commit::CommitQueue> owned_queue_;
  std::unique_ptr<jobs::AnswerExpiry> answer_expiry_;
  std::unique_ptr<commit::CatalogImports> owned_imports_;
  std::unique_ptr<jobs::CatalogClearing> catalog_clearing_;
  std::unique_ptr<jobs::Deadlines> deadlines_;
};

// Each adds the handlers of one service. `backend` must outlive what is made of `methods`.
void AddSignalService(const Backend* backend, Methods* methods);
void AddReferralService(const Backend* backend, Methods* methods);
void AddCatalogService(const Backend* backend, Methods* methods);
// Its imports; by AddCatalogService.
void AddCatalogImports(const Backend* backend, Methods* methods);
void AddFollowUpService(const Backend* backend, Methods* methods);

// All of them.
Methods MethodsOf(const Backend* backend);

}  // namespace omzien::rpc

#endif  // OMZIEN_SERVER_RPC_BACKEND_H_
