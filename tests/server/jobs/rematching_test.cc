// What waits is matched again when there is something new: the most urgent first, then the oldest,
// and for a place that came free no more than there is room for.

#include "server/jobs/rematching.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/domain/case_rules.h"
#include "tests/server/commit/recount.h"
#include "tests/server/commit/steps.h"
#include "tests/server/domain/test_catalogue.h"

namespace omzien::jobs {
namespace {

using namespace commit::testing;  // NOLINT(google-build-using-namespace)
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A world whose commits the job hears of, as in the server.
class Waiting : public ::testing::Test {
 protected:
  // With room for `bezoekers` at "bezoek", and nothing else for a visit.
  void Begin(uint32_t visitors) {
    WorldOptions options;
    options.catalog = Catalog(visitors);
    options.queue.on_change = [this](storage::Revision, const storage::v1::Change& change) {
      if (job_ != nullptr) job_->Notice(change);
    };
    world_ = std::make_unique<World>(std::move(options));
    job_ = std::make_unique<Rematching>(&world_->cases(), &world_->catalogues(), world_->clock());
    ASSERT_EQ(Sweep(), 0u);
  }
  static v1::Catalog Catalog(uint32_t visitors) {
    v1::Catalog catalog = OffersCatalog();
    for (v1::Offer& offer : *catalog.mutable_offers()) {
      if (offer.id() == "bezoek") offer.set_capacity(visitors);
      if (offer.id() == "maatje") offer.set_status(v1::OFFER_STATUS_ENDED);
    }
    return catalog;
  }

  size_t Sweep() {
    const auto matched = job_->Sweep(&world_->queue());
    EXPECT_TRUE(matched.ok()) << matched.status();
    EXPECT_THAT(Differences(*world_), IsEmpty());
    return matched.value_or(0);
  }
  std::string Submit(bool consent = false) {
    world_->Advance(absl::Minutes(1));
    return MustSubmit(*world_, Elder("WK990101", consent));
  }
  void FreeAPlace(const std::string& taken) {
    auto fail = On<v1::FailReferralRequest>(taken, 1);
    fail.set_reason(v1::FAIL_REASON_NO_MATCH);
    ASSERT_TRUE(world_->Accept(Receiver(), On<v1::AcceptReferralRequest>(taken, 1)).ok());
    ASSERT_TRUE(world_->Fail(Receiver(), fail).ok());
  }

  std::unique_ptr<Rematching> job_;
  std::unique_ptr<World> world_;
};

TEST_F(Waiting, NothingIsNewNothingIsDone) {
  Begin(1);
  Submit(true);
  Submit();
  EXPECT_EQ(Sweep(), 0u);
}

TEST_F(Waiting, APlaceThatCameFreeIsProposedToTheOneWhoWaitedLongest) {
  Begin(1);
  const std::string taken = Submit(true);
  const std::string first = Submit();
  const std::string second = Submit();
  ASSERT_THAT(ProposalsOf(*world_, first), IsEmpty());
  FreeAPlace(taken);
  EXPECT_EQ(Sweep(), 1u);
  EXPECT_THAT(ProposalsOf(*world_, first), ElementsAre("bezoek"));
  EXPECT_THAT(ProposalsOf(*world_, second), IsEmpty());
  // Nobody is moved: who calls first places the person.
  EXPECT_THAT(ReferralsOf(*world_, first), ElementsAre("gemeente_ASSIGNED"));
  EXPECT_EQ(Sweep(), 0u);
}

TEST_F(Waiting, APlaceOfOneGroupIsProposedToThoseOfThatGroup) {
  Begin(10);
  v1::Catalog catalog = Catalog(10);
  for (v1::Offer& offer : *catalog.mutable_offers()) {
    if (offer.id() != "bezoek") continue;
    offer.clear_capacity();
    offer.add_target_groups("ouderen");
    v1::GroupCapacity* own = offer.add_group_capacities();
    own->set_target_group("ouderen");
    own->set_capacity(1);
  }
  ASSERT_TRUE(world_->Import(catalog).ok());
  Sweep();
  const std::string taken = Submit(true);
  ASSERT_THAT(ReferralsOf(*world_, taken), ElementsAre("ontvanger/bezoek_ASSIGNED"));
  Sweep();  // the one that came right after the catalogue
  const std::string first = Submit();
  const std::string second = Submit();
  ASSERT_THAT(ProposalsOf(*world_, first), IsEmpty());
  FreeAPlace(taken);
  EXPECT_EQ(Sweep(), 1u);
  EXPECT_THAT(ProposalsOf(*world_, first), ElementsAre("bezoek"));
  EXPECT_THAT(ProposalsOf(*world_, second), IsEmpty());
}

TEST_F(Waiting, WhatWasDecidedWhileACatalogueFlippedIsMatchedAfterIt) {
  Begin(1);
  Submit(true);
  const std::string signal = Submit();
  ASSERT_THAT(ProposalsOf(*world_, signal), IsEmpty());
  storage::v1::Change flip;
  flip.add_catalogs()->set_municipality(kGM);
  storage::v1::Change after;
  after.add_cases()->set_municipality(kGM);
  after.mutable_cases(0)->set_case_id(std::string(domain::LastSegment(signal)));
  job_->Notice(flip);
  EXPECT_EQ(Sweep(), 1u) << "all that waits";
  job_->Notice(after);
  EXPECT_EQ(Sweep(), 1u) << "it may have been decided before the flip, and come after the sweep";
  job_->Notice(after);
  EXPECT_EQ(Sweep(), 0u);
}

TEST_F(Waiting, MoreRoomIsForAll) {
  Begin(1);
  Submit(true);
  std::vector<std::string> waiting;
  for (int i = 0; i < 70; ++i) waiting.push_back(Submit());
  ASSERT_TRUE(world_->Import(Catalog(100)).ok());
  EXPECT_EQ(Sweep(), 70u);
  for (const std::string& signal : waiting) {
    EXPECT_THAT(ProposalsOf(*world_, signal), ElementsAre("bezoek"));
  }
}

TEST_F(Waiting, ForALongTimeIsKnownSinceWhen) {
  Begin(1);
  Submit(true);
  const std::string signal = Submit();
  const int32_t since = world_->CaseOf(signal).receive_day();
  world_->Advance(absl::Hours(24 * 40));
  EXPECT_EQ(Sweep(), 1u) << "another day";
  EXPECT_EQ(world_->CaseOf(signal).unmet_since_day(), since);
}

TEST_F(Waiting, EndsWhenSomeoneHelps) {
  Begin(1);
  const std::string taken = Submit(true);
  const std::string signal = Submit();
  v1::WithdrawSignalRequest withdraw;
  withdraw.set_name(signal);
  ASSERT_TRUE(world_->Withdraw(Shop(), withdraw).ok());
  FreeAPlace(taken);
  EXPECT_EQ(Sweep(), 0u);
}

TEST_F(Waiting, ANewDayMayBeTheDayOnWhichAnOfferBegins) {
  Begin(1);
  Submit(true);
  const std::string signal = Submit();
  v1::Catalog catalog = Catalog(1);
  v1::Offer* later = domain::testing::AddOffer(catalog, "kring", {"iedereen"});
  const absl::CivilDay today = absl::ToCivilDay(world_->now(), absl::UTCTimeZone());
  const absl::CivilDay begin = today + 7;
  later->mutable_active_from()->set_year(static_cast<int32_t>(begin.year()));
  later->mutable_active_from()->set_month(begin.month());
  later->mutable_active_from()->set_day(begin.day());
  ASSERT_TRUE(world_->Import(catalog).ok());
  EXPECT_EQ(Sweep(), 1u);
  EXPECT_THAT(ProposalsOf(*world_, signal), IsEmpty());
  world_->Advance(absl::Hours(24 * 8));
  EXPECT_EQ(Sweep(), 1u);
  EXPECT_THAT(ProposalsOf(*world_, signal), ElementsAre("kring"));
}

TEST_F(Waiting, AlsoForSomeoneToMakeContactAtAll) {
  Begin(1);
  v1::Catalog nobody = Catalog(1);
  v1::Team* team = nobody.mutable_teams(0);
  team->set_all_districts(false);
  team->add_districts("WK990101");
  ASSERT_TRUE(world_->Import(nobody).ok());
  Sweep();
  const std::string signal = MustSubmit(*world_, Elder("WK990102", false));
  ASSERT_EQ(world_->CaseOf(signal).signal().state(), v1::SIGNAL_STATE_UNMATCHED);
  Sweep();  // it came right after the catalogue
  EXPECT_EQ(Sweep(), 0u);
  ASSERT_TRUE(world_->Import(Catalog(1)).ok());
  EXPECT_EQ(Sweep(), 1u);
  EXPECT_THAT(ReferralsOf(*world_, signal), ElementsAre("gemeente_ASSIGNED"));
  EXPECT_EQ(world_->CaseOf(signal).signal().state(), v1::SIGNAL_STATE_ROUTED);
}

TEST_F(Waiting, IsRememberedOverARestart) {
  Begin(1);
  const std::string taken = Submit(true);
  const std::string signal = Submit();
  FreeAPlace(taken);
  world_->Reopen();
  job_ = std::make_unique<Rematching>(&world_->cases(), &world_->catalogues(), world_->clock());
  EXPECT_EQ(Sweep(), 2u);
  EXPECT_THAT(ProposalsOf(*world_, signal), ElementsAre("bezoek"));
}

}  // namespace
}  // namespace omzien::jobs
