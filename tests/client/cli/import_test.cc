// `omzien signal import`, whole, against a server in this process that can be told to fail.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "client/cli/import_refused.h"
#include "client/cli/import_state.h"
#include "client/cli/progress.h"
#include "tests/client/cli/test_program.h"
#include "tests/client/cpp/scripted_server.h"

namespace omzien::cli {
namespace {

using client::GrpcStatus;
using client::RpcStatus;
using client::ScriptedServer;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

class ImportTest : public testing::Test {
 protected:
  int Import(const std::vector<std::string>& more = {}, const std::string& file = "lijst.csv") {
    std::vector<std::string> arguments = {"-m",     "GM0001", "--server",     server_.target(),
                                          "signal", "import", dir_.Path(file)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return program_.Run(arguments);
  }
  // Rows "w0", "w1", ...
  static std::string Rows(int count) {
    std::string text = "plaats;woorden;telefoon\n";
    for (int i = 0; i < count; ++i) text += absl::StrCat("Bathmen;w", i, ";1\n");
    return text;
  }

  TempDir dir_;
  ScriptedServer server_;
  TestProgram program_;
};

TEST_F(ImportTest, SendsEveryRowOnce) {
  dir_.Write("lijst.csv", Rows(600));
  EXPECT_EQ(Import(), 0) << program_.err;
  EXPECT_THAT(server_.signals.stored(), SizeIs(600));
  EXPECT_THAT(program_.out, HasSubstr("Ingevoerd         600"));
}

TEST_F(ImportTest, RunAgainSendsNothing) {
  dir_.Write("lijst.csv", Rows(20));
  ASSERT_EQ(Import(), 0);
  ASSERT_EQ(Import({"-o", "json"}), 0);
  EXPECT_THAT(server_.signals.request_ids(), SizeIs(20));
  EXPECT_THAT(program_.out, HasSubstr("\"acceptedBefore\": 20"));
}

TEST_F(ImportTest, AfterABreakOnlyTheRestGoesAndNothingIsDoubled) {
  dir_.Write("lijst.csv", Rows(20));
  std::deque<client::StreamScript> streams = {
      {.answers_max = 7, .end = grpc::Status(grpc::UNAVAILABLE, "cut"), .read_ahead = 20}};
  streams.resize(30, {.answers_max = 0, .end = grpc::Status(grpc::UNAVAILABLE, "gone")});
  server_.signals.ScriptStreams(streams);
  EXPECT_EQ(Import(), 7);
  EXPECT_THAT(program_.err, HasSubstr("Voer hetzelfde uit om verder te gaan"));
  EXPECT_THAT(server_.signals.stored(), SizeIs(7));

  server_.signals.ScriptStreams({});
  const size_t sent = server_.signals.request_ids().size();
  EXPECT_EQ(Import(), 0) << program_.err;
  EXPECT_THAT(server_.signals.request_ids(), SizeIs(sent + 13));
  EXPECT_THAT(server_.signals.stored(), SizeIs(20));
}

TEST_F(ImportTest, ItSaysToRunItAgainOnlyWhereThatHelps) {
  dir_.Write("lijst.csv", Rows(3));
  server_.signals.ScriptStreams({{.answers_max = 0,
                                  .end = GrpcStatus(grpc::PERMISSION_DENIED, "ROLE_NOT_ALLOWED"),
                                  .read_ahead = 3}});
  EXPECT_EQ(Import({"--token", "t"}), 4);
  EXPECT_THAT(program_.err, HasSubstr("De invoer is afgebroken. Herstel eerst deze fout."));
  EXPECT_THAT(program_.err, Not(HasSubstr("Voer hetzelfde")));
}

TEST_F(ImportTest, WhatIsNoFileIsWrongUsage) {
  EXPECT_EQ(Import(), 2);
  EXPECT_THAT(program_.err, HasSubstr("lijst.csv bestaat niet"));
  EXPECT_EQ(Import({}, ""), 2);
  EXPECT_THAT(program_.err, HasSubstr("is een map, geen bestand"));
}

TEST_F(ImportTest, WithoutItsStateAnUnchangedFileStillDoublesNothing) {
  dir_.Write("lijst.csv", Rows(5));
  ASSERT_EQ(Import(), 0);
  std::filesystem::remove(dir_.Path("lijst.csv.omzien-state"));
  ASSERT_EQ(Import(), 0);
  EXPECT_THAT(server_.signals.stored(), SizeIs(5));
}

TEST_F(ImportTest, RowsAddedLaterGoAloneAndTwinsAreTwo) {
  dir_.Write("lijst.csv", "plaats;woorden;telefoon\nA;x;1\nA;x;1\n");
  ASSERT_EQ(Import(), 0);
  EXPECT_THAT(server_.signals.stored(), SizeIs(2));
  dir_.Write("lijst.csv", "plaats;woorden;telefoon\nnieuw;y;1\nA;x;1\nA;x;1\n");
  ASSERT_EQ(Import(), 0);
  EXPECT_THAT(server_.signals.stored(), SizeIs(3));
  EXPECT_THAT(server_.signals.request_ids(), SizeIs(3));
}

TEST_F(ImportTest, RefusedRowsComeBackWithAReasonAndCanBeMended) {
  dir_.Write("lijst.csv",
             "plaats;woorden;telefoon;leeftijd\nA;goed;1;65+\nB;\"twee; regels\nen meer\";1;66\n"
             "C;buiten;1;\n");
  server_.signals.ScriptItem("buiten",
                             {RpcStatus(grpc::INVALID_ARGUMENT, "PLACE_OUTSIDE_MUNICIPALITY")});
  EXPECT_EQ(Import(), 8);
  EXPECT_THAT(server_.signals.stored(), SizeIs(1));
  const std::string refused = dir_.Read("lijst.geweigerd.csv");
  EXPECT_THAT(refused, HasSubstr("\"plaats\";\"woorden\";\"telefoon\";\"leeftijd\";\"reden\""));
  EXPECT_THAT(refused,
              HasSubstr("\"twee; regels\nen meer\";\"1\";\"66\";\"regel 3: leeftijd: onbekend"));
  EXPECT_THAT(refused, HasSubstr("De plaats ligt buiten de gemeente"));
  EXPECT_THAT(refused, Not(HasSubstr("goed")));
  struct stat mode{};
  ASSERT_EQ(stat(dir_.Path("lijst.geweigerd.csv").c_str(), &mode), 0);
  EXPECT_EQ(mode.st_mode & 0777, 0600u);

  std::string mended = refused;
  mended.replace(mended.find("\"66\""), 4, "\"65+\"");
  dir_.Write("lijst.geweigerd.csv", mended);
  EXPECT_EQ(Import({}, "lijst.geweigerd.csv"), 0) << program_.err;
  EXPECT_THAT(server_.signals.stored(), SizeIs(3));
}

TEST_F(ImportTest, ARowWithMoreCellsThanColumnsLosesNone) {
  dir_.Write("lijst.csv", "plaats;woorden;via_melder\nBathmen;x;ja\nBathmen;koffie;thee;ja;;\n");
  ASSERT_EQ(Import(), 8);
  const std::string line = "\"Bathmen\";\"koffie\";\"thee\";\"regel 3: ";
  std::string refused = dir_.Read("lijst.geweigerd.csv");
  EXPECT_THAT(refused, HasSubstr(line));
  EXPECT_THAT(refused, HasSubstr("zet de tekst tussen aanhalingstekens"));
  EXPECT_THAT(refused, HasSubstr("\";\"ja\"\r\n"));
  EXPECT_THAT(refused, Not(HasSubstr("4:")));
  // As it came, it is refused again and still has all its cells.
  ASSERT_EQ(Import({}, "lijst.geweigerd.csv"), 8);
  refused = dir_.Read("lijst.geweigerd.geweigerd.csv");
  EXPECT_THAT(refused, HasSubstr("\"Bathmen\";\"koffie\";\"thee\";\"regel 2: "));
  EXPECT_THAT(refused, HasSubstr("\";\"ja\"\r\n"));
  dir_.Write("lijst.geweigerd.csv",
             "plaats;woorden;via_melder;reden\nBathmen;\"koffie;thee\";ja;\n");
  EXPECT_EQ(Import({}, "lijst.geweigerd.csv"), 0) << program_.err << program_.out;
  EXPECT_THAT(server_.signals.stored(), SizeIs(2));
}

TEST_F(ImportTest, RefusedRowsOfARunThatBreaksOffAreNowhere) {
  dir_.Write("lijst.csv", "plaats;woorden\nA;x\n");
  const auto csv = CsvFile::Open(dir_.Path("lijst.csv"), Lang::kDutch);
  ASSERT_TRUE(csv.ok());
  RefusedRows rows(dir_.Path("lijst.csv"), *csv);
  rows.Add({"A", "x"}, "regel 2: telefoon: ontbreekt");
  const std::filesystem::directory_iterator files(std::filesystem::path(dir_.Path("")));
  EXPECT_EQ(std::distance(begin(files), end(files)), 1);
}

TEST_F(ImportTest, AFileOfRefusedRowsThatSomeoneMendsIsNotOverwritten) {
  dir_.Write("lijst.csv", "plaats;woorden;leeftijd;telefoon\nA;x;66;1\n");
  ASSERT_EQ(Import(), 8);
  ASSERT_EQ(Import(), 8);
  EXPECT_FALSE(dir_.Has("lijst.geweigerd-2.csv"));
  dir_.Write("lijst.geweigerd.csv", "half gemend");
  ASSERT_EQ(Import(), 8);
  EXPECT_EQ(dir_.Read("lijst.geweigerd.csv"), "half gemend");
  EXPECT_TRUE(dir_.Has("lijst.geweigerd-2.csv"));
}

TEST_F(ImportTest, ADryRunSaysWhatIsWrongAndSendsAndWritesNothing) {
  dir_.Write("lijst.csv", "plaats;woorden;leeftijd;telefoon\nA;x;66;1\nB;x;;1\n");
  EXPECT_EQ(Import({"--dry-run"}), 8);
  EXPECT_THAT(program_.err, HasSubstr("regel 2: leeftijd: onbekend woord '66'"));
  EXPECT_THAT(server_.signals.request_ids(), SizeIs(0));
  EXPECT_FALSE(dir_.Has("lijst.csv.omzien-state"));
  EXPECT_FALSE(dir_.Has("lijst.geweigerd.csv"));
}

TEST_F(ImportTest, AFileThatIsBrokenFurtherOnSendsNothingAtAll) {
  dir_.Write("lijst.csv", Rows(50) + "Bathmen;\"x");
  EXPECT_EQ(Import(), 5);
  EXPECT_THAT(program_.err, HasSubstr("lijst.csv:52: een aanhalingsteken mist"));
  EXPECT_THAT(server_.signals.request_ids(), SizeIs(0));
}

TEST_F(ImportTest, TheStateHoldsIdsOnlyAndIsOfOneMunicipality) {
  dir_.Write("lijst.csv", "plaats;woorden;telefoon\nBathmen;geheim;0570\n");
  ASSERT_EQ(Import(), 0);
  const std::string state = dir_.Read("lijst.csv.omzien-state");
  EXPECT_THAT(state, Not(HasSubstr("geheim")));
  EXPECT_THAT(state, Not(HasSubstr("0570\n")));
  EXPECT_EQ(program_.Run({"-m", "GM0002", "--server", server_.target(), "signal", "import",
                          dir_.Path("lijst.csv")}),
            6);
}

TEST_F(ImportTest, ALineTornByACrashIsReadOver) {
  const std::string file = dir_.Write("lijst.csv", Rows(2));
  {
    auto state = ImportState::Open(file, "GM0001", Lang::kDutch, false);
    ASSERT_TRUE(state.ok());
    ASSERT_TRUE(state->Acknowledge("id-1", "s1").ok());
  }
  std::ofstream(dir_.Path("lijst.csv.omzien-state"), std::ios::app) << "ok id-2";
  {
    auto state = ImportState::Open(file, "GM0001", Lang::kDutch, false);
    ASSERT_TRUE(state.ok());
    EXPECT_TRUE(state->Acknowledged("id-1"));
    EXPECT_FALSE(state->Acknowledged("id-2"));
    ASSERT_TRUE(state->Acknowledge("id-3", "s3").ok());
    // The one that runs holds the lock.
    EXPECT_TRUE(absl::IsFailedPrecondition(
        ImportState::Open(file, "GM0001", Lang::kDutch, false).status()));
  }
  auto state = ImportState::Open(file, "GM0001", Lang::kDutch, true);
  EXPECT_TRUE(state->Acknowledged("id-3"));
}

TEST(ProgressTest, TheLineSaysRateAndRest) {
  const auto line = [](int64_t done, absl::Duration elapsed) {
    return Progress::Line(done, 5000, elapsed, Lang::kDutch);
  };
  EXPECT_EQ(line(0, absl::ZeroDuration()), "0/5000  0%");
  EXPECT_EQ(line(1000, absl::Seconds(2)), "1000/5000  20%  500/s  nog 8s");
  EXPECT_EQ(line(5000, absl::Seconds(10)), "5000/5000  100%  500/s  nog 0");
  EXPECT_EQ(RefusedPath("a.csv", 1), "a.geweigerd.csv");
  EXPECT_EQ(RefusedPath("a.txt", 2), "a.txt.geweigerd-2.csv");
}

}  // namespace
}  // namespace omzien::cli
