#include "tests/scenarios/table_file.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace omzien::scenarios {
namespace {

constexpr size_t kColumns = 4;
const std::vector<std::string>& Header() {
  static const auto* const kHeader = new std::vector<std::string>{"#", "given", "when", "then"};
  return *kHeader;
}

std::vector<std::string> CellsOf(absl::string_view line) {
  absl::ConsumePrefix(&line, "|");
  absl::ConsumeSuffix(&line, "|");
  std::vector<std::string> cells;
  for (const absl::string_view cell : absl::StrSplit(line, '|')) {
    cells.emplace_back(absl::StripAsciiWhitespace(cell));
  }
  return cells;
}

bool IsDashes(const std::vector<std::string>& cells) {
  return cells.size() == kColumns && std::ranges::all_of(cells, [](const std::string& cell) {
           return cell.size() >= 3 && cell.find_first_not_of("-:") == std::string::npos;
         });
}

bool IsId(absl::string_view text) {
  size_t i = 0;
  while (i < text.size() && absl::ascii_isupper(static_cast<unsigned char>(text[i]))) ++i;
  if (i == 0 || i == text.size()) return false;
  return std::ranges::all_of(text.substr(i), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c)) != 0;
  });
}

bool EndsItsQuotes(absl::string_view cell) { return std::ranges::count(cell, '"') % 2 == 0; }

// Where in a table the reader is.
enum class At { kOutside, kHeader, kRows, kForeign };

class Reader {
 public:
  TableFile Read(absl::string_view text) {
    for (const absl::string_view whole : absl::StrSplit(text, '\n')) {
      ++line_;
      const absl::string_view line = absl::StripAsciiWhitespace(whole);
      if (absl::StartsWith(line, "|")) {
        TakeLine(CellsOf(line));
      } else {
        if (at_ == At::kHeader) Error("a table without rows");
        at_ = At::kOutside;
      }
    }
    if (file_.rows.empty() && file_.errors.empty()) Error("no table with rows");
    return std::move(file_);
  }

 private:
  void Error(std::string message) { file_.errors.push_back({line_, std::move(message)}); }

  void TakeLine(std::vector<std::string> cells) {
    switch (at_) {
      case At::kOutside:
        at_ = cells == Header() ? At::kHeader : At::kForeign;
        if (at_ == At::kForeign) Error("the columns of a table are #, given, when, then");
        return;
      case At::kHeader:
        if (!IsDashes(cells)) Error("below the columns stands |---|---|---|---|");
        at_ = At::kRows;
        return;
      case At::kRows:
        TakeRow(std::move(cells));
        return;
      case At::kForeign:
        return;
    }
  }

  void TakeRow(std::vector<std::string> cells) {
    if (cells.size() != kColumns) {
      Error(absl::StrCat("a row has ", kColumns, " cells, not ", cells.size()));
      return;
    }
    Row row{line_, cells[0], StepsOf(cells[1]), StepsOf(cells[2]), StepsOf(cells[3])};
    if (!IsId(row.id)) {
      Error(absl::StrCat("\"", row.id, "\" is no id: capitals, then digits"));
    } else if (!ids_.insert(row.id).second) {
      Error(absl::StrCat(row.id, " stands above already"));
    }
    for (const std::string& cell : cells) {
      if (!EndsItsQuotes(cell)) Error(absl::StrCat(row.id, ": a quote doesn't end"));
    }
    if (row.when.empty()) Error(absl::StrCat(row.id, ": nothing happens"));
    if (row.then.empty()) Error(absl::StrCat(row.id, ": nothing is expected"));
    file_.rows.push_back(std::move(row));
  }

  TableFile file_;
  std::set<std::string> ids_;
  At at_ = At::kOutside;
  int line_ = 0;
};

}  // namespace

std::vector<std::string> StepsOf(absl::string_view cell) {
  std::vector<std::string> steps;
  std::string step;
  const auto end_step = [&] {
    const absl::string_view text = absl::StripAsciiWhitespace(step);
    if (!text.empty()) steps.emplace_back(text);
    step.clear();
  };
  bool quoted = false;
  int depth = 0;
  for (size_t i = 0; i < cell.size(); ++i) {
    const char c = cell[i];
    const absl::string_view rest = cell.substr(i);
    if (c == '"') quoted = !quoted;
    if (!quoted && c == '{') ++depth;
    if (!quoted && c == '}') --depth;
    const bool between = !quoted && depth == 0;
    if (between && (absl::StartsWith(rest, "; ") || rest == ";")) {
      end_step();
    } else if (between && absl::StartsWith(rest, "<br>")) {
      end_step();
      i += 3;
    } else {
      step.push_back(c);
    }
  }
  end_step();
  return steps;
}

TableFile ParseTables(absl::string_view text) { return Reader().Read(text); }

TableFile ReadTables(const std::string& path) {
  std::ifstream stream(path);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  TableFile file;
  if (stream.is_open()) {
    file = ParseTables(text);
  } else {
    file.errors.push_back({0, "can't be read"});
  }
  file.path = path;
  file.name = std::filesystem::path(path).stem().string();
  return file;
}

}  // namespace omzien::scenarios
