// A small invented municipality, as tables that tests bend to their case.
//
//   wijk WK990101 Kern            buurten BU99010101 Markt, BU99010102 Molenbuurt
//   wijk WK990102 Heidedorp       a village; buurten BU99010201 Heidedorp, BU99010202 Heide-Oost
//   wijk WK990103 Polderzicht     a village; buurt BU99010301 Molenbuurt
//   postcodes 1001 Kern; 1002 Kern, perhaps Heidedorp; 1003 Polderzicht or Kern; 1000 boxes

#ifndef OMZIEN_TESTS_SERVER_DOMAIN_TEST_CATALOGUE_H_
#define OMZIEN_TESTS_SERVER_DOMAIN_TEST_CATALOGUE_H_

#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "omzien/v1/catalog.pb.h"
#include "server/domain/catalogue.h"
#include "server/domain/days.h"

namespace omzien::domain::testing {

inline v1::District* AddDistrict(v1::Catalog& catalog, const std::string& code,
                                 const std::string& name, const std::string& parent = "",
                                 bool village = false) {
  v1::District* const district = catalog.add_districts();
  district->set_code(code);
  district->set_display_name(name);
  district->set_kind(parent.empty() ? v1::DISTRICT_KIND_WIJK : v1::DISTRICT_KIND_BUURT);
  district->set_parent(parent);
  district->set_village(village);
  district->set_year(2024);
  return district;
}

inline void AddPostcode(v1::Catalog& catalog, const std::string& code,
                        const std::vector<std::pair<std::string, v1::Certainty>>& districts) {
  v1::Postcode* const postcode = catalog.add_postcodes();
  postcode->set_code(code);
  postcode->set_post_office_box(districts.empty());
  for (const auto& [district, certainty] : districts) {
    v1::PostcodeDistrict* const candidate = postcode->add_districts();
    candidate->set_district(district);
    candidate->set_certainty(certainty);
  }
}

inline v1::AreaChange* AddAreaChange(v1::Catalog& catalog, const std::string& old_code,
                                     uint32_t old_year, const std::vector<std::string>& new_codes,
                                     uint32_t new_year) {
  v1::AreaChange* const change = catalog.add_area_changes();
  change->set_old_code(old_code);
  change->set_old_year(old_year);
  for (const auto& code : new_codes) change->add_new_codes(code);
  change->set_new_year(new_year);
  change->set_source("invented");
  return change;
}

inline v1::TargetGroup* AddGroup(v1::Catalog& catalog, const std::string& id, const std::string& nl,
                                 const std::string& en) {
  v1::TargetGroup* const group = catalog.add_target_groups();
  group->set_id(id);
  group->mutable_display_name()->set_nl(nl);
  group->mutable_display_name()->set_en(en);
  return group;
}

inline v1::Organisation* AddOrganisation(v1::Catalog& catalog, const std::string& id,
                                         bool receives = true) {
  v1::Organisation* const organisation = catalog.add_organisations();
  organisation->set_id(id);
  organisation->set_display_name("Organisatie " + id);
  organisation->set_kind(v1::SIGNALLER_KIND_WELFARE_ORGANISATION);
  organisation->set_signals(true);
  organisation->set_receives(receives);
  return organisation;
}

inline v1::Team* AddTeam(v1::Catalog& catalog, const std::string& id,
                         const std::vector<std::string>& districts) {
  v1::Team* const team = catalog.add_teams();
  team->set_id(id);
  team->set_display_name("Team " + id);
  team->set_organisation("gemeente");
  for (const auto& district : districts) team->add_districts(district);
  team->set_all_districts(districts.empty());
  return team;
}

// Confirmed, direct, company at home; for the groups, in the districts (everywhere when none).
inline v1::Offer* AddOffer(v1::Catalog& catalog, const std::string& id,
                           const std::vector<std::string>& groups,
                           const std::vector<std::string>& districts = {}) {
  v1::Offer* const offer = catalog.add_offers();
  offer->set_id(id);
  offer->set_display_name("Aanbod " + id);
  offer->set_organisation("ontvanger");
  offer->set_status(v1::OFFER_STATUS_CONFIRMED);
  offer->set_mode(v1::REFERRAL_MODE_DIRECT);
  offer->add_needs(v1::NEED_VISIT);
  for (const auto& group : groups) offer->add_target_groups(group);
  for (const auto& district : districts) offer->add_districts(district);
  offer->set_all_districts(districts.empty());
  offer->set_capacity(10);
  offer->mutable_provenance()->set_passage("invented");
  return offer;
}

inline void AddMunicipality(v1::Catalog& catalog) {
  v1::Municipality* const municipality = catalog.mutable_municipality();
  municipality->set_code("GM9901");
  municipality->set_display_name("Verzonnen");
  municipality->set_time_zone("Europe/Amsterdam");
  municipality->mutable_deadlines()->set_accept_days(2);
  municipality->mutable_unreachable()->set_attempts(3);
  municipality->mutable_unreachable()->set_channels(2);
  municipality->set_entrance_team("toegang");
  municipality->add_common_languages("nl");
  municipality->add_common_languages("en");
  v1::Funding* const funding = municipality->add_fundings();
  funding->set_id("regeling");
  funding->mutable_display_name()->set_nl("de Meedoenregeling");
  funding->mutable_display_name()->set_en("the participation scheme");
  v1::RankPreference* const seniors = municipality->add_rank_preferences();
  seniors->set_target_group("ouderen");
  seniors->set_first(v1::RankPreference::FIRST_VILLAGE);
  v1::RankPreference* const students = municipality->add_rank_preferences();
  students->set_target_group("studenten");
  students->set_first(v1::RankPreference::FIRST_GROUP);
}

// Without offers.
inline v1::Catalog TestCatalog() {
  v1::Catalog catalog;
  AddMunicipality(catalog);
  AddDistrict(catalog, "WK990101", "Kern");
  AddDistrict(catalog, "BU99010101", "Markt", "WK990101");
  AddDistrict(catalog, "BU99010102", "Molenbuurt", "WK990101");
  AddDistrict(catalog, "WK990102", "Heidedorp", "", true)->add_also_called("Dorp Heidé");
  AddDistrict(catalog, "BU99010201", "Heidedorp", "WK990102");
  AddDistrict(catalog, "BU99010202", "Heide-Oost", "WK990102");
  AddDistrict(catalog, "WK990103", "Polderzicht", "", true);
  AddDistrict(catalog, "BU99010301", "Molenbuurt", "WK990103");
  AddPostcode(catalog, "1000", {});
  AddPostcode(catalog, "1001", {{"WK990101", v1::CERTAINTY_LIKELY}});
  AddPostcode(catalog, "1002",
              {{"WK990102", v1::CERTAINTY_POSSIBLE}, {"WK990101", v1::CERTAINTY_LIKELY}});
  AddPostcode(catalog, "1003",
              {{"WK990103", v1::CERTAINTY_POSSIBLE}, {"WK990101", v1::CERTAINTY_POSSIBLE}});
  AddGroup(catalog, "iedereen", "iedereen", "everyone")->set_everyone(true);
  AddGroup(catalog, "ouderen", "65-plussers", "people of 65 and over")
      ->add_age_bands(v1::AGE_BAND_65_PLUS);
  AddGroup(catalog, "studenten", "studenten", "students");
  AddGroup(catalog, "jeugd", "jongeren", "young people")->add_age_bands(v1::AGE_BAND_UNDER_18);
  AddGroup(catalog, "nieuwkomers", "migranten", "migrants")->set_other_language(true);
  v1::LifeEvent* const loss = catalog.add_life_events();
  loss->set_id("verlies");
  loss->mutable_display_name()->set_nl("verlies van een naaste");
  loss->mutable_display_name()->set_en("losing someone close");
  AddOrganisation(catalog, "gemeente");
  AddOrganisation(catalog, "ontvanger");
  AddOrganisation(catalog, "dorpsteam");
  AddOrganisation(catalog, "winkel", false);
  AddTeam(catalog, "toegang", {});
  return catalog;
}

// Fails the test, and gives nullptr, when the catalogue has errors.
inline std::shared_ptr<const Catalogue> MustBuild(const v1::Catalog& catalog) {
  auto built = Catalogue::Build(catalog, 1);
  EXPECT_TRUE(built.ok()) << built.status();
  return built.ok() ? *built : nullptr;
}

}  // namespace omzien::domain::testing

#endif  // OMZIEN_TESTS_SERVER_DOMAIN_TEST_CATALOGUE_H_
