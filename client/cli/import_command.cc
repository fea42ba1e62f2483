#include "client/cli/import_command.h"
#include "client/cli/violations.h"

#include <google/protobuf/struct.pb.h>

#include <map>
#include <unordered_map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/synchronization/mutex.h"
#include "client/cli/import_refused.h"
#include "client/cli/import_rows.h"
#include "client/cli/import_state.h"
#include "client/cli/interrupt.h"
#include "client/cli/progress.h"
#include "client/cli/table.h"
#include "client/cli/views.h"
#include "client/cpp/request_id.h"
#include "client/cpp/submit_stream.h"

namespace omzien::cli {
namespace {

struct ImportFlags {
  std::string file;
  bool dry_run = false;
  std::vector<std::string> ignore;
};

struct Counts {
  int64_t rows = 0;
  int64_t accepted = 0;
  // Accepted by a run before this one.
  int64_t before = 0;
  int64_t refused = 0;
  // Accepted, and acute: by line.
  std::map<int64_t, v1::SubmitSignalResponse> acute;
};

std::string ReasonOf(const std::vector<client::Violation>& violations) {
  std::vector<std::string> parts;
  for (const auto& violation : violations) {
    // What is wrong with the row as a whole has no column.
    parts.push_back(absl::StrCat(violation.field, violation.field.empty() ? "" : ": ",
                                 DescriptionText(violation.description, Lang::kDutch)));
  }
  return absl::StrJoin(parts, "; ");
}

// Why the server refused, in Dutch, by the file's own headings.
std::string ReasonOf(const absl::Status& status, const ImportColumns& columns) {
  const client::ErrorDetails details = client::DetailsOf(status);
  std::string sentence = ReasonSentence(details.reason, Lang::kDutch);
  if (sentence.empty()) sentence = std::string(status.message());
  std::vector<client::Violation> violations = details.violations;
  for (auto& violation : violations) violation.field = columns.HeadingOf(violation.field);
  return violations.empty() ? sentence : absl::StrCat(sentence, " ", ReasonOf(violations));
}

// One run over a file whose form was checked.
class Importer {
 public:
  Importer(Session& session, const ImportFlags& flags, const CsvFile& csv,
           const ImportColumns& columns, ImportState& state, int64_t rows)
      : session_(session),
        csv_(csv),
        columns_(columns),
        state_(state),
        refused_(flags.file, csv),
        progress_(session.console().err, session.console().err_is_terminal,
                  *session.console().clock, session.lang(), rows) {
    counts_.rows = rows;
  }

  absl::StatusOr<Counts> Run() {
    const auto client = session_.client();
    if (!client.ok()) return client.status();
    client::SubmitStream stream(**client, {},
                                [this](int64_t row, const auto& answer) { Take(row, answer); });
    const absl::Status read = csv_.ForEach([&](const CsvRow& row) { return Send(row, stream); });
    absl::Status status = stream.Finish();
    // A stream that failed made the reading end: its error is the cause.
    if (status.ok()) status = read;
    absl::MutexLock lock(&mutex_);
    progress_.Finish();
    status.Update(written_);
    status.Update(state_.Sync());
    if (!status.ok()) return status;
    return counts_;
  }

  absl::StatusOr<std::string> SettleRefused() {
    absl::MutexLock lock(&mutex_);
    return refused_.Settle(state_);
  }

 private:
  struct Waiting {
    std::string request_id;
    std::vector<std::string> fields;
  };

  absl::Status Send(const CsvRow& row, client::SubmitStream& stream) {
    const std::string content = columns_.Content(row);
    const int64_t occurrence = occurrences_[client::RequestIdFor(content)]++;
    v1::SubmitSignalRequest request;
    request.set_parent(*session_.Parent());
    std::vector<client::Violation> violations;
    *request.mutable_signal() = columns_.ToSignal(row, session_.names(), Lang::kDutch, violations);
    {
      absl::MutexLock lock(&mutex_);
      if (!written_.ok()) return written_;
      request.set_request_id(state_.RequestIdOf(content, occurrence));
      if (state_.Acknowledged(request.request_id())) {
        ++counts_.before;
        Advance();
        return absl::OkStatus();
      }
      if (!violations.empty()) {
        Refuse(row.line, row.fields, ReasonOf(violations));
        return absl::OkStatus();
      }
      waiting_[row.line] = {request.request_id(), row.fields};
    }
    return stream.Send(row.line, std::move(request));
  }

  void Take(int64_t line, const absl::StatusOr<v1::SubmitSignalResponse>& answer) {
    absl::MutexLock lock(&mutex_);
    const auto found = waiting_.find(line);
    if (found == waiting_.end()) return;
    if (answer.ok() || client::DetailsOf(answer.status()).reason == "ALREADY_CREATED") {
      ++counts_.accepted;
      const std::string signal = answer.ok() ? answer->signal().name() : "-";
      if (answer.ok() && answer->has_call_now()) counts_.acute[line] = *answer;
      written_.Update(state_.Acknowledge(found->second.request_id, signal));
      Advance();
    } else {
      Refuse(line, found->second.fields, ReasonOf(answer.status(), columns_));
    }
    waiting_.erase(found);
  }

  void Refuse(int64_t line, const std::vector<std::string>& fields, const std::string& reason)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    ++counts_.refused;
    refused_.Add(fields, absl::StrCat("regel ", line, ": ", reason));
    Advance();
  }

  void Advance() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    progress_.Update(counts_.accepted + counts_.before + counts_.refused);
  }

  Session& session_;
  const CsvFile& csv_;
  const ImportColumns& columns_;
  std::unordered_map<std::string, int64_t> occurrences_;  // By the hash of a row's content.

  absl::Mutex mutex_;
  ImportState& state_ ABSL_GUARDED_BY(mutex_);
  RefusedRows refused_ ABSL_GUARDED_BY(mutex_);
  Progress progress_ ABSL_GUARDED_BY(mutex_);
  Counts counts_ ABSL_GUARDED_BY(mutex_);
  std::map<int64_t, Waiting> waiting_ ABSL_GUARDED_BY(mutex_);
  absl::Status written_ ABSL_GUARDED_BY(mutex_);
};

// What can't wait stands first.
void PrintAcute(const Counts& counts, Session& session) {
  if (counts.acute.empty()) return;
  std::ostream& out = session.console().out;
  out << session.Say("ACUUT: ", "ACUTE: ")
      << Clean(Text(counts.acute.begin()->second.call_now(), session.lang())) << "\n\n";
  Table table({session.Say("REGEL", "LINE"), session.Say("KENMERK", "REFERENCE"),
               session.Say("BELT", "WILL CALL"), session.Say("NAAM", "NAME")});
  for (const auto& [line, answer] : counts.acute) {
    table.AddRow({absl::StrCat(line), answer.signal().reference(),
                  answer.first_contact_display_name(), answer.signal().name()});
  }
  table.Print(out, session.table_style());
  out << "\n";
}

absl::Status ShowCounts(Session& session, const Counts& counts, const std::string& refused_path,
                        bool dry_run) {
  google::protobuf::Struct json;
  const auto set = [&](const char* key, int64_t value) {
    (*json.mutable_fields())[key].set_number_value(static_cast<double>(value));
  };
  set("rows", counts.rows);
  set("accepted", counts.accepted);
  set("acceptedBefore", counts.before);
  set("refused", counts.refused);
  (*json.mutable_fields())["refusedFile"].set_string_value(refused_path);
  (*json.mutable_fields())["dryRun"].set_bool_value(dry_run);
  auto* acute = (*json.mutable_fields())["acute"].mutable_list_value();
  for (const auto& [line, answer] : counts.acute) {
    auto& row = *acute->add_values()->mutable_struct_value()->mutable_fields();
    row["line"].set_number_value(static_cast<double>(line));
    row["signal"].set_string_value(answer.signal().name());
  }
  return session.Show(json, [&] {
    PrintAcute(counts, session);
    PrintSheet({{session.Say("Rijen", "Rows"), absl::StrCat(counts.rows)},
                {session.Say("Ingevoerd", "Imported"),
                 dry_run ? session.Say("niets: dit was een proef", "nothing: this was a dry run")
                         : absl::StrCat(counts.accepted)},
                {session.Say("Eerder ingevoerd", "Imported before"), absl::StrCat(counts.before)},
                {session.Say("Geweigerd", "Refused"), absl::StrCat(counts.refused)},
                {session.Say("Geweigerde rijen in", "Refused rows in"), refused_path}},
               session.console().out, session.table_style());
  });
}

// Says of each row what is wrong with it, and sends nothing.
absl::StatusOr<Counts> DryRun(Session& session, const CsvFile& csv, const ImportColumns& columns,
                              const ImportState& state) {
  Counts counts;
  std::unordered_map<std::string, int64_t> occurrences;
  const absl::Status read = csv.ForEach([&](const CsvRow& row) {
    ++counts.rows;
    const std::string content = columns.Content(row);
    const int64_t occurrence = occurrences[client::RequestIdFor(content)]++;
    std::vector<client::Violation> violations;
    columns.ToSignal(row, session.names(), Lang::kDutch, violations);
    if (state.Acknowledged(state.RequestIdOf(content, occurrence))) {
      ++counts.before;
    } else if (!violations.empty()) {
      ++counts.refused;
      session.console().err << session.Say("regel ", "line ") << row.line << ": "
                            << Clean(ReasonOf(violations)) << "\n";
    }
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  return counts;
}

// The whole file's form, and how many rows it has, before the first of them goes.
absl::StatusOr<int64_t> CountRows(const CsvFile& csv) {
  int64_t rows = 0;
  const absl::Status read = csv.ForEach([&](const CsvRow&) {
    ++rows;
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  return rows;
}

absl::StatusOr<ExitCode> Import(Session& session, const ImportFlags& flags) {
  const auto parent = session.Parent();
  if (!parent.ok()) return parent.status();
  const auto csv = CsvFile::Open(flags.file, session.lang());
  if (!csv.ok()) return csv.status();
  const auto columns = ImportColumns::FromHeader(csv->header(), flags.ignore, session.lang());
  if (!columns.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(flags.file, ":1: ", columns.status().message()));
  }
  const auto rows = CountRows(*csv);
  if (!rows.ok()) return rows.status();
  auto state = ImportState::Open(flags.file, ShortName(*parent), session.lang(), flags.dry_run);
  if (!state.ok()) return state.status();
  absl::StatusOr<Counts> counts;
  absl::StatusOr<std::string> refused_path = "";
  if (flags.dry_run) {
    counts = DryRun(session, *csv, *columns, *state);
  } else {
    Importer importer(session, flags, *csv, *columns, *state, *rows);
    const std::string again =
        session.Say("Voer hetzelfde uit om verder te gaan.", "Run the same again to go on.");
    const std::string broke_off =
        session.Say("De invoer is afgebroken. ", "The import broke off. ");
    const InterruptSentence on_interrupt(broke_off + again);
    counts = importer.Run();
    if (!counts.ok()) {
      const bool may_retry = ExitCodeOf(counts.status()) == kExitUnavailable;
      session.console().err << broke_off
                            << (may_retry ? again
                                          : session.Say("Herstel eerst deze fout.",
                                                        "Mend this error first."))
                            << "\n";
    } else {
      refused_path = importer.SettleRefused();
    }
  }
  if (!counts.ok()) return counts.status();
  if (!refused_path.ok()) return refused_path.status();
  const absl::Status shown = ShowCounts(session, *counts, *refused_path, flags.dry_run);
  if (!shown.ok()) return shown;
  return counts->refused > 0 ? kExitRowsRefused : kExitOk;
}

}  // namespace

void AddImportCommand(CLI::App& signal, Command& chosen) {
  auto import = AddCommand<ImportFlags>(
      signal, chosen, "import",
      "Submit the rows of a CSV file. Run again after a break: only what the server doesn't have "
      "yet goes. Rows it refuses come in FILE.geweigerd.csv, with the reason",
      "  omzien signal import lijst.csv --dry-run\n"
      "  omzien signal import lijst.csv\n"
      "  omzien signal import lijst.geweigerd.csv   # after mending it\n"
      "Columns: " +
          ImportColumnNames(),
      &Import);
  import.app.add_option("file", import.flags.file, "CSV in UTF-8, separated by ; , or tabs")
      ->required();
  import.app.add_flag("--dry-run", import.flags.dry_run,
                      "Only say what is wrong, as far as that is known without the server");
  import.app.add_option("--ignore", import.flags.ignore,
                        "Read over this column; may be given again");
}

}  // namespace omzien::cli
