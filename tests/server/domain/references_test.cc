#include "server/domain/references.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/domain/names.h"
#include "tests/server/domain/test_catalogue.h"

namespace omzien::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The test catalogue, in which origin and health are for professionals.
std::shared_ptr<const Catalogue> WithSensitiveEntries() {
  v1::Catalog catalog = testing::TestCatalog();
  for (auto& group : *catalog.mutable_target_groups()) {
    if (group.id() == "nieuwkomers") group.set_professionals_only(true);
  }
  v1::LifeEvent* const health = catalog.add_life_events();
  *health = catalog.life_events(0);
  health->set_id("gezondheid");
  health->set_professionals_only(true);
  return testing::MustBuild(catalog);
}

std::string Group(const std::string& id) { return TargetGroupName("GM9901", id); }
std::string Event(const std::string& id) { return LifeEventName("GM9901", id); }

std::vector<std::string> Refused(const v1::Signal& signal, v1::SignallerKind kind) {
  std::vector<FieldViolation> violations;
  CheckSignalReferences(*WithSensitiveEntries(), signal, kind, &violations);
  std::vector<std::string> fields;
  for (const auto& violation : violations) fields.push_back(violation.field);
  return fields;
}

TEST(SignalReferences, NamesEverythingThatIsNotThere) {
  v1::Signal signal;
  signal.add_target_groups(Group("ouderen"));
  signal.add_target_groups(Group("weg"));
  signal.add_life_events(Event("weg"));
  signal.mutable_current_support()->set_organisation(OrganisationName("GM9901", "weg"));
  signal.mutable_consent()->add_to_whom(OrganisationName("GM9901", "ontvanger"));
  signal.mutable_consent()->add_to_whom(OrganisationName("GM9901", "weg"));
  EXPECT_THAT(Refused(signal, v1::SIGNALLER_KIND_GP),
              ElementsAre("signal.target_groups[1]", "signal.life_events[0]",
                          "signal.current_support.organisation", "signal.consent.to_whom[1]"));
}

TEST(SignalReferences, OriginAndHealthAreNotForAShopkeeperToState) {
  v1::Signal signal;
  signal.add_target_groups(Group("nieuwkomers"));
  signal.add_life_events(Event("verlies"));
  signal.add_life_events(Event("gezondheid"));
  for (int number = 0; number < v1::SignallerKind_ARRAYSIZE; ++number) {
    const auto kind = static_cast<v1::SignallerKind>(number);
    const bool may = kind == v1::SIGNALLER_KIND_SOCIAL_TEAM || kind == v1::SIGNALLER_KIND_GP ||
                     kind == v1::SIGNALLER_KIND_CARE_PROVIDER ||
                     kind == v1::SIGNALLER_KIND_WELFARE_ORGANISATION ||
                     kind == v1::SIGNALLER_KIND_SELF;
    const auto refused = Refused(signal, kind);
    if (may) {
      EXPECT_THAT(refused, IsEmpty()) << v1::SignallerKind_Name(kind);
    } else {
      EXPECT_THAT(refused, ElementsAre("signal.target_groups[0]", "signal.life_events[1]"))
          << v1::SignallerKind_Name(kind);
    }
  }
}

TEST(SignalReferences, FundingsAreTheMunicipalitys) {
  v1::Signal signal;
  signal.mutable_circumstances()->add_funding("regeling");
  signal.mutable_circumstances()->add_funding("weg");
  EXPECT_THAT(Refused(signal, v1::SIGNALLER_KIND_GP),
              ElementsAre("signal.circumstances.funding[1]"));
}

TEST(SignalReferences, HealthAndIncomeAreNotForAShopkeeperToState) {
  v1::Signal signal;
  v1::Circumstances* const circumstances = signal.mutable_circumstances();
  circumstances->set_mobility(v1::MOBILITY_HOUSEBOUND);
  circumstances->set_digital_skill(v1::DIGITAL_SKILL_NONE);
  circumstances->set_budget(v1::BUDGET_CAN_PAY);
  circumstances->add_funding("regeling");
  EXPECT_THAT(Refused(signal, v1::SIGNALLER_KIND_SHOPKEEPER),
              ElementsAre("signal.circumstances.mobility", "signal.circumstances.budget",
                          "signal.circumstances.funding"));
  EXPECT_THAT(Refused(signal, v1::SIGNALLER_KIND_SELF), IsEmpty());
  circumstances->set_mobility(v1::MOBILITY_GETS_AROUND);
  circumstances->clear_budget();
  circumstances->clear_funding();
  EXPECT_THAT(Refused(signal, v1::SIGNALLER_KIND_SHOPKEEPER), IsEmpty());
}

TEST(AttemptReferences, WhoeverHasContactMayRecordOrigin) {
  v1::ContactAttempt attempt;
  attempt.add_target_groups_learnt(Group("nieuwkomers"));
  std::vector<FieldViolation> violations;
  CheckAttemptReferences(*WithSensitiveEntries(), attempt, "attempt", &violations);
  EXPECT_THAT(violations, IsEmpty());
}

}  // namespace
}  // namespace omzien::domain
