#include "tests/e2e/server_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace omzien::e2e {
namespace {

constexpr int kCannotExec = 127;

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// The address in the log line of the event "serving"; empty for other lines. The log is JSON since
// it is no terminal that reads it.
std::string ServingAddress(const std::string& line) {
  constexpr std::string_view kKey = "\"address\":\"";
  if (line.find("\"event\":\"serving\"") == std::string::npos) return "";
  const size_t key = line.find(kKey);
  if (key == std::string::npos) return "";
  const size_t begin = key + kKey.size();
  return line.substr(begin, line.find('"', begin) - begin);
}

}  // namespace

ServerProcess::~ServerProcess() { Kill9(); }

absl::Status ServerProcess::Start(const std::vector<std::string>& args,
                                  const std::vector<std::string>& environment) {
  Launch(args, environment);
  bool serves = false;
  bool in_time = false;
  {
    absl::MutexLock lock(&mutex_);
    in_time =
        mutex_.AwaitWithTimeout(absl::Condition(this, &ServerProcess::ServesOrEnded), patience_);
    serves = serves_;
  }
  if (serves) return absl::OkStatus();
  if (!in_time) {
    Kill9();
    return absl::DeadlineExceededError(absl::StrCat("the server doesn't serve: ", log()));
  }
  Wait();
  return absl::FailedPreconditionError(
      absl::StrCat("the server ended with ", exit_code_, ": ", log()));
}

int ServerProcess::RunToEnd(const std::vector<std::string>& args,
                            const std::vector<std::string>& environment) {
  Launch(args, environment);
  return Wait();
}

void ServerProcess::Kill9() {
  if (!running()) return;
  kill(pid_, SIGKILL);
  Wait();
}

int ServerProcess::Terminate() {
  AskToStop();
  return Wait();
}

void ServerProcess::AskToStop() const {
  if (running()) kill(pid_, SIGTERM);
}

int ServerProcess::Wait() {
  if (!running()) return exit_code_;
  // What it wrote first: once the pipe has ended, the process is about to.
  reader_.join();
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = 0;
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return exit_code_;
}

std::string ServerProcess::address() const {
  absl::MutexLock lock(&mutex_);
  return address_;
}

std::string ServerProcess::log() const {
  absl::MutexLock lock(&mutex_);
  return log_;
}

void ServerProcess::ForgetLog() {
  absl::MutexLock lock(&mutex_);
  keeps_log_ = false;
}

void ServerProcess::Launch(const std::vector<std::string>& args,
                           const std::vector<std::string>& environment) {
  if (running()) throw std::logic_error("the server runs already");
  std::vector<std::string> argv = {OMZIEN_SERVER_BINARY};
  argv.insert(argv.end(), args.begin(), args.end());
  std::vector<std::string> envp = environment;
  std::vector<char*> argv_pointers = Pointers(argv);
  std::vector<char*> envp_pointers = Pointers(envp);
  std::array<int, 2> errors{};
  if (pipe2(errors.data(), O_CLOEXEC) != 0) throw std::runtime_error(std::strerror(errno));
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error(std::strerror(errno));
  if (child == 0) {
    // A test may limit the size of its files: then a write fails, as on a full disk.
    signal(SIGXFSZ, SIG_IGN);
    // Only what is safe after fork in a process with threads, until exec.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(errors[1], STDERR_FILENO);
    execve(argv_pointers[0], argv_pointers.data(), envp_pointers.data());
    _exit(kCannotExec);
  }
  close(errors[1]);
  pid_ = child;
  {
    absl::MutexLock lock(&mutex_);
    serves_ = ended_ = false;
  }
  reader_ = std::thread([this, descriptor = errors[0]] { ReadErrors(descriptor); });
}

void ServerProcess::ReadErrors(int descriptor) {
  std::array<char, 65536> chunk{};
  std::string line;
  for (;;) {
    const ssize_t size = read(descriptor, chunk.data(), chunk.size());
    if (size < 0 && errno == EINTR) continue;
    absl::MutexLock lock(&mutex_);
    if (size <= 0) break;
    if (serves_ && !keeps_log_) continue;
    log_.append(chunk.data(), static_cast<size_t>(size));
    for (ssize_t i = 0; i < size; ++i) {
      if (chunk[i] != '\n') {
        line.push_back(chunk[i]);
        continue;
      }
      if (std::string address = ServingAddress(line); !address.empty()) {
        address_ = std::move(address);
        serves_ = true;
      }
      line.clear();
    }
  }
  close(descriptor);
  absl::MutexLock lock(&mutex_);
  ended_ = true;
}

}  // namespace omzien::e2e
