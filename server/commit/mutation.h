// What every mutation has in common: it is done once, however often it is asked for.
//
// Under (caller, request_id) the answer is stored in the commit that does the work. A retry gets
// that answer; another request under the same id is refused. Only successes are stored. The order
// is that of the API's rules: stored answer, validation, then relation and state in the decision
// itself.

#ifndef OMZIEN_SERVER_COMMIT_MUTATION_H_
#define OMZIEN_SERVER_COMMIT_MUTATION_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "omzien/v1/error_reason.pb.h"
#include "server/commit/command.h"
#include "server/crypto/keyed_hash.h"
#include "server/domain/caller.h"
#include "server/domain/errors.h"

namespace omzien::commit {

// Who asks, under which id, and what is wrong with the request as such.
struct Ask {
  domain::Caller caller;
  // In lower case: a UUID's letters may be written either way (RFC 9562).
  std::string request_id;
  // The stored answer's key.
  std::string answer_key;
  // A keyed hash of method and request, the request_id aside.
  std::string fingerprint;
  std::vector<domain::FieldViolation> violations;
  // With which reason violations are refused.
  v1::ErrorReason reason = v1::ERROR_REASON_INVALID_FIELDS;
};

// `request_id` must be well-formed. The method enters the fingerprint, not the key: an id is used
// once, whatever for.
Ask MakeAsk(const crypto::KeyedHash& hash, const domain::Caller& caller, std::string_view method,
            const google::protobuf::Message& request_without_id, std::string_view request_id,
            std::vector<domain::FieldViolation> violations);

// Of a request that comes in pieces: the fingerprint of what came before and the next piece.
std::string ChainFingerprint(const crypto::KeyedHash& hash, std::string_view before,
                             const google::protobuf::Message& next);

// The answer that is stored under the ask's id, if any. INVALID_ARGUMENT, REQUEST_ID_REUSED when it
// answered another request.
absl::StatusOr<std::optional<std::string>> StoredAnswerTo(const Ask& ask, Reading& reading);

class Mutation final : public Command {
 public:
  // Finds what only the catalogue in force can say is wrong with the request. May be empty.
  using Check = std::function<void(Reading&, std::vector<domain::FieldViolation>*)>;
  using Change = std::function<absl::StatusOr<Decision>(Reading&)>;

  // `keys`: rows that the change is going to read.
  Mutation(Ask ask, std::vector<std::string> keys, Check check, Change change, bool exclusive)
      : ask_(std::move(ask)),
        keys_(std::move(keys)),
        check_(std::move(check)),
        change_(std::move(change)),
        exclusive_(exclusive) {}

  std::vector<std::string> Keys() const override;
  absl::StatusOr<Decision> Decide(Reading& reading) override;
  bool exclusive() const override { return exclusive_; }

 private:
  const Ask ask_;
  const std::vector<std::string> keys_;
  const Check check_;
  const Change change_;
  const bool exclusive_;
};

// For the audit trail and such: a command without request_id.
class Plain final : public Command {
 public:
  using Change = std::function<absl::StatusOr<Decision>(Reading&)>;
  Plain(std::vector<std::string> keys, Change change)
      : keys_(std::move(keys)), change_(std::move(change)) {}

  std::vector<std::string> Keys() const override { return keys_; }
  absl::StatusOr<Decision> Decide(Reading& reading) override { return change_(reading); }

 private:
  const std::vector<std::string> keys_;
  const Change change_;
};

}  // namespace omzien::commit

#endif  // OMZIEN_SERVER_COMMIT_MUTATION_H_
