#include "client/cli/violations.h"

#include <array>
#include <string_view>

namespace omzien::cli {
namespace {

// A "#" stands for a number, the same one on both sides.
struct Translation {
  std::string_view english;
  std::string_view dutch;
};

constexpr std::array kTranslations = std::to_array<Translation>({
    {"is required", "ontbreekt"},
    {"is required with reason OTHER", "ontbreekt, en is nodig bij de reden OTHER"},
    {"is longer than # characters", "is langer dan # tekens"},
    {"holds more than # items", "telt meer dan # delen"},
    {"must be at most #", "mag hoogstens # zijn"},
    {"must not be negative", "mag niet negatief zijn"},
    {"is a value that this server doesn't know", "is een waarde die deze server niet kent"},
    {"must be a UUID of 36 characters", "moet een UUID van 36 tekens zijn"},
    {"must be a BCP 47 language tag, such as nl", "moet een taalcode zijn, zoals nl"},
    {"must be a postcode of four digits, or four digits and two letters",
     "moet een postcode zijn van vier cijfers, of van vier cijfers en twee letters"},
    {"must be municipalities/{CBS code}", "moet de vorm municipalities/{CBS-code} hebben"},
    {"must be municipalities/{CBS code}/signals/{id}",
     "moet de vorm municipalities/{CBS-code}/signals/{id} hebben"},
    {"must be municipalities/{CBS code}/referrals/{id}",
     "moet de vorm municipalities/{CBS-code}/referrals/{id} hebben"},
    {"must be municipalities/{CBS code}/organisations/{id}",
     "moet de vorm municipalities/{CBS-code}/organisations/{id} hebben"},
    {"must be municipalities/{CBS code}/offers/{id}",
     "moet de vorm municipalities/{CBS-code}/offers/{id} hebben"},
    {"must be municipalities/{CBS code}/targetGroups/{id}",
     "moet de vorm municipalities/{CBS-code}/targetGroups/{id} hebben"},
    {"must be municipalities/{CBS code}/lifeEvents/{id}",
     "moet de vorm municipalities/{CBS-code}/lifeEvents/{id} hebben"},
    {"must be municipalities/{CBS code}/districts/{CBS code}",
     "moet de vorm municipalities/{CBS-code}/districts/{CBS-code} hebben"},
    {"must be 1 to 40 of a-z, 0-9 and -, starting and ending with a letter or digit",
     "moet 1 tot 40 tekens zijn uit a-z, 0-9 en -, met een letter of cijfer aan begin en eind"},
    {"must be a CBS area code: GM and 4 digits, WK and 6, or BU and 8",
     "moet een CBS-code zijn: GM en 4 cijfers, WK en 6, of BU en 8"},
    {"must be an IANA time zone", "moet een IANA-tijdzone zijn, zoals Europe/Amsterdam"},
    {"has a form that this server doesn't know", "heeft een vorm die deze server niet kent"},
    {"must be a full date that exists", "moet een hele datum zijn, van een dag die bestaat"},
    {"must be a time between the years 1 and 9999", "moet een tijd zijn in de jaren 1 tot 9999"},
    {"must not be in the future", "mag niet in de toekomst liggen"},
    {"must be in the future", "moet in de toekomst liggen"},
    {"must not be in the past", "mag niet in het verleden liggen"},
    {"needs an organisation or an offer to hand it over to",
     "ontbreekt: aan welke partij of welk aanbod gaat het over"},
    {"can't be set beside an organisation", "kan niet naast een partij worden ingevuld"},
    {"isn't for a first attempt: the signal states the place",
     "hoort niet bij een eerste contactpoging: de plaats staat in het signaal"},
    {"isn't for a first attempt", "hoort niet bij een eerste contactpoging"},
    {"is for social teams and welfare organisations that signal",
     "is voor sociale teams en welzijnsorganisaties die signaleren"},
    {"must be what was decided: MADE or NOT_MADE",
     "moet zijn wat besloten is: gedaan of niet gedaan"},
    {"is POSSIBLE at most: who makes contact decides",
     "is hooguit 'misschien': wie contact maakt beslist"},
    {"must be stated by a GP or care provider",
     "moet een huisarts of zorgaanbieder altijd invullen"},
    {"is the one that has it", "is de partij die het al heeft"},
    {"must not be before the first day", "mag niet voor de eerste dag liggen"},
    {"must not be before the consent was given", "mag niet voor de toestemming liggen"},
    {"must not be before consent was taken back",
     "mag niet voor de intrekking van de toestemming liggen"},
    {"must not be before the signal was received",
     "mag niet voor de ontvangst van het signaal liggen"},
    {"must not be longer than # days", "mag niet langer zijn dan # dagen"},
    {"can only be set by RecordConsent",
     "kan alleen worden ingevuld bij het vastleggen van toestemming"},
    {"needs a district, a postcode, words, or unknown",
     "een wijk, een postcode, een omschrijving of 'onbekend' is nodig"},
    {"needs a phone, an address, an email, a place and time, or the signaller",
     "een telefoonnummer, een adres, een e-mailadres, een plek en tijd, of de melder is nodig"},
    {"must be of the same municipality as the request",
     "moet van dezelfde gemeente zijn als de aanvraag"},
    {"contradicts the district", "is in strijd met de wijk"},
    {"can't be NO with a consent given by the person",
     "kan niet 'nee' zijn als de betrokkene toestemming gaf"},
    {"lies outside the municipality", "ligt buiten de gemeente"},
    {"isn't a target group of this municipality", "is geen doelgroep van deze gemeente"},
    {"isn't a funding of this municipality", "is geen vergoeding van deze gemeente"},
    {"isn't a life event of this municipality", "is geen overgangsmoment van deze gemeente"},
    {"isn't an organisation of this municipality", "is geen partij van deze gemeente"},
    {"isn't an offer of this municipality", "is geen aanbod van deze gemeente"},
    {"isn't a wijk of this municipality", "is geen wijk van deze gemeente"},
    {"isn't a district of this municipality", "is geen wijk of buurt van deze gemeente"},
    {"is stated by professionals or the person themselves only",
     "mag alleen een professional of de betrokkene zelf melden"},
    {"isn't a kind as which this organisation signals",
     "is geen soort melder als welke deze partij meldt"},
    {"isn't an organisation for which the caller signals", "is geen partij waarvoor u meldt"},
    {"must be set: the caller signals for several organisations",
     "ontbreekt: u meldt voor meer dan een partij"},
    {"names an offer twice", "noemt een aanbod twee keer"},
    {"only the person can agree to it, when reached",
     "kan alleen de betrokkene zelf zeggen, in een gesprek"},
    {"only the person can say so, when REACHED or REFUSED",
     "kan alleen de betrokkene zelf zeggen, met resultaat REACHED of REFUSED"},
    {"can't be given in a contact that reached nobody",
     "kan niet gegeven zijn in een poging die niemand bereikte"},
    {"can't be the result of an incoming contact",
     "kan niet het resultaat van inkomend contact zijn"},
    {"an outgoing letter reaches nobody until it is answered",
     "een verstuurde brief bereikt niemand zolang er geen antwoord op is"},
    {"must be one that a referral can be completed with",
     "moet een uitkomst zijn waarmee een doorverwijzing kan eindigen"},
    {"PLACED comes of PlaceReferral only", "'geplaatst' ontstaat alleen door te plaatsen"},
    {"one of yaml and catalog must be set", "yaml of catalog moet zijn ingevuld"},
    {"one of begin, offers and end must be set", "begin, offers of end moet zijn ingevuld"},
    {"must be the first message, and no other", "moet het eerste bericht zijn, en geen ander"},
    {"must come between begin and end", "moet tussen begin en end komen"},
    {"are with those before them more than #", "zijn met die ervoor meer dan #"},
    {"must come once, after begin", "moet een keer komen, na begin"},
    {"isn't how many offers came in parts", "is niet hoeveel aanbod er in delen kwam"},
    {"only a coordinator may ask for states", "alleen een coördinator mag op toestand zoeken"},
    {"isn't a token that this list gave for the same query",
     "is geen paginateken dat deze lijst bij dezelfde vraag gaf"},
});

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Whether the text is the pattern; the number that stood for "#" goes into `number`.
bool Matches(std::string_view pattern, std::string_view text, std::string* number) {
  const size_t hash = pattern.find('#');
  if (hash == std::string_view::npos) return pattern == text;
  const std::string_view after = pattern.substr(hash + 1);
  if (!text.starts_with(pattern.substr(0, hash)) || !text.ends_with(after) ||
      text.size() <= hash + after.size()) {
    return false;
  }
  const std::string_view between = text.substr(hash, text.size() - hash - after.size());
  for (const char c : between) {
    if (!IsDigit(c)) return false;
  }
  *number = between;
  return true;
}

}  // namespace

std::string DescriptionText(const std::string& description, Lang lang) {
  if (lang != Lang::kDutch) return description;
  for (const Translation& translation : kTranslations) {
    std::string number;
    if (!Matches(translation.english, description, &number)) continue;
    std::string dutch(translation.dutch);
    if (const size_t hash = dutch.find('#'); hash != std::string::npos) {
      dutch.replace(hash, 1, number);
    }
    return dutch;
  }
  return description;
}

}  // namespace omzien::cli
