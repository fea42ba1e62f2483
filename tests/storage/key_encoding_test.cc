#include "storage/key_encoding.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <string>
#include <tuple>

#include "tests/storage/generators.h"

namespace omzien::storage {
namespace {

using Parts = std::tuple<std::string, uint8_t, int64_t, std::string, uint64_t>;

std::string Encode(const Parts& parts) {
  KeyBuilder builder;
  builder.Text(std::get<0>(parts))
      .Byte(std::get<1>(parts))
      .Signed(std::get<2>(parts))
      .Text(std::get<3>(parts))
      .Number(std::get<4>(parts));
  return builder.Take();
}

rc::Gen<Parts> AnyParts() {
  return rc::gen::tuple(AnyBytes(), rc::gen::arbitrary<uint8_t>(), AnySigned(), AnyBytes(),
                        rc::gen::arbitrary<uint64_t>());
}

// Compares as the contract says keys do: by unsigned bytes.
bool Before(const std::string& left, const std::string& right) { return left.compare(right) < 0; }

TEST(KeyEncoding, WritesTheBytesThatAreDocumented) {
  KeyBuilder builder;
  builder.Text(std::string("a\0b", 3)).Byte('t').Signed(0).Number(258).Descending(0);
  EXPECT_EQ(builder.Take(), std::string("a\x00\xFF"
                                        "b\x00\x01"
                                        "t"
                                        "\x80\x00\x00\x00\x00\x00\x00\x00"
                                        "\x00\x00\x00\x00\x00\x00\x01\x02"
                                        "\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF",
                                        6 + 1 + 8 + 8 + 8));
}

RC_GTEST_PROP(KeyEncoding, OrdersKeysAsTheirParts, ()) {
  const Parts left = *AnyParts();
  Parts right = *AnyParts();
  // Independent parts nearly always differ in the first one; share some so that later ones decide.
  const int shared = *rc::gen::inRange(0, 5);
  if (shared > 0) std::get<0>(right) = std::get<0>(left);
  if (shared > 1) std::get<1>(right) = std::get<1>(left);
  if (shared > 2) std::get<2>(right) = std::get<2>(left);
  if (shared > 3) std::get<3>(right) = std::get<3>(left);
  RC_ASSERT(Before(Encode(left), Encode(right)) == (left < right));
  RC_ASSERT(Before(Encode(right), Encode(left)) == (right < left));
}

RC_GTEST_PROP(KeyEncoding, OrdersDescendingNumbersHighestFirst, ()) {
  const int64_t left = *AnySigned();
  const int64_t right = *AnySigned();
  RC_ASSERT(Before(KeyBuilder().Descending(left).Take(), KeyBuilder().Descending(right).Take()) ==
            (left > right));
}

RC_GTEST_PROP(KeyEncoding, ReadsBackWhatItWrote, ()) {
  const Parts parts = *AnyParts();
  const int64_t descending = *AnySigned();
  const std::string key = Encode(parts) + KeyBuilder().Descending(descending).Take();
  KeyReader reader(key);
  Parts read;
  int64_t read_descending = 0;
  RC_ASSERT(reader.Text(&std::get<0>(read)));
  RC_ASSERT(reader.Byte(&std::get<1>(read)));
  RC_ASSERT(reader.Signed(&std::get<2>(read)));
  RC_ASSERT(reader.Text(&std::get<3>(read)));
  RC_ASSERT(reader.Number(&std::get<4>(read)));
  RC_ASSERT(!reader.AtEnd());
  RC_ASSERT(reader.Descending(&read_descending));
  RC_ASSERT(reader.AtEnd());
  RC_ASSERT(read == parts);
  RC_ASSERT(read_descending == descending);
}

RC_GTEST_PROP(KeyEncoding, StaysFailedOnceAPartIsMalformed, ()) {
  const std::string cut = std::string(*AnyBytes()) + '\0';
  KeyReader reader(cut);
  std::string text;
  // A zero byte without its second half is the end of nothing.
  while (reader.Text(&text)) {
  }
  uint8_t byte = 0;
  RC_ASSERT(!reader.Byte(&byte));
  RC_ASSERT(!reader.AtEnd());
}

}  // namespace
}  // namespace omzien::storage
