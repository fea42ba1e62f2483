#include "server/commit/routing.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "omzien/v1/error_reason.pb.h"
#include "server/domain/days.h"
#include "server/domain/deadlines.h"
#include "server/domain/errors.h"
#include "server/domain/names.h"
#include "server/domain/no_contact.h"
#include "server/domain/times.h"
#include "storage/keys.h"

namespace omzien::commit {
namespace {

std::string Id(std::string_view name) { return std::string(domain::LastSegment(name)); }

bool NeedsProfessionals(const v1::Signal& signal) {
  return domain::NeedsProfessionals(signal.age_band(), signal.urgency());
}

// Who supports the person already is asked before anyone calls.
domain::AskFirst AskFirstOf(const domain::Catalogue& catalogue, const v1::Signal& signal,
                            std::string_view caller) {
  const v1::Organisation* const support =
      catalogue.organisation(domain::LastSegment(signal.current_support().organisation()));
  if (support == nullptr || support->id() == caller) return {};
  return {domain::OrganisationName(catalogue.municipality().code(), support->id()),
          support->display_name(), support->contact()};
}

// Acute signals have a deadline by the clock, or the end of the day, and are to be taken up by
// then.
absl::Time AcuteDeadline(const domain::Catalogue& catalogue, absl::Time now) {
  const uint32_t hours = catalogue.municipality().acute().contact_hours();
  return hours > 0 ? now + absl::Hours(hours)
                   : domain::DeadlineAfter(now, 0, catalogue.time_zone());
}

// With those that follow from age band and language, always from what these are now.
domain::Ids GroupsOf(const domain::Catalogue& catalogue, const storage::v1::Case& record) {
  std::vector<std::string> stated;
  for (const std::string& name : record.stated_target_groups()) stated.push_back(Id(name));
  return domain::GroupsOf(catalogue, stated, record.signal().age_band(),
                          record.signal().language());
}

// What follows is shown with what was said, so that figures count it.
void SetTargetGroups(const domain::Catalogue& catalogue, storage::v1::Case* record) {
  v1::Signal* signal = record->mutable_signal();
  domain::Ids groups = GroupsOf(catalogue, *record);
  groups.erase(catalogue.everyone_group());
  signal->clear_target_groups();
  for (const std::string& group : groups) {
    signal->add_target_groups(domain::TargetGroupName(record->municipality(), group));
  }
}

absl::Status NotEligible(const std::string& why) {
  return domain::Error(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_OFFER_NOT_ELIGIBLE,
                       why);
}

// Others are joined by oneself, or only known of.
bool CanBeReferredTo(const v1::Offer& offer) {
  return offer.mode() == v1::REFERRAL_MODE_DIRECT || offer.mode() == v1::REFERRAL_MODE_ASK_FIRST;
}

// What matching says of an offer that someone chose.
absl::Status CheckEligible(const v1::Offer& offer, const v1::OfferMatch& match) {
  if (!match.fits()) return NotEligible(match.reason().en());
  if (!CanBeReferredTo(offer)) {
    return NotEligible("people join this offer by themselves; no referral is made");
  }
  return absl::OkStatus();
}

absl::Status AssignEntranceTeam(const domain::Catalogue& catalogue, domain::EntranceCause cause,
                                storage::v1::Case* record, absl::Time now) {
  auto party = domain::EntranceTeam(catalogue, cause);
  if (!party.ok()) return party.status();
  return domain::AddReferral(record, FirstContactReferral(catalogue, *party, *record, now), now);
}

// What the case has cancelled since it was read: the offers' rows still count it.
std::vector<storage::v1::ReferralRecord> GivenBack(Reading* reading,
                                                   const storage::v1::Case& record) {
  std::vector<storage::v1::ReferralRecord> cancelled;
  for (const auto& item : record.referrals()) {
    const v1::Referral& referral = item.referral();
    if (!referral.offer().empty() && referral.state() == v1::REFERRAL_STATE_CANCELLED) {
      cancelled.push_back(item);
    }
  }
  if (cancelled.empty()) return {};
  const std::string* const row =
      reading->Get(storage::keys::Case(record.municipality(), record.id()));
  storage::v1::Case before;
  if (row != nullptr) before.ParseFromString(*row);
  std::erase_if(cancelled, [&before](const storage::v1::ReferralRecord& item) {
    const storage::v1::ReferralRecord* const was = domain::FindReferral(before, item.number());
    return was == nullptr || !domain::IsLive(was->referral().state());
  });
  return cancelled;
}

void TakeOff(const storage::v1::ReferralRecord& referral, storage::v1::OfferLoad* load) {
  const auto less = [](uint32_t live) { return live - std::min(live, 1U); };
  load->set_live_referrals(less(load->live_referrals()));
  for (auto& group : *load->mutable_groups()) {
    if (std::ranges::find(referral.counted_groups(), group.target_group()) ==
        referral.counted_groups().end()) {
      continue;
    }
    group.set_live_referrals(less(group.live_referrals()));
  }
}

// Loads as they are once this decision on the case is written.
domain::LoadOf LoadsFor(Reading* reading, const storage::v1::Case& record) {
  return [loads = LoadsOf(reading, record.municipality()),
          given_back = GivenBack(reading, record)](std::string_view offer_id) {
    storage::v1::OfferLoad load = loads(offer_id);
    for (const auto& referral : given_back) {
      if (domain::LastSegment(referral.referral().offer()) == offer_id) TakeOff(referral, &load);
    }
    return load;
  };
}

bool WasTakenBack(const storage::v1::Case& record, std::string_view offer) {
  return std::ranges::any_of(record.referrals(), [offer](const auto& item) {
    return item.taken_back() && item.referral().offer() == offer;
  });
}

// Referrals to those of them that the consent covers and that take referrals. `fitting` are
// proposals or matches.
template <class Fitting>
void AddCovered(const domain::Catalogue& catalogue, const storage::v1::Case& record, absl::Time now,
                const Fitting& fitting, std::vector<domain::NewReferral>* covered) {
  if (!domain::ConsentCovers(record, fitting.organisation())) return;
  if (WasTakenBack(record, fitting.offer())) return;
  const v1::Offer* offer = catalogue.offer(domain::LastSegment(fitting.offer()));
  if (offer == nullptr || !CanBeReferredTo(*offer)) return;
  covered->push_back(OfferReferral(catalogue, *offer, fitting.reason(), now));
}

// What fits of who supports the person already, also what isn't among the first, which are what is
// proposed.
std::vector<v1::OfferMatch> FittingOfSupport(Reading* reading, const domain::Catalogue& catalogue,
                                             const storage::v1::Case& record) {
  const std::string& support = record.signal().current_support().organisation();
  if (support.empty() || !domain::ConsentCovers(record, support)) return {};
  const auto query = QueryFor(catalogue, record, reading->now());
  auto found = domain::MatchCandidates(catalogue, query, LoadsFor(reading, record));
  std::vector<v1::OfferMatch> fitting;
  for (v1::OfferMatch& match : found.matches) {
    if (match.fits() && match.organisation() == support) fitting.push_back(std::move(match));
  }
  return fitting;
}

}  // namespace

domain::ResolvedPlace PlaceOf(const domain::Catalogue& catalogue, const v1::Signal& signal) {
  domain::ResolvedPlace place;
  place.candidates = domain::InForce(catalogue, signal.districts());
  place.unknown = place.candidates.empty();
  if (place.candidates.size() == 1 &&
      place.candidates.front().certainty() == v1::CERTAINTY_STATED) {
    place.certain_wijk =
        std::string(catalogue.WijkOf(domain::LastSegment(place.candidates.front().district())));
  }
  return place;
}

domain::MatchQuery QueryFor(const domain::Catalogue& catalogue, const storage::v1::Case& record,
                            absl::Time now) {
  const v1::Signal& signal = record.signal();
  domain::ResolvedPlace place = PlaceOf(catalogue, signal);
  domain::MatchQuery query;
  query.places = std::move(place.candidates);
  query.certain_wijk = std::move(place.certain_wijk);
  query.need = signal.need();
  query.groups = GroupsOf(catalogue, record);
  for (const std::string& name : signal.life_events()) query.life_events.insert(Id(name));
  query.language = signal.language();
  query.age_band = signal.age_band();
  query.household = signal.household();
  query.circumstances = signal.circumstances();
  query.professionals_only = NeedsProfessionals(signal);
  query.day = domain::Today(now, catalogue.time_zone());
  for (const auto& item : record.referrals()) {
    const v1::Referral& referral = item.referral();
    // A cancelled one was never tried: the person said not now, or not them, and may say otherwise.
    if (referral.offer().empty() || referral.state() == v1::REFERRAL_STATE_CANCELLED) continue;
    if (domain::IsOfBeforeReopening(record, referral)) continue;
    query.excluded_offers.insert(Id(referral.offer()));
  }
  return query;
}

domain::LoadOf LoadsOf(Reading* reading, const std::string& municipality) {
  return [reading, municipality](std::string_view offer_id) {
    storage::v1::OfferLoad load;
    const std::string* row = reading->Get(storage::keys::OfferLoad(municipality, offer_id));
    if (row != nullptr) load.ParseFromString(*row);
    return load;
  };
}

void Rematch(Reading* reading, const domain::Catalogue& catalogue, storage::v1::Case* record) {
  const auto districts = domain::InForce(catalogue, record->signal().districts());
  record->mutable_signal()->mutable_districts()->Assign(districts.begin(), districts.end());
  SetTargetGroups(catalogue, record);
  domain::SetProposed(record,
                      domain::Propose(catalogue, QueryFor(catalogue, *record, reading->now()),
                                      LoadsFor(reading, *record)),
                      domain::Today(reading->now(), catalogue.time_zone()));
}

domain::NewReferral FirstContactReferral(const domain::Catalogue& catalogue,
                                         const domain::FirstContactParty& party,
                                         const storage::v1::Case& record, absl::Time now) {
  const v1::Deadlines& deadlines = catalogue.municipality().deadlines();
  domain::NewReferral referral;
  referral.purpose = v1::REFERRAL_PURPOSE_FIRST_CONTACT;
  referral.organisation = domain::OrganisationName(record.municipality(), party.organisation);
  referral.organisation_display_name = party.display_name;
  referral.reason = party.reason;
  referral.accept_by = domain::DeadlineAfter(now, deadlines.accept_days(), catalogue.time_zone());
  referral.contact_by =
      domain::DeadlineAfter(now, deadlines.first_contact_days(), catalogue.time_zone());
  referral.ask_first = AskFirstOf(catalogue, record.signal(), party.organisation);
  if (record.signal().urgency() == v1::URGENCY_ACUTE) {
    const absl::Time by = AcuteDeadline(catalogue, now);
    referral.contact_by = std::min(referral.contact_by, by);
    referral.accept_by = std::min(referral.accept_by, by);
  }
  return referral;
}

domain::NewReferral OfferReferral(const domain::Catalogue& catalogue, const v1::Offer& offer,
                                  v1::Sentence reason, absl::Time now) {
  const std::string& municipality = catalogue.municipality().code();
  const v1::Deadlines& deadlines = catalogue.municipality().deadlines();
  const v1::Organisation* organisation = catalogue.organisation(offer.organisation());
  domain::NewReferral referral;
  referral.purpose = v1::REFERRAL_PURPOSE_OFFER;
  referral.organisation = domain::OrganisationName(municipality, offer.organisation());
  referral.organisation_display_name =
      organisation == nullptr ? offer.organisation() : organisation->display_name();
  referral.offer = domain::OfferName(municipality, offer.id());
  referral.offer_display_name = offer.display_name();
  referral.reason = std::move(reason);
  referral.accept_by = domain::DeadlineAfter(now, deadlines.accept_days(), catalogue.time_zone());
  referral.contact_by =
      domain::DeadlineAfter(now, deadlines.offer_contact_days(), catalogue.time_zone());
  return referral;
}

Chosen Choose(Reading* reading, const domain::Catalogue& catalogue, const domain::MatchQuery& query,
              const v1::Offer& offer) {
  const v1::OfferMatch match =
      domain::MatchOne(catalogue, query, offer, LoadsOf(reading, catalogue.municipality().code()));
  return {OfferReferral(catalogue, offer, match.reason(), reading->now()),
          CheckEligible(offer, match)};
}

bool MaySkipFirstContact(const storage::v1::Case& record, absl::Time now) {
  return record.has_consent() && !NeedsProfessionals(record.signal()) &&
         !domain::StopsAutomaticContact(record, now);
}

domain::ResolvedPlace CallersPlace(const domain::Catalogue& catalogue,
                                   const storage::v1::Case& record, absl::Time now) {
  domain::ResolvedPlace place = PlaceOf(catalogue, record.signal());
  if (domain::StopsAutomaticContact(record, now)) place.certain_wijk.clear();
  return place;
}

std::vector<domain::NewReferral> CoveredByConsent(Reading* reading,
                                                  const domain::Catalogue& catalogue,
                                                  const storage::v1::Case& record) {
  std::vector<domain::NewReferral> covered;
  for (const v1::OfferMatch& match : FittingOfSupport(reading, catalogue, record)) {
    AddCovered(catalogue, record, reading->now(), match, &covered);
  }
  for (const v1::Proposal& proposal : record.signal().proposals()) {
    AddCovered(catalogue, record, reading->now(), proposal, &covered);
  }
  return covered;
}

bool PlaceWithBest(Reading* reading, const domain::Catalogue& catalogue,
                   storage::v1::Case* record) {
  if (!MaySkipFirstContact(*record, reading->now())) return false;
  for (domain::NewReferral& best : CoveredByConsent(reading, catalogue, *record)) {
    if (domain::AddReferral(record, std::move(best), reading->now()).ok()) return true;
  }
  return false;
}

absl::Status AssignFirstContact(const domain::Catalogue& catalogue, storage::v1::Case* record,
                                absl::Time now) {
  auto party = domain::FirstContactFor(
      catalogue, CallersPlace(catalogue, *record, now), record->signal().signaller_kind(),
      domain::Today(now, catalogue.time_zone()), NeedsProfessionals(record->signal()));
  // Where only volunteers call first, what is for professionals is the entrance team's.
  const bool for_professionals =
      NeedsProfessionals(record->signal()) || domain::StopsAutomaticContact(*record, now);
  if (!party.ok() && for_professionals) {
    return AssignEntranceTeam(catalogue, domain::EntranceCause::kNobodyElse, record, now);
  }
  if (!party.ok()) return party.status();
  return domain::AddReferral(record, FirstContactReferral(catalogue, *party, *record, now), now);
}

absl::Status BackToFirstContact(const domain::Catalogue& catalogue, storage::v1::Case* record,
                                absl::Time now) {
  const absl::Status assigned = AssignFirstContact(catalogue, record, now);
  if (domain::ReasonOf(assigned) != "NO_FIRST_CONTACT_PARTY") return assigned;
  return AssignEntranceTeam(catalogue, domain::EntranceCause::kNobodyElse, record, now);
}

absl::Status PassToEntranceTeam(const domain::Catalogue& catalogue, storage::v1::Case* record,
                                std::string_view organisation, absl::Time now) {
  const v1::Team* team = catalogue.team(catalogue.municipality().entrance_team());
  if (team != nullptr && team->organisation() == domain::LastSegment(organisation)) {
    return domain::Error(absl::StatusCode::kFailedPrecondition,
                         v1::ERROR_REASON_NOBODY_TO_PASS_ON_TO,
                         "the entrance team has nobody to pass a first contact on to");
  }
  return AssignEntranceTeam(catalogue, domain::EntranceCause::kTakesOver, record, now);
}

void RaiseBy(const domain::Catalogue& catalogue, const std::string& text, v1::Signal* signal) {
  if (catalogue.crisis_words().AnyIn(text)) {
    signal->set_urgency(v1::URGENCY_ACUTE);
  } else if (signal->urgency() == v1::URGENCY_UNSPECIFIED) {
    signal->set_urgency(v1::URGENCY_ORDINARY);
  }
  if (signal->wmo_report() == v1::WMO_REPORT_UNSPECIFIED && catalogue.wmo_words().AnyIn(text)) {
    signal->set_wmo_report(v1::WMO_REPORT_POSSIBLE);
  }
}

absl::Status GiveToProfessionals(const domain::Catalogue& catalogue, storage::v1::Case* record,
                                 absl::Time now) {
  const auto first_contact = std::ranges::find_if(record->referrals(), [](const auto& item) {
    return item.referral().purpose() == v1::REFERRAL_PURPOSE_FIRST_CONTACT &&
           domain::IsLive(item.referral().state());
  });
  if (first_contact == record->referrals().end()) {
    return BackToFirstContact(catalogue, record, now);
  }
  const uint32_t number = first_contact->number();
  const v1::Signal& signal = record->signal();
  const domain::ResolvedPlace place = PlaceOf(catalogue, signal);
  const absl::CivilDay today = domain::Today(now, catalogue.time_zone());
  domain::HandedOver how{first_contact->referral().organisation_display_name(), false, true};
  const bool professional =
      domain::TakesOverAs(catalogue, Id(first_contact->referral().organisation()), place,
                          signal.signaller_kind(), today, how)
          .ok();
  const auto hasten = [&] {
    if (signal.urgency() != v1::URGENCY_ACUTE) return absl::OkStatus();
    return domain::BringForward(record, number, AcuteDeadline(catalogue, now), now);
  };
  if (professional) return hasten();
  auto party = domain::FirstContactFor(catalogue, place, signal.signaller_kind(), today,
                                       /*professionals_only=*/true);
  if (!party.ok()) party = domain::EntranceTeam(catalogue, domain::EntranceCause::kTakesOver);
  if (!party.ok()) return hasten();
  const absl::Status handed_over =
      domain::HandOver(record, number, FirstContactReferral(catalogue, *party, *record, now), now);
  // One that changed hands too often stays where it is.
  return absl::IsResourceExhausted(handed_over) ? hasten() : handed_over;
}

absl::Status FollowThePerson(const domain::Catalogue& catalogue,
                             const domain::ResolvedPlace& former_place, storage::v1::Case* record,
                             uint32_t number, absl::Time now) {
  // A human decides where it goes.
  if (domain::StopsAutomaticContact(*record, now)) return absl::OkStatus();
  const v1::Referral& referral = domain::FindReferral(*record, number)->referral();
  const bool with_an_offer = std::ranges::any_of(record->referrals(), [](const auto& item) {
    return item.referral().purpose() == v1::REFERRAL_PURPOSE_OFFER &&
           domain::IsLive(item.referral().state());
  });
  if (referral.purpose() != v1::REFERRAL_PURPOSE_FIRST_CONTACT ||
      !domain::IsLive(referral.state()) || with_an_offer) {
    return absl::OkStatus();
  }
  const auto party = domain::FollowsThePerson(
      catalogue,
      {domain::LastSegment(referral.organisation()), referral.organisation_display_name(),
       former_place},
      CallersPlace(catalogue, *record, now), record->signal().signaller_kind(),
      domain::Today(now, catalogue.time_zone()), NeedsProfessionals(record->signal()));
  if (!party.has_value()) return absl::OkStatus();
  const absl::Status handed_over =
      domain::HandOver(record, number, FirstContactReferral(catalogue, *party, *record, now), now);
  // One that changed hands too often stays where it is.
  return absl::IsResourceExhausted(handed_over) ? absl::OkStatus() : handed_over;
}

absl::Status EndConnected(const domain::Catalogue& catalogue, storage::v1::Case* record,
                          absl::Time now) {
  if (record->signal().wmo_report() == v1::WMO_REPORT_POSSIBLE) {
    return BackToFirstContact(catalogue, record, now);
  }
  return domain::CloseAsConnected(record, now);
}

absl::Status ReturnToFirstContact(Reading* reading, const domain::Catalogue& catalogue,
                                  storage::v1::Case* record) {
  if (!domain::IsOpen(record->signal().state())) return absl::OkStatus();
  Rematch(reading, catalogue, record);
  if (domain::HasLiveReferral(*record)) return absl::OkStatus();
  if (domain::IsConnected(*record)) return EndConnected(catalogue, record, reading->now());
  return BackToFirstContact(catalogue, record, reading->now());
}

absl::Status MoveOn(Reading* reading, const domain::Catalogue& catalogue,
                    storage::v1::Case* record) {
  Rematch(reading, catalogue, record);
  if (domain::HasLiveReferral(*record)) return absl::OkStatus();
  if (domain::IsConnected(*record)) return EndConnected(catalogue, record, reading->now());
  if (PlaceWithBest(reading, catalogue, record)) return absl::OkStatus();
  return BackToFirstContact(catalogue, record, reading->now());
}

}  // namespace omzien::commit
