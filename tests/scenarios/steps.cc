#include "tests/scenarios/steps.h"

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace omzien::scenarios {
namespace {

// What the server does by itself it does within this; and how often one looks.
constexpr absl::Duration kSoon = absl::Seconds(20);
constexpr absl::Duration kBetweenLooks = absl::Milliseconds(5);

bool OnlyOf(absl::string_view text, absl::string_view more, bool (*also)(unsigned char)) {
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return also(static_cast<unsigned char>(c)) || more.find(c) != absl::string_view::npos;
  });
}
bool IsSmall(unsigned char c) { return absl::ascii_islower(c) || absl::ascii_isdigit(c); }
bool IsCapital(unsigned char c) { return absl::ascii_isupper(c) || absl::ascii_isdigit(c); }

// Whether `text` has the form of the place.
bool Fills(absl::string_view place, absl::string_view text) {
  if (place == "words") {
    return text.size() >= 2 && text.front() == '"' && text.back() == '"' &&
           text.substr(1, text.size() - 2).find('"') == absl::string_view::npos;
  }
  if (place == "id") return OnlyOf(text, "-", IsSmall);
  if (place == "list") {
    return !absl::StartsWith(text, ",") && !absl::EndsWith(text, ",") &&
           OnlyOf(absl::StrReplaceAll(text, {{", ", ","}}), "-,", IsSmall);
  }
  if (place == "code") {
    return text.size() >= 8 && (absl::StartsWith(text, "WK") || absl::StartsWith(text, "BU")) &&
           OnlyOf(text, "", IsCapital);
  }
  if (place == "n") return OnlyOf(text, "", absl::ascii_isdigit);
  if (place == "NAME") {
    return OnlyOf(text, "_", IsCapital) && absl::ascii_isupper(static_cast<unsigned char>(text[0]));
  }
  if (place == "kind") return OnlyOf(text, " ", IsSmall);
  if (place == "yaml") return !text.empty();
  throw std::logic_error(absl::StrCat("no form {", place, "}"));
}

std::string WithoutQuotes(absl::string_view place, absl::string_view text) {
  if (place == "words") text = text.substr(1, text.size() - 2);
  return std::string(text);
}

template <class Steps>
void AddMatches(const Steps& steps, absl::string_view text,
                std::vector<std::pair<typename Steps::value_type, Arguments>>* found) {
  for (const auto& step : steps) {
    Arguments arguments;
    if (Matches(step.sentence, text, &arguments)) found->emplace_back(step, std::move(arguments));
  }
}

template <class Steps>
std::optional<std::pair<typename Steps::value_type, Arguments>> Find(const Steps& steps,
                                                                     absl::string_view text) {
  std::vector<std::pair<typename Steps::value_type, Arguments>> found;
  AddMatches(steps, text, &found);
  if (found.size() > 1) {
    throw StepFailed(absl::StrCat("\"", text, "\" may be \"", found[0].first.sentence, "\" and \"",
                                  found[1].first.sentence, "\""));
  }
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

StepFailed NoStep(absl::string_view text, absl::string_view column) {
  return StepFailed(absl::StrCat("\"", text, "\" is no step of \"", column,
                                 "\": tests/scenarios/README.md has them"));
}

// "Anna: " before a step; empty when it has none.
std::string ConsumeName(absl::string_view* text) {
  const size_t colon = text->find(": ");
  if (colon == absl::string_view::npos || colon < 2 ||
      !absl::ascii_isupper(static_cast<unsigned char>((*text)[0])) ||
      !OnlyOf(text->substr(1, colon - 1), "", absl::ascii_islower)) {
    return "";
  }
  const std::string name(text->substr(0, colon));
  text->remove_prefix(colon + 2);
  return name;
}

Deed MakeReady(Scenario& scenario, absl::string_view text) {
  const auto when = Find(WhenSteps(), text);
  if (!when.has_value()) throw NoStep(text, "when");
  return when->first.make_ready(scenario, when->second);
}

std::vector<absl::string_view> TwoOf(absl::string_view text) {
  std::vector<absl::string_view> two = absl::StrSplit(text, " / ");
  if (two.size() != 2) throw StepFailed("at once are two, between \" / \"");
  return two;
}

void RunDeed(Scenario& scenario, absl::string_view text) {
  scenario.Import();
  scenario.etag().clear();
  if (absl::ConsumePrefix(&text, "at once: ")) {
    const std::vector<absl::string_view> two = TwoOf(text);
    scenario.contested() = static_cast<uint32_t>(scenario.Signal().referrals_size());
    scenario.etag() = scenario.Referral(scenario.contested()).etag();
    const Deed one = MakeReady(scenario, two[0]);
    scenario.DoBoth(one, MakeReady(scenario, two[1]), &scenario.both());
    return;
  }
  if (absl::ConsumePrefix(&text, "as read: ")) scenario.etag() = scenario.person().read_etag;
  scenario.Do(MakeReady(scenario, text));
}

void RunCheck(Scenario& scenario, absl::string_view text, bool soon) {
  const auto then = Find(ThenSteps(), text);
  if (!then.has_value()) throw NoStep(text, "then");
  scenario.Import();
  const absl::Time until = absl::Now() + kSoon;
  // The one place that waits: a client is told of nothing that happens by itself, yet.
  for (;;) {
    try {
      then->first.check(scenario, then->second);
      return;
    } catch (const StepFailed&) {
      if (!soon || absl::Now() >= until) throw;
    }
    absl::SleepFor(kBetweenLooks);
  }
}

std::string Shouted(const std::string& written) {
  return absl::AsciiStrToUpper(absl::StrReplaceAll(written, {{" ", "_"}}));
}

// "NEED_" of NEED_UNSPECIFIED.
std::string PrefixOf(const google::protobuf::EnumDescriptor* type) {
  const std::string& zero = type->FindValueByNumber(0)->name();
  return std::string(absl::StripSuffix(zero, "UNSPECIFIED"));
}

}  // namespace

bool Matches(absl::string_view sentence, absl::string_view text, Arguments* arguments) {
  const size_t open = sentence.find('{');
  if (open == absl::string_view::npos) return sentence == text;
  if (!absl::ConsumePrefix(&text, sentence.substr(0, open))) return false;
  const size_t close = sentence.find('}', open);
  const absl::string_view place = sentence.substr(open + 1, close - open - 1);
  const absl::string_view rest = sentence.substr(close + 1);
  for (size_t length = 1; length <= text.size(); ++length) {
    if (!Fills(place, text.substr(0, length))) continue;
    Arguments more;
    if (!Matches(rest, text.substr(length), &more)) continue;
    arguments->assign(1, WithoutQuotes(place, text.substr(0, length)));
    arguments->insert(arguments->end(), more.begin(), more.end());
    return true;
  }
  return false;
}

void RunStep(Scenario& scenario, Column column, absl::string_view text) {
  scenario.TurnTo(ConsumeName(&text));
  if (column == Column::kThen) {
    const bool soon = absl::ConsumePrefix(&text, "soon ");
    RunCheck(scenario, text, soon);
  } else if (absl::ConsumePrefix(&text, "until ")) {
    RunCheck(scenario, text, true);
  } else if (const auto given = Find(GivenSteps(), text); given.has_value()) {
    given->first.set(scenario, given->second);
  } else {
    RunDeed(scenario, text);
  }
}

std::vector<std::string> SentencesOf(Column column, absl::string_view text) {
  ConsumeName(&text);
  if (column == Column::kThen || absl::ConsumePrefix(&text, "until ")) {
    absl::ConsumePrefix(&text, "soon ");
    const auto then = Find(ThenSteps(), text);
    if (!then.has_value()) throw NoStep(text, "then");
    return {then->first.sentence};
  }
  if (const auto given = Find(GivenSteps(), text); given.has_value()) {
    return {given->first.sentence};
  }
  absl::ConsumePrefix(&text, "as read: ");
  std::vector<absl::string_view> deeds = {text};
  if (absl::ConsumePrefix(&text, "at once: ")) deeds = TwoOf(text);
  std::vector<std::string> sentences;
  for (const absl::string_view deed : deeds) {
    const auto when = Find(WhenSteps(), deed);
    if (!when.has_value()) throw NoStep(deed, column == Column::kGiven ? "given" : "when");
    sentences.emplace_back(when->first.sentence);
  }
  return sentences;
}

int NumberOf(const google::protobuf::EnumDescriptor* type, const std::string& written) {
  const auto* const value = type->FindValueByName(PrefixOf(type) + Shouted(written));
  if (value == nullptr) {
    throw StepFailed(absl::StrCat("there is no ", type->name(), " \"", written, "\""));
  }
  return value->number();
}

std::string NameOf(const google::protobuf::EnumDescriptor* type, int number) {
  const auto* const value = type->FindValueByNumber(number);
  if (value == nullptr) return absl::StrCat(number);
  return std::string(absl::StripPrefix(value->name(), PrefixOf(type)));
}

void MustBe(const std::string& seen, const std::string& said) {
  if (seen != said) throw StepFailed(absl::StrCat("it is: ", seen.empty() ? "nothing" : seen));
}

}  // namespace omzien::scenarios
