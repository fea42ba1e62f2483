// omzien: the command line of Omzien. See client/README.md.
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "client/cli/cli.h"

int main(int argc, char** argv) {
  winsize size{};
  const bool terminal = isatty(STDOUT_FILENO) == 1;
  if (terminal) ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
  omzien::cli::Console console{
      .in = std::cin,
      .out = std::cout,
      .err = std::cerr,
      .out_is_terminal = terminal,
      .err_is_terminal = isatty(STDERR_FILENO) == 1,
      .columns = size.ws_col,
      .environment =
          [](const std::string& name) {
            const char* value = std::getenv(name.c_str());
            return std::string(value == nullptr ? "" : value);
          },
  };
  const int code = omzien::cli::Run(std::vector<std::string>(argv + 1, argv + argc), console);
  std::cout.flush();
  // Output that didn't arrive (a full disk) is no success.
  return std::cout.good() ? code : omzien::cli::kExitOther;
}
