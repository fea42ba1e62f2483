#include "client/cli/offer_lines.h"

#include <google/protobuf/util/json_util.h>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "client/cli/usage_error.h"

namespace omzien::cli {
namespace {

constexpr int kOffersPerPart = 1000;

bool IsEmpty(const std::string& line) { return absl::StripAsciiWhitespace(line).empty(); }

}  // namespace

absl::Status OfferLines::Open() {
  in_.open(path_, std::ios::binary);
  if (in_.is_open()) return absl::OkStatus();
  return UsageError(absl::StrCat(path_, Say(lang_, " is niet te openen", " can't be opened")));
}

absl::StatusOr<int64_t> OfferLines::Count() const {
  OfferLines again(path_, lang_);
  if (absl::Status status = again.Open(); !status.ok()) return status;
  int64_t count = 0;
  for (std::string line; std::getline(again.in_, line);) count += IsEmpty(line) ? 0 : 1;
  return count;
}

absl::Status OfferLines::Next(v1::OfferPart* part) {
  for (std::string line; part->offers_size() < kOffersPerPart && std::getline(in_, line);) {
    ++line_;
    if (IsEmpty(line)) continue;
    const auto read = google::protobuf::util::JsonStringToMessage(line, part->add_offers());
    if (!read.ok()) {
      return UsageError(absl::StrCat(path_, ":", line_, ": ",
                                     Say(lang_, "geen aanbod: ", "not an offer: "),
                                     std::string(read.message())));
    }
  }
  return absl::OkStatus();
}

std::string OfferLines::PlaceOf(int64_t position) const {
  OfferLines again(path_, lang_);
  int64_t number = 0;
  if (!again.Open().ok()) return absl::StrCat(path_, ":");
  for (std::string line; std::getline(again.in_, line);) {
    ++number;
    if (!IsEmpty(line) && position-- == 0) return absl::StrCat(path_, ":", number, ":");
  }
  return absl::StrCat(path_, ":");
}

}  // namespace omzien::cli
