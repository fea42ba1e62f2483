#include "client/cli/words.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

namespace omzien::cli {
namespace {

using google::protobuf::EnumDescriptor;

struct DutchWord {
  const char* value;
  const char* word;
};

// By the value's name in the contract. What is missing here reads in English.
constexpr DutchWord kDutchWords[] = {
    {"NEED_UNKNOWN", "onbekend"},
    {"NEED_VISIT", "bezoek"},
    {"NEED_BUDDY", "maatje"},
    {"NEED_ACTIVITY", "activiteit"},
    {"NEED_VOLUNTEERING", "iets doen voor anderen"},
    {"NEED_PRACTICAL_HELP", "praktische hulp"},
    {"NEED_DIGITAL_HELP", "digitale hulp"},
    {"AGE_BAND_UNDER_18", "onder 18"},
    {"AGE_BAND_18_TO_26", "18-26"},
    {"AGE_BAND_27_TO_64", "27-64"},
    {"AGE_BAND_65_PLUS", "65+"},
    {"SIGNALLER_KIND_SHOPKEEPER", "winkelier"},
    {"SIGNALLER_KIND_SOCIAL_TEAM", "sociaal team"},
    {"SIGNALLER_KIND_NEIGHBOURHOOD_NETWORK", "buurtnetwerk"},
    {"SIGNALLER_KIND_GP", "huisarts"},
    {"SIGNALLER_KIND_CARE_PROVIDER", "zorgaanbieder"},
    {"SIGNALLER_KIND_SCHOOL", "school"},
    {"SIGNALLER_KIND_FAITH_COMMUNITY", "geloofsgemeenschap"},
    {"SIGNALLER_KIND_WELFARE_ORGANISATION", "welzijnsorganisatie"},
    {"SIGNALLER_KIND_HOUSING_ASSOCIATION", "woningcorporatie"},
    {"SIGNALLER_KIND_FAMILY_OR_CARER", "familie of mantelzorger"},
    {"SIGNALLER_KIND_RESIDENT", "bewoner"},
    {"SIGNALLER_KIND_SELF", "betrokkene zelf"},
    {"SIGNALLER_RELATION_CUSTOMER", "klant"},
    {"SIGNALLER_RELATION_NEIGHBOUR", "buur"},
    {"SIGNALLER_RELATION_FAMILY", "familie"},
    {"SIGNALLER_RELATION_FRIEND", "vriend"},
    {"SIGNALLER_RELATION_CARER", "mantelzorger"},
    {"SIGNALLER_RELATION_CLIENT", "cliënt"},
    {"SIGNALLER_RELATION_PATIENT", "patiënt"},
    {"SIGNALLER_RELATION_PUPIL", "leerling"},
    {"SIGNALLER_RELATION_TENANT", "huurder"},
    {"SIGNALLER_RELATION_MEMBER", "lid"},
    {"SIGNALLER_RELATION_STRANGER", "onbekende"},
    {"SIGNALLER_RELATION_SELF", "zelf"},
    {"PERSON_KNOWS_YES", "ja"},
    {"PERSON_KNOWS_NO", "nee"},
    {"PERSON_KNOWS_UNSURE", "weet niet"},
    {"HOUSEHOLD_ALONE", "alleen"},
    {"HOUSEHOLD_WITH_PARTNER", "met partner"},
    {"HOUSEHOLD_WITH_CHILDREN", "met kinderen"},
    {"HOUSEHOLD_WITH_OTHERS", "met anderen"},
    {"HOUSEHOLD_INSTITUTION", "instelling"},
    {"URGENCY_ORDINARY", "gewoon"},
    {"URGENCY_ACUTE", "acuut"},
    {"WMO_REPORT_POSSIBLE", "misschien"},
    {"WMO_REPORT_MADE", "gedaan"},
    {"WMO_REPORT_NOT_MADE", "niet gedaan"},
    {"CONTACT_WISH_NO_CONTACT", "geen contact"},
    {"CONTACT_WISH_CONTACT", "wel contact"},
    {"SAME_PERSON_POSSIBLE", "misschien dezelfde persoon"},
    {"SAME_PERSON_SURE", "dezelfde persoon"},
    {"CERTAINTY_STATED", "genoemd"},
    {"CERTAINTY_LIKELY", "waarschijnlijk"},
    {"CERTAINTY_POSSIBLE", "mogelijk"},
    {"UNMET_DEGREE_NONE", "geen"},
    {"UNMET_DEGREE_NOTHING_FITS", "niets past"},
    {"UNMET_DEGREE_ONLY_GENERAL", "alleen algemeen aanbod"},
    {"UNMET_DEGREE_ONLY_OUTSIDE_DISTRICT", "alleen buiten de wijk"},
    {"UNMET_DEGREE_NO_CAPACITY", "geen plek"},
    {"UNMET_DEGREE_LANGUAGE_UNKNOWN", "taal onbekend"},
    {"UNMET_DEGREE_ENDED", "gestopt"},
    {"OUTCOME_CONNECTED", "verbonden"},
    {"OUTCOME_ADVICE_ONLY", "alleen advies"},
    {"OUTCOME_ALREADY_SUPPORTED", "al ondersteund"},
    {"OUTCOME_PERSON_DECLINED", "betrokkene wil niet"},
    {"OUTCOME_UNREACHABLE", "onbereikbaar"},
    {"OUTCOME_NO_OFFER", "geen aanbod"},
    {"OUTCOME_MOVED", "verhuisd"},
    {"OUTCOME_DECEASED", "overleden"},
    {"OUTCOME_PLACED", "geplaatst"},
    {"CONSENT_SCOPE_CONTACT_DETAILS", "contactgegevens"},
    {"CONSENT_SCOPE_SITUATION", "situatie"},
    {"CONSENT_SCOPE_SIGNALLERS_WORDS", "woorden van de melder"},
    {"CONSENT_GIVER_PERSON", "betrokkene"},
    {"CONSENT_GIVER_LEGAL_REPRESENTATIVE", "wettelijk vertegenwoordiger"},
    {"SIGNALLER_STATUS_RECEIVED", "ontvangen"},
    {"SIGNALLER_STATUS_PICKED_UP", "opgepakt"},
    {"SIGNALLER_STATUS_CONTACT_MADE", "contact gelegd"},
    {"SIGNALLER_STATUS_CLOSED", "afgesloten"},
    {"SIGNAL_STATE_RECEIVED", "ontvangen"},
    {"SIGNAL_STATE_NEEDS_INFO", "informatie nodig"},
    {"SIGNAL_STATE_ROUTED", "toegewezen"},
    {"SIGNAL_STATE_IN_CONTACT", "in contact"},
    {"SIGNAL_STATE_PLACED", "geplaatst"},
    {"SIGNAL_STATE_CLOSED", "afgesloten"},
    {"SIGNAL_STATE_UNMATCHED", "niet toegewezen"},
    {"SIGNAL_STATE_REDIRECTED", "doorverwezen (acuut)"},
    {"SIGNAL_STATE_MERGED", "samengevoegd"},
    {"SIGNAL_STATE_WITHDRAWN", "ingetrokken"},
    {"SIGNAL_STATE_ENTERED_IN_ERROR", "ten onrechte ingevoerd"},
    {"SIGNAL_STATE_ERASED", "gewist"},
    {"REFERRAL_PURPOSE_FIRST_CONTACT", "eerste contact"},
    {"REFERRAL_PURPOSE_OFFER", "aanbod"},
    {"REFERRAL_STATE_ASSIGNED", "toegewezen"},
    {"REFERRAL_STATE_ACCEPTED", "geaccepteerd"},
    {"REFERRAL_STATE_IN_PROGRESS", "in contact"},
    {"REFERRAL_STATE_WAITLISTED", "wachtlijst"},
    {"REFERRAL_STATE_COMPLETED", "afgerond"},
    {"REFERRAL_STATE_DECLINED", "afgewezen"},
    {"REFERRAL_STATE_EXPIRED", "verlopen"},
    {"REFERRAL_STATE_HANDED_OVER", "overgedragen"},
    {"REFERRAL_STATE_FAILED", "mislukt"},
    {"REFERRAL_STATE_CANCELLED", "vervallen"},
    {"DECLINE_REASON_NO_CAPACITY", "geen plek"},
    {"DECLINE_REASON_NOT_ELIGIBLE", "past niet"},
    {"DECLINE_REASON_OUT_OF_AREA", "buiten het gebied"},
    {"DECLINE_REASON_NEEDS_ASSESSMENT", "eerst indicatie nodig"},
    {"DECLINE_REASON_OTHER", "anders"},
    {"FAIL_REASON_NO_CAPACITY", "geen plek meer"},
    {"FAIL_REASON_NO_MATCH", "klikt niet"},
    {"FAIL_REASON_NOT_WHAT_IS_NEEDED", "niet wat nodig is"},
    {"FAIL_REASON_OFFER_ENDED", "aanbod gestopt"},
    {"FAIL_REASON_OTHER", "anders"},
    {"CONTACT_WITH_PERSON", "betrokkene"},
    {"CONTACT_WITH_SIGNALLER", "melder"},
    {"CONTACT_WITH_RELATIVE", "naaste"},
    {"CONTACT_WITH_OTHER", "ander"},
    {"CONTACT_CHANNEL_PHONE", "telefoon"},
    {"CONTACT_CHANNEL_VISIT", "huisbezoek"},
    {"CONTACT_CHANNEL_LETTER", "brief"},
    {"CONTACT_CHANNEL_EMAIL", "e-mail"},
    {"CONTACT_CHANNEL_MESSAGE", "bericht"},
    {"CONTACT_CHANNEL_IN_PERSON", "ter plekke"},
    {"CONTACT_CHANNEL_INTRODUCED", "voorgesteld"},
    {"CONTACT_DIRECTION_OUTGOING", "uitgaand"},
    {"CONTACT_DIRECTION_INCOMING", "inkomend"},
    {"CONTACT_RESULT_REACHED", "bereikt"},
    {"CONTACT_RESULT_NO_ANSWER", "geen gehoor"},
    {"CONTACT_RESULT_VOICEMAIL", "voicemail"},
    {"CONTACT_RESULT_WRONG_NUMBER", "verkeerd nummer"},
    {"CONTACT_RESULT_WRONG_PERSON", "verkeerde persoon"},
    {"CONTACT_RESULT_NOT_AT_HOME", "niet thuis"},
    {"CONTACT_RESULT_RESCHEDULED", "verzet"},
    {"CONTACT_RESULT_REFUSED", "geweigerd"},
    {"CONTACT_RESULT_HOSPITAL", "in het ziekenhuis"},
    {"CONTACT_RESULT_MOVED", "verhuisd"},
    {"CONTACT_RESULT_DECEASED", "overleden"},
    {"REFUSAL_NONE", "past"},
    {"REFUSAL_ENDED", "gestopt"},
    {"REFUSAL_NOT_ACTIVE_THAT_DAY", "niet op die dag"},
    {"REFUSAL_OUTSIDE_DISTRICT", "buiten de wijk"},
    {"REFUSAL_OTHER_TARGET_GROUP", "andere doelgroep"},
    {"REFUSAL_OTHER_NEED", "andere vraag"},
    {"REFUSAL_OTHER_LANGUAGE", "andere taal"},
    {"REFUSAL_NO_CAPACITY", "geen plek"},
    {"REFUSAL_TRIED_BEFORE", "eerder geprobeerd"},
    {"REFUSAL_NOT_FOR_MINORS", "niet voor minderjarigen"},
    {"REFUSAL_OTHER_AGE", "andere leeftijd"},
    {"REFUSAL_EXCLUDED", "niet bedoeld voor"},
    {"REFUSAL_CANT_GET_THERE", "kan er niet komen"},
    {"REFUSAL_TOO_DIGITAL", "te digitaal"},
    {"REFUSAL_COSTS_MONEY", "kost geld"},
    {"REFUSAL_PROFESSIONALS_ONLY", "alleen professionals"},
    {"REFUSAL_STALE", "te lang niet bevestigd"},
    {"REFUSAL_NO_OCCURRENCE", "voorlopig niet"},
    {"REFUSAL_AWAY", "afwezig"},
    {"REVIEW_STATE_STALE", "verouderd"},
    {"REVIEW_STATE_STOPPED", "gestopt"},
    {"MOBILITY_GETS_AROUND", "komt overal zelf"},
    {"MOBILITY_NEEDS_TRANSPORT", "heeft vervoer nodig"},
    {"MOBILITY_HOUSEBOUND", "komt de deur niet uit"},
    {"DIGITAL_SKILL_NONE", "geen"},
    {"DIGITAL_SKILL_SOME", "een beetje"},
    {"DIGITAL_SKILL_GOOD", "goed"},
    {"BUDGET_ONLY_FREE_OR_FUNDED", "alleen gratis of vergoed"},
    {"BUDGET_CAN_PAY", "kan betalen"},
};

std::string Normal(const std::string& word) {
  std::string normal(absl::StripAsciiWhitespace(word));
  absl::AsciiStrToLower(&normal);
  return absl::StrReplaceAll(normal, {{"-", "_"}, {" ", "_"}, {"+", "_plus"}});
}

// How many edits lead from `a` to `b`; `most` or more when that many don't suffice.
size_t Edits(const std::string& a, const std::string& b, size_t most) {
  // The table isn't begun where the lengths alone say so.
  const size_t apart = a.size() < b.size() ? b.size() - a.size() : a.size() - b.size();
  if (apart >= most) return most;
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    size_t least = row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min(std::min(row[j], row[j - 1]) + 1, substituted);
      least = std::min(least, row[j]);
    }
    // No later row has fewer.
    if (least >= most) return most;
  }
  return row[b.size()];
}

std::vector<std::string> Words(const EnumDescriptor& type) {
  std::vector<std::string> words;
  for (int i = 0; i < type.value_count(); ++i) {
    std::string word = WordOf(type, type.value(i)->number());
    if (!word.empty()) words.push_back(std::move(word));
  }
  return words;
}

}  // namespace

std::string WordOf(const EnumDescriptor& type, int number) {
  const auto* value = type.FindValueByNumber(number);
  if (number == 0 || value == nullptr) return "";
  // Every enum of the contract starts with PREFIX_UNSPECIFIED = 0.
  const std::string zero = type.FindValueByNumber(0)->name();
  const absl::string_view prefix = absl::StripSuffix(zero, "UNSPECIFIED");
  return absl::AsciiStrToLower(absl::StripPrefix(value->name(), prefix));
}

std::string LabelOf(const EnumDescriptor& type, int number, Lang lang) {
  const std::string word = WordOf(type, number);
  if (word.empty()) return "";
  if (lang == Lang::kDutch) {
    const std::string& name = type.FindValueByNumber(number)->name();
    const auto* found = std::find_if(std::begin(kDutchWords), std::end(kDutchWords),
                                     [&](const DutchWord& dutch) { return name == dutch.value; });
    if (found != std::end(kDutchWords)) return found->word;
  }
  return absl::StrReplaceAll(word, {{"_", " "}});
}

std::string KnownWords(const EnumDescriptor& type) { return absl::StrJoin(Words(type), ", "); }

absl::StatusOr<int> ParseWord(const EnumDescriptor& type, const std::string& word, Lang lang) {
  const std::string wanted = Normal(word);
  std::vector<std::string> dutch_words;
  for (int i = 0; i < type.value_count(); ++i) {
    const int number = type.value(i)->number();
    if (number == 0) continue;
    std::string dutch = Normal(LabelOf(type, number, Lang::kDutch));
    if (wanted == WordOf(type, number) || wanted == dutch) return number;
    dutch_words.push_back(std::move(dutch));
  }
  std::vector<std::string> candidates = Words(type);
  candidates.insert(candidates.end(), dutch_words.begin(), dutch_words.end());
  const std::string nearest = Nearest(wanted, candidates);
  const std::string hint =
      nearest.empty() ? absl::StrCat(Say(lang, "; kies uit: ", "; choose from: "), KnownWords(type))
                      : absl::StrCat(Say(lang, "; bedoelde u ", "; did you mean "), nearest, "?");
  return absl::InvalidArgumentError(
      absl::StrCat(Say(lang, "onbekend woord '", "unknown word '"), word, "'", hint));
}

std::string Nearest(const std::string& word, const std::vector<std::string>& candidates) {
  std::string best;
  // A third of the letters may differ; a word that is longer than any candidate isn't compared.
  size_t best_edits = std::min<size_t>(word.size() / 3 + 1, 4) + 1;
  if (word.size() > 60) return best;
  for (const std::string& candidate : candidates) {
    const size_t edits = Edits(word, candidate, best_edits);
    if (edits < best_edits) {
      best = candidate;
      best_edits = edits;
    }
  }
  return best;
}

}  // namespace omzien::cli
