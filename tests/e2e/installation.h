// What an operator sets up before the first start: a directory, a master key, a configuration with
// callers. All of it is made anew for each test and goes with it.

#ifndef OMZIEN_TESTS_E2E_INSTALLATION_H_
#define OMZIEN_TESTS_E2E_INSTALLATION_H_

#include <map>
#include <string>
#include <vector>

#include "omzien/config/v1/config.pb.h"
#include "tests/storage/temporary_directory.h"

namespace omzien::e2e {

// Deventer, and the invented second municipality.
inline constexpr char kDeventer[] = "municipalities/GM0150";
inline constexpr char kVoorbeeldstad[] = "municipalities/GM9001";

class Installation {
 public:
  // Any free loopback port, the callers below, a fresh key readable by its owner only.
  Installation();

  std::string data_dir() const { return directory_.path() + "/store"; }
  std::string key_file() const { return directory_.path() + "/master.key"; }
  std::string config_file() const { return directory_.path() + "/server.yaml"; }
  std::string path(const std::string& name) const { return directory_.path() + "/" + name; }

  // WriteConfig() after a change.
  config::v1::ServerConfig& config() { return config_; }
  void WriteConfig() const;
  // Writes the file as it is given, with this mode.
  static void WriteFile(const std::string& path, const std::string& text, unsigned mode = 0600);
  // A new random key.
  static std::string NewKey();

  // The bearer token of a caller; empty for "", the public. Callers, with where they hold which
  // role
  // ("GM0150 signaller jumbo-hans-kok"), stand in installation.cc.
  const std::string& token(const std::string& caller) const;
  // Their ids.
  std::vector<std::string> callers() const;
  void AddCaller(const std::string& id, const std::vector<std::string>& grants);

 private:
  storage::TemporaryDirectory directory_;
  config::v1::ServerConfig config_;
  std::map<std::string, std::string> tokens_;
};

}  // namespace omzien::e2e

#endif  // OMZIEN_TESTS_E2E_INSTALLATION_H_
