#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "absl/strings/str_cat.h"
#include "client/cli/csv.h"
#include "client/cli/import_rows.h"
#include "server/domain/validation.h"
#include "tests/fuzz/fuzz.h"

namespace omzien::fuzz {
namespace {

// A file without a disk, under a path.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes) : descriptor_(memfd_create("csv", MFD_CLOEXEC)) {
    Require(descriptor_ >= 0 && write(descriptor_, bytes.data(), bytes.size()) ==
                                    static_cast<ssize_t>(bytes.size()),
            "a file in memory");
  }
  ~MemoryFile() { close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::string path() const { return absl::StrCat("/proc/self/fd/", descriptor_); }

 private:
  const int descriptor_;
};

void RequireRefusal(const absl::Status& status) {
  if (status.ok()) return;
  Require(status.code() == absl::StatusCode::kInvalidArgument, "INVALID_ARGUMENT");
  Require(!status.message().empty(), "a sentence that says why");
}

// What is written is read back, whatever stands in it.
void RoundTrip(const std::vector<std::string>& fields, char separator) {
  const MemoryFile file(cli::CsvLine(fields, separator) + cli::CsvLine(fields, separator));
  const auto read = cli::CsvFile::Open(file.path(), cli::Lang::kEnglish);
  if (!read.ok()) return RequireRefusal(read.status());
  if (read->separator() != separator) return;
  Require(read->header() == fields, "a header is read back");
  int rows = 0;
  RequireRefusal(read->ForEach([&](const cli::CsvRow& row) {
    Require(row.fields == fields, "a row is read back");
    ++rows;
    return absl::OkStatus();
  }));
  Require(rows == 1, "as many rows as were written");
}

void Import(const cli::CsvFile& file, cli::Lang lang) {
  const auto columns = cli::ImportColumns::FromHeader(file.header(), {"negeer"}, lang);
  RequireRefusal(columns.status());
  const cli::Names names("GM9901", lang);
  int64_t last_line = 0;
  RequireRefusal(file.ForEach([&](const cli::CsvRow& row) {
    Require(row.line > last_line, "lines go up");
    last_line = row.line;
    if (!columns.ok()) return absl::OkStatus();
    std::vector<client::Violation> violations;
    const v1::Signal signal = columns->ToSignal(row, names, lang, violations);
    for (const client::Violation& violation : violations) {
      // Of the row as a whole it names no field.
      Require(!violation.description.empty(), "a violation says why");
    }
    Require(signal.ByteSizeLong() < 3'000'000, "a signal isn't larger than its row");
    Require(columns->Content(row) == columns->Content(row), "a row's content is one");
    return absl::OkStatus();
  }));
}

}  // namespace

// The size says in which language, so that a change of it reaches the other.
void FuzzCsv(std::string_view input) {
  const cli::Lang lang = input.size() % 2 == 0 ? cli::Lang::kDutch : cli::Lang::kEnglish;
  const MemoryFile file(input);
  const auto read = cli::CsvFile::Open(file.path(), lang,
                                       {.field_bytes_max = 1000, .fields_max = 30, .rows_max = 50});
  RequireRefusal(read.status());
  if (!read.ok()) return;
  Import(*read, lang);
  RoundTrip(read->header(), read->separator());
}

std::vector<std::string> CsvSeeds() {
  return {
      "plaats;woorden;telefoon\nVerzonnerdorp;Zij is stil geworden;0570 11 22 33\n",
      "place,words,age,need,through_signaller\n\"7411 AB\",\"zegt \"\"alleen\"\" te zijn\",65_plus,"
      "visit,yes\n\n",
      "\xEF\xBB\xBFplaats\twoorden\tdoelgroepen\ronbekend\tkomt\nniet meer\tstudents|migrants\r\n",
      "plaats;woorden;gezien_op;soort_melder;relatie;weet_ervan;huishouden;taal;partij\r\n"
      "WK990101|7411;\"over\ntwee regels\";2026-11-22;winkelier;klant;nee;alleen;nl;winkel\r\n",
      "plaats;plaats;iets anders;negeer\n1;2;3;4;5\n",
      "place;words\n\"zonder einde;x\n",
  };
}

}  // namespace omzien::fuzz
