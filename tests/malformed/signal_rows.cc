// What is asked of signals that are there.

#include "tests/malformed/rows.h"

namespace omzien::malformed {
namespace {

using grpc::StatusCode;

Table GetASignal() {
  const Expected not_in_full = Refused(StatusCode::PERMISSION_DENIED, "VIEW_NOT_ALLOWED");
  return {"SignalService/GetSignal",
          "coordinator",
          "name: '$signal'",
          {
              {"no name", "-name", Fields("name")},
              {"a name of words", "name: 'zqkanari'", Fields("name")},
              {"a short id", "name: 'municipalities/GM0150/signals/zqkanari'", Fields("name")},
              {"an id in capitals", "name: 'municipalities/GM0150/signals/ZQKANARI00000000'",
               Fields("name")},
              {"a referral's name", "name: '$first'", Fields("name")},
              {"more behind the name", "name: '$signal/zqkanari'", Fields("name")},
              {"a view that isn't", "view: 3", Fields("view")},
              {"name and view", "name: 'zqkanari' view: 99", Fields("name view")},
              {"a signal that isn't there",
               "name: 'municipalities/GM0150/signals/zqkanari00000000'", kNoSignal},
              {"a signal that isn't there, in full",
               "name: 'municipalities/GM0150/signals/zqkanari00000000' view: VIEW_FULL", kNoSignal},
              {"another shop's signal", "", kNoSignal, "saxion"},
              {"another shop's signal, in full", "view: VIEW_FULL", kNoSignal, "saxion"},
              {"a coordinator in full", "view: VIEW_FULL", not_in_full},
              {"the signaller in full", "view: VIEW_FULL", not_in_full, "jumbo"},
              {"another municipality's signal", "name: '$v_signal'", kNoMunicipality},
              {"another municipality goes before validation", "name: '$v_signal' view: 99",
               kNoMunicipality},
          }};
}

Table ListOfSignals() {
  return {"SignalService/ListSignals",
          "coordinator",
          "parent: 'municipalities/GM0150'",
          {
              {"no parent", "-parent", Fields("parent")},
              {"a parent of words", "parent: 'zqkanari'", Fields("parent")},
              {"a signal for a parent", "parent: '$signal'", Fields("parent")},
              {"another municipality", "parent: 'municipalities/GM9001'", kNoMunicipality},
              {"fewer than none", "page_size: -1", Fields("page_size")},
              {"more than a page", "page_size: 201", Fields("page_size")},
              {"another list's token", "page_token: '$referral_token'", kBadToken},
              {"the token of another question", "page_token: '$token' states: SIGNAL_STATE_ROUTED",
               kBadToken},
              {"many states", "$times(13){states: SIGNAL_STATE_ROUTED}", Fields("states")},
              {"a state that isn't", "states: 99", Fields("states[0]")},
              {"no state", "states: [SIGNAL_STATE_ROUTED, SIGNAL_STATE_UNSPECIFIED]",
               Fields("states[1]")},
              {"a shop asks for states", "states: SIGNAL_STATE_ROUTED", Fields("states"), "jumbo"},
              {"a shop asks for states, and too many", "states: SIGNAL_STATE_ROUTED page_size: 201",
               Fields("page_size states"), "jumbo"},
              {"all at once", "page_size: -1 page_token: '$chars(501)' states: 99",
               Fields("page_size page_token states[0]")},
          }};
}

Table Withdrawal() {
  return {
      "SignalService/WithdrawSignal",
      "jumbo",
      "name: '$to_withdraw' reason: 'zqkanari'",
      {
          {"no name", "-name", Fields("name")},
          {"a name of words", "name: 'zqkanari'", Fields("name")},
          {"a long reason", "reason: '$chars(501)'", Fields("reason")},
          {"a long etag", "etag: '$chars(41)'", Fields("etag")},
          {"no request_id", "-request_id", Fields("request_id")},
          {"a request_id of words", "request_id: 'zqkanari'", Fields("request_id")},
          {"an id that a submission used", "request_id: '$used_id'",
           Refused(StatusCode::INVALID_ARGUMENT, "REQUEST_ID_REUSED")},
          {"all at once", "-name -request_id reason: '$chars(501)' etag: '$chars(41)'",
           Fields("etag name reason request_id")},
          {"a signal that isn't there", "name: 'municipalities/GM0150/signals/zqkanari00000000'",
           kNoSignal},
          {"another shop's signal", "", kNoSignal, "saxion"},
          {"another shop's signal with an etag", "etag: '\"1\"'", kNoSignal, "saxion"},
          {"another municipality's signal", "name: '$v_signal'", kNoMunicipality},
          {"an etag that isn't", "etag: 'zqkanari'", Refused(StatusCode::ABORTED, "ETAG_MISMATCH")},
          {"an old etag", "etag: '\"1\"'", Refused(StatusCode::ABORTED, "ETAG_MISMATCH")},
          {"withdrawn before", "name: '$withdrawn'",
           Refused(StatusCode::FAILED_PRECONDITION, "WRONG_STATE")},
      }};
}

Table Reopening() {
  return {"SignalService/ReopenSignal",
          "coordinator",
          "name: '$to_reopen' reason: 'zqkanari'",
          {
              {"no name", "-name", Fields("name")},
              {"a name of words", "name: 'zqkanari'", Fields("name")},
              {"no reason", "-reason", Fields("reason")},
              {"a reason of white space", "reason: '  '", Fields("reason")},
              {"a long reason", "reason: '$chars(501)'", Fields("reason")},
              {"a long etag", "etag: '$chars(41)'", Fields("etag")},
              {"no request_id", "-request_id", Fields("request_id")},
              {"all at once", "-name -request_id reason: '$chars(501)' etag: '$chars(41)'",
               Fields("etag name reason request_id")},
              {"a signal that isn't there",
               "name: 'municipalities/GM0150/signals/zqkanari00000000'", kNoSignal},
              {"a signal that a team never had", "name: '$v_signal'", kNoMunicipality, "team"},
              {"an old etag", "name: '$closed' etag: '\"1\"'",
               Refused(StatusCode::ABORTED, "ETAG_MISMATCH")},
              {"open as it is", "name: '$signal'",
               Refused(StatusCode::FAILED_PRECONDITION, "WRONG_STATE")},
          }};
}

Table Answering() {
  return {
      "SignalService/AnswerQuestion",
      "jumbo",
      "name: '$to_answer' text: 'zqkanari' reach { phone: 'zqkanari' }",
      {
          {"no name", "-name", Fields("name")},
          {"a name of words", "name: 'zqkanari'", Fields("name")},
          {"nothing", "-text", Fields("text")},
          {"white space", "text: '  '", Fields("text")},
          {"a long answer", "text: '$chars(2001)'", Fields("text")},
          {"a long phone", "reach { phone: '$chars(41)' }", Fields("reach.phone")},
          {"an empty place", "place {}", Fields("place")},
          {"a postcode of words", "place { postcode: 'zqkanari' }", Fields("place.postcode")},
          {"a postcode elsewhere", "place { postcode: '1011' }",
           Refused(StatusCode::INVALID_ARGUMENT, "PLACE_OUTSIDE_MUNICIPALITY", "place.postcode")},
          {"another municipality's district",
           "place { district: 'municipalities/GM9001/districts/WK900102' }",
           Fields("place.district")},
          {"no request_id", "-request_id", Fields("request_id")},
          {"all at once", "-name -text -request_id place {}", Fields("name place request_id text")},
          {"a signal that isn't there", "name: 'municipalities/GM0150/signals/zqkanari00000000'",
           kNoSignal},
          {"another shop's signal", "", kNoSignal, "saxion"},
          {"another municipality's signal", "name: '$v_signal'", kNoMunicipality},
          {"asked nothing", "name: '$withdrawn'",
           Refused(StatusCode::FAILED_PRECONDITION, "NO_QUESTION")},
      }};
}

Table StatusByCode() {
  return {"SignalService/GetSignalStatus",
          "",
          "parent: 'municipalities/GM0150' code: '$code'",
          {
              {"no parent", "-parent", Fields("parent")},
              {"a parent of words", "parent: 'zqkanari'", Fields("parent")},
              {"no code", "-code", Fields("code")},
              {"a long code", "code: '$chars(41)'", Fields("code")},
              {"a view that isn't", "view: 3", Fields("view")},
              {"all at once", "-parent -code view: 3", Fields("code parent view")},
              {"nobody's code", "code: 'ZZZZ-ZZZZ-ZZZZ-ZZZZ'", kNoSignal},
              {"words", "code: 'zqkanari'", kNoSignal},
              {"a municipality that isn't there", "parent: 'municipalities/GM0999'", kNoSignal},
          }};
}

Table AnsweringByCode() {
  return {"SignalService/AnswerQuestionByCode",
          "",
          "parent: 'municipalities/GM0150' code: '$code' text: 'zqkanari'",
          {
              {"no parent", "-parent", Fields("parent")},
              {"no code", "-code", Fields("code")},
              {"a long code", "code: '$chars(41)'", Fields("code")},
              {"nothing", "-text", Fields("text")},
              {"a long answer", "text: '$chars(2001)'", Fields("text")},
              {"a long phone", "reach { phone: '$chars(41)' }", Fields("reach.phone")},
              {"an empty place", "place {}", Fields("place")},
              {"no request_id", "-request_id", Fields("request_id")},
              {"all at once", "-parent -code -text -request_id place {}",
               Fields("code parent place request_id text")},
              {"nobody's code", "code: 'ZZZZ-ZZZZ-ZZZZ-ZZZZ'", kNoSignal},
              {"words", "code: 'zqkanari'", kNoSignal},
              {"a municipality that isn't there", "parent: 'municipalities/GM0999'", kNoSignal},
          }};
}

Table Redirecting() {
  return {"SignalService/RedirectSignal",
          "coordinator",
          "name: '$to_redirect' taken_over_by: 'zqkanari'",
          {
              {"no name", "-name", Fields("name")},
              {"a name of words", "name: 'zqkanari'", Fields("name")},
              {"taken over by nobody", "-taken_over_by", Fields("taken_over_by")},
              {"by white space", "taken_over_by: '  '", Fields("taken_over_by")},
              {"by a long name", "taken_over_by: '$chars(201)'", Fields("taken_over_by")},
              {"a long etag", "etag: '$chars(41)'", Fields("etag")},
              {"a report that isn't", "wmo_report: 99", Fields("wmo_report")},
              {"a report that nobody decided on", "wmo_report: WMO_REPORT_POSSIBLE",
               Fields("wmo_report")},
              {"no request_id", "-request_id", Fields("request_id")},
              {"all at once", "-name -request_id taken_over_by: '$chars(201)' etag: '$chars(41)'",
               Fields("etag name request_id taken_over_by")},
              {"a signal that isn't there",
               "name: 'municipalities/GM0150/signals/zqkanari00000000'", kNoSignal},
              {"another municipality's", "name: '$v_signal'", kNoMunicipality, "team"},
              {"an old etag", "name: '$signal' etag: '\"99\"'",
               Refused(StatusCode::ABORTED, "ETAG_MISMATCH")},
              {"closed before", "name: '$closed'",
               Refused(StatusCode::FAILED_PRECONDITION, "WRONG_STATE")},
          }};
}

Table SignalPoint() {
  const auto outside = [](const std::string& field) {
    return Refused(StatusCode::INVALID_ARGUMENT, "PLACE_OUTSIDE_MUNICIPALITY", field);
  };
  return {
      "SignalService/GetSignalPoint",
      "",
      "parent: 'municipalities/GM0150' place { words: 'zqkanari' }",
      {
          {"no parent", "-parent", Fields("parent")},
          {"a parent of words", "parent: 'zqkanari'", Fields("parent")},
          {"a municipality that isn't there", "parent: 'municipalities/GM0999'", kNoMunicipality},
          {"no place", "-place", Fields("place")},
          {"an empty place", "-place place {}", Fields("place")},
          {"neither", "-parent -place", Fields("parent place")},
          {"long words", "place { words: '$chars(201)' }", Fields("place.words")},
          {"a postcode of words", "place { postcode: 'zqkanari' }", Fields("place.postcode")},
          {"a postcode elsewhere", "place { postcode: '1011' }", outside("place.postcode")},
          {"a district that isn't there",
           "place { district: 'municipalities/GM0150/districts/WK015099' }",
           outside("place.district")},
          {"another municipality's district",
           "place { district: 'municipalities/GM9001/districts/WK900102' }",
           Fields("place.district")},
          {"an unknown place with a district",
           "place { unknown: true district: 'municipalities/GM0150/districts/WK015015' }",
           Fields("place.unknown")},
      }};
}

}  // namespace

std::vector<Table> SignalTables() {
  return {GetASignal(),   WithRows(ListOfSignals(), PageTokenRows("token")),
          Withdrawal(),   Reopening(),
          Redirecting(),  Answering(),
          StatusByCode(), AnsweringByCode(),
          SignalPoint()};
}

}  // namespace omzien::malformed
