// One row as it happens: a catalogue, persons with the signals about them, what was done last and
// what came of it. Steps (steps.h) act on it.

#ifndef OMZIEN_TESTS_SCENARIOS_SCENARIO_H_
#define OMZIEN_TESTS_SCENARIOS_SCENARIO_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/cpp/client.h"
#include "omzien/v1/catalog.pb.h"
#include "omzien/v1/catalog_service.pb.h"
#include "omzien/v1/referral_service.pb.h"
#include "omzien/v1/signal_service.pb.h"
#include "tests/scenarios/world.h"

namespace omzien::scenarios {

// A step that can't be done, or that found something else than it says.
class StepFailed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Someone about whom there is, or may be, a signal.
struct Person {
  v1::Signal draft;                                 // what will be submitted, or asked about
  std::optional<v1::ContactAttempt> first_attempt;  // by whoever signals
  bool wants_code = false;
  std::string request_id;
  std::string signalled_by;  // organisation
  std::optional<v1::SubmitSignalResponse> answer;
  std::vector<std::string> references;  // of all that was submitted, oldest first
  std::string read_etag;                // of the referral that someone read
  std::optional<v1::FindOffersResponse> found;
  std::optional<v1::SignalPoint> point;
};

// Something that is done to the server, ready to be done. Calling it touches no other scenario
// state than its own results.
using Deed = std::function<absl::Status()>;

class Scenario {
 public:
  // In municipality `number` of the world, whose catalogue isn't imported yet.
  Scenario(World* world, int number);

  World& world() { return world_; }
  client::Client& Coordinator() { return world_.As("coordinator"); }

  // --- names ---
  // Rows name districts by the codes that the catalogue has in deploy/; here they have this row's.
  std::string Local(absl::string_view text) const;
  // And back, without the path before it: "municipalities/GM7003/districts/WK700315" is "WK015015".
  std::string Id(absl::string_view name) const;
  const std::string& parent() const { return parent_; }
  std::string Name(absl::string_view collection, absl::string_view id) const;

  // --- the catalogue ---
  // Begins with Voorbeeldstad's instead of Deventer's.
  void UseVoorbeeldstad();
  // To change it: it is imported before the next thing is done.
  v1::Catalog& catalogue();
  v1::ImportCatalogRequest& import() { return import_; }
  // A message from YAML as it stands in a catalogue, with "today" and "today+3" as days and
  // districts as in deploy/. `yaml` may leave out the braces around it.
  template <class Message>
  Message FromYaml(const std::string& yaml) const {
    Message message;
    ReadYaml(yaml, &message);
    return message;
  }

  // --- persons ---
  // Whom steps are about: "" unless the row names someone.
  void TurnTo(const std::string& name) { turned_to_ = name; }
  Person& person();
  std::map<std::string, Person>& persons() { return persons_; }

  // --- what was done ---
  // Imports the catalogue if it was changed.
  void Import();
  // Does it. What was done before must have gone well.
  void Do(const Deed& deed);
  // Does both at once.
  void DoBoth(const Deed& one, const Deed& other, std::vector<absl::Status>* came_of_it);
  // What came of the last deed. Looking at it makes a failure an expected one.
  const absl::Status& Looked();
  // Throws when the last deed failed and nobody looked at that.
  void MustHaveGoneWell() const;
  std::vector<absl::Status>& both() { return both_; }
  // The referral that both wanted.
  uint32_t& contested() { return contested_; }
  // For deeds: the etag that they are to send; empty for none.
  std::string& etag() { return etag_; }

  // --- what the server has of the person, as the coordinator sees it ---
  std::string SignalName();
  v1::Signal Signal();
  v1::Referral Referral(uint32_t number);
  // A referral of the organisation: the last live one, else the last one, else the last of all.
  v1::Referral ReferralOf(const std::string& organisation);
  // The client that acts for the organisation on that referral.
  client::Client& ActorOn(const v1::Referral& referral, const std::string& organisation);
  client::Client& Signaller();

 private:
  void ReadYaml(const std::string& yaml, google::protobuf::Message* message) const;

  World& world_;
  std::string from_ = "0150";
  const std::string digits_;
  const std::string parent_;
  v1::Catalog catalogue_;
  v1::ImportCatalogRequest import_;
  bool to_import_ = true;
  std::string turned_to_;
  std::map<std::string, Person> persons_;
  absl::Status last_;
  bool looked_ = true;
  std::vector<absl::Status> both_;
  uint32_t contested_ = 0;
  std::string etag_;
};

// The value; throws the error as a failure of the step.
template <class T>
T Got(absl::StatusOr<T> result) {
  if (!result.ok()) throw StepFailed(result.status().ToString());
  return *std::move(result);
}

}  // namespace omzien::scenarios

#endif  // OMZIEN_TESTS_SCENARIOS_SCENARIO_H_
