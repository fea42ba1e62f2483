// `omzien referral ...`
#pragma once

#include "client/cli/flags.h"
#include "omzien/v1/referral_service.pb.h"

namespace omzien::cli {

// list, show, accept, decline, contact, consent, place, complete.
void AddReferralCommands(CLI::App& referral, Command& chosen);

// Referrals as a table, and one as a sheet with its attempts and proposals.
void PrintReferrals(const google::protobuf::RepeatedPtrField<v1::Referral>& referrals,
                    Session& session);
void PrintReferral(const v1::Referral& referral, Session& session);

}  // namespace omzien::cli
