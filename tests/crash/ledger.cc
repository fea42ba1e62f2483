#include "tests/crash/ledger.h"

#include <stdlib.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "absl/strings/str_cat.h"

namespace omzien::crash {
namespace {

constexpr char kMemory[] = "/dev/shm";
// A campaign of a thousand cycles takes some hundred MB; a container may have 64.
constexpr uintmax_t kRoom = uintmax_t{1} << 30;

std::string Folder() {
  std::error_code error;
  const bool in_memory = access(kMemory, W_OK) == 0 &&
                         std::filesystem::space(kMemory, error).available >= kRoom && !error;
  return in_memory ? std::string(kMemory) : std::filesystem::temp_directory_path().string();
}

}  // namespace

Ledger::Ledger() : path_(Folder() + "/omzien_ledger_XXXXXX"), file_(mkostemp(path_.data(), 0)) {
  if (file_ < 0) throw std::runtime_error("no ledger in " + Folder());
}

Ledger::~Ledger() {
  close(file_);
  unlink(path_.c_str());
}

void Ledger::Add(const Call& call, const std::string& answer) {
  const std::string line = absl::StrCat(
      call.moment.cycle, " ", call.moment.worker, " ", call.moment.step, " ", call.method, " ",
      call.caller, " ", call.request_id, " ", call.request.size(), " ", answer.size(), "\n");
  const std::string bytes = line + call.request + answer + "\n";
  Place place{call, 0, call.request.size(), answer.size()};
  place.call.request.clear();
  const absl::MutexLock lock(&mutex_);
  if (pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(end_)) !=
      static_cast<ssize_t>(bytes.size())) {
    throw std::runtime_error("the ledger can't be written: " + path_);
  }
  place.offset = end_ + line.size();
  end_ += bytes.size();
  places_.push_back(std::move(place));
}

Ledger::Entry Ledger::At(size_t index) const {
  const absl::MutexLock lock(&mutex_);
  const Place& place = places_.at(index);
  Entry entry{place.call, std::string(place.answer_bytes, '\0')};
  entry.call.request.resize(place.request_bytes);
  const auto read_at = [this](std::string& bytes, size_t offset) {
    return pread(file_, bytes.data(), bytes.size(), static_cast<off_t>(offset)) ==
           static_cast<ssize_t>(bytes.size());
  };
  if (!read_at(entry.call.request, place.offset) ||
      !read_at(entry.answer, place.offset + place.request_bytes)) {
    throw std::runtime_error("the ledger can't be read: " + path_);
  }
  return entry;
}

size_t Ledger::size() const {
  const absl::MutexLock lock(&mutex_);
  return places_.size();
}

std::map<std::string, size_t> Ledger::by_method() const {
  const absl::MutexLock lock(&mutex_);
  std::map<std::string, size_t> counts;
  for (const Place& place : places_) ++counts[place.call.method];
  return counts;
}

}  // namespace omzien::crash
