#include "client/cli/cli.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/cli/test_program.h"
#include "tests/client/cpp/scripted_server.h"

namespace omzien::cli {
namespace {

using client::GrpcStatus;
using client::ScriptedServer;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

using Strings = std::vector<std::string>;

const std::vector<Strings>& AllCommands() {
  static const auto& commands = *new std::vector<Strings>{
      {"signal", "submit"},     {"signal", "get"},       {"signal", "list"},
      {"signal", "withdraw"},   {"signal", "point"},     {"signal", "import"},
      {"signal", "answer"},     {"referral", "ask"},     {"referral", "list"},
      {"referral", "show"},     {"referral", "accept"},  {"referral", "decline"},
      {"referral", "contact"},  {"referral", "consent"}, {"referral", "place"},
      {"referral", "complete"}, {"catalog", "import"},   {"catalog", "check"},
      {"catalog", "export"},    {"catalog", "find"},     {"followup", "summary"},
      {"followup", "overdue"},  {"followup", "unmet"},   {"completion", "bash"},
      {"completion", "zsh"},
  };
  return commands;
}

TEST(CliTest, EveryCommandHasHelpWithAnExampleOfItself) {
  TestProgram program;
  for (Strings command : AllCommands()) {
    const std::string name = "omzien completion " + command[1];
    command.push_back("--help");
    EXPECT_EQ(program.Run(command), 0);
    EXPECT_THAT(program.out, HasSubstr("Examples:")) << command[0] << command[1];
    EXPECT_THAT(program.out, HasSubstr(command[0] + " " + command[1]));
  }
  EXPECT_EQ(program.Run({"--help"}), 0);
  for (const char* text : {"Exit codes:", "prefer --token-file", "OMZIEN_SERVER"}) {
    EXPECT_THAT(program.out, HasSubstr(text));
  }
}

TEST(CliTest, WrongUsageIsTwo) {
  const Strings kCases[] = {
      {},
      {"signal"},
      {"nonsense"},
      {"signal", "submit"},
      {"signal", "submit", "--place", "x", "--words", "y", "--nonsense"},
      {"-m", "GM0001", "signal", "submit", "--place", "x", "--words", "y"},  // No reach.
      {"-m", "GM0001", "signal", "submit", "--place", "x", "--words", "y", "--phone", "1", "--age",
       "66"},
      {"signal", "get", "x"},  // No municipality.
      {"-m", "GM0001", "-o", "xml", "signal", "get", "x"},
      {"-m", "GM0001", "--timeout", "never", "signal", "get", "x"},
      {"-m", "GM0001", "--token-file", "/nonexistent", "signal", "get", "x"},
      {"-m", "GM0001", "--token", "t", "--server", "omzien.example:1", "signal", "get", "x"},
      {"-m", "GM0001", "referral", "contact", "x-1", "--with", "person", "--channel", "phone",
       "--result", "nothing"},
      {"-m", "GM0001", "referral", "consent", "x-1"},
      {"-m", "GM0001", "signal", "list", "--limit", "0"},
      {"-m", "GM0001", "catalog", "import", "/nonexistent.yaml"},
  };
  for (const Strings& arguments : kCases) {
    TestProgram program;
    EXPECT_EQ(program.Run(arguments), 2) << testing::PrintToString(arguments) << program.err;
    EXPECT_THAT(program.err, Not(testing::IsEmpty()));
  }
}

class CliServerTest : public testing::Test {
 protected:
  int Submit(Strings more = {}) {
    Strings arguments = {"-m",      "GM0001",  "--server", server_.target(), "signal",  "submit",
                         "--place", "Bathmen", "--phone",  "0570 000000",    "--words", "stil"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return program_.Run(arguments);
  }

  ScriptedServer server_;
  TestProgram program_;
};

TEST_F(CliServerTest, SubmittingGivesThanksAReferenceAndWhoWillCall) {
  EXPECT_EQ(Submit(), 0) << program_.err;
  for (const char* text : {"Dank u wel.", "K7Q2-M4XP", "Team toegang", "Kenmerk"}) {
    EXPECT_THAT(program_.out, HasSubstr(text));
  }
  EXPECT_EQ(Submit({"--lang", "en"}), 0);
  EXPECT_THAT(program_.out, HasSubstr("Thank you."));
  EXPECT_THAT(program_.out, HasSubstr("Reference"));
  EXPECT_THAT(program_.out, Not(HasSubstr("\x1b")));
}

TEST_F(CliServerTest, JsonIsTheAnswerItself) {
  EXPECT_EQ(Submit({"-o", "json"}), 0);
  EXPECT_THAT(program_.out, HasSubstr("\"firstContactDisplayName\": \"Team toegang\""));
}

TEST_F(CliServerTest, AListShowsAWijkThatIsNotCertainAsAQuestion) {
  v1::ListSignalsResponse list;
  v1::Signal* const signal = list.add_signals();
  signal->set_name("municipalities/GM0001/signals/7f3k2m");
  for (const char* name : {"Voorstad", "Binnenstad"}) {
    v1::DistrictCandidate* const district = signal->add_districts();
    district->set_display_name(name);
    district->set_certainty(v1::CERTAINTY_POSSIBLE);
  }
  server_.signals.ScriptList(list);
  EXPECT_EQ(program_.Run({"-m", "GM0001", "--server", server_.target(), "signal", "list"}), 0)
      << program_.err;
  EXPECT_THAT(program_.out, HasSubstr("Voorstad? (+1)"));
}

TEST_F(CliServerTest, WordsComeFromStandardInput) {
  program_.in = "Komt niet meer buiten.\n\n";
  EXPECT_EQ(program_.Run({"-m", "GM0001", "--server", server_.target(), "signal", "submit",
                          "--place", "onbekend", "--meet", "markt", "--words", "-"}),
            0)
      << program_.err;
}

TEST_F(CliServerTest, TheCallersRequestIdIsSent) {
  const std::string id = "0b8a9a5e-0000-4000-8000-000000000001";
  EXPECT_EQ(Submit({"--request-id", id}), 0);
  EXPECT_THAT(server_.signals.request_ids(), ElementsAre(id));
}

TEST_F(CliServerTest, WhenUncertainItSaysUnderWhichIdToTryAgain) {
  server_.signals.Script(
      std::deque<grpc::Status>(9, GrpcStatus(grpc::UNAVAILABLE, "STORE_UNAVAILABLE")));
  EXPECT_EQ(Submit(), 7);
  EXPECT_THAT(program_.err, HasSubstr("--request-id " + server_.signals.request_ids().front()));
  EXPECT_THAT(program_.err, HasSubstr("Niet zeker of het bewaard is"));
}

TEST_F(CliServerTest, ErrorsOfTheServerBecomeExitCodes) {
  const struct {
    grpc::StatusCode code;
    const char* reason;
    int exit;
  } kCases[] = {
      {grpc::NOT_FOUND, "MUNICIPALITY_NOT_FOUND", 3},
      {grpc::PERMISSION_DENIED, "ROLE_NOT_ALLOWED", 4},
      {grpc::INVALID_ARGUMENT, "INVALID_FIELDS", 5},
      {grpc::FAILED_PRECONDITION, "CONSENT_MISSING", 6},
      {grpc::ABORTED, "ETAG_MISMATCH", 6},
  };
  for (const auto& c : kCases) {
    server_.signals.Script({GrpcStatus(c.code, c.reason)});
    EXPECT_EQ(Submit(), c.exit) << c.reason;
    EXPECT_THAT(program_.err, HasSubstr(c.reason));
  }
}

TEST_F(CliServerTest, WithoutATokenItSaysThatAndNotWhatARoleMay) {
  const auto refusal = GrpcStatus(grpc::PERMISSION_DENIED, "ROLE_NOT_ALLOWED");
  const auto unknown = GrpcStatus(grpc::UNAUTHENTICATED, "TOKEN_INVALID");
  for (const auto& status : {refusal, unknown}) {
    server_.signals.Script({status});
    EXPECT_EQ(Submit(), 4);
    EXPECT_THAT(program_.err, HasSubstr("Er is geen token opgegeven: geef --token-file"));
    EXPECT_THAT(program_.err, HasSubstr("OMZIEN_TOKEN_FILE"));
    EXPECT_THAT(program_.err, Not(HasSubstr("rol")));
  }
  server_.signals.Script({refusal});
  EXPECT_EQ(Submit({"--token", "t"}), 4);
  EXPECT_THAT(program_.err, HasSubstr("Met uw rol mag dit niet."));
}

TEST_F(CliServerTest, FlagsGoBeforeTheEnvironmentAndThatBeforeTheFile) {
  const TempDir dir;
  const std::string token_file = dir.Write("token", "from-file\n");
  const std::string config = dir.Write(
      "cli.yaml", "server: unix:/nonexistent\nlang: en\ntoken_file: " + token_file + "\n");
  program_.environment = {{"OMZIEN_CONFIG", config},
                          {"OMZIEN_SERVER", server_.target()},
                          {"OMZIEN_MUNICIPALITY", "GM0001"}};
  const Strings kSubmit = {"signal", "submit", "--place", "x", "--phone", "1", "--words", "y"};
  EXPECT_EQ(program_.Run(kSubmit), 0) << program_.err;
  EXPECT_THAT(program_.out, HasSubstr("Thank you."));
  program_.environment["OMZIEN_TOKEN"] = "from-environment";
  EXPECT_EQ(program_.Run(kSubmit), 0);
  Strings with_flags = kSubmit;
  with_flags.insert(with_flags.end(), {"--token", "from-flag", "--lang", "nl"});
  EXPECT_EQ(program_.Run(with_flags), 0);
  EXPECT_THAT(program_.out, HasSubstr("Dank u wel."));
  EXPECT_THAT(server_.signals.authorizations(),
              ElementsAre("Bearer from-file", "Bearer from-environment", "Bearer from-flag"));
}

TEST_F(CliServerTest, AnUnknownKeyInTheFileIsRefusedWithTheNearest) {
  const TempDir dir;
  program_.environment = {{"OMZIEN_CONFIG", dir.Write("cli.yaml", "sever: x\n")}};
  EXPECT_EQ(Submit(), 2);
  EXPECT_THAT(program_.err, HasSubstr("onbekende sleutel 'sever'; bedoelde u server?"));
}

TEST(CompletionTest, BashCompletesCommandsAndFlagsAfterGlobalFlags) {
  TestProgram program;
  ASSERT_EQ(program.Run({"completion", "bash"}), 0);
  const TempDir dir;
  const std::string script = dir.Write("completion.bash", program.out);
  const struct {
    const char* words;
    const char* expected;
  } kCases[] = {
      {"omzien si", "signal"},
      {"omzien signal su", "submit"},
      {"omzien -m GM0001 signal w", "withdraw"},
      {"omzien signal submit --wo", "--words"},
      {"omzien referral contact x-1 --chan", "--channel"},
      {"omzien signal submit --munici", "--municipality"},
  };
  for (const auto& c : kCases) {
    const std::string command = absl::StrCat(
        "bash -c 'source ", script, "; COMP_WORDS=(", c.words,
        "); COMP_CWORD=$((${#COMP_WORDS[@]}-1)); _omzien; echo \"${COMPREPLY[*]}\"' > ",
        dir.Path("out"));
    ASSERT_EQ(std::system(command.c_str()), 0);
    EXPECT_EQ(dir.Read("out"), absl::StrCat(c.expected, "\n")) << c.words;
  }
}

TEST(CompletionTest, ZshKnowsEveryCommand) {
  TestProgram program;
  ASSERT_EQ(program.Run({"completion", "zsh"}), 0);
  for (const Strings& command : AllCommands()) {
    EXPECT_THAT(program.out, HasSubstr("'omzien " + command[0] + " " + command[1] + "')"));
  }
}

}  // namespace
}  // namespace omzien::cli
