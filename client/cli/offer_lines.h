// Offers in a file of their own, one a line, for a catalogue that has more than a text can hold.
#pragma once

#include <cstdint>
#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "client/cli/words.h"
#include "omzien/v1/catalog_service.pb.h"

namespace omzien::cli {

// Reads JSON Lines: each line an Offer by protobuf's JSON mapping (field names as in catalog.yaml
// or in camelCase); empty lines are passed over. Not thread-safe.
class OfferLines {
 public:
  OfferLines(std::string path, Lang lang) : path_(std::move(path)), lang_(lang) {}

  // UsageError: the file can't be opened.
  absl::Status Open();
  // How many offers it holds; reads it once more. As Open.
  absl::StatusOr<int64_t> Count() const;
  // At most 1,000 more; none at the end. UsageError, with its place: a line that isn't an offer.
  absl::Status Next(v1::OfferPart* part);
  // Where the offer at `position` stands: "offers.jsonl:18:". Opens the file anew.
  std::string PlaceOf(int64_t position) const;

 private:
  const std::string path_;
  const Lang lang_;
  std::ifstream in_;
  int64_t line_ = 0;
};

}  // namespace omzien::cli
