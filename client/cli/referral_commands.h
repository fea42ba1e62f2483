// `omzien referral ...`
#pragma once

#include "client/cli/flags.h"
#include "omzien/v1/referral_service.pb.h"

namespace omzien::cli {

void AddReferralCommands(CLI::App& referral, Command& chosen);
// Of them: wait, fail, hand-over, take-back, ask.
void AddPassingOn(CLI::App& referral, Command& chosen);

// Referrals as a table, and one as a sheet with its attempts and proposals.
void PrintReferrals(const google::protobuf::RepeatedPtrField<v1::Referral>& referrals,
                    Session& session);
void PrintReferral(const v1::Referral& referral, Session& session);
inline auto Printer(Session& session) {
  return [&session](const v1::Referral& referral) { PrintReferral(referral, session); };
}

template <typename Flags>
void AddName(Added<Flags>& command) {
  command.app.add_option("name", command.flags.name, "The referral's id or full name")->required();
}

}  // namespace omzien::cli
