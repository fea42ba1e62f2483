// SubmitSignal, alone and as an item of a stream.

#include "tests/malformed/rows.h"

namespace omzien::malformed {
namespace {

using grpc::StatusCode;

constexpr char kSubmitted[] = R"pb(
  partner_reference: "Zqkanari 1"
  relation: SIGNALLER_RELATION_CUSTOMER
  reach {
    person_name: "Mw. Zqkanari"
    phone: "0570 11 22 33 zqkanari"
    address: "Zqkanaristraat 1"
    email: "zqkanari@voorbeeld.example"
    place_and_time: "donderdags bij de zqkanari"
    through_signaller: true
    signaller_contact: "balie zqkanari"
  }
  place { words: "bij de zqkanari" }
  own_words: "Zqkanari komt elke dag voor een praatje."
  preferred_time: "na de zqkanari"
  current_support { description: "een nicht, zqkanari" }
)pb";

// What is missing, too long, or has not the form that it must have.
std::vector<Row> Texts() {
  return {
      {"no parent", "-parent", Fields("parent")},
      {"half a parent", "parent: 'municipalities/'", Fields("parent")},
      {"a code for a parent", "parent: 'GM0150'", Fields("parent")},
      {"a parent in small letters", "parent: 'municipalities/gm0150'", Fields("parent")},
      {"a slash too many", "parent: 'municipalities/GM0150/'", Fields("parent")},
      {"a parent of words", "parent: 'zqkanari'", Fields("parent")},
      {"no signal", "-signal", Fields("signal")},
      {"an empty signal", "-signal signal {}",
       Fields("signal.own_words signal.place signal.reach")},
      {"no words", "-signal.own_words", Fields("signal.own_words")},
      {"words of white space", "signal { own_words: ' \\t\\n ' }", Fields("signal.own_words")},
      {"many words", "signal { own_words: '$chars(2001)' }", Fields("signal.own_words")},
      {"many wide words", "signal { own_words: '$wide(2001)' }", Fields("signal.own_words")},
      {"wide words that fit, and a long time",
       "signal { own_words: '$wide(2000)' preferred_time: '$wide(201)' }",
       Fields("signal.preferred_time")},
      {"a long partner's number", "signal { partner_reference: '$chars(101)' }",
       Fields("signal.partner_reference")},
      {"a long etag", "signal { etag: '$chars(41)' }", Fields("signal.etag")},
      {"a first attempt by a shop",
       "first_attempt { with: CONTACT_WITH_PERSON channel: CONTACT_CHANNEL_PHONE"
       " result: CONTACT_RESULT_REACHED }",
       Fields("first_attempt")},
      {"a first attempt of nothing", "first_attempt {}",
       Fields("first_attempt first_attempt.channel first_attempt.result first_attempt.with")},
      {"a first attempt elsewhere, by post, tomorrow",
       "first_attempt { with: CONTACT_WITH_PERSON channel: CONTACT_CHANNEL_LETTER"
       " result: CONTACT_RESULT_REACHED attempt_time { seconds: 4102444800 }"
       " district_learnt: 'municipalities/GM0150/districts/WK015015'"
       " note: '$chars(2001)' worker: '$chars(121)' }",
       Fields("first_attempt first_attempt.attempt_time first_attempt.district_learnt"
              " first_attempt.note first_attempt.result first_attempt.worker")},
      {"a long support", "signal { current_support { description: '$chars(501)' } }",
       Fields("signal.current_support.description")},
      {"a language's name", "signal { language: 'zqkanari' }", Fields("signal.language")},
      {"a language of one letter", "signal { language: 'n' }", Fields("signal.language")},
      {"a language with an underscore", "signal { language: 'nl_NL' }", Fields("signal.language")},
      {"a language that ends in a dash", "signal { language: 'nl-' }", Fields("signal.language")},
      {"a day that isn't", "signal { observed_on { year: 2026 month: 2 day: 30 } }",
       Fields("signal.observed_on")},
      {"a month for a day", "signal { observed_on { year: 2026 month: 2 } }",
       Fields("signal.observed_on")},
      {"a day before all", "signal { observed_on { year: -1 month: 1 day: 1 } }",
       Fields("signal.observed_on")},
      {"a day to come", "signal { observed_on { $day(2) } }", Fields("signal.observed_on")},
      {"a day beyond any", "signal { observed_on { year: 2147483647 month: 12 day: 31 } }",
       Fields("signal.observed_on")},
  };
}

std::vector<Row> Numbers() {
  return {
      {"a kind that isn't", "signal { signaller_kind: 99 }", Fields("signal.signaller_kind")},
      {"another's kind", "signal { signaller_kind: SIGNALLER_KIND_GP }",
       Fields("signal.signaller_kind")},
      {"a shop as the person", "signal { signaller_kind: SIGNALLER_KIND_SELF }",
       Fields("signal.signaller_kind")},
      {"a relation that isn't", "signal { relation: 99 }", Fields("signal.relation")},
      {"a knowing that isn't", "signal { person_knows: 4 }", Fields("signal.person_knows")},
      {"a need that isn't", "signal { need: 8 }", Fields("signal.need")},
      {"an age below none", "signal { age_band: -1 }", Fields("signal.age_band")},
      {"an age beyond all", "signal { age_band: 2147483647 }", Fields("signal.age_band")},
      {"a household that isn't", "signal { household: 6 }", Fields("signal.household")},
      {"circumstances that aren't",
       "signal { circumstances { mobility: 4 digital_skill: 9 budget: -1 funding: 'Zqkanari' } }",
       Fields("signal.circumstances.budget signal.circumstances.digital_skill"
              " signal.circumstances.funding signal.circumstances.funding[0]"
              " signal.circumstances.mobility")},
      {"what a shop doesn't tell of someone",
       "signal { circumstances { mobility: MOBILITY_HOUSEBOUND budget: BUDGET_CAN_PAY } }",
       Fields("signal.circumstances.budget signal.circumstances.mobility")},
  };
}

std::vector<Row> ReachAndPlace() {
  return {
      {"no reach", "-signal.reach", Fields("signal.reach")},
      {"an empty reach", "-signal.reach signal { reach {} }", Fields("signal.reach")},
      {"a name alone", "-signal.reach signal { reach { person_name: 'Mw. Zqkanari' } }",
       Fields("signal.reach")},
      {"a phone of white space", "-signal.reach signal { reach { phone: '  ' } }",
       Fields("signal.reach")},
      {"the signaller's own phone alone",
       "-signal.reach signal { reach { signaller_contact: 'zqkanari' } }", Fields("signal.reach")},
      {"a long name", "signal { reach { person_name: '$chars(121)' } }",
       Fields("signal.reach.person_name")},
      {"a long phone", "signal { reach { phone: '$chars(41)' } }", Fields("signal.reach.phone")},
      {"a long address", "signal { reach { address: '$chars(201)' } }",
       Fields("signal.reach.address")},
      {"a long email", "signal { reach { email: '$chars(255)' } }", Fields("signal.reach.email")},
      {"a long place and time", "signal { reach { place_and_time: '$chars(201)' } }",
       Fields("signal.reach.place_and_time")},
      {"a long contact", "signal { reach { signaller_contact: '$chars(201)' } }",
       Fields("signal.reach.signaller_contact")},
      {"no place", "-signal.place", Fields("signal.place")},
      {"an empty place", "-signal.place signal { place {} }", Fields("signal.place")},
      {"a place of white space", "signal { place { words: '   ' } }", Fields("signal.place")},
      {"a place only the server sets", "-signal.place signal { place { postcode_area: '7411' } }",
       Fields("signal.place")},
      {"long words of a place", "signal { place { words: '$chars(201)' } }",
       Fields("signal.place.words")},
      {"an unknown place with a district",
       "signal { place { unknown: true district: 'municipalities/GM0150/districts/WK015015' } }",
       Fields("signal.place.unknown")},
      {"three digits", "signal { place { postcode: '741' } }", Fields("signal.place.postcode")},
      {"a postcode from 0", "signal { place { postcode: '0411' } }",
       Fields("signal.place.postcode")},
      {"one letter", "signal { place { postcode: '7411 A' } }", Fields("signal.place.postcode")},
      {"three letters", "signal { place { postcode: '7411ABC' } }",
       Fields("signal.place.postcode")},
      {"a postcode of words", "signal { place { postcode: 'zqkanari' } }",
       Fields("signal.place.postcode")},
      {"a postcode elsewhere", "signal { place { postcode: '1011' } }",
       Refused(StatusCode::INVALID_ARGUMENT, "PLACE_OUTSIDE_MUNICIPALITY",
               "signal.place.postcode")},
      {"a district that isn't there",
       "signal { place { district: 'municipalities/GM0150/districts/WK015099' } }",
       Refused(StatusCode::INVALID_ARGUMENT, "PLACE_OUTSIDE_MUNICIPALITY",
               "signal.place.district")},
      {"another municipality's district",
       "signal { place { district: 'municipalities/GM9001/districts/WK900102' } }",
       Fields("signal.place.district")},
      {"a district by its name",
       "signal { place { district: 'municipalities/GM0150/districts/zqkanari' } }",
       Fields("signal.place.district")},
      {"elsewhere, and no words", "-signal.own_words signal { place { postcode: '1011' } }",
       Fields("signal.own_words signal.place.postcode")},
  };
}

std::vector<Row> References() {
  return {
      {"many groups",
       "signal { $times(11){target_groups: 'municipalities/GM0150/targetGroups/students'} }",
       Fields("signal.target_groups")},
      {"a group by its id", "signal { target_groups: 'zqkanari' }",
       Fields("signal.target_groups[0]")},
      {"an empty group", "signal { target_groups: '' }", Fields("signal.target_groups[0]")},
      {"a group that isn't there",
       "signal { target_groups: 'municipalities/GM0150/targetGroups/zqkanari' }",
       Fields("signal.target_groups[0]")},
      {"another municipality's group",
       "signal { target_groups: 'municipalities/GM9001/targetGroups/older-people' }",
       Fields("signal.target_groups[0]")},
      {"the second group is bad",
       "signal { target_groups: ['municipalities/GM0150/targetGroups/students',"
       " 'municipalities/GM0150/targetGroups/Zqkanari'] }",
       Fields("signal.target_groups[1]")},
      {"a shop states origin",
       "signal { target_groups: 'municipalities/GM0150/targetGroups/migrants' }",
       Fields("signal.target_groups[0]")},
      {"many life events",
       "signal { $times(11){life_events: 'municipalities/GM0150/lifeEvents/bereavement'} }",
       Fields("signal.life_events")},
      {"a life event that isn't there",
       "signal { life_events: 'municipalities/GM0150/lifeEvents/zqkanari' }",
       Fields("signal.life_events[0]")},
      {"a group for a life event",
       "signal { life_events: 'municipalities/GM0150/targetGroups/students' }",
       Fields("signal.life_events[0]")},
      {"a shop states health",
       "signal { life_events: 'municipalities/GM0150/lifeEvents/failing-health' }",
       Fields("signal.life_events[0]")},
      {"a support by its name", "signal { current_support { organisation: 'zqkanari' } }",
       Fields("signal.current_support.organisation")},
      {"a support that isn't there",
       "signal { current_support { organisation:"
       " 'municipalities/GM0150/organisations/zqkanari' } }",
       Fields("signal.current_support.organisation")},
      {"another municipality's support",
       "signal { current_support { organisation:"
       " 'municipalities/GM9001/organisations/goede-buren' } }",
       Fields("signal.current_support.organisation")},
      {"an organisation by its name", "signal { organisation: 'zqkanari' }",
       Fields("signal.organisation")},
      {"another's organisation",
       "signal { organisation: 'municipalities/GM0150/organisations/saxion' }",
       Fields("signal.organisation")},
      {"an organisation that isn't there",
       "signal { organisation: 'municipalities/GM0150/organisations/zqkanari' }",
       Fields("signal.organisation")},
      {"one's own organisation in another municipality",
       "signal { organisation: 'municipalities/GM9001/organisations/jumbo-hans-kok' }",
       Fields("signal.organisation")},
      {"one of two organisations, unsaid", "",
       Refused(StatusCode::INVALID_ARGUMENT, "ORGANISATION_AMBIGUOUS", "signal.organisation"),
       "two-shops"},
      {"unsaid, and no words", "-signal.own_words", Fields("signal.organisation signal.own_words"),
       "two-shops"},
  };
}

std::vector<Row> ConsentsAtIntake() {
  const std::string good = "by_whom: CONSENT_GIVER_PERSON when { seconds: 1760000000 } ";
  const auto with = [&good](const std::string& more) {
    return "signal { consent { " + good + more + " } }";
  };
  return {
      {"an empty consent", "signal { consent {} }",
       Fields("signal.consent.by_whom signal.consent.when")},
      {"by nobody", "signal { consent { when { seconds: 1760000000 } } }",
       Fields("signal.consent.by_whom")},
      {"by someone that isn't", with("by_whom: 3"), Fields("signal.consent.by_whom")},
      {"given tomorrow", with("when { $time(86400) }"), Fields("signal.consent.when")},
      {"given at no second", with("when { nanos: -1 }"), Fields("signal.consent.when")},
      {"given after all time", with("when { seconds: 253402300800 }"),
       Fields("signal.consent.when")},
      {"given before all time", with("when { seconds: -9223372036854775808 }"),
       Fields("signal.consent.when")},
      {"taken back at once", with("withdraw_time { $time(-10) }"),
       Fields("signal.consent.withdraw_time")},
      {"many scopes", with("$times(4){what: CONSENT_SCOPE_SITUATION}"),
       Fields("signal.consent.what")},
      {"a scope that isn't", with("what: 9"), Fields("signal.consent.what[0]")},
      {"no scope", with("what: CONSENT_SCOPE_UNSPECIFIED"), Fields("signal.consent.what[0]")},
      {"to many", with("$times(21){to_whom: 'municipalities/GM0150/organisations/raster'}"),
       Fields("signal.consent.to_whom")},
      {"to a name", with("to_whom: 'zqkanari'"), Fields("signal.consent.to_whom[0]")},
      {"to one that isn't there", with("to_whom: 'municipalities/GM0150/organisations/zqkanari'"),
       Fields("signal.consent.to_whom[0]")},
      {"to another municipality's",
       with("to_whom: 'municipalities/GM9001/organisations/goede-buren'"),
       Fields("signal.consent.to_whom[0]")},
      {"of a person who doesn't know",
       "signal { person_knows: PERSON_KNOWS_NO consent { " + good + " } }",
       Fields("signal.person_knows")},
  };
}

std::vector<Row> Ids() {
  return {
      {"no request_id", "-request_id", Fields("request_id")},
      {"a request_id of words", "request_id: 'zqkanari'", Fields("request_id")},
      {"35 characters", "request_id: '1b671a64-40d5-491e-99b0-da01ff1f334'", Fields("request_id")},
      {"in braces", "request_id: '{1b671a64-40d5-491e-99b0-da01ff1f3341}'", Fields("request_id")},
      {"without dashes", "request_id: '1b671a6440d5491e99b0da01ff1f3341'", Fields("request_id")},
      {"a letter beyond f", "request_id: '1b671a64-40d5-491e-99b0-da01ff1f334g'",
       Fields("request_id")},
      {"used before", "request_id: '$used_id'",
       Refused(StatusCode::INVALID_ARGUMENT, "REQUEST_ID_REUSED")},
      {"used before, in capitals", "request_id: '$used_id_capitals'",
       Refused(StatusCode::INVALID_ARGUMENT, "REQUEST_ID_REUSED")},
      {"used before goes before validation", "-signal request_id: '$used_id'",
       Refused(StatusCode::INVALID_ARGUMENT, "REQUEST_ID_REUSED")},
      {"all at once",
       "-signal.own_words -signal.place request_id: 'zqkanari' signal { language: 'zqkanari'"
       " target_groups: 'zqkanari' need: 99 observed_on { year: 1 } }",
       Fields("request_id signal.language signal.need signal.observed_on signal.own_words"
              " signal.place signal.target_groups[0]")},
      {"what the catalogue says is told with the rest",
       "-signal.own_words signal { need: 99"
       " target_groups: 'municipalities/GM0150/targetGroups/zqkanari'"
       " signaller_kind: SIGNALLER_KIND_GP place { postcode: '1011' } }",
       Fields("signal.need signal.own_words signal.place.postcode signal.signaller_kind"
              " signal.target_groups[0]")},
      {"another municipality", "parent: 'municipalities/GM9001'",
       Refused(StatusCode::NOT_FOUND, "MUNICIPALITY_NOT_FOUND")},
      {"a municipality that isn't there", "parent: 'municipalities/GM0999'",
       Refused(StatusCode::NOT_FOUND, "MUNICIPALITY_NOT_FOUND")},
      {"another municipality goes before validation", "-signal parent: 'municipalities/GM9001'",
       Refused(StatusCode::NOT_FOUND, "MUNICIPALITY_NOT_FOUND")},
      {"a municipality without a catalogue", "parent: 'municipalities/GM9002'",
       Refused(StatusCode::NOT_FOUND, "MUNICIPALITY_NOT_FOUND"), "v-nowhere"},
  };
}

std::vector<Row> AllSubmissions() {
  std::vector<Row> all;
  for (const auto& rows :
       {Texts(), Numbers(), ReachAndPlace(), References(), ConsentsAtIntake(), Ids()}) {
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

std::string GoodSubmission() {
  return "parent: 'municipalities/GM0150' signal { " + std::string(kSubmitted) + "}";
}

// Refused with the same details as SubmitSignal gives; the stream goes on.
std::vector<Row> StreamItems() {
  return {
      {"no submission", "-submission", Fields("parent request_id signal")},
      {"no words", "-submission.signal.own_words", Fields("signal.own_words")},
      {"many words", "submission { signal { own_words: '$chars(2001)' } }",
       Fields("signal.own_words")},
      {"a need that isn't", "submission { signal { need: 99 } }", Fields("signal.need")},
      {"no request_id", "-submission.request_id", Fields("request_id")},
      {"used before", "submission { request_id: '$used_id' }",
       Refused(StatusCode::INVALID_ARGUMENT, "REQUEST_ID_REUSED")},
      {"another municipality", "submission { parent: 'municipalities/GM9001' }",
       Refused(StatusCode::NOT_FOUND, "MUNICIPALITY_NOT_FOUND")},
      {"another municipality's group",
       "submission { signal { target_groups:"
       " 'municipalities/GM9001/targetGroups/older-people' } }",
       Fields("signal.target_groups[0]")},
      {"elsewhere", "submission { signal { place { postcode: '1011' } } }",
       Refused(StatusCode::INVALID_ARGUMENT, "PLACE_OUTSIDE_MUNICIPALITY",
               "signal.place.postcode")},
      {"one of two organisations, unsaid", "",
       Refused(StatusCode::INVALID_ARGUMENT, "ORGANISATION_AMBIGUOUS", "signal.organisation"),
       "two-shops"},
      {"all at once",
       "-submission.signal.own_words submission { request_id: 'zqkanari'"
       " signal { language: 'zqkanari' } }",
       Fields("request_id signal.language signal.own_words")},
  };
}

}  // namespace

std::vector<Table> SubmitTables() {
  return {
      {"SignalService/SubmitSignal", "jumbo", GoodSubmission(), AllSubmissions()},
      {"SignalService/SubmitSignals", "jumbo", "sequence: 7 submission { " + GoodSubmission() + "}",
       StreamItems()},
  };
}

}  // namespace omzien::malformed
