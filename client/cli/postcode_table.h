// A municipality's table of postcodes, mostly of six characters, as CBS and others publish it: too
// long to be written by hand in a catalogue.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cli/words.h"
#include "omzien/v1/catalog.pb.h"

namespace omzien::cli {

struct PostcodeTable {
  // In the order in which the file first names them.
  std::vector<v1::Postcode> postcodes;
  // Of each, the line on which it is first named.
  std::vector<int64_t> lines;
};

// Reads a CSV file with the columns code, district and certainty (or postcode, wijk, zekerheid), a
// row for each district that a postcode may lie in; others are left aside. Codes may be written
// "7411 ab". UsageError: the file can't be opened, or rows aren't right, with the lines of the
// first of them. INVALID_ARGUMENT: it isn't CSV.
absl::StatusOr<PostcodeTable> ReadPostcodeTable(const std::string& path, Lang lang);

// The entry that a path of the server's is about: 7 of "postcode_table[7].code"; -1 of any other.
int PostcodeTableIndex(const std::string& path);

}  // namespace omzien::cli
