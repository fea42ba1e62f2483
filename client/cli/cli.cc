#include "client/cli/cli.h"

#include <CLI/CLI.hpp>

#include <algorithm>

#include "client/cli/catalog_commands.h"
#include "client/cli/completion.h"
#include "client/cli/followup_commands.h"
#include "client/cli/import_command.h"
#include "client/cli/referral_commands.h"
#include "client/cli/settings.h"
#include "client/cli/signal_commands.h"
#include "client/cli/usage.h"

namespace omzien::cli {
namespace {

constexpr char kFooter[] = R"(Examples:
  omzien signal submit --place Bathmen --through-signaller --words "Weduwe, komt elke dag"
  omzien referral list
  omzien followup summary -o json

Exit codes:
  0  done
  1  another error
  2  wrong usage
  3  not found, or not for you
  4  not allowed, or no valid token
  5  invalid; every violation is listed
  6  not possible in this state, or changed meanwhile
  7  server unavailable, too slow or overloaded: try again
  8  import finished (or tried with --dry-run), with refused rows

Flags go before the environment, and that before ~/.config/omzien/cli.yaml
(server, token_file, municipality, output, lang, timeout).)";

CLI::App& AddNoun(CLI::App& app, const std::string& name, const std::string& description,
                  const std::string& example) {
  CLI::App* noun = app.add_subcommand(name, description);
  noun->require_subcommand(1);
  noun->footer("Examples:\n" + example);
  return *noun;
}

void Build(CLI::App& app, GlobalFlags& flags, Command& chosen) {
  app.require_subcommand(1);
  app.set_version_flag("--version", "omzien " OMZIEN_VERSION);
  // Global flags may stand after the command as well; subcommands inherit this.
  app.fallthrough();
  app.footer(kFooter);
  AddGlobalFlags(app, flags);
  CLI::App& signal =
      AddNoun(app, "signal", "Signals: someone may be lonely", "  omzien signal submit --help");
  AddSignalCommands(signal, chosen);
  AddImportCommand(signal, chosen);
  AddReferralCommands(AddNoun(app, "referral", "Referrals: who follows up, and how it goes",
                              "  omzien referral list"),
                      chosen);
  AddCatalogCommands(AddNoun(app, "catalog", "The catalogue: districts, parties, offers",
                             "  omzien catalog find --place Bathmen --age 65_plus"),
                     chosen);
  AddFollowUpCommands(AddNoun(app, "followup", "Did contact happen, in time, and where not",
                              "  omzien followup summary"),
                      chosen);
  AddCompletionCommands(AddNoun(app, "completion", "Completion script for a shell",
                                "  source <(omzien completion bash)"),
                        app, chosen);
}

int Execute(const GlobalFlags& flags, const Command& chosen, Console& console) {
  const absl::StatusOr<Globals> globals = Resolve(flags, console);
  absl::StatusOr<ExitCode> result = kExitOk;
  Lang lang = LangOf(flags, console);
  if (!globals.ok()) {
    result = globals.status();
  } else {
    lang = globals->lang;
    Session session(*globals, console);
    result = chosen(session);
  }
  if (result.ok()) return *result;
  const bool without_token = globals.ok() && globals->token.empty();
  PrintError(result.status(), lang, console.err, without_token);
  return ExitCodeOf(result.status());
}

}  // namespace

int Run(const std::vector<std::string>& arguments, Console& console) {
  CLI::App app("Omzien: signals of loneliness, and whether someone followed up", "omzien");
  GlobalFlags flags;
  Command chosen;
  Build(app, flags, chosen);
  try {
    // CLI11 takes them from the back.
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    app.parse(std::move(reversed));
  } catch (const CLI::ParseError& error) {
    // CLI11 speaks by exceptions; they end here.
    if (error.get_exit_code() == 0) {  // Help or the version.
      app.exit(error, console.out, console.err);
      return kExitOk;
    }
    const Lang lang = LangOfArguments(arguments, LangOf(flags, console));
    console.err << Say(lang, "Fout: ", "Error: ")
                << Clean(UsageSentence(app, arguments, error, lang)) << "\n  "
                << Say(lang, "Zie: ", "See: ") << UnderstoodCommand(app, arguments) << " --help\n";
    return kExitUsage;
  }
  return Execute(flags, chosen, console);
}

}  // namespace omzien::cli
