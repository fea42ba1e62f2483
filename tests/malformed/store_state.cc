#include "tests/malformed/store_state.h"

#include <stdexcept>
#include <utility>

#include "absl/strings/str_cat.h"
#include "storage/blocking.h"
#include "storage/keys.h"
#include "storage/store.h"
#include "tests/e2e/story_world.h"

namespace omzien::malformed {
namespace {

constexpr size_t kMost = 1'000'000;

void AddEngine(const std::string& name, storage::Engine& engine,
               std::map<std::string, std::string>& state) {
  const auto snapshot = engine.GetSnapshot();
  const auto rows = e2e::Must(storage::ScanNow(*snapshot, {"", "", kMost}));
  const auto changes = e2e::Must(engine.Changes(0, kMost));
  if (rows.size() == kMost || changes.size() == kMost) throw std::logic_error("too many rows");
  for (const storage::Entry& row : rows) {
    state[absl::StrCat(name, " row ", row.key)] =
        absl::StrCat(row.versioned.revision, " ", row.versioned.value);
  }
  for (const storage::ChangeRecord& change : changes) {
    state[absl::StrCat(name, " change ", change.revision)] = change.change;
  }
  // That no change was trimmed, Changes(0) has said. Each start of a server commits its fence,
  // first of all: what is told is how much was committed after it.
  const auto fence = e2e::Must(storage::MultiGetNow(*snapshot, {storage::keys::WriterFence()}));
  const storage::Revision began = fence.front().has_value() ? fence.front()->revision : 0;
  state.erase(absl::StrCat(name, " row ", storage::keys::WriterFence()));
  state[absl::StrCat(name, " commits since the start")] =
      absl::StrCat(snapshot->revision() - began);
}

}  // namespace

std::map<std::string, std::string> StateOf(const std::string& directory) {
  const storage::Store store = e2e::Must(storage::OpenStore(directory));
  std::map<std::string, std::string> state;
  AddEngine("cases", *store.cases, state);
  AddEngine("keys", *store.keys, state);
  return state;
}

}  // namespace omzien::malformed
