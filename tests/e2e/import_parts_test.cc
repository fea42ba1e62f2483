// A catalogue whose offers come in parts, through the real server: whole or not at all, whenever it
// is killed.
//
// OMZIEN_OFFERS and OMZIEN_KILLS in the environment make a campaign of the kills; OMZIEN_SEED
// repeats a run.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cpp/errors.h"
#include "client/cpp/import_parts.h"
#include "client/cpp/request_id.h"
#include "omzien/storage/v1/records.pb.h"
#include "storage/blocking.h"
#include "storage/keys.h"
#include "storage/store.h"
#include "tests/e2e/large_catalogue.h"
#include "tests/e2e/story_world.h"

namespace omzien::e2e {
namespace {

constexpr char kAll[] = "GM9001";
// Entries that may be cleared while a question is answered.
constexpr int64_t kClearedMeanwhile = 20'000;

int64_t FromEnvironment(const char* name, int64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoll(text, nullptr, 10);
}

class ImportInParts : public StoryWorldTest {
 protected:
  absl::StatusOr<v1::ImportCatalogResponse> Import(
      const LargeCatalogue& large, v1::ImportCatalogRequest begin,
      const client::OnProgress& on_progress = [](const auto&) {}) {
    return client::ImportCatalogParts(world_.As("v-steward"), std::move(begin), large.Parts(),
                                      on_progress, absl::Minutes(20));
  }

  // What the first of the offers that were made is called in the catalogue in force; empty when
  // there is none.
  std::string NameInForce() {
    auto request = Proto<v1::FindOffersRequest>(
        absl::StrCat("parent: '", kVoorbeeldstad, "' place { district: '", kVoorbeeldstad,
                     "/districts/", LargeCatalogue::Wijk(0), "' } page_size: 1 target_groups: '",
                     kVoorbeeldstad, "/targetGroups/made-0'"));
    const auto found = world_.As("v-coordinator").FindOffers(request);
    if (!found.ok() || found->matches().empty()) return "";
    return found->matches(0).offer_display_name();
  }

  // Of the closed store: entries of the generation in force, and of all others.
  std::pair<int64_t, int64_t> CountEntries() {
    auto store = Must(storage::OpenStore(world_.installation().data_dir()));
    const auto snapshot = store.cases->GetSnapshot();
    storage::v1::CatalogHead head;
    const auto row = Must(storage::MultiGetNow(*snapshot, {storage::keys::CatalogHead(kAll)}));
    if (row.front().has_value()) head.ParseFromString(row.front()->value);
    const std::string in_force = storage::keys::CatalogEntryPrefix(kAll, head.generation());
    const std::string all = in_force.substr(0, in_force.size() - 8);
    std::pair<int64_t, int64_t> counts;
    storage::Range range{all, storage::keys::PrefixEnd(all), 10'000};
    for (;;) {
      const auto entries = Must(storage::ScanNow(*snapshot, range));
      for (const storage::Entry& entry : entries) {
        ++(entry.key.starts_with(in_force) ? counts.first : counts.second);
      }
      if (entries.size() < range.limit) return counts;
      range.begin = entries.back().key + '\0';
    }
  }
};

TEST_F(ImportInParts, AreInForceTogetherAndSurviveARestart) {
  const LargeCatalogue large{"Groot", 2500};
  std::vector<int> received;
  v1::ImportCatalogRequest begin = large.Begin();
  begin.set_request_id(client::NewRequestId());
  const auto imported = Must(Import(large, begin, [&](const v1::ImportCatalogPartsResponse& said) {
    received.push_back(said.received_offers());
  }));
  EXPECT_GE(imported.offers(), 2500);
  EXPECT_EQ(received.front(), 0);
  EXPECT_EQ(received.back(), 2500);
  EXPECT_EQ(NameInForce(), "Groot");
  ASSERT_EQ(world_.server().Terminate(), 0);
  world_.Restart();
  EXPECT_EQ(NameInForce(), "Groot");
  // Again, as a retry: the same answer, and no other generation.
  EXPECT_EQ(Must(Import(large, begin)).SerializeAsString(), imported.SerializeAsString());
  EXPECT_EQ(client::DetailsOf(Import({"Anders", 2500}, begin).status()).reason,
            "REQUEST_ID_REUSED");
}

TEST_F(ImportInParts, WithErrorsChangeNothingAndTellEachWithItsPlace) {
  Must(Import({"Eerst", 300}, LargeCatalogue{"Eerst", 300}.Begin()));
  v1::ImportCatalogResponse told;
  int next = 0;
  const auto refused = client::ImportCatalogParts(
      world_.As("v-steward"), LargeCatalogue{"", 300}.Begin(),
      [&](v1::OfferPart* part) {
        for (int i = 0; i < 150 && next < 300; ++i, ++next) {
          v1::Offer offer = LargeCatalogue{"Fout"}.At(next);
          if (next == 7) offer.set_organisation("nobody");
          if (next == 299) offer.set_id("made-1");
          *part->add_offers() = offer;
        }
        return absl::OkStatus();
      },
      [&](const v1::ImportCatalogPartsResponse& said) {
        told.mutable_errors()->MergeFrom(said.errors());
      },
      absl::Minutes(1));
  EXPECT_EQ(client::DetailsOf(refused.status()).reason, "INVALID_CATALOG");
  ASSERT_EQ(told.errors_size(), 2);
  EXPECT_THAT(told.errors(0).path(), ::testing::EndsWith("].organisation"));
  EXPECT_THAT(told.errors(1).path(), ::testing::EndsWith("].id"));
  EXPECT_EQ(told.errors(0).line(), 0);
  EXPECT_EQ(NameInForce(), "Eerst");
}

TEST_F(ImportInParts, ThatDontReachTheirEndChangeNothing) {
  const auto broken = client::ImportCatalogParts(
      world_.As("v-steward"), LargeCatalogue{"Half", 300}.Begin(),
      [sent = false](v1::OfferPart* part) mutable {
        if (sent) return absl::CancelledError("the file breaks off");
        sent = true;
        *part->add_offers() = LargeCatalogue{"Half"}.At(0);
        return absl::OkStatus();
      },
      [](const auto&) {}, absl::Minutes(1));
  EXPECT_EQ(broken.status().message(), "the file breaks off");
  EXPECT_EQ(NameInForce(), "");
}

// Killed at a moment of the seed, again and again: the old one or the new one, whole; the retry
// settles it, and nothing else is left.
TEST_F(ImportInParts, KilledAtAnyMomentLeaveTheOldOrTheNewOneWhole) {
  const int64_t offers = FromEnvironment("OMZIEN_OFFERS", 3000);
  const int64_t kills = FromEnvironment("OMZIEN_KILLS", 4);
  std::mt19937_64 random(FromEnvironment("OMZIEN_SEED", 20261122));
  // Opening a million offers takes longer than the start of a server usually may.
  world_.server().set_patience(absl::Minutes(1) + offers * absl::Milliseconds(1));
  std::string in_force = "Nummer 0";
  Must(Import({in_force, offers}, LargeCatalogue{in_force, offers}.Begin()));
  int flipped = 0;
  for (int64_t i = 1; i <= kills; ++i) {
    SCOPED_TRACE(i);
    const LargeCatalogue large{absl::StrCat("Nummer ", i), offers};
    v1::ImportCatalogRequest begin = large.Begin();
    begin.set_request_id(client::NewRequestId());
    // Any part of the way: while offers come in, are checked, are written, or the old ones cleared.
    const double at = std::uniform_real_distribution<double>(0, 1.1)(random);
    const int64_t moment = static_cast<int64_t>(at * 2 * static_cast<double>(offers));
    std::atomic<bool> killed = false;
    const auto answer = Import(large, begin, [&](const v1::ImportCatalogPartsResponse& said) {
      if (said.received_offers() + said.written_entries() < moment || killed.exchange(true)) return;
      kill(world_.server().pid(), SIGKILL);
    });
    if (!killed) kill(world_.server().pid(), SIGKILL);
    EXPECT_EQ(world_.server().Wait(), 128 + SIGKILL);
    world_.Restart();
    const std::string now = NameInForce();
    EXPECT_TRUE(now == in_force || now == large.name) << now;
    if (answer.ok()) {
      EXPECT_EQ(now, large.name);
    }
    flipped += now == large.name ? 1 : 0;
    EXPECT_EQ(Must(Import(large, begin)).offers(), Must(Import(large, begin)).offers());
    EXPECT_EQ(NameInForce(), large.name);
    in_force = large.name;
  }
  std::cout << kills << " kills, " << offers << " offers; after " << flipped
            << " of them the new catalogue was in force" << std::endl;
  // What is to be cleared is, while it runs; then there is one generation. It is asked the more
  // often meanwhile the more there is left.
  int64_t left = 0;
  for (int tries = 0; tries < 100; ++tries) {
    ASSERT_EQ(world_.server().Terminate(), 0);
    const auto [entries, others] = CountEntries();
    EXPECT_GE(entries, offers);
    if (others == 0) return;
    EXPECT_TRUE(left == 0 || others <= left);
    left = others;
    world_.Restart();
    for (int64_t i = 0; i <= left / kClearedMeanwhile; ++i) EXPECT_EQ(NameInForce(), in_force);
  }
  ADD_FAILURE() << "another generation is still there: " << left << " entries of it";
}

}  // namespace
}  // namespace omzien::e2e
