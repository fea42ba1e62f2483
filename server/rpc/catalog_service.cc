// CatalogService: see proto/omzien/v1/catalog_service.proto.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "omzien/v1/catalog_service.pb.h"
#include "omzien/v1/error_reason.pb.h"
#include "server/config/yaml_proto.h"
#include "server/domain/days.h"
#include "server/domain/first_contact.h"
#include "server/domain/matching.h"
#include "server/domain/place.h"
#include "server/domain/references.h"
#include "server/domain/staleness.h"
#include "server/rpc/case_reader.h"
#include "server/rpc/checks.h"
#include "server/rpc/page_token.h"
#include "storage/blocking.h"

namespace omzien::rpc {
namespace {

constexpr int kOffersPerPage = 50;
// What ImportCatalog took at most before offers came in parts; the contract states it.
constexpr size_t kOffersPerExport = 20'000;

absl::StatusOr<v1::ExportCatalogResponse> ExportCatalog(const Backend& backend, const Call& call,
                                                        const v1::ExportCatalogRequest& request) {
  if (absl::Status status = CheckRead(backend, call, request); !status.ok()) return status;
  auto catalogue = FindCatalogue(backend, MunicipalityOf(request));
  if (!catalogue.ok()) return catalogue.status();
  if ((*catalogue)->offer_count() > kOffersPerExport) {
    return domain::Error(absl::StatusCode::kResourceExhausted, v1::ERROR_REASON_CATALOG_TOO_LARGE,
                         "the catalogue holds more offers than a message");
  }
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
  query.household = request.household();
  query.circumstances = request.circumstances();
  query.professionals_only = domain::NeedsProfessionals(request.age_band());
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
  auto party = domain::FirstContactFor(catalogue, *place, v1::SIGNALLER_KIND_UNSPECIFIED, query.day,
                                       query.professionals_only);
  if (party.ok()) {
    response.set_first_contact_organisation(
        domain::OrganisationName(catalogue.municipality().code(), party->organisation));
    response.set_first_contact_display_name(party->display_name);
  }
  response.set_revision(static_cast<int64_t>(snapshot->revision()));
  return response;
}

// Where an offer stands in the list, as a page token's position: it holds when the catalogue
// changes.
std::string ReviewPosition(const v1::Offer& offer) {
  const auto reviewed_on = domain::DayOfDate(offer.reviewed_on());
  return (reviewed_on.has_value() ? absl::FormatCivilTime(*reviewed_on) : "") + "/" + offer.id();
}

v1::OfferToReview ToReview(const domain::Catalogue& catalogue, const v1::Offer& offer,
                           domain::Freshness freshness) {
  const std::string& municipality = catalogue.municipality().code();
  v1::OfferToReview review;
  review.set_offer(domain::OfferName(municipality, offer.id()));
  review.set_organisation(domain::OrganisationName(municipality, offer.organisation()));
  review.set_offer_display_name(offer.display_name());
  review.set_organisation_display_name(
      catalogue.organisation(offer.organisation())->display_name());
  if (offer.has_reviewed_on()) *review.mutable_reviewed_on() = offer.reviewed_on();
  review.set_state(freshness == domain::Freshness::kStopped ? v1::REVIEW_STATE_STOPPED
                                                            : v1::REVIEW_STATE_STALE);
  const auto stops_on = domain::StopsMatchingOn(catalogue.municipality(), offer);
  if (stops_on.has_value()) *review.mutable_stops_on() = domain::DateOfDay(*stops_on);
  return review;
}

absl::StatusOr<v1::ListOffersToReviewResponse> ListOffersToReview(
    const Backend& backend, const Call& call, const v1::ListOffersToReviewRequest& request) {
  if (absl::Status status = CheckRead(backend, call, request); !status.ok()) return status;
  const std::string municipality = MunicipalityOf(request);
  auto found = FindCatalogue(backend, municipality);
  if (!found.ok()) return found.status();
  const domain::Catalogue& catalogue = **found;
  const std::string query = QueryOf(call.method, request);
  auto position = ReadPageToken(backend.case_keys->hash(), query, request.page_token());
  if (!position.ok()) return position.status();
  const bool sees_all = call.caller->Has(municipality, domain::Role::kSteward);
  const auto own = call.caller->OrganisationsAs(municipality, domain::Role::kReceiver);
  const int page_size = request.page_size() == 0 ? kOffersPerPage : request.page_size();
  const absl::CivilDay today = domain::Today(call.now, catalogue.time_zone());
  struct Stale {
    std::string at;
    const v1::Offer* offer;
    domain::Freshness freshness;
  };
  std::vector<Stale> stale;
  for (size_t i = 0; i < catalogue.offer_count(); ++i) {
    const v1::Offer& offer = catalogue.offer_at(i).offer;
    const auto freshness = domain::FreshnessOf(catalogue.municipality(), offer, today);
    if (freshness == domain::Freshness::kFresh || offer.status() == v1::OFFER_STATUS_ENDED)
      continue;
    if (!sees_all && !own.contains(offer.organisation())) continue;
    std::string at = ReviewPosition(offer);
    if (at > *position) stale.push_back({std::move(at), &offer, freshness});
  }
  std::ranges::sort(stale, {}, &Stale::at);
  v1::ListOffersToReviewResponse response;
  for (size_t i = 0; i < stale.size() && i < static_cast<size_t>(page_size); ++i) {
    *response.add_offers() = ToReview(catalogue, *stale[i].offer, stale[i].freshness);
  }
  if (stale.size() > static_cast<size_t>(page_size)) {
    response.set_next_page_token(MakePageToken(backend.case_keys->hash(), query,
                                               stale[static_cast<size_t>(page_size) - 1].at));
  }
  response.set_revision(static_cast<int64_t>(backend.cases->GetSnapshot()->revision()));
  return response;
}

}  // namespace

void AddCatalogService(const Backend* backend, Methods* methods) {
  AddCatalogImports(backend, methods);
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
  methods->Read<v1::ListOffersToReviewRequest, v1::ListOffersToReviewResponse>(
      "omzien.v1.CatalogService/ListOffersToReview",
      [backend](const Call& call, const v1::ListOffersToReviewRequest& request) {
        return ListOffersToReview(*backend, call, request);
      });
}

}  // namespace omzien::rpc
