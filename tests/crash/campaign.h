// Cycles of load, kill, start and look, all on one store.

#ifndef OMZIEN_TESTS_CRASH_CAMPAIGN_H_
#define OMZIEN_TESTS_CRASH_CAMPAIGN_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/crash/checker.h"
#include "tests/crash/workers.h"
#include "tests/e2e/story_world.h"

namespace omzien::crash {

struct CampaignOptions {
  uint64_t seed = 1;
  int cycles = 50;
  // The checker looks at what the kill left behind every so many cycles.
  int check_every = 10;
};

// Failures are those of the test that runs it.
class Campaign {
 public:
  // Starts a new server with Deventer's and the invented catalogue, and a caller for each
  // organisation of Deventer's.
  explicit Campaign(const CampaignOptions& options);

  // One cycle: load until the kill, what it left behind, start, what was in doubt, a look.
  void RunCycle(int cycle);
  // After the last: everything acknowledged is asked for again, the figures are recounted, the
  // server is stopped and the store checked. The server stays stopped.
  void Finish();
  // That each method was acknowledged, and each worker under load: of a run that is long enough.
  void ExpectEveryMethodAndWorker() const;

  // Kills what runs and copies what a failed run left behind; says where.
  std::string Keep();

  // Of the stopped server.
  CheckedStore store();
  std::string Summary() const;
  size_t acknowledged() const { return ledger_.size(); }

 private:
  int in_doubt() const;
  Clients& AfterStart();
  void AddOrganisations();
  void ImportFirst();
  void Load(int cycle, const KillPlan& plan);
  void CheckWhatIsLeft(int cycle);
  // Retries and what is to be read back; throws when the server doesn't serve.
  void Restart(const KillPlan& plan);
  void LookAtNew(size_t first, Clients& clients) const;
  void RetrySome(size_t first, e2e::Random& random, Clients& clients) const;
  void RetryAll() const;
  void Retry(size_t index, Clients& clients) const;
  void ExpectAgreed(const Output& output, const std::string& when) const;

  const CampaignOptions options_;
  e2e::StoryWorld world_;
  Ledger ledger_;
  Shared shared_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::unique_ptr<Clients> clients_;
  int cycles_run_ = 0;
  std::string last_check_;
};

}  // namespace omzien::crash

#endif  // OMZIEN_TESTS_CRASH_CAMPAIGN_H_
