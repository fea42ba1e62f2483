#include "server/commit/mutation.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "server/domain/times.h"
#include "storage/keys.h"

namespace omzien::commit {
namespace {

// The same bytes for the same message, whatever order its maps were filled in.
std::string Serialize(const google::protobuf::Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

absl::Status Reused() {
  return domain::Error(absl::StatusCode::kInvalidArgument, v1::ERROR_REASON_REQUEST_ID_REUSED,
                       "this request_id was used before for another request");
}

}  // namespace

Ask MakeAsk(const crypto::KeyedHash& hash, const domain::Caller& caller, std::string_view method,
            const google::protobuf::Message& request_without_id, std::string_view request_id,
            std::vector<domain::FieldViolation> violations) {
  Ask ask;
  ask.caller = caller;
  ask.request_id = absl::AsciiStrToLower(std::string(request_id));
  ask.answer_key =
      storage::keys::StoredAnswer(hash.Of("stored answer", {caller.id, ask.request_id}));
  ask.fingerprint = hash.Of("fingerprint", {method, Serialize(request_without_id)});
  ask.violations = std::move(violations);
  return ask;
}

std::vector<std::string> Mutation::Keys() const {
  std::vector<std::string> keys = keys_;
  keys.push_back(ask_.answer_key);
  return keys;
}

std::string ChainFingerprint(const crypto::KeyedHash& hash, std::string_view before,
                             const google::protobuf::Message& next) {
  return hash.Of("fingerprint", {before, Serialize(next)});
}

absl::StatusOr<std::optional<std::string>> StoredAnswerTo(const Ask& ask, Reading& reading) {
  const std::string* stored = reading.Get(ask.answer_key);
  if (stored == nullptr) return std::nullopt;
  storage::v1::StoredAnswer answer;
  if (!answer.ParseFromString(*stored)) {
    return absl::DataLossError("a stored answer can't be read");
  }
  if (!crypto::SameBytes(answer.fingerprint(), ask.fingerprint)) return Reused();
  return std::move(*answer.mutable_answer());
}

absl::StatusOr<Decision> Mutation::Decide(Reading& reading) {
  auto stored = StoredAnswerTo(ask_, reading);
  if (!stored.ok()) return stored.status();
  if (stored->has_value()) {
    Decision decision;
    decision.answer = *std::move(*stored);
    return decision;
  }
  std::vector<domain::FieldViolation> violations = ask_.violations;
  if (check_) check_(reading, &violations);
  if (!violations.empty()) return domain::InvalidFields(std::move(violations), ask_.reason);
  absl::StatusOr<Decision> decision = change_(reading);
  if (!decision.ok()) return decision;
  storage::v1::StoredAnswer answer;
  answer.set_fingerprint(ask_.fingerprint);
  answer.set_answer(decision->answer);
  *answer.mutable_answer_time() = domain::TimestampOf(reading.now());
  decision->writes.push_back({ask_.answer_key, answer.SerializeAsString()});
  return decision;
}

}  // namespace omzien::commit
