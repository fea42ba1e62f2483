#include "client/cli/attempt_flags.h"

#include <functional>

#include "absl/strings/str_cat.h"
#include "client/cli/flags.h"
#include "client/cli/times.h"
#include "client/cli/usage_error.h"

namespace omzien::cli {
namespace {

absl::Status SetTime(const Session& session, const std::string& flag, const std::string& text,
                     const std::function<google::protobuf::Timestamp*()>& field) {
  if (text.empty()) return absl::OkStatus();
  const auto time = ParseTime(text, session.lang());
  if (!time.ok()) return UsageError(absl::StrCat(flag, ": ", time.status().message()));
  *field() = *time;
  return absl::OkStatus();
}

}  // namespace

void AddAttemptFlags(CLI::App& app, AttemptFlags& flags, const std::string& prefix,
                     const std::string& group) {
  const auto add = [&](const char* name, std::string& value, const std::string& help) {
    CLI::Option* const option = app.add_option("--" + prefix + name, value, help);
    if (!group.empty()) option->group(group);
    return option;
  };
  const bool required = prefix.empty();
  add("with", flags.with, "One of: " + Known<v1::ContactWith>())->required(required);
  add("channel", flags.channel, "One of: " + Known<v1::ContactChannel>())->required(required);
  add("result", flags.result, "One of: " + Known<v1::ContactResult>())->required(required);
  add("direction", flags.direction, "Default: outgoing; one of: " + Known<v1::ContactDirection>());
  add("at", flags.at, "When, such as '2026-11-26 14:00'; default: now");
  add("next", flags.next, "When the next try is planned, such as '2026-11-26 14:00'");
  add("worker", flags.worker, "Who tried");
  add("note", flags.note, "In words");
}

absl::StatusOr<v1::ContactAttempt> BuildAttempt(const Session& session, const AttemptFlags& flags,
                                                const std::string& prefix) {
  const auto flag = [&prefix](const char* name) { return "--" + prefix + name; };
  v1::ContactAttempt attempt;
  const auto with = FlagWord<v1::ContactWith>(session, flag("with"), flags.with);
  if (!with.ok()) return with.status();
  attempt.set_with(*with);
  const auto channel = FlagWord<v1::ContactChannel>(session, flag("channel"), flags.channel);
  if (!channel.ok()) return channel.status();
  attempt.set_channel(*channel);
  const auto direction =
      FlagWord<v1::ContactDirection>(session, flag("direction"), flags.direction);
  if (!direction.ok()) return direction.status();
  attempt.set_direction(*direction);
  const auto result = FlagWord<v1::ContactResult>(session, flag("result"), flags.result);
  if (!result.ok()) return result.status();
  attempt.set_result(*result);
  absl::Status set =
      SetTime(session, flag("at"), flags.at, [&] { return attempt.mutable_attempt_time(); });
  set.Update(SetTime(session, flag("next"), flags.next,
                     [&] { return attempt.mutable_next_attempt_time(); }));
  if (!set.ok()) return set;
  attempt.set_worker(flags.worker);
  attempt.set_note(flags.note);
  return attempt;
}

}  // namespace omzien::cli
