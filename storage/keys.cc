#include "storage/keys.h"

#include <limits>
#include <utility>

#include "storage/key_encoding.h"

namespace omzien::storage::keys {
namespace {

// The table, the second part of every key. Persisted: never renumber, never reuse. Letters so that
// a dump of the store can be read.
enum class Table : uint8_t {
  kCase = 'C',
  kSealed = 'S',
  kAudit = 'U',
  kCatalogEntry = 'E',
  kFigureCell = 'F',
  kSignalByTime = 't',
  kSignalByOrganisation = 'o',
  kReferral = 'r',
  kAwaitingContact = 'w',
  kDueReferral = 'd',
  kWaitingCase = 'q',
  kWaitingForOffer = 'f',
  kNoContactHash = 'N',
  kNoContactExpiry = 'n',
  // Of the whole store.
  kStoredAnswer = 'A',
  kCatalogHead = 'H',
  kCatalogStages = 'G',
  kOfferLoad = 'L',
  kFigurePosition = 'P',
  kWriterFence = 'W',
  kCaseKeysUsed = 'K',
  kStoreFormat = 'V',
  kStoreIncarnation = 'I',
  kWrappedCaseKey = 'k',
  kWrappedHashKey = 'h',
};

// Rows of the whole store.
constexpr std::string_view kNoMunicipality = "";

KeyBuilder Start(std::string_view municipality, Table table) {
  KeyBuilder builder;
  builder.Text(municipality).Byte(static_cast<uint8_t>(table));
  return builder;
}

KeyBuilder ReferralStart(std::string_view municipality, bool ended) {
  KeyBuilder builder = Start(municipality, Table::kReferral);
  builder.Byte(ended ? 1 : 0);
  return builder;
}

KeyBuilder DueStart(std::string_view municipality, bool escalated) {
  KeyBuilder builder = Start(municipality, Table::kDueReferral);
  builder.Byte(escalated ? 1 : 0);
  return builder;
}

bool ReadStart(KeyReader& reader, std::string* municipality, Table* table) {
  uint8_t byte = 0;
  if (!reader.Text(municipality) || !reader.Byte(&byte)) return false;
  *table = static_cast<Table>(byte);
  return true;
}

// A row of the whole store that has one a municipality.
bool ParseOnePerMunicipality(std::string_view key, Table wanted, std::string* municipality) {
  KeyReader reader(key);
  std::string none;
  Table table{};
  std::string found;
  if (!ReadStart(reader, &none, &table) || !none.empty() || table != wanted) return false;
  reader.Text(&found);
  if (!reader.AtEnd()) return false;
  *municipality = std::move(found);
  return true;
}

bool ReadReferralNumber(KeyReader& reader, uint32_t* number) {
  uint64_t wide = 0;
  if (!reader.Number(&wide) || wide > std::numeric_limits<uint32_t>::max()) return false;
  *number = static_cast<uint32_t>(wide);
  return true;
}

}  // namespace

std::string Case(std::string_view municipality, std::string_view case_id) {
  return Start(municipality, Table::kCase).Text(case_id).Take();
}

std::string Sealed(std::string_view municipality, std::string_view case_id, uint32_t number) {
  return Start(municipality, Table::kSealed).Text(case_id).Number(number).Take();
}

std::string StoredAnswer(std::string_view hash) {
  return Start(kNoMunicipality, Table::kStoredAnswer).Text(hash).Take();
}

std::string OfferLoad(std::string_view municipality, std::string_view offer_id) {
  return Start(kNoMunicipality, Table::kOfferLoad).Text(municipality).Text(offer_id).Take();
}

std::string CatalogHead(std::string_view municipality) {
  return Start(kNoMunicipality, Table::kCatalogHead).Text(municipality).Take();
}

std::string CatalogStages(std::string_view municipality) {
  return Start(kNoMunicipality, Table::kCatalogStages).Text(municipality).Take();
}

std::string NoContactHash(std::string_view municipality, std::string_view hash) {
  return Start(municipality, Table::kNoContactHash).Text(hash).Take();
}

std::string CatalogEntry(std::string_view municipality, int64_t generation, uint64_t index) {
  return Start(municipality, Table::kCatalogEntry).Signed(generation).Number(index).Take();
}

std::string FigureCell(std::string_view municipality, int64_t day, std::string_view district) {
  return Start(municipality, Table::kFigureCell).Signed(day).Text(district).Take();
}

std::string FigurePosition() { return Start(kNoMunicipality, Table::kFigurePosition).Take(); }

std::string WriterFence() { return Start(kNoMunicipality, Table::kWriterFence).Take(); }

std::string CaseKeysUsed() { return Start(kNoMunicipality, Table::kCaseKeysUsed).Take(); }

std::string Audit(std::string_view municipality, std::string_view case_id, int64_t time_us,
                  std::string_view nonce) {
  return Start(municipality, Table::kAudit).Text(case_id).Signed(time_us).Text(nonce).Take();
}

std::string StoreFormat() { return Start(kNoMunicipality, Table::kStoreFormat).Take(); }

std::string StoreIncarnation() { return Start(kNoMunicipality, Table::kStoreIncarnation).Take(); }

std::string WrappedCaseKey(uint64_t key_id) {
  return Start(kNoMunicipality, Table::kWrappedCaseKey).Number(key_id).Take();
}

std::string WrappedHashKey(uint32_t epoch) {
  return Start(kNoMunicipality, Table::kWrappedHashKey).Number(epoch).Take();
}

std::string SignalByTime(std::string_view municipality, int64_t receive_time_ms,
                         std::string_view case_id) {
  return Start(municipality, Table::kSignalByTime).Descending(receive_time_ms).Text(case_id).Take();
}

std::string SignalByOrganisation(std::string_view municipality, std::string_view organisation,
                                 int64_t receive_time_ms, std::string_view case_id) {
  return Start(municipality, Table::kSignalByOrganisation)
      .Text(organisation)
      .Descending(receive_time_ms)
      .Text(case_id)
      .Take();
}

std::string ReferralByOrganisation(std::string_view municipality, std::string_view organisation,
                                   bool ended, int64_t contact_by_ms, std::string_view case_id,
                                   uint32_t number) {
  return ReferralStart(municipality, ended)
      .Text(organisation)
      .Signed(contact_by_ms)
      .Text(case_id)
      .Number(number)
      .Take();
}

std::string AwaitingContact(std::string_view municipality, int64_t contact_by_ms,
                            std::string_view case_id, uint32_t number) {
  return Start(municipality, Table::kAwaitingContact)
      .Signed(contact_by_ms)
      .Text(case_id)
      .Number(number)
      .Take();
}

std::string DueReferral(std::string_view municipality, bool escalated, int64_t time_ms,
                        std::string_view case_id, uint32_t number) {
  return DueStart(municipality, escalated).Signed(time_ms).Text(case_id).Number(number).Take();
}

std::string WaitingCase(std::string_view municipality, bool acute, int64_t receive_time_ms,
                        std::string_view case_id) {
  return Start(municipality, Table::kWaitingCase)
      .Byte(acute ? 0 : 1)
      .Signed(receive_time_ms)
      .Text(case_id)
      .Take();
}

std::string NoContactExpiry(std::string_view municipality, int64_t expire_time_ms,
                            std::string_view case_id) {
  return Start(municipality, Table::kNoContactExpiry).Signed(expire_time_ms).Text(case_id).Take();
}

std::string WaitingForOffer(std::string_view municipality, std::string_view offer_id, bool acute,
                            int64_t receive_time_ms, std::string_view case_id) {
  return Start(municipality, Table::kWaitingForOffer)
      .Text(offer_id)
      .Byte(acute ? 0 : 1)
      .Signed(receive_time_ms)
      .Text(case_id)
      .Take();
}

std::string SignalByTimePrefix(std::string_view municipality) {
  return Start(municipality, Table::kSignalByTime).Take();
}

std::string SignalByOrganisationPrefix(std::string_view municipality,
                                       std::string_view organisation) {
  return Start(municipality, Table::kSignalByOrganisation).Text(organisation).Take();
}

std::string ReferralByOrganisationPrefix(std::string_view municipality,
                                         std::string_view organisation, bool ended) {
  return ReferralStart(municipality, ended).Text(organisation).Take();
}

std::string ReferralPrefix(std::string_view municipality, bool ended) {
  return ReferralStart(municipality, ended).Take();
}

std::string AwaitingContactPrefix(std::string_view municipality) {
  return Start(municipality, Table::kAwaitingContact).Take();
}

std::string NoContactExpiryPrefix(std::string_view municipality) {
  return Start(municipality, Table::kNoContactExpiry).Take();
}

std::string NoContactExpiryEnd(std::string_view municipality, int64_t before_ms) {
  return Start(municipality, Table::kNoContactExpiry).Signed(before_ms).Take();
}

std::string AwaitingContactEnd(std::string_view municipality, int64_t before_ms) {
  return Start(municipality, Table::kAwaitingContact).Signed(before_ms).Take();
}

std::string DueReferralPrefix(std::string_view municipality, bool escalated) {
  return DueStart(municipality, escalated).Take();
}

std::string DueReferralEnd(std::string_view municipality, bool escalated, int64_t before_ms) {
  return DueStart(municipality, escalated).Signed(before_ms).Take();
}

std::string WaitingCasePrefix(std::string_view municipality) {
  return Start(municipality, Table::kWaitingCase).Take();
}

std::string WaitingForOfferPrefix(std::string_view municipality, std::string_view offer_id) {
  return Start(municipality, Table::kWaitingForOffer).Text(offer_id).Take();
}

std::string FigureCellBegin(std::string_view municipality, int64_t first_day) {
  return Start(municipality, Table::kFigureCell).Signed(first_day).Take();
}

std::string FigureCellEnd(std::string_view municipality, int64_t last_day) {
  // Not last_day + 1: the last day of all has no next one.
  return PrefixEnd(FigureCellBegin(municipality, last_day));
}

std::string CatalogEntryPrefix(std::string_view municipality, int64_t generation) {
  return Start(municipality, Table::kCatalogEntry).Signed(generation).Take();
}

std::string CatalogHeadsPrefix() { return Start(kNoMunicipality, Table::kCatalogHead).Take(); }

std::string CatalogStagesPrefix() { return Start(kNoMunicipality, Table::kCatalogStages).Take(); }

std::string OfferLoadsPrefix() { return Start(kNoMunicipality, Table::kOfferLoad).Take(); }

std::string StoredAnswersPrefix() { return Start(kNoMunicipality, Table::kStoredAnswer).Take(); }

std::string WrappedCaseKeysPrefix() {
  return Start(kNoMunicipality, Table::kWrappedCaseKey).Take();
}

std::string PrefixEnd(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && end.back() == '\xFF') end.pop_back();
  // Nothing left: no key lies after, and the empty end of a Range says just that.
  if (!end.empty()) end.back() = static_cast<char>(static_cast<uint8_t>(end.back()) + 1);
  return end;
}

bool ParseIndexKey(std::string_view key, CaseRef* ref) {
  KeyReader reader(key);
  std::string municipality;
  Table table{};
  if (!ReadStart(reader, &municipality, &table)) return false;
  std::string organisation;
  int64_t time_ms = 0;
  uint8_t flag = 0;
  CaseRef found;
  bool numbered = false;
  switch (table) {
    case Table::kSignalByTime:
      reader.Descending(&time_ms);
      break;
    case Table::kSignalByOrganisation:
      reader.Text(&organisation);
      reader.Descending(&time_ms);
      break;
    case Table::kReferral:
      reader.Byte(&flag);
      reader.Text(&organisation);
      reader.Signed(&time_ms);
      numbered = true;
      break;
    case Table::kAwaitingContact:
      reader.Signed(&time_ms);
      numbered = true;
      break;
    case Table::kDueReferral:
      reader.Byte(&flag);
      reader.Signed(&time_ms);
      numbered = true;
      break;
    case Table::kWaitingForOffer:
      reader.Text(&organisation);  // the offer
      [[fallthrough]];
    case Table::kWaitingCase:
      reader.Byte(&flag);
      reader.Signed(&time_ms);
      break;
    case Table::kNoContactExpiry:
      reader.Signed(&time_ms);
      break;
    default:
      return false;
  }
  if (flag > 1) return false;
  reader.Text(&found.case_id);
  if (numbered && !ReadReferralNumber(reader, &found.number)) return false;
  if (!reader.AtEnd()) return false;
  *ref = std::move(found);
  return true;
}

bool ParseFigureCell(std::string_view key, CellRef* ref) {
  KeyReader reader(key);
  std::string municipality;
  Table table{};
  CellRef found;
  if (!ReadStart(reader, &municipality, &table) || table != Table::kFigureCell) return false;
  reader.Signed(&found.day);
  reader.Text(&found.district);
  if (!reader.AtEnd()) return false;
  *ref = std::move(found);
  return true;
}

bool ParseCatalogHead(std::string_view key, std::string* municipality) {
  return ParseOnePerMunicipality(key, Table::kCatalogHead, municipality);
}

bool ParseCatalogStages(std::string_view key, std::string* municipality) {
  return ParseOnePerMunicipality(key, Table::kCatalogStages, municipality);
}

bool ParseWrappedCaseKey(std::string_view key, uint64_t* key_id) {
  KeyReader reader(key);
  std::string none;
  Table table{};
  uint64_t found = 0;
  if (!ReadStart(reader, &none, &table) || !none.empty() || table != Table::kWrappedCaseKey) {
    return false;
  }
  reader.Number(&found);
  if (!reader.AtEnd()) return false;
  *key_id = found;
  return true;
}

}  // namespace omzien::storage::keys
