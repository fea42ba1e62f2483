#include "server/domain/lifecycle.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "server/domain/errors.h"

namespace omzien::domain {
namespace {

struct Arrows {
  const char* state;
  // The state after each event, in the order of the enum; "-" where it is refused.
  std::vector<const char*> next;
};

// accept, decline, attempt, reach, place, complete, waitlist, hand over, expire, fail, take back,
// cancel
const std::vector<Arrows> kReferralMatrix = {
    {"ASSIGNED",
     {"ACCEPTED", "DECLINED", "ACCEPTED", "IN_PROGRESS", "-", "-", "-", "HANDED_OVER", "EXPIRED",
      "-", "CANCELLED", "CANCELLED"}},
    {"ACCEPTED",
     {"-", "-", "ACCEPTED", "IN_PROGRESS", "-", "COMPLETED", "WAITLISTED", "HANDED_OVER", "-",
      "FAILED", "CANCELLED", "CANCELLED"}},
    {"IN_PROGRESS",
     {"-", "-", "IN_PROGRESS", "IN_PROGRESS", "COMPLETED", "COMPLETED", "-", "HANDED_OVER", "-",
      "FAILED", "-", "CANCELLED"}},
    {"WAITLISTED",
     {"ACCEPTED", "-", "WAITLISTED", "IN_PROGRESS", "-", "COMPLETED", "-", "HANDED_OVER", "-",
      "FAILED", "CANCELLED", "CANCELLED"}},
    {"COMPLETED", {"-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-"}},
    {"DECLINED", {"-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-"}},
    {"EXPIRED", {"-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-"}},
    {"HANDED_OVER", {"-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-"}},
    {"FAILED", {"-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-"}},
    {"CANCELLED", {"-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-"}},
    {"UNSPECIFIED", {"-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-"}},
};

// route, unmatch, ask, answer, reach, place, close, withdraw, redirect, reopen, merge,
// enter in error, erase, give consent, take back consent, return
const std::vector<Arrows> kSignalMatrix = {
    {"RECEIVED",
     {"ROUTED", "UNMATCHED", "-", "-", "-", "-", "-", "WITHDRAWN", "REDIRECTED", "-", "MERGED",
      "ENTERED_IN_ERROR", "ERASED", "RECEIVED", "RECEIVED", "-"}},
    {"NEEDS_INFO",
     {"NEEDS_INFO", "UNMATCHED", "-", "ROUTED", "IN_CONTACT", "PLACED", "CLOSED", "WITHDRAWN",
      "REDIRECTED", "-", "MERGED", "ENTERED_IN_ERROR", "ERASED", "NEEDS_INFO", "NEEDS_INFO",
      "IN_CONTACT"}},
    {"ROUTED",
     {"ROUTED", "UNMATCHED", "NEEDS_INFO", "-", "IN_CONTACT", "-", "CLOSED", "WITHDRAWN",
      "REDIRECTED", "-", "MERGED", "ENTERED_IN_ERROR", "ERASED", "ROUTED", "ROUTED", "-"}},
    {"UNMATCHED",
     {"ROUTED", "-", "-", "-", "-", "-", "CLOSED", "WITHDRAWN", "REDIRECTED", "-", "MERGED",
      "ENTERED_IN_ERROR", "ERASED", "UNMATCHED", "UNMATCHED", "-"}},
    {"IN_CONTACT",
     {"IN_CONTACT", "-", "NEEDS_INFO", "-", "IN_CONTACT", "PLACED", "CLOSED", "IN_CONTACT",
      "REDIRECTED", "-", "MERGED", "ENTERED_IN_ERROR", "ERASED", "IN_CONTACT", "IN_CONTACT", "-"}},
    {"PLACED",
     {"PLACED", "-", "-", "-", "PLACED", "PLACED", "CLOSED", "PLACED", "REDIRECTED", "-", "MERGED",
      "ENTERED_IN_ERROR", "ERASED", "PLACED", "PLACED", "IN_CONTACT"}},
    {"CLOSED",
     {"-", "-", "-", "-", "-", "-", "-", "-", "-", "RECEIVED", "-", "ENTERED_IN_ERROR", "ERASED",
      "-", "CLOSED", "-"}},
    {"REDIRECTED",
     {"-", "-", "-", "-", "-", "-", "CLOSED", "-", "-", "RECEIVED", "-", "ENTERED_IN_ERROR",
      "ERASED", "-", "REDIRECTED", "-"}},
    {"WITHDRAWN",
     {"-", "-", "-", "-", "-", "-", "-", "-", "-", "RECEIVED", "-", "ENTERED_IN_ERROR", "ERASED",
      "-", "WITHDRAWN", "-"}},
    {"MERGED",
     {"-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "ERASED", "-", "MERGED", "-"}},
    {"ENTERED_IN_ERROR",
     {"-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "ERASED", "-", "ENTERED_IN_ERROR",
      "-"}},
    {"ERASED", {"-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-"}},
    {"UNSPECIFIED",
     {"-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-"}},
};

template <typename State, typename Event>
void CheckMatrix(const std::vector<Arrows>& matrix, const google::protobuf::EnumDescriptor* states,
                 const std::string& prefix, int events) {
  ASSERT_EQ(static_cast<int>(matrix.size()), states->value_count());
  for (const Arrows& row : matrix) {
    const auto* value = states->FindValueByName(prefix + row.state);
    ASSERT_NE(value, nullptr) << row.state;
    const State state = static_cast<State>(value->number());
    ASSERT_EQ(static_cast<int>(row.next.size()), events) << row.state;
    for (int e = 0; e < events; ++e) {
      const auto next = Next(state, static_cast<Event>(e));
      const std::string expected = row.next[static_cast<size_t>(e)];
      if (expected == "-") {
        ASSERT_FALSE(next.ok()) << row.state << " event " << e;
        EXPECT_EQ(next.status().code(), absl::StatusCode::kFailedPrecondition);
        EXPECT_EQ(ReasonOf(next.status()), "WRONG_STATE");
        EXPECT_EQ(MetadataOf(next.status(), "state"), row.state);
        EXPECT_NE(next.status().message().find(row.state), std::string::npos);
      } else {
        ASSERT_TRUE(next.ok()) << row.state << " event " << e;
        EXPECT_EQ(StateName(*next), expected) << row.state << " event " << e;
      }
    }
  }
}

TEST(Lifecycle, EveryReferralStateAndEvent) {
  CheckMatrix<v1::ReferralState, ReferralEvent>(kReferralMatrix, v1::ReferralState_descriptor(),
                                                "REFERRAL_STATE_", kReferralEvents);
}

TEST(Lifecycle, EverySignalStateAndEvent) {
  CheckMatrix<v1::SignalState, SignalEvent>(kSignalMatrix, v1::SignalState_descriptor(),
                                            "SIGNAL_STATE_", kSignalEvents);
}

TEST(Lifecycle, NoArrowStandsTwice) {
  std::set<std::pair<int, int>> referral_arrows;
  for (const auto& t : ReferralTransitions()) {
    EXPECT_TRUE(referral_arrows.emplace(t.from, static_cast<int>(t.event)).second);
  }
  std::set<std::pair<int, int>> signal_arrows;
  for (const auto& t : SignalTransitions()) {
    EXPECT_TRUE(signal_arrows.emplace(t.from, static_cast<int>(t.event)).second);
  }
}

TEST(Lifecycle, EveryReferralStateCanBeReached) {
  std::set<v1::ReferralState> reached = {v1::REFERRAL_STATE_ASSIGNED};
  for (size_t before = 0; before != reached.size();) {
    before = reached.size();
    for (const auto& t : ReferralTransitions()) {
      if (reached.contains(t.from)) reached.insert(t.to);
    }
  }
  EXPECT_EQ(reached.size(), 10u);
}

TEST(Lifecycle, ALiveReferralCanStillMoveAndAnEndedOneCannot) {
  for (int number = 1; number <= v1::ReferralState_MAX; ++number) {
    const auto state = static_cast<v1::ReferralState>(number);
    bool moves = false;
    for (const auto& t : ReferralTransitions()) moves |= t.from == state;
    EXPECT_EQ(IsLive(state), moves) << StateName(state);
  }
}

TEST(Lifecycle, OnlyOpenSignalsCanBeRouted) {
  for (int number = 1; number <= v1::SignalState_MAX; ++number) {
    const auto state = static_cast<v1::SignalState>(number);
    EXPECT_EQ(IsOpen(state), Next(state, SignalEvent::kRoute).ok()) << StateName(state);
  }
}

TEST(Lifecycle, AnUnknownStateIsNamedByItsNumber) {
  EXPECT_EQ(StateName(static_cast<v1::ReferralState>(77)), "77");
  EXPECT_FALSE(Next(static_cast<v1::SignalState>(77), SignalEvent::kErase).ok());
}

}  // namespace
}  // namespace omzien::domain
