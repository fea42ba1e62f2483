// Clients that keep so many calls under way: one thread, one completion queue, bytes in and out.
// The same for our server and for the empty one it is compared with.

#ifndef OMZIEN_TESTS_BENCH_LOAD_H_
#define OMZIEN_TESTS_BENCH_LOAD_H_

#include <grpcpp/channel.h>
#include <grpcpp/support/byte_buffer.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "omzien/v1/signal_service.pb.h"
#include "tests/bench/sample.h"

namespace omzien::bench {

// Where a load goes, and as whom.
struct Target {
  std::string address;
  pid_t server = 0;
  std::string token;
};

// Makes the bytes of one request after the other, each with a request_id that was never used. Not
// thread-safe; different makers never give the same id.
class Submissions {
 public:
  // `request` but for its request_id.
  explicit Submissions(v1::SubmitSignalRequest request);
  grpc::ByteBuffer Next();
  // As an item of the stream.
  grpc::ByteBuffer NextItem(int64_t sequence);

 private:
  const std::string& WithNewId();

  const uint64_t maker_;
  uint64_t count_ = 0;
  std::string bytes_;
  size_t id_at_ = 0;
};

using MakeRequest = std::function<grpc::ByteBuffer()>;

// Unary calls of one method ("/omzien.v1.SignalService/SubmitSignal"), `in_flight` at once, on at
// most four connections, which stay.
Subject UnaryCalls(std::string name, const Target& target, std::string path, int in_flight,
                   MakeRequest make);

// One SubmitSignals stream with `in_flight` submissions unanswered, at most the server's window. A
// refused one counts as an error.
Subject SubmissionStream(std::string name, const Target& target, int in_flight,
                         std::shared_ptr<Submissions> submissions);

}  // namespace omzien::bench

#endif  // OMZIEN_TESTS_BENCH_LOAD_H_
