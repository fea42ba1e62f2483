// From what is known of a person to who gets the signal: the domain's rules, fed from the catalogue
// and the loads in the store.

#ifndef OMZIEN_SERVER_COMMIT_ROUTING_H_
#define OMZIEN_SERVER_COMMIT_ROUTING_H_

#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "omzien/storage/v1/records.pb.h"
#include "server/commit/reading.h"
#include "server/domain/case_rules.h"
#include "server/domain/catalogue.h"
#include "server/domain/first_contact.h"
#include "server/domain/matching.h"
#include "server/domain/place.h"

namespace omzien::commit {

// What a recorded case says of its place, by the catalogue in force.
domain::ResolvedPlace PlaceOf(const domain::Catalogue& catalogue, const v1::Signal& signal);

// The question that matching answers for a case. Offers that the case has or had a referral to are
// excluded, except where it was cancelled, or ended before the case was reopened.
domain::MatchQuery QueryFor(const domain::Catalogue& catalogue, const storage::v1::Case& record,
                            absl::Time now);

// Loads as the reading sees them.
domain::LoadOf LoadsOf(Reading* reading, const std::string& municipality);

// Matches the case anew: renews its districts (older codes become what they became), its target
// groups, its proposals, the degree of unmet demand and what it waits for. Live referrals stay
// where they are.
void Rematch(Reading* reading, const domain::Catalogue& catalogue, storage::v1::Case* record);

// A referral for first contact by `party`, and one to an offer, with the municipality's deadlines.
domain::NewReferral FirstContactReferral(const domain::Catalogue& catalogue,
                                         const domain::FirstContactParty& party,
                                         const storage::v1::Case& record, absl::Time now);
domain::NewReferral OfferReferral(const domain::Catalogue& catalogue, const v1::Offer& offer,
                                  v1::Sentence reason, absl::Time now);

// An offer that someone chose: the referral to it, and whether matching allows it
// (OFFER_NOT_ELIGIBLE, with why).
struct Chosen {
  domain::NewReferral referral;
  absl::Status eligible;
};
// `query` is QueryFor() the case; `offer` is the catalogue's.
Chosen Choose(Reading* reading, const domain::Catalogue& catalogue, const domain::MatchQuery& query,
              const v1::Offer& offer);

// Whether the case may go to an offer before anyone decided on that: with consent, but never a
// minor's, nor that of who is in acute need or wanted no contact.
bool MaySkipFirstContact(const storage::v1::Case& record, absl::Time now);

// The place as far as it decides who calls first: of who wanted no contact that is a team, and a
// mandate needs a certain place.
domain::ResolvedPlace CallersPlace(const domain::Catalogue& catalogue,
                                   const storage::v1::Case& record, absl::Time now);

// Referrals to what fits and the person's consent covers, best first: what is of who supports the
// person already, then the other proposals. Nothing that was taken back: a human places that again.
std::vector<domain::NewReferral> CoveredByConsent(Reading* reading,
                                                  const domain::Catalogue& catalogue,
                                                  const storage::v1::Case& record);

// Gives the case to the best that is CoveredByConsent, if it MaySkipFirstContact; false when there
// is none.
bool PlaceWithBest(Reading* reading, const domain::Catalogue& catalogue, storage::v1::Case* record);

// Gives the case to its first-contact party; of who wanted no contact that is the team of the
// place, else the entrance team. NO_FIRST_CONTACT_PARTY when the place has none.
absl::Status AssignFirstContact(const domain::Catalogue& catalogue, storage::v1::Case* record,
                                absl::Time now);

// Someone is always responsible: the first-contact party of the place, else the entrance team.
absl::Status BackToFirstContact(const domain::Catalogue& catalogue, storage::v1::Case* record,
                                absl::Time now);

// After a referral to an offer ended that someone took back or consents to no more: what could be
// proposed now, and where nothing else is live, first contact has the case again; who is connected
// is sent on to nobody. Nothing where the signal has ended.
absl::Status ReturnToFirstContact(Reading* reading, const domain::Catalogue& catalogue,
                                  storage::v1::Case* record);

// Gives a first contact that `organisation` (a resource name) gave up, or that is taken from it, to
// the team that can't turn it away. NOBODY_TO_PASS_ON_TO when that is its own.
absl::Status PassToEntranceTeam(const domain::Catalogue& catalogue, storage::v1::Case* record,
                                std::string_view organisation, absl::Time now);

// What the municipality's words in a text of the signaller's point to: acute need, a report under
// the Wmo. They only raise: a human decides, and what was decided stays.
void RaiseBy(const domain::Catalogue& catalogue, const std::string& text, v1::Signal* signal);

// The case has turned out to be acute, or about a minor: volunteers who have the first contact hand
// it over to professionals, and where nobody has it, professionals get it. Of an acute one the
// person is to be reached by the deadline of that.
absl::Status GiveToProfessionals(const domain::Catalogue& catalogue, storage::v1::Case* record,
                                 absl::Time now);

// The person turns out to live elsewhere than at `former_place`: a live first contact goes to
// whoever calls first there. Not while a referral to an offer is live: then a human decides who
// goes on; nor of who wanted no contact.
absl::Status FollowThePerson(const domain::Catalogue& catalogue,
                             const domain::ResolvedPlace& former_place, storage::v1::Case* record,
                             uint32_t number, absl::Time now);

// Closes the case of someone who IsConnected(). While a report under the Wmo is POSSIBLE, it goes
// back to first contact instead: that isn't closed silently.
absl::Status EndConnected(const domain::Catalogue& catalogue, storage::v1::Case* record,
                          absl::Time now);

// Matches again after a referral to an offer ended: to the best that consent covers, or back to
// first contact, when nothing else is live. Whoever is connected already is sent on to nobody.
absl::Status MoveOn(Reading* reading, const domain::Catalogue& catalogue,
                    storage::v1::Case* record);

}  // namespace omzien::commit

#endif  // OMZIEN_SERVER_COMMIT_ROUTING_H_
