#include "server/domain/matching.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>

#include "server/domain/days.h"
#include "server/domain/names.h"
#include "server/domain/sentences.h"

namespace omzien::domain {

namespace {

using storage::v1::OfferLoad;

// --- language ---

bool IsWithin(std::string_view narrow, std::string_view broad) {
  const auto is_same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
  return narrow.size() >= broad.size() &&
         std::equal(broad.begin(), broad.end(), narrow.begin(), is_same) &&
         (narrow.size() == broad.size() || narrow[broad.size()] == '-');
}

// "nl" and "nl-BE" are one language, "zh-Hans" and "zh-Hant" are not.
template <typename Languages>
bool Includes(const Languages& languages, std::string_view language) {
  return std::any_of(languages.begin(), languages.end(), [language](const std::string& other) {
    return IsWithin(language, other) || IsWithin(other, language);
  });
}

// Known, and not one in which every offer can be assumed to work.
bool IsUncommon(const Catalogue& catalogue, std::string_view language) {
  return !language.empty() && !Includes(catalogue.municipality().common_languages(), language);
}

// --- place ---

struct PlaceFit {
  bool serves = false;
  v1::Certainty certainty = v1::CERTAINTY_POSSIBLE;  // STATED also when it serves all districts
  std::string_view district;                         // the name of the stated one
  std::vector<std::string_view> only_if_in;          // names, when none is stated
};

void AddServed(v1::Certainty certainty, std::string_view name, PlaceFit& fit) {
  fit.serves = true;
  fit.certainty = std::min(fit.certainty, certainty);
  if (certainty == v1::CERTAINTY_STATED) {
    fit.district = name;
  } else {
    fit.only_if_in.push_back(name);
  }
}

PlaceFit FitOfPlace(const Catalogue& catalogue, const MatchQuery& query, const v1::Offer& offer) {
  PlaceFit fit;
  if (offer.all_districts()) {
    fit.serves = true;
    fit.certainty = v1::CERTAINTY_STATED;
    return fit;
  }
  for (const auto& place : query.places) {
    const std::string_view code = LastSegment(place.district());
    const std::string_view wijk = catalogue.WijkOf(code);
    const bool serves_whole =
        std::any_of(offer.districts().begin(), offer.districts().end(),
                    [&](const std::string& served) { return served == code || served == wijk; });
    if (serves_whole) {
      AddServed(place.certainty(), place.display_name(), fit);
      continue;
    }
    if (code != wijk) continue;
    // Buurten of the wijk: whether the person lives in that part nobody said.
    std::set<std::string_view> parts;
    for (const auto& served : offer.districts()) {
      if (catalogue.WijkOf(served) == wijk) parts.insert(served);
    }
    for (const std::string_view part : parts) {
      AddServed(v1::CERTAINTY_POSSIBLE, catalogue.district(part)->display_name(), fit);
    }
  }
  if (!fit.district.empty()) fit.only_if_in.clear();
  return fit;
}

bool IsVillagesOwn(const Catalogue& catalogue, const MatchQuery& query, const v1::Offer& offer) {
  if (catalogue.VillageOf(query.certain_wijk).empty() || offer.districts().empty()) return false;
  return std::all_of(
      offer.districts().begin(), offer.districts().end(),
      [&](const std::string& code) { return catalogue.WijkOf(code) == query.certain_wijk; });
}

// --- the rules ---

// What the rules look at.
struct Facts {
  const Catalogue& catalogue;
  const MatchQuery& query;
  const v1::Offer& offer;
  OfferLoad load;
  PlaceFit place;
};

bool NeedIsKnown(v1::Need need) { return need != v1::NEED_UNSPECIFIED && need != v1::NEED_UNKNOWN; }

bool HasEnded(const Facts& facts) { return facts.offer.status() == v1::OFFER_STATUS_ENDED; }

bool IsOver(const Facts& facts) {
  const auto until = DayOfDate(facts.offer.active_until());
  return until.has_value() && *until < facts.query.day;
}

bool IsNotActive(const Facts& facts) {
  const auto from = DayOfDate(facts.offer.active_from());
  return IsOver(facts) || (from.has_value() && facts.query.day < *from);
}

bool IsOutside(const Facts& facts) { return !facts.place.serves; }

bool IsForOtherGroups(const Facts& facts) {
  const auto& groups = facts.offer.target_groups();
  return std::none_of(groups.begin(), groups.end(), [&](const std::string& group) {
    return group == facts.catalogue.everyone_group() || facts.query.groups.contains(group);
  });
}

bool AnswersOtherNeeds(const Facts& facts) {
  const auto& needs = facts.offer.needs();
  return NeedIsKnown(facts.query.need) &&
         std::find(needs.begin(), needs.end(), facts.query.need) == needs.end();
}

bool IsInOtherLanguages(const Facts& facts) {
  return !facts.query.language.empty() && !facts.offer.languages().empty() &&
         !Includes(facts.offer.languages(), facts.query.language);
}

bool IsFull(const Facts& facts) {
  return facts.offer.capacity() > 0 && facts.load.live_referrals() >= facts.offer.capacity();
}

bool WasTried(const Facts& facts) {
  return facts.query.excluded_offers.count(facts.offer.id()) > 0;
}

bool IsNotForMinors(const Facts& facts) {
  if (facts.query.age_band != v1::AGE_BAND_UNDER_18) return false;
  const auto& groups = facts.offer.target_groups();
  return std::none_of(groups.begin(), groups.end(), [&](const std::string& id) {
    const v1::TargetGroup* const group = facts.catalogue.target_group(id);
    return group != nullptr && !group->everyone() &&
           std::find(group->age_bands().begin(), group->age_bands().end(), v1::AGE_BAND_UNDER_18) !=
               group->age_bands().end();
  });
}

// The first that refuses is the one reported.
constexpr struct {
  v1::Refusal refusal;
  bool (*refuses)(const Facts&);
} kRules[] = {
    {v1::REFUSAL_ENDED, HasEnded},
    {v1::REFUSAL_NOT_ACTIVE_THAT_DAY, IsNotActive},
    {v1::REFUSAL_OUTSIDE_DISTRICT, IsOutside},
    {v1::REFUSAL_OTHER_TARGET_GROUP, IsForOtherGroups},
    {v1::REFUSAL_OTHER_NEED, AnswersOtherNeeds},
    {v1::REFUSAL_OTHER_LANGUAGE, IsInOtherLanguages},
    {v1::REFUSAL_NO_CAPACITY, IsFull},
    {v1::REFUSAL_TRIED_BEFORE, WasTried},
    {v1::REFUSAL_NOT_FOR_MINORS, IsNotForMinors},
};

using Refusals = uint32_t;  // one bit a rule

constexpr Refusals Bit(v1::Refusal refusal) { return Refusals{1} << refusal; }

// --- one offer ---

struct Evaluation {
  Facts facts;
  Refusals refusals = 0;
  v1::Refusal first_refusal = v1::REFUSAL_NONE;
  // Of what fits:
  bool for_own_group = false;
  bool for_life_event = false;
  bool villages_own = false;

  bool fits() const { return refusals == 0; }
  // Information meets no demand.
  bool counts() const { return facts.offer.mode() != v1::REFERRAL_MODE_INFORMATION; }
};

template <typename Entries>
bool SharesAny(const Entries& entries, const Ids& ids, std::string_view except) {
  return std::any_of(entries.begin(), entries.end(),
                     [&](const std::string& id) { return id != except && ids.count(id) > 0; });
}

// The load is asked only where it counts: of an offer that may be full, and of one that fits.
Evaluation Evaluate(const Catalogue& catalogue, const MatchQuery& query, const v1::Offer& offer,
                    const LoadOf& load_of) {
  Evaluation evaluation{
      Facts{catalogue, query, offer, OfferLoad(), FitOfPlace(catalogue, query, offer)}};
  if (offer.capacity() > 0) evaluation.facts.load = load_of(offer.id());
  for (const auto& rule : kRules) {
    if (!rule.refuses(evaluation.facts)) continue;
    if (evaluation.fits()) evaluation.first_refusal = rule.refusal;
    evaluation.refusals |= Bit(rule.refusal);
  }
  if (!evaluation.fits()) return evaluation;
  if (offer.capacity() == 0) evaluation.facts.load = load_of(offer.id());
  evaluation.for_own_group =
      SharesAny(offer.target_groups(), query.groups, catalogue.everyone_group());
  evaluation.for_life_event = SharesAny(offer.life_events(), query.life_events, "");
  evaluation.villages_own = IsVillagesOwn(catalogue, query, offer);
  return evaluation;
}

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
                    facts.offer.status() != v1::OFFER_STATUS_CONFIRMED, facts.offer.capacity() == 0,
                    facts.load.live_referrals(), last.seconds(), last.nanos(),
                    std::string_view(facts.offer.id()));
}

// --- the answer ---

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
  fit.room_unknown = facts.offer.capacity() == 0;
  fit.language_unknown =
      IsUncommon(catalogue, facts.query.language) && facts.offer.languages().empty();
  return fit;
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
        WhyRefused(facts.catalogue, facts.offer, evaluation.first_refusal,
                   {!facts.query.places.empty(), facts.load.live_referrals()});
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
  constexpr Refusals kOver = Bit(v1::REFUSAL_ENDED) | Bit(v1::REFUSAL_NOT_ACTIVE_THAT_DAY);
  bool full = false;
  bool over = false;
  for (const Evaluation& evaluation : evaluations) {
    if (!evaluation.counts()) continue;
    full |= evaluation.refusals == Bit(v1::REFUSAL_NO_CAPACITY);
    over |= (evaluation.refusals & ~kOver) == 0 &&
            (HasEnded(evaluation.facts) || IsOver(evaluation.facts));
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
    states_language |= Includes(evaluation.facts.offer.languages(), query.language);
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
