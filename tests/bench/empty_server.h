// The peer: a gRPC server that does nothing but take bytes and give bytes, in a process of its own.

#ifndef OMZIEN_TESTS_BENCH_EMPTY_SERVER_H_
#define OMZIEN_TESTS_BENCH_EMPTY_SERVER_H_

#include <sys/types.h>

#include <cstddef>
#include <string>

namespace omzien::bench {

// Takes any unary call at this path.
inline constexpr char kEmptyPath[] = "/omzien.bench.Empty/Call";

// How the server is written: one completion queue with one thread, or the callback API.
inline constexpr char kCompletionQueue[] = "completion-queue";
inline constexpr char kCallback[] = "callback";

// Serves on a free port of loopback, writes "127.0.0.1:PORT" and a newline to standard output, and
// goes on until it is killed.
[[noreturn]] void ServeEmpty(const std::string& kind, size_t response_bytes);

// This program again, as such a server. Ends with it.
class EmptyServer {
 public:
  EmptyServer(const std::string& kind, size_t response_bytes);
  ~EmptyServer();
  EmptyServer(const EmptyServer&) = delete;
  EmptyServer& operator=(const EmptyServer&) = delete;

  const std::string& address() const { return address_; }
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = 0;
  std::string address_;
};

}  // namespace omzien::bench

#endif  // OMZIEN_TESTS_BENCH_EMPTY_SERVER_H_
