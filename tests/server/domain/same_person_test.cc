// Who is one person, by what signals say of how to reach them. All of them are invented.

#include "server/domain/same_person.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace omzien::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

struct SaidOfSomeone {
  std::string name = {};
  std::string phone = {};
  std::string email = {};
  std::string address = {};
  std::string postcode = {};
};

storage::v1::PersonTraits Of(const SaidOfSomeone& said) {
  v1::Reach reach;
  reach.set_person_name(said.name);
  reach.set_phone(said.phone);
  reach.set_email(said.email);
  reach.set_address(said.address);
  v1::Place place;
  place.set_postcode(said.postcode);
  return TraitsOf(reach, place);
}

TEST(Traits, APhoneIsItsDigitsHoweverItIsWritten) {
  const struct {
    const char* written;
    std::vector<std::string> numbers;
  } rows[] = {
      {"0570-99 00 01", {"31570990001"}},
      {"(0570) 990001", {"31570990001"}},
      {"+31 (0)570 990001", {"31570990001"}},
      {"0031570990001", {"31570990001"}},
      {"+31570990001", {"31570990001"}},
      {"+49 30 9900011", {"49309900011"}},
      {"06-99000001 of 0570-990001", {"31699000001", "31570990001"}},
      {"0570-990001 0699000001", {"31570990001", "31699000001"}},
      {"0699000001/0570990001", {"31699000001", "31570990001"}},
      {"+31699000001+31570990001", {"31699000001", "31570990001"}},
      {"tel. 0699000001 (dochter)", {"31699000001"}},
      {"0699000001, 06 99000001", {"31699000001"}},
      {"990001", {}},
      {"weet ik niet", {}},
      {"1234567890123456", {}},
      {"", {}},
  };
  for (const auto& row : rows) {
    EXPECT_THAT(Of({.phone = row.written}).phones(), ::testing::ElementsAreArray(row.numbers))
        << row.written;
  }
}

TEST(Traits, AnAddressIsStreetAndNumber) {
  const struct {
    const char* written;
    const char* address;
  } rows[] = {
      {"Verzonnenstraat 12", "verzonnenstraat12"},
      {"verzonnenstr. 12", "verzonnenstraat12"},
      {"VERZONNENSTRAAT 12, 2e verdieping", "verzonnenstraat12"},
      {"Verzonnenstraat 12a", "verzonnenstraat12a"},
      {"Verzonnenstraat 12 A", "verzonnenstraat12a"},
      {"Verzonnenstraat 12-a", "verzonnenstraat12a"},
      {"1e Verzonnen dwarsstr 3", "1everzonnendwarsstraat3"},
      {"Verzonnenstraat", ""},
      {"12", ""},
      {"", ""},
  };
  for (const auto& row : rows) EXPECT_EQ(Of({.address = row.written}).address(), row.address);
}

TEST(Traits, AreFoundByPhoneEmailAndAddressNeverByName) {
  EXPECT_THAT(
      FindableBy(Of({.name = "T. Verzonnen",
                     .phone = "0699000001",
                     .email = "<T.Verzonnen@Voorbeeld.example>, geen",
                     .address = "Verzonnenstraat 12"})),
      ElementsAre(Pair("phone", "31699000001"), Pair("email", "t.verzonnen@voorbeeld.example"),
                  Pair("address", "verzonnenstraat12")));
  EXPECT_THAT(FindableBy(Of({.name = "T. Verzonnen", .email = "@", .postcode = "1001 AB"})),
              IsEmpty());
}

constexpr v1::SamePerson kNobody = v1::SAME_PERSON_UNSPECIFIED;
constexpr v1::SamePerson kPossible = v1::SAME_PERSON_POSSIBLE;
constexpr v1::SamePerson kSure = v1::SAME_PERSON_SURE;

TEST(Compare, Persons) {
  const std::string phone = "0699000001";
  const std::string street = "Verzonnenstraat 12";
  const struct {
    const char* what;
    SaidOfSomeone one;
    SaidOfSomeone other;
    v1::SamePerson same;
  } rows[] = {
      {"nothing", {}, {}, kNobody},
      {"names alone", {.name = "Truus Verzonnen"}, {.name = "Truus Verzonnen"}, kNobody},
      {"a phone", {.phone = phone}, {.phone = "+31 6 99000001"}, kSure},
      {"a phone, names that differ",
       {.name = "Truus Verzonnen", .phone = phone},
       {.name = "Piet Verzonnen", .phone = phone},
       kPossible},
      {"a phone, one name", {.name = "Truus", .phone = phone}, {.phone = phone}, kSure},
      {"an email", {.email = "a@b.example"}, {.email = "A@B.example"}, kSure},
      {"an address alone", {.address = street}, {.address = street}, kPossible},
      {"an address, one name",
       {.name = "Truus Verzonnen", .address = street},
       {.address = street},
       kPossible},
      {"an address and the name",
       {.name = "Truus Verzonnen", .address = street},
       {.name = "mevr. Truus Verzonnen", .address = street},
       kSure},
      {"an address and a surname",
       {.name = "Verzonnen", .address = street},
       {.name = "Verzonnen", .address = street},
       kPossible},
      {"a couple",
       {.name = "mevrouw Verzonnen", .address = street},
       {.name = "dhr. Verzonnen", .address = street},
       kNobody},
      {"an address, part of the name",
       {.name = "mevrouw Verzonnen", .address = street},
       {.name = "Truus Verzonnen", .address = street},
       kPossible},
      {"an address, initials",
       {.name = "T. Verzonnen", .address = street},
       {.name = "Truus Verzonnen", .address = street},
       kPossible},
      {"housemates",
       {.name = "Truus Verzonnen", .address = street},
       {.name = "Piet Verzonnen", .address = street},
       kNobody},
      {"a street of two villages",
       {.name = "Truus Verzonnen", .address = street, .postcode = "1001 AB"},
       {.name = "Truus Verzonnen", .address = street, .postcode = "1003"},
       kNobody},
      {"postcodes as far as both are known",
       {.address = street, .postcode = "1001 AB"},
       {.address = street, .postcode = "1001"},
       kPossible},
      {"neighbours", {.address = street}, {.address = "Verzonnenstraat 14"}, kNobody},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(Compare(Of(row.one), Of(row.other)), row.same) << row.what;
    EXPECT_EQ(Compare(Of(row.other), Of(row.one)), row.same) << row.what << ", turned around";
  }
}

}  // namespace
}  // namespace omzien::domain
