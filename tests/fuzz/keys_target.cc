#include <algorithm>
#include <cstdint>
#include <string>
#include <variant>

#include "storage/key_encoding.h"
#include "storage/keys.h"
#include "tests/fuzz/fuzz.h"

namespace omzien::fuzz {
namespace {

namespace keys = storage::keys;

// The first bytes say which parts to read; what is read and built again is what was there.
void ReadBack(std::string_view kinds, std::string_view key) {
  storage::KeyReader reader(key);
  storage::KeyBuilder builder;
  for (const char kind : kinds) {
    std::string text;
    uint64_t number = 0;
    int64_t with_sign = 0;
    uint8_t byte = 0;
    bool read = false;
    switch (static_cast<unsigned char>(kind) % 5) {
      case 0:
        if ((read = reader.Text(&text))) builder.Text(text);
        break;
      case 1:
        if ((read = reader.Number(&number))) builder.Number(number);
        break;
      case 2:
        if ((read = reader.Signed(&with_sign))) builder.Signed(with_sign);
        break;
      case 3:
        if ((read = reader.Descending(&with_sign))) builder.Descending(with_sign);
        break;
      default:
        if ((read = reader.Byte(&byte))) builder.Byte(byte);
    }
    if (!read) {
      Require(!reader.AtEnd(), "what isn't well formed has no end");
      Require(!reader.Byte(&byte), "nothing is read after what isn't well formed");
      return;
    }
  }
  if (reader.AtEnd()) Require(builder.Take() == key, "a key is read back");
}

int Sign(int number) { return (number > 0) - (number < 0); }

// Keys order as their parts do.
void Order(const std::string& a, const std::string& b) {
  const auto key = [](const std::string& first, const std::string& second) {
    return storage::KeyBuilder().Text(first).Text(second).Take();
  };
  const int parts = a == b ? 0 : Sign(a.compare(b));
  Require(Sign(key(a, "x").compare(key(b, "x"))) == parts, "texts order as their keys");
  Require(Sign(key(a, b).compare(key(b, a))) == parts, "the first text goes before the second");
  if (!b.empty()) Require(key(a, b) != key(a + b, ""), "parts don't run over");
}

void Parse(const std::string& key) {
  keys::CaseRef ref;
  if (keys::ParseIndexKey(key, &ref)) Require(ref.case_id.size() < key.size(), "a case's id");
  keys::CellRef cell;
  keys::ParseFigureCell(key, &cell);
  std::string municipality;
  if (keys::ParseCatalogHead(key, &municipality)) {
    Require(keys::CatalogHead(municipality) == key, "a catalogue's head is read back");
  }
  uint64_t key_id = 0;
  if (keys::ParseWrappedCaseKey(key, &key_id)) {
    Require(keys::WrappedCaseKey(key_id) == key, "a wrapped key is read back");
  }
  const std::string end = keys::PrefixEnd(key);
  Require(end.empty() || end > key, "a prefix ends after itself");
  Require(end.empty() || key + "\xFF\xFF" < end, "a prefix ends after all that begins with it");
}

// Any text in any key comes back.
void Build(const std::string& a, const std::string& b) {
  keys::CaseRef ref;
  const auto number = static_cast<uint32_t>(a.size() + 1);
  Require(keys::ParseIndexKey(keys::ReferralByOrganisation(a, b, a.size() % 2 == 0, -7, b, number),
                              &ref) &&
              ref.case_id == b && ref.number == number,
          "a referral's index is read back");
  Require(keys::ParseIndexKey(keys::SignalByOrganisation(a, b, 7, a), &ref) && ref.case_id == a,
          "a signal's index is read back");
  Require(keys::ParseIndexKey(keys::AwaitingContact(a, 7, b, number), &ref) && ref.case_id == b,
          "what awaits contact is read back");
  keys::CellRef cell;
  Require(keys::ParseFigureCell(keys::FigureCell(a, -3, b), &cell) && cell.day == -3 &&
              cell.district == b,
          "a cell is read back");
  Require(keys::Case(a, b) != keys::Sealed(a, b, 0), "rows of two tables differ");
}

}  // namespace

void FuzzKeys(std::string_view input) {
  const size_t half = input.size() / 2;
  const std::string a(input.substr(0, half));
  const std::string b(input.substr(half));
  ReadBack(input.substr(0, std::min<size_t>(input.size(), 6)),
           input.substr(std::min<size_t>(input.size(), 6)));
  Order(a, b);
  Parse(std::string(input));
  Build(a, b);
}

std::vector<std::string> KeySeeds() {
  return {
      keys::SignalByTime("GM9901", 1'795'000'000'000, "0123456789abcdef"),
      keys::ReferralByOrganisation("GM9901", "gemeente", false, 1'795'000'000'000,
                                   "0123456789abcdef", 1),
      keys::AwaitingContact("GM9901", 1'795'000'000'000, "0123456789abcdef", 2),
      keys::FigureCell("GM9901", 20'000, "WK990101"),
      keys::CatalogHead("GM9901"),
      keys::WrappedCaseKey(7),
      keys::CaseKeysUsed(),
      std::string("\0\0\0\0\0\0a\0\1b\0\xFF\0\1", 14),
  };
}

}  // namespace omzien::fuzz
