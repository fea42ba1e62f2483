#include "server/config/command_line.h"

#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "omzien/config/v1/config.pb.h"
#include "server/config/nearest.h"
#include "server/config/text.h"

namespace omzien::config {
namespace {

std::vector<std::string> KnownFlags() {
  std::vector<std::string> flags = {"--config", "--check", "--help", "--version"};
  for (const auto* setting : Settings()) flags.push_back(FlagName(*setting));
  return flags;
}

// Sets the switch that `flag` names; false when it names none.
bool SetSwitch(const std::string& flag, CommandLine* line) {
  if (flag == "--help" || flag == "-h") {
    line->help = true;
  } else if (flag == "--version") {
    line->version = true;
  } else if (flag == "--check") {
    line->check = true;
  } else {
    return false;
  }
  return true;
}

bool SetValue(const std::string& flag, const std::string& value, CommandLine* line) {
  if (flag == "--config") {
    line->config_file = value;
    return true;
  }
  for (const auto* setting : Settings()) {
    if (flag != FlagName(*setting)) continue;
    line->values[setting->name()] = value;
    return true;
  }
  return false;
}

bool TakesValue(const std::string& flag) {
  CommandLine scratch;
  return SetValue(flag, "", &scratch);
}

}  // namespace

std::vector<const google::protobuf::FieldDescriptor*> Settings() {
  std::vector<const google::protobuf::FieldDescriptor*> settings;
  const auto* type = v1::ServerConfig::descriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    if (!type->field(i)->is_repeated()) settings.push_back(type->field(i));
  }
  return settings;
}

std::string EnvironmentName(const google::protobuf::FieldDescriptor& setting) {
  return "OMZIEN_" + absl::AsciiStrToUpper(setting.name());
}

std::string FlagName(const google::protobuf::FieldDescriptor& setting) {
  return "--" + absl::StrReplaceAll(setting.name(), {{"_", "-"}});
}

CommandLine ParseCommandLine(const std::vector<std::string>& args) {
  CommandLine line;
  std::set<std::string> seen;
  for (size_t i = 0; i < args.size(); ++i) {
    const size_t equals = args[i].find('=');
    const std::string flag = args[i].substr(0, equals);
    const bool has_value = equals != std::string::npos;
    if (!flag.starts_with("-")) {
      line.errors.push_back(absl::StrCat(Quoted(args[i]), ": expected a flag; see --help"));
      continue;
    }
    if (!seen.insert(flag).second) {
      line.errors.push_back(absl::StrCat("flag ", Quoted(flag), ": given more than once"));
    }
    if (TakesValue(flag)) {
      if (has_value) {
        SetValue(flag, args[i].substr(equals + 1), &line);
      } else if (i + 1 < args.size() && !args[i + 1].starts_with("--")) {
        SetValue(flag, args[++i], &line);
      } else {
        line.errors.push_back(absl::StrCat("flag ", flag, ": a value is missing"));
      }
    } else if (!SetSwitch(flag, &line)) {
      line.errors.push_back(
          absl::StrCat("unknown flag ", Quoted(flag), DidYouMean(flag, KnownFlags())));
    } else if (has_value) {
      line.errors.push_back(absl::StrCat("flag ", flag, ": takes no value"));
    }
  }
  return line;
}

}  // namespace omzien::config
