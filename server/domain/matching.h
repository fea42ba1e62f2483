// What is proposed to a person, and why everything else is not (DESIGN, 6). It follows from need,
// target group and place; who calls first is first_contact.h's.
//
// Pure: the same query, catalogue and load give the same answer, whatever the order in which the
// catalogue lists its entries. All functions may be called from any thread.

#ifndef OMZIEN_SERVER_DOMAIN_MATCHING_H_
#define OMZIEN_SERVER_DOMAIN_MATCHING_H_

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/civil_time.h"
#include "omzien/storage/v1/records.pb.h"
#include "omzien/v1/catalog_service.pb.h"
#include "omzien/v1/common.pb.h"
#include "server/domain/catalogue.h"

namespace omzien::domain {

// Most proposals; fewer while the need isn't known, since they are then only provisional.
inline constexpr size_t kMaxProposals = 5;
inline constexpr size_t kMaxProvisionalProposals = 3;

// Most offers of a group that are looked at to see whether something fits elsewhere: what that
// costs stays bounded, however many offers there are. Those with the first ids.
inline constexpr size_t kMaxLookedAtOutside = 128;

// Looked up by a view, too.
using Ids = std::set<std::string, std::less<>>;

// What is known of a person. Ids are those of the catalogue, not resource names.
struct MatchQuery {
  // From ResolvedPlace: where the person may live, by resource name. Empty: unknown; only what
  // serves all districts then fits.
  std::vector<v1::DistrictCandidate> places;
  std::string certain_wijk;
  // UNKNOWN and UNSPECIFIED: nobody asked yet; every need fits, provisionally.
  v1::Need need = v1::NEED_UNKNOWN;
  // From GroupsOf(); everyone's group is added when missing.
  Ids groups;
  Ids life_events;
  std::string language;  // BCP 47; empty: not known, nothing is then asked of a language
  v1::AgeBand age_band = v1::AGE_BAND_UNSPECIFIED;
  v1::Household household = v1::HOUSEHOLD_UNSPECIFIED;
  // Funding by id, of the municipality's; one that it doesn't have pays nothing.
  v1::Circumstances circumstances;
  // Only what professionals do will do; see NeedsProfessionals().
  bool professionals_only = false;
  absl::CivilDay day;   // the municipality's
  Ids excluded_offers;  // declined or tried before
};

// How busy an offer is, by its id. Asked only about offers that are being matched, and of these
// only where it counts: an offer that may be full, or one that fits.
using LoadOf = std::function<storage::v1::OfferLoad(std::string_view offer_id)>;

struct MatchResult {
  // What fits, best first with rank 1; then what doesn't, by id. Offers and organisations by
  // resource name.
  std::vector<v1::OfferMatch> matches;
  v1::UnmetDegree degree = v1::UNMET_DEGREE_UNSPECIFIED;
};

// What a person is offered, best first, ranked from 1.
struct Proposed {
  std::vector<v1::Proposal> proposals;
  v1::UnmetDegree degree = v1::UNMET_DEGREE_UNSPECIFIED;
  // Ids of the candidates that nothing but their being full refuses, in order.
  std::vector<std::string> full_offers;
};

// The ids of the groups a person belongs to: those stated (ids or resource names; unknown ones are
// left out), those that the catalogue derives from age band and language, and everyone's.
Ids GroupsOf(const Catalogue& catalogue, const std::vector<std::string>& stated,
             v1::AgeBand age_band, std::string_view language);

// Whether only professionals may take such a person up: minors go to them first.
bool NeedsProfessionals(v1::AgeBand age_band, v1::Urgency urgency = v1::URGENCY_ORDINARY);

// The offers that MatchCandidates() looks at, by id: those of the cells (wijk of each place,
// group). At most kMaxCandidatesPerCell a cell, however many offers the catalogue has. Load is
// needed of these only.
std::vector<const v1::Offer*> CandidatesFor(const Catalogue& catalogue, const MatchQuery& query);

// Matches the candidates; what fits is the same as in MatchAll().
//
// An offer fits when no rule refuses it; the first of these that does is reported:
//   ENDED                 its status says so
//   NOT_ACTIVE_THAT_DAY   the day lies outside its period
//   STALE                 nobody confirmed it for longer than the municipality allows (staleness.h)
//   AWAY                  those who do it are away that day
//   NO_OCCURRENCE         it has a schedule, and none of its days lies within the municipality's
//                         look-ahead (recurrence.h)
//   OUTSIDE_DISTRICT      it serves none of the places. A wijk serves its buurten; an offer limited
//                         to a buurt serves someone of whom only the wijk is known, but the
//                         sentence says that this isn't certain, as it does for a postcode
//   OTHER_TARGET_GROUP    it is for none of the person's groups
//   EXCLUDED              its exclusions name something that is known of the person
//   OTHER_AGE             the person's age band lies wholly outside its ages. Where it overlaps
//   them
//                         partly, or isn't known, the sentence says to ask
//   OTHER_NEED            it doesn't answer the need
//   OTHER_LANGUAGE        it states its languages, and the person's isn't one of them
//   CANT_GET_THERE        it states how it comes about, and the person can't come to it so: who
//                         doesn't leave the house takes part at home or remotely, who needs
//                         transport also where that is given
//   TOO_DIGITAL           it asks for more digital skill than the person is known to have
//   COSTS_MONEY           it is known to cost something, the person takes part only in what is free
//                         or funded, and none of the person's fundings pays for it
//   NO_CAPACITY           it takes a known number of people, and is full: as a whole, or for each
//   of the
//                         person's groups that have places of their own. A group's capacity that
//                         nobody assured for longer than a record may be stale is unknown: it
//                         doesn't refuse, and the sentence says to ask
//   TRIED_BEFORE          it is one of the excluded
//   NOT_FOR_MINORS        the person is under 18, and none of its groups is for that age
//   PROFESSIONALS_ONLY    only professionals will do, and its track isn't known to be theirs
//
// What fits is ranked by, in this order (the need is a rule, not a rank: all that fits answers it):
//   1. what the municipality's preference for the person's groups puts first, the village's own
//      offers or the group's own; what is both goes before either, what is neither comes last. The
//      first preference that names one of the person's groups counts, else the group goes first.
//      An offer is the village's own when the wijk is certain and it is limited to that village;
//   2. made for the person's life event;
//   3. how sure it is that it serves where the person lives;
//   4. a fresh record, 5. confirmed, 6. known to have room, 7. fewer live referrals, 8. longest
//   since the last one, 9. id.
//
// The degree of unmet demand looks at what is more than information:
//   something fits:  ONLY_GENERAL      the person has a group of their own, and nothing that fits
//                                      is for it;
//                    LANGUAGE_UNKNOWN  else, the person's language isn't a common one, and nothing
//                                      that fits states it;
//                    NONE              else;
//   nothing fits:    the nearest miss, an offer that all other rules let pass: NO_CAPACITY (also
//                    when those who do it are away), then
//                    ONLY_OUTSIDE_DISTRICT (of a known place), then ENDED (also what is
//                    stale, or has no days left); else NOTHING_FITS.
// ONLY_OUTSIDE_DISTRICT looks beyond the candidates, at offers for the person's groups (at most
// kMaxLookedAtOutside of each), and only when nothing fits.
MatchResult MatchCandidates(const Catalogue& catalogue, const MatchQuery& query,
                            const LoadOf& load_of);

// Matches every offer of the catalogue.
MatchResult MatchAll(const Catalogue& catalogue, const MatchQuery& query, const LoadOf& load_of);

// Some of what MatchAll() gives.
struct MatchPage {
  std::vector<v1::OfferMatch> matches;
  // How many MatchAll() gives.
  size_t total = 0;
  v1::UnmetDegree degree = v1::UNMET_DEGREE_UNSPECIFIED;
};

// MatchAll()'s matches from the `from`th on, counted from 0, at most `at_most`. Looks at the
// candidates and at what it gives, not at all offers.
MatchPage MatchSome(const Catalogue& catalogue, const MatchQuery& query, const LoadOf& load_of,
                    size_t from, size_t at_most);

// What the rules say of one offer; its rank is 0 also when it fits.
v1::OfferMatch MatchOne(const Catalogue& catalogue, const MatchQuery& query, const v1::Offer& offer,
                        const LoadOf& load_of);

// The best of what fits among the candidates and can be referred to (DIRECT or ASK_FIRST): at most
// kMaxProposals, or kMaxProvisionalProposals while the need isn't known. The degree is that of
// MatchCandidates(); reasons are made for the proposals only, which is most of what that costs.
Proposed Propose(const Catalogue& catalogue, MatchQuery query, const LoadOf& load_of);

}  // namespace omzien::domain

#endif  // OMZIEN_SERVER_DOMAIN_MATCHING_H_
