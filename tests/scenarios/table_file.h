// Scenarios as people write them: Markdown files with tables of the columns #, given, when, then. A
// cell holds steps, short sentences between semicolons; what stands between the tables is for the
// reader. Pure; any thread.

#ifndef OMZIEN_TESTS_SCENARIOS_TABLE_FILE_H_
#define OMZIEN_TESTS_SCENARIOS_TABLE_FILE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace omzien::scenarios {

struct Row {
  int line = 0;    // in its file, from 1
  std::string id;  // "P07": capitals, then digits
  std::vector<std::string> given, when, then;
};

struct TableError {
  int line = 0;
  std::string message;
};

struct TableFile {
  std::string name;  // "place" of "place.md"
  std::string path;
  std::vector<Row> rows;
  // By line. What could be read stands in `rows` all the same.
  std::vector<TableError> errors;
};

// The rows of all tables in `text`. A table begins with the line "| # | given | when | then |" and
// the dashes below it. Errors: another table, a row with more or fewer cells, an id that isn't one
// or stands in the file already, nothing in `when` or `then`, a quote that doesn't end, no rows at
// all.
TableFile ParseTables(absl::string_view text);

// ParseTables() of the file at `path`, with its name; an error at line 0 when it can't be read.
TableFile ReadTables(const std::string& path);

// The steps of a cell, in order: what stands between "; " or "<br>", but for those within quotes or
// braces.
std::vector<std::string> StepsOf(absl::string_view cell);

}  // namespace omzien::scenarios

#endif  // OMZIEN_TESTS_SCENARIOS_TABLE_FILE_H_
