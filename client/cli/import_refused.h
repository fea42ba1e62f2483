// The rows of an import that were refused, as they were, with the reason: FILE.geweigerd.csv.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cli/csv.h"
#include "client/cli/import_state.h"

namespace omzien::cli {

// Kept aside until the run is over, so that what someone is mending isn't overwritten by a run that
// breaks off; and in a file without a name, so that such a run leaves nothing behind.
class RefusedRows {
 public:
  RefusedRows(std::string file, const CsvFile& csv);

  // Cells beyond the header's come after the reason: that stays in its column.
  void Add(std::vector<std::string> row, const std::string& reason);

  // Puts the file in its place: that of the last run's if nobody changed it, else beside it.
  // Returns its path, or nothing when no row was refused. UNKNOWN: it can't be written.
  absl::StatusOr<std::string> Settle(ImportState& state);

 private:
  void Write(const std::vector<std::string>& cells);
  bool CopyTo(const std::string& path);

  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  const std::string file_;
  const char separator_;
  std::vector<std::string> header_;
  // The reason of an earlier run, in a file of refused rows, makes place for the new one.
  bool had_reason_ = false;
  std::unique_ptr<std::FILE, Close> out_;  // From the first row on.
  bool failed_ = false;
};

// `file` without ".csv", with ".geweigerd.csv"; from 2 on ".geweigerd-2.csv".
std::string RefusedPath(const std::string& file, int number);

}  // namespace omzien::cli
