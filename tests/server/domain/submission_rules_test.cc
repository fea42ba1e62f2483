#include "server/domain/submission_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "omzien/v1/catalog_service.pb.h"
#include "omzien/v1/follow_up_service.pb.h"
#include "omzien/v1/referral_service.pb.h"
#include "omzien/v1/signal_service.pb.h"
#include "server/domain/times.h"

namespace omzien::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kSubmitted = absl::FromUnixSeconds(1'795'000'000);
constexpr absl::CivilDay kSubmissionDay(2026, 11, 18);

std::vector<std::string> FieldsOf(const google::protobuf::Message& request) {
  std::vector<FieldViolation> violations;
  CheckRequest(request, kSubmitted, kSubmissionDay, &violations);
  std::vector<std::string> fields;
  for (const FieldViolation& violation : violations) fields.push_back(violation.field);
  return fields;
}

template <typename Request>
struct Ruled {
  const char* what;
  std::function<void(Request&)> change;
  std::vector<std::string> fields;
};

template <typename Request>
void Check(const Request& good, const std::vector<Ruled<Request>>& rows) {
  EXPECT_THAT(FieldsOf(good), IsEmpty());
  for (const auto& row : rows) {
    Request request = good;
    row.change(request);
    EXPECT_EQ(FieldsOf(request), row.fields) << row.what;
  }
}

void SetDay(google::type::Date* date, absl::CivilDay day) {
  date->set_year(static_cast<int>(day.year()));
  date->set_month(day.month());
  date->set_day(day.day());
}

v1::SubmitSignalRequest Submission() {
  v1::SubmitSignalRequest request;
  request.set_parent("municipalities/GM0150");
  request.mutable_signal()->mutable_reach()->set_phone("0570 000000");
  request.mutable_signal()->mutable_place()->set_words("Bathmen");
  return request;
}

v1::Consent Consent(absl::Duration ago) {
  v1::Consent consent;
  consent.set_by_whom(v1::CONSENT_GIVER_PERSON);
  *consent.mutable_when() = TimestampOf(kSubmitted - ago);
  return consent;
}

const std::vector<Ruled<v1::SubmitSignalRequest>> kSubmissions = {
    {"a name alone is no way",
     [](v1::SubmitSignalRequest& r) {
       r.mutable_signal()->mutable_reach()->clear_phone();
       r.mutable_signal()->mutable_reach()->set_person_name("Jo");
       r.mutable_signal()->mutable_reach()->set_signaller_contact("the till");
     },
     {"signal.reach"}},
    {"blank phone",
     [](v1::SubmitSignalRequest& r) { r.mutable_signal()->mutable_reach()->set_phone("  "); },
     {"signal.reach"}},
    {"an address is a way",
     [](v1::SubmitSignalRequest& r) {
       r.mutable_signal()->mutable_reach()->clear_phone();
       r.mutable_signal()->mutable_reach()->set_address("Dorpsstraat");
     },
     {}},
    {"so is the signaller",
     [](v1::SubmitSignalRequest& r) {
       r.mutable_signal()->mutable_reach()->clear_phone();
       r.mutable_signal()->mutable_reach()->set_through_signaller(true);
     },
     {}},
    {"no place",
     [](v1::SubmitSignalRequest& r) { r.mutable_signal()->mutable_place()->clear_words(); },
     {"signal.place"}},
    {"unknown place",
     [](v1::SubmitSignalRequest& r) {
       r.mutable_signal()->mutable_place()->clear_words();
       r.mutable_signal()->mutable_place()->set_unknown(true);
     },
     {}},
    {"unknown and a district",
     [](v1::SubmitSignalRequest& r) {
       r.mutable_signal()->mutable_place()->set_unknown(true);
       r.mutable_signal()->mutable_place()->set_district(
           "municipalities/GM0150/districts/WK015015");
     },
     {"signal.place.unknown"}},
    {"observed today",
     [](v1::SubmitSignalRequest& r) {
       SetDay(r.mutable_signal()->mutable_observed_on(), kSubmissionDay);
     },
     {}},
    {"observed tomorrow",
     [](v1::SubmitSignalRequest& r) {
       SetDay(r.mutable_signal()->mutable_observed_on(), kSubmissionDay + 1);
     },
     {"signal.observed_on"}},
    {"consent now, by a clock that is ahead",
     [](v1::SubmitSignalRequest& r) {
       *r.mutable_signal()->mutable_consent() = Consent(-absl::Seconds(60));
     },
     {}},
    {"consent in the future",
     [](v1::SubmitSignalRequest& r) {
       *r.mutable_signal()->mutable_consent() = Consent(-absl::Seconds(61));
     },
     {"signal.consent.when"}},
    {"consent already withdrawn",
     [](v1::SubmitSignalRequest& r) {
       auto* consent = r.mutable_signal()->mutable_consent();
       *consent = Consent(absl::Hours(1));
       *consent->mutable_withdraw_time() = TimestampOf(kSubmitted);
     },
     {"signal.consent.withdraw_time"}},
    {"consent of someone who doesn't know",
     [](v1::SubmitSignalRequest& r) {
       *r.mutable_signal()->mutable_consent() = Consent(absl::Hours(1));
       r.mutable_signal()->set_person_knows(v1::PERSON_KNOWS_NO);
     },
     {"signal.person_knows"}},
    {"another municipality's district",
     [](v1::SubmitSignalRequest& r) {
       r.mutable_signal()->mutable_place()->set_district(
           "municipalities/GM0177/districts/WK017701");
     },
     {"signal.place.district"}},
    {"two at once",
     [](v1::SubmitSignalRequest& r) {
       r.mutable_signal()->mutable_reach()->clear_phone();
       r.mutable_signal()->mutable_place()->clear_words();
     },
     {"signal.reach", "signal.place"}},
};

TEST(CheckRequest, Submissions) { Check(Submission(), kSubmissions); }

TEST(CheckRequest, BulkSubmissionsNameTheirPath) {
  v1::SubmitSignalsRequest request;
  *request.mutable_submission() = Submission();
  request.mutable_submission()->mutable_signal()->mutable_reach()->clear_phone();
  request.mutable_submission()->mutable_signal()->add_life_events(
      "municipalities/GM0177/lifeEvents/x");
  EXPECT_THAT(FieldsOf(request),
              ElementsAre("submission.signal.reach", "submission.signal.life_events[0]"));
}

v1::RecordContactAttemptRequest Attempt() {
  v1::RecordContactAttemptRequest request;
  request.set_name("municipalities/GM0150/referrals/k7q2m4xp0123abcd-1");
  auto* attempt = request.mutable_attempt();
  attempt->set_with(v1::CONTACT_WITH_PERSON);
  attempt->set_channel(v1::CONTACT_CHANNEL_PHONE);
  attempt->set_result(v1::CONTACT_RESULT_REACHED);
  return request;
}

TEST(CheckRequest, ContactAttempts) {
  using R = v1::RecordContactAttemptRequest;
  Check<R>(
      Attempt(),
      {
          {"in the future",
           [](R& r) {
             *r.mutable_attempt()->mutable_attempt_time() =
                 TimestampOf(kSubmitted + absl::Hours(1));
           },
           {"attempt.attempt_time"}},
          {"next one in the past",
           [](R& r) {
             *r.mutable_attempt()->mutable_next_attempt_time() = TimestampOf(kSubmitted);
           },
           {"attempt.next_attempt_time"}},
          {"incoming without an answer",
           [](R& r) {
             r.mutable_attempt()->set_direction(v1::CONTACT_DIRECTION_INCOMING);
             r.mutable_attempt()->set_result(v1::CONTACT_RESULT_VOICEMAIL);
           },
           {"attempt.result"}},
          {"a letter reaches nobody",
           [](R& r) { r.mutable_attempt()->set_channel(v1::CONTACT_CHANNEL_LETTER); },
           {"attempt.result"}},
          {"the answer to a letter does",
           [](R& r) {
             r.mutable_attempt()->set_channel(v1::CONTACT_CHANNEL_LETTER);
             r.mutable_attempt()->set_direction(v1::CONTACT_DIRECTION_INCOMING);
           },
           {}},
          {"the person agrees that the signaller hears of it",
           [](R& r) { r.mutable_attempt()->set_signaller_may_know(true); },
           {}},
          {"the signaller can't agree to that",
           [](R& r) {
             r.mutable_attempt()->set_signaller_may_know(true);
             r.mutable_attempt()->set_with(v1::CONTACT_WITH_SIGNALLER);
           },
           {"attempt.signaller_may_know"}},
          {"consent on voicemail",
           [](R& r) {
             r.mutable_attempt()->set_result(v1::CONTACT_RESULT_VOICEMAIL);
             *r.mutable_consent() = Consent(absl::Minutes(1));
           },
           {"consent"}},
          {"another municipality's group",
           [](R& r) {
             r.mutable_attempt()->add_target_groups_learnt("municipalities/GM0177/targetGroups/a");
           },
           {"attempt.target_groups_learnt[0]"}},
      });
}

TEST(CheckRequest, OtherReferralRequests) {
  v1::DeclineReferralRequest decline;
  decline.set_reason(v1::DECLINE_REASON_NO_CAPACITY);
  using D = v1::DeclineReferralRequest;
  Check<D>(decline, {{"other", [](D& r) { r.set_reason(v1::DECLINE_REASON_OTHER); }, {"text"}},
                     {"other with text",
                      [](D& r) {
                        r.set_reason(v1::DECLINE_REASON_OTHER);
                        r.set_text("moved office");
                      },
                      {}}});

  v1::CompleteReferralRequest complete;
  complete.set_outcome(v1::OUTCOME_CONNECTED);
  using C = v1::CompleteReferralRequest;
  Check<C>(complete, {{"placed", [](C& r) { r.set_outcome(v1::OUTCOME_PLACED); }, {"outcome"}}});

  v1::PlaceReferralRequest place;
  place.set_name("municipalities/GM0150/referrals/k7q2m4xp0123abcd-1");
  place.add_offers("municipalities/GM0150/offers/a");
  using P = v1::PlaceReferralRequest;
  Check<P>(
      place,
      {{"twice", [](P& r) { r.add_offers(r.offers(0)); }, {"offers[1]"}},
       {"elsewhere", [](P& r) { r.add_offers("municipalities/GM0177/offers/a"); }, {"offers[1]"}}});

  v1::RecordConsentRequest consent;
  *consent.mutable_consent() = Consent(absl::Hours(1));
  using W = v1::RecordConsentRequest;
  Check<W>(consent,
           {{"withdrawn now",
             [](W& r) { *r.mutable_consent()->mutable_withdraw_time() = TimestampOf(kSubmitted); },
             {}},
            {"withdrawn before it was given",
             [](W& r) {
               *r.mutable_consent()->mutable_withdraw_time() =
                   TimestampOf(kSubmitted - absl::Hours(2));
             },
             {"consent.withdraw_time"}}});
}

TEST(CheckRequest, Periods) {
  struct Span {
    int first, last;
    std::vector<std::string> fields;
  };
  for (const Span& span : std::vector<Span>{
           {0, 0, {}}, {0, 3659, {}}, {0, 3660, {"period"}}, {1, 0, {"period.last_day"}}}) {
    v1::GetUnmetDemandRequest request;
    SetDay(request.mutable_period()->mutable_first_day(), kSubmissionDay + span.first);
    SetDay(request.mutable_period()->mutable_last_day(), kSubmissionDay + span.last);
    EXPECT_EQ(FieldsOf(request), span.fields) << span.first << ".." << span.last;
  }
  v1::GetFollowUpSummaryRequest open_ended;
  SetDay(open_ended.mutable_period()->mutable_first_day(), kSubmissionDay);
  EXPECT_THAT(FieldsOf(open_ended), IsEmpty());
}

TEST(CheckRequest, PublicPlaces) {
  v1::GetSignalPointRequest request;
  request.mutable_place();
  EXPECT_THAT(FieldsOf(request), ElementsAre("place"));
  v1::FindOffersRequest find;
  find.mutable_place()->set_postcode("7437");
  EXPECT_THAT(FieldsOf(find), IsEmpty());
}

}  // namespace
}  // namespace omzien::domain
