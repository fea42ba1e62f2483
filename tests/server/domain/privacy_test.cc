#include "server/domain/privacy.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/unknown_field_set.h"
#include "google/protobuf/util/message_differencer.h"
#include "omzien/v1/catalog_service.pb.h"
#include "omzien/v1/field_rules.pb.h"
#include "omzien/v1/follow_up_service.pb.h"
#include "omzien/v1/referral_service.pb.h"
#include "omzien/v1/signal_service.pb.h"

namespace omzien::domain {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::util::MessageDifferencer;

// Every message type that can be reached from `type`, outside google.*.
void Reach(const Descriptor* type, std::set<const Descriptor*>* reached) {
  if (!type->full_name().starts_with("omzien.") || !reached->insert(type).second) return;
  for (int i = 0; i < type->field_count(); ++i) {
    if (type->field(i)->message_type() != nullptr) Reach(type->field(i)->message_type(), reached);
  }
}

std::set<const Descriptor*> ServedTypes() {
  std::set<const Descriptor*> types;
  for (const auto* file :
       {v1::Signal::descriptor()->file(), v1::Referral::descriptor()->file(),
        v1::FollowUpCounts::descriptor()->file(), v1::Catalog::descriptor()->file(),
        v1::FindOffersRequest::descriptor()->file()}) {
    for (int i = 0; i < file->message_type_count(); ++i) Reach(file->message_type(i), &types);
  }
  return types;
}

// Text without a class of its own that is no one's: who reads this table decides it once, for good.
const std::set<std::string>& OperationalText() {
  static const auto* const kFields = new std::set<std::string>{
      // Names, titles and sentences that Omzien makes from the catalogue.
      "omzien.v1.Sentence.nl",
      "omzien.v1.Sentence.en",
      "omzien.v1.Proposal.offer",
      "omzien.v1.Proposal.organisation",
      "omzien.v1.Proposal.offer_display_name",
      "omzien.v1.Proposal.organisation_display_name",
      "omzien.v1.FirstContact.organisation",
      "omzien.v1.FirstContact.display_name",
      "omzien.v1.Signal.name",
      "omzien.v1.Signal.reference",
      "omzien.v1.SignalStatus.reference",
      "omzien.v1.Signal.referrals",
      "omzien.v1.Signal.etag",
      "omzien.v1.SubmitSignalResponse.first_contact_display_name",
      "omzien.v1.SignalPoint.Party.organisation",
      "omzien.v1.SignalPoint.Party.display_name",
      "omzien.v1.SignalPoint.Party.contact",
      "omzien.v1.Referral.name",
      "omzien.v1.Referral.signal",
      "omzien.v1.Referral.organisation",
      "omzien.v1.Referral.organisation_display_name",
      "omzien.v1.Referral.offer",
      "omzien.v1.Referral.offer_display_name",
      "omzien.v1.Referral.etag",
      "omzien.v1.Referral.reference",
      "omzien.v1.Referral.handed_over_from",
      "omzien.v1.Referral.handed_over_to",
      "omzien.v1.DistrictFollowUp.district",
      "omzien.v1.DistrictFollowUp.display_name",
      "omzien.v1.UnmetDemandRow.district",
      "omzien.v1.UnmetDemandRow.district_display_name",
      "omzien.v1.UnmetDemandRow.target_groups",
      "omzien.v1.OfferMatch.offer",
      "omzien.v1.OfferMatch.organisation",
      "omzien.v1.OfferMatch.offer_display_name",
      "omzien.v1.OfferMatch.organisation_display_name",
      "omzien.v1.OfferToReview.offer",
      "omzien.v1.OfferToReview.organisation",
      "omzien.v1.OfferToReview.offer_display_name",
      "omzien.v1.OfferToReview.organisation_display_name",
      "omzien.v1.FindOffersResponse.first_contact_organisation",
      "omzien.v1.FindOffersResponse.first_contact_display_name",
      "omzien.v1.ImportCatalogResponse.warnings",
      "omzien.v1.ImportCatalogRequest.yaml",
      "omzien.v1.ExportCatalogResponse.yaml",
      // Copies of matching fields in a referral's view FULL.
      "omzien.v1.PersonDetails.language",
      "omzien.v1.PersonDetails.target_groups",
      "omzien.v1.PersonDetails.life_events",
  };
  return *kFields;
}

bool IsPublicCatalogue(const FieldDescriptor* field) {
  // The catalogue holds what the coalition publishes about itself; its errors are about that.
  static const auto* const kTypes = new std::set<std::string>{
      "Provenance", "Municipality", "District",   "TargetGroup", "Organisation",
      "Team",       "Mandate",      "Offer",      "AreaChange",  "CatalogError",
      "Funding",    "Exclusions",   "Recurrence", "AcuteRule"};
  return kTypes->contains(field->containing_type()->name());
}

bool IsTokenOrEtag(const FieldDescriptor* field) {
  return field->name() == "etag" || field->name().ends_with("page_token");
}

TEST(PrivacyClasses, EveryTextFieldHasAClassAFormOrALineInTheTable) {
  std::set<std::string> used;
  for (const Descriptor* type : ServedTypes()) {
    for (int i = 0; i < type->field_count(); ++i) {
      const FieldDescriptor* field = type->field(i);
      if (field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) continue;
      if (OperationalText().contains(field->full_name())) {
        used.insert(field->full_name());
        continue;
      }
      const v1::FieldRules rules = field->options().GetExtension(v1::rules);
      EXPECT_TRUE(rules.privacy() != v1::PRIVACY_CLASS_UNSPECIFIED ||
                  rules.format() != v1::FIELD_FORMAT_UNSPECIFIED || IsPublicCatalogue(field) ||
                  IsTokenOrEtag(field))
          << field->full_name();
    }
  }
  EXPECT_EQ(used, OperationalText()) << "the table names a field that doesn't exist any more";
}

TEST(PrivacyClasses, FreeTextOfAPersonIsIdentifying) {
  std::set<std::string> identifying;
  for (const Descriptor* type : ServedTypes()) {
    for (int i = 0; i < type->field_count(); ++i) {
      const FieldDescriptor* field = type->field(i);
      if (field->options().GetExtension(v1::rules).privacy() == v1::PRIVACY_CLASS_IDENTIFYING) {
        identifying.insert(field->full_name().substr(std::string("omzien.v1.").size()));
      }
    }
  }
  EXPECT_EQ(identifying, (std::set<std::string>{"Place.postcode",
                                                "Place.words",
                                                "Reach.person_name",
                                                "Reach.phone",
                                                "Reach.address",
                                                "Reach.email",
                                                "Reach.place_and_time",
                                                "Reach.signaller_contact",
                                                "CurrentSupport.description",
                                                "Signal.partner_reference",
                                                "Signal.own_words",
                                                "Signal.preferred_time",
                                                "ContactAttempt.worker",
                                                "ContactAttempt.note",
                                                "PersonDetails.own_words",
                                                "PersonDetails.preferred_time",
                                                "DeclineReferralRequest.text",
                                                "PlaceReferralRequest.departure_reason",
                                                "CompleteReferralRequest.note",
                                                "WithdrawSignalRequest.reason",
                                                "ReopenSignalRequest.reason",
                                                "RedirectSignalRequest.taken_over_by",
                                                "FailReferralRequest.text",
                                                "HandOverReferralRequest.note",
                                                "TakeBackReferralRequest.reason",
                                                "PersonDetails.hand_over_note",
                                                "AskSignallerRequest.text",
                                                "AnswerQuestionRequest.text",
                                                "AnswerQuestionByCodeRequest.code",
                                                "AnswerQuestionByCodeRequest.text",
                                                "GetSignalStatusRequest.code",
                                                "SubmitSignalResponse.code",
                                                "SignalQuestion.text",
                                                "SignalQuestion.answer",
                                                "QuestionAndAnswer.question",
                                                "QuestionAndAnswer.answer"}));
}

bool HasIdentifyingBelow(const Descriptor* type) {
  std::set<const Descriptor*> types;
  Reach(type, &types);
  for (const Descriptor* reached : types) {
    for (int i = 0; i < reached->field_count(); ++i) {
      if (reached->field(i)->options().GetExtension(v1::rules).privacy() ==
          v1::PRIVACY_CLASS_IDENTIFYING) {
        return true;
      }
    }
  }
  return false;
}

TEST(PrivacyClasses, NoSplitRecordHasIdentifyingFieldsInsideAList) {
  for (const Descriptor* record : {v1::Signal::descriptor(), v1::ContactAttempt::descriptor()}) {
    std::set<const Descriptor*> types;
    Reach(record, &types);
    for (const Descriptor* type : types) {
      for (int i = 0; i < type->field_count(); ++i) {
        const FieldDescriptor* field = type->field(i);
        if (!field->is_repeated() || field->message_type() == nullptr) continue;
        EXPECT_FALSE(HasIdentifyingBelow(field->message_type())) << field->full_name();
      }
    }
  }
}

v1::Signal FullSignal() {
  v1::Signal signal;
  signal.set_partner_reference("canary-reference");
  signal.mutable_reach()->set_person_name("canary-name");
  signal.mutable_reach()->set_phone("canary-phone");
  signal.mutable_reach()->set_address("canary-address");
  signal.mutable_reach()->set_through_signaller(true);
  signal.mutable_place()->set_postcode("7437 AB");
  signal.mutable_place()->set_words("canary-place");
  signal.mutable_place()->set_district("municipalities/GM0150/districts/WK015015");
  signal.set_own_words("canary-words");
  signal.mutable_current_support()->set_description("canary-support");
  signal.set_need(v1::NEED_VISIT);
  signal.set_language("nl");
  signal.add_districts()->set_display_name("Bathmen");
  return signal;
}

TEST(MoveIdentifying, SplitsAndRestores) {
  v1::Signal whole = FullSignal();
  CoarsenPlace(whole.mutable_place());
  v1::Signal clear = whole;
  v1::Signal identifying;
  EXPECT_TRUE(MoveIdentifying(&clear, &identifying));

  EXPECT_FALSE(HoldsIdentifying(clear));
  EXPECT_EQ(clear.SerializeAsString().find("canary"), std::string::npos);
  EXPECT_EQ(clear.place().postcode_area(), "7437");
  EXPECT_EQ(clear.place().postcode(), "");
  EXPECT_EQ(clear.need(), v1::NEED_VISIT);
  EXPECT_TRUE(clear.reach().through_signaller());
  EXPECT_EQ(clear.districts_size(), 1);

  EXPECT_EQ(identifying.own_words(), "canary-words");
  EXPECT_EQ(identifying.need(), v1::NEED_UNSPECIFIED);
  EXPECT_EQ(identifying.place().district(), "");

  clear.MergeFrom(identifying);
  EXPECT_TRUE(MessageDifferencer::Equals(clear, whole));
}

TEST(MoveIdentifying, LeavesAMessageWithoutPersonalDataAlone) {
  v1::ContactAttempt attempt;
  attempt.set_with(v1::CONTACT_WITH_PERSON);
  attempt.add_target_groups_learnt("municipalities/GM0150/targetGroups/65-plus");
  attempt.mutable_attempt_time()->set_seconds(5);
  const v1::ContactAttempt before = attempt;
  v1::ContactAttempt identifying;
  EXPECT_FALSE(MoveIdentifying(&attempt, &identifying));
  EXPECT_TRUE(MessageDifferencer::Equals(attempt, before));
  EXPECT_EQ(identifying.ByteSizeLong(), 0u);
}

void AddUnknown(google::protobuf::Message* message) {
  message->GetReflection()->MutableUnknownFields(message)->AddLengthDelimited(
      60'000, "canary-of-a-newer-contract");
}

TEST(MoveIdentifying, DropsWhatTheContractDoesntKnow) {
  using Where = google::protobuf::Message* (*)(v1::Signal*);
  constexpr Where kWhere[] = {
      [](v1::Signal* signal) -> google::protobuf::Message* { return signal; },
      [](v1::Signal* signal) -> google::protobuf::Message* { return signal->mutable_reach(); },
      [](v1::Signal* signal) -> google::protobuf::Message* { return signal->mutable_place(); },
      [](v1::Signal* signal) -> google::protobuf::Message* { return signal->mutable_consent(); },
      [](v1::Signal* signal) -> google::protobuf::Message* { return signal->add_districts(); },
  };
  for (const Where where : kWhere) {
    v1::Signal clear = FullSignal();
    AddUnknown(where(&clear));
    EXPECT_TRUE(HoldsIdentifying(clear));
    v1::Signal identifying;
    MoveIdentifying(&clear, &identifying);
    EXPECT_FALSE(HoldsIdentifying(clear));
    const std::string both = clear.SerializeAsString() + identifying.SerializeAsString();
    EXPECT_EQ(both.find("newer-contract"), std::string::npos);
  }
}

TEST(CoarsenPlace, KeepsFourDigitsOnly) {
  const std::map<std::string, std::string> areas = {
      {"7437", "7437"}, {"7437 AB", "7437"}, {"7437AB", "7437"}, {"", ""}, {"74", ""}};
  for (const auto& [postcode, area] : areas) {
    v1::Place place;
    place.set_postcode(postcode);
    CoarsenPlace(&place);
    EXPECT_EQ(place.postcode_area(), area) << postcode;
  }
}

}  // namespace
}  // namespace omzien::domain
