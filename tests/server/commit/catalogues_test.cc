#include "server/commit/catalogues.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "google/protobuf/util/message_differencer.h"
#include "server/domain/errors.h"
#include "storage/blocking.h"
#include "storage/keys.h"
#include "tests/server/commit/world.h"
#include "tests/server/domain/test_catalogue.h"

namespace omzien::commit::testing {
namespace {

using google::protobuf::util::MessageDifferencer;

v1::Catalog FullCatalog() {
  v1::Catalog catalog = OffersCatalog();
  v1::Mandate* mandate = catalog.add_mandates();
  mandate->set_organisation("dorpsteam");
  mandate->add_districts("WK990102");
  mandate->mutable_since()->set_year(2024);
  mandate->mutable_since()->set_month(1);
  mandate->mutable_since()->set_day(1);
  mandate->set_data_agreement("VB-2024-1");
  domain::testing::AddAreaChange(catalog, "WK990191", 2020, {"WK990101"}, 2021);
  return catalog;
}

// Of the municipality, whatever the generation.
size_t EntryRows(World& world, int64_t generation) {
  const std::string prefix = storage::keys::CatalogEntryPrefix(kGM, generation);
  auto rows = storage::ScanNow(*world.cases().GetSnapshot(),
                               {prefix, storage::keys::PrefixEnd(prefix), 100'000});
  return rows.ok() ? rows->size() : 0;
}

TEST(Catalogues, EntriesHoldTheWholeCatalogue) {
  const v1::Catalog catalog = FullCatalog();
  // A kind of entry that neither function knows would be lost.
  const auto* descriptor = v1::Catalog::descriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const auto* field = descriptor->field(i);
    const auto* reflection = catalog.GetReflection();
    EXPECT_TRUE(field->is_repeated() ? reflection->FieldSize(catalog, field) > 0
                                     : reflection->HasField(catalog, field))
        << "the test's catalogue has no " << field->name();
  }
  v1::Catalog back;
  for (const storage::v1::CatalogEntry& entry : EntriesOf(catalog)) AddEntry(entry, &back);
  EXPECT_TRUE(MessageDifferencer::Equals(catalog, back));
}

TEST(Catalogues, AreThereAgainAfterReopening) {
  WorldOptions options;
  options.catalog = FullCatalog();
  World world(options);
  world.Reopen();
  const auto found = world.catalogues().Find(kGM);
  ASSERT_NE(found, nullptr);
  EXPECT_TRUE(MessageDifferencer::Equals(found->proto(), FullCatalog()));
  EXPECT_EQ(found->generation(), 1);
  EXPECT_EQ(world.catalogues().Find("GM9902"), nullptr);
}

TEST(Catalogues, AnImportReplacesTheOneBeforeAndLeavesNothingOfIt) {
  World world;
  const auto before = world.catalogues().Find(kGM);
  v1::Catalog smaller = OffersCatalog();
  smaller.mutable_offers()->DeleteSubrange(3, 3);
  ASSERT_TRUE(world.Import(smaller).ok());
  EXPECT_EQ(world.catalogues().Find(kGM)->generation(), 2);
  EXPECT_EQ(EntryRows(world, 1), 0u);
  EXPECT_EQ(EntryRows(world, 2), EntriesOf(smaller).size());
  world.Reopen();
  EXPECT_TRUE(MessageDifferencer::Equals(world.catalogues().Find(kGM)->proto(), smaller));
  // Whoever held the old one keeps it.
  EXPECT_EQ(before->generation(), 1);
  EXPECT_NE(before->offer("klusje"), nullptr);
}

TEST(Catalogues, AnImportIsInForceWhenItIsAnsweredAndNotBeforeItIsDurable) {
  World world;
  v1::Catalog renamed = OffersCatalog();
  renamed.mutable_offers(0)->set_display_name("Nieuw");
  world.cases().Close();
  absl::StatusOr<std::string> answer = absl::UnknownError("none yet");
  std::thread importing([&] { answer = world.Import(renamed); });
  world.cases().AwaitHeld(1);
  EXPECT_EQ(world.catalogues().Find(kGM)->generation(), 1);
  world.cases().Open();
  importing.join();
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(world.catalogues().Find(kGM)->offer("bezoek")->display_name(), "Nieuw");
}

TEST(Catalogues, AnImportThatTheStoreCannotTakeIsRefusedAndNothingBreaks) {
  WorldOptions options;
  options.catalog.Clear();
  options.limits = {.max_operations = 20, .max_bytes = 100'000};
  World world(std::move(options));
  EXPECT_EQ(domain::ReasonOf(world.Import(OffersCatalog()).status()), "WRITE_TOO_LARGE");
  EXPECT_EQ(world.catalogues().Find(kGM), nullptr);
  EXPECT_TRUE(world.Run([](Reading&) -> absl::StatusOr<Decision> { return Decision(); }).ok());
}

}  // namespace
}  // namespace omzien::commit::testing
