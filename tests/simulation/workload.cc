#include "tests/simulation/workload.h"

#include <cstdio>
#include <future>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "server/domain/case_rules.h"
#include "server/domain/errors.h"
#include "server/domain/names.h"
#include "server/jobs/catalog_clearing.h"
#include "storage/keys.h"
#include "storage/rocksdb/rocksdb_engine.h"
#include "tests/server/domain/test_catalogue.h"

namespace omzien::simulation {
namespace {

using commit::Command;
using commit::testing::kGM;
namespace testing = commit::testing;

// Whether the rules may refuse `what` so, of what is asked here: the store works, the command
// doesn't fit. ALREADY_EXISTS isn't among them: a create whose work is there without its answer was
// committed by half.
bool IsRefusal(const std::string& what, const absl::Status& status) {
  if (what == "Import" || what == "ImportParts" || what == "Submit") return false;
  if (absl::IsFailedPrecondition(status)) return true;
  if (what == "Withdraw") return false;
  // There is one referral less than some ask for.
  if (absl::IsNotFound(status)) return domain::ReasonOf(status) == "REFERRAL_NOT_FOUND";
  // A consent that isn't brought by the first-contact party, or is older than one taken back.
  if (absl::IsPermissionDenied(status) || absl::IsInvalidArgument(status)) {
    return what == "Consent" || what == "Place";
  }
  return absl::IsResourceExhausted(status) && domain::ReasonOf(status) == "CASE_FULL";
}

std::string IdOf(uint64_t number) {
  char id[37];
  std::snprintf(id, sizeof(id), "00000000-0000-4000-8000-%012llx",
                static_cast<unsigned long long>(number));
  return id;
}

// With offers for groups that nobody is of: what fits stays as it is, and they take several
// commits.
v1::Catalog LargerCatalog() {
  constexpr int kOffers = 300;
  constexpr int kGroups = 3;
  v1::Catalog catalog = testing::OffersCatalog();
  for (int group = 0; group < kGroups; ++group) {
    domain::testing::AddGroup(catalog, absl::StrCat("made-", group), "niemand", "nobody");
  }
  for (int i = 0; i < kOffers; ++i) {
    domain::testing::AddOffer(catalog, absl::StrCat("made-", i),
                              {absl::StrCat("made-", i % kGroups)}, {"WK990103"});
  }
  return catalog;
}

domain::Caller HolderOf(const storage::v1::Case& record, uint32_t number) {
  const auto* item = domain::FindReferral(record, number);
  const std::string organisation = item == nullptr ? "" : item->referral().organisation();
  if (organisation == testing::Org("ontvanger")) return testing::Receiver();
  if (organisation == testing::Org("dorpsteam")) return testing::Village();
  return testing::Team();
}

template <class Request>
using Factory = std::unique_ptr<Command> (*)(commit::Ask, const Request&);

template <class Request>
Sent Sending(const std::string& what, const domain::Caller& caller, Request request,
             Factory<Request> factory) {
  return {what,
          [what, caller, request = std::move(request), factory](World& world, commit::Done done) {
            world.queue().Submit(factory(world.AskFor(caller, what, request), request),
                                 absl::InfiniteFuture(), std::move(done));
          },
          std::nullopt};
}

absl::StatusOr<std::string> Answer(World& world, const Sent& sent) {
  std::promise<absl::StatusOr<std::string>> promise;
  sent.ask(world, [&promise](absl::StatusOr<std::string> answer) {
    promise.set_value(std::move(answer));
  });
  return promise.get_future().get();
}

// Whether each acknowledged mutation has a stored answer. To be seen before anyone asks again: work
// that was lost is done once more then, and answered the same.
absl::Status CheckNoneLost(World& world, size_t acknowledged) {
  const std::string prefix = storage::keys::StoredAnswersPrefix();
  size_t stored = 0;
  for (const storage::Entry& row : world.Rows()) stored += row.key.starts_with(prefix) ? 1 : 0;
  if (stored >= acknowledged) return absl::OkStatus();
  return absl::InternalError(absl::StrCat(acknowledged, " were acknowledged, of which ",
                                          acknowledged - stored, " are lost"));
}

}  // namespace

std::unique_ptr<World> ClosedWorldOn(rocksdb::Env* env, size_t write_buffer_bytes,
                                     commit::CommitQueue::Options queue) {
  testing::WorldOptions options;
  options.catalog.Clear();
  options.opened = false;
  options.queue = std::move(queue);
  options.open_engine = [env, write_buffer_bytes](bool of_keys) {
    storage::RocksDbOptions rocks;
    rocks.directory = of_keys ? "/simulated/keys" : "/simulated/cases";
    rocks.write_buffer_bytes = write_buffer_bytes;
    rocks.block_cache_bytes = size_t{1} << 20;
    rocks.env = env;
    return storage::OpenRocksDb(rocks);
  };
  return std::make_unique<World>(std::move(options));
}

std::string Workload::NewId() { return IdOf(++ids_); }

Sent Workload::Import() {
  // Several commits, among those of what was asked before it in the same burst.
  return {"Import",
          [id = NewId()](World& world, const commit::Done& done) {
            done(world.Import(testing::OffersCatalog(), id));
          },
          std::nullopt};
}

Sent Workload::ImportParts() {
  return {"ImportParts",
          [id = NewId()](World& world, const commit::Done& done) {
            done(world.ImportParts(LargerCatalog(), id));
          },
          std::nullopt};
}

Sent Workload::Submission() {
  const char* const districts[] = {"", "WK990101", "BU99010201", "WK990102", "WK990103"};
  v1::SubmitSignalRequest request = testing::Submission(districts[Below(5)]);
  request.set_request_id(NewId());
  request.mutable_signal()->set_need(Below(2) == 0 ? v1::NEED_VISIT : v1::NEED_UNKNOWN);
  if (Below(2) == 0) request.mutable_signal()->set_age_band(v1::AGE_BAND_65_PLUS);
  if (Below(3) == 0) *request.mutable_signal()->mutable_consent() = testing::Consent();
  request.set_code_wanted(Below(3) == 0);
  // The shop is a welfare organisation here: it may have made contact itself.
  if (Below(5) == 0) {
    *request.mutable_first_attempt() =
        testing::Attempt(Below(2) == 0 ? v1::CONTACT_RESULT_REACHED : v1::CONTACT_RESULT_NO_ANSWER);
    request.mutable_first_attempt()->set_note(std::string(1 + Below(200), 'n'));
  }
  // Some come back, so that who wants no contact is found again.
  if (Below(2) == 0) {
    request.mutable_signal()->mutable_reach()->set_phone("06990000" +
                                                         std::to_string(10 + Below(10)));
  }
  // Some are large, so that logs and tables fill.
  request.mutable_signal()->set_own_words(std::string(1 + Below(400), 'w'));
  return {"Submit",
          [request](World& world, commit::Done done) {
            world.queue().Submit(world.SubmitCommand(testing::Shop(), request),
                                 absl::InfiniteFuture(), std::move(done));
          },
          std::nullopt};
}

Sent Workload::AnswerBySignaller(const std::string& signal) {
  v1::AnswerQuestionRequest request;
  request.set_name(signal);
  request.set_text(std::string(1 + Below(300), 'a'));
  request.set_request_id(NewId());
  return Sending("Answer", testing::Shop(), request, &commit::AnswerQuestion);
}

// Without an account; the handler makes the signal's id of the code.
Sent Workload::AnswerByCode(const storage::v1::Case& record) {
  v1::AnswerQuestionByCodeRequest request;
  request.set_parent(domain::MunicipalityName(kGM));
  request.set_code("0000-0000-0000-0000");
  request.set_text(std::string(1 + Below(300), 'c'));
  request.set_request_id(NewId());
  domain::Caller by_code;
  by_code.id = "code of " + record.id();
  return {"AnswerByCode",
          [request, by_code, id = record.id()](World& world, commit::Done done) {
            world.queue().Submit(commit::AnswerQuestionByCode(
                                     world.AskFor(by_code, "AnswerByCode", request), request, id),
                                 absl::InfiniteFuture(), std::move(done));
          },
          std::nullopt};
}

Sent Workload::AnyOnReferral(World& world) {
  const std::string signal = signals_[Below(signals_.size())];
  const storage::v1::Case record = world.CaseOf(signal);
  const auto number = static_cast<uint32_t>(1 + Below(record.referrals_size() + 1));
  const std::string name = domain::ReferralName(kGM, domain::LastSegment(signal), number);
  const domain::Caller caller = HolderOf(record, number);
  const auto with_id = [&](auto request) {
    request.set_name(name);
    request.set_request_id(NewId());
    return request;
  };
  switch (Below(17)) {
    case 9: {
      auto request = with_id(v1::WaitlistReferralRequest());
      return Sending("Waitlist", caller, request, &commit::WaitlistReferral);
    }
    case 10: {
      auto request = with_id(v1::FailReferralRequest());
      request.set_reason(v1::FAIL_REASON_NO_CAPACITY);
      return Sending("Fail", caller, request, &commit::FailReferral);
    }
    case 11: {
      auto request = with_id(v1::HandOverReferralRequest());
      request.set_offer(testing::OfferOf(Below(2) == 0 ? "bezoek" : "maatje"));
      request.set_note(std::string(1 + Below(300), 'o'));
      return Sending("HandOver", caller, request, &commit::HandOverReferral);
    }
    case 16: {
      auto request = with_id(v1::TakeBackReferralRequest());
      request.set_reason(std::string(1 + Below(300), 'b'));
      return Sending("TakeBack", testing::Coordinator(), request, &commit::TakeBackReferral);
    }
    case 12: {
      v1::ReopenSignalRequest request;
      request.set_name(signal);
      request.set_reason("weer alleen");
      request.set_request_id(NewId());
      return Sending("Reopen", testing::Coordinator(), request, &commit::ReopenSignal);
    }
    case 13: {
      auto request = with_id(v1::AskSignallerRequest());
      request.set_text(std::string(1 + Below(300), 'q'));
      return Sending("Ask", caller, request, &commit::AskSignaller);
    }
    case 14:
      return record.code_given() ? AnswerByCode(record) : AnswerBySignaller(signal);
    case 15: {
      v1::RedirectSignalRequest request;
      request.set_name(signal);
      request.set_taken_over_by("crisisdienst");
      if (Below(2) == 0) request.set_wmo_report(v1::WMO_REPORT_NOT_MADE);
      request.set_request_id(NewId());
      return Sending("Redirect", testing::Coordinator(), request, &commit::RedirectSignal);
    }
    case 0:
    case 1:
      return Sending("Accept", caller, with_id(v1::AcceptReferralRequest()),
                     &commit::AcceptReferral);
    case 2: {
      auto request = with_id(v1::DeclineReferralRequest());
      request.set_reason(v1::DECLINE_REASON_NO_CAPACITY);
      return Sending("Decline", caller, request, &commit::DeclineReferral);
    }
    case 3:
    case 4: {
      auto request = with_id(v1::RecordContactAttemptRequest());
      *request.mutable_attempt() = testing::Attempt(Below(2) == 0 ? v1::CONTACT_RESULT_REACHED
                                                                  : v1::CONTACT_RESULT_NO_ANSWER);
      request.mutable_attempt()->set_note(std::string(1 + Below(300), 'n'));
      if (request.attempt().result() == v1::CONTACT_RESULT_REACHED) {
        request.mutable_attempt()->set_contact_wish(static_cast<v1::ContactWish>(Below(3)));
      }
      return Sending("Attempt", caller, request, &commit::RecordContactAttempt);
    }
    case 5: {
      auto request = with_id(v1::RecordConsentRequest());
      *request.mutable_consent() = testing::Consent();
      if (Below(3) == 0) {
        request.mutable_consent()->mutable_withdraw_time()->set_seconds(1'794'500'000);
      }
      return Sending("Consent", caller, request, &commit::RecordConsent);
    }
    case 6:
    case 7: {
      auto request = with_id(v1::PlaceReferralRequest());
      request.add_offers(testing::OfferOf(Below(2) == 0 ? "bezoek" : "maatje"));
      request.set_departure_reason("omdat");
      *request.mutable_consent() = testing::Consent();
      return Sending("Place", caller, request, &commit::PlaceReferral);
    }
    default: {
      auto request = with_id(v1::CompleteReferralRequest());
      request.set_outcome(v1::OUTCOME_ADVICE_ONLY);
      return Sending("Complete", caller, request, &commit::CompleteReferral);
    }
  }
}

Sent Workload::AnyCommand(World& world) {
  if (!imported_ || Below(200) == 0) return Below(4) == 0 ? ImportParts() : Import();
  if (signals_.empty() || Below(3) == 0) return Submission();
  if (Below(15) > 0) return AnyOnReferral(world);
  v1::WithdrawSignalRequest request;
  request.set_name(signals_[Below(signals_.size())]);
  request.set_request_id(NewId());
  return Sending("Withdraw", testing::Shop(), request, &commit::WithdrawSignal);
}

absl::Status Workload::Burst(World& world) {
  std::vector<Sent> burst;
  for (uint64_t i = imported_ ? 1 + Below(8) : 1; i > 0; --i) burst.push_back(AnyCommand(world));
  std::vector<absl::StatusOr<std::string>> answers(burst.size(), absl::UnknownError("unanswered"));
  absl::BlockingCounter waiting(static_cast<int>(burst.size()));
  for (size_t i = 0; i < burst.size(); ++i) {
    burst[i].ask(world, [&, i](const auto& answer) {
      answers[i] = answer;
      waiting.DecrementCount();
    });
  }
  waiting.Wait();
  absl::Status taken;
  for (size_t i = 0; i < burst.size(); ++i) {
    if (answers[i].ok()) {
      ++acknowledged_[burst[i].what];
      imported_ = true;
      if (burst[i].what == "Submit") {
        v1::SubmitSignalResponse response;
        response.ParseFromString(*answers[i]);
        signals_.push_back(response.signal().name());
      }
      burst[i].answer = *std::move(answers[i]);
    } else if (IsRefusal(burst[i].what, answers[i].status())) {
      continue;
    } else if (taken.ok() || absl::IsUnavailable(taken)) {
      taken = absl::Status(answers[i].status().code(),
                           absl::StrCat(burst[i].what, ": ", answers[i].status().message()));
    }
    recent_.push_back(std::move(burst[i]));
  }
  return taken;
}

std::vector<std::string> Workload::Settle(World& world) {
  constexpr size_t kEarlierKept = 40;
  // What the cut left of an import must not stand in the way of anything; half of the time it is
  // cleared first.
  if (Below(2) == 0) {
    jobs::CatalogClearing clearing(&world.cases(), &world.queue(), &world.imports(), world.clock());
    clearing.Sweep().IgnoreError();
  }
  std::vector<std::string> problems;
  size_t acknowledged = 0;
  for (const auto& [what, times] : acknowledged_) acknowledged += times;
  if (absl::Status lost = CheckNoneLost(world, acknowledged); !lost.ok()) {
    problems.emplace_back(lost.message());
  }
  for (Sent& sent : earlier_) recent_.push_back(std::move(sent));
  earlier_.clear();
  for (Sent& sent : recent_) {
    absl::StatusOr<std::string> answer = Answer(world, sent);
    if (sent.answer.has_value() && (!answer.ok() || *answer != *sent.answer)) {
      problems.push_back(absl::StrCat(sent.what, " was acknowledged and is now answered ",
                                      answer.ok() ? "otherwise" : answer.status().ToString()));
    } else if (!answer.ok() && !IsRefusal(sent.what, answer.status())) {
      problems.push_back(absl::StrCat(sent.what, " in doubt: ", answer.status().ToString()));
    } else if (answer.ok() && !sent.answer.has_value()) {
      imported_ = true;
      ++acknowledged_[sent.what];
      sent.answer = *std::move(answer);
    }
    if (!sent.answer.has_value()) continue;
    if (earlier_.size() < kEarlierKept) {
      earlier_.push_back(std::move(sent));
    } else if (Below(4) == 0) {
      earlier_[Below(kEarlierKept)] = std::move(sent);
    }
  }
  recent_.clear();
  return problems;
}

absl::StatusOr<std::string> Script::Do(World& world, const std::string& what,
                                       std::unique_ptr<Command> command) {
  return Check(what, world.Run(std::move(command)));
}

absl::StatusOr<std::string> Script::Check(const std::string& what,
                                          absl::StatusOr<std::string> answer) {
  if (!answer.ok()) {
    if (absl::IsUnavailable(answer.status())) return answer;
    return absl::InternalError(absl::StrCat(what, ": ", answer.status().ToString()));
  }
  const auto [known, first] = answers_.try_emplace(what, *answer);
  if (!first && known->second != *answer) {
    return absl::InternalError(absl::StrCat(what, " is answered otherwise than before"));
  }
  return answer;
}

absl::Status Script::Run(World& world) {
  if (absl::Status lost = CheckNoneLost(world, answers_.size()); !lost.ok()) return lost;
  auto imported = Check("import", world.Import(testing::OffersCatalog(), IdOf(1)));
  if (!imported.ok()) return imported.status();
  v1::SubmitSignalRequest submission = testing::Submission("WK990102");
  submission.mutable_signal()->set_age_band(v1::AGE_BAND_65_PLUS);
  submission.mutable_signal()->set_need(v1::NEED_VISIT);
  submission.set_request_id(IdOf(2));
  auto submitted = Do(world, "submit", world.SubmitCommand(testing::Shop(), submission));
  if (!submitted.ok()) return submitted.status();
  v1::SubmitSignalResponse response;
  response.ParseFromString(*submitted);
  const std::string case_id(domain::LastSegment(response.signal().name()));

  uint64_t ids = 2;
  const auto step = [&](const std::string& what, const domain::Caller& caller, uint32_t number,
                        auto request, auto factory) -> absl::Status {
    request.set_name(domain::ReferralName(kGM, case_id, number));
    request.set_request_id(IdOf(++ids));
    return Do(world, what, factory(world.AskFor(caller, what, request), request)).status();
  };
  v1::RecordContactAttemptRequest reached;
  *reached.mutable_attempt() = testing::Attempt();
  reached.mutable_attempt()->set_note("een goed gesprek");
  *reached.mutable_consent() = testing::Consent();
  v1::PlaceReferralRequest placing;
  placing.add_offers(testing::OfferOf("dorpskoffie"));
  v1::RecordContactAttemptRequest visited;
  *visited.mutable_attempt() = testing::Attempt();
  v1::CompleteReferralRequest completing;
  completing.set_outcome(v1::OUTCOME_CONNECTED);
  const domain::Caller team = testing::Team(), village = testing::Village();
  absl::Status status =
      step("accept", team, 1, v1::AcceptReferralRequest(), &commit::AcceptReferral);
  if (status.ok()) status = step("contact", team, 1, reached, &commit::RecordContactAttempt);
  if (status.ok()) status = step("place", team, 1, placing, &commit::PlaceReferral);
  if (status.ok()) {
    status = step("pick up", village, 2, v1::AcceptReferralRequest(), &commit::AcceptReferral);
  }
  if (status.ok()) status = step("visit", village, 2, visited, &commit::RecordContactAttempt);
  if (status.ok()) status = step("complete", village, 2, completing, &commit::CompleteReferral);
  return status;
}

}  // namespace omzien::simulation
