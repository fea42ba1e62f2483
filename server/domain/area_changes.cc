#include "server/domain/area_changes.h"

#include <algorithm>
#include <string>
#include <utility>

namespace omzien::domain {
namespace {

using Codes = google::protobuf::RepeatedPtrField<std::string>;
using Candidates = google::protobuf::RepeatedPtrField<v1::PostcodeDistrict>;

// Codes that nothing is known of stay: the check of the catalogue says so.
std::vector<std::string_view> SuccessorsOrItself(const AreaChanges& changes,
                                                 const std::string& code) {
  std::vector<std::string_view> codes = changes.Resolve(code);
  if (codes.empty()) codes.push_back(code);
  return codes;
}

void Write(const AreaChanges& changes, Codes* codes) {
  Codes written;
  for (const std::string& code : *codes) {
    for (const std::string_view successor : SuccessorsOrItself(changes, code)) {
      if (std::ranges::find(written, successor) != written.end()) continue;
      *written.Add() = std::string(successor);
    }
  }
  codes->Swap(&written);
}

void Write(const AreaChanges& changes, Candidates* candidates) {
  Candidates written;
  for (const v1::PostcodeDistrict& candidate : *candidates) {
    const auto codes = SuccessorsOrItself(changes, candidate.district());
    for (const std::string_view code : codes) {
      const v1::Certainty certainty =
          codes.size() == 1 ? candidate.certainty() : v1::CERTAINTY_POSSIBLE;
      auto known = std::ranges::find(written, code, &v1::PostcodeDistrict::district);
      if (known != written.end()) {
        known->set_certainty(std::min(known->certainty(), certainty));
        continue;
      }
      v1::PostcodeDistrict* added = written.Add();
      added->set_district(std::string(code));
      added->set_certainty(certainty);
    }
  }
  candidates->Swap(&written);
}

}  // namespace

AreaChanges::AreaChanges(const v1::Catalog& catalog) {
  for (const auto& district : catalog.districts()) in_force_.insert(district.code());
  for (const auto& change : catalog.area_changes()) changes_.emplace(change.old_code(), &change);
}

std::vector<std::string_view> AreaChanges::Resolve(std::string_view code) const {
  std::vector<std::string_view> found;
  absl::flat_hash_set<std::string_view> seen;
  std::vector<std::string_view> left = {code};
  while (!left.empty()) {
    const std::string_view next = left.back();
    left.pop_back();
    if (!seen.insert(next).second) continue;
    if (const auto in_force = in_force_.find(next); in_force != in_force_.end()) {
      found.push_back(*in_force);
      continue;
    }
    const v1::AreaChange* const changed = change(next);
    if (changed == nullptr) continue;
    left.insert(left.end(), changed->new_codes().rbegin(), changed->new_codes().rend());
  }
  return found;
}

bool AreaChanges::LeadsBack(std::string_view code) const {
  absl::flat_hash_set<std::string_view> seen;
  std::vector<std::string_view> left = {code};
  while (!left.empty()) {
    const v1::AreaChange* const changed = change(left.back());
    left.pop_back();
    if (changed == nullptr) continue;
    for (const std::string& next : changed->new_codes()) {
      if (next == code) return true;
      if (seen.insert(next).second) left.push_back(next);
    }
  }
  return false;
}

const v1::AreaChange* AreaChanges::change(std::string_view code) const {
  const auto found = changes_.find(code);
  return found == changes_.end() ? nullptr : found->second;
}

void WriteSuccessors(v1::Catalog* catalog) {
  if (catalog->area_changes().empty()) return;
  const AreaChanges changes(*catalog);
  for (auto& postcode : *catalog->mutable_postcodes()) {
    Write(changes, postcode.mutable_districts());
  }
  for (auto& team : *catalog->mutable_teams()) Write(changes, team.mutable_districts());
  for (auto& mandate : *catalog->mutable_mandates()) Write(changes, mandate.mutable_districts());
  for (auto& offer : *catalog->mutable_offers()) Write(changes, offer.mutable_districts());
}

}  // namespace omzien::domain
