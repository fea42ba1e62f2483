#include "client/cli/session.h"

#include <google/protobuf/util/json_util.h>

#include "absl/strings/match.h"

namespace omzien::cli {
namespace {

template <typename T>
absl::StatusOr<T> OrUsageError(absl::StatusOr<T> value, const std::string& flag = "") {
  if (!value.ok()) return UsageError(flag + std::string(value.status().message()));
  return value;
}

// Why the library takes no such address, token or timeout.
std::string ClientSentence(const absl::Status& status, Lang lang) {
  static constexpr struct {
    absl::string_view english;
    const char* dutch;
  } kSentences[] = {
      {"the server's address is empty", "het adres van de server is leeg"},
      {"the token holds a space", "in het token staat een spatie of een ander teken dat niet kan"},
      {"a token isn't sent to another machine",
       "een token gaat niet zonder TLS naar een andere machine: maak een tunnel naar het "
       "loopback-adres van de server, en gebruik dat"},
  };
  for (const auto& sentence : kSentences) {
    if (lang == Lang::kDutch && absl::StartsWith(status.message(), sentence.english)) {
      return sentence.dutch;
    }
  }
  return std::string(status.message());
}

}  // namespace

Session::Session(Globals globals, Console& console)
    : globals_(std::move(globals)),
      console_(console),
      names_(globals_.municipality, globals_.lang) {}

absl::StatusOr<std::string> Session::Parent() const { return OrUsageError(names_.Parent()); }

absl::StatusOr<std::string> Session::Full(const std::string& collection,
                                          const std::string& id) const {
  return OrUsageError(names_.Full(collection, id));
}

absl::StatusOr<v1::Place> Session::Place(const std::vector<std::string>& parts) const {
  return OrUsageError(names_.Place(parts), "--place: ");
}

absl::StatusOr<client::Client*> Session::client() {
  if (client_ == nullptr) {
    client::Options options{.target = globals_.server, .token = globals_.token};
    options.call_timeout = globals_.timeout;
    options.clock = console_.clock;
    auto made = client::Client::Create(std::move(options));
    if (!made.ok()) return UsageError(ClientSentence(made.status(), lang()));
    client_ = *std::move(made);
  }
  return client_.get();
}

absl::Status Session::Show(const google::protobuf::Message& message,
                           const std::function<void()>& print) {
  if (globals_.json) return PrintJson(message);
  print();
  return absl::OkStatus();
}

absl::Status Session::PrintJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json, options);
  if (!status.ok()) {
    return absl::InternalError(
        Say("het antwoord is niet als JSON te schrijven", "the answer can't be written as JSON"));
  }
  console_.out << json;
  return absl::OkStatus();
}

TableStyle Session::table_style() const {
  return {.columns_max = console_.out_is_terminal ? console_.columns : 0, .color = globals_.color};
}

}  // namespace omzien::cli
