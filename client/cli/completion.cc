#include "client/cli/completion.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace omzien::cli {
namespace {

std::vector<std::string> LongFlags(const CLI::App& app) {
  std::vector<std::string> flags;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
  }
  return flags;
}

// One case of a shell's `case`: the words that may follow this command's path.
void AppendCases(const CLI::App& app, const std::string& path,
                 const std::vector<std::string>& global_flags, std::string& cases) {
  std::vector<std::string> words;
  const auto subcommands = app.get_subcommands([](const CLI::App*) { return true; });
  for (const CLI::App* subcommand : subcommands) words.push_back(subcommand->get_name());
  for (const std::string& flag : LongFlags(app)) words.push_back(flag);
  if (app.get_parent() != nullptr) {
    for (const std::string& flag : global_flags) {
      if (flag != "--help") words.push_back(flag);
    }
  }
  absl::StrAppend(&cases, "    '", path, "') words='", absl::StrJoin(words, " "), "' ;;\n");
  for (const CLI::App* subcommand : subcommands) {
    AppendCases(*subcommand, absl::StrCat(path, " ", subcommand->get_name()), global_flags, cases);
  }
}

std::string Cases(const CLI::App& root) {
  std::string cases;
  AppendCases(root, "omzien", LongFlags(root), cases);
  return cases;
}

// The path so far is every word before the cursor that, with the path before it, names a command;
// what else stands there is flags and their values.
constexpr char kBash[] = R"sh(# bash completion for omzien: source <(omzien completion bash)
_omzien_words() {
  local words=''
  case "$1" in
@CASES@    *) return 1 ;;
  esac
  printf '%s' "$words"
}
_omzien() {
  local path=omzien i
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [[ ${COMP_WORDS[i]} != -* ]] && _omzien_words "$path ${COMP_WORDS[i]}" >/dev/null; then
      path="$path ${COMP_WORDS[i]}"
    fi
  done
  COMPREPLY=($(compgen -W "$(_omzien_words "$path")" -- "${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _omzien omzien
)sh";

constexpr char kZsh[] = R"sh(#compdef omzien
# zsh completion for omzien: source <(omzien completion zsh)
_omzien_words() {
  local words=''
  case "$1" in
@CASES@    *) return 1 ;;
  esac
  print -rn -- "$words"
}
_omzien() {
  local where=omzien i
  for ((i = 2; i < CURRENT; i++)); do
    if [[ ${words[i]} != -* ]] && _omzien_words "$where ${words[i]}" >/dev/null; then
      where="$where ${words[i]}"
    fi
  done
  local -a candidates
  candidates=(${=$(_omzien_words "$where")})
  compadd -a candidates || _files
}
compdef _omzien omzien
)sh";

std::string Fill(const std::string& script, const CLI::App& root) {
  const std::string mark = "@CASES@";
  std::string filled = script;
  return filled.replace(filled.find(mark), mark.size(), Cases(root));
}

}  // namespace

std::string BashCompletion(const CLI::App& root) { return Fill(kBash, root); }
std::string ZshCompletion(const CLI::App& root) { return Fill(kZsh, root); }

void AddCompletionCommands(CLI::App& completion, const CLI::App& root, Command& chosen) {
  const auto add = [&](const std::string& shell, std::string (*script)(const CLI::App&),
                       const std::string& example) {
    CLI::App* app = completion.add_subcommand(shell, "For " + shell);
    app->footer("Examples:\n" + example);
    app->callback([&chosen, &root, script] {
      chosen = [&root, script](Session& session) -> absl::StatusOr<ExitCode> {
        session.console().out << script(root);
        return kExitOk;
      };
    });
  };
  add("bash", &BashCompletion, "  source <(omzien completion bash)");
  add("zsh", &ZshCompletion, "  source <(omzien completion zsh)  # after compinit, in ~/.zshrc");
}

}  // namespace omzien::cli
