// Commands made for tests of the queue, and how to have them together in a batch.

#ifndef OMZIEN_TESTS_SERVER_COMMIT_QUEUE_COMMANDS_H_
#define OMZIEN_TESTS_SERVER_COMMIT_QUEUE_COMMANDS_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "server/domain/errors.h"
#include "storage/blocking.h"
#include "tests/server/commit/answers.h"
#include "tests/server/commit/world.h"

namespace omzien::commit::testing {

inline constexpr absl::Time kNoDeadline = absl::InfiniteFuture();

inline WorldOptions NoCatalogue(CommitQueue::Options queue = {}) {
  WorldOptions options;
  options.catalog.Clear();
  options.queue = std::move(queue);
  return options;
}

inline absl::StatusOr<Decision> Put(const std::string& key, const std::string& value) {
  Decision decision;
  decision.writes.push_back({key, value});
  decision.answer = value;
  return decision;
}

inline std::unique_ptr<Command> Putting(const std::string& key, const std::string& value,
                                        bool exclusive = false) {
  return std::make_unique<FakeCommand>([key, value](Reading&) { return Put(key, value); },
                                       std::vector<std::string>{}, exclusive);
}

// Writes one more than it finds, and answers with it.
inline std::unique_ptr<Command> Counting(const std::string& key) {
  return std::make_unique<FakeCommand>([key](Reading& reading) {
    const std::string* row = reading.Get(key);
    return Put(key, std::to_string(row == nullptr ? 1 : std::stoi(*row) + 1));
  });
}

// Writes nothing: says what it sees.
inline std::unique_ptr<Command> Looking(const std::string& key) {
  return std::make_unique<FakeCommand>([key](Reading& reading) -> absl::StatusOr<Decision> {
    const std::string* row = reading.Get(key);
    Decision decision;
    decision.answer = row == nullptr ? "none" : *row;
    return decision;
  });
}

inline std::unique_ptr<Command> Refusing() {
  return std::make_unique<FakeCommand>([](Reading&) -> absl::StatusOr<Decision> {
    return domain::Error(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_WRONG_STATE, "no");
  });
}

inline std::unique_ptr<Command> Notifying(absl::Notification* decided) {
  return std::make_unique<FakeCommand>([decided](Reading&) -> absl::StatusOr<Decision> {
    if (!decided->HasBeenNotified()) decided->Notify();
    return Put("notified", "notified");
  });
}

// Holds the writer in its decision until told to go on.
struct Plug {
  absl::Notification begun;
  absl::Notification go_on;

  std::unique_ptr<Command> Plugging(std::string key = "plug") {
    return std::make_unique<FakeCommand>([this, key](Reading&) {
      if (!begun.HasBeenNotified()) begun.Notify();
      go_on.WaitForNotification();
      return Put(key, "plugged");
    });
  }
};

inline std::optional<std::string> Stored(World& world, const std::string& key) {
  auto rows = storage::MultiGetNow(*world.cases().GetSnapshot(), {key});
  if (!rows.ok() || !rows->front().has_value()) return std::nullopt;
  return rows->front()->value;
}

// Has the writer busy, so that what is submitted meanwhile makes one batch.
inline void SubmitTogether(World& world, Answers& answers,
                           std::vector<std::unique_ptr<Command>> commands, Plug& plug,
                           absl::Time deadline = kNoDeadline) {
  world.queue().Submit(plug.Plugging(), kNoDeadline, [](const auto&) {});
  plug.begun.WaitForNotification();
  for (size_t i = 0; i < commands.size(); ++i) {
    world.queue().Submit(std::move(commands[i]), deadline, answers.To(std::to_string(i)));
  }
  plug.go_on.Notify();
}

template <class... Commands>
std::vector<std::unique_ptr<Command>> List(Commands... commands) {
  std::vector<std::unique_ptr<Command>> list;
  (list.push_back(std::move(commands)), ...);
  return list;
}

}  // namespace omzien::commit::testing

#endif  // OMZIEN_TESTS_SERVER_COMMIT_QUEUE_COMMANDS_H_
