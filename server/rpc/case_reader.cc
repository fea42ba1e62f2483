#include "server/rpc/case_reader.h"

#include <algorithm>
#include <set>
#include <utility>

#include "omzien/v1/error_reason.pb.h"
#include "server/commit/case_edit.h"
#include "server/commit/commands.h"
#include "server/crypto/envelope.h"
#include "server/domain/errors.h"
#include "server/domain/names.h"
#include "server/domain/no_contact.h"
#include "server/rpc/page_token.h"
#include "storage/blocking.h"

namespace omzien::rpc {
namespace {

constexpr int kDefaultPageSize = 50;
constexpr size_t kRowsPerPageMax = 1000;
constexpr size_t kRowsPerRead = 200;

absl::Status SealBroken() {
  return domain::Error(absl::StatusCode::kDataLoss, v1::ERROR_REASON_SEAL_BROKEN,
                       "what was sealed for this case can't be opened");
}

absl::StatusOr<storage::v1::Case> ParseCase(const std::string& row) {
  storage::v1::Case record;
  if (!record.ParseFromString(row)) return absl::DataLossError("a case can't be read");
  return record;
}

storage::v1::AuditEntry AuditFor(const Call& call, const std::string& resource,
                                 const OpenedAs& as) {
  storage::v1::AuditEntry entry;
  entry.set_caller(call.caller->id);
  entry.set_method(std::string(call.method));
  entry.set_resource(resource);
  entry.set_role(std::string(domain::RoleName(as.role)));
  entry.set_organisation(as.organisation);
  return entry;
}

// The rows of one range from `begin` on, in steps.
class RowReader {
 public:
  RowReader(const storage::Snapshot& snapshot, std::string begin, std::string end)
      : snapshot_(snapshot), range_{std::move(begin), std::move(end), kRowsPerRead} {}

  // Empty at the end.
  absl::StatusOr<std::vector<storage::Entry>> Next() {
    if (done_) return std::vector<storage::Entry>();
    auto entries = storage::ScanNow(snapshot_, range_);
    if (!entries.ok()) return entries;
    done_ = entries->size() < range_.limit;
    if (!entries->empty()) range_.begin = entries->back().key + '\0';
    return entries;
  }

 private:
  const storage::Snapshot& snapshot_;
  storage::Range range_;
  bool done_ = false;
};

// The cases that index rows refer to, in their order.
absl::StatusOr<std::vector<std::optional<storage::Versioned>>> ReadCases(
    const storage::Snapshot& snapshot, const std::string& municipality,
    const std::vector<storage::Entry>& entries) {
  std::vector<std::string> rows;
  for (const storage::Entry& entry : entries) {
    storage::keys::CaseRef ref;
    storage::keys::ParseIndexKey(entry.key, &ref);
    rows.push_back(storage::keys::Case(municipality, ref.case_id));
  }
  return storage::MultiGetNow(snapshot, std::move(rows));
}

}  // namespace

absl::StatusOr<std::optional<storage::v1::Case>> ReadCase(const storage::Snapshot& snapshot,
                                                          const std::string& municipality,
                                                          const std::string& case_id) {
  auto rows = storage::MultiGetNow(snapshot, {storage::keys::Case(municipality, case_id)});
  if (!rows.ok()) return rows.status();
  if (!rows->front().has_value()) return std::optional<storage::v1::Case>();
  auto record = ParseCase(rows->front()->value);
  if (!record.ok()) return record.status();
  return std::optional<storage::v1::Case>(*std::move(record));
}

absl::Status LeaveOutEndedNoes(const storage::Snapshot& snapshot, storage::v1::Case* record) {
  if (record->earlier_noes().empty()) return absl::OkStatus();
  std::vector<std::string> rows;
  for (const auto& no : record->earlier_noes()) {
    rows.push_back(storage::keys::Case(record->municipality(), no.case_id()));
  }
  auto cases = storage::MultiGetNow(snapshot, std::move(rows));
  if (!cases.ok()) return cases.status();
  std::set<std::string> ended;
  for (const auto& row : *cases) {
    storage::v1::Case other;
    if (row.has_value() && other.ParseFromString(row->value) && other.no_contact().has_end_time()) {
      ended.insert(other.id());
    }
  }
  domain::ForgetNoes(
      record, [&ended](const storage::v1::FoundNo& no) { return ended.contains(no.case_id()); });
  return absl::OkStatus();
}

OpenedAs AsHolderOf(const v1::Referral& referral) {
  return {referral.organisation(), referral.purpose() == v1::REFERRAL_PURPOSE_FIRST_CONTACT
                                       ? domain::Role::kFirstContact
                                       : domain::Role::kReceiver};
}

OpenedAs AsSignallerOf(const storage::v1::Case& record) {
  return {record.signal().organisation(), domain::Role::kSignaller};
}

absl::StatusOr<domain::PersonSource> OpenPerson(const Backend& backend, const Call& call,
                                                const storage::Snapshot& snapshot,
                                                const storage::v1::Case& record,
                                                const std::string& resource, const OpenedAs& as) {
  auto entry = AuditFor(call, resource, as);
  auto audited = backend.queue->Run(
      as.once_since.has_value()
          ? commit::AppendAuditOnce(record.municipality(), record.id(), std::move(entry),
                                    *as.once_since)
          : commit::AppendAudit(record.municipality(), record.id(), std::move(entry)),
      call.deadline);
  if (!audited.ok()) return audited.status();
  auto keys = backend.case_keys->Find({record.case_key_id()});
  if (absl::IsUnavailable(keys.status())) return keys.status();
  if (!keys.ok() || keys->front() == nullptr) return SealBroken();
  std::vector<std::string> names;
  for (uint32_t number = 0; number < record.sealed_entries(); ++number) {
    names.push_back(storage::keys::Sealed(record.municipality(), record.id(), number));
  }
  auto rows = storage::MultiGetNow(snapshot, std::move(names));
  if (!rows.ok()) return rows.status();
  std::vector<storage::v1::SealedEntry> entries;
  for (uint32_t number = 0; number < rows->size(); ++number) {
    storage::v1::Envelope envelope;
    if (!(*rows)[number].has_value() || !envelope.ParseFromString((*rows)[number]->value)) {
      return SealBroken();
    }
    auto text =
        crypto::Open(keys->front()->key,
                     commit::SealingContext(record.municipality(), record.id(), number), envelope);
    if (!text.ok() || !entries.emplace_back().ParseFromString(*text)) return SealBroken();
  }
  return domain::SourceOf(entries);
}

absl::StatusOr<std::string> ReadPage(const Backend& backend, const storage::Snapshot& snapshot,
                                     const PageQuery& page, const TakeCase& take) {
  const crypto::KeyedHash& hash = backend.case_keys->hash();
  auto position = ReadPageToken(hash, page.query, page.page_token);
  if (!position.ok()) return position.status();
  const int page_size = page.page_size == 0 ? kDefaultPageSize : page.page_size;
  int taken = 0;
  size_t looked_at = 0;
  for (const auto& [begin, end] : page.ranges) {
    // Strictly after the last row that was looked at.
    const std::string from = position->empty() ? begin : std::max(begin, *position + '\0');
    if (from >= end) continue;
    RowReader rows(snapshot, from, end);
    for (;;) {
      auto entries = rows.Next();
      if (!entries.ok()) return entries.status();
      if (entries->empty()) break;
      auto cases = ReadCases(snapshot, page.municipality, *entries);
      if (!cases.ok()) return cases.status();
      for (size_t i = 0; i < entries->size(); ++i) {
        const std::string& key = (*entries)[i].key;
        if (taken == page_size || looked_at == kRowsPerPageMax) {
          return MakePageToken(hash, page.query, *position);
        }
        *position = key;
        ++looked_at;
        storage::keys::CaseRef ref;
        if (!(*cases)[i].has_value() || !storage::keys::ParseIndexKey(key, &ref)) continue;
        auto record = ParseCase((*cases)[i]->value);
        if (!record.ok()) return record.status();
        if (page.referrals) {
          const absl::Status left_out = LeaveOutEndedNoes(snapshot, &*record);
          if (!left_out.ok()) return left_out;
        }
        if (take(*record, ref)) ++taken;
      }
    }
  }
  return std::string();
}

std::pair<std::string, std::string> RangeOf(const std::string& prefix) {
  return {prefix, storage::keys::PrefixEnd(prefix)};
}

}  // namespace omzien::rpc
