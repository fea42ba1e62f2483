// omzien-server: configuration, keys, store, writer, services, in this order; and back again when
// it is asked to stop. Exit codes: 0 stopped as asked, 1 can't start or serve, 2 bad configuration.

#include <signal.h>
#include <sodium.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "omzien/config/v1/config.pb.h"
#include "server/auth/tokens.h"
#include "server/config/config.h"
#include "server/crypto/master_key.h"
#include "server/observe/log.h"
#include "server/observe/stop_signal.h"
#include "server/rpc/backend.h"
#include "server/rpc/server.h"
#include "storage/store.h"

extern char** environ;

namespace omzien {
namespace {

constexpr int kCannotServe = 1;
constexpr int kBadConfiguration = 2;

int Fail(int exit_code, const absl::Status& status) {
  std::fprintf(stderr, "omzien-server: %s\n", std::string(status.message()).c_str());
  return exit_code;
}

absl::Duration DurationOf(const google::protobuf::Duration& duration) {
  return absl::Seconds(duration.seconds()) + absl::Nanoseconds(duration.nanos());
}

absl::StatusOr<std::unique_ptr<auth::CallerTable>> CallersOf(
    const config::v1::ServerConfig& config) {
  std::vector<auth::CallerEntry> entries;
  for (const auto& caller : config.callers()) {
    auth::CallerEntry& entry = entries.emplace_back();
    entry.id = caller.id();
    entry.token_sha256_hex = caller.token_sha256();
    for (const auto& grant : caller.grants()) {
      entry.grants.push_back({grant.municipality(), grant.organisation(), grant.role()});
    }
  }
  return auth::CallerTable::Build(entries);
}

rpc::ServerOptions ServerOptionsOf(const config::v1::ServerConfig& config) {
  rpc::ServerOptions options;
  options.listen = config.listen();
  options.max_message_bytes = size_t{config.max_message_kib()} << 10;
  options.max_concurrent_streams = static_cast<int>(config.max_streams_per_connection());
  options.deadline_cap = DurationOf(config.deadline_cap());
  options.read_threads = static_cast<int>(config.read_threads());
  return options;
}

// What can be known of a configuration without the store and the port.
int Check(const config::v1::ServerConfig& config) {
  if (auto callers = CallersOf(config); !callers.ok()) {
    return Fail(kBadConfiguration, callers.status());
  }
  if (auto master = crypto::MasterKey::FromFile(config.master_key_file()); !master.ok()) {
    return Fail(kBadConfiguration, master.status());
  }
  std::puts("the configuration is good");
  return 0;
}

int Serve(const config::v1::ServerConfig& config, observe::StopSignal& stop) {
  auto callers = CallersOf(config);
  if (!callers.ok()) return Fail(kBadConfiguration, callers.status());
  auto master = crypto::MasterKey::FromFile(config.master_key_file());
  if (!master.ok()) return Fail(kBadConfiguration, master.status());
  auto store = storage::OpenStore(config.data_dir());
  if (!store.ok()) return Fail(kCannotServe, store.status());

  // A store that failed can't be written any more. Stop, and say so: opening it again settles it.
  std::atomic<bool> store_failed = false;
  rpc::BackendOptions backend_options;
  backend_options.queue_limit = config.queue_limit();
  backend_options.on_broken = [&store_failed] {
    observe::Log(observe::Level::kError, "store_failed", {});
    store_failed = true;
    kill(getpid(), SIGTERM);
  };
  backend_options.on_job_failure = [](std::string_view job, const absl::Status& status) {
    observe::Log(observe::Level::kError, "job_failed",
                 {{"job", observe::Word(job)}, {"code", status.code()}});
  };
  auto backend = rpc::Backend::Open(store->cases.get(), store->keys.get(), *std::move(master),
                                    std::move(backend_options));
  if (!backend.ok()) return Fail(kCannotServe, backend.status());
  auto server =
      rpc::Server::Start(ServerOptionsOf(config), rpc::MethodsOf(backend->get()), callers->get());
  if (!server.ok()) return Fail(kCannotServe, server.status());
  observe::Log(observe::Level::kInfo, "serving",
               {{"address", observe::Word((*server)->address())},
                {"incarnation", observe::Word(store->incarnation)}});

  const int signal = stop.Wait();
  observe::Log(observe::Level::kInfo, "stopping", {{"signal", static_cast<int64_t>(signal)}});
  (*server)->Stop(DurationOf(config.drain_timeout()));
  (*backend)->Stop();
  observe::Log(observe::Level::kInfo, "stopped", {});
  return store_failed ? kCannotServe : 0;
}

int Main(const std::vector<std::string>& args) {
  switch (config::RequestedAction(args)) {
    case config::Action::kHelp:
      std::fputs(config::HelpText().c_str(), stdout);
      return 0;
    case config::Action::kVersion:
      std::puts("omzien-server " OMZIEN_VERSION);
      return 0;
    case config::Action::kServe:
    case config::Action::kCheck:
      break;
  }
  auto config = config::LoadConfig({args, config::EnvironmentOf(environ)});
  if (!config.ok()) return Fail(kBadConfiguration, config.status());
  if (sodium_init() < 0) return Fail(kCannotServe, absl::InternalError("libsodium can't start"));
  if (config::RequestedAction(args) == config::Action::kCheck) return Check(*config);
  observe::StopSignal stop;
  if (absl::Status hard = observe::HardenProcess(); !hard.ok()) return Fail(kCannotServe, hard);
  observe::SetLowestLevel(config->log_level());
  observe::StartLog(observe::LogFormat::kAuto);
  const int exit_code = Serve(*config, stop);
  observe::StopLog();
  return exit_code;
}

}  // namespace
}  // namespace omzien

int main(int argc, char** argv) {
  return omzien::Main(std::vector<std::string>(argv + 1, argv + argc));
}
