#include "tests/crash/checker.h"

#include <stdio.h>
#include <sys/wait.h>

#include <array>
#include <stdexcept>

#include "absl/strings/str_cat.h"

namespace omzien::crash {
namespace {

// Debian's: the packages of deploy/install-packages are for it, whichever stands first in PATH.
constexpr char kPython[] = "/usr/bin/python3";

std::string Quoted(const std::string& word) {
  std::string quoted = "'";
  for (const char letter : word)
    quoted += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  return quoted + "'";
}

std::string Script(const std::string& name) { return absl::StrCat(OMZIEN_CRASH_SOURCE, "/", name); }

std::string Flag(const std::string& name, const std::string& value) {
  return absl::StrCat("--", name, "=", value);
}

}  // namespace

Output RunProgram(const std::vector<std::string>& command) {
  std::string line;
  for (const std::string& word : command) absl::StrAppend(&line, Quoted(word), " ");
  FILE* const pipe = popen((line + "2>&1").c_str(), "re");
  if (pipe == nullptr) throw std::runtime_error("can't run " + line);
  Output output;
  std::array<char, 4096> chunk{};
  while (const size_t size = fread(chunk.data(), 1, chunk.size(), pipe)) {
    output.printed.append(chunk.data(), size);
  }
  const int status = pclose(pipe);
  output.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return output;
}

Output Check(const CheckedStore& store, int in_doubt, bool flushed) {
  std::vector<std::string> command = {kPython,
                                      "-B",
                                      Script("checker/check.py"),
                                      Flag("python", OMZIEN_CRASH_PYTHON),
                                      Flag("ledger", store.ledger),
                                      Flag("key", store.key_file),
                                      Flag("in-doubt", absl::StrCat(in_doubt)),
                                      store.directory};
  if (flushed) command.emplace_back("--flushed");
  return RunProgram(command);
}

Output CheckTheChecker(const CheckedStore& store) {
  return RunProgram({kPython, "-B", Script("checker_test.py"), Flag("python", OMZIEN_CRASH_PYTHON),
                     Flag("store", store.directory), Flag("ledger", store.ledger),
                     Flag("key", store.key_file)});
}

}  // namespace omzien::crash
