#include "tests/e2e/installation.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <utility>

#include "absl/strings/str_split.h"
#include "server/config/yaml_proto.h"

namespace omzien::e2e {
namespace {

struct CallerRow {
  const char* id;
  std::vector<std::string> grants;
};

const std::vector<CallerRow>& Callers() {
  static const auto* const kCallers = new std::vector<CallerRow>{
      {"jumbo", {"GM0150 signaller jumbo-hans-kok"}},
      {"saxion", {"GM0150 signaller saxion"}},
      {"team", {"GM0150 first_contact team-toegang-preventie"}},
      {"bathmen", {"GM0150 receiver bathmens-contactteam"}},
      {"raster", {"GM0150 receiver raster"}},
      {"buur-en-zo", {"GM0150 receiver carinova-buur-en-zo"}},
      {"coordinator", {"GM0150 coordinator"}},
      {"dashboard", {"GM0150 dashboard"}},
      {"steward", {"GM0150 steward"}},
      {"operator", {"GM0150 operator"}},
      {"v-grocer", {"GM9001 signaller kruidenier-de-hoek"}},
      {"v-team", {"GM9001 first_contact wijkteam-voorbeeldstad"}},
      {"v-receiver", {"GM9001 receiver goede-buren"}},
      {"v-coordinator", {"GM9001 coordinator"}},
      {"v-dashboard", {"GM9001 dashboard"}},
      {"v-steward", {"GM9001 steward"}},
      {"v-operator", {"GM9001 operator"}},
      // A regional body holds a grant per municipality.
      {"region", {"GM0150 signaller raster", "GM9001 signaller goede-buren"}},
  };
  return *kCallers;
}

template <size_t kBytes>
std::string Hex(const std::array<unsigned char, kBytes>& bytes) {
  std::string hex(2 * kBytes + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), bytes.data(), bytes.size());
  hex.resize(2 * kBytes);
  return hex;
}

std::string RandomHex() {
  std::array<unsigned char, 32> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  return Hex(bytes);
}

std::string Sha256(const std::string& text) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
  crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size());
  return Hex(hash);
}

}  // namespace

Installation::Installation() {
  if (sodium_init() < 0) throw std::runtime_error("libsodium can't start");
  config_.set_listen("127.0.0.1:0");
  config_.set_data_dir(data_dir());
  config_.set_master_key_file(key_file());
  for (const CallerRow& caller : Callers()) AddCaller(caller.id, caller.grants);
  WriteFile(key_file(), NewKey());
  WriteConfig();
}

void Installation::WriteConfig() const { WriteFile(config_file(), config::ToYaml(config_)); }

void Installation::WriteFile(const std::string& path, const std::string& text, unsigned mode) {
  unlink(path.c_str());
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const bool written = file >= 0 &&
                       write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       fchmod(file, mode) == 0;
  if (file >= 0) close(file);
  if (!written) throw std::runtime_error("can't write " + path);
}

std::string Installation::NewKey() { return RandomHex() + "\n"; }

const std::string& Installation::token(const std::string& caller) const {
  static const auto* const kNone = new std::string();
  return caller.empty() ? *kNone : tokens_.at(caller);
}

std::vector<std::string> Installation::callers() const {
  std::vector<std::string> ids;
  for (const auto& [id, token] : tokens_) ids.push_back(id);
  return ids;
}

void Installation::AddCaller(const std::string& id, const std::vector<std::string>& grants) {
  const std::string& token = tokens_[id] = RandomHex();
  config::v1::CallerConfig* caller = config_.add_callers();
  caller->set_id(id);
  caller->set_token_sha256(Sha256(token));
  for (const std::string& text : grants) {
    const std::vector<std::string> parts = absl::StrSplit(text, ' ');
    config::v1::GrantConfig* grant = caller->add_grants();
    grant->set_municipality(parts.at(0));
    grant->set_role(parts.at(1));
    if (parts.size() > 2) grant->set_organisation(parts[2]);
  }
}

}  // namespace omzien::e2e
