#include "client/cli/import_rows.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace omzien::cli {

// What a row may fill.
struct RowFlags : SignalFlags, ConsentFlags {};

struct ImportColumn {
  const char* name;
  const char* dutch;
  // The field of the signal as the contract names it; also what BuildSignal names by `name`.
  const char* path;
  std::string RowFlags::* text = nullptr;
  std::vector<std::string> RowFlags::* list = nullptr;
  bool RowFlags::* flag = nullptr;
};

namespace {

ImportColumn TextColumn(const char* name, const char* dutch, const char* path,
                        std::string RowFlags::* text) {
  return {.name = name, .dutch = dutch, .path = path, .text = text};
}
ImportColumn ListColumn(const char* name, const char* dutch, const char* path,
                        std::vector<std::string> RowFlags::* list) {
  return {.name = name, .dutch = dutch, .path = path, .list = list};
}

const std::vector<ImportColumn>& Columns() {
  using F = RowFlags;
  static const auto& columns = *new std::vector<ImportColumn>{
      ListColumn("place", "plaats", "place", &F::place),
      TextColumn("words", "woorden", "own_words", &F::words),
      TextColumn("phone", "telefoon", "reach.phone", &F::phone),
      TextColumn("address", "adres", "reach.address", &F::address),
      TextColumn("email", "e_mail", "reach.email", &F::email),
      TextColumn("meet", "te_vinden", "reach.place_and_time", &F::meet),
      {.name = "through_signaller",
       .dutch = "via_melder",
       .path = "reach.through_signaller",
       .flag = &F::through_signaller},
      TextColumn("signaller_contact", "melder_bereiken", "reach.signaller_contact",
                 &F::signaller_contact),
      TextColumn("name", "naam", "reach.person_name", &F::name),
      TextColumn("need", "vraag", "need", &F::need),
      TextColumn("age", "leeftijd", "age_band", &F::age),
      ListColumn("groups", "doelgroepen", "target_groups", &F::groups),
      TextColumn("language", "taal", "language", &F::language),
      TextColumn("household", "huishouden", "household", &F::household),
      TextColumn("mobility", "mobiliteit", "circumstances.mobility", &F::mobility),
      TextColumn("digital_skill", "digitale_vaardigheid", "circumstances.digital_skill",
                 &F::digital_skill),
      TextColumn("budget", "te_besteden", "circumstances.budget", &F::budget),
      ListColumn("funding", "vergoedingen", "circumstances.funding", &F::funding),
      TextColumn("support", "huidige_steun", "current_support.description", &F::support),
      TextColumn("support_organisation", "steunende_partij", "current_support.organisation",
                 &F::support_organisation),
      ListColumn("life_events", "overgangsmomenten", "life_events", &F::life_events),
      TextColumn("preferred_time", "voorkeurstijd", "preferred_time", &F::preferred_time),
      TextColumn("reference", "kenmerk", "partner_reference", &F::reference),
      TextColumn("observed_on", "gezien_op", "observed_on", &F::observed_on),
      TextColumn("kind", "soort_melder", "signaller_kind", &F::kind),
      TextColumn("relation", "relatie", "relation", &F::relation),
      TextColumn("knows", "weet_ervan", "person_knows", &F::knows),
      TextColumn("organisation", "partij", "organisation", &F::organisation),
      TextColumn("consent_by", "toestemming_door", "consent.by_whom", &F::by_whom),
      ListColumn("consent_to", "toestemming_aan", "consent.to_whom", &F::to_whom),
      ListColumn("consent_what", "toestemming_voor", "consent.what", &F::what),
      TextColumn("consent_at", "toestemming_op", "consent.when", &F::when),
  };
  return columns;
}

std::string NormalHeading(const std::string& heading) {
  std::string normal(absl::StripAsciiWhitespace(heading));
  absl::AsciiStrToLower(&normal);
  return absl::StrReplaceAll(normal, {{" ", "_"}, {"-", "_"}});
}

const ImportColumn* Find(const std::string& heading) {
  for (const ImportColumn& column : Columns()) {
    if (heading == column.name || heading == column.dutch) return &column;
  }
  return nullptr;
}

std::vector<std::string> AllNames() {
  std::vector<std::string> names;
  for (const ImportColumn& column : Columns()) {
    names.emplace_back(column.name);
    names.emplace_back(column.dutch);
  }
  return names;
}

absl::StatusOr<bool> YesOrNo(const std::string& text, Lang lang) {
  static const auto& words = *new std::map<std::string, bool>{
      {"", false}, {"ja", true},   {"yes", true}, {"true", true},   {"1", true},
      {"x", true}, {"nee", false}, {"no", false}, {"false", false}, {"0", false}};
  const auto found = words.find(NormalHeading(text));
  if (found != words.end()) return found->second;
  return absl::InvalidArgumentError(Say(lang, "kies ja of nee", "choose yes or no"));
}

void Fill(const ImportColumn& column, const std::string& cell, Lang lang, RowFlags& flags,
          std::vector<client::Violation>& violations) {
  if (column.text != nullptr) {
    flags.*column.text = cell;
  } else if (column.list != nullptr) {
    // A comma may stand in an address-like place; only "|" parts cells.
    for (const absl::string_view part : absl::StrSplit(cell, '|')) {
      const absl::string_view stripped = absl::StripAsciiWhitespace(part);
      if (!stripped.empty()) (flags.*column.list).emplace_back(stripped);
    }
  } else {
    const auto yes = YesOrNo(cell, lang);
    if (yes.ok()) {
      flags.*column.flag = *yes;
    } else {
      violations.push_back({column.name, std::string(yes.status().message())});
    }
  }
}

bool HasConsent(const ConsentFlags& flags) {
  return !flags.by_whom.empty() || !flags.to_whom.empty() || !flags.what.empty() ||
         !flags.when.empty();
}

// It has no default for its time: a row that goes again must be the same as before.
v1::Consent RowConsent(const ConsentFlags& flags, const Names& names, Lang lang,
                       std::vector<client::Violation>& violations) {
  if (flags.when.empty()) {
    violations.push_back({"consent_at", Say(lang, "ontbreekt: wanneer is de toestemming gegeven?",
                                            "missing: when was the consent given?")});
  }
  return BuildConsent(flags, names, lang, violations);
}

}  // namespace

absl::StatusOr<ImportColumns> ImportColumns::FromHeader(const std::vector<std::string>& header,
                                                        const std::vector<std::string>& ignore,
                                                        Lang lang) {
  ImportColumns result;
  std::vector<std::string> problems;
  std::set<const ImportColumn*> seen;
  std::set<std::string> ignored = {kReasonHeading};
  for (const std::string& heading : ignore) ignored.insert(NormalHeading(heading));
  for (const std::string& heading : header) {
    const std::string normal = NormalHeading(heading);
    const ImportColumn* column = ignored.contains(normal) ? nullptr : Find(normal);
    if (column == nullptr && !ignored.contains(normal)) {
      const std::string nearest = Nearest(normal, AllNames());
      problems.push_back(absl::StrCat(
          Say(lang, "onbekende kolom '", "unknown column '"), heading, "'",
          nearest.empty()
              ? Say(lang, "; lees eroverheen met --ignore", "; read over it with --ignore")
              : absl::StrCat(Say(lang, "; bedoelde u ", "; did you mean "), nearest, "?")));
    } else if (column != nullptr && !seen.insert(column).second) {
      problems.push_back(
          absl::StrCat(Say(lang, "twee kolommen voor ", "two columns for "), column->name));
    }
    result.columns_.push_back({column, heading});
  }
  for (const char* required : {"place", "words"}) {
    if (!seen.contains(Find(required))) {
      problems.push_back(absl::StrCat(Say(lang, "kolom ontbreekt: ", "column missing: "), required,
                                      " (", Find(required)->dutch, ")"));
    }
  }
  if (!problems.empty()) return absl::InvalidArgumentError(absl::StrJoin(problems, "; "));
  return result;
}

v1::Signal ImportColumns::ToSignal(const CsvRow& row, const Names& names, Lang lang,
                                   std::vector<client::Violation>& violations) const {
  RowFlags flags;
  std::vector<client::Violation> found;
  for (size_t i = 0; i < row.fields.size(); ++i) {
    if (i >= columns_.size()) {
      if (row.fields[i].empty()) continue;
      // Nothing else is said: which cell belongs to which column isn't known.
      violations.push_back(
          {"", Say(lang,
                   "de rij heeft meer cellen dan er kolommen zijn; meestal staat er een "
                   "scheidingsteken in de tekst: zet de tekst tussen aanhalingstekens",
                   "the row has more cells than there are columns; mostly a separator stands in "
                   "the text: put the text in quotes")});
      return {};
    }
    if (columns_[i].column != nullptr) {
      Fill(*columns_[i].column, row.fields[i], lang, flags, found);
    }
  }
  v1::Signal signal = BuildSignal(flags, names, lang, found);
  if (HasConsent(flags)) *signal.mutable_consent() = RowConsent(flags, names, lang, found);
  CheckLimits(signal, lang, "", found);
  for (client::Violation& violation : found) {
    violations.push_back({HeadingOf(violation.field), violation.description});
  }
  return signal;
}

std::string ImportColumns::Content(const CsvRow& row) const {
  std::map<std::string, std::string> cells;
  for (size_t i = 0; i < std::min(row.fields.size(), columns_.size()); ++i) {
    if (columns_[i].column != nullptr && !row.fields[i].empty()) {
      cells[columns_[i].column->name] = row.fields[i];
    }
  }
  std::string content;
  for (const auto& [name, cell] : cells) {
    // Sizes, so that no cell can look like the next column.
    absl::StrAppend(&content, name, "=", cell.size(), ":", cell, "\n");
  }
  return content;
}

std::string ImportColumns::HeadingOf(const std::string& field) const {
  absl::string_view path = field;
  absl::ConsumePrefix(&path, "submission.");
  absl::ConsumePrefix(&path, "signal.");
  // "target_groups[2]" is in the same cell as its fellows.
  path = path.substr(0, path.find('['));
  const Bound* best = nullptr;
  for (const Bound& bound : columns_) {
    if (bound.column == nullptr) continue;
    if (path == bound.column->path || path == bound.column->name) return bound.heading;
    if (absl::StartsWith(path, absl::StrCat(bound.column->path, "."))) best = &bound;
  }
  return best == nullptr ? std::string(path) : best->heading;
}

std::string ImportColumnNames() {
  std::vector<std::string> names;
  for (const ImportColumn& column : Columns()) {
    names.push_back(absl::StrCat(column.name, " (", column.dutch, ")"));
  }
  return absl::StrJoin(names, ", ");
}

}  // namespace omzien::cli
