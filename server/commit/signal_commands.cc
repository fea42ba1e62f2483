// What is done with a signal as a whole once it is there: withdraw, reopen, redirect.

#include <algorithm>
#include <memory>
#include <utility>

#include "omzien/v1/error_reason.pb.h"
#include "server/commit/commands.h"
#include "server/commit/routing.h"
#include "server/commit/signal_edit.h"
#include "server/domain/errors.h"
#include "server/domain/times.h"

namespace omzien::commit {
namespace {

using storage::v1::SealedText;

// --- withdraw ---

// The refusal names the state as the signaller knows it: who withdrew before hears the same whether
// that stopped follow-up or not.
absl::Status CheckNotClosed(const storage::v1::Case& record) {
  if (domain::SignallerStatusOf(record) != v1::SIGNALLER_STATUS_CLOSED) return absl::OkStatus();
  return domain::Error(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_WRONG_STATE,
                       "the signal is CLOSED, which doesn't allow this", {{"state", "CLOSED"}});
}

absl::StatusOr<std::string> Withdraw(const v1::WithdrawSignalRequest& request, SignalEdit& edit) {
  absl::Status status = CheckNotClosed(*edit.record());
  if (status.ok()) status = domain::CheckNoEtag(request.etag());
  if (status.ok()) status = domain::Withdraw(edit.record(), edit.now());
  if (!status.ok()) return status;
  SealText(*edit.edit, 0, SealedText::KIND_WITHDRAWAL, request.reason());
  return domain::SignalFor(*edit.record(), domain::AsSignaller(), nullptr, edit.now())
      .SerializeAsString();
}

// --- reopen, redirect ---

bool IsFirstContactOf(const storage::v1::ReferralRecord& record,
                      const domain::Relations& relations) {
  return record.referral().purpose() == v1::REFERRAL_PURPOSE_FIRST_CONTACT &&
         domain::MayAct(relations, record.number());
}

// The redirection took it from them, so that they are no first contact any more.
bool HadItWhenRedirected(const storage::v1::Case& record, const domain::Relations& relations) {
  if (record.signal().state() != v1::SIGNAL_STATE_REDIRECTED) return false;
  const absl::Time redirected = domain::TimeOf(record.signal().close_time());
  return std::ranges::any_of(record.referrals(), [&](const auto& item) {
    return item.referral().state() == v1::REFERRAL_STATE_CANCELLED &&
           domain::TimeOf(item.referral().end_time()) == redirected &&
           IsFirstContactOf(item, relations);
  });
}

// Who coordinates may, and who has or completed the first contact.
bool MayReopen(const storage::v1::Case& record, const domain::Relations& relations) {
  return relations.Has(domain::Relation::kCoordinator) ||
         relations.Has(domain::Relation::kFirstContact) || HadItWhenRedirected(record, relations);
}

// Who coordinates may, and who has the first contact now.
bool MayRedirect(const storage::v1::Case& record, const domain::Relations& relations) {
  return relations.Has(domain::Relation::kCoordinator) ||
         std::ranges::any_of(record.referrals(), [&relations](const auto& item) {
           return domain::IsLive(item.referral().state()) && IsFirstContactOf(item, relations);
         });
}

absl::StatusOr<std::string> Reopen(const v1::ReopenSignalRequest& request, SignalEdit& edit) {
  absl::Status status = domain::CheckEtag(request.etag(), edit.record()->version());
  if (status.ok()) status = domain::Reopen(edit.record(), edit.now());
  if (!status.ok()) return status;
  SealText(*edit.edit, 0, SealedText::KIND_REOPENING, request.reason());
  Rematch(edit.edit->reading(), *edit.catalogue, edit.record());
  status = BackToFirstContact(*edit.catalogue, edit.record(), edit.now());
  if (!status.ok()) return status;
  return AnswerFor(edit);
}

absl::StatusOr<std::string> Redirect(const v1::RedirectSignalRequest& request, SignalEdit& edit) {
  absl::Status status = domain::CheckEtag(request.etag(), edit.record()->version());
  if (status.ok()) status = domain::Redirect(edit.record(), request.wmo_report(), edit.now());
  if (!status.ok()) return status;
  SealText(*edit.edit, 0, SealedText::KIND_REDIRECTION, request.taken_over_by());
  return AnswerFor(edit);
}

}  // namespace

std::unique_ptr<Command> WithdrawSignal(Ask ask, const v1::WithdrawSignalRequest& request) {
  return OnSignal<v1::WithdrawSignalRequest>(std::move(ask), request, {&IsSignaller, &Withdraw});
}

std::unique_ptr<Command> ReopenSignal(Ask ask, const v1::ReopenSignalRequest& request) {
  return OnSignal<v1::ReopenSignalRequest>(std::move(ask), request, {&MayReopen, &Reopen});
}

std::unique_ptr<Command> RedirectSignal(Ask ask, const v1::RedirectSignalRequest& request) {
  return OnSignal<v1::RedirectSignalRequest>(std::move(ask), request, {&MayRedirect, &Redirect});
}

}  // namespace omzien::commit
