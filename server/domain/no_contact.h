// Someone who wants no contact: what that stops, for how long, and what ends it. As case_rules.h:
// pure operations on a case. The commit folder finds what other cases hold
// (server/commit/no_contact.h).
//
// A no holds until its `expire_time`, by comparison with `now`, unless it was ended. It never stops
// what is acute. Any thread, as long as no other uses the same case.

#ifndef OMZIEN_SERVER_DOMAIN_NO_CONTACT_H_
#define OMZIEN_SERVER_DOMAIN_NO_CONTACT_H_

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "omzien/storage/v1/records.pb.h"
#include "omzien/v1/referral_service.pb.h"

namespace omzien::domain {

// Where the catalogue doesn't say. Source: the comment at Municipality.do_not_contact_days.
inline constexpr uint32_t kDoNotContactDays = 365;
// Source: the comment at Case.earlier_noes.
inline constexpr int kEarlierNoesMax = 5;

// Said, not ended, and not expired.
bool Holds(const storage::v1::NoContact& no, absl::Time now);

// The no that holds for the case's person, said in it or before it: surest first, then the latest.
std::optional<v1::EarlierNo> NoInForce(const storage::v1::Case& c, absl::Time now);
// Whether one holds that is surely the person's.
bool HasSureNo(const storage::v1::Case& c, absl::Time now);
// Whether only humans, and of them professionals, take this case further: a no holds, and it isn't
// acute.
bool StopsAutomaticContact(const storage::v1::Case& c, absl::Time now);

// None of them changes versions, which the step that they are part of does.
//
// The person said no; what was said in this case before is replaced. `no` without end.
void SayNo(storage::v1::Case* c, storage::v1::NoContact no);
// What was found in other cases; replaces what was found before.
void NoteEarlierNoes(storage::v1::Case* c, std::vector<storage::v1::FoundNo> found);
// The signaller goes on hearing of whoever would call if nothing had been said: the first contact
// of `ordinary`, the same case without noes.
void KeepTelling(const storage::v1::Case& ordinary, storage::v1::Case* c);
// What was found in other cases and is `over` stops nothing in this one any more.
void ForgetNoes(storage::v1::Case* c, const std::function<bool(const storage::v1::FoundNo&)>& over);
// The person asked for contact at `said`: what was said before it, here or elsewhere, is over in
// this case.
void AskForContact(storage::v1::Case* c, absl::Time said, absl::Time now);
// Whether the case knows of a no, or of the end of one, that is later than `said`: attempts may be
// recorded out of order.
bool SaidSince(const storage::v1::Case& c, absl::Time said);
// When the person last asked for contact in this case; infinitely long ago where they didn't.
absl::Time AskedForContact(const storage::v1::Case& c);
// The case's own no is over, by case `ended_by`, or with none because it expired; nothing finds it
// any more. Nothing where there is none or it ended.
void EndNo(storage::v1::Case* c, std::string_view ended_by, absl::Time now);

}  // namespace omzien::domain

#endif  // OMZIEN_SERVER_DOMAIN_NO_CONTACT_H_
