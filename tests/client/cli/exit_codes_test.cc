#include "client/cli/exit_codes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "client/cpp/errors.h"
#include "omzien/v1/error_reason.pb.h"

namespace omzien::cli {
namespace {

TEST(ExitCodesTest, EveryStatusHasItsDocumentedCode) {
  const struct {
    absl::Status status;
    int code;
  } kCases[] = {
      {absl::OkStatus(), 0},
      {absl::InternalError(""), 1},
      {absl::UnknownError(""), 1},
      {absl::UnimplementedError(""), 1},
      {UsageError(""), 2},
      {absl::NotFoundError(""), 3},
      {absl::PermissionDeniedError(""), 4},
      {absl::UnauthenticatedError(""), 4},
      {absl::InvalidArgumentError(""), 5},
      {absl::OutOfRangeError(""), 5},
      {absl::FailedPreconditionError(""), 6},
      {absl::AbortedError(""), 6},
      {absl::AlreadyExistsError(""), 6},
      {client::WithDetails(absl::ResourceExhaustedError(""),
                           {.reason = "CASE_FULL", .metadata = {}, .violations = {}}),
       6},
      {absl::ResourceExhaustedError(""), 7},
      {absl::UnavailableError(""), 7},
      {absl::DeadlineExceededError(""), 7},
  };
  for (const auto& c : kCases) EXPECT_EQ(ExitCodeOf(c.status), c.code) << c.status;
}

TEST(ExitCodesTest, EveryReasonOfTheContractHasASentenceInBothLanguages) {
  const auto* type = v1::ErrorReason_descriptor();
  for (int i = 1; i < type->value_count(); ++i) {
    const std::string reason = type->value(i)->name().substr(std::string("ERROR_REASON_").size());
    EXPECT_NE(ReasonSentence(reason, Lang::kDutch), "") << reason;
    EXPECT_NE(ReasonSentence(reason, Lang::kEnglish), "") << reason;
  }
  EXPECT_EQ(ReasonSentence("NEW_REASON", Lang::kDutch), "");
}

TEST(ExitCodesTest, ASentenceIsTrueOfEveryCaseOfItsReason) {
  // Of MOVED, with no attempt at all, as of UNREACHABLE.
  EXPECT_EQ(ReasonSentence("TOO_FEW_ATTEMPTS", Lang::kDutch),
            "Voor deze uitkomst zijn meer contactpogingen nodig.");
  EXPECT_EQ(ReasonSentence("TOO_FEW_ATTEMPTS", Lang::kEnglish),
            "This outcome needs more contact attempts.");
  // The catalogue may well name a party for the place.
  EXPECT_EQ(ReasonSentence("NOBODY_TO_PASS_ON_TO", Lang::kDutch),
            "Het toegangsteam kan een eerste contact aan niemand doorgeven.");
}

TEST(ExitCodesTest, AnErrorIsPrintedWhole) {
  const absl::Status status = client::WithDetails(
      absl::InvalidArgumentError("2 fields"),
      {.reason = "INVALID_FIELDS",
       .metadata = {{"state", "CLOSED"}},
       .violations = {{"signal.place", "missing"}, {"signal.reach", "mis\x1bsing"}}});
  std::ostringstream dutch;
  PrintError(status, Lang::kDutch, dutch);
  EXPECT_EQ(dutch.str(),
            "Fout: Niet alles is goed ingevuld.\n"
            "  reden: INVALID_FIELDS (state=CLOSED)\n"
            "  - signal.place: missing\n"
            "  - signal.reach: mis sing\n");
  std::ostringstream english;
  PrintError(absl::UnavailableError("refused"), Lang::kEnglish, english);
  EXPECT_EQ(english.str(), "Error: The server can't be reached.\n  refused\n");
  std::ostringstream unknown;
  PrintError(absl::InternalError("broken"), Lang::kEnglish, unknown);
  EXPECT_EQ(unknown.str(), "Error: broken\n");
}

}  // namespace
}  // namespace omzien::cli
