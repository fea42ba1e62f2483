// Whoever signals without an account asks by a code what became of it, through the real server.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "tests/e2e/story_world.h"

namespace omzien::e2e {
namespace {

using ::testing::ElementsAre;
using ::testing::MatchesRegex;

constexpr char kRequestId[] = "4b7e6c00-0000-4000-8000-00000000c0de";

class Code : public StoryWorldTest {
 protected:
  // On behalf of a neighbour without an account.
  v1::SubmitSignalResponse Submit(bool code_wanted = true) {
    auto request = Submission(kDeventer, kBathmenWidow);
    request.mutable_signal()->set_signaller_kind(v1::SIGNALLER_KIND_RESIDENT);
    request.set_code_wanted(code_wanted);
    if (code_wanted) request.set_request_id(kRequestId);
    return Must(As("jumbo").SubmitSignal(request));
  }

  absl::StatusOr<v1::SignalStatus> Status(const std::string& code, v1::View view = v1::VIEW_BASIC,
                                          const std::string& parent = kDeventer) {
    auto request = Of<v1::GetSignalStatusRequest>(parent);
    request.set_code(code);
    request.set_view(view);
    return As("").GetSignalStatus(request);
  }

  absl::StatusOr<v1::SignalStatus> Answer(const std::string& code, const std::string& text,
                                          const std::string& request_id = "") {
    auto request = Of<v1::AnswerQuestionByCodeRequest>(kDeventer);
    request.set_code(code);
    request.set_text(text);
    request.set_request_id(request_id);
    return As("").AnswerQuestionByCode(request);
  }

  void AskThem(const v1::SubmitSignalResponse& answer) {
    auto ask = Of<v1::AskSignallerRequest>(ReferralName(answer.signal().name(), 1));
    ask.set_text("In welke straat woont ze?");
    Must(As("team").AskSignaller(ask));
  }
};

TEST_F(Code, ShowsWhatTheSignallerMayKnowHoweverItIsWritten) {
  const auto answer = Submit();
  EXPECT_THAT(answer.code(), MatchesRegex("[0-9A-Z]{4}(-[0-9A-Z]{4}){3}"));
  for (const std::string& written :
       {answer.code(), absl::AsciiStrToLower(answer.code()),
        absl::StrReplaceAll(answer.code(), {{"-", " "}, {"1", "I"}, {"0", "O"}})}) {
    const auto status = Status(written);
    ASSERT_TRUE(status.ok()) << status.status();
    EXPECT_THAT(FieldsOf(*status),
                ElementsAre("status", "first_contact.display_name", "receive_time", "reference"));
    EXPECT_EQ(status->status(), v1::SIGNALLER_STATUS_RECEIVED);
    EXPECT_EQ(status->first_contact().display_name(), answer.first_contact_display_name());
    EXPECT_EQ(status->reference(), answer.signal().reference());
  }
  const std::string first = ReferralName(answer.signal().name(), 1);
  Must(As("team").RecordContactAttempt(
      Attempt(first,
              "with: CONTACT_WITH_PERSON channel: CONTACT_CHANNEL_VISIT "
              "result: CONTACT_RESULT_REACHED")));
  EXPECT_EQ(Must(Status(answer.code())).status(), v1::SIGNALLER_STATUS_PICKED_UP)
      << "a resident hears of contact only if the person agrees";
}

TEST_F(Code, IsTheSameForARetryAndAfterARestartAndRestsNowhere) {
  const std::string code = Submit().code();
  EXPECT_EQ(Submit().code(), code);
  world_.server().Kill9();
  world_.Restart();
  EXPECT_EQ(Submit().code(), code);
  EXPECT_TRUE(Status(code).ok());
  const std::string log = world_.server().log();
  EXPECT_FALSE(absl::StrContains(log, code)) << log;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(world_.installation().data_dir())) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    EXPECT_FALSE(absl::StrContains(bytes, code)) << entry.path();
  }
}

TEST_F(Code, OfNothingIsNotFound) {
  const std::string code = Submit().code();
  std::string other = code;
  other[0] = other[0] == '2' ? '3' : '2';
  for (const std::string& wrong : {other, std::string("ZZZZ-ZZZZ-ZZZZ-ZZZZ"), code.substr(0, 18),
                                   code + "0", std::string("?")}) {
    EXPECT_THAT(Status(wrong), FailsWith(absl::StatusCode::kNotFound, "SIGNAL_NOT_FOUND"));
    EXPECT_THAT(Answer(wrong, "Boven"), FailsWith(absl::StatusCode::kNotFound, "SIGNAL_NOT_FOUND"));
  }
  EXPECT_THAT(Status(code, v1::VIEW_BASIC, kVoorbeeldstad),
              FailsWith(absl::StatusCode::kNotFound, "SIGNAL_NOT_FOUND"));
  EXPECT_EQ(Submit(false).code(), "") << "nobody asked for one";
}

TEST_F(Code, OpensAndAnswersTheQuestionThatWaits) {
  const auto submitted = Submit();
  const std::string& code = submitted.code();
  EXPECT_THAT(Status(code, v1::VIEW_FULL),
              FailsWith(absl::StatusCode::kPermissionDenied, "VIEW_NOT_ALLOWED"));
  EXPECT_THAT(Answer(code, "Boven"),
              FailsWith(absl::StatusCode::kFailedPrecondition, "NO_QUESTION"));
  AskThem(submitted);
  EXPECT_TRUE(Must(Status(code)).question_waits());
  EXPECT_FALSE(Must(Status(code)).has_question());
  const auto asked = Must(Status(code, v1::VIEW_FULL));
  EXPECT_EQ(asked.question().text(), "In welke straat woont ze?");
  const auto answered = Answer(code, "Boven de bakker", kRequestId);
  ASSERT_TRUE(answered.ok()) << answered.status();
  EXPECT_FALSE(answered->question_waits());
  // A retry is answered the same, also with the code written otherwise; another answer under its id
  // is refused.
  for (const std::string& written : {code, absl::AsciiStrToLower(code)}) {
    EXPECT_EQ(Must(Answer(written, "Boven de bakker", kRequestId)).DebugString(),
              answered->DebugString());
  }
  EXPECT_THAT(Answer(code, "Naast de bakker", kRequestId),
              FailsWith(absl::StatusCode::kInvalidArgument, "REQUEST_ID_REUSED"));
  const auto seen = Must(As("team").GetReferral(
      Full<v1::GetReferralRequest>(ReferralName(submitted.signal().name(), 1))));
  EXPECT_EQ(seen.person().questions(0).answer(), "Boven de bakker");
}

}  // namespace
}  // namespace omzien::e2e
