// Whatever is asked, in whatever order: all rows that follow from a case are there, and no others.

#include "server/commit/case_edit.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "server/domain/case_rules.h"
#include "server/domain/figures.h"
#include "server/domain/names.h"
#include "server/figures/figures.h"
#include "storage/keys.h"
#include "tests/server/commit/recount.h"
#include "tests/server/commit/world.h"

namespace omzien::commit::testing {
namespace {

namespace keys = storage::keys;

// In every field that is sealed; no row may show it.
constexpr char kCanary[] = "KANARIE";

std::string Canary(const std::string& where) { return std::string(kCanary) + " " + where; }

// --- what anyone may ask ---

template <typename Enum>
Enum AnyOf(int max) {
  return static_cast<Enum>(*rc::gen::inRange(1, max + 1));
}

v1::SubmitSignalRequest AnySubmission() {
  v1::SubmitSignalRequest request = Submission(
      *rc::gen::element<std::string>("", "WK990101", "BU99010201", "WK990102", "WK990103"));
  v1::Signal* signal = request.mutable_signal();
  if (signal->place().unknown() && *rc::gen::arbitrary<bool>()) {
    signal->mutable_place()->set_unknown(false);
    signal->mutable_place()->set_postcode("1002 XZ");
  }
  signal->set_age_band(*rc::gen::element(v1::AGE_BAND_UNSPECIFIED, v1::AGE_BAND_UNDER_18,
                                         v1::AGE_BAND_65_PLUS, v1::AGE_BAND_65_PLUS));
  signal->set_need(*rc::gen::element(v1::NEED_UNKNOWN, v1::NEED_VISIT, v1::NEED_ACTIVITY));
  if (*rc::gen::inRange(0, 4) == 0) signal->set_language("ti");
  if (*rc::gen::inRange(0, 2) == 0) *signal->mutable_consent() = Consent();
  signal->set_partner_reference(Canary("reference"));
  signal->set_own_words(Canary("words"));
  signal->set_preferred_time(Canary("time"));
  signal->mutable_place()->set_words(Canary("place"));
  signal->mutable_current_support()->set_description(Canary("support"));
  v1::Reach* reach = signal->mutable_reach();
  reach->set_person_name(Canary("name"));
  reach->set_phone(Canary("phone"));
  reach->set_address(Canary("address"));
  reach->set_place_and_time(Canary("whereabouts"));
  reach->set_signaller_contact(Canary("signaller"));
  return request;
}

v1::ContactAttempt AnyAttempt() {
  v1::ContactAttempt attempt =
      Attempt(*rc::gen::element(v1::CONTACT_RESULT_REACHED, v1::CONTACT_RESULT_NO_ANSWER),
              *rc::gen::element(v1::CONTACT_WITH_PERSON, v1::CONTACT_WITH_SIGNALLER),
              *rc::gen::element(v1::CONTACT_CHANNEL_PHONE, v1::CONTACT_CHANNEL_VISIT));
  attempt.set_worker(Canary("worker"));
  attempt.set_note(Canary("note"));
  if (*rc::gen::inRange(0, 3) == 0) attempt.set_need_learnt(v1::NEED_VISIT);
  if (*rc::gen::inRange(0, 3) == 0) {
    attempt.set_district_learnt(domain::DistrictName(
        kGM, *rc::gen::element<std::string>("WK990101", "BU99010202", "WK990103")));
  }
  return attempt;
}

class Story {
 public:
  Story() : figures_(nullptr) {
    WorldOptions options;
    options.catalog = OffersCatalog({"WK990101", "WK990102"});
    options.queue.on_change = [this](storage::Revision revision, const auto& change) {
      if (figures_ != nullptr) figures_->Apply(revision, change);
    };
    world_ = std::make_unique<World>(std::move(options));
    figures_ = *figures::Figures::Open(&world_->cases());
  }

  World& world() { return *world_; }
  const figures::Figures& figures() const { return *figures_; }

  void AnyStep() {
    world_->Advance(absl::Hours(*rc::gen::inRange(0, 48)));
    if (signals_.empty() || *rc::gen::inRange(0, 5) == 0) {
      auto answer = world_->Submit(Shop(), AnySubmission());
      RC_ASSERT(answer.ok());
      signals_.push_back(answer->signal().name());
      return;
    }
    const std::string signal = *rc::gen::elementOf(signals_);
    const int referrals = world_->CaseOf(signal).referrals_size();
    const auto number = static_cast<uint32_t>(*rc::gen::inRange(1, referrals + 2));
    // Mostly whoever holds it; sometimes anyone.
    domain::Caller caller = *rc::gen::element(Team(), Receiver(), Village(), Shop());
    if (*rc::gen::inRange(0, 4) > 0 && number <= static_cast<uint32_t>(referrals)) {
      caller = HolderOf(world_->CaseOf(signal), number);
    }
    AnyCommand(caller, signal, domain::ReferralName(kGM, domain::LastSegment(signal), number));
  }

 private:
  static domain::Caller HolderOf(const storage::v1::Case& record, uint32_t number) {
    const std::string& organisation =
        domain::FindReferral(record, number)->referral().organisation();
    if (organisation == Org("gemeente")) return Team();
    return organisation == Org("ontvanger") ? Receiver() : Village();
  }

  template <class Request>
  static Request On(const std::string& name) {
    Request request;
    request.set_name(name);
    return request;
  }

  void AnyCommand(const domain::Caller& caller, const std::string& signal,
                  const std::string& referral) {
    switch (*rc::gen::inRange(0, 13)) {
      case 0:
      case 1:
        world_->Accept(caller, On<v1::AcceptReferralRequest>(referral)).status().IgnoreError();
        return;
      case 2:
      case 3: {
        auto request = On<v1::DeclineReferralRequest>(referral);
        request.set_reason(AnyOf<v1::DeclineReason>(v1::DeclineReason_MAX));
        request.set_text(Canary("decline"));
        world_->Decline(caller, request).status().IgnoreError();
        return;
      }
      case 4:
      case 5:
      case 6: {
        auto request = On<v1::RecordContactAttemptRequest>(referral);
        *request.mutable_attempt() = AnyAttempt();
        world_->Record(caller, request).status().IgnoreError();
        return;
      }
      case 7: {
        auto request = On<v1::RecordConsentRequest>(referral);
        *request.mutable_consent() = Consent();
        if (*rc::gen::inRange(0, 3) == 0) {
          request.mutable_consent()->mutable_withdraw_time()->set_seconds(1'794'500'000);
        }
        world_->Record(caller, request).status().IgnoreError();
        return;
      }
      case 8:
      case 9: {
        auto request = On<v1::PlaceReferralRequest>(referral);
        request.add_offers(
            OfferOf(*rc::gen::element<std::string>("bezoek", "maatje", "dorpskoffie", "klusje")));
        request.set_departure_reason(Canary("departure"));
        *request.mutable_consent() = Consent();
        world_->Place(caller, request).status().IgnoreError();
        return;
      }
      case 10:
      case 11: {
        auto request = On<v1::CompleteReferralRequest>(referral);
        request.set_outcome(AnyOf<v1::Outcome>(v1::Outcome_MAX - 1));
        request.set_note(Canary("completion"));
        world_->Complete(caller, request).status().IgnoreError();
        return;
      }
      default: {
        v1::WithdrawSignalRequest request;
        request.set_name(signal);
        request.set_reason(Canary("withdrawal"));
        world_->Withdraw(caller, request).status().IgnoreError();
      }
    }
  }

  std::unique_ptr<World> world_;
  std::unique_ptr<figures::Figures> figures_;
  std::vector<std::string> signals_;
};

// --- the recount of figures: from what a case says, without the code under test ---

bool Open(v1::SignalState state) {
  return state == v1::SIGNAL_STATE_RECEIVED || state == v1::SIGNAL_STATE_ROUTED ||
         state == v1::SIGNAL_STATE_IN_CONTACT || state == v1::SIGNAL_STATE_PLACED ||
         state == v1::SIGNAL_STATE_UNMATCHED;
}

// "municipalities/x/organisations/y" -> "y".
std::string IdIn(const std::string& name) { return name.substr(name.rfind('/') + 1); }

// The wijk of which the place is certain.
std::string WijkOf(const storage::v1::Case& record) {
  const auto& districts = record.signal().districts();
  if (districts.size() != 1 || districts[0].certainty() != v1::CERTAINTY_STATED) return "";
  return "WK" + IdIn(districts[0].district()).substr(2, 6);
}

void CheckFigures(Story& story) {
  std::map<std::string, std::map<std::string, int64_t>> expected;
  for (const auto& record : story.world().Cases()) {
    const v1::Signal& signal = record.signal();
    auto& cell = expected[WijkOf(record)];
    ++cell["received"];
    if (Open(signal.state())) ++cell["open"];
    if (signal.state() == v1::SIGNAL_STATE_CLOSED) {
      ++cell["closed"];
      ++cell["outcome/" + std::to_string(signal.outcome())];
    }
    if (signal.state() == v1::SIGNAL_STATE_WITHDRAWN) ++cell["withdrawn"];
    bool placed = false, reached = false, picked_up = false, escalated = false;
    for (const auto& item : record.referrals()) {
      placed |= item.referral().purpose() == v1::REFERRAL_PURPOSE_OFFER;
      escalated |= item.referral().has_escalate_time();
      picked_up |= item.referral().has_accept_time();
      for (const auto& attempt : item.referral().attempts()) {
        reached |= attempt.with() == v1::CONTACT_WITH_PERSON &&
                   attempt.result() == v1::CONTACT_RESULT_REACHED;
      }
    }
    if (placed) ++cell["placed"];
    if (escalated) ++cell["escalated"];
    if (reached) ++cell["contact_made"];
    if (picked_up) ++cell["picked_up"];
  }
  auto report = story.figures().Read(kGM, std::nullopt, std::nullopt);
  RC_ASSERT(report.ok());
  for (auto& [district, counters] : report->by_district) {
    std::erase_if(counters, [](const auto& counter) {
      return counter.second == 0 || counter.first.starts_with("unmet/") ||
             counter.first == "contact_in_time";
    });
  }
  std::erase_if(report->by_district, [](const auto& cell) { return cell.second.empty(); });
  RC_ASSERT(report->by_district == expected);
}

// Every counter there is, as the domain counts a case.
void CheckAllCounters(Story& story) {
  std::map<std::string, int64_t> expected, found;
  for (const auto& record : story.world().Cases()) {
    for (const auto& [name, count] : domain::CountsOf(record)) expected[name] += count;
  }
  auto report = story.figures().Read(kGM, std::nullopt, std::nullopt);
  RC_ASSERT(report.ok());
  for (const auto& [district, counters] : report->by_district) {
    for (const auto& [name, count] : counters) {
      if ((found[name] += count) == 0) found.erase(name);
    }
  }
  RC_ASSERT(found == expected);
}

void CheckNothingIdentifies(World& world) {
  for (const auto& rows : {world.Rows(), world.KeyRows()}) {
    for (const storage::Entry& row : rows) {
      RC_ASSERT(row.key.find(kCanary) == std::string::npos);
      RC_ASSERT(row.versioned.value.find(kCanary) == std::string::npos);
      RC_ASSERT(row.versioned.value.find("1002 XZ") == std::string::npos);
    }
  }
}

TEST(CaseEdit, LeavesTheStoreInAgreementWithItsCasesAfterAnything) {
  ASSERT_TRUE(rc::check([] {
    Story story;
    const int steps = *rc::gen::inRange(1, 60);
    for (int i = 0; i < steps; ++i) story.AnyStep();
    RC_ASSERT(Differences(story.world()) == std::vector<std::string>());
    CheckFigures(story);
    CheckAllCounters(story);
    CheckNothingIdentifies(story.world());
  }));
}

TEST(CaseEdit, RefusesToAddToACaseWhoseKeyWasDestroyed) {
  World world;
  auto submitted = world.Submit(Shop(), Submission());
  ASSERT_TRUE(submitted.ok()) << submitted.status();
  const storage::v1::Case record = world.CaseOf(submitted->signal().name());
  storage::CommitRequest destroy;
  destroy.writes.push_back({keys::WrappedCaseKey(record.case_key_id()), std::nullopt});
  absl::Notification destroyed;
  world.keys().Commit(std::move(destroy), [&](const auto&) { destroyed.Notify(); });
  destroyed.WaitForNotification();
  v1::RecordContactAttemptRequest request;
  request.set_name(domain::ReferralName(kGM, record.id(), 1));
  *request.mutable_attempt() = Attempt(v1::CONTACT_RESULT_NO_ANSWER);
  request.mutable_attempt()->set_note("een notitie");
  EXPECT_EQ(domain::ReasonOf(world.Record(Team(), request).status()), "SEAL_BROKEN");
  // Without anything to seal it goes on.
  request.mutable_attempt()->clear_note();
  EXPECT_TRUE(world.Record(Team(), request).ok());
}

}  // namespace
}  // namespace omzien::commit::testing
