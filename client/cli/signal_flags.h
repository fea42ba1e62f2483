// A signal and a consent from what someone typed: as flags of `signal submit`, or as a row of an
// import.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cli/names.h"
#include "client/cpp/errors.h"
#include "omzien/v1/signal_service.pb.h"

namespace omzien::cli {

// How the person gets about, and so on.
struct CircumstancesFlags {
  std::string mobility;
  std::string digital_skill;
  std::string budget;
  std::vector<std::string> funding;

  bool empty() const {
    return mobility.empty() && digital_skill.empty() && budget.empty() && funding.empty();
  }
};

struct SignalFlags : CircumstancesFlags {
  std::vector<std::string> place;
  std::string words;
  std::string name;
  std::string phone;
  std::string address;
  std::string email;
  std::string meet;
  bool through_signaller = false;
  std::string signaller_contact;
  std::string need;
  std::string age;
  std::vector<std::string> groups;
  std::string language;
  std::string household;
  std::string support;
  std::string support_organisation;
  std::vector<std::string> life_events;
  std::string preferred_time;
  std::string reference;
  std::string observed_on;
  std::string kind;
  std::string relation;
  std::string knows;
  std::string organisation;
  bool wmo_possible = false;
};

// A consent: given when `by_whom` is.
struct ConsentFlags {
  std::string by_whom;
  std::vector<std::string> to_whom;
  std::vector<std::string> what;
  std::string when;
};

// The signal, without consent. Everything that is wrong is in `violations`, under the flag's name
// without dashes ("place", "age"), in `lang`; the signal then lacks it.
v1::Signal BuildSignal(const SignalFlags& flags, const Names& names, Lang lang,
                       std::vector<client::Violation>& violations);

// The consent, likewise ("consent_by", "consent_what"); without a time if none was typed.
v1::Consent BuildConsent(const ConsentFlags& flags, const Names& names, Lang lang,
                         std::vector<client::Violation>& violations);

// What is wrong with any message by the limits that stand beside its fields in the contract: too
// many characters, too many items. Fields are named by their path: "reach.phone". Only what can be
// known without the server.
void CheckLimits(const google::protobuf::Message& message, Lang lang, const std::string& path,
                 std::vector<client::Violation>& violations);

}  // namespace omzien::cli
