// From what is known of a person to who gets the signal: the domain's rules, fed from the catalogue
// and the loads in the store.

#ifndef OMZIEN_SERVER_COMMIT_ROUTING_H_
#define OMZIEN_SERVER_COMMIT_ROUTING_H_

#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "omzien/storage/v1/records.pb.h"
#include "server/commit/reading.h"
#include "server/domain/case_rules.h"
#include "server/domain/catalogue.h"
#include "server/domain/first_contact.h"
#include "server/domain/matching.h"
#include "server/domain/place.h"

namespace omzien::commit {

// What a recorded case says of its place.
domain::ResolvedPlace PlaceOf(const domain::Catalogue& catalogue, const v1::Signal& signal);

// The question that matching answers for a case. Offers that the case has or had a referral to are
// excluded, except where it was cancelled.
domain::MatchQuery QueryFor(const domain::Catalogue& catalogue, const storage::v1::Case& record,
                            absl::Time now);

// Loads as the reading sees them.
domain::LoadOf LoadsOf(Reading* reading, const std::string& municipality);

// Matches the case anew: renews its target groups, its proposals and the degree of unmet demand.
// Live referrals stay where they are.
void Rematch(Reading* reading, const domain::Catalogue& catalogue, storage::v1::Case* record);

// A referral for first contact by `party`, and one to an offer, with the municipality's deadlines.
domain::NewReferral FirstContactReferral(const domain::Catalogue& catalogue,
                                         const domain::FirstContactParty& party,
                                         const storage::v1::Case& record, absl::Time now);
domain::NewReferral OfferReferral(const domain::Catalogue& catalogue, const v1::Offer& offer,
                                  v1::Sentence reason, absl::Time now);

// Gives the case to the best proposal that the person's consent covers; false when there is none.
// Minors are never placed without a first contact.
bool PlaceWithBest(const domain::Catalogue& catalogue, storage::v1::Case* record, absl::Time now);

// Gives the case to its first-contact party. NO_FIRST_CONTACT_PARTY when the place has none.
absl::Status AssignFirstContact(const domain::Catalogue& catalogue, storage::v1::Case* record,
                                absl::Time now);

}  // namespace omzien::commit

#endif  // OMZIEN_SERVER_COMMIT_ROUTING_H_
