// What must follow from the cases of a store, recounted from the case records without the code that
// writes it.

#ifndef OMZIEN_TESTS_SERVER_COMMIT_RECOUNT_H_
#define OMZIEN_TESTS_SERVER_COMMIT_RECOUNT_H_

#include <string>
#include <vector>

#include "tests/server/commit/world.h"

namespace omzien::commit::testing {

// Each way in which the store contradicts its cases, as a sentence without contents: index rows and
// loads of offers that are missing or too many, a case that nobody is responsible for, sealed
// entries that aren't there or don't open, a mutation whose change in the feed, stored answer and
// rows weren't written in one commit. Nothing of the feed may have been trimmed. Empty when it
// agrees.
std::vector<std::string> Differences(World& world);

}  // namespace omzien::commit::testing

#endif  // OMZIEN_TESTS_SERVER_COMMIT_RECOUNT_H_
