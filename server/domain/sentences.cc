#include "server/domain/sentences.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "absl/strings/ascii.h"
#include "server/domain/days.h"
#include "server/domain/text.h"

namespace omzien::domain {

namespace {

// More names than this make no sentence.
constexpr size_t kNamesMax = 3;

struct Words {
  std::string_view nl, en;
};

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
    default:
      return {"", ""};
  }
}

// One sentence that grows in both languages at once.
class Both {
 public:
  Both(std::string_view nl, std::string_view en) {
    nl_.reserve(kUsualChars);
    en_.reserve(kUsualChars);
    Add(nl, en);
  }

  void Add(std::string_view nl, std::string_view en) {
    nl_.append(nl);
    en_.append(en);
  }
  v1::Sentence Finish() && {
    Add(".", ".");
    return std::move(*this).Unfinished();
  }
  v1::Sentence Unfinished() && {
    v1::Sentence sentence;
    sentence.set_nl(std::move(nl_));
    sentence.set_en(std::move(en_));
    return sentence;
  }

 private:
  static constexpr size_t kUsualChars = 256;
  std::string nl_, en_;
};

// "Studenten" begins small within a sentence; "COVID-19" and "65+" stay as they are.
std::string WithinSentence(std::string name) {
  if (name.size() > 1 && absl::ascii_isupper(static_cast<unsigned char>(name[0])) &&
      absl::ascii_islower(static_cast<unsigned char>(name[1]))) {
    name[0] = absl::ascii_tolower(static_cast<unsigned char>(name[0]));
  }
  return name;
}

// The names in both languages; what is too much becomes "en nog 4".
class Lists {
 public:
  std::vector<std::string> nl, en;

  void AddName(const v1::Sentence& name) {
    Add(Words{WithinSentence(name.nl()), WithinSentence(name.en())});
  }
  void Add(Words words) {
    if (words.nl.empty() || std::ranges::find(nl, words.nl) != nl.end()) return;
    nl.emplace_back(words.nl);
    en.emplace_back(words.en);
  }
  std::string Nl(std::string_view last) const { return Join(nl, last, "andere"); }
  std::string En(std::string_view last) const { return Join(en, last, "others"); }

 private:
  static std::string Join(std::vector<std::string> names, std::string_view last,
                          std::string_view others) {
    if (names.size() > kNamesMax + 1) {
      const size_t left_out = names.size() - kNamesMax;
      names.resize(kNamesMax);
      names.push_back(Concat(left_out, " ", others));
    }
    return JoinWords(names, last);
  }
};

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
  absl::InlinedVector<Words, 10> fields;  // as many as there are: nothing is allocated
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

std::string DutchDay(absl::CivilDay day) {
  return Concat(day.day(), "-", day.month(), "-", day.year());
}

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

v1::Sentence WhyRefused(const Catalogue& catalogue, const v1::Offer& offer, v1::Refusal refusal,
                        const RefusalFacts& facts) {
  Both sentence("Past niet: ", "Doesn't fit: ");
  switch (refusal) {
    case v1::REFUSAL_ENDED:
      sentence.Add("dit aanbod is gestopt", "this offer has ended");
      break;
    case v1::REFUSAL_NOT_ACTIVE_THAT_DAY:
      AddPeriod(offer, sentence);
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
    case v1::REFUSAL_OTHER_LANGUAGE:
      sentence.Add("niet in de taal van de persoon", "not in the person's language");
      break;
    case v1::REFUSAL_NO_CAPACITY:
      sentence.Add(Concat("vol, ", facts.live_referrals, " doorverwijzingen op ", offer.capacity(),
                          offer.capacity() == 1 ? " plek" : " plekken"),
                   Concat("full, ", facts.live_referrals, " referrals for ", offer.capacity(),
                          offer.capacity() == 1 ? " place" : " places"));
      break;
    case v1::REFUSAL_TRIED_BEFORE:
      sentence.Add("al eerder geprobeerd", "tried before");
      break;
    case v1::REFUSAL_NOT_FOR_MINORS:
      sentence.Add("minderjarigen gaan eerst naar een professional",
                   "minors go to a professional first");
      break;
    default:
      sentence.Add("een regel sluit het uit", "a rule excludes it");
      break;
  }
  return std::move(sentence).Finish();
}

}  // namespace omzien::domain
