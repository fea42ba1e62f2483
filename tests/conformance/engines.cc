#include "tests/conformance/engines.h"

#include <utility>

#include "storage/memory/memory_engine.h"

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

}  // namespace

std::vector<EngineKind> AllEngines() {
  return {
      {"Memory", [] { return std::make_unique<MemoryUnderTest>(); }},
  };
}

}  // namespace omzien::storage
