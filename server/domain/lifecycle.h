// The lifecycles of a signal and of a referral: one table each (DESIGN section 5). What moves
// along an arrow, and what else must hold for it, stands in case_rules.h.
//
// Overdue is no state: it is derived when read. Pure; any thread.

#ifndef OMZIEN_SERVER_DOMAIN_LIFECYCLE_H_
#define OMZIEN_SERVER_DOMAIN_LIFECYCLE_H_

#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "omzien/v1/referral_service.pb.h"
#include "omzien/v1/signal_service.pb.h"

namespace omzien::domain {

enum class ReferralEvent {
  kAccept,
  kDecline,
  kAttempt,      // a contact attempt that didn't reach the person
  kReachPerson,  // one that did
  kPlace,        // first contact is done: placed with an offer
  kComplete,
  kWaitlist,
  kHandOver,
  kExpire,
  kFail,
  kTakeBack,  // by who placed it, handed it over, or coordinates
  kCancel,
};
inline constexpr int kReferralEvents = 12;

enum class SignalEvent {
  kRoute,    // a referral was added
  kUnmatch,  // no first-contact party covers the place
  kAsk,      // a question to the signaller
  kAnswer,   // or it lapsed; where the person had been reached by then, kReturn
  kReachPerson,
  kPlace,
  kClose,
  kWithdraw,  // after contact it is a remark, and the state stays
  kRedirect,
  kReopen,
  kMerge,
  kEnterInError,
  kErase,
  kGiveConsent,
  kTakeBackConsent,
  kReturn,  // first contact is asked for again, after placing
};
inline constexpr int kSignalEvents = 16;

struct ReferralTransition {
  v1::ReferralState from;
  ReferralEvent event;
  v1::ReferralState to;
};

struct SignalTransition {
  v1::SignalState from;
  SignalEvent event;
  v1::SignalState to;
};

// Everything that is allowed; what isn't listed isn't.
std::span<const ReferralTransition> ReferralTransitions();
std::span<const SignalTransition> SignalTransitions();

// The state after the event; FAILED_PRECONDITION, WRONG_STATE with metadata "state" when the table
// has no such arrow.
absl::StatusOr<v1::ReferralState> Next(v1::ReferralState state, ReferralEvent event);
absl::StatusOr<v1::SignalState> Next(v1::SignalState state, SignalEvent event);

// Someone has it and should act on it.
bool IsLive(v1::ReferralState state);
// Follow-up goes on, or should.
bool IsOpen(v1::SignalState state);

// "ACCEPTED"; the number for a state that the contract doesn't know.
std::string StateName(v1::ReferralState state);
std::string StateName(v1::SignalState state);

}  // namespace omzien::domain

#endif  // OMZIEN_SERVER_DOMAIN_LIFECYCLE_H_
