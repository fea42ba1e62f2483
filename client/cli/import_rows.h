// What the columns of an import mean, and what is wrong with a row that can be known without the
// server.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cli/csv.h"
#include "client/cli/names.h"
#include "client/cli/signal_flags.h"
#include "client/cpp/errors.h"
#include "omzien/v1/signal_service.pb.h"

namespace omzien::cli {

// Under this heading the file of refused rows says why; it is read over when that is imported.
inline constexpr char kReasonHeading[] = "reden";

struct ImportColumn;

class ImportColumns {
 public:
  // INVALID_ARGUMENT, all problems in one message: a name that is no column's (with the nearest
  // one that is) and isn't in `ignore`, a column twice, a required column missing.
  static absl::StatusOr<ImportColumns> FromHeader(const std::vector<std::string>& header,
                                                  const std::vector<std::string>& ignore,
                                                  Lang lang);

  // The signal of a row. What is wrong is in `violations`, in `lang`, by the column's own heading.
  v1::Signal ToSignal(const CsvRow& row, const Names& names, Lang lang,
                      std::vector<client::Violation>& violations) const;

  // The row's content, free of the order of columns and of what was ignored: two rows are the same
  // when this is.
  std::string Content(const CsvRow& row) const;

  // The heading of the column that holds a field of the request, given as the server names it
  // ("signal.reach.phone"), or the field itself.
  std::string HeadingOf(const std::string& field) const;

 private:
  struct Bound {
    const ImportColumn* column = nullptr;  // Null: ignored.
    std::string heading;
  };
  std::vector<Bound> columns_;
};

// For `--help` and the README: "place (plaats), words (woorden), ...".
std::string ImportColumnNames();

}  // namespace omzien::cli
