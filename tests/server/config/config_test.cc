#include "server/config/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_replace.h"

namespace omzien::config {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kHash[] = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

class ConfigTest : public ::testing::Test {
 protected:
  ConfigTest()
      : directory_(std::filesystem::temp_directory_path() /
                   ("omzien_config_test." + std::to_string(getpid()))) {
    std::filesystem::create_directories(directory_);
  }
  ~ConfigTest() override { std::filesystem::remove_all(directory_); }

  // Writes the file; its path.
  std::string File(const std::string& yaml) {
    const std::string path = directory_ / "server.yaml";
    std::ofstream(path) << yaml;
    return path;
  }

  // What LoadConfig says of a file that holds `yaml`, the file's path left out.
  std::string ErrorsOf(const std::string& yaml) {
    const std::string path = File(yaml);
    const auto config = LoadConfig({{"--config", path}, {}});
    return absl::StrReplaceAll(config.status().message(), {{path, "FILE"}});
  }

  std::filesystem::path directory_;
};

const char kRequired[] = "data_dir: /d\nmaster_key_file: /k\n";

std::string WithCaller(const std::string& caller) {
  return std::string(kRequired) + "callers:\n- " + caller + "\n";
}

TEST_F(ConfigTest, HasDefaultsForAllButTheDirectoryAndTheKey) {
  const auto config = LoadConfig({{"--config", File(kRequired)}, {}});
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->listen(), "127.0.0.1:7701");
  EXPECT_EQ(config->data_dir(), "/d");
  EXPECT_EQ(config->max_message_kib(), 4096u);
  EXPECT_EQ(config->deadline_cap().seconds(), 60);
  EXPECT_EQ(config->drain_timeout().seconds(), 10);
  EXPECT_EQ(config->log_level(), "info");
}

TEST_F(ConfigTest, FlagsGoBeforeTheEnvironmentBeforeTheFile) {
  struct Row {
    const char* file;
    const char* environment;
    const char* flag;
    uint32_t threads;
  };
  for (const Row& row : {Row{nullptr, nullptr, nullptr, 4},
                         {"5", nullptr, nullptr, 5},
                         {"5", "6", nullptr, 6},
                         {"5", "6", "7", 7},
                         {nullptr, "6", "7", 7},
                         {"5", nullptr, "7", 7}}) {
    std::string yaml = kRequired;
    if (row.file != nullptr) yaml += std::string("read_threads: ") + row.file;
    ConfigSources sources{{"--config=" + File(yaml)}, {}};
    if (row.environment != nullptr) sources.environment["OMZIEN_READ_THREADS"] = row.environment;
    if (row.flag != nullptr) sources.args.push_back(std::string("--read-threads=") + row.flag);
    const auto config = LoadConfig(sources);
    ASSERT_TRUE(config.ok()) << config.status();
    EXPECT_EQ(config->read_threads(), row.threads);
  }
}

TEST_F(ConfigTest, WorksWithoutAFile) {
  const auto config = LoadConfig({{"--data-dir", "/d", "--drain-timeout=500ms"},
                                  {{"OMZIEN_MASTER_KEY_FILE", "/k"}, {"PATH", "/bin"}}});
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->master_key_file(), "/k");
  EXPECT_EQ(config->drain_timeout().nanos(), 500'000'000);
}

TEST_F(ConfigTest, TakesTheFileFromTheEnvironmentUnlessAFlagNamesOne) {
  const std::string path = File(kRequired);
  EXPECT_TRUE(LoadConfig({{}, {{"OMZIEN_SERVER_CONFIG", path}}}).ok());
  EXPECT_TRUE(LoadConfig({{"--config", path}, {{"OMZIEN_SERVER_CONFIG", "/nowhere"}}}).ok());
}

TEST_F(ConfigTest, LeavesTheClientsVariablesAlone) {
  EXPECT_TRUE(LoadConfig({{"--config", File(kRequired)},
                          {{"OMZIEN_TOKEN", "geheim"},
                           {"OMZIEN_CONFIG", "/nowhere"},
                           {"OMZIEN_TOKEN_FILE", "/nowhere"},
                           {"OMZIEN_LANG", "nl"},
                           {"OMZIEN_OUTPUT", "json"},
                           {"OMZIEN_TIMEOUT", "5s"},
                           {"OMZIEN_SERVER", "localhost:7701"},
                           {"OMZIEN_MUNICIPALITY", "GM0150"}}})
                  .ok());
}

TEST_F(ConfigTest, ReportsEveryErrorOfEverySourceAtOnce) {
  const std::string path = File(
      "data_dir: /d\n"
      "listne: 127.0.0.1:1\n"
      "queue_limit: 3\n"
      "deadline_cap: soon\n"
      "callers: [{id: UPPER}]\n");
  const auto config = LoadConfig({{"--config", path, "--red-threads", "--log-level=loud"},
                                  {{"OMZIEN_LISTEM", "x"}, {"OMZIEN_MAX_MESSAGE_KIB", "veel"}}});
  const std::string errors = absl::StrReplaceAll(config.status().message(), {{path, "FILE"}});
  EXPECT_EQ(config.status().code(), absl::StatusCode::kInvalidArgument);
  for (const char* expected :
       {"FILE:2: unknown key `listne`; did you mean `listen`?",
        "FILE:3: queue_limit: 3 is outside 16 to 65536",
        "FILE:4: deadline_cap: expected a duration such as 10s or 500ms, not `soon`",
        "FILE:5: callers[0].id: expected 1 to 64 lower-case",
        "FILE:5: callers[0].token_sha256: expected the token's SHA-256",
        "FILE:5: callers[0].grants: expected 1 to 1000 grants",
        "unknown environment variable `OMZIEN_LISTEM`; did you mean `OMZIEN_LISTEN`?",
        "environment OMZIEN_MAX_MESSAGE_KIB: expected a whole number",
        "unknown flag `--red-threads`; did you mean `--read-threads`?",
        "flag --log-level: `loud` is not one of info, warning, error",
        "master_key_file: this is required: set master_key_file in the file, "
        "OMZIEN_MASTER_KEY_FILE or --master-key-file"}) {
    EXPECT_THAT(errors, HasSubstr(expected));
  }
  EXPECT_EQ(std::ranges::count(errors, '\n'), 10) << errors;
}

TEST_F(ConfigTest, ChecksRanges) {
  struct Row {
    const char* setting;
    const char* good;
    const char* bad;
  };
  for (const Row& row : {Row{"listen", "127.0.0.1:7701", "0.0.0.0:7701"},
                         {"listen", "localhost:0", "localhost"},
                         {"listen", "\"[::1]:80\"", "\"[::]:80\""},
                         {"listen", "127.9.9.9:65535", "127.0.0.1:65536"},
                         {"listen", "127.0.0.1:1", "127.0.0.1:-1"},
                         {"listen", "127.0.0.1:1", "\":7701\""},
                         {"listen", "127.0.0.1:1", "omzien.example:7701"},
                         {"max_message_kib", "64", "63"},
                         {"max_message_kib", "65536", "65537"},
                         {"max_streams_per_connection", "1", "0"},
                         {"max_streams_per_connection", "10000", "10001"},
                         {"deadline_cap", "1s", "999ms"},
                         {"deadline_cap", "10m", "10m1s"},
                         {"drain_timeout", "0", "-1s"},
                         {"drain_timeout", "10s", "10001ms"},
                         {"read_threads", "64", "65"},
                         {"queue_limit", "65536", "15"},
                         {"log_level", "info", "trace"}}) {
    const std::string key = std::string(kRequired) + row.setting + ": ";
    EXPECT_EQ(ErrorsOf(key + row.good), "") << row.setting;
    EXPECT_THAT(ErrorsOf(key + row.bad), HasSubstr(std::string("FILE:3: ") + row.setting))
        << row.bad;
  }
}

TEST_F(ConfigTest, ChecksCallers) {
  const std::string head = std::string("{id: kassa, token_sha256: ") + kHash + ", grants: ";
  struct Row {
    std::string grants;
    const char* error;  // "" when it is good
  };
  for (const Row& row :
       {Row{"[{municipality: GM0150, organisation: jumbo, role: signaller}]", ""},
        {"[{municipality: GM0150, role: steward}, {municipality: GM9001, role: steward}]", ""},
        {"[]", "callers[0].grants: expected 1 to"},
        {"[{municipality: Deventer, role: steward}]", "grants[0].municipality: expected"},
        {"[{municipality: GM0150, role: signaler, organisation: a}]",
         "grants[0].role: `signaler` is not a role; did you mean `signaller`?"},
        {"[{municipality: GM0150, role: public}]", "`public` is not a role"},
        {"[{municipality: GM0150, role: receiver}]", "a receiver needs an organisation"},
        {"[{municipality: GM0150, role: first_contact}]", "a first_contact needs an organisation"},
        {"[{municipality: GM0150, role: coordinator, organisation: a}]",
         "a coordinator acts for no organisation"},
        {"[{municipality: GM0150, role: signaller, organisation: De Winkel}]",
         "`De Winkel` is not an organisation's id"},
        {"[{municipality: GM0150, role: steward}, {municipality: GM0150, role: steward}]",
         "grants[1]: this grant was given before"}}) {
    const std::string errors = ErrorsOf(WithCaller(head + row.grants + "}"));
    EXPECT_THAT(errors, HasSubstr(row.error));
    EXPECT_EQ(errors.empty(), *row.error == '\0') << errors;
  }
}

TEST_F(ConfigTest, RefusesTwoCallersWithOneIdOrToken) {
  const std::string grants = "grants: [{municipality: GM0150, role: steward}]}";
  const std::string one = std::string("{id: a, token_sha256: ") + kHash + ", " + grants;
  const std::string errors = ErrorsOf(WithCaller(one + "\n- " + one));
  EXPECT_THAT(errors, AllOf(HasSubstr("FILE:5: callers[1].id: another caller is called `a`"),
                            HasSubstr("callers[1].token_sha256: the same token as caller `a`")));
  EXPECT_THAT(errors, Not(HasSubstr(kHash)));
}

TEST_F(ConfigTest, TakesHashesInEitherCase) {
  std::string upper = kHash;
  std::ranges::transform(upper, upper.begin(), [](char c) { return std::toupper(c); });
  const auto config = LoadConfig(
      {{"--config", File(WithCaller("{id: a, token_sha256: " + upper +
                                    ", grants: [{municipality: GM0150, role: operator}]}"))},
       {}});
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->callers(0).token_sha256(), kHash);
}

TEST_F(ConfigTest, SaysWhenTheFileCannotBeRead) {
  for (const std::string& path : {std::string("/nowhere/server.yaml"), directory_.string()}) {
    EXPECT_THAT(std::string(LoadConfig({{"--config", path}, {}}).status().message()),
                HasSubstr(path + ": the file can't be read"));
  }
}

TEST(Flags, AreCheckedForForm) {
  struct Row {
    std::vector<std::string> args;
    const char* error;
  };
  for (const Row& row : {Row{{"serve"}, "`serve`: expected a flag"},
                         {{"--data-dir"}, "flag --data-dir: a value is missing"},
                         {{"--data-dir", "--check"}, "flag --data-dir: a value is missing"},
                         {{"--check=yes"}, "flag --check: takes no value"},
                         {{"--listen=a", "--listen=b"}, "flag `--listen`: given more than once"},
                         {{"--datadir=x"}, "did you mean `--data-dir`?"}}) {
    EXPECT_THAT(std::string(LoadConfig({row.args, {}}).status().message()), HasSubstr(row.error));
  }
}

TEST(Flags, SayWhatToDo) {
  struct Row {
    std::vector<std::string> args;
    Action action;
  };
  for (const Row& row : {Row{{}, Action::kServe},
                         {{"--config", "x"}, Action::kServe},
                         {{"--check"}, Action::kCheck},
                         {{"--check", "--help"}, Action::kHelp},
                         {{"-h"}, Action::kHelp},
                         {{"--wrong", "--version"}, Action::kVersion}}) {
    EXPECT_EQ(RequestedAction(row.args), row.action);
  }
}

TEST(Help, ListsEveryKeyInItsThreeForms) {
  const std::string help = HelpText();
  const auto* type = v1::ServerConfig::descriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    EXPECT_THAT(help, HasSubstr(type->field(i)->name()));
  }
  EXPECT_THAT(help, AllOf(HasSubstr("OMZIEN_MAX_STREAMS_PER_CONNECTION"),
                          HasSubstr("--max-streams-per-connection"), HasSubstr("--check")));
}

}  // namespace
}  // namespace omzien::config
