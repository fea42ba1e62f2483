#include "client/cli/followup_commands.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/calls.h"
#include "client/cli/referral_commands.h"
#include "client/cli/times.h"

namespace omzien::cli {
namespace {

struct PeriodFlags {
  std::string from;
  std::string to;
};
struct SummaryFlags {
  PeriodFlags period;
  std::string district;
};
struct OverdueFlags {
  PageFlags page;
  bool escalated = false;
};
struct UnmetFlags {
  PeriodFlags period;
  bool tabs = false;
};

void AddPeriodFlags(CLI::App& app, PeriodFlags& flags) {
  app.add_option("--from", flags.from,
                 "First day on which a signal was received, such as 2026-11-01");
  app.add_option("--to", flags.to, "Last such day, such as 2026-11-30");
}

template <typename Request>
absl::Status SetPeriod(const Session& session, const PeriodFlags& flags, Request& request) {
  if (!flags.from.empty()) {
    const auto day = ParseDay(flags.from, session.lang());
    if (!day.ok()) return UsageError(absl::StrCat("--from: ", day.status().message()));
    *request.mutable_period()->mutable_first_day() = *day;
  }
  if (!flags.to.empty()) {
    const auto day = ParseDay(flags.to, session.lang());
    if (!day.ok()) return UsageError(absl::StrCat("--to: ", day.status().message()));
    *request.mutable_period()->mutable_last_day() = *day;
  }
  return absl::OkStatus();
}

std::vector<std::string> CountCells(const std::string& code, const std::string& name,
                                    const v1::FollowUpCounts& counts) {
  return {code,
          name,
          absl::StrCat(counts.received()),
          absl::StrCat(counts.picked_up()),
          absl::StrCat(counts.contact_made()),
          absl::StrCat(counts.contact_in_time()),
          absl::StrCat(counts.placed()),
          absl::StrCat(counts.open()),
          absl::StrCat(counts.closed()),
          absl::StrCat(counts.withdrawn())};
}

std::string Outcomes(const v1::FollowUpCounts& counts, Lang lang) {
  std::vector<std::string> parts;
  for (const auto& outcome : counts.outcomes()) {
    parts.push_back(absl::StrCat(Label(outcome.outcome(), lang), " ", outcome.count()));
  }
  return absl::StrJoin(parts, ", ");
}

std::string Unmet(const v1::FollowUpCounts& counts, Lang lang) {
  std::vector<std::string> parts;
  for (const auto& unmet : counts.unmet()) {
    parts.push_back(absl::StrCat(Label(unmet.degree(), lang), " ", unmet.count()));
  }
  return absl::StrJoin(parts, ", ");
}

void PrintSummary(const v1::FollowUpSummary& summary, Session& session) {
  std::ostream& out = session.console().out;
  Table table({session.Say("CODE", "CODE"), session.Say("WIJK", "DISTRICT"),
               session.Say("ONTVANGEN", "RECEIVED"), session.Say("OPGEPAKT", "PICKED UP"),
               session.Say("CONTACT", "CONTACT"), session.Say("OP TIJD", "IN TIME"),
               session.Say("GEPLAATST", "PLACED"), session.Say("OPEN", "OPEN"),
               session.Say("AFGESLOTEN", "CLOSED"), session.Say("INGETROKKEN", "WITHDRAWN")});
  for (const auto& district : summary.districts()) {
    table.AddRow(CountCells(ShortName(district.district()),
                            district.district().empty() && district.display_name().empty()
                                ? session.Say("(onzeker)", "(uncertain)")
                                : district.display_name(),
                            district.counts()));
  }
  table.AddRow(CountCells("", session.Say("TOTAAL", "TOTAL"), summary.total()));
  table.Print(out, session.table_style());
  out << "\n";
  PrintSheet({{session.Say("Nu te laat", "Overdue now"), absl::StrCat(summary.overdue())},
              {session.Say("Geëscaleerd", "Escalated"), absl::StrCat(summary.total().escalated())},
              {session.Say("Uitkomsten", "Outcomes"), Outcomes(summary.total(), session.lang())},
              {session.Say("Onvervuld", "Unmet"), Unmet(summary.total(), session.lang())},
              {session.Say("Gelezen", "Read"), TimeText(summary.read_time())},
              {session.Say("Revisie", "Revision"), absl::StrCat(summary.revision())}},
             out, session.table_style());
}

absl::StatusOr<ExitCode> Summary(Session& session, const SummaryFlags& flags) {
  v1::GetFollowUpSummaryRequest request;
  const auto parent = session.Parent();
  if (!parent.ok()) return parent.status();
  request.set_parent(*parent);
  const absl::Status period = SetPeriod(session, flags.period, request);
  if (!period.ok()) return period;
  if (!flags.district.empty()) {
    const auto district = session.Full("districts", flags.district);
    if (!district.ok()) return district.status();
    request.set_district(*district);
  }
  return Answer(session, Ask(session, request, &client::Client::GetFollowUpSummary),
                [&](const v1::FollowUpSummary& summary) { PrintSummary(summary, session); });
}

absl::StatusOr<ExitCode> Overdue(Session& session, const OverdueFlags& flags) {
  v1::ListOverdueReferralsRequest request;
  const auto parent = session.Parent();
  if (!parent.ok()) return parent.status();
  request.set_parent(*parent);
  request.set_escalated(flags.escalated);
  return Answer(
      session,
      ListPages(session, flags.page, request, &client::Client::ListOverdueReferrals, "referrals"),
      [&](const v1::ListOverdueReferralsResponse& list) {
        PrintReferrals(list.referrals(), session);
        NoteMore(session, list.next_page_token());
      });
}

std::vector<std::string> UnmetCells(const v1::UnmetDemandRow& row, const Session& session) {
  std::vector<std::string> groups;
  for (const auto& group : row.target_group_display_names()) {
    groups.push_back(session.Say(group.nl(), group.en()));
  }
  const auto days = [&row](int32_t count) { return row.waiting() > 0 ? absl::StrCat(count) : ""; };
  return {Label(row.degree(), session.lang()),
          row.district().empty() && row.district_display_name().empty()
              ? session.Say("(onzeker)", "(uncertain)")
              : row.district_display_name(),
          Label(row.need(), session.lang()),
          absl::StrCat(row.count()),
          absl::StrCat(row.open()),
          absl::StrCat(row.waiting()),
          days(row.waiting_days_median()),
          days(row.waiting_days_longest()),
          absl::StrJoin(groups, ", ")};
}

absl::StatusOr<ExitCode> UnmetDemand(Session& session, const UnmetFlags& flags) {
  v1::GetUnmetDemandRequest request;
  const auto parent = session.Parent();
  if (!parent.ok()) return parent.status();
  request.set_parent(*parent);
  const absl::Status period = SetPeriod(session, flags.period, request);
  if (!period.ok()) return period;
  return Answer(session, Ask(session, request, &client::Client::GetUnmetDemand),
                [&](const v1::UnmetDemand& unmet) {
                  Table table({session.Say("GRAAD", "DEGREE"), session.Say("WIJK", "DISTRICT"),
                               session.Say("VRAAG", "NEED"), session.Say("AANTAL", "COUNT"),
                               session.Say("OPEN", "OPEN"), session.Say("WACHT", "WAITING"),
                               session.Say("DAGEN (MEDIAAN)", "DAYS (MEDIAN)"),
                               session.Say("DAGEN (LANGST)", "DAYS (LONGEST)"),
                               session.Say("DOELGROEPEN", "TARGET GROUPS")});
                  for (const auto& row : unmet.rows()) table.AddRow(UnmetCells(row, session));
                  TableStyle style = session.table_style();
                  style.tabs = flags.tabs;
                  table.Print(session.console().out, style);
                });
}

}  // namespace

void AddFollowUpCommands(CLI::App& followup, Command& chosen) {
  auto summary = AddCommand<SummaryFlags>(
      followup, chosen, "summary", "Did contact happen, in time, and where not",
      "  omzien followup summary\n"
      "  omzien followup summary --from 2026-11-01 --to 2026-11-30 --district WK015015",
      &Summary);
  AddPeriodFlags(summary.app, summary.flags.period);
  summary.app.add_option("--district", summary.flags.district, "CBS code of a wijk: only there");

  auto overdue =
      AddCommand<OverdueFlags>(followup, chosen, "overdue", "Who should have been reached by now",
                               "  omzien followup overdue --all\n"
                               "  omzien followup overdue --escalated",
                               &Overdue);
  AddPageFlags(overdue.app, overdue.flags.page);
  overdue.app.add_flag("--escalated", overdue.flags.escalated,
                       "Those escalated to the coordinator: nobody took them up, or reached them");

  auto unmet = AddCommand<UnmetFlags>(followup, chosen, "unmet",
                                      "Demand that nobody serves, or that is served poorly",
                                      "  omzien followup unmet --from 2026-11-01 --lang en\n"
                                      "  omzien followup unmet --tabs   # to paste into a document",
                                      &UnmetDemand);
  AddPeriodFlags(unmet.app, unmet.flags.period);
  unmet.app.add_flag("--tabs", unmet.flags.tabs, "Cells apart by tabs, to paste as a table");
}

}  // namespace omzien::cli
