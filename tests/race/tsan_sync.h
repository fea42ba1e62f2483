// Included before every source of the ThreadSanitizer build: absl::Mutex and what stands on it,
// over std::mutex. Debian's Abseil isn't instrumented, so ThreadSanitizer doesn't see what its
// mutexes order, and would report a race at every member that one guards. By hand: no package has
// an instrumented Abseil.
//
// Only what this project uses of them. Everything that declares absl::Mutex is included first, so
// that only our own sources get these.

#ifndef OMZIEN_TESTS_RACE_TSAN_SYNC_H_
#define OMZIEN_TESTS_RACE_TSAN_SYNC_H_

#include <absl/container/flat_hash_map.h>
#include <absl/status/statusor.h>
#include <absl/strings/cord.h>
#include <absl/synchronization/blocking_counter.h>
#include <absl/synchronization/mutex.h>
#include <absl/synchronization/notification.h>
#include <absl/time/civil_time.h>
#include <absl/time/clock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/generated_message_reflection.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/map.h>
#include <google/protobuf/message.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>

#include <condition_variable>
#include <functional>
#include <mutex>

// Its own Mutex must keep its name; who doesn't link it need not wait for its headers.
#ifdef OMZIEN_WITH_GTEST
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#endif

#define ReaderMutexLock TsanReaderMutexLock
#define WriterMutexLock TsanWriterMutexLock
#define MutexLock TsanMutexLock
#define Mutex TsanMutex
#define Condition TsanCondition
#define Notification TsanNotification
#define BlockingCounter TsanBlockingCounter

namespace absl {
inline namespace tsan_sync {

class Condition {
 public:
  template <class T>
  Condition(bool (*f)(T*), T* argument) : eval_([f, argument] { return f(argument); }) {}
  explicit Condition(const bool* flag) : eval_([flag] { return *flag; }) {}
  template <class T, class U>
  Condition(T* object, bool (U::*method)()) : eval_([=] { return (object->*method)(); }) {}
  template <class T, class U>
  Condition(const T* object, bool (U::*method)() const)
      : eval_([=] { return (object->*method)(); }) {}
  template <class F>
  explicit Condition(const F* f) : eval_([f] { return (*f)(); }) {}
  bool Eval() const { return eval_(); }

 private:
  std::function<bool()> eval_;
};

class Mutex {
 public:
  void Lock() { mutex_.lock(); }
  void Unlock() {
    changed_.notify_all();
    mutex_.unlock();
  }
  void AssertHeld() const {}
  void Await(const Condition& condition) {
    while (!condition.Eval()) {
      changed_.notify_all();
      changed_.wait(mutex_);
    }
  }
  bool AwaitWithTimeout(const Condition& condition, absl::Duration timeout) {
    if (timeout == absl::InfiniteDuration()) {
      Await(condition);
      return true;
    }
    const auto until = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(timeout);
    while (!condition.Eval()) {
      changed_.notify_all();
      if (changed_.wait_until(mutex_, until) == std::cv_status::timeout) return condition.Eval();
    }
    return true;
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
};

class MutexLock {
 public:
  explicit MutexLock(Mutex* mutex) : mutex_(mutex) { mutex_->Lock(); }
  ~MutexLock() { mutex_->Unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex* const mutex_;
};
using ReaderMutexLock = MutexLock;
using WriterMutexLock = MutexLock;

class Notification {
 public:
  ~Notification() { MutexLock lock(&mutex_); }
  bool HasBeenNotified() const {
    MutexLock lock(&mutex_);
    return notified_;
  }
  void WaitForNotification() const {
    MutexLock lock(&mutex_);
    mutex_.Await(Condition(&notified_));
  }
  void Notify() {
    MutexLock lock(&mutex_);
    notified_ = true;
  }

 private:
  mutable Mutex mutex_;
  bool notified_ = false;
};

class BlockingCounter {
 public:
  explicit BlockingCounter(int count) : count_(count) {}
  bool DecrementCount() {
    MutexLock lock(&mutex_);
    return --count_ == 0;
  }
  void Wait() {
    MutexLock lock(&mutex_);
    const auto done = [this] { return count_ == 0; };
    mutex_.Await(Condition(&done));
  }

 private:
  Mutex mutex_;
  int count_;
};

}  // namespace tsan_sync
}  // namespace absl

#endif  // OMZIEN_TESTS_RACE_TSAN_SYNC_H_
