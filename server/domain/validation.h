// What can be said of a single field of a request, enforced from the contract itself: the options
// of omzien/v1/field_rules.proto and google.api.field_behavior, read by reflection. Rules between
// fields, and with the clock, stand in submission_rules.h.
//
// Checked in every message, nested ones included:
//   REQUIRED      strings hold more than white space, enums aren't UNSPECIFIED, numbers aren't 0,
//                 messages are set, lists aren't empty;
//   max_chars     Unicode code points, of each item when repeated;
//   max_items     a list that is too long is reported once; its items are then not looked at;
//   max_value     integers, which then may not be negative either;
//   format        see FieldFormat; only the form, not whether it exists;
//   enums         a number that the contract doesn't know is refused, so is UNSPECIFIED in a list;
//   dates, times  google.type.Date is a full, real day; Timestamp lies in 0001..9999.
// OUTPUT_ONLY fields are not looked at: a client's values there are ignored (AIP-203).
//
// Descriptions state the rule and never repeat the value, which may be personal. What to walk is
// worked out once per message type and kept for the life of the process. All functions may be
// called from any thread.

#ifndef OMZIEN_SERVER_DOMAIN_VALIDATION_H_
#define OMZIEN_SERVER_DOMAIN_VALIDATION_H_

#include <string_view>
#include <vector>

#include "google/protobuf/message.h"
#include "omzien/v1/field_rules.pb.h"
#include "server/domain/errors.h"

namespace omzien::domain {

// Appends every violation, in order of field number, depth first.
void Validate(const google::protobuf::Message& request, std::vector<FieldViolation>* violations);

// Appends a violation for each well-formed resource name inside the request that is of another
// municipality than the request's own `parent` or `name`.
void CheckMunicipality(const google::protobuf::Message& request,
                       std::vector<FieldViolation>* violations);

// Clears what only the server sets, at any depth, so that nothing a client sends there is kept.
void ClearOutputOnly(google::protobuf::Message* message);

// Whether the text has the form. The empty text has none but UNSPECIFIED.
bool HasFormat(std::string_view text, v1::FieldFormat format);

// In Unicode code points; `text` is UTF-8.
size_t CountChars(std::string_view text);

}  // namespace omzien::domain

#endif  // OMZIEN_SERVER_DOMAIN_VALIDATION_H_
