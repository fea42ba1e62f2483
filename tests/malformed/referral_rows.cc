// What a team or a receiving organisation asks and does, contact attempts aside.

#include "tests/malformed/rows.h"

namespace omzien::malformed {
namespace {

using grpc::StatusCode;

Table ListOfReferrals() {
  return {
      "ReferralService/ListReferrals",
      "team",
      "parent: 'municipalities/GM0150'",
      {
          {"no parent", "-parent", Fields("parent")},
          {"a parent of words", "parent: 'zqkanari'", Fields("parent")},
          {"another municipality", "parent: 'municipalities/GM9001'", kNoMunicipality},
          {"fewer than none", "page_size: -2147483648", Fields("page_size")},
          {"more than a page", "page_size: 201", Fields("page_size")},
          {"another list's token", "page_token: '$token'", kBadToken},
          {"the token of another question", "page_token: '$referral_token' ended: true", kBadToken},
          {"all at once", "-parent page_size: 201 page_token: '$chars(501)'",
           Fields("page_size page_token parent")},
      }};
}

Table GetAReferral() {
  return {
      "ReferralService/GetReferral",
      "team",
      "name: '$first'",
      {
          {"no name", "-name", Fields("name")},
          {"a name of words", "name: 'zqkanari'", Fields("name")},
          {"a signal's name", "name: '$signal'", Fields("name")},
          {"number 0", "name: 'municipalities/GM0150/referrals/zqkanari00000000-0'",
           Fields("name")},
          {"number 01", "name: 'municipalities/GM0150/referrals/zqkanari00000000-01'",
           Fields("name")},
          {"a number below none", "name: 'municipalities/GM0150/referrals/zqkanari00000000--1'",
           Fields("name")},
          {"a number beyond all",
           "name: 'municipalities/GM0150/referrals/zqkanari00000000-4294967296'", Fields("name")},
          {"a view that isn't", "view: 3", Fields("view")},
          {"both", "-name view: -1", Fields("name view")},
          {"a case that isn't there", kNobodys, kNoReferral},
          {"a number that isn't there", "name: '$first' '0'", kNoReferral},
          {"another's referral", "", kNoReferral, "raster"},
          {"another's referral, in full", "view: VIEW_FULL", kNoReferral, "raster"},
          {"a coordinator in full", "view: VIEW_FULL",
           Refused(StatusCode::PERMISSION_DENIED, "VIEW_NOT_ALLOWED"), "coordinator"},
          {"another municipality's referral", "name: '$v_first'", kNoMunicipality},
      }};
}

Table Acceptance() {
  return {
      "ReferralService/AcceptReferral",
      "team",
      "name: '$first'",
      {
          {"no name", "-name", Fields("name")},
          {"a name of words", "name: 'zqkanari'", Fields("name")},
          {"no request_id", "-request_id", Fields("request_id")},
          {"a request_id of words", "request_id: 'zqkanari'", Fields("request_id")},
          {"used before", "request_id: '$team_id'", kReused},
          {"a long etag", "etag: '$chars(41)'", Fields("etag")},
          {"all at once", "-name -request_id etag: '$chars(41)'", Fields("etag name request_id")},
          {"an etag that isn't", "etag: 'zqkanari'", kEtag},
          {"an etag without quotes", "etag: '1'", kEtag},
          {"a case that isn't there", kNobodys, kNoReferral},
          {"a case that isn't there, with an etag", std::string(kNobodys) + " etag: 'zqkanari'",
           kNoReferral},
          {"another's referral", "", kNoReferral, "raster"},
          {"another municipality's referral", "name: '$v_first'", kNoMunicipality},
          {"in progress", "name: '$reached'", kWrongState},
          {"completed", "name: '$placed'", kWrongState},
      }};
}

Table Refusal() {
  return {"ReferralService/DeclineReferral",
          "raster",
          "name: '$offer' reason: DECLINE_REASON_OTHER text: 'zqkanari'",
          {
              {"no name", "-name", Fields("name")},
              {"no reason", "-reason", Fields("reason")},
              {"a reason that isn't", "reason: 6", Fields("reason")},
              {"another reason, unsaid", "-text", Fields("text")},
              {"another reason of white space", "text: '  '", Fields("text")},
              {"a long text", "text: '$chars(501)'", Fields("text")},
              {"a long text that isn't needed",
               "reason: DECLINE_REASON_NO_CAPACITY text: '$chars(501)'", Fields("text")},
              {"no request_id", "-request_id", Fields("request_id")},
              {"a long etag", "etag: '$chars(41)'", Fields("etag")},
              {"all at once", "-name -reason -request_id text: '$chars(501)'",
               Fields("name reason request_id text")},
              {"an old etag", "etag: '\"99\"'", kEtag},
              {"a case that isn't there", kNobodys, kNoReferral},
              {"another's referral", "name: '$first'", kNoReferral},
              {"in progress", "name: '$reached'", kWrongState, "team"},
              {"nobody to pass it on to", "name: '$first'",
               Refused(StatusCode::FAILED_PRECONDITION, "NOBODY_TO_PASS_ON_TO"), "team"},
          }};
}

Table Waiting() {
  return {"ReferralService/WaitlistReferral",
          "raster",
          "name: '$to_wait' room_expected_on { $day(30) }",
          {
              {"no name", "-name", Fields("name")},
              {"a day in the past", "-room_expected_on room_expected_on { $day(-1) }",
               Fields("room_expected_on")},
              {"half a day", "-room_expected_on room_expected_on { year: 2030 }",
               Fields("room_expected_on")},
              {"no request_id", "-request_id", Fields("request_id")},
              {"a long etag", "etag: '$chars(41)'", Fields("etag")},
              {"all at once", "-name -request_id -room_expected_on room_expected_on { $day(-1) }",
               Fields("name request_id room_expected_on")},
              {"an old etag", "etag: '\"99\"'", kEtag},
              {"a case that isn't there", kNobodys, kNoReferral},
              {"another's referral", "name: '$first'", kNoReferral},
              {"a first contact", "name: '$accepted'",
               Refused(StatusCode::FAILED_PRECONDITION, "WRONG_PURPOSE"), "team"},
              {"not taken up yet", "name: '$offer'", kWrongState},
          }};
}

Table Failure() {
  return {"ReferralService/FailReferral",
          "raster",
          "name: '$to_fail' reason: FAIL_REASON_OTHER text: 'zqkanari'",
          {
              {"no name", "-name", Fields("name")},
              {"no reason", "-reason", Fields("reason")},
              {"a reason that isn't", "reason: 6", Fields("reason")},
              {"another reason, unsaid", "-text", Fields("text")},
              {"another reason of white space", "text: '  '", Fields("text")},
              {"a long text", "text: '$chars(501)'", Fields("text")},
              {"no request_id", "-request_id", Fields("request_id")},
              {"all at once", "-name -reason -request_id text: '$chars(501)'",
               Fields("name reason request_id text")},
              {"an old etag", "etag: '\"99\"'", kEtag},
              {"a case that isn't there", kNobodys, kNoReferral},
              {"another's referral", "name: '$first'", kNoReferral},
              {"not taken up yet", "name: '$offer'", kWrongState},
              {"nobody to pass it on to", "name: '$accepted'",
               Refused(StatusCode::FAILED_PRECONDITION, "NOBODY_TO_PASS_ON_TO"), "team"},
          }};
}

Table HandingOver() {
  const auto refused = [](const std::string& reason) {
    return Refused(StatusCode::FAILED_PRECONDITION, reason);
  };
  const std::string to = "-offer organisation: 'municipalities/GM0150/organisations/";
  return {"ReferralService/HandOverReferral",
          "raster",
          "name: '$to_hand_over' offer: 'municipalities/GM0150/offers/buur-en-zo'"
          " note: 'zqkanari'",
          {
              {"no name", "-name", Fields("name")},
              {"to nobody", "-offer", Fields("organisation")},
              {"to both", "organisation: 'municipalities/GM0150/organisations/raster'",
               Fields("offer")},
              {"an offer of words", "offer: 'zqkanari'", Fields("offer")},
              {"an offer that isn't there", "offer: 'municipalities/GM0150/offers/zqkanari'",
               Fields("offer")},
              {"another municipality's offer", "offer: 'municipalities/GM9001/offers/spreekuur'",
               Fields("offer")},
              {"an organisation that isn't there", to + "zqkanari'", Fields("organisation")},
              {"a long note", "note: '$chars(2001)'", Fields("note")},
              {"no request_id", "-request_id", Fields("request_id")},
              {"a long etag", "etag: '$chars(41)'", Fields("etag")},
              {"all at once", "-name -request_id -offer note: '$chars(2001)'",
               Fields("name note organisation request_id")},
              {"an old etag", "etag: '\"99\"'", kEtag},
              {"a case that isn't there", kNobodys, kNoReferral},
              {"another's referral", "name: '$first'", kNoReferral},
              {"an offer to an organisation", to + "raster'", refused("WRONG_PURPOSE")},
              {"a first contact to an offer", "name: '$first'", refused("WRONG_PURPOSE"), "team"},
              {"a first contact to who has no team", to + "raster' name: '$first'",
               refused("NOT_A_FIRST_CONTACT_PARTY"), "team"},
              {"a first contact to itself", to + "team-toegang-preventie' name: '$first'",
               Fields("organisation"), "team"},
              {"the offer that it has", "offer: 'municipalities/GM0150/offers/buurtgeluk'",
               refused("OFFER_NOT_ELIGIBLE")},
              {"an offer that has ended", "offer: 'municipalities/GM0150/offers/film-2020'",
               refused("OFFER_NOT_ELIGIBLE")},
              {"completed before", to + "raster' name: '$placed'", kWrongState, "team"},
          }};
}

Table TakingBack() {
  return {"ReferralService/TakeBackReferral",
          "coordinator",
          "name: '$to_take_back' reason: 'zqkanari'",
          {
              {"no name", "-name", Fields("name")},
              {"a signal's name", "name: 'municipalities/GM0150/signals/zqkanari'", Fields("name")},
              {"no reason", "-reason", Fields("reason")},
              {"a reason of white space", "reason: '  '", Fields("reason")},
              {"a long reason", "reason: '$chars(501)'", Fields("reason")},
              {"no request_id", "-request_id", Fields("request_id")},
              {"a long etag", "etag: '$chars(41)'", Fields("etag")},
              {"all at once", "-name -request_id reason: '$chars(501)'",
               Fields("name reason request_id")},
              {"an old etag", "etag: '\"99\"'", kEtag},
              {"a case that isn't there", kNobodys, kNoReferral},
              {"its own first contact", "name: '$first'", kNoReferral, "team"},
              {"in contact", "name: '$reached'", kWrongState},
              {"completed before", "name: '$placed'", kWrongState},
              {"the entrance team's first contact", "name: '$first'",
               Refused(StatusCode::FAILED_PRECONDITION, "NOBODY_TO_PASS_ON_TO")},
          }};
}

Table Asking() {
  return {"ReferralService/AskSignaller",
          "team",
          "name: '$to_ask' text: 'zqkanari'",
          {
              {"no name", "-name", Fields("name")},
              {"nothing", "-text", Fields("text")},
              {"white space", "text: '  '", Fields("text")},
              {"a long question", "text: '$chars(1001)'", Fields("text")},
              {"a long etag", "etag: '$chars(41)'", Fields("etag")},
              {"no request_id", "-request_id", Fields("request_id")},
              {"all at once", "-name -text -request_id etag: '$chars(41)'",
               Fields("etag name request_id text")},
              {"an old etag", "etag: '\"99\"'", kEtag},
              {"a case that isn't there", kNobodys, kNoReferral},
              {"while one waits", "name: '$asked'", kWrongState},
              {"after first contact", "name: '$placed'", kWrongState},
          }};
}

Table Placement() {
  const auto refused = [](const std::string& reason) {
    return Refused(StatusCode::FAILED_PRECONDITION, reason);
  };
  const std::string consent = "consent { by_whom: CONSENT_GIVER_PERSON when { $time(-60) } } ";
  return {
      "ReferralService/PlaceReferral",
      "team",
      "name: '$reached' offers: 'municipalities/GM0150/offers/buurtgeluk'"
      " departure_reason: 'zqkanari' " +
          consent,
      {
          {"no name", "-name", Fields("name")},
          {"no offers", "-offers", Fields("offers")},
          {"many offers", "$times(5){offers: 'municipalities/GM0150/offers/buurtgeluk'}",
           Fields("offers offers[1] offers[2] offers[3] offers[4] offers[5]")},
          {"an offer by its name", "offers: 'zqkanari'", Fields("offers[1]")},
          {"an offer twice", "offers: 'municipalities/GM0150/offers/buurtgeluk'",
           Fields("offers[1]")},
          {"an offer that isn't there", "offers: 'municipalities/GM0150/offers/zqkanari'",
           Fields("offers[1]")},
          {"another municipality's offer",
           "-offers offers: 'municipalities/GM9001/offers/spreekuur'", Fields("offers[0]")},
          {"a long reason", "departure_reason: '$chars(501)'", Fields("departure_reason")},
          {"a consent of nobody", "consent { by_whom: CONSENT_GIVER_UNSPECIFIED }",
           Fields("consent.by_whom")},
          {"a consent of tomorrow", "consent { when { $time(86400) } }", Fields("consent.when")},
          {"a consent that is taken back", "consent { withdraw_time { $time(-10) } }",
           Fields("consent.withdraw_time")},
          {"a consent to one that isn't there",
           "consent { to_whom: 'municipalities/GM0150/organisations/zqkanari' }",
           Fields("consent.to_whom[0]")},
          {"no request_id", "-request_id", Fields("request_id")},
          {"a long etag", "etag: '$chars(41)'", Fields("etag")},
          {"all at once",
           "-name -request_id -consent.when offers: 'zqkanari'"
           " departure_reason: '$chars(501)'",
           Fields("consent.when departure_reason name offers[1] request_id")},
          {"an old etag", "etag: '\"99\"'", kEtag},
          {"without consent", "-consent", refused("CONSENT_MISSING")},
          {"consent to another organisation",
           "consent { to_whom: 'municipalities/GM0150/organisations/saxion' }",
           refused("CONSENT_MISSING")},
          {"the person wasn't reached", "name: '$accepted'", refused("PERSON_NOT_REACHED")},
          {"placed before", "-consent name: '$placed'", kWrongState},
          {"a case that isn't there", kNobodys, kNoReferral},
      }};
}

Table Completion() {
  const auto refused = [](const std::string& reason) {
    return Refused(StatusCode::FAILED_PRECONDITION, reason);
  };
  return {"ReferralService/CompleteReferral",
          "team",
          "name: '$talked' outcome: OUTCOME_ADVICE_ONLY note: 'zqkanari'",
          {
              {"no name", "-name", Fields("name")},
              {"no outcome", "-outcome", Fields("outcome")},
              {"an outcome that isn't", "outcome: 10", Fields("outcome")},
              {"placed", "outcome: OUTCOME_PLACED", Fields("outcome")},
              {"a long note", "note: '$chars(2001)'", Fields("note")},
              {"no request_id", "-request_id", Fields("request_id")},
              {"a long etag", "etag: '$chars(41)'", Fields("etag")},
              {"all at once", "-name -outcome -request_id note: '$chars(2001)'",
               Fields("name note outcome request_id")},
              {"an old etag", "etag: '\"99\"'", kEtag},
              {"not taken up yet", "name: '$first'", kWrongState},
              {"connected with nobody", "name: '$accepted' outcome: OUTCOME_CONNECTED",
               refused("PERSON_NOT_REACHED")},
              {"advice to nobody", "name: '$accepted'", refused("PERSON_NOT_REACHED")},
              {"moved, as nobody told", "name: '$accepted' outcome: OUTCOME_MOVED",
               refused("TOO_FEW_ATTEMPTS")},
              {"unreachable untried", "name: '$accepted' outcome: OUTCOME_UNREACHABLE",
               refused("TOO_FEW_ATTEMPTS")},
              {"unreachable, but reached", "outcome: OUTCOME_UNREACHABLE", kWrongState},
              {"completed before", "name: '$placed'", kWrongState},
              {"another's referral", "", kNoReferral, "raster"},
              {"another municipality's referral", "name: '$v_first'", kNoMunicipality},
          }};
}

}  // namespace

std::vector<Table> ReferralTables() {
  return {WithRows(ListOfReferrals(), PageTokenRows("referral_token")),
          GetAReferral(),
          Acceptance(),
          Refusal(),
          Waiting(),
          Failure(),
          HandingOver(),
          TakingBack(),
          Asking(),
          Placement(),
          Completion()};
}

}  // namespace omzien::malformed
