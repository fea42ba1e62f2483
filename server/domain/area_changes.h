// What became of older district codes. CBS renumbers areas each year; signals, partner systems and
// a catalogue's own lists hold the codes of the year they were written in (Catalog.area_changes).
//
// Looks into the catalogue it was made of, which must outlive it. Immutable; any thread.

#ifndef OMZIEN_SERVER_DOMAIN_AREA_CHANGES_H_
#define OMZIEN_SERVER_DOMAIN_AREA_CHANGES_H_

#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "omzien/v1/catalog.pb.h"

namespace omzien::domain {

class AreaChanges {
 public:
  explicit AreaChanges(const v1::Catalog& catalog);

  // The codes in force that `code` stands for, in the table's order, once each: itself while it is
  // in force, else what its change leads to, over several years if need be. Empty for one that
  // nothing is known of. Ends on any table, with errors too.
  std::vector<std::string_view> Resolve(std::string_view code) const;

  // Whether following the change of `code` comes back to it.
  bool LeadsBack(std::string_view code) const;

  // The change of an older code; nullptr when there is none.
  const v1::AreaChange* change(std::string_view code) const;

 private:
  absl::flat_hash_set<std::string_view> in_force_;
  absl::flat_hash_map<std::string_view, const v1::AreaChange*> changes_;
};

// Writes what older codes in postcodes, teams, mandates and offers became, where that is known. A
// postcode that may lie in a district that became several may lie in each of them, POSSIBLE.
void WriteSuccessors(v1::Catalog* catalog);

}  // namespace omzien::domain

#endif  // OMZIEN_SERVER_DOMAIN_AREA_CHANGES_H_
