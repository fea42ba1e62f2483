#include "storage/rocksdb/info_log.h"

#include <cstdarg>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace omzien::storage {
namespace {

class InfoLog final : public rocksdb::Logger {
 public:
  explicit InfoLog(std::FILE* file) : Logger(rocksdb::WARN_LEVEL), file_(file) {}
  ~InfoLog() override {
    if (file_ != nullptr) std::fclose(file_);
  }

  using Logger::Logv;
  void Logv(const char* format, va_list arguments) override {
    char text[1024];
    if (std::vsnprintf(text, sizeof text, format, arguments) < 0) return;
    const std::string line = absl::StrCat(absl::FormatTime(absl::Now()), " ", text, "\n");
    absl::MutexLock lock(&mutex_);
    if (file_ == nullptr || written_ + line.size() > kInfoLogBytesMax) return;
    written_ += line.size();
    std::fwrite(line.data(), 1, line.size(), file_);
    std::fflush(file_);
  }

 private:
  absl::Mutex mutex_;
  std::FILE* const file_;
  size_t written_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace

std::shared_ptr<rocksdb::Logger> OpenInfoLog(const std::string& directory) {
  const std::filesystem::path path = std::filesystem::path(directory) / "LOG";
  std::error_code ignored;
  std::filesystem::create_directory(directory, ignored);
  std::filesystem::rename(path, path.string() + ".old", ignored);
  return std::make_shared<InfoLog>(std::fopen(path.c_str(), "we"));
}

}  // namespace omzien::storage
