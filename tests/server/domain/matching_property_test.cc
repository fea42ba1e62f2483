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
#include "tests/server/domain/test_catalogue.h"

namespace omzien::domain {
namespace {

const std::vector<std::string> kGroups = {"iedereen", "ouderen", "studenten", "jeugd",
                                          "nieuwkomers"};
const std::vector<std::string> kSomeDistricts = {
    "WK990101", "WK990102", "WK990103", "BU99010101", "BU99010102", "BU99010201", "BU99010202"};
const std::vector<std::string> kLanguages = {"nl", "ti", "ar"};
constexpr absl::CivilDay kAnyDay(2026, 11, 22);

// At full size: small cases would otherwise all be the first of everything.
int UpTo(int most) { return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, most + 1)); }

Ids SomeOf(const std::vector<std::string>& values) {
  Ids some;
  for (const auto& value : values) {
    if (UpTo(2) == 0) some.insert(value);
  }
  return some;
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
}

v1::Catalog AnyCatalog() {
  v1::Catalog catalog = testing::TestCatalog();
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
  query.day = kAnyDay;
  query.excluded_offers = SomeOf({"o1", "o2"});
  return query;
}

// Differs from offer to offer, and is the same whenever it is asked.
storage::v1::OfferLoad LoadOfId(std::string_view id) {
  storage::v1::OfferLoad load;
  load.set_live_referrals(static_cast<uint32_t>(id.back() % 3));
  load.mutable_last_assign_time()->set_seconds(id.back() % 2);
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

template <typename Entries>
void Reverse(Entries* entries) {
  std::reverse(entries->pointer_begin(), entries->pointer_end());
}

TEST(MatchingProperties, TheSameQuestionHasTheSameAnswerInWhateverOrderTheCatalogueStands) {
  EXPECT_TRUE(rc::check([] {
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
  EXPECT_TRUE(rc::check([] {
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
  EXPECT_TRUE(rc::check([] {
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
  EXPECT_TRUE(rc::check([] {
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

TEST(MatchingProperties, NothingEndedInactiveFullOrTriedIsEverProposed) {
  EXPECT_TRUE(rc::check([] {
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
    }
    const Proposed proposed = Propose(*catalogue, query, LoadOfId);
    RC_ASSERT(proposed.degree == result.degree);
    const bool provisional = query.need == v1::NEED_UNKNOWN || query.need == v1::NEED_UNSPECIFIED;
    RC_ASSERT(proposed.proposals.size() <= (provisional ? 3u : 5u));
    for (const auto& proposal : proposed.proposals) {
      const v1::Offer& offer = *catalogue->offer(LastSegment(proposal.offer()));
      RC_ASSERT(offer.mode() == v1::REFERRAL_MODE_DIRECT ||
                offer.mode() == v1::REFERRAL_MODE_ASK_FIRST);
    }
  }));
}

TEST(MatchingProperties, APostcodeIsNeverSaidToBeCertain) {
  EXPECT_TRUE(rc::check([] {
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
