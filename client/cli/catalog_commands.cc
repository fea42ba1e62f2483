#include "client/cli/catalog_commands.h"

#include <cinttypes>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>

#include "absl/strings/str_cat.h"
#include "client/cli/calls.h"
#include "client/cli/offer_lines.h"
#include "client/cli/postcode_table.h"
#include "client/cli/progress.h"
#include "client/cli/times.h"
#include "client/cli/views.h"
#include "client/cpp/errors.h"
#include "client/cpp/import_parts.h"

namespace omzien::cli {
namespace {

// A catalogue holds at most 4,000,000 characters, of at most four bytes.
constexpr std::streamsize kCatalogBytesMax = 16'000'000;
// An import in parts as a whole, whatever --timeout says of a call.
constexpr absl::Duration kPartsTimeout = absl::Hours(1);

struct CatalogFlags {
  std::string file;
  std::string postcodes;
  std::string offers;
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
  std::string household;
  CircumstancesFlags circumstances;
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

// A catalogue as it is sent, with the lines of its table of postcodes.
struct Source {
  v1::ImportCatalogRequest request;
  std::vector<int64_t> postcode_lines;
};

absl::StatusOr<Source> ReadSource(Session& session, const CatalogFlags& flags) {
  Source source;
  v1::ImportCatalogRequest& request = source.request;
  const auto parent = session.Parent();
  if (!parent.ok()) return parent.status();
  request.set_parent(*parent);
  auto yaml = ReadAll(session, flags.file);
  if (!yaml.ok()) return yaml.status();
  request.set_yaml(*std::move(yaml));
  if (flags.postcodes.empty()) return source;
  auto table = ReadPostcodeTable(flags.postcodes, session.lang());
  if (!table.ok()) return table.status();
  request.mutable_postcode_table()->Assign(std::make_move_iterator(table->postcodes.begin()),
                                           std::make_move_iterator(table->postcodes.end()));
  source.postcode_lines = std::move(table->lines);
  return source;
}

// Where an error is: "catalog.yaml:12:"; in the table of postcodes the row that begins the entry.
std::string PlaceOf(const v1::CatalogError& error, const CatalogFlags& flags,
                    const std::vector<int64_t>& postcode_lines) {
  const int entry = PostcodeTableIndex(error.path());
  if (entry >= 0 && entry < static_cast<int>(postcode_lines.size())) {
    return absl::StrCat(flags.postcodes, ":", postcode_lines[static_cast<size_t>(entry)], ":");
  }
  // Offers of the text have its line.
  int64_t offer = 0;
  if (!flags.offers.empty() && error.line() == 0 &&
      std::sscanf(error.path().c_str(), "offers[%" SCNd64 "]", &offer) == 1) {
    return OfferLines(flags.offers, Lang::kEnglish).PlaceOf(offer);
  }
  return absl::StrCat(flags.file, ":", error.line() == 0 ? "" : absl::StrCat(error.line(), ":"));
}

// Every error, each as a compiler would place it: "catalog.yaml:12: offers[3].needs: is required".
void PrintErrors(Session& session, const CatalogFlags& flags,
                 const std::vector<int64_t>& postcode_lines,
                 const v1::ImportCatalogResponse& response) {
  std::ostream& err = session.console().err;
  err << session.Say("De catalogus heeft fouten: ", "The catalogue has errors: ")
      << response.errors_size() << "\n";
  for (const v1::CatalogError& error : response.errors()) {
    err << PlaceOf(error, flags, postcode_lines) << " "
        << (error.path().empty() ? "" : absl::StrCat(Clean(error.path()), ": "))
        << Clean(error.message()) << "\n";
  }
}

void PrintCounts(Session& session, const std::string& file, bool imported,
                 const v1::ImportCatalogResponse& response) {
  std::ostream& out = session.console().out;
  out << (imported ? session.Say("Catalogus ingevoerd.", "Catalogue imported.")
                   : session.Say("In orde; er is niets veranderd.", "Right; nothing changed."))
      << "\n";
  PrintSheet({{session.Say("Generatie", "Generation"),
               imported ? absl::StrCat(response.generation()) : ""},
              {session.Say("Wijken en buurten", "Districts"), absl::StrCat(response.districts())},
              {"Postcodes", absl::StrCat(response.postcodes())},
              {session.Say("Partijen", "Organisations"), absl::StrCat(response.organisations())},
              {session.Say("Aanbod", "Offers"), absl::StrCat(response.offers())}},
             out, session.table_style());
  for (const std::string& warning : response.warnings()) {
    out << session.Say("let op: ", "warning: ") << file << ": " << Clean(warning) << "\n";
  }
}

// How far a long import is, in two stretches: sent, and written by the server.
class PartsProgress {
 public:
  PartsProgress(Session& session, int64_t offers) : session_(session), sending_(Line(offers)) {}

  void Show(const v1::ImportCatalogPartsResponse& said) {
    if (said.all_entries() == 0) return sending_.Update(said.received_offers());
    if (!writing_.has_value()) writing_.emplace(Line(said.all_entries()));
    writing_->Update(said.written_entries());
  }
  void Finish() { sending_.Finish(); }

 private:
  Progress Line(int64_t total) const {
    Console& console = session_.console();
    return Progress(console.err, console.err_is_terminal, *console.clock, session_.lang(), total);
  }

  Session& session_;
  Progress sending_;
  std::optional<Progress> writing_;
};

// Over a stream, with the offers of a file of their own. Whether it is refused for errors, which
// are then in the answer.
absl::StatusOr<v1::ImportCatalogResponse> ImportParts(Session& session, const CatalogFlags& flags,
                                                      v1::ImportCatalogRequest begin) {
  const auto client = session.client();
  if (!client.ok()) return client.status();
  OfferLines lines(flags.offers, session.lang());
  const auto count = lines.Count();
  if (!count.ok()) return count.status();
  if (absl::Status status = lines.Open(); !status.ok()) return status;
  begin.set_request_id(flags.mutation.request_id.empty() ? client::NewRequestId()
                                                         : flags.mutation.request_id);
  const std::string request_id = begin.request_id();
  PartsProgress progress(session, *count);
  v1::ImportCatalogResponse wrong;
  auto imported = client::ImportCatalogParts(
      **client, std::move(begin), [&](v1::OfferPart* part) { return lines.Next(part); },
      [&](const v1::ImportCatalogPartsResponse& said) {
        progress.Show(said);
        wrong.mutable_errors()->MergeFrom(said.errors());
      },
      kPartsTimeout);
  progress.Finish();
  if (client::MayRetry(imported.status()) || absl::IsDeadlineExceeded(imported.status())) {
    session.console().err << session.Say("Veilig opnieuw te proberen met --request-id ",
                                         "Safe to try again with --request-id ")
                          << request_id << "\n";
  }
  if (!imported.ok() && !wrong.errors().empty()) return wrong;
  return imported;
}

absl::StatusOr<v1::ImportCatalogResponse> Send(Session& session, const CatalogFlags& flags,
                                               v1::ImportCatalogRequest request) {
  if (!flags.offers.empty()) return ImportParts(session, flags, std::move(request));
  return Mutate(session, flags.mutation, std::move(request), &client::Client::ImportCatalog);
}

absl::StatusOr<ExitCode> Check(Session& session, const CatalogFlags& flags) {
  auto source = ReadSource(session, flags);
  if (!source.ok()) return source.status();
  source->request.set_validate_only(true);
  const auto response = Send(session, flags, std::move(source->request));
  const auto answered = Answer(session, response, [&](const v1::ImportCatalogResponse& answer) {
    if (answer.errors().empty()) {
      PrintCounts(session, flags.file, /*imported=*/false, answer);
    } else {
      PrintErrors(session, flags, source->postcode_lines, answer);
    }
  });
  if (answered.ok() && !response->errors().empty()) return kExitInvalid;
  return answered;
}

// A refusal names a few errors; asking for a check names all of them.
absl::StatusOr<ExitCode> ImportCatalog(Session& session, const CatalogFlags& flags) {
  auto source = ReadSource(session, flags);
  if (!source.ok()) return source.status();
  const auto response = Send(session, flags, std::move(source->request));
  if (response.ok() && !response->errors().empty()) {
    PrintErrors(session, flags, source->postcode_lines, *response);
    return kExitInvalid;
  }
  if (client::DetailsOf(response.status()).reason == "INVALID_CATALOG") {
    return Check(session, {flags.file, flags.postcodes, flags.offers, {}});
  }
  return Answer(session, response, [&](const v1::ImportCatalogResponse& answer) {
    PrintCounts(session, flags.file, /*imported=*/true, answer);
  });
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
  const auto household = FlagWord<v1::Household>(session, "--household", flags.household);
  if (!household.ok()) return household.status();
  request.set_household(*household);
  if (!flags.circumstances.empty()) {
    const auto circumstances = FlagCircumstances(session, flags.circumstances);
    if (!circumstances.ok()) return circumstances.status();
    *request.mutable_circumstances() = *circumstances;
  }
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

void AddFileFlags(CLI::App& app, CatalogFlags& flags) {
  app.add_option("-f,--file,file", flags.file, "YAML; - reads from standard input")->required();
  app.add_option("--postcodes", flags.postcodes,
                 "CSV of postcodes to add, of six characters too: code, district, certainty");
  app.add_option("--offers", flags.offers,
                 "JSON Lines of offers to add, one a line, as many as 1,000,000; sent in parts");
}

void PrintReviews(const v1::ListOffersToReviewResponse& reviews, Session& session) {
  const Lang lang = session.lang();
  Table table({session.Say("AANBOD", "OFFER"), session.Say("PARTIJ", "ORGANISATION"),
               session.Say("BEVESTIGD OP", "CONFIRMED ON"), session.Say("TOESTAND", "STATE"),
               session.Say("STOPT OP", "STOPS ON")});
  for (const v1::OfferToReview& offer : reviews.offers()) {
    table.AddRow(
        {ShortName(offer.offer()), offer.organisation_display_name(),
         offer.has_reviewed_on() ? DayText(offer.reviewed_on()) : session.Say("nooit", "never"),
         Label(offer.state(), lang), DayText(offer.stops_on())});
  }
  if (table.empty()) {
    session.console().out << session.Say("Er is nu niets om te bevestigen.\n",
                                         "There is nothing to confirm now.\n");
  } else {
    table.Print(session.console().out, session.table_style());
  }
}

absl::StatusOr<ExitCode> Review(Session& session, const PageFlags& flags) {
  v1::ListOffersToReviewRequest request;
  const auto parent = session.Parent();
  if (!parent.ok()) return parent.status();
  request.set_parent(*parent);
  return Answer(session,
                ListPages(session, flags, request, &client::Client::ListOffersToReview, "offers"),
                [&](const v1::ListOffersToReviewResponse& reviews) {
                  PrintReviews(reviews, session);
                  NoteMore(session, reviews.next_page_token());
                });
}

}  // namespace

void AddCatalogCommands(CLI::App& catalog, Command& chosen) {
  auto import = AddCommand<CatalogFlags>(
      catalog, chosen, "import", "Replace the municipality's catalogue by a file's",
      "  omzien -m GM0150 catalog import deploy/deventer/catalog.yaml\n"
      "  omzien -m GM0150 catalog import --file catalog.yaml --postcodes pc6.csv\n"
      "  omzien -m GM0150 catalog import --file catalog.yaml --offers offers.jsonl",
      &ImportCatalog);
  AddFileFlags(import.app, import.flags);
  AddMutationFlags(import.app, import.flags.mutation, false);

  auto check = AddCommand<CatalogFlags>(
      catalog, chosen, "check", "Report a file's errors, each with its line; change nothing",
      "  omzien -m GM0150 catalog check deploy/deventer/catalog.yaml", &Check);
  AddFileFlags(check.app, check.flags);

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
  find.app.add_option("--language", find.flags.language,
                      "Language spoken best, a BCP 47 tag such as nl, tr or ti");
  find.app.add_option("--household", find.flags.household, "One of: " + Known<v1::Household>());
  AddCircumstancesFlags(find.app, find.flags.circumstances, "");
  find.app.add_option("--on", find.flags.on, "On which day, such as 2026-11-26; default: today");
  find.app.add_flag("--all", find.flags.all_offers, "Also what doesn't fit, and why");

  auto review = AddCommand<PageFlags>(
      catalog, chosen, "review",
      "Offers that nobody confirmed for long; your own, as a steward all",
      "  omzien catalog review\n  omzien catalog review --all -o json", &Review);
  AddPageFlags(review.app, review.flags);
}

}  // namespace omzien::cli
