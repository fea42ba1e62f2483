// The server's log: one line an event, text on a terminal, JSON otherwise, on standard error.
//
// No personal data, by construction: an event's name and its keys are literals of the program, and
// a value is a number, a duration, a status code, or a word of an alphabet in which no sentence can
// be written. There is no function that takes free text.
//
// All functions may be called from any thread, except where said. Before StartLog and after StopLog
// lines are dropped.

#ifndef OMZIEN_SERVER_OBSERVE_LOG_H_
#define OMZIEN_SERVER_OBSERVE_LOG_H_

#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace omzien::observe {

enum class LogFormat {
  kAuto,  // text when standard error is a terminal, JSON otherwise
  kText,
  kJson,
};

enum class Level { kInfo, kWarning, kError };

// Text that stands in the source: nothing else converts to it.
struct Literal {
  // NOLINTNEXTLINE(google-explicit-constructor): event names and keys are written as they are.
  consteval Literal(const char* in) : text(in) {}
  const char* text;
};

// An id, a method's name, a reason, an address: at most 128 of A-Z a-z 0-9 _ - . / : [ ] and comma.
// Anything else is shown as "(withheld)". Never hand it what a client sent as content.
struct Word {
  explicit Word(std::string_view in);
  std::string text;
};

// One key and value of a line.
class Field {
 public:
  Field(Literal key, const Word& value);
  Field(Literal key, int64_t value);
  Field(Literal key, absl::StatusCode value);  // "NOT_FOUND"
  Field(Literal key, absl::Duration value);    // whole microseconds; name the key ..._us

  std::string_view key() const { return key_; }
  const std::string& value() const { return value_; }
  bool is_number() const { return is_number_; }

 private:
  std::string_view key_;
  std::string value_;
  bool is_number_;
};

// Starts the log. Lines are written by a thread of its own, so that a slow reader of standard error
// never holds up a call; when it lags more than 8192 lines the oldest are dropped, and StopLog says
// how many. Also takes over gRPC's and protobuf's own logging: of an error of theirs the source
// file and line are kept, their text is dropped, since it may quote what a client sent. Call it
// once, before other threads use gRPC or protobuf.
void StartLog(LogFormat format);
// The same, to a stream that outlives StopLog.
void StartLog(LogFormat format, std::ostream& out);
// Writes what is queued and ends the log.
void StopLog();

// Drops lines below "warning" or "error"; for any other word all are written. Until called: all.
void SetLowestLevel(std::string_view level);

void Log(Level level, Literal event, std::initializer_list<Field> fields);

// A finished call.
struct CallRecord {
  std::string_view method;
  std::string_view caller_id;  // empty: the public, or not identified
  absl::StatusCode code = absl::StatusCode::kOk;
  std::string_view reason;  // ErrorInfo's; empty for OK
  absl::Duration duration;
  int64_t items = 1;  // messages taken from the client
};
void LogCall(const CallRecord& record);

}  // namespace omzien::observe

#endif  // OMZIEN_SERVER_OBSERVE_LOG_H_
