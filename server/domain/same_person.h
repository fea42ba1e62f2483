// Whether two signals are about one person, by what they say of how to reach them. Pure; any
// thread.
//
// The commit folder looks candidates up by keyed hashes of the traits, unseals theirs, and compares
// here: hashes only find.

#ifndef OMZIEN_SERVER_DOMAIN_SAME_PERSON_H_
#define OMZIEN_SERVER_DOMAIN_SAME_PERSON_H_

#include <string>
#include <utility>
#include <vector>

#include "omzien/storage/v1/records.pb.h"
#include "omzien/v1/common.pb.h"
#include "omzien/v1/referral_service.pb.h"

namespace omzien::domain {

// As far as they are stated:
// - phones: each possible number that stands in the field, of eight digits or more besides its
//   country's code, at most 4, as libphonenumber reads them:
//   "06", "0031 6" and "+31 (0)6" are one. A number without a country's code is a Dutch one.
// - emails: each word with something before and after an @, at most 2.
// - address: the street and its first number with the letter behind it, "str." written out. One
//   without a number says too little.
// - postcode: as far as it is known, four digits or six characters.
// - name: its words.
storage::v1::PersonTraits TraitsOf(const v1::Reach& reach, const v1::Place& place);

// What a person may be found by: what it is ("phone", "email", "address"), and the value.
std::vector<std::pair<std::string, std::string>> FindableBy(
    const storage::v1::PersonTraits& traits);

// - SURE: a phone or an email in common, unless the names differ; or an address in common and the
//   same full name (two words or more besides titles).
// - POSSIBLE: a phone or an email in common where the names differ; an address in common where the
//   names may be one: one isn't known, is part of the other, or has initials for it.
// - else UNSPECIFIED: two people, as far as anyone can tell. An address is in common where street
//   and number are, and the postcodes, as far as both are known.
v1::SamePerson Compare(const storage::v1::PersonTraits& a, const storage::v1::PersonTraits& b);

}  // namespace omzien::domain

#endif  // OMZIEN_SERVER_DOMAIN_SAME_PERSON_H_
