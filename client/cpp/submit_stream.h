// Many submissions over one stream, each acknowledged, none twice, none lost.
//
// Whatever has no answer yet is kept. When the stream breaks it is opened again and only what was
// not answered goes again, under the same request ids, so that the server stores each submission
// once. An answer that says "try again" (UNAVAILABLE, OVERLOADED) is no outcome either: that
// submission goes again after a wait.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/cpp/client.h"

namespace omzien::client {

struct StreamOptions {
  // Most submissions without an answer. The server reads at most 256 ahead; 1 to 256.
  size_t window = 256;
  // Failures in a row, without one answer between them, before giving up: of the stream as a
  // whole, and of a single submission.
  int max_attempts = 8;
  // A stream that answers nothing for so long while answers are due is broken.
  absl::Duration answer_timeout = absl::Seconds(30);
};

class SubmitStream {
 public:
  // The answer to one submission: accepted (on disk), or refused for good. Called once for each,
  // in any order, one call at a time, on a thread of the stream. It must not call the stream.
  using OnAnswer =
      std::function<void(int64_t sequence, const absl::StatusOr<v1::SubmitSignalResponse>& answer)>;

  // Copies what it needs of `client`. Opens nothing until the first Send.
  SubmitStream(const Client& client, StreamOptions options, OnAnswer on_answer);
  // Stops without waiting: what has no answer then may or may not be stored. Finish first.
  ~SubmitStream();

  SubmitStream(const SubmitStream&) = delete;
  SubmitStream& operator=(const SubmitStream&) = delete;

  // Queues one submission; waits while the window is full. Fills in a request_id if it has none.
  // `sequence` is the caller's, different from that of everything still unanswered
  // (ALREADY_EXISTS). Once the stream has failed for good: its error, and nothing is queued.
  absl::Status Send(int64_t sequence, v1::SubmitSignalRequest submission);

  // Waits until everything sent has its answer. OK, or why the stream failed for good; sending
  // what wasn't answered again later, with the same request ids, is then safe. After it, no Send.
  absl::Status Finish();

 private:
  class Impl;
  const std::unique_ptr<Impl> impl_;
};

}  // namespace omzien::client
