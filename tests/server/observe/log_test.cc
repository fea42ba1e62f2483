// What a line of the log looks like, and what can't get into one.

#include "server/observe/log.h"

#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>
#include <gtest/gtest.h>

#include <functional>
#include <sstream>
#include <string>

namespace omzien::observe {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

std::string Logged(LogFormat format, const std::function<void()>& events) {
  std::ostringstream out;
  StartLog(format, out);
  events();
  StopLog();
  return out.str();
}

void OneCall() {
  LogCall({.method = "omzien.v1.SignalService/GetSignal",
           .caller_id = "shop",
           .code = absl::StatusCode::kNotFound,
           .reason = "SIGNAL_NOT_FOUND",
           .duration = absl::Microseconds(1500),
           .items = 1});
}

TEST(Log, JsonLineACall) {
  EXPECT_THAT(
      Logged(LogFormat::kJson, OneCall),
      MatchesRegex("\\{\"time\":\"[0-9]+-[0-9]+-[0-9]+T[0-9:.]+Z\",\"level\":\"info\","
                   "\"event\":\"call\",\"method\":\"omzien.v1.SignalService/GetSignal\","
                   "\"caller\":\"shop\",\"code\":\"NOT_FOUND\","
                   "\"reason\":\"SIGNAL_NOT_FOUND\",\"duration_us\":1500,\"items\":1\\}\n"));
}

TEST(Log, TextLineACall) {
  EXPECT_THAT(Logged(LogFormat::kText, OneCall),
              MatchesRegex("[0-9]+-[0-9]+-[0-9]+T[0-9:.]+Z info call "
                           "method=omzien.v1.SignalService/GetSignal caller=shop code=NOT_FOUND "
                           "reason=SIGNAL_NOT_FOUND duration_us=1500 items=1\n"));
}

TEST(Log, LevelsAreNamed) {
  EXPECT_THAT(Logged(LogFormat::kJson, [] { Log(Level::kError, "x", {}); }),
              HasSubstr("\"level\":\"error\",\"event\":\"x\"}"));
  EXPECT_THAT(Logged(LogFormat::kJson, [] { Log(Level::kWarning, "x", {}); }),
              HasSubstr("\"level\":\"warning\""));
}

struct WordCase {
  std::string in;
  std::string out;
};

TEST(Log, WordsThatCouldBeTextAreWithheld) {
  const WordCase cases[] = {
      {"omzien.v1.SignalService/SubmitSignal", "omzien.v1.SignalService/SubmitSignal"},
      {"127.0.0.1:7070", "127.0.0.1:7070"},
      {"[::1]:7070", "[::1]:7070"},
      {"", ""},
      {"two words", "(withheld)"},
      {"quote\"", "(withheld)"},
      {"back\\slash", "(withheld)"},
      {"line\nbreak", "(withheld)"},
      {"{}", "(withheld)"},
      {"name@example.org", "(withheld)"},
      {"caf\xc3\xa9", "(withheld)"},
      {std::string(128, 'a'), std::string(128, 'a')},
      {std::string(129, 'a'), "(withheld)"},
  };
  for (const WordCase& c : cases) EXPECT_EQ(Word(c.in).text, c.out) << c.in;
}

TEST(Log, ProtobufsOwnTextIsDropped) {
  const std::string log = Logged(LogFormat::kJson, [] { GOOGLE_LOG(ERROR) << "Anna Voorbeeld"; });
  EXPECT_THAT(log, HasSubstr("\"event\":\"protobuf\",\"file\":\"log_test.cc\""));
  EXPECT_THAT(log, Not(HasSubstr("Voorbeeld")));
}

TEST(Log, BadUtf8InAMessageLeavesNoTrace) {
  testing::internal::CaptureStderr();
  const std::string log = Logged(LogFormat::kJson, [] {
    google::protobuf::Value value;
    // Field 3 (string_value) with bytes that aren't UTF-8.
    EXPECT_FALSE(
        value.ParseFromString("\x1a\x06"
                              "Anna\xff\xfe"));
  });
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_THAT(log, Not(HasSubstr("Anna")));
}

TEST(Log, GrpcsOwnTextIsDropped) {
  const std::string log = Logged(LogFormat::kJson, [] {
    gpr_log(GPR_ERROR, "%s", "Anna Voorbeeld");
    gpr_log(GPR_INFO, "%s", "Anna Voorbeeld");
  });
  EXPECT_THAT(log, MatchesRegex("[^\n]*\"event\":\"grpc\",\"file\":\"log_test.cc\"[^\n]*\n"));
  EXPECT_THAT(log, Not(HasSubstr("Voorbeeld")));
}

TEST(Log, NothingAfterStop) {
  std::ostringstream out;
  StartLog(LogFormat::kJson, out);
  StopLog();
  OneCall();
  StopLog();
  EXPECT_EQ(out.str(), "");
}

}  // namespace
}  // namespace omzien::observe
