#include "tests/crash/follow_up.h"

#include <stdexcept>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/cpp/request_id.h"
#include "tests/e2e/story_world.h"

namespace omzien::crash {
namespace {

using e2e::OneOf;
using e2e::Random;

// One in so many is asked whether or not the state allows it.
constexpr int kBlindOneIn = 20;
// Of the signals that have ended, one in so many.
constexpr int kReopenedOneIn = 4;
// Of the referrals that are live, the coordinator takes one in so many back.
constexpr int kTakenBackOneIn = 20;
// Of those that are followed up, one in so many is taken over by others.
constexpr int kRedirectedOneIn = 30;

enum class Step {
  kAccept,
  kWait,
  kDecline,
  kFail,
  kHandOver,
  kAsk,
  kTry,
  kReach,
  kConsent,
  kTakeBack,
  kPlace,
  kComplete
};

bool IsLive(const v1::Referral& referral) {
  return referral.state() == v1::REFERRAL_STATE_ASSIGNED ||
         referral.state() == v1::REFERRAL_STATE_ACCEPTED ||
         referral.state() == v1::REFERRAL_STATE_WAITLISTED ||
         referral.state() == v1::REFERRAL_STATE_IN_PROGRESS;
}

Step StepFor(const v1::Referral& referral, Random& random) {
  static constexpr Step kAny[] = {Step::kAccept,   Step::kWait,     Step::kDecline,
                                  Step::kFail,     Step::kHandOver, Step::kAsk,
                                  Step::kTry,      Step::kReach,    Step::kConsent,
                                  Step::kTakeBack, Step::kPlace,    Step::kComplete};
  static constexpr Step kAssigned[] = {Step::kAccept, Step::kAccept, Step::kDecline,
                                       Step::kAsk,    Step::kTry,    Step::kReach};
  static constexpr Step kAccepted[] = {Step::kTry, Step::kAsk, Step::kReach, Step::kReach,
                                       Step::kReach};
  static constexpr Step kInContact[] = {Step::kPlace,   Step::kPlace,    Step::kPlace,
                                        Step::kPlace,   Step::kComplete, Step::kConsent,
                                        Step::kConsent, Step::kTakeBack, Step::kTry};
  static constexpr Step kWaiting[] = {Step::kAccept, Step::kReach, Step::kFail, Step::kHandOver};
  static constexpr Step kTakenOffer[] = {Step::kWait,     Step::kWait,     Step::kReach,
                                         Step::kHandOver, Step::kHandOver, Step::kHandOver,
                                         Step::kFail};
  static constexpr Step kWithOffer[] = {Step::kComplete, Step::kComplete, Step::kReach,
                                        Step::kTakeBack, Step::kFail,     Step::kHandOver,
                                        Step::kHandOver, Step::kHandOver};
  const bool offer = referral.purpose() == v1::REFERRAL_PURPOSE_OFFER;
  // To place and to ask isn't a receiver's: that is no matter of state but of its role.
  const auto within_role = [offer](Step step, Step otherwise) {
    return offer && (step == Step::kPlace || step == Step::kAsk) ? otherwise : step;
  };
  if (random() % kBlindOneIn == 0) return within_role(OneOf(kAny, random), Step::kComplete);
  if (referral.state() == v1::REFERRAL_STATE_ASSIGNED) {
    return within_role(OneOf(kAssigned, random), Step::kAccept);
  }
  if (referral.state() == v1::REFERRAL_STATE_WAITLISTED) return OneOf(kWaiting, random);
  if (referral.state() == v1::REFERRAL_STATE_ACCEPTED) {
    return offer ? OneOf(kTakenOffer, random) : OneOf(kAccepted, random);
  }
  if (offer) return OneOf(kWithOffer, random);
  return OneOf(kInContact, random);
}

// Each later than the one before it in the same case: a case belongs to one worker.
std::string When(const Moment& moment, int seconds) {
  return absl::StrCat(
      "{ seconds: ",
      1'600'000'000 + int64_t{moment.cycle} * 100'000 + int64_t{moment.step} * 10 + seconds, " }");
}

std::string ConsentText(const Moment& moment, bool taken_back) {
  return absl::StrCat("by_whom: CONSENT_GIVER_PERSON when ", When(moment, 0),
                      taken_back ? absl::StrCat(" withdraw_time ", When(moment, 1)) : "");
}

v1::RecordContactAttemptRequest Attempt(const v1::Referral& referral, bool reached,
                                        const Moment& moment, Random& random) {
  static constexpr const char* kChannels[] = {"PHONE", "VISIT", "EMAIL"};
  static constexpr const char* kMisses[] = {"NO_ANSWER", "VOICEMAIL", "RESCHEDULED"};
  static constexpr const char* kNeeds[] = {"UNKNOWN", "VISIT", "BUDDY", "ACTIVITY"};
  static constexpr const char* kNotes[] = {"note: 'Kopje koffie gedronken' worker: 'M. Verzonnen'",
                                           "note: 'Belt zelf terug'", ""};
  const bool first_contact = referral.purpose() == v1::REFERRAL_PURPOSE_FIRST_CONTACT;
  std::string text =
      absl::StrCat("with: CONTACT_WITH_PERSON channel: CONTACT_CHANNEL_", OneOf(kChannels, random),
                   " result: CONTACT_RESULT_", reached ? "REACHED" : OneOf(kMisses, random), " ",
                   OneOf(kNotes, random));
  if (reached) absl::StrAppend(&text, " need_learnt: NEED_", OneOf(kNeeds, random));
  if (reached && random() % 2 == 0) absl::StrAppend(&text, " signaller_may_know: true");
  static constexpr const char* kWishes[] = {"NO_CONTACT",  "NO_CONTACT",  "CONTACT",
                                            "UNSPECIFIED", "UNSPECIFIED", "UNSPECIFIED"};
  if (reached) absl::StrAppend(&text, " contact_wish: CONTACT_WISH_", OneOf(kWishes, random));
  // Only the first-contact party records that consent was given.
  const bool agreed = reached && first_contact && random() % 3 == 0;
  return e2e::Attempt(referral.name(), text, agreed ? ConsentText(moment, false) : "");
}

v1::RecordConsentRequest Consent(const v1::Referral& referral, bool taken_back,
                                 const Moment& moment) {
  auto request = e2e::Of<v1::RecordConsentRequest>(referral.name());
  *request.mutable_consent() = e2e::Proto<v1::Consent>(ConsentText(moment, taken_back));
  return request;
}

v1::PlaceReferralRequest Place(const v1::Referral& referral, const Moment& moment, Random& random) {
  auto request = e2e::Of<v1::PlaceReferralRequest>(referral.name());
  const int proposals = referral.proposals_size();
  if (proposals == 0) request.add_offers(e2e::OfferName("buurtgeluk"));
  if (proposals > 0) request.add_offers(referral.proposals(0).offer());
  if (proposals > 1 && random() % 3 == 0) request.add_offers(referral.proposals(1).offer());
  request.set_departure_reason("Daar kent men haar al");
  *request.mutable_consent() = e2e::Proto<v1::Consent>(ConsentText(moment, false));
  return request;
}

v1::DeclineReferralRequest Decline(const v1::Referral& referral, Random& random) {
  auto request = e2e::Of<v1::DeclineReferralRequest>(referral.name());
  const bool other = random() % 2 == 0;
  request.set_reason(other ? v1::DECLINE_REASON_OTHER : v1::DECLINE_REASON_NO_CAPACITY);
  if (other) request.set_text("Verhuizing van ons pand");
  return request;
}

v1::FailReferralRequest Fail(const v1::Referral& referral, Random& random) {
  auto request = e2e::Of<v1::FailReferralRequest>(referral.name());
  const bool other = random() % 2 == 0;
  request.set_reason(other ? v1::FAIL_REASON_OTHER : v1::FAIL_REASON_NO_CAPACITY);
  if (other) request.set_text("Vrijwilliger is verhuisd");
  return request;
}

// To what matching proposes, where it does: most others don't fit.
v1::HandOverReferralRequest HandOver(const v1::Signal& signal, const v1::Referral& referral,
                                     Random& random) {
  static constexpr const char* kOffers[] = {"buurtgeluk", "buur-en-zo", "maatjesactiviteiten",
                                            "deventer-belt", "compaan"};
  auto request = e2e::Of<v1::HandOverReferralRequest>(referral.name());
  request.set_offer(signal.proposals().empty() || random() % 4 == 0
                        ? e2e::OfferName(OneOf(kOffers, random))
                        : signal.proposals(0).offer());
  request.set_introduce(random() % 2 == 0);
  if (random() % 2 == 0) request.set_note("Houdt van schaken");
  return request;
}

v1::AskSignallerRequest AskSignaller(const v1::Referral& referral, Random& random) {
  auto request = e2e::Of<v1::AskSignallerRequest>(referral.name());
  request.set_text(random() % 2 == 0 ? "In welke straat woont ze?" : "Wanneer komt hij langs?");
  return request;
}

// `Request` is AnswerQuestionRequest or AnswerQuestionByCodeRequest.
template <class Request>
Request AnswerTo(const std::string& asked, Random& random) {
  auto request = e2e::Of<Request>(asked);
  request.set_text(random() % 2 == 0 ? "Boven de bakker" : "Meestal op donderdag");
  if (random() % 2 == 0) request.mutable_reach()->set_address("Verzonnenstraat 12");
  if (random() % 3 == 0) request.mutable_place()->set_words("Bathmen");
  return request;
}

v1::CompleteReferralRequest Complete(const v1::Referral& referral, Random& random) {
  static constexpr v1::Outcome kOutcomes[] = {v1::OUTCOME_CONNECTED, v1::OUTCOME_ADVICE_ONLY,
                                              v1::OUTCOME_MOVED, v1::OUTCOME_UNREACHABLE};
  auto request = e2e::Of<v1::CompleteReferralRequest>(referral.name());
  request.set_outcome(referral.has_contact_time() ? kOutcomes[random() % 3]
                                                  : OneOf(kOutcomes, random));
  if (random() % 2 == 0) request.set_note("Afgesloten met een bos bloemen");
  return request;
}

// By the code where one was given: the signaller has no account then.
Call Answer(const v1::Signal& seen, const Known& known, uint64_t seed, const Moment& moment,
            Random& random) {
  if (!known.code.empty()) {
    auto answer = AnswerTo<v1::AnswerQuestionByCodeRequest>(e2e::kDeventer, random);
    answer.set_code(known.code);
    answer.set_request_id(RequestIdOf(seed, moment));
    return MakeCall(moment, kAnyone, answer);
  }
  auto answer = AnswerTo<v1::AnswerQuestionRequest>(known.signal, random);
  answer.set_request_id(RequestIdOf(seed, moment));
  const bool saxion = absl::EndsWith(seen.organisation(), "/saxion");
  const bool raster = absl::EndsWith(seen.organisation(), "/raster");
  return MakeCall(moment, raster ? "region" : saxion ? "saxion" : "jumbo", answer);
}

class Drawer {
 public:
  Drawer(const v1::Signal& signal, const v1::Referral& referral, uint64_t seed,
         const Moment& moment)
      : signal_(signal),
        referral_(referral),
        moment_(moment),
        request_id_(RequestIdOf(seed, moment)),
        caller_(CallerOf(referral.organisation().substr(referral.organisation().rfind('/') + 1))) {}

  Call Draw(Random& random) const {
    switch (StepFor(referral_, random)) {
      case Step::kAccept:
        return Ready(e2e::Of<v1::AcceptReferralRequest>(referral_.name()));
      case Step::kWait:
        return Ready(e2e::Of<v1::WaitlistReferralRequest>(referral_.name()));
      case Step::kDecline:
        return Ready(Decline(referral_, random));
      case Step::kFail:
        return Ready(Fail(referral_, random));
      case Step::kHandOver:
        return Ready(HandOver(signal_, referral_, random));
      case Step::kAsk:
        // Once: that a case holds only so many questions is no matter of state.
        if (signal_.has_question()) return Ready(Attempt(referral_, false, moment_, random));
        return Ready(AskSignaller(referral_, random));
      case Step::kTry:
        return Ready(Attempt(referral_, false, moment_, random));
      case Step::kReach:
        return Ready(Attempt(referral_, true, moment_, random));
      case Step::kConsent:
        // Of an offer's organisation that is no matter of state but of right.
        return Ready(
            Consent(referral_, referral_.purpose() == v1::REFERRAL_PURPOSE_OFFER, moment_));
      case Step::kTakeBack:
        return Ready(Consent(referral_, true, moment_));
      case Step::kPlace:
        return Ready(Place(referral_, moment_, random));
      case Step::kComplete:
        return Ready(Complete(referral_, random));
    }
    throw std::logic_error("no such step");
  }

 private:
  template <class Request>
  Call Ready(Request request) const {
    request.set_request_id(request_id_);
    return MakeCall(moment_, caller_, request);
  }

  const v1::Signal& signal_;
  const v1::Referral& referral_;
  const Moment moment_;
  const std::string request_id_;
  const std::string caller_;
};

}  // namespace

std::string CallerOf(const std::string& organisation_id) {
  return absl::StrCat("at-", organisation_id);
}

std::string RequestIdOf(uint64_t seed, const Moment& moment) {
  return client::RequestIdFor(
      absl::StrCat(seed, "/", moment.cycle, "/", moment.worker, "/", moment.step));
}

absl::StatusOr<std::optional<Call>> NextFollowUp(client::Client& coordinator, const Known& known,
                                                 uint64_t seed, const Moment& moment,
                                                 Random& random) {
  const std::string& signal = known.signal;
  const auto seen = coordinator.GetSignal(e2e::Of<v1::GetSignalRequest>(signal));
  if (!seen.ok()) return seen.status();
  if (seen->question_waits() && random() % 2 == 0) {
    return Answer(*seen, known, seed, moment, random);
  }
  if (random() % kRedirectedOneIn == 0) {
    auto redirect = e2e::Of<v1::RedirectSignalRequest>(signal);
    redirect.set_taken_over_by("Crisisdienst");
    redirect.set_wmo_report(v1::WMO_REPORT_NOT_MADE);
    redirect.set_request_id(RequestIdOf(seed, moment));
    return MakeCall(moment, "coordinator", redirect);
  }
  // The newest that is live; where several are, an older one has its turn when that has ended.
  for (int i = seen->referrals_size(); i-- > 0;) {
    const auto referral =
        coordinator.GetReferral(e2e::Of<v1::GetReferralRequest>(seen->referrals(i)));
    if (!referral.ok()) return referral.status();
    if (IsLive(*referral) && random() % kTakenBackOneIn == 0) {
      auto take_back = e2e::Of<v1::TakeBackReferralRequest>(referral->name());
      take_back.set_reason("Al drie weken geen antwoord");
      take_back.set_request_id(RequestIdOf(seed, moment));
      return MakeCall(moment, "coordinator", take_back);
    }
    if (IsLive(*referral)) return Drawer(*seen, *referral, seed, moment).Draw(random);
  }
  if (random() % kReopenedOneIn != 0) return std::optional<Call>();
  auto reopen = e2e::Of<v1::ReopenSignalRequest>(signal);
  reopen.set_reason("Weer alleen sinds de zomer");
  reopen.set_request_id(RequestIdOf(seed, moment));
  return MakeCall(moment, "coordinator", reopen);
}

}  // namespace omzien::crash
