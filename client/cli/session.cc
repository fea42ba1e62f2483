#include "client/cli/session.h"

#include <google/protobuf/util/json_util.h>

namespace omzien::cli {
namespace {

template <typename T>
absl::StatusOr<T> OrUsageError(absl::StatusOr<T> value, const std::string& flag = "") {
  if (!value.ok()) return UsageError(flag + std::string(value.status().message()));
  return value;
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
    if (!made.ok()) return UsageError(std::string(made.status().message()));
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
  if (!status.ok()) return absl::InternalError("the answer can't be written as JSON");
  console_.out << json;
  return absl::OkStatus();
}

TableStyle Session::table_style() const {
  return {.columns_max = console_.out_is_terminal ? console_.columns : 0, .color = globals_.color};
}

}  // namespace omzien::cli
