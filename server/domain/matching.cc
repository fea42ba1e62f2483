#include "server/domain/matching.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <tuple>
#include <utility>

#include "server/domain/matching_rules.h"
#include "server/domain/names.h"
#include "server/domain/sentences.h"

namespace omzien::domain {

namespace {

using storage::v1::OfferLoad;

// --- the rank ---

bool VillageGoesFirst(const Catalogue& catalogue, const MatchQuery& query) {
  for (const auto& preference : catalogue.municipality().rank_preferences()) {
    const std::string& group = preference.target_group();
    if (group == catalogue.everyone_group() || query.groups.count(group) > 0) {
      return preference.first() == v1::RankPreference::FIRST_VILLAGE;
    }
  }
  return false;
}

// Less goes first.
auto RankKey(const Evaluation& evaluation, bool village_first) {
  const bool first = village_first ? evaluation.villages_own : evaluation.for_own_group;
  const bool second = village_first ? evaluation.for_own_group : evaluation.villages_own;
  const Facts& facts = evaluation.facts;
  const auto& last = facts.load.last_assign_time();
  return std::tuple(!first, !second, !evaluation.for_life_event, facts.place.certainty,
                    facts.freshness != Freshness::kFresh,
                    facts.offer.status() != v1::OFFER_STATUS_CONFIRMED,
                    RoomFor(facts).kind != Room::kSome, facts.load.live_referrals(), last.seconds(),
                    last.nanos(), std::string_view(facts.offer.id()));
}

// --- the answer ---

// What an offer asks of people is asked when it isn't known; what someone needs of an offer only of
// who is known to need it.
void AddCircumstances(const Facts& facts, FitFacts* fit) {
  const v1::Offer& offer = facts.offer;
  const v1::Circumstances& person = facts.query.circumstances;
  fit->age_unknown = IsOfAge(facts.query.age_band, offer) == Known::kNotSure;
  fit->skill_unknown = person.digital_skill() == v1::DIGITAL_SKILL_UNSPECIFIED &&
                       offer.digital_skill_needed() > v1::DIGITAL_SKILL_NONE;
  fit->access_unknown =
      offer.access().empty() && (person.mobility() == v1::MOBILITY_NEEDS_TRANSPORT ||
                                 person.mobility() == v1::MOBILITY_HOUSEBOUND);
  if (person.budget() != v1::BUDGET_ONLY_FREE_OR_FUNDED || offer.cost() == v1::COST_FREE) return;
  fit->cost_unknown = offer.cost() == v1::COST_UNSPECIFIED;
  for (const std::string_view id : FundingFor(facts.query, offer)) {
    fit->funded_by.push_back(&facts.catalogue.funding(id)->display_name());
  }
}

FitFacts FitFactsOf(const Evaluation& evaluation) {
  const Facts& facts = evaluation.facts;
  const Catalogue& catalogue = facts.catalogue;
  FitFacts fit;
  fit.district = facts.place.district;
  fit.only_if_in = facts.place.only_if_in;
  if (evaluation.villages_own) {
    fit.own_village = catalogue.district(facts.query.certain_wijk)->display_name();
  }
  const std::set<std::string_view> groups(facts.offer.target_groups().begin(),
                                          facts.offer.target_groups().end());
  for (const std::string_view id : groups) {
    if (id == catalogue.everyone_group() || !facts.query.groups.contains(id)) continue;
    fit.own_groups.push_back(&catalogue.target_group(id)->display_name());
  }
  const std::set<std::string_view> events(facts.offer.life_events().begin(),
                                          facts.offer.life_events().end());
  for (const std::string_view id : events) {
    if (!facts.query.life_events.contains(id)) continue;
    fit.life_events.push_back(&catalogue.life_event(id)->display_name());
  }
  fit.need = facts.query.need;
  fit.room_unknown = RoomFor(facts).kind == Room::kUnknown;
  fit.language_unknown =
      IsUncommon(catalogue, facts.query.language) && facts.offer.languages().empty();
  fit.next_day = facts.next_day;
  fit.stale = facts.freshness == Freshness::kStale;
  AddCircumstances(facts, &fit);
  return fit;
}

RefusalFacts RefusalFactsOf(const Facts& facts) {
  const Room room = RoomFor(facts);
  RefusalFacts why;
  why.place_known = !facts.query.places.empty();
  why.live_referrals = room.taken;
  why.full_for = room.own;
  why.exclusions = ExclusionsThatHold(facts.query, facts.offer);
  why.back_on = facts.back_on;
  why.next_day = facts.next_day;
  return why;
}

v1::OfferMatch MatchOf(const Evaluation& evaluation) {
  const Facts& facts = evaluation.facts;
  const std::string& municipality = facts.catalogue.municipality().code();
  const v1::Organisation* const organisation =
      facts.catalogue.organisation(facts.offer.organisation());
  v1::OfferMatch match;
  match.set_offer(OfferName(municipality, facts.offer.id()));
  match.set_organisation(OrganisationName(municipality, facts.offer.organisation()));
  match.set_offer_display_name(facts.offer.display_name());
  match.set_organisation_display_name(organisation->display_name());
  match.set_fits(evaluation.fits());
  match.set_refusal(evaluation.first_refusal);
  if (evaluation.fits()) {
    *match.mutable_reason() = WhyItFits(facts.offer, FitFactsOf(evaluation));
  } else {
    *match.mutable_reason() =
        WhyRefused(facts.catalogue, facts.offer, evaluation.first_refusal, RefusalFactsOf(facts));
  }
  return match;
}

// Whether somewhere else in the municipality something would have fitted. Load is not asked: these
// offers are no candidates.
bool FitsOutside(const Catalogue& catalogue, const MatchQuery& query) {
  if (query.places.empty()) return false;
  const LoadOf not_asked = [](std::string_view) { return OfferLoad(); };
  for (const auto& group : query.groups) {
    for (const v1::Offer* offer : catalogue.OffersForGroup(group, kMaxLookedAtOutside)) {
      const Evaluation evaluation = Evaluate(catalogue, query, *offer, not_asked);
      if (evaluation.counts() && evaluation.refusals == Bit(v1::REFUSAL_OUTSIDE_DISTRICT)) {
        return true;
      }
    }
  }
  return false;
}

v1::UnmetDegree DegreeOfMisses(const Catalogue& catalogue, const MatchQuery& query,
                               const std::vector<Evaluation>& evaluations) {
  constexpr Refusals kOver = Bit(v1::REFUSAL_ENDED) | Bit(v1::REFUSAL_NOT_ACTIVE_THAT_DAY) |
                             Bit(v1::REFUSAL_STALE) | Bit(v1::REFUSAL_NO_OCCURRENCE);
  constexpr Refusals kNoRoom = Bit(v1::REFUSAL_NO_CAPACITY) | Bit(v1::REFUSAL_AWAY);
  bool full = false;
  bool over = false;
  for (const Evaluation& evaluation : evaluations) {
    if (!evaluation.counts()) continue;
    full |= (evaluation.refusals & ~kNoRoom) == 0;  // something refuses each of them
    over |= (evaluation.refusals & ~kOver) == 0 &&
            (HasEnded(evaluation.facts) || IsOver(evaluation.facts) ||
             HasNoDaysLeft(evaluation.facts) || evaluation.facts.freshness == Freshness::kStopped);
  }
  if (full) return v1::UNMET_DEGREE_NO_CAPACITY;
  if (FitsOutside(catalogue, query)) return v1::UNMET_DEGREE_ONLY_OUTSIDE_DISTRICT;
  return over ? v1::UNMET_DEGREE_ENDED : v1::UNMET_DEGREE_NOTHING_FITS;
}

v1::UnmetDegree DegreeOf(const Catalogue& catalogue, const MatchQuery& query,
                         const std::vector<Evaluation>& evaluations) {
  bool fits = false;
  bool own_group_fits = false;
  bool states_language = false;
  for (const Evaluation& evaluation : evaluations) {
    if (!evaluation.fits() || !evaluation.counts()) continue;
    fits = true;
    own_group_fits |= evaluation.for_own_group;
    states_language |= IncludesLanguage(evaluation.facts.offer.languages(), query.language);
  }
  if (!fits) return DegreeOfMisses(catalogue, query, evaluations);
  const bool has_own_group = query.groups.size() > 1;  // everyone's is always among them
  if (has_own_group && !own_group_fits) return v1::UNMET_DEGREE_ONLY_GENERAL;
  if (IsUncommon(catalogue, query.language) && !states_language) {
    return v1::UNMET_DEGREE_LANGUAGE_UNKNOWN;
  }
  return v1::UNMET_DEGREE_NONE;
}

MatchQuery WithEveryone(const Catalogue& catalogue, MatchQuery query) {
  query.groups.insert(catalogue.everyone_group());
  return query;
}

// What the rules and the rank say; the sentences are made of it for whom they are asked.
struct Ranking {
  std::vector<Evaluation> evaluations;     // by the offer's id
  std::vector<const Evaluation*> fitting;  // best first
  v1::UnmetDegree degree = v1::UNMET_DEGREE_UNSPECIFIED;
};

// `query` has everyone's group and outlives the result. `offers` by id.
Ranking Rank(const Catalogue& catalogue, const MatchQuery& query,
             const std::vector<const v1::Offer*>& offers, const LoadOf& load_of) {
  Ranking ranking;
  ranking.evaluations.reserve(offers.size());
  for (const v1::Offer* offer : offers) {
    ranking.evaluations.push_back(Evaluate(catalogue, query, *offer, load_of));
  }
  for (const Evaluation& evaluation : ranking.evaluations) {
    if (evaluation.fits()) ranking.fitting.push_back(&evaluation);
  }
  const bool village_first = VillageGoesFirst(catalogue, query);
  std::sort(ranking.fitting.begin(), ranking.fitting.end(),
            [village_first](const auto* a, const auto* b) {
              return RankKey(*a, village_first) < RankKey(*b, village_first);
            });
  ranking.degree = DegreeOf(catalogue, query, ranking.evaluations);
  return ranking;
}

MatchResult Match(const Catalogue& catalogue, const MatchQuery& asked,
                  const std::vector<const v1::Offer*>& offers, const LoadOf& load_of) {
  const MatchQuery query = WithEveryone(catalogue, asked);
  const Ranking ranking = Rank(catalogue, query, offers, load_of);
  MatchResult result;
  result.degree = ranking.degree;
  result.matches.reserve(offers.size());
  for (const Evaluation* evaluation : ranking.fitting) {
    result.matches.push_back(MatchOf(*evaluation));
    result.matches.back().set_rank(static_cast<uint32_t>(result.matches.size()));
  }
  for (const Evaluation& evaluation : ranking.evaluations) {
    if (!evaluation.fits()) result.matches.push_back(MatchOf(evaluation));
  }
  return result;
}

using Offers = std::vector<const v1::Offer*>;

// By id, each once.
Offers InOrder(Offers offers) {
  std::ranges::sort(offers, {},
                    [](const v1::Offer* offer) -> const std::string& { return offer->id(); });
  offers.erase(std::unique(offers.begin(), offers.end()), offers.end());
  return offers;
}

// `query` has everyone's group.
Offers CandidatesOf(const Catalogue& catalogue, const MatchQuery& query) {
  std::set<std::string_view> wijken;
  for (const auto& place : query.places) {
    wijken.insert(catalogue.WijkOf(LastSegment(place.district())));
  }
  if (wijken.empty()) wijken.insert("");  // unknown
  Offers offers;
  for (const std::string_view wijk : wijken) {
    for (const auto& group : query.groups) {
      const Offers cell = catalogue.Candidates(wijk, group);
      offers.insert(offers.end(), cell.begin(), cell.end());
    }
  }
  return InOrder(std::move(offers));
}

}  // namespace

Ids GroupsOf(const Catalogue& catalogue, const std::vector<std::string>& stated,
             v1::AgeBand age_band, std::string_view language) {
  Ids groups = {catalogue.everyone_group()};
  for (const auto& name : stated) {
    const v1::TargetGroup* const group = catalogue.target_group(LastSegment(name));
    if (group != nullptr) groups.insert(group->id());
  }
  const auto& of_age = catalogue.GroupsOfAge(age_band);
  groups.insert(of_age.begin(), of_age.end());
  if (IsUncommon(catalogue, language)) {
    const auto& of_language = catalogue.OtherLanguageGroups();
    groups.insert(of_language.begin(), of_language.end());
  }
  return groups;
}

bool NeedsProfessionals(v1::AgeBand age_band, v1::Urgency urgency) {
  return age_band == v1::AGE_BAND_UNDER_18 || urgency == v1::URGENCY_ACUTE;
}

std::vector<const v1::Offer*> CandidatesFor(const Catalogue& catalogue, const MatchQuery& query) {
  return CandidatesOf(catalogue, WithEveryone(catalogue, query));
}

MatchResult MatchCandidates(const Catalogue& catalogue, const MatchQuery& query,
                            const LoadOf& load_of) {
  return Match(catalogue, query, CandidatesFor(catalogue, query), load_of);
}

MatchResult MatchAll(const Catalogue& catalogue, const MatchQuery& query, const LoadOf& load_of) {
  Offers offers;
  offers.reserve(catalogue.offer_count());
  for (const uint32_t position : catalogue.offers_by_id()) {
    offers.push_back(&catalogue.offer_at(position).offer);
  }
  return Match(catalogue, query, offers, load_of);
}

// What fits is among the candidates; all others follow by id.
MatchPage MatchSome(const Catalogue& catalogue, const MatchQuery& asked, const LoadOf& load_of,
                    size_t from, size_t at_most) {
  const MatchQuery query = WithEveryone(catalogue, asked);
  const Ranking ranking = Rank(catalogue, query, CandidatesOf(catalogue, query), load_of);
  std::set<std::string_view> fitting;
  for (const Evaluation* evaluation : ranking.fitting) fitting.insert(evaluation->facts.offer.id());

  MatchPage page;
  page.total = catalogue.offer_count();
  page.degree = ranking.degree;
  const size_t end = from + std::min(at_most, page.total - std::min(from, page.total));
  for (size_t i = from; i < std::min(end, fitting.size()); ++i) {
    page.matches.push_back(MatchOf(*ranking.fitting[i]));
    page.matches.back().set_rank(static_cast<uint32_t>(i + 1));
  }
  // How many offers, by id, go before the first of the others that is due.
  const auto& by_id = catalogue.offers_by_id();
  const auto id_at = [&](size_t nth) -> std::string_view {
    return catalogue.offer_at(by_id[nth]).offer.id();
  };
  size_t nth = from < fitting.size() ? 0 : from - fitting.size();
  for (const std::string_view id : fitting) {
    if (nth < by_id.size() && id <= id_at(nth)) ++nth;
  }
  for (; nth < by_id.size() && from + page.matches.size() < end; ++nth) {
    if (fitting.contains(id_at(nth))) continue;
    const v1::Offer& offer = catalogue.offer_at(by_id[nth]).offer;
    page.matches.push_back(MatchOf(Evaluate(catalogue, query, offer, load_of)));
  }
  return page;
}

v1::OfferMatch MatchOne(const Catalogue& catalogue, const MatchQuery& query, const v1::Offer& offer,
                        const LoadOf& load_of) {
  return MatchOf(Evaluate(catalogue, query, offer, load_of));
}

Proposed Propose(const Catalogue& catalogue, MatchQuery asked, const LoadOf& load_of) {
  const MatchQuery query = WithEveryone(catalogue, std::move(asked));
  const Ranking ranking = Rank(catalogue, query, CandidatesOf(catalogue, query), load_of);
  const bool provisional = !NeedIsKnown(query.need);
  const size_t most = provisional ? kMaxProvisionalProposals : kMaxProposals;
  Proposed proposed;
  proposed.degree = ranking.degree;
  for (const Evaluation& evaluation : ranking.evaluations) {
    if (evaluation.refusals != Bit(v1::REFUSAL_NO_CAPACITY) || !evaluation.counts()) continue;
    proposed.full_offers.push_back(evaluation.facts.offer.id());
  }
  for (const Evaluation* evaluation : ranking.fitting) {
    if (proposed.proposals.size() == most) break;
    const v1::ReferralMode mode = evaluation->facts.offer.mode();
    if (mode != v1::REFERRAL_MODE_DIRECT && mode != v1::REFERRAL_MODE_ASK_FIRST) continue;
    v1::OfferMatch match = MatchOf(*evaluation);
    v1::Proposal& proposal = proposed.proposals.emplace_back();
    proposal.set_allocated_reason(match.release_reason());
    proposal.set_offer(std::move(*match.mutable_offer()));
    proposal.set_organisation(std::move(*match.mutable_organisation()));
    proposal.set_offer_display_name(std::move(*match.mutable_offer_display_name()));
    proposal.set_organisation_display_name(std::move(*match.mutable_organisation_display_name()));
    proposal.set_rank(static_cast<uint32_t>(proposed.proposals.size()));
    proposal.set_provisional(provisional);
  }
  return proposed;
}

}  // namespace omzien::domain
