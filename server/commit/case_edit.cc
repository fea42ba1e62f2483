#include "server/commit/case_edit.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "omzien/v1/error_reason.pb.h"
#include "server/crypto/envelope.h"
#include "server/domain/case_rules.h"
#include "server/domain/errors.h"
#include "server/domain/figures.h"
#include "server/domain/names.h"
#include "server/domain/times.h"
#include "storage/keys.h"

namespace omzien::commit {
namespace {

namespace keys = storage::keys;

int64_t Millis(const google::protobuf::Timestamp& timestamp) {
  return absl::ToUnixMillis(domain::TimeOf(timestamp));
}

// Live referrals to an offer, and of these those that count under each target group.
struct Live {
  int all = 0;
  std::map<std::string, int> by_group;

  bool Frees() const {
    return all < 0 || std::ranges::any_of(by_group, [](const auto& one) { return one.second < 0; });
  }
  bool IsZero() const {
    return all == 0 &&
           std::ranges::all_of(by_group, [](const auto& one) { return one.second == 0; });
  }
};

// Adds the record's, by offer, `sign` times.
void AddLive(const storage::v1::Case& record, int sign, std::map<std::string, Live>* live) {
  for (const auto& item : record.referrals()) {
    if (item.referral().offer().empty() || !domain::IsLive(item.referral().state())) continue;
    Live& of_offer = (*live)[std::string(domain::LastSegment(item.referral().offer()))];
    of_offer.all += sign;
    for (const std::string& group : item.counted_groups()) of_offer.by_group[group] += sign;
  }
}

uint32_t Sum(uint32_t count, int delta) {
  return static_cast<uint32_t>(std::max<int64_t>(0, int64_t{count} + delta));
}

// Groups of which nothing is left stand in no row.
void AddGroups(const std::map<std::string, int>& deltas, storage::v1::OfferLoad* load) {
  std::map<std::string, uint32_t> sums;
  for (const auto& group : load->groups()) sums[group.target_group()] = group.live_referrals();
  for (const auto& [group, delta] : deltas) sums[group] = Sum(sums[group], delta);
  load->clear_groups();
  for (const auto& [group, sum] : sums) {
    if (sum == 0) continue;
    storage::v1::GroupLoad* row = load->add_groups();
    row->set_target_group(group);
    row->set_live_referrals(sum);
  }
}

// Cell and counter of the figures.
using Counter = std::tuple<std::string, int32_t, std::string>;

void AddCounts(const storage::v1::Case& record, int64_t sign, std::map<Counter, int64_t>* sums) {
  const std::string district = domain::CellDistrictOf(record);
  for (const auto& [name, count] : domain::CountsOf(record)) {
    (*sums)[{district, record.receive_day(), name}] += sign * count;
  }
}

}  // namespace

CaseEdit CaseEdit::New(Reading* reading, storage::v1::Case record) {
  return CaseEdit(reading, std::nullopt, std::move(record));
}

absl::StatusOr<CaseEdit> CaseEdit::Load(Reading* reading, const std::string& municipality,
                                        const std::string& case_id) {
  const std::string* row = reading->Get(keys::Case(municipality, case_id));
  if (row == nullptr) return absl::NotFoundError("no such case");
  storage::v1::Case record;
  if (!record.ParseFromString(*row)) return absl::DataLossError("a case can't be read");
  return CaseEdit(reading, record, record);
}

absl::StatusOr<Decision> CaseEdit::Finish(std::string answer) && {
  Decision decision;
  NoContactLists lists;
  if (absl::Status status = Write(&decision, &lists); !status.ok()) return status;
  for (CaseEdit& other : also_) {
    if (absl::Status status = other.Write(&decision, &lists); !status.ok()) return status;
    decision.change.mutable_cases(decision.change.cases_size() - 1)->set_by_itself(true);
  }
  WriteNoContact(lists, &decision);
  decision.answer = std::move(answer);
  return decision;
}

absl::Status CaseEdit::Write(Decision* decision, NoContactLists* lists) {
  if (absl::Status status = WriteSealed(decision); !status.ok()) return status;
  decision->writes.push_back(
      {keys::Case(after_.municipality(), after_.id()), after_.SerializeAsString()});
  WriteIndexes(decision);
  AddNoContact(lists);
  storage::v1::CaseChange* change = decision->change.add_cases();
  WriteLoads(decision, change);
  change->set_municipality(after_.municipality());
  change->set_case_id(after_.id());
  change->set_version(after_.version());
  WriteFigures(change);
  return absl::OkStatus();
}

void CaseEdit::AddNoContact(NoContactLists* lists) const {
  std::map<std::string, bool> listed;
  if (before_.has_value()) {
    for (const std::string& hash : before_->no_contact().hashes()) listed[hash] = false;
  }
  for (const std::string& hash : after_.no_contact().hashes()) {
    // Listed before as well: nothing changes.
    if (!listed.try_emplace(hash, true).second) listed.erase(hash);
  }
  for (const auto& [hash, added] : listed) (*lists)[hash][after_.id()] = added;
}

void CaseEdit::WriteNoContact(const NoContactLists& lists, Decision* decision) const {
  for (const auto& [hash, listed] : lists) {
    const std::string key = keys::NoContactHash(after_.municipality(), hash);
    storage::v1::NoContactCases row;
    if (const std::string* found = reading_->Get(key); found != nullptr) {
      row.ParseFromString(*found);
    }
    std::set<std::string> ids(row.case_ids().begin(), row.case_ids().end());
    for (const auto& [id, added] : listed) {
      if (added) {
        ids.insert(id);
      } else {
        ids.erase(id);
      }
    }
    row.mutable_case_ids()->Assign(ids.begin(), ids.end());
    decision->writes.push_back(
        {key, ids.empty() ? std::nullopt : std::make_optional(row.SerializeAsString())});
  }
}

absl::Status CaseEdit::WriteSealed(Decision* decision) {
  if (entries_.empty()) return absl::OkStatus();
  if (after_.sealed_entries() + entries_.size() > kMaxSealedEntries) {
    return domain::Error(absl::StatusCode::kResourceExhausted, v1::ERROR_REASON_CASE_FULL,
                         "the case holds the most entries it may");
  }
  const CaseKey* key =
      before_.has_value() ? reading_->FindCaseKey(after_.case_key_id()) : &reading_->NewCaseKey();
  if (key == nullptr) {
    return domain::Error(absl::StatusCode::kDataLoss, v1::ERROR_REASON_SEAL_BROKEN,
                         "the case's key is gone");
  }
  after_.set_case_key_id(key->id);
  for (const storage::v1::SealedEntry& entry : entries_) {
    const uint32_t number = after_.sealed_entries();
    after_.set_sealed_entries(number + 1);
    const storage::v1::Envelope envelope = crypto::Seal(
        key->key, key->id, key->epoch, SealingContext(after_.municipality(), after_.id(), number),
        entry.SerializeAsString());
    decision->writes.push_back(
        {keys::Sealed(after_.municipality(), after_.id(), number), envelope.SerializeAsString()});
  }
  return absl::OkStatus();
}

void CaseEdit::WriteIndexes(Decision* decision) const {
  const std::set<std::string> old_keys =
      before_.has_value() ? IndexKeys(*before_) : std::set<std::string>();
  const std::set<std::string> new_keys = IndexKeys(after_);
  for (const std::string& key : old_keys) {
    if (!new_keys.contains(key)) decision->writes.push_back({key, std::nullopt});
  }
  for (const std::string& key : new_keys) {
    if (!old_keys.contains(key)) decision->writes.push_back({key, ""});
  }
}

void CaseEdit::WriteLoads(Decision* decision, storage::v1::CaseChange* change) const {
  std::map<std::string, Live> deltas;
  AddLive(after_, 1, &deltas);
  if (before_.has_value()) AddLive(*before_, -1, &deltas);
  for (const auto& [offer, delta] : deltas) {
    if (delta.IsZero()) continue;
    if (delta.Frees()) change->add_freed_offers(offer);
    const std::string key = keys::OfferLoad(after_.municipality(), offer);
    storage::v1::OfferLoad load;
    if (const std::string* row = reading_->Get(key); row != nullptr) load.ParseFromString(*row);
    load.set_live_referrals(Sum(load.live_referrals(), delta.all));
    AddGroups(delta.by_group, &load);
    if (delta.all > 0) *load.mutable_last_assign_time() = domain::TimestampOf(now());
    decision->writes.push_back({key, load.SerializeAsString()});
  }
}

void CaseEdit::WriteFigures(storage::v1::CaseChange* change) const {
  std::map<Counter, int64_t> sums;
  AddCounts(after_, 1, &sums);
  if (before_.has_value()) AddCounts(*before_, -1, &sums);
  for (const auto& [counter, sum] : sums) {
    if (sum == 0) continue;
    storage::v1::FigureDelta* delta = change->add_figures();
    delta->set_district(std::get<0>(counter));
    delta->set_day(std::get<1>(counter));
    delta->set_counter(std::get<2>(counter));
    delta->set_delta(sum);
  }
}

absl::Status SignalNotFound() {
  return domain::Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_SIGNAL_NOT_FOUND,
                       "no such signal");
}

std::set<std::string> IndexKeys(const storage::v1::Case& record) {
  const std::string& municipality = record.municipality();
  const v1::Signal& signal = record.signal();
  const int64_t receive_time_ms = Millis(signal.receive_time());
  std::set<std::string> rows = {
      keys::SignalByTime(municipality, receive_time_ms, record.id()),
      keys::SignalByOrganisation(municipality, domain::LastSegment(signal.organisation()),
                                 receive_time_ms, record.id()),
  };
  for (const auto& item : record.referrals()) {
    const v1::Referral& referral = item.referral();
    const bool live = domain::IsLive(referral.state());
    const int64_t contact_by_ms = Millis(referral.contact_by());
    rows.insert(keys::ReferralByOrganisation(municipality,
                                             domain::LastSegment(referral.organisation()), !live,
                                             contact_by_ms, record.id(), item.number()));
    if (!live || referral.has_contact_time()) continue;
    rows.insert(keys::AwaitingContact(municipality, contact_by_ms, record.id(), item.number()));
    const bool escalated = referral.has_escalate_time();
    const int64_t due_ms = escalated ? Millis(referral.escalate_time())
                                     : absl::ToUnixMillis(domain::NextDeadline(referral));
    rows.insert(keys::DueReferral(municipality, escalated, due_ms, record.id(), item.number()));
  }
  if (record.has_no_contact() && !record.no_contact().has_end_time()) {
    rows.insert(keys::NoContactExpiry(municipality, Millis(record.no_contact().expire_time()),
                                      record.id()));
  }
  if (!domain::IsWaiting(record)) return rows;
  const bool acute = signal.urgency() == v1::URGENCY_ACUTE;
  rows.insert(keys::WaitingCase(municipality, acute, receive_time_ms, record.id()));
  for (const std::string& offer : record.full_offers()) {
    rows.insert(keys::WaitingForOffer(municipality, offer, acute, receive_time_ms, record.id()));
  }
  return rows;
}

std::string SealingContext(std::string_view municipality, std::string_view case_id,
                           uint32_t number) {
  return crypto::Context({"sealed entry", municipality, case_id, std::to_string(number)});
}

}  // namespace omzien::commit
