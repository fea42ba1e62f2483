// Withdrawing a signal, as far as the one who did hears of it.

#include <gtest/gtest.h>

#include <string>

#include "server/domain/case_rules.h"
#include "server/domain/errors.h"
#include "tests/server/commit/steps.h"
#include "tests/server/commit/world.h"

namespace omzien::commit::testing {
namespace {

// The person was reached, or nobody did anything yet.
std::string Signalled(World& world, v1::SignallerKind kind, bool reached) {
  v1::SubmitSignalRequest request = Submission();
  request.mutable_signal()->set_signaller_kind(kind);
  const std::string signal = MustSubmit(world, request);
  if (reached) {
    const auto recorded = world.Record(Team(), Recording(signal, 1));
    EXPECT_TRUE(recorded.ok()) << recorded.status();
  }
  return signal;
}

v1::WithdrawSignalRequest Withdrawal(const std::string& signal, const std::string& etag = "") {
  v1::WithdrawSignalRequest request;
  request.set_name(signal);
  request.set_etag(etag);
  return request;
}

v1::Signal MustWithdraw(World& world, const std::string& signal) {
  auto answer = world.Withdraw(Shop(), Withdrawal(signal));
  EXPECT_TRUE(answer.ok()) << answer.status();
  return answer.ok() ? *answer : v1::Signal();
}

// Without what differs from one signal to the next.
std::string WhatItSays(v1::Signal answer) {
  answer.clear_name();
  answer.clear_reference();
  return answer.SerializeAsString();
}

TEST(Withdraw, TellsAResidentTheSameWhetherThePersonWasReachedOrNot) {
  World world;
  const std::string before = Signalled(world, v1::SIGNALLER_KIND_RESIDENT, false);
  const std::string after = Signalled(world, v1::SIGNALLER_KIND_RESIDENT, true);
  const v1::Signal stopped = MustWithdraw(world, before);
  const v1::Signal remarked = MustWithdraw(world, after);
  EXPECT_EQ(stopped.status(), v1::SIGNALLER_STATUS_CLOSED);
  EXPECT_EQ(WhatItSays(stopped), WhatItSays(remarked));
  // What was done is what the case says, though.
  EXPECT_EQ(world.CaseOf(before).signal().state(), v1::SIGNAL_STATE_WITHDRAWN);
  EXPECT_EQ(world.CaseOf(after).signal().state(), v1::SIGNAL_STATE_IN_CONTACT);
  EXPECT_TRUE(world.CaseOf(after).signal().has_withdraw_remark_time());
  // Asking again tells no more, with or without an etag.
  for (const char* etag : {"", "\"1\""}) {
    const absl::Status first = world.Withdraw(Shop(), Withdrawal(before, etag)).status();
    EXPECT_EQ(domain::ReasonOf(first), "WRONG_STATE");
    EXPECT_EQ(domain::MetadataOf(first, "state"), "CLOSED");
    EXPECT_EQ(first, world.Withdraw(Shop(), Withdrawal(after, etag)).status());
  }
}

TEST(Withdraw, TellsWhoMayHearOfContactThatFollowUpGoesOn) {
  World world;
  const auto kind = v1::SIGNALLER_KIND_FAMILY_OR_CARER;
  const v1::Signal stopped = MustWithdraw(world, Signalled(world, kind, false));
  EXPECT_EQ(stopped.status(), v1::SIGNALLER_STATUS_CLOSED);
  EXPECT_FALSE(stopped.has_withdraw_remark_time());
  const v1::Signal remarked = MustWithdraw(world, Signalled(world, kind, true));
  EXPECT_EQ(remarked.status(), v1::SIGNALLER_STATUS_CONTACT_MADE);
  EXPECT_EQ(remarked.withdraw_remark_time().seconds(), absl::ToUnixSeconds(world.now()));
}

// The etag counts what was done: none may be tried out.
TEST(Withdraw, TellsNothingByAnEtag) {
  World world;
  const std::string signal = Signalled(world, v1::SIGNALLER_KIND_RESIDENT, true);
  const std::string present = domain::EtagOf(world.CaseOf(signal).version());
  for (const std::string& etag : {present, std::string("\"99\"")}) {
    const auto answer = world.Withdraw(Shop(), Withdrawal(signal, etag));
    EXPECT_EQ(domain::ReasonOf(answer.status()), "ETAG_MISMATCH") << etag;
    EXPECT_EQ(domain::MetadataOf(answer.status(), "etag"), "") << etag;
  }
  EXPECT_FALSE(world.CaseOf(signal).signal().has_withdraw_remark_time());
}

}  // namespace
}  // namespace omzien::commit::testing
