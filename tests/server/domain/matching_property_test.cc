// What holds of matching for every catalogue and every person.

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "rapidcheck.h"
#include "server/domain/matching.h"
#include "server/domain/names.h"
#include "server/domain/place.h"
#include "server/domain/text.h"
#include "tests/server/domain/property_cases.h"
#include "tests/server/domain/test_catalogue.h"

namespace omzien::domain {
namespace {

using testing::UpTo;

const std::vector<std::string> kGroups = {"iedereen", "ouderen", "studenten", "jeugd",
                                          "nieuwkomers"};
const std::vector<std::string> kSomeDistricts = {
    "WK990101", "WK990102", "WK990103", "BU99010101", "BU99010102", "BU99010201", "BU99010202"};
const std::vector<std::string> kLanguages = {"nl", "ti", "ar"};
constexpr absl::CivilDay kAnyDay(2026, 11, 22);

Ids SomeOf(const std::vector<std::string>& values) {
  Ids some;
  for (const auto& value : values) {
    if (UpTo(2) == 0) some.insert(value);
  }
  return some;
}

template <typename Enum>
Enum AnyOf(int most) {
  return static_cast<Enum>(UpTo(most));
}

void AddAnyExclusions(v1::Exclusions* exclusions, const v1::Offer& offer) {
  for (const auto& group : SomeOf(kGroups)) {
    const auto& own = offer.target_groups();
    if (group == "iedereen" || std::find(own.begin(), own.end(), group) != own.end()) continue;
    exclusions->add_target_groups(group);
  }
  if (UpTo(3) == 0) exclusions->add_life_events("verlies");
  if (UpTo(3) == 0) exclusions->add_age_bands(static_cast<v1::AgeBand>(1 + UpTo(3)));
  if (UpTo(3) == 0) exclusions->add_mobility(static_cast<v1::Mobility>(1 + UpTo(2)));
  if (UpTo(3) == 0) exclusions->add_households(static_cast<v1::Household>(1 + UpTo(4)));
}

// Whom it is for: each half of the time not stated, so that something fits.
void AddAnyDemands(v1::Offer* offer) {
  if (UpTo(3) == 0) offer->set_age_years_min(static_cast<uint32_t>(UpTo(80)));
  if (UpTo(3) == 0) {
    offer->set_age_years_max(offer->age_years_min() + static_cast<uint32_t>(1 + UpTo(60)));
  }
  for (int way = v1::ACCESS_AT_HOME; way <= v1::ACCESS_REMOTE; ++way) {
    if (UpTo(3) == 0) offer->add_access(static_cast<v1::Access>(way));
  }
  if (UpTo(1) == 0) offer->set_digital_skill_needed(AnyOf<v1::DigitalSkill>(3));
  if (UpTo(1) == 0) offer->set_cost(AnyOf<v1::Cost>(3));
  if (offer->cost() != v1::COST_FREE && UpTo(1) == 0) offer->add_funding("regeling");
  if (UpTo(2) == 0) AddAnyExclusions(offer->mutable_exclusions(), *offer);
  offer->set_track(AnyOf<v1::Track>(2));
}

// When it is, how many it takes, and how fresh that is.
void AddAnyDays(v1::Offer* offer) {
  // OccursWithin() knows these.
  const char* const rules[] = {"", "FREQ=WEEKLY", "FREQ=MONTHLY;COUNT=3",
                               "FREQ=DAILY;INTERVAL=5;UNTIL=20261124"};
  if (UpTo(3) == 0) {
    v1::Recurrence* const recurrence = offer->add_schedule();
    *recurrence->mutable_first_day() = DateOfDay(kAnyDay + UpTo(80) - 40);
    // Whatever the first day is: UNTIL isn't before it.
    const int rule = UpTo(*DayOfDate(recurrence->first_day()) > kAnyDay ? 2 : 3);
    recurrence->set_rule(rules[rule]);
    if (UpTo(3) == 0) *recurrence->add_except() = DateOfDay(kAnyDay + UpTo(3));
  }
  if (UpTo(5) == 0) {
    const int from = UpTo(10) - 5;
    *offer->add_absences()->mutable_from() = DateOfDay(kAnyDay + from);
    *offer->mutable_absences(0)->mutable_until() = DateOfDay(kAnyDay + from + UpTo(5));
  }
  if (UpTo(2) != 0) *offer->mutable_reviewed_on() = DateOfDay(kAnyDay - UpTo(60));
  for (const auto& group : offer->target_groups()) {
    if (group == "iedereen" || UpTo(2) != 0) continue;
    v1::GroupCapacity* const own = offer->add_group_capacities();
    own->set_target_group(group);
    own->set_capacity(static_cast<uint32_t>(1 + UpTo(1)));
    if (UpTo(2) != 0) *own->mutable_assured_on() = DateOfDay(kAnyDay - UpTo(60));
  }
}

void AddAnyOffer(v1::Catalog& catalog, const std::string& id) {
  Ids groups = SomeOf(kGroups);
  if (groups.empty()) groups.insert("iedereen");
  Ids districts;
  if (UpTo(1) == 0) districts = SomeOf(kSomeDistricts);
  v1::Offer* const offer = testing::AddOffer(catalog, id, {groups.begin(), groups.end()},
                                             {districts.begin(), districts.end()});
  offer->set_status(static_cast<v1::OfferStatus>(1 + UpTo(2)));
  offer->set_mode(static_cast<v1::ReferralMode>(1 + UpTo(3)));
  offer->set_needs(0, UpTo(1) == 0 ? v1::NEED_VISIT : v1::NEED_ACTIVITY);
  for (const auto& language : SomeOf(kLanguages)) offer->add_languages(language);
  if (UpTo(3) == 0) offer->add_life_events("verlies");
  offer->set_capacity(UpTo(2));
  if (UpTo(3) == 0) *offer->mutable_active_from() = DateOfDay(kAnyDay + UpTo(2) - 1);
  if (UpTo(3) == 0 && !offer->has_active_from()) {
    *offer->mutable_active_until() = DateOfDay(kAnyDay + UpTo(2) - 1);
  }
  if (UpTo(1) == 0) AddAnyDemands(offer);
  if (UpTo(1) == 0) AddAnyDays(offer);
}

v1::Catalog AnyCatalog() {
  v1::Catalog catalog = testing::TestCatalog();
  v1::Municipality* const municipality = catalog.mutable_municipality();
  if (UpTo(1) == 0) municipality->set_stale_after_days(20);
  if (municipality->stale_after_days() > 0 && UpTo(1) == 0) {
    municipality->set_stop_matching_after_days(40);
  }
  municipality->set_look_ahead_days(static_cast<uint32_t>(UpTo(2) * 7));
  const int offers = UpTo(12);
  for (int i = 0; i < offers; ++i) AddAnyOffer(catalog, Concat("o", i));
  return catalog;
}

MatchQuery Anyone(const Catalogue& catalogue, bool may_state_district = true) {
  v1::Place place;
  if (may_state_district && UpTo(1) == 0) {
    place.set_district("municipalities/GM9901/districts/" + *rc::gen::elementOf(kSomeDistricts));
  } else {
    place.set_postcode(*rc::gen::element<std::string>("1000", "1001", "1002", "1003"));
  }
  const auto resolved = ResolvePlace(catalogue, place);
  RC_ASSERT(resolved.ok());
  MatchQuery query;
  query.places = resolved->candidates;
  query.certain_wijk = resolved->certain_wijk;
  query.need = *rc::gen::element(v1::NEED_UNKNOWN, v1::NEED_VISIT, v1::NEED_ACTIVITY);
  query.groups = SomeOf(kGroups);
  if (UpTo(1) == 0) query.life_events.insert("verlies");
  query.language = *rc::gen::element<std::string>("", "nl", "ti", "zh");
  query.age_band = static_cast<v1::AgeBand>(UpTo(4));
  query.household = AnyOf<v1::Household>(5);
  query.circumstances.set_mobility(AnyOf<v1::Mobility>(3));
  query.circumstances.set_digital_skill(AnyOf<v1::DigitalSkill>(3));
  query.circumstances.set_budget(AnyOf<v1::Budget>(2));
  if (UpTo(1) == 0) query.circumstances.add_funding("regeling");
  query.professionals_only = UpTo(4) == 0;
  query.day = kAnyDay;
  query.excluded_offers = SomeOf({"o1", "o2"});
  return query;
}

// Differs from offer to offer, and is the same whenever it is asked.
storage::v1::OfferLoad LoadOfId(std::string_view id) {
  storage::v1::OfferLoad load;
  load.set_live_referrals(static_cast<uint32_t>(id.back() % 3));
  load.mutable_last_assign_time()->set_seconds(id.back() % 2);
  for (const auto& group : kGroups) {
    storage::v1::GroupLoad* const of_group = load.add_groups();
    of_group->set_target_group(group);
    of_group->set_live_referrals(static_cast<uint32_t>((id.back() + group.size()) % 3));
  }
  return load;
}

bool Same(const std::vector<v1::OfferMatch>& a, const std::vector<v1::OfferMatch>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return google::protobuf::util::MessageDifferencer::Equals(x, y);
  });
}

std::vector<v1::OfferMatch> FittingMatches(const MatchResult& result) {
  std::vector<v1::OfferMatch> fitting;
  for (const auto& match : result.matches) {
    if (match.fits()) fitting.push_back(match);
  }
  return fitting;
}

template <typename Values, typename Value>
bool Has(const Values& values, const Value& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

// The rules about whom an offer is for, a second time: nothing that is known of the person may
// speak against it.
void CheckDemands(const v1::Offer& offer, const MatchQuery& query) {
  const std::pair<uint32_t, uint32_t> kYears[] = {{0, 150}, {0, 17}, {18, 26}, {27, 64}, {65, 150}};
  const auto [youngest, oldest] = kYears[query.age_band];
  RC_ASSERT(offer.age_years_min() <= oldest);
  RC_ASSERT(offer.age_years_max() == 0 || youngest <= offer.age_years_max());
  const v1::Circumstances& person = query.circumstances;
  const auto& ways = offer.access();
  const bool comes_to_them =
      ways.empty() || Has(ways, v1::ACCESS_AT_HOME) || Has(ways, v1::ACCESS_REMOTE);
  RC_ASSERT(person.mobility() != v1::MOBILITY_HOUSEBOUND || comes_to_them);
  RC_ASSERT(person.mobility() != v1::MOBILITY_NEEDS_TRANSPORT || comes_to_them ||
            Has(ways, v1::ACCESS_WITH_TRANSPORT));
  RC_ASSERT(person.digital_skill() == v1::DIGITAL_SKILL_UNSPECIFIED ||
            person.digital_skill() >= offer.digital_skill_needed());
  RC_ASSERT(person.budget() != v1::BUDGET_ONLY_FREE_OR_FUNDED || offer.cost() < 2 ||
            (!offer.funding().empty() && !person.funding().empty()));
  const v1::Exclusions& not_for = offer.exclusions();
  for (const auto& group : not_for.target_groups()) RC_ASSERT(!query.groups.contains(group));
  for (const auto& event : not_for.life_events()) RC_ASSERT(!query.life_events.contains(event));
  RC_ASSERT(!Has(not_for.age_bands(), query.age_band));
  RC_ASSERT(!Has(not_for.mobility(), person.mobility()));
  RC_ASSERT(!Has(not_for.households(), query.household));
  RC_ASSERT(!query.professionals_only || offer.track() == v1::TRACK_ORGANISATIONS);
}

// That it is there, and has room, a second time.
void CheckDays(const v1::Municipality& municipality, const v1::Offer& offer,
               const MatchQuery& query) {
  const auto is_older = [](const google::type::Date& date, uint32_t days) {
    const auto day = DayOfDate(date);
    return day.has_value() && kAnyDay - *day > static_cast<int>(days);
  };
  RC_ASSERT(municipality.stop_matching_after_days() == 0 || !offer.has_reviewed_on() ||
            !is_older(offer.reviewed_on(), municipality.stop_matching_after_days()));
  for (const v1::Absence& absence : offer.absences()) {
    RC_ASSERT(kAnyDay < *DayOfDate(absence.from()) || *DayOfDate(absence.until()) < kAnyDay);
  }
  bool has_own = false;
  bool may_have_room = false;
  for (const v1::GroupCapacity& own : offer.group_capacities()) {
    if (!query.groups.contains(own.target_group())) continue;
    has_own = true;
    const bool assured =
        municipality.stale_after_days() == 0 ||
        (own.has_assured_on() && !is_older(own.assured_on(), municipality.stale_after_days()));
    uint32_t taken = 0;
    const storage::v1::OfferLoad load = LoadOfId(offer.id());
    for (const auto& group : load.groups()) {
      if (group.target_group() == own.target_group()) taken = group.live_referrals();
    }
    may_have_room |= !assured || taken < own.capacity();
  }
  RC_ASSERT(!has_own || may_have_room);
}

// Whether one of the rules above has a day from kAnyDay to so many days after it.
bool OccursWithin(const v1::Recurrence& recurrence, int days) {
  const absl::CivilDay first = *DayOfDate(recurrence.first_day());
  const auto is_left_out = [&](absl::CivilDay day) {
    return std::any_of(recurrence.except().begin(), recurrence.except().end(),
                       [&](const auto& date) { return *DayOfDate(date) == day; });
  };
  const std::string& rule = recurrence.rule();
  for (absl::CivilDay day = kAnyDay; day <= kAnyDay + days; ++day) {
    const auto since = day - first;
    if (since < 0 || is_left_out(day)) continue;
    int occurrence = 0;  // of the monthly: months without such a day don't count
    for (absl::CivilMonth month(first); month <= absl::CivilMonth(day); ++month) {
      occurrence +=
          absl::CivilDay(month.year(), month.month(), first.day()).month() == month.month();
    }
    const bool occurs = rule.empty()            ? since == 0
                        : rule == "FREQ=WEEKLY" ? since % 7 == 0
                        : rule.starts_with("FREQ=DAILY")
                            ? since % 5 == 0 && day <= absl::CivilDay(2026, 11, 24)
                            : day.day() == first.day() && occurrence <= 3;
    if (occurs) return true;
  }
  return false;
}

// That it is for this person, where the person may live, and soon enough, a second time.
void CheckServes(const v1::Municipality& municipality, const v1::Offer& offer,
                 const MatchQuery& query) {
  const auto serves = [&](const v1::DistrictCandidate& place) {
    const std::string code(LastSegment(place.district()));
    return std::any_of(offer.districts().begin(), offer.districts().end(),
                       [&](const std::string& served) {
                         // WK990101 holds BU99010102; of who may live anywhere in a wijk a part
                         // counts.
                         const bool same_wijk = served.substr(2, 6) == code.substr(2, 6);
                         return served == code || (same_wijk && served.size() != code.size());
                       });
  };
  RC_ASSERT(offer.all_districts() || std::any_of(query.places.begin(), query.places.end(), serves));
  const auto& groups = offer.target_groups();
  RC_ASSERT(Has(groups, "iedereen") || std::any_of(groups.begin(), groups.end(), [&](auto& group) {
              return query.groups.contains(group);
            }));
  RC_ASSERT(query.age_band != v1::AGE_BAND_UNDER_18 || Has(groups, "jeugd"));
  RC_ASSERT(query.need == v1::NEED_UNKNOWN || Has(offer.needs(), query.need));
  RC_ASSERT(query.language.empty() || offer.languages().empty() ||
            Has(offer.languages(), query.language));
  const int days =
      municipality.look_ahead_days() == 0 ? 31 : static_cast<int>(municipality.look_ahead_days());
  RC_ASSERT(offer.schedule().empty() ||
            std::any_of(offer.schedule().begin(), offer.schedule().end(),
                        [&](const auto& recurrence) { return OccursWithin(recurrence, days); }));
}

template <typename Entries>
void Reverse(Entries* entries) {
  std::reverse(entries->pointer_begin(), entries->pointer_end());
}

TEST(MatchingProperties, TheSameQuestionHasTheSameAnswerInWhateverOrderTheCatalogueStands) {
  EXPECT_TRUE(testing::HoldsAlways([] {
    v1::Catalog catalog = AnyCatalog();
    const auto catalogue = testing::MustBuild(catalog);
    const MatchQuery query = Anyone(*catalogue);
    const MatchResult first = MatchCandidates(*catalogue, query, LoadOfId);
    RC_ASSERT(Same(first.matches, MatchCandidates(*catalogue, query, LoadOfId).matches));

    const int turn = catalog.offers_size() == 0 ? 0 : UpTo(catalog.offers_size() - 1);
    std::rotate(catalog.mutable_offers()->pointer_begin(),
                catalog.mutable_offers()->pointer_begin() + turn,
                catalog.mutable_offers()->pointer_end());
    Reverse(catalog.mutable_districts());
    Reverse(catalog.mutable_postcodes());
    Reverse(catalog.mutable_target_groups());
    Reverse(catalog.mutable_organisations());
    const auto turned = testing::MustBuild(catalog);
    const MatchResult second = MatchCandidates(*turned, query, LoadOfId);
    RC_ASSERT(Same(first.matches, second.matches));
    RC_ASSERT(first.degree == second.degree);
  }));
}

TEST(MatchingProperties, CandidatesAreEnough) {
  EXPECT_TRUE(testing::HoldsAlways([] {
    const auto catalogue = testing::MustBuild(AnyCatalog());
    const MatchQuery query = Anyone(*catalogue);
    const MatchResult candidates = MatchCandidates(*catalogue, query, LoadOfId);
    const MatchResult all = MatchAll(*catalogue, query, LoadOfId);
    RC_ASSERT(Same(FittingMatches(candidates), FittingMatches(all)));
    RC_ASSERT(candidates.degree == all.degree);
    RC_ASSERT(all.matches.size() == catalogue->offer_count());
  }));
}

TEST(MatchingProperties, PagesTogetherAreAll) {
  EXPECT_TRUE(testing::HoldsAlways([] {
    const auto catalogue = testing::MustBuild(AnyCatalog());
    const MatchQuery query = Anyone(*catalogue);
    const MatchResult all = MatchAll(*catalogue, query, LoadOfId);
    const auto page_size = static_cast<size_t>(1 + UpTo(4));
    std::vector<v1::OfferMatch> paged;
    for (size_t from = 0; from <= all.matches.size(); from += page_size) {
      MatchPage page = MatchSome(*catalogue, query, LoadOfId, from, page_size);
      RC_ASSERT(page.matches.size() == std::min(page_size, all.matches.size() - from));
      RC_ASSERT(page.total == all.matches.size());
      RC_ASSERT(page.degree == all.degree);
      paged.insert(paged.end(), page.matches.begin(), page.matches.end());
    }
    RC_ASSERT(Same(paged, all.matches));
  }));
}

TEST(MatchingProperties, AnOfferThatDoesNotFitChangesNothingForTheOthers) {
  EXPECT_TRUE(testing::HoldsAlways([] {
    v1::Catalog catalog = AnyCatalog();
    const auto before = testing::MustBuild(catalog);
    const MatchQuery query = Anyone(*before);
    AddAnyOffer(catalog, "nieuw");
    const auto after = testing::MustBuild(catalog);
    RC_PRE(!MatchOne(*after, query, *after->offer("nieuw"), LoadOfId).fits());
    RC_ASSERT(Same(FittingMatches(MatchAll(*before, query, LoadOfId)),
                   FittingMatches(MatchAll(*after, query, LoadOfId))));
  }));
}

TEST(MatchingProperties, NothingIneligibleOrEndedIsEverProposed) {
  EXPECT_TRUE(testing::HoldsAlways([] {
    const auto catalogue = testing::MustBuild(AnyCatalog());
    const MatchQuery query = Anyone(*catalogue);
    const MatchResult result = MatchCandidates(*catalogue, query, LoadOfId);
    for (const auto& match : FittingMatches(result)) {
      const v1::Offer& offer = *catalogue->offer(LastSegment(match.offer()));
      RC_ASSERT(offer.status() != v1::OFFER_STATUS_ENDED);
      RC_ASSERT(!offer.has_active_from() || *DayOfDate(offer.active_from()) <= kAnyDay);
      RC_ASSERT(!offer.has_active_until() || kAnyDay <= *DayOfDate(offer.active_until()));
      RC_ASSERT(offer.capacity() == 0 || LoadOfId(offer.id()).live_referrals() < offer.capacity());
      RC_ASSERT(query.excluded_offers.count(offer.id()) == 0);
      CheckDemands(offer, query);
      CheckDays(catalogue->municipality(), offer, query);
      CheckServes(catalogue->municipality(), offer, query);
    }
    const Proposed proposed = Propose(*catalogue, query, LoadOfId);
    RC_ASSERT(proposed.degree == result.degree);
    const bool provisional = query.need == v1::NEED_UNKNOWN || query.need == v1::NEED_UNSPECIFIED;
    RC_ASSERT(proposed.proposals.size() <= (provisional ? 3u : 5u));
    for (const auto& proposal : proposed.proposals) {
      const v1::Offer& offer = *catalogue->offer(LastSegment(proposal.offer()));
      RC_ASSERT(offer.mode() == v1::REFERRAL_MODE_DIRECT ||
                offer.mode() == v1::REFERRAL_MODE_ASK_FIRST);
      RC_ASSERT(MatchOne(*catalogue, query, offer, LoadOfId).fits());
    }
  }));
}

TEST(MatchingProperties, APostcodeIsNeverSaidToBeCertain) {
  EXPECT_TRUE(testing::HoldsAlways([] {
    const auto catalogue = testing::MustBuild(AnyCatalog());
    const MatchQuery query = Anyone(*catalogue, false);
    for (const auto& match : FittingMatches(MatchCandidates(*catalogue, query, LoadOfId))) {
      const v1::Offer& offer = *catalogue->offer(LastSegment(match.offer()));
      const bool conditional = match.reason().nl().find("als de persoon in ") != std::string::npos;
      RC_ASSERT(conditional == !offer.all_districts());
      RC_ASSERT(match.reason().nl().find("eigen dorp") == std::string::npos);
    }
  }));
}

}  // namespace
}  // namespace omzien::domain
