// A last sentence for who presses Ctrl-C.
#pragma once

#include <csignal>
#include <string>

namespace omzien::cli {

// While it lives, SIGINT and SIGTERM end the process as ever, and say the sentence first. One at a
// time.
class InterruptSentence {
 public:
  explicit InterruptSentence(const std::string& sentence);
  ~InterruptSentence();
  InterruptSentence(const InterruptSentence&) = delete;
  InterruptSentence& operator=(const InterruptSentence&) = delete;

 private:
  struct sigaction interrupt_{};
  struct sigaction terminate_{};
};

}  // namespace omzien::cli
