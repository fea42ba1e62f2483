// The contract in memory: the reference that other engines are compared with, and the engine of
// tests. Nothing outlives the process; "durable" is "in the state".

#ifndef OMZIEN_STORAGE_MEMORY_MEMORY_ENGINE_H_
#define OMZIEN_STORAGE_MEMORY_MEMORY_ENGINE_H_

#include <memory>

#include "storage/commit_check.h"
#include "storage/engine.h"

namespace omzien::storage {

// What a disk is to other engines. Give it to one engine after another to play a restart; one
// engine at a time.
class MemoryState;
std::shared_ptr<MemoryState> NewMemoryState();

struct MemoryOptions {
  // A new, empty one if null.
  std::shared_ptr<MemoryState> state;
  Limits limits = kEmbeddedLimits;
};

// Revisions have gaps, on purpose: the contract promises none without.
std::unique_ptr<Engine> NewMemoryEngine(MemoryOptions options = {});

}  // namespace omzien::storage

#endif  // OMZIEN_STORAGE_MEMORY_MEMORY_ENGINE_H_
