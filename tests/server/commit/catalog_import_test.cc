// An import of a catalogue: nothing of it is seen before all of it is, and nothing is left of one
// that didn't come to its end.

#include "server/commit/catalog_import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "absl/synchronization/notification.h"
#include "google/protobuf/util/message_differencer.h"
#include "server/domain/errors.h"
#include "server/jobs/catalog_clearing.h"
#include "storage/blocking.h"
#include "storage/keys.h"
#include "tests/server/commit/recount.h"
#include "tests/server/commit/world.h"

namespace omzien::commit::testing {
namespace {

using google::protobuf::util::MessageDifferencer;
using ::testing::IsEmpty;

constexpr char kSomeId[] = "0123abcd-0000-4000-8000-000000000001";

size_t EntryRows(World& world, int64_t generation) {
  const std::string prefix = storage::keys::CatalogEntryPrefix(kGM, generation);
  auto rows = storage::ScanNow(*world.cases().GetSnapshot(),
                               {prefix, storage::keys::PrefixEnd(prefix), 100'000});
  return rows.ok() ? rows->size() : 0;
}

bool SomethingIsListed(World& world) {
  auto row =
      storage::MultiGetNow(*world.cases().GetSnapshot(), {storage::keys::CatalogStages(kGM)});
  return row.ok() && row->front().has_value();
}

size_t Sweep(World& world) {
  jobs::CatalogClearing clearing(&world.cases(), &world.queue(), &world.imports(), world.clock());
  auto cleared = clearing.Sweep();
  EXPECT_TRUE(cleared.ok()) << cleared.status();
  return cleared.value_or(0);
}

v1::Catalog Named(const std::string& name, int more_offers = 0) {
  v1::Catalog catalog = OffersCatalog();
  catalog.mutable_offers(0)->set_display_name(name);
  for (int i = 0; i < more_offers; ++i) {
    v1::Offer* offer = catalog.add_offers();
    *offer = catalog.offers(0);
    offer->set_id("meer-" + std::to_string(i));
  }
  return catalog;
}

std::string NameInForce(World& world) {
  return world.catalogues().Find(kGM)->offer("bezoek")->display_name();
}

// A commit takes so few rows that an import needs many.
WorldOptions SmallCommits(v1::Catalog catalog = OffersCatalog()) {
  WorldOptions options;
  options.catalog = std::move(catalog);
  options.limits = {.max_operations = 20, .max_bytes = 100'000};
  return options;
}

TEST(CatalogImport, ReplacesTheOneBeforeAndNothingOfThatIsLeft) {
  World world;
  const auto before = world.catalogues().Find(kGM);
  v1::Catalog smaller = OffersCatalog();
  smaller.mutable_offers()->DeleteSubrange(3, 3);
  ASSERT_TRUE(world.Import(smaller).ok());
  EXPECT_EQ(world.catalogues().Find(kGM)->generation(), 2);
  EXPECT_EQ(EntryRows(world, 2), EntriesOf(smaller).size());
  EXPECT_EQ(EntryRows(world, 1), EntriesOf(OffersCatalog()).size());
  EXPECT_THAT(Differences(world), IsEmpty());
  EXPECT_EQ(Sweep(world), EntriesOf(OffersCatalog()).size());
  EXPECT_EQ(EntryRows(world, 1), 0u);
  EXPECT_FALSE(SomethingIsListed(world));
  EXPECT_THAT(Differences(world), IsEmpty());
  world.Reopen();
  EXPECT_TRUE(MessageDifferencer::Equals(world.catalogues().Find(kGM)->Whole(), smaller));
  // Whoever held the old one keeps it.
  EXPECT_EQ(before->generation(), 1);
  EXPECT_NE(before->offer("klusje"), nullptr);
}

TEST(CatalogImport, TakesMoreThanACommitHolds) {
  World world(SmallCommits());
  const v1::Catalog large = Named("Groot", 200);
  ASSERT_TRUE(world.Import(large).ok());
  EXPECT_EQ(world.catalogues().Find(kGM)->offer_count(), 206u);
  Sweep(world);
  world.Reopen();
  EXPECT_TRUE(MessageDifferencer::Equals(world.catalogues().Find(kGM)->Whole(), large));
  EXPECT_THAT(Differences(world), IsEmpty());
}

// At each of its commits in turn the process ends; of some the store can't tell, though they are
// written.
TEST(CatalogImport, CutShortLeavesTheOldOneAndTheRetryFinishes) {
  for (int cut_at = 1; cut_at <= 6; ++cut_at) {
    SCOPED_TRACE(cut_at);
    World world(SmallCommits(Named("Oud")));
    Sweep(world);
    const v1::Catalog fresh = Named("Nieuw", 30);
    world.cases().Close();
    std::thread importing([&] { world.Import(fresh, kSomeId).IgnoreError(); });
    for (int i = 1; i < cut_at; ++i) {
      world.cases().AwaitHeld(1);
      world.cases().LetOneThrough();
      EXPECT_EQ(NameInForce(world), "Oud");
    }
    world.cases().AwaitHeld(1);
    world.cases().Break(/*written=*/cut_at % 3 == 0);
    world.cases().Open();
    importing.join();
    world.Reopen();
    const bool flipped = cut_at == 6;  // the last commit, and written
    EXPECT_EQ(NameInForce(world), flipped ? "Nieuw" : "Oud");
    EXPECT_THAT(Differences(world), IsEmpty());
    if (cut_at % 2 == 0) {
      Sweep(world);
      EXPECT_FALSE(SomethingIsListed(world));
    }
    const auto answer = world.Import(fresh, kSomeId);
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(NameInForce(world), "Nieuw");
    EXPECT_EQ(world.Import(fresh, kSomeId).value_or("other"), *answer);
    Sweep(world);
    EXPECT_FALSE(SomethingIsListed(world));
    EXPECT_THAT(Differences(world), IsEmpty());
  }
}

TEST(CatalogImport, OfTwoAtOnceOneWinsAndTheOtherLeavesNothing) {
  World world;
  ASSERT_TRUE(world.Import(Named("Eerst"), "", 1).ok());
  const absl::Status second = world.Import(Named("Tweede"), "", 1).status();
  EXPECT_EQ(second.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(domain::ReasonOf(second), "CATALOG_REPLACED");
  EXPECT_EQ(NameInForce(world), "Eerst");
  Sweep(world);
  EXPECT_FALSE(SomethingIsListed(world));
  EXPECT_THAT(Differences(world), IsEmpty());
}

TEST(CatalogImport, AnotherThatFlipsMeanwhileWins) {
  World world(SmallCommits(Named("Oud")));
  Sweep(world);
  world.cases().Close();
  absl::StatusOr<std::string> slow = absl::UnknownError("none yet");
  std::thread importing([&] { slow = world.Import(Named("Traag", 40)); });
  world.cases().AwaitHeld(1);  // it has begun, on what is in force now
  absl::StatusOr<std::string> fast = absl::UnknownError("none yet");
  std::thread other([&] { fast = world.Import(Named("Snel"), "", 1); });
  world.cases().Open();
  other.join();
  importing.join();
  // Whichever came first to its flip; never what the other overtook, never half of one.
  const std::string winner = NameInForce(world);
  EXPECT_TRUE(slow.ok() || fast.ok()) << slow.status() << fast.status();
  EXPECT_EQ(winner, fast.ok() ? "Snel" : "Traag")
      << "the fast one may begin when the other is done";
  Sweep(world);
  EXPECT_FALSE(SomethingIsListed(world));
  EXPECT_THAT(Differences(world), IsEmpty());
}

TEST(CatalogImport, IsInForceWhenItIsAnsweredAndNotBeforeItIsDurable) {
  World world;
  world.cases().Close();
  absl::StatusOr<std::string> answer = absl::UnknownError("none yet");
  std::thread importing([&] { answer = world.Import(Named("Nieuw")); });
  for (const char* step : {"the beginning", "the entries"}) {
    SCOPED_TRACE(step);
    world.cases().AwaitHeld(1);
    world.cases().LetOneThrough();
  }
  world.cases().AwaitHeld(1);
  EXPECT_EQ(NameInForce(world), "Aanbod bezoek") << "the flip isn't durable";
  world.cases().Open();
  importing.join();
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(NameInForce(world), "Nieuw");
}

TEST(CatalogImport, ASweepLeavesWhatIsBeingImported) {
  World world(SmallCommits(Named("Oud")));
  world.cases().Close();
  absl::StatusOr<std::string> answer = absl::UnknownError("none yet");
  std::thread importing([&] { answer = world.Import(Named("Nieuw", 30)); });
  for (int i = 0; i < 3; ++i) {
    world.cases().AwaitHeld(1);
    world.cases().LetOneThrough();
  }
  world.cases().AwaitHeld(1);
  EXPECT_EQ(Sweep(world), 0u);
  world.cases().Open();
  importing.join();
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_THAT(Differences(world), IsEmpty());
}

// What a sweep saw listed may be in force by the time that it is to be cleared.
TEST(CatalogImport, ASweepThatLookedWhileItFlippedLeavesItAlone) {
  World world;
  world.cases().Close();
  std::thread importing([&] { ASSERT_TRUE(world.Import(Named("Nieuw")).ok()); });
  for (int i = 0; i < 2; ++i) {
    world.cases().AwaitHeld(1);
    world.cases().LetOneThrough();
  }
  world.cases().AwaitHeld(1);  // the flip
  // Knows of no import: to it, what is listed was left over.
  const CatalogImports none(world.cases().limits(), &world.queue(), &world.catalogues(),
                            world.clock());
  absl::Notification looked;
  jobs::CatalogClearing clearing(&world.cases(), &world.queue(), &none, [&] {
    if (!looked.HasBeenNotified()) looked.Notify();
    return world.now();
  });
  std::thread sweeping([&] { EXPECT_TRUE(clearing.Sweep().ok()); });
  looked.WaitForNotification();
  world.cases().Open();
  sweeping.join();
  importing.join();
  world.Reopen();
  EXPECT_EQ(NameInForce(world), "Nieuw");
  EXPECT_THAT(Differences(world), IsEmpty());
}

// An entry that no commit holds: refused, nothing breaks, and nothing is left.
TEST(CatalogImport, WithAnEntryThatTheStoreCannotTakeIsRefused) {
  WorldOptions options = SmallCommits();
  options.limits.max_bytes = 4'000;
  World world(std::move(options));
  v1::Catalog wordy = OffersCatalog();
  wordy.mutable_offers(0)->set_description(std::string(5'000, 'd'));
  EXPECT_EQ(domain::ReasonOf(world.Import(wordy).status()), "WRITE_TOO_LARGE");
  EXPECT_EQ(world.catalogues().Find(kGM)->generation(), 1);
  EXPECT_TRUE(world.Run([](Reading&) -> absl::StatusOr<Decision> { return Decision(); }).ok());
  Sweep(world);
  EXPECT_FALSE(SomethingIsListed(world));
}

TEST(CatalogImport, ARequestIdThatWasUsedForSomethingElseIsRefused) {
  World world;
  v1::SubmitSignalRequest submission = Submission();
  submission.set_request_id(kSomeId);
  domain::Caller steward = Shop();
  steward.id = "steward";
  ASSERT_TRUE(world.Submit(steward, submission).ok());
  EXPECT_EQ(domain::ReasonOf(world.Import(OffersCatalog(), kSomeId).status()), "REQUEST_ID_REUSED");
}

}  // namespace
}  // namespace omzien::commit::testing
