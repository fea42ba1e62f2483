#include "tests/crash/ledger.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "absl/strings/str_cat.h"

namespace omzien::crash {
namespace {

constexpr char kMemory[] = "/dev/shm";
// A thousand cycles have taken some 300 MB.
constexpr uintmax_t kRoomPerCycle = uintmax_t{1} << 19;

std::string Folder(int cycles) {
  std::error_code error;
  const uintmax_t room = kRoomPerCycle * static_cast<uintmax_t>(cycles);
  const bool in_memory = access(kMemory, W_OK) == 0 &&
                         std::filesystem::space(kMemory, error).available >= room && !error;
  return in_memory ? std::string(kMemory) : std::filesystem::temp_directory_path().string();
}

dev_t FileSystemOf(const std::string& path) {
  struct stat status{};
  if (stat(path.c_str(), &status) != 0) throw std::runtime_error("no " + path);
  return status.st_dev;
}

}  // namespace

Ledger::Ledger(int cycles)
    : path_(Folder(cycles) + "/omzien_ledger_XXXXXX"), file_(mkostemp(path_.data(), 0)) {
  if (file_ < 0) throw std::runtime_error("no ledger at " + path_);
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

std::string Ledger::Where(const std::string& store) const {
  const bool apart = FileSystemOf(path_) != FileSystemOf(store);
  return absl::StrCat("the ledger is ", path_, ", ",
                      apart ? "not on the store's file system"
                            : "ON THE STORE'S OWN FILE SYSTEM: what takes both isn't seen");
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
