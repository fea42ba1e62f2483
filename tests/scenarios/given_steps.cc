// What is so before: of the person and the signaller, and of the catalogue.

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/scenarios/steps.h"

namespace omzien::scenarios {
namespace {

v1::Signal& Draft(Scenario& scenario) { return scenario.person().draft; }

// --- where and how the person can be found ---

void LivesIn(Scenario& scenario, const Arguments& said) {
  v1::Place* place = Draft(scenario).mutable_place();
  place->Clear();
  place->set_district(scenario.Name("districts", said[0]));
}

void LivesAt(Scenario& scenario, const Arguments& said) {
  v1::Place* place = Draft(scenario).mutable_place();
  place->clear_district();
  place->set_words(said[0]);
}

void HasPostcode(Scenario& scenario, const Arguments& said) {
  v1::Place* place = Draft(scenario).mutable_place();
  place->clear_district();
  place->set_postcode(said[0]);
}

void LivesNobodyKnowsWhere(Scenario& scenario, const Arguments&) {
  v1::Place* place = Draft(scenario).mutable_place();
  place->Clear();
  place->set_unknown(true);
}

void IsFound(Scenario& scenario, const Arguments& said) {
  v1::Reach* reach = Draft(scenario).mutable_reach();
  reach->Clear();
  if (said[0] == "by phone") {
    reach->set_phone("0570 12 34 56");
  } else if (said[0] == "by email") {
    reach->set_email("iemand@voorbeeld.example");
  } else if (said[0] == "at an address") {
    reach->set_address("Voorbeeldstraat 1");
  } else if (said[0] == "at a place and time") {
    reach->set_place_and_time("donderdags rond tien uur, aan kassa 2");
  } else if (said[0] == "through the signaller") {
    reach->set_through_signaller(true);
    reach->set_signaller_contact("de servicebalie");
  } else if (said[0] == "by name alone") {
    reach->set_person_name("Mevrouw Voorbeeld");
  } else {
    throw StepFailed(absl::StrCat("nobody is found ", said[0]));
  }
}

v1::Reach& Reach(Scenario& scenario) { return *Draft(scenario).mutable_reach(); }

void HasPhone(Scenario& scenario, const Arguments& said) { Reach(scenario).set_phone(said[0]); }
void HasEmail(Scenario& scenario, const Arguments& said) { Reach(scenario).set_email(said[0]); }
void HasName(Scenario& scenario, const Arguments& said) {
  Reach(scenario).set_person_name(said[0]);
}

void HasAddress(Scenario& scenario, const Arguments& said) { Reach(scenario).set_address(said[0]); }

// --- who the person is ---

void IsAged(Scenario& scenario, const Arguments& said) {
  Draft(scenario).set_age_band(ValueOf<v1::AgeBand>(said[0]));
}

void NeedsThis(Scenario& scenario, const Arguments& said) {
  Draft(scenario).set_need(ValueOf<v1::Need>(said[0]));
}

void IsOfGroups(Scenario& scenario, const Arguments& said) {
  for (const std::string& id : Listed(said[0])) {
    Draft(scenario).add_target_groups(scenario.Name("targetGroups", id));
  }
}

void Faces(Scenario& scenario, const Arguments& said) {
  for (const std::string& id : Listed(said[0])) {
    Draft(scenario).add_life_events(scenario.Name("lifeEvents", id));
  }
}

void Speaks(Scenario& scenario, const Arguments& said) {
  std::string tag = said[0];
  const size_t hyphen = tag.find('-');
  if (hyphen != std::string::npos) {
    // As BCP 47 writes them: nl-BE, zh-Hans.
    const bool region = tag.size() - hyphen == 3;
    for (size_t i = hyphen + 1; i < tag.size() && (region || i == hyphen + 1); ++i) {
      tag[i] = static_cast<char>(tag[i] - 'a' + 'A');
    }
  }
  Draft(scenario).set_language(tag);
}

void LivesWith(Scenario& scenario, const Arguments& said) {
  Draft(scenario).set_household(ValueOf<v1::Household>(said[0]));
}

void HasCircumstances(Scenario& scenario, const Arguments& said) {
  Draft(scenario).mutable_circumstances()->MergeFrom(scenario.FromYaml<v1::Circumstances>(said[0]));
}

void IsSupported(Scenario& scenario, const Arguments& said) {
  v1::CurrentSupport* support = Draft(scenario).mutable_current_support();
  support->set_organisation(scenario.Name("organisations", said[0]));
  support->set_description("komt wekelijks langs");
}

void Knows(Scenario& scenario, const Arguments& said) {
  Draft(scenario).set_person_knows(ValueOf<v1::PersonKnows>(said[0]));
}

// --- consent ---

v1::Consent& Consent(Scenario& scenario) {
  v1::Consent* consent = Draft(scenario).mutable_consent();
  if (consent->has_when()) return *consent;
  consent->set_by_whom(v1::CONSENT_GIVER_PERSON);
  consent->mutable_when()->set_seconds(absl::ToUnixSeconds(absl::Now() - absl::Hours(24)));
  return *consent;
}

void Agrees(Scenario& scenario, const Arguments&) { Consent(scenario); }

void AgreesWith(Scenario& scenario, const Arguments& said) {
  for (const std::string& id : Listed(said[0])) {
    Consent(scenario).add_to_whom(scenario.Name("organisations", id));
  }
}

void AgreesTo(Scenario& scenario, const Arguments& said) {
  Consent(scenario).add_what(ValueOf<v1::ConsentScope>(said[0]));
}

void LegalRepresentativeAgrees(Scenario& scenario, const Arguments&) {
  Consent(scenario).set_by_whom(v1::CONSENT_GIVER_LEGAL_REPRESENTATIVE);
}

// --- the signaller ---

void SignalledBy(Scenario& scenario, const Arguments& said) {
  scenario.person().signalled_by = said[0];
}

void SignalledAs(Scenario& scenario, const Arguments& said) {
  Draft(scenario).set_signaller_kind(ValueOf<v1::SignallerKind>(said[0]));
}

void InWords(Scenario& scenario, const Arguments& said) { Draft(scenario).set_own_words(said[0]); }

v1::ContactAttempt& FirstAttempt(Scenario& scenario) {
  v1::ContactAttempt& attempt = scenario.person().first_attempt.emplace();
  attempt.set_with(v1::CONTACT_WITH_PERSON);
  attempt.set_channel(v1::CONTACT_CHANNEL_VISIT);
  return attempt;
}

void WasReachedBefore(Scenario& scenario, const Arguments&) {
  FirstAttempt(scenario).set_result(v1::CONTACT_RESULT_REACHED);
}

void WasNotAtHomeBefore(Scenario& scenario, const Arguments&) {
  FirstAttempt(scenario).set_result(v1::CONTACT_RESULT_NOT_AT_HOME);
}

void WantsCode(Scenario& scenario, const Arguments&) { scenario.person().wants_code = true; }

void MayNeedWmo(Scenario& scenario, const Arguments&) {
  Draft(scenario).set_wmo_report(v1::WMO_REPORT_POSSIBLE);
}

// --- the catalogue ---

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// What `changes` has set replaces what stood there, lists as a whole.
void Change(const Message& changes, Message* entry) {
  std::vector<const FieldDescriptor*> fields;
  changes.GetReflection()->ListFields(changes, &fields);
  for (const FieldDescriptor* field : fields) entry->GetReflection()->ClearField(entry, field);
  entry->MergeFrom(changes);
}

template <class Entries>
auto* EntryOf(Entries* entries, const std::string& id) {
  const auto found = std::ranges::find_if(*entries, [&](const auto& e) { return e.id() == id; });
  if (found == entries->end()) throw StepFailed(absl::StrCat("the catalogue has no ", id));
  return &*found;
}

void IsVoorbeeldstad(Scenario& scenario, const Arguments&) { scenario.UseVoorbeeldstad(); }

void OfferHas(Scenario& scenario, const Arguments& said) {
  v1::Offer* const offer = EntryOf(scenario.catalogue().mutable_offers(), said[0]);
  const auto changes = scenario.FromYaml<v1::Offer>(said[1]);
  if (!changes.districts().empty()) offer->clear_all_districts();
  if (changes.all_districts()) offer->clear_districts();
  Change(changes, offer);
}

void OfferIs(Scenario& scenario, const Arguments& said) {
  v1::Offer* const offer = EntryOf(scenario.catalogue().mutable_offers(), said[0]);
  offer->set_status(ValueOf<v1::OfferStatus>(said[1]));
}

void NewOffer(Scenario& scenario, const Arguments& said) {
  v1::Catalog& catalogue = scenario.catalogue();
  v1::Offer offer = *EntryOf(catalogue.mutable_offers(), said[1]);
  offer.set_id(said[0]);
  offer.set_display_name(absl::StrCat("Aanbod ", said[0]));
  *catalogue.add_offers() = offer;
}

void OnlyOffers(Scenario& scenario, const Arguments& said) {
  const std::vector<std::string> kept = Listed(said[0]);
  auto* const offers = scenario.catalogue().mutable_offers();
  for (const std::string& id : kept) EntryOf(offers, id);
  offers->erase(std::remove_if(offers->begin(), offers->end(),
                               [&](const v1::Offer& offer) {
                                 return std::ranges::find(kept, offer.id()) == kept.end();
                               }),
                offers->end());
}

void OfferIsGone(Scenario& scenario, const Arguments& said) {
  auto* const offers = scenario.catalogue().mutable_offers();
  v1::Offer* const offer = EntryOf(offers, said[0]);
  offers->erase(offers->begin() + (offer - &*offers->begin()));
}

void TeamServes(Scenario& scenario, const Arguments& said) {
  v1::Team* const team = EntryOf(scenario.catalogue().mutable_teams(), said[0]);
  team->clear_all_districts();
  team->clear_districts();
  team->add_districts(scenario.Local(said[1]));
}

void NewTeam(Scenario& scenario, const Arguments& said) {
  v1::Team* const team = scenario.catalogue().add_teams();
  team->set_id(absl::StrCat("team-", said[0]));
  team->set_display_name(
      EntryOf(scenario.catalogue().mutable_organisations(), said[0])->display_name());
  team->set_organisation(said[0]);
  team->add_districts(scenario.Local(said[1]));
}

void Mandate(Scenario& scenario, const Arguments& said) {
  v1::Mandate* const mandate = scenario.catalogue().add_mandates();
  mandate->set_organisation(said[0]);
  mandate->add_districts(scenario.Local(said[1]));
  Change(scenario.FromYaml<v1::Mandate>("since: today-30"), mandate);
  mandate->set_data_agreement("Verwerkersovereenkomst voorbeeld");
}

void MandateHas(Scenario& scenario, const Arguments& said) {
  auto* const mandates = scenario.catalogue().mutable_mandates();
  if (mandates->empty()) throw StepFailed("there is no mandate");
  Change(scenario.FromYaml<v1::Mandate>(said[0]), &*mandates->rbegin());
}

void MunicipalityHas(Scenario& scenario, const Arguments& said) {
  Change(scenario.FromYaml<v1::Municipality>(said[0]), scenario.catalogue().mutable_municipality());
}

void GroupHas(Scenario& scenario, const Arguments& said) {
  Change(scenario.FromYaml<v1::TargetGroup>(said[1]),
         EntryOf(scenario.catalogue().mutable_target_groups(), said[0]));
}

void CatalogueAdds(Scenario& scenario, const Arguments& said) {
  scenario.catalogue().MergeFrom(scenario.FromYaml<v1::Catalog>(said[0]));
}

void PostcodeTableHas(Scenario& scenario, const Arguments& said) {
  scenario.catalogue();
  *scenario.import().add_postcode_table() = scenario.FromYaml<v1::Postcode>(said[0]);
}

// Checks find it imported.
void ImportsCatalogue(Scenario& scenario, const Arguments&) { scenario.catalogue(); }

void OldCode(Scenario& scenario, const Arguments& said) {
  v1::AreaChange* const change = scenario.catalogue().add_area_changes();
  change->set_old_code(scenario.Local(said[0]));
  change->set_old_year(2019);
  change->set_new_year(2020);
  change->set_source("Verzonnen");
  for (size_t i = 1; i < said.size(); ++i) change->add_new_codes(scenario.Local(said[i]));
}

constexpr Given kGivenSteps[] = {
    {"lives in {code}", "the place, stated by its CBS code", &LivesIn},
    {"lives at {words}", "the place, in the signaller's words", &LivesAt},
    {"has postcode {words}", "the place, by a postcode; beside words it may be", &HasPostcode},
    {"lives nobody knows where", "the place is stated as unknown", &LivesNobodyKnowsWhere},
    {"is found {kind}",
     "reach: by phone, by email, at an address, at a place and time, through the signaller, by "
     "name "
     "alone",
     &IsFound},
    {"has the phone {words}", "", &HasPhone},
    {"has the email {words}", "", &HasEmail},
    {"has the name {words}", "", &HasName},
    {"has the address {words}", "street and number", &HasAddress},
    {"is {kind} years old", "the age band: under 18, 18 to 26, 27 to 64, 65 plus", &IsAged},
    {"needs {kind}",
     "what the person asks for: visit, buddy, activity, volunteering, practical help,"
     " digital help",
     &NeedsThis},
    {"is of {list}", "target groups that the signaller states", &IsOfGroups},
    {"faces {list}", "life events", &Faces},
    {"speaks {id}", "the language, as a BCP 47 tag in small letters", &Speaks},
    {"the household is {kind}", "alone, with partner, with children, with others, institution",
     &LivesWith},
    {"has circumstances {yaml}", "mobility, digital_skill, budget, funding", &HasCircumstances},
    {"is supported by {id}", "current support by an organisation", &IsSupported},
    {"knows of it: {kind}", "whether the person knows of the signal: yes, no, unsure", &Knows},
    {"agrees", "consent at intake, by the person, a day ago", &Agrees},
    {"agrees with {list}", "such a consent, to these organisations only", &AgreesWith},
    {"agrees to share {kind}",
     "such a consent, for this only: contact details, situation,"
     " signallers words; may be repeated",
     &AgreesTo},
    {"a legal representative agrees", "such a consent, by curator, mentor or parent",
     &LegalRepresentativeAgrees},
    {"by {id}", "the organisation that signals", &SignalledBy},
    {"as {kind}", "the kind of signaller that it states: shopkeeper, resident, self, gp ...",
     &SignalledAs},
    {"in the words {words}", "what the signaller noticed", &InWords},
    {"was reached before", "by the signaller, on a visit, before it signals", &WasReachedBefore},
    {"was not at home before", "when the signaller called, before it signals", &WasNotAtHomeBefore},
    {"a code is wanted", "to ask by it, without an account, what became of it", &WantsCode},
    {"may need a Wmo report", "the signaller says so", &MayNeedWmo},
    {"in Voorbeeldstad", "first step of a row: the catalogue is that of the second municipality",
     &IsVoorbeeldstad},
    {"the offer {id} has {yaml}", "fields of it, replaced", &OfferHas},
    {"the offer {id} is {kind}", "its status: confirmed, unconfirmed, ended", &OfferIs},
    {"a new offer {id} like {id}", "another offer, the same but for its name", &NewOffer},
    {"no offers but {list}", "all others are taken out", &OnlyOffers},
    {"no offer {id}", "it is taken out", &OfferIsGone},
    {"the team {id} serves {code} only", "its districts, replaced", &TeamServes},
    {"a team of {id} for {code}", "another team, of that organisation", &NewTeam},
    {"a mandate of {id} for {code}", "since 30 days, for signals of all kinds, by volunteers",
     &Mandate},
    {"the mandate has {yaml}", "fields of the last one, replaced", &MandateHas},
    {"the municipality has {yaml}", "its settings, replaced", &MunicipalityHas},
    {"the group {id} has {yaml}", "fields of it, replaced", &GroupHas},
    {"the catalogue adds {yaml}", "more entries", &CatalogueAdds},
    {"the postcode table has {yaml}", "a row of the table that is imported with the catalogue",
     &PostcodeTableHas},
    {"the steward imports the catalogue", "said where nothing else happens", &ImportsCatalogue},
    {"the old code {code} became {code}", "in the table of changes, in 2020", &OldCode},
    {"the old code {code} became {code} and {code}", "it was divided", &OldCode},
};

}  // namespace

std::span<const Given> GivenSteps() { return kGivenSteps; }

}  // namespace omzien::scenarios
