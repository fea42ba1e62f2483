// Who contacts a person first. It follows from the place alone (DESIGN, 5: "two questions, kept
// apart"); what is proposed is matching.h's. Pure; may be called from any thread.

#ifndef OMZIEN_SERVER_DOMAIN_FIRST_CONTACT_H_
#define OMZIEN_SERVER_DOMAIN_FIRST_CONTACT_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "omzien/v1/common.pb.h"
#include "server/domain/catalogue.h"
#include "server/domain/place.h"

namespace omzien::domain {

// Why the entrance team gets a first contact.
enum class EntranceCause {
  kUnknownPlace,
  kTakesOver,   // from a party that declined
  kNobodyElse,  // nobody covers the place
};

struct FirstContactParty {
  std::string organisation;  // its id in the catalogue
  std::string display_name;  // of the team, or of the mandated organisation
  v1::Sentence reason;       // why this party, and what of its team is assumed
};

// - A certain place: the mandated organisation whose mandate covers the district, has begun by
//   `today` and covers this kind of signaller; else the team that serves the district.
// - Candidates only: the team of the surest candidate that has one. A mandate needs certainty.
// - An unknown place: the municipality's entrance team.
// Where several cover a district, the one that names the buurt goes before the one that names the
// wijk, and that before one for all districts; then the latest mandate; then the id.
// With `professionals_only` (acute, or a minor) only mandates whose callers are professionals.
// FAILED_PRECONDITION, NO_FIRST_CONTACT_PARTY when nobody covers the place.
absl::StatusOr<FirstContactParty> FirstContactFor(const Catalogue& catalogue,
                                                  const ResolvedPlace& place,
                                                  v1::SignallerKind kind, absl::CivilDay today,
                                                  bool professionals_only = false);

// Everyone who may be the first-contact party there, once each, surest first: one when the place
// is certain or unknown, otherwise the team of each candidate. Empty when nobody covers the place.
std::vector<FirstContactParty> FirstContactPartiesFor(const Catalogue& catalogue,
                                                      const ResolvedPlace& place,
                                                      v1::SignallerKind kind, absl::CivilDay today,
                                                      bool professionals_only = false);

// The municipality's entrance team, whatever the place. FAILED_PRECONDITION,
// NO_FIRST_CONTACT_PARTY when it has none.
absl::StatusOr<FirstContactParty> EntranceTeam(const Catalogue& catalogue, EntranceCause cause);

// `organisation` (its id) as the one who called, or tried to, before it signalled.
FirstContactParty MadeContactItself(const Catalogue& catalogue, std::string_view organisation,
                                    bool reached);

// From whom a first contact is taken over, and whether they introduce the person.
struct HandedOver {
  std::string from;  // as people are shown it
  bool introduced = false;
  bool professionals_only = false;  // as of FirstContactFor()
};

// What `organisation` (its id) is as the one who takes a first contact over: its team, the closest
// to the place if it has several; else by its mandate, where that covers the place, which must be
// certain, and this kind of signaller by `today`: a data agreement reaches no further.
// FAILED_PRECONDITION, NOT_A_FIRST_CONTACT_PARTY for one that has neither.
absl::StatusOr<FirstContactParty> TakesOverAs(const Catalogue& catalogue,
                                              std::string_view organisation,
                                              const ResolvedPlace& place, v1::SignallerKind kind,
                                              absl::CivilDay today, const HandedOver& how);

// Who has a first contact, and where it was thought that the person lives.
struct FirstContactHolder {
  std::string_view organisation;  // its id in the catalogue
  std::string_view display_name;  // of its team, or its own
  ResolvedPlace place;
};

// Who takes it over when the person turns out to live at `now_at`: the party that calls first
// there. None when that is the holder, when it called first at the former place as well (then
// someone chose the holder instead), or when nobody covers the place.
std::optional<FirstContactParty> FollowsThePerson(const Catalogue& catalogue,
                                                  const FirstContactHolder& holder,
                                                  const ResolvedPlace& now_at,
                                                  v1::SignallerKind kind, absl::CivilDay today,
                                                  bool professionals_only = false);

}  // namespace omzien::domain

#endif  // OMZIEN_SERVER_DOMAIN_FIRST_CONTACT_H_
