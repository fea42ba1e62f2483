#include "client/cli/import_state.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/file.h>
#include <unistd.h>

#include <fstream>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/cpp/request_id.h"

namespace omzien::cli {
namespace {

constexpr char kHeading[] = "omzien-import";
constexpr char kVersion[] = "1";

}  // namespace

absl::StatusOr<std::string> HashFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in.is_open()) return absl::NotFoundError(path + " can't be opened");
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  std::string chunk(1 << 16, '\0');
  while (in.read(chunk.data(), static_cast<std::streamsize>(chunk.size())) || in.gcount() > 0) {
    crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(chunk.data()),
                              static_cast<unsigned long long>(in.gcount()));
  }
  unsigned char hash[crypto_hash_sha256_BYTES];
  crypto_hash_sha256_final(&state, hash);
  return absl::BytesToHexString({reinterpret_cast<const char*>(hash), sizeof(hash)});
}

absl::StatusOr<ImportState> ImportState::Open(const std::string& file,
                                              const std::string& municipality, Lang lang,
                                              bool read_only) {
  ImportState state;
  state.path_ = file + ".omzien-state";
  state.municipality_ = municipality;
  state.lang_ = lang;
  if (!read_only) {
    state.descriptor_ = open(state.path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (state.descriptor_ < 0) {
      return absl::UnknownError(
          absl::StrCat(state.path_, Say(lang, " is niet te schrijven", " can't be written")));
    }
    if (flock(state.descriptor_, LOCK_EX | LOCK_NB) != 0) {
      return absl::FailedPreconditionError(
          Say(lang, "dit bestand wordt al ingevoerd", "this file is being imported already"));
    }
  }
  const absl::Status loaded = state.Load(lang);
  if (!loaded.ok()) return loaded;
  if (!state.seed_.empty()) return state;
  const auto seed = HashFile(file);
  if (!seed.ok()) return seed.status();
  state.seed_ = *seed;
  if (!read_only) {
    const absl::Status begun =
        state.Append(absl::StrCat(kHeading, " ", kVersion, " ", municipality, " ", *seed));
    if (!begun.ok()) return begun;
  }
  return state;
}

ImportState::ImportState(ImportState&& other) noexcept
    : path_(std::move(other.path_)),
      municipality_(std::move(other.municipality_)),
      lang_(other.lang_),
      seed_(std::move(other.seed_)),
      refused_hash_(std::move(other.refused_hash_)),
      done_(std::move(other.done_)),
      descriptor_(std::exchange(other.descriptor_, -1)) {}

ImportState::~ImportState() {
  if (descriptor_ >= 0) close(descriptor_);
}

absl::Status ImportState::Load(Lang lang) {
  std::ifstream in(path_);
  std::string line;
  while (std::getline(in, line)) {
    // A last line without its end was torn by a crash; its row simply goes again.
    if (in.eof()) break;
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    if (words[0] == kHeading && words.size() == 4) {
      if (words[1] != kVersion || words[2] != municipality_) {
        return absl::FailedPreconditionError(absl::StrCat(
            path_,
            Say(lang, " is van een andere gemeente of versie: ",
                " is of another municipality or version: "),
            words[2],
            Say(lang, "; verwijder het om opnieuw te beginnen", "; remove it to start anew")));
      }
      seed_ = words[3];
    } else if (words[0] == "ok" && words.size() == 3) {
      done_.insert(words[1]);
    } else if (words[0] == "refused" && words.size() == 2) {
      refused_hash_ = words[1];
    }
  }
  // A torn line must not run on into the next one written.
  if (descriptor_ >= 0 && !line.empty() && seed_.empty() == false) {
    const off_t size = lseek(descriptor_, 0, SEEK_END);
    char last = '\n';
    if (size > 0 && pread(descriptor_, &last, 1, size - 1) == 1 && last != '\n') {
      return Append("");
    }
  }
  return absl::OkStatus();
}

std::string ImportState::RequestIdOf(const std::string& content, int64_t occurrence) const {
  return client::RequestIdFor(absl::StrCat("omzien import 1\n", seed_, "\n", municipality_, "\n",
                                           occurrence, "\n", content));
}

absl::Status ImportState::Acknowledge(const std::string& request_id, const std::string& signal) {
  done_.insert(request_id);
  return Append(absl::StrCat("ok ", request_id, " ", signal));
}

absl::Status ImportState::SetRefusedHash(const std::string& hash) {
  refused_hash_ = hash;
  return Append(absl::StrCat("refused ", hash));
}

absl::Status ImportState::Append(const std::string& line) {
  const std::string whole = line + "\n";
  // One write a line, so that lines never mix; short ones are torn lines, which Load reads over.
  if (write(descriptor_, whole.data(), whole.size()) != static_cast<ssize_t>(whole.size())) {
    return CantWrite();
  }
  return absl::OkStatus();
}

absl::Status ImportState::Sync() {
  return fsync(descriptor_) == 0 ? absl::OkStatus() : CantWrite();
}

absl::Status ImportState::CantWrite() const {
  return absl::UnknownError(path_ + Say(lang_, " is niet te schrijven", " can't be written"));
}

}  // namespace omzien::cli
