// How deploy/quickstart reads its command line, with what it would call replaced by notes of that.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace omzien::deploy {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int kWrongUsage = 2;

class Quickstart : public ::testing::Test {
 protected:
  Quickstart() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "omzien-quickstart-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    std::filesystem::create_directories(folder_ / "deploy");
    std::filesystem::create_directories(folder_ / "bin");
    std::filesystem::copy(OMZIEN_DEPLOY "/quickstart", folder_ / "deploy/quickstart");
    WriteNote("deploy/install-packages", 0);
    WriteNote("bin/cmake", 0);
    WriteNote("bin/ninja", 0);
    // It comes last before anything is made: there the run ends.
    WriteNote("deploy/get-buf", 1);
  }
  ~Quickstart() override { std::filesystem::remove_all(folder_); }

  int Run(const std::string& arguments) {
    const std::string command = "cd '" + folder_.string() + "' && umask 022 && PATH=\"$PWD/bin:" +
                                "$PATH\" deploy/quickstart " + arguments + " >words 2>&1";
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  std::string Words() { return Read("words"); }
  // The programs that it called, each with the umask that it had.
  std::string Called() { return Read("called"); }

 private:
  void WriteNote(const std::string& program, int exit_code) {
    std::ofstream(folder_ / program)
        << "#!/bin/sh\necho " << program << " $(umask) >>'" << (folder_ / "called").string()
        << "'\nexit " << exit_code << "\n";
    std::filesystem::permissions(folder_ / program, std::filesystem::perms::owner_all);
  }
  std::string Read(const std::string& name) {
    std::ifstream in(folder_ / name);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  std::filesystem::path folder_;
};

TEST_F(Quickstart, WrongUsageStopsItBeforeItTouchesAnything) {
  for (const char* arguments :
       {"--state", "--built", "--once --state", "--state ''", "--state --once", "--nonsense"}) {
    EXPECT_EQ(Run(arguments), kWrongUsage) << arguments;
    EXPECT_THAT(Words(), AllOf(HasSubstr("Usage: deploy/quickstart [--once | --stop] [--state DIR] "
                                         "[--built DIR] [--help]\n"),
                               HasSubstr("quickstart: ")))
        << arguments;
    EXPECT_THAT(Called(), IsEmpty()) << arguments;
  }
}

TEST_F(Quickstart, WhatIsBuiltIsNotForItsOwnerAlone) {
  EXPECT_NE(Run(""), 0);
  EXPECT_EQ(Called(),
            "deploy/install-packages 0022\nbin/cmake 0022\nbin/ninja 0022\ndeploy/get-buf 0022\n");
}

}  // namespace
}  // namespace omzien::deploy
