// Reading cases: one by name, pages of them by an index, and the sealed part, for which an audit
// entry is on disk first.

#ifndef OMZIEN_SERVER_RPC_CASE_READER_H_
#define OMZIEN_SERVER_RPC_CASE_READER_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "omzien/storage/v1/records.pb.h"
#include "server/domain/disclosure.h"
#include "server/rpc/backend.h"
#include "storage/keys.h"

namespace omzien::rpc {

// nullopt when there is none.
absl::StatusOr<std::optional<storage::v1::Case>> ReadCase(const storage::Snapshot& snapshot,
                                                          const std::string& municipality,
                                                          const std::string& case_id);

// Of a case that referrals are shown of: what was taken back where it was said isn't shown in the
// cases that noted it, which hear of it at their next step only. Not for what a signaller is shown,
// which holds nothing of it: how long that takes would tell.
absl::Status LeaveOutEndedNoes(const storage::Snapshot& snapshot, storage::v1::Case* record);

// As what someone opens a person's details: what the audit entry names.
struct OpenedAs {
  std::string organisation;  // resource name
  domain::Role role;
  // Set of who needs no account: noted once since then.
  std::optional<absl::Time> once_since = std::nullopt;
};
// As who holds the referral; as the signaller, who sees the question that waits.
OpenedAs AsHolderOf(const v1::Referral& referral);
OpenedAs AsSignallerOf(const storage::v1::Case& record);

// Commits the audit entry, then opens everything that was sealed for the case. DATA_LOSS,
// SEAL_BROKEN when a key or an entry is gone.
absl::StatusOr<domain::PersonSource> OpenPerson(const Backend& backend, const Call& call,
                                                const storage::Snapshot& snapshot,
                                                const storage::v1::Case& record,
                                                const std::string& resource, const OpenedAs& as);

// One page of a list over index rows.
struct PageQuery {
  std::string municipality;
  // Ranges of one index, in order of key, not overlapping: [begin, end).
  std::vector<std::pair<std::string, std::string>> ranges;
  // As asked for; 0: 50.
  int page_size = 0;
  std::string page_token;
  // See QueryOf.
  std::string query;
  // What is listed are referrals: see LeaveOutEndedNoes.
  bool referrals = false;
};

// Takes a case; false when it doesn't belong in the list.
using TakeCase = std::function<bool(const storage::v1::Case&, const storage::keys::CaseRef&)>;

// Calls `take` in order, until the page is full, the ranges end, or a thousand rows were looked at.
// Returns the next page's token, empty at the end.
absl::StatusOr<std::string> ReadPage(const Backend& backend, const storage::Snapshot& snapshot,
                                     const PageQuery& page, const TakeCase& take);

// All index rows that start with the prefix.
std::pair<std::string, std::string> RangeOf(const std::string& prefix);

}  // namespace omzien::rpc

#endif  // OMZIEN_SERVER_RPC_CASE_READER_H_
