#include "server/commit/no_contact.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "omzien/v1/error_reason.pb.h"
#include "server/commit/commands.h"
#include "server/crypto/envelope.h"
#include "server/domain/case_rules.h"
#include "server/domain/deadlines.h"
#include "server/domain/disclosure.h"
#include "server/domain/errors.h"
#include "server/domain/no_contact.h"
#include "server/domain/same_person.h"
#include "server/domain/times.h"
#include "storage/keys.h"

namespace omzien::commit {
namespace {

namespace keys = storage::keys;

using storage::v1::Case;
using storage::v1::PersonTraits;

// Source: the comment at NoContactCases.case_ids. What more there is isn't listed: those that are
// stop the same.
constexpr int kCasesPerHashMax = 16;

std::vector<std::string> HashesOf(const crypto::KeyedHash& hash, const std::string& municipality,
                                  const PersonTraits& traits) {
  std::vector<std::string> hashes;
  for (const auto& [what, value] : domain::FindableBy(traits)) {
    hashes.push_back(hash.Of("no contact", {municipality, what, value}));
  }
  return hashes;
}

storage::v1::NoContactCases ListedUnder(Reading* reading, const std::string& municipality,
                                        const std::string& hash) {
  storage::v1::NoContactCases listed;
  const std::string* row = reading->Get(keys::NoContactHash(municipality, hash));
  if (row != nullptr) listed.ParseFromString(*row);
  return listed;
}

std::optional<Case> ReadCase(Reading* reading, const std::string& municipality,
                             const std::string& id) {
  const std::string* row = reading->Get(keys::Case(municipality, id));
  Case record;
  if (row == nullptr || !record.ParseFromString(*row)) return std::nullopt;
  return record;
}

std::optional<storage::v1::SealedEntry> Unseal(Reading* reading, const Case& record,
                                               uint32_t number) {
  const std::string* row = reading->Get(keys::Sealed(record.municipality(), record.id(), number));
  const CaseKey* key = reading->FindCaseKey(record.case_key_id());
  storage::v1::Envelope envelope;
  if (row == nullptr || key == nullptr || !envelope.ParseFromString(*row)) return std::nullopt;
  const auto text =
      crypto::Open(key->key, SealingContext(record.municipality(), record.id(), number), envelope);
  storage::v1::SealedEntry entry;
  if (!text.ok() || !entry.ParseFromString(*text)) return std::nullopt;
  return entry;
}

// What the case holds of how to reach its person, by what was said at first and in answers, of
// which `newest` isn't sealed yet. An error also where rows aren't at hand yet: then the decision
// is run again with them.
absl::StatusOr<PersonTraits> TraitsIn(Reading* reading, const Case& record,
                                      const storage::v1::SealedAnswer* newest = nullptr) {
  std::vector<storage::v1::SealedEntry> entries;
  bool whole = true;
  for (uint32_t number = 0; number < record.sealed_entries(); ++number) {
    auto entry = Unseal(reading, record, number);
    whole = whole && entry.has_value();
    if (entry.has_value()) entries.push_back(*std::move(entry));
  }
  if (!whole) {
    return domain::Error(absl::StatusCode::kDataLoss, v1::ERROR_REASON_SEAL_BROKEN,
                         "what was sealed for this case can't be opened");
  }
  if (newest != nullptr) *entries.emplace_back().mutable_answer() = *newest;
  v1::Signal signal = record.signal();
  signal.MergeFrom(domain::SourceOf(entries).signal);
  return domain::TraitsOf(signal.reach(), signal.place());
}

// A case in which someone said no, and how sure it is that it was this person.
struct Match {
  Case record;
  v1::SamePerson same_person;
};

// All that hold, but the case's own. Candidates are read side by side: what isn't at hand is asked
// for at once.
std::vector<Match> MatchesOf(Reading* reading, const Case& of, const PersonTraits& traits) {
  const std::string& municipality = of.municipality();
  std::set<std::string> ids;
  for (const std::string& hash : HashesOf(reading->hash(), municipality, traits)) {
    const auto listed = ListedUnder(reading, municipality, hash);
    ids.insert(listed.case_ids().begin(), listed.case_ids().end());
  }
  ids.erase(of.id());
  std::vector<Match> matches;
  for (const std::string& id : ids) {
    auto record = ReadCase(reading, municipality, id);
    if (!record.has_value() || !domain::Holds(record->no_contact(), reading->now())) continue;
    const auto entry = Unseal(reading, *record, record->no_contact().sealed_entry());
    if (!entry.has_value()) continue;
    const v1::SamePerson same_person = domain::Compare(traits, entry->traits());
    if (same_person == v1::SAME_PERSON_UNSPECIFIED) continue;
    matches.push_back({*std::move(record), same_person});
  }
  return matches;
}

// Ends what is surely this person's and was said by `until`, in the cases where it was said.
absl::Status EndThoseOf(const std::vector<Match>& matches, absl::Time until, CaseEdit& edit) {
  for (const Match& match : matches) {
    if (match.same_person != v1::SAME_PERSON_SURE) continue;
    if (domain::TimeOf(match.record.no_contact().say_time()) > until) continue;
    auto other = CaseEdit::Load(edit.reading(), match.record.municipality(), match.record.id());
    if (!other.ok()) return other.status();
    domain::EndNo(other->record(), edit.record()->id(), edit.now());
    domain::MarkChanged(other->record(), edit.now());
    edit.Also(*std::move(other));
  }
  return absl::OkStatus();
}

// The hashes under which there is room, or where the case is listed already.
std::vector<std::string> Listable(Reading* reading, const Case& record,
                                  const PersonTraits& traits) {
  std::vector<std::string> hashes = HashesOf(reading->hash(), record.municipality(), traits);
  std::erase_if(hashes, [&](const std::string& hash) {
    const auto listed = ListedUnder(reading, record.municipality(), hash);
    return listed.case_ids_size() >= kCasesPerHashMax &&
           std::ranges::find(listed.case_ids(), record.id()) == listed.case_ids().end();
  });
  return hashes;
}

void Remember(const domain::Catalogue& catalogue, const google::protobuf::Timestamp& said,
              const PersonTraits& traits, CaseEdit& edit) {
  const uint32_t days = catalogue.municipality().do_not_contact_days();
  storage::v1::NoContact no;
  *no.mutable_say_time() = said;
  *no.mutable_expire_time() = domain::TimestampOf(domain::DeadlineAfter(
      domain::TimeOf(said), days == 0 ? domain::kDoNotContactDays : days, catalogue.time_zone()));
  const auto hashes = Listable(edit.reading(), *edit.record(), traits);
  if (!hashes.empty()) {
    no.mutable_hashes()->Assign(hashes.begin(), hashes.end());
    storage::v1::SealedEntry entry;
    *entry.mutable_traits() = traits;
    no.set_sealed_entry(edit.AddSealed(std::move(entry)));
  }
  domain::SayNo(edit.record(), std::move(no));
}

}  // namespace

std::vector<std::string> NoContactRowsOf(const crypto::KeyedHash& hash,
                                         const std::string& municipality,
                                         const PersonTraits& traits) {
  std::vector<std::string> rows;
  for (const std::string& one : HashesOf(hash, municipality, traits)) {
    rows.push_back(keys::NoContactHash(municipality, one));
  }
  return rows;
}

absl::Status FindEarlierNoes(const PersonTraits& traits, CaseEdit& edit) {
  const std::vector<Match> matches = MatchesOf(edit.reading(), *edit.record(), traits);
  if (edit.record()->signal().signaller_kind() == v1::SIGNALLER_KIND_SELF) {
    return EndThoseOf(matches, edit.now(), edit);
  }
  std::vector<storage::v1::FoundNo> found;
  const absl::Time asked = domain::AskedForContact(*edit.record());
  for (const Match& match : matches) {
    if (domain::TimeOf(match.record.no_contact().say_time()) <= asked) continue;
    storage::v1::FoundNo& one = found.emplace_back();
    one.set_case_id(match.record.id());
    *one.mutable_no()->mutable_say_time() = match.record.no_contact().say_time();
    *one.mutable_no()->mutable_expire_time() = match.record.no_contact().expire_time();
    one.mutable_no()->set_same_person(match.same_person);
  }
  domain::NoteEarlierNoes(edit.record(), std::move(found));
  return absl::OkStatus();
}

absl::Status FindEarlierNoesBy(const storage::v1::SealedAnswer& answer, CaseEdit& edit) {
  const bool adds = answer.has_reach() || answer.has_place();
  if (!adds || edit.record()->signal().has_contact_time()) return absl::OkStatus();
  const auto traits = TraitsIn(edit.reading(), *edit.record(), &answer);
  return traits.ok() ? FindEarlierNoes(*traits, edit) : traits.status();
}

absl::Status TakeWish(const domain::Catalogue& catalogue, const v1::ContactAttempt& attempt,
                      CaseEdit& edit) {
  if (attempt.contact_wish() == v1::CONTACT_WISH_UNSPECIFIED) return absl::OkStatus();
  const absl::Time said = domain::TimeOf(attempt.attempt_time());
  const auto traits = TraitsIn(edit.reading(), *edit.record());
  if (attempt.contact_wish() == v1::CONTACT_WISH_NO_CONTACT) {
    if (domain::SaidSince(*edit.record(), said)) return absl::OkStatus();
    // A no stops this case in any event, also where nothing can find it from another.
    Remember(catalogue, attempt.attempt_time(), traits.value_or(PersonTraits()), edit);
    return absl::OkStatus();
  }
  if (!traits.ok()) return traits.status();
  domain::AskForContact(edit.record(), said, edit.now());
  return EndThoseOf(MatchesOf(edit.reading(), *edit.record(), *traits), said, edit);
}

void ForgetEndedNoes(CaseEdit& edit) {
  domain::ForgetNoes(edit.record(), [&edit](const storage::v1::FoundNo& found) {
    const auto other = ReadCase(edit.reading(), edit.record()->municipality(), found.case_id());
    return other.has_value() && other->no_contact().has_end_time();
  });
}

std::unique_ptr<Command> ClearExpiredNo(std::string municipality, std::string case_id) {
  std::vector<std::string> rows = {keys::Case(municipality, case_id)};
  return std::make_unique<Plain>(
      std::move(rows),
      [municipality = std::move(municipality),
       case_id = std::move(case_id)](Reading& reading) -> absl::StatusOr<Decision> {
        auto edit = CaseEdit::Load(&reading, municipality, case_id);
        if (absl::IsNotFound(edit.status())) return Decision();
        if (!edit.ok()) return edit.status();
        const storage::v1::NoContact& no = edit->record()->no_contact();
        if (!no.has_say_time() || no.has_end_time() || domain::Holds(no, reading.now())) {
          return Decision();
        }
        domain::EndNo(edit->record(), "", reading.now());
        domain::MarkChanged(edit->record(), reading.now());
        auto decision = (*std::move(edit)).Finish("");
        if (decision.ok()) decision->change.mutable_cases(0)->set_by_itself(true);
        return decision;
      });
}

}  // namespace omzien::commit
