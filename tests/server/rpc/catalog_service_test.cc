// What a steward and an organisation are told of offers that nobody confirmed for long.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "omzien/v1/catalog_service.pb.h"
#include "server/domain/days.h"
#include "server/domain/names.h"
#include "tests/server/rpc/office.h"

namespace omzien::rpc::testing {
namespace {

using commit::testing::kGM;
using commit::testing::Receiver;
using commit::testing::Village;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

domain::Caller TheSteward() {
  domain::Caller caller;
  caller.id = "steward";
  caller.grants.push_back({kGM, "", domain::Role::kSteward});
  return caller;
}

// Of each offer when it was last reviewed, in days before today; -1: never.
void Import(Office& office, uint32_t stale_after_days, const std::vector<int>& reviewed_days_ago) {
  v1::ImportCatalogRequest request;
  request.set_parent(domain::MunicipalityName(kGM));
  v1::Catalog& catalog = *request.mutable_catalog();
  catalog = commit::testing::OffersCatalog();
  catalog.mutable_municipality()->set_stale_after_days(stale_after_days);
  if (stale_after_days > 0) {
    catalog.mutable_municipality()->set_stop_matching_after_days(2 * stale_after_days);
  }
  const absl::CivilDay today = absl::ToCivilDay(office.now(), absl::UTCTimeZone());
  for (int i = 0; i < catalog.offers_size(); ++i) {
    const int days_ago = reviewed_days_ago[static_cast<size_t>(i)];
    if (days_ago < 0) continue;
    *catalog.mutable_offers(i)->mutable_reviewed_on() = domain::DateOfDay(today - days_ago);
  }
  const auto imported =
      office.Ask<v1::ImportCatalogResponse>(TheSteward(), "CatalogService/ImportCatalog", request);
  ASSERT_TRUE(imported.ok()) << imported.status();
}

// "id STATE" of each, page by page.
std::vector<std::string> ToReview(Office& office, const domain::Caller& caller, int page_size) {
  std::vector<std::string> found;
  v1::ListOffersToReviewRequest request;
  request.set_parent(domain::MunicipalityName(kGM));
  request.set_page_size(page_size);
  do {
    const auto page = office.Ask<v1::ListOffersToReviewResponse>(
        caller, "CatalogService/ListOffersToReview", request);
    EXPECT_TRUE(page.ok()) << page.status();
    if (!page.ok()) return found;
    EXPECT_LE(page->offers_size(), page_size);
    EXPECT_GT(page->revision(), 0);
    for (const v1::OfferToReview& offer : page->offers()) {
      EXPECT_EQ(offer.has_stops_on(), offer.has_reviewed_on());
      EXPECT_FALSE(offer.organisation_display_name().empty());
      found.push_back(std::string(domain::LastSegment(offer.offer())) + " " +
                      v1::ReviewState_Name(offer.state()).substr(13));
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return found;
}

TEST(OffersToReview, AreTheLongestUnconfirmedFirst) {
  Office office;
  // bezoek, maatje, dorpskoffie, klusje, jeugdclub, inloop
  Import(office, 100, {101, 205, -1, 150, 50, 150});
  const auto kAll = ElementsAre("dorpskoffie STALE", "maatje STOPPED", "inloop STALE",
                                "klusje STALE", "bezoek STALE");
  for (const int page_size : {1, 2, 5, 200}) {
    EXPECT_THAT(ToReview(office, TheSteward(), page_size), kAll) << page_size;
  }
  // Its own only.
  EXPECT_THAT(ToReview(office, Receiver(), 1), ElementsAre("maatje STOPPED", "bezoek STALE"));
  EXPECT_THAT(ToReview(office, Village(), 2),
              ElementsAre("dorpskoffie STALE", "inloop STALE", "klusje STALE"));
}

TEST(OffersToReview, AreNoneWhereTheMunicipalityDoesNotAsk) {
  Office office;
  Import(office, 0, {101, 205, -1, 150, 50, 150});
  EXPECT_THAT(ToReview(office, TheSteward(), 10), IsEmpty());
}

}  // namespace
}  // namespace omzien::rpc::testing
