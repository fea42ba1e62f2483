#include "server/config/config.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <sstream>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "server/config/command_line.h"
#include "server/config/config_rules.h"
#include "server/config/nearest.h"
#include "server/config/text.h"
#include "server/config/yaml_proto.h"
#include "server/config/yaml_scalar.h"

namespace omzien::config {
namespace {

constexpr std::string_view kEnvironmentPrefix = "OMZIEN_";
constexpr const char* kConfigFileVariable = "OMZIEN_SERVER_CONFIG";
// The command-line client's own, which a shell may hold while it starts a server.
constexpr std::array<std::string_view, 8> kClientVariables = {
    "OMZIEN_CONFIG", "OMZIEN_LANG",    "OMZIEN_MUNICIPALITY", "OMZIEN_OUTPUT",
    "OMZIEN_SERVER", "OMZIEN_TIMEOUT", "OMZIEN_TOKEN",        "OMZIEN_TOKEN_FILE"};
constexpr size_t kLargestFileBytes = 16 * 1024 * 1024;

class Loader {
 public:
  absl::StatusOr<v1::ServerConfig> Load(const ConfigSources& sources) {
    config_ = DefaultConfig();
    const CommandLine line = ParseCommandLine(sources.args);
    std::string file = line.config_file;
    if (file.empty()) {
      const auto variable = sources.environment.find(kConfigFileVariable);
      if (variable != sources.environment.end()) file = variable->second;
    }
    if (!file.empty()) TakeFile(file);
    TakeEnvironment(sources.environment);
    TakeFlags(line);
    for (const ConfigProblem& problem : CheckConfig(config_)) {
      if (!broken_.contains(problem.path)) Report(problem);
    }
    if (!errors_.empty()) return absl::InvalidArgumentError(absl::StrJoin(errors_, "\n"));
    for (v1::CallerConfig& caller : *config_.mutable_callers()) {
      caller.set_token_sha256(absl::AsciiStrToLower(caller.token_sha256()));
    }
    return config_;
  }

 private:
  void TakeFile(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    std::string text(kLargestFileBytes + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (stream.bad() || !stream.eof()) {
      errors_.push_back(absl::StrCat(
          path, ": ",
          stream.is_open() && stream.good() ? "the file is too large" : "the file can't be read"));
      return;
    }
    text.resize(static_cast<size_t>(stream.gcount()));
    file_ = path;
    v1::ServerConfig read;
    std::vector<YamlError> found;
    ParseYaml(text, &read, &lines_, &found);
    for (const YamlError& error : found) {
      const std::string where = error.path.empty() ? "" : absl::StrCat(error.path, ": ");
      errors_.push_back(absl::StrCat(path, ":", error.line, ": ", where, error.message));
      broken_.insert(error.path);
    }
    for (const auto* setting : Settings()) {
      if (!lines_.contains(setting->name()) || broken_.contains(setting->name())) continue;
      CopySetting(read, setting);
    }
    *config_.mutable_callers() = std::move(*read.mutable_callers());
  }

  // One field as it stands in the file, also where it is the type's zero.
  void CopySetting(const v1::ServerConfig& from, const google::protobuf::FieldDescriptor* setting) {
    std::string error;
    SetFromScalar(&config_, setting, WriteScalar(from, setting, -1), &error);
    origins_[setting->name()] = absl::StrCat(file_, ":", lines_.at(setting->name()));
  }

  void TakeEnvironment(const std::map<std::string, std::string>& environment) {
    std::map<std::string, const google::protobuf::FieldDescriptor*> known;
    std::vector<std::string> names = {kConfigFileVariable};
    for (const auto* setting : Settings()) {
      known[EnvironmentName(*setting)] = setting;
      names.push_back(EnvironmentName(*setting));
    }
    for (const auto& [name, value] : environment) {
      if (!name.starts_with(kEnvironmentPrefix) || name == kConfigFileVariable) continue;
      if (std::ranges::find(kClientVariables, name) != kClientVariables.end()) continue;
      const auto setting = known.find(name);
      if (setting == known.end()) {
        errors_.push_back(
            absl::StrCat("unknown environment variable ", Quoted(name), DidYouMean(name, names)));
      } else {
        Take(setting->second, value, absl::StrCat("environment ", name));
      }
    }
  }

  void TakeFlags(const CommandLine& line) {
    errors_.insert(errors_.end(), line.errors.begin(), line.errors.end());
    for (const auto* setting : Settings()) {
      const auto value = line.values.find(setting->name());
      if (value == line.values.end()) continue;
      Take(setting, value->second, absl::StrCat("flag ", FlagName(*setting)));
    }
  }

  void Take(const google::protobuf::FieldDescriptor* setting, const std::string& value,
            const std::string& origin) {
    std::string error;
    if (FirstInvalidUtf8(value) != std::string::npos) {
      error = "the text is not UTF-8";
    } else if (SetFromScalar(&config_, setting, value, &error)) {
      origins_[setting->name()] = origin;
      broken_.erase(setting->name());
      return;
    }
    errors_.push_back(absl::StrCat(origin, ": ", error));
    broken_.insert(setting->name());
  }

  void Report(const ConfigProblem& problem) {
    const auto origin = origins_.find(problem.path);
    if (origin != origins_.end()) {
      const bool in_file = origin->second.starts_with(file_ + ":") && !file_.empty();
      errors_.push_back(absl::StrCat(
          origin->second, ": ", in_file ? absl::StrCat(problem.path, ": ") : "", problem.message));
      return;
    }
    const auto* setting = v1::ServerConfig::descriptor()->FindFieldByName(problem.path);
    if (setting != nullptr && !setting->is_repeated()) {
      errors_.push_back(absl::StrCat(problem.path, ": ", problem.message, ": set ", problem.path,
                                     " in the file, ", EnvironmentName(*setting), " or ",
                                     FlagName(*setting)));
      return;
    }
    errors_.push_back(
        absl::StrCat(file_, ":", LineOf(problem.path), ": ", problem.path, ": ", problem.message));
  }

  // A key that is missing has no line: then that of the entry it should stand in.
  int LineOf(std::string path) const {
    while (!path.empty()) {
      const auto line = lines_.find(path);
      if (line != lines_.end()) return line->second;
      const size_t end = path.find_last_of(".[");
      path.resize(end == std::string::npos ? 0 : end);
    }
    return 0;
  }

  v1::ServerConfig config_;
  std::string file_;
  std::map<std::string, int> lines_;
  std::map<std::string, std::string> origins_;  // field name -> where its value is from
  std::set<std::string> broken_;                // paths whose value couldn't be read
  std::vector<std::string> errors_;
};

}  // namespace

Action RequestedAction(const std::vector<std::string>& args) {
  const CommandLine line = ParseCommandLine(args);
  if (line.help) return Action::kHelp;
  if (line.version) return Action::kVersion;
  return line.check ? Action::kCheck : Action::kServe;
}

v1::ServerConfig DefaultConfig() {
  v1::ServerConfig config;
  config.set_listen("127.0.0.1:7701");
  config.set_max_message_kib(4096);
  config.set_max_streams_per_connection(100);
  config.mutable_deadline_cap()->set_seconds(60);
  config.mutable_drain_timeout()->set_seconds(10);
  config.set_read_threads(4);
  config.set_queue_limit(4096);
  config.set_log_level("info");
  return config;
}

absl::StatusOr<v1::ServerConfig> LoadConfig(const ConfigSources& sources) {
  return Loader().Load(sources);
}

std::string HelpText() {
  std::string text =
      "omzien-server: looks after signals of loneliness, from who noticed to who called.\n"
      "\n"
      "Usage: omzien-server [--config FILE] [FLAG ...]\n"
      "\n"
      "  --config FILE   the configuration, as YAML (or OMZIEN_SERVER_CONFIG)\n"
      "  --check         only say whether the configuration is good\n"
      "  --version       the version\n"
      "  --help, -h      this text\n"
      "\n"
      "Settings. A flag goes before the environment, which goes before the file.\n"
      "\n";
  text += absl::StrFormat("  %-27s %-33s %-29s %s\n", "key in the file", "environment", "flag",
                          "default");
  const v1::ServerConfig defaults = DefaultConfig();
  for (const auto* setting : Settings()) {
    const bool set = defaults.GetReflection()->HasField(defaults, setting);
    text += absl::StrFormat("  %-27s %-33s %-29s %s\n", setting->name(), EnvironmentName(*setting),
                            FlagName(*setting),
                            set ? WriteScalar(defaults, setting, -1) : "(required)");
  }
  text +=
      "\n"
      "Only in the file:\n"
      "  callers: a list of {id, token_sha256, grants: [{municipality, organisation, role}]}\n"
      "\n"
      "Limits stand in proto/omzien/config/v1/config.proto.\n";
  return text;
}

std::map<std::string, std::string> EnvironmentOf(char* const* entries) {
  std::map<std::string, std::string> environment;
  for (; *entries != nullptr; ++entries) {
    const std::string text = *entries;
    const size_t equals = text.find('=');
    if (equals != std::string::npos) environment[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return environment;
}

}  // namespace omzien::config
