// What the commit queue runs: a command decides, from what it reads, what is to be written.
//
// Decide is a function of its Reading: it has no effect of its own and may be run again, when the
// batch before it failed or when it asked for a row that wasn't at hand. The rules themselves are
// in server/domain.

#ifndef OMZIEN_SERVER_COMMIT_COMMAND_H_
#define OMZIEN_SERVER_COMMIT_COMMAND_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "omzien/storage/v1/records.pb.h"
#include "server/commit/reading.h"
#include "storage/engine.h"

namespace omzien::commit {

struct Decision {
  // A key at most once.
  std::vector<storage::Write> writes;
  // Appended to the commit's change.
  storage::v1::Change change;
  // What the caller gets once all of it is durable.
  std::string answer;
  // Run by the writer once durable, before the answer. May be empty; must not block.
  std::function<void()> on_durable;
};

class Command {
 public:
  virtual ~Command() = default;

  // The rows that Decide is going to ask for, as far as known: they are read for a whole batch at
  // once. A row that isn't listed is read when asked for, and Decide is run again.
  virtual std::vector<std::string> Keys() const = 0;

  // An error writes nothing; it is answered once what it saw is durable.
  virtual absl::StatusOr<Decision> Decide(Reading& reading) = 0;

  // Decided alone, with nothing in flight before or behind it.
  virtual bool exclusive() const { return false; }
};

}  // namespace omzien::commit

#endif  // OMZIEN_SERVER_COMMIT_COMMAND_H_
