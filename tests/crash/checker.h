// Runs the checker, which is Python and shares no code with the server, on a store that is closed.

#ifndef OMZIEN_TESTS_CRASH_CHECKER_H_
#define OMZIEN_TESTS_CRASH_CHECKER_H_

#include <string>
#include <vector>

namespace omzien::crash {

struct Output {
  int exit_code = 0;
  std::string printed;
};

// Both outputs of a program; throws when it can't be run.
Output RunProgram(const std::vector<std::string>& command);

struct CheckedStore {
  std::string directory;
  std::string ledger;
  std::string key_file;
};

// checker/check.py; the exit code is 0 when it finds no difference.
Output Check(const CheckedStore& store, int in_doubt, bool flushed);
// checker_test.py: each kind of damage is planted in a copy, to see it reported.
Output CheckTheChecker(const CheckedStore& store);

}  // namespace omzien::crash

#endif  // OMZIEN_TESTS_CRASH_CHECKER_H_
