#include "storage/keys.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "tests/storage/generators.h"

namespace omzien::storage::keys {
namespace {

bool InRange(const std::string& key, const std::string& begin, const std::string& end) {
  return begin <= key && (end.empty() || key < end);
}

bool HasPrefix(const std::string& key, const std::string& prefix) {
  return InRange(key, prefix, PrefixEnd(prefix));
}

// Everything that a key can be made of.
struct Parts {
  std::string municipality = *AnyBytes();
  std::string organisation = *AnyBytes();
  std::string id = *AnyBytes();
  int64_t time = *AnySigned();
  uint32_t number = *AnyNumber();
  bool ended = *rc::gen::arbitrary<bool>();
};

// Every key under a municipality, with those parts.
std::vector<std::string> KeysOf(const Parts& p) {
  return {
      Case(p.municipality, p.id),
      Sealed(p.municipality, p.id, p.number),
      CatalogEntry(p.municipality, p.time, p.number),
      FigureCell(p.municipality, p.time, p.id),
      Audit(p.municipality, p.id, p.time, p.organisation),
      SignalByTime(p.municipality, p.time, p.id),
      SignalByOrganisation(p.municipality, p.organisation, p.time, p.id),
      ReferralByOrganisation(p.municipality, p.organisation, p.ended, p.time, p.id, p.number),
      AwaitingContact(p.municipality, p.time, p.id, p.number),
      DueReferral(p.municipality, p.ended, p.time, p.id, p.number),
      WaitingCase(p.municipality, p.ended, p.time, p.id),
      WaitingForOffer(p.municipality, p.organisation, p.ended, p.time, p.id),
  };
}

// Every key of the whole store, with those parts.
std::vector<std::string> StoreKeysOf(const Parts& p) {
  return {
      StoredAnswer(p.id),
      OfferLoad(p.municipality, p.id),
      CatalogHead(p.municipality),
      FigurePosition(),
      WriterFence(),
      CaseKeysUsed(),
      StoreFormat(),
      StoreIncarnation(),
      WrappedCaseKey(p.number),
      WrappedHashKey(p.number),
  };
}

struct NamedRange {
  std::string begin;
  std::string end;
};

// Every range that a scan of one municipality reads.
std::vector<NamedRange> RangesOf(const Parts& p) {
  std::vector<NamedRange> ranges;
  for (const std::string& prefix :
       {SignalByTimePrefix(p.municipality),
        SignalByOrganisationPrefix(p.municipality, p.organisation),
        ReferralByOrganisationPrefix(p.municipality, p.organisation, p.ended),
        ReferralPrefix(p.municipality, p.ended), AwaitingContactPrefix(p.municipality),
        DueReferralPrefix(p.municipality, p.ended), WaitingCasePrefix(p.municipality),
        WaitingForOfferPrefix(p.municipality, p.organisation),
        CatalogEntryPrefix(p.municipality, p.time)}) {
    ranges.push_back({prefix, PrefixEnd(prefix)});
  }
  ranges.push_back(
      {AwaitingContactPrefix(p.municipality), AwaitingContactEnd(p.municipality, p.time)});
  ranges.push_back({DueReferralPrefix(p.municipality, p.ended),
                    DueReferralEnd(p.municipality, p.ended, p.time)});
  ranges.push_back({FigureCellBegin(p.municipality, std::numeric_limits<int64_t>::min()),
                    FigureCellEnd(p.municipality, std::numeric_limits<int64_t>::max())});
  return ranges;
}

// As storage/README.md spells it out.
TEST(Keys, AreWrittenInTheBytesThatAreDocumented) {
  EXPECT_EQ(SignalByTime("GM0150", 1000, "AB"), std::string("GM0150\x00\x01"
                                                            "t"
                                                            "\x7F\xFF\xFF\xFF\xFF\xFF\xFC\x17"
                                                            "AB\x00\x01",
                                                            8 + 1 + 8 + 4));
}

// --- order ---

RC_GTEST_PROP(Keys, SignalsOfAMunicipalityStandNewestFirst, ()) {
  const Parts a;
  const Parts b;
  const bool before =
      SignalByTime(a.municipality, a.time, a.id) < SignalByTime(a.municipality, b.time, b.id);
  RC_ASSERT(before == (std::tie(b.time, a.id) < std::tie(a.time, b.id)));
}

RC_GTEST_PROP(Keys, SignalsOfAnOrganisationStandNewestFirst, ()) {
  const Parts a;
  const Parts b;
  const bool before = SignalByOrganisation(a.municipality, a.organisation, a.time, a.id) <
                      SignalByOrganisation(a.municipality, a.organisation, b.time, b.id);
  RC_ASSERT(before == (std::tie(b.time, a.id) < std::tie(a.time, b.id)));
}

RC_GTEST_PROP(Keys, CasesThatWaitStandAcuteFirstThenOldestFirst, ()) {
  const Parts a;
  const Parts b;
  const auto expected = std::tuple(!a.ended, a.time, a.id) < std::tuple(!b.ended, b.time, b.id);
  const auto waiting = [&a](const Parts& p) {
    return WaitingCase(a.municipality, p.ended, p.time, p.id);
  };
  const auto for_offer = [&a](const Parts& p) {
    return WaitingForOffer(a.municipality, a.organisation, p.ended, p.time, p.id);
  };
  RC_ASSERT((waiting(a) < waiting(b)) == expected);
  RC_ASSERT((for_offer(a) < for_offer(b)) == expected);
}

RC_GTEST_PROP(Keys, ReferralsOfAnOrganisationStandByDeadline, ()) {
  const Parts a;
  const Parts b;
  const auto key = [&a](const Parts& p) {
    return ReferralByOrganisation(a.municipality, a.organisation, a.ended, p.time, p.id, p.number);
  };
  RC_ASSERT((key(a) < key(b)) ==
            (std::tie(a.time, a.id, a.number) < std::tie(b.time, b.id, b.number)));
}

RC_GTEST_PROP(Keys, WhatAwaitsContactStandsByDeadline, ()) {
  const Parts a;
  const Parts b;
  const auto key = [&a](const Parts& p) {
    return AwaitingContact(a.municipality, p.time, p.id, p.number);
  };
  RC_ASSERT((key(a) < key(b)) ==
            (std::tie(a.time, a.id, a.number) < std::tie(b.time, b.id, b.number)));
}

RC_GTEST_PROP(Keys, CatalogEntriesStandAsImported, ()) {
  const Parts p;
  const auto left = *rc::gen::arbitrary<uint64_t>();
  const auto right = *rc::gen::arbitrary<uint64_t>();
  RC_ASSERT((CatalogEntry(p.municipality, p.time, left) <
             CatalogEntry(p.municipality, p.time, right)) == (left < right));
}

// --- ranges hold exactly their keys ---

RC_GTEST_PROP(Keys, NoKeyLiesInARangeOfAnotherMunicipality, ()) {
  const Parts a;
  const Parts b;
  RC_PRE(a.municipality != b.municipality);
  std::vector<std::string> others = KeysOf(b);
  // Rows of the whole store stand under the empty municipality, which is no municipality.
  if (!a.municipality.empty()) {
    for (std::string& key : StoreKeysOf(b)) others.push_back(std::move(key));
  }
  for (const NamedRange& range : RangesOf(a)) {
    for (const std::string& key : others) RC_ASSERT(!InRange(key, range.begin, range.end));
  }
}

RC_GTEST_PROP(Keys, APrefixHoldsItsOwnTableOnly, ()) {
  const Parts p;
  const std::vector<std::string> keys = KeysOf(p);
  const struct {
    std::string prefix;
    std::string member;
  } cases[] = {
      {SignalByTimePrefix(p.municipality), SignalByTime(p.municipality, p.time, p.id)},
      {SignalByOrganisationPrefix(p.municipality, p.organisation),
       SignalByOrganisation(p.municipality, p.organisation, p.time, p.id)},
      {ReferralByOrganisationPrefix(p.municipality, p.organisation, p.ended),
       ReferralByOrganisation(p.municipality, p.organisation, p.ended, p.time, p.id, p.number)},
      {ReferralPrefix(p.municipality, p.ended),
       ReferralByOrganisation(p.municipality, p.organisation, p.ended, p.time, p.id, p.number)},
      {AwaitingContactPrefix(p.municipality),
       AwaitingContact(p.municipality, p.time, p.id, p.number)},
      {CatalogEntryPrefix(p.municipality, p.time), CatalogEntry(p.municipality, p.time, p.number)},
  };
  for (const auto& c : cases) {
    for (const std::string& key : keys) {
      RC_ASSERT(HasPrefix(key, c.prefix) == (key == c.member));
    }
  }
}

RC_GTEST_PROP(Keys, AnOrganisationsPrefixHoldsNoOtherOrganisation, ()) {
  const Parts p;
  const std::string other = *AnyBytes();
  RC_PRE(other != p.organisation);
  RC_ASSERT(!HasPrefix(SignalByOrganisation(p.municipality, other, p.time, p.id),
                       SignalByOrganisationPrefix(p.municipality, p.organisation)));
  RC_ASSERT(
      !HasPrefix(ReferralByOrganisation(p.municipality, other, p.ended, p.time, p.id, p.number),
                 ReferralByOrganisationPrefix(p.municipality, p.organisation, p.ended)));
}

RC_GTEST_PROP(Keys, LiveAndEndedReferralsStandApart, ()) {
  const Parts p;
  const std::string key =
      ReferralByOrganisation(p.municipality, p.organisation, p.ended, p.time, p.id, p.number);
  RC_ASSERT(HasPrefix(key, ReferralPrefix(p.municipality, p.ended)));
  RC_ASSERT(!HasPrefix(key, ReferralPrefix(p.municipality, !p.ended)));
}

RC_GTEST_PROP(Keys, ADeadlineLiesBeforeTheEndExactlyWhenItIsEarlier, ()) {
  const Parts p;
  const int64_t before_ms = *AnySigned();
  RC_ASSERT(InRange(AwaitingContact(p.municipality, p.time, p.id, p.number),
                    AwaitingContactPrefix(p.municipality),
                    AwaitingContactEnd(p.municipality, before_ms)) == (p.time < before_ms));
}

RC_GTEST_PROP(Keys, CellsOfThePeriodLieInItsRange, ()) {
  const Parts p;
  const int64_t first = *AnySigned();
  const int64_t last = *AnySigned();
  RC_ASSERT(InRange(FigureCell(p.municipality, p.time, p.id),
                    FigureCellBegin(p.municipality, first),
                    FigureCellEnd(p.municipality, last)) == (first <= p.time && p.time <= last));
}

RC_GTEST_PROP(Keys, GenerationsOfACatalogStandApart, ()) {
  const Parts p;
  const int64_t other = *AnySigned();
  RC_ASSERT(HasPrefix(CatalogEntry(p.municipality, p.time, p.number),
                      CatalogEntryPrefix(p.municipality, other)) == (p.time == other));
}

RC_GTEST_PROP(Keys, PrefixesOfTheWholeStoreHoldTheirRowsOnly, ()) {
  const Parts p;
  for (const std::string& key : StoreKeysOf(p)) {
    RC_ASSERT(HasPrefix(key, CatalogHeadsPrefix()) == (key == CatalogHead(p.municipality)));
    RC_ASSERT(HasPrefix(key, OfferLoadsPrefix()) == (key == OfferLoad(p.municipality, p.id)));
    RC_ASSERT(HasPrefix(key, WrappedCaseKeysPrefix()) == (key == WrappedCaseKey(p.number)));
  }
}

RC_GTEST_PROP(Keys, KeysOfDifferentKindsNeverMeet, ()) {
  const Parts p;
  std::vector<std::string> keys = KeysOf(p);
  for (std::string& key : StoreKeysOf(p)) keys.push_back(std::move(key));
  RC_ASSERT(std::set<std::string>(keys.begin(), keys.end()).size() == keys.size());
}

RC_GTEST_PROP(Keys, PrefixEndIsTheFirstKeyAfterThePrefix, ()) {
  const std::string prefix = *AnyBytes();
  const std::string key = *AnyBytes();
  const bool starts = key.compare(0, prefix.size(), prefix) == 0;
  RC_ASSERT(HasPrefix(key, prefix) == starts);
  RC_ASSERT(HasPrefix(prefix + key, prefix));
}

TEST(Keys, PrefixEndOfTheLastKeysIsTheEndOfTheKeySpace) {
  EXPECT_EQ(PrefixEnd(""), "");
  EXPECT_EQ(PrefixEnd("\xFF\xFF"), "");
  EXPECT_EQ(PrefixEnd("a\xFF"), "b");
}

// --- reading keys back ---

RC_GTEST_PROP(Keys, IndexKeysReadBack, ()) {
  const Parts p;
  CaseRef ref;
  for (const std::string& key :
       {SignalByTime(p.municipality, p.time, p.id),
        SignalByOrganisation(p.municipality, p.organisation, p.time, p.id),
        WaitingCase(p.municipality, p.ended, p.time, p.id),
        WaitingForOffer(p.municipality, p.organisation, p.ended, p.time, p.id)}) {
    RC_ASSERT(ParseIndexKey(key, &ref));
    RC_ASSERT(ref.case_id == p.id);
    RC_ASSERT(ref.number == 0u);
  }
  for (const std::string& key :
       {ReferralByOrganisation(p.municipality, p.organisation, p.ended, p.time, p.id, p.number),
        AwaitingContact(p.municipality, p.time, p.id, p.number),
        DueReferral(p.municipality, p.ended, p.time, p.id, p.number)}) {
    RC_ASSERT(ParseIndexKey(key, &ref));
    RC_ASSERT(ref.case_id == p.id);
    RC_ASSERT(ref.number == p.number);
  }
}

RC_GTEST_PROP(Keys, OtherKeysReadBack, ()) {
  const Parts p;
  CellRef cell;
  RC_ASSERT(ParseFigureCell(FigureCell(p.municipality, p.time, p.id), &cell));
  RC_ASSERT(cell.day == p.time);
  RC_ASSERT(cell.district == p.id);
  std::string municipality;
  RC_ASSERT(ParseCatalogHead(CatalogHead(p.municipality), &municipality));
  RC_ASSERT(municipality == p.municipality);
  uint64_t key_id = 0;
  RC_ASSERT(ParseWrappedCaseKey(WrappedCaseKey(p.number), &key_id));
  RC_ASSERT(key_id == p.number);
}

// How many of the parsers take `key`; each must leave its result alone if it doesn't.
int TakenBy(const std::string& key) {
  CaseRef ref{"before", 7};
  CellRef cell{7, "before"};
  std::string municipality = "before";
  uint64_t key_id = 7;
  int taken = 0;
  if (ParseIndexKey(key, &ref)) {
    ++taken;
  } else {
    RC_ASSERT(ref.case_id == "before");
    RC_ASSERT(ref.number == 7u);
  }
  if (ParseFigureCell(key, &cell)) {
    ++taken;
  } else {
    RC_ASSERT(cell.district == "before");
    RC_ASSERT(cell.day == 7);
  }
  if (ParseCatalogHead(key, &municipality)) {
    ++taken;
  } else {
    RC_ASSERT(municipality == "before");
  }
  if (ParseWrappedCaseKey(key, &key_id)) {
    ++taken;
  } else {
    RC_ASSERT(key_id == 7u);
  }
  return taken;
}

RC_GTEST_PROP(Keys, ParsersTakeOnlyTheirOwnKeys, ()) {
  const Parts p;
  int taken = 0;
  for (const std::string& key : KeysOf(p)) taken += TakenBy(key);
  // Four indexes and the cell.
  RC_ASSERT(taken == 8);
  taken = 0;
  for (const std::string& key : StoreKeysOf(p)) taken += TakenBy(key);
  // The catalogue's head and the case's key.
  RC_ASSERT(taken == 2);
}

RC_GTEST_PROP(Keys, ParsersRefuseACutOrLengthenedKey, ()) {
  const Parts p;
  for (const std::string& key : KeysOf(p)) {
    RC_ASSERT(TakenBy(key + "x") == 0);
    const size_t size = *rc::gen::inRange<size_t>(0, key.size());
    RC_ASSERT(TakenBy(key.substr(0, size)) == 0);
  }
}

RC_GTEST_PROP(Keys, ParsersSurviveAnyBytes, ()) {
  const std::string bytes = *AnyBytes();
  TakenBy(bytes);
  // The same behind a valid beginning, so that the later parts are reached too.
  const Parts p;
  TakenBy(SignalByTimePrefix(p.municipality) + bytes);
  TakenBy(ReferralPrefix(p.municipality, p.ended) + bytes);
  TakenBy(AwaitingContactPrefix(p.municipality) + bytes);
  TakenBy(CatalogHeadsPrefix() + bytes);
}

}  // namespace
}  // namespace omzien::storage::keys
