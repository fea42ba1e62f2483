// One line on a terminal that says how far an import is.
#pragma once

#include <ostream>
#include <string>

#include "absl/time/time.h"
#include "client/cli/words.h"
#include "client/cpp/retry.h"

namespace omzien::cli {

class Progress {
 public:
  // Silent unless `terminal`. Not owned: `err` and `clock`.
  Progress(std::ostream& err, bool terminal, client::Clock& clock, Lang lang, int64_t total);
  // So many of the total are done. Repaints at most five times a second. From one thread at a time.
  void Update(int64_t done);
  // Wipes the line.
  void Finish();

  // "1200/5000  24%  850/s  nog 4s"; without rate and rest while nothing is known of them.
  static std::string Line(int64_t done, int64_t total, absl::Duration elapsed, Lang lang);

 private:
  std::ostream& err_;
  const bool terminal_;
  client::Clock& clock_;
  const Lang lang_;
  const int64_t total_;
  const absl::Time start_;
  absl::Time painted_ = absl::InfinitePast();
};

}  // namespace omzien::cli
