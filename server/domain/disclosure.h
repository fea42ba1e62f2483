// Who sees what of a case: the one place where a stored case becomes what a caller is shown
// (DESIGN sections 5 and 8). server/domain/README.md has the table in words.
//
// A caller stands in relations to a case, by its grants; what it sees is the union of what they
// grant. Without any, the case doesn't exist for it: answer NOT_FOUND.
//
//   kSignaller     holds role signaller for the organisation that submitted it
//   kFirstContact  holds role first_contact for an organisation that has, or completed, a referral
//                  for first contact
//   kReceiver      holds role receiver for an organisation with a referral for an offer, live or
//                  ended; or role first_contact for one whose first-contact referral ended without
//                  being completed: either way it sees its own referral and nothing more
//   kCoordinator   holds role coordinator in the municipality
//
// View BASIC takes the clear record alone. View FULL also takes what was unsealed, and shows of it
// what MayOpenSignal and MayOpenReferral allow; the caller writes the audit entry first. Pure; any
// thread.

#ifndef OMZIEN_SERVER_DOMAIN_DISCLOSURE_H_
#define OMZIEN_SERVER_DOMAIN_DISCLOSURE_H_

#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "omzien/storage/v1/records.pb.h"
#include "omzien/v1/referral_service.pb.h"
#include "omzien/v1/signal_service.pb.h"
#include "server/domain/caller.h"

namespace omzien::domain {

enum class Relation { kSignaller, kFirstContact, kReceiver, kCoordinator };

struct Relations {
  std::set<Relation> kinds;
  // Numbers of the referrals that the caller's organisations hold or held, in the role that the
  // referral's purpose asks for.
  std::set<uint32_t> own_referrals;

  bool Has(Relation kind) const { return kinds.contains(kind); }
  bool None() const { return kinds.empty(); }
};

Relations RelationsTo(const storage::v1::Case& c, const Caller& caller);
// As a signaller is answered, whatever else the caller may be.
Relations AsSignaller();

// May accept, decline, record, place or complete it. Otherwise it is NOT_FOUND, also for those who
// may see it: coordinators, and first contact of another's referral.
bool MayAct(const Relations& relations, uint32_t number);
// May take it back from whoever has it: who coordinates; of a referral to an offer, who has the
// first contact or completed it as PLACED; of a first contact, who handed it over, until contact:
// to them it is as what isn't there, and how it goes is not for them to try out.
bool MayTakeBack(const storage::v1::Case& c, const Relations& relations, uint32_t number);
bool MaySeeSignal(const Relations& relations);
bool MaySeeReferral(const Relations& relations, uint32_t number);

// The caller's referral by which view FULL is granted, a pointer into the case; null when it isn't:
// VIEW_NOT_ALLOWED for who may see it but not open it. Its organisation and purpose are what the
// audit entry names.
// A signal: the first-contact party's, while the signal is open and its referral is live or was
// completed as PLACED; a live one before one completed.
const v1::Referral* OpensSignalBy(const storage::v1::Case& c, const Relations& relations);
// A referral: as the signal; or the organisation's own whose live offer referral it is, if the
// person's consent covers it.
const v1::Referral* OpensReferralBy(const storage::v1::Case& c, uint32_t number,
                                    const Relations& relations);
bool MayOpenSignal(const storage::v1::Case& c, const Relations& relations);
// The signaller may open the question that waits, and nothing else.
bool MayOpenQuestion(const storage::v1::Case& c, const Relations& relations, absl::Time now);
bool MayOpenReferral(const storage::v1::Case& c, uint32_t number, const Relations& relations);

// What the seals held.
struct PersonSource {
  v1::Signal signal;  // identifying fields only
  // By referral number and position; identifying fields only.
  std::map<std::pair<uint32_t, uint32_t>, v1::ContactAttempt> attempts;
  std::map<uint32_t, std::string> hand_over_notes;  // by the successor's number
  std::vector<v1::QuestionAndAnswer> questions;     // to the signaller, oldest first
};
PersonSource SourceOf(const std::vector<storage::v1::SealedEntry>& entries);

// The coarse status: never an outcome. Residents and shopkeepers hear of contact only if the person
// agrees; so does a signaller whose kind isn't known. When they withdrew it is CLOSED for them,
// whether follow-up stopped or, after contact, goes on: the difference would tell of the contact.
v1::SignallerStatus SignallerStatusOf(const storage::v1::Case& c);

// Whom the signaller is told of as the one who calls: as if nobody had said before that they want
// no contact. Empty where that is nobody.
const v1::FirstContact& ToldFirstContact(const storage::v1::Case& c);

// `person` null: view BASIC. With it, fields that the relations don't open stay empty. `revision`
// is left to whoever reads. An empty message when the relations grant nothing. `now` tells whether
// a question has lapsed.
v1::Signal SignalFor(const storage::v1::Case& c, const Relations& relations,
                     const PersonSource* person = nullptr, absl::Time now = absl::InfinitePast());
// Of the same, what whoever has the signal's code sees: what its signaller does.
v1::SignalStatus SignalStatusFor(const storage::v1::Case& c, const PersonSource* person,
                                 absl::Time now);
v1::Referral ReferralFor(const storage::v1::Case& c, uint32_t number, const Relations& relations,
                         absl::Time now, const PersonSource* person = nullptr);

}  // namespace omzien::domain

#endif  // OMZIEN_SERVER_DOMAIN_DISCLOSURE_H_
