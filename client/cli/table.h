// Tables and sheets of text for a terminal, aligned by what the terminal shows, not by bytes.
#pragma once

#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace omzien::cli {

struct TableStyle {
  // The last column wraps to keep a line within so many cells; 0: no bound.
  int columns_max = 0;
  // Headings in bold.
  bool color = false;
  // Cells apart by a tab and nothing else: what word processors and spreadsheets make a table of.
  bool tabs = false;
};

// How many cells a terminal uses for UTF-8 text: two for wide characters, none for combining ones.
int DisplayWidth(const std::string& text);

// `text` fit to show: what others typed may hold escape sequences that would drive the reader's
// terminal. Control characters become spaces, bytes that aren't UTF-8 the replacement character.
std::string Clean(const std::string& text);

class Table {
 public:
  explicit Table(std::vector<std::string> headings);
  // As many cells as headings. Cells are cleaned.
  void AddRow(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }
  void Print(std::ostream& out, const TableStyle& style) const;

 private:
  std::vector<std::string> headings_;
  std::vector<std::vector<std::string>> rows_;
};

// "heading  value" lines, one record; pairs with an empty value are left out.
using Sheet = std::vector<std::pair<std::string, std::string>>;
void PrintSheet(const Sheet& sheet, std::ostream& out, const TableStyle& style);

}  // namespace omzien::cli
