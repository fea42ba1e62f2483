// A directory that is there as long as the object.

#ifndef OMZIEN_TESTS_STORAGE_TEMPORARY_DIRECTORY_H_
#define OMZIEN_TESTS_STORAGE_TEMPORARY_DIRECTORY_H_

#include <stdlib.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

namespace omzien::storage {

class TemporaryDirectory {
 public:
  TemporaryDirectory() : path_(std::filesystem::temp_directory_path() / "omzien_test_XXXXXX") {
    if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no temporary directory");
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace omzien::storage

#endif  // OMZIEN_TESTS_STORAGE_TEMPORARY_DIRECTORY_H_
