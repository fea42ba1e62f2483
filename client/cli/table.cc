#include "client/cli/table.h"

#include <locale.h>
#include <wchar.h>

#include <algorithm>

#include "absl/strings/str_split.h"

namespace omzien::cli {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

// Reads one code point at `at` and moves it on; kReplacement for a byte that starts none.
char32_t NextCodePoint(const std::string& text, size_t& at) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at);
  const size_t length = lead < 0x80   ? 1
                        : lead < 0xC2 ? 0
                        : lead < 0xE0 ? 2
                        : lead < 0xF0 ? 3
                        : lead < 0xF5 ? 4
                                      : 0;
  if (length == 1) return byte(at++);
  if (length == 0 || at + length > text.size()) return ++at, kReplacement;
  char32_t code = lead & (0x7F >> length);
  for (size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return ++at, kReplacement;
    code = (code << 6) | (byte(at + i) & 0x3F);
  }
  at += length;
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool surrogate = code >= 0xD800 && code < 0xE000;
  return overlong || surrogate || code > 0x10FFFF ? kReplacement : code;
}

void AppendUtf8(char32_t code, std::string& out) {
  const auto push = [&](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) return push(code);
  if (code < 0x800) return push(0xC0 | (code >> 6)), push(0x80 | (code & 0x3F));
  if (code < 0x10000) {
    return push(0xE0 | (code >> 12)), push(0x80 | ((code >> 6) & 0x3F)), push(0x80 | (code & 0x3F));
  }
  push(0xF0 | (code >> 18));
  push(0x80 | ((code >> 12) & 0x3F));
  push(0x80 | ((code >> 6) & 0x3F));
  push(0x80 | (code & 0x3F));
}

// Controls, and the marks that turn the direction of what follows them.
bool Unprintable(char32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069) || code == 0x2028 || code == 0x2029;
}

// wcwidth knows only the characters of the thread's locale; the process's may be plain C.
class Utf8Locale {
 public:
  Utf8Locale() : old_(uselocale(Shared())) {}
  ~Utf8Locale() { uselocale(old_); }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

 private:
  static locale_t Shared() {
    static const locale_t shared = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return shared;
  }
  locale_t old_;
};

std::vector<std::string> Wrap(const std::string& text, int width) {
  std::vector<std::string> lines = {""};
  for (const absl::string_view word : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    std::string& line = lines.back();
    if (line.empty()) {
      line = std::string(word);
    } else if (DisplayWidth(line) + 1 + DisplayWidth(std::string(word)) <= width) {
      line.append(" ").append(word.data(), word.size());
    } else {
      lines.emplace_back(word);
    }
  }
  return lines;
}

constexpr int kGap = 2;
constexpr int kNarrowest = 20;

struct Layout {
  std::vector<int> widths;
  int last_max = 0;  // 0: no bound.
};

void PrintRow(const std::vector<std::string>& cells, const Layout& layout, std::ostream& out) {
  std::string line;
  int indent = 0;
  for (size_t i = 0; i + 1 < cells.size(); ++i) {
    const int pad = layout.widths[i] - DisplayWidth(cells[i]) + kGap;
    line += cells[i] + std::string(static_cast<size_t>(pad), ' ');
    indent += layout.widths[i] + kGap;
  }
  const std::vector<std::string> last = layout.last_max == 0
                                            ? std::vector<std::string>{cells.back()}
                                            : Wrap(cells.back(), layout.last_max);
  for (size_t i = 0; i < last.size(); ++i) {
    line += (i == 0 ? "" : std::string(static_cast<size_t>(indent), ' ')) + last[i];
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << "\n";
    line.clear();
  }
}

// A cell holds no tab: Clean() made it a space.
void PrintTabbed(const std::vector<std::string>& cells, std::ostream& out) {
  for (size_t i = 0; i < cells.size(); ++i) out << (i == 0 ? "" : "\t") << cells[i];
  out << "\n";
}

Layout LayoutOf(const std::vector<std::vector<std::string>>& rows, const TableStyle& style) {
  Layout layout{.widths = std::vector<int>(rows.front().size()), .last_max = 0};
  for (const auto& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      layout.widths[i] = std::max(layout.widths[i], DisplayWidth(row[i]));
    }
  }
  if (style.columns_max > 0) {
    int before = 0;
    for (size_t i = 0; i + 1 < layout.widths.size(); ++i) before += layout.widths[i] + kGap;
    layout.last_max = std::max(style.columns_max - before, kNarrowest);
  }
  return layout;
}

}  // namespace

int DisplayWidth(const std::string& text) {
  const Utf8Locale locale;
  int width = 0;
  for (size_t at = 0; at < text.size();) {
    width += std::max(wcwidth(static_cast<wchar_t>(NextCodePoint(text, at))), 0);
  }
  return width;
}

std::string Clean(const std::string& text) {
  std::string clean;
  for (size_t at = 0; at < text.size();) {
    const char32_t code = NextCodePoint(text, at);
    AppendUtf8(Unprintable(code) ? U' ' : code, clean);
  }
  return clean;
}

Table::Table(std::vector<std::string> headings) : headings_(std::move(headings)) {}

void Table::AddRow(std::vector<std::string> cells) {
  cells.resize(headings_.size());
  for (std::string& cell : cells) cell = Clean(cell);
  rows_.push_back(std::move(cells));
}

void Table::Print(std::ostream& out, const TableStyle& style) const {
  if (style.tabs) {
    PrintTabbed(headings_, out);
    for (const auto& row : rows_) PrintTabbed(row, out);
    return;
  }
  std::vector<std::vector<std::string>> all = {headings_};
  all.insert(all.end(), rows_.begin(), rows_.end());
  const Layout layout = LayoutOf(all, style);
  if (style.color) out << "\x1b[1m";
  PrintRow(headings_, layout, out);
  if (style.color) out << "\x1b[0m";
  for (const auto& row : rows_) PrintRow(row, layout, out);
}

void PrintSheet(const Sheet& sheet, std::ostream& out, const TableStyle& style) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& [heading, value] : sheet) {
    if (!value.empty()) rows.push_back({heading, Clean(value)});
  }
  if (rows.empty()) return;
  const Layout layout = LayoutOf(rows, style);
  for (const auto& row : rows) PrintRow(row, layout, out);
}

}  // namespace omzien::cli
