#include "server/domain/submission_rules.h"

#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "omzien/v1/catalog_service.pb.h"
#include "omzien/v1/follow_up_service.pb.h"
#include "omzien/v1/referral_service.pb.h"
#include "omzien/v1/signal_service.pb.h"
#include "server/domain/times.h"
#include "server/domain/validation.h"

namespace omzien::domain {
namespace {

bool IsBlank(const std::string& text) { return absl::StripAsciiWhitespace(text).empty(); }

absl::CivilDay DayOf(const google::type::Date& date) {
  return absl::CivilDay(date.year(), date.month(), date.day());
}

// Collects violations below a path such as "submission.signal".
class RequestChecker {
 public:
  RequestChecker(absl::Time now, absl::CivilDay today, std::vector<FieldViolation>* violations)
      : now_(now), today_(today), violations_(*violations) {}

  void Submission(const v1::SubmitSignalRequest& request, const std::string& prefix) {
    if (!request.has_signal()) return;
    const v1::Signal& signal = request.signal();
    const std::string path = prefix + "signal";
    if (signal.has_observed_on() && DayOf(signal.observed_on()) > today_) {
      Report(path + ".observed_on", "must not be in the future");
    }
    if (signal.has_consent()) {
      FreshConsent(signal.consent(), path + ".consent");
      // Who gave consent was asked, and so knows of the signal.
      if (signal.consent().by_whom() == v1::CONSENT_GIVER_PERSON &&
          signal.person_knows() == v1::PERSON_KNOWS_NO) {
        Report(path + ".person_knows", "can't be NO with a consent given by the person");
      }
    }
    if (signal.wmo_report() != v1::WMO_REPORT_UNSPECIFIED &&
        signal.wmo_report() != v1::WMO_REPORT_POSSIBLE) {
      Report(path + ".wmo_report", "is POSSIBLE at most: who makes contact decides");
    }
    if (signal.has_reach()) Reach(signal.reach(), path + ".reach");
    if (signal.has_place()) Place(signal.place(), path + ".place");
    if (request.has_first_attempt()) {
      FirstAttempt(request.first_attempt(), prefix + "first_attempt");
    }
  }

  // A name alone is no way to find someone.
  void Reach(const v1::Reach& reach, const std::string& path) {
    if (IsBlank(reach.phone()) && IsBlank(reach.address()) && IsBlank(reach.email()) &&
        IsBlank(reach.place_and_time()) && !reach.through_signaller()) {
      Report(path, "needs a phone, an address, an email, a place and time, or the signaller");
    }
  }

  void Place(const v1::Place& place, const std::string& path) {
    if (place.district().empty() && place.postcode().empty() && IsBlank(place.words()) &&
        !place.unknown()) {
      Report(path, "needs a district, a postcode, words, or unknown");
    }
    if (place.unknown() && !place.district().empty()) {
      Report(path + ".unknown", "contradicts the district");
    }
  }

  // A consent that is given now; only RecordConsent may take one back.
  void FreshConsent(const v1::Consent& consent, const std::string& path) {
    Consent(consent, path);
    if (consent.has_withdraw_time()) {
      Report(path + ".withdraw_time", "can only be set by RecordConsent");
    }
  }

  void Consent(const v1::Consent& consent, const std::string& path) {
    if (consent.has_when()) NotInFuture(consent.when(), path + ".when");
    if (!consent.has_withdraw_time()) return;
    NotInFuture(consent.withdraw_time(), path + ".withdraw_time");
    if (consent.has_when() && TimeOf(consent.withdraw_time()) < TimeOf(consent.when())) {
      Report(path + ".withdraw_time", "must not be before the consent was given");
    }
  }

  void RecordedAttempt(const v1::RecordContactAttemptRequest& request) {
    if (!request.has_attempt()) return;
    Attempt(request.attempt(), "attempt");
    if (request.has_consent()) {
      FreshConsent(request.consent(), "consent");
      if (request.attempt().result() != v1::CONTACT_RESULT_REACHED) {
        Report("consent", "can't be given in a contact that reached nobody");
      }
    }
  }

  // One that comes with the signal, which states the place itself.
  void FirstAttempt(const v1::ContactAttempt& attempt, const std::string& path) {
    Attempt(attempt, path);
    if (!attempt.district_learnt().empty()) {
      Report(path + ".district_learnt", "isn't for a first attempt: the signal states the place");
    }
    if (attempt.moved_out_of_municipality()) {
      Report(path + ".moved_out_of_municipality", "isn't for a first attempt");
    }
    if (attempt.contact_wish() != v1::CONTACT_WISH_UNSPECIFIED) {
      Report(path + ".contact_wish", "isn't for a first attempt");
    }
  }

  void Attempt(const v1::ContactAttempt& attempt, const std::string& path) {
    const bool reached = attempt.result() == v1::CONTACT_RESULT_REACHED;
    if (attempt.has_attempt_time()) NotInFuture(attempt.attempt_time(), path + ".attempt_time");
    if (attempt.has_next_attempt_time() && TimeOf(attempt.next_attempt_time()) <= now_) {
      Report(path + ".next_attempt_time", "must be in the future");
    }
    AttemptResult(attempt, path + ".result");
    if (attempt.moved_out_of_municipality() && !attempt.district_learnt().empty()) {
      Report(path + ".moved_out_of_municipality", "contradicts the district");
    }
    const bool heard = reached || attempt.result() == v1::CONTACT_RESULT_REFUSED;
    if (attempt.contact_wish() != v1::CONTACT_WISH_UNSPECIFIED &&
        !(heard && attempt.with() == v1::CONTACT_WITH_PERSON)) {
      Report(path + ".contact_wish", "only the person can say so, when REACHED or REFUSED");
    }
    if (attempt.signaller_may_know() && !(reached && attempt.with() == v1::CONTACT_WITH_PERSON)) {
      Report(path + ".signaller_may_know", "only the person can agree to it, when reached");
    }
  }

  // Results that can't come of that channel or direction are slips of the form that was filled in.
  void AttemptResult(const v1::ContactAttempt& attempt, const std::string& path) {
    const v1::ContactResult result = attempt.result();
    const bool incoming = attempt.direction() == v1::CONTACT_DIRECTION_INCOMING;
    if (incoming &&
        (result == v1::CONTACT_RESULT_NO_ANSWER || result == v1::CONTACT_RESULT_VOICEMAIL ||
         result == v1::CONTACT_RESULT_WRONG_NUMBER || result == v1::CONTACT_RESULT_NOT_AT_HOME)) {
      Report(path, "can't be the result of an incoming contact");
    }
    // A letter that was sent reached a letter box; the answer to it is an incoming contact.
    if (!incoming && attempt.channel() == v1::CONTACT_CHANNEL_LETTER &&
        result == v1::CONTACT_RESULT_REACHED) {
      Report(path, "an outgoing letter reaches nobody until it is answered");
    }
  }

  void Placement(const v1::PlaceReferralRequest& request) {
    std::set<std::string> seen;
    for (int i = 0; i < request.offers_size(); ++i) {
      if (!seen.insert(request.offers(i)).second) {
        Report("offers[" + std::to_string(i) + "]", "names an offer twice");
      }
    }
    if (request.has_consent()) FreshConsent(request.consent(), "consent");
  }

  void Decline(const v1::DeclineReferralRequest& request) {
    if (request.reason() == v1::DECLINE_REASON_OTHER && IsBlank(request.text())) {
      Report("text", "is required with reason OTHER");
    }
  }

  void Waiting(const v1::WaitlistReferralRequest& request) {
    if (request.has_room_expected_on() && DayOf(request.room_expected_on()) < today_) {
      Report("room_expected_on", "must not be in the past");
    }
  }

  void Failure(const v1::FailReferralRequest& request) {
    if (request.reason() == v1::FAIL_REASON_OTHER && IsBlank(request.text())) {
      Report("text", "is required with reason OTHER");
    }
  }

  void HandOver(const v1::HandOverReferralRequest& request) {
    if (request.organisation().empty() && request.offer().empty()) {
      Report("organisation", "needs an organisation or an offer to hand it over to");
    } else if (!request.organisation().empty() && !request.offer().empty()) {
      Report("offer", "can't be set beside an organisation");
    }
  }

  template <class Request>
  void Answer(const Request& request) {
    if (request.has_place()) Place(request.place(), "place");
  }

  void Redirection(const v1::RedirectSignalRequest& request) {
    if (request.wmo_report() == v1::WMO_REPORT_POSSIBLE) {
      Report("wmo_report", "must be what was decided: MADE or NOT_MADE");
    }
  }

  void Completion(const v1::CompleteReferralRequest& request) {
    if (request.outcome() == v1::OUTCOME_PLACED) {
      Report("outcome", "PLACED comes of PlaceReferral only");
    }
  }

  void Period(const v1::Period& period) {
    if (!period.has_first_day() || !period.has_last_day()) return;
    const absl::civil_diff_t days = DayOf(period.last_day()) - DayOf(period.first_day()) + 1;
    if (days < 1) Report("period.last_day", "must not be before the first day");
    if (days > kPeriodDaysMax) {
      Report("period", "must not be longer than " + std::to_string(kPeriodDaysMax) + " days");
    }
  }

 private:
  void NotInFuture(const google::protobuf::Timestamp& time, const std::string& path) {
    if (TimeOf(time) > now_ + kClockSkewMax) Report(path, "must not be in the future");
  }

  void Report(std::string field, std::string description) {
    violations_.push_back({std::move(field), std::move(description)});
  }

  absl::Time now_;
  absl::CivilDay today_;
  std::vector<FieldViolation>& violations_;
};

template <typename Request>
const Request* As(const google::protobuf::Message& request) {
  return request.GetDescriptor() == Request::descriptor() ? static_cast<const Request*>(&request)
                                                          : nullptr;
}

}  // namespace

void CheckRequest(const google::protobuf::Message& request, absl::Time now, absl::CivilDay today,
                  std::vector<FieldViolation>* violations) {
  RequestChecker check(now, today, violations);
  if (const auto* submit = As<v1::SubmitSignalRequest>(request)) {
    check.Submission(*submit, "");
  } else if (const auto* bulk = As<v1::SubmitSignalsRequest>(request)) {
    check.Submission(bulk->submission(), "submission.");
    std::vector<FieldViolation> names;
    CheckMunicipality(bulk->submission(), &names);
    for (FieldViolation& name : names) {
      violations->push_back({"submission." + name.field, std::move(name.description)});
    }
  } else if (const auto* point = As<v1::GetSignalPointRequest>(request)) {
    if (point->has_place()) check.Place(point->place(), "place");
  } else if (const auto* find = As<v1::FindOffersRequest>(request)) {
    if (find->has_place()) check.Place(find->place(), "place");
  } else if (const auto* attempt = As<v1::RecordContactAttemptRequest>(request)) {
    check.RecordedAttempt(*attempt);
  } else if (const auto* consent = As<v1::RecordConsentRequest>(request)) {
    check.Consent(consent->consent(), "consent");
  } else if (const auto* place = As<v1::PlaceReferralRequest>(request)) {
    check.Placement(*place);
  } else if (const auto* decline = As<v1::DeclineReferralRequest>(request)) {
    check.Decline(*decline);
  } else if (const auto* wait = As<v1::WaitlistReferralRequest>(request)) {
    check.Waiting(*wait);
  } else if (const auto* fail = As<v1::FailReferralRequest>(request)) {
    check.Failure(*fail);
  } else if (const auto* hand_over = As<v1::HandOverReferralRequest>(request)) {
    check.HandOver(*hand_over);
  } else if (const auto* answer = As<v1::AnswerQuestionRequest>(request)) {
    check.Answer(*answer);
  } else if (const auto* redirect = As<v1::RedirectSignalRequest>(request)) {
    check.Redirection(*redirect);
  } else if (const auto* by_code = As<v1::AnswerQuestionByCodeRequest>(request)) {
    check.Answer(*by_code);
  } else if (const auto* complete = As<v1::CompleteReferralRequest>(request)) {
    check.Completion(*complete);
  } else if (const auto* summary = As<v1::GetFollowUpSummaryRequest>(request)) {
    check.Period(summary->period());
  } else if (const auto* unmet = As<v1::GetUnmetDemandRequest>(request)) {
    check.Period(unmet->period());
  }
  CheckMunicipality(request, violations);
}

}  // namespace omzien::domain
