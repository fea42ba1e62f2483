#include "tests/e2e/recount.h"

#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/e2e/story_world.h"

namespace omzien::e2e {
namespace {

using google::protobuf::Timestamp;

bool IsBefore(const Timestamp& a, const Timestamp& b) {
  return std::tuple(a.seconds(), a.nanos()) < std::tuple(b.seconds(), b.nanos());
}

bool IsEnded(v1::SignalState state) {
  return state == v1::SIGNAL_STATE_CLOSED || state == v1::SIGNAL_STATE_WITHDRAWN ||
         state == v1::SIGNAL_STATE_REDIRECTED;
}

// The wijk, and only of a place that was stated: WK015015 of BU01501503.
std::string CertainWijk(const v1::Signal& signal) {
  if (signal.districts_size() != 1 || signal.districts(0).certainty() != v1::CERTAINTY_STATED) {
    return "";
  }
  const std::string& name = signal.districts(0).district();
  return "WK" + name.substr(name.rfind('/') + 3, 6);
}

struct Sums {
  v1::FollowUpCounts counts;
  std::map<v1::Outcome, int64_t> outcomes;
  std::map<v1::UnmetDegree, int64_t> unmet;

  void Add(const v1::Signal& signal, const std::vector<v1::Referral>& referrals);
  v1::FollowUpCounts Finish() const;
};

void Sums::Add(const v1::Signal& signal, const std::vector<v1::Referral>& referrals) {
  bool picked_up = false;
  bool placed = false;
  for (const v1::Referral& referral : referrals) {
    picked_up |= referral.has_accept_time() || referral.has_contact_time();
    placed |= referral.purpose() == v1::REFERRAL_PURPOSE_OFFER;
  }
  const bool in_time = signal.has_contact_time() && !referrals.empty() &&
                       !IsBefore(referrals.front().contact_by(), signal.contact_time());
  counts.set_received(counts.received() + 1);
  counts.set_picked_up(counts.picked_up() + picked_up);
  counts.set_contact_made(counts.contact_made() + signal.has_contact_time());
  counts.set_contact_in_time(counts.contact_in_time() + in_time);
  counts.set_placed(counts.placed() + placed);
  counts.set_open(counts.open() + !IsEnded(signal.state()));
  counts.set_closed(counts.closed() + (signal.state() == v1::SIGNAL_STATE_CLOSED));
  counts.set_withdrawn(counts.withdrawn() + (signal.state() == v1::SIGNAL_STATE_WITHDRAWN));
  if (signal.state() == v1::SIGNAL_STATE_CLOSED) ++outcomes[signal.outcome()];
  if (signal.unmet_degree() != v1::UNMET_DEGREE_NONE) ++unmet[signal.unmet_degree()];
}

v1::FollowUpCounts Sums::Finish() const {
  v1::FollowUpCounts finished = counts;
  for (const auto& [outcome, count] : outcomes) {
    v1::OutcomeCount* row = finished.add_outcomes();
    row->set_outcome(outcome);
    row->set_count(count);
  }
  for (const auto& [degree, count] : unmet) {
    v1::UnmetCount* row = finished.add_unmet();
    row->set_degree(degree);
    row->set_count(count);
  }
  return finished;
}

// By signal; a signal's in order of number.
std::map<std::string, std::vector<v1::Referral>> ReferralsBySignal(client::Client& coordinator,
                                                                   const std::string& parent) {
  std::map<std::string, std::map<int, v1::Referral>> numbered;
  for (const bool ended : {false, true}) {
    for (const v1::Referral& referral : AllReferrals(coordinator, parent, ended)) {
      const std::string& name = referral.name();
      numbered[referral.signal()][std::stoi(name.substr(name.rfind('-') + 1))] = referral;
    }
  }
  std::map<std::string, std::vector<v1::Referral>> ordered;
  for (const auto& [signal, referrals] : numbered) {
    for (const auto& [number, referral] : referrals) ordered[signal].push_back(referral);
  }
  return ordered;
}

}  // namespace

v1::FollowUpSummary Recount(client::Client& coordinator, const std::string& parent) {
  auto referrals = ReferralsBySignal(coordinator, parent);
  Sums total;
  std::map<std::string, Sums> by_wijk;
  for (const v1::Signal& signal : AllSignals(coordinator, parent)) {
    total.Add(signal, referrals[signal.name()]);
    by_wijk[CertainWijk(signal)].Add(signal, referrals[signal.name()]);
  }
  v1::FollowUpSummary summary;
  *summary.mutable_total() = total.Finish();
  // Uncertain places, under "", go last.
  for (const bool certain : {true, false}) {
    for (const auto& [wijk, sums] : by_wijk) {
      if (wijk.empty() == certain) continue;
      v1::DistrictFollowUp* district = summary.add_districts();
      if (certain) district->set_district(parent + "/districts/" + wijk);
      *district->mutable_counts() = sums.Finish();
    }
  }
  return summary;
}

v1::FollowUpSummary SummaryOf(client::Client& coordinator, const std::string& parent) {
  v1::FollowUpSummary summary =
      Must(coordinator.GetFollowUpSummary(Of<v1::GetFollowUpSummaryRequest>(parent)));
  summary.clear_revision();
  summary.clear_read_time();
  summary.clear_overdue();
  for (v1::DistrictFollowUp& district : *summary.mutable_districts()) {
    district.clear_display_name();
  }
  return summary;
}

}  // namespace omzien::e2e
