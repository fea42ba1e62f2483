// The real server of one file of scenarios, and where each of its rows lives: a municipality of its
// own, with Deventer's catalogue under another code. So no row sees the loads of offers, the
// waiting lines or the figures that another left.

#ifndef OMZIEN_TESTS_SCENARIOS_WORLD_H_
#define OMZIEN_TESTS_SCENARIOS_WORLD_H_

#include <string>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "client/cpp/client.h"
#include "omzien/v1/catalog.pb.h"
#include "tests/e2e/story_world.h"

namespace omzien::scenarios {

// Most rows of a file; a caller of the server may hold a grant in each.
inline constexpr int kRowsMax = 400;

// Municipalities by number, from 0; their codes' digits are "7000" and on.
std::string DigitsOf(int municipality);

// That of all municipalities here.
absl::TimeZone Zone();

// The catalogues that rows begin with, each entry as the municipality's steward wrote it, but for
// the codes of the municipality and its districts.
v1::Catalog DeventersCatalogue(const std::string& digits);  // with invented.yaml
v1::Catalog VoorbeeldstadsCatalogue(const std::string& digits);

// For one thread, like the server process that it starts.
class World {
 public:
  // Starts a server that knows callers for so many municipalities.
  explicit World(int municipalities);

  // The caller that acts in the role (signaller, first_contact, receiver) for the organisation, in
  // every municipality; those without an organisation are "coordinator", "steward" and "" for the
  // public.
  client::Client& As(const std::string& organisation, const std::string& role);
  client::Client& As(const std::string& caller) { return world_.As(caller); }

  // Stops the server, and starts it again on the same store: now, or so many days later, at this
  // time of the day. Time never goes back.
  void Restart() { Later(0); }
  void Later(int days);

  // As the server's clock has it, in the municipalities' time zone.
  absl::CivilDay Today() const;

 private:
  absl::Duration ahead_;  // of the server's clock
  e2e::StoryWorld world_;
};

}  // namespace omzien::scenarios

#endif  // OMZIEN_TESTS_SCENARIOS_WORLD_H_
