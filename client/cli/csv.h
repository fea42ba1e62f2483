// RFC 4180 over Debian's libcsv: quoted fields with separators, quotes and line ends in them, with
// a byte order mark or without, separated by ";", "," or a tab.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "client/cli/words.h"

namespace omzien::cli {

struct CsvRow {
  // 1 for the first line of the file; a record with line ends in it counts from where it starts.
  int64_t line = 0;
  std::vector<std::string> fields;
};

struct CsvLimits {
  size_t field_bytes_max = 16'000;
  size_t fields_max = 100;
  // The header not counted.
  int64_t rows_max = 1'000'000;
};

class CsvFile {
 public:
  // Reads the header: the first record. INVALID_ARGUMENT, in `lang` and with the line: it is
  // empty, isn't UTF-8, breaks a limit. UsageError: it can't be opened.
  static absl::StatusOr<CsvFile> Open(const std::string& path, Lang lang, CsvLimits limits = {});

  char separator() const { return separator_; }
  const std::vector<std::string>& header() const { return header_; }

  // Calls `on_row` for each record after the header, in order; blank ones are left out. Reads the
  // file from the start each time, a line at a time. Ends early with what `on_row` or the file
  // gives: INVALID_ARGUMENT as Open, also for quotes that don't match.
  absl::Status ForEach(absl::FunctionRef<absl::Status(const CsvRow&)> on_row) const;

 private:
  CsvFile() = default;
  absl::Status Read(absl::FunctionRef<absl::Status(const CsvRow&)> on_record) const;

  std::string path_;
  Lang lang_ = Lang::kDutch;
  CsvLimits limits_;
  char separator_ = ';';
  std::vector<std::string> header_;
};

// One record with its line end; every field in quotes.
std::string CsvLine(const std::vector<std::string>& fields, char separator);

}  // namespace omzien::cli
