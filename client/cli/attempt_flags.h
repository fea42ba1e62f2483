// A try to make contact as flags: of `referral contact`, and with a prefix of `signal submit`.
#pragma once

#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "client/cli/session.h"
#include "omzien/v1/contact.pb.h"

namespace omzien::cli {

// Without what was learnt.
struct AttemptFlags {
  std::string with;
  std::string channel;
  std::string direction;
  std::string result;
  std::string at;
  std::string next;
  std::string worker;
  std::string note;
};

// "--{prefix}with" and so on; `prefix` is empty or ends in a dash. Without a prefix those that an
// attempt can't do without are required.
void AddAttemptFlags(CLI::App& app, AttemptFlags& flags, const std::string& prefix,
                     const std::string& group);

// A usage error names the flag that is wrong.
absl::StatusOr<v1::ContactAttempt> BuildAttempt(const Session& session, const AttemptFlags& flags,
                                                const std::string& prefix);

}  // namespace omzien::cli
