// Flags that several commands share, and how a command is added to the tree.
#pragma once

#include <CLI/CLI.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "client/cli/session.h"
#include "client/cli/signal_flags.h"
#include "omzien/v1/common.pb.h"

namespace omzien::cli {

// A command's place in the tree and the flags it parses into.
template <typename Flags>
struct Added {
  CLI::App& app;
  Flags& flags;
};

// Adds `name` under `parent`; when it is the one typed, `chosen` becomes `run` with its flags.
// `examples` stand under its help, one a line.
template <typename Flags>
Added<Flags> AddCommand(CLI::App& parent, Command& chosen, const std::string& name,
                        const std::string& description, const std::string& examples,
                        absl::StatusOr<ExitCode> (*run)(Session&, const Flags&)) {
  CLI::App* app = parent.add_subcommand(name, description);
  app->footer("Examples:\n" + examples);
  auto flags = std::make_shared<Flags>();
  app->callback([&chosen, flags, run] {
    chosen = [flags, run](Session& session) { return run(session, *flags); };
  });
  return {*app, *flags};
}

// Of every mutation.
struct MutationFlags {
  std::string request_id;
  std::string etag;
};
void AddMutationFlags(CLI::App& app, MutationFlags& flags, bool with_etag = true);

// What a signal says, as flags of its own.
void AddSignalFlags(CLI::App& app, SignalFlags& flags);

void AddConsentFlags(CLI::App& app, ConsentFlags& flags);
// Given now, unless another time was typed. UsageError for an unknown word, a time that isn't one,
// or details without --consent-by.
absl::StatusOr<v1::Consent> BuildConsent(const ConsentFlags& flags, Session& session);

// How the person gets about, and so on; in the help they stand in `group`, if it isn't empty.
void AddCircumstancesFlags(CLI::App& app, CircumstancesFlags& flags, const std::string& group);
// UsageError for an unknown word.
absl::StatusOr<v1::Circumstances> FlagCircumstances(const Session& session,
                                                    const CircumstancesFlags& flags);

struct PageFlags {
  int limit = 50;
  bool all = false;
};
void AddPageFlags(CLI::App& app, PageFlags& flags);

// Says, beside the table, that there is more.
void NoteMore(Session& session, const std::string& next_page_token);

// A named enum flag's value; UNSPECIFIED when not given, a UsageError that names the flag when it
// isn't a word of the enum.
template <typename Enum>
absl::StatusOr<Enum> FlagWord(const Session& session, const std::string& flag,
                              const std::string& word) {
  if (word.empty()) return static_cast<Enum>(0);
  const auto value = Parse<Enum>(word, session.lang());
  if (!value.ok()) return UsageError(flag + ": " + std::string(value.status().message()));
  return value;
}

}  // namespace omzien::cli
