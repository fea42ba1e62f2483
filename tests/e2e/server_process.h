// The real server, as a child process of the test: started, killed, stopped and started again.
//
// Nothing here sleeps or polls: the server's own words on standard error say when it serves, and
// the end of that pipe when it has gone.

#ifndef OMZIEN_TESTS_E2E_SERVER_PROCESS_H_
#define OMZIEN_TESTS_E2E_SERVER_PROCESS_H_

#include <sys/types.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace omzien::e2e {

// Start, Launch, Kill9, Terminate and Wait are for one thread, the one that made it: the child dies
// with that thread, so that a test that crashes leaves no server behind. The rest is for any.
class ServerProcess {
 public:
  ServerProcess() = default;
  // Kills what still runs.
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // Runs omzien-server with these arguments and nothing but `environment` ("NAME=value"), and waits
  // until it serves. FAILED_PRECONDITION when it ended instead (exit_code() and log() tell how);
  // DEADLINE_EXCEEDED when it did neither within its patience.
  absl::Status Start(const std::vector<std::string>& args,
                     const std::vector<std::string>& environment = {});
  // Runs it and waits for nothing; Kill9 or Wait next.
  void Launch(const std::vector<std::string>& args,
              const std::vector<std::string>& environment = {});
  // Runs it until it ends by itself; its exit code.
  int RunToEnd(const std::vector<std::string>& args,
               const std::vector<std::string>& environment = {});

  // As a power cut would, short of losing the page cache.
  void Kill9();
  // Asks it to stop (SIGTERM), waits, and returns its exit code.
  int Terminate();
  // Only asks. Wait() for the end of it.
  void AskToStop() const;
  // Waits until it has ended. The exit code, or 128 and the signal.
  int Wait();

  bool running() const { return pid_ > 0; }
  pid_t pid() const { return pid_; }
  // Of the last run that ended.
  int exit_code() const { return exit_code_; }
  // host:port of the last run that served.
  std::string address() const;
  // All that any of its runs wrote on standard error.
  std::string log() const;
  // How long Start waits: 60 s unless said; a store with a million offers takes longer on a busy
  // machine.
  void set_patience(absl::Duration patience) { patience_ = patience; }
  // What it writes from now on is read and forgotten: for a server that answers millions of calls.
  void ForgetLog();

 private:
  void ReadErrors(int descriptor);
  bool ServesOrEnded() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return serves_ || ended_; }

  absl::Duration patience_ = absl::Seconds(60);
  pid_t pid_ = 0;
  int exit_code_ = -1;
  std::thread reader_;
  mutable absl::Mutex mutex_;
  std::string log_ ABSL_GUARDED_BY(mutex_);
  bool keeps_log_ ABSL_GUARDED_BY(mutex_) = true;
  std::string address_ ABSL_GUARDED_BY(mutex_);
  bool serves_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = true;
};

}  // namespace omzien::e2e

#endif  // OMZIEN_TESTS_E2E_SERVER_PROCESS_H_
