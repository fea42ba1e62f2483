#include "server/domain/first_contact.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

#include "server/domain/days.h"
#include "server/domain/errors.h"
#include "server/domain/names.h"
#include "server/domain/sentences.h"
#include "server/domain/text.h"

namespace omzien::domain {

namespace {

using Codes = google::protobuf::RepeatedPtrField<std::string>;

// How closely something that serves districts names this one; less is closer.
enum Closeness { kNamesIt = 0, kNamesItsWijk = 1, kAllDistricts = 2, kNotAtAll = 3 };

Closeness ClosenessOf(const Catalogue& catalogue, const Codes& districts, bool all_districts,
                      std::string_view code) {
  if (all_districts) return kAllDistricts;
  Closeness closest = kNotAtAll;
  for (const std::string& served : districts) {
    if (served == code) return kNamesIt;
    if (served == catalogue.WijkOf(code)) closest = kNamesItsWijk;
  }
  return closest;
}

bool CoversKind(const v1::Mandate& mandate, v1::SignallerKind kind) {
  return mandate.signaller_kinds().empty() ||
         std::find(mandate.signaller_kinds().begin(), mandate.signaller_kinds().end(), kind) !=
             mandate.signaller_kinds().end();
}

// What a mandate has to be, besides of the place.
struct MandateQuery {
  v1::SignallerKind kind;
  absl::CivilDay today;
  bool professionals_only = false;
  std::string_view organisation = {};  // empty: any
};

bool Holds(const v1::Mandate& mandate, const MandateQuery& query) {
  const std::optional<absl::CivilDay> since = DayOfDate(mandate.since());
  return since.has_value() && *since <= query.today && CoversKind(mandate, query.kind) &&
         (mandate.professionals() || !query.professionals_only) &&
         (query.organisation.empty() || mandate.organisation() == query.organisation);
}

std::optional<FirstContactParty> MandatedFor(const Catalogue& catalogue,
                                             const v1::DistrictCandidate& district,
                                             const MandateQuery& query) {
  using Key = std::tuple<Closeness, int32_t, std::string_view>;
  std::optional<std::pair<Key, const v1::Mandate*>> best;
  for (const auto& mandate : catalogue.proto().mandates()) {
    if (!Holds(mandate, query)) continue;
    const Closeness closeness =
        ClosenessOf(catalogue, mandate.districts(), false, LastSegment(district.district()));
    if (closeness == kNotAtAll) continue;
    const Key key(closeness, -DayNumber(*DayOfDate(mandate.since())), mandate.organisation());
    if (!best.has_value() || key < best->first) best = {key, &mandate};
  }
  if (!best.has_value()) return std::nullopt;
  FirstContactParty party;
  party.organisation = best->second->organisation();
  const v1::Organisation* const organisation = catalogue.organisation(party.organisation);
  party.display_name = organisation == nullptr ? party.organisation : organisation->display_name();
  party.reason.set_nl(Concat(party.display_name, " legt in ", district.display_name(),
                             " het eerste contact, in opdracht van de gemeente."));
  party.reason.set_en(Concat(party.display_name, " makes first contact in ",
                             district.display_name(), ", mandated by the municipality."));
  return party;
}

const v1::Team* TeamFor(const Catalogue& catalogue, std::string_view district_code) {
  using Key = std::pair<Closeness, std::string_view>;
  const v1::Team* best = nullptr;
  Key best_key(kNotAtAll, "");
  for (const auto& team : catalogue.proto().teams()) {
    const Key key(ClosenessOf(catalogue, team.districts(), team.all_districts(), district_code),
                  team.id());
    if (key.first == kNotAtAll || (best != nullptr && best_key < key)) continue;
    best = &team;
    best_key = key;
  }
  return best;
}

// The sentences without their full stop: what of the team is assumed goes before it.
FirstContactParty TeamParty(const v1::Team& team, std::string_view nl, std::string_view en) {
  FirstContactParty party;
  party.organisation = team.organisation();
  party.display_name = team.display_name();
  const v1::Sentence assumed = AssumedClause(team.provenance());
  party.reason.set_nl(Concat(nl, assumed.nl(), "."));
  party.reason.set_en(Concat(en, assumed.en(), "."));
  return party;
}

absl::Status NobodyCovers(std::string_view message) {
  return Error(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_NO_FIRST_CONTACT_PARTY,
               message);
}

std::optional<FirstContactParty> TeamPartyFor(const Catalogue& catalogue,
                                              const v1::DistrictCandidate& district) {
  const v1::Team* const team = TeamFor(catalogue, LastSegment(district.district()));
  if (team == nullptr) return std::nullopt;
  const std::string& name = team->display_name();
  const std::string& place = district.display_name();
  if (district.certainty() == v1::CERTAINTY_STATED) {
    return TeamParty(*team, Concat(name, " legt in ", place, " het eerste contact"),
                     Concat(name, " makes first contact in ", place));
  }
  return TeamParty(
      *team, Concat(name, " legt het eerste contact; de plaats is niet zeker, mogelijk ", place),
      Concat(name, " makes first contact; the place isn't certain, possibly ", place));
}

FirstContactParty EntranceParty(v1::Team team, EntranceCause cause) {
  const std::string& name = team.display_name();
  // As the entrance it is asked whatever districts it serves.
  auto* assumed = team.mutable_provenance()->mutable_assumed();
  assumed->erase(std::remove(assumed->begin(), assumed->end(), v1::ASSUMED_FIELD_DISTRICTS),
                 assumed->end());
  switch (cause) {
    case EntranceCause::kTakesOver:
      return TeamParty(team, Concat(name, " neemt het eerste contact over"),
                       Concat(name, " takes first contact over"));
    case EntranceCause::kNobodyElse:
      return TeamParty(team,
                       Concat("Geen team dekt deze plaats: ", name, " legt het eerste contact"),
                       Concat("No team covers this place: ", name, " makes first contact"));
    case EntranceCause::kUnknownPlace:
      break;
  }
  return TeamParty(team, Concat("De plaats is niet bekend: ", name, " legt het eerste contact"),
                   Concat("The place isn't known: ", name, " makes first contact"));
}

// The organisation's team that is closest to where the person may live; nullptr when it has none.
const v1::Team* TeamOf(const Catalogue& catalogue, std::string_view organisation,
                       const ResolvedPlace& place) {
  using Key = std::pair<Closeness, std::string_view>;
  const v1::Team* best = nullptr;
  Key best_key(kNotAtAll, "");
  for (const auto& team : catalogue.proto().teams()) {
    if (team.organisation() != organisation) continue;
    Closeness closeness = team.all_districts() ? kAllDistricts : kNotAtAll;
    for (const auto& candidate : place.candidates) {
      closeness = std::min(closeness, ClosenessOf(catalogue, team.districts(), team.all_districts(),
                                                  LastSegment(candidate.district())));
    }
    const Key key(closeness, team.id());
    if (best != nullptr && best_key < key) continue;
    best = &team;
    best_key = key;
  }
  return best;
}

}  // namespace

std::vector<FirstContactParty> FirstContactPartiesFor(const Catalogue& catalogue,
                                                      const ResolvedPlace& place,
                                                      v1::SignallerKind kind, absl::CivilDay today,
                                                      bool professionals_only) {
  std::vector<FirstContactParty> parties;
  const auto add = [&parties](std::optional<FirstContactParty> party) {
    if (!party.has_value()) return;
    const bool known = std::any_of(parties.begin(), parties.end(), [&](const auto& other) {
      return other.organisation == party->organisation && other.display_name == party->display_name;
    });
    if (!known) parties.push_back(*std::move(party));
  };
  if (place.unknown || place.candidates.empty()) {
    if (auto entrance = EntranceTeam(catalogue, EntranceCause::kUnknownPlace); entrance.ok()) {
      add(*std::move(entrance));
    }
    return parties;
  }
  if (!place.certain_wijk.empty()) {
    add(MandatedFor(catalogue, place.candidates.front(), {kind, today, professionals_only}));
    if (!parties.empty()) return parties;
  }
  for (const auto& candidate : place.candidates) add(TeamPartyFor(catalogue, candidate));
  return parties;
}

absl::StatusOr<FirstContactParty> FirstContactFor(const Catalogue& catalogue,
                                                  const ResolvedPlace& place,
                                                  v1::SignallerKind kind, absl::CivilDay today,
                                                  bool professionals_only) {
  std::vector<FirstContactParty> parties =
      FirstContactPartiesFor(catalogue, place, kind, today, professionals_only);
  if (parties.empty()) return NobodyCovers("no team and no mandated party covers the place");
  return std::move(parties.front());
}

FirstContactParty MadeContactItself(const Catalogue& catalogue, std::string_view organisation,
                                    bool reached) {
  const v1::Organisation* const known = catalogue.organisation(organisation);
  FirstContactParty party;
  party.organisation = std::string(organisation);
  party.display_name = known == nullptr ? party.organisation : known->display_name();
  party.reason.set_nl(Concat(party.display_name,
                             reached ? " legde het eerste contact" : " zocht al contact",
                             " en gaf het signaal door."));
  party.reason.set_en(Concat(party.display_name,
                             reached ? " made first contact" : " tried to make contact",
                             " and passed the signal on."));
  return party;
}

absl::StatusOr<FirstContactParty> TakesOverAs(const Catalogue& catalogue,
                                              std::string_view organisation,
                                              const ResolvedPlace& place, v1::SignallerKind kind,
                                              absl::CivilDay today, const HandedOver& how) {
  const std::string nl = Concat(" neemt het eerste contact over van ", how.from,
                                how.introduced ? ", die de persoon voorstelt" : "");
  const std::string en = Concat(" takes first contact over from ", how.from,
                                how.introduced ? ", who introduces the person" : "");
  if (const v1::Team* team = TeamOf(catalogue, organisation, place); team != nullptr) {
    return TeamParty(*team, team->display_name() + nl, team->display_name() + en);
  }
  std::optional<FirstContactParty> mandated;
  if (!place.certain_wijk.empty()) {
    mandated = MandatedFor(catalogue, place.candidates.front(),
                           {kind, today, how.professionals_only, organisation});
  }
  if (!mandated.has_value()) {
    return Error(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_NOT_A_FIRST_CONTACT_PARTY,
                 "the organisation has no team, and no mandate for this place and signaller");
  }
  mandated->reason.set_nl(Concat(mandated->display_name, nl, "."));
  mandated->reason.set_en(Concat(mandated->display_name, en, "."));
  return *std::move(mandated);
}

std::optional<FirstContactParty> FollowsThePerson(const Catalogue& catalogue,
                                                  const FirstContactHolder& holder,
                                                  const ResolvedPlace& now_at,
                                                  v1::SignallerKind kind, absl::CivilDay today,
                                                  bool professionals_only) {
  auto party = FirstContactFor(catalogue, now_at, kind, today, professionals_only);
  if (!party.ok()) return std::nullopt;
  const auto is_it = [&party](std::string_view organisation, std::string_view display_name) {
    return party->organisation == organisation && party->display_name == display_name;
  };
  if (is_it(holder.organisation, holder.display_name)) return std::nullopt;
  const auto before = FirstContactFor(catalogue, holder.place, kind, today, professionals_only);
  if (before.ok() && is_it(before->organisation, before->display_name)) return std::nullopt;
  party->reason.set_nl(Concat("Overgedragen door ", holder.display_name,
                              ": de persoon woont daar niet (meer). ", party->reason.nl()));
  party->reason.set_en(Concat("Handed over by ", holder.display_name,
                              ": the person doesn't live there (any more). ", party->reason.en()));
  return *std::move(party);
}

absl::StatusOr<FirstContactParty> EntranceTeam(const Catalogue& catalogue, EntranceCause cause) {
  const v1::Team* const team = catalogue.team(catalogue.municipality().entrance_team());
  if (team == nullptr) return NobodyCovers("the municipality has no entrance team");
  return EntranceParty(*team, cause);
}

}  // namespace omzien::domain
