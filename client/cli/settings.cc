#include "client/cli/settings.h"

#include <yaml-cpp/yaml.h>

#include <fstream>
#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace omzien::cli {
namespace {

using File = std::map<std::string, std::string>;

const std::vector<std::string>& FileKeys() {
  static const auto& keys = *new std::vector<std::string>{"server", "token_file", "municipality",
                                                          "output", "lang",       "timeout"};
  return keys;
}

std::string ConfigPath(const Console& console) {
  const std::string named = console.environment("OMZIEN_CONFIG");
  if (!named.empty()) return named;
  const std::string base = console.environment("XDG_CONFIG_HOME");
  if (!base.empty()) return base + "/omzien/cli.yaml";
  const std::string home = console.environment("HOME");
  return home.empty() ? "" : home + "/.config/omzien/cli.yaml";
}

absl::StatusOr<File> ReadConfig(const Console& console, Lang lang) {
  const std::string path = ConfigPath(console);
  std::ifstream in(path);
  if (path.empty() || !in.is_open()) {
    if (!console.environment("OMZIEN_CONFIG").empty()) {
      return UsageError(absl::StrCat("OMZIEN_CONFIG: ", path,
                                     Say(lang, " is niet te openen", " can't be opened")));
    }
    return File();
  }
  File file;
  try {
    const YAML::Node root = YAML::Load(in);
    if (!root.IsMap() && !root.IsNull()) {
      return UsageError(path + Say(lang, ": hoort regels 'sleutel: waarde' te hebben",
                                   ": expected 'key: value' lines"));
    }
    for (const auto& entry : root) {
      const auto key = entry.first.as<std::string>();
      if (std::find(FileKeys().begin(), FileKeys().end(), key) == FileKeys().end()) {
        const std::string nearest = Nearest(key, FileKeys());
        return UsageError(absl::StrCat(
            path, Say(lang, ": onbekende sleutel '", ": unknown key '"), key, "'",
            nearest.empty() ? "" : Say(lang, "; bedoelde u ", "; did you mean ") + nearest + "?"));
      }
      file[key] = entry.second.as<std::string>();
    }
  } catch (const YAML::Exception& error) {
    // yaml-cpp throws; nothing above this line does.
    return UsageError(absl::StrCat(path, ": ", error.what()));
  }
  return file;
}

std::string FromFile(const File& file, const std::string& key) {
  const auto found = file.find(key);
  return found == file.end() ? "" : found->second;
}

std::string First(std::initializer_list<std::string> values) {
  for (const std::string& value : values) {
    if (!value.empty()) return value;
  }
  return "";
}

absl::StatusOr<std::string> ReadToken(const std::string& path, Lang lang) {
  std::ifstream in(path);
  std::string token;
  if (!in.is_open() || !std::getline(in, token)) {
    return UsageError(
        absl::StrCat(Say(lang, "het tokenbestand ", "the token file "), path,
                     Say(lang, " is niet te lezen of is leeg", " can't be read or is empty")));
  }
  return std::string(absl::StripAsciiWhitespace(token));
}

absl::StatusOr<std::string> Token(const GlobalFlags& flags, const Console& console,
                                  const File& file, Lang lang) {
  if (!flags.token.empty()) return flags.token;
  if (!flags.token_file.empty()) return ReadToken(flags.token_file, lang);
  const std::string token = console.environment("OMZIEN_TOKEN");
  if (!token.empty()) return token;
  const std::string path =
      First({console.environment("OMZIEN_TOKEN_FILE"), FromFile(file, "token_file")});
  return path.empty() ? absl::StatusOr<std::string>("") : ReadToken(path, lang);
}

}  // namespace

void AddGlobalFlags(CLI::App& app, GlobalFlags& flags) {
  const std::string group = "Global options";
  app.add_option("--server", flags.server,
                 "Address of the server (env OMZIEN_SERVER); default: 127.0.0.1:7701")
      ->group(group);
  app.add_option("--token", flags.token,
                 "Bearer token. Others on this machine can read it in the list of processes: "
                 "prefer --token-file or env OMZIEN_TOKEN")
      ->group(group);
  app.add_option("--token-file", flags.token_file,
                 "File whose first line is the token (env OMZIEN_TOKEN_FILE)")
      ->group(group);
  app.add_option("-m,--municipality", flags.municipality,
                 "CBS code, such as GM0150 (env OMZIEN_MUNICIPALITY)")
      ->group(group);
  app.add_option("-o,--output", flags.output, "table (default) or json")->group(group);
  app.add_option("--lang", flags.lang, "nl (default) or en (env OMZIEN_LANG)")->group(group);
  app.add_option("--timeout", flags.timeout,
                 "For a call with its retries, such as 30s or 2m; default: 10s")
      ->group(group);
  app.add_flag("--no-color", flags.no_color, "No bold text on a terminal (env NO_COLOR)")
      ->group(group);
}

Lang LangOf(const GlobalFlags& flags, const Console& console) {
  return First({flags.lang, console.environment("OMZIEN_LANG")}) == "en" ? Lang::kEnglish
                                                                         : Lang::kDutch;
}

absl::StatusOr<Globals> Resolve(const GlobalFlags& flags, const Console& console) {
  const absl::StatusOr<File> file = ReadConfig(console, LangOf(flags, console));
  if (!file.ok()) return file.status();
  const auto value = [&](const std::string& flag, const std::string& variable,
                         const std::string& key, const std::string& otherwise) {
    return First({flag, console.environment(variable), FromFile(*file, key), otherwise});
  };
  Globals globals;
  globals.server = value(flags.server, "OMZIEN_SERVER", "server", "127.0.0.1:7701");
  globals.municipality = value(flags.municipality, "OMZIEN_MUNICIPALITY", "municipality", "");
  const std::string lang = value(flags.lang, "OMZIEN_LANG", "lang", "nl");
  if (lang != "nl" && lang != "en") {
    return UsageError(
        Say(LangOf(flags, console), "--lang: kies nl of en", "--lang: choose nl or en"));
  }
  globals.lang = lang == "nl" ? Lang::kDutch : Lang::kEnglish;
  const std::string output = value(flags.output, "OMZIEN_OUTPUT", "output", "table");
  if (output != "table" && output != "json") {
    return UsageError(Say(globals.lang, "-o: kies table of json", "-o: choose table or json"));
  }
  globals.json = output == "json";
  const std::string timeout = value(flags.timeout, "OMZIEN_TIMEOUT", "timeout", "10s");
  if (!absl::ParseDuration(timeout, &globals.timeout) || globals.timeout <= absl::ZeroDuration() ||
      globals.timeout > absl::Hours(1)) {
    return UsageError(Say(globals.lang, "--timeout: een tijd tot 1h, zoals 30s",
                          "--timeout: a time up to 1h, such as 30s"));
  }
  const absl::StatusOr<std::string> token = Token(flags, console, *file, globals.lang);
  if (!token.ok()) return token.status();
  globals.token = *token;
  globals.color =
      console.out_is_terminal && !flags.no_color && console.environment("NO_COLOR").empty();
  return globals;
}

}  // namespace omzien::cli
