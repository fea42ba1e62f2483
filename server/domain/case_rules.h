// What may happen to a case, as pure operations on its clear record (DESIGN section 5). The
// commit folder prefetches the case, applies these, and stores the result with the sealed parts.
//
// Every operation that takes a Case* either returns OK and has changed the case, or returns an
// error and has left it untouched. Each change counts up the case's version and the version of the
// referral it touches, and sets the signal's update_time to `now`. Errors are FAILED_PRECONDITION
// unless said otherwise; a referral number that the case doesn't have is NOT_FOUND,
// REFERRAL_NOT_FOUND. Who may do it is not asked here (disclosure.h), nor is the etag, except by
// CheckEtag. Any thread, as long as no other uses the same case.

#ifndef OMZIEN_SERVER_DOMAIN_CASE_RULES_H_
#define OMZIEN_SERVER_DOMAIN_CASE_RULES_H_

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "google/type/date.pb.h"
#include "omzien/storage/v1/records.pb.h"
#include "omzien/v1/catalog.pb.h"
#include "omzien/v1/referral_service.pb.h"
#include "omzien/v1/signal_service.pb.h"
#include "server/domain/lifecycle.h"
#include "server/domain/matching.h"

namespace omzien::domain {

// In a case. A first contact that follows from one that ended is never refused for their number;
// only handing one over, and reopening, which begins anew with one.
inline constexpr int kFirstContactsMax = 100;
inline constexpr int kOfferReferralsMax = 50;
inline constexpr int kAttemptsMax = 100;           // in a referral
inline constexpr int kEarlierConsentsMax = 20;     // in a case
inline constexpr int kQuestionsMax = 5;            // in a case
inline constexpr int kTargetGroupsLearntMax = 20;  // in a case, with those stated at first
inline constexpr int kLifeEventsLearntMax = 20;    // likewise
inline constexpr size_t kFullOffersMax = 10;       // that a case waits for

// Who supports the person now, and is asked before anyone calls on the person.
struct AskFirst {
  std::string organisation;  // resource name; empty: nobody
  std::string display_name;
  std::string contact;  // public
};

struct NewReferral {
  v1::ReferralPurpose purpose = v1::REFERRAL_PURPOSE_UNSPECIFIED;
  std::string organisation;  // resource name
  std::string organisation_display_name;
  std::string offer;  // resource name; of purpose OFFER only
  std::string offer_display_name;
  v1::Sentence reason;
  absl::Time accept_by;
  absl::Time contact_by;
  bool introduced = false;  // by whoever had it before
  // Set when it is added, of a case that was escalated or is overdue by then.
  absl::Time escalate_time = absl::InfinitePast();
  AskFirst ask_first;  // of purpose FIRST_CONTACT only
};

// Pointers into the case; null when it has no such referral.
storage::v1::ReferralRecord* FindReferral(storage::v1::Case* c, uint32_t number);
const storage::v1::ReferralRecord* FindReferral(const storage::v1::Case& c, uint32_t number);
bool HasLiveReferral(const storage::v1::Case& c);

// "\"7\"" for version 7.
std::string EtagOf(uint64_t version);
// ABORTED, ETAG_MISMATCH with metadata "etag" unless `expected` is empty or the version's own.
absl::Status CheckEtag(std::string_view expected, uint64_t version);
// For who isn't shown the record: its etag counts its changes, so whoever could try them would
// learn how much was done. ABORTED, ETAG_MISMATCH unless `expected` is empty.
absl::Status CheckNoEtag(std::string_view expected);

// Appends a referral in state ASSIGNED under the next number and routes the signal; one for first
// contact brings a PLACED signal back to IN_CONTACT. The first one sets the case's first deadline;
// one for first contact, or any while nobody reached the person, becomes the signal's
// `first_contact`. Until the person was reached (since the case was reopened), the deadline of
// contact that one had goes on for the next: it gets no later one, but its own time to accept, of
// an acute signal not even that. A deadline that has passed, and an escalation, go with it, so that
// passing a case on hides nothing. ALREADY_REFERRED when the offer has a live referral;
// RESOURCE_EXHAUSTED, CASE_FULL; WRONG_STATE when the signal has ended.
absl::Status AddReferral(storage::v1::Case* c, NewReferral referral, absl::Time now);

// ASSIGNED or WAITLISTED -> ACCEPTED.
absl::Status Accept(storage::v1::Case* c, uint32_t number, absl::Time now);

// ASSIGNED -> DECLINED. The caller matches again.
absl::Status Decline(storage::v1::Case* c, uint32_t number, v1::DeclineReason reason,
                     absl::Time now);

// ACCEPTED -> WAITLISTED, with the day on which room is expected, if any. WRONG_PURPOSE for a first
// contact.
absl::Status Waitlist(storage::v1::Case* c, uint32_t number, const google::type::Date* expected_on,
                      absl::Time now);

// ACCEPTED, WAITLISTED or IN_PROGRESS -> FAILED. The caller finds who is responsible then.
absl::Status Fail(storage::v1::Case* c, uint32_t number, v1::FailReason reason, absl::Time now);

// Live -> HANDED_OVER; appends the successor, in ASSIGNED, and links the two. WRONG_PURPOSE unless
// the successor has the referral's purpose; of an OFFER, CONSENT_MISSING and ALREADY_REFERRED;
// RESOURCE_EXHAUSTED, CASE_FULL.
absl::Status HandOver(storage::v1::Case* c, uint32_t number, NewReferral successor, absl::Time now);

// ASSIGNED, ACCEPTED or WAITLISTED -> CANCELLED: someone else than its holder ends it. The caller
// finds who is responsible then.
absl::Status TakeBack(storage::v1::Case* c, uint32_t number, absl::Time now);

// ASSIGNED -> EXPIRED: nobody took it up in time. The caller finds who is responsible then.
absl::Status Expire(storage::v1::Case* c, uint32_t number, absl::Time now);

// Brings a live referral's deadlines forward to `by`, where they are later and the person wasn't
// reached in it. WRONG_STATE for one that ended.
absl::Status BringForward(storage::v1::Case* c, uint32_t number, absl::Time by, absl::Time now);

// Sets a live referral's escalate_time. WRONG_STATE for one that ended, was escalated, or in which
// the person was reached.
absl::Status Escalate(storage::v1::Case* c, uint32_t number, absl::Time now);

// The deadline that a referral has to keep next: of acceptance while it is ASSIGNED, then of
// contact. Infinite for one that has none to keep any more: it ended, was escalated, or the person
// was reached in it.
absl::Time NextDeadline(const v1::Referral& referral);

// Takes over what matching says `today`, with since when demand is unmet. It doesn't count up the
// version.
void SetProposed(storage::v1::Case* c, Proposed proposed, absl::CivilDay today);

// Counts up the version, for what matching alone changed.
void MarkChanged(storage::v1::Case* c, absl::Time now);

// Whether something better is waited for: follow-up goes on, demand is unmet, and the person isn't
// with an offer yet (on its waiting list doesn't count as with it); or nobody covers the place.
bool IsWaiting(const storage::v1::Case& c);

// Appends an attempt whose identifying fields were moved out. On an ASSIGNED referral it implies
// acceptance. Reaching the PERSON moves the referral to IN_PROGRESS and the signal to IN_CONTACT,
// with the time of the attempt as contact time. What was learnt goes into the signal (a district
// into its place, target groups into those stated too; the caller matches again). MOVED and
// DECEASED end nothing by themselves: a human completes the referral. INVALID_ARGUMENT for an
// attempt before the signal was received; PERMISSION_DENIED, ROLE_NOT_ALLOWED for a report under
// the Wmo decided by who isn't to know the situation; RESOURCE_EXHAUSTED, CASE_FULL.
absl::Status RecordAttempt(storage::v1::Case* c, uint32_t number,
                           const v1::ContactAttempt& clear_attempt, absl::Time now);

// The same for an attempt that was made before the signal was received, by whoever submitted it: it
// keeps its own time, and where it reached the person, contact counts from the receipt.
absl::Status RecordFirstAttempt(storage::v1::Case* c, uint32_t number,
                                const v1::ContactAttempt& clear_attempt, absl::Time now);

// Replaces the consent in force, which joins the earlier ones. Live referrals to offers that it
// doesn't cover are CANCELLED; the caller finds who is responsible then. With `withdraw_time` set
// it is taken back, also after the signal ended. RESOURCE_EXHAUSTED, CASE_FULL, but never for
// taking it back: then the oldest of the earlier ones makes room.
absl::Status RecordConsent(storage::v1::Case* c, const v1::Consent& consent, absl::Time now);

// Whether whoever holds referral `number` may record this consent. Taking one back is open to all
// who hold or held a referral. Giving one is the first-contact party's, while the referral is live
// or was completed as PLACED: an organisation with an offer can't write itself a yes.
// PERMISSION_DENIED, ROLE_NOT_ALLOWED; WRONG_STATE; INVALID_ARGUMENT for a consent older than the
// taking back on record.
absl::Status CheckConsentBy(const storage::v1::Case& c, uint32_t number,
                            const v1::Consent& consent);

// Whether a consent is in force that names the organisation (a resource name) or names none. Being
// one's own signaller is consent to first contact only, and none to any offer.
bool ConsentCovers(const storage::v1::Case& c, std::string_view organisation);
// What may be shared with it; empty without cover. A consent that says nothing about what covers
// contact details and situation.
std::set<v1::ConsentScope> ScopesFor(const storage::v1::Case& c, std::string_view organisation);

// First contact is done: completes first-contact referral `number` as PLACED and adds the others.
// PERSON_NOT_REACHED, CONSENT_MISSING (to any of the organisations), ALREADY_REFERRED, WRONG_STATE;
// RESOURCE_EXHAUSTED, CASE_FULL.
absl::Status Place(storage::v1::Case* c, uint32_t number, std::vector<NewReferral> referrals,
                   absl::Time now);

// Whether a referral to an offer was completed as CONNECTED since the case was opened (last), and
// nothing is live any more: then the person has someone, and is sent on to nobody unasked.
bool IsConnected(const storage::v1::Case& c);

// Closes the signal as CONNECTED. WRONG_STATE when it has ended.
absl::Status CloseAsConnected(storage::v1::Case* c, absl::Time now);

// Ends a referral with an outcome; the signal closes with it when no referral is live any more.
// CONNECTED, ADVICE_ONLY, PERSON_DECLINED and NO_OFFER need the person reached in this referral
// (PERSON_NOT_REACHED), PERSON_DECLINED at least a person who REFUSED or who surely said before
// that they want no contact (no_contact.h); the others need an attempt in it, with anyone
// (TOO_FEW_ATTEMPTS), so that no outcome hides that nothing was done. CONNECTED plans a new look at
// `after_check`. UNREACHABLE needs the rule's outgoing attempts to the person over its number of
// channels (TOO_FEW_ATTEMPTS), none of which reached. ALREADY_SUPPORTED plans a new look, too.
// While a report under the Wmo isn't decided the signal doesn't close: WMO_REPORT_UNDECIDED for the
// last first contact; after the last offer the signal stays open, and the caller finds who is
// responsible then. INVALID_ARGUMENT for PLACED.
absl::Status Complete(storage::v1::Case* c, uint32_t number, v1::Outcome outcome,
                      const v1::UnreachableRule& rule, absl::Time after_check, absl::Time now);

// A question to the signaller, of a live first-contact referral: the signal is NEEDS_INFO, and
// waits for an answer until `lapse_time`. WRONG_PURPOSE; WRONG_STATE, also while one waits;
// SIGNALLER_WITHDREW; RESOURCE_EXHAUSTED, CASE_FULL.
absl::Status AskSignaller(storage::v1::Case* c, uint32_t number, absl::Time lapse_time,
                          absl::Time now);

// Whether a question waits for the signaller's answer: that it lapses when the person is reached is
// not for the signaller to see, so an answer is taken until its time has passed or the signal
// ended.
bool QuestionWaits(const storage::v1::Case& c, absl::Time now);

// The signaller answers; a signal that is NEEDS_INFO goes back to where it was asked. NO_QUESTION.
absl::Status AnswerQuestion(storage::v1::Case* c, absl::Time now);

// Where the signal stands at `now`: a question that has lapsed leaves it where it was asked.
v1::SignalState StateAt(const storage::v1::Case& c, absl::Time now);

// The signaller withdraws. Before the person was reached: cancels all that is live, WITHDRAWN.
// After, or of an acute signal, or while a report under the Wmo is POSSIBLE: a remark
// (`withdraw_remark_time`, the first one), and follow-up goes on.
absl::Status Withdraw(storage::v1::Case* c, absl::Time now);

// Open -> REDIRECTED: someone else took over. Cancels all that is live. WMO_REPORT_UNDECIDED while
// a report under the Wmo is POSSIBLE and `decided` doesn't say what becomes of it.
absl::Status Redirect(storage::v1::Case* c, v1::WmoReport decided, absl::Time now);

// CLOSED, WITHDRAWN or REDIRECTED -> RECEIVED, without outcome; the caller finds who calls first. A
// withdrawal becomes a remark. RESOURCE_EXHAUSTED, CASE_FULL.
absl::Status Reopen(storage::v1::Case* c, absl::Time now);

// Whether the referral ended before the case was reopened (last): it says nothing any more of what
// to try now.
bool IsOfBeforeReopening(const storage::v1::Case& c, const v1::Referral& referral);

// Live, `contact_by` has passed, and the person was not reached in it.
bool IsOverdue(const v1::Referral& referral, absl::Time now);

}  // namespace omzien::domain

#endif  // OMZIEN_SERVER_DOMAIN_CASE_RULES_H_
