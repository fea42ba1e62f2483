// What every command runs with: the global flags, the terminal, the connection.
#pragma once

#include <google/protobuf/message.h>

#include <functional>
#include <istream>
#include <memory>
#include <ostream>
#include <string>

#include "absl/status/statusor.h"
#include "client/cli/exit_codes.h"
#include "client/cli/names.h"
#include "client/cli/table.h"
#include "client/cli/words.h"
#include "client/cpp/client.h"

namespace omzien::cli {

// The world around the program; tests bring their own.
struct Console {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  // Cells in a line of the terminal; 0: no bound.
  int columns = 0;
  // The value of an environment variable; empty when unset.
  std::function<std::string(const std::string&)> environment;
  client::Clock* clock = &client::Clock::Real();
};

// The global flags, after environment and config file were asked.
struct Globals {
  std::string server;
  std::string token;
  std::string municipality;
  bool json = false;
  Lang lang = Lang::kDutch;
  absl::Duration timeout;
  bool color = false;
};

class Session {
 public:
  Session(Globals globals, Console& console);

  const Globals& globals() const { return globals_; }
  Console& console() { return console_; }
  Lang lang() const { return globals_.lang; }
  const Names& names() const { return names_; }
  std::string Say(const std::string& nl, const std::string& en) const {
    return cli::Say(globals_.lang, nl, en);
  }

  // As of Names, but what doesn't fit is a usage error.
  absl::StatusOr<std::string> Parent() const;
  absl::StatusOr<std::string> Full(const std::string& collection, const std::string& id) const;
  absl::StatusOr<v1::Place> Place(const std::vector<std::string>& parts) const;

  // Connects at first use. An address or token that can't work is a usage error.
  absl::StatusOr<client::Client*> client();

  // As JSON with `-o json`, else with `print`.
  absl::Status Show(const google::protobuf::Message& message, const std::function<void()>& print);
  // One JSON document, as protobuf's JSON mapping has it.
  absl::Status PrintJson(const google::protobuf::Message& message);
  TableStyle table_style() const;

 private:
  const Globals globals_;
  Console& console_;
  const Names names_;
  std::unique_ptr<client::Client> client_;
};

// What the chosen command does; its result is the program's exit code.
using Command = std::function<absl::StatusOr<ExitCode>(Session&)>;

}  // namespace omzien::cli
