#include "client/cpp/submit_stream.h"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "client/cpp/channel.h"

namespace omzien::client {
namespace {

// A connection is replaced after this long, answered or not: the backstop for a write that the
// other side never reads.
constexpr absl::Duration kConnectionMax = absl::Minutes(2);

using Stream = grpc::ClientReaderWriter<v1::SubmitSignalsRequest, v1::SubmitSignalsResponse>;

}  // namespace

// One writer thread owns the connections, one after another; each has a reader thread.
class SubmitStream::Impl {
 public:
  Impl(std::shared_ptr<Channel> channel, StreamOptions options, OnAnswer on_answer)
      : channel_(std::move(channel)),
        options_(options),
        clock_(*channel_->options().clock),
        on_answer_(std::move(on_answer)) {}

  ~Impl() {
    {
      absl::MutexLock lock(&mutex_);
      closing_ = abandoned_ = true;
      if (context_ != nullptr) context_->TryCancel();
    }
    if (writer_.joinable()) writer_.join();
  }

  absl::Status Send(int64_t sequence, v1::SubmitSignalRequest submission) {
    if (submission.request_id().empty()) submission.set_request_id(NewRequestId());
    absl::MutexLock lock(&mutex_);
    if (closing_) return absl::FailedPreconditionError("the stream was finished");
    mutex_.Await(absl::Condition(this, &Impl::HasRoom));
    if (!failed_.ok()) return failed_;
    v1::SubmitSignalsRequest request;
    request.set_sequence(sequence);
    *request.mutable_submission() = std::move(submission);
    if (!unanswered_.emplace(sequence, Item{std::move(request)}).second) {
      return absl::AlreadyExistsError("that sequence number still waits for its answer");
    }
    to_send_.push_back(sequence);
    if (!writer_.joinable()) writer_ = std::thread([this] { Run(); });
    return absl::OkStatus();
  }

  absl::Status Finish() {
    {
      absl::MutexLock lock(&mutex_);
      closing_ = true;
    }
    if (writer_.joinable()) writer_.join();
    absl::MutexLock lock(&mutex_);
    return failed_;
  }

 private:
  struct Item {
    v1::SubmitSignalsRequest request;
    int failures = 0;
  };

  bool HasRoom() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return unanswered_.size() < std::clamp<size_t>(options_.window, 1, 256) || !failed_.ok();
  }
  bool HasNews() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !to_send_.empty() || broken_ || abandoned_ || (closing_ && unanswered_.empty());
  }
  bool HasStarted() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !to_send_.empty() || closing_;
  }

  // The writer's life: a connection, and another while something is unanswered and hope is left.
  void Run() {
    int failures = 0;
    while (true) {
      {
        absl::MutexLock lock(&mutex_);
        mutex_.Await(absl::Condition(this, &Impl::HasStarted));
        if (abandoned_ || (closing_ && unanswered_.empty())) return;
      }
      const absl::Status status = RunConnection();
      absl::Duration wait;
      {
        absl::MutexLock lock(&mutex_);
        if (abandoned_ || (closing_ && unanswered_.empty())) return;
        failures = answered_ || unanswered_.empty() ? 1 : failures + 1;
        if (!Hopeful(status) || failures >= options_.max_attempts) {
          failed_ = status;
          return;
        }
        to_send_.clear();
        for (const auto& [sequence, item] : unanswered_) to_send_.push_back(sequence);
        wait = Backoff(channel_->options().retry, failures, status, clock_);
      }
      clock_.SleepFor(wait);
    }
  }

  // A stream that was cut (deadline, reset) is opened again; a refusal of the call is final.
  static bool Hopeful(const absl::Status& status) {
    return MayRetry(status) || absl::IsDeadlineExceeded(status) || absl::IsCancelled(status);
  }

  absl::Status RunConnection() {
    grpc::ClientContext context;
    channel_->Prepare(context, kConnectionMax);
    {
      absl::MutexLock lock(&mutex_);
      context_ = &context;
      broken_ = answered_ = false;
      if (abandoned_) context.TryCancel();
    }
    const std::unique_ptr<Stream> stream = channel_->signals().SubmitSignals(&context);
    std::thread reader([this, &stream] { Read(*stream); });
    Write(*stream, context);
    reader.join();
    const grpc::Status status = stream->Finish();
    absl::MutexLock lock(&mutex_);
    context_ = nullptr;
    if (status.ok()) return absl::UnavailableError("the server ended the stream early");
    return FromGrpc(status);
  }

  void Write(Stream& stream, grpc::ClientContext& context) {
    while (true) {
      Pause();
      const std::optional<v1::SubmitSignalsRequest> next = Next(context);
      if (!next.has_value()) break;
      if (!stream.Write(*next)) return;  // The reader sees why.
    }
    stream.WritesDone();
  }

  // The next to send, or nothing when this connection has no more to do.
  std::optional<v1::SubmitSignalsRequest> Next(grpc::ClientContext& context) {
    absl::MutexLock lock(&mutex_);
    while (true) {
      const int64_t answers = answers_;
      const bool news =
          mutex_.AwaitWithTimeout(absl::Condition(this, &Impl::HasNews), options_.answer_timeout);
      if (broken_ || abandoned_) return std::nullopt;
      if (!to_send_.empty()) {
        const int64_t sequence = to_send_.front();
        to_send_.pop_front();
        // Answered since it was queued, on the connection before this one.
        const auto item = unanswered_.find(sequence);
        if (item == unanswered_.end()) continue;
        return item->second.request;
      }
      if (closing_ && unanswered_.empty()) return std::nullopt;
      if (!news && !unanswered_.empty() && answers == answers_) {
        context.TryCancel();
        return std::nullopt;
      }
    }
  }

  // After "try again" the server gets air before the next write.
  void Pause() {
    absl::Duration wait;
    {
      absl::MutexLock lock(&mutex_);
      std::swap(wait, pause_);
    }
    if (wait > absl::ZeroDuration()) clock_.SleepFor(wait);
  }

  void Read(Stream& stream) {
    v1::SubmitSignalsResponse response;
    while (stream.Read(&response)) Take(response);
    absl::MutexLock lock(&mutex_);
    broken_ = true;
  }

  void Take(v1::SubmitSignalsResponse& response) {
    const int64_t sequence = response.sequence();
    absl::StatusOr<v1::SubmitSignalResponse> answer = AnswerOf(response);
    {
      absl::MutexLock lock(&mutex_);
      ++answers_;
      const auto item = unanswered_.find(sequence);
      if (item == unanswered_.end()) return;
      if (!answer.ok() && MayRetry(answer.status()) &&
          ++item->second.failures < options_.max_attempts) {
        to_send_.push_back(sequence);
        pause_ = std::max(pause_, Backoff(channel_->options().retry, item->second.failures,
                                          answer.status(), clock_));
        return;
      }
      answered_ = true;
    }
    on_answer_(sequence, answer);
    // Only now: whoever waits for an empty window has then heard every answer.
    absl::MutexLock lock(&mutex_);
    unanswered_.erase(sequence);
  }

  static absl::StatusOr<v1::SubmitSignalResponse> AnswerOf(v1::SubmitSignalsResponse& response) {
    if (response.has_accepted()) return std::move(*response.mutable_accepted());
    absl::Status status = FromRpcStatus(response.refused());
    if (status.ok()) status = absl::UnknownError("the server's answer says nothing");
    return status;
  }

  const std::shared_ptr<Channel> channel_;
  const StreamOptions options_;
  Clock& clock_;
  const OnAnswer on_answer_;
  std::thread writer_;  // Started and joined by the caller's thread.

  absl::Mutex mutex_;
  std::map<int64_t, Item> unanswered_ ABSL_GUARDED_BY(mutex_);
  std::deque<int64_t> to_send_ ABSL_GUARDED_BY(mutex_);
  int64_t answers_ ABSL_GUARDED_BY(mutex_) = 0;
  // Of the connection at hand: an outcome came, the reading ended.
  bool answered_ ABSL_GUARDED_BY(mutex_) = false;
  bool broken_ ABSL_GUARDED_BY(mutex_) = false;
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  bool abandoned_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Duration pause_ ABSL_GUARDED_BY(mutex_);
  absl::Status failed_ ABSL_GUARDED_BY(mutex_);
  grpc::ClientContext* context_ ABSL_GUARDED_BY(mutex_) = nullptr;
};

SubmitStream::SubmitStream(const Client& client, StreamOptions options, OnAnswer on_answer)
    : impl_(std::make_unique<Impl>(client.channel(), options, std::move(on_answer))) {}
SubmitStream::~SubmitStream() = default;

absl::Status SubmitStream::Send(int64_t sequence, v1::SubmitSignalRequest submission) {
  return impl_->Send(sequence, std::move(submission));
}
absl::Status SubmitStream::Finish() { return impl_->Finish(); }

}  // namespace omzien::client
