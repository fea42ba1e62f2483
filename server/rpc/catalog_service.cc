// CatalogService: see proto/omzien/v1/catalog_service.proto.

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "omzien/v1/catalog_service.pb.h"
#include "omzien/v1/error_reason.pb.h"
#include "server/commit/commands.h"
#include "server/config/yaml_proto.h"
#include "server/domain/catalogue_check.h"
#include "server/domain/days.h"
#include "server/domain/first_contact.h"
#include "server/domain/matching.h"
#include "server/domain/place.h"
#include "server/domain/references.h"
#include "server/rpc/case_reader.h"
#include "server/rpc/checks.h"
#include "server/rpc/page_token.h"
#include "storage/blocking.h"

namespace omzien::rpc {
namespace {

constexpr int kOffersPerPage = 50;

// A catalogue as it came in, with everything that is wrong with it.
struct Incoming {
  v1::Catalog catalog;
  std::vector<v1::CatalogError> errors;
  std::vector<std::string> warnings;
};

// The line of a path, or of the nearest thing that holds it.
int LineOf(const std::map<std::string, int>& lines, std::string path) {
  while (!path.empty()) {
    if (const auto found = lines.find(path); found != lines.end()) return found->second;
    const size_t cut = path.find_last_of(".[");
    path.resize(cut == std::string::npos ? 0 : cut);
  }
  return 0;
}

std::string AtLine(int line, const std::string& message) {
  return line == 0 ? message : "line " + std::to_string(line) + ": " + message;
}

v1::CatalogError ErrorAt(int line, const std::string& path, const std::string& message) {
  v1::CatalogError error;
  error.set_line(line);
  error.set_path(path);
  error.set_message(message);
  return error;
}

constexpr std::string_view kPostcodes = "postcodes[";

// What came in the request's own table is placed there: "postcodes[12].code" was its third, after
// ten of the catalogue.
void PlaceInTable(int postcodes_before, v1::CatalogError* error) {
  int index = 0;
  const std::string& path = error->path();
  if (!path.starts_with(kPostcodes)) return;
  const size_t end = path.find(']');
  if (!absl::SimpleAtoi(path.substr(kPostcodes.size(), end - kPostcodes.size()), &index)) return;
  if (index < postcodes_before) return;
  error->set_line(0);
  error->set_path("postcode_table[" + std::to_string(index - postcodes_before) + path.substr(end));
}

Incoming Read(const v1::ImportCatalogRequest& request, const std::string& municipality) {
  Incoming incoming;
  std::map<std::string, int> lines;
  std::vector<config::YamlError> yaml_errors;
  if (request.has_catalog()) {
    incoming.catalog = request.catalog();
  } else {
    config::ParseYaml(request.yaml(), &incoming.catalog, &lines, &yaml_errors);
  }
  for (const config::YamlError& error : yaml_errors) {
    incoming.errors.push_back(ErrorAt(error.line, error.path, error.message));
  }
  // A file that can't be read whole would only be blamed for what wasn't read.
  if (!incoming.errors.empty()) return incoming;
  const int postcodes_before = incoming.catalog.postcodes_size();
  incoming.catalog.mutable_postcodes()->MergeFrom(request.postcode_table());
  for (const domain::CatalogueIssue& issue : domain::CheckCatalogue(incoming.catalog)) {
    const int line = LineOf(lines, issue.path);
    if (issue.error) {
      incoming.errors.push_back(ErrorAt(line, issue.path, issue.message));
    } else {
      incoming.warnings.push_back(issue.path + ": " + AtLine(line, issue.message));
    }
  }
  if (incoming.catalog.municipality().code() != municipality) {
    incoming.errors.push_back(ErrorAt(LineOf(lines, "municipality.code"), "municipality.code",
                                      "isn't the municipality that the import is for"));
  }
  for (v1::CatalogError& error : incoming.errors) PlaceInTable(postcodes_before, &error);
  std::sort(incoming.errors.begin(), incoming.errors.end(),
            [](const v1::CatalogError& a, const v1::CatalogError& b) {
              return std::pair(a.line(), a.path()) < std::pair(b.line(), b.path());
            });
  return incoming;
}

v1::ImportCatalogResponse ResponseFor(const Incoming& incoming) {
  v1::ImportCatalogResponse response;
  response.set_districts(incoming.catalog.districts_size());
  response.set_postcodes(incoming.catalog.postcodes_size());
  response.set_organisations(incoming.catalog.organisations_size());
  response.set_offers(incoming.catalog.offers_size());
  response.mutable_warnings()->Assign(incoming.warnings.begin(), incoming.warnings.end());
  return response;
}

absl::StatusOr<v1::ImportCatalogResponse> ImportCatalog(const Backend& backend, const Call& call,
                                                        const v1::ImportCatalogRequest& request) {
  std::vector<domain::FieldViolation> missing;
  if (request.source_case() == v1::ImportCatalogRequest::SOURCE_NOT_SET) {
    missing.push_back({"yaml", "one of yaml and catalog must be set"});
  }
  auto ask = AskFor(backend, call, request, std::move(missing));
  if (!ask.ok()) return ask.status();
  // What is wrong within a catalogue is told as such, in whichever form it came: see Read().
  std::erase_if(ask->violations, [](const domain::FieldViolation& violation) {
    return violation.field.starts_with("catalog.") ||
           violation.field.starts_with("postcode_table[");
  });
  const std::string municipality = MunicipalityOf(request);
  const auto in_force = backend.catalogues->Find(municipality);
  Incoming incoming;
  if (ask->violations.empty()) {
    incoming = Read(request, municipality);
    for (const v1::CatalogError& error : incoming.errors) {
      ask->violations.push_back({error.path(), AtLine(error.line(), error.message())});
    }
    ask->reason = v1::ERROR_REASON_INVALID_CATALOG;
  }
  v1::ImportCatalogResponse response = ResponseFor(incoming);
  if (request.validate_only()) {
    if (ask->reason != v1::ERROR_REASON_INVALID_CATALOG) {
      return domain::InvalidFields(ask->violations);
    }
    response.mutable_errors()->Assign(incoming.errors.begin(), incoming.errors.end());
    return response;
  }
  auto answer = backend.imports->Import(*ask,
                                        {std::move(incoming.catalog), std::move(response),
                                         in_force == nullptr ? 0 : in_force->generation()},
                                        call.deadline);
  if (!answer.ok()) return answer.status();
  v1::ImportCatalogResponse imported;
  imported.ParseFromString(*answer);
  return imported;
}

absl::StatusOr<v1::ExportCatalogResponse> ExportCatalog(const Backend& backend, const Call& call,
                                                        const v1::ExportCatalogRequest& request) {
  if (absl::Status status = CheckRead(backend, call, request); !status.ok()) return status;
  auto catalogue = FindCatalogue(backend, MunicipalityOf(request));
  if (!catalogue.ok()) return catalogue.status();
  v1::ExportCatalogResponse response;
  *response.mutable_catalog() = (*catalogue)->Whole();
  response.set_yaml(config::ToYaml(response.catalog()));
  response.set_generation((*catalogue)->generation());
  response.set_revision(static_cast<int64_t>(backend.cases->GetSnapshot()->revision()));
  return response;
}

domain::MatchQuery QueryFor(const domain::Catalogue& catalogue, domain::ResolvedPlace place,
                            const v1::FindOffersRequest& request, absl::Time now) {
  domain::MatchQuery query;
  query.places = std::move(place.candidates);
  query.certain_wijk = std::move(place.certain_wijk);
  query.need = request.need() == v1::NEED_UNSPECIFIED ? v1::NEED_UNKNOWN : request.need();
  std::vector<std::string> stated;
  for (const std::string& name : request.target_groups()) {
    stated.emplace_back(domain::LastSegment(name));
  }
  query.groups = domain::GroupsOf(catalogue, stated, request.age_band(), request.language());
  for (const std::string& name : request.life_events()) {
    query.life_events.emplace(domain::LastSegment(name));
  }
  query.language = request.language();
  query.age_band = request.age_band();
  query.day = domain::DayOfDate(request.on()).value_or(domain::Today(now, catalogue.time_zone()));
  return query;
}

// Reads the load of each offer that is asked for; `failed` gets the first error.
domain::LoadOf LoadsIn(const storage::Snapshot& snapshot, const std::string& municipality,
                       absl::Status* failed) {
  return [&snapshot, municipality, failed](std::string_view offer_id) {
    storage::v1::OfferLoad load;
    auto found = storage::MultiGetNow(snapshot, {storage::keys::OfferLoad(municipality, offer_id)});
    if (!found.ok()) {
      failed->Update(found.status());
    } else if (found->front().has_value()) {
      load.ParseFromString(found->front()->value);
    }
    return load;
  };
}

// One page of what matching says of every offer. The position is how many went before.
absl::Status AddPage(const Backend& backend, const Call& call, const v1::FindOffersRequest& request,
                     const domain::Catalogue& catalogue, const domain::MatchQuery& query,
                     const storage::Snapshot& snapshot, v1::FindOffersResponse* response) {
  const std::string page_query = QueryOf(call.method, request);
  auto position = ReadPageToken(backend.case_keys->hash(), page_query, request.page_token());
  if (!position.ok()) return position.status();
  size_t from = 0;
  for (const char digit : *position) from = from * 10 + static_cast<size_t>(digit - '0');
  const auto page_size =
      static_cast<size_t>(request.page_size() == 0 ? kOffersPerPage : request.page_size());
  absl::Status read;
  domain::MatchPage page = domain::MatchSome(
      catalogue, query, LoadsIn(snapshot, catalogue.municipality().code(), &read), from, page_size);
  if (!read.ok()) return read;
  response->mutable_matches()->Assign(std::make_move_iterator(page.matches.begin()),
                                      std::make_move_iterator(page.matches.end()));
  response->set_unmet_degree(page.degree);
  if (from + page_size < page.total) {
    response->set_next_page_token(
        MakePageToken(backend.case_keys->hash(), page_query, std::to_string(from + page_size)));
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::FindOffersResponse> FindOffers(const Backend& backend, const Call& call,
                                                  const v1::FindOffersRequest& request) {
  auto found = FindCatalogue(backend, MunicipalityOf(request));
  absl::StatusOr<domain::ResolvedPlace> place = domain::ResolvedPlace();
  std::vector<domain::FieldViolation> more;
  if (found.ok()) {
    domain::CheckFindReferences(**found, request, &more);
    place = domain::ResolvePlace(**found, request.place());
  }
  absl::Status checked = CheckRead(backend, call, request, std::move(more), place.status());
  if (!checked.ok()) return checked;
  if (!found.ok()) return found.status();
  const domain::Catalogue& catalogue = **found;
  const auto snapshot = backend.cases->GetSnapshot();
  const domain::MatchQuery query = QueryFor(catalogue, *place, request, call.now);
  v1::FindOffersResponse response;
  absl::Status added = AddPage(backend, call, request, catalogue, query, *snapshot, &response);
  if (!added.ok()) return added;
  response.mutable_districts()->Assign(place->candidates.begin(), place->candidates.end());
  auto party =
      domain::FirstContactFor(catalogue, *place, v1::SIGNALLER_KIND_UNSPECIFIED, query.day);
  if (party.ok()) {
    response.set_first_contact_organisation(
        domain::OrganisationName(catalogue.municipality().code(), party->organisation));
    response.set_first_contact_display_name(party->display_name);
  }
  response.set_revision(static_cast<int64_t>(snapshot->revision()));
  return response;
}

}  // namespace

// Imports run on the read pool: reading a large file takes a while.
void AddCatalogService(const Backend* backend, Methods* methods) {
  methods->Read<v1::ImportCatalogRequest, v1::ImportCatalogResponse>(
      "omzien.v1.CatalogService/ImportCatalog",
      [backend](const Call& call, const v1::ImportCatalogRequest& request) {
        return ImportCatalog(*backend, call, request);
      });
  methods->Read<v1::ExportCatalogRequest, v1::ExportCatalogResponse>(
      "omzien.v1.CatalogService/ExportCatalog",
      [backend](const Call& call, const v1::ExportCatalogRequest& request) {
        return ExportCatalog(*backend, call, request);
      });
  methods->Read<v1::FindOffersRequest, v1::FindOffersResponse>(
      "omzien.v1.CatalogService/FindOffers",
      [backend](const Call& call, const v1::FindOffersRequest& request) {
        return FindOffers(*backend, call, request);
      });
}

}  // namespace omzien::rpc
