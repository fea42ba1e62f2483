// A server in this process for what a real one can't be made to do on demand: fail so many times,
// cut a stream after so many answers. It keeps what it was sent.
#pragma once

#include <grpcpp/grpcpp.h>

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "omzien/v1/signal_service.grpc.pb.h"

namespace omzien::client {

inline google::rpc::Status RpcStatus(grpc::StatusCode code, const std::string& reason) {
  google::rpc::Status status;
  status.set_code(code);
  status.set_message("scripted");
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  info.set_domain("omzien");
  if (!reason.empty()) status.add_details()->PackFrom(info);
  return status;
}

inline grpc::Status GrpcStatus(grpc::StatusCode code, const std::string& reason) {
  return grpc::Status(code, "scripted", RpcStatus(code, reason).SerializeAsString());
}

// How one stream goes.
struct StreamScript {
  // The stream ends, with `end`, after so many answers; -1: when the client is done.
  int answers_max = -1;
  grpc::Status end = grpc::Status::OK;
  // Reads so many before the first answer, so that a cut leaves submissions unanswered.
  int read_ahead = 0;
};

class ScriptedSignals final : public v1::SignalService::Service {
 public:
  // Answers to SubmitSignal, one a call; OK when used up.
  void Script(std::deque<grpc::Status> answers) {
    absl::MutexLock lock(&mutex_);
    unary_ = std::move(answers);
  }
  // One a stream; a plain one when used up.
  void ScriptStreams(std::deque<StreamScript> streams) {
    absl::MutexLock lock(&mutex_);
    streams_ = std::move(streams);
  }
  // What ListSignals answers.
  void ScriptList(v1::ListSignalsResponse answer) {
    absl::MutexLock lock(&mutex_);
    list_ = std::move(answer);
  }
  // What the submissions with these own words are answered, one a time, before being accepted.
  void ScriptItem(const std::string& own_words, std::deque<google::rpc::Status> answers) {
    absl::MutexLock lock(&mutex_);
    items_[own_words] = std::move(answers);
  }

  // What every WithdrawSignal is answered.
  void ScriptWithdrawal(v1::Signal answer) {
    absl::MutexLock lock(&mutex_);
    withdrawn_ = std::move(answer);
  }

  // What GetSignalStatus is answered.
  void ScriptStatus(v1::SignalStatus status) {
    absl::MutexLock lock(&mutex_);
    status_ = std::move(status);
  }

  std::vector<std::string> request_ids() {
    absl::MutexLock lock(&mutex_);
    return request_ids_;
  }
  std::vector<std::string> authorizations() {
    absl::MutexLock lock(&mutex_);
    return authorizations_;
  }
  // Request ids that were stored, as a server keeps them.
  std::set<std::string> stored() {
    absl::MutexLock lock(&mutex_);
    return stored_;
  }
  int streams_seen() {
    absl::MutexLock lock(&mutex_);
    return streams_seen_;
  }

  grpc::Status SubmitSignal(grpc::ServerContext* context, const v1::SubmitSignalRequest* request,
                            v1::SubmitSignalResponse* response) override {
    absl::MutexLock lock(&mutex_);
    request_ids_.push_back(request->request_id());
    const auto found = context->client_metadata().find("authorization");
    authorizations_.push_back(found == context->client_metadata().end()
                                  ? ""
                                  : std::string(found->second.data(), found->second.size()));
    grpc::Status status = grpc::Status::OK;
    if (!unary_.empty()) {
      status = unary_.front();
      unary_.pop_front();
    }
    if (status.ok()) Accept(*request, *response);
    return status;
  }

  grpc::Status WithdrawSignal(grpc::ServerContext*, const v1::WithdrawSignalRequest*,
                              v1::Signal* response) override {
    absl::MutexLock lock(&mutex_);
    *response = withdrawn_;
    return grpc::Status::OK;
  }

  // As the server: in full only while a question waits.
  grpc::Status GetSignalStatus(grpc::ServerContext*, const v1::GetSignalStatusRequest* request,
                               v1::SignalStatus* response) override {
    absl::MutexLock lock(&mutex_);
    *response = status_;
    if (request->view() != v1::VIEW_FULL) {
      response->clear_question();
    } else if (!status_.question_waits()) {
      return {grpc::StatusCode::PERMISSION_DENIED, "none waits"};
    }
    return grpc::Status::OK;
  }

  grpc::Status ListSignals(grpc::ServerContext*, const v1::ListSignalsRequest*,
                           v1::ListSignalsResponse* response) override {
    absl::MutexLock lock(&mutex_);
    *response = list_;
    return grpc::Status::OK;
  }

  grpc::Status SubmitSignals(grpc::ServerContext*,
                             grpc::ServerReaderWriter<v1::SubmitSignalsResponse,
                                                      v1::SubmitSignalsRequest>* stream) override {
    const StreamScript script = NextStream();
    std::deque<v1::SubmitSignalsRequest> waiting;
    v1::SubmitSignalsRequest request;
    int answers = 0;
    while (stream->Read(&request)) {
      waiting.push_back(request);
      {
        absl::MutexLock lock(&mutex_);
        request_ids_.push_back(request.submission().request_id());
      }
      if (static_cast<int>(waiting.size()) < script.read_ahead) continue;
      while (!waiting.empty()) {
        if (answers == script.answers_max) return script.end;
        stream->Write(Answer(waiting.front()));
        waiting.pop_front();
        ++answers;
      }
    }
    return script.end;
  }

 private:
  StreamScript NextStream() {
    absl::MutexLock lock(&mutex_);
    ++streams_seen_;
    if (streams_.empty()) return {};
    StreamScript script = streams_.front();
    streams_.pop_front();
    return script;
  }

  v1::SubmitSignalsResponse Answer(const v1::SubmitSignalsRequest& request) {
    absl::MutexLock lock(&mutex_);
    v1::SubmitSignalsResponse response;
    response.set_sequence(request.sequence());
    auto& script = items_[request.submission().signal().own_words()];
    if (!script.empty()) {
      *response.mutable_refused() = script.front();
      script.pop_front();
    } else {
      Accept(request.submission(), *response.mutable_accepted());
    }
    return response;
  }

  void Accept(const v1::SubmitSignalRequest& request, v1::SubmitSignalResponse& response)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    stored_.insert(request.request_id());
    response.mutable_signal()->set_name(
        absl::StrCat(request.parent(), "/signals/", request.request_id().substr(0, 8)));
    response.mutable_signal()->set_reference("K7Q2-M4XP");
    response.set_first_contact_display_name("Team toegang");
    response.mutable_thanks()->set_nl("Dank u wel.");
    response.mutable_thanks()->set_en("Thank you.");
  }

  absl::Mutex mutex_;
  std::deque<grpc::Status> unary_ ABSL_GUARDED_BY(mutex_);
  std::deque<StreamScript> streams_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::deque<google::rpc::Status>> items_ ABSL_GUARDED_BY(mutex_);
  v1::ListSignalsResponse list_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> request_ids_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> authorizations_ ABSL_GUARDED_BY(mutex_);
  std::set<std::string> stored_ ABSL_GUARDED_BY(mutex_);
  v1::Signal withdrawn_ ABSL_GUARDED_BY(mutex_);
  v1::SignalStatus status_ ABSL_GUARDED_BY(mutex_);
  int streams_seen_ ABSL_GUARDED_BY(mutex_) = 0;
};

class ScriptedServer {
 public:
  ScriptedServer() {
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&signals);
    server_ = builder.BuildAndStart();
    target_ = absl::StrCat("127.0.0.1:", port);
  }
  const std::string& target() const { return target_; }

  ScriptedSignals signals;

 private:
  std::unique_ptr<grpc::Server> server_;
  std::string target_;
};

}  // namespace omzien::client
