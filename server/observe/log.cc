#include "server/observe/log.h"

#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>
#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <ostream>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/ascii.h"
#include "absl/synchronization/mutex.h"

namespace omzien::observe {
namespace {

constexpr size_t kQueueLines = 8192;
constexpr size_t kWordMaxChars = 128;
constexpr std::string_view kWordPunctuation = "_-./:[],";

struct Sink {
  bool json = false;
  std::shared_ptr<spdlog::details::thread_pool> pool;
  std::shared_ptr<spdlog::logger> logger;
};

absl::Mutex sink_mutex(absl::kConstInit);
// Shared, so that a line under way keeps its sink while the log stops.
std::shared_ptr<const Sink>& CurrentSink() ABSL_EXCLUSIVE_LOCKS_REQUIRED(sink_mutex) {
  static auto* const kSink = new std::shared_ptr<const Sink>();
  return *kSink;
}

std::shared_ptr<const Sink> GetSink() {
  absl::MutexLock lock(&sink_mutex);
  return CurrentSink();
}

std::atomic<Level> lowest_level = Level::kInfo;

spdlog::level::level_enum ToSpdlog(Level level) {
  switch (level) {
    case Level::kInfo:
      return spdlog::level::info;
    case Level::kWarning:
      return spdlog::level::warn;
    case Level::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

// Keys are literals and words have no quote, backslash or control character: nothing to escape.
std::string JsonLine(Literal event, std::initializer_list<Field> fields) {
  std::string line = std::string("\"event\":\"") + event.text + '"';
  for (const Field& field : fields) {
    line.append(",\"").append(field.key()).append("\":");
    if (field.is_number()) {
      line.append(field.value());
    } else {
      line.append("\"").append(field.value()).append("\"");
    }
  }
  return line;
}

std::string TextLine(Literal event, std::initializer_list<Field> fields) {
  std::string line = event.text;
  for (const Field& field : fields) {
    line.append(" ").append(field.key()).append("=").append(field.value());
  }
  return line;
}

std::string_view BaseName(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

void LogOfGrpc(gpr_log_func_args* args) {
  if (args->severity < GPR_LOG_SEVERITY_ERROR) return;
  Log(Level::kWarning, "grpc",
      {Field("file", Word(BaseName(args->file))), Field("line", int64_t{args->line})});
}

void LogOfProtobuf(google::protobuf::LogLevel level, const char* filename, int line,
                   const std::string& /*message: it may quote a field's value*/) {
  if (level < google::protobuf::LOGLEVEL_ERROR) return;
  Log(Level::kWarning, "protobuf",
      {Field("file", Word(BaseName(filename))), Field("line", int64_t{line})});
}

void Start(bool json, spdlog::sink_ptr out) {
  auto sink = std::make_shared<Sink>();
  sink->json = json;
  sink->pool = std::make_shared<spdlog::details::thread_pool>(kQueueLines, 1);
  sink->logger = std::make_shared<spdlog::async_logger>(
      "omzien", std::move(out), sink->pool, spdlog::async_overflow_policy::overrun_oldest);
  sink->logger->set_pattern(
      json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})" : "%Y-%m-%dT%H:%M:%S.%eZ %l %v",
      spdlog::pattern_time_type::utc);
  sink->logger->flush_on(spdlog::level::info);
  {
    absl::MutexLock lock(&sink_mutex);
    CurrentSink() = std::move(sink);
  }
  gpr_set_log_verbosity(GPR_LOG_SEVERITY_ERROR);
  gpr_set_log_function(&LogOfGrpc);
  google::protobuf::SetLogHandler(&LogOfProtobuf);
}

}  // namespace

Word::Word(std::string_view in) {
  const bool clean = in.size() <= kWordMaxChars && std::ranges::all_of(in, [](char c) {
                       return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
                              kWordPunctuation.find(c) != std::string_view::npos;
                     });
  text = clean ? std::string(in) : "(withheld)";
}

Field::Field(Literal key, const Word& value)
    : key_(key.text), value_(value.text), is_number_(false) {}
Field::Field(Literal key, int64_t value)
    : key_(key.text), value_(std::to_string(value)), is_number_(true) {}
Field::Field(Literal key, absl::StatusCode value)
    : key_(key.text), value_(absl::StatusCodeToString(value)), is_number_(false) {}
Field::Field(Literal key, absl::Duration value) : Field(key, absl::ToInt64Microseconds(value)) {}

void StartLog(LogFormat format) {
  const bool json =
      format == LogFormat::kJson || (format == LogFormat::kAuto && isatty(STDERR_FILENO) == 0);
  Start(json, std::make_shared<spdlog::sinks::stderr_sink_mt>());
}

void StartLog(LogFormat format, std::ostream& out) {
  Start(format != LogFormat::kText, std::make_shared<spdlog::sinks::ostream_sink_mt>(out));
}

void StopLog() {
  std::shared_ptr<const Sink> sink = GetSink();
  if (sink == nullptr) return;
  if (const size_t dropped = sink->pool->overrun_counter(); dropped > 0) {
    Log(Level::kWarning, "log_lines_dropped", {Field("lines", static_cast<int64_t>(dropped))});
  }
  absl::MutexLock lock(&sink_mutex);
  // The last owner of the pool writes what is queued and joins its thread.
  CurrentSink().reset();
}

void SetLowestLevel(std::string_view level) {
  lowest_level = level == "error"     ? Level::kError
                 : level == "warning" ? Level::kWarning
                                      : Level::kInfo;
}

void Log(Level level, Literal event, std::initializer_list<Field> fields) {
  if (level < lowest_level.load(std::memory_order_relaxed)) return;
  std::shared_ptr<const Sink> sink = GetSink();
  if (sink == nullptr) return;
  const std::string line = sink->json ? JsonLine(event, fields) : TextLine(event, fields);
  // As an argument: the line itself is not a format.
  sink->logger->log(ToSpdlog(level), "{}", line);
}

void LogCall(const CallRecord& record) {
  Log(Level::kInfo, "call",
      {Field("method", Word(record.method)), Field("caller", Word(record.caller_id)),
       Field("code", record.code), Field("reason", Word(record.reason)),
       Field("duration_us", record.duration), Field("items", record.items)});
}

}  // namespace omzien::observe
