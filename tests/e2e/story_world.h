// A server with the catalogues of Deventer and the invented second municipality, and short words
// for what its callers do. Everything goes through omzien_client, as a partner's system would.

#ifndef OMZIEN_TESTS_E2E_STORY_WORLD_H_
#define OMZIEN_TESTS_E2E_STORY_WORLD_H_

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cpp/client.h"
#include "client/cpp/errors.h"
#include "tests/e2e/installation.h"
#include "tests/e2e/server_process.h"

namespace omzien::e2e {

class StoryWorld {
 public:
  // Not started.
  StoryWorld() = default;

  // Both throw when it doesn't serve. `environment` as of ServerProcess::Start.
  void Start(const std::vector<std::string>& environment = {});
  void Restart();  // after Kill9 or Terminate
  // The catalogues of deploy/, by their stewards.
  void ImportCatalogues();

  ServerProcess& server() { return server_; }
  Installation& installation() { return installation_; }
  // The client of a caller; "" for the public. Good until the next start.
  client::Client& As(const std::string& caller);
  client::Options OptionsFor(const std::string& caller) const;

 private:
  Installation installation_;
  ServerProcess server_;
  std::map<std::string, std::unique_ptr<client::Client>> clients_;
};

// A world that stands before each test.
class StoryWorldTest : public ::testing::Test {
 protected:
  void SetUp() override {
    world_.Start();
    world_.ImportCatalogues();
  }
  client::Client& As(const std::string& caller) { return world_.As(caller); }

  StoryWorld world_;
};

// The value; throws what went wrong, which fails the test with it.
template <class T>
T Must(absl::StatusOr<T> result) {
  if (!result.ok()) throw std::runtime_error(result.status().ToString());
  return *std::move(result);
}

// A message from its text form: what is set is what one reads.
template <class Message>
Message Proto(const std::string& text) {
  Message message;
  if (!google::protobuf::TextFormat::ParseFromString(text, &message)) {
    throw std::logic_error("not a " + message.GetTypeName() + ": " + text);
  }
  return message;
}

// deploy/{municipality}/catalog.yaml.
std::string CatalogueText(const std::string& municipality);

// --- requests; their request_id is left to the client ---

v1::SubmitSignalRequest Submission(const std::string& parent, const std::string& signal);
v1::RecordContactAttemptRequest Attempt(const std::string& referral, const std::string& attempt,
                                        const std::string& consent = "");
v1::PlaceReferralRequest Placement(const std::string& referral,
                                   const std::vector<std::string>& offers,
                                   const std::string& departure_reason = "");
v1::FindOffersRequest Find(const std::string& parent, const std::string& request);

// Requests that only name something, and lists.
template <class Request>
Request Of(const std::string& name) {
  Request request;
  if constexpr (requires { request.set_name(name); }) {
    request.set_name(name);
  } else {
    request.set_parent(name);
  }
  return request;
}
template <class Request>
Request Full(const std::string& name) {
  Request request = Of<Request>(name);
  request.set_view(v1::VIEW_FULL);
  return request;
}

// "contact-via-raster" -> "municipalities/GM0150/offers/contact-via-raster".
std::string OfferName(const std::string& id);
// The name of a signal's referral; they count from 1.
std::string ReferralName(const std::string& signal, int number);

// All pages of a list.
std::vector<v1::Signal> AllSignals(client::Client& client, const std::string& parent);
std::vector<v1::Referral> AllReferrals(client::Client& client, const std::string& parent,
                                       bool ended);

// The widow of the story, as JUMBO tells it.
inline constexpr char kBathmenWidow[] = R"pb(
  relation: SIGNALLER_RELATION_CUSTOMER
  person_knows: PERSON_KNOWS_NO
  reach {
    place_and_time: "donderdags rond tien uur, aan kassa 2"
    address: "aan de Brink, huisnummer onbekend"
    through_signaller: true
    signaller_contact: "de servicebalie, vraag naar Anouk"
  }
  place { words: "Bathmen" }
  own_words: "Haar man is er niet meer. Ze komt nu elke dag voor een praatje."
  age_band: AGE_BAND_65_PLUS
  household: HOUSEHOLD_ALONE
  life_events: "municipalities/GM0150/lifeEvents/bereavement"
)pb";

// --- what tests look at ---

// The paths of the fields that are set, in order of number: "name", "first_contact.display_name".
std::vector<std::string> FieldsOf(const google::protobuf::Message& message);
std::vector<std::string> OfferIds(
    const google::protobuf::RepeatedPtrField<v1::Proposal>& proposals);

MATCHER_P2(FailsWith, code, reason,
           std::string(negation ? "doesn't fail" : "fails") + " with " +
               absl::StatusCodeToString(code) + ", " + reason) {
  const absl::Status& status = arg.status();
  *result_listener << "which is " << status.ToString();
  return status.code() == code && client::DetailsOf(status).reason == reason;
}

}  // namespace omzien::e2e

#endif  // OMZIEN_TESTS_E2E_STORY_WORLD_H_
