// How the contract's shared messages read on a terminal.
#pragma once

#include <google/protobuf/repeated_field.h>

#include <string>

#include "client/cli/session.h"
#include "omzien/v1/common.pb.h"

namespace omzien::cli {

// The sentence in the reader's language.
std::string Text(const v1::Sentence& sentence, Lang lang);

// "Bathmen (WK015015, genoemd); ...".
std::string Districts(const google::protobuf::RepeatedPtrField<v1::DistrictCandidate>& districts,
                      Lang lang);

// For one cell of a table: "Bathmen" when that was stated, "Voorstad? (+4)" when it is the
// likeliest of five, and nothing when the place is unknown.
std::string DistrictCell(
    const google::protobuf::RepeatedPtrField<v1::DistrictCandidate>& districts);

// A table with its heading after a blank line; nothing when there are none.
void PrintProposals(const google::protobuf::RepeatedPtrField<v1::Proposal>& proposals,
                    Session& session);

}  // namespace omzien::cli
