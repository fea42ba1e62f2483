#include "client/cli/interrupt.h"

#include <unistd.h>

namespace omzien::cli {
namespace {

// A handler finds nothing but globals.
std::string& Sentence() {
  static std::string& sentence = *new std::string;
  return sentence;
}
const char* last_words = nullptr;
size_t last_words_size = 0;

void SayAndEnd(int signal) {
  // A signal handler may call little; what write() couldn't say stays unsaid.
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, last_words, last_words_size);
  struct sigaction otherwise{};
  otherwise.sa_handler = SIG_DFL;
  sigaction(signal, &otherwise, nullptr);
  raise(signal);
}

}  // namespace

InterruptSentence::InterruptSentence(const std::string& sentence) {
  // On a line of its own: a terminal shows "^C" and perhaps how far it was.
  Sentence() = "\n" + sentence + "\n";
  last_words = Sentence().data();
  last_words_size = Sentence().size();
  struct sigaction action{};
  action.sa_handler = &SayAndEnd;
  sigaction(SIGINT, &action, &interrupt_);
  sigaction(SIGTERM, &action, &terminate_);
}

InterruptSentence::~InterruptSentence() {
  sigaction(SIGINT, &interrupt_, nullptr);
  sigaction(SIGTERM, &terminate_, nullptr);
}

}  // namespace omzien::cli
