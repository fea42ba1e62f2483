#include "server/domain/sentences.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "server/domain/days.h"
#include "server/domain/sentence_words.h"

namespace omzien::domain {

namespace {

Words AssumedWords(int field) {
  switch (field) {
    case v1::ASSUMED_FIELD_KIND:
      return {"soort aanbod", "kind of offer"};
    case v1::ASSUMED_FIELD_NEEDS:
      return {"vraag", "need"};
    case v1::ASSUMED_FIELD_TARGET_GROUPS:
      return {"doelgroep", "target group"};
    case v1::ASSUMED_FIELD_DISTRICTS:
      return {"wijk", "district"};
    case v1::ASSUMED_FIELD_STATUS:
      return {"dat het er nog is", "that it still exists"};
    case v1::ASSUMED_FIELD_MODE:
      return {"manier van doorverwijzen", "way of referring"};
    case v1::ASSUMED_FIELD_ORGANISATION:
      return {"organisatie", "organisation"};
    case v1::ASSUMED_FIELD_LIFE_EVENTS:
      return {"overgangsmoment", "life event"};
    case v1::ASSUMED_FIELD_PERIOD:
      return {"periode", "period"};
    case v1::ASSUMED_FIELD_LANGUAGE:
      return {"taal", "language"};
    case v1::ASSUMED_FIELD_AGES:
      return {"leeftijd", "age"};
    case v1::ASSUMED_FIELD_ACCESS:
      return {"hoe men er komt", "how people get there"};
    case v1::ASSUMED_FIELD_DIGITAL_SKILL:
      return {"digitale vaardigheid", "digital skill"};
    case v1::ASSUMED_FIELD_COST:
      return {"kosten", "cost"};
    case v1::ASSUMED_FIELD_EXCLUSIONS:
      return {"voor wie het niet is", "whom it is not for"};
    case v1::ASSUMED_FIELD_SCHEDULE:
      return {"wanneer het is", "when it is"};
    case v1::ASSUMED_FIELD_TRACK:
      return {"wie het doet", "who does it"};
    default:
      return {"", ""};
  }
}

void AddCondition(const std::vector<std::string_view>& districts, Both& sentence) {
  Lists names;
  for (const std::string_view name : districts) names.Add(Words{name, name});
  sentence.Add(Concat("als de persoon in ", names.Nl(" of "), " woont"),
               Concat("if the person lives in ", names.En(" or ")));
}

void AddPlace(const FitFacts& facts, Both& sentence) {
  if (!facts.own_village.empty()) {
    sentence.Add(Concat(": aanbod van het eigen dorp ", facts.own_village, ", "),
                 Concat(": from their own village ", facts.own_village, ", "));
  } else if (!facts.only_if_in.empty()) {
    sentence.Add(" ", " ");
    AddCondition(facts.only_if_in, sentence);
    sentence.Add(": ", ": ");
  } else if (!facts.district.empty()) {
    sentence.Add(Concat(": actief in ", facts.district, ", "),
                 Concat(": active in ", facts.district, ", "));
  } else {
    sentence.Add(": in de hele gemeente, ", ": throughout the municipality, ");
  }
}

void AddPurpose(const FitFacts& facts, Both& sentence) {
  Lists groups;
  for (const v1::Sentence* group : facts.own_groups) groups.AddName(*group);
  if (groups.nl.empty()) {
    sentence.Add("voor iedereen", "for everyone");
  } else {
    sentence.Add(Concat("voor ", groups.Nl(" en ")), Concat("for ", groups.En(" and ")));
  }
  Lists events;
  for (const v1::Sentence* event : facts.life_events) events.AddName(*event);
  if (!events.nl.empty()) {
    sentence.Add(Concat(", gericht op ", events.Nl(" en ")),
                 Concat(", made for ", events.En(" and ")));
  }
  const Words need = NeedWords(facts.need);
  if (need.nl.empty()) {
    sentence.Add("; voorlopig: de vraag is nog niet bekend",
                 "; provisional: the need isn't known yet");
  } else {
    sentence.Add(Concat(", bij de vraag naar ", need.nl), Concat(", where the need is ", need.en));
  }
}

// An own village's offer that may serve another part of it than the person's.
void AddDoubtOfOwnVillage(const FitFacts& facts, Both& sentence) {
  if (facts.own_village.empty() || facts.only_if_in.empty()) return;
  sentence.Add("; alleen ", "; only ");
  AddCondition(facts.only_if_in, sentence);
}

// All of them: what is assumed must not be hidden behind a number.
void AddAssumed(const v1::Provenance& provenance, Both& sentence) {
  absl::InlinedVector<Words, 16> fields;  // as many as there are: nothing is allocated
  for (const int assumed : provenance.assumed()) {
    const Words field = AssumedWords(assumed);
    const bool known = std::ranges::find(fields, field.nl, &Words::nl) != fields.end();
    if (!field.nl.empty() && !known) fields.push_back(field);
  }
  for (size_t i = 0; i < fields.size(); ++i) {
    if (i == 0) {
      sentence.Add("; aangenomen: ", "; assumed: ");
    } else if (i + 1 < fields.size()) {
      sentence.Add(", ", ", ");
    } else {
      sentence.Add(" en ", " and ");
    }
    sentence.Add(fields[i].nl, fields[i].en);
  }
}

void AddQuestions(const v1::Offer& offer, const FitFacts& facts, Both& sentence) {
  if (facts.next_day.has_value()) {
    sentence.Add(Concat("; eerstvolgende keer: ", DutchDay(*facts.next_day)),
                 Concat("; next on ", absl::FormatCivilTime(*facts.next_day)));
  }
  const bool unconfirmed = offer.status() == v1::OFFER_STATUS_UNCONFIRMED;
  const bool ask_first = offer.mode() == v1::REFERRAL_MODE_ASK_FIRST;
  const bool referred = ask_first || offer.mode() == v1::REFERRAL_MODE_DIRECT;
  const bool ask_room = referred && facts.room_unknown;
  if (unconfirmed) sentence.Add("; nog niet bevestigd: eerst navragen", "; unconfirmed: ask first");
  if (!unconfirmed && ask_first) sentence.Add("; eerst navragen", "; ask first");
  if (ask_room && (unconfirmed || ask_first)) {
    sentence.Add(", ook of er plek is", ", also whether there is room");
  } else if (ask_room) {
    sentence.Add("; eerst navragen of er plek is", "; ask first whether there is room");
  }
  if (facts.stale) {
    const auto reviewed_on = DayOfDate(offer.reviewed_on());
    if (reviewed_on.has_value()) {
      sentence.Add(Concat("; niet meer bevestigd sinds ", DutchDay(*reviewed_on)),
                   Concat("; not confirmed since ", absl::FormatCivilTime(*reviewed_on)));
    } else if (!unconfirmed) {
      sentence.Add("; nooit bevestigd", "; never confirmed");
    }
  }
  if (facts.language_unknown) {
    sentence.Add("; taal navragen: het aanbod noemt er geen",
                 "; ask about the language: the offer states none");
  }
  if (offer.mode() == v1::REFERRAL_MODE_SELF_JOIN) {
    sentence.Add("; men gaat er zelf heen, zonder doorverwijzing",
                 "; people go there by themselves, without a referral");
  } else if (offer.mode() == v1::REFERRAL_MODE_INFORMATION) {
    sentence.Add("; alleen informatie, zonder doorverwijzing",
                 "; information only, without a referral");
  }
}

// What of the person has to be asked before this offer is sure to fit, and what pays for it.
void AddCircumstances(const v1::Offer& offer, const FitFacts& facts, Both& sentence) {
  if (facts.age_unknown) {
    const v1::Sentence ages = AgesWords(offer.age_years_min(), offer.age_years_max());
    sentence.Add(Concat("; leeftijd navragen: ", ages.nl()), Concat("; ask the age: ", ages.en()));
  }
  if (facts.skill_unknown) {
    sentence.Add("; navragen of de persoon handig genoeg is met telefoon of computer",
                 "; ask whether the person is handy enough with phone or computer");
  }
  if (facts.access_unknown) {
    sentence.Add("; navragen hoe de persoon er komt", "; ask how the person gets there");
  }
  Lists fundings;
  for (const v1::Sentence* funding : facts.funded_by) fundings.AddName(*funding);
  if (facts.cost_unknown) {
    sentence.Add("; navragen wat het kost", "; ask what it costs");
  }
  if (!fundings.nl.empty()) {
    sentence.Add(Concat("; te betalen uit ", fundings.Nl(" of ")),
                 Concat("; payable from ", fundings.En(" or ")));
  }
}

}  // namespace

v1::Sentence AssumedClause(const v1::Provenance& provenance) {
  Both clause("", "");
  AddAssumed(provenance, clause);
  return std::move(clause).Unfinished();
}

v1::Sentence WhyItFits(const v1::Offer& offer, const FitFacts& facts) {
  Both sentence("Past", "Fits");
  AddPlace(facts, sentence);
  AddPurpose(facts, sentence);
  AddDoubtOfOwnVillage(facts, sentence);
  AddAssumed(offer.provenance(), sentence);
  AddQuestions(offer, facts, sentence);
  AddCircumstances(offer, facts, sentence);
  return std::move(sentence).Finish();
}

v1::Sentence WhyTakenBack(std::string_view from) {
  Both sentence("Teruggenomen van ", "Taken back from ");
  sentence.Add(from, from);
  return std::move(sentence).Finish();
}

v1::Sentence WhyHandedOver(std::string_view from, bool introduced,
                           const v1::Sentence& why_it_fits) {
  Both sentence("Overgedragen door ", "Handed over by ");
  sentence.Add(from, from);
  if (introduced) sentence.Add(", die de persoon voorstelt", ", who introduces the person");
  sentence.Add(". ", ". ");
  sentence.Add(why_it_fits.nl(), why_it_fits.en());
  return std::move(sentence).Unfinished();
}

}  // namespace omzien::domain
