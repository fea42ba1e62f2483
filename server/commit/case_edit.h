// A case on its way from one version to the next: what the rules change, and all rows that follow
// from it. Indexes, figures and loads are derived from the record itself, before and after, so no
// command can forget one.

#ifndef OMZIEN_SERVER_COMMIT_CASE_EDIT_H_
#define OMZIEN_SERVER_COMMIT_CASE_EDIT_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "omzien/storage/v1/records.pb.h"
#include "server/commit/command.h"
#include "server/commit/reading.h"

namespace omzien::commit {

// Most sealed entries beside a case: 100 attempts on a handful of referrals, and their notes.
inline constexpr uint32_t kMaxSealedEntries = 1000;

class CaseEdit {
 public:
  // A new case; `record` carries municipality and id.
  static CaseEdit New(Reading* reading, storage::v1::Case record);
  // NOT_FOUND without an ErrorInfo of its own when there is none: the caller says what wasn't
  // found.
  static absl::StatusOr<CaseEdit> Load(Reading* reading, const std::string& municipality,
                                       const std::string& case_id);

  // What the rules change.
  storage::v1::Case* record() { return &after_; }
  absl::Time now() const { return reading_->now(); }
  Reading* reading() const { return reading_; }

  // To be sealed beside the case, under the number that is returned.
  uint32_t AddSealed(storage::v1::SealedEntry entry) {
    entries_.push_back(std::move(entry));
    return after_.sealed_entries() + static_cast<uint32_t>(entries_.size()) - 1;
  }

  // Another case that changes by this one, in the same commit. It must have lost no live referral.
  void Also(CaseEdit other) { also_.push_back(std::move(other)); }

  // All rows and the change. RESOURCE_EXHAUSTED, CASE_FULL; DATA_LOSS when the case's key is gone.
  absl::StatusOr<Decision> Finish(std::string answer) &&;

 private:
  CaseEdit(Reading* reading, std::optional<storage::v1::Case> before, storage::v1::Case after)
      : reading_(reading), before_(std::move(before)), after_(std::move(after)) {}

  // By the hash: each case that is to be listed there, or no longer.
  using NoContactLists = std::map<std::string, std::map<std::string, bool>>;

  // All but the rows that several cases share.
  absl::Status Write(Decision* decision, NoContactLists* lists);
  absl::Status WriteSealed(Decision* decision);
  void AddNoContact(NoContactLists* lists) const;
  void WriteNoContact(const NoContactLists& lists, Decision* decision) const;
  void WriteIndexes(Decision* decision) const;
  void WriteLoads(Decision* decision, storage::v1::CaseChange* change) const;
  void WriteFigures(storage::v1::CaseChange* change) const;

  Reading* reading_;
  std::optional<storage::v1::Case> before_;
  storage::v1::Case after_;
  std::vector<storage::v1::SealedEntry> entries_;
  std::vector<CaseEdit> also_;
};

// A text given with a transition, to stand beside referral `number`, or with 0 beside the signal.
// Nothing for an empty one.
inline void SealText(CaseEdit& edit, uint32_t number, storage::v1::SealedText::Kind kind,
                     const std::string& text) {
  if (text.empty()) return;
  storage::v1::SealedEntry entry;
  entry.set_referral_number(number);
  entry.mutable_text()->set_kind(kind);
  entry.mutable_text()->set_text(text);
  edit.AddSealed(std::move(entry));
}

// What a command on a signal answers when there is no such case, or not for this caller.
absl::Status SignalNotFound();

// Every index row that a case has.
std::set<std::string> IndexKeys(const storage::v1::Case& record);

// What entry `number` of a case is bound to when it is sealed.
std::string SealingContext(std::string_view municipality, std::string_view case_id,
                           uint32_t number);

}  // namespace omzien::commit

#endif  // OMZIEN_SERVER_COMMIT_CASE_EDIT_H_
