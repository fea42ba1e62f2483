#include "server/commit/first_attempt.h"

#include <string>
#include <utility>
#include <vector>

#include "server/commit/routing.h"
#include "server/domain/case_rules.h"
#include "server/domain/days.h"
#include "server/domain/first_contact.h"
#include "server/domain/lifecycle.h"
#include "server/domain/names.h"

namespace omzien::commit {
namespace {

constexpr uint32_t kNumber = kFirstAttemptReferral;

// False: nothing fits that the consent covers, or nothing may be placed unasked.
bool PlaceAtOnce(Reading* reading, const domain::Catalogue& catalogue, storage::v1::Case* record) {
  const absl::Time now = reading->now();
  const v1::Referral& first_contact = domain::FindReferral(*record, kNumber)->referral();
  if (!first_contact.has_contact_time() || !MaySkipFirstContact(*record, now)) return false;
  for (domain::NewReferral& best : CoveredByConsent(reading, catalogue, *record)) {
    std::vector<domain::NewReferral> one;
    one.push_back(std::move(best));
    if (domain::Place(record, kNumber, std::move(one), now).ok()) return true;
  }
  return false;
}

}  // namespace

absl::Status BeginWithFirstAttempt(const v1::ContactAttempt& clear_attempt,
                                   const domain::Catalogue& catalogue, Reading* reading,
                                   storage::v1::Case* record) {
  const v1::Signal& signal = record->signal();
  const absl::Time now = reading->now();
  const std::string organisation(domain::LastSegment(signal.organisation()));
  const bool reached = clear_attempt.with() == v1::CONTACT_WITH_PERSON &&
                       clear_attempt.result() == v1::CONTACT_RESULT_REACHED;
  const auto party = domain::MadeContactItself(catalogue, organisation, reached);
  absl::Status status =
      domain::AddReferral(record, FirstContactReferral(catalogue, party, *record, now), now);
  if (status.ok()) status = domain::RecordFirstAttempt(record, kNumber, clear_attempt, now);
  if (!status.ok()) return status;
  Rematch(reading, catalogue, record);
  if (PlaceAtOnce(reading, catalogue, record)) return absl::OkStatus();

  const domain::ResolvedPlace place = CallersPlace(catalogue, *record, now);
  const absl::CivilDay today = domain::Today(now, catalogue.time_zone());
  const bool professionals = domain::NeedsProfessionals(signal.age_band(), signal.urgency());
  const domain::HandedOver how{party.display_name, reached, professionals};
  const v1::SignallerKind kind = signal.signaller_kind();
  if (domain::TakesOverAs(catalogue, organisation, place, kind, today, how).ok()) {
    return absl::OkStatus();  // it goes on itself
  }
  auto next = domain::FirstContactFor(catalogue, place, kind, today, professionals);
  if (!next.ok()) next = domain::EntranceTeam(catalogue, domain::EntranceCause::kNobodyElse);
  // Nobody else calls there: who made contact keeps it.
  if (!next.ok()) return absl::OkStatus();
  return domain::HandOver(record, kNumber, FirstContactReferral(catalogue, *next, *record, now),
                          now);
}

}  // namespace omzien::commit
