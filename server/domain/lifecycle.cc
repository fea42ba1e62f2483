#include "server/domain/lifecycle.h"

#include <array>
#include <string_view>

#include "server/domain/errors.h"

namespace omzien::domain {
namespace {

constexpr auto kAssigned = v1::REFERRAL_STATE_ASSIGNED;
constexpr auto kAccepted = v1::REFERRAL_STATE_ACCEPTED;
constexpr auto kInProgress = v1::REFERRAL_STATE_IN_PROGRESS;
constexpr auto kWaitlisted = v1::REFERRAL_STATE_WAITLISTED;

using R = ReferralEvent;

constexpr auto kReferralTransitions = std::to_array<ReferralTransition>({
    {kAssigned, R::kAccept, kAccepted},
    {kAssigned, R::kDecline, v1::REFERRAL_STATE_DECLINED},
    // Who tries to make contact has taken it up: nobody should have to press a button first.
    {kAssigned, R::kAttempt, kAccepted},
    {kAssigned, R::kReachPerson, kInProgress},
    {kAssigned, R::kHandOver, v1::REFERRAL_STATE_HANDED_OVER},
    {kAssigned, R::kExpire, v1::REFERRAL_STATE_EXPIRED},
    // From someone who reached the person it isn't taken any more.
    {kAssigned, R::kTakeBack, v1::REFERRAL_STATE_CANCELLED},
    {kAssigned, R::kCancel, v1::REFERRAL_STATE_CANCELLED},

    {kAccepted, R::kAttempt, kAccepted},
    {kAccepted, R::kReachPerson, kInProgress},
    {kAccepted, R::kComplete, v1::REFERRAL_STATE_COMPLETED},
    {kAccepted, R::kWaitlist, kWaitlisted},
    {kAccepted, R::kHandOver, v1::REFERRAL_STATE_HANDED_OVER},
    {kAccepted, R::kFail, v1::REFERRAL_STATE_FAILED},
    {kAccepted, R::kTakeBack, v1::REFERRAL_STATE_CANCELLED},
    {kAccepted, R::kCancel, v1::REFERRAL_STATE_CANCELLED},

    {kWaitlisted, R::kAccept, kAccepted},
    {kWaitlisted, R::kAttempt, kWaitlisted},
    {kWaitlisted, R::kReachPerson, kInProgress},
    {kWaitlisted, R::kComplete, v1::REFERRAL_STATE_COMPLETED},
    {kWaitlisted, R::kHandOver, v1::REFERRAL_STATE_HANDED_OVER},
    // The waiting may have been in vain.
    {kWaitlisted, R::kFail, v1::REFERRAL_STATE_FAILED},
    {kWaitlisted, R::kTakeBack, v1::REFERRAL_STATE_CANCELLED},
    {kWaitlisted, R::kCancel, v1::REFERRAL_STATE_CANCELLED},

    {kInProgress, R::kAttempt, kInProgress},
    {kInProgress, R::kReachPerson, kInProgress},
    {kInProgress, R::kPlace, v1::REFERRAL_STATE_COMPLETED},
    {kInProgress, R::kComplete, v1::REFERRAL_STATE_COMPLETED},
    {kInProgress, R::kHandOver, v1::REFERRAL_STATE_HANDED_OVER},
    {kInProgress, R::kFail, v1::REFERRAL_STATE_FAILED},
    {kInProgress, R::kCancel, v1::REFERRAL_STATE_CANCELLED},
});

constexpr auto kReceived = v1::SIGNAL_STATE_RECEIVED;
constexpr auto kNeedsInfo = v1::SIGNAL_STATE_NEEDS_INFO;
constexpr auto kRouted = v1::SIGNAL_STATE_ROUTED;
constexpr auto kUnmatched = v1::SIGNAL_STATE_UNMATCHED;
constexpr auto kInContact = v1::SIGNAL_STATE_IN_CONTACT;
constexpr auto kPlaced = v1::SIGNAL_STATE_PLACED;
constexpr auto kClosed = v1::SIGNAL_STATE_CLOSED;
constexpr auto kWithdrawn = v1::SIGNAL_STATE_WITHDRAWN;
constexpr auto kRedirected = v1::SIGNAL_STATE_REDIRECTED;
constexpr auto kMerged = v1::SIGNAL_STATE_MERGED;
constexpr auto kInError = v1::SIGNAL_STATE_ENTERED_IN_ERROR;
constexpr auto kErased = v1::SIGNAL_STATE_ERASED;

using S = SignalEvent;

constexpr auto kSignalTransitions = std::to_array<SignalTransition>({
    {kReceived, S::kRoute, kRouted},
    {kReceived, S::kUnmatch, kUnmatched},
    {kReceived, S::kWithdraw, kWithdrawn},
    {kReceived, S::kRedirect, kRedirected},
    {kReceived, S::kMerge, kMerged},
    {kReceived, S::kEnterInError, kInError},
    {kReceived, S::kErase, kErased},
    {kReceived, S::kGiveConsent, kReceived},
    {kReceived, S::kTakeBackConsent, kReceived},

    // Whoever has it goes on meanwhile: another party gets it with its question, and what ends or
    // moves it otherwise does so with the question open. It goes back to where it was asked.
    {kNeedsInfo, S::kAnswer, kRouted},
    {kNeedsInfo, S::kReturn, kInContact},
    {kNeedsInfo, S::kRoute, kNeedsInfo},
    {kNeedsInfo, S::kReachPerson, kInContact},
    {kNeedsInfo, S::kPlace, kPlaced},
    {kNeedsInfo, S::kClose, kClosed},
    {kNeedsInfo, S::kUnmatch, kUnmatched},
    {kNeedsInfo, S::kWithdraw, kWithdrawn},
    {kNeedsInfo, S::kRedirect, kRedirected},
    {kNeedsInfo, S::kMerge, kMerged},
    {kNeedsInfo, S::kEnterInError, kInError},
    {kNeedsInfo, S::kErase, kErased},
    {kNeedsInfo, S::kGiveConsent, kNeedsInfo},
    {kNeedsInfo, S::kTakeBackConsent, kNeedsInfo},

    {kUnmatched, S::kRoute, kRouted},
    {kUnmatched, S::kClose, kClosed},
    {kUnmatched, S::kWithdraw, kWithdrawn},
    {kUnmatched, S::kRedirect, kRedirected},
    {kUnmatched, S::kMerge, kMerged},
    {kUnmatched, S::kEnterInError, kInError},
    {kUnmatched, S::kErase, kErased},
    {kUnmatched, S::kGiveConsent, kUnmatched},
    {kUnmatched, S::kTakeBackConsent, kUnmatched},

    // A referral that was declined is followed by another.
    {kRouted, S::kRoute, kRouted},
    {kRouted, S::kUnmatch, kUnmatched},
    {kRouted, S::kAsk, kNeedsInfo},
    {kRouted, S::kReachPerson, kInContact},
    {kRouted, S::kClose, kClosed},
    {kRouted, S::kWithdraw, kWithdrawn},
    {kRouted, S::kRedirect, kRedirected},
    {kRouted, S::kMerge, kMerged},
    {kRouted, S::kEnterInError, kInError},
    {kRouted, S::kErase, kErased},
    {kRouted, S::kGiveConsent, kRouted},
    {kRouted, S::kTakeBackConsent, kRouted},

    {kInContact, S::kRoute, kInContact},
    {kInContact, S::kAsk, kNeedsInfo},
    {kInContact, S::kReachPerson, kInContact},
    {kInContact, S::kPlace, kPlaced},
    {kInContact, S::kClose, kClosed},
    {kInContact, S::kWithdraw, kInContact},
    {kInContact, S::kRedirect, kRedirected},
    {kInContact, S::kMerge, kMerged},
    {kInContact, S::kEnterInError, kInError},
    {kInContact, S::kErase, kErased},
    {kInContact, S::kGiveConsent, kInContact},
    {kInContact, S::kTakeBackConsent, kInContact},

    {kPlaced, S::kRoute, kPlaced},
    // Whoever calls again may place again.
    {kPlaced, S::kReturn, kInContact},
    {kPlaced, S::kReachPerson, kPlaced},
    {kPlaced, S::kPlace, kPlaced},
    {kPlaced, S::kClose, kClosed},
    {kPlaced, S::kWithdraw, kPlaced},
    {kPlaced, S::kRedirect, kRedirected},
    {kPlaced, S::kMerge, kMerged},
    {kPlaced, S::kEnterInError, kInError},
    {kPlaced, S::kErase, kErased},
    {kPlaced, S::kGiveConsent, kPlaced},
    {kPlaced, S::kTakeBackConsent, kPlaced},

    // A consent may be taken back for as long as there is anything left that it covers.
    {kClosed, S::kReopen, kReceived},
    {kClosed, S::kEnterInError, kInError},
    {kClosed, S::kErase, kErased},
    {kClosed, S::kTakeBackConsent, kClosed},

    {kRedirected, S::kReopen, kReceived},
    {kRedirected, S::kClose, kClosed},
    {kRedirected, S::kEnterInError, kInError},
    {kRedirected, S::kErase, kErased},
    {kRedirected, S::kTakeBackConsent, kRedirected},

    {kWithdrawn, S::kReopen, kReceived},
    {kWithdrawn, S::kEnterInError, kInError},
    {kWithdrawn, S::kErase, kErased},
    {kWithdrawn, S::kTakeBackConsent, kWithdrawn},

    {kMerged, S::kErase, kErased},
    {kMerged, S::kTakeBackConsent, kMerged},
    {kInError, S::kErase, kErased},
    {kInError, S::kTakeBackConsent, kInError},
});

std::string ShortName(std::string_view name, std::string_view prefix, int number) {
  if (!name.starts_with(prefix)) return std::to_string(number);
  return std::string(name.substr(prefix.size()));
}

absl::Status WrongState(std::string_view what, std::string state) {
  std::string message = "the " + std::string(what) + " is " + state + ", which doesn't allow this";
  return Error(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_WRONG_STATE, message,
               {{"state", std::move(state)}});
}

}  // namespace

std::span<const ReferralTransition> ReferralTransitions() { return kReferralTransitions; }
std::span<const SignalTransition> SignalTransitions() { return kSignalTransitions; }

absl::StatusOr<v1::ReferralState> Next(v1::ReferralState state, ReferralEvent event) {
  for (const ReferralTransition& transition : kReferralTransitions) {
    if (transition.from == state && transition.event == event) return transition.to;
  }
  return WrongState("referral", StateName(state));
}

absl::StatusOr<v1::SignalState> Next(v1::SignalState state, SignalEvent event) {
  for (const SignalTransition& transition : kSignalTransitions) {
    if (transition.from == state && transition.event == event) return transition.to;
  }
  return WrongState("signal", StateName(state));
}

bool IsLive(v1::ReferralState state) {
  return state == kAssigned || state == kAccepted || state == kInProgress || state == kWaitlisted;
}

bool IsOpen(v1::SignalState state) {
  return state == kReceived || state == kNeedsInfo || state == kRouted || state == kUnmatched ||
         state == kInContact || state == kPlaced;
}

std::string StateName(v1::ReferralState state) {
  return ShortName(v1::ReferralState_Name(state), "REFERRAL_STATE_", state);
}

std::string StateName(v1::SignalState state) {
  return ShortName(v1::SignalState_Name(state), "SIGNAL_STATE_", state);
}

}  // namespace omzien::domain
