// Catalogues, and who asks what they hold.

#include "tests/malformed/rows.h"

namespace omzien::malformed {
namespace {

using grpc::StatusCode;

Expected Bad(const std::string& fields) {
  return Refused(StatusCode::INVALID_ARGUMENT, "INVALID_CATALOG", fields);
}

// A steward's own file is quoted in its errors, at most 40 bytes a value, so that the line can be
// found: these rows send no canary where the catalogue's text is at fault.
Table ImportTable() {
  return {
      "CatalogService/ImportCatalog",
      "v-steward",
      "parent: 'municipalities/GM9001' yaml: '$yaml'",
      {
          {"no parent", "-parent", Fields("parent")},
          {"a parent of words", "parent: 'zqkanari'", Fields("parent")},
          {"another municipality", "parent: 'municipalities/GM0150'", kNoMunicipality},
          {"no catalogue", "-yaml", Fields("yaml")},
          {"no catalogue to check", "-yaml validate_only: true", Fields("yaml")},
          {"neither", "-yaml -parent", Fields("parent yaml")},
          {"a text beyond all", "yaml: '$chars(4000001)'", Fields("yaml")},
          {"no request_id", "-request_id", Fields("request_id")},
          {"no request_id to check with", "-request_id validate_only: true", Fields("request_id")},
          {"used before", "request_id: '$import_id' yaml: '# zqkanari'",
           Refused(StatusCode::INVALID_ARGUMENT, "REQUEST_ID_REUSED")},
          {"all at once", "-parent -yaml -request_id", Fields("parent request_id yaml")},
          {"not YAML", "yaml: 'municipality: [}'", Bad("")},
          {"a list", "yaml: '- GM9001'", Bad("")},
          {"a key that isn't", "yaml: '$yaml\\nmore: 1\\n'", Bad("")},
          {"a key twice", "yaml: '$yaml\\noffers: []\\n'", Bad("offers")},
          {"nothing but a comment", "yaml: '# zqkanari'",
           Bad("municipality municipality.code target_groups")},
          {"an empty text", "yaml: ''", Bad("municipality municipality.code target_groups")},
          {"an empty message", "catalog {}", Bad("municipality municipality.code target_groups")},
          {"a message without code",
           "catalog { target_groups { id: 'everyone' display_name {} everyone: true } }",
           Bad("municipality municipality.code")},
          {"a message with a bad enum",
           "catalog { target_groups { id: 'everyone' display_name {} everyone: true"
           " age_bands: 99 } }",
           Bad("municipality municipality.code target_groups[0].age_bands[0]")},
          {"a table with a row that isn't one, told at its own place",
           "postcode_table { code: '7411' districts { district: 'WK900101' certainty:"
           " CERTAINTY_STATED } } postcode_table { code: '74' }",
           Bad("postcode_table[0].districts[0].certainty postcode_table[1].code"
               " postcode_table[1].districts")},
          {"too long a table", "$times(40001){postcode_table < code: '7411' >}",
           Fields("postcode_table")},
          {"a change of areas that leads nowhere",
           "yaml: '$yaml\\narea_changes: [{old_code: WK900177, old_year: 2020, new_codes:"
           " [WK900178], new_year: 2021, source: x}]\\n'",
           Bad("area_changes[0].new_codes[0]")},
          {"changes of areas that go round",
           "yaml: '$yaml\\narea_changes: [{old_code: WK900177, old_year: 2020, new_codes:"
           " [WK900178], new_year: 2021, source: x}, {old_code: WK900178, old_year: 2021,"
           " new_codes: [WK900177], new_year: 2022, source: x}]\\n'",
           Bad("area_changes[0].old_code area_changes[1].old_code")},
          {"a message with offers beyond sense",
           "catalog { target_groups { id: 'everyone' display_name {} everyone: true }"
           " offers { id: 'o' display_name: 'O' organisation: 'nobody' status: OFFER_STATUS_ENDED"
           " mode: REFERRAL_MODE_DIRECT needs: NEED_VISIT target_groups: 'everyone'"
           " all_districts: true provenance { passage: 'p' } age_years_min: 151 access: 5"
           " schedule { first_day { year: 2026 month: 1 day: 6 } rule: 'FREQ=SECONDLY' } absences "
           "{} digital_skill_needed: 4 cost: 4 funding: 'none'"
           " exclusions { target_groups: 'everyone' life_events: 'none' age_bands: 5 mobility: 4"
           " households: 6 } } }",
           Bad("municipality municipality.code offers[0].absences[0].from "
               "offers[0].absences[0].until"
               " offers[0].access[0] offers[0].age_years_min"
               " offers[0].cost offers[0].digital_skill_needed offers[0].exclusions.age_bands[0]"
               " offers[0].exclusions.households[0] offers[0].exclusions.life_events[0]"
               " offers[0].exclusions.mobility[0] offers[0].exclusions.target_groups[0]"
               " offers[0].funding[0] offers[0].organisation offers[0].schedule[0].rule")},
          {"a message with many needless events",
           "catalog { target_groups { id: 'everyone' display_name {} everyone: true }"
           " $times(101){life_events < display_name < > >} }",
           Bad("life_events municipality municipality.code")},
      }};
}

// One message, after which nothing comes.
Table PartsTable() {
  return {
      "CatalogService/ImportCatalogParts",
      "v-steward",
      "begin { parent: 'municipalities/GM9001' yaml: '$yaml' }",
      {
          {"no part", "-begin", Fields("part")},
          {"no parent", "-begin.parent", Fields("begin.parent")},
          {"a parent of words", "begin { parent: 'zqkanari' }", Fields("begin.parent")},
          {"another municipality", "begin { parent: 'municipalities/GM0150' }", kNoMunicipality},
          {"no catalogue", "-begin.yaml", Fields("begin.yaml")},
          {"no request_id", "-begin.request_id", Fields("begin.request_id")},
          {"all at once", "-begin.parent -begin.yaml -begin.request_id",
           Fields("begin.parent begin.request_id begin.yaml")},
          {"offers before the beginning", "-begin offers { offers { id: 'zqkanari' } }",
           Fields("offers")},
          {"the end before the beginning", "-begin end { offers: 7 }", Fields("end")},
      }};
}

Table ExportTable() {
  return {"CatalogService/ExportCatalog",
          "steward",
          "parent: 'municipalities/GM0150'",
          {
              {"no parent", "-parent", Fields("parent")},
              {"a parent of words", "parent: 'zqkanari'", Fields("parent")},
              {"a district for a parent", "parent: 'municipalities/GM0150/districts/WK015015'",
               Fields("parent")},
              {"another municipality", "parent: 'municipalities/GM9001'", kNoMunicipality},
              {"a municipality without a catalogue", "parent: 'municipalities/GM9002'",
               kNoMunicipality, "v-nowhere"},
          }};
}

Table FindTable() {
  const auto outside = [](const std::string& field) {
    return Refused(StatusCode::INVALID_ARGUMENT, "PLACE_OUTSIDE_MUNICIPALITY", field);
  };
  return {
      "CatalogService/FindOffers",
      "team",
      "parent: 'municipalities/GM0150' place { words: 'zqkanari' }",
      {
          {"no parent", "-parent", Fields("parent")},
          {"another municipality", "parent: 'municipalities/GM9001'", kNoMunicipality},
          {"no place", "-place", Fields("place")},
          {"an empty place", "-place place {}", Fields("place")},
          {"long words", "place { words: '$chars(201)' }", Fields("place.words")},
          {"a postcode of words", "place { postcode: 'zqkanari' }", Fields("place.postcode")},
          {"a postcode elsewhere", "place { postcode: '1011' }", outside("place.postcode")},
          {"a district that isn't there",
           "place { district: 'municipalities/GM0150/districts/BU01509999' }",
           outside("place.district")},
          {"a need that isn't", "need: 8", Fields("need")},
          {"an age that isn't", "age_band: 5", Fields("age_band")},
          {"many groups",
           "$times(11){target_groups: 'municipalities/GM0150/targetGroups/students'}",
           Fields("target_groups")},
          {"a group by its id", "target_groups: 'zqkanari'", Fields("target_groups[0]")},
          {"a group that isn't there",
           "target_groups: 'municipalities/GM0150/targetGroups/zqkanari'",
           Fields("target_groups[0]")},
          {"another municipality's group",
           "target_groups: 'municipalities/GM9001/targetGroups/older-people'",
           Fields("target_groups[0]")},
          {"a life event that isn't there",
           "life_events: 'municipalities/GM0150/lifeEvents/zqkanari'", Fields("life_events[0]")},
          {"many life events", "$times(11){life_events: 'municipalities/GM0150/lifeEvents/covid'}",
           Fields("life_events")},
          {"a language's name", "language: 'zqkanari'", Fields("language")},
          {"a household that isn't", "household: 6", Fields("household")},
          {"circumstances that aren't",
           "circumstances { mobility: 4 digital_skill: 4 budget: 3 funding: 'zqkanari' }",
           Fields("circumstances.budget circumstances.digital_skill circumstances.funding[0]"
                  " circumstances.mobility")},
          {"a day that isn't", "on { year: 2025 month: 2 day: 29 }", Fields("on")},
          {"a month for a day", "on { year: 2025 month: 2 }", Fields("on")},
          {"fewer than none", "page_size: -1", Fields("page_size")},
          {"more than a page", "page_size: 201", Fields("page_size")},
          {"another list's token", "page_token: '$token'", kBadToken},
          {"the token of another question",
           "page_token: '$offer_token' age_band: AGE_BAND_27_TO_64", kBadToken},
          {"all at once",
           "-place need: 99 on {} page_size: -1 language: 'zqkanari' target_groups: 'zqkanari'",
           Fields("language need on page_size place target_groups[0]")},
          {"what the catalogue says is told with the rest",
           "page_size: 201 target_groups: 'municipalities/GM0150/targetGroups/zqkanari'"
           " place { postcode: '1011' }",
           Fields("page_size place.postcode target_groups[0]")},
          {"what the catalogue says is told at once",
           "target_groups: 'municipalities/GM0150/targetGroups/zqkanari'"
           " place { postcode: '1011' }",
           Fields("place.postcode target_groups[0]")},
      }};
}

Table ReviewTable() {
  return {"CatalogService/ListOffersToReview",
          "raster",
          "parent: 'municipalities/GM0150'",
          {
              {"no parent", "-parent", Fields("parent")},
              {"a parent of words", "parent: 'zqkanari'", Fields("parent")},
              {"another municipality", "parent: 'municipalities/GM9001'", kNoMunicipality},
              {"fewer than none", "page_size: -1", Fields("page_size")},
              {"more than a page", "page_size: 201", Fields("page_size")},
              {"a long token", "page_token: '$chars(501)'", Fields("page_token")},
              {"a token of words", "page_token: 'zqkanari'", kBadToken},
              {"another list's token", "page_token: '$token'", kBadToken},
              {"all at once", "-parent page_size: 201 page_token: '$chars(501)'",
               Fields("page_size page_token parent")},
          }};
}

}  // namespace

std::vector<Table> CatalogTables() {
  return {ImportTable(), PartsTable(), ExportTable(),
          WithRows(FindTable(), PageTokenRows("offer_token")), ReviewTable()};
}

}  // namespace omzien::malformed
