// What an import remembers between runs, in FILE.omzien-state beside the file: which rows the
// server has. It holds ids only, nothing of any person.
//
// A row's request id follows from the state's seed, the municipality, the row's content and how
// many rows with that same content stand before it. So a run that broke off sends the same ids
// again, rows may be added or mended in between, and even without the state file an unchanged file
// gives the same ids: the first seed is the hash of the file.
#pragma once

#include <memory>
#include <string>
#include <unordered_set>

#include "absl/status/statusor.h"
#include "client/cli/words.h"

namespace omzien::cli {

// SHA-256 of a file's bytes, in hex. NOT_FOUND: it can't be opened.
absl::StatusOr<std::string> HashFile(const std::string& path);

class ImportState {
 public:
  // Opens or begins the state of importing `file` into `municipality`, and locks it.
  // FAILED_PRECONDITION, in `lang`: another import of it is running, or the state is of another
  // municipality or version. With `read_only` nothing is written or locked.
  static absl::StatusOr<ImportState> Open(const std::string& file, const std::string& municipality,
                                          Lang lang, bool read_only);
  ImportState(ImportState&& other) noexcept;
  ImportState& operator=(ImportState&&) = delete;
  ~ImportState();

  // The id of the row with this content, `occurrence` (from 0) rows like it before it.
  std::string RequestIdOf(const std::string& content, int64_t occurrence) const;

  bool Acknowledged(const std::string& request_id) const { return done_.contains(request_id); }
  // Written before it returns, and on disk after Sync. UNKNOWN: it can't be written.
  absl::Status Acknowledge(const std::string& request_id, const std::string& signal);
  absl::Status Sync();

  // The hash of the file of refused rows as this import last wrote it; empty when there is none.
  const std::string& refused_hash() const { return refused_hash_; }
  absl::Status SetRefusedHash(const std::string& hash);

 private:
  ImportState() = default;
  absl::Status Load(Lang lang);
  absl::Status Append(const std::string& line);
  absl::Status CantWrite() const;

  std::string path_;
  std::string municipality_;
  Lang lang_ = Lang::kDutch;
  std::string seed_;
  std::string refused_hash_;
  std::unordered_set<std::string> done_;
  int descriptor_ = -1;
};

}  // namespace omzien::cli
