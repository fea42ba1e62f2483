#include "client/cli/views.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace omzien::cli {

std::string Text(const v1::Sentence& sentence, Lang lang) {
  return Say(lang, sentence.nl(), sentence.en());
}

std::string Districts(const google::protobuf::RepeatedPtrField<v1::DistrictCandidate>& districts,
                      Lang lang) {
  std::vector<std::string> parts;
  for (const auto& district : districts) {
    parts.push_back(absl::StrCat(district.display_name(), " (", ShortName(district.district()),
                                 ", ", Label(district.certainty(), lang), ")"));
  }
  return absl::StrJoin(parts, "; ");
}

std::string DistrictCell(
    const google::protobuf::RepeatedPtrField<v1::DistrictCandidate>& districts) {
  if (districts.empty()) return "";
  const v1::DistrictCandidate& first = districts.Get(0);
  if (districts.size() > 1) {
    return absl::StrCat(first.display_name(), "? (+", districts.size() - 1, ")");
  }
  return absl::StrCat(first.display_name(), first.certainty() == v1::CERTAINTY_STATED ? "" : "?");
}

void PrintProposals(const google::protobuf::RepeatedPtrField<v1::Proposal>& proposals,
                    Session& session) {
  if (proposals.empty()) return;
  Table table({"#", session.Say("AANBOD", "OFFER"), session.Say("PARTIJ", "ORGANISATION"),
               session.Say("WAAROM", "WHY")});
  for (const v1::Proposal& proposal : proposals) {
    table.AddRow({absl::StrCat(proposal.rank()), ShortName(proposal.offer()),
                  proposal.organisation_display_name(), Text(proposal.reason(), session.lang())});
  }
  session.console().out << "\n" << session.Say("Voorstellen:", "Proposals:") << "\n";
  table.Print(session.console().out, session.table_style());
}

}  // namespace omzien::cli
