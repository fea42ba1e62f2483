// The engines that the conformance suite runs over, behind one face: something that can be opened,
// closed and opened again over what it kept.

#ifndef OMZIEN_TESTS_CONFORMANCE_ENGINES_H_
#define OMZIEN_TESTS_CONFORMANCE_ENGINES_H_

#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "storage/engine.h"

namespace omzien::storage {

class EngineUnderTest {
 public:
  virtual ~EngineUnderTest() = default;
  // Opens the same store each time; one engine at a time. `limits` replaces the engine's own.
  virtual std::unique_ptr<Engine> Open(std::optional<Limits> limits = std::nullopt) = 0;
};

struct EngineKind {
  std::string name;
  // A new, empty store.
  std::function<std::unique_ptr<EngineUnderTest>()> make;
};

// How a failing test names its engine.
inline std::ostream& operator<<(std::ostream& out, const EngineKind& kind) {
  return out << kind.name;
}

std::vector<EngineKind> AllEngines();

}  // namespace omzien::storage

#endif  // OMZIEN_TESTS_CONFORMANCE_ENGINES_H_
