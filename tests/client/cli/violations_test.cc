// What the server says of a field, in Dutch.

#include "client/cli/violations.h"

#include <gtest/gtest.h>

namespace omzien::cli {
namespace {

TEST(DescriptionText, SpeaksTheReadersLanguage) {
  const struct {
    const char* english;
    const char* dutch;
  } rows[] = {
      {"is required", "ontbreekt"},
      {"is longer than 2000 characters", "is langer dan 2000 tekens"},
      {"holds more than 10 items", "telt meer dan 10 delen"},
      {"must not be in the future", "mag niet in de toekomst liggen"},
      {"isn't a target group of this municipality", "is geen doelgroep van deze gemeente"},
      // What isn't known stays, and so does what only looks like it.
      {"is a new rule", "is a new rule"},
      {"is longer than many characters", "is longer than many characters"},
      {"is longer than  characters", "is longer than  characters"},
      {"", ""},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(DescriptionText(row.english, Lang::kDutch), row.dutch);
    EXPECT_EQ(DescriptionText(row.english, Lang::kEnglish), row.english);
  }
}

}  // namespace
}  // namespace omzien::cli
