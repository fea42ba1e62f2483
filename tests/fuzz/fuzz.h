// What the targets share. A target takes any bytes, and stops the process when something that must
// hold of every input doesn't.

#ifndef OMZIEN_TESTS_FUZZ_FUZZ_H_
#define OMZIEN_TESTS_FUZZ_FUZZ_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace omzien::fuzz {

// Says what doesn't hold, and aborts: libFuzzer then keeps the input.
void Require(bool holds, std::string_view what);
// An error that may go to a client: a canonical code that a client's doing may have, with a reason.
void RequireOurError(const absl::Status& status);

// A request of any type: how the rules take it, and what the commit layer makes of it.
void FuzzRequests(std::string_view input);
// Page tokens, bearer tokens, addresses to listen on, resource names.
void FuzzTokens(std::string_view input);
// Keys of the store, read back.
void FuzzKeys(std::string_view input);
// Cases as they are stored, shown to every caller, counted, and changed.
void FuzzRecords(std::string_view input);
// All other rows as they are stored, read when the store is opened or when they are looked up.
void FuzzStoredRow(std::string_view input);
// A file for `omzien signal import`.
void FuzzCsv(std::string_view input);
// A catalogue or a configuration as YAML.
void FuzzYaml(std::string_view input);

// Inputs to begin with.
std::vector<std::string> RequestSeeds();
std::vector<std::string> TokenSeeds();
std::vector<std::string> KeySeeds();
std::vector<std::string> RecordSeeds();
std::vector<std::string> StoredRowSeeds();
std::vector<std::string> CsvSeeds();
std::vector<std::string> YamlSeeds();

}  // namespace omzien::fuzz

#endif  // OMZIEN_TESTS_FUZZ_FUZZ_H_
