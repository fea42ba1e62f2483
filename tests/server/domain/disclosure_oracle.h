// Who may see which text of a case in view FULL, from the tables of server/domain/README.md, a
// second time: nothing here asks disclosure.h, nor the rules of consent.

#ifndef OMZIEN_TESTS_SERVER_DOMAIN_DISCLOSURE_ORACLE_H_
#define OMZIEN_TESTS_SERVER_DOMAIN_DISCLOSURE_ORACLE_H_

#include <cstdint>
#include <set>
#include <string>

#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "server/domain/caller.h"
#include "tests/server/domain/case_sequences.h"

namespace omzien::domain::testing {

using Texts = std::set<std::string>;

// Every marked text in a message, at any depth.
Texts MarkedTexts(const google::protobuf::Message& message);

// A caller with one role, for one organisation (an id; of a coordinator it doesn't matter).
struct Onlooker {
  std::string organisation;
  Role role;
};

// What it is to see of the signal, and of a referral: exactly that.
Texts MaySeeOfSignal(const AnyCase& any, const Onlooker& onlooker, absl::Time now);
Texts MaySeeOfReferral(const AnyCase& any, uint32_t number, const Onlooker& onlooker);
// Whether it sees of a referral, in any view, that the person wants no contact.
bool SeesNo(const AnyCase& any, uint32_t number, const Onlooker& onlooker, absl::Time now);

}  // namespace omzien::domain::testing

#endif  // OMZIEN_TESTS_SERVER_DOMAIN_DISCLOSURE_ORACLE_H_
