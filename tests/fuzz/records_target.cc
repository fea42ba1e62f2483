#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "omzien/storage/v1/records.pb.h"
#include "server/commit/case_edit.h"
#include "server/crypto/envelope.h"
#include "server/domain/case_rules.h"
#include "server/domain/disclosure.h"
#include "server/domain/errors.h"
#include "server/domain/figures.h"
#include "server/domain/privacy.h"
#include "storage/keys.h"
#include "tests/fuzz/fuzz.h"
#include "tests/server/commit/world.h"

namespace omzien::fuzz {
namespace {

using commit::testing::kGM;
using commit::testing::World;
using google::protobuf::util::MessageDifferencer;

constexpr char kCaseId[] = "0123456789abcdef";

World& TheWorld() {
  static World* const world = new World();
  return *world;
}

domain::Caller Coordinator() {
  domain::Caller caller;
  caller.id = "coordinator";
  caller.grants.push_back({kGM, "", domain::Role::kCoordinator});
  return caller;
}

// To everyone, in both views: BASIC holds nothing that identifies, and who stands in no relation to
// the case sees nothing.
void Show(const storage::v1::Case& record, const domain::PersonSource& person) {
  const absl::Time now = TheWorld().now();
  for (const domain::Caller& caller :
       {commit::testing::Shop(), commit::testing::Team(), commit::testing::Receiver(),
        commit::testing::Village(), Coordinator()}) {
    const domain::Relations relations = domain::RelationsTo(record, caller);
    const v1::Signal signal = domain::SignalFor(record, relations);
    Require(!domain::HoldsIdentifying(signal), "BASIC of a signal holds nothing that identifies");
    if (relations.None()) Require(signal.ByteSizeLong() == 0, "a stranger sees nothing");
    const v1::Signal full = domain::SignalFor(record, relations, &person);
    if (domain::OpensSignalBy(record, relations) == nullptr) {
      Require(!domain::HoldsIdentifying(full), "FULL opens nothing to who may not");
    }
    for (const auto& item : record.referrals()) {
      const uint32_t number = item.number();
      const v1::Referral referral = domain::ReferralFor(record, number, relations, now);
      Require(!domain::HoldsIdentifying(referral), "BASIC of a referral holds none, either");
      const v1::Referral opened = domain::ReferralFor(record, number, relations, now, &person);
      if (domain::OpensReferralBy(record, number, relations) == nullptr) {
        Require(!opened.has_person(), "a person isn't opened to who may not");
      }
      domain::MayAct(relations, number);
    }
  }
}

void Count(const storage::v1::Case& record) {
  v1::FollowUpCounts counts;
  for (const auto& [name, value] : domain::CountsOf(record)) {
    Require(value != 0, "zeros are left out");
    domain::AddCounter(name, value, &counts);
    if (const auto unmet = domain::ParseUnmetCounter(name)) {
      Require(domain::ParseUnmetCounter(domain::UnmetCounterName(*unmet)) == unmet,
              "a counter's name is read back");
    }
  }
  Require(domain::CellDistrictOf(record).size() <= 8, "a wijk, or none");
}

// An operation that refuses leaves the case as it was.
template <class Operation>
void Try(storage::v1::Case* record, const Operation& operation) {
  const storage::v1::Case before = *record;
  const absl::Status status = operation(record);
  RequireOurError(status);
  if (!status.ok()) Require(MessageDifferencer::Equals(before, *record), "untouched when refused");
}

void Change(const std::string& row) {
  World& world = TheWorld();
  commit::Rows rows = {{storage::keys::Case(kGM, kCaseId), row}};
  const commit::Reading::FetchedKeys fetched_keys;
  Require(world.case_keys().Reserve(1).ok(), "a case key");
  std::optional<commit::CaseKey> new_key;
  commit::Reading reading({.fetched = &rows}, &fetched_keys, &world.case_keys(),
                          &world.catalogues(), world.now(), &new_key);
  auto edit = commit::CaseEdit::Load(&reading, kGM, kCaseId);
  if (!edit.ok()) return;
  const absl::Time now = world.now();
  v1::UnreachableRule rule;
  rule.set_attempts(2);
  storage::v1::Case* record = edit->record();
  // Every stored case has them; where one is missing, to look at it is to make it.
  record->mutable_signal();
  for (auto& item : *record->mutable_referrals()) item.mutable_referral();
  Try(record, [&](auto* c) { return domain::Accept(c, 1, now); });
  Try(record,
      [&](auto* c) { return domain::RecordAttempt(c, 1, commit::testing::Attempt(), now); });
  Try(record, [&](auto* c) { return domain::RecordConsent(c, commit::testing::Consent(), now); });
  Try(record, [&](auto* c) { return domain::Decline(c, 2, v1::DECLINE_REASON_OTHER, now); });
  Try(record,
      [&](auto* c) { return domain::Complete(c, 1, v1::OUTCOME_ADVICE_ONLY, rule, now, now); });
  Try(record, [&](auto* c) { return domain::Withdraw(c, now); });
  const auto decision = (*std::move(edit)).Finish("answer");
  RequireOurError(decision.status());
  if (!decision.ok()) return;
  std::set<std::string> written;
  for (const storage::Write& write : decision->writes) {
    Require(written.insert(write.key).second, "a key is written once");
  }
}

}  // namespace

// Two bytes say how long the case is; behind it stands a sealed entry, which is also read as an
// envelope.
void FuzzRecords(std::string_view input) {
  if (input.size() < 2) return;
  const size_t size = static_cast<unsigned char>(input[0]) +
                      256 * static_cast<size_t>(static_cast<unsigned char>(input[1]));
  input.remove_prefix(2);
  const std::string row(input.substr(0, std::min(size, input.size())));
  const std::string rest(input.substr(row.size()));
  storage::v1::Envelope envelope;
  if (envelope.ParseFromString(rest)) {
    Require(!crypto::Open(crypto::Secret(), "context", envelope).ok(), "nothing forged is opened");
  }
  storage::v1::SealedEntry entry;
  std::vector<storage::v1::SealedEntry> entries;
  if (entry.ParseFromString(rest)) entries.push_back(entry);
  storage::v1::Case record;
  if (!record.ParseFromString(row) || record.referrals_size() > 60) return;
  Show(record, domain::SourceOf(entries));
  Count(record);
  Change(row);
}

std::vector<std::string> RecordSeeds() {
  World world;
  auto submission = commit::testing::Submission();
  submission.mutable_signal()->set_age_band(v1::AGE_BAND_65_PLUS);
  submission.mutable_signal()->mutable_reach()->set_phone("zqkanari");
  std::vector<std::string> rows;
  const auto keep = [&](const std::string& signal) {
    rows.push_back(world.CaseOf(signal).SerializeAsString());
  };
  const auto answer = world.Submit(commit::testing::Shop(), submission);
  Require(answer.ok(), "a seed's signal");
  const std::string signal = answer->signal().name();
  keep(signal);
  std::string referral = signal;
  referral.replace(referral.find("/signals/"), 9, "/referrals/");
  v1::RecordContactAttemptRequest attempt;
  attempt.set_name(referral + "-1");
  *attempt.mutable_attempt() = commit::testing::Attempt();
  attempt.mutable_attempt()->set_need_learnt(v1::NEED_VISIT);
  *attempt.mutable_consent() = commit::testing::Consent();
  Require(world.Record(commit::testing::Team(), attempt).ok(), "a seed's attempt");
  keep(signal);
  v1::PlaceReferralRequest place;
  place.set_name(referral + "-1");
  place.add_offers(commit::testing::OfferOf("bezoek"));
  place.set_departure_reason("zqkanari");
  Require(world.Place(commit::testing::Team(), place).ok(), "a seed's placement");
  keep(signal);
  storage::v1::SealedEntry entry;
  entry.mutable_signal()->set_own_words("zqkanari");
  entry.mutable_signal()->mutable_reach()->set_phone("zqkanari");
  std::vector<std::string> seeds;
  for (const std::string& row : rows) {
    seeds.push_back(
        std::string{static_cast<char>(row.size() % 256), static_cast<char>(row.size() / 256)} +
        row + entry.SerializeAsString());
  }
  return seeds;
}

}  // namespace omzien::fuzz
