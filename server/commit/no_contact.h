// Someone who wants no contact, across cases: remembering it under keyed hashes of what the person
// is found by, finding it again for a new signal, and ending it. The rules are in
// server/domain/no_contact.h, the comparing in same_person.h.
//
// All run as part of a decision. A DATA_LOSS, SEAL_BROKEN: what was sealed for the case itself
// can't be opened; another case that can't be is no match.

#ifndef OMZIEN_SERVER_COMMIT_NO_CONTACT_H_
#define OMZIEN_SERVER_COMMIT_NO_CONTACT_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "omzien/storage/v1/records.pb.h"
#include "server/commit/case_edit.h"
#include "server/crypto/keyed_hash.h"
#include "server/domain/catalogue.h"

namespace omzien::commit {

// The rows in which cases of someone with these traits are listed.
std::vector<std::string> NoContactRowsOf(const crypto::KeyedHash& hash,
                                         const std::string& municipality,
                                         const storage::v1::PersonTraits& traits);

// Notes in the case what holds of earlier noes, but for those before the person asked for contact
// in it. Of a signal by the person there is nothing to note: it ends those that are surely the
// person's.
absl::Status FindEarlierNoes(const storage::v1::PersonTraits& traits, CaseEdit& edit);

// The same by what an answer of the signaller adds, which isn't sealed yet. Nothing once someone
// had contact: whoever did knows.
absl::Status FindEarlierNoesBy(const storage::v1::SealedAnswer& answer, CaseEdit& edit);

// What the person said in the attempt of being contacted: remembers a no, or ends every one that is
// surely the person's and was said before it. Nothing where nothing was said, or a no that
// something later has overtaken: attempts may be recorded out of order.
absl::Status TakeWish(const domain::Catalogue& catalogue, const v1::ContactAttempt& attempt,
                      CaseEdit& edit);

// Forgets what the case notes of noes that ended since: the person asked for contact in another
// one.
void ForgetEndedNoes(CaseEdit& edit);

}  // namespace omzien::commit

#endif  // OMZIEN_SERVER_COMMIT_NO_CONTACT_H_
