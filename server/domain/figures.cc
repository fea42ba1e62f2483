#include "server/domain/figures.h"
#include "server/domain/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <utility>

#include "server/domain/case_rules.h"
#include "server/domain/lifecycle.h"
#include "server/domain/names.h"
#include "server/domain/times.h"

namespace omzien::domain {
namespace {

constexpr std::string_view kOutcomePrefix = "outcome/";
constexpr std::string_view kUnmetPrefix = "unmet/";

std::optional<int> ParseNumber(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool IsCounted(v1::SignalState state) {
  return state != v1::SIGNAL_STATE_MERGED && state != v1::SIGNAL_STATE_ENTERED_IN_ERROR;
}

bool WasEscalated(const storage::v1::Case& c) {
  return std::ranges::any_of(c.referrals(), [](const storage::v1::ReferralRecord& record) {
    return record.referral().has_escalate_time();
  });
}

// Adds to the item of that kind, inserting it in order of number.
template <typename Item, typename Kind>
void AddTo(google::protobuf::RepeatedPtrField<Item>* items, Kind kind, int64_t value,
           Kind (Item::*get)() const, void (Item::*set)(Kind)) {
  int at = 0;
  while (at < items->size() && (items->Get(at).*get)() < kind) ++at;
  if (at == items->size() || (items->Get(at).*get)() != kind) {
    (items->Add()->*set)(kind);
    for (int i = items->size() - 1; i > at; --i) items->SwapElements(i, i - 1);
  }
  items->Mutable(at)->set_count(items->Get(at).count() + value);
}

using SimpleSetter = void (v1::FollowUpCounts::*)(int64_t);
using SimpleGetter = int64_t (v1::FollowUpCounts::*)() const;

struct SimpleCounter {
  std::string_view name;
  SimpleGetter get;
  SimpleSetter set;
};

using F = v1::FollowUpCounts;
constexpr auto kSimpleCounters = std::to_array<SimpleCounter>({
    {"received", &F::received, &F::set_received},
    {"picked_up", &F::picked_up, &F::set_picked_up},
    {"contact_made", &F::contact_made, &F::set_contact_made},
    {"contact_in_time", &F::contact_in_time, &F::set_contact_in_time},
    {"placed", &F::placed, &F::set_placed},
    {"open", &F::open, &F::set_open},
    {"closed", &F::closed, &F::set_closed},
    {"withdrawn", &F::withdrawn, &F::set_withdrawn},
    {"escalated", &F::escalated, &F::set_escalated},
});

}  // namespace

std::map<std::string, int64_t> CountsOf(const storage::v1::Case& c) {
  std::map<std::string, int64_t> counts;
  const v1::Signal& signal = c.signal();
  if (!IsCounted(signal.state())) return counts;
  const bool open = IsOpen(signal.state());
  counts["received"] = 1;
  if (c.has_pick_up_time()) counts["picked_up"] = 1;
  if (signal.has_contact_time()) {
    counts["contact_made"] = 1;
    if (c.has_first_contact_by() && TimeOf(signal.contact_time()) <= TimeOf(c.first_contact_by())) {
      counts["contact_in_time"] = 1;
    }
  }
  if (c.placed()) counts["placed"] = 1;
  if (open) counts["open"] = 1;
  if (signal.state() == v1::SIGNAL_STATE_WITHDRAWN) counts["withdrawn"] = 1;
  if (WasEscalated(c)) counts["escalated"] = 1;
  if (signal.state() == v1::SIGNAL_STATE_CLOSED) {
    counts["closed"] = 1;
    if (signal.outcome() != v1::OUTCOME_UNSPECIFIED) {
      counts[std::string(kOutcomePrefix) + std::to_string(signal.outcome())] = 1;
    }
  }
  if (signal.unmet_degree() > v1::UNMET_DEGREE_NONE) {
    UnmetCounter unmet;
    unmet.degree = signal.unmet_degree();
    unmet.need = signal.need();
    for (const std::string& group : signal.target_groups()) {
      unmet.target_groups.emplace_back(LastSegment(group));
    }
    std::ranges::sort(unmet.target_groups);
    counts[UnmetCounterName(unmet)] = 1;
    unmet.open = true;
    if (open) counts[UnmetCounterName(unmet)] = 1;
    unmet.open = false;
    unmet.since_day = c.unmet_since_day();
    if (IsWaiting(c)) counts[UnmetCounterName(unmet)] = 1;
  }
  return counts;
}

std::string WijkOf(std::string_view district_code) {
  if (!IsDistrictCode(district_code)) return "";
  return "WK" + std::string(district_code.substr(2, 6));
}

std::string CellDistrictOf(const storage::v1::Case& c) {
  std::set<std::string> wijken;
  for (const v1::DistrictCandidate& candidate : c.signal().districts()) {
    if (candidate.certainty() != v1::CERTAINTY_STATED) continue;
    wijken.insert(WijkOf(LastSegment(candidate.district())));
  }
  return wijken.size() == 1 ? *wijken.begin() : "";
}

void AddCounter(std::string_view name, int64_t value, v1::FollowUpCounts* counts) {
  for (const SimpleCounter& counter : kSimpleCounters) {
    if (counter.name == name) {
      (counts->*counter.set)((counts->*counter.get)() + value);
      return;
    }
  }
  if (name.starts_with(kOutcomePrefix)) {
    const std::optional<int> outcome = ParseNumber(name.substr(kOutcomePrefix.size()));
    if (!outcome.has_value() || !v1::Outcome_IsValid(*outcome)) return;
    AddTo(counts->mutable_outcomes(), static_cast<v1::Outcome>(*outcome), value,
          &v1::OutcomeCount::outcome, &v1::OutcomeCount::set_outcome);
    return;
  }
  const std::optional<UnmetCounter> unmet = ParseUnmetCounter(name);
  if (!unmet.has_value() || unmet->open || unmet->since_day.has_value()) return;
  AddTo(counts->mutable_unmet(), unmet->degree, value, &v1::UnmetCount::degree,
        &v1::UnmetCount::set_degree);
}

std::string UnmetCounterName(const UnmetCounter& counter) {
  std::string name(kUnmetPrefix);
  name += std::to_string(counter.degree) + "/" + std::to_string(counter.need) + "/";
  for (size_t i = 0; i < counter.target_groups.size(); ++i) {
    if (i > 0) name += ",";
    name += counter.target_groups[i];
  }
  if (counter.open) name += "/open";
  if (counter.since_day.has_value()) name += "/since/" + std::to_string(*counter.since_day);
  return name;
}

std::optional<UnmetCounter> ParseUnmetCounter(std::string_view name) {
  if (!name.starts_with(kUnmetPrefix)) return std::nullopt;
  const std::vector<std::string_view> parts = PartsOf(name.substr(kUnmetPrefix.size()), '/');
  if (parts.size() < 3 || parts.size() > 5) return std::nullopt;
  if (parts.size() == 4 && parts[3] != "open") return std::nullopt;
  const std::optional<int> degree = ParseNumber(parts[0]);
  const std::optional<int> need = ParseNumber(parts[1]);
  if (!degree.has_value() || !v1::UnmetDegree_IsValid(*degree)) return std::nullopt;
  if (!need.has_value() || !v1::Need_IsValid(*need)) return std::nullopt;
  UnmetCounter counter;
  counter.degree = static_cast<v1::UnmetDegree>(*degree);
  counter.need = static_cast<v1::Need>(*need);
  if (!parts[2].empty()) {
    for (const std::string_view group : PartsOf(parts[2], ',')) {
      counter.target_groups.emplace_back(group);
    }
  }
  counter.open = parts.size() == 4;
  if (parts.size() == 5) {
    counter.since_day = ParseNumber(parts[4]);
    if (parts[3] != "since" || !counter.since_day.has_value()) return std::nullopt;
  }
  return counter;
}

}  // namespace omzien::domain
