// Calls by bytes: through gRPC's generic stub, which knows nothing of messages, so that what is
// sent may be anything.

#ifndef OMZIEN_TESTS_MALFORMED_RAW_CALL_H_
#define OMZIEN_TESTS_MALFORMED_RAW_CALL_H_

#include <grpcpp/channel.h>
#include <grpcpp/support/status.h>

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace omzien::malformed {

struct RawCall {
  // "/omzien.v1.SignalService/SubmitSignal"
  std::string path;
  std::string bytes;
  std::vector<std::pair<std::string, std::string>> metadata = {};
  // The bytes are called compressed, whatever they are.
  bool as_gzip = false;
};

// How a call was refused. One item that a stream refused is as a call that was.
struct Answer {
  grpc::StatusCode code = grpc::StatusCode::OK;
  std::string reason;
  // In order, each once.
  std::set<std::string> fields;
  // All of it, to be searched: message, details, metadata; an answer's bytes if it wasn't refused.
  std::string text;
};

// Waits for the answer. `stream`: the bytes are the one item of a stream.
Answer Send(const std::shared_ptr<grpc::Channel>& channel, const RawCall& call, bool stream);

}  // namespace omzien::malformed

#endif  // OMZIEN_TESTS_MALFORMED_RAW_CALL_H_
