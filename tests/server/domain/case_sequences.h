// A case to which anything is done, in whatever order and however senseless, with the texts that
// would rest sealed beside it. For properties of rapidcheck only.

#ifndef OMZIEN_TESTS_SERVER_DOMAIN_CASE_SEQUENCES_H_
#define OMZIEN_TESTS_SERVER_DOMAIN_CASE_SEQUENCES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "omzien/storage/v1/records.pb.h"

namespace omzien::domain::testing {

// Everything that identifies someone, or was told in confidence, begins with it, and is told by
// what follows.
inline constexpr char kMark = '@';

struct AnyCase {
  storage::v1::Case record;
  std::vector<storage::v1::SealedEntry> sealed;

  // A new one from organisation "shop", of any kind, acute now and then. Each identifying field of
  // the signal is sealed, and holds its own path after the mark.
  static AnyCase New();
  // Any operation of case_rules.h and no_contact.h, on a referral that may not be there. What it
  // says is sealed if it was done.
  absl::Status Step(absl::Time now);
  // The operation ends or empties the case: seldom asked for by Step.
  absl::Status EndOrReopen(absl::Time now);

 private:
  absl::Status SayNoOrEndIt(absl::Time now);
  absl::Status OnReferral(uint32_t number, absl::Time now);
  absl::Status Try(uint32_t number, absl::Time now);
  absl::Status Ask(uint32_t number, absl::Time now);
  absl::Status Answer(absl::Time now);
  absl::Status HandOverTo(uint32_t number, absl::Time now);
  void SealText(storage::v1::SealedText::Kind kind, uint32_t number, const std::string& text);
  // "@note 7": no two are the same.
  std::string Marked(const std::string& what) const;
};

}  // namespace omzien::domain::testing

#endif  // OMZIEN_TESTS_SERVER_DOMAIN_CASE_SEQUENCES_H_
