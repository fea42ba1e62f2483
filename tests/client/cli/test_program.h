// The program run whole, with its own streams and environment.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "client/cli/cli.h"
#include "tests/client/cpp/test_clock.h"

namespace omzien::cli {

struct TestProgram {
  std::map<std::string, std::string> environment;
  std::string in;
  std::string out;
  std::string err;
  client::TestClock clock;

  int Run(const std::vector<std::string>& arguments) {
    std::istringstream input(in);
    std::ostringstream output;
    std::ostringstream error;
    Console console{
        .in = input, .out = output, .err = error, .environment = [this](const std::string& name) {
          const auto found = environment.find(name);
          return found == environment.end() ? std::string() : found->second;
        }};
    console.clock = &clock;
    const int code = cli::Run(arguments, console);
    out = output.str();
    err = error.str();
    return code;
  }
};

// A directory that is gone after the test.
class TempDir {
 public:
  TempDir() {
    std::string pattern = (std::filesystem::temp_directory_path() / "omzien-cli-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~TempDir() { std::filesystem::remove_all(path_); }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  std::string Path(const std::string& name) const { return (path_ / name).string(); }
  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(Path(name), std::ios::binary) << text;
    return Path(name);
  }
  std::string Read(const std::string& name) const {
    std::ifstream in(Path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  bool Has(const std::string& name) const { return std::filesystem::exists(path_ / name); }

 private:
  std::filesystem::path path_;
};

}  // namespace omzien::cli
