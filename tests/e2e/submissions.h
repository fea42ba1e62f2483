// Signals of all sorts, drawn at random: places known and unknown, people, needs, words in several
// scripts. Everyone in them is invented.

#ifndef OMZIEN_TESTS_E2E_SUBMISSIONS_H_
#define OMZIEN_TESTS_E2E_SUBMISSIONS_H_

#include <cstddef>
#include <random>

#include "omzien/v1/signal_service.pb.h"

namespace omzien::e2e {

using Random = std::mt19937_64;

template <class Choice, size_t kChoices>
Choice OneOf(const Choice (&choices)[kChoices], Random& random) {
  return choices[random() % kChoices];
}

// Deventer's catalogue takes all of them. `number` stands in its words; without a request_id.
v1::SubmitSignalRequest MixedSubmission(int number, Random& random);

}  // namespace omzien::e2e

#endif  // OMZIEN_TESTS_E2E_SUBMISSIONS_H_
