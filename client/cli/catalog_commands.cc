#include "client/cli/catalog_commands.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "client/cli/calls.h"
#include "client/cli/times.h"
#include "client/cli/views.h"
#include "client/cpp/errors.h"

namespace omzien::cli {
namespace {

// A catalogue holds at most 4,000,000 characters, of at most four bytes.
constexpr std::streamsize kCatalogBytesMax = 16'000'000;

struct ImportFlags {
  std::string file;
  MutationFlags mutation;
};
struct ExportFlags {
  std::string file;
};
struct FindFlags {
  std::vector<std::string> place;
  std::string need;
  std::string age;
  std::vector<std::string> groups;
  std::vector<std::string> life_events;
  std::string language;
  std::string on;
  bool all_offers = false;
};

absl::StatusOr<std::string> ReadAll(Session& session, const std::string& file) {
  std::ifstream opened;
  if (file != "-") opened.open(file, std::ios::binary);
  std::istream& in = file == "-" ? session.console().in : opened;
  if (file != "-" && !opened.is_open()) {
    return UsageError(absl::StrCat(file, session.Say(" is niet te openen", " can't be opened")));
  }
  std::string text(static_cast<size_t>(kCatalogBytesMax) + 1, '\0');
  in.read(text.data(), kCatalogBytesMax + 1);
  if (in.gcount() > kCatalogBytesMax) {
    return UsageError(absl::StrCat(file, session.Say(" is te groot", " is too large")));
  }
  text.resize(static_cast<size_t>(in.gcount()));
  return text;
}

// Takes "line 12" off the front of a text; 0 when it doesn't start so.
int TakeLine(std::string& text) {
  absl::string_view rest = text;
  if (!absl::ConsumePrefix(&rest, "line ")) return 0;
  const size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
  int line = 0;
  if (!absl::SimpleAtoi(rest.substr(0, digits), &line)) return 0;
  rest.remove_prefix(digits);
  absl::ConsumePrefix(&rest, ":");
  text = std::string(absl::StripLeadingAsciiWhitespace(rest));
  return line;
}

// The server names a line of the text it got; only here is known which file that was. What comes
// out reads as a compiler's: "catalog.yaml:12: offers[3].needs".
absl::Status InFile(const absl::Status& status, const std::string& file) {
  client::ErrorDetails details = client::DetailsOf(status);
  if (details.reason != "INVALID_CATALOG") return status;
  for (client::Violation& violation : details.violations) {
    int line = TakeLine(violation.field);
    if (line == 0) line = TakeLine(violation.description);
    violation.field = absl::StrCat(file, line == 0 ? "" : absl::StrCat(":", line),
                                   violation.field.empty() ? "" : ": ", violation.field);
  }
  return client::WithDetails(status, details);
}

absl::StatusOr<ExitCode> Send(Session& session, const ImportFlags& flags, bool validate_only) {
  v1::ImportCatalogRequest request;
  const auto parent = session.Parent();
  if (!parent.ok()) return parent.status();
  request.set_parent(*parent);
  auto yaml = ReadAll(session, flags.file);
  if (!yaml.ok()) return yaml.status();
  request.set_yaml(*std::move(yaml));
  request.set_validate_only(validate_only);
  const auto response =
      Mutate(session, flags.mutation, std::move(request), &client::Client::ImportCatalog);
  if (!response.ok()) return InFile(response.status(), flags.file);
  return Answer(session, response, [&](const v1::ImportCatalogResponse& answer) {
    std::ostream& out = session.console().out;
    out << (validate_only
                ? session.Say("In orde; er is niets veranderd.", "Right; nothing changed.")
                : session.Say("Catalogus ingevoerd.", "Catalogue imported."))
        << "\n";
    PrintSheet({{session.Say("Generatie", "Generation"),
                 validate_only ? "" : absl::StrCat(answer.generation())},
                {session.Say("Wijken en buurten", "Districts"), absl::StrCat(answer.districts())},
                {"Postcodes", absl::StrCat(answer.postcodes())},
                {session.Say("Partijen", "Organisations"), absl::StrCat(answer.organisations())},
                {session.Say("Aanbod", "Offers"), absl::StrCat(answer.offers())}},
               out, session.table_style());
    for (const std::string& warning : answer.warnings()) {
      out << session.Say("let op: ", "warning: ") << flags.file << ": " << Clean(warning) << "\n";
    }
  });
}

absl::StatusOr<ExitCode> Import(Session& session, const ImportFlags& flags) {
  return Send(session, flags, false);
}
absl::StatusOr<ExitCode> Check(Session& session, const ImportFlags& flags) {
  return Send(session, flags, true);
}

absl::Status WriteFile(const Session& session, const std::string& file, const std::string& text) {
  // Whole or not at all: a file half written would read as a smaller catalogue.
  const std::string temporary = file + ".tmp";
  std::ofstream out(temporary, std::ios::binary);
  out << text;
  out.close();
  if (out.fail() || std::rename(temporary.c_str(), file.c_str()) != 0) {
    return absl::UnknownError(
        absl::StrCat(file, session.Say(" is niet te schrijven", " can't be written")));
  }
  return absl::OkStatus();
}

absl::StatusOr<ExitCode> Export(Session& session, const ExportFlags& flags) {
  v1::ExportCatalogRequest request;
  const auto parent = session.Parent();
  if (!parent.ok()) return parent.status();
  request.set_parent(*parent);
  const auto response = Ask(session, request, &client::Client::ExportCatalog);
  if (!response.ok()) return response.status();
  if (session.globals().json) {
    const absl::Status printed = session.PrintJson(response->catalog());
    if (!printed.ok()) return printed;
    return kExitOk;
  }
  if (flags.file.empty()) {
    session.console().out << response->yaml();
    return kExitOk;
  }
  const absl::Status written = WriteFile(session, flags.file, response->yaml());
  if (!written.ok()) return written;
  session.console().err << flags.file << ": " << session.Say("generatie ", "generation ")
                        << response->generation() << "\n";
  return kExitOk;
}

absl::StatusOr<v1::FindOffersRequest> BuildFind(const Session& session, const FindFlags& flags) {
  v1::FindOffersRequest request;
  const auto parent = session.Parent();
  if (!parent.ok()) return parent.status();
  request.set_parent(*parent);
  const auto place = session.Place(flags.place);
  if (!place.ok()) return place.status();
  *request.mutable_place() = *place;
  const auto need = FlagWord<v1::Need>(session, "--need", flags.need);
  if (!need.ok()) return need.status();
  request.set_need(*need);
  const auto age = FlagWord<v1::AgeBand>(session, "--age", flags.age);
  if (!age.ok()) return age.status();
  request.set_age_band(*age);
  for (const std::string& id : flags.groups) {
    const auto group = session.Full("targetGroups", id);
    if (!group.ok()) return group.status();
    request.add_target_groups(*group);
  }
  for (const std::string& id : flags.life_events) {
    const auto event = session.Full("lifeEvents", id);
    if (!event.ok()) return event.status();
    request.add_life_events(*event);
  }
  request.set_language(flags.language);
  if (!flags.on.empty()) {
    const auto day = ParseDay(flags.on, session.lang());
    if (!day.ok()) return UsageError(absl::StrCat("--on: ", day.status().message()));
    *request.mutable_on() = *day;
  }
  return request;
}

void PrintMatches(const v1::FindOffersResponse& found, bool all_offers, Session& session) {
  const Lang lang = session.lang();
  std::ostream& out = session.console().out;
  PrintSheet({{session.Say("Wijk", "District"), Districts(found.districts(), lang)},
              {session.Say("Eerste contact", "First contact"), found.first_contact_display_name()},
              {session.Say("Onvervuld", "Unmet"), Label(found.unmet_degree(), lang)}},
             out, session.table_style());
  Table table({"#", session.Say("AANBOD", "OFFER"), session.Say("PARTIJ", "ORGANISATION"),
               session.Say("PAST", "FITS"), session.Say("WAAROM", "WHY")});
  for (const v1::OfferMatch& match : found.matches()) {
    if (!match.fits() && !all_offers) continue;
    table.AddRow({match.fits() ? absl::StrCat(match.rank()) : "-", ShortName(match.offer()),
                  match.organisation_display_name(),
                  match.fits() ? session.Say("ja", "yes") : Label(match.refusal(), lang),
                  Text(match.reason(), lang)});
  }
  out << "\n";
  if (table.empty()) {
    out << session.Say("Niets past; --all toont waarom.\n", "Nothing fits; --all shows why.\n");
  } else {
    table.Print(out, session.table_style());
  }
}

absl::StatusOr<ExitCode> Find(Session& session, const FindFlags& flags) {
  const auto request = BuildFind(session, flags);
  if (!request.ok()) return request.status();
  return Answer(
      session,
      ListPages(session, PageFlags{.limit = 0, .all = true}, *request, &client::Client::FindOffers,
                "matches"),
      [&](const v1::FindOffersResponse& found) { PrintMatches(found, flags.all_offers, session); });
}

}  // namespace

void AddCatalogCommands(CLI::App& catalog, Command& chosen) {
  auto import = AddCommand<ImportFlags>(
      catalog, chosen, "import", "Replace the municipality's catalogue by a file's",
      "  omzien -m GM0150 catalog import deploy/deventer/catalog.yaml", &Import);
  import.app.add_option("file", import.flags.file, "YAML; - reads from standard input")->required();
  AddMutationFlags(import.app, import.flags.mutation, false);

  auto check = AddCommand<ImportFlags>(
      catalog, chosen, "check", "Report a file's errors, each with its line; change nothing",
      "  omzien -m GM0150 catalog check deploy/deventer/catalog.yaml", &Check);
  check.app.add_option("file", check.flags.file, "YAML; - reads from standard input")->required();

  auto out = AddCommand<ExportFlags>(
      catalog, chosen, "export", "Write the catalogue as YAML that import takes",
      "  omzien catalog export -f catalog.yaml\n  omzien catalog export -o json", &Export);
  out.app.add_option("-f,--file", out.flags.file, "Where to; default: standard output");

  auto find = AddCommand<FindFlags>(
      catalog, chosen, "find", "What fits someone, and with --all why the others don't",
      "  omzien catalog find --place Bathmen --need visit --age 65_plus\n"
      "  omzien catalog find --place 7434 --language ti --all",
      &Find);
  find.app.add_option("--place", find.flags.place, "As of 'signal submit'")->required();
  find.app.add_option("--need", find.flags.need, "One of: " + Known<v1::Need>());
  find.app.add_option("--age", find.flags.age, "One of: " + Known<v1::AgeBand>());
  find.app.add_option("--group", find.flags.groups, "Target group's id; may be given again");
  find.app.add_option("--life-event", find.flags.life_events,
                      "Life event's id; may be given again");
  find.app.add_option("--language", find.flags.language, "Language spoken best: nl, ti");
  find.app.add_option("--on", find.flags.on, "On which day; default: today");
  find.app.add_flag("--all", find.flags.all_offers, "Also what doesn't fit, and why");
}

}  // namespace omzien::cli
