// When an offer takes place: recurrence rules of RFC 5545 (evaluated by libical), and days on which
// those who do it are away.
//
// A rule is a client's text, so what may stand in one is a small part of RFC 5545, chosen so that
// looking for the next day is a bounded amount of work:
//   FREQ        DAILY, WEEKLY, MONTHLY or YEARLY; required
//   INTERVAL    1 to 52
//   COUNT       1 to 100; or UNTIL=20261231, a day; not both
//   BYDAY       days of the week; MONTHLY and YEARLY also the first to fifth of a month, from its
//   start
//               (2TU) or its end (-1SU). Not with DAILY
//   BYMONTHDAY  1 to 31, from the end -1 to -31; with MONTHLY and YEARLY
//   BYMONTH     1 to 12; not with DAILY. YEARLY needs it beside BYDAY or BYMONTHDAY
//   WKST        a day of the week
// and the first day must itself be one of the rule's, so that there is always one to be found.
//
// Pure; may be called from any thread.

#ifndef OMZIEN_SERVER_DOMAIN_RECURRENCE_H_
#define OMZIEN_SERVER_DOMAIN_RECURRENCE_H_

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/civil_time.h"
#include "omzien/v1/catalog.pb.h"

namespace omzien::domain {

// Years a recurrence may begin in, and be asked about.
inline constexpr int kFirstScheduleYear = 2000;
inline constexpr int kLastScheduleYear = 2199;
// As far as any look-ahead goes.
inline constexpr int kLookAheadDaysMax = 366;
// What a municipality's look-ahead is when it states none.
inline constexpr int kUsualLookAheadDays = 31;

// How far ahead the municipality looks.
inline int LookAheadDays(const v1::Municipality& municipality) {
  const auto days = static_cast<int>(municipality.look_ahead_days());
  return days == 0 ? kUsualLookAheadDays : days;
}

// What is wrong with a rule, for the steward; empty: nothing. An empty rule is right: it stands for
// the first day alone.
std::string WhatIsWrongWithRule(std::string_view rule, absl::CivilDay first_day);

// The day on which those who do the offer are back; nullopt when they aren't away on `day`.
std::optional<absl::CivilDay> BackOn(const v1::Offer& offer, absl::CivilDay day);

// The next days of one offer with a schedule. It remembers the last answer, which holds until that
// day has passed: libical takes tens of microseconds, and signals come by the thousand.
class NextDays {
 public:
  NextDays() = default;
  // A copy remembers nothing: it may be of another offer.
  NextDays(const NextDays& /*other*/) {}
  NextDays& operator=(const NextDays&) = delete;

  // The first day from `day` on on which the offer takes place and nobody is away; nullopt when
  // there is none within kLookAheadDaysMax. `offer` has passed CheckCatalogue() and is the same
  // each time.
  std::optional<absl::CivilDay> From(const v1::Offer& offer, absl::CivilDay day) const;

 private:
  // The days from the upper half's to the lower half's have the lower half's for an answer: see
  // DayNumber(). 0: nothing is remembered.
  mutable std::atomic<uint64_t> remembered_{0};
};

}  // namespace omzien::domain

#endif  // OMZIEN_SERVER_DOMAIN_RECURRENCE_H_
