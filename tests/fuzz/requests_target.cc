#include <google/protobuf/util/message_differencer.h>

#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "omzien/v1/follow_up_service.pb.h"
#include "server/domain/catalogue_check.h"
#include "server/domain/errors.h"
#include "server/domain/names.h"
#include "server/domain/privacy.h"
#include "server/domain/submission_rules.h"
#include "server/domain/validation.h"
#include "tests/fuzz/fuzz.h"
#include "tests/server/commit/world.h"

namespace omzien::fuzz {
namespace {

using commit::testing::kGM;
using commit::testing::World;
using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;

constexpr char kCanary[] = "zqkanari";
constexpr size_t kMostSteps = 8;
// Executions after which a world is made anew: it keeps all that was taken.
constexpr int kWorldLasts = 500;

// The kinds of request, in the order of a step's first byte.
const std::vector<const Message*>& Kinds() {
  static const auto* const kKinds = new std::vector<const Message*>{
      &v1::SubmitSignalRequest::default_instance(),
      &v1::WithdrawSignalRequest::default_instance(),
      &v1::AcceptReferralRequest::default_instance(),
      &v1::DeclineReferralRequest::default_instance(),
      &v1::RecordContactAttemptRequest::default_instance(),
      &v1::RecordConsentRequest::default_instance(),
      &v1::PlaceReferralRequest::default_instance(),
      &v1::CompleteReferralRequest::default_instance(),
      &v1::SubmitSignalsRequest::default_instance(),
      &v1::GetSignalRequest::default_instance(),
      &v1::ListSignalsRequest::default_instance(),
      &v1::GetSignalPointRequest::default_instance(),
      &v1::ListReferralsRequest::default_instance(),
      &v1::GetReferralRequest::default_instance(),
      &v1::FindOffersRequest::default_instance(),
      &v1::ListOffersToReviewRequest::default_instance(),
      &v1::ImportCatalogRequest::default_instance(),
      &v1::ExportCatalogRequest::default_instance(),
      &v1::GetFollowUpSummaryRequest::default_instance(),
      &v1::ListOverdueReferralsRequest::default_instance(),
      &v1::GetUnmetDemandRequest::default_instance(),
      &v1::WaitlistReferralRequest::default_instance(),
      &v1::FailReferralRequest::default_instance(),
      &v1::HandOverReferralRequest::default_instance(),
      &v1::ReopenSignalRequest::default_instance(),
      &v1::AskSignallerRequest::default_instance(),
      &v1::AnswerQuestionRequest::default_instance(),
      &v1::ImportCatalogPartsRequest::default_instance(),
      &v1::RedirectSignalRequest::default_instance(),
      &v1::GetSignalStatusRequest::default_instance(),
      &v1::AnswerQuestionByCodeRequest::default_instance(),
      &v1::TakeBackReferralRequest::default_instance(),
  };
  return *kKinds;
}

std::vector<domain::FieldViolation> ViolationsOf(const Message& request, absl::Time now) {
  std::vector<domain::FieldViolation> violations;
  domain::Validate(request, &violations);
  domain::CheckRequest(request, now, domain::Today(now, absl::UTCTimeZone()), &violations);
  return violations;
}

// What holds of any request of any type.
void Rules(const Message& request, absl::Time now) {
  const auto violations = ViolationsOf(request, now);
  for (const domain::FieldViolation& violation : violations) {
    Require(!violation.field.empty() && !violation.description.empty(), "where, and why");
    Require(!absl::StrContains(absl::AsciiStrToLower(violation.description), kCanary),
            "a violation repeats no value");
  }
  RequireOurError(domain::InvalidFields(violations));
  std::unique_ptr<Message> cleared(request.New());
  cleared->CopyFrom(request);
  domain::ClearOutputOnly(cleared.get());
  Require(ViolationsOf(*cleared, now).size() == violations.size(),
          "what only the server sets isn't looked at");
}

// What identifies goes apart, and comes back.
template <class Record>
void Split(const Record& whole) {
  Record clear = whole;
  Record identifying;
  domain::ClearOutputOnly(&clear);
  const Record before = clear;
  const bool moved = domain::MoveIdentifying(&clear, &identifying);
  Require(!domain::HoldsIdentifying(clear), "the clear part holds nothing that identifies");
  Require(moved == domain::HoldsIdentifying(identifying), "moved, or not");
  clear.MergeFrom(identifying);
  Require(MessageDifferencer::Equals(clear, before), "the two parts make the whole");
}

// One input's steps, on a world that others have used before.
class Story {
 public:
  explicit Story(World& world) : world_(world) {}

  void Step(unsigned kind, const domain::Caller& caller, std::string_view bytes) {
    const Message& prototype = *Kinds()[kind % Kinds().size()];
    std::unique_ptr<Message> request(prototype.New());
    if (!request->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return;
    request->DiscardUnknownFields();  // as rpc::Parse does
    Rules(*request, world_.now());
    world_.Advance(absl::Seconds(1));
    if (auto* submit = As<v1::SubmitSignalRequest>(request.get())) {
      Split(submit->signal());
      Submit(caller, *submit);
    } else if (auto* withdraw = As<v1::WithdrawSignalRequest>(request.get())) {
      Run(caller, *withdraw, &World::Withdraw);
    } else if (auto* accept = As<v1::AcceptReferralRequest>(request.get())) {
      Run(caller, *accept, &World::Accept);
    } else if (auto* decline = As<v1::DeclineReferralRequest>(request.get())) {
      Run(caller, *decline, &World::Decline);
    } else if (auto* wait = As<v1::WaitlistReferralRequest>(request.get())) {
      Run(caller, *wait, &World::Waitlist);
    } else if (auto* fail = As<v1::FailReferralRequest>(request.get())) {
      Run(caller, *fail, &World::Fail);
    } else if (auto* hand_over = As<v1::HandOverReferralRequest>(request.get())) {
      Run(caller, *hand_over, &World::HandOver);
    } else if (auto* take_back = As<v1::TakeBackReferralRequest>(request.get())) {
      Run(caller, *take_back, &World::TakeBack);
    } else if (auto* reopen = As<v1::ReopenSignalRequest>(request.get())) {
      Run(caller, *reopen, &World::Reopen);
    } else if (auto* ask = As<v1::AskSignallerRequest>(request.get())) {
      Run(caller, *ask, &World::AskIt);
    } else if (auto* answer = As<v1::AnswerQuestionRequest>(request.get())) {
      Run(caller, *answer, &World::AnswerIt);
    } else if (auto* redirect = As<v1::RedirectSignalRequest>(request.get())) {
      Run(caller, *redirect, &World::Redirect);
    } else if (auto* attempt = As<v1::RecordContactAttemptRequest>(request.get())) {
      Split(attempt->attempt());
      Run<v1::RecordContactAttemptRequest, v1::Referral>(caller, *attempt, &World::Record);
    } else if (auto* consent = As<v1::RecordConsentRequest>(request.get())) {
      Run<v1::RecordConsentRequest, v1::Referral>(caller, *consent, &World::Record);
    } else if (auto* place = As<v1::PlaceReferralRequest>(request.get())) {
      Run(caller, *place, &World::Place);
    } else if (auto* complete = As<v1::CompleteReferralRequest>(request.get())) {
      Run(caller, *complete, &World::Complete);
    } else if (auto* import = As<v1::ImportCatalogRequest>(request.get())) {
      domain::CheckCatalogue(import->catalog());
    }
  }

 private:
  template <class Request>
  static Request* As(Message* request) {
    return request->GetDescriptor() == Request::descriptor() ? static_cast<Request*>(request)
                                                             : nullptr;
  }

  // A new id, unless the input has a good one: what has none is refused before it gets so far.
  template <class Request>
  bool GiveId(Request& request) {
    const bool its_own = domain::HasFormat(request.request_id(), v1::FIELD_FORMAT_UUID);
    if (!its_own) request.set_request_id(world_.NewId());
    return !its_own;
  }

  // "p" is the municipality's name.
  void Submit(const domain::Caller& caller, v1::SubmitSignalRequest request) {
    if (request.parent() == "p") request.set_parent(domain::MunicipalityName(kGM));
    const bool fresh = GiveId(request);
    const bool good = ViolationsOf(request, world_.now()).empty();
    const auto answer = world_.Submit(caller, request);
    Check(answer, good || !fresh);
    if (!answer.ok()) return;
    signal_ = answer->signal().name();
    Again(*answer, world_.Submit(caller, request));
  }

  // "s" is the last signal's name, "1" to "9" its referrals'.
  template <class Request, class Response>
  void Run(const domain::Caller& caller, Request request,
           absl::StatusOr<Response> (World::*method)(const domain::Caller&, Request)) {
    if (request.name() == "s") request.set_name(signal_);
    if (request.name().size() == 1 && absl::ascii_isdigit(request.name()[0]) && !signal_.empty()) {
      const auto signal = domain::ParseSignalName(signal_);
      request.set_name(
          domain::ReferralName(kGM, signal->id, static_cast<uint32_t>(request.name()[0] - '0')));
    }
    const bool fresh = GiveId(request);
    const bool good = ViolationsOf(request, world_.now()).empty();
    const auto answer = (world_.*method)(caller, request);
    Check(answer, good || !fresh);
    if (answer.ok()) Again(*answer, (world_.*method)(caller, request));
  }

  template <class Response>
  void Check(const absl::StatusOr<Response>& answer, bool may_be_good) {
    RequireOurError(answer.status());
    Require(
        !absl::StrContains(absl::AsciiStrToLower(std::string(answer.status().message())), kCanary),
        "an error repeats no value");
    if (!may_be_good) {
      Require(answer.status().code() == absl::StatusCode::kInvalidArgument,
              "what breaks a rule is refused");
    }
    if (!answer.ok()) return;
    Require(!domain::HoldsIdentifying(*answer), "no answer to a mutation identifies");
    if (signal_.empty()) return;
    const storage::v1::Case record = world_.CaseOf(signal_);
    Require(!domain::HoldsIdentifying(record.signal()), "no clear record identifies");
    for (const auto& item : record.referrals()) {
      Require(!domain::HoldsIdentifying(item.referral()), "nor does a referral");
    }
  }
  template <class Response>
  static void Again(const Response& answer, const absl::StatusOr<Response>& again) {
    Require(again.ok() && again->SerializeAsString() == answer.SerializeAsString(),
            "a retry gets the same answer");
  }

  World& world_;
  std::string signal_;
};

World& FreshWorld() {
  static std::unique_ptr<World> world;
  static int executions = 0;
  if (world == nullptr || ++executions % kWorldLasts == 0) world = std::make_unique<World>();
  return *world;
}

// A step: the kind and, in its upper three bits, who; two bytes of length; the request's bytes.
std::string StepOf(unsigned kind, unsigned who, const Message& request) {
  const std::string bytes = request.SerializeAsString();
  return std::string{static_cast<char>(kind | who << 5), static_cast<char>(bytes.size() % 256),
                     static_cast<char>(bytes.size() / 256)} +
         bytes;
}

}  // namespace

void FuzzRequests(std::string_view input) {
  static const auto* const kCallers =
      new std::vector<domain::Caller>{commit::testing::Shop(), commit::testing::Team(),
                                      commit::testing::Receiver(), commit::testing::Village()};
  Story story(FreshWorld());
  for (size_t steps = 0; steps < kMostSteps && input.size() >= 3; ++steps) {
    const auto first = static_cast<unsigned char>(input[0]);
    const size_t size = static_cast<unsigned char>(input[1]) +
                        256 * static_cast<size_t>(static_cast<unsigned char>(input[2]));
    input.remove_prefix(3);
    story.Step(first & 31, (*kCallers)[(first >> 5) % kCallers->size()], input.substr(0, size));
    input.remove_prefix(std::min(size, input.size()));
  }
}

std::vector<std::string> RequestSeeds() {
  auto submit = commit::testing::Submission();
  submit.set_parent("p");
  submit.mutable_signal()->mutable_reach()->set_person_name(kCanary);
  submit.mutable_signal()->set_own_words(kCanary);
  const std::string submitted = StepOf(0, 0, submit);
  v1::RecordContactAttemptRequest attempt;
  attempt.set_name("1");
  *attempt.mutable_attempt() = commit::testing::Attempt();
  attempt.mutable_attempt()->set_note(kCanary);
  *attempt.mutable_consent() = commit::testing::Consent();
  const std::string reached = StepOf(4, 1, attempt);
  v1::AcceptReferralRequest accept;
  accept.set_name("1");
  v1::DeclineReferralRequest decline;
  decline.set_name("2");
  decline.set_reason(v1::DECLINE_REASON_OTHER);
  decline.set_text(kCanary);
  v1::RecordConsentRequest consent;
  consent.set_name("1");
  *consent.mutable_consent() = commit::testing::Consent({"ontvanger"});
  v1::PlaceReferralRequest place;
  place.set_name("1");
  place.add_offers(commit::testing::OfferOf("bezoek"));
  place.set_departure_reason(kCanary);
  v1::CompleteReferralRequest complete;
  complete.set_name("1");
  complete.set_outcome(v1::OUTCOME_ADVICE_ONLY);
  v1::WithdrawSignalRequest withdraw;
  withdraw.set_name("s");
  v1::AcceptReferralRequest taken;
  taken.set_name("2");
  v1::WaitlistReferralRequest wait;
  wait.set_name("2");
  v1::FailReferralRequest fail;
  fail.set_name("2");
  fail.set_reason(v1::FAIL_REASON_OTHER);
  fail.set_text(kCanary);
  v1::HandOverReferralRequest hand_over;
  hand_over.set_name("2");
  hand_over.set_offer(commit::testing::OfferOf("maatje"));
  hand_over.set_note(kCanary);
  v1::TakeBackReferralRequest take_back;
  take_back.set_name("2");
  take_back.set_reason(kCanary);
  v1::ReopenSignalRequest reopen;
  reopen.set_name("s");
  reopen.set_reason(kCanary);
  v1::AskSignallerRequest ask;
  ask.set_name("1");
  ask.set_text(kCanary);
  v1::AnswerQuestionRequest answer;
  answer.set_name("s");
  answer.set_text(kCanary);
  answer.mutable_place()->set_words(kCanary);
  v1::RedirectSignalRequest redirect;
  redirect.set_name("s");
  redirect.set_taken_over_by(kCanary);
  constexpr unsigned kWaitlist = 20;  // its place among the kinds; the others follow
  const std::string placed = submitted + reached + StepOf(6, 1, place);
  auto direct = submit;
  *direct.mutable_signal()->mutable_consent() = commit::testing::Consent();
  std::vector<std::string> seeds = {
      submitted,
      submitted + StepOf(1, 0, withdraw),
      submitted + StepOf(2, 1, accept),
      submitted + reached + StepOf(5, 1, consent),
      submitted + reached + StepOf(7, 1, complete),
      placed,
      placed + StepOf(3, 2, decline),
      StepOf(0, 0, direct) + StepOf(2, 2, accept),
      placed + StepOf(2, 2, taken) + StepOf(kWaitlist, 2, wait) + StepOf(kWaitlist + 1, 2, fail),
      placed + StepOf(kWaitlist + 10, 1, take_back),
      placed + StepOf(kWaitlist + 2, 2, hand_over),
      submitted + reached + StepOf(7, 1, complete) + StepOf(kWaitlist + 3, 3, reopen),
      submitted + StepOf(kWaitlist + 4, 1, ask) + StepOf(kWaitlist + 5, 0, answer),
      submitted + StepOf(kWaitlist + 7, 3, redirect),
  };
  for (unsigned kind = 8; kind < Kinds().size(); ++kind) {
    // Only its place is set: the rest is the fuzzer's to find.
    seeds.push_back(StepOf(kind, 0, *Kinds()[kind]) + submitted);
  }
  return seeds;
}

}  // namespace omzien::fuzz
