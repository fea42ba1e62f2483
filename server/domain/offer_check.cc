// What is checked of a catalogue's offers; catalogue_check.h lists it.

#include <algorithm>

#include "server/domain/catalogue.h"
#include "server/domain/catalogue_checker.h"
#include "server/domain/days.h"
#include "server/domain/recurrence.h"

namespace omzien::domain {

namespace {

bool MayBeReferredTo(const v1::Offer& offer) {
  return offer.mode() == v1::REFERRAL_MODE_DIRECT || offer.mode() == v1::REFERRAL_MODE_ASK_FIRST;
}

}  // namespace

void CatalogChecker::CheckOffers() {
  for (int i = 0; i < catalog_.organisations_size(); ++i) {
    const v1::Organisation& organisation = catalog_.organisations(i);
    CheckDate(organisation.has_covenant_date(), organisation.covenant_date(),
              At("organisations", i, "covenant_date"));
  }
  int recurrences = 0;
  for (int i = 0; i < catalog_.offers_size(); ++i) {
    CheckOffer(catalog_.offers(i), i);
    recurrences += catalog_.offers(i).schedule_size();
  }
  if (recurrences > kMaxRecurrences) {
    Error("offers", Concat("have ", recurrences, " recurrences, most ", kMaxRecurrences));
  }
  CheckVillagesHaveOffers();
}

void CatalogChecker::CheckOffer(const v1::Offer& offer, int index) {
  const auto path = [index](std::string_view field) { return At("offers", index, field); };
  CheckServes(offer.all_districts(), offer.districts(), At("offers", index));
  CheckReferences(group_ids_, "target group", offer.target_groups(), path("target_groups"));
  CheckReferences(life_event_ids_, "life event", offer.life_events(), path("life_events"));
  CheckWhomFor(offer, At("offers", index));
  CheckWhen(offer, At("offers", index));
  CheckGroupCapacities(offer, At("offers", index));
  for (int i = 0; i < offer.needs_size(); ++i) {
    if (offer.needs(i) == v1::NEED_UNKNOWN) {
      Error(At(path("needs"), i), "must be a need that the offer answers");
    }
  }
  const auto from = CheckDate(offer.has_active_from(), offer.active_from(), path("active_from"));
  const auto until =
      CheckDate(offer.has_active_until(), offer.active_until(), path("active_until"));
  CheckDate(offer.has_reviewed_on(), offer.reviewed_on(), path("reviewed_on"));
  if (from.has_value() && until.has_value() && *until < *from) {
    Error(path("active_until"), "lies before active_from");
  }
  const auto organisation = organisations_.find(offer.organisation());
  CheckReference(organisation_ids_, "organisation", offer.organisation(), path("organisation"));
  if (offer.status() == v1::OFFER_STATUS_ENDED) return;
  if (!MayBeReferredTo(offer)) {
    Warning(path("mode"), "nobody can be referred to this offer");
  } else if (organisation != organisations_.end() && !organisation->second->receives()) {
    Error(path("organisation"), "doesn't receive referrals, but its offer takes them");
  }
}

void CatalogChecker::CheckWhen(const v1::Offer& offer, const std::string& path) {
  for (int i = 0; i < offer.schedule_size(); ++i) {
    CheckRecurrence(offer.schedule(i), At(Concat(path, ".schedule"), i));
  }
  for (int i = 0; i < offer.absences_size(); ++i) {
    const v1::Absence& absence = offer.absences(i);
    const std::string at = At(Concat(path, ".absences"), i);
    const auto from = CheckDate(absence.has_from(), absence.from(), Concat(at, ".from"));
    const auto until = CheckDate(absence.has_until(), absence.until(), Concat(at, ".until"));
    if (from.has_value() && until.has_value() && *until < *from) {
      Error(Concat(at, ".until"), "lies before from");
    }
  }
}

void CatalogChecker::CheckRecurrence(const v1::Recurrence& recurrence, const std::string& path) {
  for (int i = 0; i < recurrence.except_size(); ++i) {
    CheckDate(true, recurrence.except(i), At(Concat(path, ".except"), i));
  }
  const std::string at = Concat(path, ".first_day");
  const auto first = CheckDate(recurrence.has_first_day(), recurrence.first_day(), at);
  if (!first.has_value()) return;
  if (first->year() < kFirstScheduleYear || first->year() > kLastScheduleYear) {
    return Error(at, Concat("must lie from ", kFirstScheduleYear, " to ", kLastScheduleYear));
  }
  std::string wrong = WhatIsWrongWithRule(recurrence.rule(), *first);
  if (!wrong.empty()) Error(Concat(path, ".rule"), std::move(wrong));
}

void CatalogChecker::CheckGroupCapacities(const v1::Offer& offer, const std::string& path) {
  const auto& groups = offer.target_groups();
  std::set<std::string_view> named;
  for (int i = 0; i < offer.group_capacities_size(); ++i) {
    const v1::GroupCapacity& capacity = offer.group_capacities(i);
    const std::string at = At(Concat(path, ".group_capacities"), i);
    const std::string& id = capacity.target_group();
    CheckDate(capacity.has_assured_on(), capacity.assured_on(), Concat(at, ".assured_on"));
    if (id.empty()) continue;  // CheckFields() says so
    if (std::find(groups.begin(), groups.end(), id) == groups.end()) {
      Error(Concat(at, ".target_group"), "isn't a group that the offer is for");
    } else if (id == everyone_group_) {
      Error(Concat(at, ".target_group"), "is everyone's: that is the offer's own capacity");
    } else if (!named.insert(id).second) {
      Error(Concat(at, ".target_group"), "has a capacity already");
    }
  }
}

// Its ages, what it costs, and whom it is not for.
void CatalogChecker::CheckWhomFor(const v1::Offer& offer, const std::string& path) {
  if (offer.age_years_max() > 0 && offer.age_years_max() < offer.age_years_min()) {
    Error(Concat(path, ".age_years_max"), "lies below age_years_min");
  }
  CheckReferences(funding_ids_, "funding", offer.funding(), Concat(path, ".funding"));
  if (offer.cost() == v1::COST_FREE && !offer.funding().empty()) {
    Error(Concat(path, ".funding"), "must be empty: what is free needs none");
  }
  const v1::Exclusions& exclusions = offer.exclusions();
  CheckReferences(life_event_ids_, "life event", exclusions.life_events(),
                  Concat(path, ".exclusions.life_events"));
  const std::string groups = Concat(path, ".exclusions.target_groups");
  CheckReferences(group_ids_, "target group", exclusions.target_groups(), groups);
  for (int i = 0; i < exclusions.target_groups_size(); ++i) {
    const std::string& id = exclusions.target_groups(i);
    const auto& own = offer.target_groups();
    if (id == everyone_group_) {
      Error(At(groups, i), "would exclude everyone");
    } else if (std::find(own.begin(), own.end(), id) != own.end()) {
      Error(At(groups, i), "is a group that the offer is for");
    }
  }
}

void CatalogChecker::CheckVillagesHaveOffers() {
  std::set<std::string_view> with_own_offer;
  for (const auto& offer : catalog_.offers()) {
    if (offer.status() == v1::OFFER_STATUS_ENDED || offer.all_districts()) continue;
    const std::set<std::string_view> wijken = WijkenOf(offer.districts());
    if (wijken.size() == 1) with_own_offer.insert(*wijken.begin());
  }
  for (int i = 0; i < catalog_.districts_size(); ++i) {
    const v1::District& district = catalog_.districts(i);
    if (district.village() && with_own_offer.count(district.code()) == 0) {
      Warning(At("districts", i),
              Concat("the village ", district.display_name(), " has no offer of its own"));
    }
  }
}

void CatalogChecker::CheckCells() {
  std::map<std::pair<std::string_view, std::string_view>, size_t> limited;
  std::map<std::string_view, size_t> everywhere;
  for (const auto& offer : catalog_.offers()) {
    const std::set<std::string_view> groups(offer.target_groups().begin(),
                                            offer.target_groups().end());
    const std::set<std::string_view> wijken = WijkenOf(offer.districts());
    for (const std::string_view group : groups) {
      if (offer.all_districts()) ++everywhere[group];
      for (const std::string_view wijk : wijken) ++limited[{wijk, group}];
    }
  }
  const auto report = [this](std::string_view wijk, std::string_view group, size_t count) {
    if (count <= kMaxCandidatesPerCell) return;
    Error("offers", Concat("cell (", wijk, ", ", group, ") has ", count, " offers, most ",
                           kMaxCandidatesPerCell));
  };
  for (const auto& [group, count] : everywhere) report("all districts", group, count);
  for (const auto& [cell, count] : limited) {
    const auto shared = everywhere.find(cell.second);
    report(cell.first, cell.second, count + (shared == everywhere.end() ? 0 : shared->second));
  }
}

}  // namespace omzien::domain
