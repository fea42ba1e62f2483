// Every key of the store, in one place. storage/README.md has the same table with examples.
//
// A key is a sequence of parts, encoded so that byte order is the order of the parts (property-
// tested; storage/key_encoding.h): strings end in 0x00 0x01 with inner 0x00 written as 0x00 0xFF;
// numbers are eight bytes big-endian, signed ones with the sign bit flipped. The first part is the
// municipality, the second the table (one byte); rows of the whole store stand under the empty
// municipality. Identifying values never enter a key.
//
// All functions are pure and thread-safe and take any bytes; whether an id is a valid one is for
// their callers to check.

#ifndef OMZIEN_STORAGE_KEYS_H_
#define OMZIEN_STORAGE_KEYS_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace omzien::storage::keys {

// --- one row each ---
std::string Case(std::string_view municipality, std::string_view case_id);
// Entry `number` counts from 0.
std::string Sealed(std::string_view municipality, std::string_view case_id, uint32_t number);
// `hash` is the keyed hash of caller and request_id; the scope is the caller, not a municipality.
std::string StoredAnswer(std::string_view hash);
std::string OfferLoad(std::string_view municipality, std::string_view offer_id);
std::string CatalogHead(std::string_view municipality);
// The generations of which entries may be there without being in force.
std::string CatalogStages(std::string_view municipality);
// The cases of those who want no contact and are found by `hash`, a keyed one.
std::string NoContactHash(std::string_view municipality, std::string_view hash);
// `index` orders entries as they were imported.
std::string CatalogEntry(std::string_view municipality, int64_t generation, uint64_t index);
std::string FigureCell(std::string_view municipality, int64_t day, std::string_view district);
std::string FigurePosition();
// The fence of the writer: each commit requires it unchanged.
std::string WriterFence();
// The highest case key id that a commit has used.
std::string CaseKeysUsed();
std::string Audit(std::string_view municipality, std::string_view case_id, int64_t time_us,
                  std::string_view nonce);
// Store-wide facts: the incarnation and the format version.
std::string StoreFormat();
std::string StoreIncarnation();
// In the key store.
std::string WrappedCaseKey(uint64_t key_id);
std::string WrappedHashKey(uint32_t epoch);

// --- indexes: empty values ---
// All signals, newest first.
std::string SignalByTime(std::string_view municipality, int64_t receive_time_ms,
                         std::string_view case_id);
// A signalling organisation's, newest first.
std::string SignalByOrganisation(std::string_view municipality, std::string_view organisation,
                                 int64_t receive_time_ms, std::string_view case_id);
// Live or ended referrals, by organisation and then by deadline.
std::string ReferralByOrganisation(std::string_view municipality, std::string_view organisation,
                                   bool ended, int64_t contact_by_ms, std::string_view case_id,
                                   uint32_t number);
// Live referrals in which the person has not been reached, by deadline.
std::string AwaitingContact(std::string_view municipality, int64_t contact_by_ms,
                            std::string_view case_id, uint32_t number);
// Live referrals in which the person has not been reached: those with a deadline ahead, by that
// deadline, or those that were escalated, by when.
std::string DueReferral(std::string_view municipality, bool escalated, int64_t time_ms,
                        std::string_view case_id, uint32_t number);
// Cases that wait for something better to match with: acute ones first, then the oldest.
std::string WaitingCase(std::string_view municipality, bool acute, int64_t receive_time_ms,
                        std::string_view case_id);
// Those of them that would fit this offer if it weren't full, in the same order.
std::string WaitingForOffer(std::string_view municipality, std::string_view offer_id, bool acute,
                            int64_t receive_time_ms, std::string_view case_id);

// Cases whose person wants no contact, by until when.
std::string NoContactExpiry(std::string_view municipality, int64_t expire_time_ms,
                            std::string_view case_id);

// --- prefixes and ranges, for scans ---
std::string SignalByTimePrefix(std::string_view municipality);
std::string SignalByOrganisationPrefix(std::string_view municipality,
                                       std::string_view organisation);
std::string ReferralByOrganisationPrefix(std::string_view municipality,
                                         std::string_view organisation, bool ended);
// Of every organisation.
std::string ReferralPrefix(std::string_view municipality, bool ended);
std::string AwaitingContactPrefix(std::string_view municipality);
// Deadlines strictly before `before_ms` lie in [AwaitingContactPrefix, this).
std::string AwaitingContactEnd(std::string_view municipality, int64_t before_ms);
std::string DueReferralPrefix(std::string_view municipality, bool escalated);
// Times strictly before `before_ms` lie in [DueReferralPrefix, this).
std::string DueReferralEnd(std::string_view municipality, bool escalated, int64_t before_ms);
std::string WaitingCasePrefix(std::string_view municipality);
std::string WaitingForOfferPrefix(std::string_view municipality, std::string_view offer_id);
std::string NoContactExpiryPrefix(std::string_view municipality);
// Times strictly before `before_ms` lie in [NoContactExpiryPrefix, this).
std::string NoContactExpiryEnd(std::string_view municipality, int64_t before_ms);
// All cells of [first_day, last_day] lie in [FigureCellBegin, FigureCellEnd).
std::string FigureCellBegin(std::string_view municipality, int64_t first_day);
std::string FigureCellEnd(std::string_view municipality, int64_t last_day);
// One municipality's generation.
std::string CatalogEntryPrefix(std::string_view municipality, int64_t generation);
// CatalogHead, CatalogStages and OfferLoad rows stand under the empty municipality first, so that
// all of them can be read at start: [prefix, PrefixEnd(prefix)).
std::string CatalogHeadsPrefix();
std::string CatalogStagesPrefix();
std::string OfferLoadsPrefix();
std::string StoredAnswersPrefix();
std::string WrappedCaseKeysPrefix();

// The first key after all keys that start with `prefix`; empty, the end of the key space as in
// Range, where there is none.
std::string PrefixEnd(std::string_view prefix);

// --- what a scan must read back from a key ---
// Each takes any bytes, and returns false and leaves its result alone if they aren't such a key.
struct CaseRef {
  std::string case_id;
  // 0 in signal indexes.
  uint32_t number = 0;
};
// Of any of the index keys above.
bool ParseIndexKey(std::string_view key, CaseRef* ref);
struct CellRef {
  int64_t day = 0;
  std::string district;
};
bool ParseFigureCell(std::string_view key, CellRef* ref);
bool ParseCatalogHead(std::string_view key, std::string* municipality);
bool ParseCatalogStages(std::string_view key, std::string* municipality);
bool ParseWrappedCaseKey(std::string_view key, uint64_t* key_id);

}  // namespace omzien::storage::keys

#endif  // OMZIEN_STORAGE_KEYS_H_
