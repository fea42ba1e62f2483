#include "server/commit/catalogues.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "google/protobuf/util/message_differencer.h"
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
  EXPECT_TRUE(MessageDifferencer::Equals(found->Whole(), FullCatalog()));
  EXPECT_EQ(found->generation(), 1);
  EXPECT_EQ(world.catalogues().Find("GM9902"), nullptr);
}

}  // namespace
}  // namespace omzien::commit::testing
