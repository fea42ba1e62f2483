// The fixture of the conformance suite, and short ways to say what an engine should answer.

#ifndef OMZIEN_TESTS_CONFORMANCE_ENGINE_CONFORMANCE_H_
#define OMZIEN_TESTS_CONFORMANCE_ENGINE_CONFORMANCE_H_

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "storage/blocking.h"
#include "storage/engine.h"
#include "tests/conformance/engines.h"

namespace omzien::storage {

using Keys = std::vector<std::string>;

class EngineConformance : public ::testing::TestWithParam<EngineKind> {
 protected:
  void SetUp() override { engine_ = store_->Open(); }

  void Reopen(std::optional<Limits> limits = std::nullopt) {
    engine_.reset();
    engine_ = store_->Open(limits);
  }

  absl::StatusOr<Revision> Commit(std::vector<Write> writes,
                                  std::vector<Precondition> preconditions = {},
                                  std::string change = "") {
    return CommitNow(*engine_, {std::move(preconditions), std::move(writes), std::move(change)});
  }

  Revision MustCommit(std::vector<Write> writes, std::string change = "") {
    absl::StatusOr<Revision> revision = Commit(std::move(writes), {}, std::move(change));
    EXPECT_TRUE(revision.ok()) << revision.status();
    return revision.value_or(0);
  }

  // "value@revision", or "absent".
  static std::string Read(const Snapshot& snapshot, const std::string& key) {
    auto found = MultiGetNow(snapshot, {key});
    if (!found.ok()) return found.status().ToString();
    if (found->size() != 1) return absl::StrCat(found->size(), " results");
    if (!found->front()) return "absent";
    return absl::StrCat(found->front()->value, "@", found->front()->revision);
  }
  std::string Read(const std::string& key) { return Read(*engine_->GetSnapshot(), key); }

  static Keys ScanKeys(const Snapshot& snapshot, Range range) {
    auto found = ScanNow(snapshot, std::move(range));
    if (!found.ok()) return {found.status().ToString()};
    Keys keys;
    for (const Entry& entry : *found) keys.push_back(entry.key);
    return keys;
  }
  Keys ScanKeys(Range range) { return ScanKeys(*engine_->GetSnapshot(), std::move(range)); }

  // "change@revision" each.
  std::vector<std::string> ReadChanges(Revision after, size_t limit = 1000) {
    auto found = engine_->Changes(after, limit);
    if (!found.ok()) return {found.status().ToString()};
    std::vector<std::string> changes;
    for (const ChangeRecord& record : *found) {
      changes.push_back(absl::StrCat(record.change, "@", record.revision));
    }
    return changes;
  }

  const std::unique_ptr<EngineUnderTest> store_ = GetParam().make();
  std::unique_ptr<Engine> engine_;
};

inline std::string At(const std::string& value, Revision revision) {
  return absl::StrCat(value, "@", revision);
}

}  // namespace omzien::storage

#endif  // OMZIEN_TESTS_CONFORMANCE_ENGINE_CONFORMANCE_H_
