#include "server/domain/validation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <thread>
#include <utility>

#include "google/api/field_behavior.pb.h"
#include "google/protobuf/descriptor.h"
#include "omzien/v1/catalog_service.pb.h"
#include "omzien/v1/follow_up_service.pb.h"
#include "omzien/v1/referral_service.pb.h"
#include "omzien/v1/signal_service.pb.h"

namespace omzien::domain {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kUuid[] = "0b9f1c1e-7c3d-4a8e-9a57-3f1b2c4d5e6f";

v1::SubmitSignalRequest Good() {
  v1::SubmitSignalRequest request;
  request.set_parent("municipalities/GM0150");
  request.set_request_id(kUuid);
  request.mutable_signal()->set_own_words("Comes by every day, seems alone.");
  request.mutable_signal()->mutable_reach()->set_through_signaller(true);
  request.mutable_signal()->mutable_place()->set_words("Bathmen");
  return request;
}

std::vector<std::string> PathsOf(const google::protobuf::Message& request) {
  std::vector<FieldViolation> violations;
  Validate(request, &violations);
  std::vector<std::string> fields;
  for (const FieldViolation& violation : violations) fields.push_back(violation.field);
  return fields;
}

TEST(Validate, AMinimalSubmissionPasses) { EXPECT_THAT(PathsOf(Good()), IsEmpty()); }

TEST(Validate, ReportsAllThatIsMissingAtOnce) {
  EXPECT_THAT(PathsOf(v1::SubmitSignalRequest()), ElementsAre("parent", "signal", "request_id"));
  v1::SubmitSignalRequest request;
  request.mutable_signal();
  EXPECT_THAT(PathsOf(request), ElementsAre("parent", "signal.reach", "signal.place",
                                            "signal.own_words", "request_id"));
}

constexpr char kGroup[] = "municipalities/GM0150/targetGroups/65-plus";

struct Case {
  const char* what;
  std::function<void(v1::SubmitSignalRequest&)> change;
  const char* field;  // null: passes
};

std::string Repeat(const std::string& text, int times) {
  std::string repeated;
  for (int i = 0; i < times; ++i) repeated += text;
  return repeated;
}

const std::vector<Case> kOneFieldAtATime = {
    {"blank words", [](auto& r) { r.mutable_signal()->set_own_words(" \n\t "); },
     "signal.own_words"},
    {"2000 two-byte characters",
     [](auto& r) { r.mutable_signal()->set_own_words(Repeat("é", 2000)); }, nullptr},
    {"2001 characters", [](auto& r) { r.mutable_signal()->set_own_words(Repeat("é", 2001)); },
     "signal.own_words"},
    {"bad parent", [](auto& r) { r.set_parent("GM0150"); }, "parent"},
    {"bad uuid", [](auto& r) { r.set_request_id("0b9f1c1e7c3d4a8e9a573f1b2c4d5e6f"); },
     "request_id"},
    {"third group malformed",
     [](auto& r) {
       r.mutable_signal()->add_target_groups(kGroup);
       r.mutable_signal()->add_target_groups(kGroup);
       r.mutable_signal()->add_target_groups("65-plus");
     },
     "signal.target_groups[2]"},
    {"empty group", [](auto& r) { r.mutable_signal()->add_target_groups(""); },
     "signal.target_groups[0]"},
    {"eleven malformed groups are one violation",
     [](auto& r) {
       for (int i = 0; i < 11; ++i) r.mutable_signal()->add_target_groups("x");
     },
     "signal.target_groups"},
    {"unknown enum number",
     [](auto& r) { r.mutable_signal()->set_need(static_cast<v1::Need>(99)); }, "signal.need"},
    {"unset enum", [](auto& r) { r.mutable_signal()->set_need(v1::NEED_UNSPECIFIED); }, nullptr},
    {"nested required enum",
     [](auto& r) { r.mutable_signal()->mutable_consent()->mutable_when()->set_seconds(1); },
     "signal.consent.by_whom"},
    {"unspecified in a list",
     [](auto& r) {
       auto* consent = r.mutable_signal()->mutable_consent();
       consent->mutable_when()->set_seconds(1);
       consent->set_by_whom(v1::CONSENT_GIVER_PERSON);
       consent->add_what(v1::CONSENT_SCOPE_UNSPECIFIED);
     },
     "signal.consent.what[0]"},
    {"31 April",
     [](auto& r) {
       auto* day = r.mutable_signal()->mutable_observed_on();
       day->set_year(2026), day->set_month(4), day->set_day(31);
     },
     "signal.observed_on"},
    {"29 February 2028",
     [](auto& r) {
       auto* day = r.mutable_signal()->mutable_observed_on();
       day->set_year(2028), day->set_month(2), day->set_day(29);
     },
     nullptr},
    {"a month only",
     [](auto& r) {
       auto* day = r.mutable_signal()->mutable_observed_on();
       day->set_year(2026), day->set_month(4);
     },
     "signal.observed_on"},
    {"negative month",
     [](auto& r) {
       auto* day = r.mutable_signal()->mutable_observed_on();
       day->set_year(2026), day->set_month(-2147483647), day->set_day(1);
     },
     "signal.observed_on"},
    {"time out of range",
     [](auto& r) {
       auto* consent = r.mutable_signal()->mutable_consent();
       consent->set_by_whom(v1::CONSENT_GIVER_PERSON);
       consent->mutable_when()->set_seconds(int64_t{1} << 60);
     },
     "signal.consent.when"},
    {"negative nanos",
     [](auto& r) {
       auto* consent = r.mutable_signal()->mutable_consent();
       consent->set_by_whom(v1::CONSENT_GIVER_PERSON);
       consent->mutable_when()->set_nanos(-1);
     },
     "signal.consent.when"},
    {"an output field is ignored", [](auto& r) { r.mutable_signal()->set_name("nonsense"); },
     nullptr},
    {"an unknown number in an output field is ignored",
     [](auto& r) { r.mutable_signal()->set_state(static_cast<v1::SignalState>(77)); }, nullptr},
};

TEST(Validate, OneFieldAtATime) {
  for (const Case& c : kOneFieldAtATime) {
    v1::SubmitSignalRequest request = Good();
    c.change(request);
    const auto fields = PathsOf(request);
    if (c.field == nullptr) {
      EXPECT_THAT(fields, IsEmpty()) << c.what;
    } else {
      EXPECT_THAT(fields, ElementsAre(c.field)) << c.what;
    }
  }
}

TEST(Validate, PageSizes) {
  for (const auto& [size, passes] : {std::pair{0, true},
                                     {1, true},
                                     {200, true},
                                     {201, false},
                                     {-1, false},
                                     {-2147483647 - 1, false}}) {
    v1::ListReferralsRequest request;
    request.set_parent("municipalities/GM0150");
    request.set_page_size(size);
    EXPECT_EQ(PathsOf(request).empty(), passes) << size;
  }
}

TEST(Validate, DescriptionsNeverRepeatTheValue) {
  v1::SubmitSignalRequest request = Good();
  request.set_parent("canary");
  request.set_request_id("canary");
  request.mutable_signal()->mutable_place()->set_postcode("canary");
  request.mutable_signal()->set_language("canary-canary-canary");
  request.mutable_signal()->mutable_reach()->set_phone(Repeat("canary", 10));
  std::vector<FieldViolation> violations;
  Validate(request, &violations);
  EXPECT_EQ(violations.size(), 5u);
  for (const FieldViolation& violation : violations) {
    EXPECT_EQ(violation.description.find("canary"), std::string::npos);
  }
}

TEST(HasFormat, Forms) {
  struct Row {
    v1::FieldFormat format;
    std::string text;
    bool fits;
  };
  const std::vector<Row> rows = {
      {v1::FIELD_FORMAT_UUID, kUuid, true},
      {v1::FIELD_FORMAT_UUID, "0B9F1C1E-7C3D-4A8E-9A57-3F1B2C4D5E6F", true},
      {v1::FIELD_FORMAT_UUID, "0b9f1c1e-7c3d-4a8e-9a57-3f1b2c4d5e6", false},
      {v1::FIELD_FORMAT_UUID, "0b9f1c1eg7c3d-4a8e-9a57-3f1b2c4d5e6f", false},
      {v1::FIELD_FORMAT_LANGUAGE, "nl", true},
      {v1::FIELD_FORMAT_LANGUAGE, "pap", true},
      {v1::FIELD_FORMAT_LANGUAGE, "zh-Hant", true},
      {v1::FIELD_FORMAT_LANGUAGE, "n", false},
      {v1::FIELD_FORMAT_LANGUAGE, "dutch", false},
      {v1::FIELD_FORMAT_LANGUAGE, "nl-", false},
      {v1::FIELD_FORMAT_LANGUAGE, "nl_NL", false},
      {v1::FIELD_FORMAT_LANGUAGE, "nl-" + std::string(9, 'a'), false},
      {v1::FIELD_FORMAT_POSTCODE, "7437", true},
      {v1::FIELD_FORMAT_POSTCODE, "7437 AB", true},
      {v1::FIELD_FORMAT_POSTCODE, "7437ab", true},
      {v1::FIELD_FORMAT_POSTCODE, "0437", false},
      {v1::FIELD_FORMAT_POSTCODE, "743", false},
      {v1::FIELD_FORMAT_POSTCODE, "7437 ", false},
      {v1::FIELD_FORMAT_POSTCODE, "7437  AB", false},
      {v1::FIELD_FORMAT_POSTCODE, "7437 A1", false},
      {v1::FIELD_FORMAT_SLUG, "buur-en-zo", true},
      {v1::FIELD_FORMAT_SLUG, "-buur", false},
      {v1::FIELD_FORMAT_AREA_CODE, "GM0150", true},
      {v1::FIELD_FORMAT_AREA_CODE, "WK015015", true},
      {v1::FIELD_FORMAT_AREA_CODE, "BU01501501", true},
      {v1::FIELD_FORMAT_AREA_CODE, "BU0150", false},
      {v1::FIELD_FORMAT_TIME_ZONE, "Europe/Amsterdam", true},
      {v1::FIELD_FORMAT_TIME_ZONE, "UTC", true},
      {v1::FIELD_FORMAT_TIME_ZONE, "../../etc/passwd", false},
      {v1::FIELD_FORMAT_TIME_ZONE, "/Europe", false},
      {v1::FIELD_FORMAT_TIME_ZONE, "Europe/", false},
      {v1::FIELD_FORMAT_MUNICIPALITY_NAME, "municipalities/GM0150", true},
      {v1::FIELD_FORMAT_DISTRICT_NAME, "municipalities/GM0150/districts/BU01501501", true},
      {v1::FIELD_FORMAT_DISTRICT_NAME, "municipalities/GM0150/districts/GM0150", false},
      {static_cast<v1::FieldFormat>(99), "x", false},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(HasFormat(row.text, row.format), row.fits)
        << v1::FieldFormat_Name(row.format) << " " << row.text;
  }
}

TEST(CheckMunicipality, NamesOfAnotherMunicipalityAreRefused) {
  v1::SubmitSignalRequest request = Good();
  auto* signal = request.mutable_signal();
  signal->set_organisation("municipalities/GM0150/organisations/shop");
  signal->add_target_groups("municipalities/GM0150/targetGroups/a");
  signal->add_target_groups("municipalities/GM0177/targetGroups/a");
  signal->mutable_place()->set_district("municipalities/GM0177/districts/WK017701");
  signal->mutable_consent()->add_to_whom("municipalities/GM0177/organisations/b");
  std::vector<FieldViolation> violations;
  CheckMunicipality(request, &violations);
  std::vector<std::string> fields;
  for (const FieldViolation& violation : violations) fields.push_back(violation.field);
  EXPECT_THAT(fields, ElementsAre("signal.consent.to_whom[0]", "signal.place.district",
                                  "signal.target_groups[1]"));
}

TEST(ClearOutputOnly, KeepsOnlyWhatAClientMaySet) {
  v1::SubmitSignalRequest request = Good();
  const std::string before = request.SerializeAsString();
  request.mutable_signal()->set_name("x");
  request.mutable_signal()->set_state(v1::SIGNAL_STATE_CLOSED);
  request.mutable_signal()->add_proposals()->set_offer("x");
  request.mutable_signal()->mutable_place()->set_postcode_area("7437");
  request.mutable_signal()->set_revision(7);
  ClearOutputOnly(&request);
  EXPECT_EQ(request.SerializeAsString(), before);
}

// What the walk assumes of the contract.
void CheckContract(const Descriptor* type, std::set<const Descriptor*>* seen) {
  if (!type->full_name().starts_with("omzien.") || !seen->insert(type).second) return;
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    bool output_only = false;
    for (int b = 0; b < field->options().ExtensionSize(google::api::field_behavior); ++b) {
      output_only |=
          field->options().GetExtension(google::api::field_behavior, b) == google::api::OUTPUT_ONLY;
    }
    if (output_only) continue;
    const v1::FieldRules rules = field->options().GetExtension(v1::rules);
    const auto kind = field->cpp_type();
    EXPECT_TRUE(kind == FieldDescriptor::CPPTYPE_STRING || kind == FieldDescriptor::CPPTYPE_ENUM ||
                kind == FieldDescriptor::CPPTYPE_MESSAGE || kind == FieldDescriptor::CPPTYPE_BOOL ||
                kind == FieldDescriptor::CPPTYPE_INT32 || kind == FieldDescriptor::CPPTYPE_INT64 ||
                kind == FieldDescriptor::CPPTYPE_UINT32)
        << field->full_name();
    if (kind == FieldDescriptor::CPPTYPE_STRING && type != v1::Sentence::descriptor()) {
      EXPECT_TRUE(rules.max_chars() > 0 || rules.format() != v1::FIELD_FORMAT_UNSPECIFIED)
          << field->full_name() << " has no limit";
    }
    if (field->is_repeated()) {
      EXPECT_GT(rules.max_items(), 0u) << field->full_name() << " has no limit";
      EXPECT_TRUE(kind == FieldDescriptor::CPPTYPE_STRING ||
                  kind == FieldDescriptor::CPPTYPE_ENUM || kind == FieldDescriptor::CPPTYPE_MESSAGE)
          << field->full_name();
    }
    if (field->message_type() != nullptr) CheckContract(field->message_type(), seen);
  }
}

TEST(Contract, EveryFieldThatAClientSetsHasALimit) {
  std::set<const Descriptor*> seen;
  for (const auto* file :
       {v1::Signal::descriptor()->file(), v1::Referral::descriptor()->file(),
        v1::FollowUpCounts::descriptor()->file(), v1::Catalog::descriptor()->file(),
        v1::FindOffersRequest::descriptor()->file()}) {
    for (int i = 0; i < file->message_type_count(); ++i) {
      if (file->message_type(i)->name().ends_with("Request")) {
        CheckContract(file->message_type(i), &seen);
      }
    }
  }
}

TEST(Validate, ManyThreadsMayStartAtOnce) {
  std::vector<std::thread> threads;
  std::vector<size_t> found(4);
  for (size_t i = 0; i < found.size(); ++i) {
    threads.emplace_back([&found, i] {
      v1::ImportCatalogRequest request;
      request.mutable_catalog()->add_offers();
      found[i] = PathsOf(request).size();
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const size_t count : found) EXPECT_EQ(count, found[0]);
  EXPECT_GT(found[0], 5u);
}

}  // namespace
}  // namespace omzien::domain
