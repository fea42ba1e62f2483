// Generators of bytes that hurt: the encoding's own control bytes, and the ends of number ranges.

#ifndef OMZIEN_TESTS_STORAGE_GENERATORS_H_
#define OMZIEN_TESTS_STORAGE_GENERATORS_H_

#include <rapidcheck.h>

#include <cstdint>
#include <limits>
#include <string>

namespace omzien::storage {

// Half of the bytes are ones that the encoding gives a meaning.
inline rc::Gen<std::string> AnyBytes() {
  return rc::gen::container<std::string>(rc::gen::oneOf(
      rc::gen::elementOf(std::string("\x00\x01\x02\xFE\xFF", 5)), rc::gen::arbitrary<char>()));
}

inline rc::Gen<int64_t> AnySigned() {
  using Ends = std::numeric_limits<int64_t>;
  return rc::gen::oneOf(
      rc::gen::arbitrary<int64_t>(),
      rc::gen::element<int64_t>(Ends::min(), Ends::min() + 1, -1, 0, 1, Ends::max()));
}

inline rc::Gen<uint32_t> AnyNumber() {
  return rc::gen::oneOf(rc::gen::arbitrary<uint32_t>(),
                        rc::gen::element<uint32_t>(0, 1, std::numeric_limits<uint32_t>::max()));
}

}  // namespace omzien::storage

#endif  // OMZIEN_TESTS_STORAGE_GENERATORS_H_
