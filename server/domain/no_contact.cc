#include "server/domain/no_contact.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "server/domain/times.h"

namespace omzien::domain {
namespace {

using storage::v1::Case;
using storage::v1::FoundNo;
using storage::v1::NoContact;

v1::EarlierNo OwnNo(const NoContact& no) {
  v1::EarlierNo own;
  *own.mutable_say_time() = no.say_time();
  *own.mutable_expire_time() = no.expire_time();
  own.set_same_person(v1::SAME_PERSON_SURE);
  return own;
}

auto RankOf(const v1::EarlierNo& no) {
  return std::make_pair(no.same_person(), TimeOf(no.say_time()));
}

}  // namespace

bool Holds(const NoContact& no, absl::Time now) {
  return no.has_say_time() && !no.has_end_time() && now < TimeOf(no.expire_time());
}

std::optional<v1::EarlierNo> NoInForce(const Case& c, absl::Time now) {
  std::optional<v1::EarlierNo> best;
  if (Holds(c.no_contact(), now)) best = OwnNo(c.no_contact());
  for (const FoundNo& found : c.earlier_noes()) {
    if (TimeOf(found.no().expire_time()) <= now) continue;
    if (!best.has_value() || RankOf(*best) < RankOf(found.no())) best = found.no();
  }
  return best;
}

bool HasSureNo(const Case& c, absl::Time now) {
  const auto no = NoInForce(c, now);
  return no.has_value() && no->same_person() == v1::SAME_PERSON_SURE;
}

bool StopsAutomaticContact(const Case& c, absl::Time now) {
  return c.signal().urgency() != v1::URGENCY_ACUTE && NoInForce(c, now).has_value();
}

void SayNo(Case* c, NoContact no) { *c->mutable_no_contact() = std::move(no); }

void NoteEarlierNoes(Case* c, std::vector<FoundNo> found) {
  std::ranges::sort(found, [](const FoundNo& a, const FoundNo& b) {
    return std::make_tuple(RankOf(b.no()), a.case_id()) <
           std::make_tuple(RankOf(a.no()), b.case_id());
  });
  if (found.size() > kEarlierNoesMax) found.resize(kEarlierNoesMax);
  c->mutable_earlier_noes()->Assign(found.begin(), found.end());
}

void KeepTelling(const Case& ordinary, Case* c) {
  const v1::FirstContact& told = ordinary.signal().first_contact();
  c->mutable_told_first_contact()->set_display_name(told.display_name());
  c->mutable_told_first_contact()->set_organisation(told.organisation());
}

void ForgetNoes(Case* c, const std::function<bool(const FoundNo&)>& over) {
  auto* const found = c->mutable_earlier_noes();
  found->erase(std::remove_if(found->begin(), found->end(), over), found->end());
}

void AskForContact(Case* c, absl::Time said, absl::Time now) {
  if (TimeOf(c->no_contact().say_time()) <= said) EndNo(c, c->id(), now);
  ForgetNoes(c, [said](const FoundNo& found) { return TimeOf(found.no().say_time()) <= said; });
}

bool SaidSince(const Case& c, absl::Time said) {
  const NoContact& no = c.no_contact();
  return (no.has_say_time() && TimeOf(no.say_time()) > said) ||
         (no.has_end_time() && TimeOf(no.end_time()) > said);
}

absl::Time AskedForContact(const Case& c) {
  absl::Time asked = absl::InfinitePast();
  for (const auto& record : c.referrals()) {
    for (const v1::ContactAttempt& attempt : record.referral().attempts()) {
      if (attempt.contact_wish() != v1::CONTACT_WISH_CONTACT) continue;
      asked = std::max(asked, TimeOf(attempt.attempt_time()));
    }
  }
  return asked;
}

void EndNo(Case* c, std::string_view ended_by, absl::Time now) {
  if (!c->has_no_contact() || c->no_contact().has_end_time()) return;
  NoContact* no = c->mutable_no_contact();
  *no->mutable_end_time() = TimestampOf(now);
  no->clear_hashes();
  no->set_ended_by(std::string(ended_by));
}

}  // namespace omzien::domain
