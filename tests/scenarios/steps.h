// The vocabulary of the scenarios: every sentence that a row may use, and what it does. A sentence
// has places in braces, each for something of one form:
//
//   {words}   anything within double quotes        {id}    a-z, 0-9 and "-"
//   {list}    such ids, with ", " between          {code}  a district's: WK015015, BU01501501
//   {n}       a number                             {NAME}  capitals and "_": a value of the
//   contract {yaml}    anything, as it stands in a catalogue {kind}    a-z, digits and spaces: a
//   value of the contract in small letters
//
// given_steps.cc, when_steps.cc and then_steps.cc have them.

#ifndef OMZIEN_TESTS_SCENARIOS_STEPS_H_
#define OMZIEN_TESTS_SCENARIOS_STEPS_H_

#include <google/protobuf/descriptor.h>

#include <span>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "tests/scenarios/scenario.h"

namespace omzien::scenarios {

// What stood in the places of a sentence, in order, without quotes.
using Arguments = std::vector<std::string>;

// What is so before: of the person, or of the catalogue.
struct Given {
  const char* sentence;
  const char* meaning;
  void (*set)(Scenario&, const Arguments&);
};

// What someone does. Made ready first, so that two can be done at once.
struct When {
  const char* sentence;
  const char* meaning;
  Deed (*make_ready)(Scenario&, const Arguments&);
};

// What must be so; throws StepFailed.
struct Then {
  const char* sentence;
  const char* meaning;
  void (*check)(Scenario&, const Arguments&);
};

std::span<const Given> GivenSteps();
std::span<const When> WhenSteps();
std::span<const Then> ThenSteps();

// Whether the sentence is the text's, and what stands in its places then.
bool Matches(absl::string_view sentence, absl::string_view text, Arguments* arguments);

// In which column a step stands. What is given may have happened: there a step may also be one of
// `when`; and what happens may be that a catalogue changes, or another person signals.
enum class Column { kGiven, kWhen, kThen };

// Does what the text says. It may begin with a name and a colon, of whom it is then about, and
// with:
//   "as read: "  the etag is the one that someone read before   (a deed)
//   "soon "      within 20 s, for what the server does by itself (a check)
//   "until "     the same, where it has to be so before the next step (a check, in given and when)
// Two deeds between " / " after "at once: " are done at the same moment, with one etag.
// StepFailed: it isn't a step of that column, or what it says isn't so.
void RunStep(Scenario& scenario, Column column, absl::string_view text);

// The sentence that the text is of; throws StepFailed.
std::vector<std::string> SentencesOf(Column column, absl::string_view text);

// --- for the steps ---

inline std::vector<std::string> Listed(const std::string& list) {
  return absl::StrSplit(list, ", ", absl::SkipEmpty());
}

// The number of the enum's value that is written "practical help" or "PRACTICAL_HELP", without the
// prefix that all its values have.
int NumberOf(const google::protobuf::EnumDescriptor* type, const std::string& written);
// "PRACTICAL_HELP".
std::string NameOf(const google::protobuf::EnumDescriptor* type, int number);

template <class Enum>
Enum ValueOf(const std::string& written) {
  return static_cast<Enum>(NumberOf(google::protobuf::GetEnumDescriptor<Enum>(), written));
}
template <class Enum>
std::string NameOf(Enum value) {
  return NameOf(google::protobuf::GetEnumDescriptor<Enum>(), value);
}

// Throws StepFailed unless both are the same, with what was seen.
void MustBe(const std::string& seen, const std::string& said);

}  // namespace omzien::scenarios

#endif  // OMZIEN_TESTS_SCENARIOS_STEPS_H_
