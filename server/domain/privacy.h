// The split between what rests sealed and what rests in the clear, taken from each field's privacy
// class in the contract (omzien/v1/field_rules.proto). Pure; any thread.

#ifndef OMZIEN_SERVER_DOMAIN_PRIVACY_H_
#define OMZIEN_SERVER_DOMAIN_PRIVACY_H_

#include "google/protobuf/message.h"
#include "omzien/v1/common.pb.h"

namespace omzien::domain {

// Moves every field of class IDENTIFYING, at any depth, out of `clear` into `identifying`, which is
// an empty message of the same type. Returns whether anything moved. `clear.MergeFrom(identifying)`
// restores the whole. Messages inside lists are not entered: the records that are split have no
// identifying fields there, and privacy_test keeps it so. Fields that the contract doesn't know, at
// any depth, are dropped: what they hold nobody can tell. For generated message types.
bool MoveIdentifying(google::protobuf::Message* clear, google::protobuf::Message* identifying);

// Whether any field of class IDENTIFYING, or that the contract doesn't know, is set, at any depth,
// lists included.
bool HoldsIdentifying(const google::protobuf::Message& message);

// Puts the postcode's four digits into `postcode_area`, the only part of it that rests in the
// clear. To be called before MoveIdentifying. A postcode that is too short gives no area.
void CoarsenPlace(v1::Place* place);

}  // namespace omzien::domain

#endif  // OMZIEN_SERVER_DOMAIN_PRIVACY_H_
