#include "client/cli/views.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "client/cli/referral_commands.h"

namespace omzien::cli {
namespace {

using Candidates = google::protobuf::RepeatedPtrField<v1::DistrictCandidate>;

Candidates Of(const std::vector<std::pair<std::string, v1::Certainty>>& rows) {
  Candidates candidates;
  for (const auto& [name, certainty] : rows) {
    v1::DistrictCandidate* const candidate = candidates.Add();
    candidate->set_display_name(name);
    candidate->set_certainty(certainty);
  }
  return candidates;
}

TEST(DistrictCell, SaysHowCertainItIs) {
  const struct {
    std::vector<std::pair<std::string, v1::Certainty>> districts;
    const char* cell;
  } kCases[] = {
      {{}, ""},
      {{{"Bathmen", v1::CERTAINTY_STATED}}, "Bathmen"},
      {{{"Bathmen", v1::CERTAINTY_LIKELY}}, "Bathmen?"},
      {{{"Bathmen", v1::CERTAINTY_POSSIBLE}}, "Bathmen?"},
      {{{"Voorstad", v1::CERTAINTY_POSSIBLE},
        {"Binnenstad", v1::CERTAINTY_POSSIBLE},
        {"Zandweerd", v1::CERTAINTY_POSSIBLE}},
       "Voorstad? (+2)"},
  };
  for (const auto& c : kCases) EXPECT_EQ(DistrictCell(Of(c.districts)), c.cell);
}

TEST(PrintReferrals, ShowsAWijkThatIsNotCertainAsAQuestion) {
  google::protobuf::RepeatedPtrField<v1::Referral> referrals;
  *referrals.Add()->mutable_districts() =
      Of({{"Voorstad", v1::CERTAINTY_POSSIBLE}, {"Binnenstad", v1::CERTAINTY_POSSIBLE}});
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  Console console{.in = in, .out = out, .err = err, .environment = {}};
  Session session({}, console);
  PrintReferrals(referrals, session);
  EXPECT_NE(out.str().find("Voorstad? (+1)"), std::string::npos) << out.str();
}

}  // namespace
}  // namespace omzien::cli
