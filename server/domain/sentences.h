// The one sentence, in Dutch and in English, that says why an offer fits or which rule refuses it.
// Display names come from the catalogue; those of target groups and life events lose their capital
// within the sentence. Pure; may be called from any thread.

#ifndef OMZIEN_SERVER_DOMAIN_SENTENCES_H_
#define OMZIEN_SERVER_DOMAIN_SENTENCES_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/time/civil_time.h"
#include "omzien/v1/catalog_service.pb.h"
#include "omzien/v1/common.pb.h"
#include "server/domain/catalogue.h"

namespace omzien::domain {

// What of an entry is assumed, to stand before a sentence's full stop: "; aangenomen: doelgroep en
// wijk". Empty when nothing is.
v1::Sentence AssumedClause(const v1::Provenance& provenance);

// Why an offer fits. Where none of the three district fields is set, it serves all districts. Names
// are the catalogue's and the query's, and only looked at.
struct FitFacts {
  std::string_view own_village;                 // its name, for the village's own offer
  std::string_view district;                    // a district that is certain and that it serves
  std::vector<std::string_view> only_if_in;     // districts it serves, of which none is certain
  std::vector<const v1::Sentence*> own_groups;  // the person's that it is for; empty: everyone
  std::vector<const v1::Sentence*> life_events;
  v1::Need need = v1::NEED_UNKNOWN;
  bool room_unknown = false;
  bool language_unknown = false;
  std::optional<absl::CivilDay> next_day = std::nullopt;  // of an offer with a schedule
  bool stale = false;                                     // nobody confirmed it for long, or ever
  bool age_unknown = false;     // the offer's ages, and whether the person has one of them
  bool skill_unknown = false;   // the person's, of an offer that asks for some
  bool access_unknown = false;  // the offer's, for someone who doesn't get around
  bool cost_unknown = false;    // the offer's, for someone for whom it matters
  std::vector<const v1::Sentence*> funded_by;  // for whom it matters
};

// E.g. "Past: aanbod van het eigen dorp Heidedorp, voor 65-plussers, bij de vraag naar gezelschap;
// aangenomen: doelgroep en wijk; nog niet bevestigd: eerst navragen."
v1::Sentence WhyItFits(const v1::Offer& offer, const FitFacts& facts);

// E.g. "Teruggenomen van Buurtmaatjes.": why whoever handed a first contact over has it again.
v1::Sentence WhyTakenBack(std::string_view from);
// E.g. "Overgedragen door Buurtmaatjes, die de persoon voorstelt. Past: in de hele gemeente, ..."
v1::Sentence WhyHandedOver(std::string_view from, bool introduced, const v1::Sentence& why_it_fits);

struct RefusalFacts {
  bool place_known = false;
  uint32_t live_referrals = 0;
  v1::Exclusions exclusions = {};                         // the offer's that hold for the person
  const v1::GroupCapacity* full_for = nullptr;            // places of one group, which are full
  std::optional<absl::CivilDay> back_on = std::nullopt;   // when those who do it are away
  std::optional<absl::CivilDay> next_day = std::nullopt;  // of a schedule, within a year
};

// E.g. "Past niet: alleen voor studenten." `refusal` is one of the rules, not NONE.
v1::Sentence WhyRefused(const Catalogue& catalogue, const v1::Offer& offer, v1::Refusal refusal,
                        const RefusalFacts& facts);

}  // namespace omzien::domain

#endif  // OMZIEN_SERVER_DOMAIN_SENTENCES_H_
