// Random sequences of commands, on each engine and on a model that is too simple to be wrong.

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "storage/blocking.h"
#include "storage/engine.h"
#include "tests/conformance/engines.h"
#include "tests/storage/generators.h"

namespace omzien::storage {
namespace {

enum class What { kCommit, kSnapshot, kForget, kTrim, kReopen };
// What a precondition asks for: what is so, or one that may or may not hold.
enum class Expect { kTruth, kAbsent, kLastCommit };

struct Step {
  What what = What::kCommit;
  std::vector<Write> writes;
  std::vector<std::pair<std::string, Expect>> preconditions;
  std::string change;
  // How far back from the last commit a trim goes.
  size_t back = 0;
};

std::ostream& operator<<(std::ostream& out, const Step& step) {
  static constexpr const char* kNames[] = {"commit", "snapshot", "forget", "trim", "reopen"};
  out << kNames[static_cast<int>(step.what)];
  for (const auto& [key, expect] : step.preconditions) {
    out << " if(" << rc::toString(key) << "," << static_cast<int>(expect) << ")";
  }
  for (const Write& write : step.writes) {
    out << (write.value ? " put " : " delete ") << rc::toString(write.key);
  }
  return out << " change " << rc::toString(step.change) << " back " << step.back;
}

// Few, so that commands meet; some with bytes that hurt.
const std::vector<std::string>& AllKeys() {
  static const std::vector<std::string> keys = {"a",    "b",       "ba", std::string("b\0", 2),
                                                "\xFF", "\xFF\xFF"};
  return keys;
}

rc::Gen<Step> AnyStep() {
  return rc::gen::exec([] {
    Step step;
    step.what = *rc::gen::weightedElement<What>({{12, What::kCommit},
                                                 {4, What::kSnapshot},
                                                 {2, What::kForget},
                                                 {2, What::kTrim},
                                                 {1, What::kReopen}});
    if (step.what == What::kTrim) step.back = *rc::gen::inRange<size_t>(0, 4);
    if (step.what != What::kCommit) return step;
    enum class Fate { kStays, kPut, kDeleted };
    for (const std::string& key : AllKeys()) {
      const Fate fate = *rc::gen::weightedElement<Fate>(
          {{4, Fate::kStays}, {2, Fate::kPut}, {1, Fate::kDeleted}});
      if (fate == Fate::kPut) step.writes.push_back({key, *AnyBytes()});
      if (fate == Fate::kDeleted) step.writes.push_back({key, std::nullopt});
    }
    const size_t conditions = *rc::gen::inRange<size_t>(0, 3);
    for (size_t i = 0; i < conditions; ++i) {
      step.preconditions.emplace_back(
          *rc::gen::elementOf(AllKeys()),
          *rc::gen::weightedElement<Expect>(
              {{8, Expect::kTruth}, {1, Expect::kAbsent}, {1, Expect::kLastCommit}}));
    }
    if (*rc::gen::arbitrary<bool>()) step.change = *AnyBytes();
    return step;
  });
}

using Rows = std::map<std::string, Versioned>;

// The engine beside its model.
class Trial {
 public:
  explicit Trial(const EngineKind& kind) : store_(kind.make()), engine_(store_->Open()) {}

  void Do(const Step& step) {
    switch (step.what) {
      case What::kCommit:
        return Commit(step);
      case What::kSnapshot:
        snapshots_.emplace_back(rows_, engine_->GetSnapshot());
        return;
      case What::kForget:
        if (!snapshots_.empty()) snapshots_.erase(snapshots_.begin());
        return;
      case What::kTrim:
        return Trim(step.back);
      case What::kReopen:
        snapshots_.clear();
        engine_.reset();
        engine_ = store_->Open();
        return;
    }
  }

  void Check() const {
    CheckSnapshot(rows_, *engine_->GetSnapshot());
    RC_ASSERT(engine_->GetSnapshot()->revision() == commits_.back());
    for (const auto& [rows, snapshot] : snapshots_) CheckSnapshot(rows, *snapshot);
    CheckChanges(0);
    CheckChanges(commits_[commits_.size() / 2]);
    CheckChanges(trimmed_);
  }

  void CheckAllChanges() const {
    for (Revision after : commits_) CheckChanges(after);
  }

 private:
  void Commit(const Step& step) {
    CommitRequest request{{}, step.writes, step.change};
    bool holds = true;
    for (const auto& [key, expect] : step.preconditions) {
      const auto row = rows_.find(key);
      std::optional<Revision> truth;
      if (row != rows_.end()) truth = row->second.revision;
      std::optional<Revision> expected = truth;
      if (expect == Expect::kAbsent) expected = std::nullopt;
      if (expect == Expect::kLastCommit) expected = commits_.back();
      holds = holds && expected == truth;
      request.preconditions.push_back({key, expected});
    }
    const absl::StatusOr<Revision> result = CommitNow(*engine_, std::move(request));
    if (!holds) {
      RC_ASSERT(absl::IsAborted(result.status()));
      return;
    }
    RC_ASSERT(result.ok());
    RC_ASSERT(*result > commits_.back());
    commits_.push_back(*result);
    for (const Write& write : step.writes) {
      if (write.value) {
        rows_[write.key] = {*write.value, *result};
      } else {
        rows_.erase(write.key);
      }
    }
    if (!step.change.empty()) changes_[*result] = step.change;
  }

  void Trim(size_t back) {
    const Revision through = commits_[commits_.size() - std::min(back + 1, commits_.size())];
    RC_ASSERT(engine_->TrimChanges(through).ok());
    for (auto change = changes_.begin(); change != changes_.end() && change->first <= through;
         change = changes_.erase(change)) {
      trimmed_ = change->first;
    }
  }

  static void CheckSnapshot(const Rows& rows, const Snapshot& snapshot) {
    const auto found = ScanNow(snapshot, {});
    RC_ASSERT(found.ok());
    std::vector<std::string> keys;
    Rows scanned;
    for (const Entry& entry : *found) {
      // Not in the assertion: it would evaluate both sides.
      const bool in_order = keys.empty() || keys.back() < entry.key;
      RC_ASSERT(in_order);
      keys.push_back(entry.key);
      scanned[entry.key] = entry.versioned;
    }
    CheckSame(scanned, rows);
    const auto again = MultiGetNow(snapshot, keys);
    RC_ASSERT(again.ok());
    Rows gotten;
    for (size_t i = 0; i < keys.size(); ++i) {
      RC_ASSERT((*again)[i].has_value());
      gotten[keys[i]] = *(*again)[i];
    }
    CheckSame(gotten, rows);
  }

  static void CheckSame(const Rows& found, const Rows& expected) {
    RC_ASSERT(found.size() == expected.size());
    for (const auto& [key, versioned] : expected) {
      const auto row = found.find(key);
      RC_ASSERT(row != found.end());
      RC_ASSERT(row->second.value == versioned.value);
      RC_ASSERT(row->second.revision == versioned.revision);
    }
  }

  void CheckChanges(Revision after) const {
    const auto found = engine_->Changes(after, 1000);
    if (after < trimmed_) {
      RC_ASSERT(absl::IsOutOfRange(found.status()));
      return;
    }
    RC_ASSERT(found.ok());
    auto expected = changes_.upper_bound(after);
    for (const ChangeRecord& record : *found) {
      RC_ASSERT(expected != changes_.end());
      RC_ASSERT(record.revision == expected->first);
      RC_ASSERT(record.change == expected->second);
      ++expected;
    }
    RC_ASSERT(expected == changes_.end());
  }

  const std::unique_ptr<EngineUnderTest> store_;
  std::unique_ptr<Engine> engine_;
  std::vector<std::pair<Rows, std::unique_ptr<Snapshot>>> snapshots_;

  // The model. commits_ begins with 0, the empty store.
  Rows rows_;
  std::vector<Revision> commits_ = {0};
  std::map<Revision, std::string> changes_;
  Revision trimmed_ = 0;
};

class EngineModel : public ::testing::TestWithParam<EngineKind> {};

TEST_P(EngineModel, AnswersAsTheModel) {
  EXPECT_TRUE(rc::check([] {
    const auto steps = *rc::gen::container<std::vector<Step>>(AnyStep());
    Trial trial(GetParam());
    for (const Step& step : steps) {
      trial.Do(step);
      trial.Check();
    }
    trial.CheckAllChanges();
  }));
}

INSTANTIATE_TEST_SUITE_P(Engines, EngineModel, ::testing::ValuesIn(AllEngines()),
                         [](const auto& kind) { return kind.param.name; });

}  // namespace
}  // namespace omzien::storage
