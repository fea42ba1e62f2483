// Short ids to resource names, and places as people type them.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cli/words.h"
#include "omzien/v1/common.pb.h"

namespace omzien::cli {

// Within one municipality. Full names pass as they are, also of another municipality: the server
// says what the caller may see. Immutable; from any thread.
class Names {
 public:
  // "GM0150", "municipalities/GM0150", or empty when none was given.
  explicit Names(const std::string& municipality, Lang lang = Lang::kDutch);

  // municipalities/GM0150. INVALID_ARGUMENT: none was given, or it isn't a CBS code.
  absl::StatusOr<std::string> Parent() const;
  // "older-people" in "targetGroups": municipalities/GM0150/targetGroups/older-people.
  absl::StatusOr<std::string> Full(const std::string& collection, const std::string& id) const;
  // A place from its parts, each of another form: a CBS code or district name, a postcode,
  // "onbekend" or "unknown", or words. INVALID_ARGUMENT: nothing, or two of one form.
  absl::StatusOr<v1::Place> Place(const std::vector<std::string>& parts) const;

 private:
  std::string municipality_;
  Lang lang_;
};

// The last part of a resource name, as people type and read it.
std::string ShortName(const std::string& name);

}  // namespace omzien::cli
