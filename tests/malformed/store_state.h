// A whole store as it rests: to say that nothing of it has changed.

#ifndef OMZIEN_TESTS_MALFORMED_STORE_STATE_H_
#define OMZIEN_TESTS_MALFORMED_STORE_STATE_H_

#include <map>
#include <string>

namespace omzien::malformed {

// Every row with its revision, every change of the feed, and the facts that the engine keeps of
// itself, of cases and keys: the engine's three column families. The key says which, e.g.
// "cases row ...". The store must not be open. Throws when it can't be read.
std::map<std::string, std::string> StateOf(const std::string& directory);

}  // namespace omzien::malformed

#endif  // OMZIEN_TESTS_MALFORMED_STORE_STATE_H_
