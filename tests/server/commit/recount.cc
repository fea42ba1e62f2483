#include "tests/server/commit/recount.h"

#include <algorithm>
#include <map>
#include <set>

#include "server/commit/case_edit.h"
#include "server/crypto/envelope.h"
#include "server/domain/same_person.h"
#include "storage/keys.h"

namespace omzien::commit::testing {
namespace {

namespace keys = storage::keys;

using Problems = std::vector<std::string>;

bool Live(v1::ReferralState state) {
  return state == v1::REFERRAL_STATE_ASSIGNED || state == v1::REFERRAL_STATE_ACCEPTED ||
         state == v1::REFERRAL_STATE_IN_PROGRESS || state == v1::REFERRAL_STATE_WAITLISTED;
}

bool OpenState(v1::SignalState state) {
  return state == v1::SIGNAL_STATE_RECEIVED || state == v1::SIGNAL_STATE_NEEDS_INFO ||
         state == v1::SIGNAL_STATE_ROUTED || state == v1::SIGNAL_STATE_IN_CONTACT ||
         state == v1::SIGNAL_STATE_PLACED || state == v1::SIGNAL_STATE_UNMATCHED;
}

int64_t Millis(const google::protobuf::Timestamp& time) {
  return time.seconds() * 1000 + time.nanos() / 1'000'000;
}

// "municipalities/x/organisations/y" -> "y".
std::string LastPart(const std::string& name) { return name.substr(name.rfind('/') + 1); }

bool Waits(const storage::v1::Case& record) {
  bool helped = false;
  for (const auto& item : record.referrals()) {
    helped |= !item.referral().offer().empty() && Live(item.referral().state()) &&
              item.referral().state() != v1::REFERRAL_STATE_WAITLISTED;
  }
  const v1::Signal& signal = record.signal();
  return signal.state() == v1::SIGNAL_STATE_UNMATCHED ||
         (OpenState(signal.state()) && signal.unmet_degree() > v1::UNMET_DEGREE_NONE && !helped);
}

std::set<std::string> IndexRowsOf(const storage::v1::Case& record) {
  const int64_t received = Millis(record.signal().receive_time());
  std::set<std::string> rows = {keys::SignalByTime(kGM, received, record.id()),
                                keys::SignalByOrganisation(kGM, "winkel", received, record.id())};
  for (const auto& item : record.referrals()) {
    const v1::Referral& referral = item.referral();
    const int64_t due = Millis(referral.contact_by());
    const bool live = Live(referral.state());
    rows.insert(keys::ReferralByOrganisation(kGM, LastPart(referral.organisation()), !live, due,
                                             record.id(), item.number()));
    bool reached = false;
    for (const v1::ContactAttempt& attempt : referral.attempts()) {
      reached |= attempt.with() == v1::CONTACT_WITH_PERSON &&
                 attempt.result() == v1::CONTACT_RESULT_REACHED;
    }
    if (live && !reached) {
      rows.insert(keys::AwaitingContact(kGM, due, record.id(), item.number()));
      const bool taken_up = referral.state() != v1::REFERRAL_STATE_ASSIGNED;
      const bool escalated = referral.has_escalate_time();
      const int64_t next = taken_up ? due : std::min(due, Millis(referral.accept_by()));
      rows.insert(keys::DueReferral(kGM, escalated,
                                    escalated ? Millis(referral.escalate_time()) : next,
                                    record.id(), item.number()));
    }
  }
  if (record.no_contact().has_say_time() && !record.no_contact().has_end_time()) {
    rows.insert(keys::NoContactExpiry(kGM, Millis(record.no_contact().expire_time()), record.id()));
  }
  if (Waits(record)) {
    const bool acute = record.signal().urgency() == v1::URGENCY_ACUTE;
    rows.insert(keys::WaitingCase(kGM, acute, received, record.id()));
    for (const std::string& offer : record.full_offers()) {
      rows.insert(keys::WaitingForOffer(kGM, offer, acute, received, record.id()));
    }
  }
  return rows;
}

void CheckIndexes(World& world, Problems* problems) {
  std::set<std::string> expected;
  for (const auto& record : world.Cases()) expected.merge(IndexRowsOf(record));
  size_t extra = 0;
  for (const storage::Entry& row : world.Rows()) {
    keys::CaseRef ref;
    if (keys::ParseIndexKey(row.key, &ref) && expected.erase(row.key) == 0) ++extra;
  }
  if (extra > 0) problems->push_back(std::to_string(extra) + " index rows too many");
  if (!expected.empty()) {
    problems->push_back(std::to_string(expected.size()) + " index rows are missing");
  }
}

// By the row's key, and the group; an empty group stands for all.
void CheckLoads(World& world, Problems* problems) {
  std::map<std::pair<std::string, std::string>, uint32_t> expected;
  for (const auto& record : world.Cases()) {
    for (const auto& item : record.referrals()) {
      if (!item.referral().offer().empty() && Live(item.referral().state())) {
        const std::string key = keys::OfferLoad(kGM, LastPart(item.referral().offer()));
        ++expected[{key, ""}];
        for (const std::string& group : item.counted_groups()) ++expected[{key, group}];
      }
    }
  }
  std::map<std::pair<std::string, std::string>, uint32_t> found;
  const std::string prefix = keys::OfferLoadsPrefix();
  for (const storage::Entry& row : world.Rows()) {
    if (!row.key.starts_with(prefix)) continue;
    storage::v1::OfferLoad load;
    if (!load.ParseFromString(row.versioned.value)) problems->push_back("a load can't be read");
    if (load.live_referrals() > 0) found[{row.key, ""}] = load.live_referrals();
    for (const auto& group : load.groups()) {
      found[{row.key, group.target_group()}] += group.live_referrals();
    }
  }
  if (found != expected) problems->push_back("the loads of offers aren't those of live referrals");
}

void CheckSomeoneIsResponsible(World& world, Problems* problems) {
  for (const auto& record : world.Cases()) {
    std::map<std::string, int> live;
    int all = 0;
    for (const auto& item : record.referrals()) {
      if (!Live(item.referral().state())) continue;
      ++all;
      if (!item.referral().offer().empty() && ++live[item.referral().offer()] > 1) {
        problems->push_back("two live referrals for one offer in case " + record.id());
      }
    }
    const v1::SignalState state = record.signal().state();
    const bool nobody_expected = !OpenState(state) || state == v1::SIGNAL_STATE_UNMATCHED;
    if ((all == 0) != nobody_expected) {
      problems->push_back("case " + record.id() + " in state " + v1::SignalState_Name(state) +
                          " has " + std::to_string(all) + " live referrals");
    }
  }
}

// Each entry opens with the case's own key, in its own place.
void CheckSeals(World& world, Problems* problems) {
  std::map<std::string, std::string> rows;
  for (const storage::Entry& row : world.Rows()) rows[row.key] = row.versioned.value;
  std::set<uint64_t> key_ids;
  for (const auto& record : world.Cases()) {
    if (!key_ids.insert(record.case_key_id()).second) problems->push_back("a case key used twice");
    auto key = world.case_keys().Find({record.case_key_id()});
    if (!key.ok() || key->front() == nullptr) {
      problems->push_back("the key of case " + record.id() + " isn't there");
      continue;
    }
    if (record.sealed_entries() == 0) problems->push_back("nothing is sealed beside a case");
    for (uint32_t number = 0; number < record.sealed_entries(); ++number) {
      storage::v1::Envelope envelope;
      const auto row = rows.find(keys::Sealed(kGM, record.id(), number));
      if (row == rows.end() || !envelope.ParseFromString(row->second) ||
          envelope.epoch() != key->front()->epoch ||
          !crypto::Open(key->front()->key, SealingContext(kGM, record.id(), number), envelope)
               .ok()) {
        problems->push_back("a sealed entry of case " + record.id() + " doesn't open");
      }
    }
    if (rows.contains(keys::Sealed(kGM, record.id(), record.sealed_entries()))) {
      problems->push_back("case " + record.id() + " has a sealed entry too many");
    }
  }
}

// Each is found by what its sealed entry says of the person, as far as there was room, and by
// nothing else; one that ended by nothing.
void CheckNoContact(World& world, Problems* problems) {
  std::map<std::string, std::string> rows;
  for (const storage::Entry& row : world.Rows()) rows[row.key] = row.versioned.value;
  std::map<std::string, std::set<std::string>> expected;
  for (const auto& record : world.Cases()) {
    const storage::v1::NoContact& no = record.no_contact();
    for (const std::string& hash : no.hashes()) {
      expected[keys::NoContactHash(kGM, hash)].insert(record.id());
    }
    if (no.hashes().empty()) continue;
    if (no.has_end_time()) problems->push_back("a no that ended is found still");
    const auto key = world.case_keys().Find({record.case_key_id()});
    storage::v1::Envelope envelope;
    envelope.ParseFromString(rows[keys::Sealed(kGM, record.id(), no.sealed_entry())]);
    storage::v1::SealedEntry entry;
    entry.ParseFromString(crypto::Open(key->front()->key,
                                       SealingContext(kGM, record.id(), no.sealed_entry()),
                                       envelope)
                              .value_or(""));
    std::set<std::string> hashes;
    for (const auto& [what, value] : domain::FindableBy(entry.traits())) {
      hashes.insert(world.case_keys().hash().Of("no contact", {kGM, what, value}));
    }
    const std::set<std::string> used(no.hashes().begin(), no.hashes().end());
    if (!std::includes(hashes.begin(), hashes.end(), used.begin(), used.end())) {
      problems->push_back("case " + record.id() + " is found by what it doesn't say");
    }
  }
  const std::string prefix = keys::NoContactHash(kGM, "");
  for (const auto& [key, value] : rows) {
    if (!key.starts_with(prefix.substr(0, prefix.size() - 2))) continue;
    storage::v1::NoContactCases listed;
    listed.ParseFromString(value);
    const std::set<std::string> ids(listed.case_ids().begin(), listed.case_ids().end());
    if (ids.empty() || ids != expected[key]) problems->push_back("a hash lists other cases");
    expected.erase(key);
  }
  if (!expected.empty()) problems->push_back("a hash lists no case");
}

// Entries are of the generation in force, all of them, or of one that is listed as not in force.
void CheckCatalogues(World& world, Problems* problems) {
  std::map<std::string, std::string> rows;
  for (const storage::Entry& row : world.Rows()) rows[row.key] = row.versioned.value;
  storage::v1::CatalogHead head;
  head.ParseFromString(rows[keys::CatalogHead(kGM)]);
  storage::v1::CatalogStages stages;
  stages.ParseFromString(rows[keys::CatalogStages(kGM)]);
  std::set<std::string> listed = {keys::CatalogEntryPrefix(kGM, head.generation())};
  for (const auto& stage : stages.stages()) {
    if (!listed.insert(keys::CatalogEntryPrefix(kGM, stage.generation())).second) {
      problems->push_back("a generation of the catalogue is listed twice");
    }
  }
  const std::string all = keys::CatalogEntryPrefix(kGM, 0).substr(0, listed.begin()->size() - 8);
  uint64_t in_force = 0;
  for (const auto& [key, value] : rows) {
    if (!key.starts_with(all)) continue;
    const std::string prefix = key.substr(0, key.size() - 8);
    if (!listed.contains(prefix)) problems->push_back("an entry of a generation that isn't listed");
    in_force += prefix == keys::CatalogEntryPrefix(kGM, head.generation()) ? 1 : 0;
  }
  const bool whole =
      !rows.contains(keys::CatalogEntry(kGM, head.generation(), in_force)) &&
      (in_force == 0 || rows.contains(keys::CatalogEntry(kGM, head.generation(), in_force - 1)));
  if (!whole || (in_force == 0) != (head.generation() == 0)) {
    problems->push_back("the catalogue in force isn't whole");
  }
}

// What the feed says was changed when.
struct Feed {
  // Of cases and catalogues, by the commit.
  std::map<storage::Revision, int> mutations;
  // By case, in order, with the version that each left.
  std::map<std::string, std::map<storage::Revision, uint64_t>> versions;
};

Feed ReadFeed(World& world, Problems* problems) {
  Feed feed;
  const auto records = world.cases().Changes(0, 1'000'000);
  if (!records.ok()) {
    problems->push_back("the feed can't be read");
    return feed;
  }
  for (const storage::ChangeRecord& record : *records) {
    storage::v1::Change change;
    if (!change.ParseFromString(record.change)) problems->push_back("a change can't be read");
    feed.mutations[record.revision] += change.cases_size() + change.catalogs_size();
    for (const auto& changed : change.cases()) {
      if (changed.by_itself()) --feed.mutations[record.revision];
      auto& versions = feed.versions[changed.case_id()];
      if (!versions.empty() && versions.rbegin()->second >= changed.version()) {
        problems->push_back("the versions of case " + changed.case_id() + " don't rise");
      }
      versions[record.revision] = changed.version();
    }
  }
  return feed;
}

// A mutation is one commit: its change in the feed, its stored answer, the case in its last
// version, and what stands beside the case.
void CheckFeed(World& world, Problems* problems) {
  Feed feed = ReadFeed(world, problems);
  std::map<std::string, storage::Revision> rows;
  for (const storage::Entry& row : world.Rows()) {
    rows[row.key] = row.versioned.revision;
    keys::CaseRef ref;
    if (row.key.starts_with(keys::StoredAnswersPrefix())) --feed.mutations[row.versioned.revision];
    if (keys::ParseIndexKey(row.key, &ref) &&
        !feed.versions[ref.case_id].contains(row.versioned.revision)) {
      problems->push_back("an index row of case " + ref.case_id + " came in a commit of its own");
    }
  }
  for (const auto& [revision, unanswered] : feed.mutations) {
    if (unanswered == 0) continue;
    problems->push_back("a commit has " + std::to_string(unanswered) +
                        " more changes than stored answers");
  }
  for (const auto& record : world.Cases()) {
    const auto& versions = feed.versions[record.id()];
    const storage::Revision written = rows[keys::Case(kGM, record.id())];
    if (versions.empty() || versions.rbegin()->first != written ||
        versions.rbegin()->second != record.version()) {
      problems->push_back("case " + record.id() + " isn't what its last change left");
    }
    for (uint32_t number = 0; number < record.sealed_entries(); ++number) {
      if (!versions.contains(rows[keys::Sealed(kGM, record.id(), number)])) {
        problems->push_back("a sealed entry of case " + record.id() + " came in another commit");
      }
    }
  }
}

}  // namespace

std::vector<std::string> Differences(World& world) {
  Problems problems;
  CheckIndexes(world, &problems);
  CheckLoads(world, &problems);
  CheckSomeoneIsResponsible(world, &problems);
  CheckSeals(world, &problems);
  CheckNoContact(world, &problems);
  CheckCatalogues(world, &problems);
  CheckFeed(world, &problems);
  return problems;
}

}  // namespace omzien::commit::testing
