#include "client/cli/postcode_table.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "client/cli/csv.h"
#include "client/cli/usage_error.h"

namespace omzien::cli {
namespace {

enum Column { kCode, kDistrict, kCertainty, kColumns };

constexpr std::array<std::array<const char*, 3>, kColumns> kNames = {{
    {"code", "postcode", "pc6"},
    {"district", "wijk", "buurt"},
    {"certainty", "zekerheid", ""},
}};

constexpr size_t kProblemsMax = 20;

// Where each column stands, or npos.
using Positions = std::array<size_t, kColumns>;

absl::StatusOr<Positions> PositionsIn(const CsvFile& file, const std::string& path, Lang lang) {
  Positions positions;
  positions.fill(std::string::npos);
  for (size_t i = 0; i < file.header().size(); ++i) {
    const std::string name = absl::AsciiStrToLower(absl::StripAsciiWhitespace(file.header()[i]));
    for (size_t column = 0; column < kColumns; ++column) {
      if (name.empty() || std::ranges::find(kNames[column], name) == kNames[column].end()) continue;
      if (positions[column] == std::string::npos) positions[column] = i;
    }
  }
  for (size_t column = 0; column < kColumns; ++column) {
    if (positions[column] != std::string::npos) continue;
    return UsageError(absl::StrCat(path, ":1: ", Say(lang, "de kolom ", "there is no column "),
                                   kNames[column][0], Say(lang, " ontbreekt", "")));
  }
  return positions;
}

std::string Cell(const CsvRow& row, size_t position) {
  if (position >= row.fields.size()) return "";
  return std::string(absl::StripAsciiWhitespace(row.fields[position]));
}

std::string CodeOf(std::string said) {
  std::erase(said, ' ');
  absl::AsciiStrToUpper(&said);
  return said;
}

}  // namespace

absl::StatusOr<PostcodeTable> ReadPostcodeTable(const std::string& path, Lang lang) {
  const auto file = CsvFile::Open(path, lang);
  if (!file.ok()) return file.status();
  const auto positions = PositionsIn(*file, path, lang);
  if (!positions.ok()) return positions.status();
  PostcodeTable table;
  std::map<std::string, size_t> known;
  std::vector<std::string> problems;
  const absl::Status read = file->ForEach([&](const CsvRow& row) {
    const std::string code = CodeOf(Cell(row, (*positions)[kCode]));
    const std::string district = Cell(row, (*positions)[kDistrict]);
    const auto certainty = Parse<v1::Certainty>(Cell(row, (*positions)[kCertainty]), lang);
    if (code.empty() || district.empty()) {
      problems.push_back(absl::StrCat(
          path, ":", row.line, ": ",
          Say(lang, "postcode of wijk ontbreekt", "the postcode or the district is missing")));
    } else if (!certainty.ok()) {
      problems.push_back(
          absl::StrCat(path, ":", row.line, ": ", std::string(certainty.status().message())));
    } else {
      const auto [entry, is_new] = known.emplace(code, table.postcodes.size());
      if (is_new) {
        table.postcodes.emplace_back().set_code(code);
        table.lines.push_back(row.line);
      }
      v1::PostcodeDistrict* candidate = table.postcodes[entry->second].add_districts();
      candidate->set_district(district);
      candidate->set_certainty(*certainty);
    }
    // The rest of a file that is another than was meant would say the same.
    return problems.size() < kProblemsMax ? absl::OkStatus()
                                          : UsageError(absl::StrJoin(problems, "\n"));
  });
  if (!read.ok()) return read;
  if (!problems.empty()) return UsageError(absl::StrJoin(problems, "\n"));
  return table;
}

int PostcodeTableIndex(const std::string& path) {
  absl::string_view rest = path;
  int index = -1;
  if (!absl::ConsumePrefix(&rest, "postcode_table[") ||
      !absl::SimpleAtoi(rest.substr(0, rest.find(']')), &index)) {
    return -1;
  }
  return index;
}

}  // namespace omzien::cli
