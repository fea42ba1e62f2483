#include "tests/crash/workers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <stdexcept>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cpp/submit_stream.h"
#include "tests/crash/follow_up.h"

namespace omzien::crash {
namespace {

// A worker goes on with one of its newest cases.
constexpr size_t kCasesInHand = 5;
constexpr int kBurstMax = 8;
// Of a hundred calls; one worker imports in parts besides, since the server takes two such at once.
constexpr uint64_t kImports = 2;
constexpr uint64_t kImportsInParts = 5;
constexpr int kImporter = 1;
// Of the signals, one in so many is asked after by a code.
constexpr int kByCodeOneIn = 2;

e2e::Random RandomOf(uint64_t seed, const Moment& moment) {
  std::seed_seq parts{static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32),
                      static_cast<uint32_t>(moment.cycle), static_cast<uint32_t>(moment.worker),
                      static_cast<uint32_t>(moment.step)};
  return e2e::Random(parts);
}

}  // namespace

Tally& Tally::operator+=(const Tally& other) {
  refused += other.refused;
  in_doubt += other.in_doubt;
  refused_when_settled += other.refused_when_settled;
  answered += other.answered;
  return *this;
}

e2e::Random Worker::RandomAt(const Moment& moment) const { return RandomOf(shared_.seed, moment); }

void Worker::Wrong(const Call& call, const absl::Status& status, const char* when) const {
  ADD_FAILURE() << "seed " << shared_.seed << ", " << call.Where() << " " << when << ": " << status;
}

void Worker::ExpectKilled(const Kill& kill, const std::string& where,
                          const absl::Status& status) const {
  if (kill.fired()) return;
  ADD_FAILURE() << "seed " << shared_.seed << ", " << where
                << " had no answer, of a server that nobody had killed: " << status;
}

void Worker::Settle(Clients& clients) {
  for (const Call& call : TakeInDoubt()) {
    ++tally_.in_doubt;
    const absl::StatusOr<std::string> answer = Send(clients.As(call.caller), call);
    if (answer.ok()) {
      shared_.ledger->Add(call, *answer);
      Done(call, *answer);
    } else if (IsRefusal(answer.status()) && call.method != "SubmitSignal") {
      ++tally_.refused_when_settled;
    } else {
      Wrong(call, answer.status(), "asked again after the kill");
    }
  }
}

void UnaryWorker::Run(int cycle, Clients& clients, Kill& kill) {
  for (int step = 0;; ++step) {
    const std::optional<Call> call = Next(At(cycle, step), clients, kill);
    if (!call.has_value()) return;
    const absl::StatusOr<std::string> answer = Send(clients.As(call->caller), *call);
    if (answer.ok()) {
      shared_.ledger->Add(*call, *answer);
      ++tally_.answered;
      kill.Acknowledged();
      Done(*call, *answer);
    } else if (IsInDoubt(answer.status())) {
      ExpectKilled(kill, call->Where(), answer.status());
      in_doubt_ = *call;
      return;
    } else if (IsRefusal(answer.status())) {
      ++tally_.refused;
    } else {
      Wrong(*call, answer.status(), "under load");
      return;
    }
  }
}

std::vector<Call> UnaryWorker::TakeInDoubt() {
  std::vector<Call> calls;
  if (in_doubt_.has_value()) calls.push_back(*std::move(in_doubt_));
  in_doubt_.reset();
  return calls;
}

void UnaryWorker::Done(const Call& call, const std::string& answer) {
  if (call.method != "SubmitSignal") return;
  v1::SubmitSignalResponse response;
  if (!response.ParseFromString(answer)) throw std::logic_error("not the answer of a submission");
  open_.push_back({response.signal().name(), response.code(), call.caller});
}

std::optional<Call> UnaryWorker::Next(const Moment& moment, Clients& clients, const Kill& kill) {
  e2e::Random random = RandomAt(moment);
  const uint64_t what = random() % 100;
  if (what < kImports) return Import(moment, random);
  if (number_ == kImporter && what < kImports + kImportsInParts) return ImportParts(moment);
  while (what >= 20 && !open_.empty()) {
    const size_t hand = std::min(open_.size(), kCasesInHand);
    const auto at = open_.end() - 1 - static_cast<int64_t>(random() % hand);
    if (what < 24) {
      auto withdraw = e2e::Of<v1::WithdrawSignalRequest>(at->signal);
      if (random() % 2 == 0) withdraw.set_reason("Ze is verhuisd");
      withdraw.set_request_id(RequestIdOf(shared_.seed, moment));
      return MakeCall(moment, at->signaller, withdraw);
    }
    const auto next = NextFollowUp(clients.As("coordinator"), {at->signal, at->code}, shared_.seed,
                                   moment, random);
    if (!next.ok()) {
      if (IsInDoubt(next.status())) {
        ExpectKilled(kill, absl::StrCat("cycle ", moment.cycle, ", reading a case"), next.status());
      } else {
        ADD_FAILURE() << "seed " << shared_.seed << ", reading a case: " << next.status();
      }
      return std::nullopt;
    }
    if (next->has_value()) return **next;
    open_.erase(at);
  }
  return Submit(moment, random);
}

Call UnaryWorker::Submit(const Moment& moment, e2e::Random& random) const {
  auto request = e2e::MixedSubmission(moment.step, random);
  request.set_request_id(RequestIdOf(shared_.seed, moment));
  request.set_code_wanted(random() % kByCodeOneIn == 0);
  if (random() % 8 == 0) {
    // A welfare organisation that made contact, or tried to, before it signalled.
    v1::ContactAttempt* attempt = request.mutable_first_attempt();
    attempt->set_with(v1::CONTACT_WITH_PERSON);
    attempt->set_channel(v1::CONTACT_CHANNEL_VISIT);
    attempt->set_result(random() % 2 == 0 ? v1::CONTACT_RESULT_REACHED
                                          : v1::CONTACT_RESULT_NOT_AT_HOME);
    attempt->set_note("belde aan");
    return MakeCall(moment, "region", request);
  }
  return MakeCall(moment, random() % 3 == 0 ? "saxion" : "jumbo", request);
}

// Each text another, by its last line: a catalogue is replaced as a whole whatever is in it.
Call UnaryWorker::Import(const Moment& moment, e2e::Random& random) const {
  const bool large = random() % 4 == 0;
  auto request = e2e::Of<v1::ImportCatalogRequest>(large ? e2e::kDeventer : e2e::kVoorbeeldstad);
  request.set_yaml(absl::StrCat(large ? shared_.deventer : shared_.voorbeeldstad, "\n# ",
                                moment.cycle, "-", moment.worker, "-", moment.step, "\n"));
  request.set_request_id(RequestIdOf(shared_.seed, moment));
  return MakeCall(moment, large ? "steward" : "v-steward", request);
}

Call UnaryWorker::ImportParts(const Moment& moment) const {
  auto request = e2e::Of<v1::ImportCatalogRequest>(e2e::kVoorbeeldstad);
  *request.mutable_catalog() = shared_.in_parts;
  // Each another.
  auto& offers = *request.mutable_catalog()->mutable_offers();
  offers[offers.size() - 1].set_display_name(
      absl::StrCat(moment.cycle, "-", moment.worker, "-", moment.step));
  request.set_request_id(RequestIdOf(shared_.seed, moment));
  return MakePartsCall(moment, "v-steward", request);
}

int StreamWorker::in_doubt() const {
  const absl::MutexLock lock(&mutex_);
  return static_cast<int>(unanswered_.size());
}

std::vector<Call> StreamWorker::TakeInDoubt() {
  const absl::MutexLock lock(&mutex_);
  std::vector<Call> calls;
  for (auto& [step, call] : unanswered_) calls.push_back(std::move(call));
  unanswered_.clear();
  return calls;
}

void StreamWorker::Run(int cycle, Clients& clients, Kill& kill) {
  // Steps are counted in submissions; no burst has more.
  for (int step = 0; RunBurst(At(cycle, step), clients, kill); step += kBurstMax) {
  }
}

bool StreamWorker::RunBurst(const Moment& moment, Clients& clients, Kill& kill) {
  e2e::Random random = RandomAt(moment);
  client::StreamOptions options;
  options.max_attempts = 1;
  client::SubmitStream stream(
      clients.As("jumbo"), options,
      [&](int64_t step, const absl::StatusOr<v1::SubmitSignalResponse>& answer) {
        Answered(step, answer, kill);
      });
  const int burst = 1 + static_cast<int>(random() % kBurstMax);
  for (int i = 0; i < burst; ++i) {
    const Moment at = At(moment.cycle, moment.step + i);
    auto request = e2e::MixedSubmission(at.step, random);
    request.set_request_id(RequestIdOf(shared_.seed, at));
    {
      const absl::MutexLock lock(&mutex_);
      unanswered_.emplace(at.step, MakeCall(at, "jumbo", request));
    }
    // It keeps what it can't send; what was never sent is in doubt like the rest.
    if (!stream.Send(at.step, request).ok()) break;
  }
  const absl::Status ended = stream.Finish();
  if (ended.ok() && in_doubt() == 0) return true;
  ExpectKilled(kill, absl::StrCat("cycle ", moment.cycle, ", the stream"), ended);
  return false;
}

void StreamWorker::Answered(int64_t step, const absl::StatusOr<v1::SubmitSignalResponse>& answer,
                            Kill& kill) {
  Call call;
  {
    const absl::MutexLock lock(&mutex_);
    call = unanswered_.at(step);
    // A stop tells that it wasn't done: it is asked for again all the same.
    if (!answer.ok() && IsInDoubt(answer.status())) {
      ExpectKilled(kill, call.Where(), answer.status());
      return;
    }
    unanswered_.erase(step);
  }
  if (!answer.ok()) {
    Wrong(call, answer.status(), "over the stream");
    return;
  }
  shared_.ledger->Add(call, answer->SerializeAsString());
  ++tally_.answered;
  kill.Acknowledged();
}

}  // namespace omzien::crash
