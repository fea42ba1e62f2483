// What the rules say of one offer for one person: the part of matching.h that looks at no other
// offer. matching.h states the rules; here is what ranking and sentences need to know besides.
//
// Pure; may be called from any thread.

#ifndef OMZIEN_SERVER_DOMAIN_MATCHING_RULES_H_
#define OMZIEN_SERVER_DOMAIN_MATCHING_RULES_H_

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "omzien/storage/v1/records.pb.h"
#include "omzien/v1/catalog_service.pb.h"
#include "server/domain/catalogue.h"
#include "server/domain/matching.h"
#include "server/domain/recurrence.h"
#include "server/domain/staleness.h"

namespace omzien::domain {

inline bool NeedIsKnown(v1::Need need) {
  return need != v1::NEED_UNSPECIFIED && need != v1::NEED_UNKNOWN;
}

// "nl" and "nl-BE" are one language, "zh-Hans" and "zh-Hant" are not.
bool IsSameLanguage(std::string_view a, std::string_view b);

template <typename Languages>
bool IncludesLanguage(const Languages& languages, std::string_view language) {
  return std::any_of(languages.begin(), languages.end(), [language](const std::string& other) {
    return IsSameLanguage(language, other);
  });
}

// Known, and not one in which every offer can be assumed to work.
bool IsUncommon(const Catalogue& catalogue, std::string_view language);

struct PlaceFit {
  bool serves = false;
  v1::Certainty certainty = v1::CERTAINTY_POSSIBLE;  // STATED also when it serves all districts
  std::string_view district;                         // the name of the stated one
  std::vector<std::string_view> only_if_in;          // names, when none is stated
};

// Of what is asked of the person, how much is known to hold.
enum class Known { kYes, kNotSure, kNo };

// Whether a person of the band has the ages that the offer is for: not sure while the band is
// unknown or overlaps them partly.
Known IsOfAge(v1::AgeBand age_band, const v1::Offer& offer);

// The fundings, by id, that pay for the person's part in the offer.
std::vector<std::string_view> FundingFor(const MatchQuery& query, const v1::Offer& offer);

// What of an offer's exclusions holds for the person; empty when nothing does.
v1::Exclusions ExclusionsThatHold(const MatchQuery& query, const v1::Offer& offer);

// What the rules look at.
struct Facts {
  const Catalogue& catalogue;
  const MatchQuery& query;
  const v1::Offer& offer;
  storage::v1::OfferLoad load;
  PlaceFit place;
  Freshness freshness = Freshness::kFresh;
  std::optional<absl::CivilDay> back_on = std::nullopt;   // when those who do it are away
  std::optional<absl::CivilDay> next_day = std::nullopt;  // of a schedule, within a year
};

bool HasEnded(const Facts& facts);
// Its period has passed.
bool IsOver(const Facts& facts);
// It has a schedule, and no day of it is left in the year to come.
bool HasNoDaysLeft(const Facts& facts);

// Whether there is room for the person, as far as the capacities say that count for them.
struct Room {
  enum Kind { kSome, kUnknown, kFull };
  Kind kind = kUnknown;
  const v1::GroupCapacity* own = nullptr;  // of a group of theirs that has places of its own
  uint32_t taken = 0;                      // of these, or else of the whole
};
Room RoomFor(const Facts& facts);

using Refusals = uint32_t;  // one bit a rule

constexpr Refusals Bit(v1::Refusal refusal) { return Refusals{1} << refusal; }

// One offer, as the rules see it.
struct Evaluation {
  Facts facts;
  Refusals refusals = 0;
  v1::Refusal first_refusal = v1::REFUSAL_NONE;
  // Of what fits:
  bool for_own_group = false;
  bool for_life_event = false;
  bool villages_own = false;

  bool fits() const { return refusals == 0; }
  // Information meets no demand.
  bool counts() const { return facts.offer.mode() != v1::REFERRAL_MODE_INFORMATION; }
};

// The load is asked only where it counts: of an offer that may be full, and of one that fits. The
// result refers to the arguments.
Evaluation Evaluate(const Catalogue& catalogue, const MatchQuery& query, const v1::Offer& offer,
                    const LoadOf& load_of);

}  // namespace omzien::domain

#endif  // OMZIEN_SERVER_DOMAIN_MATCHING_RULES_H_
