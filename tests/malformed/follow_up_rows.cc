// Figures, and what is overdue.

#include "tests/malformed/rows.h"

namespace omzien::malformed {
namespace {

using grpc::StatusCode;

constexpr char kParent[] = "parent: 'municipalities/GM0150'";

std::vector<Row> Periods() {
  return {
      {"no parent", "-parent", Fields("parent")},
      {"a parent of words", "parent: 'zqkanari'", Fields("parent")},
      {"another municipality", "parent: 'municipalities/GM9001'", kNoMunicipality},
      {"a first day that isn't", "period { first_day { year: 2025 month: 2 day: 29 } }",
       Fields("period.first_day")},
      {"an empty last day", "period { last_day {} }", Fields("period.last_day")},
      {"a last day beyond all", "period { last_day { year: 10000 month: 1 day: 1 } }",
       Fields("period.last_day")},
      {"backwards", "period { first_day { $day(0) } last_day { $day(-1) } }",
       Fields("period.last_day")},
      {"too long by a day", "period { first_day { $day(-3660) } last_day { $day(0) } }",
       Fields("period")},
      {"neither day is", "period { first_day { year: 1 } last_day { month: 13 } }",
       Fields("period.first_day period.last_day")},
      {"parent and day", "-parent period { first_day {} }", Fields("parent period.first_day")},
  };
}

Table SummaryTable() {
  std::vector<Row> rows = Periods();
  const std::vector<Row> more = {
      {"a district by its code", "district: 'WK015015'", Fields("district")},
      {"a district by its name", "district: 'zqkanari'", Fields("district")},
      {"a district that isn't there", "district: 'municipalities/GM0150/districts/WK015099'",
       Fields("district")},
      {"a buurt", "district: 'municipalities/GM0150/districts/BU01501501'", Fields("district")},
      {"another municipality's district", "district: 'municipalities/GM9001/districts/WK900102'",
       Fields("district")},
      {"what the catalogue says is told with the rest",
       "district: 'municipalities/GM0150/districts/WK015099' period { first_day {} }",
       Fields("district period.first_day")},
      {"a municipality without a catalogue", "parent: 'municipalities/GM9002'", kNoMunicipality,
       "v-nowhere"},
  };
  rows.insert(rows.end(), more.begin(), more.end());
  return {"FollowUpService/GetFollowUpSummary", "coordinator", kParent, std::move(rows)};
}

Table OverdueTable() {
  return {"FollowUpService/ListOverdueReferrals",
          "coordinator",
          kParent,
          {
              {"no parent", "-parent", Fields("parent")},
              {"another municipality", "parent: 'municipalities/GM9001'", kNoMunicipality},
              {"fewer than none", "page_size: -1", Fields("page_size")},
              {"more than a page", "page_size: 2147483647", Fields("page_size")},
              {"another list's token", "page_token: '$token'", kBadToken},
              {"all at once", "-parent page_size: -1 page_token: '$chars(501)'",
               Fields("page_size page_token parent")},
          }};
}

}  // namespace

std::vector<Table> FollowUpTables() {
  return {SummaryTable(),
          // Nothing is overdue in a world of minutes: this list gave no token of its own.
          WithRows(OverdueTable(), PageTokenRows("token")),
          {"FollowUpService/GetUnmetDemand", "coordinator", kParent, Periods()}};
}

}  // namespace omzien::malformed
