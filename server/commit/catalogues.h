// The catalogues in force, one per municipality, in memory.

#ifndef OMZIEN_SERVER_COMMIT_CATALOGUES_H_
#define OMZIEN_SERVER_COMMIT_CATALOGUES_H_

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "omzien/storage/v1/records.pb.h"
#include "server/domain/catalogue.h"
#include "storage/engine.h"

namespace omzien::commit {

// Thread-safe.
class Catalogues {
 public:
  // Reads all of them from the store. Blocks.
  absl::Status Load(storage::Engine& engine);

  // nullptr when there is none. What is returned stays as it is, also after an import.
  std::shared_ptr<const domain::Catalogue> Find(std::string_view municipality) const;

  // Codes of those that have one, in order.
  std::vector<std::string> Municipalities() const;

  // Gives back the one that was in force: who drops the last share of a large one waits for it.
  std::shared_ptr<const domain::Catalogue> Replace(
      const std::string& municipality, std::shared_ptr<const domain::Catalogue> catalogue);

 private:
  mutable absl::Mutex mutex_;
  std::map<std::string, std::shared_ptr<const domain::Catalogue>, std::less<>> catalogues_
      ABSL_GUARDED_BY(mutex_);
};

// A catalogue as the entries under which it is stored, and back. Offers come last.
std::vector<storage::v1::CatalogEntry> EntriesOf(const v1::Catalog& catalog);
void AddEntry(storage::v1::CatalogEntry entry, v1::Catalog* catalog);

}  // namespace omzien::commit

#endif  // OMZIEN_SERVER_COMMIT_CATALOGUES_H_
