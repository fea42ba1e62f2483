// What one case adds to the figures: absolute counters of a cell (municipality, wijk, day of
// receipt). The commit stores the difference before and after a change, so a recount over all cases
// gives the same. No counter holds personal data. Pure; any thread.
//
// Which counters there are, and when a case adds one to each: server/figures/README.md.

#ifndef OMZIEN_SERVER_DOMAIN_FIGURES_H_
#define OMZIEN_SERVER_DOMAIN_FIGURES_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "omzien/storage/v1/records.pb.h"
#include "omzien/v1/follow_up_service.pb.h"

namespace omzien::domain {

// Zeros are left out.
std::map<std::string, int64_t> CountsOf(const storage::v1::Case& c);

// The wijk (CBS code) whose cell the case counts in; empty when its place isn't stated, or is
// stated in more than one wijk. A buurt counts in its wijk, which CBS codes tell: BUggggwwbb lies
// in WKggggww.
std::string CellDistrictOf(const storage::v1::Case& c);
// The wijk of a wijk or buurt code; empty for anything else.
std::string WijkOf(std::string_view district_code);

// Adds a counter to the counts that a client sees; unmet demand by degree, outcomes by outcome, in
// order of their numbers. Counters that FollowUpCounts doesn't show (".../open", ".../since/S") are
// skipped, and so are names that an older or newer program wrote.
void AddCounter(std::string_view name, int64_t value, v1::FollowUpCounts* counts);

struct UnmetCounter {
  v1::UnmetDegree degree = v1::UNMET_DEGREE_UNSPECIFIED;
  v1::Need need = v1::NEED_UNSPECIFIED;
  std::vector<std::string> target_groups;  // ids, sorted
  bool open = false;                       // counts only open signals
  // Of those that wait, and whose demand is unmet since this day; then `open` is false.
  std::optional<int32_t> since_day;

  friend bool operator==(const UnmetCounter&, const UnmetCounter&) = default;
};
std::string UnmetCounterName(const UnmetCounter& counter);
// nullopt for other counters.
std::optional<UnmetCounter> ParseUnmetCounter(std::string_view name);

}  // namespace omzien::domain

#endif  // OMZIEN_SERVER_DOMAIN_FIGURES_H_
