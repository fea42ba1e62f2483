#include "server/domain/matching_rules.h"

#include <optional>
#include <set>

#include "server/domain/days.h"
#include "server/domain/names.h"

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

// --- place ---

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

// --- what is known of the person ---

// As old as anyone gets: where a band, or an offer's ages, have no end.
constexpr uint32_t kOldestYears = 150;

struct Ages {
  uint32_t from, to;  // whole years, both included
};

std::optional<Ages> AgesOf(v1::AgeBand band) {
  switch (band) {
    case v1::AGE_BAND_UNDER_18:
      return Ages{0, 17};
    case v1::AGE_BAND_18_TO_26:
      return Ages{18, 26};
    case v1::AGE_BAND_27_TO_64:
      return Ages{27, 64};
    case v1::AGE_BAND_65_PLUS:
      return Ages{65, kOldestYears};
    default:
      return std::nullopt;
  }
}

template <typename Values, typename Value>
bool Holds(const Values& values, const Value& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

// --- room ---

uint32_t LiveOf(const OfferLoad& load, std::string_view group) {
  for (const storage::v1::GroupLoad& one : load.groups()) {
    if (one.target_group() == group) return one.live_referrals();
  }
  return 0;
}

// --- the rules ---

bool IsNotActive(const Facts& facts) {
  const auto from = DayOfDate(facts.offer.active_from());
  return IsOver(facts) || (from.has_value() && facts.query.day < *from);
}

bool HasLapsed(const Facts& facts) { return facts.freshness == Freshness::kStopped; }

bool IsAway(const Facts& facts) { return facts.back_on.has_value(); }

bool HasNoOccurrence(const Facts& facts) {
  if (facts.offer.schedule().empty() || HasEnded(facts)) return false;
  const v1::Municipality& municipality = facts.catalogue.municipality();
  return !facts.next_day.has_value() ||
         facts.query.day + LookAheadDays(municipality) < *facts.next_day;
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
         !IncludesLanguage(facts.offer.languages(), facts.query.language);
}

bool IsExcluded(const Facts& facts) {
  return facts.offer.has_exclusions() &&
         ExclusionsThatHold(facts.query, facts.offer).ByteSizeLong() > 0;
}

bool IsForOtherAges(const Facts& facts) {
  return IsOfAge(facts.query.age_band, facts.offer) == Known::kNo;
}

// By one of the ways that are stated; when none is, that is asked.
bool CantGetThere(const Facts& facts) {
  const v1::Mobility mobility = facts.query.circumstances.mobility();
  if (mobility != v1::MOBILITY_NEEDS_TRANSPORT && mobility != v1::MOBILITY_HOUSEBOUND) return false;
  const auto& ways = facts.offer.access();
  return !ways.empty() && std::none_of(ways.begin(), ways.end(), [&](int way) {
    return way == v1::ACCESS_AT_HOME || way == v1::ACCESS_REMOTE ||
           (way == v1::ACCESS_WITH_TRANSPORT && mobility == v1::MOBILITY_NEEDS_TRANSPORT);
  });
}

bool IsTooDigital(const Facts& facts) {
  const v1::DigitalSkill skill = facts.query.circumstances.digital_skill();
  return skill != v1::DIGITAL_SKILL_UNSPECIFIED && skill < facts.offer.digital_skill_needed();
}

bool CostsTooMuch(const Facts& facts) {
  const v1::Cost cost = facts.offer.cost();
  return facts.query.circumstances.budget() == v1::BUDGET_ONLY_FREE_OR_FUNDED &&
         (cost == v1::COST_OWN_CONTRIBUTION || cost == v1::COST_PAID) &&
         FundingFor(facts.query, facts.offer).empty();
}

bool IsFull(const Facts& facts) { return RoomFor(facts).kind == Room::kFull; }

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

bool IsNotKnownToBeProfessional(const Facts& facts) {
  return facts.query.professionals_only && facts.offer.track() != v1::TRACK_ORGANISATIONS;
}

// The first that refuses is the one reported.
constexpr struct {
  v1::Refusal refusal;
  bool (*refuses)(const Facts&);
} kRules[] = {
    {v1::REFUSAL_ENDED, HasEnded},
    {v1::REFUSAL_NOT_ACTIVE_THAT_DAY, IsNotActive},
    {v1::REFUSAL_STALE, HasLapsed},
    {v1::REFUSAL_AWAY, IsAway},
    {v1::REFUSAL_NO_OCCURRENCE, HasNoOccurrence},
    {v1::REFUSAL_OUTSIDE_DISTRICT, IsOutside},
    {v1::REFUSAL_OTHER_TARGET_GROUP, IsForOtherGroups},
    {v1::REFUSAL_EXCLUDED, IsExcluded},
    {v1::REFUSAL_OTHER_AGE, IsForOtherAges},
    {v1::REFUSAL_OTHER_NEED, AnswersOtherNeeds},
    {v1::REFUSAL_OTHER_LANGUAGE, IsInOtherLanguages},
    {v1::REFUSAL_CANT_GET_THERE, CantGetThere},
    {v1::REFUSAL_TOO_DIGITAL, IsTooDigital},
    {v1::REFUSAL_COSTS_MONEY, CostsTooMuch},
    {v1::REFUSAL_NO_CAPACITY, IsFull},
    {v1::REFUSAL_TRIED_BEFORE, WasTried},
    {v1::REFUSAL_NOT_FOR_MINORS, IsNotForMinors},
    {v1::REFUSAL_PROFESSIONALS_ONLY, IsNotKnownToBeProfessional},
};

// --- one offer ---

template <typename Entries>
bool SharesAny(const Entries& entries, const Ids& ids, std::string_view except) {
  return std::any_of(entries.begin(), entries.end(),
                     [&](const std::string& id) { return id != except && ids.count(id) > 0; });
}

}  // namespace

bool IsSameLanguage(std::string_view a, std::string_view b) {
  return IsWithin(a, b) || IsWithin(b, a);
}

bool IsUncommon(const Catalogue& catalogue, std::string_view language) {
  return !language.empty() &&
         !IncludesLanguage(catalogue.municipality().common_languages(), language);
}

Known IsOfAge(v1::AgeBand age_band, const v1::Offer& offer) {
  const uint32_t from = offer.age_years_min();
  const uint32_t to = offer.age_years_max() == 0 ? kOldestYears : offer.age_years_max();
  if (from == 0 && to == kOldestYears) return Known::kYes;
  const std::optional<Ages> ages = AgesOf(age_band);
  if (!ages.has_value()) return Known::kNotSure;
  if (ages->to < from || to < ages->from) return Known::kNo;
  return from <= ages->from && ages->to <= to ? Known::kYes : Known::kNotSure;
}

std::vector<std::string_view> FundingFor(const MatchQuery& query, const v1::Offer& offer) {
  std::vector<std::string_view> funding;
  for (const std::string& id : offer.funding()) {
    if (Holds(query.circumstances.funding(), id)) funding.push_back(id);
  }
  return funding;
}

v1::Exclusions ExclusionsThatHold(const MatchQuery& query, const v1::Offer& offer) {
  const v1::Exclusions& stated = offer.exclusions();
  v1::Exclusions hold;
  for (const std::string& group : stated.target_groups()) {
    if (query.groups.contains(group)) hold.add_target_groups(group);
  }
  for (const std::string& event : stated.life_events()) {
    if (query.life_events.contains(event)) hold.add_life_events(event);
  }
  if (Holds(stated.age_bands(), query.age_band)) hold.add_age_bands(query.age_band);
  const v1::Mobility mobility = query.circumstances.mobility();
  if (Holds(stated.mobility(), mobility)) hold.add_mobility(mobility);
  if (Holds(stated.households(), query.household)) hold.add_households(query.household);
  return hold;
}

bool HasEnded(const Facts& facts) { return facts.offer.status() == v1::OFFER_STATUS_ENDED; }

bool IsOver(const Facts& facts) {
  const auto until = DayOfDate(facts.offer.active_until());
  return until.has_value() && *until < facts.query.day;
}

bool HasNoDaysLeft(const Facts& facts) {
  return !facts.offer.schedule().empty() && !facts.next_day.has_value();
}

Room RoomFor(const Facts& facts) {
  const v1::Offer& offer = facts.offer;
  const uint32_t all = facts.load.live_referrals();
  if (offer.capacity() > 0 && all >= offer.capacity()) return {Room::kFull, nullptr, all};
  Room room{offer.capacity() > 0 ? Room::kSome : Room::kUnknown};
  bool first = true;
  for (const v1::GroupCapacity& own : offer.group_capacities()) {
    if (!facts.query.groups.contains(own.target_group())) continue;
    const uint32_t taken = LiveOf(facts.load, own.target_group());
    Room::Kind kind = taken < own.capacity() ? Room::kSome : Room::kFull;
    if (!IsAssured(facts.catalogue.municipality(), own, facts.query.day)) kind = Room::kUnknown;
    // Any one with room will do, else one that may have some.
    if (first || kind < room.kind) room = {kind, &own, taken};
    first = false;
  }
  return room;
}

Evaluation Evaluate(const Catalogue& catalogue, const MatchQuery& query, const v1::Offer& offer,
                    const LoadOf& load_of) {
  Evaluation evaluation{Facts{catalogue, query, offer, OfferLoad(),
                              FitOfPlace(catalogue, query, offer),
                              FreshnessOf(catalogue.municipality(), offer, query.day)}};
  Facts& facts = evaluation.facts;
  facts.back_on = BackOn(offer, query.day);
  if (!offer.schedule().empty() && !HasEnded(facts)) {
    facts.next_day = catalogue.NextDayOf(offer, query.day);
  }
  const bool may_be_full = offer.capacity() > 0 || !offer.group_capacities().empty();
  if (may_be_full) facts.load = load_of(offer.id());
  for (const auto& rule : kRules) {
    if (!rule.refuses(evaluation.facts)) continue;
    if (evaluation.fits()) evaluation.first_refusal = rule.refusal;
    evaluation.refusals |= Bit(rule.refusal);
  }
  if (!evaluation.fits()) return evaluation;
  if (!may_be_full) facts.load = load_of(offer.id());
  evaluation.for_own_group =
      SharesAny(offer.target_groups(), query.groups, catalogue.everyone_group());
  evaluation.for_life_event = SharesAny(offer.life_events(), query.life_events, "");
  evaluation.villages_own = IsVillagesOwn(catalogue, query, offer);
  return evaluation;
}

}  // namespace omzien::domain
