// What happens without anyone asking: a deadline passes, something new may fit. No caller, no
// request_id and no answer: run again, each finds nothing left to do.

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "google/protobuf/util/message_differencer.h"
#include "server/commit/case_edit.h"
#include "server/commit/commands.h"
#include "server/commit/mutation.h"
#include "server/commit/no_contact.h"
#include "server/commit/routing.h"
#include "server/domain/case_rules.h"
#include "server/domain/errors.h"
#include "server/domain/no_contact.h"
#include "storage/keys.h"

namespace omzien::commit {
namespace {

// A case on its way, with what a step may need.
struct Unasked {
  CaseEdit* edit;
  const domain::Catalogue* catalogue;

  storage::v1::Case* record() const { return edit->record(); }
};

// False: there is nothing to do, and nothing was changed.
using Step = std::function<absl::StatusOr<bool>(Unasked)>;

absl::StatusOr<Decision> Apply(const std::string& municipality, const std::string& case_id,
                               const Step& step, Reading& reading) {
  const auto catalogue = reading.catalogue(municipality);
  if (catalogue == nullptr) return Decision();
  absl::StatusOr<CaseEdit> edit = CaseEdit::Load(&reading, municipality, case_id);
  if (absl::IsNotFound(edit.status())) return Decision();
  if (!edit.ok()) return edit.status();
  ForgetEndedNoes(*edit);
  const auto changed = step({&*edit, catalogue.get()});
  if (!changed.ok()) return changed.status();
  if (!*changed) return Decision();
  auto decision = (*std::move(edit)).Finish("");
  if (decision.ok()) decision->change.mutable_cases(0)->set_by_itself(true);
  return decision;
}

std::unique_ptr<Command> OnCase(std::string municipality, std::string case_id, Step step) {
  std::vector<std::string> keys = {storage::keys::Case(municipality, case_id)};
  return std::make_unique<Plain>(
      std::move(keys), [municipality = std::move(municipality), case_id = std::move(case_id),
                        step = std::move(step)](Reading& reading) {
        return Apply(municipality, case_id, step, reading);
      });
}

// Ends a referral that nobody took up, and finds who is next. FAILED_PRECONDITION, and the case as
// it was, when that is nobody.
absl::Status GiveToNext(Unasked unasked, uint32_t number) {
  storage::v1::Case trial = *unasked.record();
  const absl::Time now = unasked.edit->now();
  if (absl::Status status = domain::Expire(&trial, number, now); !status.ok()) return status;
  const v1::Referral& expired = domain::FindReferral(trial, number)->referral();
  const absl::Status passed_on = expired.purpose() == v1::REFERRAL_PURPOSE_OFFER
                                     ? MoveOn(unasked.edit->reading(), *unasked.catalogue, &trial)
                                     : PassToEntranceTeam(*unasked.catalogue, &trial,
                                                          std::string(expired.organisation()), now);
  if (passed_on.ok()) *unasked.record() = std::move(trial);
  return passed_on;
}

absl::StatusOr<bool> Pass(Unasked unasked, uint32_t number) {
  const storage::v1::ReferralRecord* found = domain::FindReferral(*unasked.record(), number);
  const absl::Time now = unasked.edit->now();
  if (found == nullptr || now <= domain::NextDeadline(found->referral())) return false;
  // Who wanted no contact stays with who has it: only a human hands such a case on.
  if (found->referral().state() == v1::REFERRAL_STATE_ASSIGNED &&
      !domain::StopsAutomaticContact(*unasked.record(), now)) {
    const absl::Status passed_on = GiveToNext(unasked, number);
    if (passed_on.ok()) return true;
    if (!absl::IsFailedPrecondition(passed_on)) return passed_on;
  }
  absl::Status escalated = domain::Escalate(unasked.record(), number, now);
  if (!escalated.ok()) return escalated;
  return true;
}

absl::StatusOr<bool> Renew(Unasked unasked) {
  storage::v1::Case* record = unasked.record();
  if (!domain::IsWaiting(*record)) return false;
  const absl::Time now = unasked.edit->now();
  const storage::v1::Case before = *record;
  Rematch(unasked.edit->reading(), *unasked.catalogue, record);
  if (record->signal().state() == v1::SIGNAL_STATE_UNMATCHED) {
    const absl::Status assigned = AssignFirstContact(*unasked.catalogue, record, now);
    if (assigned.ok()) return true;
    if (domain::ReasonOf(assigned) != "NO_FIRST_CONTACT_PARTY") return assigned;
  }
  if (google::protobuf::util::MessageDifferencer::Equals(before, *record)) return false;
  domain::MarkChanged(record, now);
  return true;
}

}  // namespace

std::unique_ptr<Command> PassDeadline(std::string municipality, std::string case_id,
                                      uint32_t number) {
  return OnCase(std::move(municipality), std::move(case_id),
                [number](Unasked unasked) { return Pass(unasked, number); });
}

std::unique_ptr<Command> MatchAgain(std::string municipality, std::string case_id) {
  return OnCase(std::move(municipality), std::move(case_id), &Renew);
}

}  // namespace omzien::commit
