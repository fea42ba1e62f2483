// What the program says of a command line that it doesn't understand.
#include "client/cli/usage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/cli/test_program.h"

namespace omzien::cli {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

using Strings = std::vector<std::string>;

TEST(UsageTest, WhatIsWrongIsNamedWithTheNearestThatIsKnown) {
  const struct {
    Strings arguments;
    const char* words;
  } kCases[] = {
      {{"signla", "list"},
       "Fout: onbekende opdracht 'signla'; bedoelde u signal?\n  Zie: omzien -"},
      {{"signal", "submti"}, "'submti'; bedoelde u submit?\n  Zie: omzien signal --help\n"},
      {{"help"}, "'help'; kies uit: signal, referral, catalog, followup, completion\n"},
      {{}, "Fout: een opdracht ontbreekt; kies uit: signal, "},
      {{"-m", "GM0001", "signal"}, "een opdracht ontbreekt; kies uit: submit, "},
      {{"signal", "submit", "--plaec", "x"}, "onbekende optie '--plaec'; bedoelde u --place?"},
      {{"signal", "list", "--sever=x"}, "onbekende optie '--sever'; bedoelde u --server?"},
      {{"signal", "submit", "--words", "x"},
       "Fout: --place ontbreekt\n  Zie: omzien signal submit"},
      {{"signal", "list", "--limit", "0"}, "Fout: --limit: minstens 1\n"},
      {{"signal", "list", "--limit", "x"}, "Fout: niet te lezen: --limit = x\n"},
      {{"signal", "list", "extra"}, "Fout: onverwacht: extra\n"},
      {{"signal", "list", "--limit"}, "Fout: --limit mist een waarde\n"},
      {{"--lang", "en", "signla"}, "Error: unknown command 'signla'; did you mean signal?\n"},
      {{"--lang=en", "signal", "list", "--limit", "0"}, "Error: --limit: at least 1\n"},
  };
  for (const auto& c : kCases) {
    TestProgram program;
    EXPECT_EQ(program.Run(c.arguments), 2) << c.words;
    EXPECT_THAT(program.err, HasSubstr(c.words));
  }
}

TEST(UsageTest, ItSaysItsVersion) {
  TestProgram program;
  EXPECT_EQ(program.Run({"--version"}), 0);
  EXPECT_THAT(program.out, StartsWith("omzien "));
}

TEST(UsageTest, HelpNamesTheFormsAndNothingThatIsAlwaysRefused) {
  const struct {
    Strings command;
    const char* words;
  } kCases[] = {
      {{"signal", "submit"}, "reads them from standard input"},
      {{"signal", "submit"}, "Whether the person knows of it: yes, no"},
      {{"signal", "submit"}, "Day, such as 2026-11-26"},
      {{"signal", "import"}, "separated by ; , or tabs"},
      {{"referral", "contact"}, "planned, such as '2026-11-26 14:00'"},
      {{"referral", "consent"}, "REQUIRED unless --withdraw"},
      {{"referral", "place"}, "--offer contact-via-bathmens-contactteam"},
      {{"referral", "complete"}, "To place the person: omzien referral place"},
      {{"followup", "summary"}, "such as 2026-11-01"},
  };
  for (const auto& c : kCases) {
    TestProgram program;
    Strings arguments = c.command;
    arguments.emplace_back("--help");
    EXPECT_EQ(program.Run(arguments), 0);
    EXPECT_THAT(program.out, HasSubstr(c.words));
    EXPECT_THAT(program.out, Not(HasSubstr(", placed")));
  }
}

TEST(UsageTest, WhatThisProgramRefusesItselfItRefusesInDutch) {
  const TempDir dir;
  const struct {
    Strings arguments;
    const char* words;
    const char* english;
  } kCases[] = {
      {{"--token", "t", "--server", "omzien.example:1"}, "niet zonder TLS", "isn't sent"},
      {{"--token", "t t"}, "in het token staat een spatie", "holds a space"},
      {{"--token-file", "/nonexistent"}, "het tokenbestand /nonexistent is niet te lezen", "can't"},
      {{"--lang", "fr"}, "--lang: kies nl of en", "nl or en"},
      {{"-o", "xml"}, "-o: kies table of json", "table or json"},
      {{"--timeout", "x"}, "--timeout: een tijd tot 1h", "a time"},
  };
  for (const auto& c : kCases) {
    TestProgram program;
    Strings arguments = {"-m", "GM0001", "signal", "get", "x"};
    arguments.insert(arguments.end(), c.arguments.begin(), c.arguments.end());
    EXPECT_EQ(program.Run(arguments), 2) << c.words;
    EXPECT_THAT(program.err, HasSubstr(c.words));
    EXPECT_THAT(program.err, Not(HasSubstr(c.english)));
  }
  TestProgram program;
  EXPECT_EQ(program.Run({"-m", "GM0001", "referral", "complete", "x-1", "--outcome", "geplaatst"}),
            2);
  EXPECT_THAT(program.err, HasSubstr("plaatsen gaat met 'omzien referral place'"));
}

}  // namespace
}  // namespace omzien::cli
