// Something that is made once for each message type, and then looked up.

#ifndef OMZIEN_SERVER_DOMAIN_PER_TYPE_H_
#define OMZIEN_SERVER_DOMAIN_PER_TYPE_H_

#include <functional>
#include <map>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "google/protobuf/descriptor.h"

namespace omzien::domain {

// Thread-safe. For generated message types, whose descriptors live as long as the program.
template <typename Made>
class PerType {
 public:
  // Gives what was made of another type, for as long as this lives. A type is entered before it is
  // filled, so that types may contain themselves: what it gives may still be being filled.
  using Nested = std::function<const Made*(const google::protobuf::Descriptor*)>;
  using Fill = void (*)(const google::protobuf::Descriptor* type, const Nested& nested, Made* made);

  explicit PerType(Fill fill) : fill_(fill) {}

  const Made& For(const google::protobuf::Descriptor* type) ABSL_LOCKS_EXCLUDED(mutex_) {
    {
      absl::ReaderMutexLock lock(&mutex_);
      if (const auto found = made_.find(type); found != made_.end()) return *found->second;
    }
    absl::MutexLock lock(&mutex_);
    return *Make(type);
  }

 private:
  const Made* Make(const google::protobuf::Descriptor* type) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    auto [entry, added] = made_.try_emplace(type);
    if (!added) return entry->second.get();
    entry->second = std::make_unique<Made>();
    Made* made = entry->second.get();
    fill_(
        type,
        [this](const auto* other) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return Make(other); },
        made);
    return made;
  }

  const Fill fill_;
  absl::Mutex mutex_;
  std::map<const google::protobuf::Descriptor*, std::unique_ptr<Made>> made_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace omzien::domain

#endif  // OMZIEN_SERVER_DOMAIN_PER_TYPE_H_
