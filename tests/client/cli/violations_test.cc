// What the server says of a field, in Dutch.

#include "client/cli/violations.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/client/cli/server_descriptions.h"

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

TEST(DescriptionText, HasDutchForAllThatTheServerSays) {
  std::set<std::string> seen;
  for (const char* folder : {"domain", "commit", "rpc"}) {
    for (const auto& [where, texts] :
         DescriptionsIn(std::filesystem::path(OMZIEN_SERVER_SOURCES) / folder)) {
      EXPECT_FALSE(texts.empty()) << folder << "/" << where << " wasn't understood";
      for (const std::string& text : texts) {
        EXPECT_NE(DescriptionText(text, Lang::kDutch), text) << folder << "/" << where;
        seen.insert(text);
      }
    }
  }
  // One of each kind, so that the sources were read at all.
  for (const char* text :
       {"is required", "is longer than 7 characters", "isn't a target group of this municipality",
        "must be a UUID of 36 characters", "lies outside the municipality",
        "is stated by professionals or the person themselves only",
        "isn't an organisation for which the caller signals",
        "isn't a wijk of this municipality"}) {
    EXPECT_TRUE(seen.contains(text)) << text;
  }
}

}  // namespace
}  // namespace omzien::cli
