#include "client/cli/usage.h"

#include <cstring>
#include <string_view>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

namespace omzien::cli {
namespace {

// How far the arguments lead into the tree of commands.
struct Understood {
  const CLI::App* app = nullptr;
  std::string path = "omzien";
  // The first that the tree doesn't know; empty when there is none.
  std::string unknown;
};

std::vector<std::string> CommandsOf(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  return names;
}

// The command's own flags and those of the ones above it, which it takes as well.
std::vector<std::string> FlagsOf(const CLI::App* app) {
  std::vector<std::string> names;
  for (; app != nullptr; app = app->get_parent()) {
    for (const CLI::Option* option : app->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

const CLI::App* FindCommand(const CLI::App& app, const std::string& name) {
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_name() == name) return command;
  }
  return nullptr;
}

const CLI::Option* FindFlag(const CLI::App* app, const std::string& name) {
  for (; app != nullptr; app = app->get_parent()) {
    const CLI::Option* option = app->get_option_no_throw(name);
    if (option != nullptr) return option;
  }
  return nullptr;
}

bool IsFlag(const std::string& argument) { return argument.size() > 1 && argument[0] == '-'; }

std::string FlagName(const std::string& argument) {
  if (!absl::StartsWith(argument, "--")) return argument.substr(0, 2);
  return argument.substr(0, argument.find('='));
}

Understood Follow(const CLI::App& root, const std::vector<std::string>& arguments) {
  Understood result;
  result.app = &root;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--") break;
    if (IsFlag(argument)) {
      const std::string name = FlagName(argument);
      const CLI::Option* flag = FindFlag(result.app, name);
      if (flag == nullptr) {
        result.unknown = name;
        break;
      }
      // Its value is the next word, unless it stands in this one.
      if (name == argument && flag->get_items_expected_max() > 0) ++i;
      continue;
    }
    if (CommandsOf(*result.app).empty()) continue;  // An argument of the command.
    const CLI::App* command = FindCommand(*result.app, argument);
    if (command == nullptr) {
      result.unknown = argument;
      break;
    }
    result.app = command;
    absl::StrAppend(&result.path, " ", argument);
  }
  return result;
}

std::string UnknownSentence(const Understood& understood, Lang lang) {
  const bool flag = IsFlag(understood.unknown);
  const std::vector<std::string> known =
      flag ? FlagsOf(understood.app) : CommandsOf(*understood.app);
  const std::string nearest = Nearest(understood.unknown, known);
  std::string sentence = absl::StrCat(flag ? Say(lang, "onbekende optie ", "unknown option ")
                                           : Say(lang, "onbekende opdracht ", "unknown command "),
                                      "'", understood.unknown, "'");
  if (!nearest.empty()) {
    absl::StrAppend(&sentence, Say(lang, "; bedoelde u ", "; did you mean "), nearest, "?");
  } else if (!flag) {
    absl::StrAppend(&sentence, Say(lang, "; kies uit: ", "; choose from: "),
                    absl::StrJoin(known, ", "));
  }
  return sentence;
}

// CLI11's own sentences, in Dutch as far as this program can make them come.
std::string InDutch(const std::string& name, const std::string& message) {
  absl::string_view text = message;
  if (name == "RequiredError" && absl::ConsumeSuffix(&text, " is required")) {
    return absl::StrCat(text, " ontbreekt");
  }
  if (name == "ValidationError" && absl::ConsumeSuffix(&text, ": at least 1")) {
    return absl::StrCat(text, ": minstens 1");
  }
  if (name == "ConversionError" && absl::ConsumePrefix(&text, "Could not convert: ")) {
    return absl::StrCat("niet te lezen: ", text);
  }
  const size_t colon = message.find(": ");
  if (absl::StartsWith(message, "The following argument") && colon != std::string::npos) {
    return absl::StrCat("onverwacht: ", message.substr(colon + 2));
  }
  if (name == "ArgumentMismatch" && absl::StartsWith(message, "--")) {
    return absl::StrCat(message.substr(0, message.find_first_of(": ")), " mist een waarde");
  }
  return message;
}

}  // namespace

std::string UsageSentence(const CLI::App& root, const std::vector<std::string>& arguments,
                          const CLI::ParseError& error, Lang lang) {
  const Understood understood = Follow(root, arguments);
  if (!understood.unknown.empty()) return UnknownSentence(understood, lang);
  const std::vector<std::string> commands = CommandsOf(*understood.app);
  if (!commands.empty()) {
    return absl::StrCat(
        Say(lang, "een opdracht ontbreekt; kies uit: ", "a command is missing; choose from: "),
        absl::StrJoin(commands, ", "));
  }
  return lang == Lang::kDutch ? InDutch(error.get_name(), error.what()) : error.what();
}

std::string UnderstoodCommand(const CLI::App& root, const std::vector<std::string>& arguments) {
  return Follow(root, arguments).path;
}

Lang LangOfArguments(const std::vector<std::string>& arguments, Lang otherwise) {
  for (size_t i = 0; i < arguments.size(); ++i) {
    std::string_view value = arguments[i];
    if (value == "--lang" && i + 1 < arguments.size()) {
      value = arguments[i + 1];
    } else if (value.starts_with("--lang=")) {
      value.remove_prefix(std::strlen("--lang="));
    } else {
      continue;
    }
    return value == "en" ? Lang::kEnglish : Lang::kDutch;
  }
  return otherwise;
}

}  // namespace omzien::cli
