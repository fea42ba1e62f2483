#include "tests/malformed/raw_rows.h"

namespace omzien::malformed {
namespace {

using grpc::StatusCode;

constexpr char kSubmit[] = "/omzien.v1.SignalService/SubmitSignal";
constexpr char kItems[] = "/omzien.v1.SignalService/SubmitSignals";
constexpr char kGet[] = "/omzien.v1.SignalService/GetSignal";
constexpr char kPoint[] = "/omzien.v1.SignalService/GetSignalPoint";
constexpr char kImport[] = "/omzien.v1.CatalogService/ImportCatalog";
constexpr size_t kMiB = size_t{1} << 20;

const Expected kMalformed = Refused(StatusCode::INVALID_ARGUMENT, "MALFORMED_MESSAGE");
const Expected kNoToken = Refused(StatusCode::UNAUTHENTICATED, "TOKEN_INVALID");
const Expected kNoSuchMethod = Refused(StatusCode::UNIMPLEMENTED, "");
const Expected kTooMuch = Refused(StatusCode::RESOURCE_EXHAUSTED, "");

std::string Repeated(const std::string& bytes, size_t times) {
  std::string all;
  for (size_t i = 0; i < times; ++i) all += bytes;
  return all;
}

// Field 1 as a text of these bytes.
std::string Text(const std::string& bytes) {
  return "\x0A" + std::string(1, static_cast<char>(bytes.size())) + bytes;
}

std::vector<RawRow> Bytes() {
  return {
      {"a length beyond the end", kGet, "coordinator", "\x0A\x7Fzqkanari", kMalformed},
      {"a length without end", kGet, "coordinator", "\x0A" + Repeated("\xFF", 11) + "zqkanari",
       kMalformed},
      {"a tag without a value", kGet, "coordinator", "\x0A", kMalformed},
      {"field number 0", kGet, "coordinator", std::string("\x02\x01", 2) + "z", kMalformed},
      {"a wire type that isn't", kGet, "coordinator", "\x0Fzqkanari", kMalformed},
      {"the end of a group that never began", kGet, "coordinator", "\x0C", kMalformed},
      {"groups without end", kGet, "coordinator", Repeated("\x7B", 5000), kMalformed},
      {"a number without end", kGet, "coordinator", "\x10" + Repeated("\x80", 12), kMalformed},
      {"an overlong letter", kGet, "coordinator", Text("zqkanari\xC0\xAF"), kMalformed},
      {"half a letter", kGet, "coordinator", Text("zqkanari\xC3"), kMalformed},
      {"a surrogate", kGet, "coordinator", Text("zqkanari\xED\xA0\x80"), kMalformed},
      {"a letter beyond all", kGet, "coordinator", Text("zqkanari\xF4\x90\x80\x80"), kMalformed},
      {"JSON", kGet, "coordinator", R"({"name": "zqkanari"})", kMalformed},
      {"nothing at all", kGet, "coordinator", "", Fields("name")},
      {"fields that aren't ours", kGet, "coordinator", "\xC2\x3E\x08zqkanari", Fields("name")},
      {"a name with a zero in it", kGet, "coordinator", Text(std::string("zq\0kanari", 9)),
       Fields("name")},
      {"a number for a name is read over", kGet, "coordinator", "\x08\x01", Fields("name")},
      {"a bad item ends its stream", kItems, "jumbo", "\x12\x7Fzqkanari", kMalformed},
      {"JSON for an item", kItems, "jumbo", R"({"sequence": "zqkanari"})", kMalformed},
      {"a role goes before bytes", kSubmit, "coordinator", "\x0A\x7Fzqkanari",
       Refused(StatusCode::PERMISSION_DENIED, "ROLE_NOT_ALLOWED")},
      {"the public sends bytes, too", kPoint, "", "\x0A\x7Fzqkanari", kMalformed},
      {"more than a message may hold", kImport, "steward", std::string(9 * kMiB, 'z'), kTooMuch},
      {"more, to who may not", kImport, "", std::string(9 * kMiB, 'z'), kTooMuch},
      {"more in an item", kItems, "jumbo", std::string(9 * kMiB, 'z'), kTooMuch},
      // Compression isn't taken: what unpacks to a thousandfold is a way to fill a server.
      {"compressed, but not", kGet, "coordinator", "zqkanari", kNoSuchMethod, true},
      {"nothing, compressed", kGet, "coordinator", "", kNoSuchMethod, true},
      {"a compressed item that isn't", kItems, "jumbo", "zqkanari", kNoSuchMethod, true},
  };
}

std::vector<RawRow> Paths() {
  return {
      {"a method that isn't", "/omzien.v1.SignalService/Zqkanari", "jumbo", "", kNoSuchMethod},
      {"a method in small letters", "/omzien.v1.SignalService/submitSignal", "jumbo", "",
       kNoSuchMethod},
      {"another service's method", "/omzien.v1.SignalService/AcceptReferral", "jumbo", "",
       kNoSuchMethod},
      {"a service that isn't", "/omzien.v1.ZqkanariService/GetSignal", "jumbo", "", kNoSuchMethod},
      {"a version that isn't", "/omzien.v2.SignalService/GetSignal", "jumbo", "", kNoSuchMethod},
      {"a service to come", "/omzien.v1.PrivacyService/ErasePerson", "jumbo", "", kNoSuchMethod},
      {"no method", "/omzien.v1.SignalService/", "jumbo", "", kNoSuchMethod},
      {"no service", "/GetSignal", "jumbo", "", kNoSuchMethod},
      {"nothing", "/", "jumbo", "", kNoSuchMethod},
      {"more behind the method", "/omzien.v1.SignalService/GetSignal/zqkanari", "jumbo", "",
       kNoSuchMethod},
      {"a question behind the method", "/omzien.v1.SignalService/GetSignal?zqkanari=1", "jumbo", "",
       kNoSuchMethod},
      {"dots on the way", "/omzien.v1.SignalService/../GetSignal", "jumbo", "", kNoSuchMethod},
      {"a method that isn't, of nobody", "/omzien.v1.SignalService/Zqkanari", "", "",
       kNoSuchMethod},
  };
}

std::vector<RawRow> Tokens(const std::string& good) {
  using Metadata = std::vector<std::pair<std::string, std::string>>;
  const auto with = [](std::string what, Metadata metadata, Expected expected = kNoToken) {
    return RawRow{std::move(what), kGet, "", "", std::move(expected), false, std::move(metadata)};
  };
  return {
      with("an empty header", {{"authorization", ""}}),
      with("a scheme alone", {{"authorization", "Bearer"}}),
      with("a scheme and a space", {{"authorization", "Bearer "}}),
      with("another scheme", {{"authorization", "Basic " + good}}),
      with("a token without scheme", {{"authorization", good}}),
      with("a token of words", {{"authorization", "Bearer zqkanari"}}),
      with("a token and more", {{"authorization", "Bearer " + good + "0"}}),
      with("most of a token", {{"authorization", "Bearer " + good.substr(1)}}),
      with("two spaces", {{"authorization", "Bearer  " + good}}),
      with("two tokens",
           {{"authorization", "Bearer " + good}, {"authorization", "Bearer " + good}}),
      with("a long token", {{"authorization", "Bearer " + std::string(8000, 'z')}}),
      with("a token under another name", {{"x-authorization", "Bearer " + good}},
           Refused(StatusCode::PERMISSION_DENIED, "ROLE_NOT_ALLOWED")),
      with("headers beyond all", {{"x-zqkanari", std::string(100'000, 'z')}}, kTooMuch),
      {"a bad token where none is needed",
       kPoint,
       "",
       "",
       kNoToken,
       false,
       {{"authorization", "Bearer zqkanari"}}},
  };
}

}  // namespace

std::vector<AccessRow> AccessRows() {
  return {
      {"SignalService/SubmitSignal", "team"},
      {"SignalService/SubmitSignals", "coordinator"},
      {"SignalService/GetSignal", "dashboard"},
      {"SignalService/ListSignals", "raster"},
      {"SignalService/WithdrawSignal", "coordinator"},
      {"SignalService/ReopenSignal", "raster"},
      {"SignalService/AnswerQuestion", "team"},
      {"ReferralService/AskSignaller", "raster"},
      {"SignalService/RedirectSignal", "raster"},
      {"ReferralService/ListReferrals", "jumbo"},
      {"ReferralService/GetReferral", "jumbo"},
      {"ReferralService/AcceptReferral", "coordinator"},
      {"ReferralService/DeclineReferral", "coordinator"},
      {"ReferralService/WaitlistReferral", "coordinator"},
      {"ReferralService/FailReferral", "jumbo"},
      {"ReferralService/HandOverReferral", "coordinator"},
      {"ReferralService/TakeBackReferral", "raster"},
      {"ReferralService/RecordContactAttempt", "coordinator"},
      {"ReferralService/RecordConsent", "jumbo"},
      {"ReferralService/PlaceReferral", "raster"},
      {"ReferralService/CompleteReferral", "steward"},
      {"CatalogService/ImportCatalog", "coordinator"},
      {"CatalogService/ImportCatalogParts", "coordinator"},
      {"CatalogService/ExportCatalog", "operator"},
      {"CatalogService/FindOffers", "jumbo"},
      {"CatalogService/ListOffersToReview", "coordinator"},
      {"FollowUpService/GetFollowUpSummary", "team"},
      {"FollowUpService/ListOverdueReferrals", "dashboard"},
      {"FollowUpService/GetUnmetDemand", "operator"},
  };
}

std::vector<RawRow> RawRows(const std::string& good_token) {
  std::vector<RawRow> all = Bytes();
  for (const auto& rows : {Paths(), Tokens(good_token)}) {
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

}  // namespace omzien::malformed
