#include "client/cli/progress.h"

#include <cmath>

#include "absl/strings/str_cat.h"

namespace omzien::cli {

Progress::Progress(std::ostream& err, bool terminal, client::Clock& clock, Lang lang, int64_t total)
    : err_(err),
      terminal_(terminal),
      clock_(clock),
      lang_(lang),
      total_(total),
      start_(clock.Now()) {}

void Progress::Update(int64_t done) {
  const absl::Time now = clock_.Now();
  if (!terminal_ || now - painted_ < absl::Milliseconds(200)) return;
  painted_ = now;
  err_ << "\r\x1b[K" << Line(done, total_, now - start_, lang_) << std::flush;
}

void Progress::Finish() {
  if (terminal_) err_ << "\r\x1b[K" << std::flush;
}

std::string Progress::Line(int64_t done, int64_t total, absl::Duration elapsed, Lang lang) {
  std::string line = absl::StrCat(done, "/", total);
  if (total > 0) absl::StrAppend(&line, "  ", done * 100 / total, "%");
  const double seconds = absl::ToDoubleSeconds(elapsed);
  if (seconds <= 0 || done <= 0) return line;
  const double rate = static_cast<double>(done) / seconds;
  const int64_t rest = std::llround(static_cast<double>(total - done) / rate);
  absl::StrAppend(&line, "  ", std::llround(rate), "/s");
  absl::StrAppend(&line, Say(lang, "  nog ", "  left "), absl::FormatDuration(absl::Seconds(rest)));
  return line;
}

}  // namespace omzien::cli
