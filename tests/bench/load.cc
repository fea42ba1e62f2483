#include "tests/bench/load.h"

#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>

#include <algorithm>
#include <deque>
#include <map>
#include <random>
#include <stdexcept>
#include <utility>

#include "absl/strings/str_format.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"

namespace omzien::bench {
namespace {

constexpr char kAnyId[] = "00000000-0000-4000-8000-000000000000";
constexpr int kConnectionsMax = 4;
constexpr auto kTimeout = std::chrono::seconds(60);
constexpr uint32_t kLengthDelimited = 2;  // the wire type of a message

std::vector<std::unique_ptr<grpc::GenericStub>> Connect(const std::string& address, int count) {
  std::vector<std::unique_ptr<grpc::GenericStub>> stubs;
  for (int i = 0; i < count; ++i) {
    grpc::ChannelArguments alone;
    alone.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    stubs.push_back(std::make_unique<grpc::GenericStub>(
        grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), alone)));
  }
  return stubs;
}

std::unique_ptr<grpc::ClientContext> ContextFor(const Target& target) {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(std::chrono::system_clock::now() + kTimeout);
  context->AddMetadata("authorization", "Bearer " + target.token);
  return context;
}

grpc::ByteBuffer Bytes(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return {&slice, 1};
}

// A call and what of it must live until it is answered.
struct CallUnderWay {
  grpc::GenericStub* stub = nullptr;
  std::unique_ptr<grpc::ClientContext> context;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
  grpc::ByteBuffer response;
  grpc::Status status;
  Clock::time_point began;

  void Start(const Target& target, const std::string& path, const grpc::ByteBuffer& request,
             grpc::CompletionQueue* queue) {
    context = ContextFor(target);
    response.Clear();
    began = Clock::now();
    reader = stub->PrepareUnaryCall(context.get(), path, request, queue);
    reader->StartCall();
    reader->Finish(&response, &status, this);
  }
};

// One stream, driven by the thread that calls Run. Each operation of it has the address of its flag
// as its tag.
class Stream {
 public:
  Stream(const Target& target, grpc::GenericStub* stub, size_t in_flight, Submissions* submissions)
      : in_flight_(in_flight),
        submissions_(submissions),
        context_(ContextFor(target)),
        stream_(
            stub->PrepareCall(context_.get(), "/omzien.v1.SignalService/SubmitSignals", &queue_)) {}

  void Run(Tally& tally) {
    Await(&started_, [this] { stream_->StartCall(&started_); });
    StartRead();
    MaybeWrite(tally);
    void* tag = nullptr;
    bool ok = false;
    while (reading_ && queue_.Next(&tag, &ok)) {
      *static_cast<bool*>(tag) = false;
      if (tag == &reading_ && ok) {
        TakeAnswer(tally);
        StartRead();
      }
      MaybeWrite(tally);
    }
    grpc::Status status;
    Await(&finishing_, [this, &status] { stream_->Finish(&status, &finishing_); });
    for (const auto& [sequence, began] : unanswered_) tally.Done(began, false);
    if (!status.ok()) tally.Done(Clock::now(), false);
    queue_.Shutdown();
    while (queue_.Next(&tag, &ok)) {
    }
  }

 private:
  template <class Begin>
  void Await(bool* flag, Begin begin) {
    void* tag = nullptr;
    bool ok = false;
    begin();
    while (queue_.Next(&tag, &ok) && tag != flag) *static_cast<bool*>(tag) = false;
  }

  void StartRead() {
    reading_ = true;
    stream_->Read(&answer_, &reading_);
  }

  void MaybeWrite(Tally& tally) {
    if (writing_ || ended_) return;
    if (tally.over()) {
      ended_ = writing_ = true;
      stream_->WritesDone(&writing_);
      return;
    }
    if (unanswered_.size() >= in_flight_) return;
    writing_ = true;
    const int64_t sequence = ++sequence_;
    unanswered_.emplace(sequence, Clock::now());
    // More follows at once: gRPC may send it together.
    grpc::WriteOptions options;
    if (unanswered_.size() < in_flight_) options.set_buffer_hint();
    stream_->Write(submissions_->NextItem(sequence), options, &writing_);
  }

  void TakeAnswer(Tally& tally) {
    grpc::Slice slice;
    if (!answer_.TrySingleSlice(&slice).ok() && !answer_.DumpToSingleSlice(&slice).ok()) {
      throw std::runtime_error("an answer without bytes");
    }
    // Only the sequence, which stands first, and which of the two it is.
    google::protobuf::io::CodedInputStream bytes(slice.begin(), static_cast<int>(slice.size()));
    uint64_t sequence = 0;
    const bool has_sequence = bytes.ReadTag() == v1::SubmitSignalsResponse::kSequenceFieldNumber
                                                     << 3 &&
                              bytes.ReadVarint64(&sequence);
    const auto asked = unanswered_.find(static_cast<int64_t>(sequence));
    if (!has_sequence || asked == unanswered_.end()) {
      throw std::runtime_error("an answer to nothing");
    }
    const uint32_t result = bytes.ReadTag();
    tally.Done(asked->second,
               result == (v1::SubmitSignalsResponse::kAcceptedFieldNumber << 3 | kLengthDelimited));
    unanswered_.erase(asked);
  }

  const size_t in_flight_;
  Submissions* const submissions_;
  grpc::CompletionQueue queue_;
  const std::unique_ptr<grpc::ClientContext> context_;
  const std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream_;
  grpc::ByteBuffer answer_;
  std::map<int64_t, Clock::time_point> unanswered_;
  int64_t sequence_ = 0;
  bool ended_ = false;
  // Operations under way.
  bool started_ = false;
  bool reading_ = false;
  bool writing_ = false;
  bool finishing_ = false;
};

}  // namespace

Submissions::Submissions(v1::SubmitSignalRequest request)
    : maker_((uint64_t{std::random_device()()} << 32) | std::random_device()()) {
  request.set_request_id(kAnyId);
  bytes_ = request.SerializeAsString();
  id_at_ = bytes_.find(kAnyId);
}

const std::string& Submissions::WithNewId() {
  ++count_;
  bytes_.replace(
      id_at_, sizeof kAnyId - 1,
      absl::StrFormat("%08x-%04x-4%03x-8%03x-%012x", maker_ >> 32, (maker_ >> 16) & 0xffff,
                      maker_ & 0xfff, (maker_ >> 12) & 0xfff, count_ & 0xffffffffffff));
  return bytes_;
}

grpc::ByteBuffer Submissions::Next() { return Bytes(WithNewId()); }

grpc::ByteBuffer Submissions::NextItem(int64_t sequence) {
  // As the message's own bytes are: making one each time would be work of this program that no
  // client has to do.
  const std::string& submission = WithNewId();
  v1::SubmitSignalsRequest item;
  item.set_sequence(sequence);
  std::string bytes = item.SerializeAsString();
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.WriteTag(v1::SubmitSignalsRequest::kSubmissionFieldNumber << 3 | kLengthDelimited);
  coded.WriteVarint32(static_cast<uint32_t>(submission.size()));
  coded.WriteString(submission);
  coded.Trim();
  return Bytes(bytes);
}

Subject UnaryCalls(std::string name, const Target& target, std::string path, int in_flight,
                   MakeRequest make) {
  auto stubs = std::make_shared<std::vector<std::unique_ptr<grpc::GenericStub>>>(
      Connect(target.address, std::min(in_flight, kConnectionsMax)));
  const Worker worker = [target, path = std::move(path), in_flight, stubs,
                         make = std::move(make)](Tally& tally) {
    grpc::CompletionQueue queue;
    std::deque<CallUnderWay> calls(in_flight);
    for (int i = 0; i < in_flight; ++i) {
      calls[i].stub = (*stubs)[i % stubs->size()].get();
      calls[i].Start(target, path, make(), &queue);
    }
    void* tag = nullptr;
    bool ok = false;
    for (int under_way = in_flight; under_way > 0 && queue.Next(&tag, &ok);) {
      auto* const call = static_cast<CallUnderWay*>(tag);
      tally.Done(call->began, call->status.ok());
      if (tally.over()) {
        --under_way;
      } else {
        call->Start(target, path, make(), &queue);
      }
    }
    queue.Shutdown();
    while (queue.Next(&tag, &ok)) {
    }
  };
  return {std::move(name), in_flight, [server = target.server, worker](const Window& window) {
            return Measure(window, server, {worker});
          }};
}

Subject SubmissionStream(std::string name, const Target& target, int in_flight,
                         std::shared_ptr<Submissions> submissions) {
  auto stubs =
      std::make_shared<std::vector<std::unique_ptr<grpc::GenericStub>>>(Connect(target.address, 1));
  const Worker worker = [target, in_flight, stubs, submissions](Tally& tally) {
    Stream(target, stubs->front().get(), in_flight, submissions.get()).Run(tally);
  };
  return {std::move(name), in_flight, [server = target.server, worker](const Window& window) {
            return Measure(window, server, {worker});
          }};
}

}  // namespace omzien::bench
