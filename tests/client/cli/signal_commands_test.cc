// What `omzien signal` says of an answer, against a server in this process.
#include "client/cli/signal_commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/cli/test_program.h"
#include "tests/client/cpp/scripted_server.h"

namespace omzien::cli {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// What the program prints when the withdrawal is answered so.
std::string Withdrawing(const v1::Signal& answer, const std::string& lang) {
  client::ScriptedServer server;
  server.signals.ScriptWithdrawal(answer);
  TestProgram program;
  EXPECT_EQ(program.Run({"-m", "GM0001", "--lang", lang, "--server", server.target(), "signal",
                         "withdraw", "7f3k2m"}),
            0)
      << program.err;
  return program.out;
}

TEST(SignalCommandsTest, AWithdrawalSaysNothingOfContactToWhoMayNotHearOfIt) {
  v1::Signal answer;
  answer.set_name("municipalities/GM0001/signals/7f3k2m");
  answer.set_status(v1::SIGNALLER_STATUS_CLOSED);
  EXPECT_THAT(Withdrawing(answer, "nl"), StartsWith("Uw intrekking is vastgelegd.\n"));
  EXPECT_THAT(Withdrawing(answer, "en"), StartsWith("Your withdrawal is recorded.\n"));
}

TEST(SignalCommandsTest, AWithdrawalAfterContactSaysThatFollowUpGoesOn) {
  v1::Signal answer;
  answer.set_name("municipalities/GM0001/signals/7f3k2m");
  answer.set_status(v1::SIGNALLER_STATUS_CONTACT_MADE);
  answer.mutable_withdraw_remark_time()->set_seconds(1'795'000'000);
  EXPECT_THAT(Withdrawing(answer, "nl"), HasSubstr("er was al contact, en de opvolging gaat door"));
  EXPECT_THAT(Withdrawing(answer, "en"), HasSubstr("follow-up goes on"));
}

TEST(SignalCommandsTest, AStatusIsShownInFullOnlyWhileAQuestionWaits) {
  for (const bool waits : {false, true}) {
    client::ScriptedServer server;
    v1::SignalStatus status;
    status.set_reference("A-1");
    status.set_status(v1::SIGNALLER_STATUS_RECEIVED);
    status.set_question_waits(waits);
    if (waits) status.mutable_question()->set_text("In welke straat?");
    server.signals.ScriptStatus(status);
    TestProgram program;
    EXPECT_EQ(program.Run({"-m", "GM0001", "--server", server.target(), "signal", "status",
                           "--code", "0000-0000-0000-0000", "--full"}),
              0)
        << program.err;
    EXPECT_EQ(program.out.find("In welke straat?") != std::string::npos, waits) << program.out;
  }
}

}  // namespace
}  // namespace omzien::cli
