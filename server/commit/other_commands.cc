// The commands that aren't about a referral: withdrawing a signal, noting that details are about to
// be opened.

#include <memory>
#include <utility>

#include "omzien/v1/error_reason.pb.h"
#include "server/commit/case_edit.h"
#include "server/commit/commands.h"
#include "server/crypto/secret.h"
#include "server/domain/case_rules.h"
#include "server/domain/disclosure.h"
#include "server/domain/errors.h"
#include "server/domain/names.h"
#include "server/domain/times.h"
#include "storage/keys.h"

namespace omzien::commit {
namespace {

namespace keys = storage::keys;

// The refusal names the state as the signaller knows it: who withdrew before hears the same whether
// that stopped follow-up or not.
absl::Status CheckNotClosed(const storage::v1::Case& record) {
  if (domain::SignallerStatusOf(record) != v1::SIGNALLER_STATUS_CLOSED) return absl::OkStatus();
  return domain::Error(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_WRONG_STATE,
                       "the signal is CLOSED, which doesn't allow this", {{"state", "CLOSED"}});
}

// The record's etag counts its changes: a signaller who could try them would learn how much was
// done.
absl::Status CheckNoEtag(const std::string& etag) {
  if (etag.empty()) return absl::OkStatus();
  return domain::Error(absl::StatusCode::kAborted, v1::ERROR_REASON_ETAG_MISMATCH,
                       "a signal is shown to its signaller without an etag, so none matches");
}

absl::StatusOr<Decision> Withdraw(const v1::WithdrawSignalRequest& request,
                                  const domain::NameParts& name, const domain::Caller& caller,
                                  Reading& reading) {
  absl::StatusOr<CaseEdit> edit = CaseEdit::Load(&reading, name.municipality, name.id);
  if (!edit.ok()) return absl::IsNotFound(edit.status()) ? SignalNotFound() : edit.status();
  storage::v1::Case* record = edit->record();
  const std::string organisation(domain::LastSegment(record->signal().organisation()));
  if (!caller.OrganisationsAs(name.municipality, domain::Role::kSignaller).contains(organisation)) {
    return SignalNotFound();
  }
  absl::Status status = CheckNotClosed(*record);
  if (status.ok()) status = CheckNoEtag(request.etag());
  if (status.ok()) status = domain::Withdraw(record, edit->now());
  if (!status.ok()) return status;
  if (!request.reason().empty()) {
    storage::v1::SealedEntry entry;
    entry.mutable_text()->set_kind(storage::v1::SealedText::KIND_WITHDRAWAL);
    entry.mutable_text()->set_text(request.reason());
    edit->AddSealed(std::move(entry));
  }
  std::string answer = domain::SignalFor(*record, domain::AsSignaller()).SerializeAsString();
  return (*std::move(edit)).Finish(std::move(answer));
}

}  // namespace

std::unique_ptr<Command> WithdrawSignal(Ask ask, const v1::WithdrawSignalRequest& request) {
  const domain::NameParts name =
      domain::ParseSignalName(request.name()).value_or(domain::NameParts{});
  auto shared = std::make_shared<const v1::WithdrawSignalRequest>(request);
  const domain::Caller caller = ask.caller;
  return std::make_unique<Mutation>(
      std::move(ask), std::vector<std::string>{keys::Case(name.municipality, name.id)}, nullptr,
      [shared, name, caller](Reading& reading) { return Withdraw(*shared, name, caller, reading); },
      /*exclusive=*/false);
}

std::unique_ptr<Command> AppendAudit(std::string municipality, std::string case_id,
                                     storage::v1::AuditEntry entry) {
  const crypto::Secret nonce = crypto::Secret::Random();
  const std::string suffix(reinterpret_cast<const char*>(nonce.data()), 8);
  return std::make_unique<Plain>(
      std::vector<std::string>{},
      [municipality = std::move(municipality), case_id = std::move(case_id),
       entry = std::move(entry), suffix](Reading& reading) -> absl::StatusOr<Decision> {
        storage::v1::AuditEntry stamped = entry;
        *stamped.mutable_read_time() = domain::TimestampOf(reading.now());
        Decision decision;
        decision.writes.push_back(
            {keys::Audit(municipality, case_id, absl::ToUnixMicros(reading.now()), suffix),
             stamped.SerializeAsString()});
        return decision;
      });
}

}  // namespace omzien::commit
