// FollowUpService: see proto/omzien/v1/follow_up_service.proto.

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "omzien/v1/follow_up_service.pb.h"
#include "server/domain/days.h"
#include "server/domain/disclosure.h"
#include "server/domain/figures.h"
#include "server/domain/times.h"
#include "server/rpc/case_reader.h"
#include "server/rpc/checks.h"
#include "server/rpc/page_token.h"
#include "storage/blocking.h"

namespace omzien::rpc {
namespace {

std::optional<int64_t> DayOf(bool set, const google::type::Date& date) {
  if (!set) return std::nullopt;
  const auto day = domain::DayOfDate(date);
  return day.has_value() ? std::optional<int64_t>(domain::DayNumber(*day)) : std::nullopt;
}

absl::StatusOr<figures::Report> ReadFigures(const Backend& backend, const std::string& municipality,
                                            const v1::Period& period) {
  return backend.figures->Read(municipality, DayOf(period.has_first_day(), period.first_day()),
                               DayOf(period.has_last_day(), period.last_day()));
}

std::string DisplayName(const domain::Catalogue& catalogue, const std::string& code) {
  const v1::District* district = catalogue.district(code);
  return district == nullptr ? code : district->display_name();
}

using KeyRange = std::pair<std::string, std::string>;

KeyRange EscalatedRange(const std::string& municipality) {
  const std::string prefix = storage::keys::DueReferralPrefix(municipality, /*escalated=*/true);
  return {prefix, storage::keys::PrefixEnd(prefix)};
}

// Referrals whose deadline is before now; each one row of the index.
KeyRange OverdueRange(const std::string& municipality, absl::Time now) {
  return {storage::keys::AwaitingContactPrefix(municipality),
          storage::keys::AwaitingContactEnd(municipality, absl::ToUnixMillis(now))};
}

absl::StatusOr<int64_t> CountRows(const storage::Snapshot& snapshot, KeyRange rows) {
  storage::Range range{std::move(rows.first), std::move(rows.second), 1000};
  int64_t count = 0;
  for (;;) {
    auto entries = storage::ScanNow(snapshot, range);
    if (!entries.ok()) return entries.status();
    count += static_cast<int64_t>(entries->size());
    if (entries->size() < range.limit) return count;
    range.begin = entries->back().key + '\0';
  }
}

absl::StatusOr<v1::FollowUpSummary> GetSummary(const Backend& backend, const Call& call,
                                               const v1::GetFollowUpSummaryRequest& request) {
  const std::string municipality = MunicipalityOf(request);
  auto catalogue = FindCatalogue(backend, municipality);
  const std::string only(domain::LastSegment(request.district()));
  std::vector<domain::FieldViolation> more;
  if (catalogue.ok() && !only.empty() && (*catalogue)->WijkOf(only) != only) {
    more.push_back({"district", "isn't a wijk of this municipality"});
  }
  absl::Status status = CheckRead(backend, call, request, std::move(more));
  if (!status.ok()) return status;
  if (!catalogue.ok()) return catalogue.status();
  auto report = ReadFigures(backend, municipality, request.period());
  if (!report.ok()) return report.status();
  auto overdue = CountRows(*backend.cases->GetSnapshot(), OverdueRange(municipality, call.now));
  if (!overdue.ok()) return overdue.status();

  v1::FollowUpSummary summary;
  // Uncertain places stand under the empty code, and go last.
  auto add_row = [&](const std::string& code, const figures::Counters& counters) {
    v1::DistrictFollowUp* row = summary.add_districts();
    if (!code.empty()) {
      row->set_district(domain::DistrictName(municipality, code));
      row->set_display_name(DisplayName(**catalogue, code));
    }
    for (const auto& [name, value] : counters) {
      domain::AddCounter(name, value, row->mutable_counts());
      domain::AddCounter(name, value, summary.mutable_total());
    }
  };
  for (const auto& [code, counters] : report->by_district) {
    if (!code.empty() && (only.empty() || code == only)) add_row(code, counters);
  }
  if (const auto found = report->by_district.find("");
      only.empty() && found != report->by_district.end()) {
    add_row("", found->second);
  }
  summary.set_overdue(*overdue);
  summary.set_revision(static_cast<int64_t>(report->revision));
  *summary.mutable_read_time() = domain::TimestampOf(call.now);
  return summary;
}

absl::StatusOr<v1::ListOverdueReferralsResponse> ListOverdue(
    const Backend& backend, const Call& call, const v1::ListOverdueReferralsRequest& request) {
  if (absl::Status status = CheckRead(backend, call, request); !status.ok()) return status;
  PageQuery page;
  page.municipality = MunicipalityOf(request);
  page.page_size = request.page_size();
  page.page_token = request.page_token();
  page.query = QueryOf(call.method, request);
  page.referrals = true;
  page.ranges = {request.escalated() ? EscalatedRange(page.municipality)
                                     : OverdueRange(page.municipality, call.now)};
  v1::ListOverdueReferralsResponse response;
  const auto snapshot = backend.cases->GetSnapshot();
  auto next = ReadPage(
      backend, *snapshot, page,
      [&](const storage::v1::Case& record, const storage::keys::CaseRef& ref) {
        const domain::Relations relations = domain::RelationsTo(record, *call.caller);
        if (!domain::MaySeeReferral(relations, ref.number)) return false;
        *response.add_referrals() = domain::ReferralFor(record, ref.number, relations, call.now);
        return true;
      });
  if (!next.ok()) return next.status();
  response.set_next_page_token(*std::move(next));
  response.set_revision(static_cast<int64_t>(snapshot->revision()));
  return response;
}

// What the figures say of one row of unmet demand.
struct UnmetCounts {
  int64_t all = 0;
  int64_t open = 0;
  std::map<int32_t, int64_t> waiting_since;  // by day
};

void AddUnmet(const domain::UnmetCounter& unmet, int64_t value, UnmetCounts* counts) {
  if (unmet.since_day.has_value()) {
    counts->waiting_since[*unmet.since_day] += value;
  } else {
    (unmet.open ? counts->open : counts->all) += value;
  }
}

// How long, of those that wait.
void SetWaiting(const UnmetCounts& counts, int32_t today, v1::UnmetDemandRow* row) {
  int64_t waiting = 0;
  for (const auto& [day, count] : counts.waiting_since) waiting += count;
  row->set_waiting(waiting);
  if (waiting <= 0) return;
  row->set_waiting_days_longest(std::max(0, today - counts.waiting_since.begin()->first));
  int64_t passed = 0;
  for (const auto& [day, count] : counts.waiting_since) {  // who waits longest first
    passed += count;
    if (2 * passed < waiting) continue;
    row->set_waiting_days_median(std::max(0, today - day));
    return;
  }
}

void AddGroup(const domain::Catalogue& catalogue, const std::string& id, v1::UnmetDemandRow* row) {
  row->add_target_groups(domain::TargetGroupName(catalogue.municipality().code(), id));
  v1::Sentence* name = row->add_target_group_display_names();
  if (const v1::TargetGroup* group = catalogue.target_group(id); group != nullptr) {
    *name = group->display_name();
  } else {
    name->set_nl(id);
    name->set_en(id);
  }
}

absl::StatusOr<v1::UnmetDemand> GetUnmetDemand(const Backend& backend, const Call& call,
                                               const v1::GetUnmetDemandRequest& request) {
  if (absl::Status status = CheckRead(backend, call, request); !status.ok()) return status;
  const std::string municipality = MunicipalityOf(request);
  auto catalogue = FindCatalogue(backend, municipality);
  if (!catalogue.ok()) return catalogue.status();
  auto report = ReadFigures(backend, municipality, request.period());
  if (!report.ok()) return report.status();

  using RowKey = std::tuple<int, std::string, int, std::vector<std::string>>;
  std::map<RowKey, UnmetCounts> rows;  // by degree, district, need, groups
  for (const auto& [code, counters] : report->by_district) {
    for (const auto& [name, value] : counters) {
      const auto unmet = domain::ParseUnmetCounter(name);
      if (!unmet.has_value() || value == 0) continue;
      AddUnmet(*unmet, value, &rows[{unmet->degree, code, unmet->need, unmet->target_groups}]);
    }
  }
  const int32_t today = domain::DayNumber(domain::Today(call.now, (*catalogue)->time_zone()));
  v1::UnmetDemand demand;
  for (const auto& [key, counts] : rows) {
    const auto& [degree, code, need, groups] = key;
    v1::UnmetDemandRow* row = demand.add_rows();
    row->set_degree(static_cast<v1::UnmetDegree>(degree));
    if (!code.empty()) {
      row->set_district(domain::DistrictName(municipality, code));
      row->set_district_display_name(DisplayName(**catalogue, code));
    }
    row->set_need(static_cast<v1::Need>(need));
    for (const std::string& group : groups) AddGroup(**catalogue, group, row);
    row->set_count(counts.all);
    row->set_open(counts.open);
    SetWaiting(counts, today, row);
  }
  demand.set_revision(static_cast<int64_t>(report->revision));
  *demand.mutable_read_time() = domain::TimestampOf(call.now);
  return demand;
}

}  // namespace

void AddFollowUpService(const Backend* backend, Methods* methods) {
  methods->Read<v1::GetFollowUpSummaryRequest, v1::FollowUpSummary>(
      "omzien.v1.FollowUpService/GetFollowUpSummary",
      [backend](const Call& call, const v1::GetFollowUpSummaryRequest& request) {
        return GetSummary(*backend, call, request);
      });
  methods->Read<v1::ListOverdueReferralsRequest, v1::ListOverdueReferralsResponse>(
      "omzien.v1.FollowUpService/ListOverdueReferrals",
      [backend](const Call& call, const v1::ListOverdueReferralsRequest& request) {
        return ListOverdue(*backend, call, request);
      });
  methods->Read<v1::GetUnmetDemandRequest, v1::UnmetDemand>(
      "omzien.v1.FollowUpService/GetUnmetDemand",
      [backend](const Call& call, const v1::GetUnmetDemandRequest& request) {
        return GetUnmetDemand(*backend, call, request);
      });
}

}  // namespace omzien::rpc
