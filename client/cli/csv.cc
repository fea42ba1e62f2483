#include "client/cli/csv.h"

#include <csv.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "client/cli/table.h"
#include "client/cli/usage_error.h"

namespace omzien::cli {
namespace {

constexpr char kByteOrderMark[] = "\xEF\xBB\xBF";

absl::Status Wrong(Lang lang, const std::string& path, int64_t line, const std::string& nl,
                   const std::string& en) {
  return absl::InvalidArgumentError(absl::StrCat(path, ":", line, ": ", Say(lang, nl, en)));
}

// libcsv's parser, with its C callbacks gathered into records.
class Parser {
 public:
  Parser(char separator, const CsvLimits& limits) : limits_(limits) {
    csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_delim(&parser_, static_cast<unsigned char>(separator));
  }
  ~Parser() { csv_free(&parser_); }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  // False: quotes that don't match. A record that ended is then in `record()`.
  bool Feed(const std::string& line) {
    const size_t done = csv_parse(&parser_, line.data(), line.size(), &OnField, &OnRecord, this);
    return done == line.size();
  }
  bool Finish() { return csv_fini(&parser_, &OnField, &OnRecord, this) == 0; }

  bool ended() const { return ended_; }
  bool too_large() {
    return too_large_ || csv_get_buffer_size(&parser_) > limits_.field_bytes_max * 2;
  }
  std::vector<std::string> TakeRecord() {
    ended_ = false;
    return std::exchange(fields_, {});
  }

 private:
  static void OnField(void* data, size_t size, void* self) {
    auto& parser = *static_cast<Parser*>(self);
    if (size > parser.limits_.field_bytes_max ||
        parser.fields_.size() >= parser.limits_.fields_max) {
      parser.too_large_ = true;
      return;
    }
    parser.fields_.emplace_back(static_cast<const char*>(data), size);
  }
  static void OnRecord(int, void* self) { static_cast<Parser*>(self)->ended_ = true; }

  csv_parser parser_;
  const CsvLimits limits_;
  std::vector<std::string> fields_;
  bool ended_ = false;
  bool too_large_ = false;
};

bool Blank(const std::vector<std::string>& fields) {
  return std::all_of(fields.begin(), fields.end(), [](const auto& f) { return f.empty(); });
}

// One line with its end; a file without line ends isn't read whole. False at the end of the file.
bool ReadLine(std::istream& in, size_t bytes_max, std::string& line, bool& too_large) {
  line.clear();
  too_large = false;
  for (int c = in.get(); c != std::char_traits<char>::eof(); c = in.get()) {
    line.push_back(static_cast<char>(c));
    if (c == '\n') return true;
    if (line.size() > bytes_max) return too_large = true;
  }
  return !line.empty();
}

// The one that occurs most in the header, outside quotes.
char DetectSeparator(const std::string& line) {
  char best = ';';
  int64_t most = 0;
  for (const char candidate : {';', ',', '\t'}) {
    int64_t count = 0;
    bool quoted = false;
    for (const char c : line) {
      if (c == '"') quoted = !quoted;
      if (c == candidate && !quoted) ++count;
    }
    if (count > most) {
      best = candidate;
      most = count;
    }
  }
  return best;
}

// Valid exactly when showing it would change nothing but control characters.
bool Utf8(const std::string& line) {
  return Clean(line).find("\xEF\xBF\xBD") == std::string::npos ||
         line.find("\xEF\xBF\xBD") != std::string::npos;
}

}  // namespace

absl::StatusOr<CsvFile> CsvFile::Open(const std::string& path, Lang lang, CsvLimits limits) {
  CsvFile file;
  file.path_ = path;
  file.lang_ = lang;
  file.limits_ = limits;
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) {
    return UsageError(absl::StrCat(path, Say(lang, " bestaat niet", " doesn't exist")));
  }
  if (std::filesystem::is_directory(status)) {
    return UsageError(
        absl::StrCat(path, Say(lang, " is een map, geen bestand", " is a folder, not a file")));
  }
  std::ifstream in(path, std::ios::binary);
  if (!in.is_open()) {
    return UsageError(absl::StrCat(path, Say(lang, " is niet te openen", " can't be opened")));
  }
  std::string first;
  bool too_large = false;
  ReadLine(in, limits.field_bytes_max * limits.fields_max, first, too_large);
  file.separator_ = DetectSeparator(first);
  bool seen = false;
  // Stops at the first record: that is all that is wanted here.
  const absl::Status read = file.Read([&](const CsvRow& row) {
    file.header_ = row.fields;
    seen = true;
    return absl::CancelledError();
  });
  if (!seen)
    return read.ok() ? Wrong(lang, path, 1, "het bestand is leeg", "the file is empty") : read;
  return file;
}

absl::Status CsvFile::ForEach(absl::FunctionRef<absl::Status(const CsvRow&)> on_row) const {
  bool header = true;
  int64_t rows = 0;
  return Read([&](const CsvRow& row) {
    if (std::exchange(header, false)) return absl::OkStatus();
    if (++rows > limits_.rows_max) {
      return Wrong(lang_, path_, row.line, absl::StrCat("meer dan ", limits_.rows_max, " rijen"),
                   absl::StrCat("more than ", limits_.rows_max, " rows"));
    }
    return on_row(row);
  });
}

absl::Status CsvFile::Read(absl::FunctionRef<absl::Status(const CsvRow&)> on_record) const {
  std::ifstream in(path_, std::ios::binary);
  Parser parser(separator_, limits_);
  std::string line;
  int64_t number = 0;
  int64_t start = 1;
  bool too_large = false;
  const auto take = [&]() {
    CsvRow row{.line = start, .fields = parser.TakeRecord()};
    start = number + 1;
    return Blank(row.fields) ? absl::OkStatus() : on_record(row);
  };
  while (ReadLine(in, limits_.field_bytes_max * limits_.fields_max, line, too_large)) {
    if (++number == 1) line = std::string(absl::StripPrefix(line, kByteOrderMark));
    if (!Utf8(line)) {
      return Wrong(lang_, path_, number,
                   "geen UTF-8: sla het bestand op als 'CSV UTF-8 (door komma's gescheiden)'",
                   "not UTF-8: save the file as 'CSV UTF-8 (comma delimited)'");
    }
    const bool quotes_match = parser.Feed(line);
    if (too_large || parser.too_large()) {
      return Wrong(lang_, path_, start, "een veld of rij is te lang, of een aanhalingsteken mist",
                   "a field or row is too long, or a quote is missing");
    }
    if (!quotes_match) {
      return Wrong(lang_, path_, number, "aanhalingstekens kloppen niet", "quotes don't match");
    }
    if (!parser.ended()) continue;
    const absl::Status taken = take();
    if (!taken.ok()) return taken;
  }
  if (!parser.Finish()) {
    return Wrong(lang_, path_, start, "een aanhalingsteken mist", "a quote is missing");
  }
  return parser.ended() ? take() : absl::OkStatus();
}

std::string CsvLine(const std::vector<std::string>& fields, char separator) {
  std::string line;
  for (const std::string& field : fields) {
    if (!line.empty()) line.push_back(separator);
    const size_t size = csv_write(nullptr, 0, field.data(), field.size());
    std::string quoted(size, '\0');
    csv_write(quoted.data(), size, field.data(), field.size());
    line += quoted;
  }
  return line + "\r\n";
}

}  // namespace omzien::cli
