// The commands of the API: each makes, from an ask and its request, what the queue runs. The
// request must have passed no check yet: its violations stand in the ask.
//
// A command's answer is the serialized response of its method. Errors: the comments of the method
// in proto/omzien/v1 and of ErrorReason.

#ifndef OMZIEN_SERVER_COMMIT_COMMANDS_H_
#define OMZIEN_SERVER_COMMIT_COMMANDS_H_

#include <cstdint>
#include <memory>
#include <string>

#include "omzien/storage/v1/records.pb.h"
#include "omzien/v1/catalog_service.pb.h"
#include "omzien/v1/referral_service.pb.h"
#include "omzien/v1/signal_service.pb.h"
#include "server/commit/command.h"
#include "server/commit/mutation.h"

namespace omzien::commit {

// `request_id` must be well-formed in all of them.
std::unique_ptr<Command> SubmitSignal(Ask ask,
                                      std::shared_ptr<const v1::SubmitSignalRequest> request,
                                      const crypto::KeyedHash& hash);
std::unique_ptr<Command> WithdrawSignal(Ask ask, const v1::WithdrawSignalRequest& request);
std::unique_ptr<Command> RedirectSignal(Ask ask, const v1::RedirectSignalRequest& request);
std::unique_ptr<Command> ReopenSignal(Ask ask, const v1::ReopenSignalRequest& request);
std::unique_ptr<Command> AnswerQuestion(Ask ask, const v1::AnswerQuestionRequest& request);
// Of the case that the code is of; "" where it is none's. Answers with a SignalStatus.
std::unique_ptr<Command> AnswerQuestionByCode(Ask ask,
                                              const v1::AnswerQuestionByCodeRequest& request,
                                              std::string case_id);

std::unique_ptr<Command> AcceptReferral(Ask ask, const v1::AcceptReferralRequest& request);
std::unique_ptr<Command> WaitlistReferral(Ask ask, const v1::WaitlistReferralRequest& request);
std::unique_ptr<Command> DeclineReferral(Ask ask, const v1::DeclineReferralRequest& request);
std::unique_ptr<Command> FailReferral(Ask ask, const v1::FailReferralRequest& request);
std::unique_ptr<Command> HandOverReferral(Ask ask, const v1::HandOverReferralRequest& request);
std::unique_ptr<Command> TakeBackReferral(Ask ask, const v1::TakeBackReferralRequest& request);
std::unique_ptr<Command> RecordContactAttempt(Ask ask,
                                              const v1::RecordContactAttemptRequest& request);
std::unique_ptr<Command> RecordConsent(Ask ask, const v1::RecordConsentRequest& request);
std::unique_ptr<Command> AskSignaller(Ask ask, const v1::AskSignallerRequest& request);
std::unique_ptr<Command> PlaceReferral(Ask ask, const v1::PlaceReferralRequest& request);
std::unique_ptr<Command> CompleteReferral(Ask ask, const v1::CompleteReferralRequest& request);

// What happens by itself; asked for by jobs. Each decides again whether there is anything to do,
// and writes nothing where there isn't.
//
// A deadline that a referral should have kept has passed. A referral that nobody took up EXPIRES:
// of an offer the case is matched again, a first contact goes to the entrance team. Where nobody
// else is left to turn to, or the person wasn't reached, it is escalated and stays where it is.
std::unique_ptr<Command> PassDeadline(std::string municipality, std::string case_id,
                                      uint32_t number);
// There may be something new for a case that waits: its proposals are renewed; one that nobody
// covered gets its first-contact party.
std::unique_ptr<Command> MatchAgain(std::string municipality, std::string case_id);

// A no that was said in the case has expired: nothing finds it any more.
std::unique_ptr<Command> ClearExpiredNo(std::string municipality, std::string case_id);

// Notes that a person's details are about to be opened.
std::unique_ptr<Command> AppendAudit(std::string municipality, std::string case_id,
                                     storage::v1::AuditEntry entry);
// The same for who needs no account, and could read without end: the first time since `since` (the
// question they read) is noted.
std::unique_ptr<Command> AppendAuditOnce(std::string municipality, std::string case_id,
                                         storage::v1::AuditEntry entry, absl::Time since);

}  // namespace omzien::commit

#endif  // OMZIEN_SERVER_COMMIT_COMMANDS_H_
