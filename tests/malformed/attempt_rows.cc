// Contact attempts and consents.

#include "tests/malformed/rows.h"

namespace omzien::malformed {
namespace {

using grpc::StatusCode;

std::vector<Row> AttemptsAsSuch() {
  return {
      {"no name", "-name", Fields("name")},
      {"a name of words", "name: 'zqkanari'", Fields("name")},
      {"no attempt", "-attempt", Fields("attempt")},
      {"an empty attempt", "-attempt attempt {}",
       Fields("attempt.channel attempt.result attempt.with")},
      {"with nobody", "-attempt.with", Fields("attempt.with")},
      {"with someone that isn't", "attempt { with: 5 }", Fields("attempt.with")},
      {"over no channel", "-attempt.channel", Fields("attempt.channel")},
      {"over a channel that isn't", "attempt { channel: 8 }", Fields("attempt.channel")},
      {"without result", "-attempt.result", Fields("attempt.result")},
      {"a result that isn't", "attempt { result: 12 }", Fields("attempt.result")},
      {"a direction that isn't", "attempt { direction: 3 }", Fields("attempt.direction")},
      {"a need that isn't", "attempt { need_learnt: 8 }", Fields("attempt.need_learnt")},
      {"a long worker", "attempt { worker: '$chars(121)' }", Fields("attempt.worker")},
      {"a long note", "attempt { note: '$wide(2001)' }", Fields("attempt.note")},
      {"tried in an hour", "attempt { attempt_time { $time(3600) } }",
       Fields("attempt.attempt_time")},
      {"tried at no second", "attempt { attempt_time { nanos: 1000000000 } }",
       Fields("attempt.attempt_time")},
      {"tried before the signal", "attempt { attempt_time { seconds: 1 } }",
       Fields("attempt.attempt_time")},
      {"tried again in the past", "attempt { next_attempt_time { $time(-3600) } }",
       Fields("attempt.next_attempt_time")},
      {"tried again after all time", "attempt { next_attempt_time { seconds: 253402300800 } }",
       Fields("attempt.next_attempt_time")},
      {"nobody's word that the signaller may know", "attempt { signaller_may_know: true }",
       Fields("attempt.signaller_may_know")},
      {"the signaller's own word",
       "attempt { signaller_may_know: true with: CONTACT_WITH_SIGNALLER"
       " result: CONTACT_RESULT_REACHED }",
       Fields("attempt.signaller_may_know")},
      {"a wish that isn't",
       "attempt { contact_wish: 3 with: CONTACT_WITH_PERSON result: CONTACT_RESULT_REACHED }",
       Fields("attempt.contact_wish")},
      {"nobody's wish", "attempt { contact_wish: CONTACT_WISH_NO_CONTACT }",
       Fields("attempt.contact_wish")},
      {"a relative's wish",
       "attempt { contact_wish: CONTACT_WISH_NO_CONTACT with: CONTACT_WITH_RELATIVE"
       " result: CONTACT_RESULT_REACHED }",
       Fields("attempt.contact_wish")},
      {"called, and not answered", "attempt { direction: CONTACT_DIRECTION_INCOMING }",
       Fields("attempt.result")},
      {"came, and was not at home",
       "attempt { direction: CONTACT_DIRECTION_INCOMING result: CONTACT_RESULT_NOT_AT_HOME }",
       Fields("attempt.result")},
      {"reached by a letter",
       "attempt { channel: CONTACT_CHANNEL_LETTER result: CONTACT_RESULT_REACHED }",
       Fields("attempt.result")},
      {"moved out, and to a district",
       "attempt { moved_out_of_municipality: true"
       " district_learnt: 'municipalities/GM0150/districts/WK015015' }",
       Fields("attempt.moved_out_of_municipality")},
      {"many groups",
       "attempt { $times(11){target_groups_learnt: 'municipalities/GM0150/targetGroups/migrants'}"
       " }",
       Fields("attempt.target_groups_learnt")},
      {"a group by its id", "attempt { target_groups_learnt: 'zqkanari' }",
       Fields("attempt.target_groups_learnt[0]")},
      {"a group that isn't there",
       "attempt { target_groups_learnt: 'municipalities/GM0150/targetGroups/zqkanari' }",
       Fields("attempt.target_groups_learnt[0]")},
      {"another municipality's group",
       "attempt { target_groups_learnt: 'municipalities/GM9001/targetGroups/older-people' }",
       Fields("attempt.target_groups_learnt[0]")},
      {"a district by its code", "attempt { district_learnt: 'WK015015' }",
       Fields("attempt.district_learnt")},
      {"a district that isn't there",
       "attempt { district_learnt: 'municipalities/GM0150/districts/WK015099' }",
       Fields("attempt.district_learnt")},
      {"another municipality's district",
       "attempt { district_learnt: 'municipalities/GM9001/districts/WK900102' }",
       Fields("attempt.district_learnt")},
      {"a life event, an age and a household that aren't",
       "attempt { life_events_learnt: 'municipalities/GM0150/lifeEvents/zqkanari'"
       " age_band_learnt: 99 household_learnt: 99 }",
       Fields("attempt.age_band_learnt attempt.household_learnt attempt.life_events_learnt[0]")},
      {"a language's name", "attempt { language_learnt: 'zqkanari' }",
       Fields("attempt.language_learnt")},
      {"circumstances that aren't",
       "attempt { circumstances_learnt { mobility: 4 digital_skill: 4 budget: 3 } }",
       Fields("attempt.circumstances_learnt.budget attempt.circumstances_learnt.digital_skill"
              " attempt.circumstances_learnt.mobility")},
      {"a funding that isn't there", "attempt { circumstances_learnt { funding: 'zqkanari' } }",
       Fields("attempt.circumstances_learnt.funding[0]")},
      {"many fundings",
       "attempt { circumstances_learnt { $times(11){funding: 'meedoenregeling'} } }",
       Fields("attempt.circumstances_learnt.funding")},
  };
}

std::vector<Row> AttemptsWithMore() {
  const std::string reached = "attempt { result: CONTACT_RESULT_REACHED } ";
  return {
      {"a consent of someone not reached",
       "consent { by_whom: CONSENT_GIVER_PERSON when { $time(-60) } }", Fields("consent")},
      {"an empty consent", reached + "consent {}", Fields("consent.by_whom consent.when")},
      {"a consent of tomorrow",
       reached + "consent { by_whom: CONSENT_GIVER_PERSON when { $time(86400) } }",
       Fields("consent.when")},
      {"a consent that is taken back",
       reached + "consent { by_whom: CONSENT_GIVER_PERSON when { $time(-60) }"
                 " withdraw_time { $time(-10) } }",
       Fields("consent.withdraw_time")},
      {"a consent to one that isn't there",
       reached + "consent { by_whom: CONSENT_GIVER_PERSON when { $time(-60) }"
                 " to_whom: 'municipalities/GM0150/organisations/zqkanari' }",
       Fields("consent.to_whom[0]")},
      {"no request_id", "-request_id", Fields("request_id")},
      {"used before", "request_id: '$team_id'", kReused},
      {"used before goes before validation", "-attempt request_id: '$team_id'", kReused},
      {"a long etag", "etag: '$chars(41)'", Fields("etag")},
      {"all at once",
       "-name -request_id -attempt.with attempt { channel: 99 language_learnt: 'zqkanari' }"
       " consent {}",
       Fields("attempt.channel attempt.language_learnt attempt.with consent consent.by_whom"
              " consent.when name request_id")},
      {"what the catalogue says is told with the rest",
       "-attempt.with attempt { district_learnt: 'municipalities/GM0150/districts/WK015099' }",
       Fields("attempt.district_learnt attempt.with")},
      {"an old etag", "etag: '\"99\"'", kEtag},
      {"a case that isn't there", kNobodys, kNoReferral},
      {"another's referral", "", kNoReferral, "raster"},
      {"another municipality's referral", "name: '$v_first'",
       Refused(StatusCode::NOT_FOUND, "MUNICIPALITY_NOT_FOUND")},
      {"completed before", "name: '$placed'", kWrongState},
  };
}

Table AttemptTable() {
  std::vector<Row> rows = AttemptsAsSuch();
  const std::vector<Row> more = AttemptsWithMore();
  rows.insert(rows.end(), more.begin(), more.end());
  return {"ReferralService/RecordContactAttempt", "team",
          "name: '$first' attempt { with: CONTACT_WITH_PERSON channel: CONTACT_CHANNEL_PHONE"
          " result: CONTACT_RESULT_NO_ANSWER worker: 'Zqkanari' note: 'niet thuis, zqkanari' }",
          std::move(rows)};
}

Table ConsentTable() {
  return {
      "ReferralService/RecordConsent",
      "team",
      "name: '$accepted' consent { by_whom: CONSENT_GIVER_PERSON when { $time(-60) } }",
      {
          {"no name", "-name", Fields("name")},
          {"no consent", "-consent", Fields("consent")},
          {"an empty consent", "-consent consent {}", Fields("consent.by_whom consent.when")},
          {"by nobody", "-consent.by_whom", Fields("consent.by_whom")},
          {"by someone that isn't", "consent { by_whom: -1 }", Fields("consent.by_whom")},
          {"at no time", "-consent.when", Fields("consent.when")},
          {"tomorrow", "consent { when { $time(86400) } }", Fields("consent.when")},
          {"before all time", "consent { when { seconds: -62135596801 } }", Fields("consent.when")},
          {"taken back tomorrow", "consent { withdraw_time { $time(86400) } }",
           Fields("consent.withdraw_time")},
          {"taken back before it was given", "consent { withdraw_time { $time(-120) } }",
           Fields("consent.withdraw_time")},
          {"many scopes", "consent { $times(4){what: CONSENT_SCOPE_SITUATION} }",
           Fields("consent.what")},
          {"a scope that isn't", "consent { what: [CONSENT_SCOPE_SITUATION, 4] }",
           Fields("consent.what[1]")},
          {"to many",
           "consent { $times(21){to_whom: 'municipalities/GM0150/organisations/raster'} }",
           Fields("consent.to_whom")},
          {"to a name", "consent { to_whom: 'zqkanari' }", Fields("consent.to_whom[0]")},
          {"to another municipality's",
           "consent { to_whom: 'municipalities/GM9001/organisations/goede-buren' }",
           Fields("consent.to_whom[0]")},
          {"no request_id", "-request_id", Fields("request_id")},
          {"used before", "request_id: '$team_id'", kReused},
          {"a long etag", "etag: '$chars(41)'", Fields("etag")},
          {"an old etag", "etag: '\"99\"'", kEtag},
          {"an offer's own yes", "name: '$offer'",
           Refused(StatusCode::PERMISSION_DENIED, "ROLE_NOT_ALLOWED"), "raster"},
          {"a case that isn't there", kNobodys, kNoReferral},
          {"another's referral", "", kNoReferral, "raster"},
      }};
}

}  // namespace

std::vector<Table> AttemptTables() { return {AttemptTable(), ConsentTable()}; }

}  // namespace omzien::malformed
