// Why an offer is refused; and the words that these sentences share with those of what fits.

#include <utility>

#include "absl/strings/ascii.h"
#include "server/domain/days.h"
#include "server/domain/sentence_words.h"
#include "server/domain/sentences.h"

namespace omzien::domain {

namespace {

void AddPeriod(const v1::Offer& offer, Both& sentence) {
  const auto from = DayOfDate(offer.active_from());
  const auto until = DayOfDate(offer.active_until());
  sentence.Add("op deze dag niet actief", "not active on this day");
  if (from.has_value()) {
    sentence.Add(Concat(", wel vanaf ", DutchDay(*from)),
                 Concat(", but from ", absl::FormatCivilTime(*from)));
  }
  if (until.has_value()) {
    sentence.Add(Concat(from.has_value() ? "" : ", wel", " tot en met ", DutchDay(*until)),
                 Concat(from.has_value() ? "" : ", but", " until ", absl::FormatCivilTime(*until)));
  }
}

void AddDistricts(const Catalogue& catalogue, const v1::Offer& offer, bool place_known,
                  Both& sentence) {
  Lists names;
  for (const auto& code : offer.districts()) {
    const v1::District* const district = catalogue.district(code);
    const std::string& name = district == nullptr ? code : district->display_name();
    names.Add(Words{name, name});
  }
  sentence.Add(Concat("alleen in ", names.Nl(" en ")), Concat("only in ", names.En(" and ")));
  if (!place_known) {
    sentence.Add(", en waar de persoon woont is niet bekend",
                 ", and where the person lives isn't known");
  }
}

void AddGroups(const Catalogue& catalogue, const v1::Offer& offer, Both& sentence) {
  Lists names;
  for (const auto& id : offer.target_groups()) {
    const v1::TargetGroup* const group = catalogue.target_group(id);
    if (group != nullptr) names.AddName(group->display_name());
  }
  sentence.Add(Concat("alleen voor ", names.Nl(" en ")), Concat("only for ", names.En(" and ")));
}

void AddNeeds(const v1::Offer& offer, Both& sentence) {
  Lists needs;
  for (const int need : offer.needs()) needs.Add(NeedWords(need));
  sentence.Add(Concat("biedt ", needs.Nl(" of "), ", en dat is niet de vraag"),
               Concat("offers ", needs.En(" or "), ", which isn't the need"));
}

void AddReturn(std::string_view nl, std::string_view en, std::optional<absl::CivilDay> day,
               Both& sentence) {
  if (!day.has_value()) return;
  sentence.Add(Concat(nl, DutchDay(*day)), Concat(en, absl::FormatCivilTime(*day)));
}

// After "niet voor" and "not for".
Words BandWords(int band) {
  switch (band) {
    case v1::AGE_BAND_UNDER_18:
      return {"wie jonger is dan 18", "people under 18"};
    case v1::AGE_BAND_18_TO_26:
      return {"wie 18 tot en met 26 is", "people from 18 to 26"};
    case v1::AGE_BAND_27_TO_64:
      return {"wie 27 tot en met 64 is", "people from 27 to 64"};
    case v1::AGE_BAND_65_PLUS:
      return {"wie 65 of ouder is", "people of 65 and over"};
    default:
      return {"", ""};
  }
}

Words MobilityWords(int mobility) {
  switch (mobility) {
    case v1::MOBILITY_GETS_AROUND:
      return {"wie overal zelf komt", "people who get around"};
    case v1::MOBILITY_NEEDS_TRANSPORT:
      return {"wie vervoer nodig heeft", "people who need transport"};
    case v1::MOBILITY_HOUSEBOUND:
      return {"wie de deur niet uit komt", "people who don't leave the house"};
    default:
      return {"", ""};
  }
}

Words HouseholdWords(int household) {
  switch (household) {
    case v1::HOUSEHOLD_ALONE:
      return {"wie alleen woont", "people who live alone"};
    case v1::HOUSEHOLD_WITH_PARTNER:
      return {"wie met een partner woont", "people who live with a partner"};
    case v1::HOUSEHOLD_WITH_CHILDREN:
      return {"wie met kinderen woont", "people who live with children"};
    case v1::HOUSEHOLD_WITH_OTHERS:
      return {"wie met anderen woont", "people who live with others"};
    case v1::HOUSEHOLD_INSTITUTION:
      return {"wie in een instelling woont", "people who live in an institution"};
    default:
      return {"", ""};
  }
}

void AddExclusions(const Catalogue& catalogue, const v1::Exclusions& holding, Both& sentence) {
  Lists names;
  for (const auto& id : holding.target_groups()) {
    const v1::TargetGroup* const group = catalogue.target_group(id);
    if (group != nullptr) names.AddName(group->display_name());
  }
  for (const auto& id : holding.life_events()) {
    const v1::LifeEvent* const event = catalogue.life_event(id);
    if (event == nullptr) continue;
    const v1::Sentence& name = event->display_name();
    names.Add(Words{Concat("wie te maken heeft met ", WithinSentence(name.nl())),
                    Concat("people who face ", WithinSentence(name.en()))});
  }
  for (const int band : holding.age_bands()) names.Add(BandWords(band));
  for (const int mobility : holding.mobility()) names.Add(MobilityWords(mobility));
  for (const int household : holding.households()) names.Add(HouseholdWords(household));
  sentence.Add(Concat("niet bedoeld voor ", names.Nl(" of ")),
               Concat("not meant for ", names.En(" or ")));
}

void AddCost(const Catalogue& catalogue, const v1::Offer& offer, Both& sentence) {
  if (offer.cost() == v1::COST_OWN_CONTRIBUTION) {
    sentence.Add("vraagt een eigen bijdrage", "asks for a contribution");
  } else {
    sentence.Add("moet betaald worden", "has to be paid for");
  }
  Lists fundings;
  for (const auto& id : offer.funding()) {
    const v1::Funding* const funding = catalogue.funding(id);
    if (funding != nullptr) fundings.AddName(funding->display_name());
  }
  if (fundings.nl.empty()) return;
  sentence.Add(Concat(", tenzij het kan uit ", fundings.Nl(" of ")),
               Concat(", unless it can be paid from ", fundings.En(" or ")));
}

void AddFull(const Catalogue& catalogue, const v1::Offer& offer, const RefusalFacts& facts,
             Both& sentence) {
  const bool for_group = facts.full_for != nullptr;
  const uint32_t places = for_group ? facts.full_for->capacity() : offer.capacity();
  sentence.Add("vol", "full");
  const v1::TargetGroup* const group =
      for_group ? catalogue.target_group(facts.full_for->target_group()) : nullptr;
  if (group != nullptr) {
    sentence.Add(Concat(" voor ", WithinSentence(group->display_name().nl())),
                 Concat(" for ", WithinSentence(group->display_name().en())));
  }
  const bool one = facts.live_referrals == 1;
  sentence.Add(
      Concat(", ", facts.live_referrals, one ? " doorverwijzing op " : " doorverwijzingen op ",
             places, places == 1 ? " plek" : " plekken"),
      Concat(", ", facts.live_referrals, one ? " referral for " : " referrals for ", places,
             places == 1 ? " place" : " places"));
}

// Of a person's rule that needs no names.
Words PlainWords(v1::Refusal refusal) {
  switch (refusal) {
    case v1::REFUSAL_ENDED:
      return {"dit aanbod is gestopt", "this offer has ended"};
    case v1::REFUSAL_OTHER_LANGUAGE:
      return {"niet in de taal van de persoon", "not in the person's language"};
    case v1::REFUSAL_CANT_GET_THERE:
      return {"de persoon kan er niet komen", "the person can't get there"};
    case v1::REFUSAL_TOO_DIGITAL:
      return {"vraagt meer handigheid met telefoon of computer dan de persoon heeft",
              "asks for more skill with phone or computer than the person has"};
    case v1::REFUSAL_TRIED_BEFORE:
      return {"al eerder geprobeerd", "tried before"};
    case v1::REFUSAL_NOT_FOR_MINORS:
      return {"minderjarigen gaan eerst naar een professional",
              "minors go to a professional first"};
    default:
      return {"een regel sluit het uit", "a rule excludes it"};
  }
}

}  // namespace

// After "de vraag naar" and "the need is".
Words NeedWords(int need) {
  switch (need) {
    case v1::NEED_VISIT:
      return {"gezelschap", "company"};
    case v1::NEED_BUDDY:
      return {"een maatje", "a buddy"};
    case v1::NEED_ACTIVITY:
      return {"een activiteit", "an activity"};
    case v1::NEED_VOLUNTEERING:
      return {"een manier om iets voor een ander te doen", "a way to do something for others"};
    case v1::NEED_PRACTICAL_HELP:
      return {"praktische hulp", "practical help"};
    case v1::NEED_DIGITAL_HELP:
      return {"digitale hulp", "digital help"};
    default:
      return {"", ""};
  }
}

v1::Sentence AgesWords(uint32_t min, uint32_t max) {
  v1::Sentence words;
  if (max == 0) {
    words.set_nl(Concat("vanaf ", min, " jaar"));
    words.set_en(Concat("from ", min));
  } else if (min == 0) {
    words.set_nl(Concat("tot en met ", max, " jaar"));
    words.set_en(Concat("up to ", max));
  } else {
    words.set_nl(Concat("van ", min, " tot en met ", max, " jaar"));
    words.set_en(Concat("from ", min, " to ", max));
  }
  return words;
}

std::string DutchDay(absl::CivilDay day) {
  return Concat(day.day(), "-", day.month(), "-", day.year());
}

std::string WithinSentence(std::string name) {
  if (name.size() > 1 && absl::ascii_isupper(static_cast<unsigned char>(name[0])) &&
      absl::ascii_islower(static_cast<unsigned char>(name[1]))) {
    name[0] = absl::ascii_tolower(static_cast<unsigned char>(name[0]));
  }
  return name;
}

v1::Sentence WhyRefused(const Catalogue& catalogue, const v1::Offer& offer, v1::Refusal refusal,
                        const RefusalFacts& facts) {
  Both sentence("Past niet: ", "Doesn't fit: ");
  switch (refusal) {
    case v1::REFUSAL_NOT_ACTIVE_THAT_DAY:
      AddPeriod(offer, sentence);
      break;
    case v1::REFUSAL_STALE: {
      const auto reviewed_on = DayOfDate(offer.reviewed_on()).value_or(absl::CivilDay());
      sentence.Add(
          Concat("te lang niet bevestigd: niet sinds ", DutchDay(reviewed_on)),
          Concat("unconfirmed for too long: not since ", absl::FormatCivilTime(reviewed_on)));
      break;
    }
    case v1::REFUSAL_AWAY:
      AddReturn("er is nu niemand, weer vanaf ", "nobody is there now, but from ", facts.back_on,
                sentence);
      break;
    case v1::REFUSAL_NO_OCCURRENCE:
      if (facts.next_day.has_value()) {
        AddReturn("eerstvolgende keer pas op ", "not until ", facts.next_day, sentence);
      } else {
        sentence.Add("het komende jaar niet", "not in the year to come");
      }
      break;
    case v1::REFUSAL_OUTSIDE_DISTRICT:
      AddDistricts(catalogue, offer, facts.place_known, sentence);
      break;
    case v1::REFUSAL_OTHER_TARGET_GROUP:
      AddGroups(catalogue, offer, sentence);
      break;
    case v1::REFUSAL_OTHER_NEED:
      AddNeeds(offer, sentence);
      break;
    case v1::REFUSAL_EXCLUDED:
      AddExclusions(catalogue, facts.exclusions, sentence);
      break;
    case v1::REFUSAL_OTHER_AGE: {
      const v1::Sentence ages = AgesWords(offer.age_years_min(), offer.age_years_max());
      sentence.Add(Concat("alleen ", ages.nl()), Concat("only for ages ", ages.en()));
      break;
    }
    case v1::REFUSAL_COSTS_MONEY:
      AddCost(catalogue, offer, sentence);
      break;
    case v1::REFUSAL_PROFESSIONALS_ONLY:
      sentence.Add("hier hoort een professional bij, en ", "this takes a professional, and ");
      sentence.Add(offer.track() == v1::TRACK_RESIDENTS
                       ? "dit aanbod is van bewoners"
                       : "van dit aanbod is niet bekend wie het doet",
                   offer.track() == v1::TRACK_RESIDENTS ? "this offer is by residents"
                                                        : "who does this isn't known");
      break;
    case v1::REFUSAL_NO_CAPACITY:
      AddFull(catalogue, offer, facts, sentence);
      break;
    default:
      sentence.Add(PlainWords(refusal).nl, PlainWords(refusal).en);
      break;
  }
  return std::move(sentence).Finish();
}

}  // namespace omzien::domain
