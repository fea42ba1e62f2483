#include "client/cli/import_refused.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "client/cli/import_rows.h"

namespace omzien::cli {
namespace {

// It holds what the import's file holds: for its owner only.
std::FILE* Create(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  return descriptor < 0 ? nullptr : fdopen(descriptor, "w+b");
}

}  // namespace

RefusedRows::RefusedRows(std::string file, const CsvFile& csv)
    : file_(std::move(file)), separator_(csv.separator()), header_(csv.header()) {
  if (!header_.empty() && header_.back() == kReasonHeading) {
    header_.pop_back();
    had_reason_ = true;
  }
}

void RefusedRows::Add(std::vector<std::string> row, const std::string& reason) {
  if (out_ == nullptr && !failed_) {
    const std::string path = file_ + ".geweigerd.tmp";
    out_.reset(Create(path));
    failed_ = out_ == nullptr;
    unlink(path.c_str());
    std::vector<std::string> header = header_;
    header.emplace_back(kReasonHeading);
    if (!failed_) std::fputs("\xEF\xBB\xBF", out_.get());
    Write(header);
  }
  while (!row.empty() && row.back().empty()) row.pop_back();
  if (row.size() < header_.size()) row.resize(header_.size());
  const auto end_of_columns = row.begin() + static_cast<std::ptrdiff_t>(header_.size());
  if (had_reason_ && end_of_columns != row.end()) {
    *end_of_columns = reason;
  } else {
    row.insert(end_of_columns, reason);
  }
  Write(row);
}

absl::StatusOr<std::string> RefusedRows::Settle(ImportState& state) {
  std::string path;
  for (int number = 1; path.empty(); ++number) {
    const auto hash = HashFile(RefusedPath(file_, number));
    const bool ours = hash.ok() && *hash == state.refused_hash();
    if (!hash.ok() || ours) path = RefusedPath(file_, number);
    if (ours && out_ == nullptr) std::remove(path.c_str());
  }
  if (out_ == nullptr && !failed_) return "";
  if (failed_ || !CopyTo(path)) return absl::UnknownError(path + " is niet te schrijven");
  const auto hash = HashFile(path);
  if (!hash.ok()) return hash.status();
  const absl::Status kept = state.SetRefusedHash(*hash);
  if (!kept.ok()) return kept;
  return path;
}

void RefusedRows::Write(const std::vector<std::string>& cells) {
  if (failed_) return;
  const std::string line = CsvLine(cells, separator_);
  failed_ = std::fwrite(line.data(), 1, line.size(), out_.get()) != line.size();
}

// Whole or not at all: under another name first.
bool RefusedRows::CopyTo(const std::string& path) {
  const std::string temporary = path + ".tmp";
  std::unique_ptr<std::FILE, Close> copy(Create(temporary));
  if (copy == nullptr || std::fseek(out_.get(), 0, SEEK_SET) != 0) return false;
  std::array<char, 1 << 16> chunk;
  bool good = true;
  while (const size_t size = std::fread(chunk.data(), 1, chunk.size(), out_.get())) {
    good = good && std::fwrite(chunk.data(), 1, size, copy.get()) == size;
  }
  good = good && std::ferror(out_.get()) == 0;
  good = std::fclose(copy.release()) == 0 && good;
  good = good && std::rename(temporary.c_str(), path.c_str()) == 0;
  if (!good) std::remove(temporary.c_str());
  return good;
}

std::string RefusedPath(const std::string& file, int number) {
  const std::string stem(absl::StripSuffix(file, ".csv"));
  return absl::StrCat(stem, ".geweigerd", number == 1 ? "" : absl::StrCat("-", number), ".csv");
}

}  // namespace omzien::cli
