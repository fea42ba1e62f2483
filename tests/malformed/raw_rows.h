// What no client library sends: bytes that are no message, tokens that are nobody's, paths that
// lead nowhere. And who may not call at all.

#ifndef OMZIEN_TESTS_MALFORMED_RAW_ROWS_H_
#define OMZIEN_TESTS_MALFORMED_RAW_ROWS_H_

#include <string>
#include <utility>
#include <vector>

#include "tests/malformed/rows.h"

namespace omzien::malformed {

struct AccessRow {
  std::string method;
  // Holds other roles than the method asks.
  std::string caller;
};
std::vector<AccessRow> AccessRows();

struct RawRow {
  std::string what;
  std::string path;
  // Whose token goes along; none: see `metadata`.
  std::string caller;
  std::string bytes;
  Expected expected;
  bool as_gzip = false;
  std::vector<std::pair<std::string, std::string>> metadata = {};
};
// `good_token` is the token of a caller who may.
std::vector<RawRow> RawRows(const std::string& good_token);

}  // namespace omzien::malformed

#endif  // OMZIEN_TESTS_MALFORMED_RAW_ROWS_H_
