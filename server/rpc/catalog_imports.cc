// The imports of CatalogService: see proto/omzien/v1/catalog_service.proto.

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/synchronization/mutex.h"
#include "omzien/v1/catalog_service.pb.h"
#include "omzien/v1/error_reason.pb.h"
#include "server/config/yaml_proto.h"
#include "server/domain/catalogue_check.h"
#include "server/rpc/backend.h"
#include "server/rpc/checks.h"

namespace omzien::rpc {
namespace {

using Offers = google::protobuf::RepeatedPtrField<v1::Offer>;

// The contract states these.
constexpr size_t kPartsWindow = 4;
constexpr int kOffersPerPart = 1000;
constexpr int kOffersMax = 1'000'000;
constexpr size_t kPartsBytesMax = size_t{1} << 30;
constexpr int kToldMax = 1000;

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

// The position in a path that begins with this list: 12 of "postcodes[12].code"; -1 of another.
int PositionIn(std::string_view list, const std::string& path) {
  int position = 0;
  if (!path.starts_with(std::string(list) + "[")) return -1;
  const std::string digits = path.substr(list.size() + 1, path.find(']') - list.size() - 1);
  return absl::SimpleAtoi(digits, &position) ? position : -1;
}

// What came beside the text has no line in it, and the request's own table a place of its own:
// "postcodes[12].code" was its third, after ten of the catalogue.
void PlaceBesideText(int postcodes_before, int offers_before, v1::CatalogError* error) {
  if (PositionIn("offers", error->path()) >= offers_before) error->set_line(0);
  const int position = PositionIn("postcodes", error->path());
  if (position < postcodes_before) return;
  error->set_line(0);
  error->set_path("postcode_table[" + std::to_string(position - postcodes_before) +
                  error->path().substr(error->path().find(']')));
}

// `more` are the offers that came in parts.
Incoming Read(const v1::ImportCatalogRequest& request, const std::string& municipality,
              Offers more = {}) {
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
  const int offers_before = incoming.catalog.offers_size();
  incoming.catalog.mutable_postcodes()->MergeFrom(request.postcode_table());
  if (offers_before == 0) {
    incoming.catalog.mutable_offers()->Swap(&more);
  } else {
    for (v1::Offer& offer : more) *incoming.catalog.add_offers() = std::move(offer);
  }
  for (const domain::CatalogueIssue& issue : domain::CheckCatalogue(incoming.catalog)) {
    v1::CatalogError told = ErrorAt(LineOf(lines, issue.path), issue.path, issue.message);
    PlaceBesideText(postcodes_before, offers_before, &told);
    if (issue.error) {
      incoming.errors.push_back(std::move(told));
    } else {
      incoming.warnings.push_back(issue.path + ": " + AtLine(told.line(), issue.message));
    }
  }
  if (incoming.catalog.municipality().code() != municipality) {
    incoming.errors.push_back(ErrorAt(LineOf(lines, "municipality.code"), "municipality.code",
                                      "isn't the municipality that the import is for"));
  }
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
  for (const std::string& warning : incoming.warnings) {
    if (response.warnings_size() == kToldMax) break;
    response.add_warnings(warning);
  }
  return response;
}

void AddErrors(const std::vector<v1::CatalogError>& errors,
               google::protobuf::RepeatedPtrField<v1::CatalogError>* told) {
  for (const v1::CatalogError& error : errors) {
    if (told->size() == kToldMax) return;
    *told->Add() = error;
  }
}

// What is wrong within a catalogue is told as such, in whichever form it came: see Read().
template <class Request>
absl::StatusOr<commit::Ask> AskToImport(const Backend& backend, const Call& call,
                                        const Request& request) {
  std::vector<domain::FieldViolation> missing;
  if (request.source_case() == v1::ImportCatalogRequest::SOURCE_NOT_SET) {
    missing.push_back({"yaml", "one of yaml and catalog must be set"});
  }
  auto ask = AskFor(backend, call, request, std::move(missing));
  if (!ask.ok()) return ask;
  std::erase_if(ask->violations, [](const domain::FieldViolation& violation) {
    return violation.field.starts_with("catalog.") ||
           violation.field.starts_with("postcode_table[");
  });
  return ask;
}

void Blame(const Incoming& incoming, commit::Ask* ask) {
  for (const v1::CatalogError& error : incoming.errors) {
    if (ask->violations.size() == kToldMax) break;
    ask->violations.push_back({error.path(), AtLine(error.line(), error.message())});
  }
  ask->reason = v1::ERROR_REASON_INVALID_CATALOG;
}

int64_t GenerationInForce(const Backend& backend, const std::string& municipality) {
  const auto catalogue = backend.catalogues->Find(municipality);
  return catalogue == nullptr ? 0 : catalogue->generation();
}

absl::StatusOr<v1::ImportCatalogResponse> ImportCatalog(const Backend& backend, const Call& call,
                                                        const v1::ImportCatalogRequest& request) {
  auto ask = AskToImport(backend, call, request);
  if (!ask.ok()) return ask.status();
  const std::string municipality = MunicipalityOf(request);
  const int64_t replaces = GenerationInForce(backend, municipality);
  Incoming incoming;
  if (ask->violations.empty()) {
    incoming = Read(request, municipality);
    Blame(incoming, &*ask);
  }
  v1::ImportCatalogResponse response = ResponseFor(incoming);
  if (request.validate_only()) {
    if (ask->reason != v1::ERROR_REASON_INVALID_CATALOG) {
      return domain::InvalidFields(ask->violations);
    }
    AddErrors(incoming.errors, response.mutable_errors());
    return response;
  }
  auto answer = backend.imports->Import(
      *ask, {std::move(incoming.catalog), std::move(response), replaces}, call.deadline);
  if (!answer.ok()) return answer.status();
  v1::ImportCatalogResponse imported;
  imported.ParseFromString(*answer);
  return imported;
}

// One stream's import. Messages come one after the other; the end is done on the import pool.
class PartsImport : public std::enable_shared_from_this<PartsImport> {
 public:
  PartsImport(const Backend* backend, Say say) : backend_(*backend), say_(std::move(say)) {}
  ~PartsImport() {
    if (entered_) backend_.imports_at_once->Leave();
  }
  PartsImport(const PartsImport&) = delete;
  PartsImport& operator=(const PartsImport&) = delete;

  void Take(const Call& call, std::shared_ptr<v1::ImportCatalogPartsRequest> part, Reply reply) {
    using Part = v1::ImportCatalogPartsRequest;
    absl::Status taken;
    switch (part->part_case()) {
      case Part::kBegin:
        taken = Begin(call, part->mutable_begin());
        break;
      case Part::kOffers:
        taken = TakeOffers(part->mutable_offers());
        break;
      case Part::kEnd:
        taken = End(part->end());
        if (taken.ok()) return FinishLater(reply);
        break;
      case Part::PART_NOT_SET:
        taken = domain::InvalidFields({{"part", "one of begin, offers and end must be set"}});
        break;
    }
    if (!taken.ok()) return reply(taken);
    v1::ImportCatalogPartsResponse response;
    response.set_received_offers(offers_.size());
    reply(response.SerializeAsString());
  }

 private:
  absl::Status Begin(const Call& call, v1::ImportCatalogRequest* request) {
    if (begun_)
      return domain::InvalidFields({{"begin", "must be the first message, and no other"}});
    auto ask = AskToImport(backend_, call, *request);
    std::vector<domain::FieldViolation> violations =
        ask.ok() ? ask->violations : domain::ViolationsOf(ask.status());
    for (domain::FieldViolation& violation : violations) violation.field.insert(0, "begin.");
    if (!violations.empty()) return domain::InvalidFields(std::move(violations));
    if (!ask.ok()) return ask.status();
    begun_ = true;
    entered_ = true;
    if (absl::Status room = backend_.imports_at_once->Enter(); !room.ok()) return room;
    ask_ = *std::move(ask);
    request_.Swap(request);
    municipality_ = MunicipalityOf(request_);
    replaces_ = GenerationInForce(backend_, municipality_);
    return absl::OkStatus();
  }

  // What is wrong with an offer is told at the end, with all else.
  absl::Status TakeOffers(v1::OfferPart* part) {
    if (!begun_ || ended_)
      return domain::InvalidFields({{"offers", "must come between begin and end"}});
    if (part->offers().empty()) return domain::InvalidFields({{"offers.offers", "is required"}});
    if (part->offers_size() > kOffersPerPart) {
      return domain::InvalidFields({{"offers.offers", "holds more than 1000 items"}});
    }
    if (offers_.size() + part->offers_size() > kOffersMax) {
      return domain::InvalidFields(
          {{"offers.offers", "are with those before them more than 1000000"}});
    }
    bytes_ += part->ByteSizeLong();
    if (bytes_ > kPartsBytesMax) {
      return domain::Error(absl::StatusCode::kResourceExhausted, v1::ERROR_REASON_CATALOG_TOO_LARGE,
                           "the parts hold more than 1 GiB; nothing was imported");
    }
    const crypto::KeyedHash& hash = backend_.case_keys->hash();
    for (v1::Offer& offer : *part->mutable_offers()) {
      ask_.fingerprint = commit::ChainFingerprint(hash, ask_.fingerprint, offer);
      *offers_.Add() = std::move(offer);
    }
    return absl::OkStatus();
  }

  absl::Status End(const v1::ImportCatalogEnd& end) {
    if (!begun_ || ended_) return domain::InvalidFields({{"end", "must come once, after begin"}});
    if (end.offers() != offers_.size()) {
      return domain::InvalidFields({{"end.offers", "isn't how many offers came in parts"}});
    }
    ended_ = true;
    return absl::OkStatus();
  }

  void FinishLater(const Reply& reply) {
    const bool queued =
        backend_.import_pool->Submit([self = shared_from_this(), reply] { reply(self->Finish()); });
    if (!queued) {
      reply(domain::Error(absl::StatusCode::kUnavailable, v1::ERROR_REASON_STOPPING,
                          "the server is stopping; retry with the same request_id"));
    }
  }

  absl::StatusOr<std::string> Finish() {
    v1::ImportCatalogPartsResponse last;
    last.set_received_offers(offers_.size());
    Incoming incoming = Read(request_, municipality_, std::move(offers_));
    Blame(incoming, &ask_);
    v1::ImportCatalogResponse response = ResponseFor(incoming);
    if (request_.validate_only()) {
      AddErrors(incoming.errors, response.mutable_errors());
      *last.mutable_imported() = std::move(response);
      return last.SerializeAsString();
    }
    if (!incoming.errors.empty()) {
      v1::ImportCatalogPartsResponse told = last;
      AddErrors(incoming.errors, told.mutable_errors());
      say_(told.SerializeAsString(), /*may_be_left_out=*/false);
    }
    v1::ImportCatalogPartsResponse so_far = last;
    // Whoever waited for its turn has waited long enough for its beginning, too.
    auto answer = backend_.imports->Import(
        ask_, {std::move(incoming.catalog), std::move(response), replaces_}, absl::InfiniteFuture(),
        [&](size_t written, size_t all) {
          so_far.set_written_entries(static_cast<int32_t>(written));
          so_far.set_all_entries(static_cast<int32_t>(all));
          say_(so_far.SerializeAsString(), /*may_be_left_out=*/true);
        });
    if (!answer.ok()) return answer.status();
    last.mutable_imported()->ParseFromString(*answer);
    return last.SerializeAsString();
  }

  const Backend& backend_;
  const Say say_;
  bool entered_ = false;
  bool begun_ = false;
  bool ended_ = false;
  commit::Ask ask_;
  v1::ImportCatalogRequest request_;
  std::string municipality_;
  int64_t replaces_ = 0;
  Offers offers_;
  size_t bytes_ = 0;
};

}  // namespace

// Imports run on pools of threads: reading a large file takes a while.
void AddCatalogImports(const Backend* backend, Methods* methods) {
  methods->Read<v1::ImportCatalogRequest, v1::ImportCatalogResponse>(
      "omzien.v1.CatalogService/ImportCatalog",
      [backend](const Call& call, const v1::ImportCatalogRequest& request) {
        return ImportCatalog(*backend, call, request);
      });
  methods->Conversation<v1::ImportCatalogPartsRequest>(
      "omzien.v1.CatalogService/ImportCatalogParts", kPartsWindow, [backend](Say say) {
        auto import = std::make_shared<PartsImport>(backend, std::move(say));
        return [import](const std::shared_ptr<const Call>& call,
                        std::shared_ptr<v1::ImportCatalogPartsRequest> part,
                        Reply reply) { import->Take(*call, std::move(part), std::move(reply)); };
      });
}

}  // namespace omzien::rpc
