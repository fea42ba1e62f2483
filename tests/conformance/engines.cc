#include "tests/conformance/engines.h"

#include <iostream>
#include <utility>

#include "storage/memory/memory_engine.h"
#include "storage/rocksdb/rocksdb_engine.h"
#include "tests/storage/temporary_directory.h"

namespace omzien::storage {
namespace {

class MemoryUnderTest : public EngineUnderTest {
 public:
  std::unique_ptr<Engine> Open(std::optional<Limits> limits) override {
    MemoryOptions options;
    options.state = state_;
    if (limits) options.limits = *limits;
    return NewMemoryEngine(std::move(options));
  }

 private:
  const std::shared_ptr<MemoryState> state_ = NewMemoryState();
};

class RocksDbUnderTest : public EngineUnderTest {
 public:
  std::unique_ptr<Engine> Open(std::optional<Limits> limits) override {
    RocksDbOptions options;
    options.directory = directory_.path() + "/db";
    options.block_cache_bytes = size_t{1} << 20;
    options.write_buffer_bytes = size_t{1} << 20;
    if (limits) options.limits = *limits;
    absl::StatusOr<std::unique_ptr<Engine>> engine = OpenRocksDb(options);
    // A test without its engine can only crash; say why first.
    if (!engine.ok()) std::cerr << engine.status() << "\n";
    return engine.ok() ? *std::move(engine) : nullptr;
  }

 private:
  const TemporaryDirectory directory_;
};

}  // namespace

std::vector<EngineKind> AllEngines() {
  return {
      {"Memory", [] { return std::make_unique<MemoryUnderTest>(); }},
      {"RocksDb", [] { return std::make_unique<RocksDbUnderTest>(); }},
  };
}

}  // namespace omzien::storage
