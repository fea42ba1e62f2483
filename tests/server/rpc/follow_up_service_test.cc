// What a coordinator reads of a story that is counted by hand.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "omzien/v1/follow_up_service.pb.h"
#include "server/domain/days.h"
#include "server/domain/errors.h"
#include "server/domain/names.h"
#include "tests/server/rpc/office.h"

namespace omzien::rpc::testing {
namespace {

using commit::testing::Attempt;
using commit::testing::kGM;
using commit::testing::Shop;
using commit::testing::Submission;
using commit::testing::Team;
using commit::testing::Village;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

template <class Request>
Request OfMunicipality() {
  Request request;
  request.set_parent(domain::MunicipalityName(kGM));
  return request;
}

v1::FollowUpSummary Summary(Office& office, const v1::GetFollowUpSummaryRequest& request =
                                                OfMunicipality<v1::GetFollowUpSummaryRequest>()) {
  auto summary =
      office.Ask<v1::FollowUpSummary>(Coordinator(), "FollowUpService/GetFollowUpSummary", request);
  EXPECT_TRUE(summary.ok()) << summary.status();
  return summary.ok() ? *summary : v1::FollowUpSummary();
}

std::vector<std::string> Overdue(Office& office) {
  auto page = office.Ask<v1::ListOverdueReferralsResponse>(
      Coordinator(), "FollowUpService/ListOverdueReferrals",
      OfMunicipality<v1::ListOverdueReferralsRequest>());
  EXPECT_TRUE(page.ok()) << page.status();
  std::vector<std::string> names;
  for (const auto& referral : page->referrals()) {
    EXPECT_TRUE(referral.overdue()) << referral.name();
    names.push_back(referral.name());
  }
  return names;
}

void Reach(Office& office, const std::string& signal) {
  v1::RecordContactAttemptRequest request;
  request.set_name(Office::FirstReferral(signal));
  *request.mutable_attempt() = Attempt();
  auto answer = office.Ask<v1::Referral>(Team(), "ReferralService/RecordContactAttempt", request);
  ASSERT_TRUE(answer.ok()) << answer.status();
}

template <class Message>
::testing::AssertionResult Is(const Message& found, const std::string& text) {
  Message expected;
  if (!google::protobuf::TextFormat::ParseFromString(text, &expected)) {
    return ::testing::AssertionFailure() << "the test's text can't be read";
  }
  std::string difference;
  google::protobuf::util::MessageDifferencer differencer;
  differencer.ReportDifferencesToString(&difference);
  if (differencer.Compare(expected, found)) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << difference;
}

// Five signals on one day:
//   elder     in Kern; reached the same day
//   consented an elder in Heidedorp; straight to dorpskoffie, which accepts
//   lost      place unknown; nobody does anything
//   withdrawn in Kern, speaks Tigrinya; withdrawn
//   late      in Heidedorp, speaks Tigrinya; reached five days later, too late
// and a sixth two days after, in Kern, of which nothing is known.
class FollowUp : public ::testing::Test {
 protected:
  FollowUp() {
    elder_ = Submit("WK990101", v1::AGE_BAND_65_PLUS, "", false);
    consented_ = Submit("WK990102", v1::AGE_BAND_65_PLUS, "", true);
    lost_ = Submit("", v1::AGE_BAND_UNSPECIFIED, "", false);
    withdrawn_ = Submit("WK990101", v1::AGE_BAND_UNSPECIFIED, "ti", false);
    late_ = Submit("BU99010202", v1::AGE_BAND_UNSPECIFIED, "ti", false);
    Reach(office_, elder_);
    v1::AcceptReferralRequest accept;
    accept.set_name(Office::FirstReferral(consented_));
    EXPECT_TRUE(
        office_.Ask<v1::Referral>(Village(), "ReferralService/AcceptReferral", accept).ok());
    v1::WithdrawSignalRequest withdraw;
    withdraw.set_name(withdrawn_);
    EXPECT_TRUE(office_.Ask<v1::Signal>(Shop(), "SignalService/WithdrawSignal", withdraw).ok());
    office_.Advance(absl::Hours(48));
    Submit("WK990101", v1::AGE_BAND_UNSPECIFIED, "", false);
  }

  std::string Submit(std::string_view district, v1::AgeBand age_band, const std::string& language,
                     bool consent) {
    v1::SubmitSignalRequest request = Submission(district);
    request.mutable_signal()->set_need(v1::NEED_VISIT);
    request.mutable_signal()->set_age_band(age_band);
    request.mutable_signal()->set_language(language);
    if (consent) *request.mutable_signal()->mutable_consent() = commit::testing::Consent();
    return office_.Submit(Shop(), request);
  }

  void ReachTheLateOne() {
    office_.Advance(absl::Hours(72));
    Reach(office_, late_);
  }

  Office office_;
  std::string elder_, consented_, lost_, withdrawn_, late_;
};

TEST_F(FollowUp, SummaryCountsTheStory) {
  ReachTheLateOne();
  const v1::FollowUpSummary summary = Summary(office_);
  EXPECT_TRUE(Is(summary.total(),
                 "received: 6 picked_up: 3 contact_made: 2 contact_in_time: 1 placed: 1 open: 5 "
                 "withdrawn: 1 unmet { degree: UNMET_DEGREE_ONLY_GENERAL count: 2 }"));
  ASSERT_EQ(summary.districts_size(), 3);
  EXPECT_EQ(summary.districts(0).display_name(), "Kern");
  EXPECT_TRUE(Is(summary.districts(0).counts(),
                 "received: 3 picked_up: 1 contact_made: 1 contact_in_time: 1 open: 2 "
                 "withdrawn: 1 unmet { degree: UNMET_DEGREE_ONLY_GENERAL count: 1 }"));
  EXPECT_EQ(summary.districts(1).district(), domain::DistrictName(kGM, "WK990102"));
  EXPECT_TRUE(Is(summary.districts(1).counts(),
                 "received: 2 picked_up: 2 contact_made: 1 placed: 1 open: 2 "
                 "unmet { degree: UNMET_DEGREE_ONLY_GENERAL count: 1 }"));
  // Where the place isn't certain: last, without a name.
  EXPECT_EQ(summary.districts(2).district(), "");
  EXPECT_TRUE(Is(summary.districts(2).counts(), "received: 1 open: 1"));
  EXPECT_GT(summary.revision(), 0);
}

TEST_F(FollowUp, SummaryIsTheSameAfterAReopen) {
  ReachTheLateOne();
  // Opening escalates what is late, beside those who ask: two.
  office_.Reopen();
  v1::FollowUpSummary before = Summary(office_);
  for (const absl::Time until = absl::Now() + absl::Seconds(20);
       before.total().escalated() < 2 && absl::Now() < until;) {
    before = Summary(office_);
  }
  office_.Reopen();
  const v1::FollowUpSummary after = Summary(office_);
  before.set_revision(after.revision());
  EXPECT_EQ(before.SerializeAsString(), after.SerializeAsString());
}

TEST_F(FollowUp, SummaryKeepsToADistrict) {
  auto request = OfMunicipality<v1::GetFollowUpSummaryRequest>();
  request.set_district(domain::DistrictName(kGM, "WK990102"));
  const v1::FollowUpSummary summary = Summary(office_, request);
  EXPECT_EQ(summary.total().received(), 2);
  EXPECT_EQ(summary.districts_size(), 1);
  for (const char* wrong : {"BU99010202", "WK990199"}) {
    request.set_district(domain::DistrictName(kGM, wrong));
    EXPECT_EQ(domain::ReasonOf(office_
                                   .Ask<v1::FollowUpSummary>(
                                       Coordinator(), "FollowUpService/GetFollowUpSummary", request)
                                   .status()),
              "INVALID_FIELDS")
        << wrong;
  }
}

TEST_F(FollowUp, SummaryKeepsToDaysOfReceipt) {
  const absl::TimeZone zone = office_.backend().catalogues->Find(kGM)->time_zone();
  const absl::CivilDay last = domain::Today(office_.now(), zone);
  struct Case {
    std::optional<absl::CivilDay> first, last;
    int64_t received;
  };
  for (const auto& [first_day, last_day, received] : {
           Case{last, std::nullopt, 1},
           Case{std::nullopt, last - 1, 5},
           Case{last - 2, last - 2, 5},
           Case{last - 2, last, 6},
           Case{last - 1, last - 1, 0},
       }) {
    auto request = OfMunicipality<v1::GetFollowUpSummaryRequest>();
    v1::Period* period = request.mutable_period();
    if (first_day) *period->mutable_first_day() = domain::DateOfDay(*first_day);
    if (last_day) *period->mutable_last_day() = domain::DateOfDay(*last_day);
    EXPECT_EQ(Summary(office_, request).total().received(), received) << period->ShortDebugString();
  }
}

TEST_F(FollowUp, OverdueIsWhatNobodyReachedInTimeAndNothingElse) {
  EXPECT_THAT(Overdue(office_), IsEmpty());
  EXPECT_EQ(Summary(office_).overdue(), 0);
  // Three whole days after that of receipt are over; the sixth signal has two more.
  office_.Advance(absl::Hours(48));
  EXPECT_THAT(Overdue(office_), ::testing::UnorderedElementsAre(Office::FirstReferral(lost_),
                                                                Office::FirstReferral(late_)));
  EXPECT_EQ(Summary(office_).overdue(), 2);
  Reach(office_, late_);
  EXPECT_THAT(Overdue(office_), ElementsAre(Office::FirstReferral(lost_)));
  EXPECT_EQ(Summary(office_).overdue(), 1);
  office_.Reopen();
  EXPECT_EQ(Summary(office_).overdue(), 1);
}

TEST_F(FollowUp, UnmetDemandSaysWhereForWhomAndWhatIsStillOpen) {
  auto demand = office_.Ask<v1::UnmetDemand>(Coordinator(), "FollowUpService/GetUnmetDemand",
                                             OfMunicipality<v1::GetUnmetDemandRequest>());
  ASSERT_TRUE(demand.ok()) << demand.status();
  ASSERT_EQ(demand->rows_size(), 2);
  EXPECT_TRUE(Is(demand->rows(0),
                 "degree: UNMET_DEGREE_ONLY_GENERAL "
                 "district: 'municipalities/GM9901/districts/WK990101' "
                 "district_display_name: 'Kern' need: NEED_VISIT "
                 "target_groups: 'municipalities/GM9901/targetGroups/nieuwkomers' "
                 "target_group_display_names { nl: 'migranten' en: 'migrants' } count: 1"));
  EXPECT_TRUE(Is(demand->rows(1),
                 "degree: UNMET_DEGREE_ONLY_GENERAL "
                 "district: 'municipalities/GM9901/districts/WK990102' "
                 "district_display_name: 'Heidedorp' need: NEED_VISIT "
                 "target_groups: 'municipalities/GM9901/targetGroups/nieuwkomers' "
                 "target_group_display_names { nl: 'migranten' en: 'migrants' } "
                 "count: 1 open: 1 "
                 "waiting: 1 waiting_days_median: 2 waiting_days_longest: 2"));
}

TEST_F(FollowUp, IsForCoordinatorsAndDashboards) {
  domain::Caller dashboard;
  dashboard.id = "dashboard";
  dashboard.grants.push_back({kGM, "", domain::Role::kDashboard});
  const auto request = OfMunicipality<v1::GetFollowUpSummaryRequest>();
  const char method[] = "FollowUpService/GetFollowUpSummary";
  EXPECT_TRUE(office_.Ask<v1::FollowUpSummary>(dashboard, method, request).ok());
  EXPECT_EQ(domain::ReasonOf(office_.Ask<v1::FollowUpSummary>(Team(), method, request).status()),
            "ROLE_NOT_ALLOWED");
  v1::GetFollowUpSummaryRequest elsewhere;
  elsewhere.set_parent("municipalities/GM9902");
  EXPECT_EQ(
      domain::ReasonOf(office_.Ask<v1::FollowUpSummary>(Coordinator(), method, elsewhere).status()),
      "MUNICIPALITY_NOT_FOUND");
}

}  // namespace
}  // namespace omzien::rpc::testing
