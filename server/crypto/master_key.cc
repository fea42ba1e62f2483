#include "server/crypto/master_key.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/crypto/envelope.h"

namespace omzien::crypto {
namespace {

absl::Status Refuse(const std::string& path, const std::string& why) {
  return absl::FailedPreconditionError(
      absl::StrCat("master key file ", path, ": ", why,
                   ". Make one with: (umask 077; openssl rand -hex 32 > ", path, ")"));
}

// Opened once, so that what is checked is what is read.
absl::StatusOr<std::string> ReadOwnersFile(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return Refuse(path, std::strerror(errno));
  struct stat info{};
  std::string text(256, '\0');
  ssize_t length = 0;
  absl::Status status;
  if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
    status = Refuse(path, "it isn't a regular file");
  } else if ((info.st_mode & 077) != 0) {
    status = absl::FailedPreconditionError(absl::StrCat(
        "master key file ", path, " may be read by others than its owner; run: chmod 600 ", path));
  } else if ((length = read(fd, text.data(), text.size())) < 0) {
    status = Refuse(path, "it can't be read");
  }
  close(fd);
  if (!status.ok()) return status;
  text.resize(static_cast<size_t>(length));
  return text;
}

}  // namespace

absl::StatusOr<MasterKey> MasterKey::FromFile(const std::string& path) {
  absl::StatusOr<std::string> text = ReadOwnersFile(path);
  if (!text.ok()) return text.status();
  const std::string hex(absl::StripAsciiWhitespace(*text));
  Secret key;
  size_t length = 0;
  const bool parsed = hex.size() == 2 * Secret::kBytes &&
                      sodium_hex2bin(key.data(), Secret::kBytes, hex.data(), hex.size(), nullptr,
                                     &length, nullptr) == 0 &&
                      length == Secret::kBytes;
  sodium_memzero(text->data(), text->size());
  if (!parsed) return Refuse(path, "it doesn't hold exactly 64 hexadecimal digits");
  return MasterKey(key);
}

MasterKey MasterKey::Random() { return MasterKey(Secret::Random()); }

storage::v1::Envelope MasterKey::Wrap(std::string_view kind, uint64_t key_id,
                                      const Secret& key) const {
  return Seal(key_, key_id, epoch(), Context({"wrapped key", kind}),
              std::string_view(reinterpret_cast<const char*>(key.data()), Secret::kBytes));
}

absl::StatusOr<Secret> MasterKey::Unwrap(std::string_view kind, uint64_t key_id,
                                         const storage::v1::Envelope& envelope) const {
  if (envelope.key_id() != key_id) {
    return absl::DataLossError("a wrapped key stands under another id than its own");
  }
  absl::StatusOr<std::string> bytes = Open(key_, Context({"wrapped key", kind}), envelope);
  if (!bytes.ok() || bytes->size() != Secret::kBytes) {
    return absl::DataLossError("a wrapped key can't be opened: is this the store's master key?");
  }
  Secret key;
  std::memcpy(key.data(), bytes->data(), Secret::kBytes);
  sodium_memzero(bytes->data(), bytes->size());
  return key;
}

}  // namespace omzien::crypto
