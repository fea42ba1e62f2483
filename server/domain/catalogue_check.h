// Whether a catalogue makes sense as a whole: every error and warning at once, so that a steward
// mends a file in one round. Pure; may be called from any thread.

#ifndef OMZIEN_SERVER_DOMAIN_CATALOGUE_CHECK_H_
#define OMZIEN_SERVER_DOMAIN_CATALOGUE_CHECK_H_

#include <string>
#include <vector>

#include "omzien/v1/catalog.pb.h"

namespace omzien::domain {

struct CatalogueIssue {
  std::string path;     // from the catalogue: "offers[3].districts[0]", positions from 0
  std::string message;  // for the steward; may repeat ids and codes of the catalogue
  bool error = false;   // a warning otherwise: allowed, but worth a look
};

// What is checked, beside the rules of single fields (validation.h):
// - ids and codes are unique within their kind, and every reference exists;
// - CBS codes belong to the municipality, a buurt to its parent wijk; a wijk has no parent, only a
//   wijk is a village, a code begins with its kind's letters;
// - a postcode has four digits, and candidates unless it is a post-office box, none of them STATED;
// - exactly one target group is everyone's; the time zone loads; the entrance team exists;
// - offers and teams serve all districts or listed ones, never both or neither;
// - recurrence rules are such as recurrence.h allows, at most kMaxRecurrences in all; an absence
// ends
//   after it begins;
// - a group's capacity is of one that the offer is for, once, and not everyone's;
// - an offer is stale before it stops matching;
// - an offer's ages don't end before they begin, what is free needs no funding, and nobody is
// excluded
//   whom the offer is for;
// - a period ends after it begins; an organisation that is referred to receives;
// - a cell (wijk, target group) holds at most kMaxCandidatesPerCell offers.
// Warnings: a wijk without a team, a village without an offer of its own, an offer that nobody can
// be referred to, no common language.
std::vector<CatalogueIssue> CheckCatalogue(const v1::Catalog& catalog);

}  // namespace omzien::domain

#endif  // OMZIEN_SERVER_DOMAIN_CATALOGUE_CHECK_H_
