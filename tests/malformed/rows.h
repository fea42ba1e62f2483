// What a table of requests is made of: a method, a request of it that is good, and rows that each
// say what to change about it and how it must then be refused.

#ifndef OMZIEN_TESTS_MALFORMED_ROWS_H_
#define OMZIEN_TESTS_MALFORMED_ROWS_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <grpcpp/support/status.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace omzien::malformed {

// Stands in every text that is sent, and in no answer. Letter case aside.
inline constexpr char kCanary[] = "zqkanari";

struct Expected {
  grpc::StatusCode code = grpc::StatusCode::OK;
  // Of ErrorInfo; empty where gRPC answers before our code does.
  std::string reason;
  // The violated fields, all of them, parted by spaces.
  std::string fields;
};

// What most rows expect.
inline Expected Fields(std::string fields) {
  return {grpc::StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS", std::move(fields)};
}
inline Expected Refused(grpc::StatusCode code, std::string reason, std::string fields = "") {
  return {code, std::move(reason), std::move(fields)};
}

inline const Expected kReused = Refused(grpc::StatusCode::INVALID_ARGUMENT, "REQUEST_ID_REUSED");
inline const Expected kBadToken =
    Refused(grpc::StatusCode::INVALID_ARGUMENT, "INVALID_PAGE_TOKEN", "page_token");
inline const Expected kNoMunicipality =
    Refused(grpc::StatusCode::NOT_FOUND, "MUNICIPALITY_NOT_FOUND");
inline const Expected kNoSignal = Refused(grpc::StatusCode::NOT_FOUND, "SIGNAL_NOT_FOUND");
inline const Expected kNoReferral = Refused(grpc::StatusCode::NOT_FOUND, "REFERRAL_NOT_FOUND");
inline const Expected kWrongState = Refused(grpc::StatusCode::FAILED_PRECONDITION, "WRONG_STATE");
inline const Expected kEtag = Refused(grpc::StatusCode::ABORTED, "ETAG_MISMATCH");

// Of a case that isn't there.
inline constexpr char kNobodys[] = "name: 'municipalities/GM0150/referrals/zqkanari00000000-1'";

struct Row {
  std::string what;
  // First the fields to clear, each "-path"; then what to set, in the text form: fields are
  // replaced, items of lists are added.
  //   $name             a name of Names
  //   $chars(N)         N characters
  //   $wide(N)          N characters of two bytes
  //   $times(N){text}   the text N times
  //   $time(S)          the fields of a Timestamp, S seconds from now
  //   $day(D)           the fields of a Date, D days from now
  std::string change;
  Expected expected;
  // Instead of the table's.
  std::string caller = {};
};

struct Table {
  // "SignalService/SubmitSignal"
  std::string method;
  // Who may call it so.
  std::string caller;
  // A request that is taken, without request_id, which is filled in.
  std::string good;
  std::vector<Row> rows;
};

// What stands for what in the tables: names of what the world holds, page tokens, used ids.
using Names = std::map<std::string, std::string>;

std::vector<Table> SubmitTables();
std::vector<Table> SignalTables();
std::vector<Table> ReferralTables();
std::vector<Table> AttemptTables();
std::vector<Table> CatalogTables();
std::vector<Table> FollowUpTables();

// Every method that the API has, by its own description: "SignalService/SubmitSignal".
std::vector<std::string> AllMethods();
// What every list must refuse as a page token. `token` is the name of one that a list gave, from
// which ${token}_tampered, _longer, _shorter and _forged were made.
std::vector<Row> PageTokenRows(const std::string& token);
Table WithRows(Table table, const std::vector<Row>& more);

// The API's own description of the method.
const google::protobuf::MethodDescriptor& MethodOf(const std::string& method);
// The table's good request with the change made to it, and a new request_id unless the change sets
// or clears that.
std::unique_ptr<google::protobuf::Message> RequestFor(const Table& table, const std::string& change,
                                                      const Names& names);

// A row for each text of the method's request that has a limit of its own: one character more.
// Other fields may be violated as well, by what the field is put into.
struct TooLong {
  std::string field;
  std::unique_ptr<google::protobuf::Message> request;
};
std::vector<TooLong> TooLongTexts(const Table& table, const Names& names);

}  // namespace omzien::malformed

#endif  // OMZIEN_TESTS_MALFORMED_ROWS_H_
