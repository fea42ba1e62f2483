#include "server/domain/figures.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>

#include "tests/server/domain/case_fixtures.h"

namespace omzien::domain {
namespace {

using storage::v1::Case;
using Counts = std::map<std::string, int64_t>;

struct Row {
  const char* what;
  std::function<void(Case&)> change;
  Counts counts;
};

TEST(CountsOf, WhatEachCaseAdds) {
  const std::vector<Row> rows = {
      {"received", [](Case&) {}, {{"received", 1}, {"open", 1}}},
      {"picked up",
       [](Case& c) { *c.mutable_pick_up_time() = TimestampOf(kReceived); },
       {{"received", 1}, {"open", 1}, {"picked_up", 1}}},
      {"contact at the deadline",
       [](Case& c) {
         *c.mutable_first_contact_by() = TimestampOf(kReceived);
         *c.mutable_signal()->mutable_contact_time() = TimestampOf(kReceived);
       },
       {{"received", 1}, {"open", 1}, {"contact_made", 1}, {"contact_in_time", 1}}},
      {"contact after it",
       [](Case& c) {
         *c.mutable_first_contact_by() = TimestampOf(kReceived);
         *c.mutable_signal()->mutable_contact_time() =
             TimestampOf(kReceived + absl::Nanoseconds(1));
       },
       {{"received", 1}, {"open", 1}, {"contact_made", 1}}},
      {"placed, then closed",
       [](Case& c) {
         c.set_placed(true);
         c.mutable_signal()->set_state(v1::SIGNAL_STATE_CLOSED);
         c.mutable_signal()->set_outcome(v1::OUTCOME_CONNECTED);
       },
       {{"received", 1}, {"placed", 1}, {"closed", 1}, {"outcome/1", 1}}},
      {"withdrawn",
       [](Case& c) { c.mutable_signal()->set_state(v1::SIGNAL_STATE_WITHDRAWN); },
       {{"received", 1}, {"withdrawn", 1}}},
      {"redirected",
       [](Case& c) { c.mutable_signal()->set_state(v1::SIGNAL_STATE_REDIRECTED); },
       {{"received", 1}}},
      {"merged", [](Case& c) { c.mutable_signal()->set_state(v1::SIGNAL_STATE_MERGED); }, {}},
      {"entered in error",
       [](Case& c) { c.mutable_signal()->set_state(v1::SIGNAL_STATE_ENTERED_IN_ERROR); },
       {}},
      {"demand is met",
       [](Case& c) { c.mutable_signal()->set_unmet_degree(v1::UNMET_DEGREE_NONE); },
       {{"received", 1}, {"open", 1}}},
      {"only general offers, by need and groups",
       [](Case& c) {
         c.mutable_signal()->set_unmet_degree(v1::UNMET_DEGREE_ONLY_GENERAL);
         c.mutable_signal()->set_need(v1::NEED_VISIT);
         c.mutable_signal()->add_target_groups(TargetGroupName(kMunicipality, "students"));
         c.mutable_signal()->add_target_groups(TargetGroupName(kMunicipality, "migrants"));
         c.set_unmet_since_day(20779);
       },
       {{"received", 1},
        {"open", 1},
        {"unmet/3/2/migrants,students", 1},
        {"unmet/3/2/migrants,students/open", 1},
        {"unmet/3/2/migrants,students/since/20779", 1}}},
      {"who is with an offer doesn't wait, who is on its list does",
       [](Case& c) {
         c.mutable_signal()->set_unmet_degree(v1::UNMET_DEGREE_ONLY_GENERAL);
         v1::Referral* referral = c.add_referrals()->mutable_referral();
         referral->set_purpose(v1::REFERRAL_PURPOSE_OFFER);
         referral->set_state(v1::REFERRAL_STATE_ACCEPTED);
       },
       {{"received", 1}, {"open", 1}, {"unmet/3/0/", 1}, {"unmet/3/0//open", 1}}},
      {"a referral was escalated, whatever became of it",
       [](Case& c) {
         c.add_referrals()->mutable_referral()->mutable_escalate_time()->set_seconds(1);
       },
       {{"received", 1}, {"open", 1}, {"escalated", 1}}},
      {"unmet demand still counts when it ended",
       [](Case& c) {
         c.mutable_signal()->set_unmet_degree(v1::UNMET_DEGREE_NOTHING_FITS);
         c.mutable_signal()->set_state(v1::SIGNAL_STATE_WITHDRAWN);
       },
       {{"received", 1}, {"withdrawn", 1}, {"unmet/2/0/", 1}}},
  };
  for (const Row& row : rows) {
    Case c = NewCase();
    row.change(c);
    EXPECT_EQ(CountsOf(c), row.counts) << row.what;
  }
}

TEST(CellDistrictOf, OnlyAStatedPlaceHasAWijk) {
  struct Place {
    const char* what;
    std::vector<std::pair<const char*, v1::Certainty>> districts;
    const char* wijk;
  };
  const std::vector<Place> places = {
      {"unknown", {}, ""},
      {"a wijk", {{"WK990115", v1::CERTAINTY_STATED}}, "WK990115"},
      {"a buurt", {{"BU99011502", v1::CERTAINTY_STATED}}, "WK990115"},
      {"a postcode", {{"WK990115", v1::CERTAINTY_LIKELY}}, ""},
      {"stated, and a postcode elsewhere",
       {{"WK990115", v1::CERTAINTY_STATED}, {"WK990116", v1::CERTAINTY_POSSIBLE}},
       "WK990115"},
      {"a wijk and its buurt",
       {{"BU99011502", v1::CERTAINTY_STATED}, {"WK990115", v1::CERTAINTY_STATED}},
       "WK990115"},
      {"a name that two wijken share",
       {{"WK990115", v1::CERTAINTY_STATED}, {"WK990116", v1::CERTAINTY_STATED}},
       ""},
  };
  for (const Place& place : places) {
    Case c = NewCase();
    for (const auto& [code, certainty] : place.districts) {
      auto* candidate = c.mutable_signal()->add_districts();
      candidate->set_district(DistrictName(kMunicipality, code));
      candidate->set_certainty(certainty);
    }
    EXPECT_EQ(CellDistrictOf(c), place.wijk) << place.what;
  }
  EXPECT_EQ(WijkOf("GM9901"), "");
  EXPECT_EQ(WijkOf(""), "");
}

TEST(AddCounter, SumsIntoTheLinesThatAClientSees) {
  v1::FollowUpCounts counts;
  for (const auto& [name, value] : Counts{{"received", 5},
                                          {"picked_up", 4},
                                          {"contact_made", 3},
                                          {"contact_in_time", 2},
                                          {"placed", 1},
                                          {"open", 2},
                                          {"closed", 2},
                                          {"withdrawn", 1},
                                          {"escalated", 1},
                                          {"outcome/5", 1},
                                          {"outcome/1", 1},
                                          {"unmet/6/2/", 1},
                                          {"unmet/3/2/a,b", 2},
                                          {"unmet/3/4/a", 1},
                                          {"unmet/3/4/a/open", 1}}) {
    AddCounter(name, value, &counts);
  }
  AddCounter("received", 5, &counts);
  EXPECT_EQ(counts.ShortDebugString(),
            "received: 10 picked_up: 4 contact_made: 3 contact_in_time: 2 placed: 1 open: 2 "
            "closed: 2 outcomes { outcome: OUTCOME_CONNECTED count: 1 } outcomes { outcome: "
            "OUTCOME_UNREACHABLE count: 1 } unmet { degree: UNMET_DEGREE_ONLY_GENERAL count: 3 } "
            "unmet { degree: UNMET_DEGREE_LANGUAGE_UNKNOWN count: 1 } withdrawn: 1 escalated: 1");
}

TEST(AddCounter, SkipsWhatItDoesNotKnow) {
  v1::FollowUpCounts counts;
  for (const char* name :
       {"", "else", "outcome/", "outcome/99", "outcome/1x", "unmet/3", "unmet/3/2", "unmet/99/2/",
        "unmet/3/2//closed", "unmet/3/2//open/x", "unmet/3/2//since/x", "unmet/3/2//since/20779"}) {
    AddCounter(name, 1, &counts);
  }
  EXPECT_EQ(counts.ByteSizeLong(), 0u) << counts.ShortDebugString();
}

TEST(UnmetCounter, NamesParseBack) {
  for (const UnmetCounter& counter :
       {UnmetCounter{v1::UNMET_DEGREE_ENDED, v1::NEED_UNSPECIFIED, {}, false, {}},
        UnmetCounter{v1::UNMET_DEGREE_ENDED, v1::NEED_BUDDY, {}, true, {}},
        UnmetCounter{v1::UNMET_DEGREE_ONLY_GENERAL, v1::NEED_VISIT, {"65-plus", "b"}, true, {}},
        UnmetCounter{v1::UNMET_DEGREE_ENDED, v1::NEED_VISIT, {}, false, 20779},
        UnmetCounter{v1::UNMET_DEGREE_ENDED, v1::NEED_VISIT, {"b"}, false, 0}}) {
    EXPECT_EQ(ParseUnmetCounter(UnmetCounterName(counter)), counter) << UnmetCounterName(counter);
  }
  EXPECT_FALSE(ParseUnmetCounter("received").has_value());
}

}  // namespace
}  // namespace omzien::domain
