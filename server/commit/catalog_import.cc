#include "server/commit/catalog_import.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "omzien/v1/error_reason.pb.h"
#include "server/crypto/secret.h"
#include "server/domain/errors.h"
#include "server/domain/times.h"
#include "storage/keys.h"

namespace omzien::commit {
namespace {

namespace keys = storage::keys;

// A step is a small part of what the writer puts into a batch of submissions: they don't wait for
// it.
constexpr size_t kEntriesPerStep = 250;
constexpr size_t kBytesPerStep = size_t{256} << 10;
// Of a commit's limits, for what the queue adds.
constexpr size_t kQueuesOperations = 4;
constexpr size_t kQueuesBytes = 1024;

constexpr int kStagesMax = 64;
// A step gives way while the queue is full; after so long without one the import gives up.
constexpr absl::Duration kStepPatience = absl::Minutes(5);
constexpr absl::Duration kStepPause = absl::Milliseconds(20);

absl::Status Replaced() {
  return domain::Error(absl::StatusCode::kAborted, v1::ERROR_REASON_CATALOG_REPLACED,
                       "another import of this catalogue came first; nothing of this one is left");
}

int64_t InForce(const Reading& reading, const std::string& municipality) {
  const auto catalogue = reading.catalogue(municipality);
  return catalogue == nullptr ? 0 : catalogue->generation();
}

absl::StatusOr<storage::v1::CatalogStages> ReadStages(Reading& reading,
                                                      const std::string& municipality) {
  storage::v1::CatalogStages stages;
  const std::string* row = reading.Get(keys::CatalogStages(municipality));
  if (row != nullptr && !stages.ParseFromString(*row)) {
    return absl::DataLossError("a catalogue's stages can't be read");
  }
  return stages;
}

// What the beginning of an import came to.
struct Begun {
  int64_t generation = 0;  // 0: it was answered before
};

// Takes the next number for the new generation, and lists it before its first entry is written.
class BeginImport final : public Command {
 public:
  BeginImport(const Ask& ask, std::string municipality, int64_t replaces, uint64_t token,
              std::shared_ptr<Begun> begun)
      : ask_(ask),
        municipality_(std::move(municipality)),
        replaces_(replaces),
        token_(token),
        begun_(std::move(begun)) {}

  std::vector<std::string> Keys() const override {
    return {ask_.answer_key, keys::CatalogStages(municipality_)};
  }

  absl::StatusOr<Decision> Decide(Reading& reading) override {
    auto stored = StoredAnswerTo(ask_, reading);
    if (!stored.ok()) return stored.status();
    Decision decision;
    if (stored->has_value()) {
      decision.answer = *std::move(*stored);
      return decision;
    }
    if (!ask_.violations.empty()) return domain::InvalidFields(ask_.violations, ask_.reason);
    if (InForce(reading, municipality_) != replaces_) return Replaced();
    auto stages = ReadStages(reading, municipality_);
    if (!stages.ok()) return stages.status();
    if (stages->stages_size() >= kStagesMax) {
      return domain::Error(absl::StatusCode::kResourceExhausted, v1::ERROR_REASON_OVERLOADED,
                           "too many earlier imports are still being cleared; retry later");
    }
    int64_t generation = replaces_;
    for (const auto& stage : stages->stages()) {
      generation = std::max(generation, stage.generation());
    }
    ++generation;
    storage::v1::CatalogStage* stage = stages->add_stages();
    stage->set_generation(generation);
    stage->set_import_token(token_);
    decision.writes.push_back({keys::CatalogStages(municipality_), stages->SerializeAsString()});
    decision.on_durable = [begun = begun_, generation] { begun->generation = generation; };
    return decision;
  }

 private:
  const Ask ask_;
  const std::string municipality_;
  const int64_t replaces_;
  const uint64_t token_;
  const std::shared_ptr<Begun> begun_;
};

// The one commit from which the new generation is in force: the head, the stages (the new one is
// none any more, the old one is), the change. Mutation adds the stored answer.
absl::StatusOr<Decision> Flip(const std::shared_ptr<const domain::Catalogue>& made,
                              v1::ImportCatalogResponse response, int64_t replaces,
                              const std::string& caller, Catalogues* catalogues,
                              std::shared_ptr<const domain::Catalogue>* old, Reading& reading) {
  const std::string& municipality = made->municipality().code();
  if (InForce(reading, municipality) != replaces) return Replaced();
  auto listed = ReadStages(reading, municipality);
  if (!listed.ok()) return listed.status();
  storage::v1::CatalogStages stages;
  for (const auto& stage : listed->stages()) {
    if (stage.generation() != made->generation()) *stages.add_stages() = stage;
  }
  if (replaces > 0) stages.add_stages()->set_generation(replaces);

  storage::v1::CatalogHead head;
  head.set_generation(made->generation());
  head.set_caller(caller);
  *head.mutable_import_time() = domain::TimestampOf(reading.now());
  Decision decision;
  decision.writes.push_back({keys::CatalogHead(municipality), head.SerializeAsString()});
  decision.writes.push_back(
      {keys::CatalogStages(municipality),
       stages.stages().empty() ? std::nullopt : std::optional(stages.SerializeAsString())});
  storage::v1::CatalogChange* change = decision.change.add_catalogs();
  change->set_municipality(municipality);
  change->set_generation(made->generation());
  response.set_generation(made->generation());
  decision.answer = response.SerializeAsString();
  decision.on_durable = [catalogues, municipality, made, old] {
    *old = catalogues->Replace(municipality, made);
  };
  return decision;
}

uint64_t NewToken() {
  const crypto::Secret random = crypto::Secret::Random();
  uint64_t token = 0;
  std::memcpy(&token, random.data(), sizeof(token));
  return std::max<uint64_t>(token, 1);  // 0 is nobody's
}

bool MayTryAgain(const absl::Status& status) {
  const std::string reason = domain::ReasonOf(status);
  return reason == "OVERLOADED" || reason == "DEADLINE_EXCEEDED";
}

}  // namespace

// The import's token, from before it can stand in the store until nothing is written under it.
class CatalogImports::Registration {
 public:
  explicit Registration(CatalogImports* imports) : imports_(*imports), token_(NewToken()) {
    absl::MutexLock lock(&imports_.mutex_);
    imports_.under_way_.insert(token_);
  }
  ~Registration() {
    {
      absl::MutexLock lock(&imports_.mutex_);
      imports_.under_way_.erase(token_);
    }
    if (imports_.on_left_over_) imports_.on_left_over_();
  }
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;

  uint64_t token() const { return token_; }

 private:
  CatalogImports& imports_;
  const uint64_t token_;
};

CatalogImports::CatalogImports(storage::Limits limits, CommitQueue* queue, Catalogues* catalogues,
                               Clock clock)
    : limits_(limits), queue_(queue), catalogues_(catalogues), clock_(std::move(clock)) {}

bool CatalogImports::IsUnderWay(uint64_t import_token) const {
  absl::ReaderMutexLock lock(&mutex_);
  return under_way_.contains(import_token);
}

absl::StatusOr<std::string> CatalogImports::Import(const Ask& ask, NewCatalog incoming,
                                                   absl::Time deadline, const Progress& progress) {
  const Registration registration(this);
  auto begun = std::make_shared<Begun>();
  auto answer =
      queue_->Run(std::make_unique<BeginImport>(ask, incoming.catalog.municipality().code(),
                                                incoming.replaces, registration.token(), begun),
                  deadline);
  if (!answer.ok() || begun->generation == 0) return answer;
  return Write(ask, std::move(incoming), begun->generation, progress);
}

absl::StatusOr<std::string> CatalogImports::Write(const Ask& ask, NewCatalog incoming,
                                                  int64_t generation, const Progress& progress) {
  const auto made = domain::Catalogue::BuildChecked(std::move(incoming.catalog), generation);
  if (absl::Status status = WriteEntries(*made, generation, progress); !status.ok()) return status;
  std::shared_ptr<const domain::Catalogue> old;  // dropped here: that takes a while
  return queue_->Run(
      std::make_unique<Mutation>(
          ask, std::vector<std::string>{keys::CatalogStages(made->municipality().code())}, nullptr,
          [&](Reading& reading) {
            return Flip(made, incoming.response, incoming.replaces, ask.caller.id, catalogues_,
                        &old, reading);
          },
          /*exclusive=*/true),
      absl::InfiniteFuture());
}

absl::Status CatalogImports::WriteEntries(const domain::Catalogue& catalogue, int64_t generation,
                                          const Progress& progress) {
  const std::string& municipality = catalogue.municipality().code();
  const std::vector<storage::v1::CatalogEntry> others = EntriesOf(catalogue.proto());
  const size_t all = others.size() + catalogue.offer_count();
  const size_t most = std::min(kEntriesPerStep, limits_.max_operations - kQueuesOperations);
  const size_t most_bytes = std::min(kBytesPerStep, limits_.max_bytes - kQueuesBytes);
  std::vector<storage::Write> step;
  size_t bytes = 0;
  for (size_t i = 0; i < all; ++i) {
    std::string value;
    if (i < others.size()) {
      value = others[i].SerializeAsString();
    } else {
      storage::v1::CatalogEntry entry;
      *entry.mutable_offer() = catalogue.offer_at(i - others.size()).offer;
      value = entry.SerializeAsString();
    }
    std::string key = keys::CatalogEntry(municipality, generation, i);
    const size_t size = key.size() + value.size();
    if (!step.empty() && (step.size() == most || bytes + size > most_bytes)) {
      if (absl::Status status = RunStep(std::exchange(step, {})); !status.ok()) return status;
      if (progress) progress(i, all);
      bytes = 0;
    }
    bytes += size;
    step.push_back({std::move(key), std::move(value)});
  }
  return RunStep(std::move(step));
}

absl::Status CatalogImports::RunStep(std::vector<storage::Write> writes) {
  const auto shared = std::make_shared<const std::vector<storage::Write>>(std::move(writes));
  const absl::Time give_up = clock_() + kStepPatience;
  for (;;) {
    const absl::StatusOr<std::string> done =
        queue_->Run(std::make_unique<Plain>(std::vector<std::string>{},
                                            [shared](Reading&) -> absl::StatusOr<Decision> {
                                              Decision decision;
                                              decision.writes = *shared;
                                              return decision;
                                            }),
                    give_up);
    if (done.ok() || !MayTryAgain(done.status()) || clock_() > give_up) return done.status();
    absl::SleepFor(kStepPause);
  }
}

}  // namespace omzien::commit
