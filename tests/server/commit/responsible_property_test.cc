// Every open signal has someone responsible: after whatever anyone asked for, through the commands
// themselves, as time passes and catalogues change.

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/commit/commands.h"
#include "server/domain/case_rules.h"
#include "server/domain/lifecycle.h"
#include "server/domain/names.h"
#include "server/domain/no_contact.h"
#include "tests/server/commit/world.h"
#include "tests/server/domain/property_cases.h"

namespace omzien::commit::testing {
namespace {

using domain::testing::UpTo;
using storage::v1::Case;

// A world takes longer to make than a step.
constexpr int kStepsMost = 20;

const std::vector<std::string> kWijken = {"WK990101", "WK990102", "WK990103"};

template <typename Enum>
Enum AnyOf(int max) {
  return static_cast<Enum>(1 + UpTo(max - 1));
}

std::string OneOf(const std::vector<std::string>& of) {
  return of[static_cast<size_t>(UpTo(static_cast<int>(of.size()) - 1))];
}

// The wijken that the team serves, and whose mandate is the village's, change; offers end.
struct AnyTown {
  v1::Catalog catalog;
  std::set<std::string> served;

  static AnyTown New() {
    AnyTown town;
    for (const std::string& wijk : kWijken) {
      if (UpTo(2) > 0) town.served.insert(wijk);
    }
    if (town.served.empty()) town.served.insert(kWijken.front());
    town.catalog = OffersCatalog({town.served.begin(), town.served.end()});
    for (v1::Offer& offer : *town.catalog.mutable_offers()) {
      if (UpTo(4) == 0) offer.set_status(v1::OFFER_STATUS_ENDED);
      if (UpTo(2) == 0) offer.set_capacity(1);
    }
    v1::AcuteRule* const acute = town.catalog.mutable_municipality()->mutable_acute();
    acute->add_words("dood");
    acute->mutable_call()->set_nl("Bel 112 bij gevaar.");
    acute->mutable_call()->set_en("Call 112 in danger.");
    acute->set_contact_hours(4);
    if (UpTo(1) == 0) town.AddMandate();
    return town;
  }

  void AddMandate() {
    v1::Mandate* const mandate = catalog.add_mandates();
    mandate->set_organisation("dorpsteam");
    mandate->add_districts("WK990102");
    mandate->mutable_since()->set_year(2024);
    mandate->mutable_since()->set_month(1);
    mandate->mutable_since()->set_day(1);
    mandate->set_data_agreement("D-2024-1");
    mandate->set_professionals(UpTo(1) == 0);
    served.insert("WK990102");
  }
};

// One signal, and all that is done with it.
class Life {
 public:
  Life() : town_(AnyTown::New()), world_(With(town_.catalog)) {
    v1::SubmitSignalRequest request = Submission(UpTo(4) == 0 ? "" : OneOf(kWijken));
    v1::Signal* const signal = request.mutable_signal();
    signal->set_need(UpTo(1) == 0 ? v1::NEED_VISIT : v1::NEED_UNKNOWN);
    if (UpTo(1) == 0) signal->set_age_band(AnyOf<v1::AgeBand>(v1::AgeBand_MAX));
    if (UpTo(2) == 0) *signal->mutable_consent() = Consent();
    if (UpTo(4) == 0) signal->set_own_words("ze wil dood");
    if (UpTo(4) == 0) signal->mutable_current_support()->set_organisation(Org("ontvanger"));
    const auto submitted = world_.Submit(Shop(), request);
    RC_ASSERT(submitted.ok());
    name_ = submitted->signal().name();
    MayBeUncovered();
  }

  Case record() { return world_.CaseOf(name_); }

  // Whether anything was done doesn't matter: what there is afterwards does.
  void Step() {
    const int had = record().referrals_size();
    const bool stopped = domain::StopsAutomaticContact(record(), world_.now());
    handed_over_ = false;
    Do();
    if (stopped && !handed_over_) CheckNotVolunteers(had);
  }

  void Do() {
    switch (UpTo(9)) {
      case 0:
        return Pass();
      case 1:
        return ChangeTown();
      case 2:
        return OnSignal();
      default:
        return OnReferral(static_cast<uint32_t>(1 + UpTo(record().referrals_size())));
    }
  }

  // Of who wants no contact nothing goes to volunteers by itself: only a human hands it to them.
  void CheckNotVolunteers(int had) {
    const Case now = record();
    if (!domain::StopsAutomaticContact(now, world_.now())) return;
    for (const v1::Mandate& mandate : town_.catalog.mandates()) {
      if (mandate.professionals()) return;
    }
    for (int i = had; i < now.referrals_size(); ++i) {
      const v1::Referral& added = now.referrals(i).referral();
      if (added.purpose() != v1::REFERRAL_PURPOSE_FIRST_CONTACT) continue;
      RC_ASSERT(added.organisation() != Org("dorpsteam"));
    }
  }

  // That nobody covers the place is the one reason for nobody to have it.
  void CheckSomeoneIsResponsible() {
    const Case now = record();
    int live = 0;
    std::map<std::string, int> by_offer;
    for (const auto& item : now.referrals()) {
      const v1::Referral& referral = item.referral();
      if (!domain::IsLive(referral.state())) continue;
      ++live;
      RC_ASSERT(!referral.organisation().empty());
      if (!referral.offer().empty()) RC_ASSERT(++by_offer[referral.offer()] == 1);
    }
    const v1::SignalState state = now.signal().state();
    const bool nobody = state == v1::SIGNAL_STATE_UNMATCHED || !domain::IsOpen(state);
    RC_ASSERT(nobody == (live == 0));
    RC_ASSERT(state != v1::SIGNAL_STATE_UNMATCHED || was_uncovered_);
    // What is acute, and minors, the entrance team has where nobody else may.
    const bool for_professionals = now.signal().urgency() == v1::URGENCY_ACUTE ||
                                   now.signal().age_band() == v1::AGE_BAND_UNDER_18;
    RC_ASSERT(state != v1::SIGNAL_STATE_UNMATCHED || !for_professionals);
  }

 private:
  static WorldOptions With(const v1::Catalog& catalog) {
    WorldOptions options;
    options.catalog = catalog;
    return options;
  }

  std::string Referral(uint32_t number) const {
    return domain::ReferralName(kGM, domain::LastSegment(name_), number);
  }
  // The one who holds it, or anyone.
  domain::Caller HolderOf(uint32_t number) {
    const Case now = record();
    const auto* item = domain::FindReferral(now, number);
    const std::string organisation = item == nullptr ? "" : item->referral().organisation();
    const bool first =
        item != nullptr && item->referral().purpose() == v1::REFERRAL_PURPOSE_FIRST_CONTACT;
    if (UpTo(15) == 0) return Receiver();
    if (organisation == Org("ontvanger")) return Receiver();
    if (organisation != Org("dorpsteam")) return Team();
    if (!first) return Village();
    domain::Caller callers = Village();
    callers.grants = {{kGM, "dorpsteam", domain::Role::kFirstContact}};
    return callers;
  }
  template <class Request>
  Request Of(uint32_t number) const {
    Request request;
    request.set_name(Referral(number));
    return request;
  }

  void MayBeUncovered() {
    const Case now = record();
    for (const auto& district : now.signal().districts()) {
      const std::string code(domain::LastSegment(district.district()));
      if (!town_.served.contains(code)) was_uncovered_ = true;
    }
  }

  // Time goes on, and what was to be done by then wasn't.
  void Pass() {
    world_.Advance(absl::Hours(24 * (1 + UpTo(12))));
    const std::string case_id(domain::LastSegment(name_));
    for (int number = 1; number <= record().referrals_size(); ++number) {
      RC_ASSERT(world_.Run(PassDeadline(kGM, case_id, static_cast<uint32_t>(number))).ok());
    }
  }

  void ChangeTown() {
    town_ = AnyTown::New();
    RC_ASSERT(world_.Import(town_.catalog).ok());
    MayBeUncovered();
    if (UpTo(1) == 0) return;
    RC_ASSERT(world_.Run(MatchAgain(kGM, std::string(domain::LastSegment(name_)))).ok());
    const v1::Signal signal = record().signal();
    if (signal.state() != v1::SIGNAL_STATE_UNMATCHED) return;
    // Still: then this catalogue has nobody there either.
    for (const auto& district : signal.districts()) {
      RC_ASSERT(!town_.served.contains(std::string(domain::LastSegment(district.district()))));
    }
  }

  void OnSignal() {
    switch (UpTo(4)) {
      case 0: {
        v1::RedirectSignalRequest request;
        request.set_name(name_);
        request.set_taken_over_by("crisisdienst");
        return (void)world_.Redirect(UpTo(1) == 0 ? Team() : Coordinator(), request).ok();
      }
      case 1: {
        v1::WithdrawSignalRequest request;
        request.set_name(name_);
        return (void)world_.Withdraw(Shop(), request).ok();
      }
      case 2: {
        v1::AnswerQuestionRequest request;
        request.set_name(name_);
        request.set_text("boven de bakker");
        if (UpTo(1) == 0) {
          request.mutable_place()->set_district(domain::DistrictName(kGM, OneOf(kWijken)));
        }
        (void)world_.AnswerIt(Shop(), request).ok();
        return MayBeUncovered();
      }
      default: {
        v1::ReopenSignalRequest request;
        request.set_name(name_);
        request.set_reason("weer alleen");
        (void)world_.Reopen(Coordinator(), request).ok();
        return MayBeUncovered();
      }
    }
  }

  void OnReferral(uint32_t number) {
    const domain::Caller caller = HolderOf(number);
    switch (UpTo(14)) {
      case 0:
        return (void)world_.Accept(caller, Of<v1::AcceptReferralRequest>(number)).ok();
      case 1:
      case 2: {
        auto request = Of<v1::DeclineReferralRequest>(number);
        request.set_reason(AnyOf<v1::DeclineReason>(v1::DeclineReason_MAX));
        request.set_text("kan niet");
        return (void)world_.Decline(caller, request).ok();
      }
      case 3:
        return (void)world_.Waitlist(caller, Of<v1::WaitlistReferralRequest>(number)).ok();
      case 4: {
        auto request = Of<v1::FailReferralRequest>(number);
        request.set_reason(AnyOf<v1::FailReason>(v1::FailReason_MAX));
        request.set_text("lukt niet");
        return (void)world_.Fail(caller, request).ok();
      }
      case 5:
        return HandOver(caller, number);
      case 6: {
        auto request = Of<v1::AskSignallerRequest>(number);
        request.set_text("welke straat?");
        return (void)world_.AskIt(caller, request).ok();
      }
      case 7: {
        auto request = Of<v1::RecordConsentRequest>(number);
        *request.mutable_consent() = UpTo(1) == 0 ? Consent() : Consent({"ontvanger"});
        if (UpTo(1) == 0) {
          *request.mutable_consent()->mutable_withdraw_time() = request.consent().when();
        }
        return (void)world_.Record(caller, request).ok();
      }
      case 8:
      case 9: {
        auto request = Of<v1::PlaceReferralRequest>(number);
        request.add_offers(OfferOf(OneOf({"bezoek", "maatje", "dorpskoffie"})));
        request.set_departure_reason("omdat");
        if (UpTo(1) == 0) *request.mutable_consent() = Consent();
        return (void)world_.Place(caller, request).ok();
      }
      case 11: {
        auto request = Of<v1::TakeBackReferralRequest>(number);
        request.set_reason("geen antwoord");
        // Whoever had the first contact, as a rule; the coordinator.
        const domain::Caller taker = UpTo(2) == 0 ? Coordinator() : HolderOf(1);
        return (void)world_.TakeBack(taker, request).ok();
      }
      case 10: {
        auto request = Of<v1::CompleteReferralRequest>(number);
        request.set_outcome(AnyOf<v1::Outcome>(v1::Outcome_MAX));
        return (void)world_.Complete(caller, request).ok();
      }
      default:
        return Try(caller, number);
    }
  }

  void HandOver(const domain::Caller& caller, uint32_t number) {
    handed_over_ = true;
    auto request = Of<v1::HandOverReferralRequest>(number);
    if (UpTo(1) == 0) {
      request.set_offer(OfferOf(OneOf({"bezoek", "maatje", "dorpskoffie"})));
    } else {
      request.set_organisation(Org(OneOf({"gemeente", "dorpsteam"})));
    }
    (void)world_.HandOver(caller, request).ok();
  }

  void Try(const domain::Caller& caller, uint32_t number) {
    auto request = Of<v1::RecordContactAttemptRequest>(number);
    v1::ContactAttempt* const attempt = request.mutable_attempt();
    *attempt = Attempt(UpTo(1) == 0 ? v1::CONTACT_RESULT_REACHED : v1::CONTACT_RESULT_REFUSED);
    if (UpTo(2) == 0) {
      attempt->set_district_learnt(domain::DistrictName(kGM, OneOf(kWijken)));
    }
    if (UpTo(3) == 0) attempt->set_wmo_report(AnyOf<v1::WmoReport>(v1::WmoReport_MAX));
    if (UpTo(3) == 0) attempt->set_contact_wish(AnyOf<v1::ContactWish>(v1::ContactWish_MAX));
    (void)world_.Record(caller, request).ok();
    MayBeUncovered();
  }

  bool handed_over_ = false;  // by hand, in the last step
  AnyTown town_;
  World world_;
  std::string name_;
  // Of a place where it was, at some time, by the catalogue in force then.
  bool was_uncovered_ = false;
};

TEST(ResponsibleProperties, EveryOpenSignalHasSomeoneAndNoOfferHasItTwice) {
  EXPECT_TRUE(domain::testing::HoldsAlways([] {
    Life life;
    life.CheckSomeoneIsResponsible();
    const int steps = UpTo(kStepsMost);
    for (int i = 0; i < steps; ++i) {
      life.Step();
      life.CheckSomeoneIsResponsible();
    }
  }));
}

}  // namespace
}  // namespace omzien::commit::testing
